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
reweighted                  Algorithm 1
reweighted_separable        W replaced by its leading singular pair
svd                         truncated singular value decompositions
expectation_maximization    EM of Srebro and Jaakkola
adam                        gradient descent with adaptive moments
"""
