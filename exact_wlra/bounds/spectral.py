"""Spectral lower bounds (T1) for any positive weights, from any heuristic's answer.

The search behind rule `spectral`: floating point proposes a minorant of the weights, a
center and multipliers; they are rounded to short dyadics, and what is returned has
passed the checker's own steps.

Contents
--------
prove_spectral          T1 from a stationary point of any heuristic
prove_weighted_svd      weights of rank one, from `weighted_svd`

Notes on the implementation
---------------------------
A stationary point X that passes the test of T1 has the bound cost(X) for *every*
minorant that keeps the test true, so that p and q may be rounded to few bits there. The
bound is stationary at the best center, so that errors of the center and of the grid
enter squared: both are rounded to half the digits of the gap.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.centers import rounded_center, sufficient_grid
from exact_wlra.bounds.linearizations import (
    Linearization,
    linearize,
    maximize_linearization,
    tightness,
)
from exact_wlra.bounds.rank_one_minorants import (
    Minorant,
    candidate_minorants,
    full_rectangles,
    rank_one_factors,
    rational_minorant,
    truncated_minorant,
)
from exact_wlra.bounds.singular_tails import dominate_gram
from exact_wlra.bounds.weighted_svd import prove_weighted_svd
from exact_wlra.certificates import (
    Block,
    Blocks,
    Energy,
    Proof,
    Spectral,
    Transpose,
    Zero,
)
from exact_wlra.checker.minorants import centered_data
from exact_wlra.checker.spectral import tail_value, weighted_gram
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_NEVER_FINER = 1e-13  # relative gaps below this are out of reach of a float center
_MINORANT_BITS = (6, 10, 16, 26)
_SAFE_TIGHTNESS = 1.02
_SWEEPS, _LONG_SWEEPS = 4, 300
_MOST_RECTANGLES = 12


def prove_spectral(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    target_gap: float,
    max_evaluations: int | None = None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Proof:
    """Return a proof of rule `spectral`, with the best bound that was found.

    Parameters
    ----------
    instance : Instance
        With zero weights, disjoint rectangles of positive weights are used.
    left, right : arrays, shapes (n, k) and (k, d)
        Factors of a good, preferably stationary, point: the first center.
    target_gap : float
        The search ends when the bound reaches (1 - target_gap) cost.
    max_evaluations : int, optional
        Steps of the ascent that follows where the point does not pass the test of T1;
        0 for the test alone. By default a quarter of a minute is not exceeded much.
    interrupted : callable
        Polled; when it returns True the best so far is rounded and returned.

    Returns
    -------
    Proof
        `Spectral` (inside `Transpose` when n < d), `Blocks` of them for weights with
        zeros, `Energy` for rank 0, or `Zero` when no positive bound was found.

    Examples
    --------
    >>> from exact_wlra.checker.rules import lower_bound
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [2, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> u = np.array([[1.0], [0.0]])
    >>> proof = prove_spectral(instance, u, 2 * u.T, target_gap=1e-3)
    >>> float(lower_bound(instance, proof)) > 0.999
    True
    """
    n, d = instance.shape
    if instance.rank == 0:
        return Energy()
    if instance.rank >= min(n, d):
        return Zero()
    prove = partial(
        _prove_rectangle,
        target_gap=target_gap,
        max_evaluations=max_evaluations,
        interrupted=interrupted,
    )
    support = instance.support()
    if support.all():
        return prove(instance, left, right)
    data, weights = instance.data.to_float(), instance.squared_weights.to_float()
    losses = weights * (data - left @ right) ** 2
    parts = []
    for rows, columns in _disjoint_rectangles(support, losses, instance.rank):
        proof = prove(instance.restrict(rows, columns), left[rows], right[:, columns])
        if not isinstance(proof, Zero):
            block = Block(
                rows=tuple(rows.tolist()), columns=tuple(columns.tolist()), proof=proof
            )
            parts.append(block)
    return Blocks(parts=tuple(parts)) if parts else Zero()


def _disjoint_rectangles(
    support: NDArray[np.bool_], losses: Floats, rank: int
) -> Iterator[tuple[Indices, Indices]]:
    """Yield rectangles of positive weights that share no entry, the best one first."""
    n, d = support.shape
    regions = [(np.arange(n), np.arange(d))]
    found = 0
    while regions and found < _MOST_RECTANGLES:
        rows, columns = regions.pop(0)
        region = np.ix_(rows, columns)
        chosen = _best_rectangle(support[region], losses[region], rank)
        if chosen is None:
            continue
        found += 1
        inner_rows, inner_columns = rows[chosen[0]], columns[chosen[1]]
        yield inner_rows, inner_columns
        outer_rows = np.setdiff1d(rows, inner_rows)
        outer_columns = np.setdiff1d(columns, inner_columns)
        # What is left splits into two regions, in one of two ways.
        regions += max(
            [(outer_rows, columns), (inner_rows, outer_columns)],
            [(rows, outer_columns), (outer_rows, inner_columns)],
            key=lambda pair: max(float(losses[np.ix_(*part)].sum()) for part in pair),
        )


def _best_rectangle(
    support: NDArray[np.bool_], losses: Floats, rank: int
) -> tuple[Indices, Indices] | None:
    """Return the rectangle of positive weights on which the point costs most."""
    best = None
    for rows, columns in full_rectangles(support, losses):
        value = float(losses[np.ix_(rows, columns)].sum())
        large = min(len(rows), len(columns)) > rank
        if large and (best is None or value > best[0]):
            best = value, rows, columns
    return None if best is None else best[1:]


def _prove_rectangle(
    part: Instance,
    left: Floats,
    right: Floats,
    *,
    target_gap: float,
    max_evaluations: int | None,
    interrupted: Callable[[], bool],
) -> Proof:
    """Return the proof for positive weights: choose minorant and center, certify."""
    if part.shape[0] < part.shape[1]:
        proof = _prove_rectangle(
            part.transpose,
            right.T,
            left.T,
            target_gap=target_gap,
            max_evaluations=max_evaluations,
            interrupted=interrupted,
        )
        return proof if isinstance(proof, Zero) else Transpose(proof=proof)
    exact = rank_one_factors(part.squared_weights)
    if exact is not None:
        return prove_weighted_svd(part, Fraction(max(target_gap, _NEVER_FINER)))[0]
    data, weights = part.data.to_float(), part.squared_weights.to_float()
    left, right = _polished(data, weights, right, sweeps=_SWEEPS)
    minorant, ratio = _tightest_minorant(data, weights, left, right)
    if ratio >= _SAFE_TIGHTNESS:
        left, right = _polished(data, weights, right, sweeps=_LONG_SWEEPS)
    start = linearize(data, weights, part.rank, minorant, left=left, right=right)
    cost = float((weights * (data - left @ right) ** 2).sum())
    if cost <= 0:
        # An exact fit: there is nothing to prove, and nothing to divide by below.
        return Zero()
    goal = (1 - target_gap / 2) * cost
    bits = _MINORANT_BITS[-1]
    if start.value >= goal:
        bits = _sufficient_bits(data, weights, start)
    elif not interrupted() and max_evaluations != 0:
        start = maximize_linearization(
            data,
            weights,
            part.rank,
            start,
            goal=goal,
            max_evaluations=max_evaluations,
            interrupted=interrupted,
        )
    truncated = truncated_minorant(weights, start.minorant, bits)
    rational = rational_minorant(part.squared_weights, truncated, bits=bits)
    return _certified(part, rational, start, target_gap=target_gap, cost=cost)


def _polished(
    data: Floats, weights: Floats, right: Floats, *, sweeps: int
) -> tuple[Floats, Floats]:
    """Return factors after sweeps of alternating least squares, until cost stalls."""
    left = solve_rows(data, weights, right)
    cost = np.inf
    for _ in range(sweeps):
        right = solve_rows(data.T, weights.T, left.T).T
        left = solve_rows(data, weights, right)
        new = float((weights * (data - left @ right) ** 2).sum())
        if not new < cost * (1 - 1e-13):
            break
        cost = new
    return left, right


def _tightest_minorant(
    data: Floats, weights: Floats, left: Floats, right: Floats
) -> tuple[Minorant, float]:
    """Return the first minorant that passes the test of T1 safely, or the best one."""
    losses = weights * (data - left @ right) ** 2
    floor = losses.mean() * 1e-6 + 1e-300
    row_mass, column_mass = losses.sum(axis=1) + floor, losses.sum(axis=0) + floor
    best = -np.inf
    for candidate in candidate_minorants(weights, row_mass, column_mass):
        ratio = tightness(data, weights, candidate, left, right)
        if ratio > best:
            best, minorant = ratio, candidate
        if best >= _SAFE_TIGHTNESS:
            break
    return minorant, best


def _sufficient_bits(data: Floats, weights: Floats, start: Linearization) -> int:
    """Return to how many bits p and q may be rounded while the test of T1 holds."""
    for bits in _MINORANT_BITS[:-1]:
        rounded = truncated_minorant(weights, start.minorant, bits)
        ratio = tightness(data, weights, rounded, start.left, start.right)
        if ratio >= _SAFE_TIGHTNESS:
            return bits
    return _MINORANT_BITS[-1]


def _certified(
    part: Instance,
    minorant: tuple[RationalMatrix, RationalMatrix],
    start: Linearization,
    *,
    target_gap: float,
    cost: float,
) -> Proof:
    """Round the center, find theta and H, and return the proof if its bound is > 0."""
    rows, columns = minorant
    gap = max(target_gap, _NEVER_FINER, 1e-3 * (1 - start.value / cost))
    loss = Fraction(gap * cost) / 4
    if loss <= 0:
        return Zero()
    center_left, center_right = rounded_center(part, start.left, start.right, gap)
    pi = rows.transpose @ columns
    grid = sufficient_grid(part.squared_weights.to_float(), pi.to_float(), gap * cost)
    center = center_left @ center_right
    data, price = centered_data(part, pi, center, grid, "spectral")
    gram = weighted_gram(data, rows, columns)
    dominated = dominate_gram(gram, columns, part.rank, loss=loss)
    if dominated is None:
        return Zero()
    theta, factor = dominated
    if tail_value(gram, columns, part.rank, theta, factor) <= price:
        return Zero()
    return Spectral(
        rows=rows,
        columns=columns,
        center_left=center_left,
        center_right=center_right,
        grid=grid,
        theta=theta,
        factor=factor,
    )


__all__ = ["prove_spectral", "prove_weighted_svd"]
