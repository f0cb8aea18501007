"""Exact values in JSON documents, read without trust.

Each function takes a value and its place in the document, and raises
`MalformedCertificateError` with that place if the value is something else.

Contents
--------
member                          a member of an object
integer, fraction, fractions    numbers as text
index, indices, pair, signed, signed_indices, axis      small JSON integers
items                           a list
matrix, matrices                rational matrices
malformed                       the error
"""

import re
from fractions import Fraction
from typing import Any

import numpy as np

from exact_wlra.errors import MalformedCertificateError
from semialgebraic.rational_matrices import RationalMatrix

_INTEGER = re.compile(r"-?\d+", re.ASCII)
_LONGEST_INTEGER = 1_000_000


def malformed(place: str, expected: str) -> MalformedCertificateError:
    """Return the error that says what was expected at a place."""
    return MalformedCertificateError(
        f"at {place or 'the top'}: expected {expected}; the certificate cannot be read."
    )


def member(document: Any, name: str, place: str) -> Any:
    """Return a member of an object."""
    if not isinstance(document, dict) or name not in document:
        raise malformed(place, f"an object with a member '{name}'")
    return document[name]


def integer(value: Any, place: str) -> int:
    """Return an integer that is written as text."""
    is_text = isinstance(value, str) and len(value) <= _LONGEST_INTEGER
    if is_text and _INTEGER.fullmatch(value):
        if len(value) < 4000:
            return int(value)
        from flint import fmpz

        return int(fmpz(value))
    raise malformed(place, "a string of decimal digits")


def fraction(value: Any, place: str) -> Fraction:
    """Return a rational that is written as text, 'p' or 'p/q'."""
    if not isinstance(value, str):
        raise malformed(place, "a rational as a string 'p/q'")
    numerator, slash, denominator = value.partition("/")
    bottom = integer(denominator, place) if slash else 1
    if bottom <= 0:
        raise malformed(place, "a positive denominator")
    return Fraction(integer(numerator, place), bottom)


def index(value: Any, place: str, *, signed: bool = False) -> int:
    """Return a JSON integer, not negative unless `signed`."""
    if type(value) is not int or (value < 0 and not signed):
        raise malformed(place, "an integer" if signed else "a non-negative integer")
    return value


def items(value: Any, place: str) -> list[Any]:
    """Return the items of a list."""
    if not isinstance(value, list):
        raise malformed(place, "a list")
    return value


def indices(value: Any, place: str, *, signed: bool = False) -> tuple[int, ...]:
    """Return a list of JSON integers."""
    return tuple(
        index(item, f"{place}[{i}]", signed=signed)
        for i, item in enumerate(items(value, place))
    )


def fractions(value: Any, place: str) -> tuple[Fraction, ...]:
    """Return a list of rationals."""
    return tuple(
        fraction(item, f"{place}[{i}]") for i, item in enumerate(items(value, place))
    )


def pair(value: Any, place: str) -> tuple[int, int]:
    """Return two non-negative integers."""
    found = indices(value, place)
    if len(found) != 2:
        raise malformed(place, "two integers")
    return found[0], found[1]


def matrix(value: Any, place: str) -> RationalMatrix:
    """Return a matrix over one denominator."""
    n, d = pair(member(value, "shape", place), f"{place}.shape")
    denominator = integer(member(value, "denominator", place), f"{place}.denominator")
    entries = items(member(value, "numerators", place), f"{place}.numerators")
    if denominator <= 0:
        raise malformed(f"{place}.denominator", "a positive integer")
    if max(n, d) >= 1 << 31:
        raise malformed(f"{place}.shape", "sizes below 2^31")
    if len(entries) != n * d:
        raise malformed(f"{place}.numerators", f"{n * d} integers")
    array = np.empty(n * d, dtype=object)
    for i, item in enumerate(entries):
        array[i] = integer(item, f"{place}.numerators[{i}]")
    return RationalMatrix(array.reshape(n, d), denominator)


def matrices(value: Any, place: str) -> tuple[RationalMatrix, ...]:
    """Return a list of matrices."""
    return tuple(
        matrix(item, f"{place}[{i}]") for i, item in enumerate(items(value, place))
    )


def axis(value: Any, place: str) -> int:
    """Return 0 or 1."""
    if index(value, place) not in (0, 1):
        raise malformed(place, "0 or 1")
    return int(value)


def signed(value: Any, place: str) -> int:
    """Return a JSON integer of either sign."""
    return index(value, place, signed=True)


def signed_indices(value: Any, place: str) -> tuple[int, ...]:
    """Return a list of JSON integers of either sign."""
    return indices(value, place, signed=True)
