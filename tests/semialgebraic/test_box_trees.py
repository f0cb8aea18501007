"""Box trees: true ones pass in every arithmetic, lies are refused."""

import itertools
from fractions import Fraction

import pytest
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.box_trees import (
    DEEPEST,
    Arithmetic,
    check_box_tree,
    part_of_box,
    refuted_in_integers,
    refutes,
)
from semialgebraic.decisions import BoxTree
from semialgebraic.errors import (
    InvalidInputError,
    MalformedEvidenceError,
    RejectedEvidenceError,
)
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import Relation, System

ARITHMETICS: tuple[Arithmetic, ...] = ("automatic", "rational", "rounded")
X, Y = polynomial_ring(["x", "y"]).gens()
SQUARE = ((X + 1, ">="), (X - 1, "<="), (Y + 1, ">="), (Y - 1, "<="))
# Conditions 4 and 5: a circle that the half plane does not reach.
APART = System.of(*SQUARE, (4 * X**2 + 4 * Y**2 - 1, "<="), (X + Y - 1, ">="))
MINUS, ONE, ZERO = Fraction(-1), Fraction(1), Fraction(0)


def tree(*nodes: int, low: Fraction = MINUS, high: Fraction = ONE) -> BoxTree:
    return BoxTree(low=(low, low), high=(high, high), nodes=nodes)


def true_tree(system: System, depth: int = 8) -> BoxTree:
    """A tree by plain bisection of all variables in turn, in integers."""
    nodes: list[int] = []
    low = tuple(a for a, _ in system.box() if a is not None)
    high = tuple(b for _, b in system.box() if b is not None)

    def grow(cuts: list[tuple[int, bool]]) -> None:
        box = part_of_box(low, high, cuts)
        for index, condition in enumerate(system.conditions):
            if refuted_in_integers(condition.polynomial, condition.relation, box):
                nodes.append(-1 - index)
                return
        assert len(cuts) < depth
        variable = len(cuts) % 2
        nodes.append(variable)
        grow([*cuts, (variable, False)])
        grow([*cuts, (variable, True)])

    grow([])
    return BoxTree(low=low, high=high, nodes=tuple(nodes))


TRUE = true_tree(APART)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_true_tree_is_accepted(arithmetic: Arithmetic) -> None:
    assert len(TRUE.nodes) > 5
    check_box_tree(APART, TRUE, arithmetic)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_each_leaf_matters(arithmetic: Arithmetic) -> None:
    """Naming a condition that does not fail there is found out, whatever the leaf."""
    for place, node in enumerate(TRUE.nodes):
        if node >= 0:
            continue
        lie = (*TRUE.nodes[:place], -1, *TRUE.nodes[place + 1 :])
        with pytest.raises(RejectedEvidenceError, match=rf"\(node {place + 1}\)"):
            check_box_tree(APART, tree(*lie), arithmetic)


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
def test_each_cut_matters(arithmetic: Arithmetic) -> None:
    """Leaves whose parent is a leaf instead are not enough."""
    for place in range(len(TRUE.nodes) - 2):
        inner, *leaves = TRUE.nodes[place : place + 3]
        if inner < 0 or max(leaves) >= 0 or leaves[0] == leaves[1]:
            continue
        for leaf in leaves:
            lie = (*TRUE.nodes[:place], leaf, *TRUE.nodes[place + 3 :])
            with pytest.raises(RejectedEvidenceError):
                check_box_tree(APART, tree(*lie), arithmetic)


def test_every_truncation_and_every_addition_is_malformed() -> None:
    for length in range(len(TRUE.nodes)):
        with pytest.raises(MalformedEvidenceError, match="too early"):
            check_box_tree(APART, tree(*TRUE.nodes[:length]))
    for more in (-5, 0):
        with pytest.raises(MalformedEvidenceError, match="left over"):
            check_box_tree(APART, tree(*TRUE.nodes, more))


@pytest.mark.parametrize("node", [2, -7, 10**30, -(10**30), True, 0.0, "0", None])
def test_what_is_no_node_is_malformed(node: int) -> None:
    with pytest.raises(MalformedEvidenceError, match="node 2"):
        check_box_tree(APART, tree(0, node, -5))


def test_root_box_has_to_hold_all_solutions() -> None:
    system = System.of(*SQUARE, (X - 5, "="))
    assert system.box() == ((5, 1), (-1, 1))
    check_box_tree(system, tree(-5))
    check_box_tree(system, tree(-5, low=Fraction(-3), high=Fraction(4)))
    for low, high in ((ZERO, ONE), (MINUS, ZERO), (Fraction(2), Fraction(3))):
        shifted = BoxTree(low=(MINUS, low), high=(ONE, high), nodes=(-5,))
        with pytest.raises(RejectedEvidenceError, match="root box has"):
            check_box_tree(system, shifted)


def test_root_box_has_the_form_of_a_box() -> None:
    wrong = BoxTree(low=(ZERO,), high=(ONE,), nodes=(-5,))
    with pytest.raises(MalformedEvidenceError, match="2 variables"):
        check_box_tree(APART, wrong)
    with pytest.raises(MalformedEvidenceError, match="empty in x"):
        check_box_tree(APART, tree(-5, low=ONE, high=MINUS))


def test_unbounded_system_has_no_box_tree() -> None:
    with pytest.raises(RejectedEvidenceError, match="do not bound y"):
        check_box_tree(System.of(*SQUARE[:3], (X**2 + 1, "<")), tree(-4))


def test_unknown_arithmetic_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no arithmetic"):
        check_box_tree(APART, TRUE, "guessed")  # type: ignore[arg-type]


def test_deep_trees_are_read_without_recursion() -> None:
    """A comb of depth above the limit is refused, one below it is read."""
    comb = [0, -5] * (DEEPEST + 1) + [-5]
    with pytest.raises(MalformedEvidenceError, match="deeper"):
        check_box_tree(APART, tree(*comb))
    never = System.of(*SQUARE, (X**2 + 1, "<"))
    check_box_tree(never, tree(*[0, -5] * 3000, -5), "rounded")
    upside_down = [0] * 3000 + [-5] * 3001
    check_box_tree(never, tree(*upside_down), "rounded")


def test_margin_below_the_rounding_is_regained_in_integers() -> None:
    """A minimum of 2^-90 is beyond float64; zero refutes only strict conditions."""
    tiny = System.of(*SQUARE, (2**90 * (X**2 + Y**2) + 1, "<="))
    quarters = tree(0, 1, -5, -5, 1, -5, -5)
    for arithmetic in ("automatic", "rational"):
        check_box_tree(tiny, quarters, arithmetic)
    with pytest.raises(RejectedEvidenceError, match="rounding"):
        check_box_tree(tiny, quarters, "rounded")
    zero = tree(0, -5, -5)
    check_box_tree(System.of(*SQUARE, (X**2, "<")), zero)
    with pytest.raises(RejectedEvidenceError, match="allow it"):
        check_box_tree(System.of(*SQUARE, (X**2, "<=")), zero)


def test_high_degree_is_checked_in_integers() -> None:
    system = System.of(*SQUARE, (X**60 + 1, "<="))
    quarters = tree(0, -5, -5)
    check_box_tree(system, quarters)
    with pytest.raises(InvalidInputError, match="degree 60"):
        check_box_tree(system, quarters, "rounded")


@given(
    st.sampled_from(list(Relation)), st.integers(-3, 3), st.integers(0, 4), st.data()
)
def test_bounds_refute_a_relation_exactly_when_no_sign_between_holds(
    relation: Relation, lowest: int, length: int, data: st.DataObject
) -> None:
    highest = lowest + length
    if refutes(relation, lowest, highest):
        value = data.draw(st.integers(lowest, highest))
        assert not relation.holds((value > 0) - (value < 0))
    else:
        assert any(
            relation.holds((value > 0) - (value < 0))
            for value in range(lowest, highest + 1)
        )


small = st.integers(-6, 6)
sparse = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 2)), small, max_size=5
).map(lambda terms: from_terms(["x", "y"], terms))
# Signs at the corners hang on the last of up to 100 bits.
narrow = st.builds(
    lambda bits, a, b, c, d: (1 << bits) * (a * X + b * Y + c) ** 2 + d,
    st.integers(0, 100),
    small,
    small,
    small,
    st.integers(-1, 1),
)
polynomials = sparse | narrow


@st.composite
def trees(draw: st.DrawFn, depth: int = 4) -> list[int]:
    """Any tree whose leaves name condition 4 or 5."""
    if depth == 0 or draw(st.booleans()):
        return [draw(st.sampled_from([-5, -6]))]
    rest = draw(trees(depth - 1)), draw(trees(depth - 1))
    return [draw(st.integers(0, 1)), *rest[0], *rest[1]]


def verdict(system: System, nodes: list[int], arithmetic: Arithmetic) -> bool:
    try:
        check_box_tree(system, tree(*nodes), arithmetic)
    except RejectedEvidenceError:
        return False
    return True


@given(
    polynomials,
    st.sampled_from(list(Relation)),
    polynomials,
    st.sampled_from(list(Relation)),
    trees(),
)
def test_arithmetics_agree_and_accepted_systems_have_no_solution(
    p: fmpz_mpoly, first: Relation, q: fmpz_mpoly, second: Relation, nodes: list[int]
) -> None:
    system = System.of(*SQUARE, (p, first), (q, second))
    exact = verdict(system, nodes, "rational")
    assert verdict(system, nodes, "automatic") == exact
    assert exact or not verdict(system, nodes, "rounded")
    if exact:
        steps = [Fraction(i, 4) for i in range(-4, 5)]
        assert not any(
            system.holds_at(point) for point in itertools.product(steps, repeat=2)
        )
