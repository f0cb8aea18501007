"""How much no matrix of rank q can explain of an integer matrix: a proved bound.

Contents
--------
proved_tail         a rational at most ||B_{-q}||_F^2, close to it
smallest_tail       what ||B_{-q}||_F^2 is at least if it is not zero

References
----------
[WoodruffYasuda2024]_, Theorem 1.2.
"""

import math
from fractions import Fraction

import numpy as np

from exact_wlra.bounds.singular_tails import dominate_gram, estimate_tail
from exact_wlra.heuristics.ranks import rational_rank
from semialgebraic.integer_arrays import IntegerArray, matmul, multiply, total
from semialgebraic.rational_matrices import RationalMatrix

# The bound is to lose no more than this part of the tail.
_LOSS = Fraction(1, 1 << 20)


def proved_tail(matrix: IntegerArray, rank: int) -> Fraction:
    """Return a lower bound of the sum of sigma_l(B)^2 over l > q, proved.

    *Proof.* If theta I + H H^T - N is positive semidefinite for N = B^T B, then the q
    largest eigenvalues of N add up to at most q theta + ||H||_F^2. Zero means that
    rank B <= q; where floats cannot tell the tail from zero, the bound is
    `smallest_tail`.

    Parameters
    ----------
    matrix : integer array, shape (n, d)
    rank : int
        q >= 0.

    Examples
    --------
    >>> float(proved_tail(np.array([[3, 0], [0, 2]]), 1)) > 3.999
    True
    >>> proved_tail(np.array([[1, 2], [2, 4]]), 1)
    Fraction(0, 1)
    """
    if rational_rank(RationalMatrix(matrix)) <= rank:
        return Fraction(0)
    wide = matrix if matrix.shape[0] >= matrix.shape[1] else matrix.T
    gram = RationalMatrix(matmul(wide.T, wide))
    ones = RationalMatrix(np.ones((1, gram.shape[0]), dtype=np.int64))
    for bits in (40, 80, 160, 320):
        tail = estimate_tail(gram, ones, rank, bits=bits)
        if tail is None:
            continue
        found = dominate_gram(gram, ones, rank, loss=tail * _LOSS)
        if found is None:
            continue
        theta, factor = found
        everything = sum(gram.numerators.diagonal().tolist())
        bound = everything - rank * theta - factor.hadamard(factor).total()
        if bound > 0:
            return Fraction(bound)
    return smallest_tail(matrix, rank)


def smallest_tail(matrix: IntegerArray, rank: int) -> Fraction:
    """Return q! / ||B||_F^{2q}: a lower bound of the tail of every B of rank above q.

    *Proof.* With x_l = sigma_l^2, e_{q+1}(x) is the sum of squares of the minors of
    order q + 1: an integer, not zero. Each of its products has a factor x_l with l > q,
    so that e_{q+1} <= (sum_{l>q} x_l) e_q(x) <= (sum_{l>q} x_l) ||B||_F^{2q} / q!.

    Examples
    --------
    >>> smallest_tail(np.array([[3, 0], [0, 2]]), 1)
    Fraction(1, 13)
    """
    norm = total(multiply(matrix, matrix))
    return Fraction(math.factorial(rank), norm**rank)
