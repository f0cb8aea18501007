"""The oracles `nlsat` and `coverings` alike, with the solvers behind them."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from flint import fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from semialgebraic.checker import check_decision
from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    Budget,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles import smt_solvers
from semialgebraic.oracles.coverings import Coverings
from semialgebraic.oracles.nlsat import Nlsat
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import Relation, System
from semialgebraic.univariate import isolate_real_roots, sign_at

ORACLES = {"nlsat": Nlsat(), "coverings": Coverings()}
PROGRAMS = {"nlsat": "z3 ", "coverings": "cvc5 "}
BUDGET = Budget(seconds=30, megabytes=2000)
x, y, z, v, w = polynomial_ring(["x", "y", "z", "v", "w"]).gens()
both = pytest.mark.parametrize("name", ORACLES)

SOLVABLE = {
    "rational point": System.of((2 * x - 1, "=")),
    "square root": System.of((x**2 - 2, "="), (x, "<")),
    "two fields": System.of((x**2 - 2, "="), (y**3 - x - 1, "="), (x, "<")),
    "open set": System.of((x * y - z, ">"), (z - 7, ">"), (x**2 - 2, "<")),
    "no condition": System.of((0 * x, "=")),
    "not zero": System.of((x, "!="), (x, ">=")),
}
UNSOLVABLE = {
    "square": System.of((x**2 + 1, "=")),
    "constant": System.of((x**0, "<=")),
    "strict": System.of((x**2, "<")),
    "disjoint discs": System.of(
        (x**2 + y**2 - 1, "<="), ((x - 3) ** 2 + y**2 - 1, "<=")
    ),
    "irrational gap": System.of((x**2 - 2, "="), (x - 1, ">"), (x**3 - 3, ">")),
}


@both
def test_it_follows_the_protocol(name: str) -> None:
    oracle = ORACLES[name]
    assert isinstance(oracle, Oracle)
    assert oracle.name == name
    assert oracle.missing() == oracle.accepts(SOLVABLE["open set"]) == ""
    assert not oracle.capabilities.proves_unsatisfiable


@both
@pytest.mark.parametrize("case", SOLVABLE)
def test_solvable_systems_get_a_verified_witness(case: str, name: str) -> None:
    answer = decide(SOLVABLE[case], oracle=ORACLES[name], budget=BUDGET)
    assert isinstance(answer, Satisfiable)
    assert SOLVABLE[case].holds_at(answer.witness)


@both
@pytest.mark.parametrize("case", UNSOLVABLE)
def test_unsolvable_systems_get_a_report(case: str, name: str) -> None:
    answer = decide(UNSOLVABLE[case], oracle=ORACLES[name], budget=BUDGET)
    assert isinstance(answer, Unsatisfiable)
    assert isinstance(answer.evidence, Reported)
    assert answer.evidence.program.startswith(PROGRAMS[name])
    assert not answer.is_proved


coefficients = st.lists(st.integers(-4, 4), min_size=1, max_size=4)
conditions = st.lists(
    st.tuples(coefficients, st.sampled_from(Relation)), min_size=1, max_size=3
)


def _has_solution(conditions: list[tuple[list[int], Relation]]) -> bool:
    """Decide a system in one variable by its roots and the gaps between them."""
    polynomials = [fmpz_poly(c) for c, _ in conditions]
    product = fmpz_poly([1])
    for p in polynomials:
        product *= p or 1
    roots = isolate_real_roots(product)
    cuts = [a for a, _ in roots] + [b for _, b in roots]
    samples = [min(cuts, default=0) - 1, max(cuts, default=0) + 1]
    samples += [(b + c) / 2 for (_, b), (c, _) in pairwise(roots)]
    for low, high in roots:
        # The sign at the root: zero for the polynomials that vanish there.
        signs = [
            0
            if not p or isolate_real_roots(p, low=low, high=high)
            else sign_at(p, (low + high) / 2)
            for p in polynomials
        ]
        if all(r.holds(s) for s, (_, r) in zip(signs, conditions, strict=True)):
            return True
    return any(
        all(r.holds(sign_at(c, sample)) for c, r in conditions) for sample in samples
    )


@both
@settings(max_examples=12)
@given(conditions=conditions)
def test_systems_in_one_variable_are_decided_as_by_their_roots(
    name: str, conditions: list[tuple[list[int], Relation]]
) -> None:
    system = System.of(
        *(
            (from_terms(["x"], {(i,): c for i, c in enumerate(p)}), relation)
            for p, relation in conditions
        )
    )
    answer = ORACLES[name].decide(system, budget=BUDGET)
    check_decision(system, answer)
    expected = Satisfiable if _has_solution(conditions) else Unsatisfiable
    assert isinstance(answer, expected)


HARD = System.of(
    (x**3 * y + y**3 * z + z**3 * v + v**3 * w + w**3 * x - 3, "="),
    (x**4 + y**4 + z**4 + v**4 + w**4 - x * y * z - 7, "="),
    (x * y**2 - z**3 * w + v**2 - 11 * x * w - 1, "="),
    (x + y**2 - z**3 + v * w, ">"),
)


@both
def test_limit_of_time_is_kept(name: str) -> None:
    start = time.monotonic()
    answer = ORACLES[name].decide(HARD, budget=Budget(seconds=0.7))
    assert isinstance(answer, Undecided)
    assert "out of time" in answer.reason
    assert time.monotonic() - start < 10


@both
def test_limit_of_memory_is_kept(name: str) -> None:
    answer = ORACLES[name].decide(HARD, budget=Budget(seconds=30, megabytes=40))
    assert isinstance(answer, Undecided)
    assert answer.advice


@both
def test_without_its_package_it_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smt_solvers, "find_spec", lambda _: None)
    answer = decide(SOLVABLE["open set"], oracle=ORACLES[name])
    assert isinstance(answer, Undecided)
    assert "pip install 'exact_wlra[smt]'" in answer.reason
