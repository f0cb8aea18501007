"""Fully observed blocks: maximal, all of them, the largest first."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.observed_blocks import observed_blocks

Block = tuple[tuple[int, ...], tuple[int, ...]]

seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(st.integers(1, 6), st.integers(1, 6))


def random_support(seed: int, shape: tuple[int, int]) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.random(shape) < generator.choice([0.3, 0.6, 0.9])


def by_brute_force(support: np.ndarray, rank: int) -> set[Block]:
    """All maximal observed blocks larger than the rank, from all sets of rows."""
    n, d = support.shape
    found = set()
    for size in range(rank + 1, n + 1):
        for rows in combinations(range(n), size):
            columns = tuple(j for j in range(d) if support[list(rows), j].all())
            closed = tuple(i for i in range(n) if support[i, list(columns)].all())
            if len(columns) > rank and closed == rows:
                found.add((rows, columns))
    return found


@given(seed=seeds, shape=shapes, rank=st.integers(0, 3))
def test_they_are_those_of_brute_force(seed, shape, rank) -> None:
    support = random_support(seed, shape)
    found = observed_blocks(support, rank)
    distinct = {(tuple(rows), tuple(columns)) for rows, columns in found}
    assert len(distinct) == len(found)
    assert distinct == by_brute_force(support, rank)
    sizes = [len(rows) * len(columns) for rows, columns in found]
    assert sizes == sorted(sizes, reverse=True)


@given(seed=seeds, shape=shapes, rank=st.integers(0, 3))
def test_transposition_exchanges_rows_and_columns(seed, shape, rank) -> None:
    support = random_support(seed, shape)
    found = {(tuple(r), tuple(c)) for r, c in observed_blocks(support, rank)}
    turned = {(tuple(c), tuple(r)) for r, c in observed_blocks(support.T, rank)}
    assert found == turned


@given(seed=seeds, rank=st.integers(1, 4))
def test_each_block_is_observed_maximal_and_large_enough(seed, rank) -> None:
    support = np.random.default_rng(seed).random((14, 12)) < 0.75
    found = observed_blocks(support, rank)
    assert len(found) <= 120
    for rows, columns in found:
        assert min(len(rows), len(columns)) > rank
        assert support[np.ix_(rows, columns)].all()
        assert rows == np.flatnonzero(support[:, columns].all(axis=1)).tolist()
        assert columns == np.flatnonzero(support[rows].all(axis=0)).tolist()


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_full_matrix_is_one_block(rank) -> None:
    assert observed_blocks(np.ones((4, 5)), rank) == [([0, 1, 2, 3], [0, 1, 2, 3, 4])]
    assert observed_blocks(np.ones((rank, 5)), rank) == []
    assert observed_blocks(np.ones((5, rank)), rank) == []
    assert observed_blocks(np.zeros((4, 5)), rank) == []


def test_the_search_stops_where_blocks_are_far_too_many() -> None:
    # All but the diagonal: 2^40 maximal blocks.
    found = observed_blocks(~np.eye(40, dtype=bool), 2)
    assert len(found) == 120
