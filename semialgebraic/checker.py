"""Checking decisions: points by exact evaluation, evidence for a no rule by rule.

Contents
--------
check_decision      accept a decision about a system, or say which step is false

Notes on the implementation
---------------------------
No oracle is imported: what an oracle found is judged here by arithmetic alone.
"""

from typing import assert_never

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
from semialgebraic.errors import RejectedEvidenceError
from semialgebraic.systems import System


def check_decision(system: System, decision: Decision) -> None:
    """Return if the decision is right as far as its evidence can be checked.

    `Computed` and `Reported` evidence holds nothing to check; `Undecided` claims
    nothing.

    Raises
    ------
    RejectedEvidenceError
        If the witness violates a condition, or a step of the evidence is false.

    Examples
    --------
    >>> from semialgebraic.algebraic_points import AlgebraicPoint
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> yes = Satisfiable(witness=AlgebraicPoint.from_rationals([2]), by="me")
    >>> check_decision(System.of((x**2 - 2, ">")), yes)
    """
    match decision:
        case Satisfiable():
            _check_witness(system, decision)
        case Unsatisfiable():
            _check_evidence(system, decision)
        case Undecided():
            return
        case _:
            assert_never(decision)


def _check_witness(system: System, decision: Satisfiable) -> None:
    """Evaluate every condition at the witness."""
    if decision.witness.dimension != len(system.variables):
        raise RejectedEvidenceError(
            f"the witness has {decision.witness.dimension} coordinates and the system "
            f"{len(system.variables)} variables."
        )
    violated = system.first_violated(decision.witness)
    if violated is not None:
        raise RejectedEvidenceError(
            f"the witness violates condition {violated + 1}: "
            f"{system.conditions[violated]}."
        )


def _check_evidence(system: System, decision: Unsatisfiable) -> None:
    """Replay the evidence of a no."""
    from semialgebraic.box_trees import check_box_tree
    from semialgebraic.sums_of_squares import check_sum_of_squares

    match decision.evidence:
        case BoxTree() as tree:
            check_box_tree(system, tree)
        case SumOfSquares() as identity:
            check_sum_of_squares(system, identity)
        case Computed() | Reported():
            return
        case _ as never:
            assert_never(never)
