"""Splits of the weights into rank-one pieces, x_1 y_1^T + x_2 y_2^T + ... <= omega.

By concavity of the optimum in the weights, the singular value tails of the pieces add
up to a lower bound. All numbers here are estimates; pieces are rounded and proved
elsewhere.

Contents
--------
WeightSplit         factors of the pieces and the estimated bound
class_split         one piece for each class of proportional weight rows (or columns)
minorant_splits     single pieces below the weights, on rectangles without zeros
improve_split       ascent from a mixture of splits

Notes on the implementation
---------------------------
The derivative of the tail of a piece with respect to log x_i is the sum over j of
x_i y_j R_ij^2, R the residual of the best rank-k approximation in the metric of the
piece. Feasibility is built in: with S = sum_l x_l y_l^T, entry i of every x_l is
multiplied by the smooth minimum of omega_ij/S_ij over j, which keeps the pieces of rank
one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.linearizations import capped_shares
from exact_wlra.bounds.rank_one_minorants import (
    Minorant,
    candidate_minorants,
    full_rectangles,
    greedy_rectangle,
    maximal_minorant,
)
from reductions.patterns import ray_classes
from semialgebraic.integer_arrays import IntegerArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

# Elementary operations and evaluations after which an ascent ends; a piece costs about
# a hundred microseconds even when it is tiny.
_OPERATIONS, _OVERHEAD = 4e10, 500_000
_LEAST_EVALUATIONS, _MOST_EVALUATIONS = 12, 300
_SMOOTHING = 0.01
# How far logarithms may move in one ascent: no overflow on the way.
_REACH = 20.0
_SHAKEN_COPIES = 12


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSplit:
    """Pieces left[l] right[l]^T with a sum of at most omega.

    Parameters
    ----------
    left, right : arrays, shapes (L, n) and (L, d)
        Non-negative.
    value : float
        Estimate of the sum of the tails.
    """

    left: Floats
    right: Floats
    value: float


def class_split(data: Floats, weights: IntegerArray, rank: int) -> WeightSplit:
    """Return one piece for each class of proportional rows of integer weights.

    Examples
    --------
    >>> weights = np.array([[1, 1], [2, 2], [1, 3], [2, 6]])
    >>> split = class_split(np.array([[1, 0], [0, 1], [1, 1], [2, 2.0]]), weights, 1)
    >>> split.left.tolist(), split.right.tolist()
    ([[1.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.0, 2.0]], [[1.0, 1.0], [1.0, 3.0]])
    >>> round(split.value, 6)
    1.0
    """
    labels, first, content = ray_classes(weights)
    sizes = np.bincount(labels, minlength=len(first))
    chosen = np.flatnonzero((sizes > rank) & (content[first] != 0))
    left = np.where(labels == chosen[:, None], content.astype(np.float64), 0.0)
    right = (weights[first[chosen]] // content[first[chosen], None]).astype(np.float64)
    return _evaluated(data, left, right, rank)


def minorant_splits(
    data: Floats, weights: Floats, rank: int, *, seed: int
) -> Iterator[WeightSplit]:
    """Yield splits of one piece: minorants on rectangles without zeros.

    Where no weight is zero, copies with factors shaken at random are added; where some
    are, rectangles grown from random priorities. Both serve the mixture from which
    `improve_split` ascends.
    """
    losses = weights * data**2
    floor = losses.mean() * 1e-6 + 1e-300
    rectangles = list(full_rectangles(weights > 0, losses))
    for rows, columns in rectangles:
        part = np.ix_(rows, columns)
        masses = losses[part].sum(axis=1) + floor, losses[part].sum(axis=0) + floor
        for minorant in candidate_minorants(weights[part], *masses):
            yield _on_rectangle(data, rank, rows, columns, minorant)
    rng = np.random.default_rng(seed)
    n_random = most_pieces(*data.shape)
    if (weights > 0).all():
        n_random = min(n_random, _SHAKEN_COPIES)
    for _ in range(n_random):
        priorities = np.exp(2 * rng.normal(size=(len(weights), 1)))
        priorities = priorities * np.exp(2 * rng.normal(size=(1, weights.shape[1])))
        rows, columns = greedy_rectangle(weights > 0, priorities)
        if min(len(rows), len(columns)) > rank:
            part = np.ix_(rows, columns)
            shaken = rng.uniform(0.5, 1.0, size=len(columns))
            minorant = maximal_minorant(weights[part], shaken)
            yield _on_rectangle(data, rank, rows, columns, minorant)


def _on_rectangle(
    data: Floats, rank: int, rows: Indices, columns: Indices, minorant: Minorant
) -> WeightSplit:
    """Return the split of one piece that is zero outside the rectangle."""
    left, right = np.zeros((1, data.shape[0])), np.zeros((1, data.shape[1]))
    left[0, rows], right[0, columns] = minorant
    return _evaluated(data, left, right, rank)


def most_pieces(n: int, d: int) -> int:
    """Return how many pieces an ascent can afford.

    Examples
    --------
    >>> most_pieces(30, 20), most_pieces(1000, 500)
    (48, 4)
    """
    return int(np.clip(2_000_000_000 // _cost(n, d), 4, 48))


def _cost(n: int, d: int) -> int:
    """Return the operations of the tail of one piece and its gradient."""
    shortest = min(n, d)
    return 4 * n * d * shortest + 20 * shortest**3 + _OVERHEAD


def improve_split(
    data: Floats,
    weights: Floats,
    rank: int,
    splits: list[WeightSplit],
    *,
    interrupted: Callable[[], bool],
) -> WeightSplit:
    """Return the best split met on an ascent from a mixture of the given ones."""
    best = max(splits, key=lambda split: split.value)
    mixed = _mixture(splits)
    cost = len(mixed.left) * _cost(*data.shape)
    evaluations = int(
        np.clip(_OPERATIONS / cost, _LEAST_EVALUATIONS, _MOST_EVALUATIONS)
    )
    for sharpness in (10.0, 30.0, 90.0):
        if interrupted():
            break
        mixed = _ascend(
            data,
            weights,
            rank,
            mixed,
            sharpness=sharpness,
            evaluations=evaluations // 3,
        )
        filled = _filled_up(data, weights, rank, mixed)
        if filled.value > best.value:
            best = filled
    return best


def _ascend(
    data: Floats,
    weights: Floats,
    rank: int,
    split: WeightSplit,
    *,
    sharpness: float,
    evaluations: int,
) -> WeightSplit:
    """Run L-BFGS on the logarithms of the positive entries of the factors."""
    from scipy.optimize import Bounds, minimize

    masks = split.left > 0, split.right > 0
    n_left = int(masks[0].sum())
    smoothing = _SMOOTHING * _thresholds(data, split, rank)

    def negative(point: Floats) -> tuple[float, Floats]:
        left = _filled(masks[0], point[:n_left])
        right = _filled(masks[1], point[n_left:])
        scales, shares = _smooth_scales(weights, left, right, sharpness)
        _, smooth, row_gains, column_gains = _tails(
            data, left * scales, right, rank, smoothing
        )
        total = row_gains.sum(axis=0)
        row_gains -= left * (right @ shares.T) * total
        column_gains -= right * (left @ (shares * total[:, None]))
        gradient = np.concatenate([row_gains[masks[0]], column_gains[masks[1]]])
        return -smooth, -gradient

    start = np.concatenate(
        [np.log(split.left[masks[0]]), np.log(split.right[masks[1]])]
    )
    found = minimize(
        negative,
        start,
        jac=True,
        bounds=Bounds(start - _REACH, start + _REACH),
        method="L-BFGS-B",
        options={"maxfun": evaluations, "maxcor": 20},
    )
    left = _filled(masks[0], found.x[:n_left])
    right = _filled(masks[1], found.x[n_left:])
    scales, _ = _smooth_scales(weights, left, right, sharpness)
    return _evaluated(data, left * scales, right, rank)


def _filled_up(
    data: Floats, weights: Floats, rank: int, split: WeightSplit
) -> WeightSplit:
    """Return the split with columns, then rows, raised until they touch the weights."""
    left, right = split.left, split.right
    right = right * _room(weights, left.T @ right).min(axis=0)
    left = left * _room(weights, left.T @ right).min(axis=1)
    return _evaluated(data, left, right, rank)


def _room(weights: Floats, sums: Floats) -> Floats:
    """Return omega/S, as a number that never decides a minimum where S is zero."""
    used = sums > 0
    quotient = np.where(used, weights / np.where(used, sums, 1.0), np.inf)
    by_row, by_column = np.asarray(used.any(axis=1)), np.asarray(used.any(axis=0))
    free = ~np.logical_and.outer(by_row, by_column)
    return np.where(free, 1.0, quotient)


def _mixture(splits: list[WeightSplit]) -> WeightSplit:
    """Return the convex combination of splits, the better ones with more weight."""
    n_pieces = most_pieces(splits[0].left.shape[1], splits[0].right.shape[1])
    chosen: list[WeightSplit] = []
    for split in sorted(splits, key=lambda split: -split.value):
        if not chosen or sum(len(s.left) for s in [*chosen, split]) <= n_pieces:
            chosen.append(split)
    values = np.array([max(split.value, 0.0) for split in chosen])
    shares = values + 0.1 * values.max() + 1e-300
    shares /= shares.sum()
    return WeightSplit(
        left=np.vstack([s.left * c for s, c in zip(chosen, shares, strict=True)]),
        right=np.vstack([s.right for s in chosen]),
        value=float(shares @ values),
    )


def _filled(mask: NDArray[np.bool_], logs: Floats) -> Floats:
    """Return exp(logs) on the mask and zero elsewhere."""
    array = np.zeros(mask.shape)
    array[mask] = np.exp(logs)
    return array


def _smooth_scales(
    weights: Floats, left: Floats, right: Floats, sharpness: float
) -> tuple[Floats, Floats]:
    """Return c_i just below min_j omega_ij/S_ij, and s_ij/S_ij of its derivative."""
    sums = left.T @ right
    used = sums > 0
    quotient = np.where(used, sums / np.where(weights > 0, weights, 1.0), 0.0)
    top = quotient.max(axis=1, keepdims=True)
    top[top == 0] = 1.0
    powers = (quotient / top) ** sharpness
    total = powers.sum(axis=1, keepdims=True)
    total[total == 0] = 1.0
    scales = 1.0 / (top * total ** (1.0 / sharpness))
    return scales[:, 0], powers / total / np.where(used, sums, 1.0)


def _thresholds(data: Floats, split: WeightSplit, rank: int) -> Floats:
    """Return for each piece the first squared singular value of its tail."""
    values = np.zeros(len(split.left))
    for piece, (x, y) in enumerate(zip(split.left, split.right, strict=True)):
        rows, columns = np.flatnonzero(x), np.flatnonzero(y)
        if min(len(rows), len(columns)) > rank:
            scaled = data[np.ix_(rows, columns)] * np.sqrt(
                np.outer(x[rows], y[columns])
            )
            values[piece] = np.linalg.svd(scaled, compute_uv=False)[rank] ** 2
    return values


def _tails(
    data: Floats, left: Floats, right: Floats, rank: int, smoothing: Floats
) -> tuple[float, float, Floats, Floats]:
    """Return the sum of tails, its smooth value, and the gains per log x and log y."""
    row_gains, column_gains = np.zeros(left.shape), np.zeros(right.shape)
    value = smooth = 0.0
    for piece, (x, y) in enumerate(zip(left, right, strict=True)):
        rows, columns = np.flatnonzero(x), np.flatnonzero(y)
        if min(len(rows), len(columns)) <= rank:
            continue
        scaled = data[np.ix_(rows, columns)] * np.sqrt(np.outer(x[rows], y[columns]))
        flipped = len(rows) < len(columns)
        tall = scaled.T if flipped else scaled
        values, basis = np.linalg.eigh(tall.T @ tall)
        values, basis = np.maximum(values[::-1], 0.0), basis[:, ::-1]
        shares = capped_shares(values, rank, smoothing[piece])
        leading = int((shares > 0).sum())
        vectors = basis[:, :leading]
        captured = (tall @ vectors * shares[:leading]) @ vectors.T
        rest = tall * (tall - captured)
        gains = rest.T if flipped else rest
        value += float(values[rank:].sum())
        smooth += float((1 - shares) @ values + smoothing[piece] / 2 * shares @ shares)
        row_gains[piece, rows] = gains.sum(axis=1)
        column_gains[piece, columns] = gains.sum(axis=0)
    return value, smooth, row_gains, column_gains


def _evaluated(data: Floats, left: Floats, right: Floats, rank: int) -> WeightSplit:
    """Return the split with its estimated bound."""
    value, _, _, _ = _tails(data, left, right, rank, np.zeros(len(left)))
    return WeightSplit(left=left, right=right, value=value)
