"""Disguises of a system: their points are the points of the system, moved."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.polynomials import from_terms
from semialgebraic.systems import Relation, System
from semialgebraic.transformations import (
    DISGUISES,
    renamed,
    reordered,
    rescaled,
    shifted,
    with_consequence,
)

NAMES = ("x", "y", "z")
Point = tuple[Fraction, ...]

exponents = st.tuples(*(st.integers(0, 3) for _ in NAMES))
polynomials = st.dictionaries(exponents, st.integers(-9, 9), max_size=5).map(
    lambda terms: from_terms(NAMES, terms)
)
systems = st.lists(
    st.tuples(polynomials, st.sampled_from(Relation)), min_size=1, max_size=3
).map(lambda conditions: System.of(*conditions))
points = st.tuples(*(st.fractions(-3, 3, max_denominator=4) for _ in NAMES))
# Where a point of the system goes.
MOVES: list[tuple[Callable[[System], System], Callable[[Point], Point]]] = [
    (renamed, lambda p: p),
    (reordered, lambda p: p[::-1]),
    (rescaled, lambda p: tuple((i + 2) * x for i, x in enumerate(p))),
    (with_consequence, lambda p: p),
    (shifted, lambda p: tuple(x - Fraction(1, 2) for x in p)),
]


@pytest.mark.parametrize(("disguise", "move"), MOVES, ids=lambda f: f.__name__)
@given(system=systems, point=points)
def test_a_point_of_the_system_is_one_of_the_disguise_moved(
    disguise, move, system: System, point: Point
) -> None:
    assert disguise(system).holds_at(move(point)) == system.holds_at(point)


@given(systems)
def test_the_system_is_left_as_it_was(system: System) -> None:
    before = System.from_json(system.to_json())
    for disguise in DISGUISES.values():
        disguise(system)
    assert system == before


def test_each_disguise_is_tested_here() -> None:
    assert {disguise for disguise, _ in MOVES} == set(DISGUISES.values())
