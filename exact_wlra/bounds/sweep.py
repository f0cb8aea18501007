"""The one-dimensional sweep for weights of rank two, at any rank (T2).

Contents
--------
Sweeping            what a sweep found: the proof, and the estimate of its bound
sweep               critical factors, common multipliers, vertices in [0, 1]

Notes on the implementation
---------------------------
An interval whose bound exceeds the target is halved, all such intervals in one batch.
Near a maximum of psi the bound is off by the square of the length only.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.common_multiplier import (
    Multipliers,
    MultiplierSearch,
    alone,
    residuals,
)
from exact_wlra.bounds.critical_factors import critical_factors
from exact_wlra.bounds.dominance import dominate
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.budget import Budget
from exact_wlra.certificates import Sweep, SweepVertex
from reductions.pattern_space import PatternSpace
from semialgebraic.rational_matrices import RationalMatrix

Indices = NDArray[np.int64]

_RECIPROCAL_BITS = 56
_FACTOR_BITS = 42
# How often the vertices at which psi is too large go back to the multipliers.
_TURNS = 8
# The same where no multipliers are tight, and nothing can be proved optimal.
_LOOSE_TURNS = 2
_LARGEST_DEPTH = 30
_LARGEST_COUNT = 3000
# Part of an end interval at which kappa of its end is aimed.
_AIM = 0.3
_BATCH_FLOATS = 3_000_000


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
        intervals = _Intervals(floats, chosen, accuracy)
        spent = intervals.price + float(np.dot(pinned, intervals.pins))
        goal = (found.capture + allowed - spent) / free
        intervals.refine(goal, budget)
        count += len(intervals.at)
        capture = spent + (rank - sum(pinned)) * intervals.bound
        if capture < least:
            best, least = intervals, capture
        peaks = intervals.peaks(max(goal, chosen.theta + accuracy))
        if capture <= found.capture + allowed or budget.is_spent() or not len(peaks):
            break
        if not multipliers.is_tight and turn + 1 >= _LOOSE_TURNS:
            break
        multipliers.add_points(intervals.at[peaks], intervals.slopes[peaks])
    if best is None:
        return None
    return Sweeping(proof=best.proof(space), capture=least, n_vertices=count)


@final
class _Intervals:
    """Vertices of [0, 1] with kappa at each, for fixed multipliers."""

    def __init__(
        self, floats: PatternFloats, chosen: Multipliers, accuracy: float
    ) -> None:
        self.floats, self.accuracy = floats, accuracy
        roots = floats.roots[:, None]
        self.exact = tuple(_rounded(roots * factor) for factor in chosen.factors)
        factors = [matrix.to_float() / roots for matrix in self.exact]
        self.products = (factors[0] @ factors[0].T, factors[1] @ factors[1].T)
        self.prices, self.norms = [], []
        for factor, share in zip(factors, floats.diagonals, strict=True):
            inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1.0), 0.0)
            gram = factor.T @ (factor * inverse[:, None])
            self.prices.append(float(np.trace(gram)))
            self.norms.append(float(np.abs(gram).sum(axis=1).max(initial=0.0)))
        self.price = sum(self.prices)
        self.ends = [self._end(c) for c in (0, 1)]
        self.pins = [self._pin(c) for c in (0, 1)]
        self.at = np.linspace(0.0, 1.0, 17)
        self.near = self.at.copy()
        self.slopes, self.tops = np.zeros(17), np.zeros(17)
        self._evaluate(np.arange(17))

    @property
    def bound(self) -> float:
        """The largest bound of an interval."""
        return float(self._bounds().max())

    def refine(self, goal: float, budget: Budget) -> None:
        """Halve intervals until all bounds are below the goal, or cannot be."""
        for _ in range(_LARGEST_DEPTH):
            bounds = self._bounds()
            values = self.at * self.slopes + self.tops
            target = max(goal, float(values[1:-1].max()) + self.accuracy)
            wide = np.flatnonzero(bounds > target)
            if not len(wide) or budget.is_spent() or len(self.at) > _LARGEST_COUNT:
                return
            middles = (self.at[wide] + self.at[wide + 1]) / 2
            starts = (self.slopes[wide] + self.slopes[wide + 1]) / 2
            self.at = np.insert(self.at, wide + 1, middles)
            self.slopes = np.insert(self.slopes, wide + 1, starts)
            self.tops = np.insert(self.tops, wide + 1, 0.0)
            fresh = wide + 1 + np.arange(len(wide))
            changed = set(fresh.tolist())
            if 1 in changed:
                changed.add(0)
            if len(self.at) - 2 in changed:
                changed.add(len(self.at) - 1)
            self._evaluate(np.array(sorted(changed)))

    def peaks(self, level: float) -> Indices:
        """Return the indices of inner vertices where psi peaks above a level."""
        values = self.at * self.slopes + self.tops
        inner = values[1:-1]
        is_peak = (inner >= values[:-2]) & (inner >= values[2:]) & (inner > level)
        is_peak[0] |= bool(inner[0] > level)
        is_peak[-1] |= bool(inner[-1] > level)
        return np.flatnonzero(is_peak).astype(np.int64) + 1

    def proof(self, space: PatternSpace) -> Sweep:
        """Return the certificate."""
        return Sweep(
            generators=space.factorization.generators,
            shares=space.factorization.shares,
            factors=self.exact,
            reciprocal_bits=_RECIPROCAL_BITS,
            vertices=tuple(
                SweepVertex(
                    at=Fraction(float(t)),
                    values=(Fraction(float(top + x)), Fraction(float(top))),
                )
                for t, x, top in zip(self.at, self.slopes, self.tops, strict=True)
            ),
            ends=tuple(Fraction(x) for x in self.ends),
            pins=tuple(Fraction(x) for x in self.pins),
        )

    def _evaluate(self, indices: Indices) -> None:
        """Find kappa at some vertices, with the margin that the checker needs."""
        order = self.floats.grams.shape[1]
        size = max(1, int(_BATCH_FLOATS // order**2))
        aims = self.at.copy()
        aims[0], aims[-1] = _AIM * self.at[1], 1 - _AIM * (1 - self.at[-2])
        near = self.at.copy()
        near[0], near[-1] = self.at[1], self.at[-2]
        for start in range(0, len(indices), size):
            part = indices[start : start + size]
            matrices = residuals(self.floats, self.products, self.at[part], near[part])
            reached = dominate(
                matrices,
                self.floats.diagonals[0],
                aims[part],
                self.slopes[part],
                accuracy=self.accuracy / 4,
            )
            sizes = np.abs(matrices[:, np.arange(order), np.arange(order)]).sum(axis=1)
            sizes += order * (np.abs(reached.tops) + np.abs(reached.slopes))
            self.slopes[part] = reached.slopes
            self.tops[part] = reached.tops + self.floats.margin * sizes

    def _bounds(self) -> Floats:
        """Return the bound of every interval."""
        a, b = self.at[:-1], self.at[1:]
        x, top = self.slopes, self.tops
        first, last = top[:-1] + a * x[:-1], top[1:] + b * x[1:]
        mixed = top[:-1] + b * x[:-1] + top[1:] + a * x[1:]
        square = (b - a) ** 2
        mixed[1:] += square[1:] * self.norms[0] / (a[1:] * b[1:])
        mixed[:-1] += square[:-1] * self.norms[1] / ((1 - a[:-1]) * (1 - b[:-1]))
        first[0] += self.ends[0]
        mixed[0] += self.ends[0]
        last[-1] += self.ends[1]
        mixed[-1] += self.ends[1]
        half = mixed / 2
        top_end = np.maximum(first, last)
        inner = half > top_end
        below = np.where(inner, 2 * half - first - last, 1.0)
        peak: Floats = np.where(inner, (half**2 - first * last) / below, top_end)
        return peak

    def _end(self, c: int) -> float:
        """Return the least end with S_c + end E_c above the groups on class c alone."""
        alone = self.floats.weights[:, 1 - c] <= 0
        if not alone.any():
            return 0.0
        coefficients = 1.0 / self.floats.weights[alone, c]
        excess = np.einsum("g,gij->ij", coefficients, self.floats.grams[alone])
        size = float(np.trace(excess)) + self.prices[c]
        excess = excess - self.products[c]
        top = _relative_top(excess, self.floats.diagonals[c])
        return max(top, 0.0) + self.floats.margin * 4 * size

    def _pin(self, c: int) -> float:
        """Return the least pin with pin E_c + S_c above M where class c is alone."""
        top, _ = alone(self.floats, self.products, c)
        if top == -np.inf:
            return 0.0
        size = self.prices[c] + float(np.einsum("gii->", self.floats.grams))
        return top + self.floats.margin * 4 * size


def _relative_top(matrix: Floats, share: Floats) -> float:
    """Return the largest eigenvalue of E^-1/2 matrix E^-1/2 on the support of E."""
    kept = np.flatnonzero(share > 0)
    roots = np.sqrt(share[kept])
    block = matrix[np.ix_(kept, kept)] / roots[:, None] / roots
    return float(np.linalg.eigvalsh(block)[-1])


def _rounded(factor: Floats) -> RationalMatrix:
    """Return the factor on a dyadic grid; zeros stay zeros."""
    size = float(np.abs(factor).max(initial=0.0)) or 1.0
    bits = _FACTOR_BITS - int(np.ceil(np.log2(size)))
    return RationalMatrix.rounded(factor, bits)
