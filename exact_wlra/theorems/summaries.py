"""Verifications in numbers: verdicts counted, the worst slack, the evidence.

Contents
--------
Summary             of one verification
summary             make it
outcome             of several: stands, undecided or fails
verification_document       findings and numbers as a JSON document
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, final, get_args

from exact_wlra.theorems.findings import Finding, Verdict
from exact_wlra.theorems.quantities import Evidence, Quantity, weaker
from exact_wlra.theorems.verifying import Verification
from semialgebraic.rationals import format_rational

SCHEMA = "exact-wlra/verification/1"
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

Outcome = Literal["stands", "undecided", "fails"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The numbers of one verification.

    Parameters
    ----------
    key, title : str
        Of the statement.
    outcome : {"stands", "undecided", "fails"}
        *fails* if a finding fails or a printed error is not shown to be one;
        *undecided* if some finding is, or if there is none.
    cases : int
        How many were run.
    verdicts : mapping
        How many findings have each verdict.
    worst_slack : float or None
        The least over findings whose hypotheses are met; None if there is none.
    evidence : str or None
        The weakest among those.
    errata, errata_shown : int
        Errors of the printed statement that have a counterexample, and those whose
        counterexample fails, as it should.
    seconds : float
        Processor time.
    """

    key: str
    title: str
    outcome: Outcome
    cases: int
    verdicts: Mapping[Verdict, int]
    worst_slack: float | None
    evidence: Evidence | None
    errata: int
    errata_shown: int
    seconds: float


def summary(found: Verification) -> Summary:
    """Return the numbers of a verification.

    Examples
    --------
    >>> from exact_wlra.theorems import statement, verify
    >>> numbers = summary(verify(statement("reweighted/lemma-2.1"), seeds=1))
    >>> numbers.outcome, numbers.cases, numbers.verdicts["holds"], numbers.evidence
    ('stands', 3, 6, 'exact')
    """
    met = [finding for finding in found.findings if not finding.unmet]
    counted = Counter(finding.verdict for finding in found.findings)
    slacks = [f.slack for f in met if not math.isnan(f.slack)]
    evidence: Evidence | None = None
    for finding in met:
        evidence = weaker(evidence or finding.evidence, finding.evidence)
    outcome: Outcome = "stands"
    if counted["undecided"] or not found.findings:
        outcome = "undecided"
    if not found.stands:
        outcome = "fails"
    return Summary(
        key=found.statement.key,
        title=found.statement.title,
        outcome=outcome,
        cases=len({finding.case for finding in found.findings}),
        verdicts=MappingProxyType({name: counted[name] for name in VERDICTS}),
        worst_slack=min(slacks, default=None),
        evidence=evidence,
        errata=sum(bool(findings) for findings in found.of_errata),
        errata_shown=sum(map(_is_shown, found.of_errata)),
        seconds=found.seconds,
    )


def outcome(summaries: Iterable[Summary]) -> Outcome:
    """Return the worst outcome of several verifications."""
    order: tuple[Outcome, ...] = ("stands", "undecided", "fails")
    return max((each.outcome for each in summaries), key=order.index, default="stands")


def slack_text(slack: float | None) -> str:
    """Return a slack in two digits; differences that rounding explains are 0.

    Examples
    --------
    >>> slack_text(0.1234), slack_text(-1e-13), slack_text(None)
    ('0.12', '0', '')
    """
    if slack is None:
        return ""
    return "0" if abs(slack) < 1e-8 else f"{slack:.2g}"


def verification_document(found: Verification) -> dict[str, Any]:
    """Return what was found, for a JSON file: rationals as text, floats as numbers."""
    numbers = summary(found)
    return {
        "key": numbers.key,
        "title": numbers.title,
        "outcome": numbers.outcome,
        "cases": numbers.cases,
        "verdicts": dict(numbers.verdicts),
        "worst_slack": _json_float(numbers.worst_slack),
        "evidence": numbers.evidence,
        "seconds": round(numbers.seconds, 3),
        "findings": [_finding_document(finding) for finding in found.findings],
        "errata": [
            {
                "printed": erratum.printed,
                "wrong_because": erratum.wrong_because,
                "repaired": erratum.repaired,
                "findings": [_finding_document(finding) for finding in findings],
            }
            for erratum, findings in zip(
                found.statement.errata, found.of_errata, strict=True
            )
        ],
    }


def _is_shown(findings: tuple[Finding, ...]) -> bool:
    """Tell whether a counterexample fails, as it should."""
    return any(finding.verdict == "fails" for finding in findings)


def _finding_document(found: Finding) -> dict[str, Any]:
    """Return one finding."""
    return {
        "claim": found.claim,
        "case": found.case,
        "seed": found.seed,
        "verdict": found.verdict,
        "measured": _quantity_document(found.measured),
        "relation": found.relation,
        "bound": _quantity_document(found.bound),
        "slack": _json_float(found.slack),
        "unmet": list(found.unmet),
        "note": found.note,
    }


def _quantity_document(quantity: Quantity) -> dict[str, Any]:
    """Return both ends and the evidence."""
    return {
        "low": _json_number(quantity.low),
        "high": _json_number(quantity.high),
        "evidence": quantity.evidence,
    }


def _json_number(value: Fraction | float) -> str | float | None:
    """Return a rational as text, a float as a number."""
    if isinstance(value, float):
        return _json_float(value)
    return format_rational(Fraction(value))


def _json_float(value: float | None) -> float | str | None:
    """Return a float; text where JSON has no number for it."""
    return value if value is None or math.isfinite(value) else str(value)
