"""Entries of every kind made exact: what users write becomes rational matrices.

Contents
--------
exact_entries       nested lists and arrays to exact entries
exact_numbers       single numbers, and how they are shown in messages
partial_matrices    matrices with missing and infinite places
weighted_data       data and weights checked against each other
type_labels         labels and multiplicities of patterned input
"""
