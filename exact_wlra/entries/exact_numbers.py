"""One number as people write it, made exact.

Contents
--------
exact_number        int, Fraction, text, float, Decimal or None, exactly
number_of_text      the number that a text denotes
Unspecified         what stands where no number does: MISSING, INFINITE
MISSING_TEXTS       the texts that say so: blank, NA, NaN
shown               a value in a few characters, for messages
"""

import math
from decimal import Decimal
from enum import Enum, auto
from fractions import Fraction
from numbers import Rational
from typing import final

import numpy as np

from semialgebraic.errors import InvalidInputError
from semialgebraic.rationals import parse_rational

MISSING_TEXTS = frozenset({"", "NA", "na", "NaN", "nan", "NAN"})
_INFINITE_TEXTS = frozenset({"inf", "infinity"})


@final
class Unspecified(Enum):
    """What stands where no number does."""

    MISSING = auto()
    INFINITE = auto()


def exact_number(entry: object) -> Fraction | Unspecified:
    """Return the exact number that one object denotes.

    Parameters
    ----------
    entry : int, Fraction, str, float, Decimal or None
        A float is the binary rational that it is; None, NaN and blank text say that
        the entry is missing.

    Raises
    ------
    InvalidInputError
        If it is something else.

    Examples
    --------
    >>> exact_number(0.5), exact_number("0.1"), exact_number(None)
    (Fraction(1, 2), Fraction(1, 10), <Unspecified.MISSING: 1>)
    """
    if entry is None:
        return Unspecified.MISSING
    if isinstance(entry, str):
        return number_of_text(entry.strip())
    if isinstance(entry, int | np.integer | np.bool_):
        return Fraction(int(entry))
    if isinstance(entry, Rational):
        return Fraction(int(entry.numerator), int(entry.denominator))
    if isinstance(entry, float | np.floating | Decimal):
        if entry.is_nan() if isinstance(entry, Decimal) else np.isnan(entry):
            return Unspecified.MISSING
        if abs(entry) == math.inf:
            return Unspecified.INFINITE
        return Fraction(*map(int, entry.as_integer_ratio()))
    raise InvalidInputError(
        f"{shown(entry)} is not a number; write an integer, a Fraction or exact text."
    )


def number_of_text(text: str) -> Fraction | Unspecified:
    """Return the exact number that one stripped text denotes.

    Examples
    --------
    >>> number_of_text("-7/3"), number_of_text("inf")
    (Fraction(-7, 3), <Unspecified.INFINITE: 2>)
    """
    if text in MISSING_TEXTS:
        return Unspecified.MISSING
    if text.lstrip("+-").casefold() in _INFINITE_TEXTS:
        return Unspecified.INFINITE
    return parse_rational(text)


def shown(value: object) -> str:
    """Return a short text of a value, for messages.

    Examples
    --------
    >>> shown(Fraction(1, 3)), shown("x"), shown(-(10**5000))
    ('1/3', "'x'", 'an integer of 16610 bits')
    """
    if isinstance(value, int | np.integer) and int(value).bit_length() > 100:
        return f"an integer of {int(value).bit_length()} bits"
    if isinstance(value, Fraction):
        parts = map(shown, (value.numerator, value.denominator))
        return shown(value.numerator) if value.denominator == 1 else "/".join(parts)
    text = str(value) if isinstance(value, np.generic) else repr(value)
    return text if len(text) <= 40 else text[:37] + "..."
