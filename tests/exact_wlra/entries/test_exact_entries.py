"""Entries of every kind are exact, and exact entries have a bounded size."""

import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exact_wlra.entries import exact_entries
from exact_wlra.entries.exact_entries import entries_of_texts
from exact_wlra.errors import InvalidProblemError
from exact_wlra.problem import Problem
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import parse_rational

A = [[1, 2], [3, 4]]
NAN, INFINITY = float("nan"), float("inf")


def test_text_is_exact_and_a_float_is_the_binary_rational_that_it_is() -> None:
    assert Problem([["0.1"]], rank=1).data[0, 0] == Fraction(1, 10)
    assert Problem([[0.1]], rank=1).data[0, 0] == Fraction(0.1)
    assert Problem(np.array([[0.1]]), rank=1).data[0, 0] == Fraction(0.1)
    narrow = np.array([[0.1]], dtype=np.float32)
    assert Problem(narrow, rank=1).data[0, 0] == Fraction(float(narrow[0, 0]))


@pytest.mark.parametrize(
    "dtype", [np.int8, np.uint64, np.int64, np.float16, np.longdouble, bool, object]
)
def test_arrays_of_every_number_type_are_exact(dtype: type) -> None:
    array = np.array([[0, 1], [1, 1]]).astype(dtype)
    assert Problem(array, rank=1).data == RationalMatrix.from_rows([[0, 1], [1, 1]])


@pytest.mark.parametrize("integer", [2**62, -(2**63), 2**63, 10**40])
def test_long_integers_stay_exact(integer: int) -> None:
    for data in ([[integer]], [[str(integer)]], np.array([[integer]])):
        assert Problem(data, rank=1).data[0, 0] == integer
        assert Problem(data, rank=1).cost([[0]], [[0]]) == integer**2


def test_masked_entries_are_missing() -> None:
    array = np.ma.masked_array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]])
    assert Problem(array, rank=1) == Problem([[1, None], [3, 4]], rank=1)


def test_problem_keeps_its_own_copy_of_an_array() -> None:
    data, weights = np.array([[1, 2]]), np.array([[1, 3]])
    problem = Problem(data, weights=weights, rank=1)
    data[0, 0] = weights[0, 0] = 100
    assert problem == Problem([[1, 2]], weights=[[1, 3]], rank=1)
    assert problem.root_weights == RationalMatrix.from_rows([[1, 3]])


def test_entries_of_very_different_size_are_refused_before_they_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exact_entries, "LARGEST_BITSIZE", 5_000)
    too_long = [
        np.array([[1.0, 2.0], [1e-300, 1e300]]),
        [["0.5", "2"], ["1e-4000", "3"]],
        [["1/3", "2"], ["1e-4000", "3"]],
        [[Fraction(1, 3), 2], [Fraction(1, 7**4000), 3]],
    ]
    for data in too_long:
        with pytest.raises(InvalidProblemError, match=r"row 2, column 1: .* bits each"):
            Problem(data, rank=1)


@given(
    st.lists(
        st.from_regex(
            r"[+-]?([0-9]{1,22}\.?[0-9]{0,22}|\.[0-9]{1,5})([eE][+-]?[0-9]{1,2})?",
            fullmatch=True,
        ),
        min_size=1,
        max_size=6,
    )
)
@example(["-.50e1", "5.", "007", "1E+2", "0.000"])
@example(["0e99"])
def test_decimals_read_together_equal_decimals_read_alone(texts: list[str]) -> None:
    entries = entries_of_texts(texts, str)
    together = [Fraction(int(x), entries.denominator) for x in entries.numerators]
    assert together == [parse_rational(text) for text in texts]


def test_large_arrays_are_taken_without_a_loop(
    record_property: Callable[[str, object], None],
) -> None:
    rng = np.random.default_rng(0)
    data = rng.integers(-100, 100, (10**5, 100)).astype(np.float64)
    weights = rng.integers(0, 4, data.shape)
    data[weights == 0] = NAN
    start = time.perf_counter()
    problem = Problem(data, weights=weights, rank=1)
    record_property("Problem of 10^7 entries [s]", time.perf_counter() - start)
    assert problem.data.numerators.dtype == np.int64
    assert problem.shape == data.shape
