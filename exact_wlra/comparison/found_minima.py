"""Local minima that many local searches end in: found, perhaps not all.

Contents
--------
found_minima    where alternating least squares from random starts ends
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from exact_wlra.budget import Budget
from exact_wlra.comparison.minima import LocalMinima, LocalMinimum
from exact_wlra.heuristics.alternating import alternate
from exact_wlra.heuristics.many_starts import end_points
from exact_wlra.heuristics.newton import polished
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

# Above this many entries times rank a run takes too long to be made many times.
_LARGEST = 40_000
_STARTS, _SWEEPS = 60, 3000
# Ends this close are one, relative to ||W o A||; ends of Newton's method are closer.
_SAME, _SAME_POLISHED = 1e-4, 1e-6
# Newton's method may move an end so far; if it goes further the run did not converge.
_NEAR = 1e-2
# Gradients above this, relative, belong to runs that did not converge.
_FLAT = 1e-8


def found_minima(
    matrix: WeightedMatrix, rank: int, *, seed: int, budget: Budget
) -> LocalMinima | None:
    """Return the distinct ends of many runs; None if not one was reached.

    Parameters
    ----------
    seed : int
        Of the Gaussian starts.
    budget : Budget
        Ends the runs on larger instances.

    Examples
    --------
    >>> from exact_wlra import read
    >>> matrix = WeightedMatrix.from_problem(read("dataset:four-basins-4x4", rank=1))
    >>> found = found_minima(matrix, 1, seed=0, budget=Budget(time_limit=60))
    >>> found.label, [round(point.cost, 3) for point in found.points]
    ('found, perhaps not all', [230.73, 246.329, 433.857, 487.9])
    """
    if not rank or not matrix.root_weights.any() or matrix.data.size * rank > _LARGEST:
        return None
    rank = min(rank, *matrix.shape)
    # Scale free, as searches elsewhere: tolerances are absolute near one.
    size = float(np.abs(matrix.data).max()) or 1.0
    data = matrix.data / size
    weights = matrix.squared_weights / matrix.squared_weights.max()
    norm = float(np.sqrt((weights * data**2).sum()))
    ends: list[tuple[Floats, int]] = []
    n_starts = 0
    for run in _runs(data, weights, rank, seed, budget):
        n_starts += 1
        place = _place(ends, run[0] @ run[1], weights, _SAME * norm)
        if place is None:
            left, right = polished(data, weights, *run)
            product = left @ right
            away = (weights * (product - run[0] @ run[1]) ** 2).sum() ** 0.5
            if away > _NEAR * norm or not _is_flat(data, weights, left, right):
                continue
            place = _place(ends, product, weights, _SAME_POLISHED * norm)
        if place is None:
            ends.append((product, 1))
        else:
            ends[place] = ends[place][0], ends[place][1] + 1
    if not ends:
        return None
    points = [
        LocalMinimum(cost=matrix.cost(size * end), matrix=size * end, n_starts=count)
        for end, count in ends
    ]
    return LocalMinima(
        points=tuple(sorted(points, key=lambda point: point.cost)),
        are_all=False,
        evidence=f"ends of {n_starts} runs of alternating least squares",
        n_starts=n_starts,
    )


def _runs(
    data: Floats, weights: Floats, rank: int, seed: int, budget: Budget
) -> Iterator[tuple[Floats, Floats]]:
    """Yield the factors at which runs from Gaussian starts end."""
    together = end_points(data, weights, rank, seed=seed)
    if together:
        yield from together
        return
    generator = np.random.default_rng([seed, 2])
    for _ in range(_STARTS):
        start = generator.standard_normal((rank, data.shape[1]))
        run = alternate(
            data, weights, start, sweeps=_SWEEPS, tolerance=1e-13, budget=budget
        )
        if budget.is_spent():
            return
        yield run.left, run.right


def _place(
    ends: list[tuple[Floats, int]], product: Floats, weights: Floats, radius: float
) -> int | None:
    """Return which known end a product is at."""
    for number, (end, _) in enumerate(ends):
        if (weights * (end - product) ** 2).sum() <= radius**2:
            return number
    return None


def _is_flat(data: Floats, weights: Floats, left: Floats, right: Floats) -> bool:
    """Tell whether the gradient vanishes, to rounding errors."""
    pull = weights * (data - left @ right)
    slope = max(np.abs(pull @ right.T).max(), np.abs(left.T @ pull).max())
    factors = max(np.abs(left).max(), np.abs(right).max())
    return bool(slope <= _FLAT * float(np.abs(weights * data).max()) * factors)
