"""Factorizations omega = omega[:, e] H: exact, non-negative, with few generators."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.patterns import ray_classes
from reductions.weight_factorization import WeightFactorization, factor_weights
from semialgebraic.integer_arrays import integers
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)


@st.composite
def patterned_weights(draw: st.DrawFn) -> RationalMatrix:
    """Columns that are multiples of a few columns, zeros included."""
    n, s = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    bits = draw(st.sampled_from([2, 70]))
    entries = st.integers(0, 2**bits)
    patterns = [[draw(entries) for _ in range(n)] for _ in range(s)]
    columns = []
    for _ in range(draw(st.integers(1, 7))):
        factor = draw(st.integers(0, 3))
        columns.append([factor * x for x in draw(st.sampled_from(patterns))])
    array = integers(np.array(columns, dtype=object).T)
    return RationalMatrix(array, draw(st.integers(1, 9)))


@st.composite
def mixed_weights(draw: st.DrawFn) -> tuple[RationalMatrix, int]:
    """Columns in the cone of the first ones: sums with non-negative shares."""
    n, s = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    seed = draw(seeds)
    generator = np.random.default_rng(seed)
    base = generator.integers(0, 10, size=(n, s)) + np.eye(n, s, dtype=np.int64)
    shares = generator.integers(0, 4, size=(s, draw(st.integers(1, 6))))
    return RationalMatrix(np.concatenate([base, base @ shares], axis=1), 7), s


@given(omega=patterned_weights())
def test_factorizations_hold_with_one_generator_for_each_pattern(omega) -> None:
    factorization = factor_weights(omega)
    assert factorization.is_valid_for(omega)
    _, first, content = ray_classes(omega.numerators.T)
    n_patterns = sum(1 for column in first if content[column] != 0)
    assert len(factorization.generators) <= n_patterns


@given(case=mixed_weights())
def test_columns_in_a_cone_need_only_its_extreme_rays(case) -> None:
    omega, s = case
    factorization = factor_weights(omega)
    assert factorization.is_valid_for(omega)
    assert len(factorization.generators) <= s


@given(seed=seeds, n=st.integers(2, 6), d=st.integers(2, 40))
def test_two_generators_suffice_at_rank_two(seed: int, n: int, d: int) -> None:
    generator = np.random.default_rng(seed)
    rows = generator.integers(1, 20, size=(n, 2)) @ generator.integers(
        0, 20, size=(2, d)
    )
    factorization = factor_weights(RationalMatrix(rows))
    assert factorization.is_valid_for(RationalMatrix(rows))
    assert len(factorization.generators) <= 2


@given(omega=patterned_weights(), data=st.data())
def test_the_order_of_columns_does_not_change_the_number(omega, data) -> None:
    order = data.draw(st.permutations(range(omega.shape[1])))
    moved = factor_weights(omega.take(columns=order))
    assert len(moved.generators) == len(factor_weights(omega).generators)


@given(case=mixed_weights(), power=st.sampled_from([-300, -30, 30, 300]))
def test_the_scale_of_the_weights_does_not_matter(case, power: int) -> None:
    omega, _ = case
    scaled = omega.scaled(Fraction(10) ** power)
    factorization = factor_weights(scaled)
    assert factorization.is_valid_for(scaled)
    assert factorization.generators == factor_weights(omega).generators


def test_many_generic_patterns_are_all_generators() -> None:
    generator = np.random.default_rng(0)
    omega = RationalMatrix(generator.integers(1, 1000, size=(5, 80)))
    factorization = factor_weights(omega)
    assert factorization.is_valid_for(omega)
    assert len(factorization.generators) == 80


@pytest.mark.parametrize("shape", [(2, 3), (0, 2), (3, 1)])
def test_zero_weights_need_no_generator(shape: tuple[int, int]) -> None:
    omega = RationalMatrix.zeros(*shape)
    factorization = factor_weights(omega)
    assert factorization.generators == ()
    assert factorization.is_valid_for(omega)


def valid() -> tuple[RationalMatrix, WeightFactorization]:
    omega = RationalMatrix.from_rows([[1, 2, 1], [1, 2, 3]])
    return omega, WeightFactorization(
        generators=(0, 2), shares=RationalMatrix.from_rows([[1, 2, 0], [0, 0, 1]])
    )


def test_a_true_factorization_is_valid() -> None:
    omega, factorization = valid()
    assert factorization.is_valid_for(omega)


@pytest.mark.parametrize(
    "changes",
    [
        {"generators": (0, 1)},
        {"generators": (0, 3)},
        {"generators": (0, 10**30)},
        {"generators": (0,)},
        {"generators": (0, 2, 1)},
        {"shares": RationalMatrix.from_rows([[1, 2, 0], [0, 0, 2]])},
        {"shares": RationalMatrix.from_rows([["1/2", 2, 0], [0, 0, 1]])},
        {"shares": RationalMatrix.from_rows([[1, 2], [0, 0]])},
        {"shares": RationalMatrix.from_rows([[1, 2, 0]])},
        {"shares": RationalMatrix.zeros(2, 3)},
    ],
    ids=str,
)
def test_false_factorizations_are_refused(changes) -> None:
    omega, factorization = valid()
    assert not replace(factorization, **changes).is_valid_for(omega)


def test_negative_shares_are_refused_even_if_they_multiply_right() -> None:
    omega = RationalMatrix.from_rows([[2, 1, 1], [1, 1, 0]])
    shares = RationalMatrix.from_rows([[1, 0, 1], [0, 1, -1]])
    assert omega.take(columns=[0, 1]) @ shares == omega
    assert not WeightFactorization(generators=(0, 1), shares=shares).is_valid_for(omega)
