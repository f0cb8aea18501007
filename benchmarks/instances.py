"""Seeded families of instances of weighted low rank approximation.

Every family takes a seed and returns a `Problem`; the same seed gives the same
numbers. Data of the kind "noise" are uniform integers in -5 .. 5, without any low
rank structure, the hardest case; "planted" data are a low rank matrix plus noise,
rounded to integers.

Contents
--------
few_patterns        weights with few distinct columns, and perhaps few distinct rows
generic             no two weights of a row or column related
unstructured        weights of few values without any pattern
masked              weights 0 and 1, a part of each row and column observed
completion          low rank completion with a ridge, as weights of two values
distinct_weights    all n d weights distinct, low rank data plus a little noise
patterned           labels and cores, never written out
"""

from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from exact_wlra import Problem

Kind = Literal["noise", "planted"]
Array = NDArray[Any]


def few_patterns(
    shape: tuple[int, int],
    *,
    column_patterns: int,
    row_patterns: int | None = None,
    kind: Kind = "noise",
    weights: tuple[int, ...] = (1, 2, 3),
    data_rank: int = 1,
    rank: int = 1,
    seed: int,
) -> Problem:
    """Return a problem whose weight matrix has few distinct columns.

    Parameters
    ----------
    column_patterns, row_patterns : int
        Numbers of distinct columns and rows of W; without the second every row is
        drawn freely, so that nearly all of them are distinct where the numbers allow.
    kind : {"noise", "planted"}
        Where the data come from.
    weights : tuple of int
        Values that W takes.
    data_rank : int
        Rank of planted data before the noise.
    rank : int
        Rank asked for.
    """
    data, root = few_pattern_arrays(
        shape,
        column_patterns=column_patterns,
        row_patterns=row_patterns,
        kind=kind,
        weights=weights,
        data_rank=data_rank,
        seed=seed,
    )
    return Problem(data, weights=root, rank=rank)


def few_pattern_arrays(
    shape: tuple[int, int],
    *,
    column_patterns: int,
    row_patterns: int | None = None,
    kind: Kind = "noise",
    weights: tuple[int, ...] = (1, 2, 3),
    data_rank: int = 1,
    seed: int,
) -> tuple[Array, Array]:
    """Return A and W of `few_patterns` as small integers."""
    random = np.random.default_rng(seed)
    n, d = shape
    core = _core(random, row_patterns or n, column_patterns, weights)
    rows = np.arange(n) if row_patterns is None else _labels(random, row_patterns, n)
    columns = _labels(random, column_patterns, d)
    root = core[np.ix_(rows, columns)].astype(np.int16)
    return _data(random, shape, kind, data_rank), root


def generic(shape: tuple[int, int], *, rank: int = 1, seed: int) -> Problem:
    """Return a problem with data in -9 .. 9 and weights in 1 .. 9."""
    random = np.random.default_rng(seed)
    data = random.integers(-9, 10, shape)
    root = random.integers(1, 10, shape)
    return Problem(data, weights=root, rank=rank)


def unstructured(
    shape: tuple[int, int],
    *,
    rank: int,
    kind: Kind = "noise",
    weights: tuple[int, ...] = (1, 2, 3),
    seed: int,
) -> Problem:
    """Return a problem whose weights are drawn one by one, planted data of its rank."""
    random = np.random.default_rng(seed)
    root = random.choice(weights, shape)
    return Problem(_data(random, shape, kind, rank), weights=root, rank=rank)


def masked(
    shape: tuple[int, int], *, observed: float, rank: int = 1, seed: int
) -> Problem:
    """Return noise data of which a part is observed, more than k in every line."""
    random = np.random.default_rng(seed)
    n_observed = round(observed * shape[0] * shape[1])
    mask = _mask(random, shape, n_observed, least=rank + 1)
    return Problem(_data(random, shape, "noise", rank), weights=mask, rank=rank)


def completion(
    n: int, *, rank: int, n_observed: int, gamma: int, seed: int
) -> tuple[Problem, Fraction]:
    """Return the family of [BertsimasCoryWrightLoPauphilet2023]_, and a constant.

    They minimize (1/2) sum_Omega (X - A)^2 + |X|^2/(2 gamma) over rank X <= k, for
    A = U V + 0.1 N with Gaussian factors and Omega random, every line observed. With
    X = Y gamma/(1 + gamma) that is a multiple of

        sum_Omega (1 + gamma)(Y - A)^2 + sum_rest Y^2 + (1 + gamma)/gamma sum_Omega A^2,

    the last sum being the constant that is returned. A is rounded to multiples of
    1/10000, which are the unit of the data.
    """
    random = np.random.default_rng(seed)
    signal = _low_rank(random, (n, n), rank)
    data = np.rint(1e4 * (signal + 0.1 * random.standard_normal((n, n))))
    mask = _mask(random, (n, n), n_observed, least=1)
    A = np.where(mask, data, 0).astype(np.int64)
    problem = Problem(A, squared_weights=np.where(mask, 1 + gamma, 1), rank=rank)
    return problem, Fraction(1 + gamma, gamma) * int((A**2).sum())


def distinct_weights(
    shape: tuple[int, int],
    *,
    rank: int,
    noise: float,
    integral: bool,
    seed: int,
) -> Problem:
    """Return low rank data plus noise under n d different weights between 1 and 3.

    Parameters
    ----------
    noise : float
        Standard deviation of the noise divided by that of the low rank part.
    integral : bool
        Whether the data are rounded to integers of about two digits and the weights
        are integers n d .. 3 n d; otherwise both are float64 numbers.
    """
    random = np.random.default_rng(seed)
    n, d = shape
    signal = _low_rank(random, shape, rank)
    data = signal + noise * signal.std() * random.standard_normal(shape)
    root = n * d + 2 * random.permutation(n * d).reshape(shape)
    if integral:
        return Problem(np.rint(20 * data).astype(np.int64), weights=root, rank=rank)
    return Problem(data, weights=root / (n * d), rank=rank)


def patterned(
    shape: tuple[int, int],
    *,
    weight_patterns: tuple[int, int],
    data_patterns: tuple[int, int],
    seed: int,
) -> dict[str, Array | int]:
    """Return the arguments of `Problem.patterned`: labels and cores.

    A row type is a pair of a weight pattern and a data pattern, and so is a column
    type; rows and columns draw theirs independently. Cores depend on the seed only.
    """
    random = np.random.default_rng(seed)
    (r, c), (p, q) = weight_patterns, data_patterns
    root = _core(random, r, c, (1, 2, 3))
    data = random.integers(-5, 6, (p, q))
    n, d = shape
    return {
        "row_labels": random.integers(0, r * p, n),
        "column_labels": random.integers(0, c * q, d),
        "data_core": np.tile(data, (r, c)),
        "weight_core": np.kron(root, np.ones((p, q), dtype=np.int64)),
        "rank": 1,
    }


def _core(
    random: np.random.Generator, r: int, c: int, weights: tuple[int, ...]
) -> Array:
    """Return an r x c weight core: no zero row or column, no two columns parallel."""
    while True:
        core = random.choice(weights, (r, c))
        squares = core.astype(np.int64) ** 2
        grams = squares.T @ squares
        norms = np.diag(grams)
        parallel = grams**2 == norms[:, None] * norms[None, :]
        if core.any(axis=0).all() and core.any(axis=1).all() and parallel.sum() == c:
            return core


def _labels(random: np.random.Generator, n_types: int, n: int) -> Array:
    """Return n labels in which every type occurs."""
    labels = np.concatenate([np.arange(n_types), random.integers(0, n_types, n)])[:n]
    return random.permutation(labels)


def _mask(
    random: np.random.Generator, shape: tuple[int, int], n_observed: int, *, least: int
) -> Array:
    """Return a 0-1 matrix of so many ones, at least so many in every line."""
    flat = np.arange(shape[0] * shape[1]) < n_observed
    while True:
        mask = random.permutation(flat).reshape(shape)
        if min(mask.sum(axis=0).min(), mask.sum(axis=1).min()) >= least:
            return mask.astype(np.int64)


def _data(
    random: np.random.Generator, shape: tuple[int, int], kind: Kind, rank: int
) -> Array:
    """Return integer data of the given kind."""
    if kind == "noise":
        return random.integers(-5, 6, shape, dtype=np.int16)
    planted = _low_rank(random, shape, rank)
    return np.rint(10 * planted + 5 * random.standard_normal(shape)).astype(np.int16)


def _low_rank(
    random: np.random.Generator, shape: tuple[int, int], rank: int
) -> NDArray[np.float64]:
    """Return a product of two Gaussian factors."""
    n, d = shape
    return random.standard_normal((n, rank)) @ random.standard_normal((rank, d))
