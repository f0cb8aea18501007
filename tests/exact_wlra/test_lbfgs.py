"""L-BFGS ends at stationary points, whatever the size of weights and data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.heuristics.lbfgs import lbfgs
from exact_wlra.heuristics.starts import Start
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


@pytest.mark.parametrize("start", ["svd", "gaussian"])
@given(
    seed=seeds,
    rank=st.integers(1, 3),
    data_unit=st.sampled_from((1e-6, 1.0, 1e6)),
    weight_unit=st.sampled_from((1e-6, 1.0, 1e6)),
)
def test_the_end_is_stationary(
    *, start: Start, seed: int, rank: int, data_unit: float, weight_unit: float
) -> None:
    generator = np.random.default_rng(seed)
    data = data_unit * generator.standard_normal((6, 5))
    weights = weight_unit * generator.uniform(0.5, 1.0, (6, 5))
    matrix = WeightedMatrix.from_arrays(data, weights)
    found = lbfgs(matrix, rank=rank, start=start, seed=seed, tolerance=1e-13)
    left, right = found.form.left, found.form.right
    pull = matrix.squared_weights * (matrix.data - left @ right)
    # The slope along changes of L R: invariant under L G, G^-1 R.
    row_basis, column_basis = np.linalg.qr(right.T)[0], np.linalg.qr(left)[0]
    size = np.linalg.norm(matrix.squared_weights * matrix.data)
    assert np.linalg.norm(pull @ row_basis) <= 1e-3 * size
    assert np.linalg.norm(column_basis.T @ pull) <= 1e-3 * size


def test_few_iterations_are_few() -> None:
    generator = np.random.default_rng(0)
    matrix = WeightedMatrix.from_arrays(
        generator.standard_normal((8, 6)), generator.uniform(0.1, 1.0, (8, 6))
    )
    found = lbfgs(matrix, rank=2, iterations=4)
    assert len(found.history) == 4
    assert "limit" in found.stopped
