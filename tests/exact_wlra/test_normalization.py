"""Normalized units: the way there and back, and what has no unit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.heuristics.answers import Guarantee
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.starts import starting_factors
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)
units = st.sampled_from((1e-100, 1e-6, 1.0, 1e6, 1e100))


@given(seed=seeds, data_unit=units, weight_unit=st.sampled_from((1e-50, 1.0, 1e50)))
def test_costs_and_factors_come_back_in_the_units_of_the_user(
    seed: int, data_unit: float, weight_unit: float
) -> None:
    generator = np.random.default_rng(seed)
    matrix = WeightedMatrix.from_arrays(
        data_unit * generator.standard_normal((4, 3)),
        weight_unit * generator.uniform(0.0, 1.0, (4, 3)),
    )
    scaled = Normalized.of(matrix, rank=9)
    assert scaled.rank == 3
    assert np.abs(scaled.data).max() == 1.0
    assert scaled.weights.max() == 1.0
    left, right = generator.standard_normal((4, 2)), generator.standard_normal((2, 3))
    answer = scaled.answer(
        "m",
        left,
        right,
        started=0.0,
        guarantee=Guarantee.none("a test"),
        history=[scaled.cost(left, right)],
    )
    np.testing.assert_allclose(
        answer.form.entries(), data_unit_of(matrix) * left @ right
    )
    assert answer.history[0] == pytest.approx(answer.cost, rel=1e-9)
    assert scaled.size * scaled.cost_unit == pytest.approx(
        matrix.cost(np.zeros((4, 3))), rel=1e-9
    )


def data_unit_of(matrix: WeightedMatrix) -> float:
    return float(np.abs(matrix.data).max())


@pytest.mark.parametrize(
    ("data", "weights", "rank"),
    [([[1.0, 2.0]], [[0.0, 0.0]], 1), ([[0.0]], [[3.0]], 1), ([[2.0]], [[1.0]], 0)],
)
def test_nothing_to_approximate_is_approximated_by_nothing(
    data: list[list[float]], weights: list[list[float]], rank: int
) -> None:
    matrix = WeightedMatrix.from_arrays(data, weights)
    scaled = Normalized.of(matrix, rank=rank)
    assert scaled.is_trivial
    answer = scaled.zero_answer("m", started=0.0)
    assert (answer.rank, answer.n_numbers) == (0, 0)
    assert answer.cost == matrix.cost(np.zeros(matrix.shape))


@given(seed=seeds, rank=st.integers(1, 5))
def test_svd_start_is_balanced_and_the_truncated_decomposition(
    seed: int, rank: int
) -> None:
    generator = np.random.default_rng(seed)
    matrix = WeightedMatrix.from_arrays(
        generator.standard_normal((6, 4)), np.ones((6, 4))
    )
    scaled = Normalized.of(matrix, rank=rank)
    left, right = starting_factors(scaled, start="svd", seed=0)
    np.testing.assert_allclose(left.T @ left, right @ right.T, atol=1e-12)
    tail = np.linalg.svd(scaled.data, compute_uv=False)[scaled.rank :]
    assert scaled.cost(left, right) == pytest.approx((tail**2).sum(), abs=1e-12)


def test_gaussian_start_is_as_large_as_the_data() -> None:
    generator = np.random.default_rng(0)
    matrix = WeightedMatrix.from_arrays(
        generator.standard_normal((200, 100)), np.ones((200, 100))
    )
    scaled = Normalized.of(matrix, rank=20)
    left, right = starting_factors(scaled, start="gaussian", seed=1)
    ratio = np.linalg.norm(left @ right) / np.linalg.norm(scaled.data)
    assert 0.9 < ratio < 1.1
