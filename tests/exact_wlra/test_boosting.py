"""Numbers of repetitions against logarithms and binomials; the least cost wins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.boosting import (
    best_of_seeds,
    failure_of_median,
    n_repetitions,
    n_repetitions_of_median,
)
from exact_wlra.errors import InvalidProblemError

probabilities = st.fractions(
    min_value=Fraction(1, 10**6), max_value=Fraction(9, 10), max_denominator=10**6
)


@dataclass(frozen=True)
class Run:
    cost: Fraction


@pytest.mark.parametrize("digits", range(1, 40))
def test_one_in_ten_takes_one_run_a_digit(digits: int) -> None:
    assert n_repetitions(Fraction(1, 10**digits)) == digits
    assert n_repetitions(Fraction(1, 10**digits + 1)) == digits + 1


@given(probabilities, probabilities)
def test_least_number_of_runs(delta: Fraction, single: Fraction) -> None:
    r = n_repetitions(delta, single)
    assert single**r <= delta
    assert r == 1 or single ** (r - 1) > delta
    assert r >= math.log(1 / delta) / math.log(1 / single) - 1e-9


@given(probabilities, probabilities.filter(lambda p: p < Fraction(2, 5)))
def test_the_minimum_needs_fewer_runs_than_the_median(delta, single) -> None:
    r = n_repetitions_of_median(delta, single)
    assert r >= n_repetitions(delta, single)
    assert failure_of_median(r, single) <= float(delta) * (1 + 1e-9)


def test_the_bound_on_the_median_holds_and_is_weak() -> None:
    """Mathematics B12: delta_0 = 0.01, R = 21: bound 1.9e-15, in fact 3e-17."""
    p, runs = Fraction(1, 100), 21
    exact = sum(
        math.comb(runs, bad) * p**bad * (1 - p) ** (runs - bad)
        for bad in range((runs + 1) // 2, runs + 1)
    )
    bound = failure_of_median(runs, p)
    assert bound == pytest.approx(1.9e-15, rel=0.02)
    assert float(exact) == pytest.approx(3e-17, rel=0.2)
    assert p**runs < exact < bound


@given(st.lists(st.fractions(min_value=0, max_value=9), min_size=1, max_size=6))
def test_best_of_seeds(costs: list[Fraction]) -> None:
    seed, run = best_of_seeds(lambda s: Run(costs[s]), range(len(costs)))
    assert run.cost == min(costs)
    assert seed == costs.index(min(costs))


def test_refusals() -> None:
    with pytest.raises(InvalidProblemError, match="seed"):
        best_of_seeds(lambda s: Run(Fraction(s)), [])
    with pytest.raises(InvalidProblemError, match="failure probability"):
        n_repetitions(Fraction(0))
    with pytest.raises(InvalidProblemError, match="between 0 and 1/2"):
        n_repetitions_of_median(Fraction(1, 10), Fraction(1, 2))
