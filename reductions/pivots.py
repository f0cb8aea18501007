"""Columns of a matrix that are far from dependent, chosen greedily in floats.

*Statement.* None: a choice, good or bad, that somebody else uses in a proof.

Contents
--------
pivots      as many columns as the matrix has rows, or None
"""

import numpy as np
from numpy.typing import NDArray


def pivots(matrix: NDArray[np.float64]) -> tuple[int, ...] | None:
    """Return k columns that are far from dependent; None if there are not.

    Parameters
    ----------
    matrix : float array, shape (k, d)

    Examples
    --------
    >>> pivots(np.array([[1.0, 2.0, 0.0], [0.0, 0.1, 1.0]]))
    (1, 2)
    """
    rest = np.array(matrix, dtype=np.float64)
    smallest = 1e-10 * float(np.abs(rest).max(initial=0.0))
    chosen: list[int] = []
    for _ in range(len(rest)):
        norms = np.linalg.norm(rest, axis=0)
        if not norms.max(initial=0.0) > smallest:
            return None
        best = int(norms.argmax())
        chosen.append(best)
        unit = rest[:, best] / norms[best]
        rest = rest - np.outer(unit, unit @ rest)
    return tuple(sorted(chosen))
