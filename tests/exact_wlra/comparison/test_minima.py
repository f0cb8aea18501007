"""Local minima: complete lists are complete, and found ones are among them."""

from functools import cache

import numpy as np
import pytest

from exact_wlra.budget import Budget
from exact_wlra.comparison.found_minima import found_minima
from exact_wlra.comparison.minima import LocalMinima, with_starts
from exact_wlra.comparison.proved_minima import proved_minima
from exact_wlra.driver import solve
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.reading import read

CASES = {
    "two rows": read("dataset:small-2x3", rank=1),
    "two columns": read("dataset:small-2x3", rank=1).transpose,
    "plane": read("dataset:trap-3x3", rank=1),
    "plane, four basins": read("dataset:four-basins-3x3", rank=1),
    "plane of lines": read("dataset:trap-3x3", rank=2),
    "equal rows": Problem(
        [[3, 1, 4], [3, 1, 4], [0, -2, 5], [2, 2, -1]],
        weights=[[1, 9, 1], [1, 9, 1], [8, 1, 2], [1, 2, 9]],
        rank=1,
    ),
}


@cache
def both(problem: Problem) -> tuple[LocalMinima | None, LocalMinima | None]:
    matrix = WeightedMatrix.from_problem(problem)
    proved = proved_minima(problem.instance, solve(problem), time_limit=60)
    budget = Budget(time_limit=60)
    return proved, found_minima(matrix, problem.rank, seed=0, budget=budget)


@pytest.mark.parametrize("name", CASES)
def test_random_starts_end_in_proved_minima_only(name: str) -> None:
    proved, found = both(CASES[name])
    assert proved is not None
    assert found is not None
    assert proved.are_all
    assert not found.are_all
    counted = with_starts(proved, found, WeightedMatrix.from_problem(CASES[name]))
    n_ended = sum(point.n_starts for point in found.points)
    assert sum(point.n_starts for point in counted.points) == n_ended > 0.9 * 300


@pytest.mark.parametrize("name", CASES)
def test_proved_minimum_lies_in_its_enclosure_and_below_its_neighbours(
    name: str,
) -> None:
    problem = CASES[name]
    matrix = WeightedMatrix.from_problem(problem)
    proved, _ = both(problem)
    assert proved is not None
    generator = np.random.default_rng(0)
    for point in proved.points:
        assert point.enclosure is not None
        assert point.matrix is not None
        low, high = map(float, point.enclosure)
        assert low * (1 - 1e-12) <= point.cost <= high * (1 + 1e-12)
        cost = matrix.cost(point.matrix)
        assert cost == pytest.approx(point.cost, rel=1e-9)
        left, sizes, right = np.linalg.svd(point.matrix)
        k = problem.rank
        assert sizes[k:] == pytest.approx(0, abs=1e-9 * sizes[0])
        left, right = left[:, :k] * sizes[:k], right[:k]
        for _ in range(50):
            near = (left + 1e-4 * generator.standard_normal(left.shape)) @ (
                right + 1e-4 * generator.standard_normal(right.shape)
            )
            assert matrix.cost(near) >= cost * (1 - 1e-12)


def test_minimum_that_random_starts_miss_is_proved_to_be_there() -> None:
    problem = read("dataset:oss-3x3", rank=1)
    proved, found = both(problem)
    assert proved is not None
    assert found is not None
    costs = [round(point.cost, 2) for point in proved.points]
    assert costs == [43556.72] * 3 + [43631.51] * 3 + [75701.25]
    counted = with_starts(proved, found, WeightedMatrix.from_problem(problem))
    assert [point.n_starts > 0 for point in counted.points] == [True] * 6 + [False]


def test_weights_of_rank_one_have_one_optimum_told_by_its_cost() -> None:
    problem = Problem([[3, 1, 0], [1, 2, 5], [0, 1, 1]], rank=1)
    matrix = WeightedMatrix.from_problem(problem)
    proved, _ = both(problem)
    assert proved is not None
    (only,) = proved.points
    left, sizes, right = np.linalg.svd(matrix.data)
    best = sizes[0] * np.outer(left[:, 0], right[0])
    assert proved.near(matrix, best, float((sizes[1:] ** 2).sum())) == 0
    assert only.cost == pytest.approx(float((sizes[1:] ** 2).sum()), rel=1e-5)


def test_missing_entries_and_larger_matrices_have_no_proved_list() -> None:
    for problem in (read("dataset:missing-2x2", rank=1), read("dataset:wheat", rank=1)):
        proved = proved_minima(problem.instance, solve(problem), time_limit=60)
        assert proved is None


def test_infimum_that_is_not_attained_is_no_minimum() -> None:
    problem = read("dataset:missing-2x2", rank=1)
    matrix = WeightedMatrix.from_problem(problem)
    assert found_minima(matrix, 1, seed=0, budget=Budget(time_limit=60)) is None


def test_matrix_far_from_all_minima_is_near_none() -> None:
    problem = CASES["plane"]
    matrix = WeightedMatrix.from_problem(problem)
    proved, _ = both(problem)
    assert proved is not None
    zero = np.zeros(matrix.shape)
    assert proved.near(matrix, zero, matrix.cost(zero)) is None
    # The right cost at another matrix is not the right minimum.
    assert proved.near(matrix, zero, proved.points[0].cost) is None
