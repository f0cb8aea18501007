"""Three columns, rank one or two: the exact optimum by all its critical points.

Row spaces form a projective plane, on which the cost is smooth if all weights are
positive. OPT is the least of the real critical values, an algebraic number.

Contents
--------
PlaneOptimum    value, minimizers, local minima, critical points
solve_plane     the optimum of an instance
prove_plane     a proof and rational factors, as close to the optimum as asked

References
----------
[OttavianiSpaenlehauerSturmfels2014]_
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.certificates import Plane
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.plane import CriticalComponent, plane_critical_points
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import dyadic_below
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import Interval

# Relative gap of a certificate where gap 0 was asked but the optimum is irrational.
_LEAST_GAP = Fraction(1, 1 << 100)
# Relative width to which critical values are enclosed before they are compared.
_NARROW = Fraction(1, 1 << 60)
# The minimal polynomial of the value takes minutes beyond this degree.
LARGEST_VALUE_DEGREE = 90


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneOptimum:
    """The optimum of an instance whose row spaces form a projective plane.

    Parameters
    ----------
    value : RealAlgebraicNumber or None
        OPT; None if its degree may exceed `LARGEST_VALUE_DEGREE`.
    enclosure : (Fraction, Fraction)
        Contains OPT, to 60 bits at least.
    minimizers : tuple of (CriticalComponent, AlgebraicPoint)
        All row spaces at which OPT is reached. Values that agree to a large number of
        digits are compared exactly where `value` is known; else they are all listed.
    n_complex_critical_points : int
        Critical X of rank k, complex ones included, except those where the denominator
        of a weight class vanishes.
    n_real_critical_points, n_local_minima : int
        Of these; a real point with singular Hessian does not count as local minimum.
    attained : bool
        True: weights are positive.
    """

    value: RealAlgebraicNumber | None
    enclosure: Interval
    minimizers: tuple[tuple[CriticalComponent, AlgebraicPoint], ...]
    n_complex_critical_points: int
    n_real_critical_points: int
    n_local_minima: int
    attained: bool = True


def solve_plane(instance: Instance) -> PlaneOptimum:
    """Return the exact optimum of an instance with three columns and rank 1 or 2.

    Raises
    ------
    NotApplicableError
        See `reductions.plane.plane_critical_points`.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 0, 0], [0, 3, 1], [1, 0, 1]])
    >>> optimum = solve_plane(Instance(data=A, squared_weights=ones_like(A), rank=2))
    >>> print(optimum.value)
    ≈ 0.685734057317334599289, root of x^3 - 16*x^2 + 63*x - 36
    """
    components = [c for c in plane_critical_points(instance) if not c.is_zero]
    real = [(c, p) for c in components for p in c.real_points()]
    width = instance.energy() * _NARROW
    enclosed = [c.cost_at(p).enclosures(width)[0] for c, p in real]
    ceiling = min(high for _, high in enclosed)
    lowest = [
        pair for pair, (low, _) in zip(real, enclosed, strict=True) if low <= ceiling
    ]
    value = None
    if max(c.degree for c, _ in lowest) <= LARGEST_VALUE_DEGREE:
        values = [c.cost_at(p).coordinate(0) for c, p in lowest]
        value = min(values)
        lowest = [pair for pair, v in zip(lowest, values, strict=True) if v == value]
    if value is not None and value.rational is not None:
        enclosure = (value.rational, value.rational)
    else:
        enclosure = (min(low for low, _ in enclosed), ceiling)
    return PlaneOptimum(
        value=value,
        enclosure=enclosure,
        minimizers=tuple(lowest),
        n_complex_critical_points=sum(c.degree for c in components),
        n_real_critical_points=len(real),
        n_local_minima=sum(bool(c.is_local_minimum(p)) for c, p in real),
    )


def prove_plane(
    instance: Instance, optimum: PlaneOptimum, gap: Fraction
) -> tuple[Plane, RationalMatrix, RationalMatrix]:
    """Return a proof and rational factors whose cost is within the gap of its bound.

    Parameters
    ----------
    gap : Fraction
        At least 0: upper - lower <= gap * upper. For 0 a rational optimum at a rational
        row space is met exactly; of any other the gap is 2^-100.

    Raises
    ------
    InvalidInputError
        If the gap is negative.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 0, 0], [0, 3, 1], [1, 0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=2)
    >>> proof, left, right = prove_plane(
    ...     instance, solve_plane(instance), Fraction(1, 100)
    ... )
    >>> instance.cost(left, right) - proof.lower <= instance.cost(left, right) / 100
    True
    """
    if gap < 0:
        raise InvalidInputError("the gap is negative; pass gap >= 0.")
    component, point = min(
        optimum.minimizers, key=lambda pair: pair[1].rational is None
    )
    low, high = optimum.enclosure
    wanted = gap or _LEAST_GAP
    if low < high:
        # Ties are not told apart where the value is not known: all of them count.
        width = max(low, high - low) * wanted / 8
        low = min(c.cost_at(p).enclosures(width)[0][0] for c, p in optimum.minimizers)
        low = max(dyadic_below(low, _bits_of(high * wanted / 8)), Fraction(0))
    exact = point.rational
    if exact is not None:
        return Plane(lower=low), *_factors(instance, component, exact)
    bits = 20
    while True:
        scale = 1 << bits
        near = [
            Fraction(round(x * scale), scale)
            for x, _ in point.enclosures(Fraction(1, scale))
        ]
        left, right = _factors(instance, component, near)
        cost = instance.cost(left, right)
        if cost - low <= wanted * cost:
            return Plane(lower=low), left, right
        bits += bits // 2


def _factors(
    instance: Instance, component: CriticalComponent, point: Sequence[Fraction]
) -> tuple[RationalMatrix, RationalMatrix]:
    """Return the best U for the row space of a rational point, and V."""
    right = component.chart.right_factor(point)
    left = solve_rows(instance.data, instance.squared_weights, right)
    return left, right


def _bits_of(width: Fraction) -> int:
    """Return bits with 2^-bits <= width, at least 0."""
    return (width.denominator // width.numerator).bit_length()
