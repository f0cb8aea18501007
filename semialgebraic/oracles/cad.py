"""Cylindrical algebraic decomposition as a decision oracle for one to three variables.

Cells are visited depth first; a cell over which a condition is violated, whatever the
remaining variables are, is not lifted any further, and the first cell on which all
conditions hold ends the search.

Contents
--------
CylindricalDecomposition    the oracle

Notes on the implementation
---------------------------
**Open cells first.** Strict conditions define an open set, which is empty unless it
contains the rational sample of an open cell; there a weak inequality may be taken as
strict. For this a smaller projection and rational numbers are enough. Only if that does
not decide the question, because of an equation or a weak inequality, are the cells of
lower dimension visited, with Lazard's projection; the open ones are then left out.

**Equations** imply others in fewer variables, the resultants of their pairs: these do
not change the projection, but let most cells of the first variables be left out.

Each condition is known by the signs of the factors of its polynomial, and each factor
by its sign on the cell of the first variables that determines it.

References
----------
[McCallumParusinskiPaunescu2019]_, [Brown2004]_
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from math import prod
from typing import final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.cells import reordered
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.number_fields import adjoin_root
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.projections import (
    Levels,
    elimination_order,
    irreducible_factors,
    main_variable,
    projection_levels,
    resultant,
)
from semialgebraic.stacks import Stack
from semialgebraic.systems import Condition, Relation, System

# The largest degrees for 1, 2 and 3 variables for which an answer may be hoped for. In
# three variables a single discriminant of degree 12 takes FLINT about five seconds.
_LARGEST_DEGREES = (1000, 40, 12)
_NAME = "cad"

# Level and place of a basis polynomial.
_Factor = tuple[int, int]


class _OutOfTimeError(Exception):
    """The budget has run out."""


@final
class CylindricalDecomposition:
    """Decides systems of any relations in at most three variables.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> system = System.of((x**2 + y**2 - 2, "<="), (x * y - 1, ">="), (x, ">"))
    >>> answer = CylindricalDecomposition().decide(system, budget=Budget())
    >>> answer.witness.rational
    (Fraction(1, 1), Fraction(1, 1))
    """

    @property
    def name(self) -> str:
        """Its name in the registry."""
        return _NAME

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        return Capabilities(
            scope="any relations in one to three variables; complete there, at a cost "
            "doubly exponential in the number of variables",
            most_variables=len(_LARGEST_DEGREES),
            proves_satisfiable=True,
            proves_unsatisfiable=True,
        )

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of docs/references.bib."""
        return ("McCallumParusinskiPaunescu2019", "Brown2004")

    def missing(self) -> str:
        """Return "": nothing but python-flint is needed."""
        return ""

    def accepts(self, system: System) -> str:
        """Return why the system is out of scope, or "" if it is in scope."""
        n, degree = len(system.variables), system.sizes.degree
        if n > len(_LARGEST_DEGREES):
            return f"it has {n} variables, and {len(_LARGEST_DEGREES)} is the most."
        if degree > _LARGEST_DEGREES[n - 1]:
            return (
                f"it has degree {degree}, and {_LARGEST_DEGREES[n - 1]} is the most in "
                f"{n} variable{'s' if n > 1 else ''}."
            )
        return ""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Return the decision, within the budget.

        Notes
        -----
        **Guarantee.** A witness is exact; a no is the end of a complete search.
        **Limits.** The time is looked at between steps; one resultant or factorization
        of FLINT is not interrupted.
        """
        refusal = self.accepts(system)
        if refusal:
            return Undecided(
                reason=refusal, advice="ask `portfolio` or `nlsat`.", by=_NAME
            )
        end = time.monotonic() + budget.seconds

        def poll() -> None:
            if time.monotonic() > end:
                raise _OutOfTimeError

        try:
            point, method = _solve(system, poll)
        except _OutOfTimeError:
            return Undecided(
                reason=f"the budget of {budget.seconds:g} s has run out",
                advice="allow more time, or ask another oracle.",
                by=_NAME,
            )
        if point is None:
            return Unsatisfiable(evidence=Computed(method=method), by=_NAME)
        return Satisfiable(witness=point, by=_NAME)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _FactoredCondition:
    """The condition  sign * prod factors  REL 0, even multiplicities marked False."""

    sign: int
    factors: tuple[tuple[_Factor, bool], ...]
    relation: Relation

    @classmethod
    def of(cls, condition: Condition, levels: Levels) -> "_FactoredCondition":
        """Divide the polynomial by the basis polynomials as often as possible."""
        rest, factors = condition.polynomial, []
        for level, basis in enumerate(levels):
            for place, q in enumerate(basis):
                multiplicity = 0
                while rest.total_degree() >= q.total_degree():
                    divided, remainder = divmod(rest, q)
                    if remainder:
                        break
                    rest, multiplicity = divided, multiplicity + 1
                if multiplicity:
                    factors.append(((level, place), multiplicity % 2 == 1))
        return cls(
            sign=_constant_sign(rest),
            factors=tuple(factors),
            relation=condition.relation,
        )

    def verdict(self, signs: Mapping[_Factor, int]) -> bool | None:
        """Tell whether it holds where the factors have these signs; None if unknown."""
        total: int | None = self.sign
        for factor, is_odd in self.factors:
            sign = signs.get(factor)
            if sign == 0:
                return self.relation.holds(0)
            if sign is None:
                total = None
            elif total is not None and is_odd:
                total *= sign
        return None if total is None else self.relation.holds(total)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """A search through the open cells, or through the others only."""

    levels: Levels
    open_cells: bool
    poll: Callable[[], None]

    def below(
        self,
        point: AlgebraicPoint,
        conditions: Sequence[_FactoredCondition],
        signs: Mapping[_Factor, int],
        *,
        is_open: bool,
    ) -> AlgebraicPoint | None:
        """Return a point over this sample at which the conditions hold, or None.

        `is_open` tells whether the cell of the sample is open.
        """
        level = point.dimension
        self.poll()
        stack = Stack.over(point, self.levels[level], self.poll)
        for index in self._visited(stack, is_open=is_open):
            self.poll()
            found = enumerate(stack.signs(index))
            known = {**signs, **{(level, place): sign for place, sign in found}}
            verdicts = [condition.verdict(known) for condition in conditions]
            if False in verdicts:
                continue
            pending = [
                condition
                for condition, verdict in zip(conditions, verdicts, strict=True)
                if verdict is None
            ]
            sample = stack.sample(index, self.poll)
            if not pending:
                return sample
            deeper = self.below(
                sample, pending, known, is_open=is_open and index % 2 == 1
            )
            if deeper is not None:
                return deeper
        return None

    def _visited(self, stack: Stack, *, is_open: bool) -> Iterator[int]:
        """Yield the indices of the cells that belong to this search."""
        is_last = stack.point.dimension == len(self.levels) - 1
        for index in range(1, stack.n_cells + 1):
            is_sector = index % 2 == 1
            if self.open_cells and not is_sector:
                continue
            if not self.open_cells and is_last and is_open and is_sector:
                continue
            yield index


def _solve(
    system: System, poll: Callable[[], None]
) -> tuple[AlgebraicPoint | None, str]:
    """Return a solution, or None, and what was done."""
    conditions = []
    for condition in system.conditions:
        p = condition.polynomial
        if not p.is_constant():
            conditions.append(condition)
        elif not condition.relation.holds(_constant_sign(p)):
            return None, f"the condition {condition} is false"
    if not conditions:
        return AlgebraicPoint.from_rationals([0] * len(system.variables)), ""
    order = elimination_order([c.polynomial for c in conditions])
    names = [system.variables[i] for i in order]
    ordered = [
        replace(c, polynomial=reordered(c.polynomial, names)) for c in conditions
    ]
    point, method = _search_cells(ordered, poll)
    if point is None:
        return None, f"{method}, variables in the order {', '.join(names)}"
    missing = len(names) - point.dimension
    for _ in range(missing):
        point = adjoin_root(point, [], (Fraction(0), Fraction(0)))
    coordinates = point.coordinates
    return (
        replace(
            point,
            coordinates=tuple(coordinates[order.index(i)] for i in range(len(order))),
        ),
        method,
    )


def _search_cells(
    conditions: Sequence[Condition], poll: Callable[[], None]
) -> tuple[AlgebraicPoint | None, str]:
    """Search the open cells, unless an equation excludes them; then the others."""
    polynomials: list[fmpz_mpoly] = [c.polynomial for c in conditions]
    relations = {c.relation for c in conditions}
    for open_cells in (True, False):
        if open_cells and Relation.EQUAL in relations:
            continue
        levels = projection_levels(polynomials, open_cells_only=open_cells, poll=poll)
        known = [*conditions, *_implied_equations(conditions, poll)]
        search = _Search(levels=levels, open_cells=open_cells, poll=poll)
        point = search.below(
            AlgebraicPoint.from_rationals([]),
            [_FactoredCondition.of(c, levels) for c in known],
            {},
            is_open=True,
        )
        if point is not None:
            return point, ""
        if open_cells and all(r.is_strict for r in relations):
            return None, "no open cell of a cylindrical decomposition is a solution"
    return None, "no cell of a cylindrical algebraic decomposition is a solution"


def _implied_equations(
    conditions: Sequence[Condition], poll: Callable[[], None]
) -> list[Condition]:
    """Return resultants of pairs of equations, which vanish at each common root.

    They are equations in fewer variables, so that cells are left out earlier; as the
    projection holds their factors already, nothing is added to it.
    """
    equations = [
        _radical(c.polynomial) for c in conditions if c.relation is Relation.EQUAL
    ]
    found: list[Condition] = []
    for variable in range(len(conditions[0].polynomial.degrees()) - 1, 0, -1):
        poll()
        same = [p for p in equations if main_variable(p) == variable]
        for p, q in combinations(same, 2):
            implied = resultant(p, q, variable, poll)
            if implied:  # zero where the two have a common factor
                equations.append(_radical(implied))
                found.append(Condition(implied, Relation.EQUAL))
    return found


def _radical(p: fmpz_mpoly) -> fmpz_mpoly:
    """Return the product of the distinct factors of a nonzero polynomial."""
    return prod(
        (factor for factor, _ in irreducible_factors(p)[1]),
        start=p.context().constant(1),
    )


def _constant_sign(p: fmpz_mpoly) -> int:
    """Return the sign of a constant polynomial."""
    if not p.is_constant():
        raise AssertionError("the basis of a decomposition holds all factors")
    return 0 if not p else 1 if p.leading_coefficient() > 0 else -1
