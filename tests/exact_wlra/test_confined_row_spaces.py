"""From a ball of matrices to a ball of row spaces: no X of the ball is lost."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from exact_wlra.checker.confined_row_spaces import chart_distance
from reductions.critical_balls import RowSpaceSystem
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)


def chart(right: RationalMatrix, columns: tuple[int, ...]) -> list[Fraction] | None:
    """The coordinates of a row space, exactly; k is 1 or 2."""
    rows = right.fractions()
    k, d = right.shape
    if k == 1:
        (j,) = columns
        if rows[0][j] == 0:
            return None
        return [x / rows[0][j] for i, x in enumerate(rows[0]) if i != j]
    a, b = columns
    det = rows[0][a] * rows[1][b] - rows[0][b] * rows[1][a]
    if det == 0:
        return None
    found = []
    for j in range(d):
        if j not in columns:
            found.append((rows[1][b] * rows[0][j] - rows[0][b] * rows[1][j]) / det)
            found.append((rows[0][a] * rows[1][j] - rows[1][a] * rows[0][j]) / det)
    return found


@given(
    seed=seeds,
    rank=st.integers(1, 2),
    missing=st.sampled_from([0.0, 0.2, 0.4]),
    size=st.sampled_from([10**2, 10**4, 10**8]),
)
def test_no_row_space_of_the_ball_is_farther(seed, rank, missing, size) -> None:
    generator = np.random.default_rng(seed)
    n, d = 5, 4
    omega = generator.integers(1, 5, (n, d)) * (generator.random((n, d)) >= missing)
    instance = Instance(
        data=RationalMatrix(np.zeros((n, d), dtype=np.int64)),
        squared_weights=RationalMatrix(omega),
        rank=rank,
    )
    left = RationalMatrix(generator.integers(-9, 10, (n, rank)))
    right = RationalMatrix(generator.integers(-9, 10, (rank, d)))
    columns = tuple(sorted(generator.choice(d, rank, replace=False).tolist()))
    center = chart(right, columns)
    assume(center is not None)
    near = [
        factor + RationalMatrix(generator.integers(-9, 10, factor.shape), size)
        for factor in (left, right)
    ]
    difference = near[0] @ near[1] - left @ right
    square = instance.squared_weights.hadamard(difference.hadamard(difference)).total()
    system = RowSpaceSystem(instance=instance, columns=columns)
    bound = chart_distance(system, left, right, square)
    assume(bound is not None)
    # The bound is proved for X of rank k whose row space is in the chart: it is.
    moved = chart(near[1], columns)
    assert moved is not None
    total = sum(((x - y) ** 2 for x, y in zip(moved, center, strict=True)), Fraction(0))
    with ctx.workprec(200):
        assert arb(fmpq(*total.as_integer_ratio())) <= bound * bound


def test_a_bound_exists_without_any_full_row_or_column() -> None:
    omega = np.ones((4, 4), dtype=np.int64) - np.eye(4, dtype=np.int64)
    instance = Instance(
        data=RationalMatrix(np.zeros((4, 4), dtype=np.int64)),
        squared_weights=RationalMatrix(omega),
        rank=1,
    )
    system = RowSpaceSystem(instance=instance, columns=(0,))
    left = RationalMatrix.from_rows([[1], [2], [3], [4]])
    right = RationalMatrix.from_rows([[4, 3, 2, 1]])
    bound = chart_distance(system, left, right, Fraction(1, 10**8))
    assert bound is not None
    assert bound < Fraction(1, 1000).__float__()
    assert chart_distance(system, left, right, Fraction(10**4)) is None


@pytest.mark.parametrize("rank", [1, 2])
def test_entries_apart_leave_the_row_space_open(rank) -> None:
    # Two blocks that share no row and no column: their scales are independent.
    omega = np.kron(np.eye(2, dtype=np.int64), np.ones((3, 3), dtype=np.int64))
    instance = Instance(
        data=RationalMatrix(np.zeros((6, 6), dtype=np.int64)),
        squared_weights=RationalMatrix(omega),
        rank=rank,
    )
    generator = np.random.default_rng(0)
    left = RationalMatrix(generator.integers(1, 9, (6, rank)))
    right = RationalMatrix(generator.integers(1, 9, (rank, 6)))
    system = RowSpaceSystem(instance=instance, columns=tuple(range(rank)))
    assert chart_distance(system, left, right, Fraction(0)) is None
