"""Maxima of quadratic forms on the unit simplex, in floating point, many at once.

Contents
--------
maximum_on_simplex      max of theta^T Q theta over theta >= 0, sum theta = 1
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


def maximum_on_simplex(forms: Floats) -> tuple[Floats, Floats]:
    """Return maxima (K,) and maximizers (K, m) of K symmetric forms (K, m, m).

    On the relative interior of its face a maximizer solves Q theta = mu 1. A face is
    tried where the form is strictly concave along all of its edges: where it is not,
    the maximum is attained on a smaller face as well.

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
    sums = diagonal[:, :, None] + diagonal[:, None, :]
    is_concave = 2 * forms > sums
    # Faces as cliques: those of the next order extend those that are left.
    faces: dict[tuple[int, ...], Indices] = {
        (i,): np.arange(count) for i in range(size)
    }
    while faces:
        larger: dict[tuple[int, ...], Indices] = {}
        for face, rows in faces.items():
            for added in range(face[-1] + 1, size):
                kept = rows[is_concave[rows, added][:, face].all(axis=1)]
                if len(kept):
                    larger[*face, added] = kept
        for face, rows in larger.items():
            _improve_on_face(forms, rows, list(face), best, points)
        faces = larger
    return best, points


def _improve_on_face(
    forms: Floats,
    rows: Indices,
    face: list[int],
    best: Floats,
    points: Floats,
) -> None:
    """Update maxima with the stationary point inside one face, if there is one."""
    block = forms[rows][:, face][:, :, face]
    # Shifting Q by a multiple of 11^T moves the value only; it keeps solves regular.
    shift = np.abs(block).max(axis=(1, 2)) + 1e-300
    shifted = block / shift[:, None, None] + 2.0
    ones = np.ones((len(rows), len(face), 1))
    try:
        solution = np.linalg.solve(shifted, ones)[..., 0]
    except np.linalg.LinAlgError:
        jitter = 1e-13 * np.eye(len(face))
        try:
            solution = np.linalg.solve(shifted + jitter, ones)[..., 0]
        except np.linalg.LinAlgError:
            return
    totals = solution.sum(axis=1)
    theta = solution / np.where(totals == 0, 1.0, totals)[:, None]
    inside = (theta > 0).all(axis=1) & np.isfinite(theta).all(axis=1) & (totals != 0)
    values = np.einsum("ki,kij,kj->k", theta, block, theta)
    better = inside & (values > best[rows])
    improved = rows[better]
    best[improved] = values[better]
    points[improved] = 0.0
    points[np.ix_(improved, face)] = theta[better]
