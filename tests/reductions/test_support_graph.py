"""Components of the support decouple, each with the same rank."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.guarantees import LOSSLESS
from reductions.instances import Instance
from reductions.support_graph import components, restrict_to_component
from semialgebraic.rational_matrices import RationalMatrix


@st.composite
def supports(draw: st.DrawFn) -> np.ndarray:
    n, d = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    density = draw(st.sampled_from([1, 2, 5]))
    cells = [[draw(st.integers(0, 5)) < density for _ in range(d)] for _ in range(n)]
    return np.array(cells, dtype=bool)


def reached(support: np.ndarray) -> list[tuple[list[int], list[int]]]:
    """Components by naive search from every row."""
    found = []
    waiting = [i for i in range(len(support)) if support[i].any()]
    while waiting:
        rows, columns = {waiting[0]}, set()
        while True:
            grown_columns = {j for i in rows for j in np.flatnonzero(support[i])}
            grown_rows = {
                i for j in grown_columns for i in np.flatnonzero(support[:, j])
            }
            if (grown_rows, grown_columns) == (rows, columns):
                break
            rows, columns = grown_rows, grown_columns
        found.append((sorted(map(int, rows)), sorted(map(int, columns))))
        waiting = [i for i in waiting if i not in rows]
    return found


def random_instance(support: np.ndarray, rank: int, seed: int) -> Instance:
    generator = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(generator.integers(-5, 6, size=support.shape), 2),
        squared_weights=RationalMatrix(
            generator.integers(1, 5, size=support.shape) * support, 3
        ),
        rank=rank,
    )


@given(support=supports())
def test_components_are_those_of_a_naive_search(support) -> None:
    found = [(r.tolist(), c.tolist()) for r, c in components(support)]
    assert found == reached(support)


@given(support=supports(), data=st.data())
def test_components_move_with_the_rows(support, data) -> None:
    order = data.draw(st.permutations(range(len(support))))
    moved = [
        (sorted(order[i] for i in rows), columns.tolist())
        for rows, columns in components(support[order])
    ]
    assert sorted(moved) == sorted(
        (rows.tolist(), columns.tolist()) for rows, columns in components(support)
    )


@given(support=supports(), rank=st.integers(0, 3), seed=st.integers(0, 2**32 - 1))
def test_costs_of_the_components_add_up_with_the_same_rank(support, rank, seed) -> None:
    instance = random_instance(support, rank, seed)
    generator = np.random.default_rng(seed)
    n, d = instance.shape
    left, right = RationalMatrix.zeros(n, rank), RationalMatrix.zeros(rank, d)
    total = Fraction(0)
    for rows, columns in components(support):
        record = restrict_to_component(instance, rows, columns)
        assert record.instance.rank == rank
        assert record.guarantee == LOSSLESS
        part_left = RationalMatrix(generator.integers(-4, 5, size=(len(rows), rank)), 3)
        part_right = RationalMatrix(
            generator.integers(-4, 5, size=(rank, len(columns)))
        )
        total += record.instance.cost(part_left, part_right)
        lifted = record.lift(part_left, part_right)
        left, right = left + lifted[0], right + lifted[1]
        floats = record.lift(part_left.to_float(), part_right.to_float())
        assert np.array_equal(lifted[0].to_float(), floats[0])
        assert np.array_equal(lifted[1].to_float(), floats[1])
    assert instance.cost(left, right) == total


@pytest.mark.parametrize("shape", [(1, 1), (3, 2)])
def test_positive_weights_are_one_component(shape) -> None:
    ((rows, columns),) = components(np.ones(shape, dtype=bool))
    assert (rows.tolist(), columns.tolist()) == tuple(list(range(s)) for s in shape)


@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0), (3, 4)])
def test_no_weight_is_no_component(shape) -> None:
    assert components(np.zeros(shape, dtype=bool)) == []


def test_a_long_band_is_one_component() -> None:
    support = np.eye(300, dtype=bool) | np.eye(300, k=1, dtype=bool)
    ((rows, columns),) = components(support)
    assert (len(rows), len(columns)) == (300, 300)
