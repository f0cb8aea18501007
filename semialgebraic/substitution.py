"""A rational number in the place of a variable, and closed intervals for one.

Contents
--------
substitute_value    p at x = a/b, times a positive integer, in the other variables
substitute          a system at x = a/b: a system in the other variables
confine             a system and low <= x <= high

Notes on the implementation
---------------------------
A polynomial of degree e in x is multiplied by b^e > 0, so that every sign is kept.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpz_mpoly

from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.systems import Condition, Relation, System


def substitute_value(
    p: fmpz_mpoly, index: int, value: Fraction | int, names: Sequence[str]
) -> fmpz_mpoly:
    """Return b^e p at x_index = a/b, e the degree in it, in the ring of the names.

    Parameters
    ----------
    names : sequence of str
        The other variables, in their order; at least one.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> substitute_value(x**2 * y - 1, 0, Fraction(2, 3), ["y"])
    4*y - 9
    """
    exact = Fraction(value)
    a, b = exact.numerator, exact.denominator
    top = int(p.degrees()[index])
    terms: dict[tuple[int, ...], int] = {}
    for powers, c in p.terms():
        e = int(powers[index])
        rest = tuple(int(x) for i, x in enumerate(powers) if i != index)
        terms[rest] = terms.get(rest, 0) + int(c) * a**e * b ** (top - e)
    return from_terms(names, terms)


def substitute(system: System, index: int, value: Fraction | int) -> System:
    """Return the system in the other variables that holds where x_index = value does.

    Conditions that became true are left out.

    Raises
    ------
    InvalidInputError
        If the system has only one variable: then `holds_at` answers.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> disc = System.of((x**2 + y**2 - 1, "<="), (x, ">="))
    >>> print(substitute(disc, 0, Fraction(3, 5)))
    25*y^2 - 16 <= 0
    """
    names = tuple(x for i, x in enumerate(system.variables) if i != index)
    if not names:
        raise InvalidInputError(
            "the system has one variable only; test the point with `holds_at`."
        )
    found = []
    for condition in system.conditions:
        p = substitute_value(condition.polynomial, index, value, names)
        if p.is_constant():
            sign = int(p.leading_coefficient()) if p else 0
            if condition.relation.holds((sign > 0) - (sign < 0)):
                continue
        found.append(Condition(p, condition.relation))
    return System(variables=names, conditions=tuple(found))


def confine(
    system: System, index: int, low: Fraction | int, high: Fraction | int
) -> System:
    """Return the system together with low <= x_index <= high.

    Examples
    --------
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> print(confine(System.of((x**2 - 2, "=")), 0, 0, Fraction(3, 2)))
    x^2 - 2 = 0 and -x <= 0 and 2*x - 3 <= 0
    """
    low, high = Fraction(low), Fraction(high)
    x = polynomial_ring(system.variables).gens()[index]
    bounds = (
        low.numerator - low.denominator * x,
        high.denominator * x - high.numerator,
    )
    return System(
        variables=system.variables,
        conditions=(
            *system.conditions,
            *(Condition(p, Relation.LESS_EQUAL) for p in bounds),
        ),
    )
