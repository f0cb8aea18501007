"""The method "threshold" with sketched formulations: bounds of OPT or none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from exact_wlra import Problem, solve
from exact_wlra.errors import InvalidProblemError
from exact_wlra.threshold_method import FORMULATIONS, Question, formulation_of
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def problem(rows: int, *, seed: int) -> Problem:
    """Return two row patterns and a column pattern for each column."""
    rng = np.random.default_rng(seed)
    table = np.array([[1, 4, 9, 1], [9, 1, 4, 1]])
    return Problem(
        rng.integers(-9, 10, (rows, 4)),
        squared_weights=table[np.arange(rows) % 2],
        rank=1,
    )


def test_every_formulation_has_a_name() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 3], [0, 1, 1], [2, 2, 1]]),
        squared_weights=RationalMatrix.from_rows([[1, 1, 4], [1, 2, 1], [1, 1, 1]]),
        rank=1,
    )
    names = {
        name: formulation_of(instance, Question(formulation=name)).name
        for name in FORMULATIONS
        if name != "pattern-space"
    }
    assert names["sketched-charts"] == "sketched charts"
    assert names["sketched"] == "sketched Cramer"
    question = Question(formulation="sketched-charts", sketch_columns=7)
    assert formulation_of(instance, question).t == 7
    with pytest.raises(InvalidProblemError, match="sketched-charts"):
        Question(formulation="charts-of-w")


def test_a_sketch_without_loss_is_a_bound() -> None:
    asked = problem(4, seed=1)
    found = solve(
        asked,
        gap=Fraction(1, 1000),
        method="threshold",
        formulation="sketched-charts",
        oracle="subdivision",
    )
    usual = solve(asked, gap=Fraction(1, 1000))
    assert found.termination == "completed"
    assert found.lower <= usual.upper
    assert usual.lower <= found.upper


def test_what_refutes_a_sketch_with_loss_is_no_bound() -> None:
    # Sixteen rows, two patterns: t = 3 keeps 2 x 3 of 2 x 4 dimensions.
    asked = problem(16, seed=2)
    found = solve(
        asked,
        gap=Fraction(1, 10),
        method="threshold",
        formulation="sketched-charts",
        oracle="subdivision",
        time_limit=20,
    )
    usual = solve(asked, gap=Fraction(1, 1000))
    assert found.lower <= usual.upper
    assert usual.lower <= found.upper
    leaf = found.statistics["leaves"][0]["threshold_search"]
    assert "OPT may be less" in leaf["reason"]
    assert all("sketched" not in e.by for e in found.evidence if e.bound == "lower")
