"""Statements of Woodruff and Yasuda on reweighted solutions.

Contents
--------
lemma_2_1       rank of an entrywise product
theorem_1_2     Algorithm 1 costs at most kappa OPT
"""
