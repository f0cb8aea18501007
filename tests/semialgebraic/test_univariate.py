"""Univariate polynomials: counting, isolation, refinement and positivity of roots."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
import sympy
from flint import fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.errors import InexactInputError, InvalidInputError
from semialgebraic.sturm import n_real_roots, sturm_sequence
from semialgebraic.univariate import (
    descartes_bound,
    is_nonnegative_on_the_line,
    is_positive_on_the_line,
    isolate_real_roots,
    n_sign_variations,
    polynomial,
    primitive_part,
    refine_root,
    require_nonzero,
    root_upper_bound,
    sign_at,
    square_free_part,
)

X = sympy.Symbol("x")

fractions = st.fractions(min_value=-20, max_value=20, max_denominator=30)
linear_factors = fractions.map(lambda r: fmpz_poly([-r.numerator, r.denominator]))
generic = st.lists(st.integers(-1000, 1000), min_size=1, max_size=9).map(fmpz_poly)
# Products with rational roots, repeated ones among them, and squares.
products = st.tuples(st.lists(linear_factors, max_size=4), generic, generic).map(
    lambda parts: _product([*parts[0], parts[1], parts[2] ** 2])
)
polynomials = st.one_of(generic, products).filter(bool)


def _product(factors: list[fmpz_poly]) -> fmpz_poly:
    result = fmpz_poly([1])
    for factor in factors:
        result *= factor
    return result


def _sympy(p: fmpz_poly) -> sympy.Poly:
    return sympy.Poly([int(c) for c in reversed(p.coeffs())], X)


def _number(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)


# --- arithmetic


def test_polynomial_takes_coefficients_from_low_to_high() -> None:
    assert polynomial([1, 2, 3])(10) == 321


def test_a_float_coefficient_is_refused() -> None:
    with pytest.raises(InexactInputError, match="not an integer"):
        polynomial([1, 0.5])  # type: ignore[list-item]


@pytest.mark.parametrize(
    "question", [isolate_real_roots, n_real_roots, root_upper_bound, require_nonzero]
)
def test_the_zero_polynomial_is_refused_where_it_has_no_answer(question) -> None:
    with pytest.raises(InvalidInputError, match="zero polynomial"):
        question([0])


@given(polynomials)
def test_primitive_part_is_primitive_with_positive_leading_coefficient(
    p: fmpz_poly,
) -> None:
    primitive = primitive_part(p)
    assert primitive.content() == 1
    assert primitive.leading_coefficient() > 0
    assert primitive * (p.leading_coefficient() // primitive.leading_coefficient()) == p


def test_primitive_part_of_zero_is_zero() -> None:
    assert not primitive_part([0])


@given(polynomials)
def test_square_free_part_has_the_same_roots_each_simple(p: fmpz_poly) -> None:
    part = square_free_part(p)
    assert part.gcd(part.derivative()).degree() <= 0
    assert part ** (p.degree() + 1) % part == 0
    assert not (part ** max(p.degree(), 1)) % primitive_part(p) or part.degree() == 0


def test_sign_variations_skip_zeros() -> None:
    assert n_sign_variations([]) == 0
    assert n_sign_variations([0, 1, 0, -1, 0, 0, -2, 3]) == 2


# --- counting


@given(polynomials)
def test_number_of_real_roots_is_that_of_sympy(p: fmpz_poly) -> None:
    expected = _sympy(square_free_part(p)).count_roots()
    assert n_real_roots(p) == expected
    assert len(isolate_real_roots(p)) == expected


@given(polynomials, fractions, fractions)
def test_number_of_roots_in_an_interval_is_that_of_sympy(
    p: fmpz_poly, a: Fraction, b: Fraction
) -> None:
    low, high = min(a, b), max(a, b)
    closed = _sympy(square_free_part(p)).count_roots(_number(low), _number(high))
    assert len(isolate_real_roots(p, low=low, high=high)) == closed
    assert n_real_roots(p, low, high) == closed - (sign_at(p, low) == 0)


@given(polynomials, fractions)
def test_half_lines_add_up_to_the_line(p: fmpz_poly, cut: Fraction) -> None:
    below, above = n_real_roots(p, None, cut), n_real_roots(p, cut, None)
    assert below + above == n_real_roots(p)
    assert len(isolate_real_roots(p, high=cut)) == below
    assert len(isolate_real_roots(p, low=cut)) == above + (sign_at(p, cut) == 0)


@given(polynomials, fractions, fractions)
def test_descartes_bound_exceeds_the_count_by_an_even_number(
    p: fmpz_poly, a: Fraction, b: Fraction
) -> None:
    assume(a != b)
    low, high = min(a, b), max(a, b)
    expected = sum(
        multiplicity
        for factor, multiplicity in p.factor_squarefree()[1]
        for interval in isolate_real_roots(factor, low=low, high=high)
        if interval not in ((low, low), (high, high))
    )
    excess = descartes_bound(p, low, high) - expected
    assert excess >= 0
    assert excess % 2 == 0


@pytest.mark.parametrize("count", [n_real_roots, descartes_bound])
def test_an_empty_interval_is_refused(count) -> None:
    with pytest.raises(InvalidInputError, match="interval is empty"):
        count([-2, 0, 1], Fraction(1), Fraction(0))
    with pytest.raises(InvalidInputError, match="interval is empty"):
        isolate_real_roots([-2, 0, 1], low=1, high=0)


@given(polynomials)
def test_sturm_sequence_ends_with_the_common_divisor(p: fmpz_poly) -> None:
    last = sturm_sequence(p)[-1]
    common = p.gcd(p.derivative())
    assert primitive_part(last) == primitive_part(common)


@given(polynomials)
def test_no_complex_root_exceeds_the_bound(p: fmpz_poly) -> None:
    bound = float(root_upper_bound(p))
    roots = np.roots([float(c) for c in reversed(p.coeffs())])
    assert bool((np.abs(roots) <= bound * (1 + 1e-3)).all())


# --- isolation and refinement


@given(polynomials)
def test_intervals_are_disjoint_ascending_and_change_sign(p: fmpz_poly) -> None:
    intervals = isolate_real_roots(p)
    simple = square_free_part(p)
    for low, high in intervals:
        if low == high:
            assert sign_at(p, low) == 0
        else:
            assert sign_at(simple, low) * sign_at(simple, high) < 0
    for (a, b), (c, d) in pairwise(intervals):
        assert b <= c
        assert (a, b) != (c, d)


@given(polynomials, st.integers(1, 60))
def test_refined_interval_is_short_inside_and_still_holds_the_root(
    p: fmpz_poly, digits: int
) -> None:
    width = Fraction(1, 10**digits)
    simple = square_free_part(p)
    for interval in isolate_real_roots(p):
        low, high = refine_root(simple, interval, width)
        assert interval[0] <= low <= high <= interval[1]
        assert high - low <= width
        if low == high:
            assert sign_at(p, low) == 0
        else:
            assert sign_at(simple, low) * sign_at(simple, high) < 0


def test_refinement_wants_a_sign_change_and_a_positive_width() -> None:
    with pytest.raises(InvalidInputError, match="does not change sign"):
        refine_root([-2, 0, 1], (Fraction(2), Fraction(3)), Fraction(1))
    with pytest.raises(InvalidInputError, match="positive"):
        refine_root([-2, 0, 1], (Fraction(1), Fraction(2)), Fraction(0))


def test_an_interval_next_to_a_rational_root_does_not_end_in_it() -> None:
    # Roots 1/2 (a point of bisection) and (1 +- 1e-9)/2, its neighbors on both sides.
    p = fmpz_poly([-1, 2]) * fmpz_poly([10**18 - 1, -4 * 10**18, 4 * 10**18])
    intervals = isolate_real_roots(p)
    assert len(intervals) == 3
    assert intervals[1] == (Fraction(1, 2), Fraction(1, 2))
    assert all(Fraction(1, 2) not in intervals[i] for i in (0, 2))


def test_roots_of_wilkinson_polynomial_are_found() -> None:
    p = _product([fmpz_poly([-k, 1]) for k in range(1, 31)])
    refined = [
        refine_root(p, interval, Fraction(1, 100)) for interval in isolate_real_roots(p)
    ]
    assert [round(low) for low, _ in refined] == list(range(1, 31))


def test_two_roots_closer_than_floats_can_tell_are_separated() -> None:
    # Mignotte: two roots near 1e-20, at a distance of about 1e-420.
    p = fmpz_poly([0] * 40 + [1]) - 2 * fmpz_poly([-1, 10**20]) ** 2
    intervals = isolate_real_roots(p)
    assert len(intervals) == 4
    assert [high < Fraction(1, 10) for _, high in intervals] == [
        True,
        True,
        True,
        False,
    ]


def test_degree_sixty_with_hundreds_of_bits_agrees_with_sturm() -> None:
    coefficients = [
        (-1) ** (k * k // 3) * (7**k * 3 ** (200 - k) + k) for k in range(61)
    ]
    assert len(isolate_real_roots(coefficients)) == n_real_roots(coefficients) > 0


# --- positivity


@given(polynomials)
def test_positive_means_no_real_root_and_one_positive_value(p: fmpz_poly) -> None:
    expected = n_real_roots(p) == 0 and sign_at(p, 0) > 0
    assert is_positive_on_the_line(p) == expected


@given(polynomials)
def test_nonnegative_means_no_negative_value_between_roots(p: fmpz_poly) -> None:
    roots = isolate_real_roots(p)
    bound = root_upper_bound(p) + 1
    between = [(a[1] + b[0]) / 2 for a, b in pairwise(roots)]
    signs = [sign_at(p, x) for x in (-bound, *between, bound)]
    assert is_nonnegative_on_the_line(p) == (min(signs) > 0)


@given(generic.filter(bool), st.integers(1, 50))
def test_a_square_is_nonnegative_and_above_it_positive(p: fmpz_poly, c: int) -> None:
    assert is_nonnegative_on_the_line(p**2)
    assert is_positive_on_the_line(p**2 + c)
    assert not is_nonnegative_on_the_line(-(p**2))


def test_zero_is_nonnegative_but_not_positive() -> None:
    assert is_nonnegative_on_the_line([0])
    assert not is_positive_on_the_line([0])
