"""The JSON form of certificates: writing, and reading without judging.

Contents
--------
certificate_to_json     the document of `docs/certificate-format.md`
certificate_from_json   the certificate, or `MalformedCertificateError` with the place
"""

import json
import re
from dataclasses import fields
from fractions import Fraction
from typing import Any

import numpy as np

from exact_wlra.certificates import (
    Bisection,
    Block,
    Blocks,
    CellLeaf,
    CellSweep,
    CellVertex,
    Certificate,
    Charts,
    ConeSplit,
    Energy,
    Exclusion,
    Gram,
    GroupSplit,
    HadamardRank,
    Leaf,
    Minorant,
    Multiplier,
    Piece,
    Plane,
    RowCells,
    Scaling,
    Simplicial,
    Spectral,
    Split,
    Sweep,
    SweepVertex,
    Transpose,
    TwoRows,
    Types,
    Zero,
)
from exact_wlra.errors import MalformedCertificateError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational

SCHEMA = "exact-wlra/certificate/1"

_INTEGER = re.compile(r"-?\d+", re.ASCII)
_LONGEST_INTEGER = 1_000_000


def certificate_to_json(certificate: Certificate) -> str:
    """Return the JSON document of a certificate.

    Examples
    --------
    >>> one = RationalMatrix.from_rows([[1]])
    >>> certificate = Certificate(
    ...     shape=(1, 1),
    ...     rank=1,
    ...     lower=Fraction(0),
    ...     upper=Fraction(0),
    ...     left=one,
    ...     right=one,
    ...     proof=Zero(),
    ... )
    >>> certificate_from_json(certificate_to_json(certificate)) == certificate
    True
    """
    document = {"schema": SCHEMA} | {
        field.name: _encode(getattr(certificate, field.name))
        for field in fields(certificate)
    }
    return json.dumps(document, separators=(",", ":"))


def certificate_from_json(text: str | bytes) -> Certificate:
    """Return the certificate in a JSON document.

    Raises
    ------
    MalformedCertificateError
        If the document does not follow the format; the message names the place.
    """
    try:
        document = json.loads(text, parse_int=_json_integer, parse_float=_no_float)
    except MalformedCertificateError:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedCertificateError(
            f"the certificate is not a JSON document ({str(error)[:80]}); "
            "write it again with `exact-wlra solve --certificate`."
        ) from None
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise MalformedCertificateError(
            f'the document does not say "schema": "{SCHEMA}"; this checker reads '
            "that version only."
        )
    try:
        return Certificate(
            shape=_pair(_member(document, "shape", ""), "shape"),
            rank=_index(_member(document, "rank", ""), "rank"),
            lower=_fraction(_member(document, "lower", ""), "lower"),
            upper=_fraction(_member(document, "upper", ""), "upper"),
            left=_matrix(_member(document, "left", ""), "left"),
            right=_matrix(_member(document, "right", ""), "right"),
            proof=_proof(_member(document, "proof", ""), "proof"),
        )
    except RecursionError:
        raise MalformedCertificateError("the proof is nested too deeply.") from None


def _encode(value: Any) -> Any:
    """Return the JSON form of a field value."""
    match value:
        case Fraction():
            return format_rational(value)
        case RationalMatrix():
            entries = value.numerators.ravel().tolist()
            return {
                "shape": list(value.shape),
                "denominator": format_rational(value.denominator),
                "numerators": [format_rational(x) for x in entries],
            }
        case tuple():
            return [_encode(item) for item in value]
        case int():
            return value
        case _:
            return _encode_record(value)


def _encode_record(value: Any) -> dict[str, Any]:
    """Return the JSON form of a rule or of one of its parts."""
    encoded = {
        field.name: _encode(getattr(value, field.name)) for field in fields(value)
    }
    rule = getattr(type(value), "rule", None)
    return encoded if rule is None else {"rule": rule} | encoded


def _json_integer(text: str) -> int:
    if len(text) > 30:
        raise MalformedCertificateError(
            "a JSON number is too long; large integers are written as strings."
        )
    return int(text)


def _no_float(text: str) -> Any:
    raise MalformedCertificateError(
        f"the number {text[:30]} is not exact; rationals are strings 'p/q'."
    )


def _malformed(place: str, expected: str) -> MalformedCertificateError:
    return MalformedCertificateError(
        f"at {place or 'the top'}: expected {expected}; the certificate cannot be read."
    )


def _member(document: Any, name: str, place: str) -> Any:
    if not isinstance(document, dict) or name not in document:
        raise _malformed(place, f"an object with a member '{name}'")
    return document[name]


def _integer(value: Any, place: str) -> int:
    is_text = isinstance(value, str) and len(value) <= _LONGEST_INTEGER
    if is_text and _INTEGER.fullmatch(value):
        if len(value) < 4000:
            return int(value)
        from flint import fmpz

        return int(fmpz(value))
    raise _malformed(place, "a string of decimal digits")


def _fraction(value: Any, place: str) -> Fraction:
    if not isinstance(value, str):
        raise _malformed(place, "a rational as a string 'p/q'")
    numerator, slash, denominator = value.partition("/")
    bottom = _integer(denominator, place) if slash else 1
    if bottom <= 0:
        raise _malformed(place, "a positive denominator")
    return Fraction(_integer(numerator, place), bottom)


def _index(value: Any, place: str, *, signed: bool = False) -> int:
    if type(value) is not int or (value < 0 and not signed):
        raise _malformed(place, "an integer" if signed else "a non-negative integer")
    return value


def _items(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise _malformed(place, "a list")
    return value


def _indices(value: Any, place: str, *, signed: bool = False) -> tuple[int, ...]:
    return tuple(
        _index(item, f"{place}[{i}]", signed=signed)
        for i, item in enumerate(_items(value, place))
    )


def _fractions(value: Any, place: str) -> tuple[Fraction, ...]:
    return tuple(
        _fraction(item, f"{place}[{i}]") for i, item in enumerate(_items(value, place))
    )


def _pair(value: Any, place: str) -> tuple[int, int]:
    pair = _indices(value, place)
    if len(pair) != 2:
        raise _malformed(place, "two integers")
    return pair[0], pair[1]


def _matrix(value: Any, place: str) -> RationalMatrix:
    n, d = _pair(_member(value, "shape", place), f"{place}.shape")
    denominator = _integer(_member(value, "denominator", place), f"{place}.denominator")
    entries = _items(_member(value, "numerators", place), f"{place}.numerators")
    if denominator <= 0:
        raise _malformed(f"{place}.denominator", "a positive integer")
    if max(n, d) >= 1 << 31:
        raise _malformed(f"{place}.shape", "sizes below 2^31")
    if len(entries) != n * d:
        raise _malformed(f"{place}.numerators", f"{n * d} integers")
    array = np.empty(n * d, dtype=object)
    for i, item in enumerate(entries):
        array[i] = _integer(item, f"{place}.numerators[{i}]")
    return RationalMatrix(array.reshape(n, d), denominator)


def _proof(value: Any, place: str) -> Any:
    name = _member(value, "rule", place)
    cls = _RULES.get(name) if isinstance(name, str) else None
    if cls is None:
        raise _malformed(f"{place}.rule", "one of " + ", ".join(sorted(_RULES)))
    return _record(cls, value, place)


def _record(cls: type[Any], value: Any, place: str) -> Any:
    """Return an instance of a rule class, its members read by name."""
    members = {
        field.name: _reader(cls, field.name)(
            _member(value, field.name, place), f"{place}.{field.name}"
        )
        for field in fields(cls)
    }
    return cls(**members)


def _records(cls: type[Any]) -> Any:
    """Return a reader of lists of one record class."""

    def read(value: Any, place: str) -> tuple[Any, ...]:
        return tuple(
            _record(cls, item, f"{place}[{i}]")
            for i, item in enumerate(_items(value, place))
        )

    return read


def _tree(value: Any, place: str) -> tuple[Bisection | Leaf, ...]:
    return tuple(
        _record(
            Bisection if isinstance(item, dict) and "split" in item else Leaf,
            item,
            f"{place}[{i}]",
        )
        for i, item in enumerate(_items(value, place))
    )


def _matrices(value: Any, place: str) -> tuple[RationalMatrix, ...]:
    return tuple(
        _matrix(item, f"{place}[{i}]") for i, item in enumerate(_items(value, place))
    )


def _axis(value: Any, place: str) -> int:
    if _index(value, place) not in (0, 1):
        raise _malformed(place, "0 or 1")
    return int(value)


def _signed(value: Any, place: str) -> int:
    return _index(value, place, signed=True)


def _signed_indices(value: Any, place: str) -> tuple[int, ...]:
    return _indices(value, place, signed=True)


def _cell_tree(value: Any, place: str) -> tuple[Any, ...]:
    """Return the items of a tree of cells, told apart by their members."""
    items = []
    for number, item in enumerate(_items(value, place)):
        cls: type[Any] = CellLeaf
        if isinstance(item, dict) and "group" in item:
            cls = GroupSplit if "at" in item else ConeSplit
        items.append(_record(cls, item, f"{place}[{number}]"))
    return tuple(items)


def _trees(value: Any, place: str) -> tuple[tuple[int, ...], ...]:
    return tuple(
        _signed_indices(tree, f"{place}[{number}]")
        for number, tree in enumerate(_items(value, place))
    )


_RULES: dict[str, type[Any]] = {
    cls.rule: cls
    for cls in (
        Zero, Energy, Transpose, Blocks, Types, Gram, Scaling, Spectral, Split,
        HadamardRank, Minorant, Simplicial, Sweep, RowCells, TwoRows, Plane,
        Charts,
    )
}  # fmt: skip
_READERS: dict[str, Any] = {
    "proof": _proof,
    "parts": _records(Block),
    "pieces": _records(Piece),
    "axis": _axis,
    "grid": _signed,
    "reciprocal_bits": _index,
    "row_exponents": _signed_indices,
    "column_exponents": _signed_indices,
    "tree": _tree,
    "exclusions": _records(Exclusion),
    "multipliers": _records(Multiplier),
    "trees": _trees,
    "at": _fractions,
    "values": _fractions,
    "vertices": _records(SweepVertex),
    "factors": _matrices,
    "sweeps": _records(CellSweep),
    "group": _index,
    "left": _fractions,
    "right": _fractions,
    "ends": _fractions,
    "pins": _fractions,
}
_READERS |= dict.fromkeys(("generators", "excluded", "groups", "split"), _indices)
_READERS |= dict.fromkeys(("theta", "capture", "lower", "bound"), _fraction)
_READERS |= dict.fromkeys(
    ("rows", "columns", "factor", "center_left", "center_right", "shares"), _matrix
)
_READERS |= dict.fromkeys(("root_weights", "weight_left", "weight_right"), _matrix)
# Members whose meaning depends on the class that holds them.
_READERS_OF_CLASS: dict[tuple[type[Any], str], Any] = {
    (Block, "rows"): _indices,
    (Block, "columns"): _indices,
    (Leaf, "multipliers"): _indices,
    (Leaf, "exclusions"): _indices,
    (SweepVertex, "at"): _fraction,
    (CellVertex, "at"): _fraction,
    (CellVertex, "cones"): _fractions,
    (CellSweep, "vertices"): _records(CellVertex),
    (GroupSplit, "at"): _fraction,
    (RowCells, "tree"): _cell_tree,
}


def _reader(cls: type[Any], name: str) -> Any:
    """Return the reader of one member of a rule class."""
    return _READERS_OF_CLASS.get((cls, name)) or _READERS[name]
