"""Statements of our own: general facts, reductions, counts, bounds.

Contents
--------
concavity            OPT as a function of the weights (C0)
supergradient        squared residuals of a minimizer (C0)
lipschitz            OPT as a function of the data (C0)
continuity           zero weights: continuous, not attained (C0, D1)
types                rows of equal data and proportional weights (C1, C2)
gram_merge           rows of proportional weights (C3)
row_classes          rows sorted into classes, the value of these two
scalings             rows and columns scaled (C4)
rank_one_weights     weighted singular values (C4)
orthogonal_symmetry  rotations within a class (C5)
components           parts that no weight links (C6)
core                 rows with few weights (C7)
trivial_ranks        nothing to minimize (C8)
all_reductions       the reductions in their order (C1 to C8)
splits               weights in pieces of rank one (C9)
group_bounds         classes of rows against Theorem 1.2 (C9)
projection           one factor eliminated (C10)
max_volume           coordinates of row spaces in [-1, 1]
critical_counts      numbers of critical points (C11)
few_pattern_count    the same for few patterns, conjectured (e)
regularization       a penalty on the factors (C12)
rank_one_completion  cost 0 at rank one, decided
duality              critical points of complementary ranks
biclique             why the problem is hard
singular_tails       one semidefinite matrix for a tail
minorants            lower weights with a remainder
spectral_bound       the bound T1 and its test
weight_cone          weights from a few of their columns
elimination          pattern space at rank one
simplicial_bound     the bounds T2 and T3 at rank one
separation           weights of rank two, row by row
sweep_bound          the bound T2 at any rank
rank_forms           forms not negative at rank k
moment_bound         cost as squares, forms and a constant
amplified_residual   how far other good matrices can be
growth               the cost around a row space (T4)
"""
