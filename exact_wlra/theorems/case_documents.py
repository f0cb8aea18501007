"""Cases of statements as JSON documents, both ways.

A `Problem` is written as `exact_wlra.read` takes it. Every other value is written by
field: integers as JSON integers, rationals as text ``"p/q"``, matrices as lists of
rows, tuples as lists, dataclasses as objects. What is read is exact, so that 0.1 is
one tenth.

Contents
--------
value_document      a value as a document
value_from          the value of a type that a document states
read_value          the value of a type in a file
write_cases         the cases of a statement as files
"""

import json
import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from fractions import Fraction
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np

from exact_wlra.errors import ProblemFileError, WLRAError
from exact_wlra.files.json_documents import json_document
from exact_wlra.problem import Problem
from exact_wlra.reading import document_problem, read
from exact_wlra.theorems.statements import Case, Statement
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational, parse_rational

# Integers of more bits are written as text: Python limits the digits of JSON integers.
_LONG = 4096
_NO_FILE_NAME = re.compile(r"[^A-Za-z0-9.+=-]+")


def value_document(value: Any) -> Any:
    """Return a value as nested lists, dictionaries, integers and text.

    Examples
    --------
    >>> value_document((Fraction(1, 2), 3))
    ['1/2', 3]
    >>> value_document(Problem([[1, 2]], weights=[["1/2", 1]], rank=1))
    {'data': [[1, 2]], 'weights': [['1/2', 1]], 'rank': 1}
    """
    match value:
        case Problem():
            return _problem_document(value)
        case RationalMatrix():
            return _matrix_document(value)
        case np.ndarray():
            return value.tolist()
        case tuple() | list():
            return [value_document(item) for item in value]
        case None | str() | bool():
            return value
        case int() | Fraction():
            return _number(Fraction(value))
        case _ if is_dataclass(value):
            return {
                field.name: value_document(getattr(value, field.name))
                for field in fields(value)
            }
        case _:
            raise TypeError(f"a {type(value).__name__} has no form in a document")


def value_from(wanted: Any, document: Any, place: str) -> Any:
    """Return the value of a type that a document states.

    Parameters
    ----------
    wanted : type
        `Problem`, `RationalMatrix`, Fraction, int, bool, str, Literal, a tuple of
        those, a union, or a dataclass with such fields.
    document
        Nested lists and dictionaries.
    place : str
        How messages call the document.

    Raises
    ------
    ProblemFileError
        If it states something else; the message says where, and what is expected.

    Examples
    --------
    >>> value_from(tuple[Fraction, ...], ["1/2", 3], "mine")
    (Fraction(1, 2), Fraction(3, 1))
    """
    origin = get_origin(wanted)
    if origin in (Union, UnionType):
        return _one_of(get_args(wanted), document, place)
    if origin is tuple:
        return _items(get_args(wanted), document, place)
    if origin is Literal:
        if document in get_args(wanted):
            return document
        choices = ", ".join(map(str, get_args(wanted)))
        raise _unlike(place, f"one of {choices}", document)
    if wanted is Problem:
        return document_problem(document, name=place)
    if wanted is RationalMatrix:
        return _matrix(document, place)
    if wanted is Fraction:
        return _fraction(document, place)
    if wanted is int and isinstance(document, str):
        number = _fraction(document, place)
        if number.denominator == 1:
            return number.numerator
    if wanted in (int, bool, str, NoneType):
        return _plain(wanted, document, place)
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _by_field(wanted, document, place)
    raise TypeError(f"nothing reads a {wanted} from a document")


def read_value(stated: Statement[Any], path: Path) -> Any:
    """Return the value in a file, of the type that a statement speaks about.

    Parameters
    ----------
    stated : Statement
        About a `Problem`: any file that `exact_wlra.read` takes and that states the
        rank; otherwise a .json file with the fields of its value type.

    Raises
    ------
    ProblemFileError
        If the file does not hold such a value.
    """
    if stated.value_type is Problem:
        return read(path)
    name = str(path)
    if path.is_dir():
        raise ProblemFileError(f"{name}: this is a directory; give a file.")
    if not path.exists():
        raise ProblemFileError(f"{name}: there is no such file; check the name.")
    return value_from(stated.value_type, json_document(path, name=name), name)


def write_cases(
    stated: Statement[Any], folder: Path, *, seeds: int = 3
) -> tuple[Path, ...]:
    """Write the cases of a statement to folder/<key>/<name>.json; return the files."""
    home = folder / stated.key.replace("/", "-")
    home.mkdir(parents=True, exist_ok=True)
    cases = tuple(stated.cases(seeds))
    paths = tuple(home / f"{name}.json" for name in _file_names(cases))
    for case, path in zip(cases, paths, strict=True):
        text = json.dumps(value_document(case.value), ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
    return paths


def _file_names(cases: Iterable[Case[Any]]) -> list[str]:
    """Return a different file name for each case, in letters that all systems take."""
    names: list[str] = []
    for number, case in enumerate(cases, start=1):
        name = _NO_FILE_NAME.sub("-", case.name).strip("-.") or f"case-{number}"
        names.append(name if name not in names else f"{name}-{number}")
    return names


def _problem_document(problem: Problem) -> dict[str, Any]:
    """Return data, weights and rank, or labels and cores."""
    root = problem.root_weights
    core = "_core" if problem.is_patterned else ""
    name = "squared_weight" if root is None else "weight"
    weights = problem.squared_weights if root is None else root
    document: dict[str, Any] = {}
    if problem.row_labels is not None and problem.column_labels is not None:
        document["row_labels"] = problem.row_labels.tolist()
        document["column_labels"] = problem.column_labels.tolist()
    document[f"data{core}"] = _matrix_document(problem.data)
    document[f"{name}{core or 's'}"] = _matrix_document(weights)
    document["rank"] = problem.rank
    return document


def _matrix_document(matrix: RationalMatrix) -> Any:
    """Return the rows; the shape of a matrix that has no rows."""
    if matrix.shape[0] == 0:
        return {"shape": list(matrix.shape)}
    return [[_number(entry) for entry in row] for row in matrix.fractions()]


def _number(value: Fraction) -> int | str:
    """Return a rational as a JSON integer; as text if it is none or is long."""
    is_short = value.denominator == 1 and value.numerator.bit_length() < _LONG
    return value.numerator if is_short else format_rational(value)


def _matrix(document: Any, place: str) -> RationalMatrix:
    """Return a matrix from its rows."""
    if isinstance(document, dict):
        shape = document.get("shape")
        if isinstance(shape, list) and len(shape) == 2 and shape[0] == 0:
            return RationalMatrix.zeros(0, _plain(int, shape[1], f"{place}.shape"))
    if not isinstance(document, list) or not document:
        raise _unlike(place, "a matrix, a list of rows", document)
    rows = []
    for i, row in enumerate(document, start=1):
        if not isinstance(row, list) or len(row) != len(document[0]):
            raise _unlike(
                f"{place}, row {i}", "a list as long as the first row", document[i - 1]
            )
        rows.append(
            [
                _fraction(entry, f"{place}, row {i}, column {j}")
                for j, entry in enumerate(row, start=1)
            ]
        )
    return RationalMatrix.from_fractions(rows)


def _fraction(document: Any, place: str) -> Fraction:
    """Return an exact number."""
    if isinstance(document, int | Fraction) and not isinstance(document, bool):
        return Fraction(document)
    if isinstance(document, str):
        try:
            return parse_rational(document)
        except InvalidInputError:
            pass
    raise _unlike(place, "a number, or text like '-7/3'", document)


def _plain(wanted: Any, document: Any, place: str) -> Any:
    """Return an integer, a truth value, text or nothing."""
    if type(document) is not wanted:
        names = {int: "an integer", bool: "true or false", str: "text"}
        raise _unlike(place, names.get(wanted, "null"), document)
    return document


def _items(wanted: tuple[Any, ...], document: Any, place: str) -> tuple[Any, ...]:
    """Return a tuple, of any length if its type ends in dots."""
    if not isinstance(document, list):
        raise _unlike(place, "a list", document)
    if len(wanted) == 2 and wanted[1] is ...:
        wanted = (wanted[0],) * len(document)
    if len(wanted) != len(document):
        raise _unlike(place, f"a list of {len(wanted)}", document)
    return tuple(
        value_from(each, item, f"{place}, item {i}")
        for i, (each, item) in enumerate(zip(wanted, document, strict=True), start=1)
    )


def _one_of(wanted: tuple[Any, ...], document: Any, place: str) -> Any:
    """Return the value of the first type that the document fits."""
    reasons = []
    for each in wanted:
        try:
            return value_from(each, document, place)
        except ProblemFileError as error:
            reasons.append(error)
    raise reasons[0]


def _by_field(wanted: type[Any], document: Any, place: str) -> Any:
    """Return a dataclass from an object with its fields."""
    types = get_type_hints(wanted)
    names = [field.name for field in fields(wanted) if field.init]
    listed = ", ".join(names)
    if not isinstance(document, dict):
        raise _unlike(place, f"an object with the fields {listed}", document)
    for name in document:
        if name not in names:
            raise ProblemFileError(
                f"{place}: there is no field '{name[:40]}'; the fields are {listed}."
            )
    for name in names:
        if name not in document:
            raise ProblemFileError(
                f"{place}: there is no '{name}'; the fields are {listed}."
            )
    values = {
        name: value_from(types[name], document[name], f"{place}, {name}")
        for name in names
    }
    try:
        return wanted(**values)
    except (WLRAError, ValueError) as error:
        raise ProblemFileError(f"{place}: {error}") from None


def _unlike(place: str, expected: str, document: Any) -> ProblemFileError:
    """Return the error that says what was expected at a place."""
    found = json.dumps(document, default=str)
    shown = found if len(found) <= 40 else f"{found[:37]}..."
    return ProblemFileError(f"{place}: {shown} stands there; give {expected}.")
