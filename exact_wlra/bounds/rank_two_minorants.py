"""Minorants of rank two, 0 < P H <= omega, of squared weights with more patterns.

Everything happens on the matrix of patterns: rows and columns of proportional weights
count once, their losses together. P comes from two groups of columns (the entrywise
minimum of each, after scaling) or from two columns; then every column of H is the best
multiple of the best direction. The same is done for rows.

Contents
--------
RankTwoMinorant     P (n x 2) and H (2 x d), exact, and an estimate of the price
rank_two_minorants  several of them, the cheapest first

Notes on the implementation
---------------------------
At a stationary point with residual R the bound starts from cost + price - price with
price = sum omega (omega - omega')/omega' R^2: a small price means that little curvature
was added, and the point more often stays the best one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]

# Up to so many patterns all divisions into two groups are tried.
_LARGEST_COUNT = 6
_STARTS, _ROUNDS = 6, 10
_DIRECTIONS = 33
_BITS = 12
# So that numbers which are short anyway survive a rounding down.
_FUDGE = 1e-12


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RankTwoMinorant:
    """omega' = left @ right <= omega; the price is relative to the losses."""

    left: RationalMatrix
    right: RationalMatrix
    price: float


def rank_two_minorants(
    squared_weights: RationalMatrix, losses: Floats, *, count: int
) -> list[RankTwoMinorant]:
    """Return at most `count` minorants of positive weights, the cheapest first.

    There are none for weights of rank one.

    Parameters
    ----------
    squared_weights : RationalMatrix, shape (n, d)
        omega, positive.
    losses : array, shape (n, d)
        omega R^2 at a stationary point.

    Examples
    --------
    >>> omega = RationalMatrix.from_rows([[1, 2, 3], [1, 1, 1], [1, 3, 4]])
    >>> best, *_ = rank_two_minorants(omega, np.ones((3, 3)), count=3)
    >>> lowered = best.left @ best.right
    >>> bool(((omega - lowered).numerators >= 0).all())
    True
    """
    rows, first_rows, row_content = ray_classes(squared_weights.numerators)
    primitive = integer_arrays.narrow(
        squared_weights.numerators[first_rows] // row_content[first_rows][:, None]
    )
    columns, first_columns, column_content = ray_classes(primitive.T)
    patterns = RationalMatrix(
        primitive[:, first_columns] // column_content[first_columns]
    )
    masses = np.zeros(patterns.shape)
    np.add.at(masses, (rows[:, None], columns[None, :]), losses)
    weights = patterns.to_float()
    masses = (masses + 1e-9 * masses.mean()) / (masses.sum() or 1.0)
    proposals = [(*pair, False) for pair in _proposals(weights, masses)]
    proposals += [(*pair, True) for pair in _proposals(weights.T, masses.T)]
    proposals.sort(key=lambda pair: pair[0])
    scale = RationalMatrix(row_content[:, None], squared_weights.denominator)
    found = []
    for price, left, turned in proposals[:count]:
        target = patterns.transpose if turned else patterns
        exact_left, exact_right = _exact(target, left, masses.T if turned else masses)
        if turned:
            exact_left, exact_right = exact_right.transpose, exact_left.transpose
        found.append(
            RankTwoMinorant(
                left=exact_left.take(rows).hadamard(scale),
                right=exact_right.take(columns=columns).hadamard(
                    RationalMatrix(column_content[None, :])
                ),
                price=price,
            )
        )
    return found


def _proposals(weights: Floats, masses: Floats) -> Iterator[tuple[float, Floats]]:
    """Yield prices and matrices P whose columns come from two groups of columns."""
    count = weights.shape[1]
    if count < 2:
        return
    if count <= _LARGEST_COUNT:
        for mask in range(1, 1 << (count - 1)):
            labels = np.array([mask >> j & 1 for j in range(count)])
            yield _priced(weights, masses, _centers(weights, labels))
        for pair in combinations(range(count), 2):
            yield _priced(weights, masses, weights[:, pair])
        return
    logs = np.log(weights)
    logs = logs - logs.mean(axis=0)
    directions = np.linalg.svd(logs - logs.mean(axis=1, keepdims=True))[2]
    for direction in directions[:_STARTS]:
        yield _priced(weights, masses, _grouped(weights, masses, direction > 0))


def _grouped(weights: Floats, masses: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Return P after moving columns between two groups to where they cost less."""
    left = _centers(weights, labels.astype(int))
    for _ in range(_ROUNDS):
        prices = []
        for center in left.T:
            scales = (weights / center[:, None]).min(axis=0)
            raised = weights / (center[:, None] * scales)
            prices.append((masses * raised).sum(axis=0))
        moved = prices[1] < prices[0]
        if (moved == labels).all() or moved.all() or not moved.any():
            break
        labels = moved
        left = _centers(weights, labels.astype(int))
    return left


def _centers(weights: Floats, labels: NDArray[np.int64]) -> Floats:
    """Return for each of two groups the minimum of its columns, scaled alike."""
    centers = []
    for group in (0, 1):
        part = weights[:, labels == group]
        if not part.shape[1]:
            part = weights
        logs = np.log(part)
        scales = np.exp((logs - logs.mean(axis=1, keepdims=True)).mean(axis=0))
        raised = (part / scales).min(axis=1)
        centers.append(raised)
    return np.array(centers).T


def _shares(weights: Floats, masses: Floats, left: Floats) -> tuple[Floats, float]:
    """Return H of least price with P H <= omega, and that price."""
    angles = np.linspace(0.0, np.pi / 2, _DIRECTIONS)
    directions = np.array([np.cos(angles), np.sin(angles)])
    directions[np.abs(directions) < 1e-9] = 0.0
    sizes = np.maximum(left.max(axis=0), 1e-300)
    mixed = (left / sizes) @ directions  # (n, directions)
    best = np.full(weights.shape[1], np.inf)
    shares = np.zeros((2, weights.shape[1]))
    for direction, column in zip(directions.T, mixed.T, strict=True):
        if not (column > 0).all():
            continue
        ratios = weights / column[:, None]
        scale = ratios.min(axis=0)
        prices = (masses * (ratios / scale - 1)).sum(axis=0)
        better = prices < best - 1e-12
        best[better] = prices[better]
        shares[:, better] = (direction / sizes)[:, None] * scale[better]
    return shares, float(best.sum())


def _priced(weights: Floats, masses: Floats, left: Floats) -> tuple[float, Floats]:
    """Return the price of the best H for P, and P."""
    return _shares(weights, masses, left)[1], left


def _exact(
    patterns: RationalMatrix, left: Floats, masses: Floats
) -> tuple[RationalMatrix, RationalMatrix]:
    """Return short P and H with P H <= omega exactly."""
    left = _truncated(left * (1 + _FUDGE))
    shares, _ = _shares(patterns.to_float(), masses, left)
    shares = _truncated(shares * (1 + _FUDGE))
    exact_left = RationalMatrix.from_floats(left)
    while True:
        exact_right = RationalMatrix.from_floats(shares)
        excess = patterns - exact_left @ exact_right
        failing = (excess.numerators < 0).any(axis=0).astype(bool)
        if not failing.any():
            return exact_left, exact_right
        units = np.ldexp(1.0, np.frexp(shares)[1] - _BITS)
        shares = np.where(failing & (shares > 0), shares - units, shares)


def _truncated(values: Floats) -> Floats:
    """Return nonnegative values rounded down to a few significant bits."""
    mantissas, exponents = np.frexp(values)
    rounded: Floats = np.ldexp(np.floor(np.ldexp(mantissas, _BITS)), exponents - _BITS)
    return rounded


__all__ = ["RankTwoMinorant", "rank_two_minorants"]
