"""Points over a number field: signs and coordinates against high-precision numbers."""

from collections.abc import Sequence
from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb, fmpq, fmpq_poly, fmpz_mpoly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint, value_in_field
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring, value_at
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots

NAMES = ("x", "y")
X, Y = polynomial_ring(NAMES).gens()
DIGITS = 200

roots = (
    st.lists(st.integers(-20, 20), min_size=3, max_size=5)
    .filter(lambda c: any(c[1:]))
    .map(real_roots)
    .filter(bool)
    .flatmap(st.sampled_from)
)
fractions = st.fractions(min_value=-5, max_value=5, max_denominator=6)
coordinates = st.lists(fractions, min_size=1, max_size=4)
exponents = st.tuples(st.integers(0, 3), st.integers(0, 3))
polynomials = st.dictionaries(exponents, st.integers(-20, 20), max_size=5).map(
    lambda terms: from_terms(NAMES, terms)
)


def _poly(coefficients: list[Fraction]) -> fmpq_poly:
    common = sympy.ilcm(1, *(c.denominator for c in coefficients))
    return fmpq_poly([int(c * int(common)) for c in coefficients], int(common))


def _point(root: RealAlgebraicNumber, x, y, q) -> AlgebraicPoint:
    """The point (x(t) / q(t), y(t) / q(t)); q = 1 where q(t) = 0."""
    minimal = fmpq_poly(list(root.minimal_polynomial))
    denominator = _poly(q) if _poly(q) % minimal else None
    return AlgebraicPoint.from_polynomials(root, [_poly(x), _poly(y)], denominator)


points = st.builds(_point, roots, coordinates, coordinates, coordinates)


def _parameter(root: RealAlgebraicNumber) -> mpmath.mpf:
    low, high = root.refine(DIGITS + 50).isolating_interval
    middle = (low + high) / 2
    return mpmath.mpf(middle.numerator) / middle.denominator


def _at(coefficients: Sequence[Fraction], t: mpmath.mpf) -> mpmath.mpf:
    return mpmath.fsum(
        mpmath.mpf(a.numerator) / a.denominator * t**i
        for i, a in enumerate(coefficients)
    )


def _numbers(point: AlgebraicPoint) -> list[mpmath.mpf]:
    t = _parameter(point.parameter)
    q = _at(point.denominator, t)
    return [_at(c, t) / q for c in point.coordinates]


def _value(p: fmpz_mpoly, numbers: list[mpmath.mpf]) -> mpmath.mpf:
    return mpmath.fsum(
        int(c) * mpmath.fprod(x ** int(e) for x, e in zip(numbers, powers, strict=True))
        for powers, c in p.terms()
    )


@given(points, polynomials)
def test_signs_are_those_of_numbers_of_200_digits(point, p) -> None:
    with mpmath.workdps(DIGITS):
        value = _value(p, _numbers(point))
        # No value of these sizes is so small unless it is zero.
        expected = 0 if abs(value) < mpmath.mpf(10) ** -100 else int(mpmath.sign(value))
    assert point.sign_of(p) == expected


@given(points, polynomials, polynomials)
def test_signs_are_multiplicative(point, p, q) -> None:
    assert point.sign_of(p * q) == point.sign_of(p) * point.sign_of(q)
    assert point.sign_of(-p) == -point.sign_of(p)


@given(points)
def test_the_minimal_polynomial_of_a_coordinate_vanishes_there(point) -> None:
    for i, variable in enumerate((X, Y)):
        number = point.coordinate(i)
        p = sum(
            (c * variable**e for e, c in enumerate(number.minimal_polynomial)), 0 * X
        )
        assert point.sign_of(p) == 0


@given(points)
def test_coordinates_lie_in_short_enclosures(point) -> None:
    width = Fraction(1, 10**12)
    for i, (low, high) in enumerate(point.enclosures(width)):
        assert high - low <= width
        assert low <= point.coordinate(i) <= high


@given(st.tuples(fractions, fractions), polynomials)
def test_a_rational_point_is_evaluated_as_it_stands(values, p) -> None:
    point = AlgebraicPoint.from_rationals(values)
    value = value_at(p, values)
    assert point.rational == values
    assert point.dimension == 2
    assert point.sign_of(p) == (value > 0) - (value < 0)


@given(points)
def test_a_point_is_rational_if_it_is_given_by_constants(point) -> None:
    constant = all(len(c) <= 1 for c in (*point.coordinates, point.denominator))
    assert (point.rational is not None) == constant


def test_coordinates_are_reduced() -> None:
    root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    point = AlgebraicPoint.from_polynomials(root, [fmpq_poly([0, 0, 0, 1])])
    assert point.coordinates == ((Fraction(0), Fraction(2)),)
    with pytest.raises(InvalidInputError, match="not reduced"):
        AlgebraicPoint(parameter=root, coordinates=((Fraction(0),) * 3,))


def test_a_polynomial_in_other_variables_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="2 variables and the point 1"):
        AlgebraicPoint.from_rationals([1]).sign_of(X)


def test_the_origin_is_zero_in_every_form() -> None:
    origin = AlgebraicPoint.from_rationals([0, 0])
    assert origin.rational == (0, 0)
    assert origin.sign_of(X + Y) == 0
    assert origin.sign_of(0 * X) == 0
    assert origin.coordinate(0) == 0


@given(points)
def test_a_common_denominator_can_be_inverted(point) -> None:
    inverted = AlgebraicPoint.from_polynomials(point.parameter, point.polynomials())
    assert all(inverted.coordinate(i) == point.coordinate(i) for i in range(2))


def test_a_denominator_of_zero_is_refused() -> None:
    root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    with pytest.raises(InvalidInputError, match="denominator is zero"):
        AlgebraicPoint.from_polynomials(root, [], fmpq_poly([-2, 0, 1]))


@given(roots, coordinates, coordinates)
def test_a_value_in_the_field_is_the_value(root, numerator, denominator) -> None:
    minimal = fmpq_poly(list(root.minimal_polynomial))
    assume(_poly(denominator) % minimal)
    value = value_in_field(root, _poly(numerator), _poly(denominator))
    with mpmath.workdps(DIGITS):
        t = _parameter(root)
        expected = _at(numerator, t) / _at(denominator, t)
        assert abs(_parameter(value) - expected) < mpmath.mpf(10) ** -100


@given(roots, coordinates, coordinates)
def test_values_in_the_field_are_ordered_like_signs(root, first, second) -> None:
    p, q = _poly(first), _poly(second)
    point = AlgebraicPoint.from_polynomials(root, [p, q])
    sign = point.sign_of(X - Y)
    x, y = value_in_field(root, p), value_in_field(root, q)
    assert ((x > y) - (x < y)) == sign


@given(points)
def test_balls_hold_the_coordinates(point) -> None:
    for ball, (low, high) in zip(
        point.balls(100), point.enclosures(Fraction(1, 2**200)), strict=True
    ):
        middle = (low + high) / 2
        assert ball.overlaps(arb(fmpq(middle.numerator, middle.denominator)))
