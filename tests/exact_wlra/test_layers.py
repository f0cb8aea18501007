"""Layers as weighted matrices: what is left away costs nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError
from exact_wlra.experiments.layers import (
    TrainedLayer,
    grouped_weights,
    sampled_block,
    weighted,
)
from exact_wlra.experiments.perceptron import Perceptron
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

NOTHING = np.zeros((1, 1))
NETWORK = Perceptron(
    hidden=NOTHING, hidden_bias=NOTHING, output=NOTHING, output_bias=NOTHING
)


def layer(importance: np.ndarray, seed: int = 0) -> TrainedLayer:
    """Return a layer with this importance and random entries."""
    entries = np.random.default_rng(seed).standard_normal(importance.shape)
    return TrainedLayer(entries=entries, importance=importance, network=NETWORK, seed=0)


@given(seed=st.integers(0, 1000))
def test_rows_and_columns_without_importance_cost_nothing(seed: int) -> None:
    generator = np.random.default_rng(seed)
    importance = generator.gamma(0.3, size=(6, 5))
    importance[[1, 4]] = 0
    importance[:, 2] = 0
    whole = layer(importance, seed)
    for convention, power in (("importance", 2), ("root importance", 1)):
        found = weighted(whole, convention)
        assert (found.zero_rows, found.zero_columns) == (2, 1)
        kept = np.ix_([0, 2, 3, 5], [0, 1, 3, 4])
        approximation = generator.standard_normal((6, 5))
        scaled = (importance / importance.max()) ** power
        everything = (scaled * (whole.entries - approximation) ** 2).sum()
        assert found.matrix.cost(approximation[kept]) == pytest.approx(everything)


def test_single_zeros_are_kept_and_counted() -> None:
    found = weighted(layer(np.array([[1.0, 0.0], [4.0, 2.0]])), "importance")
    assert found.single_zeros == 1
    assert found.matrix.root_weights.tolist() == [[0.25, 0], [1, 0.5]]


def test_a_layer_without_importance_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="every entry is zero"):
        weighted(layer(np.zeros((2, 2))), "importance")


def test_a_block_has_positive_weights_and_repeats_by_seed() -> None:
    generator = np.random.default_rng(1)
    root = generator.uniform(0, 1, (12, 9)) * (generator.uniform(size=(12, 9)) > 0.2)
    matrix = WeightedMatrix.from_arrays(generator.standard_normal((12, 9)), root)
    blocks = [sampled_block(matrix, (3, 3), seed=seed) for seed in (0, 0, 1)]
    assert all(block.root_weights.all() for block in blocks)
    np.testing.assert_array_equal(blocks[0].data, blocks[1].data)
    assert not np.array_equal(blocks[0].data, blocks[2].data)


def test_a_block_that_must_hold_a_zero_is_refused() -> None:
    matrix = WeightedMatrix.from_arrays(np.ones((2, 2)), [[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(InvalidProblemError, match="blocks of 2 x 2 all hold"):
        sampled_block(matrix, (2, 2), seed=0)


@given(seed=st.integers(0, 1000), groups=st.tuples(*[st.integers(1, 4)] * 2))
def test_averaging_keeps_the_sum_of_squared_weights(
    seed: int, groups: tuple[int, int]
) -> None:
    generator = np.random.default_rng(seed)
    root = generator.uniform(0, 1, (7, 5))
    matrix = WeightedMatrix.from_arrays(generator.standard_normal((7, 5)), root)
    found = grouped_weights(matrix, groups)
    assert len(np.unique(found.root_weights, axis=0)) <= groups[0]
    assert len(np.unique(found.root_weights, axis=1).T) <= groups[1]
    assert (found.root_weights**2).sum() == pytest.approx((root**2).sum())
    np.testing.assert_array_equal(found.data, matrix.data)
