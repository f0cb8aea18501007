"""The oracle `sum_of_squares`: what it refutes is refuted, the rest stays undecided."""

from __future__ import annotations

import time
from itertools import combinations_with_replacement
from math import prod

import pytest
from flint import fmpz_mpoly
from hypothesis import given, settings
from hypothesis import strategies as st

from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    Budget,
    Decision,
    SumOfSquares,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles import sum_of_squares
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.oracles.sum_of_squares import SumsOfSquares
from semialgebraic.polynomials import from_terms, polynomial_ring, value_at
from semialgebraic.systems import System

ORACLE = SumsOfSquares()
BUDGET = Budget(seconds=30)
x, y, z = polynomial_ring(["x", "y", "z"]).gens()
MOTZKIN = x**4 * y**2 + x**2 * y**4 - 3 * x**2 * y**2 + 1


def _asked(*conditions: tuple[fmpz_mpoly, str]) -> Decision:
    """Ask through the front door, which checks the evidence."""
    return decide(System.of(*conditions), oracle=ORACLE, budget=BUDGET)


def test_it_follows_the_protocol() -> None:
    assert isinstance(ORACLE, Oracle)
    assert ORACLE.missing() == ""
    assert not ORACLE.capabilities.proves_satisfiable


@pytest.mark.parametrize(
    ("p", "relation"),
    [
        (x**2 + 1, "<="),
        (3 * x**0, "<="),
        (-2 * x**0, "="),
        (x**2 - 2 * x * y + 2 * y**2 + 1, "<"),
        (x**2 - 2 * x * y + 2 * y**2 + 1, "="),
        (-(x**4) - y**4 + x * y - 1, "="),
        (-(x**4) - y**4 + x * y - 1, ">="),
        (-(x**4) - y**4 + x * y - 1, ">"),
        (10**12 * (x - 1) ** 2 + 1, "<"),
        (10**40 * (x**4 + y**4 + z**2 + 1) - 10**39 * x * y * z, "<="),
        ((x - y) ** 2 + (y - z) ** 2 + (x * y * z) ** 2 + x**2 + 1, "<="),
        # Positive, but no sum of squares: the multiplier 1 + |x|^2 is needed.
        (100 * MOTZKIN + 1, "<="),
    ],
)
def test_condition_that_fails_everywhere_is_refuted(
    p: fmpz_mpoly, relation: str
) -> None:
    answer = _asked((x + y + z, ">"), (p, relation))
    assert isinstance(answer, Unsatisfiable)
    assert isinstance(answer.evidence, SumOfSquares)
    assert answer.evidence.condition == 1
    assert answer.is_proved


@pytest.mark.parametrize(
    ("p", "relation"),
    [
        (x**2 - 2, ">"),
        (x**2 + 1, ">="),
        (x**2 + y**2 - 4 * x * y + 1, "<="),
        (MOTZKIN, "<="),
        # Satisfied nowhere; zeros or infima that are not attained leave no room.
        (x**2, "<"),
        (x**2 + 1, "!="),
        ((x * y - 1) ** 2 + x**2, "<="),
        (x**3 + 1, "<"),
    ],
)
def test_what_it_cannot_refute_stays_undecided(p: fmpz_mpoly, relation: str) -> None:
    answer = _asked((p, relation))
    assert isinstance(answer, Undecided)
    assert answer.reason
    assert answer.advice


coefficients = st.lists(st.integers(-5, 5), min_size=10, max_size=10)


def _monomials(degree: int) -> list[fmpz_mpoly]:
    return [
        prod(chosen, start=x**0)
        for d in range(degree + 1)
        for chosen in combinations_with_replacement((x, y, z), d)
    ]


@settings(max_examples=25)
@given(st.lists(coefficients, min_size=1, max_size=12), st.integers(1, 20))
def test_sums_of_squares_with_full_matrix_are_refuted(
    rows: list[list[int]], constant: int
) -> None:
    monomials = _monomials(2)
    p = sum((m * m for m in monomials[1:]), constant * x**0)
    for row in rows:
        q = sum((c * m for c, m in zip(row, monomials, strict=True)), 0 * x)
        p += q * q
    assert isinstance(_asked((p, "<=")), Unsatisfiable)


@settings(max_examples=10)
@given(
    st.dictionaries(
        st.tuples(*[st.integers(0, 2)] * 3), st.integers(-5, 5), min_size=1, max_size=6
    ),
    st.tuples(*[st.integers(-2, 2)] * 3),
)
def test_systems_with_a_solution_are_never_refuted(
    terms: dict[tuple[int, ...], int], point: tuple[int, ...]
) -> None:
    p = from_terms(("x", "y", "z"), terms)
    # Zero at the point, and of any sign elsewhere.
    p -= int(value_at(p, point))
    norm = (x - point[0]) ** 2 + (y - point[1]) ** 2 + (z - point[2]) ** 2
    for q in (p, p * p, 9 * p * p + norm):
        for relation in ("<=", "=", ">="):
            assert isinstance(_asked((q, relation)), Undecided)


def test_tiny_margins_are_refuted() -> None:
    # x^4 - 2 x^2 + 1 + 10^-9 is just positive.
    answer = _asked((10**9 * (x**2 - 1) ** 2 + 1, "<="))
    assert isinstance(answer, Unsatisfiable)


def test_it_answers_the_same_twice() -> None:
    condition = (x**4 + y**4 + z**4 - x * y * z + x + 3, "<=")
    assert _asked(condition) == _asked(condition)


def test_systems_out_of_scope_are_refused_with_reason() -> None:
    for condition in ((x**2 + 1, "!="), (x**3 + 2, "<"), (x**2 - 1, "<"), (x, "<=")):
        assert "no condition can be refuted" in ORACLE.accepts(System.of(condition))


def test_limit_of_time_is_kept() -> None:
    ring = polynomial_ring([f"x{i}" for i in range(5)])
    monomials = [
        prod(chosen, start=ring.constant(1))
        for d in range(4)
        for chosen in combinations_with_replacement(ring.gens(), d)
    ]
    p = sum(monomials, ring.constant(0)) ** 2 + sum(
        (m * m for m in monomials), ring.constant(1)
    )
    start = time.monotonic()
    answer = decide(System.of((p, "<=")), oracle=ORACLE, budget=Budget(seconds=0.3))
    assert isinstance(answer, Undecided)
    assert time.monotonic() - start < 20


def test_large_matrices_are_not_tried() -> None:
    ring = polynomial_ring([f"x{i}" for i in range(20)])
    p = sum((g**6 for g in ring.gens()), ring.constant(1))
    answer = decide(System.of((p, "<=")), oracle=ORACLE, budget=BUDGET)
    assert isinstance(answer, Undecided)
    assert "order above" in answer.reason


def test_without_its_package_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sum_of_squares, "find_spec", lambda _: None)
    answer = _asked((x**2 + 1, "<="))
    assert isinstance(answer, Undecided)
    assert "pip install 'exact_wlra[sdp]'" in answer.reason
