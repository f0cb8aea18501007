"""Partial matrices: exact entries, some of which may be missing.

What users hand in as data or weights, before it is known which entries matter: nested
lists, NumPy arrays, what a file held. A partial matrix is a rational matrix together
with the places where no number stood.

Contents
--------
PartialMatrix       exact values, missing and infinite places, a name for messages
partial_matrix      from nested lists, arrays or a `RationalMatrix`
exact_matrix        the same where every entry must be a finite number
n_axes              0 for a number, 1 for a list of numbers, 2 for a matrix
first_place         row and column of the first true entry of a mask
at, by              "NAME, row i, column j" and "n x d", for messages
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from numbers import Number
from pathlib import Path
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.exact_entries import (
    BooleanArray,
    ExactEntries,
    entries_of_floats,
    entries_of_integers,
    entries_of_objects,
)
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.errors import InvalidProblemError
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PartialMatrix:
    """An n x d matrix of rationals with unspecified entries.

    Parameters
    ----------
    values : RationalMatrix, shape (n, d)
        Zero where no finite number stood.
    missing, infinite : bool arrays of shape (n, d), or None when there are none
        Places of blanks and NaN; places of infinities.
    name : str
        How messages call it: ``the data``, or a file name.

    Examples
    --------
    >>> A = partial_matrix([[1, None], ["1/3", 0.5]], name="the data")
    >>> A.values
    RationalMatrix([[1, 0], [1/3, 1/2]])
    >>> A.missing.tolist()
    [[False, True], [False, False]]
    """

    values: RationalMatrix
    missing: BooleanArray | None = None
    infinite: BooleanArray | None = None
    name: str

    @classmethod
    def from_entries(
        cls, entries: ExactEntries, shape: tuple[int, int], *, name: str
    ) -> "PartialMatrix":
        """Return the matrix with these entries in row-major order."""
        masks = [
            None if mask is None else mask.reshape(shape)
            for mask in (entries.missing, entries.infinite)
        ]
        numerators = entries.numerators.reshape(shape)
        return cls(
            values=RationalMatrix(numerators, entries.denominator),
            missing=masks[0],
            infinite=masks[1],
            name=name,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.values.shape

    def unspecified(self) -> BooleanArray | None:
        """Return where no finite number stands, None if one stands everywhere."""
        masks = [mask for mask in (self.missing, self.infinite) if mask is not None]
        return np.logical_or.reduce(masks) if masks else None

    def state(self, row: int, column: int) -> str:
        """Return ``missing`` or ``infinite`` for an unspecified entry."""
        missing = self.missing is not None and self.missing[row, column]
        return "missing" if missing else "infinite"


def partial_matrix(given: object, *, name: str) -> PartialMatrix:
    """Return what the user gave as exact entries with missing places.

    Parameters
    ----------
    given : nested lists, array, RationalMatrix or PartialMatrix
        Entries are int, Fraction, exact text, float or Decimal; None, NaN and blank
        text are missing. Floats are the exact binary rationals that they are. Masked
        entries of a NumPy masked array are missing.
    name : str
        How messages call the matrix.

    Raises
    ------
    InvalidProblemError
        If it is not a matrix with at least one entry; the message names row and column.

    Notes
    -----
    **Cost.** Arrays of integers or floats are converted without a loop over entries.

    Examples
    --------
    >>> partial_matrix(np.array([[0.1]]), name="the data").values == RationalMatrix(
    ...     np.array([[3602879701896397]]), 2**55
    ... )
    True
    """
    if isinstance(given, PartialMatrix):
        return given
    if isinstance(given, RationalMatrix):
        matrix = PartialMatrix(values=given, name=name)
    elif isinstance(given, list | tuple):
        matrix = _of_rows(given, name)
    elif isinstance(given, str | Path):
        raise InvalidProblemError(
            f"{name}: the text {shown(str(given))} is not a matrix; use "
            "exact_wlra.read for files."
        )
    elif hasattr(given, "__array__"):
        matrix = _of_array(np.asanyarray(given), name)
    else:
        raise InvalidProblemError(
            f"{name}: an object of type {type(given).__name__} is not a matrix; give "
            "nested lists or a NumPy array."
        )
    if 0 in matrix.shape:
        raise InvalidProblemError(
            f"{name}: the matrix is empty ({by(matrix.shape)}); give at least one row "
            "and one column."
        )
    return matrix


def exact_matrix(given: object, *, name: str) -> RationalMatrix:
    """Return `given` as a matrix of finite numbers.

    Raises
    ------
    InvalidProblemError
        If an entry is missing or infinite; the message names row and column.

    Examples
    --------
    >>> exact_matrix([["0.25"]], name="U")
    RationalMatrix([[1/4]])
    """
    matrix = partial_matrix(given, name=name)
    unspecified = matrix.unspecified()
    if unspecified is not None:
        row, column = first_place(unspecified)
        raise InvalidProblemError(
            f"{at(matrix.name, row, column)}: the entry is "
            f"{matrix.state(row, column)}; write a finite number."
        )
    return matrix.values


def n_axes(given: object) -> int:
    """Return 0 for a single number, 1 for a list of numbers, 2 for anything else.

    Examples
    --------
    >>> n_axes(3), n_axes([1, 2]), n_axes([[1, 2]])
    (0, 1, 2)
    """
    if isinstance(given, np.ndarray | np.generic):
        return min(given.ndim, 2)
    if isinstance(given, Number):
        return 0
    is_list = isinstance(given, list | tuple) and len(given) > 0
    if is_list and not any(_is_row(row) for row in given):  # type: ignore[attr-defined]
        return 1
    return 2


def first_place(mask: NDArray[Any]) -> tuple[int, int]:
    """Return row and column, counted from 0, of the first true entry."""
    row, column = np.unravel_index(int(np.argmax(mask)), mask.shape)
    return int(row), int(column)


def at(name: str, row: int, column: int) -> str:
    """Return the place of an entry in words; `row` and `column` count from 0.

    Examples
    --------
    >>> at("the data", 0, 2)
    'the data, row 1, column 3'
    """
    return f"{name}, row {row + 1}, column {column + 1}"


def by(shape: tuple[int, int]) -> str:
    """Return the shape as people write it.

    Examples
    --------
    >>> by((3, 4))
    '3 x 4'
    """
    return f"{shape[0]} x {shape[1]}"


def _of_rows(rows: Sequence[Any], name: str) -> PartialMatrix:
    """Return the matrix with the given rows."""
    if n_axes(rows) == 1:
        raise InvalidProblemError(
            f"{name}: a list of {len(rows)} numbers is not a matrix; write one list "
            "for each row."
        )
    lists: list[list[Any]] = []
    for i, row in enumerate(rows):
        if not _is_row(row):
            raise InvalidProblemError(
                f"{name}, row {i + 1}: {shown(row)} is not a row; write one list of "
                "numbers for each row."
            )
        lists.append(row.tolist() if isinstance(row, np.ndarray) else row)
        if len(row) != len(rows[0]):
            raise InvalidProblemError(
                f"{name}, row {i + 1}: the row has {len(row)} columns where row 1 has "
                f"{len(rows[0])}; give all rows the same length."
            )
    width = len(lists[0]) if lists else 0
    entries = entries_of_objects(
        list(chain.from_iterable(lists)),
        lambda position: at(name, *divmod(position, width)),
    )
    return PartialMatrix.from_entries(entries, (len(lists), width), name=name)


def _of_array(array: NDArray[Any], name: str) -> PartialMatrix:
    """Return the matrix in a NumPy array."""
    if array.ndim != 2:
        raise InvalidProblemError(
            f"{name}: an array with {array.ndim} axes is not a matrix; give an array "
            "with two, rows and columns."
        )
    n, d = array.shape
    if isinstance(array, np.ma.MaskedArray):
        masked = np.ma.getmaskarray(array)
        array = array.filled(0)
    else:
        masked = np.zeros((0, 0), dtype=np.bool_)
    kind, flat = array.dtype.kind, array.ravel()

    def place(position: int) -> str:
        return at(name, *divmod(position, d))

    if kind in "iub":
        entries = entries_of_integers(flat)
    elif kind == "f" and array.dtype.itemsize <= 8:
        entries = entries_of_floats(flat.astype(np.float64, copy=False), place)
    elif kind in "fOU":
        entries = entries_of_objects(flat.tolist(), place)
    else:
        raise InvalidProblemError(
            f"{name}: an array of {array.dtype} holds no exact numbers; give integers, "
            "floats, or Fractions in an object array."
        )
    matrix = PartialMatrix.from_entries(entries, (n, d), name=name)
    if not masked.any():
        return matrix
    missing = masked if matrix.missing is None else masked | matrix.missing
    return PartialMatrix(
        values=RationalMatrix(
            np.where(masked, 0, matrix.values.numerators), matrix.values.denominator
        ),
        missing=missing,
        infinite=None if matrix.infinite is None else matrix.infinite & ~missing,
        name=name,
    )


def _is_row(row: object) -> bool:
    """Tell whether the object can be a row: a list, a tuple or an array of one axis."""
    if isinstance(row, np.ndarray):
        return row.ndim == 1
    return isinstance(row, list | tuple)
