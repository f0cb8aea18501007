"""Theorem 1.2 against proved optima: equality, inequality and dominance, zeros included.

The optimum comes from `solve`, whose brackets the checker has accepted, and knows
nothing of the decompositions that are tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.splitting import prove_hadamard_rank
from exact_wlra.checker.rules import lower_bound
from exact_wlra.driver import solve
from exact_wlra.heuristics.decompositions import tail_energy
from exact_wlra.heuristics.group_svd import group_svd
from exact_wlra.heuristics.registry import run
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.reweighted_truncated import reweighted_truncated
from exact_wlra.heuristics.row_groups import row_groups
from exact_wlra.heuristics.svd import svd
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.heuristics.zero_filled import zero_filled_svd
from exact_wlra.problem import Problem

OTHERS = (
    "svd",
    "reweighted-truncated",
    "group-svd-columns",
    "sample",
    "sample-groups",
    "column-subset",
)
seeds = st.integers(min_value=0, max_value=2**32 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A problem in integers and in floats, with a tolerance for rounding."""

    problem: Problem
    matrix: WeightedMatrix
    rounding: float


def drawn(seed: int, *, rank: int = 1) -> Drawn:
    """Return 3 x 4 data with weights of rank one, or 3 x 3 of rank two; with zeros."""
    generator = np.random.default_rng(seed)
    r = int(generator.integers(1, 3))
    n, d = 3, 5 - r
    patterns = generator.integers(0 if seed % 2 else 1, 4, size=(r, d))
    mixing = generator.integers(0 if seed % 2 else 1, 3, size=(n, r))
    data = generator.integers(-4, 5, size=(n, d))
    problem = Problem(data.tolist(), weights=(mixing @ patterns).tolist(), rank=rank)
    matrix = WeightedMatrix.from_problem(problem)
    energy = float(np.sum(matrix.weighted_data**2))
    return Drawn(problem=problem, matrix=matrix, rounding=1e-11 * (energy + 1))


def check_theorem(seed: int) -> None:
    """Assert what mathematics says of one instance."""
    found = drawn(seed)
    matrix, rounding = found.matrix, found.rounding
    solution = solve(found.problem, time_limit=20)
    upper = float(solution.upper)
    tail = tail_energy(matrix.weighted_data, rank=matrix.weight_rank)
    answer = reweighted(matrix, rank=1)
    assert answer.guarantee.factor == 1.0
    assert tail <= upper + rounding
    assert answer.cost <= tail + rounding
    if (matrix.root_weights > 0).all():
        assert answer.cost == pytest.approx(tail, abs=rounding)
    grouped = group_svd(matrix, rank=1)
    groups = list(row_groups(matrix.root_weights))
    dominated = tail_energy(matrix.weighted_data, rank=len(groups))
    assert dominated <= grouped.cost + rounding
    assert grouped.cost <= upper + rounding
    assert np.linalg.matrix_rank(grouped.form.entries()) <= grouped.rank <= len(groups)
    for name in OTHERS:
        other = run(name, matrix, rank=1)
        if other.is_feasible(1):
            assert other.cost >= float(solution.lower) - rounding
        if (
            other.guarantee.factor is not None
            and other.guarantee.confidence == "always"
        ):
            promised = other.guarantee.factor * upper + other.guarantee.additive
            assert other.cost <= promised + rounding


@pytest.mark.parametrize("seed", range(200))
def test_theorem_holds_against_proved_optima(seed: int) -> None:
    check_theorem(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200, 1000))
def test_theorem_holds_against_many_proved_optima(seed: int) -> None:
    check_theorem(seed)


@pytest.mark.parametrize("seed", range(30))
def test_tail_is_the_bound_that_the_checker_accepts(seed: int) -> None:
    """The tail in floats against the rule `hadamard-rank`, proved in rationals."""
    found = drawn(seed)
    instance = found.problem.instance
    proof = prove_hadamard_rank(instance, found.problem.root_weights, target_gap=1e-7)
    proved = lower_bound(instance, proof)
    tail = tail_energy(found.matrix.weighted_data, rank=found.matrix.weight_rank)
    assert float(proved) <= tail + found.rounding
    assert float(proved) == pytest.approx(tail, rel=1e-5, abs=1e-9 + found.rounding)
    assert proved <= solve(found.problem, time_limit=20).upper


def test_instances_are_not_trivial() -> None:
    matrices = [drawn(seed).matrix for seed in range(200)]
    tails = [
        tail_energy(matrix.weighted_data, rank=matrix.weight_rank)
        for matrix in matrices
    ]
    assert sum(tail > 0.1 for tail in tails) > 100
    assert sum(bool((matrix.root_weights == 0).any()) for matrix in matrices) > 50
    assert {matrix.weight_rank for matrix in matrices} >= {1, 2}


@given(seed=seeds, zeros=st.booleans(), rank=st.integers(1, 2))
def test_cost_is_the_tail_or_less(*, seed: int, zeros: bool, rank: int) -> None:
    generator = np.random.default_rng(seed)
    left = generator.integers(0 if zeros else 1, 3, size=(9, 2))
    weights = left @ generator.integers(0 if zeros else 1, 4, size=(2, 7))
    matrix = WeightedMatrix.from_arrays(generator.normal(size=(9, 7)), weights)
    tail = tail_energy(matrix.weighted_data, rank=matrix.weight_rank * rank)
    cost = reweighted(matrix, rank=rank).cost
    assert cost <= tail * (1 + 1e-9) + 1e-20
    if weights.all():
        assert cost == pytest.approx(tail, rel=1e-9)


def test_rank_of_weights_counts_zeros() -> None:
    """With r of the positive part only, the answer costs more than the optimum 0."""
    weights, data = np.eye(3), np.diag([3.0, 2.0, 1.0])
    matrix = WeightedMatrix.from_arrays(data, weights)
    assert reweighted(matrix, rank=1).cost == pytest.approx(0.0, abs=1e-20)
    short = reweighted(matrix, rank=1, weight_rank=1)
    assert short.cost == pytest.approx(5.0)
    assert short.guarantee.factor is None
    longer = reweighted(matrix, rank=1, weight_rank=5)
    assert longer.guarantee.factor == 1.0
    assert longer.n_numbers > reweighted(matrix, rank=1).n_numbers


@pytest.mark.parametrize("seed", range(20))
def test_kappa_of_the_randomized_decomposition_is_measured(seed: int) -> None:
    pytest.importorskip("sklearn")
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.5, 2, size=(40, 1)) * np.ones((1, 30))
    matrix = WeightedMatrix.from_arrays(generator.normal(size=(40, 30)), weights)
    answer = run("reweighted-randomized", matrix, rank=4, seed=seed)
    tail = tail_energy(matrix.weighted_data, rank=4 * matrix.weight_rank)
    assert answer.guarantee.factor == pytest.approx(answer.cost / tail, rel=1e-9)
    assert 1 < answer.guarantee.factor < 1.2
    assert answer.seed == seed
    again = run("reweighted-randomized", matrix, rank=4, seed=seed)
    assert again.cost == answer.cost


def test_kappa_without_a_tail_is_an_additive_error() -> None:
    pytest.importorskip("sklearn")
    data = np.outer(np.arange(1.0, 7.0), np.arange(1.0, 6.0))
    matrix = WeightedMatrix.from_arrays(data, np.ones((6, 5)))
    guarantee = run("reweighted-randomized", matrix, rank=1).guarantee
    assert guarantee.factor == 1.0
    assert 0 <= guarantee.additive < 1e-20
    assert "zero up to rounding" in guarantee.statement


@given(seed=seeds, rank=st.integers(1, 3))
def test_truncation_and_plain_svd_keep_their_factors(*, seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.2, 2.0, size=(8, 6))
    truth = generator.normal(size=(8, rank)) @ generator.normal(size=(rank, 6))
    noisy = truth + 0.1 * generator.normal(size=(8, 6))
    matrix = WeightedMatrix.from_arrays(noisy, weights)
    competitor = matrix.cost(truth)  # at least OPT_k
    for answer in (svd(matrix, rank=rank), reweighted_truncated(matrix, rank=rank)):
        assert answer.rank == rank
        assert np.linalg.matrix_rank(answer.form.entries()) <= rank
        assert answer.guarantee.factor is not None
        assert answer.cost <= answer.guarantee.factor * competitor


@given(seed=seeds, rank=st.integers(1, 3))
def test_zeros_filled_in_give_rank_rk_below_any_competitor(
    *, seed: int, rank: int
) -> None:
    generator = np.random.default_rng(seed)
    mask = generator.integers(0, 2, size=(3, 7))[generator.integers(0, 3, size=9)]
    truth = generator.normal(size=(9, rank)) @ generator.normal(size=(rank, 7))
    noisy = truth + 0.1 * generator.normal(size=(9, 7))
    matrix = WeightedMatrix.from_arrays(noisy, 3.0 * mask)
    answer = zero_filled_svd(matrix, rank=rank)
    assert answer.cost <= matrix.cost(truth) + 1e-12
    assert answer.rank == min(matrix.weight_rank * rank, 7)
    assert (
        answer.cost
        <= tail_energy(matrix.weighted_data, rank=matrix.weight_rank * rank) + 1e-12
    )
