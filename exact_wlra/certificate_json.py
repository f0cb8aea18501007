"""The JSON form of certificates: writing, and reading without judging.

Contents
--------
certificate_to_json     the document of `docs/certificate-format.md`
certificate_from_json   the certificate, or `MalformedCertificateError` with the place
proof_to_json, proof_from_json      the same for a proof alone
"""

import json
from dataclasses import fields
from fractions import Fraction
from typing import Any

from exact_wlra import json_values as values
from exact_wlra.certificates import (
    Basin,
    Basins,
    Bisection,
    Block,
    Blocks,
    Certificate,
    Charts,
    Energy,
    Exclusion,
    Gram,
    HadamardRank,
    Isolated,
    Leaf,
    Minorant,
    Moments,
    Multiplier,
    Piece,
    Plane,
    Proof,
    RankForm,
    Scaling,
    Simplicial,
    Spectral,
    Split,
    Transpose,
    TwoRows,
    Types,
    Zero,
)
from exact_wlra.errors import MalformedCertificateError
from exact_wlra.sweep_certificates import (
    CellLeaf,
    CellSweep,
    CellVertex,
    ConeSplit,
    GroupSplit,
    RowCells,
    Sweep,
    SweepVertex,
)
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational

SCHEMA = "exact-wlra/certificate/1"


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

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> certificate = solve(Problem([[3, 0], [0, 2]], rank=1)).certificate
    >>> certificate_from_json(certificate_to_json(certificate)) == certificate
    True
    """
    document = _read_json(text)
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise MalformedCertificateError(
            f'the document does not say "schema": "{SCHEMA}"; this checker reads '
            "that version only."
        )
    try:
        return Certificate(
            shape=values.pair(values.member(document, "shape", ""), "shape"),
            rank=values.index(values.member(document, "rank", ""), "rank"),
            lower=values.fraction(values.member(document, "lower", ""), "lower"),
            upper=values.fraction(values.member(document, "upper", ""), "upper"),
            left=values.matrix(values.member(document, "left", ""), "left"),
            right=values.matrix(values.member(document, "right", ""), "right"),
            proof=_proof(values.member(document, "proof", ""), "proof"),
        )
    except RecursionError:
        raise MalformedCertificateError("the proof is nested too deeply.") from None


def proof_to_json(proof: Proof) -> str:
    """Return the JSON document of a proof.

    Examples
    --------
    >>> proof_from_json(proof_to_json(Zero()))
    Zero()
    """
    return json.dumps(_encode(proof), separators=(",", ":"))


def proof_from_json(text: str) -> Proof:
    """Return the proof in a JSON document; raises as `certificate_from_json`."""
    try:
        proof: Proof = _proof(_read_json(text), "proof")
    except RecursionError:
        raise MalformedCertificateError("the proof is nested too deeply.") from None
    return proof


def _read_json(text: str | bytes) -> Any:
    """Return what a JSON text without floats says."""
    try:
        return json.loads(text, parse_int=_json_integer, parse_float=_no_float)
    except MalformedCertificateError:
        raise
    except (ValueError, RecursionError) as error:
        raise MalformedCertificateError(
            f"the certificate is not a JSON document ({str(error)[:80]}); "
            "write it again with `exact-wlra solve --certificate`."
        ) from None


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


def _proof(value: Any, place: str) -> Any:
    name = values.member(value, "rule", place)
    cls = _RULES.get(name) if isinstance(name, str) else None
    if cls is None:
        raise values.malformed(f"{place}.rule", "one of " + ", ".join(sorted(_RULES)))
    return _record(cls, value, place)


def _record(cls: type[Any], value: Any, place: str) -> Any:
    """Return an instance of a rule class, its members read by name."""
    members = {
        field.name: _reader(cls, field.name)(
            values.member(value, field.name, place), f"{place}.{field.name}"
        )
        for field in fields(cls)
    }
    return cls(**members)


def _records(cls: type[Any]) -> Any:
    """Return a reader of lists of one record class."""

    def read(value: Any, place: str) -> tuple[Any, ...]:
        return tuple(
            _record(cls, item, f"{place}[{i}]")
            for i, item in enumerate(values.items(value, place))
        )

    return read


def _tree(value: Any, place: str) -> tuple[Bisection | Leaf, ...]:
    return tuple(
        _record(
            Bisection if isinstance(item, dict) and "split" in item else Leaf,
            item,
            f"{place}[{i}]",
        )
        for i, item in enumerate(values.items(value, place))
    )


def _cell_tree(value: Any, place: str) -> tuple[Any, ...]:
    """Return the items of a tree of cells, told apart by their members."""
    items = []
    for number, item in enumerate(values.items(value, place)):
        cls: type[Any] = CellLeaf
        if isinstance(item, dict) and "group" in item:
            cls = GroupSplit if "at" in item else ConeSplit
        items.append(_record(cls, item, f"{place}[{number}]"))
    return tuple(items)


def _trees(value: Any, place: str) -> tuple[tuple[int, ...], ...]:
    return tuple(
        values.signed_indices(tree, f"{place}[{number}]")
        for number, tree in enumerate(values.items(value, place))
    )


_RULES: dict[str, type[Any]] = {
    cls.rule: cls
    for cls in (
        Zero, Energy, Transpose, Blocks, Types, Gram, Scaling, Spectral, Split,
        HadamardRank, Minorant, Simplicial, Sweep, RowCells, TwoRows, Plane, Charts,
        Moments, Isolated, Basins,
    )
}  # fmt: skip
_READERS: dict[str, Any] = {
    "proof": _proof,
    "parts": _records(Block),
    "pieces": _records(Piece),
    "axis": values.axis,
    "grid": values.signed,
    "reciprocal_bits": values.index,
    "row_exponents": values.signed_indices,
    "column_exponents": values.signed_indices,
    "tree": _tree,
    "exclusions": _records(Exclusion),
    "multipliers": _records(Multiplier),
    "trees": _trees,
    "basins": _records(Basin),
    "center": values.matrix,
    "at": values.fractions,
    "values": values.fractions,
    "vertices": _records(SweepVertex),
    "factors": values.matrices,
    "sweeps": _records(CellSweep),
    "group": values.index,
    "left": values.fractions,
    "right": values.fractions,
    "ends": values.fractions,
    "pins": values.fractions,
    "forms": _records(RankForm),
}
_NAMES_OF_INDICES = ("generators", "excluded", "groups", "split")
_NAMES_OF_FRACTIONS = (
    "theta", "capture", "lower", "bound", "growth", "threshold", "radius",
)  # fmt: skip
_NAMES_OF_MATRICES = (
    "rows", "columns", "factor", "center_left", "center_right", "shares",
    "root_weights", "weight_left", "weight_right", "minors", "antisymmetric",
    "symmetric", "complement",
)  # fmt: skip
_READERS |= dict.fromkeys(_NAMES_OF_INDICES, values.indices)
_READERS |= dict.fromkeys(_NAMES_OF_FRACTIONS, values.fraction)
_READERS |= dict.fromkeys(_NAMES_OF_MATRICES, values.matrix)
# Members whose meaning depends on the class that holds them.
_READERS_OF_CLASS: dict[tuple[type[Any], str], Any] = {
    (Block, "rows"): values.indices,
    (Block, "columns"): values.indices,
    (Isolated, "columns"): values.indices,
    (Basin, "columns"): values.indices,
    (Leaf, "multipliers"): values.indices,
    (Leaf, "exclusions"): values.indices,
    (SweepVertex, "at"): values.fraction,
    (RankForm, "rows"): values.indices,
    (RankForm, "columns"): values.indices,
    (CellVertex, "at"): values.fraction,
    (CellVertex, "cones"): values.fractions,
    (CellSweep, "vertices"): _records(CellVertex),
    (GroupSplit, "at"): values.fraction,
    (RowCells, "tree"): _cell_tree,
}


def _reader(cls: type[Any], name: str) -> Any:
    """Return the reader of one member of a rule class."""
    return _READERS_OF_CLASS.get((cls, name)) or _READERS[name]
