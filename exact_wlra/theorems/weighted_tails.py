"""Tails of singular values for weights of rank one that need not be squares.

Contents
--------
weighted_tail       sum over i > k of sigma_i(D_p^1/2 B D_q^1/2)^2, enclosed
split_tails         the sum of these for several p, q
rank_one_pair       p and q of a positive matrix p q^T, or None
"""

from fractions import Fraction

from exact_wlra.theorems.measuring import eigenvalues, sum_of_smallest
from exact_wlra.theorems.quantities import Quantity, enclosed
from semialgebraic.rational_matrices import RationalMatrix


def weighted_tail(
    data: RationalMatrix, p: RationalMatrix, q: RationalMatrix, k: int
) -> Quantity:
    """Return the tail; p (1 x n) and q (1 x d) are non-negative.

    The squared singular values are the eigenvalues of the rational matrix B D_q B^T
    D_p, which is similar to a symmetric one where p > 0, or of that for B^T.

    Examples
    --------
    >>> B = RationalMatrix.from_rows([[1, 0], [0, 1]])
    >>> p = RationalMatrix.from_rows([[2, 3]])
    >>> tail = weighted_tail(B, p, RationalMatrix.from_rows([[1, 1]]), 1)
    >>> tail.low <= 2 <= tail.high, round(tail.middle, 9)
    (True, 2.0)
    """
    n, d = data.shape
    if n > d:
        return weighted_tail(data.transpose, q, p, k)
    if k >= n:
        return enclosed(0, 0)
    product = data.hadamard(q) @ data.transpose.hadamard(p)
    if k == 0:
        trace = sum((product[i, i] for i in range(n)), Fraction(0))
        return enclosed(trace, trace)
    return sum_of_smallest(eigenvalues(product), n - k)


def split_tails(
    data: RationalMatrix, left: RationalMatrix, right: RationalMatrix, k: int
) -> Quantity:
    """Return the sum of the tails for the columns p of `left` and rows q of `right`."""
    low = high = Fraction(0)
    for number in range(left.shape[1]):
        p = left.take(columns=[number]).transpose
        tail = weighted_tail(data, p, right.take([number]), k)
        low, high = low + Fraction(tail.low), high + Fraction(tail.high)
    return enclosed(low, high)


def rank_one_pair(
    weights: RationalMatrix,
) -> tuple[RationalMatrix, RationalMatrix] | None:
    """Return p (1 x n) and q (1 x d) with weights = p^T q > 0, or None.

    Examples
    --------
    >>> rank_one_pair(RationalMatrix.from_rows([[1, 2], [3, 7]])) is None
    True
    """
    if 0 in weights.shape or (weights.numerators <= 0).any():
        return None
    p = weights.take(columns=[0]).transpose
    q = weights.take([0]).scaled(1 / weights[0, 0])
    return (p, q) if p.transpose @ q == weights else None
