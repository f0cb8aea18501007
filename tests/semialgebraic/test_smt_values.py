"""Numbers in models: what z3 and cvc5 write is read exactly, the rest is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import InvalidInputError
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots
from semialgebraic.smt_values import as_number, as_text, read_all

coefficients = st.lists(st.integers(-50, 50), min_size=2, max_size=7)
polynomials = coefficients.map(fmpz_poly).filter(lambda p: p.degree() > 0)
numbers = polynomials.map(real_roots).filter(bool).flatmap(st.sampled_from)
fractions = st.fractions(max_denominator=10**6)
words = st.text("abcxyz0123456789./-+*^_:", min_size=1)
expressions = st.recursive(words, lambda inner: st.lists(inner, max_size=4))


def _read(text: str) -> RealAlgebraicNumber:
    (expression,) = read_all(text)
    return as_number(expression)


def _integer(c: int) -> str:
    return str(c) if c >= 0 else f"(- {-c})"


# --- expressions


@given(st.lists(expressions, max_size=4))
def test_expressions_are_read_as_they_are_written(given_ones: list) -> None:
    text = " ".join(map(as_text, given_ones))
    assert read_all(text) == given_ones


def test_what_stands_in_angles_or_quotes_is_one_word() -> None:
    text = '(_ real_algebraic_number <1*x^2 + (-2), (1, 2)>) (error "a (b")'
    assert read_all(text) == [
        ["_", "real_algebraic_number", "<1*x^2 + (-2), (1, 2)>"],
        ["error", '"a (b"'],
    ]


@pytest.mark.parametrize("text", ["(", ")", "(()", "a) (b"])
def test_unbalanced_parentheses_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="parenthesis"):
        read_all(text)


# --- numbers


@given(fractions)
def test_rationals_of_z3_are_read(x: Fraction) -> None:
    size = f"(/ {abs(x.numerator)}.0 {x.denominator}.0)"
    assert _read(f"(- {size})" if x < 0 else size) == x


@given(fractions)
def test_rationals_of_cvc5_are_read(x: Fraction) -> None:
    assert _read(f"(/ {_integer(x.numerator)} {x.denominator})") == x


@given(numbers)
def test_roots_of_z3_are_read(x: RealAlgebraicNumber) -> None:
    p = x.minimal_polynomial
    terms = " ".join(f"(* {_integer(c)} (^ x {i}))" for i, c in enumerate(p))
    index = real_roots(p).index(x) + 1
    assert _read(f"(root-obj (+ {terms}) {index})") == x


@given(numbers.filter(lambda x: x.degree > 1))
def test_roots_of_cvc5_are_read(x: RealAlgebraicNumber) -> None:
    terms = []
    for i, c in reversed(list(enumerate(x.minimal_polynomial))):
        letter = {0: "", 1: "*x"}.get(i, f"*x^{i}")
        if c:
            terms.append(f"({c}{letter})" if terms else f"{c}{letter}")
    low, high = x.isolating_interval
    text = f"<{' + '.join(terms)}, ({low}, {high})>"
    assert _read(f"(_ real_algebraic_number {text})") == x


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.0", 0),
        ("2.5", Fraction(5, 2)),
        ("(- 3)", -3),
        ("(- 3 1 1)", 1),
        ("(+ 1 (* 2 3))", 7),
        ("(^ 2 3)", 8),
        ("(/ (- 1.0) 3.0)", Fraction(-1, 3)),
        ("(root-obj (+ (^ x 2) (- x)) 2)", 1),
    ],
)
def test_constant_terms_are_evaluated(text: str, value: Fraction) -> None:
    assert _read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "y",
        "x",
        "()",
        "(+)",
        "(/ 1 0)",
        "(/ 1 x)",
        "1/0",
        "nan",
        "(foo 1)",
        "((+ 1) 2)",
        "(^ 2 999999999)",
        "(^ 2 (- 1))",
        "(root-obj (+ (^ x 2) 1) 1)",
        "(root-obj (+ (^ x 2) (- 2)) 3)",
        "(root-obj (+ (^ x 2) (- 2)) 0)",
        "(root-obj 0 1)",
        "(root-obj x)",
        "(_ real_algebraic_number <1*x^2 + (-2), (-2, 2)>)",
        "(_ real_algebraic_number <1*x^2 + (-2), (2, 3)>)",
        "(_ real_algebraic_number <1*x^2 - 2, (1, 2)>)",
        "(_ real_algebraic_number <, (1, 2)>)",
        "(_ real_algebraic_number <0, (1, 2)>)",
        "(_ real_algebraic_number <1*x^2 + (-2), (1, z)>)",
        "(_ bv5 32)",
        "1" * 5000,
    ],
)
def test_other_values_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        _read(text)
