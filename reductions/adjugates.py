"""Determinant and adjugate of a small square matrix over a commutative ring.

Cramer's rule writes the inverse as adj(M)/det(M), which needs no division by elements
of the ring; so it serves for matrices of polynomials as well as of rationals.

Contents
--------
determinant_and_adjugate    det(M) and adj(M), with M adj(M) = det(M) I

Notes on the implementation
---------------------------
The recursion of Faddeev and LeVerrier: M_1 = I, c_j = -tr(M M_j)/j and
M_(j+1) = M M_j + c_j I. By the theorem of Cayley and Hamilton det(M) = (-1)^k c_k and
adj(M) = (-1)^(k-1) M_k; every division by j is exact. The entry (a, b) of the adjugate
is (-1)^(a+b) times the minor without row *b* and column *a*.
"""

from collections.abc import Callable, Sequence
from typing import Any


def determinant_and_adjugate(
    matrix: Sequence[Sequence[Any]],
    divide: Callable[[Any, int], Any] = lambda value, divisor: value // divisor,
) -> tuple[Any, list[list[Any]]]:
    """Return det(M) and adj(M) of a k x k matrix over a commutative ring, k >= 1.

    Parameters
    ----------
    matrix : sequence of rows
        Entries that add, multiply with each other and with int.
    divide : function
        Exact division by a positive integer; `//` suits integers and polynomials over
        them, `/` suits rationals.

    Notes
    -----
    **Cost.** k - 1 products of k x k matrices.

    Examples
    --------
    >>> determinant_and_adjugate([[1, 2], [3, 5]])
    (-1, [[5, -2], [-3, 1]])
    """
    k = len(matrix)
    adjugate: list[list[Any]] = [[int(a == b) for b in range(k)] for a in range(k)]
    for j in range(1, k + 1):
        product = [
            [sum(matrix[a][c] * adjugate[c][b] for c in range(k)) for b in range(k)]
            for a in range(k)
        ]
        coefficient = -divide(sum(product[a][a] for a in range(k)), j)
        if j == k:
            break
        adjugate = [
            [product[a][b] + coefficient * int(a == b) for b in range(k)]
            for a in range(k)
        ]
    sign = (-1) ** k
    return sign * coefficient, [[-sign * x for x in row] for row in adjugate]
