"""Adam: the published recurrence, the schedules, and what units change."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.heuristics.adam import SCHEDULES, adam
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def generic(seed: int) -> WeightedMatrix:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.1, 1.0, (3, 2))
    return WeightedMatrix.from_arrays(generator.standard_normal((3, 2)), weights)


@given(seed=seeds, sizes=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8))
def test_steps_follow_the_published_recurrence(seed: int, sizes: list[float]) -> None:
    """Entry by entry, at rank 1, as in Algorithm 1 of Kingma and Ba."""
    matrix = generic(seed)
    a, omega = matrix.data.tolist(), matrix.squared_weights.tolist()
    x = np.random.default_rng(seed).standard_normal((5, 1))[:, 0].tolist()
    m, v = [0.0] * 5, [0.0] * 5
    for t, size in enumerate(sizes, start=1):
        gradient = [0.0] * 5
        for i in range(3):
            for j in range(2):
                slope = -2 * omega[i][j] * (a[i][j] - x[i] * x[3 + j])
                gradient[i] += slope * x[3 + j]
                gradient[3 + j] += slope * x[i]
        for e, g in enumerate(gradient):
            m[e] = 0.9 * m[e] + 0.1 * g
            v[e] = 0.999 * v[e] + 0.001 * g * g
            mean, spread = m[e] / (1 - 0.9**t), math.sqrt(v[e] / (1 - 0.999**t))
            x[e] -= size * mean / (spread + 1e-8)
    found = adam(matrix, rank=1, seed=seed, schedule=tuple(sizes))
    expected = np.outer(x[:3], x[3:])
    np.testing.assert_allclose(found.form.entries(), expected, rtol=1e-6, atol=1e-6)
    assert found.method == "adam-given"


def test_schedule_of_the_paper() -> None:
    sizes = SCHEDULES["paper"]
    assert len(sizes) == 100
    assert sizes[:10] == (1.0,) * 10
    assert sizes[10] == pytest.approx(0.7)
    assert sizes[99] == pytest.approx(0.7**9)


def test_long_schedule_falls_linearly_to_zero() -> None:
    sizes = np.array(SCHEDULES["long"])
    assert len(sizes) == 6000
    np.testing.assert_allclose(np.diff(sizes), -0.02 / 6001, rtol=1e-6)
    assert 0 < sizes[-1] < 1e-5


def test_another_seed_is_another_start() -> None:
    matrix = generic(0)
    first, other = (adam(matrix, rank=1, seed=seed) for seed in (0, 1))
    assert not np.array_equal(first.form.entries(), other.form.entries())
    assert (first.seed, other.seed) == (0, 1)


@given(seed=seeds, unit=st.sampled_from((1e-6, 1e6)))
def test_normalized_steps_do_not_depend_on_units(seed: int, unit: float) -> None:
    matrix = generic(seed)
    scaled = WeightedMatrix.from_arrays(unit * matrix.data, unit * matrix.root_weights)
    found = adam(matrix, rank=1, seed=seed, is_normalized=True)
    other = adam(scaled, rank=1, seed=seed, is_normalized=True)
    np.testing.assert_allclose(
        other.form.entries() / unit, found.form.entries(), rtol=1e-4, atol=1e-4
    )


def test_plain_steps_are_too_short_for_data_in_small_units() -> None:
    """The trap of the paper's schedule: its first step is 1.0 in the units of A."""
    matrix = generic(0)
    scaled = WeightedMatrix.from_arrays(1e6 * matrix.data, matrix.root_weights)
    zero = scaled.cost(np.zeros((3, 2)))
    assert adam(scaled, rank=1).cost > 0.99 * zero
    assert adam(scaled, rank=1, is_normalized=True).cost < 0.9 * zero
