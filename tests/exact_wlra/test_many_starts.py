"""Many short runs at once: the best first, and all ties that they find."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.heuristics.many_starts import sieve, tied_minima
from reductions.least_squares import solve_rows

Floats = NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)
ranks = st.integers(1, 2)


def case(seed: int) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    data = generator.integers(-5, 6, (4, 5)).astype(float)
    weights = generator.integers(0, 9, (4, 5)).astype(float)
    weights[0] += 1
    weights[:, 0] += 1
    return np.where(weights > 0, data, 0.0), weights


def cost_of(data: Floats, weights: Floats, point: Floats) -> float:
    return float((weights * (data - point) ** 2).sum())


@settings(max_examples=20)
@given(seed=seeds, rank=ranks, kept=st.integers(1, 5))
def test_the_best_run_comes_first(seed, rank, kept) -> None:
    data, weights = case(seed)
    found = sieve(data, weights, rank, seed=seed, kept=kept)
    assert len(found) == kept
    costs = [
        cost_of(data, weights, solve_rows(data, weights, right) @ right)
        for right in found
    ]
    size = float((weights * data**2).sum())
    for better, worse in pairwise(costs):
        assert better <= worse * (1 + 1e-6) + 1e-6 * size


@settings(max_examples=8)
@given(seed=seeds, rank=ranks)
def test_ties_are_distinct_cost_the_same_and_have_the_rank(seed, rank) -> None:
    data, weights = case(seed)
    weights[:] = np.maximum(weights, 1)
    found = tied_minima(data, weights, rank, seed=seed)
    costs = [cost_of(data, weights, point) for point in found]
    for point, cost in zip(found, costs, strict=True):
        assert cost <= min(costs) * (1 + 1e-9)
        assert np.linalg.matrix_rank(point, tol=1e-7) <= rank
    for i, one in enumerate(found):
        assert all(np.linalg.norm(one - other) > 1e-7 for other in found[:i])


@given(seed=seeds)
def test_the_same_seed_gives_the_same_runs(seed) -> None:
    data, weights = case(seed)
    one, other = (sieve(data, weights, 1, seed=seed, kept=2) for _ in range(2))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("order", [2, 3, 4])
def test_all_choices_of_signs_are_found(order) -> None:
    # x x^T = |x_i| |x_j| up to signs: all signs cost the same, as the rest of the
    # data is 0.
    weights = np.ones((order, order)) + 9 * np.eye(order)
    found = tied_minima(np.eye(order), weights, 1, seed=0)
    signs = [np.array([1.0, *s]) for s in product([1.0, -1.0], repeat=order - 1)]
    expected = {tuple(np.sign(np.outer(s, s)).ravel()) for s in signs}
    assert {tuple(np.sign(np.round(x, 9)).ravel()) for x in found} == expected


def test_entries_without_weight_are_zero_in_every_tie() -> None:
    data, weights = case(2)
    weights[1, 2] = weights[3, 4] = 0
    for point in tied_minima(data, weights, 1, seed=0):
        assert (point[weights == 0] == 0).all()


@pytest.mark.parametrize(("shape", "rank"), [((32, 32), 1), ((16, 16), 2)])
def test_large_instances_get_no_runs(shape, rank) -> None:
    ones = np.ones(shape)
    assert sieve(ones, ones, rank, seed=0, kept=3) == []
    assert tied_minima(ones, ones, rank, seed=0) == []


def test_a_zero_matrix_is_no_trouble() -> None:
    zero = np.zeros((3, 3))
    found = tied_minima(zero, np.ones((3, 3)), 1, seed=0)
    assert all(np.isfinite(x).all() for x in found)
    assert all((abs(x) < 1e-12).all() for x in found)
