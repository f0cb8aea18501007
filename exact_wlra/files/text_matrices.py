"""Matrices in text files: comma, tab or blank separated, exact.

One line is one row; no header, no comments. An entry is an integer, a decimal or
``p/q``; a blank field, NA or NaN is missing. Row and column of a message are those of
the file.

Contents
--------
text_matrix         the matrix in a .csv, .tsv or .txt file
LARGEST_SIZE        bound on the number of entries of a matrix that is written out

Notes on the implementation
---------------------------
The file is read in pieces of some ten thousand entries, so that its texts never stand
in memory together. A first row without any number is set aside; if the others turn out
to be numbers, it was a header.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TextIO

from exact_wlra.entries.exact_entries import ExactEntries, entries_of_texts, joined
from exact_wlra.entries.partial_matrices import PartialMatrix, at
from exact_wlra.errors import InvalidProblemError, ProblemFileError

LARGEST_SIZE = 200_000_000

_PIECE = 1 << 16


def text_matrix(path: Path, *, name: str) -> PartialMatrix:
    """Return the matrix in a text file.

    Parameters
    ----------
    path : Path
        ``.csv`` separates columns by commas, ``.tsv`` by tabs, ``.txt`` by blanks, or
        by commas if its first line has one.
    name : str
        How messages call the file.

    Raises
    ------
    ProblemFileError, InvalidProblemError
        If the file is empty, ragged, has a header or a text that is no number; the
        message names row and column.

    Notes
    -----
    **Cost.** About a second for a million integers or decimals.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _matrix_of_rows(_rows(file, path.suffix.lower()), name)
    except UnicodeDecodeError:
        raise ProblemFileError(
            f"{name}: the file is not text in UTF-8; save it as plain text, or give it "
            "the extension of its format."
        ) from None
    except csv.Error as error:
        raise ProblemFileError(
            f"{name}: the file is not a table of numbers ({error}); write one row on "
            "each line."
        ) from None


def _rows(file: TextIO, suffix: str) -> Iterator[list[str]]:
    """Yield the fields of each line."""
    if suffix != ".txt":
        return csv.reader(file, delimiter="\t" if suffix == ".tsv" else ",")
    first = next(file, "")
    lines = chain([first] if first else [], file)
    return csv.reader(lines) if "," in first else (line.split() for line in lines)


def _matrix_of_rows(rows: Iterator[list[str]], name: str) -> PartialMatrix:
    """Return the matrix with these fields."""
    first = next(rows, [])
    filled = [j for j, field in enumerate(first) if field.strip()]
    if filled and not any(_is_entry(first[j]) for j in filled):
        _refuse_first_row(first, filled[0], rows, name)
    return _numbers(chain([first], rows), name)


def _is_entry(field: str) -> bool:
    """Tell whether the text denotes a number, or that one is missing."""
    try:
        entries_of_texts([field], str)
    except InvalidProblemError:
        return False
    return True


def _refuse_first_row(
    first: Sequence[str], column: int, rows: Iterator[list[str]], name: str
) -> None:
    """Refuse a first row without a number, as a header if the others are numbers."""
    try:
        _numbers(rows, name)
    except (InvalidProblemError, ProblemFileError):
        entries_of_texts([first[column]], lambda _: at(name, 0, column))
    raise ProblemFileError(f"{name}: row 1 looks like a header: remove it.")


def _numbers(rows: Iterator[list[str]], name: str) -> PartialMatrix:
    """Return the matrix of rows that are all numbers."""
    pieces: list[ExactEntries] = []
    texts: list[str] = []
    n_rows = width = n_blank = 0
    for row in rows:
        if len(row) <= 1 and not "".join(row).strip():
            n_blank += 1
            continue
        if n_blank:
            raise ProblemFileError(
                f"{name}, row {n_rows + 1}: the line is blank; remove it, or write NA "
                "for each missing entry."
            )
        width = width or len(row)
        if len(row) != width:
            raise ProblemFileError(
                f"{name}, row {n_rows + 1}: the row has {len(row)} columns where row 1 "
                f"has {width}; give all rows the same length."
            )
        n_rows += 1
        texts += row
        if len(texts) >= _PIECE:
            pieces.append(_piece(texts, n_rows, width, name))
            texts = []
        if n_rows * width > LARGEST_SIZE:
            raise ProblemFileError(
                f"{name}, row {n_rows}: the matrix has more than {LARGEST_SIZE} "
                "entries; give it by labels and a core."
            )
    if n_rows == 0:
        raise ProblemFileError(
            f"{name}: the file holds no numbers; write one row on each line."
        )
    if texts:
        pieces.append(_piece(texts, n_rows, width, name))
    entries = joined(pieces, lambda position: at(name, *divmod(position, width)))
    return PartialMatrix.from_entries(entries, (n_rows, width), name=name)


def _piece(texts: Sequence[str], n_rows: int, width: int, name: str) -> ExactEntries:
    """Return the numbers of the last rows read, up to row `n_rows`."""
    start = n_rows * width - len(texts)
    return entries_of_texts(
        texts, lambda position: at(name, *divmod(start + position, width))
    )
