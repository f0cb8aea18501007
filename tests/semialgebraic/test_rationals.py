"""Rational numbers: what is read is what was written; rounding goes where it says."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import InexactInputError, InvalidInputError
from semialgebraic.rationals import (
    dyadic,
    dyadic_above,
    dyadic_below,
    format_rational,
    parse_rational,
    proved_decimal,
    rational_sqrt,
)

fractions = st.fractions(max_denominator=10**12)
bit_counts = st.integers(-40, 120)


@given(value=fractions)
def test_a_formatted_number_is_read_back(value: Fraction) -> None:
    assert parse_rational(format_rational(value)) == value


@given(value=fractions)
def test_the_text_of_a_number_is_in_lowest_terms(value: Fraction) -> None:
    text = format_rational(value)
    numerator, slash, denominator = text.partition("/")
    assert int(numerator) == value.numerator
    assert int(denominator or 1) == value.denominator
    assert bool(slash) == (value.denominator != 1)


@given(value=st.decimals(allow_nan=False, allow_infinity=False, places=7))
def test_a_decimal_is_read_as_the_decimal_that_it_is(value: Decimal) -> None:
    assert parse_rational(f"{value:f}") == Fraction(value)


@given(mantissa=st.integers(-(10**6), 10**6), exponent=st.integers(-300, 300))
def test_scientific_notation_is_exact(mantissa: int, exponent: int) -> None:
    expected = Fraction(mantissa) * Fraction(10) ** exponent
    assert parse_rational(f"{mantissa}e{exponent}") == expected
    assert parse_rational(f"{mantissa}.E{exponent:+d}") == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Fraction(1, 10)),
        (".5", Fraction(1, 2)),
        ("+3", Fraction(3)),
        (" -7/3 ", Fraction(-7, 3)),
        ("-0", Fraction(0)),
        ("6/4", Fraction(3, 2)),
        ("1e-3", Fraction(1, 1000)),
    ],
)
def test_usual_texts_are_read(text: str, value: Fraction) -> None:
    assert parse_rational(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "-inf",
        "1/",
        "/2",
        "1/2/3",
        "1/-2",
        "1.5/2",
        "1 2",
        "--1",
        "1.2.3",
        "1_000",
        "0x10",
        "1e",
        "1e99999",
        "1,5",
        "٣",
        "1\n2",
        "9" * 4001,
        "sqrt(2)",
    ],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is not a number"):
        parse_rational(text)


@pytest.mark.parametrize("text", ["1/0", "-3/00"])
def test_a_zero_denominator_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="denominator zero"):
        parse_rational(text)


def test_a_float_has_no_exact_text() -> None:
    with pytest.raises(InexactInputError):
        format_rational(0.5)  # type: ignore[arg-type]


@given(value=fractions, bits=bit_counts)
def test_dyadic_neighbors_enclose_a_number(value: Fraction, bits: int) -> None:
    step = Fraction(2) ** -bits
    below, above = dyadic_below(value, bits), dyadic_above(value, bits)
    assert below <= value <= above
    assert above - below == (0 if value % step == 0 else step)
    assert (below / step).denominator == (above / step).denominator == 1


@given(value=fractions, bits=bit_counts)
def test_the_nearest_dyadic_number_is_nearest(value: Fraction, bits: int) -> None:
    step = Fraction(2) ** -bits
    nearest = dyadic(value, bits)
    assert (nearest / step).denominator == 1
    assert abs(nearest - value) <= step / 2


@given(value=st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_rounding_a_float_starts_from_its_exact_value(value: float) -> None:
    assert dyadic_below(value, 160) == Fraction(value)
    assert dyadic_above(value, 3) >= Fraction(value) >= dyadic_below(value, 3)


@given(root=fractions)
def test_the_root_of_a_square_is_found(root: Fraction) -> None:
    assert rational_sqrt(root * root) == abs(root)


@given(root=fractions.filter(bool), prime=st.sampled_from([2, 3, 5, 7, 11]))
def test_other_numbers_have_no_rational_root(root: Fraction, prime: int) -> None:
    assert rational_sqrt(prime * root * root) is None
    assert rational_sqrt(root * root / prime) is None
    assert rational_sqrt(-root * root) is None


@given(
    lower=st.fractions(-(10**6), 10**6),
    length=st.fractions(Fraction(1, 10**12), 10**7),
    scale=st.integers(-60, 20),
)
def test_a_proved_decimal_is_off_by_one_unit_at_most(lower, length, scale) -> None:
    lower, length = lower * Fraction(10) ** scale, length * Fraction(10) ** scale
    upper = lower + length
    text = proved_decimal(lower, upper)
    shown = Fraction(Decimal(text))
    places = len(text.partition(".")[2])
    zeros = len(text) - len(text.rstrip("0")) if not places and shown else 0
    if places:
        unit = Fraction(1, 10**places)
        assert abs(shown - lower) <= unit
        assert abs(shown - upper) <= unit
        # One more place could not be proved.
        assert length * 10 ** (places + 1) > 1
    else:
        assert abs(shown - lower) <= max(length * 10, 10**zeros, 1)
