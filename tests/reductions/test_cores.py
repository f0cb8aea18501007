"""The (k+1)-core: what is peeled, and that the infimum survives."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reductions.cores import peel, peeling
from reductions.errors import NotApplicableError
from reductions.guarantees import INFIMUM_ONLY
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

ranks = st.integers(0, 3)


@st.composite
def supports(draw: st.DrawFn) -> np.ndarray:
    n, d = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    density = draw(st.sampled_from([1, 2, 4]))
    cells = [[draw(st.integers(0, 4)) < density for _ in range(d)] for _ in range(n)]
    return np.array(cells, dtype=bool)


def naive_core(support: np.ndarray, rank: int) -> tuple[list[int], list[int]]:
    """Delete one vertex of degree at most k after the other."""
    rows, columns = list(range(support.shape[0])), list(range(support.shape[1]))
    while True:
        low_rows = [i for i in rows if support[i, columns].sum() <= rank]
        low_columns = [j for j in columns if support[rows, j].sum() <= rank]
        if low_rows:
            rows.remove(low_rows[-1])
        elif low_columns:
            columns.remove(low_columns[-1])
        else:
            return rows, columns


def random_instance(support: np.ndarray, rank: int, seed: int) -> Instance:
    generator = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=support.shape)),
        squared_weights=RationalMatrix(
            generator.integers(1, 5, size=support.shape) * support
        ),
        rank=rank,
    )


def exact_cost(instance: Instance, left: np.ndarray, right: np.ndarray) -> Fraction:
    return instance.cost(
        RationalMatrix.from_floats(left), RationalMatrix.from_floats(right)
    )


@given(support=supports(), rank=ranks)
def test_the_core_does_not_depend_on_the_order_of_deletion(support, rank) -> None:
    peeled = peeling(support, rank)
    assert (peeled.rows.tolist(), peeled.columns.tolist()) == naive_core(support, rank)


@given(support=supports(), rank=ranks)
def test_every_vertex_is_deleted_once_or_stays(support, rank) -> None:
    peeled = peeling(support, rank)
    for axis, stays in ((0, peeled.rows), (1, peeled.columns)):
        gone = [
            i for a, indices in peeled.rounds if a == axis for i in indices.tolist()
        ]
        assert sorted(gone + stays.tolist()) == list(range(support.shape[axis]))


@given(support=supports(), rank=ranks)
def test_a_core_is_its_own_core(support, rank) -> None:
    peeled = peeling(support, rank)
    again = peeling(support[np.ix_(peeled.rows, peeled.columns)], rank)
    assert again.rounds == ()


@given(support=supports(), rank=ranks, data=st.data())
def test_the_core_moves_with_the_rows(support, rank, data) -> None:
    order = data.draw(st.permutations(range(len(support))))
    moved = peeling(support[order], rank)
    peeled = peeling(support, rank)
    assert sorted(order[i] for i in moved.rows) == peeled.rows.tolist()
    assert moved.columns.tolist() == peeled.columns.tolist()


@given(support=supports(), rank=ranks, seed=st.integers(0, 2**32 - 1))
def test_the_cost_comes_down_to_that_of_the_core(support, rank, seed) -> None:
    instance = random_instance(support, rank, seed)
    core = peeling(support, rank)
    assume((len(core.rows), len(core.columns)) != support.shape)
    record = peel(instance)
    assert record.guarantee == INFIMUM_ONLY
    generator = np.random.default_rng(seed)
    left = generator.integers(-4, 5, size=(len(core.rows), rank)).astype(float)
    right = generator.integers(-4, 5, size=(rank, len(core.columns))).astype(float)
    lifted = record.lift(left, right)
    reached = exact_cost(instance, *lifted)
    aimed = exact_cost(record.instance, left, right)
    # The infimum only: a singular fit costs about the square of its perturbation.
    assert abs(reached - aimed) <= Fraction(1, 10**5) * (1 + aimed)


@given(support=supports(), rank=ranks, seed=st.integers(0, 2**32 - 1))
def test_exact_factors_are_lifted_too(support, rank, seed) -> None:
    instance = random_instance(support, rank, seed)
    core = peeling(support, rank)
    assume((len(core.rows), len(core.columns)) != support.shape)
    zero = (
        RationalMatrix.zeros(len(core.rows), rank),
        RationalMatrix.zeros(rank, len(core.columns)),
    )
    left, right = peel(instance).lift(*zero)
    assert (left.shape, right.shape) == (
        (instance.shape[0], rank),
        (rank, instance.shape[1]),
    )


def test_the_infimum_that_is_not_attained_is_approached() -> None:
    # D1 at delta = 0: X_11 X_22 = X_12 X_21 = 1 is impossible with X_11 = 0.
    instance = Instance(
        data=RationalMatrix.from_rows([[0, 1], [1, 0]]),
        squared_weights=RationalMatrix.from_rows([[1, 1], [1, 0]]),
        rank=1,
    )
    record = peel(instance)
    assert record.instance.shape == (0, 0)
    left, right = record.lift(np.zeros((0, 1)), np.zeros((1, 0)))
    cost = exact_cost(instance, left, right)
    assert 0 < cost < Fraction(1, 10**8)


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_an_instance_that_is_its_own_core_is_refused(rank: int) -> None:
    instance = random_instance(np.ones((3, 4), dtype=bool), rank, seed=1)
    with pytest.raises(NotApplicableError, match="its own core"):
        peel(instance)


def test_a_path_without_zeros_is_fitted_exactly() -> None:
    support = np.eye(60, dtype=bool) | np.eye(60, k=1, dtype=bool)
    data = 1 + np.arange(3600).reshape(60, 60) % 7
    instance = Instance(
        data=RationalMatrix(data),
        squared_weights=RationalMatrix(support.astype(np.int64)),
        rank=1,
    )
    record = peel(instance)
    assert record.instance.shape == (0, 0)
    lifted = record.lift(np.zeros((0, 1)), np.zeros((1, 0)))
    assert exact_cost(instance, *lifted) < Fraction(1, 10**12)
