"""Critical factors: gauge, couplings and the energy they add up to."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from exact_wlra.bounds.critical_factors import CriticalFactors, critical_factors
from exact_wlra.bounds.pattern_floats import PatternFloats
from exact_wlra.budget import Budget
from exact_wlra.heuristics.alternating import best_of_starts
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix


def found_for(seed: int) -> tuple[PatternFloats, CriticalFactors, float]:
    """Factors of a 7 x 6 instance of rank two, and the cost of where they started."""
    generator = np.random.default_rng(seed)
    omega = np.ones((7, 6), dtype=np.int64)
    omega[:3, :3] = generator.integers(2, 9)
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, (7, 6))),
        squared_weights=RationalMatrix(omega),
        rank=2,
    )
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    start = best_of_starts(instance, seed=0, budget=Budget(time_limit=20))
    floats = PatternFloats.of(space)
    return floats, critical_factors(floats, start.right), start.cost


@given(seed=st.integers(0, 2**32 - 1))
def test_the_weights_separate_and_the_energy_is_kept(seed: int) -> None:
    floats, found, cost = found_for(seed)
    rows, share = found.rows, floats.diagonals[0]
    assert np.allclose(rows @ rows.T, np.eye(2), atol=1e-9)
    assert np.allclose((rows * share) @ rows.T, np.diag(found.at), atol=1e-9)
    assert np.isclose(found.capture, floats.captures(rows).sum())
    assert floats.energy - found.capture <= cost * (1 + 1e-9)


@given(seed=st.integers(0, 2**32 - 1))
def test_the_couplings_state_the_condition_of_a_critical_point(seed: int) -> None:
    floats, found, _ = found_for(seed)
    traces = np.trace(found.couplings, axis1=1, axis2=2).sum()
    assert np.isclose(traces, found.capture, rtol=1e-9)
    parts = np.array([found.at, 1 - found.at])
    assume(parts.min() >= 1e-6)
    matrices = floats.matrices(parts.T, np.zeros((2, len(floats.weights)), dtype=bool))
    image = np.einsum("lij,lj->li", matrices, found.rows)
    expected = np.zeros_like(image)
    for c in (0, 1):
        roots = np.sqrt(parts[c])
        slopes = found.couplings[c] / roots[:, None] / roots
        expected += slopes @ (found.rows * floats.diagonals[c])
    assert np.allclose(image, expected, atol=1e-6 * np.abs(image).max())
