"""Counts of complex critical points against the literature, and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from exact_wlra.theorems.critical_point_counts import counted_critical_points
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def generic(seed: int, shape: tuple[int, int], rank: int) -> Instance:
    rng = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(rng.integers(-99, 100, shape)),
        squared_weights=RationalMatrix(rng.integers(10, 100, shape)),
        rank=rank,
    )


@pytest.mark.parametrize(
    ("shape", "rank", "count"),
    [
        ((2, 2), 1, 6),
        ((2, 3), 1, 10),
        ((5, 2), 1, 18),
        ((3, 3), 1, 39),
        ((3, 3), 2, 39),
    ],
)
def test_generic_numbers(shape: tuple[int, int], rank: int, count: int) -> None:
    assert counted_critical_points(generic(1, shape, rank)) == count


def test_unit_weights_have_two_singular_pairs() -> None:
    data = RationalMatrix.from_rows([[2, 1, 0], [1, 3, 1]])
    ones = RationalMatrix.from_rows([[1, 1, 1], [1, 1, 1]])
    assert (
        counted_critical_points(Instance(data=data, squared_weights=ones, rank=1)) == 2
    )


def test_a_constant_cost_is_refused() -> None:
    data = RationalMatrix.from_rows([[1, 0], [0, 1]])
    omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
    with pytest.raises(NotApplicableError, match="constant"):
        counted_critical_points(Instance(data=data, squared_weights=omega, rank=1))


def test_other_shapes_are_refused() -> None:
    with pytest.raises(NotApplicableError, match="three columns"):
        counted_critical_points(generic(1, (4, 4), 1))
