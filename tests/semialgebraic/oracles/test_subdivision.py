"""Subdivision: yes with a point, no with a tree that integers confirm, or undecided."""

import itertools
import math
import time
from fractions import Fraction

import pytest
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.box_trees import check_box_tree
from semialgebraic.checker import check_decision
from semialgebraic.decisions import (
    BoxTree,
    Budget,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.subdivision import Subdivision
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import Relation, System
from semialgebraic.testing import check_oracle

SECONDS = Budget(seconds=20)
X, Y, Z = polynomial_ring(["x", "y", "z"]).gens()
BOX = tuple(
    side for v in (X, Y, Z) for side in ((v + 1, ">="), (v - 2, "<="))
)  # [-1, 2]^3


def decide(system: System, budget: Budget = SECONDS) -> Decision:
    """Ask, and hold the answer against exact arithmetic."""
    decision = Subdivision().decide(system, budget=budget)
    check_decision(system, decision)
    if isinstance(decision, Unsatisfiable):
        assert isinstance(decision.evidence, BoxTree)
        check_box_tree(system, decision.evidence, "rational")
    return decision


def test_laws_of_oracles() -> None:
    conformance = check_oracle(Subdivision())
    assert len(conformance.decided) >= 10
    assert not conformance.undecided


@pytest.mark.parametrize(
    "conditions",
    [
        [(X**2 + Y**2 + Z**2 - 4, "<"), (X * Y * Z - 1, ">")],
        [(X**2 + Y**2 - 2, "=")],
        [(10**8 * ((3 * X - 1) ** 2 + (5 * Y - 1) ** 2 + (7 * Z - 1) ** 2) - 1, "<")],
        [(X, ">"), (X - 1, "<"), (X**2 - X, "<"), (Y**2 + Z**2 - X, "<")],
        [(X - Y, "!="), (X - Z, "!=")],
        [((3 * X - 1) ** 2 + (5 * Y - 1) ** 2, "<=")],
        [(7 * X + 3, "="), (X * Y + Z**2, "<=")],
        [(3 * X - 1, "="), (Y - 1, "="), (Z - 1, "="), (3 * X * Y * Z - 1, "=")],
    ],
)
def test_satisfiable_systems(conditions: list[tuple[fmpz_mpoly, str]]) -> None:
    assert isinstance(decide(System.of(*BOX, *conditions)), Satisfiable)


def test_box_alone_is_satisfiable_inside() -> None:
    strict = [(v + 1, ">") for v in (X, Y, Z)] + [(v, "<") for v in (X, Y, Z)]
    assert isinstance(decide(System.of(*strict)), Satisfiable)


@pytest.mark.parametrize(
    "conditions",
    [
        [(X**4 * Y**2 + X**2 * Y**4 + 1 - 3 * X**2 * Y**2 + Z**2 + 1, "<=")],
        [(10**8 * ((3 * X - 1) ** 2 + (5 * Y - 1) ** 2 + (7 * Z - 1) ** 2) + 1, "<")],
        [(X**2 + Y**2 + Z**2 - 3, ">="), (X**4 + Y**4 + Z**4 - 1, "<=")],
        [(7 * X**2 + 3 * Y**2 - 2 + Z**3, "="), (X * Y * Z - 1, "=")],
        [(X - 1, ">"), (X, "<")],
        [(X - 1, ">="), (X, "<="), (Y - Z, "!=")],
        [(X, ">"), (X, "<")],
        [(X - X, "!=")],
        [(X - X + 1, "<")],
        [(X - 1, "="), (Y - 1, "="), (Z - 1, "="), (X * Y * Z - 1, "!=")],
    ],
)
def test_unsatisfiable_systems(conditions: list[tuple[fmpz_mpoly, str]]) -> None:
    assert isinstance(decide(System.of(*BOX, *conditions)), Unsatisfiable)


@pytest.mark.parametrize(
    ("conditions", "impossible"),
    [
        ([(X**2 - 2, "="), (Y**2 - 2 * X, "<=")], Unsatisfiable),
        ([(7 * X + 3, "="), (X * Y + Z, "=")], Unsatisfiable),
        ([((3 * X - 1) ** 2 + (5 * Y - 1) ** 2, "<")], Satisfiable),
        ([(X**2 - 2, "="), (Y**2 - 3, "=")], Unsatisfiable),
        ([(X**2 - 2, "="), (X**3 - 2 * X + Y**2, "<")], Satisfiable),
        (
            [(X**2 + Y**2 - 2, ">="), (X - 1, "<"), (Y - 1, "<"), (X, ">="), (Y, ">=")],
            Satisfiable,
        ),
    ],
)
def test_what_only_just_holds_or_fails_is_never_wrong(
    conditions: list[tuple[fmpz_mpoly, str]], impossible: type
) -> None:
    decision = decide(System.of(*BOX, *conditions))
    assert not isinstance(decision, impossible)
    if isinstance(decision, Undecided):
        assert "boxes remain" in decision.reason
        assert "cad" in decision.advice


def test_zero_at_a_corner_of_the_subdivision_is_decided() -> None:
    """The minimum 0 of x^2 + y^2 is at the centre of [-1, 1]^2."""
    square = [(v + s, r) for v in (X, Y, Z) for s, r in ((1, ">="), (-1, "<="))]
    p = X**2 + Y**2
    assert isinstance(decide(System.of(*square, (p, "<="))), Satisfiable)
    assert isinstance(decide(System.of(*square, (p, "<"))), Unsatisfiable)


def test_shared_shape_does_not_hide_another_condition() -> None:
    """Near x = y = 0 the first condition keeps its shape: z has to be cut."""
    touching = X**2 * (Z**2 + 1) + Y**2
    other = 16 * (Z - 1) ** 2 * (Z + 1) ** 2 - 8 * Z + X - 20
    never = 4 * Z**4 - 4 * Z**2 + 2 - X - Y
    system = System.of(*BOX, (touching, "<="), (never, "<="))
    assert isinstance(decide(system), Unsatisfiable)
    assert isinstance(
        decide(System.of(*BOX, (touching, "<="), (other, "<="))), Satisfiable
    )


def test_out_of_scope_is_said() -> None:
    oracle = Subdivision()
    assert "z is not bounded" in oracle.accepts(System.of(*BOX[:4], (Z - 1, "<")))
    assert "degree 60" in oracle.accepts(System.of(*BOX, (X**60, "<")))
    gens = polynomial_ring(["x", "y", "z", "t"]).gens()
    sides = [(v + d, rel) for v in gens for d, rel in ((1, ">="), (-1, "<="))]
    large = System.of(*sides, (math.prod(gens) ** 40, "<"))
    assert f"{41**4} Bernstein" in oracle.accepts(large)
    assert isinstance(decide(System.of((X - 1, "<"))), Undecided)
    assert not oracle.missing()


def test_same_question_gets_the_same_answer() -> None:
    system = System.of(*BOX, (X**4 + Y**4 + Z**4 - X * Y * Z + 1, "<="))
    assert decide(system) == decide(system)


def test_budget_ends_the_search() -> None:
    """The form of Choi and Lam type vanishes on lines: no end of boxes."""
    p = X**4 * Y**2 + X**2 * Y**4 + Z**6 - 3 * X**2 * Y**2 * Z**2
    start = time.monotonic()
    decision = decide(System.of(*BOX, (p, "<")), Budget(seconds=0.3))
    assert isinstance(decision, Undecided)
    assert time.monotonic() - start < 5
    few = decide(System.of(*BOX, (p, "<")), Budget(seconds=20, megabytes=1))
    assert isinstance(few, Undecided)


def rank_one_excess(c: Fraction, pivot: int) -> System:
    """Whether a rank-one matrix costs at most c, in one chart of the row space.

    The instance D2: weights (1, 4, 9; 4, 1, 1), data (1, 2, 3; 3, 1, -2).
    """
    ring = polynomial_ring(["x", "y"])
    row = list(ring.gens())
    row.insert(pivot, ring.constant(1))
    terms = []
    for weights, data in (((1, 4, 9), (1, 2, 3)), ((4, 1, 1), (3, 1, -2))):
        square = sum((w * v**2 for w, v in zip(weights, row, strict=True)), 0 * row[0])
        product = sum(
            (w * a * v for w, a, v in zip(weights, data, row, strict=True)), 0 * row[0]
        )
        total = sum(w * a * a for w, a in zip(weights, data, strict=True))
        terms.append((total * square - product**2, square))
    (p, q), (r, s) = terms
    excess = c.denominator * (p * s + r * q) - c.numerator * q * s
    box = [(v + d, rel) for v in ring.gens() for d, rel in ((1, ">="), (-1, "<="))]
    return System.of(*box, (excess, "<="))


def test_weighted_rank_one_minimum_is_bracketed_tightly() -> None:
    """OPT = 20.83779929918781124855 (mathematics D2), over all three charts."""
    below, above = Fraction("20.8377992991"), Fraction("20.8377992993")
    for pivot in range(3):
        assert isinstance(decide(rank_one_excess(below, pivot)), Unsatisfiable)
    found = [decide(rank_one_excess(above, pivot)) for pivot in range(3)]
    assert any(isinstance(decision, Satisfiable) for decision in found)


polynomials = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(-6, 6), max_size=5
).map(lambda terms: from_terms(["x", "y"], terms))
relations = st.sampled_from(list(Relation))
conditions = st.lists(st.tuples(polynomials, relations), min_size=1, max_size=3)


@given(conditions)
def test_no_solution_on_a_grid_escapes(
    chosen: list[tuple[fmpz_mpoly, Relation]],
) -> None:
    x, y = polynomial_ring(["x", "y"]).gens()
    box = [(v + d, rel) for v in (x, y) for d, rel in ((1, ">="), (-1, "<="))]
    system = System.of(*box, *chosen)
    decision = decide(system, Budget(seconds=0.1))
    steps = [Fraction(i, 5) for i in range(-5, 6)]
    if any(system.holds_at(point) for point in itertools.product(steps, repeat=2)):
        assert not isinstance(decision, Unsatisfiable)
