"""The network: gradients against differences, training repeats by seed."""

import numpy as np
import pytest

from exact_wlra.experiments.perceptron import (
    Perceptron,
    Training,
    gradients,
    hidden_gradients,
    train,
)

GENERATOR = np.random.default_rng(5)
INPUTS = GENERATOR.uniform(0, 1, (7, 4))
LABELS = np.array([0, 2, 1, 1, 0, 2, 2])
NETWORK = Perceptron(
    hidden=GENERATOR.standard_normal((4, 5)),
    hidden_bias=GENERATOR.standard_normal(5),
    output=GENERATOR.standard_normal((5, 3)),
    output_bias=GENERATOR.standard_normal(3),
)


def difference(array: np.ndarray, place: tuple[int, ...], step: float = 1e-6) -> float:
    """Return the central difference of the loss by one entry of an array."""
    kept = array[place]
    losses = []
    for moved in (kept + step, kept - step):
        array[place] = moved
        losses.append(NETWORK.loss(INPUTS, LABELS))
    array[place] = kept
    return (losses[0] - losses[1]) / (2 * step)


@pytest.mark.parametrize("number", range(4))
def test_gradients_are_the_differences_of_the_loss(number: int) -> None:
    array = NETWORK.arrays[number]
    found = gradients(NETWORK, INPUTS, LABELS)[number]
    expected = [difference(array, place) for place in np.ndindex(array.shape)]
    np.testing.assert_allclose(found.ravel(), expected, rtol=1e-6, atol=1e-9)


def test_the_mean_of_outer_products_is_the_gradient_of_the_first_layer() -> None:
    deltas = hidden_gradients(NETWORK, INPUTS, LABELS)
    mean = np.mean(
        [np.outer(x, d) for x, d in zip(INPUTS, deltas, strict=True)], axis=0
    )
    np.testing.assert_allclose(mean, gradients(NETWORK, INPUTS, LABELS)[0])


def test_probabilities_sum_to_one_for_large_scores_too() -> None:
    far = NETWORK.probabilities(1000 * INPUTS)
    assert np.isfinite(far).all()
    np.testing.assert_allclose(far.sum(axis=1), 1)


def test_the_seed_decides_the_network() -> None:
    training = Training(n_hidden=6, epochs=3, batch=3)

    def trained(seed: int) -> np.ndarray:
        network = train(INPUTS, LABELS, n_classes=3, training=training, seed=seed)
        return network.hidden

    np.testing.assert_array_equal(trained(1), trained(1))
    assert not np.array_equal(trained(1), trained(2))


def test_training_lowers_the_loss_and_keeps_the_type() -> None:
    inputs = INPUTS.astype(np.float32)

    def after(epochs: int) -> Perceptron:
        training = Training(n_hidden=16, epochs=epochs, batch=4, step_size=0.01)
        return train(inputs, LABELS, n_classes=3, training=training, seed=0)

    assert after(100).loss(inputs, LABELS) < 0.5 * after(0).loss(inputs, LABELS)
    assert {array.dtype for array in after(1).arrays} == {np.dtype(np.float32)}
