"""Merging equal rows and columns: nothing is lost, nothing is compared pairwise."""

import tracemalloc
from collections.abc import Callable
from fractions import Fraction
from math import gcd

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.guarantees import LOSSLESS
from reductions.instances import Instance
from reductions.patterns import merge_types, ray_classes, row_classes
from semialgebraic.integer_arrays import integers
from semialgebraic.rational_matrices import RationalMatrix

few = st.integers(0, 2)
factors = st.fractions(min_value=-5, max_value=5, max_denominator=6)
axes = pytest.mark.parametrize("axis", [0, 1])


@st.composite
def arrays(draw: st.DrawFn, entries=few) -> list[list[int]]:
    n, d = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    return [[draw(entries) for _ in range(d)] for _ in range(n)]


@st.composite
def instances(draw: st.DrawFn, scale: int = 1) -> Instance:
    """Few values, so that rows coincide, are proportional, or have no weight."""
    n, d = draw(st.integers(1, 5)), draw(st.integers(1, 4))
    data = [[scale * draw(st.integers(-1, 1)) for _ in range(d)] for _ in range(n)]
    omega = [[draw(few) * scale for _ in range(d)] for _ in range(n)]
    return Instance(
        data=RationalMatrix(integers(np.array(data, dtype=object)), 3),
        squared_weights=RationalMatrix(integers(np.array(omega, dtype=object)), 2),
        rank=draw(st.integers(0, 3)),
    )


def draw_factors(data, instance: Instance) -> tuple[RationalMatrix, RationalMatrix]:
    (n, d), k = instance.shape, instance.rank

    def factor(rows: int, columns: int) -> RationalMatrix:
        entries = [[data.draw(factors) for _ in range(columns)] for _ in range(rows)]
        zeros = RationalMatrix.zeros(rows, columns)
        return RationalMatrix.from_rows(entries) if rows * columns else zeros

    return factor(n, k), factor(k, d)


@given(rows=arrays())
def test_rows_share_a_class_if_and_only_if_they_are_equal(rows) -> None:
    for array in (np.array(rows), np.array(rows, dtype=object)):
        labels, first = row_classes(array)
        for i, a in enumerate(rows):
            for j, b in enumerate(rows):
                assert (labels[i] == labels[j]) == (a == b)
        assert labels[first].tolist() == list(range(len(first)))
        assert all(first[label] <= i for i, label in enumerate(labels))
        assert sorted(first.tolist()) == first.tolist()


@given(rows=arrays(st.integers(-4, 4)), long=st.booleans())
def test_rays_are_rows_up_to_a_positive_factor(rows, long: bool) -> None:
    unit = 2**70 if long else 1
    labels, _, content = ray_classes(
        integers(np.array([[unit * x for x in row] for row in rows], dtype=object))
    )
    for i, a in enumerate(rows):
        assert content[i] == unit * gcd(*a)
        for j, b in enumerate(rows):
            parallel = all(
                x * w == y * v
                for x, v in zip(a, b, strict=True)
                for y, w in zip(a, b, strict=True)
            )
            opposed = sum(x * y for x, y in zip(a, b, strict=True)) < 0
            same = parallel and not opposed and any(a) == any(b)
            assert (labels[i] == labels[j]) == same


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_empty_arrays_have_at_most_one_class(shape: tuple[int, int]) -> None:
    for classes in (row_classes, ray_classes):
        labels, first = classes(np.zeros(shape, dtype=np.int64))[:2]
        assert (len(labels), len(first)) == (shape[0], min(shape[0], 1))


@axes
@given(data=st.data())
def test_the_cost_of_lifted_factors_is_that_of_the_merged_instance(axis, data) -> None:
    instance = data.draw(instances())
    merged = merge_types(instance, axis=axis)
    left, right = draw_factors(data, merged.instance)
    assert instance.cost(*merged.lift(left, right)) == merged.instance.cost(left, right)
    assert merged.guarantee == LOSSLESS


@axes
@given(data=st.data())
def test_merging_never_costs_more_than_any_factors(axis, data) -> None:
    # Copying the cheapest row of a class to the others: inf is the same.
    instance = data.draw(instances())
    merged = merge_types(instance, axis=axis)
    left, right = draw_factors(data, instance)
    whole = instance.cost(left, right)
    best = Fraction(0)
    moving = left if axis == 0 else right.transpose
    for label in range(merged.n_types):
        members = np.flatnonzero(merged.labels == label)
        part = (
            merged.instance.restrict([label])
            if axis == 0
            else merged.instance.restrict(slice(None), [label])
        )
        best += min(
            part.cost(moving.take([i]), right)
            if axis == 0
            else part.cost(left, moving.take([i]).transpose)
            for i in members
        )
    assert best <= whole


@axes
@given(data=st.data())
def test_merging_a_merged_instance_changes_nothing(axis, data) -> None:
    merged = merge_types(data.draw(instances()), axis=axis)
    again = merge_types(merged.instance, axis=axis)
    assert again.instance == merged.instance
    assert again.labels.tolist() == list(range(merged.n_types))


@axes
@given(data=st.data())
def test_duplicated_rows_become_weights(axis, data) -> None:
    instance = data.draw(instances())
    counts = data.draw(
        st.lists(
            st.integers(1, 3),
            min_size=instance.shape[axis],
            max_size=instance.shape[axis],
        )
    )
    repeated = np.repeat(np.arange(instance.shape[axis]), counts)
    whole = slice(None)
    many = instance.restrict(*((repeated, whole) if axis == 0 else (whole, repeated)))
    shape = (-1, 1) if axis == 0 else (1, -1)
    multiplied = Instance(
        data=instance.data,
        squared_weights=instance.squared_weights.hadamard(
            RationalMatrix(np.array(counts).reshape(shape))
        ),
        rank=instance.rank,
    )
    merged = merge_types(many, axis=axis).instance
    expected = merge_types(multiplied, axis=axis).instance
    assert merged == expected


@axes
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(axis, data) -> None:
    instance = data.draw(instances())
    order = data.draw(st.permutations(range(instance.shape[axis])))
    whole = slice(None)
    moved = instance.restrict(*((order, whole) if axis == 0 else (whole, order)))

    def contents(some: Instance) -> list:
        turned = some if axis == 0 else some.transpose
        return sorted(
            zip(
                turned.data.fractions(), turned.squared_weights.fractions(), strict=True
            )
        )

    assert contents(merge_types(moved, axis=axis).instance) == contents(
        merge_types(instance, axis=axis).instance
    )


@axes
@given(data=st.data())
def test_entries_of_long_integers_merge_alike(axis, data) -> None:
    instance = data.draw(instances(scale=2**80))
    merged = merge_types(instance, axis=axis)
    left, right = draw_factors(data, merged.instance)
    assert instance.cost(*merged.lift(left, right)) == merged.instance.cost(left, right)


@axes
@given(data=st.data())
def test_floats_are_lifted_like_rationals(axis, data) -> None:
    instance = data.draw(instances())
    merged = merge_types(instance, axis=axis)
    left, right = draw_factors(data, merged.instance)
    exact = merged.lift(left, right)
    floats = merged.lift(left.to_float(), right.to_float())
    for some, other in zip(exact, floats, strict=True):
        assert np.array_equal(some.to_float(), other)


@axes
@given(data=st.data())
def test_rows_without_weight_disappear_and_come_back_as_zero(axis, data) -> None:
    instance = data.draw(instances())
    merged = merge_types(instance, axis=axis)
    empty = ~instance.support().any(axis=1 - axis)
    assert (merged.labels < 0).tolist() == empty.tolist()
    lifted = merged.lift(*draw_factors(data, merged.instance))
    moving = lifted[0] if axis == 0 else lifted[1].transpose
    assert moving.take(np.flatnonzero(empty)).total() == 0


def test_data_without_weight_do_not_tell_rows_apart() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 7], [1, -5]]),
        squared_weights=RationalMatrix.from_rows([[1, 0], [2, 0]]),
        rank=1,
    )
    merged = merge_types(instance, axis=0)
    assert merged.instance.squared_weights == RationalMatrix.from_rows([[3, 0]])


def peak_of(call: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("n_classes", [3, 10**9], ids=["few classes", "all distinct"])
def test_memory_grows_with_the_rows_and_not_with_their_square(n_classes: int) -> None:
    generator = np.random.default_rng(0)

    def tall(n: int) -> Instance:
        return Instance(
            data=RationalMatrix(generator.integers(0, min(n_classes, 50), size=(n, 4))),
            squared_weights=RationalMatrix(
                generator.integers(1, n_classes, size=(n, 4))
            ),
            rank=1,
        )

    small, large = tall(25_000), tall(100_000)
    merge_types(small, axis=0)  # what is loaded once does not count
    peaks = [
        peak_of(lambda some=some: merge_types(some, axis=0)) for some in (small, large)
    ]
    assert peaks[1] < 5 * peaks[0]
    # A few arrays of the size of the instance and one dictionary; n x n bits are 1 GB.
    assert peaks[1] < 120_000_000
