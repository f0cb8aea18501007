"""The search of pattern space, asked for thresholds."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from exact_wlra.budget import Budget
from exact_wlra.checker import lower_bound
from exact_wlra.pattern_space_decider import PatternSpaceDecider
from exact_wlra.threshold_deciders import Above, AtMost, Unknown
from reductions.errors import NotApplicableError
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


def test_the_pattern_space_keeps_what_it_knows() -> None:
    instance = published("rec-small-2x3")
    decider = PatternSpaceDecider(instance, budget())
    none = Fraction(0)
    below = decider.decide(Fraction(40), slack=none)
    assert isinstance(below, Above)
    assert below.is_proved
    assert lower_bound(instance, below.proof) >= 40
    above = decider.decide(Fraction(44), slack=none)
    assert isinstance(above, AtMost)
    assert instance.cost(above.left, above.right) == above.cost <= 44
    # The optimum itself lies in every bracket.
    near = decider.decide(Fraction("43.84101685893618903"), slack=none)
    assert isinstance(near, Unknown)
    assert isinstance(decider.decide(Fraction(43), slack=none), Above)


def test_the_pattern_space_of_rank_two_is_refused() -> None:
    with pytest.raises(NotApplicableError, match="pattern space"):
        PatternSpaceDecider(published("oss-3x3-k2"), budget())
