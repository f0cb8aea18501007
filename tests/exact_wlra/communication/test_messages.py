"""Messages: content round trips, parts add up, damage is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.communication.messages import (
    Content,
    RoundedFactors,
    RowValues,
    SketchValues,
    SparseColumns,
    decoded,
    encoded,
)
from exact_wlra.errors import MalformedMessageError
from semialgebraic.integer_arrays import integers

VALUES = st.one_of(st.just(0), st.integers(-9, 9), st.integers(-(10**25), 10**25))


def _matrix(draw: st.DrawFn, n: int, d: int) -> np.ndarray:
    entries = draw(st.lists(VALUES, min_size=n * d, max_size=n * d))
    return integers(np.array(entries, dtype=object).reshape(n, d))


def _subset(draw: st.DrawFn, count: int, size: int) -> tuple[int, ...]:
    return tuple(sorted(draw(st.permutations(range(count)))[:size]))


@st.composite
def contents(draw: st.DrawFn) -> tuple[Content, np.ndarray]:
    n, d = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    cells = draw(st.lists(st.booleans(), min_size=n * d, max_size=n * d))
    support = np.array(cells).reshape(n, d)
    c = draw(st.integers(0, min(n, d)))
    S = _subset(draw, d, c)
    entries = np.where(support[:, list(S)], _matrix(draw, n, c), 0)
    columns = SparseColumns(indices=S, entries=integers(entries))
    kind = draw(st.sampled_from(["rows", "sketch", "rounded"]))
    if kind == "rows":
        R = _subset(draw, n, c)
        rows = np.where(support[list(R)], _matrix(draw, c, d), 0)
        return Content(
            columns=columns,
            coefficients=RowValues(indices=R, entries=integers(rows)),
        ), support
    if kind == "sketch":
        values = _matrix(draw, draw(st.integers(0, n)), d)
        sketch = SketchValues(attempt=draw(st.integers(0, 99)), entries=values)
        return Content(columns=columns, coefficients=sketch), support
    m = draw(st.integers(0, c))
    factors = RoundedFactors(
        mixing=_matrix(draw, c, m),
        mixing_exponent=draw(st.integers(-99, 99)),
        right=_matrix(draw, m, d),
        right_exponent=draw(st.integers(-99, 99)),
    )
    return Content(columns=columns, coefficients=factors), support


def _same(left: object, right: object) -> bool:
    fields = list(type(left).__slots__)
    return type(left) is type(right) and all(
        np.array_equal(getattr(left, name), getattr(right, name)) for name in fields
    )


@given(contents())
def test_content_round_trips(drawn: tuple[Content, np.ndarray]) -> None:
    content, support = drawn
    message = encoded(content, support)
    back = decoded(message.payload, support)
    assert _same(back.columns, content.columns)
    assert _same(back.coefficients, content.coefficients)
    assert len(message.payload) == -(-message.n_bits // 8)
    assert encoded(back, support) == message


@given(contents(), st.data())
def test_a_message_cut_short_is_refused(
    drawn: tuple[Content, np.ndarray], data: st.DataObject
) -> None:
    content, support = drawn
    payload = encoded(content, support).payload
    length = data.draw(st.integers(0, len(payload) - 1))
    with pytest.raises(MalformedMessageError):
        decoded(payload[:length], support)


@given(st.binary(max_size=40), contents())
def test_any_bytes_are_read_or_refused(
    payload: bytes, drawn: tuple[Content, np.ndarray]
) -> None:
    support = drawn[1]
    try:
        content = decoded(payload, support)
    except MalformedMessageError as error:
        assert str(error).endswith(".")
    else:
        assert not content.columns.entries[
            ~support[:, list(content.columns.indices)]
        ].any()


def test_columns_after_the_end_are_refused() -> None:
    support = np.ones((2, 2), dtype=bool)
    content = Content(
        columns=SparseColumns(indices=(0,), entries=integers([[1], [2]])),
        coefficients=RowValues(indices=(0,), entries=integers([[1, 0]])),
    )
    payload = encoded(content, support).payload
    with pytest.raises(
        MalformedMessageError, match="bits after its end; send it again"
    ):
        decoded(payload + b"\0", support)


def test_full_columns_and_bits_are_cheap() -> None:
    # No positions where every place is taken, no values where all are equal.
    support = np.ones((64, 1), dtype=bool)
    ones = integers(np.ones((64, 1), dtype=int))
    content = Content(
        columns=SparseColumns(indices=(0,), entries=ones),
        coefficients=RowValues(indices=(0,), entries=integers([[1]])),
    )
    assert dict(encoded(content, support).parts) == {
        "header": 5,
        "indices": 0,
        "positions": 7,
        "values": 4,
        "coefficients": 10,
    }
