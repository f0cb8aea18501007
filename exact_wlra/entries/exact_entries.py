"""Matrix entries as people write them, made exact.

A flat list of Python objects or texts, or a flat array of floats, becomes integers over
one common denominator. A blank, `None`, NaN or NA is *missing*; an infinity is noted,
because it may stand where the weight is zero. Nothing is rounded: ``0.1`` as text is
one tenth, 0.1 as a float is the binary rational that it is.

Contents
--------
ExactEntries        integers over one denominator, with what is missing or infinite
entries_of_integers an integer array of any width
entries_of_floats   floats, as the binary rationals that they are
entries_of_texts    texts, vectorised where all are integers or decimals
entries_of_objects  int, Fraction, text, float, Decimal or None, in any mixture
joined              several pieces over one denominator
LARGEST_BITSIZE     bound on the bits of all entries together

Notes on the implementation
---------------------------
The functions take `place`, which words the position of an entry for messages. Entries
of very different size share one denominator and so all become long; the bound keeps a
single ``1e-4000`` from filling the memory with digits.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.exact_numbers import (
    MISSING_TEXTS,
    Unspecified,
    exact_number,
    number_of_text,
)
from exact_wlra.errors import InvalidProblemError
from semialgebraic import integer_arrays
from semialgebraic.errors import InvalidInputError
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

BooleanArray = NDArray[np.bool_]
Place = Callable[[int], str]

LARGEST_BITSIZE = 1 << 34

_INTEGER_CHARACTERS = frozenset("0123456789+-")
_DECIMAL_CHARACTERS = _INTEGER_CHARACTERS | frozenset(".eE")
_LONGEST_EXPONENT = 4
_INT64_LIMIT = 1 << 62
_MANTISSA = 53


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExactEntries:
    """Rationals `numerators / denominator`, zero where missing or infinite.

    Parameters
    ----------
    numerators : integer array, shape (m,)
    denominator : int
        Positive.
    missing, infinite : bool arrays of shape (m,), or None when there are none.
    """

    numerators: IntegerArray
    denominator: int = 1
    missing: BooleanArray | None = None
    infinite: BooleanArray | None = None


def entries_of_integers(array: NDArray[Any]) -> ExactEntries:
    """Return the entries of a flat array of integers or booleans, copied.

    Examples
    --------
    >>> entries_of_integers(np.array([3, -1], dtype=np.int8)).numerators
    array([ 3, -1])
    """
    integers = integer_arrays.integers(array)
    if integer_arrays.magnitude(integers) >= _INT64_LIMIT:
        return ExactEntries(numerators=integers.astype(object))
    return ExactEntries(numerators=integers.astype(np.int64, copy=True))


def entries_of_floats(array: NDArray[np.float64], place: Place) -> ExactEntries:
    """Return the binary rationals that the floats are; NaN is missing.

    Examples
    --------
    >>> entries = entries_of_floats(np.array([0.5, np.nan]), str)
    >>> entries.numerators, entries.denominator, entries.missing
    (array([1, 0]), 2, array([False,  True]))
    """
    finite = np.isfinite(array)
    missing = infinite = None
    if not finite.all():
        is_nan = np.isnan(array)
        missing, infinite = _if_any(is_nan), _if_any(~(finite | is_nan))
        array = np.where(finite, array, 0.0)
    if max(array.max(initial=0.0), -array.min(initial=0.0)) < 2.0**_MANTISSA:
        integers = array.astype(np.int64)
        if (integers == array).all():
            return ExactEntries(numerators=integers, missing=missing, infinite=infinite)
    exponents = np.frexp(array)[1][array != 0]
    bits = max(int(exponents.max()), 0) - min(int(exponents.min()) - _MANTISSA, 0)
    if bits * array.size > LARGEST_BITSIZE:
        sizes = np.where(array == 0, np.inf, np.abs(array))
        raise _too_many_bits(place(int(np.argmin(sizes))), bits)
    matrix = RationalMatrix.from_floats(array.reshape(1, -1))
    return ExactEntries(
        numerators=matrix.numerators[0],
        denominator=matrix.denominator,
        missing=missing,
        infinite=infinite,
    )


def entries_of_texts(texts: Sequence[str], place: Place) -> ExactEntries:
    """Return the numbers that the texts denote, exactly.

    Parameters
    ----------
    texts : sequence of str
        Each an integer, a decimal, ``p/q``; blank, NA or NaN; or an infinity.
    place : callable
        Words the position of the i-th text.

    Raises
    ------
    InvalidProblemError
        If a text is none of these; the message begins with its place.

    Examples
    --------
    >>> entries = entries_of_texts(["0.1", "", "1/3"], str)
    >>> entries.numerators, entries.denominator, entries.missing
    (array([ 3,  0, 10]), 30, array([False,  True, False]))
    """
    texts = [text.strip() for text in texts]
    missing = None
    if not MISSING_TEXTS.isdisjoint(texts):
        missing = np.array([text in MISSING_TEXTS for text in texts], dtype=np.bool_)
        texts = ["0" if text in MISSING_TEXTS else text for text in texts]
    decimals = _decimals(texts, place)
    if decimals is None:
        known: dict[str, Fraction | Unspecified] = {}
        values = []
        for i, text in enumerate(texts):
            if text not in known:
                known[text] = _located(number_of_text, text, place, i)
            values.append(known[text])
        decimals = _over_one_denominator(values, place)
    return ExactEntries(
        numerators=decimals.numerators,
        denominator=decimals.denominator,
        missing=missing,
        infinite=decimals.infinite,
    )


def entries_of_objects(objects: Sequence[object], place: Place) -> ExactEntries:
    """Return the exact numbers that a mixture of objects denotes.

    Raises
    ------
    InvalidProblemError
        If an object is no number; the message begins with its place.

    Examples
    --------
    >>> entries = entries_of_objects([1, "1/3", 0.5, None], str)
    >>> entries.numerators, entries.denominator
    (array([6, 2, 3, 0]), 6)
    """
    kinds = set(map(type, objects))
    if kinds == {str}:
        return entries_of_texts([str(text) for text in objects], place)
    if kinds <= {int}:
        return entries_of_integers(_integer_array(objects))
    if kinds == {float}:
        return entries_of_floats(np.array(objects, dtype=np.float64), place)
    values = [
        _located(exact_number, entry, place, i) for i, entry in enumerate(objects)
    ]
    return _over_one_denominator(values, place)


def joined(parts: Sequence[ExactEntries], place: Place) -> ExactEntries:
    """Return the pieces one after the other, over one denominator.

    Examples
    --------
    >>> halves = entries_of_texts(["1/2"], str)
    >>> thirds = entries_of_texts(["1/3"], str)
    >>> joined([halves, thirds], str).numerators
    array([3, 2])
    """
    if len(parts) == 1:
        return parts[0]
    n_entries = sum(part.numerators.size for part in parts)
    denominator, start = 1, 0
    for part in parts:
        denominator = math.lcm(denominator, part.denominator)
        if denominator.bit_length() * n_entries > LARGEST_BITSIZE:
            raise _too_many_bits(place(start), denominator.bit_length())
        start += part.numerators.size
    numerators = [
        integer_arrays.multiply(part.numerators, denominator // part.denominator)
        for part in parts
    ]
    return ExactEntries(
        numerators=np.concatenate(numerators),
        denominator=denominator,
        missing=_joined_masks(parts, [part.missing for part in parts]),
        infinite=_joined_masks(parts, [part.infinite for part in parts]),
    )


def _joined_masks(
    parts: Sequence[ExactEntries], masks: Sequence[BooleanArray | None]
) -> BooleanArray | None:
    """Return the masks one after the other, None if all are None."""
    if all(mask is None for mask in masks):
        return None
    return np.concatenate(
        [
            np.zeros(part.numerators.size, dtype=np.bool_) if mask is None else mask
            for part, mask in zip(parts, masks, strict=True)
        ]
    )


def _decimals(texts: Sequence[str], place: Place) -> ExactEntries | None:
    """Return the numbers if all texts are integers or decimals, else None."""
    characters = set().union(*texts)
    if not characters <= _DECIMAL_CHARACTERS:
        return None
    try:
        if characters <= _INTEGER_CHARACTERS:
            return entries_of_integers(_integer_array(map(int, texts)))
        digits, places = _digits_and_places(texts)
    except ValueError:
        return None
    # Leading digits of a number are digits / 10^places; all get the largest `places`.
    n_places = max(0, *places)
    distinct, which = np.unique(np.array(places), return_inverse=True)
    powers = [n_places - int(p) for p in distinct]
    integers = _integer_array(digits)
    bits = integer_arrays.magnitude(integers).bit_length() + 4 * max(powers)
    if bits * len(texts) > LARGEST_BITSIZE:
        raise _too_many_bits(place(places.index(max(places))), bits)
    factors = _integer_array([10**power for power in powers])[which]
    numerators = integer_arrays.multiply(integers, factors)
    return ExactEntries(numerators=numerators, denominator=10**n_places)


def _digits_and_places(texts: Iterable[str]) -> tuple[list[int], list[int]]:
    """Return (digits, places) with digits / 10^places the number; else ValueError."""
    digits, places = [], []
    for text in texts:
        mantissa, mark, exponent = text.replace("E", "e").partition("e")
        whole, _, fraction = mantissa.partition(".")
        if fraction and not fraction.isdigit():
            raise ValueError
        if len(exponent.lstrip("+-")) > _LONGEST_EXPONENT:
            raise ValueError
        fraction = fraction.rstrip("0") if whole.strip("+-") else fraction
        digits.append(int(whole + fraction))
        power = int(exponent) if mark else 0
        places.append(len(fraction) - power if digits[-1] else 0)
    return digits, places


def _integer_array(integers: Iterable[Any]) -> IntegerArray:
    """Return Python integers as an integer array."""
    values = list(integers)
    try:
        return np.array(values, dtype=np.int64)
    except OverflowError:
        return np.array(values, dtype=object)


def _located(
    convert: Callable[[Any], Fraction | Unspecified],
    entry: object,
    place: Place,
    position: int,
) -> Fraction | Unspecified:
    """Return `convert(entry)`; its error gets the place of the entry."""
    try:
        return convert(entry)
    except InvalidInputError as error:
        reason = "".join(c if c.isprintable() else " " for c in str(error))
        raise InvalidProblemError(f"{place(position)}: {reason}") from None


def _over_one_denominator(
    values: Sequence[Fraction | Unspecified], place: Place
) -> ExactEntries:
    """Return the numbers over their least common denominator."""
    denominator, largest = 1, 0
    for i, value in enumerate(values):
        if isinstance(value, Fraction):
            if denominator % value.denominator:
                denominator = math.lcm(denominator, value.denominator)
            largest = max(largest, value.numerator.bit_length())
            bits = denominator.bit_length() + largest
            if bits * len(values) > LARGEST_BITSIZE:
                raise _too_many_bits(place(i), bits)
    numerators = [
        value.numerator * (denominator // value.denominator)
        if isinstance(value, Fraction)
        else 0
        for value in values
    ]
    return ExactEntries(
        numerators=entries_of_integers(_integer_array(numerators)).numerators,
        denominator=denominator,
        missing=_if_any(np.array([v is Unspecified.MISSING for v in values], np.bool_)),
        infinite=_if_any(
            np.array([v is Unspecified.INFINITE for v in values], np.bool_)
        ),
    )


def _if_any(mask: BooleanArray) -> BooleanArray | None:
    """Return the mask, or None where it selects nothing."""
    return mask if mask.any() else None


def _too_many_bits(place: str, bits: int) -> InvalidProblemError:
    """Return the error for entries that together would have too many digits."""
    return InvalidProblemError(
        f"{place}: with this entry the exact entries have {bits} bits each, too many "
        "for the size of the matrix; round the entries to a common number of decimals."
    )
