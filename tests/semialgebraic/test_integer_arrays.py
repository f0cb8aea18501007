"""Exact integer arrays, against Python's own integers entry by entry."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from semialgebraic import integer_arrays
from semialgebraic.errors import InexactInputError
from semialgebraic.integer_arrays import IntegerArray, integers

# Where an algorithm changes: digits of slices, mantissas, machine integers, beyond.
EDGES = [0, 1, 25, 26, 27, 31, 52, 53, 54, 61, 62, 63, 64, 80, 130, 300]
Rows = list[list[int]]


@st.composite
def edge_integers(draw: st.DrawFn) -> int:
    """An integer at or near a power of two at which the representation changes."""
    power = 1 << draw(st.sampled_from(EDGES))
    return draw(st.sampled_from([-1, 1])) * (power + draw(st.integers(-2, 2)))


entries = st.one_of(st.just(0), st.integers(-9, 9), edge_integers(), st.integers())


@st.composite
def matrices(draw: st.DrawFn, n_rows: int | None = None) -> Rows:
    n = draw(st.integers(1, 4)) if n_rows is None else n_rows
    d = draw(st.integers(1, 4))
    return draw(
        st.lists(st.lists(entries, min_size=d, max_size=d), min_size=n, max_size=n)
    )


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Two matrices of the same shape."""
    first = draw(matrices())
    line = st.lists(entries, min_size=len(first[0]), max_size=len(first[0]))
    return first, draw(st.lists(line, min_size=len(first), max_size=len(first)))


@st.composite
def factors(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """Two matrices that can be multiplied."""
    first = draw(matrices())
    return first, draw(matrices(n_rows=len(first[0])))


def array(rows: Rows) -> IntegerArray:
    return integers(np.array(rows, dtype=object))


def elementwise(operation, left: Rows, right: Rows) -> Rows:
    return [
        [operation(a, b) for a, b in zip(u, v, strict=True)]
        for u, v in zip(left, right, strict=True)
    ]


def product(left: Rows, right: Rows) -> Rows:
    columns = list(zip(*right, strict=True))
    return [
        [sum(a * b for a, b in zip(row, c, strict=True)) for c in columns]
        for row in left
    ]


@given(rows=matrices())
def test_an_array_holds_the_integers_it_was_given(rows: Rows) -> None:
    exact = array(rows)
    assert exact.tolist() == rows
    assert exact.dtype in (np.int64, object)
    assert integer_arrays.narrow(exact).tolist() == rows


@given(pair=pairs())
def test_sums_and_differences_are_exact(pair: tuple[Rows, Rows]) -> None:
    left, right = map(array, pair)
    added = integer_arrays.add(left, right).tolist()
    assert added == elementwise(lambda a, b: a + b, *pair)
    subtracted = integer_arrays.subtract(left, right).tolist()
    assert subtracted == elementwise(lambda a, b: a - b, *pair)


@given(pair=pairs())
def test_elementwise_products_are_exact(pair: tuple[Rows, Rows]) -> None:
    found = integer_arrays.multiply(array(pair[0]), array(pair[1]))
    assert found.tolist() == elementwise(lambda a, b: a * b, *pair)


@given(rows=matrices(), factor=entries)
def test_a_matrix_times_an_integer_is_exact(rows: Rows, factor: int) -> None:
    found = integer_arrays.multiply(array(rows), factor)
    assert found.tolist() == [[x * factor for x in row] for row in rows]


@given(rows=matrices(), data=st.data())
def test_a_product_with_a_row_or_a_column_is_broadcast(rows: Rows, data) -> None:
    n, d = len(rows), len(rows[0])
    row = data.draw(st.lists(entries, min_size=d, max_size=d))
    column = data.draw(st.lists(entries, min_size=n, max_size=n))
    by_row = integer_arrays.multiply(array(rows), array([row]))
    assert by_row.tolist() == [
        [x * y for x, y in zip(r, row, strict=True)] for r in rows
    ]
    by_column = integer_arrays.multiply(array(rows), array([[c] for c in column]))
    assert by_column.tolist() == [
        [x * c for x in r] for r, c in zip(rows, column, strict=True)
    ]


@given(pair=factors())
def test_matrix_products_are_exact(pair: tuple[Rows, Rows]) -> None:
    found = integer_arrays.matmul(array(pair[0]), array(pair[1]))
    assert found.tolist() == product(*pair)


@given(
    bits=st.tuples(st.integers(1, 70), st.integers(1, 70)),
    inner=st.sampled_from([2, 3, 63, 64, 65, 1000]),
    seed=st.integers(0, 2**32 - 1),
)
@example(bits=(53, 53), inner=1000, seed=0)
def test_long_inner_products_of_extreme_entries_are_exact(
    bits: tuple[int, int], inner: int, seed: int
) -> None:
    generator = np.random.default_rng(seed)
    signs = generator.choice([-1, 1], size=(2, inner)).tolist()
    left = [[s * ((1 << bits[0]) - 1) for s in signs[0]]] * 2
    right = [[s * ((1 << bits[1]) - 1)] for s in signs[1]]
    found = integer_arrays.matmul(array(left), array(right))
    assert found.tolist() == product(left, right)


def test_integers_of_thousands_of_bits_multiply_exactly() -> None:
    # More than 2^9 slices: the sums of one level left 64 bits. The property tests
    # above stop at a few hundred bits.
    long = (1 << 30_000) - 1
    found = integer_arrays.matmul(array([[long, long]]), array([[long], [long]]))
    assert found[0, 0] == 2 * long * long


@pytest.mark.parametrize("other", [3, 2**30, 2**62, -(2**63)])
def test_the_least_machine_integer_is_no_exception(other: int) -> None:
    # -(-2^63) is -2^63 in 64 bits; its digits were taken with the wrong sign.
    least = np.array([[-(2**63), 5]], dtype=np.int64)
    column = array([[other], [7]])
    assert integer_arrays.magnitude(least) == 2**63
    assert integer_arrays.matmul(least, column).tolist() == [[-(2**63) * other + 35]]
    assert integer_arrays.multiply(least, other).tolist() == [
        [-(2**63) * other, 5 * other]
    ]
    assert integer_arrays.total(least) == 5 - 2**63
    assert integer_arrays.subtract(array([[0, 0]]), least).tolist() == [[2**63, -5]]


@pytest.mark.parametrize("huge", [2**63, 2**80, 2**1000, -(2**200)])
def test_zero_times_a_huge_integer_is_zero(huge: int) -> None:
    zeros, long = array([[0, 0]]), array([[huge, 1]])
    assert integer_arrays.multiply(zeros, long).tolist() == [[0, 0]]
    assert integer_arrays.multiply(long, zeros).tolist() == [[0, 0]]
    assert integer_arrays.multiply(zeros, huge).tolist() == [[0, 0]]
    assert integer_arrays.multiply(long, 0).tolist() == [[0, 0]]
    assert integer_arrays.matmul(zeros, long.T).tolist() == [[0]]
    assert integer_arrays.matmul(long, zeros.T).tolist() == [[0]]
    mixed = array([[0, huge], [1, 0]])
    assert integer_arrays.matmul(mixed, mixed).tolist() == [[huge, 0], [0, huge]]


@pytest.mark.parametrize("shapes", [((2, 0), (0, 3)), ((0, 2), (2, 3)), ((0, 0),) * 2])
def test_empty_products_are_zero(shapes: tuple[tuple[int, int], ...]) -> None:
    left, right = (np.zeros(shape, dtype=np.int64) for shape in shapes)
    found = integer_arrays.matmul(left, right)
    assert found.shape == (shapes[0][0], shapes[1][1])
    assert not found.any()


@given(rows=matrices())
def test_totals_and_magnitudes_are_exact(rows: Rows) -> None:
    flat = [x for row in rows for x in row]
    assert integer_arrays.total(array(rows)) == sum(flat)
    assert integer_arrays.magnitude(array(rows)) == max(map(abs, flat))


def test_the_total_of_many_large_entries_leaves_64_bits() -> None:
    many = np.full(1000, 2**62 - 1, dtype=np.int64)
    assert integer_arrays.total(many) == 1000 * (2**62 - 1)
    assert integer_arrays.total(-many) == -1000 * (2**62 - 1)


def test_an_empty_array_has_total_and_magnitude_zero() -> None:
    empty = integers([])
    assert (integer_arrays.total(empty), integer_arrays.magnitude(empty)) == (0, 0)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.uint64, np.bool_])
def test_every_integer_dtype_is_taken(dtype: type) -> None:
    given_array = np.array([[1, 0]], dtype=dtype)
    assert integers(given_array).dtype == np.int64
    assert integers(given_array).tolist() == [[1, 0]]


def test_large_unsigned_integers_keep_their_value() -> None:
    assert integers(np.array([2**64 - 1], dtype=np.uint64)).tolist() == [2**64 - 1]


def test_an_array_of_floats_is_refused() -> None:
    with pytest.raises(InexactInputError, match="float64"):
        integers(np.array([1.0]))
