"""Systems of sign conditions over the rationals: what an oracle is asked.

Contents
--------
Relation        <, <=, =, !=, >=, >
Condition       an integer polynomial and its relation to zero
System          the conjunction of conditions in named variables
SystemSizes     variables, conditions, degree, bitsize: what complexity bounds count

Notes on the implementation
---------------------------
Polynomials are divided by their content, which is positive, so that equal conditions
compare equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Self, final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import (
    bitsize,
    coefficients_in,
    from_sympy,
    from_terms,
    primitive,
    to_sympy,
    value_at,
)

if TYPE_CHECKING:
    import sympy


@final
class Relation(StrEnum):
    """How a polynomial stands to zero."""

    LESS = "<"
    LESS_EQUAL = "<="
    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER_EQUAL = ">="
    GREATER = ">"

    def holds(self, sign: int) -> bool:
        """Tell whether a polynomial of this sign satisfies the relation.

        Examples
        --------
        >>> Relation.LESS_EQUAL.holds(0), Relation.NOT_EQUAL.holds(0)
        (True, False)
        """
        match self:
            case Relation.LESS:
                return sign < 0
            case Relation.LESS_EQUAL:
                return sign <= 0
            case Relation.EQUAL:
                return sign == 0
            case Relation.NOT_EQUAL:
                return sign != 0
            case Relation.GREATER_EQUAL:
                return sign >= 0
            case Relation.GREATER:
                return sign > 0

    @property
    def is_strict(self) -> bool:
        """True if the relation defines an open set."""
        return self in (Relation.LESS, Relation.NOT_EQUAL, Relation.GREATER)

    @property
    def mirrored(self) -> "Relation":
        """The relation that -p has when p has this one."""
        pairs = {"<": ">", "<=": ">=", "=": "=", "!=": "!=", ">=": "<=", ">": "<"}
        return Relation(pairs[self.value])


@final
@dataclass(frozen=True, slots=True)
class Condition:
    """The condition p REL 0.

    Parameters
    ----------
    polynomial : fmpz_mpoly
        p; stored divided by its content.
    relation : Relation
    """

    polynomial: fmpz_mpoly
    relation: Relation

    def __post_init__(self) -> None:
        object.__setattr__(self, "polynomial", primitive(self.polynomial))
        object.__setattr__(self, "relation", Relation(self.relation))

    def __str__(self) -> str:
        return f"{self.polynomial} {self.relation} 0"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SystemSizes:
    """The measures in which the cost of deciding a system is stated."""

    n_variables: int
    n_conditions: int
    degree: int
    bitsize: int

    def __str__(self) -> str:
        return (
            f"{self.n_variables} variables, {self.n_conditions} conditions, "
            f"degree {self.degree}, {self.bitsize} bits"
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The set of all real points that satisfy every condition.

    Parameters
    ----------
    variables : tuple of str
        At least one.
    conditions : tuple of Condition
        Polynomials in exactly these variables, in this order.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> disc = System.of((x**2 + y**2 - 1, "<="), (x - y, ">"))
    >>> print(disc)
    x^2 + y^2 - 1 <= 0 and x - y > 0
    >>> disc.holds_at([Fraction(1, 2), 0]), disc.sizes.degree
    (True, 2)
    """

    variables: tuple[str, ...]
    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        for condition in self.conditions:
            if condition.polynomial.context().names() != self.variables:
                raise InvalidInputError(
                    f"the condition {condition} is in the variables "
                    f"{condition.polynomial.context().names()}, not {self.variables}."
                )

    @classmethod
    def of(cls, *conditions: tuple[fmpz_mpoly, str]) -> Self:
        """Return the system of the given (polynomial, relation) pairs, at least one."""
        if not conditions:
            raise InvalidInputError("give at least one condition.")
        return cls(
            variables=tuple(conditions[0][0].context().names()),
            conditions=tuple(Condition(p, Relation(r)) for p, r in conditions),
        )

    @classmethod
    def from_sympy(
        cls, relations: Sequence["sympy.Basic"], names: Sequence[str]
    ) -> Self:
        """Return the system of SymPy relations such as `x**2 < y`.

        Examples
        --------
        >>> import sympy
        >>> x, y = sympy.symbols("x y")
        >>> print(System.from_sympy([x**2 < y, sympy.Eq(y, 2)], ["x", "y"]))
        x^2 - y < 0 and y - 2 = 0
        """
        signs = {"==": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "!=": "!="}
        found = []
        for relation in relations:
            sign = signs.get(getattr(relation, "rel_op", ""))
            if sign is None:
                raise InvalidInputError(f"{relation} is no equation or inequality.")
            difference = relation.lhs - relation.rhs
            found.append((from_sympy(difference, names), sign))
        return cls.of(*found)

    def to_sympy(self) -> list["sympy.Basic"]:
        """Return the conditions as SymPy relations."""
        import sympy

        relations = {"=": "==", "!=": "!="}
        return [
            sympy.Rel(
                to_sympy(c.polynomial), 0, relations.get(c.relation, str(c.relation))
            )
            for c in self.conditions
        ]

    @property
    def sizes(self) -> SystemSizes:
        """Variables, conditions, largest total degree, bits of coefficients."""
        polynomials = [c.polynomial for c in self.conditions]
        return SystemSizes(
            n_variables=len(self.variables),
            n_conditions=len(polynomials),
            degree=max((max(int(p.total_degree()), 0) for p in polynomials), default=0),
            bitsize=max((bitsize(p) for p in polynomials), default=0),
        )

    def holds_at(self, point: AlgebraicPoint | Sequence[Fraction | int]) -> bool:
        """Tell whether the point satisfies every condition; exact."""
        return self.first_violated(point) is None

    def first_violated(
        self, point: AlgebraicPoint | Sequence[Fraction | int]
    ) -> int | None:
        """Return the index of a condition that the point violates, or None."""
        if isinstance(point, AlgebraicPoint) and point.rational is not None:
            point = point.rational
        for index, condition in enumerate(self.conditions):
            if isinstance(point, AlgebraicPoint):
                sign = point.sign_of(condition.polynomial)
            else:
                value = value_at(condition.polynomial, point)
                sign = (value > 0) - (value < 0)
            if not condition.relation.holds(sign):
                return index
        return None

    def box(self) -> tuple[tuple[Fraction | None, Fraction | None], ...]:
        """Return for each variable the bounds that conditions a x + b REL 0 imply.

        None stands for no bound. Strict conditions count like non-strict ones, so the
        closed box contains the solution set.

        Examples
        --------
        >>> from semialgebraic.polynomials import polynomial_ring
        >>> x, y = polynomial_ring(["x", "y"]).gens()
        >>> System.of((2 * x - 1, "<="), (x + 1, ">"), (y - x, "=")).box()
        ((Fraction(-1, 1), Fraction(1, 2)), (None, None))
        """
        low: list[Fraction | None] = [None] * len(self.variables)
        high: list[Fraction | None] = [None] * len(self.variables)
        for condition in self.conditions:
            bound = _simple_bound(condition)
            if bound is None:
                continue
            i, value, is_upper, is_lower = bound
            above, below = high[i], low[i]
            if is_upper:
                high[i] = value if above is None else min(value, above)
            if is_lower:
                low[i] = value if below is None else max(value, below)
        return tuple(zip(low, high, strict=True))

    def __str__(self) -> str:
        return " and ".join(str(c) for c in self.conditions) or "true"

    def to_json(self) -> dict[str, Any]:
        """Return the system as JSON values: the form of a reproducer."""
        return {
            "variables": list(self.variables),
            "conditions": [
                {
                    "relation": str(c.relation),
                    "terms": [
                        [[int(e) for e in powers], str(coefficient)]
                        for powers, coefficient in c.polynomial.terms()
                    ],
                }
                for c in self.conditions
            ],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """Return the system that `to_json` wrote.

        Examples
        --------
        >>> from semialgebraic.polynomials import polynomial_ring
        >>> (x,) = polynomial_ring(["x"]).gens()
        >>> system = System.of((x**2 - 2, "="))
        >>> System.from_json(system.to_json()) == system
        True
        """
        names = tuple(value["variables"])
        return cls(
            variables=names,
            conditions=tuple(
                Condition(
                    from_terms(names, {tuple(e): int(a) for e, a in c["terms"]}),
                    Relation(c["relation"]),
                )
                for c in value["conditions"]
            ),
        )


def _simple_bound(condition: Condition) -> tuple[int, Fraction, bool, bool] | None:
    """Return (variable, value, is upper, is lower) of a condition a x + b REL 0."""
    p = condition.polynomial
    if p.total_degree() != 1 or condition.relation is Relation.NOT_EQUAL:
        return None
    occurring = [i for i, degree in enumerate(p.degrees()) if degree]
    if len(occurring) != 1:
        return None
    (i,) = occurring
    b, a = (int(c.leading_coefficient()) if c else 0 for c in coefficients_in(p, i))
    relation = condition.relation if a > 0 else condition.relation.mirrored
    equal = relation is Relation.EQUAL
    upper = relation in (Relation.LESS, Relation.LESS_EQUAL)
    return i, Fraction(-b, a), upper or equal, not upper or equal
