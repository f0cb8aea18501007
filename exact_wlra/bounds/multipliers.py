"""Multipliers for one linear matrix inequality, found in floating point.

At a point of pattern space with matrix M the multipliers lambda solve

    minimize <lambda, w>   subject to   sum_l lambda_l D_l - M positive semidefinite,

D_l diagonal, D_l >= 0, sum_l D_l = I. Its dual maximizes x^T M x over x^T D_l x = w_l,
and a stationary x with multipliers that dominate M solves both.

Contents
--------
Multipliers         multipliers and maximizers of a batch of problems
find_multipliers    fixed point, then Newton on the stationarity conditions, then,
                    where these do not dominate M, restarts and an interior-point method

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
# Relative residual at which Newton's method has arrived.
_NEWTON_ACCURACY = 1e-13
# Order above which eigenvectors are computed by Lanczos iteration.
_DENSE_ORDER = 400
# Relative margin within which a point counts as feasible: rounding of Cholesky.
_FEASIBILITY_MARGIN = 1e-14
# The barrier: its first weight, relative to the objective, how it falls, how near to
# the central path one has to be (decrement), and how many Newton steps are made.
_FIRST_BARRIER = 0.03
_BARRIER_RATIO = 30.0
_NEAR = 0.6
_LARGEST_STEPS = 60
# Order above which the interior-point method is not tried.
_LARGEST_INTERIOR = 600


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """Dominating multipliers (K, s) and points x (K, d) for K problems."""

    values: Floats
    points: Floats


def find_multipliers(
    matrices: Floats,
    diagonals: Floats,
    aims: Floats,
    starts: Floats,
    *,
    margin: float,
    accuracy: float,
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
        Relative margin: lambda dominates M with margin * trace(Lambda) to spare.
    accuracy : float
        Distance of <lambda, w> from its minimum that is good enough.
    """
    points = _fixed_point(matrices, diagonals, aims, starts)
    values, points = _newton(matrices, diagonals, aims, points)
    open_ = _not_dominating(matrices, diagonals, values, margin)
    if len(open_):
        blocks, targets = matrices[open_], aims[open_]
        safe, tops = _scaled_to_dominate(blocks, diagonals, values[open_])
        again = _rescaled(tops, diagonals, targets)
        again = _fixed_point(blocks, diagonals, targets, again)
        retried, again = _newton(blocks, diagonals, targets, again)
        points[open_] = again
        values[open_] = retried
        left = _not_dominating(blocks, diagonals, retried, margin)
        if len(left):
            values[open_[left]] = _interior_points(
                blocks[left], diagonals, targets[left], safe[left], accuracy
            )
    slack = 2 * margin * np.abs(values @ diagonals).sum(axis=1)
    return Multipliers(values=values + slack[:, None], points=points)


def _fixed_point(
    matrices: Floats, diagonals: Floats, aims: Floats, starts: Floats
) -> Floats:
    """Iterate x <- M x, rescaled so that x^T D_l x = w_l."""
    x = _rescaled(starts, diagonals, aims)
    for _ in range(_FIXED_POINT_STEPS):
        x = _rescaled(_apply(matrices, x), diagonals, aims)
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
    order, size = x.shape[1], diagonals.shape[0]
    values = _rayleigh(matrices, diagonals, x)
    left = np.arange(len(x))
    indices = np.arange(order)
    for _ in range(_NEWTON_STEPS):
        point, value, matrix = x[left], values[left], matrices[left]
        spread = value @ diagonals
        gradient = spread * point - _apply(matrix, point)
        borders = diagonals[None] * point[:, None, :]
        defect = (_apply(borders, point) - aims[left]) / 2
        scale = np.abs(value).max(axis=1) + 1e-300
        error = np.abs(gradient).max(axis=1) / scale + np.abs(defect).max(axis=1)
        rest = error > _NEWTON_ACCURACY
        if not rest.any():
            break
        system = np.zeros((int(rest.sum()), order + size, order + size))
        system[:, :order, :order] = -matrix[rest]
        system[:, indices, indices] += spread[rest]
        system[:, order:, :order] = borders[rest]
        system[:, :order, order:] = borders[rest].transpose(0, 2, 1)
        right = -np.concatenate([gradient, defect], axis=1)[rest]
        try:
            step = np.linalg.solve(system, right[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            break
        step[~np.isfinite(step).all(axis=1)] = 0.0
        # A long step leaves the region where Newton's method makes sense.
        length = np.linalg.norm(step[:, :order], axis=1)
        damping = np.minimum(1.0, 0.5 / np.maximum(length, 1e-300))[:, None]
        left = left[rest]
        x[left] += damping * step[:, :order]
        values[left] += damping * step[:, order:]
    return values, x


def _apply(matrices: Floats, x: Floats) -> Floats:
    """Return the products M x, one for each matrix."""
    products: Floats = (matrices @ x[:, :, None])[:, :, 0]
    return products


def _rayleigh(matrices: Floats, diagonals: Floats, x: Floats) -> Floats:
    """Return least-squares multipliers of M x = sum lambda_l D_l x."""
    borders = diagonals[None] * x[:, None, :]
    normal = np.einsum("klj,kmj->klm", borders, borders)
    ridge = 1e-14 * np.trace(normal, axis1=1, axis2=2) + 1e-300
    normal += ridge[:, None, None] * np.eye(diagonals.shape[0])
    right = np.einsum("klj,kji,ki->kl", borders, matrices, x, optimize=True)
    solution: Floats = np.linalg.solve(normal, right[:, :, None])[:, :, 0]
    return solution


def _not_dominating(
    matrices: Floats, diagonals: Floats, values: Floats, margin: float
) -> NDArray[np.int64]:
    """Return the indices where a Cholesky factorization of Lambda - M fails."""
    spread = values @ diagonals
    spread = spread + margin * np.abs(spread).sum(axis=1, keepdims=True)
    shifted = -matrices
    indices = np.arange(matrices.shape[1])
    shifted[:, indices, indices] += spread
    failed = []
    for index, matrix in enumerate(shifted):
        if not matrices[index].any():  # nothing to dominate
            values[index] = 0.0
            continue
        try:
            np.linalg.cholesky(matrix)
        except np.linalg.LinAlgError:
            failed.append(index)
    return np.array(failed, dtype=np.int64)


def _scaled_to_dominate(
    matrices: Floats, diagonals: Floats, values: Floats
) -> tuple[Floats, Floats]:
    """Return multiples of positive multipliers that dominate, and top eigenvectors."""
    order = matrices.shape[1]
    trace = np.trace(matrices, axis1=1, axis2=2)[:, None]
    positive = np.maximum(values, 1e-6 * trace / order + 1e-300)
    root = 1 / np.sqrt(positive @ diagonals)
    scaled = root[:, :, None] * matrices * root[:, None, :]
    tops, vectors = _top_eigenpairs(scaled)
    return positive * (tops * (1 + 1e-14))[:, None], vectors * root


def _top_eigenpairs(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the largest eigenvalues (K,) and their eigenvectors (K, d)."""
    count, order, _ = matrices.shape
    if order <= _DENSE_ORDER:
        values, vectors = np.linalg.eigh(matrices)
        return values[:, -1], vectors[:, :, -1]
    from scipy.sparse.linalg import ArpackNoConvergence, eigsh

    tops, points = np.empty(count), np.empty((count, order))
    for index, matrix in enumerate(matrices):
        try:
            value, vector = eigsh(
                matrix, k=1, which="LA", v0=np.ones(order), tol=1e-12, maxiter=2000
            )
            tops[index], points[index] = value[0], vector[:, 0]
        except ArpackNoConvergence:
            dense_values, dense_vectors = np.linalg.eigh(matrix)
            tops[index], points[index] = dense_values[-1], dense_vectors[:, -1]
    return tops, points


def _interior_points(
    matrices: Floats, diagonals: Floats, aims: Floats, safe: Floats, accuracy: float
) -> Floats:
    """Minimize <lambda, w> - nu log det(Lambda - M) for nu -> 0, all at once.

    Damped Newton steps of a self-concordant barrier stay feasible without line search.
    """
    order = matrices.shape[1]
    if order > _LARGEST_INTERIOR:
        return safe
    values = 1.02 * safe
    objective = np.einsum("ks,ks->k", values, aims)
    nu = _FIRST_BARRIER * objective / order
    final = np.maximum(accuracy, 1e-11 * objective) / order
    indices = np.arange(order)
    left = np.arange(len(matrices))
    for _ in range(_LARGEST_STEPS):
        spread = -matrices[left]
        spread[:, indices, indices] += values[left] @ diagonals
        try:
            inverse = np.linalg.inv(spread)
            inner = np.einsum("kii->ki", inverse)
            gradient = aims[left] - nu[left, None] * (inner @ diagonals.T)
            hessian = diagonals @ (inverse * inverse) @ diagonals.T
            hessian *= nu[left, None, None]
            step = -np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            return safe
        squared = -np.einsum("ks,ks->k", gradient, step) / nu[left]
        decrement = np.sqrt(np.maximum(squared, 0))
        is_near = decrement < _NEAR
        length = np.where(is_near, 1.0, 1 / (1 + decrement))
        values[left] += length[:, None] * step
        near = left[is_near]
        # One schedule for each problem: what has converged takes no more part.
        left = left[~(is_near & (nu[left] <= final[left]))]
        if not len(left):
            break
        nu[near] = np.maximum(nu[near] / _BARRIER_RATIO, np.minimum(nu, final)[near])
    scaled, _ = _scaled_to_dominate(matrices, diagonals, values)
    values = np.where(_smaller(scaled, values, aims), scaled, values)
    # Rounding may have led out of the feasible set, where the objective is too low.
    values[_not_dominating(matrices, diagonals, values, _FEASIBILITY_MARGIN)] = np.inf
    return np.where(_smaller(values, safe, aims), values, safe)


def _smaller(left: Floats, right: Floats, aims: Floats) -> NDArray[np.bool_]:
    """Tell, as a column, where left has the smaller objective <lambda, w>."""
    usable = np.isfinite(left).all(axis=1)
    less = np.einsum("ks,ks->k", left - right, aims) < 0
    column: NDArray[np.bool_] = (usable & less)[:, None]
    return column
