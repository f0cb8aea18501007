"""Changes of a system that keep whether it has a solution.

Contents
--------
renamed             other names of the variables
reordered           variables and conditions in reversed order
rescaled            each variable divided by a positive integer
with_consequence    one condition twice, the second time weaker
shifted             each variable moved by one half
DISGUISES           all of them, by a phrase that says what was done
"""

import math
from collections.abc import Callable, Mapping

from flint import fmpz_mpoly

from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import Condition, Relation, System

_Terms = dict[tuple[int, ...], int]
_WEAKER = {
    Relation.LESS: Relation.LESS_EQUAL,
    Relation.EQUAL: Relation.LESS_EQUAL,
    Relation.GREATER: Relation.NOT_EQUAL,
}


def renamed(system: System) -> System:
    """Return the system in the variables v0, v1, ...

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> print(renamed(System.of((x**2 - y, "<"))))
    v0^2 - v1 < 0
    """
    names = tuple(f"v{i}" for i in range(len(system.variables)))
    return _with_terms(system, names, lambda terms: terms)


def reordered(system: System) -> System:
    """Return the system with its variables and its conditions in reversed order.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> reversed_system = reordered(System.of((x**2 - y, "<"), (x, ">")))
    >>> print(reversed_system.variables, reversed_system)
    ('y', 'x') x > 0 and -y + x^2 < 0
    """
    turned = _with_terms(
        system,
        system.variables[::-1],
        lambda terms: {powers[::-1]: c for powers, c in terms.items()},
    )
    return System(variables=turned.variables, conditions=turned.conditions[::-1])


def rescaled(system: System) -> System:
    """Return the system for x_i / (i + 2) in place of x_i, i = 0, 1, ...

    Denominators are multiplied away, which keeps signs.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> print(rescaled(System.of((x**2 - y, "<"))))
    3*x^2 - 4*y < 0
    """

    def change(terms: _Terms) -> _Terms:
        largest = [max(column) for column in zip(*terms, strict=True)]
        changed = {}
        for powers, c in terms.items():
            missing = (m - e for m, e in zip(largest, powers, strict=True))
            changed[powers] = c * math.prod((i + 2) ** d for i, d in enumerate(missing))
        return changed

    return _with_terms(system, system.variables, change)


def with_consequence(system: System) -> System:
    """Return the system with a weaker form of its first condition added.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> print(with_consequence(System.of((x**2 - y, "<"))))
    x^2 - y < 0 and x^2 - y <= 0
    """
    first = system.conditions[0]
    weaker = Condition(first.polynomial, _WEAKER.get(first.relation, first.relation))
    return System(variables=system.variables, conditions=(*system.conditions, weaker))


def shifted(system: System) -> System:
    """Return the system for x_i + 1/2 in place of x_i.

    Denominators are multiplied away, which keeps signs.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> print(shifted(System.of((x**2 - y, "<"))))
    4*x^2 + 4*x - 4*y - 1 < 0
    """
    doubled = [2 * x + 1 for x in polynomial_ring(system.variables).gens()]

    def move(p: fmpz_mpoly) -> fmpz_mpoly:
        largest = [int(e) for e in p.degrees()]
        moved = 0 * p
        for powers, c in p.terms():
            term = 0 * p + c
            for x, m, e in zip(doubled, largest, powers, strict=True):
                term *= x ** int(e) * 2 ** (m - int(e))
            moved += term
        return moved

    return System(
        variables=system.variables,
        conditions=tuple(
            Condition(move(c.polynomial), c.relation) for c in system.conditions
        ),
    )


DISGUISES: Mapping[str, Callable[[System], System]] = {
    "a renaming of the variables": renamed,
    "a reordering of variables and conditions": reordered,
    "a positive scaling": rescaled,
    "a redundant condition": with_consequence,
    "a rational shift": shifted,
}


def _with_terms(
    system: System, names: tuple[str, ...], change: Callable[[_Terms], _Terms]
) -> System:
    """Return the system in other variables, the terms of its polynomials changed."""
    ring = polynomial_ring(names)
    conditions = []
    for condition in system.conditions:
        terms = {
            tuple(int(e) for e in powers): int(c)
            for powers, c in condition.polynomial.terms()
        }
        conditions.append(Condition(ring.from_dict(change(terms)), condition.relation))
    return System(variables=names, conditions=tuple(conditions))
