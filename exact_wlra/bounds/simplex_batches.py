"""The work on a batch of simplices of pattern space: new multipliers and bounds.

A pure function of its arguments, so that batches may be computed in any order and in
any process with the same result.

Contents
--------
Batch           simplices with what they inherit
Improved        their multipliers and bounds afterwards
improve         the one from the other
quadratic_forms     the forms whose maxima bound the captured energy
longest_losses      the edges to bisect
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.multipliers import Multipliers, find_multipliers
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex

Float32s = NDArray[np.float32]
Booleans = NDArray[np.bool_]

# The aim of a multiplier is pulled from its vertex towards a point inside, which lies
# between the center and the maximizer of the inherited bound.
_PULL = 0.7
# Edges shorter than this part of the longest are not bisected: no slivers.
_LONG = 0.7
_TOWARDS_MAXIMIZER = 0.3


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """K simplices with s vertices each.

    Parameters
    ----------
    vertices : (K, s, s)
    values : (K, s, s) or None
        Inherited multipliers; None at the root.
    points : (K, s, d)
        Where the search for new ones starts.
    middles : (K,)
        Which vertex is new.
    excluded : (K, G)
        Groups that are left out of the new multipliers.
    offsets : (K, 3)
        What excluded groups may add to the bound, if all multipliers are new, all
        inherited, or new at the new vertex only.
    target : float
        A simplex with a smaller bound needs no new multipliers.
    accuracy : float
        Accuracy of multipliers that suffices.
    """

    vertices: Floats
    values: Floats | None
    points: Floats | Float32s
    middles: NDArray[np.int64]
    excluded: Booleans
    offsets: Floats
    target: float
    accuracy: float

    def part(self, first: int, last: int) -> "Batch":
        """Return the simplices from one number to another."""
        return Batch(
            vertices=self.vertices[first:last],
            values=None if self.values is None else self.values[first:last],
            points=self.points[first:last],
            middles=self.middles[first:last],
            excluded=self.excluded[first:last],
            offsets=self.offsets[first:last],
            target=self.target,
            accuracy=self.accuracy,
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Improved:
    """The batch with its best multipliers.

    Parameters
    ----------
    values : (K, s, s)
        Multipliers.
    points : (K, s, d)
        The maximizers found with them.
    is_new : (K, s)
        Which multipliers are not inherited.
    bounds : (K,)
    capture : float
        The largest captured energy met, or -inf.
    best : (d,)
        Where.
    """

    values: Floats
    points: Float32s
    is_new: Booleans
    bounds: Floats
    capture: float
    best: Floats


def quadratic_forms(values: Floats, vertices: Floats) -> Floats:
    """Return B (K, s, s), B_jl = (<lambda^j, t^l> + <lambda^l, t^j>) / 2."""
    products = values @ vertices.transpose(0, 2, 1)
    forms: Floats = (products + products.transpose(0, 2, 1)) / 2
    return forms


def longest_losses(
    vertices: Floats, values: Floats
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the edges i < j where the bounds lose most, among the long ones."""
    count, size, _ = vertices.shape
    form = quadratic_forms(values, vertices)
    diagonal = np.einsum("kii->ki", form)
    loss = 2 * form - diagonal[:, :, None] - diagonal[:, None, :]
    lengths = np.abs(vertices[:, :, None] - vertices[:, None]).sum(axis=3)
    longest = lengths.max(axis=(1, 2), keepdims=True)
    loss[(lengths < _LONG * longest) | (lengths == 0)] = -np.inf
    best = loss.reshape(count, -1).argmax(axis=1)
    ends = np.sort(np.divmod(best, size), axis=0)
    return ends[0], ends[1]


def improve(floats: PatternFloats, batch: Batch) -> Improved:
    """Find multipliers and choose, simplex by simplex, what bounds best.

    At the new vertex, the middle of an edge, the mean of the multipliers at its ends is
    valid (operator convexity): no simplex is bounded worse than the one it comes from.
    """
    count, size, _ = batch.vertices.shape
    order = len(floats.roots)
    points = batch.points.astype(np.float32)
    is_new = np.zeros((count, size), dtype=bool)
    centers = batch.vertices.mean(axis=1)
    if batch.values is None:
        values = np.zeros_like(batch.vertices)
        bounds = np.full(count, np.inf)
        insides = centers
    else:
        values = batch.values.copy()
        maxima, thetas = maximum_on_simplex(quadratic_forms(values, batch.vertices))
        bounds = maxima + batch.offsets[:, 1]
        tops = (thetas[:, None, :] @ batch.vertices)[:, 0]
        insides = centers + _TOWARDS_MAXIMIZER * (tops - centers)
    rest = np.flatnonzero(bounds > batch.target)
    capture, best = -np.inf, np.zeros(order)
    if len(rest):
        found, captured = _fresh(floats, batch, insides, rest)
        first = int(captured.argmax())
        capture, best = float(captured[first]), found.points[first]
        fresh = found.values.reshape(-1, size, size)
        points[rest] = found.points.reshape(-1, size, order)
        for column, chosen in ((0, fresh), (2, _mixed(batch, fresh, rest))):
            if chosen is None:
                continue
            maxima, _ = maximum_on_simplex(
                quadratic_forms(chosen, batch.vertices[rest])
            )
            maxima = maxima + batch.offsets[rest, column]
            better = maxima < bounds[rest]
            bounds[rest[better]] = maxima[better]
            values[rest[better]] = chosen[better]
            is_new[rest[better]] = column == 0
            if column == 2:
                is_new[rest[better], batch.middles[rest[better]]] = True
    return Improved(
        values=values,
        points=points,
        is_new=is_new,
        bounds=bounds,
        capture=capture,
        best=best,
    )


def _fresh(
    floats: PatternFloats, batch: Batch, insides: Floats, rest: NDArray[np.int64]
) -> tuple[Multipliers, Floats]:
    """Return new multipliers at all vertices, and what their points capture."""
    size, order = batch.vertices.shape[1], len(floats.roots)
    vertices = batch.vertices[rest]
    aims = vertices + _PULL * (insides[rest, None, :] - vertices)
    flat = vertices.reshape(-1, size)
    found = find_multipliers(
        floats.matrices(flat, np.repeat(batch.excluded[rest], size, axis=0)),
        floats.diagonals,
        aims.reshape(-1, size),
        batch.points[rest].reshape(-1, order).astype(np.float64),
        margin=floats.margin,
        accuracy=batch.accuracy,
    )
    return found, floats.captures(found.points)


def _mixed(batch: Batch, fresh: Floats, rest: NDArray[np.int64]) -> Floats | None:
    """Return the inherited multipliers with new ones at the new vertices."""
    if batch.values is None:
        return None
    mixed = batch.values[rest]
    rows, middles = np.arange(len(rest)), batch.middles[rest]
    mixed[rows, middles] = fresh[rows, middles]
    return mixed
