"""Scaling by powers of two: the same cost, no bits lost."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.guarantees import LOSSLESS
from reductions.instances import Instance
from reductions.scalings import equilibrate, scale
from semialgebraic.rational_matrices import RationalMatrix

exponents = st.one_of(st.integers(-6, 6), st.integers(-200, 200))
seeds = st.integers(0, 2**32 - 1)


@st.composite
def shapes(draw: st.DrawFn) -> tuple[int, int]:
    return draw(st.integers(1, 4)), draw(st.integers(1, 4))


def random_instance(shape: tuple[int, int], seed: int, rank: int = 2) -> Instance:
    generator = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(generator.integers(-(2**40), 2**40, size=shape), 6),
        squared_weights=RationalMatrix(generator.integers(0, 5, size=shape), 10),
        rank=rank,
    )


def random_factors(shape: tuple[int, int], seed: int) -> tuple[RationalMatrix, ...]:
    generator = np.random.default_rng(seed + 1)
    return (
        RationalMatrix(generator.integers(-9, 10, size=(shape[0], 2)), 3),
        RationalMatrix(generator.integers(-9, 10, size=(2, shape[1])), 5),
    )


def draw_exponents(data, size: int) -> np.ndarray:
    return np.array(
        data.draw(st.lists(exponents, min_size=size, max_size=size)), dtype=np.int64
    )


@given(shape=shapes(), seed=seeds, data=st.data())
def test_the_cost_of_lifted_factors_is_the_same(shape, seed, data) -> None:
    instance = random_instance(shape, seed)
    record = scale(
        instance, draw_exponents(data, shape[0]), draw_exponents(data, shape[1])
    )
    factors = random_factors(shape, seed)
    assert instance.cost(*record.lift(*factors)) == record.instance.cost(*factors)
    assert record.guarantee == LOSSLESS


@given(shape=shapes(), seed=seeds, data=st.data())
def test_scaling_back_gives_the_instance(shape, seed, data) -> None:
    instance = random_instance(shape, seed)
    rows, columns = (draw_exponents(data, size) for size in shape)
    there = scale(instance, rows, columns).instance
    assert scale(there, -rows, -columns).instance == instance


@given(shape=shapes(), seed=seeds, data=st.data())
def test_entries_are_multiplied_by_powers_of_two(shape, seed, data) -> None:
    instance = random_instance(shape, seed)
    rows, columns = (draw_exponents(data, size) for size in shape)
    scaled = scale(instance, rows, columns).instance
    for i, r in enumerate(rows.tolist()):
        for j, c in enumerate(columns.tolist()):
            power = Fraction(2) ** (r + c)
            assert scaled.data[i, j] == instance.data[i, j] * power
            assert (
                scaled.squared_weights[i, j]
                == instance.squared_weights[i, j] / power**2
            )


@given(shape=shapes(), seed=seeds, data=st.data())
def test_floats_are_lifted_like_rationals(shape, seed, data) -> None:
    small = st.lists(st.integers(-6, 6), min_size=sum(shape), max_size=sum(shape))
    drawn = np.array(data.draw(small), dtype=np.int64)
    record = scale(random_instance(shape, seed), drawn[: shape[0]], drawn[shape[0] :])
    left, right = random_factors(shape, seed)
    exact = record.lift(left, right)
    floats = record.lift(left.to_float(), right.to_float())
    assert np.array_equal(exact[0].to_float(), floats[0])
    assert np.array_equal(exact[1].to_float(), floats[1])


@given(shape=shapes(), seed=seeds, data=st.data())
def test_weights_of_a_scaled_product_become_comparable(shape, seed, data) -> None:
    # omega_ij = 4^(r_i + c_j) w_ij with w_ij in {1, ..., 4}: the scales are recovered.
    generator = np.random.default_rng(seed)
    rows, columns = (draw_exponents(data, size) for size in shape)
    plain = Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=shape)),
        squared_weights=RationalMatrix(generator.integers(1, 5, size=shape)),
        rank=1,
    )
    wild = scale(plain, -rows, -columns).instance
    tame = scale(wild, *equilibrate(wild)).instance.squared_weights.to_float()
    assert tame.max() / tame.min() <= 2.0**10


@given(shape=shapes(), seed=seeds)
def test_comparable_weights_are_left_alone(shape, seed) -> None:
    rows, columns = equilibrate(random_instance(shape, seed))
    assert not rows.any()
    assert not columns.any()


@pytest.mark.parametrize("shape", [(2, 3), (0, 0), (0, 2), (2, 0)])
def test_nothing_is_scaled_where_nothing_has_weight(shape) -> None:
    empty = Instance(
        data=RationalMatrix.zeros(*shape),
        squared_weights=RationalMatrix.zeros(*shape),
        rank=1,
    )
    rows, columns = equilibrate(empty)
    assert (len(rows), len(columns)) == shape
    assert not rows.any()
    assert not columns.any()
    assert scale(empty, rows, columns).instance == empty
