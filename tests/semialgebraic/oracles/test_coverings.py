"""The oracle `coverings`: systems on which cvc5 was wrong in the past."""

from __future__ import annotations

import pytest

from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget, Satisfiable
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

BUDGET = Budget(seconds=30, megabytes=2000)
x, v, w, z = polynomial_ring(["x", "v", "w", "z"]).gens()
# In both the projection vanishes identically over a solution.
ISSUES = {
    12926: System.of(
        (v**5, "="), (w**5, "="), (1 - 3 * x**4 + 3 * w * z + 3 * v * z**3, "=")
    ),
    12927: System.of(
        ((w - 1) * (v - 1) ** 3, "="),
        (w**3, "="),
        (x, ">"),
        (z - (x - 1), ">"),
        (z**3 + 2 * (w + (x - 1) ** 3) - 3 * z * ((v - 1) + (x - 1) ** 2), "<"),
    ),
}


@pytest.mark.parametrize("oracle", ["coverings", "nlsat"])
@pytest.mark.parametrize("issue", ISSUES)
def test_system_of_a_cvc5_issue_has_a_solution(issue: int, oracle: str) -> None:
    answer = decide(ISSUES[issue], oracle=oracle, budget=BUDGET)
    assert isinstance(answer, Satisfiable)
    assert ISSUES[issue].holds_at(answer.witness)
