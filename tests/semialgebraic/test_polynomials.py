"""Integer polynomials in several variables: made, read, evaluated, against SymPy."""

import math
from fractions import Fraction

import pytest
import sympy
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import InexactInputError, InvalidInputError
from semialgebraic.polynomials import (
    as_univariate,
    bitsize,
    coefficients_in,
    from_sympy,
    from_terms,
    polynomial_ring,
    primitive,
    to_sympy,
    value_at,
)

NAMES = ("x", "y", "z")
X, Y, Z = SYMBOLS = sympy.symbols(NAMES)

exponents = st.tuples(*(st.integers(0, 4) for _ in NAMES))
fractions = st.fractions(min_value=-30, max_value=30, max_denominator=12)
rational_terms = st.dictionaries(exponents, fractions, max_size=6)
integer_terms = st.dictionaries(exponents, st.integers(-99, 99), max_size=6)
polynomials = integer_terms.map(lambda terms: from_terms(NAMES, terms))
points = st.tuples(*(fractions for _ in NAMES))


def _expression(terms: dict[tuple[int, ...], Fraction]) -> sympy.Expr:
    return sympy.Add(
        *(
            sympy.Rational(c.numerator, c.denominator)
            * sympy.prod(s**e for s, e in zip(SYMBOLS, powers, strict=True))
            for powers, c in terms.items()
        )
    )


def _rational(x: Fraction) -> sympy.Rational:
    return sympy.Rational(x.numerator, x.denominator)


# --- rings and polynomials


@pytest.mark.parametrize("names", [[], ["x", "x"]])
def test_a_ring_needs_distinct_names(names: list[str]) -> None:
    with pytest.raises(InvalidInputError, match="variable"):
        polynomial_ring(names)


def test_the_first_variable_is_the_greatest() -> None:
    x, y = polynomial_ring(["x", "y"]).gens()
    assert str(y**5 + x) == "x + y^5"


@given(rational_terms)
def test_terms_over_the_rationals_keep_their_proportions(terms) -> None:
    p = from_terms(NAMES, terms)
    kept = {powers: c for powers, c in terms.items() if c}
    assert {tuple(map(int, e)) for e, _ in p.terms()} == set(kept)
    factors = {int(c) / kept[tuple(map(int, e))] for e, c in p.terms()}
    assert len(factors) <= 1
    assert all(factor > 0 for factor in factors)


@given(integer_terms)
def test_integer_terms_are_kept(terms) -> None:
    p = from_terms(NAMES, terms)
    found = {tuple(map(int, e)): int(c) for e, c in p.terms()}
    assert found == {powers: c for powers, c in terms.items() if c}


def test_a_float_is_refused() -> None:
    with pytest.raises(InexactInputError, match="float"):
        from_terms(["x"], {(1,): 0.5})


# --- SymPy


@given(polynomials)
def test_to_sympy_and_back_is_the_same(p: fmpz_mpoly) -> None:
    assert from_sympy(to_sympy(p), NAMES) == p


@given(rational_terms)
def test_from_sympy_and_from_terms_agree(terms) -> None:
    assert from_sympy(_expression(terms), NAMES) == from_terms(NAMES, terms)


@pytest.mark.parametrize("expression", [1 / X, sympy.sin(X), sympy.sqrt(X), X**Y])
def test_what_is_no_polynomial_is_refused(expression: sympy.Expr) -> None:
    with pytest.raises(InvalidInputError, match="no polynomial"):
        from_sympy(expression, NAMES)


def test_a_foreign_variable_is_refused() -> None:
    with pytest.raises((InvalidInputError, InexactInputError)):
        from_sympy(X + sympy.Symbol("w"), NAMES)


@pytest.mark.parametrize("c", [sympy.sqrt(2), sympy.pi, sympy.Float("0.5"), sympy.I])
def test_an_irrational_coefficient_is_refused(c: sympy.Expr) -> None:
    with pytest.raises(InexactInputError, match="not a rational number"):
        from_sympy(c * X + 1, NAMES)


# --- values and sizes


@given(polynomials, points)
def test_the_value_at_a_point_is_that_of_sympy(p: fmpz_mpoly, point) -> None:
    places = dict(zip(SYMBOLS, map(_rational, point), strict=True))
    theirs = to_sympy(p).subs(places)
    assert _rational(value_at(p, point)) == theirs


@given(polynomials, polynomials, points)
def test_evaluation_is_a_homomorphism(p, q, point) -> None:
    assert value_at(p * q, point) == value_at(p, point) * value_at(q, point)
    assert value_at(p + q, point) == value_at(p, point) + value_at(q, point)


def test_a_point_has_one_coordinate_for_each_variable() -> None:
    x, _ = polynomial_ring(["x", "y"]).gens()
    with pytest.raises(ValueError, match="argument"):
        value_at(x, [1])


@given(polynomials)
def test_the_bitsize_is_that_of_the_largest_coefficient(p: fmpz_mpoly) -> None:
    largest = max((abs(int(c)) for c in p.coeffs()), default=0)
    assert 2 ** bitsize(p) > largest
    assert bitsize(p) == 0 or 2 ** (bitsize(p) - 1) <= largest


@given(polynomials, st.integers(1, 99))
def test_the_primitive_part_forgets_a_positive_factor(p: fmpz_mpoly, factor) -> None:
    part = primitive(factor * p)
    assert part == primitive(p)
    content = math.gcd(*(int(c) for c in p.coeffs()))
    assert content * part == p
    assert math.gcd(*(int(c) for c in part.coeffs())) in (0, 1)


# --- one variable among the others


@given(polynomials, st.sampled_from(NAMES))
def test_coefficients_put_together_give_the_polynomial(p: fmpz_mpoly, name) -> None:
    x = p.context().gens()[NAMES.index(name)]
    coefficients = coefficients_in(p, name)
    total = sum((c * x**i for i, c in enumerate(coefficients)), 0 * p)
    assert total == p
    assert not coefficients or coefficients[-1] != 0
    assert all(c.degrees()[NAMES.index(name)] <= 0 for c in coefficients)


@given(polynomials)
def test_a_variable_has_a_number_as_well_as_a_name(p: fmpz_mpoly) -> None:
    assert all(coefficients_in(p, i) == coefficients_in(p, NAMES[i]) for i in range(3))


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=6))
def test_a_polynomial_in_one_variable_is_univariate(coefficients) -> None:
    p = from_terms(NAMES, {(0, i, 0): c for i, c in enumerate(coefficients)})
    univariate = as_univariate(p, "y")
    for x in range(-3, 4):
        assert int(univariate(x)) == value_at(p, [7, x, -5])


def test_another_variable_is_refused_as_univariate() -> None:
    x, y = polynomial_ring(["x", "y"]).gens()
    with pytest.raises(InvalidInputError, match="other variables than x"):
        as_univariate(x + y, "x")
