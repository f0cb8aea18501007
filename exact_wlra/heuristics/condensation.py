"""Floating-point condensation: many rows of one weight pattern become few.

For fixed V the best cost of rows with proportional weights depends only on their Gram
matrix, so a class with more rows than columns is replaced by a triangular factor. This
is the floating-point counterpart of `reductions.proportional_rows`, for heuristics
only: it makes the cost of a sweep independent of n.

Contents
--------
condense        condensed data and weights, with the same optimal cost for every V
"""

import numpy as np
from numpy.typing import NDArray

from reductions.instances import Instance
from reductions.patterns import ray_classes

Floats = NDArray[np.float64]


def condense(instance: Instance) -> tuple[Floats, Floats]:
    """Return (data, weights) with at most d rows for each row weight pattern.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1], [2], [3]])
    >>> omega = RationalMatrix.from_rows([[1], [1], [1]])
    >>> data, weights = condense(Instance(data=A, squared_weights=omega, rank=1))
    >>> data.shape, round(float(weights[0, 0] * data[0, 0] ** 2), 12)
    ((1, 1), 14.0)
    """
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    n, d = data.shape
    if n <= 2 * d:
        return data, weights
    labels, first, content = ray_classes(instance.squared_weights.numerators)
    if len(first) * d * 2 > n:
        return data, weights
    order = np.argsort(labels, kind="stable")
    bounds = np.searchsorted(labels[order], np.arange(len(first) + 1))
    parts, part_weights = [], []
    for g, row in enumerate(first):
        members = order[bounds[g] : bounds[g + 1]]
        base = weights[row]
        relative = np.array([float(c) for c in content[members]]) / float(content[row])
        if len(members) <= d:
            parts.append(data[members])
            part_weights.append(weights[members])
            continue
        block = data[members] * np.sqrt(relative)[:, None]
        triangle: Floats = np.asarray(np.linalg.qr(block, mode="r"))
        parts.append(triangle)
        part_weights.append(np.broadcast_to(base, triangle.shape))
    return np.concatenate(parts), np.concatenate(part_weights)
