"""One decomposition for each group of rows with proportional weights.

Contents
--------
group_svd           the bicriteria solution: rank rk in truth, cost at most OPT_k

References
----------
[WoodruffYasuda2024]_; the weighted case of [EckartYoung1936]_ within each group.
"""

import time
from dataclasses import replace
from typing import Literal

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import GroupedColumns
from exact_wlra.heuristics.row_groups import grouped_form, row_groups
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def group_svd(matrix: WeightedMatrix, *, rank: int, axis: Literal[0, 1] = 0) -> Answer:
    """Return X, optimal at rank k on each group of proportional weight rows.

    *Statement.* On group g, W_ij = c_i q_j, and the best X of rank k has
    c_i X_ij q_j = B_k with B = W o A there. Hence f(X) = sum_g ||(W o A)_{g,-k}||_F^2
    <= OPT_k, since a matrix of rank k competes in every group. With g groups X has rank
    at most gk; it is zero in columns where its group has no weight. The g answers make
    one matrix W o X of rank gk, so that the cost, as a lower bound of OPT_k, is never
    below ||(W o A)_{-gk}||_F^2.

    Parameters
    ----------
    rank : int
        k.
    axis : {0, 1}
        0 for groups of rows, 1 for groups of columns.

    Examples
    --------
    >>> import numpy as np
    >>> W = np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 3.0]])
    >>> A = np.array([[2.0, 0.0], [0.0, 1.0], [4.0, 5.0]])
    >>> found = group_svd(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 9), found.rank, found.guarantee.factor
    (4.0, 2, 1.0)
    """
    started = time.perf_counter()
    seen = matrix if axis == 0 else _flipped(matrix)
    groups = list(row_groups(seen.root_weights))
    weighted = seen.weighted_data
    factors = [
        leading_triples(weighted[group.rows], rank=group.attainable(rank))
        for group in groups
    ]
    rows = grouped_form(seen, groups, factors)
    return answered(
        matrix,
        "group-svd" if axis == 0 else "group-svd-columns",
        rows if axis == 0 else GroupedColumns(flipped=rows),
        started=started,
        guarantee=Guarantee(
            statement=f"cost <= OPT_k: {len(groups)} groups, each solved at rank k",
            factor=1.0,
        ),
    )


def _flipped(matrix: WeightedMatrix) -> WeightedMatrix:
    """Return the transpose."""
    return replace(matrix, data=matrix.data.T, root_weights=matrix.root_weights.T)
