"""Maximizing the spectral bound T1 over its minorant and its linearization point.

For pi = p q^T <= omega, a matrix Z and B = A + ((omega - pi)/pi) o Z,

    L(p, q, Z) = sum_{i>k} sigma_i^2(P^1/2 B Q^1/2) - sum (omega (omega - pi)/pi) o Z^2

is a lower bound on OPT, concave in Z. All numbers here are estimates: the result is
rounded and proved elsewhere.

Contents
--------
Linearization           minorant, center A - Z = left @ right, estimated bound
tightness               the ratio of T1 that proves a stationary point optimal from 1 on
linearize               the bound at the center `left @ right`, as it stands
maximize_linearization  ascent in Z, then in p, q and Z together
capped_shares           the weights of a smoothed sum of the k largest values

Notes on the implementation
---------------------------
At the best Z several singular values coincide and L has a kink. The sum of the k
largest is therefore smoothed: max w . lambda - (mu/2)|w|^2 over 0 <= w <= 1, sum w = k,
with mu going down. Feasibility of p, q is built in: p_i is the smooth minimum of
omega_ij/q_j over j, which lies below the minimum. L-BFGS does the rest. At a maximum
A - Z lies in the span of the coinciding singular vectors, so that it has low rank.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.rank_one_minorants import Minorant, maximal_minorant

Floats = NDArray[np.float64]

# Elementary operations after which the ascent ends, a quarter of a minute or so.
_OPERATIONS = 1.5e11
# How far the logarithms of q may move in one ascent: no overflow on the way.
_REACH = 20.0
_LEAST_EVALUATIONS, _MOST_EVALUATIONS = 40, 4000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Linearization:
    """A choice of p, q and of the center A - Z = left @ right.

    Parameters
    ----------
    minorant : pair of arrays
        p and q.
    left, right : arrays, shapes (n, m) and (m, d)
    value : float
        Estimate of the bound.
    """

    minorant: Minorant
    left: Floats
    right: Floats
    value: float


@final
@dataclass(slots=True, kw_only=True)
class _Ascent:
    """The state of a search: the instance, what may still be spent, the best so far."""

    data: Floats
    weights: Floats
    rank: int
    evaluations: int
    goal: float
    interrupted: Callable[[], bool]
    value: float = -np.inf
    minorant: Minorant = field(default_factory=lambda: (np.ones(0), np.ones(0)))
    residual: Floats = field(default_factory=lambda: np.zeros((0, 0)))


class _Finished(Exception):  # noqa: N818 - leaves an optimizer, no error
    """Nothing more is to be spent."""


def tightness(
    data: Floats, weights: Floats, minorant: Minorant, left: Floats, right: Floats
) -> float:
    """Return sigma_k(P^1/2 X Q^1/2) / ||P^-1/2 (omega o (A - X)) Q^-1/2|| at X = UV.

    From 1 on, a stationary point X is a global minimum (corollary of T1).

    Examples
    --------
    >>> A = np.array([[2.0, 0.0], [0.0, 1.0]])
    >>> u = np.array([[1.0], [0.0]])
    >>> tightness(A, np.ones((2, 2)), (np.ones(2), np.ones(2)), u, 2 * u.T)
    2.0
    """
    rows, columns = np.sqrt(minorant[0])[:, None], np.sqrt(minorant[1])
    _, first = np.linalg.qr(rows * left)
    _, second = np.linalg.qr((right * columns).T)
    smallest = np.linalg.svd(first @ second.T, compute_uv=False)[-1]
    gradient = weights * (data - left @ right) / rows / columns
    largest = np.sqrt(max(np.linalg.eigvalsh(_gram(gradient))[-1], 0.0))
    return float(smallest / largest) if largest > 0 else np.inf


def linearize(
    data: Floats,
    weights: Floats,
    rank: int,
    minorant: Minorant,
    *,
    left: Floats,
    right: Floats,
) -> Linearization:
    """Return the linearization with center `left @ right` and its estimated bound."""
    value, _, _, _ = _evaluate(
        data, weights, rank, minorant, data - left @ right, smoothing=0.0
    )
    return Linearization(minorant=minorant, left=left, right=right, value=value)


def maximize_linearization(
    data: Floats,
    weights: Floats,
    rank: int,
    start: Linearization,
    *,
    goal: float,
    max_evaluations: int | None,
    interrupted: Callable[[], bool],
) -> Linearization:
    """Return a linearization with a larger bound, `goal` or more if that is reached.

    Parameters
    ----------
    data, weights : arrays, shape (n, d)
        A and omega > 0; d should not exceed n.
    rank : int
        k, less than d.
    start : Linearization
        Minorant and center to start from.
    max_evaluations : int, optional
        Each costs an eigenvalue decomposition of order d; by default as many as take a
        quarter of a minute or less.
    """
    n, d = data.shape
    cost = 2.0 * n * d * d + 10.0 * d**3 + 100.0 * n * d
    spent = int(np.clip(_OPERATIONS / cost, _LEAST_EVALUATIONS, _MOST_EVALUATIONS))
    if max_evaluations is not None:
        spent = max_evaluations
    ascent = _Ascent(
        data=data,
        weights=weights,
        rank=rank,
        evaluations=spent,
        goal=goal,
        interrupted=interrupted,
        minorant=start.minorant,
        residual=data - start.left @ start.right,
    )
    scale = np.linalg.eigvalsh(_gram(np.sqrt(np.outer(*start.minorant)) * data))[
        -1 - rank
    ]
    iterations = max(10, spent // 12)
    try:
        for step in (0.3, 0.1, 0.03):
            _ascend(ascent, step * scale, iterations, sharpness=None)
        for step, sharpness in ((0.1, 10.0), (0.03, 20.0), (0.01, 40.0), (3e-3, 80.0)):
            _ascend(ascent, step * scale, iterations, sharpness=sharpness)
        raised = maximal_minorant(weights, ascent.minorant[1])
        value, _, _, _ = _evaluate(
            data, weights, rank, raised, ascent.residual, smoothing=0.0
        )
        if value > ascent.value:
            ascent.minorant, ascent.value = raised, value
        for step in (0.03, 0.01, 3e-3, 1e-3):
            _ascend(ascent, step * scale, iterations, sharpness=None)
    except _Finished:
        pass
    found = _with_low_rank_center(ascent)
    return found if found.value > start.value else start


def _ascend(
    ascent: _Ascent, smoothing: float, iterations: int, *, sharpness: float | None
) -> None:
    """Run L-BFGS on Z (sharpness None), or on log q and Z with smooth minima p."""
    from scipy.optimize import Bounds, minimize

    data, weights = ascent.data, ascent.weights
    size = data.size
    pi = np.outer(*ascent.minorant)
    # In Z/unit and log(q)/step the second derivatives of the bound are near one.
    unit = np.sqrt(pi / (weights * np.maximum(weights - pi, 1e-3 * weights)))
    fixed = ascent.minorant
    losses = float((weights * ascent.residual**2).sum())
    step = np.sqrt(data.shape[1] / losses) if losses > 0 else 1.0

    def negative(point: Floats) -> tuple[float, Floats]:
        if ascent.evaluations <= 0 or ascent.interrupted():
            raise _Finished
        ascent.evaluations -= 1
        residual = point[:size].reshape(data.shape) * unit
        minorant = fixed
        if sharpness is not None:
            minorant, shares = _smooth_minorant(weights, point[size:] * step, sharpness)
        value, smooth, slope, density = _evaluate(
            data, weights, ascent.rank, minorant, residual, smoothing=smoothing
        )
        if value > ascent.value:
            ascent.value, ascent.minorant = value, minorant
            ascent.residual = residual
            if value >= ascent.goal:
                raise _Finished
        gradient = (slope * unit).ravel()
        if sharpness is not None:
            gains = density.sum(axis=0) - density.sum(axis=1) @ shares
            gradient = np.concatenate([gradient, gains * step])
        return -smooth, -gradient

    start = (ascent.residual / unit).ravel()
    reach = np.full(size, np.inf)
    if sharpness is not None:
        start = np.concatenate([start, np.log(ascent.minorant[1]) / step])
        reach = np.concatenate([reach, np.full(start.size - size, _REACH / step)])
    minimize(
        negative,
        start,
        jac=True,
        bounds=Bounds(start - reach, start + reach),
        method="L-BFGS-B",
        options={"maxiter": iterations, "maxcor": _memory(size)},
    )


def _memory(size: int) -> int:
    """Return the number of corrections that L-BFGS keeps, 300 MB of them at most."""
    return int(np.clip(20_000_000 // size, 3, 20))


def _smooth_minorant(
    weights: Floats, log_columns: Floats, sharpness: float
) -> tuple[Minorant, Floats]:
    """Return (p, q), and by row the shares of the columns in -d log p / d log q."""
    exponents = sharpness * (log_columns - np.log(weights))
    top = exponents.max(axis=1, keepdims=True)
    powers = np.exp(exponents - top)
    sums = powers.sum(axis=1, keepdims=True)
    rows = np.exp(-(top + np.log(sums))[:, 0] / sharpness)
    return (rows, np.exp(log_columns)), powers / sums


def _evaluate(
    data: Floats,
    weights: Floats,
    rank: int,
    minorant: Minorant,
    residual: Floats,
    *,
    smoothing: float,
) -> tuple[float, float, Floats, Floats]:
    """Return L, smoothed L, its gradient in Z, and its gradient in log pi."""
    pi = np.outer(*minorant)
    root = np.sqrt(pi)
    excess = weights - pi
    shifted = root * data + excess / root * residual
    eigenvalues, basis = np.linalg.eigh(_gram(shifted))
    values, basis = eigenvalues[::-1], basis[:, ::-1]
    shares = capped_shares(values, rank, smoothing)
    leading = int((shares > 0).sum())
    vectors = basis[:, :leading]
    rest = shifted - (shifted @ vectors * shares[:leading]) @ vectors.T
    curvature = weights * excess / pi * residual
    price = float((curvature * residual).sum())
    # The sum of squares is the more accurate where the tail is tiny.
    tail = float(values[rank:].sum()) if smoothing > 0 else float((rest**2).sum())
    value = tail - price
    smooth = float(((1 - shares) * values).sum() + smoothing / 2 * shares @ shares)
    quotient = weights / pi
    density = rest * root * (data - residual * (quotient + 1))
    density += quotient * weights * residual**2
    return value, smooth - price, 2 * (rest * excess / root - curvature), density


def capped_shares(values: Floats, rank: int, smoothing: float) -> Floats:
    """Return the w of max w . values - (smoothing/2)|w|^2, 0 <= w <= 1, sum w = k.

    Parameters
    ----------
    values : array
        Descending; more than k.

    Examples
    --------
    >>> capped_shares(np.array([3.0, 1.0, 1.0, 0.0]), 2, 0.25).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """
    if rank == 0 or smoothing <= 0:
        return np.where(np.arange(len(values)) < rank, 1.0, 0.0)
    low = values[rank - 1] - smoothing
    near = values[(values > low) & (values < low + 2 * smoothing)]
    above = int((values >= low + 2 * smoothing).sum())
    breaks = np.concatenate([near, near - smoothing, [low, low + smoothing]])
    breaks = np.sort(breaks[(breaks >= low) & (breaks <= low + smoothing)])[::-1]
    sums = above + np.clip((near - breaks[:, None]) / smoothing, 0, 1).sum(axis=1)
    level = np.interp(rank, sums, breaks)
    return np.asarray(np.clip((values - level) / smoothing, 0, 1))


def _with_low_rank_center(ascent: _Ascent) -> Linearization:
    """Replace A - Z by a matrix of low rank that costs (almost) nothing."""
    data, weights, rank = ascent.data, ascent.weights, ascent.rank
    rows, columns = ascent.minorant
    pi = np.outer(rows, columns)
    excess = np.maximum(weights - pi, 0.0)
    root = np.sqrt(pi)
    shifted = root * data + excess / root * ascent.residual
    values, basis = np.linalg.eigh(_gram(shifted))
    values, basis = values[::-1], basis[:, ::-1]
    target = data - ascent.residual
    curvature = weights * excess / pi
    curvature += 1e-9 * curvature.mean() + 1e-300
    sizes = {
        max(rank, int((values >= part * values[rank - 1]).sum()))
        for part in (0.999, 0.99, 0.97, 0.9)
    }
    best = Linearization(
        minorant=ascent.minorant, left=target[:, :0], right=target[:0], value=-np.inf
    )
    for size in sorted(sizes):
        right = basis[:, :size].T / np.sqrt(columns)
        left = _fit(right, target.T, curvature.T).T
        right = _fit(left.T, target, curvature)
        found = linearize(data, weights, rank, ascent.minorant, left=left, right=right)
        # A larger center must pay for its size.
        if found.value > best.value + 1e-3 * abs(ascent.goal - found.value):
            best = found
    return best


def _fit(factor: Floats, target: Floats, weights: Floats) -> Floats:
    """Return Y with least sum weights (target - factor^T Y)^2, factor (m x n)."""
    size = len(factor)
    products = (factor[:, None, :] * factor[None, :, :]).reshape(size * size, -1)
    normal = (products @ weights).T.reshape(-1, size, size)
    trace = np.trace(normal, axis1=1, axis2=2)
    ridge = 1e-13 * (trace + trace.mean())
    normal += ridge[:, None, None] * np.eye(size)
    moments = (factor @ (weights * target)).T
    solution = np.linalg.solve(normal, moments[:, :, None])[:, :, 0]
    return np.asarray(solution.T, dtype=np.float64)


def _gram(matrix: Floats) -> Floats:
    """Return M^T M."""
    return matrix.T @ matrix
