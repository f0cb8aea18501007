"""Columns of B that span a good approximation of B, in floats.

Contents
--------
projection_loss     what the span of some columns leaves of B
greedy_columns      one column after the other, each where it explains most
volume_columns      volume sampling without chance: never above its expectation
independent_columns columns that span all of B, in exact arithmetic

Notes on the implementation
---------------------------
*Volume sampling.* Draw T with |T| = s and probability proportional to det B_T^T B_T.
The mean of ||B - P_T B||_F^2 over the T that contain a given T_0 is
(m + 1) e_{m+1}(R) / e_m(R), with m = s - |T_0|, R the squared singular values of
B - P_{T_0} B and e the elementary symmetric functions; for T_0 empty it is at most
(s + 1)/(s - q + 1) ||B_{-q}||_F^2. Adding the column that makes it smallest never
raises it: that is the method of conditional expectations.

References
----------
[DeshpandeRademacherVempalaWang2006]_, [GuruswamiSinop2012]_
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from semialgebraic.integer_arrays import IntegerArray

Floats = NDArray[np.float64]


def projection_loss(matrix: Floats, columns: list[int], rank: int | None) -> float:
    """Return min ||B - B_S X||_F^2 over X, of rank at most `rank` if it is given.

    Examples
    --------
    >>> projection_loss(np.array([[3.0, 1.0], [0.0, 2.0]]), [0], None)
    4.0
    """
    basis = np.linalg.qr(matrix[:, columns])[0]
    inside = basis.T @ matrix
    outside = matrix - basis @ inside
    loss = float(np.vdot(outside, outside))
    if rank is not None and rank < len(columns):
        tail = np.linalg.svd(inside, compute_uv=False)[rank:]
        loss += float(np.vdot(tail, tail))
    return loss


def greedy_columns(matrix: Floats, *, goal: float, rank: int | None) -> list[int]:
    """Return columns, ascending, whose loss is at most `goal`, each chosen greedily.

    A column explains ||E^T e||^2 / ||e||^2 of the residual E, with e its own residual.
    All columns are returned at worst.

    Examples
    --------
    >>> greedy_columns(np.array([[3.0, 1.0], [0.0, 2.0]]), goal=5.0, rank=None)
    [0]
    """
    chosen: list[int] = []
    residual = matrix.copy()
    floor = 1e-24 * float(np.vdot(matrix, matrix))
    while len(chosen) < matrix.shape[1]:
        if chosen and projection_loss(matrix, sorted(chosen), rank) <= goal:
            break
        norms = np.einsum("ij,ij->j", residual, residual)
        if norms.max(initial=0.0) <= floor:
            break
        products = residual.T @ residual
        gains = np.where(
            norms > floor,
            np.einsum("ij,ij->j", products, products) / np.maximum(norms, floor),
            0.0,
        )
        best = int(gains.argmax())
        chosen.append(best)
        direction = residual[:, best] / np.sqrt(norms[best])
        residual = residual - np.outer(direction, direction @ residual)
        residual[:, chosen] = 0.0
    return sorted(chosen)


def volume_columns(matrix: Floats, *, size: int) -> list[int]:
    """Return `size` columns with loss <= (s+1)/(s-q+1) ||B_{-q}||_F^2 for all q <= s.

    Fewer if fewer span everything. It costs s d decompositions.

    Examples
    --------
    >>> volume_columns(np.array([[3.0, 1.0, 0.0], [0.0, 2.0, 0.1]]), size=1)
    [0]
    """
    chosen: list[int] = []
    residual = matrix.copy()
    floor = 1e-24 * float(np.vdot(matrix, matrix))
    for remaining in reversed(range(size)):
        best, least = -1, np.inf
        for j in range(matrix.shape[1]):
            if float(residual[:, j] @ residual[:, j]) <= floor:
                continue
            mean = _mean_loss(_without(residual, j), remaining)
            if mean < least:
                best, least = j, mean
        if best < 0:
            break
        chosen.append(best)
        residual = _without(residual, best)
    return sorted(chosen)


def _without(residual: Floats, column: int) -> Floats:
    """Return the residual orthogonal to one of its columns."""
    direction = residual[:, column] / np.linalg.norm(residual[:, column])
    left: Floats = residual - np.outer(direction, direction @ residual)
    left[:, column] = 0.0
    return left


def _mean_loss(residual: Floats, m: int) -> float:
    """Return (m + 1) e_{m+1} / e_m of the squared singular values; 0 if e_m is 0."""
    values = np.linalg.svd(residual, compute_uv=False) ** 2
    scale = values.max(initial=0.0)
    if scale == 0.0 or m >= len(values):
        return 0.0
    symmetric = np.zeros(m + 2)
    symmetric[0] = 1.0
    for value in values / scale:
        symmetric[1:] += value * symmetric[:-1]
    if symmetric[m] == 0.0:
        return 0.0
    return float((m + 1) * symmetric[m + 1] / symmetric[m] * scale)


def independent_columns(matrix: IntegerArray) -> list[int]:
    """Return columns that form a basis of the column space, sparse ones first.

    Examples
    --------
    >>> independent_columns(np.array([[1, 1, 0], [1, 1, 2]]))
    [0, 2]
    """
    import flint

    order = np.argsort((matrix != 0).sum(axis=0), kind="stable")
    n, d = matrix.shape
    entries = [int(x) for x in matrix[:, order].ravel()]
    echelon, _, rank = flint.fmpz_mat(n, d, entries).rref()
    pivots = [_first_nonzero(echelon, i, d) for i in range(rank)]
    return sorted(int(order[j]) for j in pivots)


def _first_nonzero(matrix: Any, row: int, d: int) -> int:
    """Return the first column in which a row is not zero."""
    return next(j for j in range(d) if matrix[row, j] != 0)
