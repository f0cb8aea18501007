"""Statements on reweighted solutions: their parts against independent oracles."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.structured_weights import StructuredWeights
from exact_wlra.problem import Problem
from exact_wlra.theorems.quantities import confident, enclosed
from exact_wlra.theorems.reweighted import (
    algorithm_1,
    algorithm_2,
    definition_1_1,
    expectation_maximization,
    greedy,
    lemma_a_1,
    row_sampling_1,
    theorem_1_2_randomized,
)
from exact_wlra.theorems.reweighted.rational_solutions import (
    divided,
    projected,
    root_enclosure,
    weighted_cost,
    weights_of,
)
from exact_wlra.theorems.statements import Case
from semialgebraic.rational_matrices import RationalMatrix

small = arrays(np.int64, (4, 3), elements=st.integers(-4, 4))


@given(small, st.sets(st.integers(0, 2), min_size=1))
def test_projection_is_that_of_least_squares(
    matrix: np.ndarray[Any, Any], columns: set[int]
) -> None:
    chosen = sorted(columns)
    coefficients = np.linalg.lstsq(matrix[:, chosen], matrix, rcond=None)[0]
    found = projected(RationalMatrix(matrix), tuple(chosen)).to_float()
    assert np.allclose(found, matrix[:, chosen] @ coefficients, atol=1e-9)


@given(small)
def test_nuclear_norm_is_the_sum_of_singular_values(
    matrix: np.ndarray[Any, Any],
) -> None:
    expected = np.linalg.svd(matrix, compute_uv=False).sum()
    found = greedy.nuclear_norm(RationalMatrix(matrix))
    assert float(found.low) - 1e-9 <= expected <= float(found.high) + 1e-9


@given(st.fractions(0, 10**6), st.fractions(0, 10**6))
def test_root_enclosure_contains_both_roots(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    root = root_enclosure(enclosed(low, high))
    assert Fraction(root.low) ** 2 <= low
    assert Fraction(root.high) ** 2 >= high


def test_division_reads_one_over_zero_as_zero() -> None:
    problem = Problem([[7, 2]], weights=[[0, 4]], rank=1)
    found = divided(RationalMatrix.from_rows([[5, 6]]), weights_of(problem))
    assert found == RationalMatrix.from_rows([[0, "3/2"]])
    assert weighted_cost(problem, found) == 4


def test_weights_given_by_their_squares_are_refused() -> None:
    problem = Problem([[1, 2]], squared_weights=[[2, 3]], rank=1)
    with pytest.raises(ValueError, match="give `weights`"):
        weights_of(problem)


def test_heavy_tailed_instance_in_floats() -> None:
    (found,) = algorithm_2.worse_than_nothing()
    problem = algorithm_2._HEAVY
    W, A = weights_of(problem), problem.data.to_float()
    assert rational_rank(W) == 2
    w = W.to_float()
    left, values, right = np.linalg.svd(1 / w)
    V = (left[:, :2] * values[:2]) @ right[:2]
    assert (V < 0).any()
    left, values, right = np.linalg.svd(A / V)
    X = V * ((left[:, :2] * values[:2]) @ right[:2])
    cost = float(((w * (A - X)) ** 2).sum())
    assert cost > 4 * float(((w * A) ** 2).sum())
    assert np.isclose(cost, float(found.measured.low), rtol=1e-6)


@pytest.mark.parametrize("uniform", [False, True])
def test_mean_of_a_sample_is_the_mean_over_all_draws(uniform: bool) -> None:
    matrix = RationalMatrix.from_rows([[3, 0, 1], [1, 2, 0], [0, 1, -1], [2, 2, 2]])
    value = row_sampling_1.RowSample(matrix=matrix, rank=1, size=3, uniform=uniform)
    mean = row_sampling_1._enumerated(value)
    sample = confident(row_sampling_1._losses(value, row_sampling_1._drawn(value)))
    assert sample.low <= float(mean.low) <= float(mean.high) <= sample.high


def test_randomized_runs_leave_what_a_projection_leaves() -> None:
    problem = Problem([[1, 2], [3, 5], [0, 1]], weights=[[1, 2]] * 3, rank=1)
    value = theorem_1_2_randomized.RandomizedInput(
        problem=problem, weight_rank=1, oversampling=2, draws=5
    )
    distances, costs = theorem_1_2_randomized._runs(value)
    assert np.allclose(distances, 0, atol=1e-20)  # q + p = 3 spans everything
    assert np.allclose(costs, 0, atol=1e-20)


@given(
    small,
    arrays(np.int64, (4, 3), elements=st.integers(-3, 9)),
    arrays(np.int64, (4, 3), elements=st.integers(-3, 3)),
)
def test_identity_of_a_step_needs_no_hypothesis(
    data: np.ndarray[Any, Any],
    weights: np.ndarray[Any, Any],
    start: np.ndarray[Any, Any],
) -> None:
    value = expectation_maximization.EMStep(
        data=RationalMatrix(data),
        squared_weights=RationalMatrix(weights, 4),
        start=RationalMatrix(start),
        rank=1,
    )
    case = Case(name="drawn", kind="random", value=value)
    assert expectation_maximization.check(case)[0].verdict == "holds"


def test_wrong_inverse_of_structured_weights_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = next(lemma_a_1.cases(1))
    monkeypatch.setattr(StructuredWeights, "inverse", lambda weights: weights)
    assert "fails" in {found.verdict for found in lemma_a_1.check(case)}


def test_wrong_rank_in_the_laboratory_is_noticed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    honest = algorithm_1.reweighted

    def sloppy(matrix: Any, *, rank: int, weight_rank: int) -> Any:
        return honest(matrix, rank=rank, weight_rank=weight_rank - 1)

    case = next(algorithm_1.cases(1))
    monkeypatch.setattr(algorithm_1, "reweighted", sloppy)
    assert "fails" in {found.verdict for found in algorithm_1.check(case)}


def test_costs_of_the_definition_are_those_of_the_problem() -> None:
    for case in definition_1_1.cases(1):
        problem, X = case.value.problem, case.value.approximation
        n = X.shape[0]
        identity = [[int(i == j) for j in range(n)] for i in range(n)]
        expected = problem.cost(identity, X.fractions())
        assert weighted_cost(problem, X) == expected
