"""Real algebra over the rationals: exact matrices, definiteness, polynomials, roots.

Contents
--------
The modules of this package; it knows nothing of matrices to approximate.
"""
