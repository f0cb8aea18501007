"""The checker: true answers pass, false ones are refused at the step that is false."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.catalogue import CATALOGUE
from semialgebraic.checker import check_decision
from semialgebraic.decisions import (
    BoxTree,
    Computed,
    Decision,
    Reported,
    Satisfiable,
    SumOfSquares,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import MalformedEvidenceError, RejectedEvidenceError
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

(X,) = polynomial_ring(["x"]).gens()
ONE = X**0
REFUSED = (MalformedEvidenceError, RejectedEvidenceError)
# x^2 + 1 <= 0 for 0 <= x <= 1
REFUTABLE = System.of((X**2 + 1, "<="), (X, ">="), (X - 1, "<="))
SATISFIABLE = [entry for entry in CATALOGUE if entry.is_satisfiable]

fractions = st.fractions(min_value=-9, max_value=9, max_denominator=20)


def _no(evidence) -> Decision:
    return Unsatisfiable(evidence=evidence, by="me")


def _tree(*nodes: int, low: int = 0, high: int = 1) -> Decision:
    return _no(BoxTree(low=(Fraction(low),), high=(Fraction(high),), nodes=nodes))


def _squares(slack: int, **changes) -> Decision:
    """The identity x^2 + 1 = x^2 + slack."""
    identity = {
        "condition": 0,
        "multiplier": ONE,
        "monomials": ((0,), (1,)),
        "weights": (Fraction(1),),
        "rows": ((Fraction(0), Fraction(1)),),
        "slack": Fraction(slack),
    }
    return _no(SumOfSquares(**{**identity, **changes}))


@pytest.mark.parametrize("entry", SATISFIABLE, ids=lambda e: e.name)
def test_a_true_witness_passes(entry) -> None:
    check_decision(entry.system, Satisfiable(witness=entry.witness, by="me"))


@given(fractions)
def test_a_witness_passes_exactly_where_the_system_holds(x: Fraction) -> None:
    system = System.of((X**2 - 2, "<"), (X - 1, "!="))
    answer = Satisfiable(witness=AlgebraicPoint.from_rationals([x]), by="me")
    if x * x < 2 and x != 1:
        check_decision(system, answer)
    else:
        with pytest.raises(RejectedEvidenceError, match="violates condition"):
            check_decision(system, answer)


def test_the_violated_condition_is_named() -> None:
    system = System.of((X, ">"), (X - 1, "<"))
    answer = Satisfiable(witness=AlgebraicPoint.from_rationals([1]), by="me")
    with pytest.raises(RejectedEvidenceError, match="condition 2: x - 1 < 0"):
        check_decision(system, answer)


@pytest.mark.parametrize("values", [[], [1, 2]])
def test_a_witness_of_another_dimension_is_refused(values) -> None:
    answer = Satisfiable(witness=AlgebraicPoint.from_rationals(values), by="me")
    with pytest.raises(RejectedEvidenceError, match="1 variables"):
        check_decision(System.of((X, ">")), answer)


@pytest.mark.parametrize(
    "evidence", [Computed(method="by hand"), Reported(program="a program")]
)
def test_what_holds_nothing_to_check_passes(evidence) -> None:
    check_decision(REFUTABLE, _no(evidence))


def test_an_open_answer_claims_nothing() -> None:
    check_decision(REFUTABLE, Undecided(reason="tired.", advice="wait.", by="me"))


@pytest.mark.parametrize("nodes", [(-1,), (0, -1, -1), (0, 0, -1, -1, -1)])
def test_a_true_box_tree_passes(nodes) -> None:
    check_decision(REFUTABLE, _tree(*nodes))


@pytest.mark.parametrize(
    "answer",
    [
        _tree(-2),
        _tree(0, -1, -2),
        _tree(-1, low=0, high=0),
        _tree(0, -1),
        _tree(-1, -1),
        _tree(),
        _tree(1, -1, -1),
        _tree(-9),
    ],
    ids=[
        "condition that holds",
        "one leaf that holds",
        "box too small",
        "tree too short",
        "tree too long",
        "no tree",
        "unknown variable",
        "unknown condition",
    ],
)
def test_a_false_box_tree_is_refused(answer: Decision) -> None:
    with pytest.raises(REFUSED):
        check_decision(REFUTABLE, answer)


def test_a_box_tree_needs_a_bounded_system() -> None:
    with pytest.raises(RejectedEvidenceError):
        check_decision(System.of((X**2 + 1, "<=")), _tree(-1))


@pytest.mark.parametrize("relation", ["<=", "<", "="])
def test_a_true_sum_of_squares_passes(relation: str) -> None:
    check_decision(System.of((X**2 + 1, relation)), _squares(1))


@pytest.mark.parametrize(
    "answer",
    [
        _squares(2),
        _squares(0, rows=((Fraction(1), Fraction(1)),)),
        _squares(1, weights=(Fraction(-1),)),
        _squares(1, multiplier=ONE - ONE),
        _squares(1, multiplier=-ONE),
        _squares(1, condition=5),
    ],
    ids=[
        "other identity",
        "other square",
        "negative weight",
        "zero multiplier",
        "negative multiplier",
        "unknown condition",
    ],
)
def test_a_false_sum_of_squares_is_refused(answer: Decision) -> None:
    with pytest.raises(REFUSED):
        check_decision(System.of((X**2 + 1, "<=")), answer)


@pytest.mark.parametrize("relation", [">", ">=", "!="])
def test_a_sum_of_squares_refutes_no_other_relation(relation: str) -> None:
    with pytest.raises(RejectedEvidenceError):
        check_decision(System.of((X**2 + 1, relation)), _squares(1))


def test_a_true_identity_without_slack_proves_nothing() -> None:
    system = System.of((X**2, "<="))
    with pytest.raises(RejectedEvidenceError):
        check_decision(system, _squares(0))
