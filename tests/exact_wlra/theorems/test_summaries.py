"""Verifications counted: a failure outranks what is undecided, and both are seen."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from fractions import Fraction

import pytest

from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import Quantity, enclosed, estimated, exact
from exact_wlra.theorems.registry import statement
from exact_wlra.theorems.summaries import outcome, summary, verification_document
from exact_wlra.theorems.verifying import Verification, verify

KEY = "reweighted/theorem-1.2"


def finding(measured: Quantity, bound: Quantity, **parts: object) -> Finding:
    return Finding(
        statement=KEY,
        claim="x <= y",
        case=str(parts.pop("case", "a")),
        measured=measured,
        relation="<=",
        bound=bound,
        **parts,  # type: ignore[arg-type]
    )


HOLDS = finding(exact(1), exact(4))
FAILS = finding(exact(5), exact(4), case="b")
UNDECIDED = finding(enclosed(1, 6), exact(4), case="c")
UNMET = finding(exact(9), exact(4), case="d", unmet=("W given",))


def of(*findings: Finding, shown: tuple[Finding, ...] = (FAILS,)) -> Verification:
    return Verification(
        statement=statement(KEY), findings=findings, of_errata=(shown,), seconds=1.0
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (of(HOLDS, UNMET), "stands"),
        (of(HOLDS, UNDECIDED), "undecided"),
        (of(HOLDS, UNDECIDED, FAILS), "fails"),
        (of(HOLDS, shown=(HOLDS,)), "fails"),
        (of(), "undecided"),
    ],
)
def test_outcome_is_the_worst_that_was_found(
    found: Verification, expected: str
) -> None:
    assert summary(found).outcome == expected
    assert outcome([summary(of(HOLDS)), summary(found)]) == expected


def test_slack_and_evidence_are_the_worst_among_met_hypotheses() -> None:
    numbers = summary(of(HOLDS, finding(estimated(3.0), exact(4)), UNMET))
    assert numbers.worst_slack == pytest.approx(0.25)
    assert numbers.evidence == "estimate"
    assert numbers.verdicts["hypothesis not met"] == 1
    assert (numbers.cases, numbers.errata, numbers.errata_shown) == (2, 1, 1)


def test_document_is_exact_and_survives_json() -> None:
    unbounded = finding(
        exact(Fraction(1, 3)), Quantity(low=0.5, high=math.inf, evidence="statistical")
    )
    document = verification_document(of(unbounded))
    again = json.loads(json.dumps(document, allow_nan=False))
    assert again == document
    assert again["findings"][0]["measured"]["low"] == "1/3"
    assert again["findings"][0]["bound"]["high"] == "inf"


def test_exact_only_keeps_what_is_proved() -> None:
    stated = statement(KEY)
    mixed = replace(
        stated,
        cases=lambda _seeds: iter(list(stated.cases(1))[:1]),
        check=lambda _case: (HOLDS, finding(estimated(3.0), exact(4))),
    )
    assert len(verify(mixed, seeds=1).findings) == 2
    assert verify(mixed, seeds=1, exact_only=True).findings == (HOLDS,)


def test_text_and_table_name_what_fails() -> None:
    found = of(HOLDS, FAILS)
    assert "DOES NOT STAND" in str(found)
    assert "fails: x <= y [b]: 5 <= 4, exact" in str(found)
    assert "<td>5 &lt;= 4</td>" in found._repr_html_()
    assert "<td>fails</td>" in FAILS._repr_html_()
    assert "hypotheses not met" not in FAILS._repr_html_()
    assert "W given" in UNMET._repr_html_()
