"""Random cases: small integers from recorded seeds, so that every check is exact.

Contents
--------
generator           the random numbers of a statement and a seed
integer_matrix      independent integers, uniform on an interval
low_rank_integers   a product of two such matrices
patterned_weights   few distinct rows and columns
weighted_problem    a small `Problem` with positive or with some zero weights
"""

from typing import Any, Literal
from zlib import crc32

import numpy as np

from exact_wlra.problem import Problem
from semialgebraic.rational_matrices import RationalMatrix

Generator = np.random.Generator
Weights = Literal["positive", "some zero", "two row patterns", "rank one", "binary"]


def generator(key: str, seed: int) -> Generator:
    """Return random numbers that depend on the statement and the seed only.

    Examples
    --------
    >>> a, b = generator("ours/c0", 1), generator("ours/c0", 1)
    >>> int(a.integers(100)) == int(b.integers(100))
    True
    """
    return np.random.default_rng([crc32(key.encode()), seed])


def integer_matrix(
    noise: Generator, shape: tuple[int, int], low: int, high: int
) -> Any:
    """Return integers from low to high, both included, as an array."""
    return noise.integers(low, high + 1, size=shape)


def low_rank_integers(noise: Generator, shape: tuple[int, int], rank: int) -> Any:
    """Return an integer matrix of rank at most `rank`, with entries of either sign."""
    n, d = shape
    return integer_matrix(noise, (n, rank), -3, 3) @ integer_matrix(
        noise, (rank, d), -3, 3
    )


def patterned_weights(
    noise: Generator, shape: tuple[int, int], n_rows: int, n_columns: int
) -> Any:
    """Return positive integer weights with few distinct rows and columns."""
    table = integer_matrix(noise, (n_rows, n_columns), 1, 5)
    rows = np.concatenate(
        [np.arange(n_rows), noise.integers(0, n_rows, max(shape[0] - n_rows, 0))]
    )
    columns = np.concatenate(
        [
            np.arange(n_columns),
            noise.integers(0, n_columns, max(shape[1] - n_columns, 0)),
        ]
    )
    return table[rows[: shape[0]]][:, columns[: shape[1]]]


def weighted_problem(
    noise: Generator, shape: tuple[int, int], rank: int, *, weights: Weights
) -> Problem:
    """Return a problem of small integers.

    Examples
    --------
    >>> weighted_problem(generator("x", 0), (2, 3), 1, weights="positive")
    Problem(2 x 3, rank=1)
    """
    n, d = shape
    data = integer_matrix(noise, shape, -5, 5)
    match weights:
        case "positive":
            root = integer_matrix(noise, shape, 1, 5)
        case "some zero":
            root = integer_matrix(noise, shape, 0, 3)
        case "binary":
            root = integer_matrix(noise, shape, 0, 1)
        case "two row patterns":
            root = patterned_weights(noise, shape, min(2, n), d)
        case "rank one":
            root = np.outer(noise.integers(1, 5, n), noise.integers(1, 5, d))
    return Problem(data, weights=RationalMatrix(np.asarray(root)), rank=rank)
