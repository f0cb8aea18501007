"""All reductions together: lossless, at a fixpoint, and the way back."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.guarantees import INFIMUM_ONLY, LOSSLESS
from reductions.instances import Instance
from reductions.pipeline import Reduced, reduce
from semialgebraic.rational_matrices import RationalMatrix

NAMES = {"types", "gram", "scaling", "component", "core"}


@st.composite
def instances(draw: st.DrawFn, least_weight: int = 0) -> Instance:
    """Few data and weights, so that everything that can be reduced occurs."""
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    weights = draw(
        st.sampled_from(
            [(0, 0, 1), (least_weight, 1, 2), (1, 2), (0, 1), (1, 1000, 10**6)]
        )
    )
    allowed = st.sampled_from([max(w, least_weight) for w in weights])
    values = st.integers(-draw(st.sampled_from([1, 5])), 5)
    return Instance(
        data=RationalMatrix.from_rows(
            [[draw(values) for _ in range(d)] for _ in range(n)]
        ),
        squared_weights=RationalMatrix.from_rows(
            [[draw(allowed) for _ in range(d)] for _ in range(n)]
        ),
        rank=draw(st.integers(0, 3)),
    )


def random_factors(leaf: Instance, seed: int) -> tuple[RationalMatrix, RationalMatrix]:
    generator = np.random.default_rng(seed)
    (n, d), k = leaf.shape, leaf.rank
    return (
        RationalMatrix(generator.integers(-4, 5, size=(n, k)), 3),
        RationalMatrix(generator.integers(-4, 5, size=(k, d)), 2),
    )


def lifted_and_aimed(reduced: Reduced, seed: int) -> tuple[Fraction, Fraction]:
    """Cost of lifted random factors, and the sum of their costs at the leaves."""
    factors = [random_factors(leaf, seed) for leaf in reduced.leaves()]
    aimed = sum(
        (
            leaf.cost(*pair)
            for leaf, pair in zip(reduced.leaves(), factors, strict=True)
        ),
        start=Fraction(0),
    )
    left, right = reduced.lift(factors)
    if not isinstance(left, RationalMatrix):
        left, right = (
            RationalMatrix.from_floats(left),
            RationalMatrix.from_floats(right),
        )
    (n, d), k = reduced.instance.shape, reduced.instance.rank
    assert (left.shape, right.shape) == ((n, k), (k, d))
    return reduced.instance.cost(left, right), aimed


def names(reduced: Reduced) -> set[str]:
    return {name for name, _, _ in reduced.steps()}


@given(instance=instances(), seed=st.integers(0, 2**32 - 1))
def test_lifted_factors_cost_what_they_cost_at_the_leaves(instance, seed) -> None:
    reduced = reduce(instance)
    cost, aimed = lifted_and_aimed(reduced, seed)
    if "core" in names(reduced):  # the infimum only
        assert cost <= aimed + Fraction(1, 10**4) * (1 + aimed)
    elif "gram" in names(reduced):  # lifted by the best fit, which may cost less
        assert cost <= aimed
    else:
        assert cost == aimed


@given(instance=instances())
def test_names_shapes_and_guarantee_are_told(instance) -> None:
    reduced = reduce(instance)
    steps = reduced.steps()
    assert {name for name, _, _ in steps} <= NAMES
    assert all(
        a[0] >= b[0] and a[1] >= b[1] if name != "scaling" else a == b
        for name, a, b in steps
    )
    expected = INFIMUM_ONLY if "core" in names(reduced) else LOSSLESS
    assert reduced.guarantee == expected


@given(instance=instances())
def test_a_reduced_leaf_does_not_shrink_any_more(instance) -> None:
    for leaf in reduce(instance).leaves():
        again = reduce(leaf)
        assert names(again) <= {"scaling"}
        assert [some.shape for some in again.leaves()] == [leaf.shape]


@given(instance=instances(), data=st.data())
def test_the_order_of_rows_and_columns_does_not_change_the_leaves(
    instance, data
) -> None:
    n, d = instance.shape
    rows, columns = (data.draw(st.permutations(range(size))) for size in (n, d))
    moved = reduce(instance.restrict(rows, columns))
    assert sorted(leaf.shape for leaf in moved.leaves()) == sorted(
        leaf.shape for leaf in reduce(instance).leaves()
    )


@given(instance=instances(least_weight=1), data=st.data())
def test_a_duplicated_instance_has_the_leaves_of_a_weighted_one(instance, data) -> None:
    n, d = instance.shape
    row_counts, column_counts = (
        data.draw(st.lists(st.integers(1, 3), min_size=size, max_size=size))
        for size in (n, d)
    )
    many = instance.restrict(
        np.repeat(np.arange(n), row_counts), np.repeat(np.arange(d), column_counts)
    )
    counted = Instance(
        data=instance.data,
        squared_weights=instance.squared_weights.hadamard(
            RationalMatrix(np.outer(row_counts, column_counts))
        ),
        rank=instance.rank,
    )
    assert list(reduce(many).leaves()) == list(reduce(counted).leaves())


def test_each_reduction_of_a_built_example_happens_in_order() -> None:
    generator = np.random.default_rng(0)
    block = generator.integers(-9, 10, size=(40, 3))
    data = np.zeros((44, 7), dtype=np.int64)
    omega = np.zeros((44, 7), dtype=np.int64)
    data[:40, :3] = block
    omega[:40, :3] = [[1, 2, 3]] * 20 + [[2, 1, 1]] * 20
    data[40:43, 3:6] = [[1, 2, 3], [4, 5, 6], [7, 8, 10]]
    omega[40:43, 3:6] = [[1, 2, 1], [3, 1, 2], [1, 1, 5]]
    omega[40, 6] = 1  # a pendant column, peeled at rank one
    reduced = reduce(
        Instance(
            data=RationalMatrix(data), squared_weights=RationalMatrix(omega), rank=1
        )
    )
    assert [leaf.shape for leaf in reduced.leaves()] == [(6, 3), (3, 3)]
    assert names(reduced) == {"types", "component", "core", "gram"}
    assert reduced.guarantee == INFIMUM_ONLY


def test_components_keep_the_rank() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows(
            [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 5, 6], [0, 0, 7, 9]]
        ),
        squared_weights=RationalMatrix.from_rows(
            [[1, 2, 0, 0], [1, 1, 0, 0], [0, 0, 3, 1], [0, 0, 1, 1]]
        ),
        rank=1,
    )
    assert [(leaf.shape, leaf.rank) for leaf in reduce(instance).leaves()] == [
        ((2, 2), 1),
        ((2, 2), 1),
    ]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_an_empty_instance_is_its_own_leaf(shape) -> None:
    empty = Instance(
        data=RationalMatrix.zeros(*shape),
        squared_weights=RationalMatrix.zeros(*shape),
        rank=1,
    )
    reduced = reduce(empty)
    assert reduced.is_leaf
    assert list(reduced.leaves()) == [empty]


def test_weights_that_are_all_zero_leave_nothing() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2], [3, 4]]),
        squared_weights=RationalMatrix.zeros(2, 2),
        rank=1,
    )
    reduced = reduce(instance)
    assert all(0 in leaf.shape for leaf in reduced.leaves())
    left, right = reduced.lift([random_factors(leaf, 0) for leaf in reduced.leaves()])
    assert (left.shape, right.shape) == ((2, 1), (1, 2))


def test_floats_and_rationals_may_be_mixed() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows(
            [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 5, 6], [0, 0, 7, 9]]
        ),
        squared_weights=RationalMatrix.from_rows(
            [[1, 2, 0, 0], [1, 1, 0, 0], [0, 0, 3, 1], [0, 0, 1, 1]]
        ),
        rank=1,
    )
    exact = RationalMatrix.from_rows([[1], [2]]), RationalMatrix.from_rows([[3, 4]])
    floats = tuple(factor.to_float() for factor in exact)
    left, right = reduce(instance).lift([exact, floats])
    assert left.tolist() == [[1.0], [2.0], [1.0], [2.0]]
    assert right.tolist() == [[3.0, 4.0, 3.0, 4.0]]
