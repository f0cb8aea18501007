"""Searches for certified lower bounds; floating point finds, the checker proves.

Contents
--------
spectral            T1 for any weights: rank-one minorant and singular values
  linearizations    the remainder linearized, improved by concave maximization
  rank_one_minorants    p q^T <= omega
  singular_tails    theta and H of a certificate
weighted_svd        rank-one weights at any precision
splitting           weights split into rank-one pieces; Woodruff-Yasuda
  weight_splits     the splits
simplicial          T2 and T3: branch and bound in pattern space at rank one
  multipliers       multipliers for the matrix inequality at one point
  pattern_floats    pattern space in floating point
  simplex_quadratics    maxima of quadratic forms on the simplex
  simplicial_proof  from the tree to a certificate
sweep               T2 at any rank: one unknown t, weights of rank two
  critical_factors  a critical point, in the basis where the weights separate
  common_multiplier     multipliers S_0, S_1 by cutting planes
  dominance         kappa at one t
two_rows            one unknown: exact optimum by real root isolation
  critical_values   the algebraic numbers that are critical values
"""
