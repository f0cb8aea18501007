"""The oracle `nlsat`: systems on which z3 was wrong in the past."""

from __future__ import annotations

import pytest

from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget, Satisfiable
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

BUDGET = Budget(seconds=30, megabytes=2000)
a, b, c = polynomial_ring(["a", "b", "c"]).gens()
ISSUE_5036 = System.of((a**2 - 2, "="), (c - b, ">"), ((c - a) ** 2 - 2, "="), (b, ">"))


@pytest.mark.parametrize("oracle", ["nlsat", "coverings"])
def test_z3_issue_5036_has_a_solution(oracle: str) -> None:
    # Wrong after a rewriting of equations into inequalities.
    answer = decide(ISSUE_5036, oracle=oracle, budget=BUDGET)
    assert isinstance(answer, Satisfiable)
    assert ISSUE_5036.holds_at(answer.witness)
