"""Every statement: it stands, its check can fail, its errata are shown."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache

import pytest

from exact_wlra.theorems.findings import Finding, Relation
from exact_wlra.theorems.quantities import Quantity
from exact_wlra.theorems.registry import HOMES, statement
from exact_wlra.theorems.verifying import Verification, verify

every_statement = pytest.mark.parametrize("key", HOMES)


@cache
def verified(key: str) -> Verification:
    return verify(statement(key), seeds=2)


@every_statement
def test_statement_stands(key: str) -> None:
    found = verified(key)
    assert found.findings
    assert not found.failed, [str(f) for f in found.failed]
    assert found.stands
    undecided = [f for f in found.findings if f.verdict == "undecided"]
    assert len(undecided) <= len(found.findings) // 4, undecided


@every_statement
def test_check_notices_a_bound_that_is_wrong_by_a_tenth_or_a_missing_hypothesis(
    key: str,
) -> None:
    caught = [
        f
        for f in verified(key).findings
        if any(
            f.with_bound(Fraction(factor, 10)).verdict == "fails" for factor in (9, 11)
        )
        or (f.unmet and f.without_hypotheses().verdict == "fails")
    ]
    assert caught


@every_statement
def test_hypotheses_that_cases_violate_are_those_of_the_statement(key: str) -> None:
    names = {hypothesis.name for hypothesis in statement(key).hypotheses}
    violated = {name for f in verified(key).findings for name in f.unmet}
    assert violated == names


@every_statement
def test_cases_have_different_names(key: str) -> None:
    names = [case.name for case in statement(key).cases(2)]
    assert len(set(names)) == len(names)


@every_statement
def test_findings_name_their_statement(key: str) -> None:
    found = verified(key)
    assert {f.statement for f in found.findings + found.counterexamples} == {key}


@every_statement
def test_same_seeds_give_the_same_findings(key: str) -> None:
    stated = statement(key)
    case = next(stated.cases(1))
    assert stated.check(case) == stated.check(next(stated.cases(1)))


@pytest.mark.parametrize("key", [key for key in HOMES if key.startswith("ours/")])
def test_a_case_that_violates_one_hypothesis_alone_contradicts_the_claim(
    key: str,
) -> None:
    alone = {
        found.unmet[0]
        for found in verified(key).findings
        if len(found.unmet) == 1 and found.without_hypotheses().verdict == "fails"
    }
    assert alone == {hypothesis.name for hypothesis in statement(key).hypotheses}


@pytest.mark.parametrize("end", [math.inf, -math.inf, math.nan])
def test_two_equal_infinities_and_what_is_no_number_prove_nothing(end: float) -> None:
    side = Quantity(low=end, high=end, evidence="estimate")
    relations: tuple[Relation, ...] = ("<=", "==", ">=")
    for relation in relations:
        found = Finding(
            statement="ours/x",
            claim="x",
            case="x",
            measured=side,
            relation=relation,
            bound=side,
        )
        assert found.verdict == "undecided"


@every_statement
def test_no_finding_compares_two_infinities(key: str) -> None:
    found = verified(key).findings
    assert not [f for f in found if math.isnan(f.slack) and not f.unmet]
