"""Systems of sign conditions: made, read, evaluated, boxed."""

import json
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring, value_at
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.systems import Condition, Relation, System

NAMES = ("x", "y")
X, Y = polynomial_ring(NAMES).gens()
SYMBOLS = sympy.symbols(NAMES)

relations = st.sampled_from(Relation)
exponents = st.tuples(st.integers(0, 3), st.integers(0, 3))
polynomials = st.dictionaries(exponents, st.integers(-50, 50), max_size=5).map(
    lambda terms: from_terms(NAMES, terms)
)
conditions = st.tuples(polynomials, relations)
systems = st.lists(conditions, min_size=1, max_size=4).map(lambda c: System.of(*c))
fractions = st.fractions(min_value=-9, max_value=9, max_denominator=8)
points = st.tuples(fractions, fractions)


# --- relations and conditions


@pytest.mark.parametrize("sign", [-1, 0, 1])
@pytest.mark.parametrize("relation", Relation)
def test_a_relation_holds_as_python_compares(relation: Relation, sign: int) -> None:
    expected = {
        "<": sign < 0,
        "<=": sign <= 0,
        "=": sign == 0,
        "!=": sign != 0,
        ">=": sign >= 0,
        ">": sign > 0,
    }
    assert relation.holds(sign) == expected[relation.value]
    assert relation.mirrored.holds(-sign) == relation.holds(sign)


@pytest.mark.parametrize("relation", Relation)
def test_the_strict_relations_define_open_sets(relation: Relation) -> None:
    # Open: what holds at zero holds nearby on both sides.
    is_open = not relation.holds(0) or (relation.holds(-1) and relation.holds(1))
    assert relation.is_strict == is_open
    assert relation.mirrored.mirrored is relation


@given(polynomials, relations, st.integers(1, 99))
def test_conditions_that_differ_by_a_positive_factor_are_equal(p, relation, factor):
    assert Condition(p, relation) == Condition(factor * p, relation)


@given(polynomials, relations)
def test_a_condition_keeps_its_sign(p, relation) -> None:
    kept = Condition(p, relation).polynomial
    for point in ([1, 2], [-3, 1], [0, 0]):
        before, after = value_at(p, point), value_at(kept, point)
        assert (before > 0, before < 0) == (after > 0, after < 0)


# --- making, and equality


def test_a_system_needs_a_condition() -> None:
    with pytest.raises(InvalidInputError, match="at least one"):
        System.of()


def test_all_conditions_are_in_the_same_variables() -> None:
    z = polynomial_ring(["z"]).gens()[0]
    with pytest.raises(InvalidInputError, match="in the variables"):
        System.of((X, "<"), (z, ">"))


def test_an_unknown_relation_is_refused() -> None:
    with pytest.raises(ValueError, match="=="):
        System.of((X, "=="))


@given(systems)
def test_writing_as_json_and_reading_gives_the_same(system: System) -> None:
    assert System.from_json(json.loads(json.dumps(system.to_json()))) == system


@given(systems)
def test_a_system_has_the_sizes_of_its_conditions(system: System) -> None:
    sizes = system.sizes
    polynomials_ = [c.polynomial for c in system.conditions]
    assert sizes.n_variables == 2
    assert sizes.n_conditions == len(polynomials_)
    powers = [sum(map(int, e)) for p in polynomials_ for e, _ in p.terms()]
    assert sizes.degree == max(powers, default=0)
    largest = max((abs(int(c)) for p in polynomials_ for c in p.coeffs()), default=0)
    assert sizes.bitsize == largest.bit_length()


# --- SymPy


@given(st.lists(conditions, min_size=1, max_size=3))
def test_to_sympy_and_back_is_the_same(pairs) -> None:
    # SymPy evaluates a relation between numbers at once.
    pairs = [(p, r) for p, r in pairs if not p.is_constant()] or [(X, Relation.LESS)]
    system = System.of(*pairs)
    assert System.from_sympy(system.to_sympy(), NAMES) == system


@given(systems, points)
def test_sympy_agrees_on_where_a_system_holds(system: System, point) -> None:
    places = {
        s: sympy.Rational(v.numerator, v.denominator)
        for s, v in zip(SYMBOLS, point, strict=True)
    }
    theirs = all(bool(r.subs(places)) for r in system.to_sympy())
    assert system.holds_at(point) == theirs


def test_a_condition_of_sympy_has_two_sides() -> None:
    x, y = SYMBOLS
    assert str(System.from_sympy([x**2 >= y, sympy.Ne(y, 1)], NAMES)) == (
        "x^2 - y >= 0 and y - 1 != 0"
    )


@pytest.mark.parametrize(
    "what", [SYMBOLS[0], sympy.true, sympy.Or(SYMBOLS[0] > 1, SYMBOLS[1] > 1)]
)
def test_what_is_no_relation_is_refused(what) -> None:
    with pytest.raises(InvalidInputError, match="no equation or inequality"):
        System.from_sympy([what], NAMES)


# --- where it holds


@given(systems, points)
def test_a_system_holds_where_each_condition_does(system: System, point) -> None:
    violated = [
        i
        for i, c in enumerate(system.conditions)
        for value in [value_at(c.polynomial, point)]
        if not c.relation.holds((value > 0) - (value < 0))
    ]
    assert system.first_violated(point) == (violated[0] if violated else None)
    assert system.holds_at(point) == (not violated)


@given(systems, points)
def test_points_of_both_kinds_are_judged_alike(system: System, point) -> None:
    assert system.holds_at(AlgebraicPoint.from_rationals(point)) == system.holds_at(
        point
    )


def test_an_irrational_point_is_judged_exactly() -> None:
    root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    point = AlgebraicPoint(
        parameter=root,
        coordinates=((Fraction(0), Fraction(1)), (Fraction(0), Fraction(-1))),
    )
    assert System.of((X**2 - 2, "="), (X + Y, "="), (X * Y + 2, "=")).holds_at(point)
    assert System.of((X, ">"), (Y, ">")).first_violated(point) == 1


# --- boxes


@given(systems, points)
def test_a_solution_lies_in_the_box(system: System, point) -> None:
    holds = system.holds_at(point)
    inside = all(
        (low is None or low <= x) and (high is None or x <= high)
        for x, (low, high) in zip(point, system.box(), strict=True)
    )
    assert inside or not holds


@given(
    st.lists(
        st.tuples(
            st.sampled_from([X, Y]),
            st.integers(-9, 9).filter(bool),
            st.integers(-9, 9),
            relations,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_box_is_the_tightest_that_simple_bounds_give(bounds) -> None:
    system = System.of(*((a * v + b, r) for v, a, b, r in bounds))
    for variable, (low, high) in zip((X, Y), system.box(), strict=True):
        values: dict[bool, list[Fraction]] = {True: [], False: []}
        for v, a, b, r in bounds:
            if v != variable or r is Relation.NOT_EQUAL:
                continue
            upwards = r in (Relation.GREATER, Relation.GREATER_EQUAL)
            if r is Relation.EQUAL or upwards == (a > 0):
                values[False].append(Fraction(-b, a))
            if r is Relation.EQUAL or upwards != (a > 0):
                values[True].append(Fraction(-b, a))
        assert low == max(values[False], default=None)
        assert high == min(values[True], default=None)


def test_only_conditions_on_one_variable_bound_it() -> None:
    system = System.of((X - Y, "<="), (X**2 - 1, "<="), (0 * X + 1, ">"), (0 * X, "="))
    assert system.box() == ((None, None), (None, None))


def test_a_contradiction_shows_in_the_box() -> None:
    ((low, high), _) = System.of((X - 1, ">="), (X + 1, "<=")).box()
    assert (low, high) == (1, -1)
