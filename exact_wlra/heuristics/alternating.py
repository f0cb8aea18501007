"""Alternating weighted least squares from several starts: incumbents, no proofs.

Contents
--------
Approximation       factors and their floating-point cost
alternate           one run from given starting factors
best_of_starts      several starts, the best run polished

References
----------
[SrebroJaakkola2003]_
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.budget import Budget
from exact_wlra.heuristics.condensation import condense
from exact_wlra.heuristics.many_starts import sieve
from reductions.instances import Instance
from reductions.least_squares import solve_rows

Floats = NDArray[np.float64]

# Work of one sweep is about n d k^2; starts are chosen so that all take about a second.
_SWEEP_FLOATS = 60_000_000
_LARGEST_COUNT = 40
# Of many short runs so many go on.
_SIEVED = 6
_SVD_ENTRIES = 4_000_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Approximation:
    """Factors U (n x k), V (k x d) and their cost, an estimate."""

    left: Floats
    right: Floats
    cost: float


def alternate(
    data: Floats,
    weights: Floats,
    right: Floats,
    *,
    sweeps: int,
    tolerance: float,
    budget: Budget,
) -> Approximation:
    """Alternate between U and V until the cost stalls; the cost never increases.

    Every few sweeps V is extrapolated along its last move, and kept if that helps.
    """
    left = solve_rows(data, weights, right)
    cost = _cost(data, weights, left, right)
    previous = right
    reach = 1.0
    for sweep in range(sweeps):
        right = solve_rows(data.T, weights.T, left.T).T
        if sweep % 3 == 2:
            ahead = right + reach * (right - previous)
            trial = solve_rows(data, weights, ahead)
            trial_cost = _cost(data, weights, trial, ahead)
            plain = solve_rows(data, weights, right)
            plain_cost = _cost(data, weights, plain, right)
            if trial_cost < plain_cost:
                left, right, new, reach = trial, ahead, trial_cost, 2 * reach
            else:
                left, new, reach = plain, plain_cost, max(1.0, reach / 2)
        else:
            left = solve_rows(data, weights, right)
            new = _cost(data, weights, left, right)
        previous = right
        if not np.isfinite(new) or budget.is_spent():
            break
        if cost - new <= tolerance * cost and sweep % 3 == 2:
            cost = min(cost, new)
            break
        cost = new
    return Approximation(left=left, right=right, cost=cost)


def best_of_starts(instance: Instance, *, seed: int, budget: Budget) -> Approximation:
    """Return the best of several runs on one instance, polished.

    Starts: the truncated SVD of A, that of W o A divided by W in the mean, and Gaussian
    matrices from `seed`.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> found = best_of_starts(
    ...     Instance(data=A, squared_weights=omega, rank=1),
    ...     seed=0,
    ...     budget=Budget(time_limit=10),
    ... )
    >>> round(found.cost, 6)
    1.90983
    """
    k = instance.rank
    n, d = instance.shape
    if not instance.support().any():
        return Approximation(left=np.zeros((n, k)), right=np.zeros((k, d)), cost=0.0)
    data, weights = condense(instance)
    # Scale free: the tolerances of the solves below are absolute near one.
    size = float(np.abs(data).max(initial=0.0)) or 1.0
    heaviest = float(weights.max(initial=0.0)) or 1.0
    scaled, weights = data / size, weights / heaviest
    starts = _starts(scaled, weights, k, seed)
    starts += sieve(scaled, weights, k, seed=seed, kept=_SIEVED)
    runs = [
        alternate(scaled, weights, start, sweeps=60, tolerance=1e-7, budget=budget)
        for start in starts
    ]
    best = min(runs, key=lambda run: run.cost)
    best = alternate(
        scaled, weights, best.right, sweeps=600, tolerance=1e-14, budget=budget
    )
    left = best.left * size
    if len(data) != n:
        left = _refit(instance, best.right)
    return Approximation(
        left=left, right=best.right, cost=best.cost * size**2 * heaviest
    )


def _refit(instance: Instance, right: Floats) -> Floats:
    """Return U for V on all rows."""
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    fitted: Floats = solve_rows(data, weights, right)
    return fitted


def _starts(data: Floats, weights: Floats, rank: int, seed: int) -> list[Floats]:
    """Return starting factors V (k x d)."""
    n, d = data.shape
    count = int(np.clip(_SWEEP_FLOATS // (60 * n * d * rank), 2, _LARGEST_COUNT))
    generator = np.random.default_rng(seed)
    starts = [generator.standard_normal((rank, d)) for _ in range(count)]
    matrices = (data, np.sqrt(weights) * data)
    return starts + [_leading_rows(matrix, rank, generator) for matrix in matrices]


def _leading_rows(matrix: Floats, rank: int, generator: np.random.Generator) -> Floats:
    """Return the leading right singular vectors, exactly or by subspace iteration."""
    n, d = matrix.shape
    if n * d <= _SVD_ENTRIES and min(n, d) <= 600:
        vectors = np.linalg.svd(matrix, full_matrices=False)[2][:rank]
    else:
        basis = generator.standard_normal((d, rank + 8))
        for _ in range(6):
            basis = np.linalg.qr(matrix.T @ (matrix @ basis))[0]
        vectors = np.linalg.svd(matrix @ basis, full_matrices=False)[2][:rank] @ basis.T
    if len(vectors) < rank:
        extra = generator.standard_normal((rank - len(vectors), d))
        return np.concatenate([vectors, 1e-3 * extra])
    return vectors


def _cost(data: Floats, weights: Floats, left: Floats, right: Floats) -> float:
    """Return the floating-point cost."""
    residual = data - left @ right
    return float(np.einsum("ij,ij,ij->", weights, residual, residual))
