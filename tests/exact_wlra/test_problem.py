"""Problems: spellings, exact costs, patterned problems, values."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError
from exact_wlra.problem import Problem
from semialgebraic.rational_matrices import RationalMatrix

A = [[1, 2], [3, 4]]
NAN, INFINITY = float("nan"), float("inf")


SPELLINGS: dict[str, Callable[[], Problem]] = {
    "numbers": lambda: Problem(
        [[Fraction(1, 2), 2, None], [0.25, -4, 5]],
        weights=[[2, 1, 0], [1, 3, 1]],
        rank=1,
    ),
    "texts and squared weights": lambda: Problem(
        [["0.5", "2", ""], ["25e-2", "-4.0", "5"]],
        squared_weights=[["4", "1", "0"], ["1", "9/1", "1"]],
        rank=1,
    ),
    "arrays": lambda: Problem(
        np.array([[0.5, 2, NAN], [0.25, -4, 5]]),
        weights=np.array([[2, 1, 0], [1, 3, 1]], dtype=np.uint8),
        rank=np.int64(1),
    ),
    "object array and matrix": lambda: Problem(
        np.array([[Decimal("0.5"), 2, None], [Fraction(1, 4), -4, 5]], dtype=object),
        squared_weights=RationalMatrix.from_rows([[4, 1, 0], [1, 9, 1]]),
        rank=1,
    ),
    "anything where the weight is zero": lambda: Problem(
        [["1/2", 2, INFINITY], ["1/4", -4, 5]],
        weights=[[2, 1, 0], [1, 3, 1]],
        rank=1,
    ),
    "patterned": lambda: Problem.patterned(
        row_labels=[1, 0],
        column_labels=[0, 1, 2],
        data_core=[["1/4", -4, 5], ["1/2", 2, None]],
        weight_core=[[1, 3, 1], [2, 1, 0]],
        rank=1,
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_all_spellings_of_a_problem_have_the_same_cost(
    spelling: Callable[[], Problem],
) -> None:
    problem = spelling()
    U, V = [["1/3"], [2]], [[1, 0, "7/5"]]
    if problem.is_patterned:
        U.reverse()
    residuals = {(0, 0): (4, Fraction(1, 2) - Fraction(1, 3)), (0, 1): (1, 2)}
    residuals |= {(1, 0): (1, Fraction(1, 4) - 2), (1, 1): (9, -4)}
    residuals |= {(1, 2): (1, 5 - Fraction(14, 5))}
    assert problem.cost(U, V) == sum(w * r * r for w, r in residuals.values())


def test_spellings_without_labels_are_equal_problems() -> None:
    problems = [make() for name, make in SPELLINGS.items() if name != "patterned"]
    assert len(set(problems)) == 1


def test_without_weights_missing_entries_get_zero_and_others_one() -> None:
    problem = Problem([[1, None], ["NA", 4]], rank=1)
    assert problem.squared_weights == RationalMatrix.from_rows([[1, 0], [0, 1]])
    assert problem.root_weights is None


def test_data_of_weight_zero_become_zero() -> None:
    problem = Problem([[7, 2]], weights=[[0, 1]], rank=1)
    assert problem.data == RationalMatrix.from_rows([[0, 2]])


def test_garbage_of_weight_zero_does_not_lengthen_the_others() -> None:
    problem = Problem(np.array([[1e300, 5e-324, 0.5]]), weights=[[0, 0, 1]], rank=1)
    assert problem.data.numerators.dtype == np.int64
    assert problem.data == RationalMatrix.from_rows([[0, 0, "1/2"]])


def test_root_weights_are_the_weights_as_given() -> None:
    problem = Problem([[1, 2]], weights=[["1/3", 2]], rank=1)
    assert problem.root_weights == RationalMatrix.from_rows([["1/3", 2]])
    assert problem.squared_weights == RationalMatrix.from_rows([["1/9", 4]])


def matrices(n: int, d: int, entries: st.SearchStrategy[Any]) -> Any:
    return st.lists(st.lists(entries, min_size=d, max_size=d), min_size=n, max_size=n)


RATIONALS = st.fractions(-50, 50, max_denominator=12)
WEIGHTS = st.fractions(0, 9, max_denominator=4)


@st.composite
def patterned_problems(draw: st.DrawFn) -> dict[str, Any]:
    p, q = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    weight_role = draw(st.sampled_from(["weight_core", "squared_weight_core"]))
    return {
        "row_labels": draw(st.lists(st.integers(0, p - 1), min_size=1, max_size=6)),
        "column_labels": draw(st.lists(st.integers(0, q - 1), min_size=1, max_size=6)),
        "data_core": draw(matrices(p, q, RATIONALS)),
        weight_role: draw(matrices(p, q, WEIGHTS)),
        "rank": draw(st.integers(0, 3)),
    }


@given(patterned_problems(), st.data())
def test_patterned_problem_costs_what_the_written_out_problem_costs(
    arguments: dict[str, Any], data: st.DataObject
) -> None:
    problem = Problem.patterned(**arguments)
    rows, columns = arguments["row_labels"], arguments["column_labels"]

    def written_out(core: str) -> list[list[Fraction]] | None:
        entries = arguments.get(core)
        return entries and [[entries[i][j] for j in columns] for i in rows]

    dense = Problem(
        written_out("data_core"),
        weights=written_out("weight_core"),
        squared_weights=written_out("squared_weight_core"),
        rank=problem.rank,
    )
    p, q = problem.data.shape
    U = data.draw(matrices(p, problem.rank, RATIONALS))
    V = data.draw(matrices(problem.rank, q, RATIONALS))
    left = RationalMatrix.from_rows(U) if problem.rank else RationalMatrix.zeros(p, 0)
    right = RationalMatrix.from_rows(V) if problem.rank else RationalMatrix.zeros(0, q)
    assert problem.shape == dense.shape
    assert problem.cost(left, right) == dense.cost(
        left.take(rows), right.take(slice(None), columns)
    )
    assert problem.transpose.cost(right.transpose, left.transpose) == problem.cost(
        left, right
    )


def test_cost_is_the_weighted_sum_of_squares() -> None:
    problem = Problem([[1, 2], [3, 4]], weights=[[1, 2], ["1/2", 1]], rank=1)
    assert problem.cost([[1], [1]], [[1, 1]]) == 4 * 1 + Fraction(1, 4) * 4 + 9
    assert problem.cost([[0.5], [0.5]], [[2.0, 2.0]]) == problem.cost(
        [[1], [1]], [[1, 1]]
    )


def test_a_million_rows_and_columns_are_never_written_out() -> None:
    n = 10**6
    labels = np.arange(n) % 2
    problem = Problem.patterned(
        row_labels=labels,
        column_labels=labels,
        data_core=[[1, 2], [3, 4]],
        weight_core=[[1, 1], [1, 3]],
        rank=1,
    )
    assert problem.shape == (n, n)
    assert problem.is_patterned
    quarter = (n // 2) ** 2
    assert problem.instance.squared_weights == RationalMatrix.from_rows(
        [[quarter, quarter], [quarter, 9 * quarter]]
    )
    assert problem.cost([[0], [0]], [[0, 0]]) == quarter * (1 + 4 + 9 + 9 * 16)


def test_types_that_never_occur_have_weight_zero() -> None:
    problem = Problem.patterned(
        row_labels=[2, 2], column_labels=[0], data_core=[[5], [6], [7]], rank=1
    )
    assert problem.instance.squared_weights == RationalMatrix.from_rows([[0], [0], [2]])
    assert problem.instance.data == RationalMatrix.from_rows([[0], [0], [7]])


def test_instance_of_a_full_problem_is_the_problem() -> None:
    problem = Problem(A, weights=A, rank=2)
    assert problem.instance.data is problem.data
    assert problem.instance.squared_weights is problem.squared_weights
    assert problem.instance.rank == 2


def test_rank_may_exceed_the_shape_and_be_zero() -> None:
    assert Problem([[1, 2]], rank=7).rank == 7
    assert Problem([[1, 2]], rank=1).with_rank(0).rank == 0
    with pytest.raises(InvalidProblemError, match="the rank is -2"):
        Problem([[1, 2]], rank=1).with_rank(-2)


def test_all_weights_may_be_zero() -> None:
    assert Problem([[None, 5]], weights=[[0, 0]], rank=1).cost([[1]], [[2, 3]]) == 0


def test_transposing_twice_gives_the_problem() -> None:
    full = Problem([[1, 2, None]], rank=1)
    patterned = Problem.patterned(
        row_labels=[0, 0], column_labels=[0, 1, 0], data_core=[[1, 2]], rank=1
    )
    for problem in (full, patterned):
        assert problem.transpose.shape == problem.shape[::-1]
        assert problem.transpose.transpose == problem


def test_problems_are_values() -> None:
    labels = {"row_labels": [0, 1], "column_labels": [0, 0]}
    patterned = Problem.patterned(**labels, data_core=A, rank=1)
    full = Problem(A, weights=A, rank=1)
    for problem in (full, patterned):
        assert pickle.loads(pickle.dumps(problem)) == problem  # noqa: S301
        assert hash(copy.deepcopy(problem)) == hash(problem)
        assert problem != problem.with_rank(2)
        with pytest.raises(dataclasses.FrozenInstanceError):
            problem.rank = 3  # type: ignore[misc]
    assert full != patterned
    assert full != "full"
    assert not patterned.row_labels.flags.writeable


def test_texts_of_a_problem_are_short() -> None:
    problem = Problem.patterned(
        row_labels=[0] * 9, column_labels=[0, 1], data_core=[[1, None]], rank=1
    )
    assert repr(problem) == "Problem(9 x 2 of 1 x 2 types, rank=1)"
    assert str(problem) == (
        "min sum w_ij (A_ij - X_ij)^2 over X of rank <= 1, 9 x 2 of 1 x 2 types, "
        "1 of 2 weights zero"
    )
