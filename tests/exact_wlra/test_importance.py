"""The importance of entries is what its definition says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.experiments import importance
from exact_wlra.experiments.importance import layer_importance
from exact_wlra.experiments.perceptron import Perceptron, gradients


def drawn(seed: int, shape: tuple[int, int, int, int]) -> tuple[Perceptron, ...]:
    """Return a network, inputs and labels for n examples, p inputs, m units, c classes."""
    n, p, m, c = shape
    generator = np.random.default_rng(seed)
    network = Perceptron(
        hidden=generator.standard_normal((p, m)),
        hidden_bias=generator.standard_normal(m),
        output=generator.standard_normal((m, c)),
        output_bias=generator.standard_normal(c),
    )
    return network, generator.uniform(0, 1, (n, p)), generator.integers(c, size=n)


@settings(deadline=None)
@given(
    seed=st.integers(0, 10_000),
    shape=st.tuples(*[st.integers(1, 5)] * 3, st.integers(2, 4)),
)
def test_importance_is_the_mean_of_squared_derivatives(
    seed: int, shape: tuple[int, int, int, int]
) -> None:
    network, inputs, labels = drawn(seed, shape)
    total = np.zeros(network.hidden.shape)
    for t in range(len(labels)):
        one = slice(t, t + 1)
        total += gradients(network, inputs[one], labels[one])[0] ** 2
    np.testing.assert_allclose(
        layer_importance(network, inputs, labels), total / len(labels), atol=1e-300
    )


def test_importance_does_not_depend_on_how_many_examples_are_taken_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network, inputs, labels = drawn(3, (10, 4, 3, 2))
    whole = layer_importance(network, inputs, labels)
    monkeypatch.setattr(importance, "_EXAMPLES_AT_ONCE", 3)
    np.testing.assert_allclose(layer_importance(network, inputs, labels), whole)


@given(seed=st.integers(0, 1000), m=st.integers(1, 5))
def test_one_example_or_one_unit_gives_rank_one(seed: int, m: int) -> None:
    for shape in ((1, 4, m, 3), (6, 4, 1, 3)):
        assert np.linalg.matrix_rank(layer_importance(*drawn(seed, shape))) <= 1


def test_a_pixel_that_is_always_black_has_no_importance() -> None:
    network, inputs, labels = drawn(0, (8, 4, 20, 2))
    inputs[:, 2] = 0
    found = layer_importance(network, inputs, labels)
    assert not found[2].any()
    assert found[[0, 1, 3]].any(axis=1).all()
