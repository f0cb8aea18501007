"""Statements of Woodruff and Yasuda on reweighted solutions.

Contents
--------
definition_1_1            kappa-approximate solutions
algorithm_1               cost, rank and numbers of Algorithm 1
theorem_1_2               Algorithm 1 costs at most kappa OPT
theorem_1_2_randomized    the same with randomized decompositions
algorithm_2               bounds for Algorithm 2, and that it has no factor
corollary_1_3             solutions from a few columns
lemma_2_1                 rank of an entrywise product
theorem_3_1               bits that suffice
definition_3_2            the block diagonal mask
theorem_1_5               bits that are necessary
expectation_maximization  `em` lowers the cost in every step
greedy                    `greedy` with coefficients fitted anew
lemma_a_1                 entrywise inverses of structured weights
row_sampling_1            rows drawn by their norms
row_sampling_2            rows of W o A, then division by W
row_sampling_3            rows of every group of weights
rational_solutions        division by W and costs, in rational arithmetic
"""
