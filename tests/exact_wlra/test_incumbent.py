"""Incumbents: short rational factors whose exact cost is what it says."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.incumbent import exact_factors, round_factors, zero_incumbent
from reductions.cores import peel
from reductions.instances import Instance
from semialgebraic.integer_arrays import integers
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 5)


def planted(n: int, d: int, rank: int, seed: int, bits: int = 4) -> Instance:
    """Data of exactly this rank or less, any weights."""
    generator = np.random.default_rng(seed)
    top = 1 << bits
    left = generator.integers(-top, top, size=(n, rank)).astype(object)
    right = generator.integers(-top, top, size=(rank, d)).astype(object)
    data = left @ right if rank else np.zeros((n, d), dtype=object)
    return Instance(
        data=RationalMatrix(integers(data), 3),
        squared_weights=RationalMatrix(generator.integers(0, 9, size=(n, d)), 2),
        rank=rank,
    )


@given(
    n=sizes, d=sizes, rank=st.integers(0, 6), seed=seeds, bits=st.sampled_from([4, 40])
)
def test_data_of_the_asked_rank_are_factored_exactly(n, d, rank, seed, bits) -> None:
    instance = planted(n, d, rank, seed, bits)
    found = exact_factors(instance)
    assert found.left @ found.right == instance.data
    assert (found.left.shape, found.right.shape) == ((n, rank), (rank, d))
    assert found.cost == 0


@given(n=st.integers(2, 5), d=st.integers(2, 5), seed=seeds)
def test_data_of_higher_rank_are_not_factored(n: int, d: int, seed: int) -> None:
    instance = planted(n, d, min(n, d), seed)
    rank = np.linalg.matrix_rank(instance.data.to_float())
    if rank >= 1:
        lower = Instance(
            data=instance.data,
            squared_weights=instance.squared_weights,
            rank=int(rank) - 1,
        )
        assert exact_factors(lower) is None


def test_data_that_are_nearly_of_lower_rank_are_not_of_lower_rank() -> None:
    nearly = RationalMatrix.from_rows([[1, 1], [1, 1 + Fraction(1, 10**30)]])
    ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
    instance = Instance(data=nearly, squared_weights=ones, rank=1)
    assert exact_factors(instance) is None


@given(n=sizes, d=sizes, k=st.integers(1, 3), seed=seeds)
def test_rounded_factors_cost_what_they_say(n, d, k, seed) -> None:
    generator = np.random.default_rng(seed)
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(n, d))),
        squared_weights=RationalMatrix(generator.integers(0, 9, size=(n, d))),
        rank=k,
    )
    found = round_factors(
        instance,
        generator.standard_normal((n, k)),
        generator.standard_normal((k, d)),
        tolerance=1e-6,
    )
    assert found.cost == instance.cost(found.left, found.right)
    assert found.cost <= instance.energy()
    assert (found.left.shape, found.right.shape) == ((n, k), (k, d))


@given(seed=seeds, power=st.sampled_from([-20, 0, 20]))
def test_rounding_costs_no_more_than_it_may(seed: int, power: int) -> None:
    generator = np.random.default_rng(seed)
    n, d, k = 6, 5, 2
    scale = 2.0**power
    left, right = generator.standard_normal((n, k)), generator.standard_normal((k, d))
    noise = 0.1 * generator.standard_normal((n, d))
    instance = Instance(
        data=RationalMatrix.from_floats(scale * (left @ right + noise)),
        squared_weights=RationalMatrix(np.ones((n, d), dtype=np.int64)),
        rank=k,
    )
    values = np.linalg.svd(instance.data.to_float())
    best_left = values[0][:, :k] * values[1][:k]
    found = round_factors(instance, best_left, values[2][:k], tolerance=1e-9)
    tail = float((values[1][k:] ** 2).sum())
    assert float(found.cost) <= tail * (1 + 1e-7)


def test_few_bits_suffice_where_little_is_asked() -> None:
    generator = np.random.default_rng(0)
    data = np.outer(generator.standard_normal(8), generator.standard_normal(8))
    data += 0.3 * generator.standard_normal((8, 8))
    instance = Instance(
        data=RationalMatrix.rounded(data, 20),
        squared_weights=RationalMatrix(np.ones((8, 8), dtype=np.int64)),
        rank=1,
    )
    values = np.linalg.svd(data)
    pair = values[0][:, :1] * values[1][0], values[2][:1]
    rough = round_factors(instance, *pair, tolerance=1e-2)
    fine = round_factors(instance, *pair, tolerance=1e-12)
    assert rough.right.denominator < fine.right.denominator
    assert fine.cost <= rough.cost


@pytest.mark.parametrize("k", [0, 1, 3])
def test_zero_factors_cost_the_energy(k: int) -> None:
    instance = planted(3, 4, 2, seed=1)
    instance = Instance(
        data=instance.data, squared_weights=instance.squared_weights, rank=k
    )
    zero = zero_incumbent(instance)
    assert zero.cost == instance.energy() == instance.cost(zero.left, zero.right)
    assert (zero.left.shape, zero.right.shape) == ((3, k), (k, 4))


def test_rank_zero_rounds_to_zero() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[3]]),
        squared_weights=RationalMatrix.from_rows([[2]]),
        rank=0,
    )
    found = round_factors(instance, np.zeros((1, 0)), np.zeros((0, 1)), tolerance=1e-6)
    assert found.cost == 18


def test_factors_of_very_different_sizes_keep_their_cost() -> None:
    # A grid of 16 bits loses all but the largest entries of V, and so does one of 24:
    # it was taken for enough, because the cost did not change.
    instance = Instance(
        data=RationalMatrix.from_rows([[9, -8, 0, 0], [0, 0, 7, 4]]),
        squared_weights=RationalMatrix.from_rows([[6, 2, 0, 4], [0, 0, 6, 4]]),
        rank=1,
    )
    left, right = peel(instance).lift(np.zeros((0, 1)), np.zeros((1, 0)))
    found = round_factors(instance, left, right, tolerance=1e-3)
    assert found.cost < Fraction(1, 10**6)


def test_entries_beyond_any_grid_are_kept_as_floats() -> None:
    u, v = 2.0 ** np.array([-60, 0]), 2.0 ** np.array([100, 10, -80])
    data = np.outer(u, v)
    data[0, 2] = data[1, 0] = 0.0
    weights = np.where(data > 0, 1.0 / np.where(data > 0, data, 1.0) ** 2, 0.0)
    instance = Instance(
        data=RationalMatrix.from_floats(data),
        squared_weights=RationalMatrix.from_floats(weights),
        rank=1,
    )
    noisy = v * (1 + 1e-9 * np.array([1, -1, 1]))
    found = round_factors(instance, u[:, None], noisy[None], tolerance=1e-6)
    assert found.cost < Fraction(1, 10**15)
