"""Statements of the paper on few patterns, by Li, Liang, Song and Shi.

Contents
--------
definition_3_1      distinct rows and columns (with Assumption 3.2)
lemma_3_3           Cramer's rule
theorem_3_4         the decision problem
theorem_3_5         a nonzero minimum is not too small
lemma_3_7           an upper bound on the optimum
lemma_3_8           sketched least squares
lemma_4_1           the warm-up, every entry a variable
theorem_5_1         a nonzero optimum is not too small
theorem_6_1         the value, by guessing what sketches would say
theorem_7_1         factors, coordinate by coordinate
theorem_1_2         the main result, from end to end
theorem_1_2_errata  what is wrong with it as printed
sign_conditions     polynomial systems as nested tuples of integers
polynomial_minima   minima on basic closed sets: a value, and examples
planted_costs       costs of many sketches at once, in floats
exponents           logarithms between rationals
"""
