"""The oracle `critical_points`: nearest points, found by their equations.

*Method.* A closed set that is not empty has a point nearest to a given point a. Either
it is a, or irreducible factors of the polynomials vanish there: one alone, and then the
gradient of the squared distance to a is parallel to that of the factor, or the factor
is singular there; or two of them. Each case has finitely many solutions, all of which
are computed and tried.
*Scope.* Conjunctions of <=, >= and = in one or two variables: closed sets.
*Can prove* both answers. *Evidence* a point of the list, or that the complete list has
none. *Cost* that of resultants of all pairs of factors.

Contents
--------
CriticalPoints      the oracle

Notes on the implementation
---------------------------
If a curve is a circle around a, every point of it is nearest; then another a is tried.
"""

import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from typing import final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.common_zeros import common_roots, common_zeros
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.systems import Relation, System

_CLOSED = frozenset({Relation.LESS_EQUAL, Relation.GREATER_EQUAL, Relation.EQUAL})
_MOST_VARIABLES = 2
# The resultant of two curves has at most the product of their degrees: this limits it.
_LARGEST_DEGREE = 24
# Points from which distances are measured; generic ones are not centers of circles.
_CENTERS = ((0, 0), (1, -2), (Fraction(3, 7), Fraction(5, 11)), (17, 29))


@final
class CriticalPoints:
    """Decides closed systems in one or two variables by critical points of distances.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> touching = System.of((x**2 + y**2 - 1, "<="), ((x - 2) ** 2 + y**2 - 1, "<="))
    >>> CriticalPoints().decide(touching, budget=Budget()).witness.rational
    (Fraction(1, 1), Fraction(0, 1))
    """

    name = "critical_points"
    capabilities = Capabilities(
        scope="closed sets (<=, >=, =) in one or two variables",
        relations=_CLOSED,
        most_variables=_MOST_VARIABLES,
        proves_satisfiable=True,
        proves_unsatisfiable=True,
    )
    references = ("BasuPollackRoy2006", "GonzalezVegaElKahoui1996")

    def missing(self) -> str:
        """Return "": nothing beyond this package is needed."""
        return ""

    def accepts(self, system: System) -> str:
        """Return why the system is out of scope, or ""."""
        if len(system.variables) > _MOST_VARIABLES:
            return f"more than {_MOST_VARIABLES} variables"
        if any(c.relation not in _CLOSED for c in system.conditions):
            return "a condition is strict, so that the set need not be closed"
        if system.sizes.degree > _LARGEST_DEGREE:
            return f"a degree above {_LARGEST_DEGREE}"
        return ""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Try all points that can be nearest to one of the centers."""
        refusal = self.accepts(system)
        if refusal:
            return Undecided(
                reason=f"the system is out of scope: {refusal}.",
                advice="ask another oracle, or `portfolio`.",
                by=self.name,
            )
        end = time.monotonic() + budget.seconds
        dimension = len(system.variables)
        for center in _CENTERS:
            try:
                for point in _candidates(system, center[:dimension]):
                    if system.holds_at(point):
                        return Satisfiable(witness=point, by=self.name)
                    if time.monotonic() > end:
                        return Undecided(
                            reason="the time ran out with points untried.",
                            advice="raise the budget.",
                            by=self.name,
                        )
            except _CircleAroundError:
                continue
            return Unsatisfiable(
                evidence=Computed(
                    method="all points of the boundary curves nearest to "
                    f"{tuple(map(str, center[:dimension]))}, and all their crossings"
                ),
                by=self.name,
            )
        return Undecided(
            reason="every center is the center of a circle among the curves.",
            advice="shift the coordinates by an irrational-looking rational.",
            by=self.name,
        )


class _CircleAroundError(Exception):
    """A whole curve is equally far from the center."""


def _candidates(
    system: System, center: tuple[Fraction | int, ...]
) -> Iterator[AlgebraicPoint]:
    """Yield points among which is one of the set nearest to the center, if any is."""
    yield AlgebraicPoint.from_rationals(center)
    curves = _irreducible_factors(system)
    if len(center) == 1:
        for p in curves:
            for component in common_roots(p):
                yield from component.real_points()
        return
    for p in curves:
        parallel = _parallel_gradients(p, center)
        if not parallel % p:
            raise _CircleAroundError
        for component in common_zeros(p, parallel):
            yield from component.real_points()
    for p, q in combinations(curves, 2):
        for component in common_zeros(p, q):
            yield from component.real_points()


def _irreducible_factors(system: System) -> list[fmpz_mpoly]:
    """Return the irreducible factors of all polynomials, each once."""
    found: list[fmpz_mpoly] = []
    for condition in system.conditions:
        if condition.polynomial.is_constant():
            continue
        for factor, _ in condition.polynomial.factor()[1]:
            if factor not in found and -factor not in found:
                found.append(factor)
    return found


def _parallel_gradients(
    p: fmpz_mpoly, center: tuple[Fraction | int, ...]
) -> fmpz_mpoly:
    """Return an integer multiple of  p_x (y - b) - p_y (x - a)."""
    a, b = (Fraction(c) for c in center)
    x, y = p.context().gens()
    common = a.denominator * b.denominator
    return p.derivative(0) * (common * y - int(b * common)) - p.derivative(1) * (
        common * x - int(a * common)
    )
