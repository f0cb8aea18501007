"""One factor given the other: row-wise weighted least squares.

Contents
--------
solve_rows      argmin over U of sum omega_ij (A_ij - (UV)_ij)^2, exact or in floats

Notes on the implementation
---------------------------
Row i solves the k x k normal equations V Omega_i V^T u_i = V Omega_i a_i. Where they
are singular any solution has the same cost; the exact version sets the coordinates of
dependent rows of V to zero, the floating-point version takes the least-norm solution.
"""

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reductions.guarantees import Factor
from semialgebraic.rational_matrices import RationalMatrix


def solve_rows(data: Any, squared_weights: Any, right: Factor) -> Factor:
    """Return U (n x k) minimizing the cost for the given V (k x d).

    Parameters
    ----------
    data, squared_weights, right : RationalMatrix, or float64 arrays
        All exact or all floating point.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    >>> ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> solve_rows(A, ones, RationalMatrix.from_rows([[1, 1]]))
    RationalMatrix([[3/2], [7/2]])
    """
    if isinstance(right, RationalMatrix):
        return _solve_rows_exactly(data, squared_weights, right)
    return _solve_rows_in_floats(data, squared_weights, right)


def _solve_rows_in_floats(
    data: NDArray[np.float64],
    weights: NDArray[np.float64],
    right: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the batched solution of the normal equations."""
    k = right.shape[0]
    targets = (weights * data) @ right.T
    if k == 0:
        return targets
    if k == 1:
        squares = weights @ (right * right).T
        return np.divide(
            targets, squares, out=np.zeros_like(targets), where=squares > 0
        )
    pairs = (right[:, None, :] * right[None, :, :]).reshape(k * k, -1)
    normal = (weights @ pairs.T).reshape(-1, k, k)
    try:
        # Equilibrated, so that the ridge below is relative for every row.
        scale = np.sqrt(np.einsum("nii->ni", normal))
        scale = np.where(scale > 0, scale, 1.0)
        balanced = normal / scale[:, :, None] / scale[:, None, :]
        balanced += 1e-15 * np.eye(k)
        solution = np.linalg.solve(balanced, (targets / scale)[:, :, None])[:, :, 0]
        if np.isfinite(solution).all():
            scaled: NDArray[np.float64] = solution / scale
            return scaled
    except np.linalg.LinAlgError:
        pass
    inverse = np.linalg.pinv(normal, rcond=1e-13, hermitian=True)
    fitted: NDArray[np.float64] = np.einsum("nij,nj->ni", inverse, targets)
    return fitted


def _solve_rows_exactly(
    data: RationalMatrix, weights: RationalMatrix, right: RationalMatrix
) -> RationalMatrix:
    """Return an exact solution, row by row (small instances)."""
    k = right.shape[0]
    targets = (weights.hadamard(data) @ right.transpose).fractions()
    first, second = np.divmod(np.arange(k * k), k)
    pairs = right.take(first).hadamard(right.take(second))
    normals = (weights @ pairs.transpose).fractions()
    rows = [
        _solve_singular([normal[a * k : (a + 1) * k] for a in range(k)], target)
        for normal, target in zip(normals, targets, strict=True)
    ]
    if not rows:
        return RationalMatrix.zeros(0, k)
    return RationalMatrix.from_fractions(rows)


def _solve_singular(
    matrix: list[list[Fraction]], target: list[Fraction]
) -> list[Fraction]:
    """Solve a consistent positive semidefinite system by Gauss-Jordan elimination."""
    k = len(target)
    rows = [[*row, value] for row, value in zip(matrix, target, strict=True)]
    solved: list[tuple[int, int]] = []
    free = list(range(k))
    for column in range(k):
        pivot = next((i for i in free if rows[i][column] != 0), None)
        if pivot is None:
            continue
        free.remove(pivot)
        solved.append((pivot, column))
        inverse = 1 / rows[pivot][column]
        rows[pivot] = [x * inverse for x in rows[pivot]]
        for i in range(k):
            if i != pivot and rows[i][column] != 0:
                factor = rows[i][column]
                rows[i] = [
                    x - factor * y for x, y in zip(rows[i], rows[pivot], strict=True)
                ]
    solution = [Fraction(0)] * k
    for row, column in solved:
        solution[column] = rows[row][k]
    return solution
