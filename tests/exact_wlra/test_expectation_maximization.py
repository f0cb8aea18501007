"""EM: its inequality at every step, its starts, and the ways to decompose."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.heuristics.expectation_maximization import Decomposition, em
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

seeds = st.integers(min_value=0, max_value=2**32 - 1)
every_decomposition = pytest.mark.parametrize("decomposition", ["gram", "svd", "warm"])


def generic(seed: int, *, missing: bool = False) -> WeightedMatrix:
    generator = np.random.default_rng(seed)
    data = generator.standard_normal((7, 5))
    weights = generator.uniform(0.1, 1.0, (7, 5))
    if missing:
        weights[generator.random((7, 5)) < 0.3] = 0.0
    return WeightedMatrix.from_arrays(data, weights)


def best(matrix: Floats, rank: int) -> Floats:
    """The oracle: the truncated singular value decomposition."""
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    product: Floats = (left[:, :rank] * values[:rank]) @ right[:rank]
    return product


@every_decomposition
@given(seed=seeds, rank=st.integers(1, 4), missing=st.booleans())
def test_each_step_lowers_the_cost_by_the_weight_that_was_filled_in(
    *, decomposition: Decomposition, seed: int, rank: int, missing: bool
) -> None:
    matrix = generic(seed, missing=missing)
    omega = matrix.squared_weights
    assume(omega.any())
    observed = omega / omega.max()
    iterates = [
        em(matrix, rank=rank, iterations=t, decomposition=decomposition).form.entries()
        for t in range(6)
    ]
    for before, after in pairwise(iterates):
        moved = ((1 - observed) * (after - before) ** 2).sum()
        costs = [(observed * (matrix.data - x) ** 2).sum() for x in (before, after)]
        assert costs[1] <= costs[0] - moved + 1e-12


@given(seed=seeds, rank=st.integers(1, 4))
def test_first_step_from_zero_decomposes_the_data_times_squared_weights(
    seed: int, rank: int
) -> None:
    matrix = generic(seed, missing=True)
    omega = matrix.squared_weights
    found = em(matrix, rank=rank, start="zero", iterations=1)
    expected = best(omega / omega.max() * matrix.data, rank)
    np.testing.assert_allclose(found.form.entries(), expected, atol=1e-7)


@given(seed=seeds, rank=st.integers(1, 4))
def test_no_steps_return_the_start(seed: int, rank: int) -> None:
    matrix = generic(seed)
    found = em(matrix, rank=rank, iterations=0)
    np.testing.assert_allclose(found.form.entries(), best(matrix.data, rank), atol=1e-7)
    assert found.history == ()


@given(seed=seeds, rank=st.integers(1, 4))
def test_start_from_algorithm_two_is_that_from_its_matrix(seed: int, rank: int) -> None:
    matrix = generic(seed)
    first = svd_w(matrix, rank=rank)
    found = em(matrix, rank=rank, start="svd_w")
    given_start = em(matrix, rank=rank, start=first.form.entries())
    assert found.method == "em-svd_w"
    assert given_start.method == "em-given"
    assert found.history == given_start.history
    assert found.history[0] <= first.cost * (1 + 1e-9)


@given(seed=seeds, rank=st.integers(1, 4))
def test_decompositions_by_gram_matrix_and_by_lapack_take_the_same_way(
    seed: int, rank: int
) -> None:
    matrix = generic(seed)
    by_gram = em(matrix, rank=rank, decomposition="gram")
    by_lapack = em(matrix, rank=rank, decomposition="svd")
    np.testing.assert_allclose(by_gram.history, by_lapack.history, rtol=1e-7)


def test_a_start_of_higher_rank_may_be_cheaper_and_is_not_returned() -> None:
    matrix = generic(3)
    found = em(matrix, rank=1, start=matrix.data)
    assert found.rank == 1
    assert len(found.history) == 25
    assert found.stopped == "25 iterations"


def test_equal_weights_need_one_step() -> None:
    data = np.random.default_rng(0).standard_normal((6, 4))
    matrix = WeightedMatrix.from_arrays(data, np.full((6, 4), 3.0))
    found = em(matrix, rank=2, start="zero", tolerance=1e-9)
    np.testing.assert_allclose(found.form.entries(), best(data, 2), atol=1e-12)
    assert len(found.history) <= 2
