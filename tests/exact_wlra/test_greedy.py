"""Greedy pursuit: its rate against any rival, and what its coefficients satisfy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.heuristics.greedy import greedy
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def generic(seed: int, shape: tuple[int, int] = (7, 5)) -> WeightedMatrix:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.0, 1.0, shape) ** 3
    weights[generator.random(shape) < 0.2] = 0.0
    return WeightedMatrix.from_arrays(generator.standard_normal(shape), weights)


@given(seed=seeds, rank=st.integers(1, 5), n_terms=st.integers(1, 12))
def test_corrective_pursuit_keeps_its_rate_against_every_rival(
    seed: int, rank: int, n_terms: int
) -> None:
    matrix = generic(seed)
    found = greedy(matrix, rank=rank, is_corrective=True, n_terms=n_terms)
    generator = np.random.default_rng(seed)
    shrunk = generator.uniform(0.0, 1.0) * matrix.data
    random = generator.standard_normal((7, rank)) @ generator.standard_normal((rank, 5))
    for rival in (matrix.data, shrunk, random, 0.1 * random):
        nuclear = np.linalg.svd(rival, compute_uv=False).sum()
        excess = 4 * matrix.squared_weights.max() * nuclear**2 / n_terms
        assert found.cost <= matrix.cost(rival) + excess + 1e-12


@given(seed=seeds, rank=st.integers(1, 5))
def test_corrected_residuals_are_orthogonal_to_all_terms(seed: int, rank: int) -> None:
    matrix = generic(seed)
    found = greedy(matrix, rank=rank, is_corrective=True)
    left, right = found.form.left, found.form.right
    pull = matrix.squared_weights * (matrix.data - left @ right)
    assert np.abs(np.einsum("is,ij,sj->s", left, pull, right)).max() < 1e-9


@given(seed=seeds, rank=st.integers(1, 5))
def test_plain_steps_are_the_best_along_their_matrix(seed: int, rank: int) -> None:
    matrix = generic(seed)
    found = greedy(matrix, rank=rank)
    left, right = found.form.left, found.form.right
    for terms in range(1, left.shape[1] + 1):
        partial = left[:, :terms] @ right[:terms]
        last = np.outer(left[:, terms - 1], right[terms - 1])
        assert found.history[terms - 1] == pytest.approx(matrix.cost(partial), abs=1e-9)
        for change in (-1e-3, 1e-3):
            assert matrix.cost(partial + change * last) >= matrix.cost(partial)


@pytest.mark.parametrize("is_corrective", [False, True])
@given(seed=seeds, rank=st.integers(1, 4))
def test_equal_weights_give_the_truncated_decomposition(
    *, is_corrective: bool, seed: int, rank: int
) -> None:
    data = np.random.default_rng(seed).standard_normal((7, 5))
    matrix = WeightedMatrix.from_arrays(data, np.ones((7, 5)))
    tail = np.linalg.svd(data, compute_uv=False)[rank:]
    found = greedy(matrix, rank=rank, is_corrective=is_corrective)
    assert found.cost == pytest.approx((tail**2).sum(), rel=1e-9)


@given(seed=seeds, n_terms=st.integers(1, 40))
def test_guarantee_is_stated_where_it_says_something_and_holds(
    seed: int, n_terms: int
) -> None:
    generator = np.random.default_rng(seed)
    data = generator.standard_normal((6, 6))
    root = np.outer(generator.uniform(0.8, 1.0, 6), generator.uniform(0.8, 1.0, 6))
    matrix = WeightedMatrix.from_arrays(data, root)
    found = greedy(matrix, rank=1, is_corrective=True, n_terms=n_terms)
    omega = root**2
    part = 4 * omega.max() / (n_terms * omega.min())
    # Weights of rank one: the optimum is known from one decomposition.
    optimum = (np.linalg.svd(root * data, compute_uv=False)[1:] ** 2).sum()
    if part >= 1:
        assert found.guarantee.factor is None
    else:
        assert found.guarantee.factor == 1.0
        expected = part * matrix.cost(np.zeros((6, 6)))
        assert found.guarantee.additive == pytest.approx(expected)
        assert found.cost <= optimum + found.guarantee.additive + 1e-12


def test_more_terms_than_the_rank_do_not_compete_at_the_rank() -> None:
    found = greedy(generic(0), rank=2, is_corrective=True, n_terms=4)
    assert found.rank == 4
    assert not found.is_feasible(2)
