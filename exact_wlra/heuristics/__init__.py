"""Floating-point approximations: they find factors and prove nothing.

Two families. The first starts the search of `solve`; it works on arrays and returns
factors of rank k. The second is the laboratory of reweighted solutions and rivals:
one function a method, from a `WeightedMatrix` to an `Answer`, whose form says how many
numbers are stored and what the rank can be.

Contents
--------
alternating                 alternating weighted least squares from several starts
condensation                rows of one weight pattern made few, for all of them
many_starts                 many short runs at once
newton                      Newton's method on both factors

weighted_matrix             A, W and the rank of W in floats
forms                       what X is made of
answers                     the one result of every method
registry                    the methods by name
decompositions              truncated decompositions, exact or randomized
ranks                       ranks of weight matrices
factored_reweighted         reweighted solutions with W in factors
sparse_reweighted           Algorithm 1 for sparse data
achieved_factors            guarantees that a run earns
row_groups                  groups of rows with proportional weights
reweighted                  Algorithm 1
reweighted_practical        Algorithm 2
reweighted_truncated        Algorithm 1 cut down to rank k
reweighted_separable        W replaced by its leading singular pair
zero_filled                 Algorithm 1 for binary weights
group_svd                   one decomposition for each group of rows
row_sampling                approximations from a few rows
column_subset               approximations from a few columns
structured_weights          rank-one blocks plus sparse, inverted entry by entry
weight_structures           the structured weights of the literature
svd                         truncated singular value decompositions
expectation_maximization    EM of Srebro and Jaakkola
adam                        gradient descent with adaptive moments
normalization               units in which the largest entry and weight are one
starts                      starting factors of local methods
alternating_least_squares   ALS as a method of the laboratory
variable_projection         one factor eliminated, with restarts
lbfgs                       L-BFGS on both factors
greedy                      greedy pursuit, plain and fully corrective
"""
