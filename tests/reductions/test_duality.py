"""Duality of critical points: values add up, ranks are complementary."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reductions.duality import dual_instance, dual_point
from reductions.errors import NotApplicableError
from reductions.instances import Instance, ones_like
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

# Ottaviani, Spaenlehauer, Sturmfels, 3 x 3: data and squared weights.
OSS = Instance(
    data=RationalMatrix.from_rows([[-59, 11, 59], [11, 59, -59], [59, -59, 11]]),
    squared_weights=RationalMatrix.from_rows([[9, 6, 1], [6, 1, 9], [1, 9, 6]]),
    rank=2,
)


@st.composite
def instances(draw) -> Instance:
    n, d = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 999)))
    return Instance(
        data=RationalMatrix(rng.integers(-9, 10, (n, d)), 2),
        squared_weights=RationalMatrix(rng.integers(1, 10, (n, d)), 3),
        rank=draw(st.integers(1, min(n, d) - 1)),
    )


def cost_of(instance: Instance, point: RationalMatrix) -> Fraction:
    identity = RationalMatrix(np.eye(instance.shape[1], dtype=np.int64))
    return instance.cost(point, identity)


@given(instances(), st.integers(0, 99))
def test_values_of_half_critical_points_add_up(instance: Instance, seed) -> None:
    """Least squares in U alone already makes sum omega X (A - X) zero."""
    k, d = instance.rank, instance.shape[1]
    right = RationalMatrix(np.random.default_rng(seed).integers(-5, 6, (k, d)))
    left = solve_rows(instance.data, instance.squared_weights, right)
    point = left @ right
    dual = dual_instance(instance)
    image = dual_point(instance, point)
    total = instance.energy()
    assert dual.energy() == total
    assert cost_of(instance, point) + cost_of(dual, image) == total
    # X Y^T is zero on the side of the normal equations.
    normal = image @ right.transpose
    assert normal == RationalMatrix.zeros(instance.shape[0], k)


@given(instances())
def test_twice_dual_is_the_instance(instance: Instance) -> None:
    assert dual_instance(dual_instance(instance)) == instance
    point = RationalMatrix(np.ones(instance.shape, dtype=np.int64))
    there = dual_point(instance, point)
    assert dual_point(dual_instance(instance), there) == point


def test_rank_of_the_image_is_complementary_where_the_point_is_critical() -> None:
    data = RationalMatrix.from_rows([[3, 0, 0], [0, 2, 0], [0, 0, 1]])
    instance = Instance(data=data, squared_weights=ones_like(data), rank=1)
    point = RationalMatrix.from_rows([[3, 0, 0], [0, 0, 0], [0, 0, 0]])
    image = dual_point(instance, point)
    assert image == RationalMatrix.from_rows([[0, 0, 0], [0, 2, 0], [0, 0, 1]])
    assert dual_instance(instance).rank == 2
    assert cost_of(instance, point) == 5
    assert cost_of(dual_instance(instance), image) == 9


def test_published_rank_two_optimum_and_its_dual() -> None:
    """The optimum 6534/23 belongs to the critical value 106608 - 6534/23 of rank 1."""
    # X is circulant-like; its entries over 23 are those published to 15 digits.
    a, b, c = -1379, 220, 1159
    point = RationalMatrix.from_rows([[a, b, c], [b, c, a], [c, a, b]]).scaled(
        Fraction(1, 23)
    )
    assert OSS.energy() == 106608
    assert cost_of(OSS, point) == Fraction(6534, 23)
    image = dual_point(OSS, point)
    dual = dual_instance(OSS)
    assert dual.rank == 1
    assert cost_of(dual, image) == 106608 - Fraction(6534, 23)
    # Rank one: all 2 x 2 minors vanish; and both products vanish (critical point).
    rows = image.fractions()
    for i, j in ((0, 1), (0, 2), (1, 2)):
        for p, q in ((0, 1), (0, 2), (1, 2)):
            assert rows[i][p] * rows[j][q] == rows[i][q] * rows[j][p]
    zero = RationalMatrix.zeros(3, 3)
    assert image @ point.transpose == zero
    assert image.transpose @ point == zero


@given(instances(), st.integers(0, 3))
def test_refusals(instance: Instance, which: int) -> None:
    weights = instance.squared_weights.fractions()
    row, column = which % len(weights), which % len(weights[0])
    weights[row][column] = Fraction(0)
    zeros = Instance(
        data=instance.data,
        squared_weights=RationalMatrix.from_fractions(weights),
        rank=instance.rank,
    )
    with pytest.raises(NotApplicableError, match="positive weights"):
        dual_instance(zeros)
    assume(min(instance.shape) < 4)
    high = Instance(
        data=instance.data, squared_weights=instance.squared_weights, rank=5
    )
    with pytest.raises(NotApplicableError, match="at most"):
        dual_instance(high)
