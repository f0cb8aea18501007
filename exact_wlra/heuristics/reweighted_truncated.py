"""Reweighted solutions cut down to rank k, which they lack.

Contents
--------
reweighted_truncated    best rank k of Algorithm 1's answer, its left factor refitted

References
----------
[WoodruffYasuda2024]_, Algorithm 1.
"""

import time

import numpy as np

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import LowRank, divided
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from reductions.least_squares import solve_rows


def reweighted_truncated(matrix: WeightedMatrix, *, rank: int) -> Answer:
    """Return X = U V of rank k: V from Algorithm 1's answer, U the best fit to it.

    V holds the k leading right singular vectors of Y = W^{o-1} o (W o A)_{rk}, and
    each row of U solves its weighted least squares problem, so that X costs no more
    than Y_k.

    *Statement.* With W > 0 and rho = max W / min W, f(X) <= (1 + 2 rho)^2 OPT_k. For X'
    of rank k and the norm ||M||_W = ||W o M||_F: ||Y_k - Y||_W <= max W ||Y - X'||_F
    <= rho ||Y - X'||_W <= rho (||Y - A||_W + ||A - X'||_W) <= 2 rho ||A - X'||_W by
    Theorem 1.2, and once more ||A - Y||_W <= ||A - X'||_W. Where W has zeros, Y is zero
    there by convention and nothing is proved.

    Parameters
    ----------
    rank : int
        k.

    Examples
    --------
    >>> W = np.outer([1.0, 2.0], [1.0, 3.0])
    >>> A = np.array([[1.0, 2.0], [2.0, 5.0]])
    >>> matrix = WeightedMatrix.from_arrays(A, W)
    >>> found = reweighted_truncated(matrix, rank=1)
    >>> tail = np.linalg.svd(W * A, compute_uv=False)[1:]
    >>> bool(np.isclose(found.cost, (tail**2).sum())), found.rank
    (True, 1)
    """
    started = time.perf_counter()
    left, right = leading_triples(matrix.weighted_data, rank=matrix.weight_rank * rank)
    whole = divided(left @ right, matrix.root_weights)
    _, right = leading_triples(whole, rank=rank)
    left = solve_rows(matrix.data, matrix.squared_weights, right)
    return answered(
        matrix,
        "reweighted-truncated",
        LowRank(left=left, right=right),
        started=started,
        guarantee=_guarantee(matrix),
    )


def _guarantee(matrix: WeightedMatrix) -> Guarantee:
    """Return the bound by the spread of the weights."""
    smallest = float(matrix.root_weights.min(initial=np.inf))
    if not 0 < smallest < np.inf:
        return Guarantee.none("truncation is blind to weights, and some are zero")
    rho = float(matrix.root_weights.max()) / smallest
    return Guarantee(
        statement="cost <= (1 + 2 max W / min W)^2 OPT_k, by Theorem 1.2 and the "
        "triangle inequality",
        factor=(1 + 2 * rho) ** 2,
    )
