"""How much the loss depends on each entry of the first layer.

The diagonal of the empirical Fisher matrix: F_ij is the mean over the examples of the
squared derivative of the loss by H_ij.

Contents
--------
layer_importance    F for the first layer, exactly, without a loop over examples

References
----------
[WoodruffYasuda2024]_, Section 4; [HsuEtAl2022]_.
"""

import numpy as np
from numpy.typing import NDArray

from exact_wlra.experiments.perceptron import (
    Integers,
    Perceptron,
    Reals,
    hidden_gradients,
)

Floats = NDArray[np.float64]
_EXAMPLES_AT_ONCE = 8192


def layer_importance(network: Perceptron, inputs: Reals, labels: Integers) -> Floats:
    """Return F_ij = (1/n) sum_t (x_ti delta_tj)^2, shape (p, m).

    *Statement.* The derivative of the loss of example t by H_ij is x_ti delta_tj, with
    delta_t from `hidden_gradients`: one outer product for each example. So
    F = (X o X)^T (Delta o Delta) / n, one product of matrices.

    Parameters
    ----------
    inputs : float array, shape (n, p)
    labels : int array, shape (n,)
        The true labels: this is the empirical Fisher matrix.

    Examples
    --------
    One example: the importance has rank one.

    >>> from exact_wlra.experiments.perceptron import Training, train
    >>> x, y = np.array([[0.5, 1.0, 0.0]]), np.array([1])
    >>> training = Training(n_hidden=3, epochs=1)
    >>> network = train(x, y, n_classes=2, training=training, seed=0)
    >>> int(np.linalg.matrix_rank(layer_importance(network, x, y)))
    1
    """
    total = np.zeros(network.hidden.shape)
    for begin in range(0, len(labels), _EXAMPLES_AT_ONCE):
        some = slice(begin, begin + _EXAMPLES_AT_ONCE)
        x = inputs[some].astype(np.float64)
        delta = hidden_gradients(network, inputs[some], labels[some])
        total += (x**2).T @ delta.astype(np.float64) ** 2
    return total / len(labels)
