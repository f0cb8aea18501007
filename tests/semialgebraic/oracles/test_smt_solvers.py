"""Asking SMT solvers: whatever the child process does, no false answer comes out."""

from __future__ import annotations

from pathlib import Path

import pytest

from semialgebraic.decisions import (
    Budget,
    Decision,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.coverings import Coverings
from semialgebraic.oracles.nlsat import Nlsat
from semialgebraic.oracles.smt_solvers import ask, missing_package
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.smt_lib import script
from semialgebraic.systems import System

BUDGET = Budget(seconds=20, megabytes=1000)
x, y = polynomial_ring(["x", "y"]).gens()
CIRCLE = System.of((x**2 + y**2 - 1, "="), (x, ">"))
HEADER = 'import sys; print(\'(:name "toy") (:version "1")\'); '


def _asked(code: str, tmp_path: Path, budget: Budget = BUDGET) -> Decision:
    """Ask a toy solver about the right half of the unit circle."""
    child = tmp_path / "child.py"
    child.write_text(HEADER + code, encoding="utf-8")
    return ask(child, script(CIRCLE), CIRCLE, budget=budget, by="toy")


def _model(x: str, y: str) -> str:
    return f"print('sat ((x0 {x}) (x1 {y}))')"


# --- children that answer


def test_true_rational_model_is_a_witness(tmp_path: Path) -> None:
    answer = _asked(_model("(/ 3.0 5.0)", "(- (/ 4.0 5.0))"), tmp_path)
    assert isinstance(answer, Satisfiable)
    assert CIRCLE.holds_at(answer.witness)
    assert answer.by == "toy"


def test_true_algebraic_model_is_a_witness(tmp_path: Path) -> None:
    root = "(root-obj (+ (* 2 (^ x 2)) (- 1)) 2)"
    answer = _asked(_model(root, root), tmp_path)
    assert isinstance(answer, Satisfiable)
    assert CIRCLE.holds_at(answer.witness)


def test_no_is_reported_and_not_proved(tmp_path: Path) -> None:
    answer = _asked("print('unsat')", tmp_path)
    assert answer == Unsatisfiable(evidence=Reported(program="toy 1"), by="toy")
    assert not answer.is_proved


def test_child_gets_the_script(tmp_path: Path) -> None:
    code = "print('unsat' if '(> x0 0)' in sys.stdin.read() else 'unknown')"
    assert isinstance(_asked(code, tmp_path), Unsatisfiable)


# --- children that do not


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (_model("1.0", "1.0"), "violates condition 1"),
        (_model("(- 1.0)", "0.0"), "violates condition 2"),
        (_model("(/ 3.0 5.0)", "(foo)"), "cannot be read exactly"),
        (_model("0.6", "0.8?"), "cannot be read exactly"),
        ("print('sat')", "cannot be read exactly"),
        ("print('sat ((x0 0.6)')", "cannot be read exactly"),
        ("print('(error \"syntax\")'); print('unsat')", "refused a command"),
        ("print('unknown (:reason-unknown \"incomplete\")')", "incomplete"),
        ("print('Segmentation fault')", "no verdict"),
        ("pass", "no verdict"),
        ("sys.stdout.buffer.write(bytes(range(256)))", "cannot be read exactly"),
        ("print('unsat'); sys.exit(3)", "exit status 3"),
        ("print('unsat', flush=True); import os; os.abort()", "exit status -6"),
        ("print('unsat', flush=True); x = bytearray(10**10)", "out of memory"),
        ("import no_such_module", "no_such_module"),
    ],
)
def test_other_children_leave_it_undecided(
    code: str, reason: str, tmp_path: Path
) -> None:
    answer = _asked(code, tmp_path)
    assert isinstance(answer, Undecided)
    assert reason in answer.reason
    assert answer.advice
    assert answer.by == "toy"


def test_answer_after_the_limit_does_not_count(tmp_path: Path) -> None:
    code = "print('unsat', flush=True); import time; time.sleep(600)"
    answer = _asked(code, tmp_path, Budget(seconds=0.5))
    assert isinstance(answer, Undecided)
    assert "out of time" in answer.reason
    assert "raise the time" in answer.advice


def test_coordinates_in_too_large_a_field_leave_it_undecided(tmp_path: Path) -> None:
    first, second = (f"(root-obj (+ (^ x 9) (- {c})) 1)" for c in (2, 3))
    answer = _asked(_model(first, second), tmp_path)
    assert isinstance(answer, Undecided)
    assert "degree 81" in answer.reason


# --- packages


def test_missing_package_is_named_with_its_extra() -> None:
    assert missing_package("no_such_module", "no-such-package") == (
        "the package no-such-package is not installed; "
        "pip install 'exact_wlra[smt]' brings it."
    )


@pytest.mark.parametrize("oracle", [Nlsat(), Coverings()], ids=lambda o: o.name)
def test_solvers_of_the_extra_are_installed_for_tests(
    oracle: Nlsat | Coverings,
) -> None:
    assert oracle.missing() == ""
