"""Merging proportional rows through their Gram matrix: the same optimum for every V."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from reductions.guarantees import LOSSLESS
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.proportional_rows import (
    LARGEST_ORDER,
    LEAST_SHRINKAGE,
    gram_factor,
    merge_proportional,
)
from semialgebraic.integer_arrays import IntegerArray, integers
from semialgebraic.rational_matrices import RationalMatrix

axes = pytest.mark.parametrize("axis", [0, 1])


@st.composite
def instances(draw: st.DrawFn, least_rows: int = 6) -> Instance:
    """Many rows of two or three weight rays, zeros among the weights."""
    n, d = draw(st.integers(least_rows, 10)), draw(st.integers(1, 3))
    rays = [[draw(st.integers(0, 3)) for _ in range(d)] for _ in range(2)]
    omega, data = [], []
    for _ in range(n):
        factor = draw(st.integers(1, 4))
        omega.append([factor * w for w in draw(st.sampled_from(rays))])
        data.append([draw(st.integers(-3, 3)) for _ in range(d)])
    return Instance(
        data=RationalMatrix(np.array(data), draw(st.integers(1, 5))),
        squared_weights=RationalMatrix(np.array(omega), draw(st.integers(1, 5))),
        rank=draw(st.integers(1, 2)),
    )


def oriented(instance: Instance, axis: int) -> Instance:
    return instance if axis == 0 else instance.transpose


def draw_right(data, k: int, d: int) -> RationalMatrix:
    entries = st.fractions(min_value=-4, max_value=4, max_denominator=5)
    rows = [[data.draw(entries) for _ in range(d)] for _ in range(k)]
    return RationalMatrix.from_rows(rows) if rows else RationalMatrix.zeros(k, d)


def best_cost(instance: Instance, right: RationalMatrix) -> Fraction:
    left = solve_rows(instance.data, instance.squared_weights, right)
    return instance.cost(left, right)


@axes
@given(data=st.data())
def test_the_best_cost_is_the_same_for_every_v(axis, data) -> None:
    instance = data.draw(instances())
    merged = merge_proportional(oriented(instance, axis), axis=axis)
    if merged is not None:
        after = oriented(merged.instance, axis)
        right = draw_right(data, instance.rank, instance.shape[1])
        assert best_cost(after, right) == best_cost(instance, right)


@axes
@given(data=st.data())
def test_lifted_factors_are_refitted_exactly(axis, data) -> None:
    instance = data.draw(instances())
    merged = merge_proportional(oriented(instance, axis), axis=axis)
    if merged is not None:
        k, (n, d) = instance.rank, oriented(merged.instance, axis).shape
        right = draw_right(data, k, d)
        left = draw_right(data, n, k)
        pair = (left, right) if axis == 0 else (right.transpose, left.transpose)
        lifted = merged.lift(*pair)
        cost = merged.original.cost(*lifted)
        assert cost == best_cost(instance, right)
        assert cost <= merged.instance.cost(*pair)
        floats = merged.lift(*(factor.to_float() for factor in pair))
        for exact, rounded in zip(lifted, floats, strict=True):
            assert exact.shape == rounded.shape


@given(instance=instances())
def test_the_energy_is_kept(instance: Instance) -> None:
    merged = merge_proportional(instance, axis=0)
    if merged is not None:
        assert merged.instance.energy() == instance.energy()
        assert merged.guarantee == LOSSLESS


@given(instance=instances())
def test_few_enough_rows_remain(instance: Instance) -> None:
    merged = merge_proportional(instance, axis=0)
    if merged is not None:
        n, d = merged.instance.shape
        rays = {
            tuple(Fraction(x, max(row)) for x in row) if any(row) else row
            for row in map(tuple, instance.squared_weights.numerators.tolist())
        }
        assert n <= len(rays) * d
        assert LEAST_SHRINKAGE * n <= instance.shape[0]


@given(instance=instances())
def test_merging_a_merged_instance_shrinks_nothing(instance: Instance) -> None:
    merged = merge_proportional(instance, axis=0)
    if merged is not None:
        assert merge_proportional(merged.instance, axis=0) is None


@given(data=st.data())
def test_the_order_of_rows_does_not_matter(data) -> None:
    instance = data.draw(instances())
    order = data.draw(st.permutations(range(instance.shape[0])))
    merged = merge_proportional(instance, axis=0)
    moved = merge_proportional(instance.restrict(order), axis=0)
    assert (merged is None) == (moved is None)
    if merged is not None:
        assert merged.instance.shape == moved.instance.shape
        right = draw_right(data, instance.rank, instance.shape[1])
        assert best_cost(merged.instance, right) == best_cost(moved.instance, right)


@given(
    n=st.integers(0, 5),
    d=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
    bits=st.sampled_from([3, 40]),
)
def test_factors_of_a_gram_matrix_multiply_to_it(n, d, seed, bits) -> None:
    generator = np.random.default_rng(seed)
    rows = generator.integers(-(2**bits), 2**bits, size=(n, d)).astype(object)
    gram: IntegerArray = integers(rows.T @ rows) if n else np.zeros((d, d), np.int64)
    factors = gram_factor(gram)
    total = [
        [sum(delta * l[i] * l[j] for delta, l in factors) for j in range(d)]
        for i in range(d)
    ]
    assert total == [[Fraction(int(x)) for x in row] for row in gram]
    assert all(delta > 0 for delta, _ in factors)
    assert len(factors) == fmpz_mat(d, d, [int(x) for x in gram.ravel()]).rank()


def tall(n: int, d: int, distinct_weights: int = 1) -> Instance:
    generator = np.random.default_rng(n + d)
    omega = 1 + np.arange(n)[:, None] % distinct_weights * (1 + np.arange(d))
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(n, d))),
        squared_weights=RationalMatrix(omega),
        rank=1,
    )


def test_many_rows_of_one_pattern_become_as_many_as_their_rank() -> None:
    merged = merge_proportional(tall(1000, 4, distinct_weights=3), axis=0)
    assert merged.instance.shape == (12, 4)


@pytest.mark.parametrize(
    "instance",
    [
        tall(200, LARGEST_ORDER + 1),
        tall(5, 4),
        tall(4, 4),
        tall(6, 2, distinct_weights=6),
        tall(1, 1),
        tall(0, 3),
        tall(3, 0),
    ],
    ids=["order", "little", "nothing", "distinct", "one", "no rows", "no columns"],
)
def test_instances_that_would_not_shrink_are_declined(instance: Instance) -> None:
    assert merge_proportional(instance, axis=0) is None


def test_rows_of_zeros_disappear() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[0, 0], [0, 0], [0, 5]]),
        squared_weights=RationalMatrix.from_rows([[1, 0], [2, 0], [3, 0]]),
        rank=1,
    )
    merged = merge_proportional(instance, axis=0)
    assert merged.instance.shape == (0, 2)
    left, right = merged.lift(
        RationalMatrix.zeros(0, 1), RationalMatrix.from_rows([[1, 1]])
    )
    assert instance.cost(left, right) == 0
