"""Missing data filled with zeros: for binary weights Algorithm 1 needs no division.

Contents
--------
zero_filled_svd     (W o A)_{rk} itself, for weights with one positive value

References
----------
[WoodruffYasuda2024]_, Lemma 2.1, Theorem 1.2.
"""

import time

import numpy as np

from exact_wlra.errors import UnsuitableWeightsError
from exact_wlra.heuristics.answers import Answer, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.reweighted import theorem_guarantee
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def zero_filled_svd(matrix: WeightedMatrix, *, rank: int) -> Answer:
    """Return X = (W o A)_{rk} / w for weights 0 and w: genuinely of rank rk.

    *Statement.* f(X) <= ||W o A - w X||_F^2 = ||(W o A)_{-rk}||_F^2 <= OPT_k: the first
    sum leaves out the entries without weight, the rest is Theorem 1.2. The rank is rk,
    where r is the rank of the mask, its zeros included; it is not a solution of rank k.

    Parameters
    ----------
    rank : int
        k.

    Raises
    ------
    UnsuitableWeightsError
        If W has two different positive entries.

    Examples
    --------
    >>> A, W = np.array([[1.0, 2.0], [2.0, 9.0]]), np.array([[1.0, 1.0], [1.0, 0.0]])
    >>> found = zero_filled_svd(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 9), found.rank, found.n_numbers
    (0.0, 2, 8)
    """
    started = time.perf_counter()
    r, weights = matrix.weight_rank, matrix.root_weights
    value = float(weights.max(initial=0.0))
    other = (weights != 0) & (weights != value)
    if other.any():
        row, column = np.argwhere(other)[0] + 1
        raise UnsuitableWeightsError(
            f"zeros can be filled in only where weights are 0 or one number; that in "
            f"row {row}, column {column} differs from the largest; use `reweighted`."
        )
    left, right = leading_triples(matrix.data, rank=r * rank)
    return answered(
        matrix,
        "zero-filled-svd",
        LowRank(left=left, right=right),
        started=started,
        guarantee=theorem_guarantee(matrix, r),
    )
