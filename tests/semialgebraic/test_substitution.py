"""Substituted and confined systems hold exactly where the original does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.deciding import decide
from semialgebraic.decisions import Unsatisfiable
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring, value_at
from semialgebraic.substitution import confine, substitute, substitute_value
from semialgebraic.systems import Condition, Relation, System

NAMES = ("x", "y", "z")
values = st.fractions(min_value=-3, max_value=3, max_denominator=6)
points = st.lists(values, min_size=3, max_size=3)
polynomials = st.dictionaries(
    st.tuples(*[st.integers(0, 3)] * 3), st.integers(-9, 9), max_size=6
).map(lambda terms: from_terms(NAMES, terms))
systems = st.lists(
    st.builds(Condition, polynomials, st.sampled_from(list(Relation))), max_size=3
).map(lambda found: System(variables=NAMES, conditions=tuple(found)))


@given(polynomials, points, st.integers(0, 2))
def test_value_is_a_positive_multiple(p, point, index) -> None:
    rest = [x for i, x in enumerate(point) if i != index]
    names = [x for i, x in enumerate(NAMES) if i != index]
    q = substitute_value(p, index, point[index], names)
    scale = point[index].denominator ** max(int(p.degrees()[index]), 0)
    assert value_at(q, rest) == scale * value_at(p, point)


@given(systems, points, st.integers(0, 2))
def test_substituted_system_holds_where_the_system_does(system, point, index) -> None:
    rest = [x for i, x in enumerate(point) if i != index]
    smaller = substitute(system, index, point[index])
    assert smaller.holds_at(rest) == system.holds_at(point)
    twice = substitute(smaller, 0, rest[0])
    assert twice.holds_at(rest[1:]) == system.holds_at(point)


@given(systems, points, st.integers(0, 2), values, values)
def test_confined_system(system, point, index, low, high) -> None:
    inside = low <= point[index] <= high
    confined = confine(system, index, low, high)
    assert confined.holds_at(point) == (inside and system.holds_at(point))


def test_box_conditions_disappear_or_refute() -> None:
    x, y = polynomial_ring(["x", "y"]).gens()
    system = System.of((x - 1, "<="), (-x - 1, "<="), (x + y, ">"))
    assert str(substitute(system, 0, 1)) == "y + 1 > 0"
    assert not substitute(system, 0, 2).holds_at([5])
    with pytest.raises(InvalidInputError, match="one variable"):
        substitute(substitute(system, 0, 1), 0, 1)


@pytest.mark.parametrize("name", ["cad", "critical_points", "subdivision"])
def test_oracles_take_constant_conditions(name: str) -> None:
    x, y = polynomial_ring(["x", "y"]).gens()
    box = [(x - 1, "<="), (-x - 1, "<="), (y - 1, "<="), (-y - 1, "<=")]
    system = substitute(System.of(*box, (x + y - 3, "<=")), 0, 2)
    assert isinstance(decide(system, oracle=name), Unsatisfiable)
