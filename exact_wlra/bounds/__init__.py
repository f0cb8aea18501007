"""Searches for certified lower bounds; floating point finds, the checker proves.

Contents
--------
spectral        T1 for any weights: rank-one minorant and singular values
splitting       weights split into rank-one pieces; Woodruff-Yasuda
simplicial      T2 and T3: branch and bound in pattern space at rank one
two_rows        one unknown: exact optimum by real root isolation
"""
