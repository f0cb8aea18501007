"""Vertices on a segment of [0, 1] for given multipliers, refined where psi is large.

Contents
--------
PricedFactors       S_0, S_1 rounded, with what they cost and their norms
Cones               forms that are not negative in a cell, and their multipliers
Intervals           vertices with kappa at each; halved until the bound suffices

Notes on the implementation
---------------------------
An interval whose bound exceeds the target is halved, all such intervals in one batch.
Near a maximum of psi the bound is off by the square of the length only. Multipliers of
cones are interpolated between the points at which they were found.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.common_multiplier import residuals
from exact_wlra.bounds.dominance import dominate
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.budget import Budget
from semialgebraic.rational_matrices import RationalMatrix

Indices = NDArray[np.int64]

_FACTOR_BITS = 42
_LARGEST_DEPTH = 30
_LARGEST_COUNT = 3000
# Part of an end interval at which kappa of its end is aimed.
_AIM = 0.3
_BATCH_FLOATS = 3_000_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PricedFactors:
    """F_c on a dyadic grid, S_c = F_c F_c^T, tr E_c^-1 S_c, its norm, and the ends."""

    exact: tuple[RationalMatrix, RationalMatrix]
    products: tuple[Floats, Floats]
    prices: tuple[float, float]
    norms: tuple[float, float]
    ends: tuple[float, float]

    @classmethod
    def of(
        cls, floats: PatternFloats, factors: tuple[Floats, Floats]
    ) -> "PricedFactors":
        """Return the factors rounded."""
        roots = floats.roots[:, None]
        exact = (_rounded(roots * factors[0]), _rounded(roots * factors[1]))
        products, prices, norms, ends = [], [], [], []
        for c, share in enumerate(floats.diagonals):
            factor = exact[c].to_float() / roots
            inverse = np.where(share > 0, 1 / np.where(share > 0, share, 1.0), 0.0)
            gram = factor.T @ (factor * inverse[:, None])
            products.append(factor @ factor.T)
            prices.append(float(np.trace(gram)))
            norms.append(float(np.abs(gram).sum(axis=1).max(initial=0.0)))
            ends.append(_end(floats, c, products[c], prices[c]))
        return cls(
            exact=exact,
            products=(products[0], products[1]),
            prices=(prices[0], prices[1]),
            norms=(norms[0], norms[1]),
            ends=(ends[0], ends[1]),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Cones:
    """Forms (p, d, d), and multipliers (T, p) >= 0 at T increasing points t."""

    forms: Floats
    at: Floats
    multipliers: Floats

    def multipliers_at(self, at: Floats) -> Floats:
        """Return the multipliers at other points (K, p)."""
        columns = [np.interp(at, self.at, column) for column in self.multipliers.T]
        return np.array(columns).T.reshape(len(at), len(self.forms))


@final
class Intervals:
    """Vertices of [low, high] with kappa at each, for fixed multipliers."""

    def __init__(
        self,
        floats: PatternFloats,
        priced: PricedFactors,
        accuracy: float,
        *,
        segment: tuple[float, float] = (0.0, 1.0),
        count: int = 17,
        cones: Cones | None = None,
    ) -> None:
        self.floats, self.priced, self.accuracy = floats, priced, accuracy
        self.cones = cones
        self.at = np.linspace(*segment, count)
        self.slopes, self.tops = np.zeros(count), np.zeros(count)
        self._evaluate(np.arange(count))

    @property
    def bound(self) -> float:
        """The largest bound of an interval."""
        return float(self._bounds().max())

    def refine(self, goal: float, budget: Budget) -> None:
        """Halve intervals until all bounds are below the goal, or cannot be."""
        for _ in range(_LARGEST_DEPTH):
            bounds = self._bounds()
            values = self.at * self.slopes + self.tops
            inside = slice(int(self.at[0] <= 0), len(values) - int(self.at[-1] >= 1))
            target = max(goal, float(values[inside].max()) + self.accuracy)
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
            if 1 in changed and self.at[0] <= 0:
                changed.add(0)
            if len(self.at) - 2 in changed and self.at[-1] >= 1:
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

    def _evaluate(self, indices: Indices) -> None:
        """Find kappa at some vertices, with the margin that the checker needs."""
        order = self.floats.grams.shape[1]
        size = max(1, int(_BATCH_FLOATS // order**2))
        aims, near = self.at.copy(), self.at.copy()
        if self.at[0] <= 0:
            aims[0], near[0] = _AIM * self.at[1], self.at[1]
        if self.at[-1] >= 1:
            aims[-1], near[-1] = 1 - _AIM * (1 - self.at[-2]), self.at[-2]
        for start in range(0, len(indices), size):
            part = indices[start : start + size]
            matrices = residuals(
                self.floats, self.priced.products, self.at[part], near[part]
            )
            if self.cones is not None:
                weights = self.cones.multipliers_at(self.at[part])
                matrices += np.tensordot(weights, self.cones.forms, axes=1)
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
        for part, norm in (
            (a * b, self.priced.norms[0]),
            ((1 - a) * (1 - b), self.priced.norms[1]),
        ):
            inner = part > 0
            mixed[inner] += square[inner] * norm / part[inner]
        if a[0] <= 0:
            first[0] += self.priced.ends[0]
            mixed[0] += self.priced.ends[0]
        if b[-1] >= 1:
            last[-1] += self.priced.ends[1]
            mixed[-1] += self.priced.ends[1]
        half = mixed / 2
        top_end = np.maximum(first, last)
        inner = half > top_end
        below = np.where(inner, 2 * half - first - last, 1.0)
        peak: Floats = np.where(inner, (half**2 - first * last) / below, top_end)
        return peak


def _end(floats: PatternFloats, c: int, product: Floats, price: float) -> float:
    """Return the least end with S_c + end E_c above the groups on class c alone."""
    alone = floats.weights[:, 1 - c] <= 0
    if not alone.any():
        return 0.0
    coefficients = 1.0 / floats.weights[alone, c]
    excess = np.einsum("g,gij->ij", coefficients, floats.grams[alone])
    size = float(np.trace(excess)) + price
    top = _relative_top(excess - product, floats.diagonals[c])
    return max(top, 0.0) + floats.margin * 4 * size


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
