"""Reweighted solutions for weights that are nearly of rank one.

Algorithm 2 approximates the inverse of W, which the least important entries dominate.
Here W itself is approximated, by its leading singular pair: the same storage, no
division by small weights, and a factor that can be computed.

Contents
--------
reweighted_separable    the best approximation for W replaced by a rank-one matrix

References
----------
[WoodruffYasuda2024]_, Algorithm 2; [SrebroJaakkola2003]_ for separable weights.
"""

import time

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]


def reweighted_separable(matrix: WeightedMatrix, *, rank: int) -> Answer:
    """Return X = S^{o-1} o (S o A)_k, with S the leading singular pair of W.

    *Statement.* S = p q^T is nonnegative, and X has rank at most k. If
    c_1 S <= W <= c_2 S entrywise with c_1 > 0, then f(X) <= (c_2/c_1)^2 OPT_k: X is
    optimal for the weights S, so f(X) <= c_2^2 f_S(X) <= c_2^2 f_S(X*) <=
    (c_2/c_1)^2 f(X*). For W of rank one X is optimal.

    Where p_i = 0 or q_j = 0 the row or column of X is zero.

    Parameters
    ----------
    rank : int
        k.

    Examples
    --------
    >>> W = np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0])
    >>> A = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 1.0]])
    >>> found = reweighted_separable(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> tail = np.linalg.svd(W * A, compute_uv=False)[1:]
    >>> bool(np.isclose(found.cost, (tail**2).sum())), found.rank, found.n_numbers
    (True, 1, 6)
    """
    started = time.perf_counter()
    left, right = leading_triples(matrix.root_weights, rank=1)
    # The signs of a singular pair are free; both vectors of W >= 0 have one sign.
    p, q = np.abs(left).sum(axis=1), np.abs(right).sum(axis=0)
    left, right = leading_triples(p[:, None] * matrix.data * q, rank=rank)
    form = LowRank(left=_inverse(p)[:, None] * left, right=right * _inverse(q))
    return answered(
        matrix,
        "reweighted-separable",
        form,
        started=started,
        guarantee=_guarantee(matrix.root_weights, np.outer(p, q)),
    )


def _inverse(values: Floats) -> Floats:
    """Return 1/x, and 0 for 0."""
    inverse: Floats = np.divide(
        1.0, values, out=np.zeros_like(values), where=values > 0
    )
    return inverse


def _guarantee(weights: Floats, separable: Floats) -> Guarantee:
    """Return the factor (c_2/c_1)^2."""
    weighed = separable > 0
    ratios = weights[weighed] / separable[weighed]
    if not ratios.size or not ratios.min() > 0 or weights[~weighed].any():
        return Guarantee.none("a weight is zero where its separable part is not")
    return Guarantee(
        statement="cost <= (c_2/c_1)^2 OPT_k where c_1 S <= W <= c_2 S, S of rank one",
        factor=float((ratios.max() / ratios.min()) ** 2),
    )
