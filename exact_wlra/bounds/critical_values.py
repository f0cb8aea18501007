"""Values of the cost of two rows at its critical slopes, enclosed and exact.

Contents
--------
Slope               a real algebraic number, or None for the ray (0 : 1)
is_irrational       predicate of slopes
rational_slope      a rational or infinite slope as the formulation takes it
enclose_value       rational bounds on the value at a slope, as close as asked
enclose_relatively  bounds whose distance is relative to the value
exact_value         the value as an algebraic number
lowest_slopes       those of least value among given slopes
LARGEST_N_CLASSES   above it values have no minimal polynomial, enclosures only

Notes on the implementation
---------------------------
Enclosures shrink until one is the lowest; ties are decided exactly, by minimal
polynomials. The minimal polynomial of the value F(y)/G(y) is the square-free part of
Res_y(p(y), t G(y) - F(y)), p the minimal polynomial of the slope y: the resultant is a
power of it, so no factor is guessed.

References
----------
[BasuPollackRoy2006]_
"""

from fractions import Fraction
from typing import TypeGuard

from reductions.two_rows import ProjectedCost, RationalSlope
from semialgebraic.rationals import dyadic_above, dyadic_below
from semialgebraic.real_algebraic import RealAlgebraicNumber, polynomial_of_values
from semialgebraic.univariate import Interval, descartes_bound, square_free_part

# The slope y of the ray (1 : y); None is the ray (0 : 1).
Slope = RealAlgebraicNumber | None

# Degree 46 in the value: up to a second. The cost grows like the fourth power or more.
LARGEST_N_CLASSES = 12
# Width of the enclosures that are shown, relative to the value.
SHORT_BITS = 64
# Widths of enclosures, relative to the cost of X = 0, until a tie is suspected.
_RELATIVE_BITS = (16, 32, 64, 128, 256)


def is_irrational(slope: Slope) -> TypeGuard[RealAlgebraicNumber]:
    """Tell whether the slope is finite and irrational."""
    return slope is not None and slope.rational is None


def rational_slope(slope: Slope) -> RationalSlope:
    """Return a slope that is not irrational: None for the ray (0 : 1)."""
    return None if slope is None else slope.rational


def enclose_value(cost: ProjectedCost, slope: Slope, width: Fraction) -> Interval:
    """Return rational bounds on the value at a slope, at most `width` apart.

    Both are the value itself if the slope is rational or infinite.
    """
    if not is_irrational(slope):
        value = cost.limit(rational_slope(slope))
        return value, value
    n_terms = len(cost.moving)
    ratio = 32 * n_terms / width
    bits = (ratio.numerator // ratio.denominator).bit_length()
    step = width / cost.energy
    while True:
        slope = slope.refined(step)
        low, high = cost.enclosure(slope.isolating_interval, bits)
        low, high = dyadic_below(low, bits), dyadic_above(high, bits)
        if high - low <= width:
            return low, high
        step *= width / (high - low) / 4


def enclose_relatively(cost: ProjectedCost, slope: Slope, bits: int) -> Interval:
    """Return positive bounds on the value at an irrational slope, 0 < low <= high.

    They are at most 2^-bits low apart. The value is not 0: only data of rank one cost
    nothing, and then at a rational slope.
    """
    width = cost.energy / (1 << bits)
    low, high = enclose_value(cost, slope, width)
    while (high - low) * (1 << bits) > low:
        width /= 1 << bits
        low, high = enclose_value(cost, slope, width)
    return low, high


def exact_value(cost: ProjectedCost, slope: Slope) -> RealAlgebraicNumber | None:
    """Return the value at a slope as an algebraic number.

    None if the slope is irrational and there are more than `LARGEST_N_CLASSES` classes.

    Notes
    -----
    **Guarantee.** The minimal polynomial p of the slope is irreducible, so the
    resultant is a power of the minimal polynomial of the value; Descartes' rule proves
    that it has one root in the interval, which encloses the value.
    """
    if not is_irrational(slope):
        value = cost.limit(rational_slope(slope))
        return RealAlgebraicNumber.from_rational(value)
    if len(cost.moving) > LARGEST_N_CLASSES:
        return None
    numerator, denominator = cost.fraction()
    common = numerator.gcd(denominator)
    resultant = polynomial_of_values(
        slope.minimal_polynomial, numerator // common, denominator // common
    )
    minimal = square_free_part(resultant)
    if minimal.degree() == 1:
        return RealAlgebraicNumber.from_rational(
            Fraction(-int(minimal[0]), int(minimal[1]))
        )
    bits = SHORT_BITS
    low, high = enclose_relatively(cost, slope, bits)
    while descartes_bound(minimal, low, high) != 1:
        bits *= 2
        low, high = enclose_relatively(cost, slope, bits)
    return RealAlgebraicNumber(tuple(int(c) for c in minimal.coeffs()), (low, high))


def lowest_slopes(cost: ProjectedCost, slopes: list[Slope]) -> list[Slope]:
    """Return the slopes of least value; ties are decided exactly.

    With more than `LARGEST_N_CLASSES` classes, irrational slopes whose values agree to
    256 bits stay together, their equality unproved.
    """
    for bits in _RELATIVE_BITS:
        width = cost.energy / (1 << bits)
        enclosed = [(y, enclose_value(cost, y, width)) for y in slopes]
        least = min(high for _, (_, high) in enclosed)
        slopes = [y for y, (low, _) in enclosed if low <= least]
        if len(slopes) == 1:
            return slopes
    values = [exact_value(cost, y) for y in slopes]
    known = [value for value in values if value is not None]
    if len(known) == len(slopes):
        lowest = min(known)
        return [y for y, v in zip(slopes, values, strict=True) if v == lowest]
    return _lowest_beside_unknown(cost, slopes)


def _lowest_beside_unknown(cost: ProjectedCost, slopes: list[Slope]) -> list[Slope]:
    """Compare the values of irrational slopes with the least one of the others."""
    others = [rational_slope(y) for y in slopes if not is_irrational(y)]
    if not others:
        return slopes
    least = min(cost.limit(y) for y in others)
    excess = cost.excess(least)
    signs = [
        y.sign_of(excess)
        if is_irrational(y)
        else int(cost.limit(rational_slope(y)) > least)
        for y in slopes
    ]
    return [y for y, sign in zip(slopes, signs, strict=True) if sign == min(signs)]
