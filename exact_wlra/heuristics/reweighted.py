"""Reweighted solutions: approximate W o A, then divide by W (Algorithm 1).

Contents
--------
reweighted          Algorithm 1 with an exact or a randomized decomposition
theorem_guarantee   what Theorem 1.2 says of it

References
----------
[WoodruffYasuda2024]_, Algorithm 1, Lemma 2.1, Theorem 1.2.
"""

import time
from dataclasses import replace

import numpy as np

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.achieved_factors import achieved_guarantee
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples, load_libraries
from exact_wlra.heuristics.forms import Reweighted
from exact_wlra.heuristics.structured_weights import StructuredWeights
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def reweighted(
    matrix: WeightedMatrix,
    *,
    rank: int,
    weight_rank: int | None = None,
    randomized: bool = False,
    seed: int = 0,
    structure: StructuredWeights | None = None,
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
        probability only. The kappa that was achieved is computed afterwards, outside
        the seconds, and is the factor of the guarantee.
    seed : int
        Of the randomized decomposition.
    structure : StructuredWeights, optional
        W as blocks plus sparse (Lemma A.1): X is stored and applied by it.

    Raises
    ------
    InvalidProblemError
        If `structure` has other entries than W.

    Examples
    --------
    >>> W = np.outer([1.0, 2.0, 1.0], [1.0, 1.0, 3.0])
    >>> A = np.array([[2.0, 0.0, 1.0], [1.0, 3.0, 0.0], [0.0, 1.0, 1.0]])
    >>> found = reweighted(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> tail = np.linalg.svd(W * A, compute_uv=False)[1:]
    >>> bool(np.isclose(found.cost, (tail**2).sum())), found.n_numbers
    (True, 12)
    """
    if structure is not None:
        _check_structure(structure, matrix)
    if randomized:
        load_libraries(randomized=True)
    started = time.perf_counter()
    r = matrix.weight_rank if weight_rank is None else weight_rank
    left, right = leading_triples(
        matrix.weighted_data, rank=r * rank, seed=seed if randomized else None
    )
    form = Reweighted(
        root_weights=matrix.root_weights,
        weight_rank=r,
        left=left,
        right=right,
        inverse_weights=None if structure is None else structure.inverse(),
    )
    answer = answered(
        matrix,
        "reweighted-randomized" if randomized else "reweighted",
        form,
        started=started,
        guarantee=theorem_guarantee(matrix, r),
        seed=seed if randomized else None,
    )
    if not randomized or answer.guarantee.factor is None:
        return answer
    achieved = achieved_guarantee(
        matrix.weighted_data, left @ right, rank=r * rank, source="Theorem 1.2"
    )
    return replace(answer, guarantee=achieved)


def theorem_guarantee(matrix: WeightedMatrix, r: int) -> Guarantee:
    """Return what Theorem 1.2 says of an exact decomposition made for rank r of W."""
    if r < matrix.weight_rank:
        return Guarantee.none(
            f"the rank of W is {matrix.weight_rank}, the decomposition was made for {r}"
        )
    return Guarantee(
        statement="cost <= OPT_k (Theorem 1.2 of Woodruff and Yasuda, kappa = 1)",
        factor=1.0,
    )


def _check_structure(structure: StructuredWeights, matrix: WeightedMatrix) -> None:
    """Refuse the structure of another W."""
    if structure.shape != matrix.shape or not np.allclose(
        structure.entries().astype(float), matrix.root_weights, rtol=1e-12, atol=0.0
    ):
        raise InvalidProblemError(
            "the structure given for W has other entries; build it from the same W."
        )
