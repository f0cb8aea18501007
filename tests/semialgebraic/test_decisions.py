"""Answers and budgets: frozen values that say what they are worth."""

import dataclasses
from fractions import Fraction

import pytest

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.decisions import (
    BoxTree,
    Budget,
    Computed,
    Reported,
    Satisfiable,
    SumOfSquares,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring

(X,) = polynomial_ring(["x"]).gens()
EVIDENCE = {
    "computed": Computed(method="by hand"),
    "reported": Reported(program="a program 1.0"),
    "box tree": BoxTree(low=(Fraction(0),), high=(Fraction(1),), nodes=(-1,)),
    "sum of squares": SumOfSquares(
        condition=0,
        multiplier=X**0,
        monomials=((0,), (1,)),
        weights=(Fraction(1),),
        rows=((Fraction(0), Fraction(1)),),
        slack=Fraction(1),
    ),
}
ANSWERS = [
    Satisfiable(witness=AlgebraicPoint.from_rationals([1]), by="me"),
    *(Unsatisfiable(evidence=evidence, by="me") for evidence in EVIDENCE.values()),
    Undecided(reason="tired.", advice="wait.", by="me"),
]


@pytest.mark.parametrize("name", EVIDENCE)
def test_only_a_report_is_no_proof(name: str) -> None:
    answer = Unsatisfiable(evidence=EVIDENCE[name], by="me")
    assert answer.is_proved == (name != "reported")


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: type(a).__name__)
def test_answers_cannot_be_changed(answer) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        answer.by = "another"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda a: type(a).__name__)
def test_equal_answers_are_equal(answer) -> None:
    assert dataclasses.replace(answer) == answer
    assert dataclasses.replace(answer, by="another") != answer


@pytest.mark.parametrize(
    "wrong",
    [{"seconds": 0}, {"seconds": -1.0}, {"megabytes": 0}, {"seconds": float("nan")}],
)
def test_a_budget_is_positive(wrong) -> None:
    with pytest.raises(InvalidInputError, match="positive"):
        Budget(**wrong)
