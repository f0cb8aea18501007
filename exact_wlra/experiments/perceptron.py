"""A network with one hidden layer, in NumPy.

p inputs, m hidden units with activation max(0, .), c classes, the mean cross-entropy
of the softmax as loss, Adam on batches drawn without replacement.

Contents
--------
Perceptron          the four arrays, and what they say about inputs
Training            how one was trained
train               Adam from a seeded start
hidden_gradients    derivatives of one example's loss by what enters the hidden units

References
----------
[KingmaBa2015]_; the start is that of [HeZhangRenSun2015]_.
"""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]

# The moments' decay rates and the guard of the division, as published.
_FIRST_DECAY, _SECOND_DECAY, _GUARD = 0.9, 0.999, 1e-8


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Perceptron:
    """softmax(max(0, x H + b) V + c) for a row x of inputs.

    Parameters
    ----------
    hidden : float array, shape (p, m)
        H, the matrix that the experiments approximate.
    hidden_bias : float array, shape (m,)
        b.
    output : float array, shape (m, c)
        V.
    output_bias : float array, shape (c,)
        c.
    """

    hidden: Reals
    hidden_bias: Reals
    output: Reals
    output_bias: Reals

    @property
    def arrays(self) -> tuple[Reals, Reals, Reals, Reals]:
        """The four arrays, in the order of the layers."""
        return self.hidden, self.hidden_bias, self.output, self.output_bias

    def activations(self, inputs: Reals) -> Reals:
        """Return what the hidden units say, shape (n, m)."""
        entering: Reals = inputs @ self.hidden + self.hidden_bias
        return np.maximum(entering, 0)

    def probabilities(self, inputs: Reals) -> Reals:
        """Return the probabilities of the classes, shape (n, c)."""
        return _softmax(self.activations(inputs) @ self.output + self.output_bias)

    def loss(self, inputs: Reals, labels: Integers) -> float:
        """Return the mean cross-entropy."""
        chosen = self.probabilities(inputs)[np.arange(len(labels)), labels]
        return float(-np.log(chosen).mean())

    def accuracy(self, inputs: Reals, labels: Integers) -> float:
        """Return the share of inputs whose likeliest class is their label."""
        return float((self.probabilities(inputs).argmax(axis=1) == labels).mean())


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How a network is trained; the paper states the first number only.

    Parameters
    ----------
    n_hidden : int
        m.
    epochs : int
        How often each example is seen.
    batch : int
        Examples a step.
    step_size : float
        Of Adam.
    """

    n_hidden: int = 128
    epochs: int = 5
    batch: int = 128
    step_size: float = 1e-3


def train(
    inputs: Reals,
    labels: Integers,
    *,
    n_classes: int,
    training: Training,
    seed: int,
) -> Perceptron:
    """Return a trained network.

    Parameters
    ----------
    inputs : float array, shape (n, p)
        Its type is that of the computation; float32 takes half the time of float64.
    labels : int array, shape (n,)
        Classes, from 0.
    seed : int
        Of the start and of the order of the examples; the same seed and machine give
        the same network.

    Examples
    --------
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0]] * 20)
    >>> y = np.array([0, 1] * 20)
    >>> training = Training(n_hidden=4, epochs=100, batch=8, step_size=0.02)
    >>> train(x, y, n_classes=2, training=training, seed=0).accuracy(x, y)
    1.0
    """
    generator = np.random.default_rng(seed)
    network = _start(inputs, training.n_hidden, n_classes, generator)
    firsts = [np.zeros_like(array) for array in network.arrays]
    seconds = [np.zeros_like(array) for array in network.arrays]
    step = 0
    for _ in range(training.epochs):
        order = generator.permutation(len(inputs))
        for begin in range(0, len(order), training.batch):
            chosen = order[begin : begin + training.batch]
            step += 1
            for number, gradient in enumerate(
                gradients(network, inputs[chosen], labels[chosen])
            ):
                first, second = firsts[number], seconds[number]
                np.add(first, (1 - _FIRST_DECAY) * (gradient - first), out=first)
                np.add(second, (1 - _SECOND_DECAY) * (gradient**2 - second), out=second)
                size = training.step_size / (1 - _FIRST_DECAY**step)
                spread = np.sqrt(second / (1 - _SECOND_DECAY**step)) + _GUARD
                array = network.arrays[number]
                np.subtract(array, size * first / spread, out=array)
    return network


def gradients(
    network: Perceptron, inputs: Reals, labels: Integers
) -> tuple[Reals, Reals, Reals, Reals]:
    """Return the derivatives of the mean loss by the four arrays."""
    active = network.activations(inputs)
    leaving = _output_gradients(network, active, labels) / len(labels)
    entering = (leaving @ network.output.T) * (active > 0)
    return (
        inputs.T @ entering,
        entering.sum(axis=0),
        active.T @ leaving,
        leaving.sum(axis=0),
    )


def hidden_gradients(network: Perceptron, inputs: Reals, labels: Integers) -> Reals:
    """Return the derivatives of each example's loss by what enters the hidden units.

    Row t is delta_t of length m; the loss of example t has the derivative
    x_ti delta_tj by H_ij.

    Returns
    -------
    float array, shape (n, m)
    """
    active = network.activations(inputs)
    leaving = _output_gradients(network, active, labels)
    entering: Reals = (leaving @ network.output.T) * (active > 0)
    return entering


def _output_gradients(network: Perceptron, active: Reals, labels: Integers) -> Reals:
    """Return the derivatives of each loss by what enters the softmax."""
    leaving = _softmax(active @ network.output + network.output_bias)
    leaving[np.arange(len(labels)), labels] -= 1
    return leaving


def _softmax(scores: Reals) -> Reals:
    """Return exp(score) over the sum of its row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Reals = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _start(
    inputs: Reals, n_hidden: int, n_classes: int, generator: np.random.Generator
) -> Perceptron:
    """Return Gaussian entries of variance 2/(numbers that enter), and no biases."""
    p = inputs.shape[1]
    kind = inputs.dtype
    hidden = np.sqrt(2 / p) * generator.standard_normal((p, n_hidden))
    output = np.sqrt(2 / n_hidden) * generator.standard_normal((n_hidden, n_classes))
    return Perceptron(
        hidden=hidden.astype(kind),
        hidden_bias=np.zeros(n_hidden, kind),
        output=output.astype(kind),
        output_bias=np.zeros(n_classes, kind),
    )
