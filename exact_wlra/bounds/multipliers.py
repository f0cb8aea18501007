"""Multipliers for one linear matrix inequality, found in floating point.

At a point of pattern space with matrix M the multipliers lambda solve

    minimize <lambda, w>   subject to   sum_l lambda_l D_l - M positive semidefinite,

D_l diagonal, D_l >= 0, sum_l D_l = I. Its dual maximizes x^T M x over x^T D_l x = w_l,
and a stationary x with multipliers that dominate M solves both.

Contents
--------
Multipliers         multipliers and maximizers of a batch of problems
find_multipliers    fixed point, Newton on the stationarity conditions, then, where these
                    do not dominate M, restarts and an interior-point method

Notes on the implementation
---------------------------
Nothing here proves anything: every lambda is checked in integers later. A margin is
added that the rounded Cholesky test of the checker needs.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIXED_POINT_STEPS = 12
_NEWTON_STEPS = 8
# Order above which eigenvectors are computed by Lanczos iteration.
_DENSE_ORDER = 400
# Relative excess over a dominating multiplier that is not worth further work.
_ACCEPTED_EXCESS = 1e-11


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """Dominating multipliers (K, s) and points x (K, d) for K problems."""

    values: Floats
    points: Floats


def find_multipliers(
    matrices: Floats, diagonals: Floats, aims: Floats, starts: Floats, margin: float
) -> Multipliers:
    """Return near-optimal multipliers that dominate their matrices.

    Parameters
    ----------
    matrices : (K, d, d)
        M, positive semidefinite.
    diagonals : (s, d)
        The diagonals of D_l; their sum is one.
    aims : (K, s)
        w > 0.
    starts : (K, d)
        Starting points x.
    margin : float
        Relative margin: lambda dominates M with margin * trace to spare.
    """
    values = np.empty_like(aims)
    points = np.empty_like(starts)
    x = _fixed_point(matrices, diagonals, aims, starts)
    values, points = _newton(matrices, diagonals, aims, x)
    for index, matrix in enumerate(matrices):
        values[index], points[index] = _dominating(
            matrix, diagonals, aims[index], values[index], points[index], margin
        )
    return Multipliers(values=values, points=points)


def _fixed_point(
    matrices: Floats, diagonals: Floats, aims: Floats, starts: Floats
) -> Floats:
    """Iterate x <- M x, rescaled so that x^T D_l x = w_l."""
    x = _rescaled(starts, diagonals, aims)
    for _ in range(_FIXED_POINT_STEPS):
        x = _rescaled(np.einsum("kij,kj->ki", matrices, x), diagonals, aims)
    return x


def _rescaled(x: Floats, diagonals: Floats, aims: Floats) -> Floats:
    """Scale the classes of x towards x^T D_l x = w_l."""
    energies = (x * x) @ diagonals.T
    ratio = aims / np.maximum(energies, 1e-300)
    return x * np.sqrt(np.minimum(ratio, 1e300) @ diagonals)


def _newton(
    matrices: Floats, diagonals: Floats, aims: Floats, x: Floats
) -> tuple[Floats, Floats]:
    """Solve (sum lambda_l D_l - M) x = 0, x^T D_l x = w_l by Newton's method."""
    count, order = x.shape
    size = diagonals.shape[0]
    values = _rayleigh(matrices, diagonals, x)
    system = np.zeros((count, order + size, order + size))
    indices = np.arange(order)
    for _ in range(_NEWTON_STEPS):
        spread = values @ diagonals
        gradient = spread * x - np.einsum("kij,kj->ki", matrices, x)
        borders = diagonals[None] * x[:, None, :]
        defect = (np.einsum("klj,kj->kl", borders, x) - aims) / 2
        scale = np.abs(values).max(axis=1) + 1e-300
        error = np.abs(gradient).max(axis=1) / scale + np.abs(defect).max(axis=1)
        if error.max() < 1e-14:
            break
        system[:, :order, :order] = -matrices
        system[:, indices, indices] += spread
        system[:, order:, :order] = borders
        system[:, :order, order:] = borders.transpose(0, 2, 1)
        right = -np.concatenate([gradient, defect], axis=1)
        try:
            step = np.linalg.solve(system, right[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            break
        usable = np.isfinite(step).all(axis=1)
        step[~usable] = 0.0
        # A long step leaves the region where Newton's method makes sense.
        length = np.linalg.norm(step[:, :order], axis=1)
        damping = np.minimum(1.0, 0.5 / np.maximum(length, 1e-300))
        x = x + damping[:, None] * step[:, :order]
        values = values + damping[:, None] * step[:, order:]
    return values, x


def _rayleigh(matrices: Floats, diagonals: Floats, x: Floats) -> Floats:
    """Return least-squares multipliers of M x = sum lambda_l D_l x."""
    borders = diagonals[None] * x[:, None, :]
    normal = np.einsum("klj,kmj->klm", borders, borders)
    normal += 1e-14 * np.trace(normal, axis1=1, axis2=2)[:, None, None] * np.eye(
        diagonals.shape[0]
    )
    right = np.einsum("klj,kji,ki->kl", borders, matrices, x, optimize=True)
    solution: Floats = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
    return solution


def _dominating(
    matrix: Floats,
    diagonals: Floats,
    aim: Floats,
    values: Floats,
    x: Floats,
    margin: float,
) -> tuple[Floats, Floats]:
    """Return multipliers that dominate one matrix, restarting where needed."""
    slack = margin * float(np.trace(matrix))
    if _is_dominating(matrix, diagonals, values + slack):
        return values + 2 * slack, x
    best = _scaled_to_dominate(matrix, diagonals, _positive(values, matrix))
    if best[2] > 1 + _ACCEPTED_EXCESS:
        start = _rescaled(best[1][None], diagonals, aim[None])
        again, y = _newton(
            matrix[None],
            diagonals,
            aim[None],
            _fixed_point(matrix[None], diagonals, aim[None], start),
        )
        if _is_dominating(matrix, diagonals, again[0] + slack):
            return again[0] + 2 * slack, y[0]
        other = _scaled_to_dominate(matrix, diagonals, _positive(again[0], matrix))
        if other[0] @ aim < best[0] @ aim:
            best, x = other, y[0]
        if best[2] > 1 + _ACCEPTED_EXCESS:
            best = _interior_point(matrix, diagonals, aim, best)
    return best[0] + 2 * slack, x


def _positive(values: Floats, matrix: Floats) -> Floats:
    """Return the multipliers, lifted to a small positive number where not positive."""
    floor = 1e-6 * float(np.trace(matrix)) / len(matrix) + 1e-300
    return np.maximum(values, floor)


def _is_dominating(matrix: Floats, diagonals: Floats, values: Floats) -> bool:
    """Tell whether a Cholesky factorization of sum lambda_l D_l - M succeeds."""
    shifted = -matrix
    shifted[np.diag_indices(len(matrix))] += values @ diagonals
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    return True


def _scaled_to_dominate(
    matrix: Floats, diagonals: Floats, values: Floats
) -> tuple[Floats, Floats, float]:
    """Return (mu lambda, x, mu), mu the top eigenvalue of Lambda^-1/2 M Lambda^-1/2."""
    root = 1 / np.sqrt(values @ diagonals)
    top, vector = _top_eigenpair(root[:, None] * matrix * root[None, :])
    return values * top, vector * root, top


def _top_eigenpair(matrix: Floats) -> tuple[float, Floats]:
    """Return the largest eigenvalue (rounded up a little) and its eigenvector."""
    order = len(matrix)
    if order <= _DENSE_ORDER:
        values, vectors = np.linalg.eigh(matrix)
        return float(values[-1]), vectors[:, -1]
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    start = np.ones(order)
    try:
        value, vector = eigsh(matrix, k=1, which="LA", v0=start, tol=1e-12, maxiter=2000)
        return float(value[0]), vector[:, 0]
    except ArpackNoConvergence:
        values, vectors = np.linalg.eigh(matrix)
        return float(values[-1]), vectors[:, -1]


def _interior_point(
    matrix: Floats,
    diagonals: Floats,
    aim: Floats,
    best: tuple[Floats, Floats, float],
) -> tuple[Floats, Floats, float]:
    """Minimize <lambda, w> - nu log det(Lambda - M) for nu -> 0 by Newton's method."""
    values = 1.01 * best[0]
    objective = float(values @ aim)
    order = len(matrix)
    nu = 0.1 * objective / order
    final = 1e-10 * objective / order
    while nu > final:
        for _ in range(12):
            spread = -matrix.copy()
            spread[np.diag_indices(order)] += values @ diagonals
            try:
                inverse = np.linalg.inv(spread)
            except np.linalg.LinAlgError:
                break
            gradient = aim - nu * (diagonals @ np.diag(inverse))
            hessian = nu * (diagonals @ (inverse * inverse) @ diagonals.T)
            step = -np.linalg.solve(hessian, gradient)
            decrement = float(-gradient @ step)
            length = 1.0 if decrement < 0.25 * nu else 1 / (1 + np.sqrt(decrement / nu))
            while length > 1e-6 and not _is_dominating(
                matrix, diagonals, values + length * step
            ):
                length /= 2
            if length <= 1e-6:
                break
            values = values + length * step
            if decrement < 1e-3 * nu:
                break
        nu /= 8
    if (values > 0).all():
        scaled = _scaled_to_dominate(matrix, diagonals, values)
        if scaled[0] @ aim < values @ aim:
            values = scaled[0]
    return (values, best[1], 1.0) if values @ aim < best[0] @ aim else best
