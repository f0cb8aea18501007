"""Rational matrices, against nested lists of Fraction."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import InexactInputError, InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix

Rows = list[list[Fraction]]

entries = st.one_of(
    st.just(Fraction(0)),
    st.fractions(max_denominator=30),
    st.fractions(max_denominator=10**25),
    st.integers(-(2**70), 2**70).map(Fraction),
)


def lines(size: int) -> st.SearchStrategy[list[Fraction]]:
    return st.lists(entries, min_size=size, max_size=size)


@st.composite
def matrices(draw: st.DrawFn, n: int | None = None, d: int | None = None) -> Rows:
    n = draw(st.integers(1, 3)) if n is None else n
    d = draw(st.integers(1, 3)) if d is None else d
    return draw(st.lists(lines(d), min_size=n, max_size=n))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Rows, Rows]:
    first = draw(matrices())
    return first, draw(matrices(len(first), len(first[0])))


def both(pair: tuple[Rows, Rows]) -> tuple[RationalMatrix, RationalMatrix]:
    return RationalMatrix.from_rows(pair[0]), RationalMatrix.from_rows(pair[1])


def elementwise(operation, pair: tuple[Rows, Rows]) -> Rows:
    return [
        [operation(a, b) for a, b in zip(u, v, strict=True)]
        for u, v in zip(*pair, strict=True)
    ]


@given(rows=matrices())
def test_a_matrix_holds_the_entries_it_was_given(rows: Rows) -> None:
    matrix = RationalMatrix.from_rows(rows)
    assert matrix.fractions() == rows
    assert all(
        matrix[i, j] == x for i, row in enumerate(rows) for j, x in enumerate(row)
    )
    assert RationalMatrix.from_rows([[str(x) for x in row] for row in rows]) == matrix


@given(pair=pairs())
def test_sums_differences_and_entrywise_products_are_exact(pair) -> None:
    left, right = both(pair)
    assert (left + right).fractions() == elementwise(lambda a, b: a + b, pair)
    assert (left - right).fractions() == elementwise(lambda a, b: a - b, pair)
    assert left.hadamard(right).fractions() == elementwise(lambda a, b: a * b, pair)


@given(data=st.data())
def test_products_are_exact(data) -> None:
    first = data.draw(matrices())
    second = data.draw(matrices(n=len(first[0])))
    left, right = both((first, second))
    columns = list(zip(*second, strict=True))
    expected = [
        [sum(a * b for a, b in zip(row, c, strict=True)) for c in columns]
        for row in first
    ]
    assert (left @ right).fractions() == expected
    assert (right.transpose @ left.transpose) == (left @ right).transpose


@given(rows=matrices(), factor=entries)
def test_scaling_and_totals_are_exact(rows: Rows, factor: Fraction) -> None:
    matrix = RationalMatrix.from_rows(rows)
    scaled = [[factor * x for x in row] for row in rows]
    assert matrix.scaled(factor).fractions() == scaled
    assert matrix.total() == sum(x for row in rows for x in row)


@given(rows=matrices(), multiple=st.integers(1, 10**20))
def test_equality_and_hash_ignore_the_denominator(rows: Rows, multiple: int) -> None:
    matrix = RationalMatrix.from_rows(rows)
    numerators = np.array(
        [[int(x) * multiple for x in row] for row in matrix.numerators], dtype=object
    )
    other = RationalMatrix(numerators, matrix.denominator * multiple)
    assert other == matrix
    assert hash(other) == hash(matrix)
    assert other.reduced().denominator == matrix.reduced().denominator


@given(rows=matrices())
def test_the_reduced_denominator_is_the_least(rows: Rows) -> None:
    reduced = RationalMatrix.from_rows(rows).reduced()
    assert reduced.fractions() == rows
    least = np.lcm.reduce(
        np.array([x.denominator for row in rows for x in row], dtype=object)
    )
    assert reduced.denominator == least


@given(pair=pairs())
def test_matrices_are_equal_if_and_only_if_their_entries_are(pair) -> None:
    left, right = both(pair)
    assert (left == right) == (pair[0] == pair[1])


def test_matrices_of_other_shapes_differ() -> None:
    assert RationalMatrix.zeros(1, 2) != RationalMatrix.zeros(2, 1)
    assert RationalMatrix.zeros(1, 1) != 0


@given(rows=matrices(), data=st.data())
def test_taking_rows_and_columns_keeps_their_entries(rows: Rows, data) -> None:
    n, d = len(rows), len(rows[0])
    chosen_rows = data.draw(st.lists(st.integers(0, n - 1), max_size=4))
    chosen_columns = data.draw(st.lists(st.integers(0, d - 1), min_size=1, max_size=4))
    taken = RationalMatrix.from_rows(rows).take(chosen_rows, chosen_columns)
    assert taken.shape == (len(chosen_rows), len(chosen_columns))
    assert taken.fractions() == [
        [rows[i][j] for j in chosen_columns] for i in chosen_rows
    ]


@given(
    values=st.lists(
        st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=6
    )
)
def test_floats_become_the_rationals_that_they_are(values: list[float]) -> None:
    matrix = RationalMatrix.from_floats(np.array([values]))
    assert matrix.fractions() == [[Fraction(x) for x in values]]


@given(
    values=st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=6),
    bits=st.integers(-20, 60),
)
def test_rounded_floats_are_nearest_multiples(values: list[float], bits: int) -> None:
    step = Fraction(2) ** -bits
    for value, x in zip(
        values,
        RationalMatrix.rounded(np.array([values]), bits).fractions()[0],
        strict=True,
    ):
        assert (x / step).denominator == 1
        assert abs(x - Fraction(value)) <= step / 2


@given(rows=matrices())
def test_floats_for_searching_are_accurate(rows: Rows) -> None:
    floats = RationalMatrix.from_rows(rows).to_float()
    for row, float_row in zip(rows, floats.tolist(), strict=True):
        for x, value in zip(row, float_row, strict=True):
            assert abs(Fraction(value) - x) <= abs(x) * Fraction(1, 2**51)


def test_a_matrix_cannot_be_changed() -> None:
    matrix = RationalMatrix(np.array([[1, 2]]))
    with pytest.raises(ValueError, match="read-only"):
        matrix.numerators[0, 0] = 5
    with pytest.raises(AttributeError):
        matrix.denominator = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    "array", [np.zeros(3, dtype=np.int64), np.zeros((1, 1, 1), dtype=np.int64)]
)
def test_other_numbers_of_axes_are_refused(array) -> None:
    with pytest.raises(InvalidInputError, match="two axes"):
        RationalMatrix(array)


@pytest.mark.parametrize("denominator", [0, -2])
def test_a_denominator_that_is_not_positive_is_refused(denominator: int) -> None:
    with pytest.raises(InvalidInputError, match="denominator"):
        RationalMatrix(np.array([[1]]), denominator)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_floats_that_are_no_numbers_are_refused(value: float) -> None:
    with pytest.raises(InvalidInputError, match="NaN or infinity"):
        RationalMatrix.from_floats(np.array([[1.0, value]]))


def test_a_float_among_exact_entries_is_refused() -> None:
    with pytest.raises(InexactInputError):
        RationalMatrix.from_rows([[1, 0.5]])


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="length"):
        RationalMatrix.from_rows([[1, 2], [3]])


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_empty_matrices_are_matrices(shape: tuple[int, int]) -> None:
    empty = RationalMatrix.zeros(*shape)
    assert empty.shape == shape
    assert empty.transpose.shape == shape[::-1]
    assert empty.total() == 0
    assert empty == empty.reduced() == empty + empty
    assert (empty @ empty.transpose).shape == (shape[0], shape[0])
    assert hash(empty) == hash(empty.scaled(3))


@pytest.mark.parametrize("numerators", [[[0, 0]], [[-(2**63), 0]]])
@pytest.mark.parametrize("denominator", [2**62, 2**63, 2**200])
def test_denominators_beyond_64_bits_are_reduced(numerators, denominator: int) -> None:
    # 64-bit numerators were divided by a divisor that is no 64-bit integer.
    matrix = RationalMatrix(np.array(numerators, dtype=np.int64), denominator)
    reduced = matrix.reduced()
    assert reduced == matrix
    expected = max(1, denominator >> 63) if numerators[0][0] else 1
    assert reduced.denominator == expected
    assert hash(reduced) == hash(matrix)
