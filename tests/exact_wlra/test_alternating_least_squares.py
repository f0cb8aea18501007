"""ALS ends at stationary points, and at the optimum where weights are separable."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.heuristics.alternating_least_squares import als
from exact_wlra.heuristics.starts import Start
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


@pytest.mark.parametrize("start", ["svd", "gaussian"])
@given(seed=seeds)
def test_separable_weights_lead_to_the_optimum(*, start: Start, seed: int) -> None:
    generator = np.random.default_rng(seed)
    data = np.diag([8.0, 4.0, 1.0]) + 0.3 * generator.standard_normal((3, 3))
    root = np.outer(generator.uniform(1, 1.5, 3), generator.uniform(1, 1.5, 3))
    found = als(
        WeightedMatrix.from_arrays(data, root), rank=1, start=start, tolerance=0.0
    )
    tail = np.linalg.svd(root * data, compute_uv=False)[1:]
    assert found.cost == pytest.approx((tail**2).sum(), rel=1e-9)


@given(seed=seeds, rank=st.integers(1, 3))
def test_the_end_is_stationary(seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.5, 1.0, (6, 5))
    matrix = WeightedMatrix.from_arrays(generator.standard_normal((6, 5)), weights)
    found = als(matrix, rank=rank, iterations=20_000, tolerance=1e-14)
    left, right = found.form.left, found.form.right
    pull = matrix.squared_weights * (matrix.data - left @ right)
    size = np.linalg.norm(left) * np.linalg.norm(right)
    assert np.linalg.norm(left.T @ pull) <= 1e-4 * np.linalg.norm(left) * (1 + size)
    assert np.linalg.norm(pull @ right.T) <= 1e-4 * np.linalg.norm(right) * (1 + size)


def test_why_it_stopped_is_said() -> None:
    generator = np.random.default_rng(0)
    matrix = WeightedMatrix.from_arrays(
        generator.standard_normal((8, 6)), generator.uniform(0.1, 1.0, (8, 6))
    )
    few = als(matrix, rank=2, iterations=3)
    assert few.stopped == "3 iterations"
    assert len(few.history) == 3
    assert "1e-09" in als(matrix, rank=2, iterations=10_000).stopped
