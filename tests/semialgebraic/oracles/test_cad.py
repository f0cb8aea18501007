"""The decomposition as an oracle: complete in at most three variables."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest
import sympy
from flint import fmpz_mpoly
from hypothesis import given, settings
from hypothesis import strategies as st

from semialgebraic.cells import reordered
from semialgebraic.checker import check_decision
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.cad import CylindricalDecomposition
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.real_algebraic import real_roots
from semialgebraic.systems import Relation, System

CASES = {
    case["id"]: case
    for case in json.loads(
        (Path(__file__).parents[2] / "vectors" / "published.json").read_text("utf-8")
    )
}
LINE = polynomial_ring(["s"])
PLANE = polynomial_ring(["x", "y"])
SPACE = polynomial_ring(["u", "v", "w"])
(S,) = LINE.gens()
X, Y = PLANE.gens()
U, V, W = SPACE.gens()
ORACLE = CylindricalDecomposition()

relations = st.sampled_from([str(r) for r in Relation])


def _polynomials(ring: object, degree: int, n_terms: int) -> st.SearchStrategy:
    exponents = st.tuples(*[st.integers(0, degree)] * ring.nvars())
    return st.dictionaries(
        exponents, st.integers(-4, 4), min_size=1, max_size=n_terms
    ).map(ring.from_dict)


plane_conditions = st.lists(
    st.tuples(_polynomials(PLANE, 2, 4), relations), min_size=1, max_size=3
)
space_conditions = st.lists(
    st.tuples(_polynomials(SPACE, 2, 3), relations), min_size=1, max_size=2
)


def _decide(*conditions: tuple[fmpz_mpoly, str]) -> Decision:
    system = System.of(*conditions)
    answer = ORACLE.decide(system, budget=Budget(seconds=20))
    check_decision(system, answer)
    return answer


def _is_satisfiable(*conditions: tuple[fmpz_mpoly, str]) -> bool:
    answer = _decide(*conditions)
    assert not isinstance(answer, Undecided)
    return isinstance(answer, Satisfiable)


# --- the protocol


def test_it_follows_the_protocol() -> None:
    assert isinstance(ORACLE, Oracle)
    assert ORACLE.missing() == ""
    assert ORACLE.capabilities.most_variables == 3


def test_more_variables_and_large_degrees_are_refused() -> None:
    a, b, _, _ = polynomial_ring(["a", "b", "c", "d"]).gens()
    assert "4 variables" in ORACLE.accepts(System.of((a + b, "<")))
    steep = System.of((U**100 - V, "<"))
    assert "degree 100" in ORACLE.accepts(steep)
    answer = ORACLE.decide(steep, budget=Budget())
    assert isinstance(answer, Undecided)


def test_exhausted_budget_is_no_answer() -> None:
    p = (U**4 + V**4 + W**4 - U * V * W - U + 1) ** 2 + (U - V * W) ** 2 * W**2
    system = System.of((p, "<="), (U * V - W, "="))
    answer = ORACLE.decide(system, budget=Budget(seconds=1e-9))
    assert isinstance(answer, Undecided)
    assert "budget" in answer.reason


# --- published bugs of other solvers


def test_z3_issue_5036() -> None:
    assert "satisfiable" in CASES["oracle-z3-5036"]["published"]["truth"]
    a, b, c = polynomial_ring(["a", "b", "c"]).gens()
    conditions = [
        (a**2 - 2, "="),
        (c - b, ">"),
        ((c - a) ** 2 - 2, "="),
        (b, ">"),
    ]
    assert _is_satisfiable(*conditions)


@pytest.mark.parametrize("number", ["12926", "12927"])
def test_cvc5_issues_have_four_variables_and_are_refused(number: str) -> None:
    case = CASES[f"oracle-cvc5-{number}"]
    assert case["published"]["truth"].startswith("satisfiable")
    x1, x2, x, z = polynomial_ring(["x1", "x2", "x", "z"]).gens()
    cubic = z**3 + 2 * (x2 + (x - 1) ** 3) - 3 * z * ((x1 - 1) + (x - 1) ** 2)
    systems = {
        "12926": [
            (x1**5, "="),
            (x2**5, "="),
            (1 - 3 * x**4 + 3 * x2 * z + 3 * x1 * z**3, "="),
        ],
        "12927": [
            ((x2 - 1) * (x1 - 1) ** 3, "="),
            (x2**3, "="),
            (x, ">"),
            (z - (x - 1), ">"),
            (cubic, "<"),
        ],
    }
    assert "4 variables" in ORACLE.accepts(System.of(*systems[number]))


def test_cvc5_issue_12926_with_one_variable_less() -> None:
    # 1/3 - x^4 + x2 z + x1 z^3 with x1 = x2: over (0, 0) it does not depend on z.
    x1, x, z = polynomial_ring(["x1", "x", "z"]).gens()
    conditions = [(x1**5, "="), (1 - 3 * x**4 + 3 * x1 * (z + z**3), "=")]
    answer = _decide(*conditions)
    assert isinstance(answer, Satisfiable)
    assert answer.witness.coordinate(1).minimal_polynomial == (-1, 0, 0, 0, 3)
    assert not _is_satisfiable(*conditions, (x**4 - 1, ">="))


def test_cvc5_issue_12927_with_one_variable_less() -> None:
    # x2 = 0 inserted.
    x1, x, z = polynomial_ring(["x1", "x", "z"]).gens()
    conditions = [
        (-((x1 - 1) ** 3), "="),
        (x, ">"),
        (z - (x - 1), ">"),
        (z**3 + 2 * (x - 1) ** 3 - 3 * z * ((x1 - 1) + (x - 1) ** 2), "<"),
    ]
    assert _is_satisfiable(*conditions)


# --- nullification


def test_line_over_which_a_polynomial_vanishes() -> None:
    # u w - v is zero on the whole line u = v = 0.
    line = [(U**2 + V**2, "="), (U * W - V, "=")]
    assert _is_satisfiable(*line, (W**2 - 2, "="))
    assert not _is_satisfiable(*line, (W**2 + 1, "<="))
    assert _is_satisfiable(*line, (W - 7, ">"))


@pytest.mark.parametrize("names", list(permutations(["u", "v", "w"])))
def test_whitney_umbrella_in_every_order(names: tuple[str, ...]) -> None:
    conditions = [(U**2 - V**2 * W, "="), (W, "<")]
    assert _is_satisfiable(*((reordered(p, names), r) for p, r in conditions))
    elsewhere = [*conditions, (U**2 + V**2 - 1, "=")]
    assert not _is_satisfiable(*((reordered(p, names), r) for p, r in elsewhere))


def test_section_over_a_nullified_point() -> None:
    # Over u = v = 0 the polynomial vanishes; near it, w = v / u takes every value.
    p = U * W - V
    assert _is_satisfiable((p, "="), (U, ">"), (W - 5, "="), (U**2 + V**2 - 1, "<"))
    assert not _is_satisfiable((p, "="), (U, "="), (V, "!="))


# --- touching sets


def test_tangent_circles() -> None:
    first, second = X**2 + Y**2 - 1, (X - 2) ** 2 + Y**2 - 1
    answer = _decide((first, "<="), (second, "<="))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.rational == (1, 0)
    assert not _is_satisfiable((first, "<"), (second, "<="))
    assert not _is_satisfiable((first, "<="), (second, "<="), (Y, "!="))


def test_tangent_at_an_irrational_point() -> None:
    # The line x + y = 2 touches x^2 + y^2 = 2; x + y = t with t^2 = 6, s^2 = 3.
    assert _is_satisfiable((X**2 + Y**2 - 2, "<="), (X + Y - 2, ">="))
    assert not _is_satisfiable((X**2 + Y**2 - 2, "<"), (X + Y - 2, ">="))
    answer = _decide((X**2 + Y**2 - 3, "<="), ((X + Y) ** 2 - 6, ">="), (X, ">"))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.coordinate(0).minimal_polynomial == (-3, 0, 2)
    inside = [(X**2 + Y**2 - 3, "<"), ((X + Y) ** 2 - 6, ">=")]
    assert not _is_satisfiable(*inside)


def test_spheres_that_touch() -> None:
    first = U**2 + V**2 + W**2 - 1
    second = (U - 2) ** 2 + V**2 + W**2 - 1
    answer = _decide((first, "<="), (second, "<="))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.rational == (1, 0, 0)
    assert not _is_satisfiable((first, "<"), (second, "<="))


def test_motzkin_polynomial_is_nonnegative_and_has_zeros() -> None:
    motzkin = X**4 * Y**2 + X**2 * Y**4 - 3 * X**2 * Y**2 + 1
    assert not _is_satisfiable((motzkin, "<"))
    assert _is_satisfiable((motzkin, "<="))
    assert not _is_satisfiable((motzkin, "="), (X**2 - Y**2, "!="))


def test_cusp_and_isolated_point() -> None:
    cusp = Y**2 - X**3
    assert not _is_satisfiable((cusp, "="), (X, "<"))
    assert not _is_satisfiable((cusp, "<="), (X, "<="), (X**2 + Y**2, "!="))
    assert _is_satisfiable((cusp, "="), (X, "<="))
    # y^2 = x^3 - x^2 has the isolated point (0, 0).
    acnode = Y**2 - X**3 + X**2
    answer = _decide((acnode, "="), (X - 1, "<"))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.rational == (0, 0)


def test_only_solution_is_irrational_in_every_coordinate() -> None:
    answer = _decide((X**3 - 2, "="), (Y**2 - X, "="), (Y, ">"))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.coordinate(1).minimal_polynomial == (-2, 0, 0, 0, 0, 0, 1)
    answer = _decide((U**2 - 2, "="), (V**2 - 3, "="), (W - U * V, "="), (U, "<"))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.coordinate(2).minimal_polynomial == (-6, 0, 1)


def test_three_quadrics_meet_in_points_of_degree_eight() -> None:
    # Their resultants leave only the right sections of the first variable.
    quadrics = [
        U**2 + 2 * V**2 - 3 * W**2 + U * V - W - 2,
        2 * U**2 - V**2 + W**2 - V * W + U - 3,
        U**2 - V**2 + U * W + 2 * W - 1,
    ]
    answer = _decide(*((p, "=") for p in quadrics))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.parameter.degree == 8


def test_equations_with_common_and_repeated_factors() -> None:
    first, second = (X - Y) ** 3 * (X + Y), (X - Y) ** 2 * (X**2 + Y**2 - 8)
    assert _is_satisfiable((first, "="), (second, "="), (X - 5, "="))
    both = [(first, "="), (second, "="), (X - Y, "!=")]
    answer = _decide(*both)
    assert isinstance(answer, Satisfiable)
    assert not _is_satisfiable(*both, (X**2 - 4, "!="))


def test_budget_is_obeyed_where_fields_grow_large() -> None:
    sphere = U**2 + V**2 + W**2 - 1
    p = U**4 + 2 * V**4 - 3 * W**4 + U * V * W - 2 * U**3 + V * W - U
    q = U**3 - 2 * V**3 + W**3 + U * V - 3 * W + V**2 - U * W**2
    system = System.of((p, "<="), (q, ">="), (sphere, "="), (p + q, "="))
    start = time.monotonic()
    ORACLE.decide(system, budget=Budget(seconds=1))
    assert time.monotonic() - start < 10


def test_conditions_without_variables() -> None:
    assert not _is_satisfiable((0 * X, "<"), (X, "<"))
    assert not _is_satisfiable((0 * X + 3, "="))
    answer = _decide((0 * X, "="), (0 * X - 2, "!="))
    assert isinstance(answer, Satisfiable)
    assert answer.witness.rational == (0, 0)


def test_no_names_its_method() -> None:
    answer = _decide((X**2 + Y**2, "<"))
    assert isinstance(answer, Unsatisfiable)
    assert isinstance(answer.evidence, Computed)
    assert "open cell" in answer.evidence.method


def test_witness_is_in_the_order_of_the_system() -> None:
    for names in permutations(["u", "v", "w"]):
        conditions = [(U - 1, "="), (V**2 - 2, "="), (W**3 - 3, "=")]
        answer = _decide(*((reordered(p, names), r) for p, r in conditions))
        assert isinstance(answer, Satisfiable)
        assert answer.witness.coordinate(names.index("u")) == 1


# --- random systems


@given(st.lists(st.tuples(_polynomials(LINE, 4, 4), relations), min_size=1, max_size=3))
def test_univariate_systems_agree_with_all_roots_and_gaps(
    conditions: list[tuple[fmpz_mpoly, str]],
) -> None:
    s = sympy.Symbol("s")
    system = System.of(*conditions)
    product = sympy.Integer(1)
    for condition in system.to_sympy():
        if s in condition.free_symbols:
            product *= condition.lhs
    polynomial = sympy.Poly(product, s)
    points: list[sympy.Expr] = [sympy.Integer(0)]
    intervals = []
    if polynomial.degree() > 0:
        intervals = [i for i, _ in polynomial.intervals(eps=sympy.Rational(1, 10**6))]
    if intervals:
        points = [
            intervals[0][0] - 1,
            *(b + sympy.Rational(1, 10**7) for _, b in intervals),
        ]
    expected = any(system.holds_at([_fraction(point)]) for point in points) or any(
        all(Relation(r).holds(root.sign_of(_univariate(p))) for p, r in conditions)
        for p, _ in conditions
        if not p.is_constant()
        for root in real_roots(_univariate(p))
    )
    assert _is_satisfiable(*conditions) == expected


def _fraction(x: sympy.Rational) -> Fraction:
    return Fraction(int(x.p), int(x.q))


def _univariate(p: fmpz_mpoly) -> list[int]:
    found = [0] * (max(int(p.total_degree()), 0) + 1)
    for (e,), c in p.terms():
        found[int(e)] = int(c)
    return found


@given(plane_conditions, _polynomials(PLANE, 2, 3))
def test_weak_is_strict_or_equal_in_the_plane(
    conditions: list[tuple[fmpz_mpoly, str]], p: fmpz_mpoly
) -> None:
    _check_trichotomy(conditions, p)


@given(space_conditions, _polynomials(SPACE, 2, 2))
@settings(max_examples=20)
def test_weak_is_strict_or_equal_in_space(
    conditions: list[tuple[fmpz_mpoly, str]], p: fmpz_mpoly
) -> None:
    _check_trichotomy(conditions, p)


def _check_trichotomy(conditions: list[tuple[fmpz_mpoly, str]], p: fmpz_mpoly) -> None:
    """The three signs of p are all cases; each relation is some of them."""
    by_sign = {r: _is_satisfiable(*conditions, (p, r)) for r in ("<", "=", ">")}
    assert _is_satisfiable(*conditions) == any(by_sign.values())
    for relation, signs in (("<=", "<="), (">=", ">="), ("!=", "<>")):
        assert _is_satisfiable(*conditions, (p, relation)) == any(
            by_sign[sign] for sign in signs
        )


@given(plane_conditions)
def test_order_of_the_variables_does_not_matter(
    conditions: list[tuple[fmpz_mpoly, str]],
) -> None:
    turned = [(reordered(p, ["y", "x"]), r) for p, r in conditions]
    assert _is_satisfiable(*conditions) == _is_satisfiable(*turned)


@given(plane_conditions, st.integers(-3, 3), st.integers(-3, 3))
def test_conditions_that_hold_at_a_point_are_satisfiable(
    conditions: list[tuple[fmpz_mpoly, str]], x: int, y: int
) -> None:
    holding = [(p, r) for p, r in conditions if System.of((p, r)).holds_at([x, y])]
    if holding:
        assert _is_satisfiable(*holding)


@given(_polynomials(PLANE, 2, 3), _polynomials(PLANE, 2, 3), st.integers(1, 5))
def test_sums_of_squares_are_not_negative(p: fmpz_mpoly, q: fmpz_mpoly, c: int) -> None:
    total = p**2 + q**2
    assert not _is_satisfiable((total, "<"))
    assert not _is_satisfiable((total + c, "<="))
    both = _is_satisfiable((p, "="), (q, "="))
    assert _is_satisfiable((total, "<=")) == both


# --- time


def test_threshold_query_of_degree_eight(record_property: object) -> None:
    total = 9 * X**8 + 7 * Y**8 + X**4 * Y**4 - 3 * X**5 * Y**2 + X * Y**7 - X + Y + 3
    start = time.perf_counter()
    assert not _is_satisfiable((total, "<"))
    record_property("cad, 2 variables, degree 8 [s]", time.perf_counter() - start)
    p = 3 * U**4 + 2 * V**4 + W**4 - 2 * U * V * W - 3 * U + V * W**2 - U * V + 4
    start = time.perf_counter()
    assert not _is_satisfiable((p, "<"))
    record_property("cad, 3 variables, degree 4 [s]", time.perf_counter() - start)
