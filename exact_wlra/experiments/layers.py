"""The first layer of a trained network and its importance, as a weighted matrix.

Contents
--------
Convention          "importance": W = F; "root importance": W o W = F
TrainedLayer        entries and importance, with the network they come from
trained_layer       train a network on an image set and keep its first layer
LayerInstance       the weighted matrix, and what was left away
weighted            one layer under one convention
sampled_block       some rows and columns
grouped_weights     weights averaged over few groups of rows and of columns

Notes on the implementation
---------------------------
The paper takes the Fisher matrix F "as the weights W", and its cost squares W: the
cost weighs by F squared. [HsuEtAl2022]_ weigh by F. Both are here.

A pixel that is black in every image, and a unit that no image reaches, have importance
zero everywhere. Such rows and columns cost nothing in any approximation, and leaving
them away changes no infimum (C1 in docs/theory.md); they are counted. Zeros that stand
alone are left where they are; methods that divide by W must be told what to do.

References
----------
[WoodruffYasuda2024]_, Section 4; [HsuEtAl2022]_.
"""

from dataclasses import dataclass
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.images import ImageSet
from exact_wlra.errors import InvalidProblemError
from exact_wlra.experiments.importance import layer_importance
from exact_wlra.experiments.perceptron import Perceptron, Training, train
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]
Convention = Literal["importance", "root importance"]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedLayer:
    """The matrix that is approximated, and how much each entry matters.

    Parameters
    ----------
    entries, importance : float arrays, shape (p, m)
        H and F.
    network : Perceptron
        What they were taken from.
    seed : int
        Of the training.
    """

    entries: Floats
    importance: Floats
    network: Perceptron
    seed: int


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LayerInstance:
    """A weighted matrix, and what was left away.

    Parameters
    ----------
    matrix : WeightedMatrix
        The greatest weight is 1.
    zero_rows, zero_columns : int
        Rows and columns without any weight, left away.
    single_zeros : int
        Weights that are zero and were kept.
    """

    matrix: WeightedMatrix
    zero_rows: int
    zero_columns: int
    single_zeros: int


def trained_layer(images: ImageSet, *, training: Training, seed: int) -> TrainedLayer:
    """Train a network and return its first layer with the importance of its entries.

    Examples
    --------
    >>> from exact_wlra.datasets.images import load
    >>> training = Training(n_hidden=8, epochs=1)
    >>> layer = trained_layer(load("digits"), training=training, seed=0)
    >>> layer.entries.shape, bool((layer.importance >= 0).all())
    ((64, 8), True)
    """
    inputs = images.inputs
    network = train(
        inputs, images.labels, n_classes=images.n_classes, training=training, seed=seed
    )
    return TrainedLayer(
        entries=network.hidden.astype(np.float64),
        importance=layer_importance(network, inputs, images.labels),
        network=network,
        seed=seed,
    )


def weighted(layer: TrainedLayer, convention: Convention) -> LayerInstance:
    """Return the layer as a weighted matrix, scaled so that the greatest weight is 1.

    Raises
    ------
    InvalidProblemError
        If no entry has importance.
    """
    importance = layer.importance
    rows, columns = importance.any(axis=1), importance.any(axis=0)
    if not rows.any():
        raise InvalidProblemError(
            "the importance of every entry is zero; train the network differently."
        )
    kept = importance[rows][:, columns] / importance.max()
    root = kept if convention == "importance" else np.sqrt(kept)
    return LayerInstance(
        # The rank is that of full matrices; it is not needed below, and never too low.
        matrix=WeightedMatrix.from_arrays(
            layer.entries[rows][:, columns], root, weight_rank=min(kept.shape)
        ),
        zero_rows=int((~rows).sum()),
        zero_columns=int((~columns).sum()),
        single_zeros=int((root == 0).sum()),
    )


def sampled_block(
    matrix: WeightedMatrix, shape: tuple[int, int], *, seed: int
) -> WeightedMatrix:
    """Return a block of rows and columns drawn at random, of positive weights.

    Rows and columns are drawn in proportion to the squared weights they hold, so that
    the block is one that matters, and drawn again while a weight is zero.

    Raises
    ------
    InvalidProblemError
        If a thousand draws all hold a zero weight.
    """
    generator = np.random.default_rng(seed)
    squared = matrix.squared_weights
    row_shares = squared.sum(axis=1) / squared.sum()
    column_shares = squared.sum(axis=0) / squared.sum()
    n, d = matrix.shape
    for _ in range(1000):
        rows = np.sort(generator.choice(n, shape[0], replace=False, p=row_shares))
        columns = np.sort(generator.choice(d, shape[1], replace=False, p=column_shares))
        root = matrix.root_weights[np.ix_(rows, columns)]
        if root.all():
            data = matrix.data[np.ix_(rows, columns)]
            return WeightedMatrix.from_arrays(data, root)
    raise InvalidProblemError(
        f"a thousand blocks of {shape[0]} x {shape[1]} all hold a weight 0; ask for a "
        "smaller block."
    )


def grouped_weights(matrix: WeightedMatrix, groups: tuple[int, int]) -> WeightedMatrix:
    """Return the same data with squared weights averaged over groups.

    Rows are cut into `groups[0]` groups of equal size by their sum of squared weights,
    columns into `groups[1]`; each weight becomes the root mean square of its block. So
    W has few distinct rows and columns.

    Examples
    --------
    >>> W = [[1.0, 7.0], [1.0, 1.0], [5.0, 5.0]]
    >>> matrix = WeightedMatrix.from_arrays(np.ones((3, 2)), W)
    >>> grouped_weights(matrix, (3, 1)).root_weights.tolist()
    [[5.0, 5.0], [1.0, 1.0], [5.0, 5.0]]
    """
    squared = matrix.squared_weights
    labels = [
        _equal_groups(squared.sum(axis=1), groups[0]),
        _equal_groups(squared.sum(axis=0), groups[1]),
    ]
    averages = np.zeros_like(squared)
    for g in range(groups[0]):
        for h in range(groups[1]):
            block = np.ix_(labels[0] == g, labels[1] == h)
            averages[block] = squared[block].mean()
    return WeightedMatrix.from_arrays(
        matrix.data, np.sqrt(averages), weight_rank=min(groups)
    )


def _equal_groups(sizes: Floats, n_groups: int) -> NDArray[np.int64]:
    """Return the group of each entry: groups of equal size, from small to large."""
    order = np.argsort(sizes, kind="stable")
    labels = np.empty(len(sizes), dtype=np.int64)
    labels[order] = np.arange(len(sizes)) * n_groups // len(sizes)
    return labels
