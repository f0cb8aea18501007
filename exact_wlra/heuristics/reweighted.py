"""Reweighted solutions: approximate W o A, then divide by W (Algorithm 1).

Contents
--------
reweighted          Algorithm 1 with an exact or a randomized decomposition

References
----------
[WoodruffYasuda2024]_, Algorithm 1, Lemma 2.1, Theorem 1.2.
"""

import time

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import Reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def reweighted(
    matrix: WeightedMatrix,
    *,
    rank: int,
    weight_rank: int | None = None,
    randomized: bool = False,
    seed: int = 0,
) -> Answer:
    """Return X = W^{o-1} o (W o A)_{rk}, with r the rank of W.

    *Statement (Theorem 1.2).* If ||W o A - B||_F^2 <= kappa ||(W o A)_{-rk}||_F^2, then
    X = W^{o-1} o B has f(X) <= kappa OPT_k: W o X' has rank at most rk for every X' of
    rank k. With W > 0 and the exact decomposition f(X) = ||(W o A)_{-rk}||_F^2; where W
    has zeros, f(X) is at most that. X itself may have any rank.

    Parameters
    ----------
    rank : int
        k.
    weight_rank : int, optional
        r, in the place of `matrix.weight_rank`. Below the rank of W nothing is proved.
    randomized : bool
        Use a randomized decomposition: faster, kappa = 1 + epsilon with constant
        probability only.
    seed : int
        Of the randomized decomposition.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0])
    >>> A = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 1.0]])
    >>> found = reweighted(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> tail = np.linalg.svd(W * A, compute_uv=False)[1:]
    >>> bool(np.isclose(found.cost, (tail**2).sum())), found.n_numbers
    (True, 12)
    """
    started = time.perf_counter()
    r = matrix.weight_rank if weight_rank is None else weight_rank
    left, right = leading_triples(
        matrix.weighted_data, rank=r * rank, seed=seed if randomized else None
    )
    form = Reweighted(
        root_weights=matrix.root_weights, weight_rank=r, left=left, right=right
    )
    return answered(
        matrix,
        "reweighted-randomized" if randomized else "reweighted",
        form,
        started=started,
        guarantee=_guarantee(matrix, r, randomized=randomized),
        seed=seed if randomized else None,
    )


def _guarantee(matrix: WeightedMatrix, r: int, *, randomized: bool) -> Guarantee:
    """Return what Theorem 1.2 says."""
    if r < matrix.weight_rank:
        return Guarantee.none(
            f"the rank of W is {matrix.weight_rank}, the decomposition was made for {r}"
        )
    if randomized:
        return Guarantee.none(
            "the decomposition is randomized; kappa is what it achieved, see the cost"
        )
    return Guarantee(
        statement="cost <= OPT_k (Theorem 1.2 of Woodruff and Yasuda, kappa = 1)",
        factor=1.0,
    )
