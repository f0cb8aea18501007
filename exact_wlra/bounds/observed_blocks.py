"""Blocks of a matrix without missing entries.

Contents
--------
observed_blocks     the maximal ones with more rows and columns than the rank
"""

from typing import Any

import numpy as np

_MOST_BLOCKS = 120


def observed_blocks(support: Any, rank: int) -> list[tuple[list[int], list[int]]]:
    """Return maximal blocks (rows, columns) that are fully observed, the largest first.

    Parameters
    ----------
    support : boolean array, shape (n, d)
    rank : int
        Blocks with at most so many rows or columns are left out: they can be fitted.

    Returns
    -------
    list
        At most 120 blocks.

    Notes
    -----
    They are the concepts of the incidence `support`, built by adding one row after the
    other and intersecting column sets; sets with too few columns are dropped on the
    way, and the search stops where there are far too many.

    Examples
    --------
    >>> support = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], dtype=bool)
    >>> observed_blocks(support, 1)
    [([0, 1], [0, 1]), ([1, 2], [1, 2])]
    """
    support = np.asarray(support, dtype=bool)
    rows = [frozenset(np.flatnonzero(row).tolist()) for row in support]
    closed: set[frozenset[int]] = set()
    for row in rows:
        met = {row} | {row & columns for columns in closed}
        closed |= {columns for columns in met if len(columns) > rank}
        if len(closed) > 100 * _MOST_BLOCKS:
            break
    found = []
    for columns in closed:
        members = [i for i, row in enumerate(rows) if columns <= row]
        if len(members) > rank:
            found.append((members, sorted(columns)))
    found.sort(key=lambda block: (-len(block[0]) * len(block[1]), block))
    return found[:_MOST_BLOCKS]
