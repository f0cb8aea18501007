"""Matrices in Matrix Market files, exact.

Coordinate and array files of real, integer and pattern matrices, general, symmetric or
skew-symmetric, as the format's authors (Boisvert, Pozo, Remington 1996) describe them.
Entries that a coordinate file does not list are zeros, not missing.

Contents
--------
matrix_market       the matrix in a .mtx file

Notes on the implementation
---------------------------
SciPy reads these files too, but into floats; here ``0.1`` has to stay one tenth.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.exact_entries import (
    BooleanArray,
    ExactEntries,
    entries_of_texts,
)
from exact_wlra.entries.partial_matrices import PartialMatrix
from exact_wlra.errors import ProblemFileError
from exact_wlra.files.text_matrices import LARGEST_SIZE
from semialgebraic import integer_arrays

_LAYOUTS = ("coordinate", "array")
_FIELDS = ("real", "integer", "pattern")
_SYMMETRIES = ("general", "symmetric", "skew-symmetric")

Places = tuple[NDArray[np.int64], NDArray[np.int64]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Lines:
    """Lines of equally many fields; `numbers` says where in the file each stands."""

    name: str
    fields: list[list[str]]
    numbers: list[int]

    def place(self, line: int) -> str:
        """Return the place of a line in words."""
        return f"{self.name}, line {self.numbers[line]}"

    def column(self, index: int) -> ExactEntries:
        """Return the numbers in one column."""
        return entries_of_texts([line[index] for line in self.fields], self.place)

    def integers(self, index: int, lowest: int, highest: int) -> NDArray[np.int64]:
        """Return one column, which has to hold integers in this range."""
        column = self.column(index)
        scaled, unit = column.numerators, column.denominator
        wrong = (scaled % unit != 0) | (scaled < lowest * unit)
        wrong |= scaled > highest * unit
        if wrong.any():
            line = int(np.argmax(wrong))
            raise ProblemFileError(
                f"{self.place(line)}: {self.fields[line][index]!r} is out of range; "
                f"write an integer from {lowest} to {highest}."
            )
        return (scaled // unit).astype(np.int64)


def matrix_market(path: Path, *, name: str) -> PartialMatrix:
    """Return the matrix in a Matrix Market file.

    Parameters
    ----------
    path : Path
    name : str
        How messages call the file.

    Raises
    ------
    ProblemFileError, InvalidProblemError
        If the file does not follow the format; the message names the line.
    """
    try:
        banner, *rest = path.read_text(encoding="utf-8-sig").splitlines() or [""]
    except UnicodeDecodeError:
        raise ProblemFileError(
            f"{name}: the file is not text; write a Matrix Market file in text form."
        ) from None
    layout, field, symmetry = _kind(banner, name)
    n_fields = {"real": 3, "integer": 3, "pattern": 2}[field]
    sizes, body = _body(rest, name, layout, n_fields)
    n, d = (int(sizes.integers(i, 0, LARGEST_SIZE)[0]) for i in (0, 1))
    if n * d > LARGEST_SIZE:
        raise ProblemFileError(
            f"{sizes.place(0)}: a {n} x {d} matrix has more than {LARGEST_SIZE} "
            "entries; give it by labels and a core."
        )
    if symmetry != "general" and n != d:
        raise ProblemFileError(
            f"{sizes.place(0)}: a {n} x {d} matrix is not {symmetry}; write equally "
            "many rows and columns, or 'general' in the first line."
        )
    if layout == "array":
        places = _listed_by_columns(n, d, symmetry)
        n_entries = len(places[0])
    else:
        n_entries = int(sizes.integers(2, 0, LARGEST_SIZE)[0])
    if len(body.fields) != n_entries:
        raise ProblemFileError(
            f"{name}: there are {len(body.fields)} entries where {n_entries} are "
            "announced; write one on each line."
        )
    if layout == "coordinate":
        places = body.integers(0, 1, n) - 1, body.integers(1, 1, d) - 1
    if field == "pattern":
        values = ExactEntries(numerators=np.ones(n_entries, dtype=np.int64))
    else:
        values = body.column(0 if layout == "array" else 2)
    if symmetry != "general":
        places, values = _mirrored(places, values, symmetry)
    return _placed(body, places, values, (n, d))


def _kind(banner: str, name: str) -> tuple[str, str, str]:
    """Return layout, field and symmetry that the first line states."""
    words = banner.lower().split()
    if len(words) != 5 or words[:2] != ["%%matrixmarket", "matrix"]:
        raise ProblemFileError(
            f"{name}, line 1: the banner of a Matrix Market file is missing; begin "
            "with '%%MatrixMarket matrix coordinate real general'."
        )
    layout, field, symmetry = words[2:]
    for word, known in (
        (layout, _LAYOUTS),
        (field, _FIELDS[:2] if layout == "array" else _FIELDS),
        (symmetry, _SYMMETRIES),
    ):
        if word not in known:
            raise ProblemFileError(
                f"{name}, line 1: '{word}' cannot be read in this place; write one of "
                f"{', '.join(known)}."
            )
    return layout, field, symmetry


def _body(
    rest: list[str], name: str, layout: str, n_fields: int
) -> tuple[_Lines, _Lines]:
    """Return the line of the sizes and the lines of the entries."""
    kept = [
        (number, fields)
        for number, line in enumerate(rest, start=2)
        if (fields := line.split()) and not line.startswith("%")
    ]
    if not kept:
        raise ProblemFileError(
            f"{name}: the file ends before the sizes; write the numbers of rows and "
            "columns below the first line."
        )
    expected = [2 if layout == "array" else 3]
    expected += [1 if layout == "array" else n_fields] * (len(kept) - 1)
    for (number, fields), n_expected in zip(kept, expected, strict=True):
        if len(fields) != n_expected:
            raise ProblemFileError(
                f"{name}, line {number}: the line has {len(fields)} fields; write "
                f"{n_expected}."
            )
    sizes, *entries = kept
    return (
        _Lines(name=name, fields=[sizes[1]], numbers=[sizes[0]]),
        _Lines(
            name=name,
            fields=[fields for _, fields in entries],
            numbers=[number for number, _ in entries],
        ),
    )


def _listed_by_columns(n: int, d: int, symmetry: str) -> Places:
    """Return rows and columns of the entries in the order of an array file."""
    if symmetry == "general":
        columns, rows = np.divmod(np.arange(n * d), max(n, 1))
    else:
        columns, rows = np.triu_indices(n, k=int(symmetry == "skew-symmetric"))
    return rows.astype(np.int64), columns.astype(np.int64)


def _mirrored(
    places: Places, values: ExactEntries, symmetry: str
) -> tuple[Places, ExactEntries]:
    """Return the entries together with their mirror images."""
    rows, columns = places
    off = rows != columns
    sign = -1 if symmetry == "skew-symmetric" else 1
    images = integer_arrays.multiply(values.numerators[off], sign)
    masks: list[BooleanArray | None] = [
        None if mask is None else np.concatenate([mask, mask[off]])
        for mask in (values.missing, values.infinite)
    ]
    mirrored = ExactEntries(
        numerators=np.concatenate([values.numerators, images]),
        denominator=values.denominator,
        missing=masks[0],
        infinite=masks[1],
    )
    return (
        np.concatenate([rows, columns[off]]),
        np.concatenate([columns, rows[off]]),
    ), mirrored


def _placed(
    body: _Lines, places: Places, values: ExactEntries, shape: tuple[int, int]
) -> PartialMatrix:
    """Return the matrix with these entries and zeros elsewhere."""
    flat = places[0] * shape[1] + places[1]
    order = np.argsort(flat, kind="stable")
    again = np.flatnonzero(flat[order][1:] == flat[order][:-1])
    if again.size:
        # A mirror image has no line of its own; its original stands in the file.
        row, column = divmod(int(flat[order[again[0]]]), shape[1])
        raise ProblemFileError(
            f"{body.name}, row {row + 1}, column {column + 1}: the entry is listed "
            "twice; list it once."
        )
    numerators = np.zeros(shape[0] * shape[1], dtype=values.numerators.dtype)
    numerators[flat] = values.numerators
    masks: list[BooleanArray | None] = []
    for mask in (values.missing, values.infinite):
        spread = np.zeros(numerators.size, dtype=np.bool_)
        spread[flat] = False if mask is None else mask
        masks.append(None if mask is None else spread)
    entries = ExactEntries(
        numerators=numerators,
        denominator=values.denominator,
        missing=masks[0],
        infinite=masks[1],
    )
    return PartialMatrix.from_entries(entries, shape, name=body.name)
