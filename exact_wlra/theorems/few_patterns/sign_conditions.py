"""Sign conditions as nested tuples of integers: a value that JSON can hold.

Contents
--------
Terms               a polynomial: (coefficient, exponents ...) for each monomial
system_of           conditions as a `System`
polynomial_of       one polynomial in x1, x2, ...
terms_of            the way back
"""

from flint import fmpz_mpoly

from semialgebraic.polynomials import from_terms
from semialgebraic.systems import Condition, Relation, System

# (coefficient, exponent of x1, exponent of x2, ...) for each monomial.
Terms = tuple[tuple[int, ...], ...]

# A condition names its relation by the place in this list.
RELATIONS = (
    Relation.LESS,
    Relation.LESS_EQUAL,
    Relation.EQUAL,
    Relation.NOT_EQUAL,
    Relation.GREATER_EQUAL,
    Relation.GREATER,
)


def system_of(
    n_variables: int, polynomials: tuple[Terms, ...], relations: tuple[int, ...]
) -> System:
    """Return the system of conditions p REL 0 in x1, x2, ...

    Examples
    --------
    >>> print(system_of(2, (((1, 2, 0), (1, 0, 2), (-1, 0, 0)),), (1,)))
    x1^2 + x2^2 - 1 <= 0
    """
    conditions = tuple(
        Condition(polynomial_of(n_variables, terms), RELATIONS[relation])
        for terms, relation in zip(polynomials, relations, strict=True)
    )
    return System(variables=_names(n_variables), conditions=conditions)


def polynomial_of(n_variables: int, terms: Terms) -> fmpz_mpoly:
    """Return the polynomial in x1, x2, ...

    Examples
    --------
    >>> polynomial_of(2, ((3, 1, 0), (-1, 0, 0)))
    3*x1 - 1
    """
    exact = {tuple(exponents): c for c, *exponents in terms}
    return from_terms(_names(n_variables), exact)


def terms_of(system: System) -> tuple[tuple[Terms, ...], tuple[int, ...]]:
    """Return polynomials and relations of a system.

    Examples
    --------
    >>> found = terms_of(system_of(1, (((2, 1), (-3, 0)),), (2,)))
    >>> found
    ((((2, 1), (-3, 0)),), (2,))
    """
    polynomials = tuple(
        tuple((int(c), *map(int, exponents)) for exponents, c in p.polynomial.terms())
        for p in system.conditions
    )
    return polynomials, tuple(RELATIONS.index(c.relation) for c in system.conditions)


def _names(n_variables: int) -> tuple[str, ...]:
    """Return x1, x2, ..."""
    return tuple(f"x{i + 1}" for i in range(n_variables))
