"""The catalogue: points satisfy, and where one variable is left, a no is recomputed."""

from fractions import Fraction
from itertools import pairwise

import pytest
from flint import fmpz_poly

from semialgebraic.catalogue import CATALOGUE, named
from semialgebraic.errors import InvalidInputError
from semialgebraic.named_systems import NamedSystem
from semialgebraic.polynomials import as_univariate, polynomial_ring
from semialgebraic.sturm import n_real_roots
from semialgebraic.systems import Relation, System
from semialgebraic.univariate import isolate_real_roots, refine_root, sign_at

(X,) = polynomial_ring(["x"]).gens()
every_system = pytest.mark.parametrize("entry", CATALOGUE, ids=lambda e: e.name)
ON_THE_LINE = [e for e in CATALOGUE if len(e.system.variables) == 1]


def has_solution_on_the_line(system: System) -> bool:
    """Decide by the sign of every polynomial at every root of theirs and in between."""
    conditions = [
        (as_univariate(c.polynomial, system.variables[0]), c.relation)
        for c in system.conditions
    ]
    product = fmpz_poly([1])
    for p, _ in conditions:
        product *= p or 1
    intervals = isolate_real_roots(product)
    short = [refine_root_of(product, i) for i in intervals]
    ends = [x for interval in short for x in interval]
    between = [ends[0] - 1, ends[-1] + 1] if ends else [Fraction(0)]
    between += [(a + b) / 2 for (_, a), (b, _) in pairwise(short)]
    if any(all(r.holds(sign_at(p, x)) for p, r in conditions) for x in between):
        return True
    return any(
        all(r.holds(sign_near(p, interval)) for p, r in conditions)
        for interval in short
    )


def refine_root_of(p: fmpz_poly, interval):
    """Make the interval so short that no root of another polynomial is in it."""
    simple = p // p.gcd(p.derivative())
    return refine_root(simple, interval, Fraction(1, 10**12))


def sign_near(p: fmpz_poly, interval) -> int:
    """Sign of p at the root in the interval: zero if p has a root there."""
    low, high = interval
    if low == high or not p:
        return sign_at(p, low)
    return 0 if n_real_roots(p, low, high) else sign_at(p, low)


@every_system
def test_a_system_known_to_be_satisfiable_holds_at_its_point(
    entry: NamedSystem,
) -> None:
    assert entry.is_satisfiable == (entry.witness is not None)
    if entry.witness is not None:
        assert entry.system.holds_at(entry.witness)


@pytest.mark.parametrize("entry", ON_THE_LINE, ids=lambda e: e.name)
def test_an_answer_on_the_line_is_recomputed(entry: NamedSystem) -> None:
    assert has_solution_on_the_line(entry.system) == entry.is_satisfiable


@every_system
def test_each_says_where_it_comes_from(entry: NamedSystem) -> None:
    assert entry.source
    assert named(entry.name) is entry


def test_names_are_distinct() -> None:
    assert len({entry.name for entry in CATALOGUE}) == len(CATALOGUE)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="no system 'square'"):
        named("square")


def test_every_relation_and_both_answers_occur() -> None:
    relations = {c.relation for e in CATALOGUE for c in e.system.conditions}
    assert relations == set(Relation)
    assert 20 < sum(entry.is_satisfiable for entry in CATALOGUE) < len(CATALOGUE) - 20


@pytest.mark.parametrize("issue", ["msolve issue 230", "12926", "12927", "5036"])
def test_the_published_bugs_are_there(issue: str) -> None:
    assert any(issue in entry.source for entry in CATALOGUE)


def test_the_six_points_are_all_there_are() -> None:
    system = named("six-points").system
    values = [(2, 6, 4), (3, 7, 11), (4, 5, 3)]
    points = [
        (x, y, z)
        for x in values[0]
        for y in values[1]
        for z in values[2]
        if system.holds_at([x, y, z])
    ]
    assert len(points) == 6
    none = named("none-of-six-points").system
    assert not any(none.holds_at(point) for point in points)


def test_the_decider_of_this_file_knows_simple_answers() -> None:
    def decided(*conditions) -> bool:
        return has_solution_on_the_line(System.of(*conditions))

    assert decided((X**2 - 2, "="))
    assert not decided((X**2 - 2, "="), (X**2 - 3, "="))
    assert decided((X**2 - 2, ">"), (X, "<"))
    assert not decided((X**2 + 1, "<="))
    assert decided((X**2 - 2, "!="), (X, ">"), (X - 1, "<"))
