"""The separable reweighted solution keeps its factor, against independent bounds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra import Problem, solve
from exact_wlra.heuristics.registry import run
from exact_wlra.heuristics.reweighted_separable import reweighted_separable
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


@given(seed=st.integers(0, 10_000), rank=st.integers(0, 3))
def test_it_is_optimal_for_weights_of_rank_one(seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    root = np.outer(generator.uniform(0.2, 2, 6), generator.uniform(0.2, 2, 5))
    data = generator.standard_normal((6, 5))
    found = reweighted_separable(WeightedMatrix.from_arrays(data, root), rank=rank)
    tail = np.linalg.svd(root * data, compute_uv=False)[rank:]
    assert found.cost == pytest.approx((tail**2).sum())
    assert found.guarantee.factor == pytest.approx(1)
    assert found.is_feasible(rank)
    assert found.n_numbers == (6 + 5) * rank


@pytest.mark.parametrize("seed", range(5))
def test_its_cost_is_within_its_factor_of_the_proved_optimum(seed: int) -> None:
    generator = np.random.default_rng(seed)
    weights, data = generator.integers(1, 4, (4, 4)), generator.integers(-5, 6, (4, 4))
    solution = solve(Problem(data, weights=weights, rank=1), gap=1e-6)
    found = run(
        "reweighted-separable", WeightedMatrix.from_arrays(data, weights), rank=1
    )
    assert found.guarantee.factor is not None
    assert float(solution.lower) * (1 - 1e-9) <= found.cost
    assert found.cost <= found.guarantee.factor * float(solution.upper) * (1 + 1e-9)


def test_rows_and_columns_without_weight_are_zero() -> None:
    root = np.array([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0], [2.0, 0.0, 4.0]])
    matrix = WeightedMatrix.from_arrays(np.ones((3, 3)), root)
    found = reweighted_separable(matrix, rank=1)
    entries = found.form.entries()
    assert not entries[1].any()
    assert not entries[:, 1].any()
    assert found.cost == pytest.approx(0, abs=1e-20)


def test_a_single_zero_weight_leaves_no_factor() -> None:
    matrix = WeightedMatrix.from_arrays(np.ones((2, 2)), [[1.0, 0.0], [1.0, 1.0]])
    assert reweighted_separable(matrix, rank=1).guarantee.factor is None
