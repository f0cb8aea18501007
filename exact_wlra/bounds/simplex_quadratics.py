"""Maxima of quadratic forms on the unit simplex, in floating point, many at once.

Contents
--------
maximum_on_simplex      max of theta^T Q theta over theta >= 0, sum theta = 1
"""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def maximum_on_simplex(forms: Floats) -> tuple[Floats, Floats]:
    """Return maxima (K,) and maximizers (K, m) of K symmetric forms (K, m, m).

    Every face is tried: on its relative interior a maximizer solves Q theta = mu 1.

    Examples
    --------
    >>> value, point = maximum_on_simplex(np.array([[[0.0, 1.0], [1.0, 0.0]]]))
    >>> value.round(6).tolist(), point.round(6).tolist()
    ([0.5], [[0.5, 0.5]])
    """
    count, size, _ = forms.shape
    diagonal = np.einsum("kii->ki", forms)
    best_vertex = diagonal.argmax(axis=1)
    best = diagonal[np.arange(count), best_vertex].copy()
    points = np.zeros((count, size))
    points[np.arange(count), best_vertex] = 1.0
    for order in range(2, size + 1):
        for face in combinations(range(size), order):
            _improve_on_face(forms, list(face), best, points)
    return best, points


def _improve_on_face(
    forms: Floats, face: list[int], best: Floats, points: Floats
) -> None:
    """Update maxima with the stationary point inside one face, if there is one."""
    block = forms[:, face][:, :, face]
    # Shifting Q by a multiple of 11^T moves the value only; it keeps solves regular.
    shift = np.abs(block).max(axis=(1, 2)) + 1e-300
    shifted = block / shift[:, None, None] + 2.0
    try:
        solution = np.linalg.solve(shifted, np.ones((len(forms), len(face), 1)))[..., 0]
    except np.linalg.LinAlgError:
        jitter = 1e-13 * np.eye(len(face))
        try:
            solution = np.linalg.solve(
                shifted + jitter, np.ones((len(forms), len(face), 1))
            )[..., 0]
        except np.linalg.LinAlgError:
            return
    totals = solution.sum(axis=1)
    theta = solution / np.where(totals == 0, 1.0, totals)[:, None]
    inside = (theta > 0).all(axis=1) & np.isfinite(theta).all(axis=1) & (totals != 0)
    values = np.einsum("ki,kij,kj->k", theta, block, theta)
    better = inside & (values > best)
    best[better] = values[better]
    points[better] = 0.0
    points[np.ix_(better, face)] = theta[better]
