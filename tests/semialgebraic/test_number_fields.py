"""Fields Q(t) that grow: adjoined roots satisfy their equations, in the right order."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpq_poly, fmpz_poly
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.field_divisors import square_free
from semialgebraic.field_polynomials import inverse, norm, over_point
from semialgebraic.field_roots import isolate_roots_over, narrowed
from semialgebraic.number_fields import adjoin, joint_point
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots
from semialgebraic.univariate import sign_at

X, Y = polynomial_ring(["x", "y"]).gens()
SQRT_2 = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
SQRT_3 = RealAlgebraicNumber.from_root([-3, 0, 1], (0, 2))
ORIGIN = AlgebraicPoint.from_rationals([])

small = st.integers(-4, 4)
fields = (
    st.lists(st.integers(-6, 6), min_size=2, max_size=4)
    .map(fmpz_poly)
    .filter(lambda p: p.degree() > 0)
    .map(real_roots)
    .filter(bool)
    .flatmap(st.sampled_from)
)
bivariate = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(0, 3)), small, min_size=2, max_size=5
).map(X.context().from_dict)


def _point(number: RealAlgebraicNumber) -> AlgebraicPoint:
    return joint_point([number])


def test_inverse_of_zero_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no inverse"):
        inverse(SQRT_2, fmpq_poly([-2, 0, 1]))


@given(fields, st.lists(small, min_size=1, max_size=3).map(fmpq_poly))
def test_inverse_times_value_is_one(t: RealAlgebraicNumber, value: fmpq_poly) -> None:
    modulus = fmpq_poly(list(t.minimal_polynomial))
    assume(value % modulus)
    assert (value * inverse(t, value)) % modulus == 1


@given(fields, bivariate)
def test_every_adjoined_root_is_one_and_they_ascend(
    t: RealAlgebraicNumber, p: object
) -> None:
    point = _point(t)
    q = over_point(point, p)
    assume(q)
    lifted = adjoin(point, q)
    for other in lifted:
        assert other.sign_of(p) == 0
        assert other.coordinate(0) == t
    values = [other.coordinate(1) for other in lifted]
    assert all(a < b for a, b in pairwise(values))


@given(fields, bivariate)
def test_the_number_of_roots_agrees_with_the_norm(
    t: RealAlgebraicNumber, p: object
) -> None:
    # A root of q is a root of the norm; which of those are roots of q decides a sign.
    point = _point(t)
    q = over_point(point, p)
    assume(q)
    expected = 0
    for candidate in real_roots(norm(t, q)):
        both = joint_point([t, candidate])
        expected += both.sign_of(p) == 0
    assert len(isolate_roots_over(t, q)) == expected


@given(st.lists(fields, min_size=1, max_size=3))
@settings(max_examples=25)
def test_joint_point_has_the_given_coordinates(
    numbers: list[RealAlgebraicNumber],
) -> None:
    point = joint_point(numbers)
    assert [point.coordinate(i) for i in range(len(numbers))] == numbers


def test_field_does_not_grow_without_need() -> None:
    twice = RealAlgebraicNumber.from_root([-8, 0, 1], (0, 3))
    assert joint_point([SQRT_2, twice, SQRT_2]).parameter == SQRT_2
    assert joint_point([SQRT_2, SQRT_3]).parameter.degree == 4
    rational = RealAlgebraicNumber.from_rational(Fraction(1, 3))
    assert joint_point([rational]).rational == (Fraction(1, 3),)


def test_conjugate_roots_are_told_apart() -> None:
    # y^2 = t has two real roots over sqrt(2) and none over -sqrt(2).
    q = [fmpq_poly([0, -1]), fmpq_poly(), fmpq_poly([1])]
    minus = RealAlgebraicNumber.from_root([-2, 0, 1], (-2, 0))
    assert len(isolate_roots_over(SQRT_2, q)) == 2
    assert isolate_roots_over(minus, q) == []
    assert [p.parameter.degree for p in adjoin(_point(SQRT_2), q)] == [4, 4]


def test_a_double_root_is_found_once() -> None:
    # (y - t)^2 (y + 1)
    t, one = fmpq_poly([0, 1]), fmpq_poly([1])
    q = [t * t, t * t - 2 * t, one - 2 * t, one]
    found = adjoin(_point(SQRT_2), q)
    assert [p.coordinate(1) for p in found] == [-1, SQRT_2]
    assert len(square_free(SQRT_2, q)) == 3


def test_roots_closer_than_any_first_precision() -> None:
    # y^2 - 2 t y + t^2 - 10^-80 has the roots t +- 10^-40.
    tiny = fmpq_poly([1]) / 10**80
    t = fmpq_poly([0, 1])
    q = [t * t - tiny, -2 * t, fmpq_poly([1])]
    left, right = isolate_roots_over(SQRT_2, q)
    assert left[1] < right[0]
    assert right[1] - left[0] < Fraction(3, 10**40)


def test_narrowed_intervals_hold_the_root() -> None:
    q = [fmpq_poly([0, -1]), fmpq_poly(), fmpq_poly(), fmpq_poly([1])]
    width = Fraction(1, 10**30)
    ((low, high),) = narrowed(SQRT_2, q, width)
    assert high - low <= width
    assert low**6 < 2 < high**6


def test_rational_coefficients_need_no_field() -> None:
    q = [fmpq_poly([-2]), fmpq_poly(), fmpq_poly([1])]
    width = Fraction(1, 1000)
    for low, high in narrowed(SQRT_3, q, width):
        assert high - low <= width
        assert sign_at([-2, 0, 1], low) * sign_at([-2, 0, 1], high) < 0
    assert [p.coordinate(0) for p in adjoin(ORIGIN, q)][1] == SQRT_2


def test_zero_polynomial_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="zero polynomial"):
        isolate_roots_over(SQRT_2, [fmpq_poly([-2, 0, 1])])
    with pytest.raises(InvalidInputError, match="no norm"):
        norm(SQRT_2, [])


def test_variables_beyond_the_point_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="beyond"):
        over_point(ORIGIN, X + Y)
