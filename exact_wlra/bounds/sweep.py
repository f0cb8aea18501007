"""The one-dimensional sweep for weights of rank two, at any rank (T2).

Contents
--------
Sweeping            what a sweep found: the proof, and the estimate of its bound
sweep               critical factors, common multipliers, vertices in [0, 1]
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.bounds.common_multiplier import MultiplierSearch, alone
from exact_wlra.bounds.critical_factors import critical_factors
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.sweep_intervals import Intervals, PricedFactors
from exact_wlra.budget import Budget
from exact_wlra.sweep_certificates import Sweep, SweepVertex
from reductions.pattern_space import PatternSpace

RECIPROCAL_BITS = 56
# How often the vertices at which psi is too large go back to the multipliers.
_TURNS = 8
# The same where no multipliers are tight, and nothing can be proved optimal.
_LOOSE_TURNS = 2


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Sweeping:
    """A proof, and what it bounds the captured energy by (an estimate)."""

    proof: Sweep
    capture: float
    n_vertices: int


def sweep(
    space: PatternSpace, rank: int, right: Floats, *, allowed: float, budget: Budget
) -> Sweeping | None:
    """Return a proof that no V captures much more than the given one, or nearly so.

    Parameters
    ----------
    right : (k, d)
        V, a local optimum.
    allowed : float
        What the bound may lie above the energy that V captures.
    """
    floats = PatternFloats.of(space)
    found = critical_factors(floats, right)
    supports = [int((row > 0).sum()) for row in floats.diagonals]
    pinned = max(0, rank - supports[1]), max(0, rank - supports[0])
    accuracy = allowed / (20 * rank)
    multipliers = MultiplierSearch(floats, found, pinned, accuracy=accuracy)
    free = max(rank - sum(pinned), 1)
    best, least, count = None, np.inf, 0
    for turn in range(_TURNS):
        chosen = multipliers.choose(budget)
        if chosen is None:
            break
        priced = PricedFactors.of(floats, chosen.factors)
        intervals = Intervals(floats, priced, accuracy)
        pins = _pin(floats, priced, 0), _pin(floats, priced, 1)
        spent = sum(priced.prices) + float(np.dot(pinned, pins))
        goal = (found.capture + allowed - spent) / free
        intervals.refine(goal, budget)
        count += len(intervals.at)
        capture = spent + (rank - sum(pinned)) * intervals.bound
        if capture < least:
            best, least = (intervals, pins), capture
        peaks = intervals.peaks(max(goal, chosen.theta + accuracy))
        if capture <= found.capture + allowed or budget.is_spent() or not len(peaks):
            break
        if not multipliers.is_tight and turn + 1 >= _LOOSE_TURNS:
            break
        multipliers.add_points(intervals.at[peaks], intervals.slopes[peaks])
    if best is None:
        return None
    proof = _proof(space, *best)
    return Sweeping(proof=proof, capture=least, n_vertices=count)


def _pin(floats: PatternFloats, priced: PricedFactors, c: int) -> float:
    """Return the least pin with pin E_c + S_c above M where class c is alone."""
    top, _ = alone(floats, priced.products, c)
    if top == -np.inf:
        return 0.0
    size = priced.prices[c] + float(np.einsum("gii->", floats.grams))
    return top + floats.margin * 4 * size


def _proof(
    space: PatternSpace, intervals: Intervals, pins: tuple[float, float]
) -> Sweep:
    """Return the certificate."""
    return Sweep(
        generators=space.factorization.generators,
        shares=space.factorization.shares,
        factors=intervals.priced.exact,
        reciprocal_bits=RECIPROCAL_BITS,
        vertices=tuple(
            SweepVertex(
                at=Fraction(float(t)),
                values=(Fraction(float(top + x)), Fraction(float(top))),
            )
            for t, x, top in zip(
                intervals.at, intervals.slopes, intervals.tops, strict=True
            )
        ),
        ends=tuple(Fraction(x) for x in intervals.priced.ends),
        pins=tuple(Fraction(x) for x in pins),
    )
