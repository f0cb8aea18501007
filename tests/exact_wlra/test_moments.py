"""Moment relaxations: sound beside other methods, tight where they should be.

Where a relaxation is not tight, the outcome is an honest bracket.
"""

import json
import os
import signal
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.bounds.moments import MomentsResult, prove_moments, why_no_moments
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_from_json, certificate_to_json
from exact_wlra.checker import lower_bound
from exact_wlra.driver import check, solve
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.heuristics.many_starts import tied_minima
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from exact_wlra.solution import Solution
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

GAP = Fraction(1, 10**6)
VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}

seeds = st.integers(0, 2**32 - 1)


def solved(data: Any, omega: Any, rank: int, **options: Any) -> Solution:
    """The bracket of the method, its certificate read again and checked."""
    problem = Problem(
        np.asarray(data).tolist(), squared_weights=np.asarray(omega).tolist(), rank=rank
    )
    found = solve(problem, **{"method": "moments", "time_limit": 20.0} | options)
    written = certificate_from_json(certificate_to_json(found.certificate))
    assert check(problem, written) >= found.lower
    assert found.lower <= found.upper
    return found


def is_closed(found: Solution) -> bool:
    return found.upper - found.lower <= GAP * found.upper


def assert_meet(one: Solution, other: Solution, factor: Fraction = Fraction(1)) -> None:
    """Two brackets of the same optimum, the second in units smaller by a factor."""
    assert one.lower * factor <= other.upper
    assert other.lower <= one.upper * factor


def case(seed: int, shape: tuple[int, int], kind: str = "plain") -> tuple[Any, Any]:
    """Data and squared weights."""
    generator = np.random.default_rng([seed, *shape])
    data = generator.integers(-5, 6, shape)
    omega = generator.integers(1, 10, shape)
    if kind == "zeros":
        omega = omega * (generator.random(shape) < 0.8)
    elif kind == "ratios":
        omega = 10 ** generator.choice([0, 6], shape)
    return data, omega


def masked(seed: int, order: int = 6) -> tuple[Any, Any]:
    """A square matrix of which three entries in five are observed."""
    shape = (order, order)
    generator = np.random.default_rng(seed)
    data = generator.integers(-5, 6, shape)
    generator.integers(1, 4, shape)
    return data, (generator.random(shape) < 0.6).astype(int)


def direct(data: Any, omega: Any, rank: int, budget: Budget) -> tuple[Any, float]:
    """The result of the search alone, and the cost of its starting factors."""
    instance = Instance(
        data=RationalMatrix(np.asarray(data)),
        squared_weights=RationalMatrix(np.asarray(omega)),
        rank=rank,
    )
    found = best_of_starts(instance, seed=0, budget=Budget(time_limit=5))
    upper = Fraction(found.cost) * (1 + Fraction(1, 10**9))
    result = prove_moments(
        instance, found.left, found.right, upper=upper, gap=GAP, budget=budget
    )
    assert isinstance(result, MomentsResult)
    if result.proof is not None:
        assert lower_bound(instance, result.proof) <= upper
    return result, found.cost


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("shape", "rank", "method"),
    [
        ((2, 3), 1, "two-rows"),
        ((5, 2), 1, "two-rows"),
        ((3, 3), 1, "plane"),
        ((3, 4), 1, "simplicial"),
        ((3, 3), 2, "plane"),
        ((4, 3), 2, "charts"),
    ],
)
def test_brackets_meet_those_of_other_methods(shape, rank, method, seed) -> None:
    data, omega = case(seed, shape)
    one = solved(data, omega, rank)
    other = solved(data, omega, rank, method=method, gap=1e-2, time_limit=5.0)
    assert_meet(one, other)
    assert other.lower > 0


def test_brackets_meet_those_of_the_sweep() -> None:
    data, _ = case(0, (5, 5))
    omega = np.ones((5, 5), dtype=int)
    omega[:2, :3] = 4
    one, other = (
        solved(data, omega, 2, method=name, gap=1e-4) for name in ("moments", "sweep")
    )
    assert_meet(one, other)
    assert min(one.lower, other.lower) > other.upper * Fraction(99, 100)


@settings(max_examples=8)
@given(
    seed=seeds,
    shape=st.tuples(st.integers(2, 4), st.integers(2, 4)),
    rank=st.integers(1, 2),
    kind=st.sampled_from(["plain", "zeros", "ratios"]),
)
def test_the_bound_is_below_the_cost_of_any_factors(seed, shape, rank, kind) -> None:
    data, omega = case(seed, shape, kind)
    found = solved(data, omega, rank, time_limit=0.5)
    ties = tied_minima(data.astype(float), omega.astype(float), rank, seed=1)
    for product in ties:
        cost = float((omega * (data - product) ** 2).sum())
        noise = 1e-12 * float((omega * data**2).sum())
        assert float(found.lower) <= cost * (1 + 1e-9) + noise
    generator = np.random.default_rng(seed)
    for _ in range(3):
        left = generator.integers(-3, 4, (shape[0], rank))
        right = generator.integers(-3, 4, (rank, shape[1]))
        assert found.lower <= int((omega * (data - left @ right) ** 2).sum())


@pytest.mark.parametrize(
    "name", ["oss-3x3-k2", "rec-rank1W-3x3", "rec-two-col-patterns-3x4"]
)
def test_published_optima_are_closed(name: str) -> None:
    stated = PUBLISHED[name]
    problem = Problem(stated["A"], squared_weights=stated["W2"], rank=stated["k"])
    found = solve(problem, method="moments", time_limit=20.0)
    optimum = Fraction(stated["recomputed_here"]["optimum"])
    assert is_closed(found)
    assert found.lower <= optimum + Fraction(1, 10**20)
    assert found.upper >= optimum - Fraction(1, 10**20)


def test_three_tied_minima_leave_a_gap_that_is_owned() -> None:
    stated = PUBLISHED["oss-3x3-k1"]
    found = solved(
        [[int(x) for x in row] for row in stated["A"]],
        [[int(x) for x in row] for row in stated["W2"]],
        1,
    )
    optimum = Fraction(stated["recomputed_here"]["optimum"])
    assert found.lower <= optimum <= found.upper
    assert not is_closed(found)
    assert found.lower > optimum * Fraction(85, 100)


@pytest.mark.parametrize("name", ["four-basins-3x3", "four-basins-4x4", "trap-3x3"])
def test_instances_with_traps_are_bracketed(name: str) -> None:
    problem = read(f"dataset:{name}", rank=1)
    found = solve(problem, method="moments", time_limit=10.0)
    other = solve(problem, gap=1e-3, time_limit=10.0)
    assert check(problem, found.certificate) >= found.lower > 0
    assert_meet(found, other)


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("kind", ["plain", "zeros"])
def test_other_words_for_a_problem_do_not_change_its_optimum(rank, kind) -> None:
    data, omega = case(11, (4, 5), kind)
    one = solved(data, omega, rank)
    generator = np.random.default_rng(0)
    rows, columns = generator.permutation(4), generator.permutation(5)
    for changed in (
        solved(data.T, omega.T, rank),
        solved(data[rows][:, columns], omega[rows][:, columns], rank),
    ):
        assert_meet(one, changed)
        assert is_closed(changed) == is_closed(one)
    scales = generator.choice([-4, -2, -1, 1, 2, 4], 4)[:, None]
    wider = omega * (4 // abs(scales)) ** 2
    scaled = solved(data * scales, wider, rank)
    assert_meet(one, scaled, Fraction(16))
    assert_meet(one, solved(7 * data, 3 * omega, rank), Fraction(147))


@pytest.mark.parametrize("rank", [1, 2])
def test_units_do_not_matter(rank) -> None:
    data, omega = case(5, (4, 4))
    one = solved(data, omega, rank)
    small = [[Fraction(int(x), 1 << 40) for x in row] for row in data]
    large = [[int(w) << 60 for w in row] for row in omega]
    problem = Problem(small, squared_weights=large, rank=rank)
    other = solve(problem, method="moments", time_limit=20.0)
    assert_meet(one, other, Fraction(1, 1 << 20))
    assert is_closed(one)
    assert is_closed(other)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("rank", [1, 2])
def test_weights_of_a_million_to_one_are_bracketed(rank, seed) -> None:
    data, omega = case(seed, (4, 4), "ratios")
    found = solved(data, omega, rank, time_limit=1.0)
    ties = tied_minima(data.astype(float), omega.astype(float), rank, seed=7)
    for product in ties:
        cost = float((omega * (data - product) ** 2).sum())
        assert float(found.lower) <= cost * (1 + 1e-9)


@pytest.mark.parametrize(("seed", "order"), [(1, 6), (2, 6), (6, 6), (2, 13), (1, 13)])
def test_masks_are_closed_at_rank_one(seed, order) -> None:
    # Order 170 is more than elimination is tried on.
    data, omega = masked(seed, order)
    assert is_closed(solved(data, omega, 1))


@pytest.mark.parametrize("seed", [4, 5])
def test_a_relaxation_that_is_not_tight_gives_an_honest_bracket(seed) -> None:
    data, omega = masked(seed)
    found = solved(data, omega, 1)
    _, best = direct(data, omega, 1, Budget(time_limit=0.1))
    assert 0 < float(found.lower) < best * (1 - 1e-3)
    assert float(found.upper) == pytest.approx(best, rel=1e-6)
    assert found.termination != "completed"


@pytest.mark.parametrize("order", [2, 3, 4])
def test_minima_tied_by_signs_share_a_proof(order) -> None:
    # The diagonal counts twice: one unit vector is kept, or several, whatever signs.
    omega = np.ones((order, order), dtype=int) + np.eye(order, dtype=int)
    found = solved(np.eye(order, dtype=int), omega, 1)
    assert is_closed(found)
    data = np.eye(order)
    assert len(tied_minima(data, omega.astype(float), 1, seed=0)) > 1


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_unit_matrix_loses_what_the_rank_cannot_hold(rank) -> None:
    # Equal weights: infinitely many minima; the method is asked directly.
    data, omega = np.eye(4, dtype=int), np.ones((4, 4), dtype=int)
    result, cost = direct(data, omega, rank, Budget(time_limit=2))
    assert cost == pytest.approx(4 - rank)
    assert result.proof is None or float(result.proof.lower) <= 4 - rank


def test_parts_without_common_entries_have_minima_tied_by_signs() -> None:
    data, omega = np.full((4, 4), 1), np.zeros((4, 4), dtype=int)
    omega[:2, :2] = omega[2:, 2:] = [[4, 1], [1, 4]]
    data[0, 1] = data[2, 3] = -1
    result, cost = direct(data, omega, 1, Budget(time_limit=10))
    assert result.proof is not None
    assert cost * (1 - 1e-5) <= float(result.proof.lower) <= cost * (1 + 1e-9)


@pytest.mark.parametrize(
    "data", [np.zeros((4, 4), int), np.outer([1, 2, 0], [3, 1, 1])]
)
def test_an_exact_fit_of_lower_rank_needs_no_relaxation(data) -> None:
    found = solved(data, np.arange(1, data.size + 1).reshape(data.shape), 2)
    assert found.lower == found.upper == 0


@pytest.mark.parametrize(
    ("shape", "rank", "why"),
    [
        ((3, 3), 0, "needs 1 <= rank"),
        ((3, 4), 3, "needs 1 <= rank"),
        ((26, 40), 1, "more than 1000 entries"),
        ((20, 23), 2, "more than 450 entries"),
    ],
)
def test_what_there_is_no_relaxation_for_is_said(shape, rank, why) -> None:
    ones = RationalMatrix(np.ones(shape, dtype=np.int64))
    assert why in why_no_moments(Instance(data=ones, squared_weights=ones, rank=rank))


def test_rank_two_needs_an_observed_block() -> None:
    data = RationalMatrix(np.ones((4, 4), dtype=np.int64))
    omega = RationalMatrix(np.eye(4, dtype=np.int64) + np.eye(4, k=1, dtype=np.int64))
    instance = Instance(data=data, squared_weights=omega, rank=2)
    assert "no fully observed block" in why_no_moments(instance)
    assert why_no_moments(Instance(data=data, squared_weights=omega, rank=1)) == ""


@pytest.mark.parametrize("seconds", [0.5, 1.0])
def test_an_interrupted_run_returns_a_proved_bracket(seconds) -> None:
    data, omega = case(1, (12, 12), "zeros")
    ctrl_c = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT))
    ctrl_c.start()
    began = time.process_time()
    found = solved(data, omega, 2, time_limit=600.0)
    ctrl_c.join()
    assert found.termination == "interrupted"
    assert time.process_time() - began < 20


@pytest.mark.parametrize("seconds", [0.0, 0.3])
def test_a_search_ends_when_another_thread_says_so(seconds) -> None:
    budget = Budget(time_limit=600)
    data, omega = case(2, (14, 14), "zeros")
    timer = threading.Timer(seconds, budget.interrupt)
    timer.start()
    began = time.process_time()
    direct(data, omega, 2, budget)
    timer.join()
    assert time.process_time() - began < 20


@pytest.mark.parametrize(
    ("shape", "rank", "kind"),
    [((31, 32), 1, "plain"), ((20, 22), 2, "zeros"), ((21, 21), 2, "plain")],
)
def test_the_time_limit_is_kept_by_the_largest_instances(shape, rank, kind) -> None:
    data, omega = case(3, shape, kind)
    began = time.process_time()
    direct(data, omega, rank, Budget(time_limit=0.5))
    assert time.process_time() - began < 10


def test_a_budget_spent_before_the_start_proves_nothing() -> None:
    data, omega = case(0, (4, 4))
    budget = Budget(time_limit=600)
    budget.interrupt()
    for rank in (1, 2):
        result, cost = direct(data, omega, rank, budget)
        assert result.proof is None
        again = float((omega * (data - result.left @ result.right) ** 2).sum())
        assert again <= cost * (1 + 1e-9)
