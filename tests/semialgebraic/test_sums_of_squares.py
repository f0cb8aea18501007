"""Sum-of-squares identities: true ones are accepted, each false step is rejected."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.checker import check_decision
from semialgebraic.decisions import SumOfSquares, Unsatisfiable
from semialgebraic.errors import MalformedEvidenceError, RejectedEvidenceError
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.sums_of_squares import check_sum_of_squares, refutable_signs
from semialgebraic.systems import Relation, System

NAMES = ("x", "y")
x, y = polynomial_ring(NAMES).gens()
ONE = x**0
# (1 + x^2) (2 x^2 y^2 - 2 x y + 3)
#   = 1/2 (2 x y - 1)^2 + 1/2 (2 x^2 y - x)^2 + 5/2 x^2 + 5/2
P = 2 * x**2 * y**2 - 2 * x * y + 3
MONOMIALS = ((0, 0), (1, 0), (1, 1), (2, 1))
ROWS = ((-1, 0, 2, 0), (0, -1, 0, 2), (0, 1, 0, 0))
EVIDENCE = SumOfSquares(
    condition=1,
    multiplier=x**2 + 1,
    monomials=MONOMIALS,
    weights=(Fraction(1, 2), Fraction(1, 2), Fraction(5, 2)),
    rows=tuple(tuple(Fraction(r) for r in row) for row in ROWS),
    slack=Fraction(5, 2),
)


def _system(p: Any = P, relation: str = "<=") -> System:
    return System.of((x - y, ">"), (p, relation))


# --- true identities


@pytest.mark.parametrize(
    ("sign", "relation"),
    [(1, "<="), (1, "<"), (1, "="), (-1, "="), (-1, ">="), (-1, ">")],
)
def test_identity_refutes_what_it_contradicts(sign: int, relation: str) -> None:
    system = _system(sign * P, relation)
    check_sum_of_squares(system, EVIDENCE)
    check_decision(system, Unsatisfiable(evidence=EVIDENCE, by="test"))


rationals = st.fractions(min_value=-5, max_value=5, max_denominator=6)
positive = st.fractions(min_value=Fraction(1, 9), max_value=5, max_denominator=9)
exponents = st.tuples(st.integers(0, 3), st.integers(0, 3))


@st.composite
def identities(draw: st.DrawFn) -> tuple[System, SumOfSquares]:
    """A random sum of squares, expanded here by itself, with its evidence."""
    monomials = [(0, 0), *draw(st.lists(exponents, max_size=3))]
    row = st.tuples(*[rationals] * len(monomials))
    squares = draw(st.lists(st.tuples(positive, row), max_size=3))
    slack = draw(positive)
    terms = {(0, 0): slack}
    for weight, r in squares:
        for a, m in zip(r, monomials, strict=True):
            for b, n in zip(r, monomials, strict=True):
                product = (m[0] + n[0], m[1] + n[1])
                terms[product] = terms.get(product, Fraction(0)) + weight * a * b
    p = from_terms(NAMES, terms)
    system = System.of((p, "<="))
    # The polynomial is stored without denominators and content.
    (condition,) = system.conditions
    factor = Fraction(int(condition.polynomial[0, 0])) / terms[0, 0]
    evidence = SumOfSquares(
        condition=0,
        multiplier=ONE,
        monomials=tuple(monomials),
        weights=tuple(weight * factor for weight, _ in squares),
        rows=tuple(r for _, r in squares),
        slack=slack * factor,
    )
    return system, evidence


@given(identities())
def test_random_identities_are_accepted(case: tuple[System, SumOfSquares]) -> None:
    check_sum_of_squares(*case)


@given(identities(), st.data())
def test_random_identities_are_rejected_after_any_change(
    case: tuple[System, SumOfSquares], data: st.DataObject
) -> None:
    system, evidence = case
    (condition,) = system.conditions
    term = data.draw(exponents)
    change = data.draw(st.integers(-3, 3).filter(bool))
    changed = 7 * condition.polynomial + from_terms(NAMES, {term: change})
    # Seven times the evidence fits seven times the polynomial, and not the changed one.
    scaled = replace(
        evidence,
        weights=tuple(7 * weight for weight in evidence.weights),
        slack=7 * evidence.slack,
        multiplier=ONE,
    )
    assume(changed.content() == 1)
    with pytest.raises(RejectedEvidenceError, match="identity is false"):
        check_sum_of_squares(System.of((changed, "<=")), scaled)


# --- false ones


def _with_entry(row: int, column: int, value: Fraction) -> SumOfSquares:
    rows = [list(r) for r in EVIDENCE.rows]
    rows[row][column] = value
    return replace(EVIDENCE, rows=tuple(tuple(r) for r in rows))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"slack": Fraction(0)}, "slack"),
        ({"slack": Fraction(-1)}, "slack"),
        ({"slack": Fraction(3)}, "identity"),
        ({"weights": (Fraction(1, 2), Fraction(0), Fraction(5, 2))}, "square 2"),
        ({"weights": (Fraction(1, 2), Fraction(1, 2), Fraction(-5, 2))}, "square 3"),
        ({"weights": (Fraction(1, 2), Fraction(1, 2), Fraction(2))}, "identity"),
        ({"monomials": ((0, 0), (0, 1), (1, 1), (2, 1))}, "identity"),
        ({"multiplier": ONE}, "identity"),
        ({"multiplier": 0 * x}, "multiplier"),
        ({"multiplier": x**2}, "multiplier"),
        ({"multiplier": x + 1}, "multiplier"),
        ({"multiplier": x**2 * y + 1}, "multiplier"),
        ({"multiplier": 1 - x**2}, "multiplier"),
        ({"multiplier": x**2 - 1}, "multiplier"),
        ({"condition": 0}, "identity"),
    ],
)
def test_each_false_part_is_rejected(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(RejectedEvidenceError, match=message):
        check_sum_of_squares(_system(), replace(EVIDENCE, **changes))


@pytest.mark.parametrize("row", range(3))
@pytest.mark.parametrize("column", range(4))
def test_each_entry_counts(row: int, column: int) -> None:
    entry = EVIDENCE.rows[row][column] + Fraction(1, 10**9)
    with pytest.raises(RejectedEvidenceError, match="identity"):
        check_sum_of_squares(_system(), _with_entry(row, column, entry))


@pytest.mark.parametrize(
    ("sign", "relation"),
    [(-1, "<="), (-1, "<"), (1, ">="), (1, ">"), (1, "!="), (-1, "!=")],
)
def test_what_it_does_not_contradict_is_not_refuted(sign: int, relation: str) -> None:
    with pytest.raises(RejectedEvidenceError):
        check_sum_of_squares(_system(sign * P, relation), EVIDENCE)


def test_only_strictly_contradicted_signs_count() -> None:
    for relation in Relation:
        for sign in (1, -1):
            # s p > 0 means that p has the sign s.
            assert (sign in refutable_signs(relation)) <= (not relation.holds(sign))


# --- what cannot be read


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"condition": 2}, "no condition 3"),
        ({"condition": -1}, "no condition 0"),
        ({"multiplier": polynomial_ring(["x"]).gens()[0]}, "other variables"),
        ({"monomials": ()}, "constant 1"),
        ({"monomials": ((1, 0), (0, 0), (1, 1), (2, 1))}, "constant 1"),
        ({"monomials": ((0, 0), (1, -1), (1, 1), (2, 1))}, "2 exponents"),
        ({"monomials": ((0, 0), (1,), (1, 1), (2, 1))}, "2 exponents"),
        ({"monomials": ((0, 0), (0.5, 1), (1, 1), (2, 1))}, "2 exponents"),
        ({"monomials": MONOMIALS[:3]}, "one entry for each monomial"),
        ({"weights": EVIDENCE.weights[:2]}, "one row for each weight"),
        ({"rows": EVIDENCE.rows[:2]}, "one row for each weight"),
        ({"slack": 2.5}, "Fraction"),
        ({"weights": (0.5, 0.5, 2.5)}, "Fraction"),
        ({"rows": tuple(tuple(map(float, r)) for r in EVIDENCE.rows)}, "Fraction"),
    ],
)
def test_malformed_evidence_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(MalformedEvidenceError, match=message):
        check_sum_of_squares(_system(), replace(EVIDENCE, **changes))
