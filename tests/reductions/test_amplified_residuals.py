"""Amplified residuals: the identity is exact, and candidates lie in the ball."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reductions.amplified_residuals import amplified, squared_radius
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
growths = st.fractions(min_value=Fraction(1, 50), max_value=Fraction(49, 50))


def drawn(seed: int, rank: int) -> tuple[Instance, list[RationalMatrix]]:
    """An instance with some zero weights, and factors of two matrices."""
    generator = np.random.default_rng(seed)
    n, d = 4, 5

    def matrix(*shape: int) -> RationalMatrix:
        return RationalMatrix(generator.integers(-5, 6, shape), 3)

    weights = RationalMatrix(generator.integers(0, 5, (n, d)), 2)
    kept = RationalMatrix((weights.numerators > 0).astype(np.int64), 1)
    instance = Instance(
        data=matrix(n, d).hadamard(kept), squared_weights=weights, rank=rank
    )
    return instance, [matrix(*s) for s in ((n, rank), (rank, d)) * 2]


def distance(instance: Instance, factors: list[RationalMatrix]) -> Fraction:
    """The weighted squared distance of the two matrices."""
    a, b, c, e = factors
    difference = a @ b - c @ e
    squares = difference.hadamard(difference)
    return instance.squared_weights.hadamard(squares).total()


@given(seed=seeds, rank=st.integers(1, 3), growth=growths)
def test_the_identity_is_exact(seed, rank, growth) -> None:
    instance, factors = drawn(seed, rank)
    center, other = factors[:2], factors[2:]
    inner = amplified(instance, *center, growth)
    assert inner.squared_weights == instance.squared_weights
    assert instance.cost(*other) == (
        growth * distance(instance, factors)
        + (1 - growth) * inner.cost(*other)
        - growth / (1 - growth) * instance.cost(*center)
    )


@given(seed=seeds, rank=st.integers(1, 3), growth=growths)
def test_what_costs_no_more_lies_in_the_ball(seed, rank, growth) -> None:
    instance, factors = drawn(seed, rank)
    by_cost = sorted((factors[:2], factors[2:]), key=lambda pair: instance.cost(*pair))
    other, center = by_cost
    inner = amplified(instance, *center, growth)
    # The tightest bound that holds for the other matrix: its own inner cost.
    square = squared_radius(instance.cost(*center), inner.cost(*other), growth)
    assert distance(instance, [*center, *other]) <= square


@given(seed=seeds, growth=growths)
def test_data_without_weight_stay_zero(seed, growth) -> None:
    instance, factors = drawn(seed, 2)
    inner = amplified(instance, *factors[:2], growth)
    assert (inner.data.numerators[~instance.support()] == 0).all()
