"""Structured weights of the literature as sums of blocks and sparse entries.

Contents
--------
rank_one_plus_sparse    u v^T with some entries changed: diagonal, banded, anything
block_diagonal          u_i v_i^T on rectangles along the diagonal
staircase               monotone missing data: row i is observed up to column l_i
group_constant          one weight for each group of rows and group of columns

Notes on the implementation
---------------------------
Only rank one plus diagonal is of this form: for u v^T + x y^T the entrywise inverse is
no sum of few rank-one matrices, and blocks that overlap are refused.

References
----------
[WoodruffYasuda2024]_, Lemma A.1.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.structured_weights import (
    Numbers,
    RankOneBlock,
    StructuredWeights,
)

Integers = NDArray[np.int64]


def rank_one_plus_sparse(
    left: Numbers, right: Numbers, diagonals: Mapping[int, Sequence[Any]]
) -> StructuredWeights:
    """Return u v^T plus a banded matrix.

    Parameters
    ----------
    left, right : arrays, lengths n and d
        u and v, without zeros.
    diagonals : dict
        What is added on diagonal t (column = row + t), from its upper end downwards.
        {0: values} is rank one plus diagonal.

    Examples
    --------
    >>> ones = np.ones(3)
    >>> rank_one_plus_sparse(ones, ones, {0: [-1.0] * 3, 1: [1.0, 4.0]}).entries()
    array([[0., 2., 1.],
           [1., 0., 5.],
           [1., 1., 0.]])
    """
    n, d = len(left), len(right)
    whole = RankOneBlock(
        rows=np.arange(n), columns=np.arange(d), left=left, right=right
    )
    sparse = []
    for offset, values in diagonals.items():
        first = max(-offset, 0)
        length = max(min(n, d - offset) - first, 0)
        if len(values) != length:
            raise InvalidProblemError(
                f"diagonal {offset} of {n} x {d} has {length} entries, not "
                f"{len(values)}; give all of them."
            )
        places = range(first, first + length)
        sparse += [(a, a + offset, x) for a, x in zip(places, values, strict=True)]
    return StructuredWeights.of((n, d), [whole], sparse)


def block_diagonal(factors: Sequence[tuple[Numbers, Numbers]]) -> StructuredWeights:
    """Return the matrix with blocks u_i v_i^T along its diagonal.

    Examples
    --------
    >>> one, two = np.ones(1), np.array([1.0, 2.0])
    >>> block_diagonal([(one, two), (two, one)]).entries()
    array([[1., 2., 0.],
           [0., 0., 1.],
           [0., 0., 2.]])
    """
    blocks, row, column = [], 0, 0
    for left, right in factors:
        blocks.append(
            RankOneBlock(
                rows=np.arange(row, row + len(left)),
                columns=np.arange(column, column + len(right)),
                left=left,
                right=right,
            )
        )
        row, column = row + len(left), column + len(right)
    return StructuredWeights.of((row, column), blocks)


def staircase(
    left: Numbers, right: Numbers, lengths: Sequence[int]
) -> StructuredWeights:
    """Return u_i v_j where j < l_i, and zero elsewhere: monotone missing data.

    There are as many rectangles as distinct positive lengths: that of columns between
    two lengths has the rows that are at least as long as the greater.

    Examples
    --------
    >>> staircase(np.array([1.0, 2.0, 3.0]), np.ones(3), [3, 1, 2]).entries()
    array([[1., 1., 1.],
           [2., 0., 0.],
           [3., 3., 0.]])
    """
    n, d = len(left), len(right)
    reach = np.array(lengths, dtype=np.int64)
    if len(reach) != n or (reach < 0).any() or (reach > d).any():
        raise InvalidProblemError(f"give {n} lengths between 0 and {d}, one a row.")
    blocks, start = [], 0
    for stop in np.unique(reach[reach > 0]):
        rows, columns = np.flatnonzero(reach >= stop), np.arange(start, stop)
        blocks.append(
            RankOneBlock(
                rows=rows, columns=columns, left=left[rows], right=right[columns]
            )
        )
        start = int(stop)
    return StructuredWeights.of((n, d), blocks)


def group_constant(
    row_labels: Integers, column_labels: Integers, values: Numbers
) -> StructuredWeights:
    """Return W_ij = values[g(i), h(j)]: one rectangle for each group of rows.

    Columns where the value is zero are left out of it.

    Examples
    --------
    >>> values = np.array([[1.0, 2.0], [0.0, 3.0]])
    >>> group_constant(np.array([0, 1, 1]), np.array([0, 1]), values).entries()
    array([[1., 2.],
           [0., 3.],
           [0., 3.]])
    """
    one = values.dtype.type(1) if values.dtype != object else 1
    blocks = []
    for group in range(len(values)):
        rows = np.flatnonzero(row_labels == group)
        pattern = values[group, column_labels]
        columns = np.flatnonzero(pattern != 0)
        if len(rows) and len(columns):
            blocks.append(
                RankOneBlock(
                    rows=rows,
                    columns=columns,
                    left=np.full(len(rows), one, dtype=values.dtype),
                    right=pattern[columns],
                )
            )
    return StructuredWeights.of((len(row_labels), len(column_labels)), blocks)
