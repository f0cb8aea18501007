"""Many short runs of alternating least squares at once, for small instances.

Small instances have many local minima, sometimes several global ones; their runs cost
little together.

Contents
--------
sieve           the best V of many short runs
end_points      the factors at which many long runs end
tied_minima     all points of least cost that the runs find
"""

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.newton import polished

Floats = NDArray[np.float64]

_RUNS = 300
# Sweeps of the runs that are sieved, and of those that are to end at a minimum.
_SWEEPS, _LONG_SWEEPS = 40, 400
# Entries times rank squared above which all runs together are no longer cheap.
_LARGEST = 1000
_REGULARIZATION = 1e-12
# Runs this close to the best, relative to its cost, are polished; ties are closer.
_NEAR, _TIED = 1e-2, 1e-10
# Gradients above this, relative, belong to runs that did not converge.
_FLAT = 1e-10
_MOST_TIES = 64


def sieve(
    data: Floats, weights: Floats, rank: int, *, seed: int, kept: int
) -> list[Floats]:
    """Return V (k x d) of the best runs, the best first; none if the instance is large.

    Examples
    --------
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> len(sieve(A, np.ones((2, 2)), 1, seed=0, kept=3))
    3
    """
    if data.size * rank * rank > _LARGEST:
        return []
    rights, costs = _runs(data, weights, rank, seed, _SWEEPS)
    return [rights[i] for i in np.argsort(costs)[:kept]]


def tied_minima(data: Floats, weights: Floats, rank: int, *, seed: int) -> list[Floats]:
    """Return the distinct products U V (n x d) of least cost, where there are weights.

    Entries without weight are set to 0.

    Examples
    --------
    The two best approximations of the unit matrix that are diagonal or rotated by signs
    are among infinitely many; with a heavier diagonal there are two.

    >>> weights = np.array([[2.0, 1.0], [1.0, 2.0]])
    >>> len(tied_minima(np.eye(2), weights, 1, seed=0))
    2
    """
    if data.size * rank * rank > _LARGEST:
        return []
    rights, costs = _runs(data, weights, rank, seed, _LONG_SWEEPS)
    order = np.argsort(costs)
    near = order[costs[order] <= (1 + _NEAR) * costs[order[0]] + 1e-300]
    found: list[tuple[float, Floats]] = []
    for index in near:
        left = _solved(weights * data, weights, rights[index][None])[0].T
        left, right = polished(data, weights, left, rights[index])
        product = np.where(weights > 0, left @ right, 0.0)
        cost = float((weights * (data - product) ** 2).sum())
        pull = weights * (data - product)
        slope = max(np.abs(pull @ right.T).max(), np.abs(left.T @ pull).max())
        size = 1e-6 * float(np.linalg.norm(product)) + 1e-300
        if slope > _FLAT * float(np.abs(weights * data).max()) * np.abs(right).max():
            continue
        if all(np.linalg.norm(product - other) > size for _, other in found):
            found.append((cost, product))
    least = min((cost for cost, _ in found), default=0.0)
    tied = [point for cost, point in found if cost <= (1 + _TIED) * least]
    return tied[:_MOST_TIES]


def end_points(
    data: Floats, weights: Floats, rank: int, *, seed: int
) -> list[tuple[Floats, Floats]]:
    """Return U, V of all long runs, the cheapest first; none if the instance is large.

    Runs that diverge are left away.

    Examples
    --------
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> ends = end_points(A, np.ones((2, 2)), 1, seed=0)
    >>> len(ends), round(float(((A - ends[0][0] @ ends[0][1]) ** 2).sum()), 6)
    (300, 1.90983)
    """
    if data.size * rank * rank > _LARGEST:
        return []
    rights, costs = _runs(data, weights, rank, seed, _LONG_SWEEPS)
    order = [i for i in np.argsort(costs) if np.isfinite(costs[i])]
    targets = weights * data
    lefts = _solved(targets, weights, rights[order]).transpose(0, 2, 1)
    return list(zip(lefts, rights[order], strict=True))


def _runs(
    data: Floats, weights: Floats, rank: int, seed: int, sweeps: int
) -> tuple[Floats, Floats]:
    """Return V of all runs, (S, k, d), and their costs."""
    generator = np.random.default_rng([seed, 1])
    right = generator.standard_normal((_RUNS, rank, data.shape[1]))
    targets = weights * data
    for _ in range(sweeps):
        left = _solved(targets, weights, right)
        right = _solved(targets.T, weights.T, left)
    left = _solved(targets, weights, right)
    residual = data - np.einsum("sln,sld->snd", left, right)
    costs = np.einsum("nd,snd,snd->s", weights, residual, residual)
    return right, np.where(np.isfinite(costs), costs, np.inf)


def _solved(targets: Floats, weights: Floats, right: Floats) -> Floats:
    """Return U^T (S, k, n) for a stack of V (S, k, d), slightly regularized."""
    count, k, _ = right.shape
    pairs = (right[:, :, None] * right[:, None]).reshape(count, k * k, -1) @ weights.T
    grams = pairs.transpose(0, 2, 1).reshape(count, -1, k, k)
    size = np.einsum("snll->sn", grams) + 1e-300
    grams = grams + _REGULARIZATION * size[..., None, None] * np.eye(k)
    sides = (right @ targets.T).transpose(0, 2, 1)[..., None]
    solved: Floats = np.linalg.solve(grams, sides)[..., 0].transpose(0, 2, 1)
    return solved
