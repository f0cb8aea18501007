"""Groups of rows whose weights are proportional: within one, weights have rank one.

Contents
--------
row_groups          the groups of W, up to rounding
RowGroup            the rows of one group, and W o A there as a plain matrix
grouped_form        X from one low rank matrix a group

References
----------
[WoodruffYasuda2024]_
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.forms import GroupedRows
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Bits of a float that are not compared. Entries are multiplied by an irrational number
# before, so that weights in simple proportions lie on no boundary of the grid.
_IGNORED = 10


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowGroup:
    """Rows i with W_i = c_i q.

    Parameters
    ----------
    rows : int array, shape (m,)
        Their indices.
    scales : float array, shape (m,)
        c; zero for rows without weight.
    pattern : float array, shape (d,)
        q, with largest entry one, or zero for rows without weight.
    """

    rows: Integers
    scales: Floats
    pattern: Floats

    def attainable(self, rank: int) -> int:
        """Return the rank that W o A has here if it is at most k: no more than |q|."""
        return min(rank, int(np.count_nonzero(self.pattern)))


def row_groups(weights: Floats) -> Iterator[RowGroup]:
    """Return the groups of positively proportional rows, by first occurrence.

    Proportional rows are found up to a relative error of 2^-42 an entry. Where rounding
    separates what belongs together, there are more groups than need be: rank and
    numbers grow, the cost does not.

    Parameters
    ----------
    weights : float array, shape (n, d)
        W.

    Examples
    --------
    >>> W = np.array([[1.0, 3.0], [1.0, 1.0], [0.1, 0.3]])
    >>> [group.rows.tolist() for group in row_groups(W)]
    [[0, 2], [1]]
    """
    scales = weights.max(axis=1, initial=0.0)
    rays = weights / np.where(scales > 0, scales, 1.0)[:, None]
    keys = np.ascontiguousarray(rays * np.pi).view(np.int64) >> _IGNORED
    _, first, labels = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    for group in np.argsort(first):
        rows = np.flatnonzero(labels.ravel() == group)
        yield RowGroup(rows=rows, scales=scales[rows], pattern=rays[rows[0]])


def grouped_form(
    matrix: WeightedMatrix,
    groups: Sequence[RowGroup],
    factors: Sequence[tuple[Floats, Floats]],
) -> GroupedRows:
    """Return X with c_i X_ij q_j = (L_g R_g)_ij on group g, and zero without weight.

    Parameters
    ----------
    factors : sequence of pairs
        L_g and R_g, near W o A on the rows of group g.

    Examples
    --------
    >>> matrix = WeightedMatrix.from_arrays([[1.0, 2.0]], [[1.0, 3.0]])
    >>> one = np.ones((1, 1)), np.array([[1.0, 6.0]])
    >>> grouped_form(matrix, list(row_groups(matrix.root_weights)), [one]).entries()
    array([[1., 2.]])
    """
    n, d = matrix.shape
    widest = max((left.shape[1] for left, _ in factors), default=0)
    labels, lefts = np.zeros(n, dtype=np.int64), np.zeros((n, widest))
    rights = []
    for index, (group, (left, right)) in enumerate(zip(groups, factors, strict=True)):
        labels[group.rows] = index
        scales = np.where(group.scales > 0, group.scales, np.inf)[:, None]
        lefts[group.rows, : left.shape[1]] = left / scales
        pattern = np.where(group.pattern > 0, group.pattern, np.inf)
        rights.append(right / pattern)
    return GroupedRows(
        labels=labels, left=lefts, rights=tuple(rights) or (np.zeros((0, d)),)
    )
