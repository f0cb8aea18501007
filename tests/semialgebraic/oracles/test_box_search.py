"""The search of the subdivision oracle: its tree, its order, its points."""

import math
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.box_trees import check_box_tree
from semialgebraic.decisions import BoxTree, Budget, Satisfiable, Unsatisfiable
from semialgebraic.oracles.box_search import BoxSearch, shortest_between
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System

fractions = st.fractions(-3, 3, max_denominator=60)


@given(fractions, fractions)
def test_shortest_fraction_is_the_shortest(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    found = shortest_between(low, high)
    assert low <= found <= high
    shorter = range(1, found.denominator)
    assert not any(math.ceil(low * q) <= math.floor(high * q) for q in shorter)


@given(fractions, st.integers(1, 200))
def test_shortest_fraction_in_a_tiny_interval_is_the_centre(
    centre: Fraction, bits: int
) -> None:
    radius = Fraction(1, 20_000 << bits)
    assert shortest_between(centre - radius, centre + radius) == centre


def test_tree_covers_unequal_sides_and_names_each_condition() -> None:
    """Far from the origin, of very different widths: both conditions are needed."""
    x, y = polynomial_ring(["x", "y"]).gens()
    box = [(x - 10**6, ">="), (x - 10**6 - 64, "<="), (8 * y - 1, ">="), (y - 1, "<=")]
    middle = x - 10**6 - 32
    system = System.of(*box, (middle**2 + y - 2, "<="), (middle**2 + y - 3, ">="))
    decision = BoxSearch(system, Budget(), by="test").run()
    assert isinstance(decision, Unsatisfiable)
    tree = decision.evidence
    assert isinstance(tree, BoxTree)
    assert {-5, -6} <= set(tree.nodes)
    for arithmetic in ("rational", "rounded"):
        check_box_tree(system, tree, arithmetic)


def test_narrow_valley_is_found_and_excluded() -> None:
    """Rosenbrock's function has minimum 0 at (1, 1), in a curved valley."""
    x, y = polynomial_ring(["x", "y"]).gens()
    box = [(v + d, r) for v in (x, y) for d, r in ((2, ">="), (-2, "<="))]
    p = (x - 1) ** 2 + 100 * (y - x**2) ** 2
    yes = System.of(*box, (10**9 * p - 1, "<"))
    assert isinstance(BoxSearch(yes, Budget(), by="test").run(), Satisfiable)
    no = System.of(*box, (10**9 * p + 1, "<"))
    decision = BoxSearch(no, Budget(), by="test").run()
    assert isinstance(decision, Unsatisfiable)
    assert isinstance(decision.evidence, BoxTree)
    check_box_tree(no, decision.evidence, "rational")
