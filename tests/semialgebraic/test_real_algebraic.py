"""Real algebraic numbers: order, signs, decimals; the polynomial of values."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from flint import fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.errors import InvalidInputError
from semialgebraic.real_algebraic import (
    RealAlgebraicNumber,
    polynomial_of_values,
    real_roots,
)
from semialgebraic.univariate import sign_at

X = sympy.Symbol("x")
SQRT_2 = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))

integers = st.integers(-20, 20)
coefficients = st.lists(st.integers(-50, 50), min_size=2, max_size=7)
polynomials = coefficients.map(fmpz_poly).filter(lambda p: p.degree() > 0)
fractions = st.fractions(min_value=-60, max_value=60, max_denominator=50)
numbers = polynomials.map(real_roots).filter(bool).flatmap(st.sampled_from)


def _sympy(p: fmpz_poly) -> sympy.Poly:
    return sympy.Poly([int(c) for c in reversed(p.coeffs())], X)


def _fraction(x: sympy.Rational) -> Fraction:
    return Fraction(int(x.p), int(x.q))


def _approximate(number: RealAlgebraicNumber) -> Fraction:
    low, high = number.refine(60).isolating_interval
    return (low + high) / 2


def _value(p: fmpz_poly, x: Fraction) -> Fraction:
    return sum((int(c) * x**i for i, c in enumerate(p.coeffs())), Fraction(0))


# --- making


@given(polynomials)
def test_real_roots_are_those_of_sympy_with_their_minimal_polynomials(
    p: fmpz_poly,
) -> None:
    theirs = [
        (low, high, list(reversed(factor.all_coeffs())))
        for factor, _ in _sympy(p).factor_list()[1]
        for (low, high), _ in factor.intervals(eps=sympy.Rational(1, 10**30))
    ]
    ours = real_roots(p)
    assert len(ours) == len(theirs)
    for number, (low, high, minimal) in zip(ours, sorted(theirs), strict=True):
        assert list(number.minimal_polynomial) == minimal
        assert _fraction(low) <= number <= _fraction(high)


@given(numbers)
def test_a_number_is_a_root_of_its_irreducible_polynomial(
    number: RealAlgebraicNumber,
) -> None:
    p = fmpz_poly(list(number.minimal_polynomial))
    assert sum(multiplicity for _, multiplicity in p.factor()[1]) == 1
    assert number.sign_of(p) == 0
    assert number.degree == p.degree()


def test_a_rational_root_is_recognized() -> None:
    number = RealAlgebraicNumber.from_root([6, -5, -2, 1], (2, 10))
    assert number.rational == 3
    assert RealAlgebraicNumber.from_root([-2, 3], (0, 1)).rational == Fraction(2, 3)


@pytest.mark.parametrize("interval", [(3, 4), (-2, 2)])
def test_an_interval_with_no_or_several_roots_is_refused(interval) -> None:
    with pytest.raises(InvalidInputError, match="exactly one"):
        RealAlgebraicNumber.from_root([-2, 0, 1], interval)


@pytest.mark.parametrize(
    "coefficients",
    [(), (3,), (2, 0, -1), (-4, 0, 2), (-2, 0, 1, 0)],
    ids=["zero", "constant", "negative", "not primitive", "leading zero"],
)
def test_a_polynomial_that_is_not_minimal_is_refused(coefficients) -> None:
    with pytest.raises(InvalidInputError, match="minimal polynomial is primitive"):
        RealAlgebraicNumber(coefficients, (Fraction(1), Fraction(2)))


@pytest.mark.parametrize(
    ("polynomial", "interval"),
    [((-2, 0, 1), (2, 3)), ((-2, 0, 1), (1, 1)), ((-1, 2), (0, 1)), ((-1, 2), (1, 1))],
)
def test_an_interval_that_does_not_isolate_is_refused(polynomial, interval) -> None:
    with pytest.raises(InvalidInputError, match="does not isolate"):
        RealAlgebraicNumber(polynomial, (Fraction(interval[0]), Fraction(interval[1])))


# --- order


@given(numbers, numbers)
def test_order_of_two_numbers_is_that_of_their_approximations(
    a: RealAlgebraicNumber, b: RealAlgebraicNumber
) -> None:
    difference = _approximate(a) - _approximate(b)
    if abs(difference) > Fraction(1, 10**59):
        assert (a < b) == (difference < 0)
        assert (a > b) == (difference > 0)
        assert a != b
    else:
        assert a == b
        assert hash(a) == hash(b)
        assert not a < b


@given(numbers, fractions)
def test_order_with_a_rational_is_that_of_approximations(
    a: RealAlgebraicNumber, b: Fraction
) -> None:
    assume(abs(_approximate(a) - b) > Fraction(1, 10**59))
    assert (a < b) == (_approximate(a) < b)
    assert (b < a) == (b < _approximate(a))
    assert a != b


@given(fractions)
def test_a_rational_is_equal_to_its_fraction_and_hashes_alike(x: Fraction) -> None:
    number = RealAlgebraicNumber.from_rational(x)
    assert number == x
    assert hash(number) == hash(x)
    assert number.refine(100) == number
    assert str(number) == str(x)
    assert number.sign_of([-x.numerator, x.denominator]) == 0


def test_conjugates_differ_and_intervals_do_not_matter() -> None:
    negative, positive = real_roots([-2, 0, 1])
    assert negative != positive
    assert negative < positive
    assert positive == SQRT_2 == SQRT_2.refine(50)
    assert positive != real_roots([-3, 0, 1])[1]
    assert SQRT_2 != "sqrt(2)"


def test_numbers_of_other_kinds_are_not_ordered() -> None:
    with pytest.raises(TypeError):
        _ = SQRT_2 < 1.5  # type: ignore[operator]


# --- signs, refinement, decimals


@given(numbers, polynomials)
def test_sign_of_a_polynomial_is_that_near_the_number(
    a: RealAlgebraicNumber, p: fmpz_poly
) -> None:
    sign = a.sign_of(p)
    if sign == 0:
        assert not p % fmpz_poly(list(a.minimal_polynomial)) or a.rational is not None
        assert abs(_value(p, _approximate(a))) < Fraction(1, 10**40)
    else:
        low, high = a.refine(80).isolating_interval
        assert sign_at(p, low) == sign_at(p, high) == sign


@given(numbers, st.integers(0, 200))
def test_refined_interval_is_as_narrow_as_asked(
    a: RealAlgebraicNumber, digits: int
) -> None:
    low, high = a.refine(digits).isolating_interval
    assert high - low <= Fraction(1, 10**digits)
    assert a.refine(digits) == a


@given(numbers, st.integers(0, 40))
def test_printed_decimal_is_the_nearest(a: RealAlgebraicNumber, digits: int) -> None:
    text = a.decimal(digits)
    low, high = a.refine(digits + 5).isolating_interval
    half = Fraction(1, 2 * 10**digits)
    assert low - half <= Fraction(text) <= high + half
    assert len(text.partition(".")[2]) == digits


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        (RealAlgebraicNumber.from_rational(Fraction(8, 9)), 5, "0.88889"),
        (RealAlgebraicNumber.from_rational(Fraction(-1, 3)), 3, "-0.333"),
        (RealAlgebraicNumber.from_rational(Fraction(-1, 3000)), 3, "0.000"),
        (RealAlgebraicNumber.from_rational(12), 0, "12"),
        (SQRT_2, 0, "1"),
        (SQRT_2, 30, "1.414213562373095048801688724210"),
        (real_roots([-2, 0, 1])[0], 3, "-1.414"),
    ],
)
def test_decimals_of_known_numbers(number, digits, text) -> None:
    assert number.decimal(digits) == text


def test_a_negative_number_of_digits_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="digits"):
        SQRT_2.decimal(-1)


def test_printed_form_names_the_polynomial_while_it_is_short() -> None:
    number = RealAlgebraicNumber.from_root([-1, 0, -2, 3], (0, 2))
    assert str(number).endswith("root of 3*x^3 - 2*x^2 - 1") or number.degree == 1
    assert str(SQRT_2) == "≈ 1.414213562373095048802, root of x^2 - 2"
    seventh = RealAlgebraicNumber.from_root([-2, *[0] * 6, 1], (0, 2))
    assert str(seventh).endswith("algebraic of degree 7")


# --- values of a quotient


@given(
    polynomials,
    st.lists(st.integers(-9, 9), min_size=1, max_size=4),
    st.lists(st.integers(-9, 9), min_size=1, max_size=4),
)
def test_polynomial_of_values_is_the_resultant_of_sympy_up_to_sign(p, g, h) -> None:
    numerator, denominator = fmpz_poly(g), fmpz_poly(h)
    assume(denominator and p.gcd(numerator).gcd(denominator).degree() == 0)
    t = sympy.Symbol("t")
    expression = t * _sympy(denominator).as_expr() - _sympy(numerator).as_expr()
    expected = sympy.resultant(_sympy(p).as_expr(), expression, X)
    ours = _sympy(polynomial_of_values(p, numerator, denominator)).as_expr().subs(X, t)
    # SymPy has res(x, t - x^3) = -t, against the product formula.
    assert sympy.expand(expected**2 - ours**2) == 0


@given(integers, coefficients, coefficients)
def test_polynomial_of_values_of_a_number_has_that_value(a, g, h) -> None:
    numerator, denominator = fmpz_poly(g), fmpz_poly(h)
    assume(denominator and (numerator(a) or denominator(a)))
    values = polynomial_of_values([-a, 1], numerator, denominator)
    assert values == fmpz_poly([-numerator(a), denominator(a)])


@given(numbers, st.lists(st.integers(-9, 9), min_size=2, max_size=4))
def test_value_of_a_polynomial_is_among_the_roots(number, g) -> None:
    values = polynomial_of_values(number.minimal_polynomial, g, [1])
    approximate = _value(fmpz_poly(g), _approximate(number))
    assert any(
        abs(_approximate(root) - approximate) < Fraction(1, 10**40)
        for root in real_roots(values)
    )


def test_an_undefined_value_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="0/0"):
        polynomial_of_values([0, 1], [0, 1], [0, 1])
    with pytest.raises(InvalidInputError, match="nonzero"):
        polynomial_of_values([0, 1], [0, 1], [0])
