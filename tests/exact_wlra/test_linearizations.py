"""The estimate of T1 and its derivatives: against definitions and differences."""

from __future__ import annotations

import numpy as np
import pytest

from exact_wlra.bounds.linearizations import (
    _evaluate,
    _smooth_minorant,
    capped_shares,
    linearize,
    tightness,
)
from exact_wlra.bounds.rank_one_minorants import maximal_minorant


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def t1(data, weights, minorant, residual, rank):
    """Return the bound as the theorem states it."""
    pi = np.outer(*minorant)
    shifted = data + (weights - pi) / pi * residual
    roots = np.sqrt(pi)
    tail = np.linalg.svd(roots * shifted, compute_uv=False)[rank:]
    price = weights * (weights - pi) / pi * residual**2
    return (tail**2).sum() - price.sum()


def test_estimate_is_the_bound_of_the_theorem(rng: np.random.Generator) -> None:
    data, weights = rng.normal(size=(7, 5)), rng.uniform(1, 3, size=(7, 5))
    minorant = maximal_minorant(weights, np.ones(5))
    left, right = rng.normal(size=(7, 2)), rng.normal(size=(2, 5))
    found = linearize(data, weights, 2, minorant, left=left, right=right)
    expected = t1(data, weights, minorant, data - left @ right, 2)
    assert found.value == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
def test_gradients_agree_with_differences(
    rng: np.random.Generator, smoothing: float
) -> None:
    data, weights = rng.normal(size=(6, 5)), rng.uniform(1, 3, size=(6, 5))
    residual, direction = rng.normal(size=(2, 6, 5))
    logs, turn = rng.uniform(-0.2, 0.2, size=(2, 5))
    step = 1e-6

    def value(t: float, s: float) -> float:
        minorant, _ = _smooth_minorant(weights, logs + s * turn, 20.0)
        moved = residual + t * direction
        return _evaluate(data, weights, 2, minorant, moved, smoothing=smoothing)[
            1 if smoothing else 0
        ]

    minorant, shares = _smooth_minorant(weights, logs, 20.0)
    _, _, slope, density = _evaluate(
        data, weights, 2, minorant, residual, smoothing=smoothing
    )
    gains = density.sum(axis=0) - density.sum(axis=1) @ shares
    in_residual = (value(step, 0) - value(-step, 0)) / (2 * step)
    in_minorant = (value(0, step) - value(0, -step)) / (2 * step)
    assert (slope * direction).sum() == pytest.approx(in_residual, rel=1e-5)
    assert gains @ turn == pytest.approx(in_minorant, rel=1e-5)


def test_smooth_minorant_lies_below_the_weights(rng: np.random.Generator) -> None:
    weights = rng.uniform(1, 9, size=(8, 6))
    (p, q), shares = _smooth_minorant(weights, rng.normal(size=6), 30.0)
    assert (np.outer(p, q) <= weights * (1 + 1e-12)).all()
    assert shares.sum(axis=1) == pytest.approx(np.ones(8))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_shares_solve_the_smoothed_sum(rng: np.random.Generator, rank: int) -> None:
    values = np.sort(rng.uniform(0, 1, size=6))[::-1]
    shares = capped_shares(values, rank, 0.3)
    assert shares.sum() == pytest.approx(rank)
    assert (shares >= 0).all()
    assert (shares <= 1).all()
    # Optimality: values - 0.3 shares is constant where 0 < shares < 1, larger where
    # shares are 1 and smaller where they are 0.
    level = values - 0.3 * shares
    assert level[shares == 1].min(initial=np.inf) >= level[shares < 1].max() - 1e-9


def test_tightness_is_at_least_one_exactly_where_the_bound_is_the_cost(
    rng: np.random.Generator,
) -> None:
    data = np.outer(rng.normal(size=9), rng.normal(size=7))
    data += 0.05 * rng.normal(size=(9, 7))
    weights = rng.uniform(1, 2, size=(9, 7))
    right = np.linalg.svd(data)[2][:1]
    for _ in range(200):
        left = ((weights * data) @ right.T) / (weights @ (right**2).T)
        right = ((weights * data).T @ left / (weights.T @ left**2)).T
    minorant = maximal_minorant(weights, np.ones(7))
    cost = (weights * (data - left @ right) ** 2).sum()
    assert tightness(data, weights, minorant, left, right) > 1
    found = linearize(data, weights, 1, minorant, left=left, right=right)
    assert found.value == pytest.approx(cost)
