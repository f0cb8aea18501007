"""Every way to decide a threshold agrees with the exact optimum, on small instances.

The exact optimum is the least critical value, found by elimination (two rows, or the
projective plane). A formulation put to an oracle must not contradict it.
"""

import itertools
import math
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from exact_wlra.bounds.two_rows import solve_two_rows
from exact_wlra.budget import Budget
from exact_wlra.threshold_deciders import Above, AtMost, OracleDecider
from exact_wlra.threshold_method import Question, formulation_of
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.plane import plane_critical_points
from semialgebraic.rational_matrices import RationalMatrix

OWN = ("cad", "critical_points", "subdivision", "portfolio")
SMT = ("nlsat", "coverings")
# 200 instances: shape and rank, and how many.
KINDS = {((2, 2), 1): 80, ((2, 3), 1): 80, ((3, 3), 1): 20, ((3, 3), 2): 20}
# All of them by default for the fastest oracle, a part for the others.
PART = {"subdivision": 1, "cad": 8, "portfolio": 8, "critical_points": 10}


def random_instance(shape: tuple[int, int], rank: int, seed: int) -> Instance:
    rng = np.random.default_rng([seed, *shape, rank])
    return Instance(
        data=RationalMatrix(rng.integers(-5, 6, size=shape)),
        squared_weights=RationalMatrix(rng.integers(1, 5, size=shape)),
        rank=rank,
    )


@cache
def exact_bracket(
    shape: tuple[int, int], rank: int, seed: int
) -> tuple[Fraction, Fraction] | None:
    """Return the optimum to many digits; None if it is 0 or a family is critical."""
    instance = random_instance(shape, rank, seed)
    try:
        if instance.shape[0] == 2:
            low, high = solve_two_rows(instance).enclosure
        else:
            low, high = least_critical_value(instance)
    except NotApplicableError:
        return None
    return (low, high) if low > Fraction(1, 4) else None


def shortened_below(value: Fraction) -> Fraction:
    return Fraction(math.floor(value * Fraction(99, 100) * 1024), 1024)


def shortened_above(value: Fraction) -> Fraction:
    return Fraction(math.ceil(value * Fraction(101, 100) * 1024), 1024)


def least_critical_value(instance: Instance) -> tuple[Fraction, Fraction]:
    """Enclose the least critical value; its minimal polynomial is not needed."""
    width = instance.energy() / 10**12
    enclosures = [
        component.cost_at(point).enclosures(width)[0]
        for component in plane_critical_points(instance)
        for point in component.real_points()
    ]
    return min(enclosures)


def assert_agreement(
    kind: tuple[tuple[int, int], int], seed: int, oracle: str, formulation: str
) -> bool:
    """Ask below and above the optimum; return whether both were decided."""
    bracket = exact_bracket(*kind, seed)
    if bracket is None:
        return True
    instance = random_instance(*kind, seed)
    decider = OracleDecider(
        instance=instance,
        formulation=formulation_of(instance, Question(formulation=formulation)),
        oracle=oracle,
        budget=Budget(time_limit=20),
        seconds=5,
    )
    # Short thresholds, as the threshold search asks them.
    below, above = (
        decider.decide(short, slack=bracket[1] / 100)
        for short in (shortened_below(bracket[0]), shortened_above(bracket[1]))
    )
    assert not isinstance(below, AtMost), (oracle, instance)
    assert not isinstance(above, Above), (oracle, instance)
    if isinstance(above, AtMost):
        assert above.cost >= bracket[0]
        assert instance.cost(above.left, above.right) == above.cost
    return isinstance(below, Above) and isinstance(above, AtMost)


@pytest.mark.parametrize(("oracle", "kind"), list(itertools.product(OWN, KINDS)))
def test_own_oracles_agree_with_elimination(
    oracle: str, kind: tuple[tuple[int, int], int]
) -> None:
    assert all(
        assert_agreement(kind, seed, oracle, "charts")
        for seed in range(KINDS[kind] // PART[oracle])
    )


def test_the_optimum_is_seldom_trivial() -> None:
    for kind in KINDS:
        brackets = [exact_bracket(*kind, seed) for seed in range(10)]
        assert brackets.count(None) < 5


@pytest.mark.slow
@pytest.mark.parametrize(("oracle", "kind"), list(itertools.product(OWN + SMT, KINDS)))
def test_every_oracle_agrees_on_all_instances(
    oracle: str, kind: tuple[tuple[int, int], int]
) -> None:
    for seed in range(KINDS[kind]):
        assert_agreement(kind, seed, oracle, "charts")


@pytest.mark.parametrize("formulation", ["charts-of-v", "charts-of-u"])
def test_both_sides_of_the_charts_agree(formulation: str) -> None:
    for seed in range(10):
        assert assert_agreement(((4, 3), 2), seed, "subdivision", formulation)


@pytest.mark.parametrize("oracle", SMT)
def test_smt_solvers_agree_on_a_sample(oracle: str) -> None:
    for seed in range(3):
        assert_agreement(((2, 3), 1), seed, oracle, "charts")


def test_the_plain_formulation_agrees_on_two_by_two() -> None:
    for seed in range(2):
        assert_agreement(((2, 2), 1), seed, "nlsat", "plain")
