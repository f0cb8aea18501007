"""The oracle of nearest points: both answers, against the oracle `cad`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.catalogue import CATALOGUE, NamedSystem
from semialgebraic.checker import check_decision
from semialgebraic.deciding import decide as ask
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.critical_points import CriticalPoints
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import System
from semialgebraic.testing import check_oracle

SECONDS = Budget(seconds=20)
X, Y = polynomial_ring(["x", "y"]).gens()
(T,) = polynomial_ring(["t"]).gens()
DISC = X**2 + Y**2 - 1


def decide(system: System, budget: Budget = SECONDS) -> Decision:
    """Ask, and hold a yes against exact arithmetic."""
    decision = CriticalPoints().decide(system, budget=budget)
    check_decision(system, decision)
    return decision


def is_quick(entry: NamedSystem) -> bool:
    """Tell whether the resultants are small."""
    return len(entry.system.variables) != 2 or entry.system.sizes.degree < 6


def test_laws_of_oracles() -> None:
    conformance = check_oracle(CriticalPoints(), systems=filter(is_quick, CATALOGUE))
    assert len(conformance.decided) >= 5


@pytest.mark.slow
def test_laws_of_oracles_at_high_degree() -> None:
    check_oracle(
        CriticalPoints(), systems=[entry for entry in CATALOGUE if not is_quick(entry)]
    )


def test_the_registry_knows_it() -> None:
    assert get_oracle("critical_points").name == "critical_points"


@pytest.mark.parametrize(
    "conditions",
    [
        [(DISC, "="), ((X - 2) ** 2 + Y**2 - 1, "=")],  # two circles that touch
        [(DISC, "<="), (X + Y - 1, ">=")],
        [(X**2 + Y**2, "<=")],  # one point
        [(X**2 + Y**2, "="), (X, ">=")],
        [((X - 5) ** 2 + (Y + 7) ** 2, "=")],  # one point, away from every center
        [(X**3 - Y**2, "="), (X, "<=")],  # a cusp
        [(X**3 - X**2 - Y**2, "="), (X - 1, "<=")],  # an isolated point
        [(DISC**2, "<=")],  # the circle with its factor squared
        [(X**2 - 2 * Y**2, "="), (X - 1, ">=")],  # irreducible, two real lines
        [(X**2 - 2, "="), (Y**2 - 3, "=")],
        [(X * Y - 1, "="), (X - 10**9, ">=")],
        [(DISC - 3, ">=")],
        [(X, "<="), (X, ">="), (Y, "="), (3 * X + 0 * Y, "<=")],
    ],
)
def test_sets_that_are_not_empty_have_a_point(conditions) -> None:
    assert isinstance(decide(System.of(*conditions)), Satisfiable)


@pytest.mark.parametrize(
    "conditions",
    [
        [(DISC, "<="), ((X - 3) ** 2 + Y**2 - 1, "<=")],
        [(X**2 + Y**2 + 1, "<=")],
        [(DISC, "="), (X - 2, ">=")],
        [(X**3 - X**2 - Y**2, "="), (2 * X - 1, "<="), (DISC, "<="), (4 * X - 1, ">=")],
        [(X * Y, "="), (X - 1, ">="), (Y - 1, ">=")],
        [(X**2 - 2, "="), (X - 2, ">=")],
        [(10**6 * (X**2 + Y**2) + 1, "=")],
        [(X**2 + Y**2 - 1, "<="), (X + Y, ">="), (10**6 * (X + Y) - 1414214, ">=")],
        [(Y - X**2, "="), (10**9 * Y + 1, "<=")],
    ],
)
def test_empty_sets_are_refuted(conditions) -> None:
    decision = decide(System.of(*conditions))
    assert isinstance(decision, Unsatisfiable)
    assert isinstance(decision.evidence, Computed)
    assert decision.is_proved


def test_circles_around_a_center_lead_to_another_center() -> None:
    conditions = [(X**2 + Y**2 - 3, "="), ((X - 1) ** 2 + (Y + 2) ** 2 - 100, "=")]
    assert isinstance(decide(System.of(*conditions)), Unsatisfiable)
    assert isinstance(decide(System.of(conditions[0])), Satisfiable)


def test_circles_around_all_centers_are_left_open() -> None:
    circles = [
        (DISC, "="),
        ((X - 1) ** 2 + (Y + 2) ** 2 - 100, "="),
        ((7 * X - 3) ** 2 + (11 * Y - 5) ** 2 * 0 + (7 * Y) ** 2 - 1, "="),
        ((77 * X - 33) ** 2 + (77 * Y - 35) ** 2 - 1, "="),
        ((X - 17) ** 2 + (Y - 29) ** 2 - 1, "="),
    ]
    decision = decide(System.of(*circles))
    assert isinstance(decision, Undecided)
    assert decision.advice


@pytest.mark.parametrize(
    ("conditions", "is_satisfiable"),
    [
        ([(T**2 - 2, "="), (T, ">=")], True),
        ([(T**2 - 2, "="), (5 * T - 8, ">=")], False),
        ([(T**2 + 1, "<=")], False),
        ([(T**3 - T, "<="), (T - 1, ">=")], True),
        ([(T**2 - 2, ">="), (T**2 - 2, "<="), (T, "<=")], True),
    ],
)
def test_one_variable(conditions, is_satisfiable: bool) -> None:
    decision = decide(System.of(*conditions))
    assert isinstance(decision, Satisfiable if is_satisfiable else Unsatisfiable)


def test_a_witness_may_be_irrational() -> None:
    decision = decide(System.of((X**2 - 2, "="), (X, "<="), (Y**2 - X**2, "=")))
    assert isinstance(decision, Satisfiable)
    assert decision.witness.sign_of(X**2 - 2) == 0
    assert decision.witness.sign_of(X) == -1


quadratic = st.dictionaries(
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    st.integers(-4, 4),
    min_size=1,
    max_size=4,
)
closed = st.sampled_from(["<=", ">=", "="])


@given(st.lists(st.tuples(quadratic, closed), min_size=1, max_size=3))
def test_it_agrees_with_cylindrical_decomposition(stated) -> None:
    system = System.of(
        *((from_terms(["x", "y"], terms), relation) for terms, relation in stated)
    )
    answers = [ask(system, oracle=name) for name in ("critical_points", "cad")]
    assert not any(isinstance(answer, Undecided) for answer in answers)
    ours, theirs = (isinstance(answer, Satisfiable) for answer in answers)
    assert ours == theirs


@given(
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
    st.integers(1, 5),
    st.tuples(st.integers(-3, 3), st.integers(-3, 3)),
    st.integers(1, 5),
)
def test_two_discs_meet_if_their_centers_are_near(a, r, b, s) -> None:
    system = System.of(
        *(((X - u) ** 2 + (Y - v) ** 2 - c * c, "<=") for (u, v), c in ((a, r), (b, s)))
    )
    meet = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 <= (r + s) ** 2
    assert isinstance(decide(system), Satisfiable if meet else Unsatisfiable)


# --- what is refused


@pytest.mark.parametrize(
    ("system", "reason"),
    [
        (System.of((X, "<")), "strict"),
        (System.of((X, "!=")), "strict"),
        (System.of((X**25, "<=")), "degree"),
        (System.of((polynomial_ring(["x", "y", "z"]).gens()[2], "<=")), "variables"),
    ],
)
def test_systems_out_of_scope_are_refused(system: System, reason: str) -> None:
    assert reason in CriticalPoints().accepts(system)
    # Asked in spite of that it once said no of open sets, all whose points it missed.
    assert isinstance(CriticalPoints().decide(system, budget=SECONDS), Undecided)
    assert isinstance(ask(system, oracle="critical_points"), Undecided)


def test_without_time_the_answer_is_open() -> None:
    system = System.of(((X - 3) ** 2 + Y**2 - 1, "="), (X + 1, "<="))
    decision = decide(system, Budget(seconds=1e-9))
    assert isinstance(decision, Undecided)
