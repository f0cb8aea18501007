"""Two rows, rank one: the exact optimum by real root isolation (mathematics C10).

The cost is a function of one unknown, the slope y of u = (1 : y). Its critical slopes
are the real roots of one integer polynomial of degree 4r - 2, r the number of column
classes; the optimum is the least of their values, an algebraic number.

Contents
--------
TwoRowsOptimum      value, minimizers, local minima, critical points, attainment
solve_two_rows      the optimum of an instance
prove_two_rows      a proof and rational factors, as close to the optimum as asked

Notes on the implementation
---------------------------
The search for the minimum is exact; the factors of a certificate are rational, so
their cost is the optimum only where that is rational and has a rational minimizer.

References
----------
[BasuPollackRoy2006]_
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import final

from flint import fmpz_poly

from exact_wlra.bounds.critical_values import (
    SHORT_BITS,
    Slope,
    enclose_relatively,
    enclose_value,
    exact_value,
    is_irrational,
    lowest_slopes,
    rational_slope,
)
from exact_wlra.certificates import TwoRows
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.two_rows import ProjectedCost, project_cost
from semialgebraic import integer_arrays
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import dyadic, dyadic_below
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots
from semialgebraic.univariate import Interval, sign_at

# Relative gap of a certificate where gap 0 was asked but the optimum is irrational.
_LEAST_GAP = Fraction(1, 1 << 100)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TwoRowsOptimum:
    """The optimum of a 2 x d instance of rank one.

    Parameters
    ----------
    value : RealAlgebraicNumber or None
        OPT; None with an irrational minimizer and more column classes than
        `critical_values.LARGEST_N_CLASSES`.
    enclosure : (Fraction, Fraction)
        Contains OPT; both ends are OPT if it is known to be rational.
    minimizers : tuple of slopes
        All rays at which the infimum is reached, or approached if not `attained`; one
        of them if the cost is constant. Beyond that number of classes, irrational
        slopes whose values agree to 256 bits are all listed, their equality unproved.
    local_minima : tuple of (slope, enclosure of the value)
        All local minima of the (limit of the) cost on the projective line.
    n_real_critical_points : int or None
        Distinct real critical points X != 0 of rank one; None if infinitely many.
    n_complex_critical_points_upper_bound : int
        4r - 2, and one more for each coordinate ray with a free column.
    attained : bool
        Whether some X of rank at most one costs OPT.
    reason : str
        Why, in a sentence.
    """

    value: RealAlgebraicNumber | None
    enclosure: Interval
    minimizers: tuple[Slope, ...]
    local_minima: tuple[tuple[Slope, Interval], ...]
    n_real_critical_points: int | None
    n_complex_critical_points_upper_bound: int
    attained: bool
    reason: str


def solve_two_rows(instance: Instance) -> TwoRowsOptimum:
    """Return the exact optimum of a 2 x d instance of rank one.

    Raises
    ------
    NotApplicableError
        If the instance has not two rows, or its rank is not one.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> optimum = solve_two_rows(Instance(data=A, squared_weights=omega, rank=1))
    >>> print(optimum.value)
    ≈ 1.909830056250525758977, root of x^2 - 15*x + 25
    >>> print(*optimum.minimizers)
    ≈ 1.618033988749894848205, root of x^2 - x - 1
    """
    cost = project_cost(instance)
    form, formal_degree = cost.critical_form()
    if not form:
        return _optimum_of_constant(cost)
    roots = real_roots(form)
    minima = _local_minima(form, roots)
    width = cost.energy / (1 << SHORT_BITS)
    enclosed = tuple((y, enclose_value(cost, y, width)) for y in minima)
    minimizers = lowest_slopes(cost, minima)
    value = exact_value(cost, minimizers[0])
    if value is None:
        enclosure = enclose_relatively(cost, minimizers[0], SHORT_BITS)
    elif value.rational is not None:
        enclosure = (value.rational, value.rational)
    else:
        enclosure = value.isolating_interval
    attained, reason = _attainment(cost, minimizers)
    at_infinity: list[Slope] = [None] if form.degree() < formal_degree else []
    critical = at_infinity + list(roots)
    return TwoRowsOptimum(
        value=value,
        enclosure=enclosure,
        minimizers=tuple(minimizers),
        local_minima=enclosed,
        n_real_critical_points=_n_critical_points(cost, critical),
        n_complex_critical_points_upper_bound=formal_degree + _n_free_rays(cost),
        attained=attained,
        reason=reason,
    )


def prove_two_rows(
    instance: Instance, optimum: TwoRowsOptimum, gap: Fraction
) -> tuple[TwoRows, RationalMatrix, RationalMatrix]:
    """Return a proof of a lower bound and factors (2 x 1) and (1 x d).

    With `upper` the exact cost of the factors, upper - lower <= gap * upper, or
    upper <= gap * (cost of X = 0) if OPT = 0 is not attained. If OPT is rational, lower
    is OPT; if it is also attained at a rational slope, lower = upper = OPT.

    Parameters
    ----------
    instance : Instance
    optimum : TwoRowsOptimum
        As `solve_two_rows` returns it for this instance.
    gap : Fraction
        Relative; 0 stands for 2^-100 where equality cannot be reached.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> proof, left, right = prove_two_rows(
    ...     instance, solve_two_rows(instance), Fraction(1, 100)
    ... )
    >>> left, instance.cost(left, right) - proof.lower < Fraction(2, 100)
    (RationalMatrix([[5/8], [1]]), True)
    """
    if gap < 0:
        raise InvalidInputError("the gap is negative; pass gap >= 0.")
    cost = project_cost(instance)
    value = None if optimum.value is None else optimum.value.rational
    # A ray without jump if there is one, and then a rational one if there is one.
    slope = min(optimum.minimizers, key=lambda y: (_jump(cost, y), is_irrational(y)))
    if optimum.attained and not is_irrational(slope):
        left = _left_factor(rational_slope(slope))
        data, weights = instance.data.transpose, instance.squared_weights.transpose
        right = solve_rows(data, weights, left.transpose).transpose
        return TwoRows(lower=cost.at(rational_slope(slope))), left, right
    scale = cost.energy if value == 0 else optimum.enclosure[0]
    # Two parts for the lower bound, one for each factor; scale is at most upper.
    slack = (gap or _LEAST_GAP) * scale / 4
    if value is None:
        low, _ = enclose_value(cost, slope, slack)
        value = max(dyadic_below(low, _bits_of(slack)), Fraction(0))
    left = _approximate_left(cost, slope, value + 3 * slack)
    right = _approximate_right(instance, left, value + 4 * slack)
    return TwoRows(lower=value), left, right


def _bits_of(width: Fraction) -> int:
    """Return bits with 2^-bits <= width, at least 0."""
    return (width.denominator // width.numerator).bit_length()


def _left_factor(slope: Fraction | None) -> RationalMatrix:
    """Return u of this slope as a column, its largest entry 1 in absolute value."""
    if slope is None or abs(slope) > 1:
        inverse = Fraction(0) if slope is None else 1 / slope
        return RationalMatrix.from_fractions([[inverse], [Fraction(1)]])
    return RationalMatrix.from_fractions([[Fraction(1)], [slope]])


def _approximate_left(
    cost: ProjectedCost, slope: Slope, target: Fraction
) -> RationalMatrix:
    """Return a column u of few bits whose cost is at most the target."""
    bits = 2
    while True:
        bits *= 2
        step = Fraction(1, 1 << bits)
        near = None if slope is None else slope.refined(step).isolating_interval[0]
        if near is None or abs(near) > 1:
            inverse = dyadic(1 / near, bits) if near else step
            near = 1 / inverse if inverse else None
        else:
            near = dyadic(near, bits) or step
        if cost.at(near) <= target:
            return _left_factor(near)


def _approximate_right(
    instance: Instance, left: RationalMatrix, target: Fraction
) -> RationalMatrix:
    """Return the best row v, rounded to so few bits that the cost meets the target."""
    weights = instance.squared_weights.numerators
    weighted = integer_arrays.multiply(weights, instance.data.numerators)
    u = left.numerators
    numerator = integer_arrays.matmul(u.T, weighted)
    divisor = integer_arrays.matmul(integer_arrays.multiply(u, u).T, weights)
    divisor = integer_arrays.multiply(divisor, instance.data.denominator).astype(object)
    divisor[divisor == 0] = 1
    numerator = numerator.astype(object) * left.denominator
    bits = 2
    while True:
        bits *= 2
        rounded = ((numerator << (bits + 1)) // divisor + 1) >> 1
        right = RationalMatrix(integer_arrays.narrow(rounded), 1 << bits)
        if instance.cost(left, right) <= target:
            return right


def _optimum_of_constant(cost: ProjectedCost) -> TwoRowsOptimum:
    """Return the optimum where every ray but perhaps the coordinate rays has it."""
    slope = Fraction(1)
    value = RealAlgebraicNumber.from_rational(cost.limit(slope))
    enclosure = value.isolating_interval
    ray = RealAlgebraicNumber.from_rational(slope)
    return TwoRowsOptimum(
        value=value,
        enclosure=enclosure,
        minimizers=(ray,),
        local_minima=((ray, enclosure),),
        n_real_critical_points=None,
        n_complex_critical_points_upper_bound=_n_free_rays(cost),
        attained=True,
        reason="the cost is the same for every u without zeros, and reached there.",
    )


def _local_minima(form: fmpz_poly, roots: list[RealAlgebraicNumber]) -> list[Slope]:
    """Return the slopes where the limit of the cost falls before and rises after.

    The derivative has the sign of -form.
    """
    ends = [
        (a.isolating_interval[1] + b.isolating_interval[0]) / 2
        for a, b in pairwise(roots)
    ]
    last = 1 if form.leading_coefficient() > 0 else -1
    signs = [last * (-1) ** form.degree(), *(sign_at(form, x) for x in ends), last]
    minima: list[Slope] = [
        root
        for root, before, after in zip(roots, signs, signs[1:], strict=False)
        if before > 0 > after
    ]
    if last > 0 > signs[0]:
        minima.append(None)
    return minima


def _attainment(cost: ProjectedCost, minimizers: list[Slope]) -> tuple[bool, str]:
    """Return whether a minimizing ray has no jump, and a sentence."""
    jumps = [_jump(cost, y) for y in minimizers]
    if 0 in jumps:
        return True, "the least value is reached at a ray where the cost is continuous."
    names = " and ".join("(0 : 1)" if y is None else "(1 : 0)" for y in minimizers)
    return False, (
        f"the least value is the limit of the cost at u = {names}, where the cost "
        f"itself is larger by {min(jumps)}: a column has weight only where u is zero."
    )


def _jump(cost: ProjectedCost, slope: Slope) -> Fraction:
    """Return the jump of the cost at a slope; there is none at an irrational one."""
    return Fraction(0) if is_irrational(slope) else cost.jump(rational_slope(slope))


def _n_free_rays(cost: ProjectedCost) -> int:
    """Return at how many coordinate rays a column with data is free."""
    return sum(cost.jump(slope) > 0 for slope in (None, Fraction(0)))


def _n_critical_points(cost: ProjectedCost, critical: list[Slope]) -> int | None:
    """Return the number of critical X != 0; None if a family of them is free.

    At a coordinate ray with a free class the entries of X in its columns only have to
    satisfy one linear equation.
    """
    count = 0
    for slope in (None, Fraction(0)):
        free = cost.singular_class(slope)
        if free is None:
            continue
        if cost.jump(slope) > 0 and free.n_columns > 1:
            return None
        if cost.jump(slope) == 0 and slope in critical:
            return None
        count += cost.jump(slope) > 0 and cost.at(slope) < cost.energy
    for ray in critical:
        if ray is None or ray == 0:
            if cost.singular_class(rational_slope(ray)) is None:
                count += cost.at(rational_slope(ray)) < cost.energy
        else:
            count += any(
                ray.sign_of([h.form[0], 2 * h.form[1], h.form[2]]) > 0
                for h in cost.classes
            )
    return count
