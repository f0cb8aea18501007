"""What Alice sends: columns of A and coefficients, as bits.

Contents
--------
Message             the bytes, and how many bits each part takes
SparseColumns       A|_S, zero where W is zero
RowValues           A on some rows: coefficients by interpolation
SketchValues        G (W o A) for a public matrix G of signs
RoundedFactors      Y and Z in fixed point, X = Y Z
Content             columns with coefficients
encoded, decoded    content to message and back

Notes on the implementation
---------------------------
Both sides know W, hence n, d and the support of W; these are never sent. Parts of a
message: *header* (what follows, how many), *indices* (S), *positions* (counts and rows
of the nonzeros of A|_S), *values* (these nonzeros), *coefficients*. Rows are listed, or
marked by one bit for each positive weight of the column, whichever is shorter: both
sides can tell from the count.

References
----------
[WoodruffYasuda2024]_, Definition 1.4 and Theorem 3.1.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.communication.bits import BitReader, BitWriter, flat, index_width
from exact_wlra.errors import MalformedMessageError
from semialgebraic.integer_arrays import IntegerArray, integers

_ROWS, _SKETCH, _ROUNDED = 0, 1, 2


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Bytes that travel, with the number of bits by part.

    Parameters
    ----------
    payload : bytes
        The bits, filled up with zeros to whole bytes.
    parts : tuple of (str, int)
        Bits of each part, in the order of first appearance.

    Examples
    --------
    >>> Message(payload=b"a", parts=(("header", 3), ("values", 4))).n_bits
    7
    """

    payload: bytes
    parts: tuple[tuple[str, int], ...]

    @property
    def n_bits(self) -> int:
        """Bits sent, without the zeros that fill the last byte."""
        return sum(bits for _, bits in self.parts)


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseColumns:
    """The columns of A in S, zero where W is zero.

    Parameters
    ----------
    indices : tuple of int
        S, ascending, from 0.
    entries : integer array, shape (n, |S|)
        A|_S.
    """

    indices: tuple[int, ...]
    entries: IntegerArray


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowValues:
    """The rows of A in R, zero where W is zero: as many rows as columns were sent.

    Parameters
    ----------
    indices : tuple of int
        R, ascending, from 0; |R| = |S|.
    entries : integer array, shape (|R|, d)
    """

    indices: tuple[int, ...]
    entries: IntegerArray


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SketchValues:
    """G (W o A) for the matrix G of public signs that `attempt` names.

    Parameters
    ----------
    attempt : int
        Which of the public matrices.
    entries : integer array, shape (t, d)
    """

    attempt: int
    entries: IntegerArray


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoundedFactors:
    """Y = 2^-a mixing (|S| x m) and Z = 2^-b right (m x d), coefficients X = Y Z.

    Parameters
    ----------
    mixing, right : integer arrays, shapes (|S|, m) and (m, d)
    mixing_exponent, right_exponent : int
        a and b, of either sign.
    """

    mixing: IntegerArray
    mixing_exponent: int
    right: IntegerArray
    right_exponent: int


Coefficients = RowValues | SketchValues | RoundedFactors


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Content:
    """What a message says."""

    columns: SparseColumns
    coefficients: Coefficients


def encoded(content: Content, support: NDArray[np.bool_]) -> Message:
    """Return the message with this content.

    Parameters
    ----------
    support : bool array, shape (n, d)
        Where W is positive; known to the reader.

    Examples
    --------
    >>> import numpy as np
    >>> support = np.ones((2, 3), dtype=bool)
    >>> columns = SparseColumns(indices=(1,), entries=integers([[0], [5]]))
    >>> rows = RowValues(indices=(1,), entries=integers([[10, 5, 0]]))
    >>> message = encoded(Content(columns=columns, coefficients=rows), support)
    >>> message.n_bits, message.parts[1:3]
    (37, (('indices', 2), ('positions', 3)))
    >>> decoded(message.payload, support).coefficients.entries.tolist()
    [[10, 5, 0]]
    """
    writer = BitWriter()
    write_columns(writer, content.columns, support)
    part = "coefficients"
    match content.coefficients:
        case RowValues(indices=rows, entries=entries):
            writer.fixed(_ROWS, 2, part="header")
            for i in rows:
                writer.fixed(i, index_width(len(support)), part=part)
            writer.block([int(x) for x in entries[support[list(rows)]]], part=part)
        case SketchValues(attempt=attempt, entries=entries):
            writer.fixed(_SKETCH, 2, part="header")
            writer.natural(attempt, part="header")
            writer.natural(len(entries), part="header")
            writer.block(flat(entries), part=part)
        case RoundedFactors(mixing=mixing, right=right) as factors:
            writer.fixed(_ROUNDED, 2, part="header")
            writer.natural(len(right), part="header")
            writer.integer(factors.mixing_exponent, part="header")
            writer.integer(factors.right_exponent, part="header")
            writer.block(flat(mixing), part=part)
            writer.block(flat(right), part=part)
    return Message(payload=writer.payload(), parts=tuple(writer.parts.items()))


def decoded(payload: bytes, support: NDArray[np.bool_]) -> Content:
    """Return what the message says.

    Raises
    ------
    MalformedMessageError
        If no sender writes these bytes for weights with this support.
    """
    reader = BitReader(payload)
    columns = read_columns(reader, support)
    coefficients = _read_coefficients(reader, support, len(columns.indices))
    reader.finish()
    return Content(columns=columns, coefficients=coefficients)


def write_columns(
    writer: BitWriter, columns: SparseColumns, support: NDArray[np.bool_]
) -> None:
    """Append S and the nonzeros of A|_S, with their rows among those of the support."""
    writer.natural(len(columns.indices), part="header")
    for j in columns.indices:
        writer.fixed(j, index_width(support.shape[1]), part="indices")
    values: list[int] = []
    for place, j in enumerate(columns.indices):
        column = columns.entries[support[:, j], place]
        rows = np.flatnonzero(column)
        writer.fixed(len(rows), len(column).bit_length(), part="positions")
        if _is_listed(len(rows), len(column)):
            for i in rows:
                writer.fixed(int(i), index_width(len(column)), part="positions")
        elif len(rows) < len(column):
            for x in column:
                writer.fixed(int(x != 0), 1, part="positions")
        values += [int(x) for x in column[rows]]
    writer.block(values, part="values")


def read_columns(reader: BitReader, support: NDArray[np.bool_]) -> SparseColumns:
    """Return the columns that stand next."""
    n, d = support.shape
    count = reader.natural()
    if count > d:
        raise MalformedMessageError(
            f"the message announces {count} of {d} columns; send it again."
        )
    indices = reader.ascending(count, index_width(d), d) if count else []
    entries = np.zeros((n, count), dtype=object)
    rows = [_read_rows(reader, np.flatnonzero(support[:, j])) for j in indices]
    values = reader.block(sum(map(len, rows)))
    at = 0
    for place, found in enumerate(rows):
        entries[found, place] = values[at : at + len(found)]
        at += len(found)
    return SparseColumns(indices=tuple(indices), entries=integers(entries))


def _is_listed(count: int, places: int) -> bool:
    """Tell whether a list of rows is shorter than one bit for each place.

    Where all places are taken neither is sent.
    """
    return count * index_width(places) < places and count < places


def _read_rows(reader: BitReader, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows of the nonzeros of a column, out of those that are possible."""
    count = reader.fixed(len(places).bit_length())
    if count > len(places):
        raise MalformedMessageError(
            f"the message announces {count} entries for a column with {len(places)} "
            "positive weights; use the weights of the sender."
        )
    if _is_listed(count, len(places)):
        width = index_width(len(places))
        return places[reader.ascending(count, width, len(places)) if count else []]
    if count == len(places):
        return places
    is_marked = [reader.fixed(1) == 1 for _ in places]
    if sum(is_marked) != count:
        raise MalformedMessageError(
            f"the message marks {sum(is_marked)} entries of a column and announces "
            f"{count}; send it again."
        )
    return places[is_marked]


def _read_coefficients(
    reader: BitReader, support: NDArray[np.bool_], c: int
) -> Coefficients:
    """Return the coefficients that stand next, for c columns."""
    n, d = support.shape
    kind = reader.fixed(2)
    if kind == _ROWS:
        rows = reader.ascending(c, index_width(n), n) if c else []
        known = np.zeros((c, d), dtype=object)
        places = support[rows]
        known[places] = reader.block(int(places.sum()))
        return RowValues(indices=tuple(rows), entries=integers(known))
    if kind == _SKETCH:
        attempt, t = reader.natural(), _bounded(reader.natural(), n)
        entries = _matrix(reader, t, d)
        return SketchValues(attempt=attempt, entries=entries)
    if kind == _ROUNDED:
        m = _bounded(reader.natural(), c)
        a, b = _exponent(reader.integer()), _exponent(reader.integer())
        return RoundedFactors(
            mixing=_matrix(reader, c, m),
            mixing_exponent=a,
            right=_matrix(reader, m, d),
            right_exponent=b,
        )
    raise MalformedMessageError(
        f"the message has coefficients of the unknown kind {kind}; send it again."
    )


def _matrix(reader: BitReader, n_rows: int, n_columns: int) -> IntegerArray:
    """Return the matrix that stands next."""
    values = np.array(reader.block(n_rows * n_columns), dtype=object)
    return integers(values.reshape(n_rows, n_columns))


def _bounded(count: int, most: int) -> int:
    """Return the number of rows, if there can be so many."""
    if count > most:
        raise MalformedMessageError(
            f"the message announces {count} rows of coefficients where {most} are "
            "possible; send it again."
        )
    return count


def _exponent(value: int) -> int:
    """Return the exponent, if a sender can have chosen it."""
    if abs(value) > 1 << 14:
        raise MalformedMessageError(
            f"the message scales its coefficients by 2^{-value}; send it again."
        )
    return value
