"""Algorithm 1 for sparse data agrees with the dense one and forms nothing of size n d."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.sparse_reweighted import sparse_reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def instance(seed: int, r: int) -> tuple[csr_array, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    data = random_array((12, 9), density=0.4, rng=rng, format="csr")
    return data, rng.uniform(0.5, 2, (12, r)), rng.uniform(0.5, 2, (r, 9))


@given(seed=st.integers(0, 10**6), r=st.integers(1, 3), rank=st.integers(0, 2))
def test_cost_and_entries_are_those_of_the_dense_method(
    seed: int, r: int, rank: int
) -> None:
    data, P, Q = instance(seed, r)
    found = sparse_reweighted(data, P, Q, rank=rank)
    matrix = WeightedMatrix.from_arrays(data.toarray(), P @ Q, weight_rank=r)
    dense = reweighted(matrix, rank=rank)
    energy = matrix.cost(np.zeros(matrix.shape))
    assert abs(found.cost - dense.cost) <= 1e-9 * energy
    assert abs(found.cost - matrix.cost(found.form.entries())) <= 1e-9 * energy
    assert found.n_numbers == (12 + 9) * (r + r * rank)
    vectors = np.random.default_rng(seed).standard_normal((9, 2))
    np.testing.assert_allclose(
        found.form.apply(vectors), found.form.entries() @ vectors, atol=1e-9
    )
    rows, columns = data.nonzero()
    np.testing.assert_allclose(
        found.form.at(rows, columns), found.form.entries()[rows, columns], atol=1e-12
    )


def test_a_large_sparse_matrix_is_never_written_out() -> None:
    n, d = 60_000, 20_000  # 9.6 GB if it were dense
    rng = np.random.default_rng(0)
    data = random_array((n, d), density=2e-5, rng=rng, format="csr")
    P, Q = rng.uniform(0.5, 2, (n, 2)), rng.uniform(0.5, 2, (2, d))
    tracemalloc.start()
    found = sparse_reweighted(data, P, Q, rank=2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6
    rows, columns = data.nonzero()
    weights = np.sum(P[rows] * Q.T[columns], axis=1)
    assert 0 < found.cost < float(np.sum((weights * data.data) ** 2))


def test_data_without_entries_cost_nothing() -> None:
    found = sparse_reweighted(
        csr_array((5, 4)), np.ones((5, 1)), np.ones((1, 4)), rank=1
    )
    assert found.cost == 0
    assert not found.form.entries().any()


@pytest.mark.parametrize(
    ("P", "Q", "rank", "message"),
    [
        (np.ones((3, 1)), np.ones((1, 4)), 1, "3 x 4, the data are 5 x 4"),
        (np.ones((5, 1)), np.ones((2, 4)), 1, "do not multiply"),
        (np.ones((5, 2)), np.ones((2, 4)), 2, "not below 4"),
        (-np.ones((5, 1)), np.ones((1, 4)), 1, "row 2, column 3 is negative"),
    ],
)
def test_what_does_not_fit_is_refused(
    P: np.ndarray, Q: np.ndarray, rank: int, message: str
) -> None:
    data = csr_array(([1.0], ([1], [2])), shape=(5, 4))
    with pytest.raises(InvalidProblemError, match=message):
        sparse_reweighted(data, P, Q, rank=rank)
