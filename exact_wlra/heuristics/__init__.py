"""Floating-point approximations: they find factors and prove nothing.

Contents
--------
alternating                 alternating weighted least squares from several starts
condensation                rows of one weight pattern made few, for all of them
svd                         truncated singular value decompositions
expectation_maximization    EM of Srebro and Jaakkola
adam                        gradient descent with adaptive moments
"""
