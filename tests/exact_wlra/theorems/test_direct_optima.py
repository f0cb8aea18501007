"""Optima without reductions, against closed forms and against the front door."""

from __future__ import annotations

import numpy as np
import pytest

from exact_wlra.driver import solve
from exact_wlra.theorems.direct_optima import (
    bracket_by,
    direct_optimum,
    is_attained,
    problem_of,
)
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def instance_of(data: object, weights: object, rank: int) -> Instance:
    return Instance(
        data=RationalMatrix(np.asarray(data)),
        squared_weights=RationalMatrix(np.asarray(weights)),
        rank=rank,
    )


@pytest.mark.parametrize("k", [0, 1, 2, 3])
def test_unit_weights_leave_the_smallest_squares(k: int) -> None:
    diagonal = instance_of(np.diag([5, 3, 2]), np.ones((3, 3), int), k)
    found = direct_optimum(diagonal)
    assert found.low <= sum([25, 9, 4][k:]) <= found.high
    assert found.width <= 1e-6


@pytest.mark.parametrize("seed", range(4))
def test_brackets_meet_those_of_the_reduced_problem(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 2, 5)
    weights = rng.integers(1, 5, (2, 3))[rows] * rng.integers(1, 4, (5, 1))
    instance = instance_of(rng.integers(-5, 6, (5, 3)), weights, 1)
    found, solution = direct_optimum(instance), solve(problem_of(instance), gap=1e-9)
    assert found.low <= solution.upper
    assert solution.lower <= found.high
    by_moments = bracket_by(instance, "moments")
    assert by_moments.low <= solution.upper


def test_attainment_is_known_for_positive_weights_and_two_rows() -> None:
    corner = [[1, 1], [1, 0]]
    assert is_attained(instance_of([[0, 1], [1, 0]], corner, 1)) is False
    assert is_attained(instance_of([[1, 1], [1, 0]], corner, 1)) is True
    assert is_attained(instance_of(np.eye(3, dtype=int), np.ones((3, 3), int), 1))
    assert (
        is_attained(instance_of(np.eye(3, dtype=int), np.eye(3, dtype=int), 1)) is None
    )


def test_nothing_costs_nothing() -> None:
    empty = instance_of(np.zeros((0, 3), int), np.zeros((0, 3), int), 1)
    assert direct_optimum(empty).high == 0
