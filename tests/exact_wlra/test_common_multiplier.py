"""Common multipliers: tight at the optimum, valid at every vector."""

import numpy as np
import pytest

from exact_wlra.bounds.common_multiplier import MultiplierSearch, alone, residuals
from exact_wlra.bounds.critical_factors import critical_factors
from exact_wlra.bounds.pattern_floats import PatternFloats
from exact_wlra.budget import Budget
from exact_wlra.heuristics.alternating import best_of_starts
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix


@pytest.mark.parametrize("seed", range(3))
def test_multipliers_are_tight_and_hold_at_random_vectors(seed: int) -> None:
    generator = np.random.default_rng(seed)
    omega = np.ones((9, 8), dtype=np.int64)
    omega[:4, :4] = 4
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, (9, 8))),
        squared_weights=RationalMatrix(omega),
        rank=2,
    )
    budget = Budget(time_limit=20)
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    floats = PatternFloats.of(space)
    right = best_of_starts(instance, seed=0, budget=budget).right
    found = critical_factors(floats, right)
    search = MultiplierSearch(floats, found, (0, 0), accuracy=1e-6)
    chosen = search.choose(budget)
    assert chosen is not None
    assert search.is_tight
    products = tuple(factor @ factor.T for factor in chosen.factors)
    prices = sum(
        (np.diag(product)[share > 0] / share[share > 0]).sum()
        for product, share in zip(products, floats.diagonals, strict=True)
    )
    assert np.isclose(prices + 2 * chosen.theta, found.capture, rtol=1e-9)
    vectors = generator.standard_normal((200, 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    at = (vectors**2) @ floats.diagonals[0]
    values = np.einsum(
        "ti,tij,tj->t", vectors, residuals(floats, products, at, at), vectors
    )
    assert values.max() <= chosen.theta * (1 + 1e-6)
    for c in (0, 1):
        top, v = alone(floats, products, c)
        assert top <= chosen.theta * (1 + 1e-6)
        assert not v[floats.diagonals[1 - c] > 0].any()
