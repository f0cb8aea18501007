"""Rank one, optimum 0: attained, approached, or neither."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import approach_rank_one, complete_rank_one
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def make(data, squared_weights) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=1,
    )


@pytest.mark.parametrize("bits", [1, 20, 200])
def test_a_limit_is_approached_as_closely_as_asked(bits: int) -> None:
    instance = make([[0, 1], [1, 0]], [[1, 1], [1, 0]])
    tolerance = Fraction(1, 2**bits)
    assert complete_rank_one(instance) is None
    found = approach_rank_one(instance, tolerance)
    assert 0 < found.cost == instance.cost(found.left, found.right) <= tolerance


def test_a_chain_of_contradictions_needs_several_exponents() -> None:
    """Row i is larger than column i + 1 by one power of t."""
    n = 5
    data = np.eye(n, dtype=int)
    weights = np.eye(n, dtype=int) + np.eye(n, k=1, dtype=int)
    instance = make(data.tolist(), weights.tolist())
    found = approach_rank_one(instance, Fraction(1, 10**9))
    assert found.cost <= Fraction(1, 10**9)


def test_a_cycle_of_contradictions_excludes_zero() -> None:
    instance = make([[1, 0], [0, 1]], [[1, 1], [1, 1]])
    assert approach_rank_one(instance, Fraction(1, 100)) is None


def test_an_inconsistent_cycle_of_data_excludes_zero() -> None:
    instance = make([[1, 1], [1, 2]], [[1, 1], [1, 1]])
    assert approach_rank_one(instance, Fraction(1, 100)) is None


def test_the_zero_diagonal_of_a_published_kind_is_an_infimum() -> None:
    problem = Problem(
        [[1, 0, 2], [0, 1, 1], [3, 1, 0]],
        weights=[[0, 1, 1], [1, 0, 1], [1, 1, 0]],
        rank=1,
    )
    solution = solve(problem)
    assert (solution.claim, solution.attained) == ("infimum", False)
    assert solution.lower == 0 < solution.upper < Fraction(1, 10**12)


@given(
    n=st.integers(2, 4),
    d=st.integers(2, 4),
    seed=st.integers(0, 10**6),
)
def test_planted_limits_are_found(n: int, d: int, seed: int) -> None:
    """u_i v_j = a_i b_j t^(p_i + q_j), whose limit has zeros; larger places are free."""
    rng = np.random.default_rng(seed)
    p, q = rng.integers(-1, 2, size=n), rng.integers(-1, 2, size=d)
    a, b = rng.integers(1, 4, size=n), rng.integers(1, 4, size=d)
    exponents = p[:, None] + q[None, :]
    data = np.where(exponents == 0, np.outer(a, b), 0)
    weights = (exponents >= 0).astype(int)
    found = approach_rank_one(make(data.tolist(), weights.tolist()), Fraction(1, 1000))
    assert found is not None
    assert found.cost <= Fraction(1, 1000)


@given(n=st.integers(2, 3), d=st.integers(2, 4), seed=st.integers(0, 10**6))
def test_what_is_not_approached_costs_something(n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    data = rng.integers(-1, 2, size=(n, d))
    weights = rng.integers(0, 2, size=(n, d))
    instance = make(data.tolist(), weights.tolist())
    assume(approach_rank_one(instance, Fraction(1, 1000)) is None)
    problem = Problem(data.tolist(), weights=weights.tolist(), rank=1)
    solution = solve(problem, gap=Fraction(1, 2), time_limit=5)
    assert solution.lower > 0


def test_a_part_that_is_approached_leaves_the_other_exact() -> None:
    """Two blocks: OPT = 0 approached, and an algebraic optimum of degree 10."""
    data = [[0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 1, -2, 4], [0, 0, 3, 5, -1]]
    weights = [[1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [0, 0, 2, 1, 3], [0, 0, 1, 4, 2]]
    solution = solve(Problem(data, weights=weights, rank=1))
    assert solution.algebraic.decimal[:12] == "43.841016858"
    assert solution.claim == "infimum"
    assert solution.attained is not True


def test_one_part_approached_without_a_peeled_core_is_not_attained() -> None:
    block = [[1, 0, 2], [0, 1, 1], [3, 1, 0]]
    mask = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    other = [[1, -2, 4], [3, 5, -1]]
    data = [[*row, 0, 0, 0] for row in block] + [[0, 0, 0, *row] for row in other]
    weights = [[*row, 0, 0, 0] for row in mask] + [
        [0, 0, 0, *row] for row in ([2, 1, 3], [1, 4, 2])
    ]
    solution = solve(Problem(data, weights=weights, rank=1))
    assert (solution.claim, solution.attained) == ("infimum", False)
    assert solution.algebraic.decimal[:12] == "43.841016858"
