"""One question: factors and their cost, a refutation, or the reason for neither."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from exact_wlra.budget import Budget
from exact_wlra.checker import lower_bound
from exact_wlra.threshold_deciders import Above, AtMost, Decider, OracleDecider, Unknown
from reductions.chart_formulation import ChartFormulation
from reductions.formulation import Accuracy
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}


def published(name: str) -> Instance:
    case = PUBLISHED[name]
    return Instance(
        data=RationalMatrix.from_rows(case["A"]),
        squared_weights=RationalMatrix.from_rows(case["W2"]),
        rank=case["k"],
    )


def budget(seconds: float = 60.0) -> Budget:
    return Budget(time_limit=seconds)


def asking(instance: Instance, oracle: str, *, transposed: bool = False) -> Decider:
    return OracleDecider(
        instance=instance,
        formulation=ChartFormulation(instance=instance, transposed=transposed),
        oracle=oracle,
        budget=budget(),
    )


@pytest.mark.parametrize("oracle", ["cad", "critical_points", "subdivision", "auto"])
@pytest.mark.parametrize("transposed", [False, True])
def test_one_question_has_factors_or_a_refutation(oracle: str, transposed) -> None:
    instance = published("rec-small-2x3")
    decider = asking(instance, oracle, transposed=transposed)
    yes = decider.decide(Fraction(45), slack=Fraction(1))
    assert isinstance(yes, AtMost)
    assert instance.cost(yes.left, yes.right) == yes.cost <= 46
    no = decider.decide(Fraction(43), slack=Fraction(1))
    assert isinstance(no, Above)
    assert no.is_proved
    assert (no.proof is not None) == (oracle == "subdivision")
    if no.proof is not None:
        assert lower_bound(instance, no.proof) == 43


def test_an_irrational_witness_is_rounded_until_it_costs_little_more() -> None:
    # At the optimum only one point is left, and it is irrational.
    instance = published("oss-3x3-k2")
    decider = asking(instance, "cad")
    exact = Fraction(6534, 23)
    answer = decider.decide(exact, slack=exact / 10**20)
    assert isinstance(answer, AtMost)
    assert exact <= answer.cost <= exact * (1 + Fraction(1, 10**20))
    below = decider.decide(exact - Fraction(1, 10**20), slack=Fraction(0))
    assert isinstance(below, Above)


def test_systems_out_of_scope_leave_the_question_open() -> None:
    # A zero weight makes a condition strict, which this oracle does not take.
    decider = asking(published("rec-missing-one-2x3"), "critical_points")
    answer = decider.decide(Fraction(1), slack=Fraction(1))
    assert isinstance(answer, Unknown)
    assert "strict" in answer.reason
    assert answer.advice


def test_without_time_the_question_is_open() -> None:
    instance = published("rec-small-2x3")
    decider = OracleDecider(
        instance=instance,
        formulation=ChartFormulation(instance=instance),
        oracle="cad",
        budget=budget(1e-9),
    )
    answer = decider.decide(Fraction(1), slack=Fraction(1))
    assert isinstance(answer, Unknown)
    assert "time" in answer.reason


def test_a_no_of_a_formulation_that_is_not_exact_proves_nothing() -> None:
    """It once counted as proved: a sketch may have no solution where X exists."""

    class Sketch:
        name = "sketch"
        accuracy = Accuracy(expected_ratio=Fraction(3, 2), words="in the mean")

        def systems(self, threshold: Fraction, *, strict: bool = False) -> tuple:  # noqa: ARG002
            return ()

    instance = published("rec-small-2x3")
    decider = OracleDecider(
        instance=instance, formulation=Sketch(), oracle="cad", budget=budget()
    )
    answer = decider.decide(Fraction(1000), slack=Fraction(1))
    assert isinstance(answer, Above)
    assert not answer.is_proved
    assert answer.proof is None
