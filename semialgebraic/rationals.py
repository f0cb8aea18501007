"""Rational numbers: reading them, printing them, rounding to short ones.

Everything that crosses a border of this project is an `int` or a `fractions.Fraction`.
This module holds the few conversions that are not already methods of these types.

Contents
--------
parse_rational      text such as ``-7/3``, ``0.1`` or ``1e-3`` to the exact rational
format_rational     the shortest exact text, ``p/q`` or ``p``
dyadic              nearest multiple of 2^-bits
dyadic_below        largest multiple of 2^-bits that is not larger
dyadic_above        smallest multiple of 2^-bits that is not smaller
proved_decimal      the decimal digits of a number that is known to lie in an interval
rational_sqrt       square root of a rational that is a square, else None
"""

import math
import re
from fractions import Fraction

from semialgebraic.errors import InexactInputError, InvalidInputError

_RATIONAL = re.compile(
    r"[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?)", re.ASCII
)
# Longer texts are refused before int() sees them: Python's own limit on the length
# of integer literals would otherwise surface as an unrelated message.
_LONGEST_TEXT = 4000


def parse_rational(text: str) -> Fraction:
    """Return the rational that a decimal or fraction text denotes, exactly.

    Parameters
    ----------
    text : str
        ``3``, ``-7/3``, ``0.1`` (one tenth, not the nearest binary float), ``1e-3``.

    Raises
    ------
    InvalidInputError
        If the text is not a finite number in one of these forms.

    Examples
    --------
    >>> parse_rational("0.1"), parse_rational("-7/3"), parse_rational("1e-3")
    (Fraction(1, 10), Fraction(-7, 3), Fraction(1, 1000))
    """
    stripped = text.strip()
    if len(stripped) > _LONGEST_TEXT or not _RATIONAL.fullmatch(stripped):
        shown = stripped if len(stripped) <= 40 else stripped[:37] + "..."
        raise InvalidInputError(
            f"'{shown}' is not a number; write an integer, a decimal or p/q."
        )
    try:
        return Fraction(stripped)
    except ZeroDivisionError:
        raise InvalidInputError(
            f"'{stripped}' has denominator zero; write a finite number."
        ) from None


def format_rational(value: Fraction | int) -> str:
    """Return the exact text ``p/q``, or ``p`` for an integer.

    Examples
    --------
    >>> format_rational(Fraction(6, 4)), format_rational(5)
    ('3/2', '5')
    """
    if isinstance(value, float):
        raise InexactInputError("a float has no exact text here; pass a Fraction.")
    numerator = _digits(value.numerator)
    if value.denominator == 1:
        return numerator
    return f"{numerator}/{_digits(value.denominator)}"


def dyadic(value: float | Fraction, bits: int) -> Fraction:
    """Return the multiple of 2^-bits nearest to `value`.

    Examples
    --------
    >>> dyadic(0.3, 3)
    Fraction(1, 4)
    """
    scale = _power_of_two(bits)
    return Fraction(round(Fraction(value) * scale)) / scale


def dyadic_below(value: float | Fraction, bits: int) -> Fraction:
    """Return the largest multiple of 2^-bits that is at most `value`.

    Examples
    --------
    >>> dyadic_below(Fraction(1, 3), 2)
    Fraction(1, 4)
    """
    scale = _power_of_two(bits)
    return Fraction(math.floor(Fraction(value) * scale)) / scale


def dyadic_above(value: float | Fraction, bits: int) -> Fraction:
    """Return the smallest multiple of 2^-bits that is at least `value`.

    Examples
    --------
    >>> dyadic_above(Fraction(1, 3), 2)
    Fraction(1, 2)
    """
    scale = _power_of_two(bits)
    return Fraction(math.ceil(Fraction(value) * scale)) / scale


def proved_decimal(lower: Fraction, upper: Fraction) -> str:
    """Return the longest decimal that is off by at most one unit in its last place.

    That is, by at most one from every number between `lower` and `upper` > lower.

    Examples
    --------
    >>> proved_decimal(Fraction(2, 3), Fraction(66667, 100000))
    '0.66667'
    >>> (
    ...     proved_decimal(Fraction(12345), Fraction(12447)),
    ...     proved_decimal(Fraction(-1, 8), Fraction(-1, 9)),
    ... )
    ('12000', '-0.1')
    """
    places = -len(_digits(math.ceil(upper - lower)))
    while (upper - lower) * Fraction(10) ** (places + 1) <= 1:
        places += 1
    rounded = round((lower + upper) / 2 * Fraction(10) ** places)
    sign = "-" if rounded < 0 else ""
    if places <= 0:
        return sign + _digits(abs(rounded) * 10**-places)
    text = _digits(abs(rounded)).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}"


def rational_sqrt(value: Fraction) -> Fraction | None:
    """Return the non-negative rational square root of `value`, or None if it has none.

    Examples
    --------
    >>> rational_sqrt(Fraction(9, 4)), rational_sqrt(Fraction(2))
    (Fraction(3, 2), None)
    """
    if value < 0:
        return None
    p, q = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if p * p == value.numerator and q * q == value.denominator:
        return Fraction(p, q)
    return None


def _digits(value: int) -> str:
    """Return the decimal digits; Python itself refuses more than 4300 of them."""
    if value.bit_length() < 10_000:
        return str(value)
    from flint import fmpz

    return str(fmpz(value))


def _power_of_two(bits: int) -> Fraction:
    """Return 2^bits for any sign of `bits`."""
    return Fraction(1 << bits) if bits >= 0 else Fraction(1, 1 << -bits)
