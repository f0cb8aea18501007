"""Newton's method on both factors: gradients vanish, and nothing gets worse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.heuristics.many_starts import sieve
from exact_wlra.heuristics.newton import polished
from reductions.least_squares import solve_rows

Floats = NDArray[np.float64]

seeds = st.integers(0, 2**32 - 1)
ranks = st.integers(1, 2)
kinds = st.sampled_from(["plain", "zeros", "ratios"])


def case(seed: int, kind: str) -> tuple[Floats, Floats]:
    generator = np.random.default_rng(seed)
    data = generator.integers(-5, 6, (5, 4)).astype(float)
    weights = generator.integers(1, 10, (5, 4)).astype(float)
    if kind == "zeros":
        weights *= generator.random((5, 4)) < 0.85
    elif kind == "ratios":
        weights = 10.0 ** generator.integers(-2, 3, (5, 4))
    return np.where(weights > 0, data, 0.0), weights


def cost_of(data: Floats, weights: Floats, left: Floats, right: Floats) -> float:
    return float((weights * (data - left @ right) ** 2).sum())


def slope_of(data: Floats, weights: Floats, left: Floats, right: Floats) -> float:
    """The length of half the gradient at balanced factors, relative to its terms."""
    columns, sizes, rows = np.linalg.svd(left @ right)
    roots = np.sqrt(sizes[: left.shape[1]])
    u = columns[:, : len(roots)] * roots
    v = roots[:, None] * rows[: len(roots)]
    pull = weights * (data - u @ v)
    parts = np.concatenate([(pull @ v.T).ravel(), (pull.T @ u).ravel()])
    size = np.linalg.norm(weights * data) * np.sqrt(float(sizes[0]) + 1e-300)
    return float(np.linalg.norm(parts)) / (float(size) + 1e-300)


@given(seed=seeds, rank=ranks, kind=kinds)
def test_the_gradient_does_not_grow(seed, rank, kind) -> None:
    data, weights = case(seed, kind)
    generator = np.random.default_rng(seed)
    left = generator.standard_normal((5, rank))
    right = generator.standard_normal((rank, 4))
    found = polished(data, weights, left, right)
    assert found[0].shape == (5, rank)
    assert found[1].shape == (rank, 4)
    before = slope_of(data, weights, left, right) * np.linalg.norm(left @ right) ** 0.5
    after = slope_of(data, weights, *found) * np.linalg.norm(found[0] @ found[1]) ** 0.5
    assert after <= before * (1 + 1e-6) * 2 + 1e-12


@given(seed=seeds, rank=ranks)
def test_near_a_minimum_the_gradient_vanishes(seed, rank) -> None:
    data, weights = case(seed, "plain")
    best = sieve(data, weights, rank, seed=0, kept=1)
    right = best[0]
    for _ in range(200):
        left = solve_rows(data, weights, right)
        right = solve_rows(data.T, weights.T, left.T).T
    left = solve_rows(data, weights, right)
    cost = cost_of(data, weights, left, right)
    found = polished(data, weights, left, right)
    assert cost_of(data, weights, *found) <= cost * (1 + 1e-9) + 1e-12
    assert slope_of(data, weights, *found) <= max(
        1e-13, slope_of(data, weights, left, right) * 1.1
    )


def test_a_rough_minimum_becomes_accurate() -> None:
    data, weights = case(3, "plain")
    right = sieve(data, weights, 2, seed=0, kept=1)[0]
    left = solve_rows(data, weights, right)
    generator = np.random.default_rng(0)
    rough = (
        left + 1e-3 * generator.standard_normal(left.shape),
        right + 1e-3 * generator.standard_normal(right.shape),
    )
    assert slope_of(data, weights, *rough) > 1e-6
    assert slope_of(data, weights, *polished(data, weights, *rough)) < 1e-14


def test_factors_of_lower_rank_are_no_trouble() -> None:
    data, weights = case(1, "plain")
    left, right = np.zeros((5, 2)), np.zeros((2, 4))
    found = polished(data, weights, left, right)
    assert np.isfinite(found[0]).all()
    assert cost_of(data, weights, *found) <= cost_of(data, weights, left, right)


@pytest.mark.parametrize(("n", "rank"), [(3, 0), (2001, 1)])
def test_nothing_is_done_without_or_with_too_many_unknowns(n, rank) -> None:
    left, right = np.ones((n, rank)), np.ones((rank, 3))
    found = polished(np.zeros((n, 3)), np.ones((n, 3)), left, right)
    assert found[0] is left
    assert found[1] is right
