"""Polynomials in several variables with integer coefficients.

A thin face on FLINT's `fmpz_mpoly`, which is the type that travels. Signs are what is
decided here, so a polynomial over the rationals is given by its integer multiple by a
positive number.

Contents
--------
polynomial_ring     the ring of integer polynomials in named variables
from_terms          a polynomial from exponents and rational coefficients
from_sympy          the same from a SymPy expression
to_sympy            a SymPy expression from a polynomial
primitive           divided by the content
value_at            p(x) at a rational point
bitsize             bits of the largest coefficient
coefficients_in     coefficients as polynomials in the other variables
as_univariate       a polynomial in which one variable occurs, as `fmpz_poly`
"""

import math
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import Ordering, fmpq, fmpz_mpoly, fmpz_mpoly_ctx, fmpz_poly

from semialgebraic.errors import InexactInputError, InvalidInputError

if TYPE_CHECKING:
    import sympy


def polynomial_ring(names: Sequence[str]) -> fmpz_mpoly_ctx:
    """Return the ring Z[names], ordered lexicographically, the first variable greatest.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> x**2 - 2 * y
    x^2 - 2*y
    """
    if not names or len(set(names)) != len(names):
        raise InvalidInputError("give at least one variable, and each name once.")
    return fmpz_mpoly_ctx.get(tuple(names), Ordering.lex)


def from_terms(
    names: Sequence[str], terms: Mapping[tuple[int, ...], int | Fraction]
) -> fmpz_mpoly:
    """Return the polynomial with these coefficients, times their common denominator.

    Parameters
    ----------
    names : sequence of str
        The variables.
    terms : mapping of exponent tuples to rationals

    Examples
    --------
    >>> from_terms(["x", "y"], {(2, 0): Fraction(1, 2), (0, 1): -1})
    x^2 - 2*y
    """
    if any(isinstance(c, float) for c in terms.values()):
        raise InexactInputError("a coefficient is a float; pass int or Fraction.")
    common = math.lcm(*(Fraction(c).denominator for c in terms.values()))
    ring = polynomial_ring(names)
    return ring.from_dict({e: int(c * common) for e, c in terms.items() if c})


def from_sympy(expression: "sympy.Expr", names: Sequence[str]) -> fmpz_mpoly:
    """Return a SymPy polynomial over the rationals, times its common denominator.

    Raises
    ------
    InvalidInputError
        If it is no polynomial in these variables.
    InexactInputError
        If a coefficient is not a rational number.

    Examples
    --------
    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> from_sympy((x + y) ** 2 / 3, ["x", "y"])
    x^2 + 2*x*y + y^2
    """
    import sympy

    symbols = [sympy.Symbol(name) for name in names]
    try:
        terms = sympy.Poly(expression, *symbols).terms()
    except sympy.PolynomialError as error:
        raise InvalidInputError(
            f"{expression} is no polynomial in {', '.join(names)}."
        ) from error
    exact = {}
    for exponents, c in terms:
        if not c.is_Rational:
            raise InexactInputError(f"the coefficient {c} is not a rational number.")
        exact[tuple(exponents)] = Fraction(int(c.p), int(c.q))
    return from_terms(names, exact)


def primitive(p: fmpz_mpoly) -> fmpz_mpoly:
    """Return p divided by the positive greatest common divisor of its coefficients.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> primitive(4 * x - 6 * y)
    2*x - 3*y
    """
    content = math.gcd(*(int(c) for c in p.coeffs()))
    return p // content if content > 1 else p


def to_sympy(p: fmpz_mpoly) -> "sympy.Expr":
    """Return the polynomial as a SymPy expression.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> to_sympy(x * y - 1)
    x*y - 1
    """
    import sympy

    symbols = [sympy.Symbol(name) for name in p.context().names()]
    return sympy.Add(
        *(
            int(c)
            * sympy.prod(s ** int(e) for s, e in zip(symbols, powers, strict=True))
            for powers, c in p.terms()
        )
    )


def value_at(p: fmpz_mpoly, point: Sequence[Fraction | int]) -> Fraction:
    """Return p(x) at a rational point.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> value_at(x**2 - y, [Fraction(1, 2), 1])
    Fraction(-3, 4)
    """
    exact = [fmpq(Fraction(x).numerator, Fraction(x).denominator) for x in point]
    total = fmpq(0)
    for powers, c in p.terms():
        term = fmpq(c)
        for x, e in zip(exact, powers, strict=True):
            if e:
                term *= x ** int(e)
        total += term
    return Fraction(int(total.p), int(total.q))


def bitsize(p: fmpz_mpoly) -> int:
    """Return the number of bits of the coefficient largest in absolute value.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> bitsize(5 * x - 2 * y)
    3
    """
    return max((abs(int(c)).bit_length() for c in p.coeffs()), default=0)


def coefficients_in(p: fmpz_mpoly, variable: int | str) -> list[fmpz_mpoly]:
    """Return c_0, ..., c_n with p = sum_i c_i x^i; the c_i are free of x.

    The zero polynomial has none.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> coefficients_in(x**2 * y + 3 * y - 1, "x")
    [3*y - 1, 0, y]
    """
    ring = p.context()
    index = variable if isinstance(variable, int) else ring.variable_to_index(variable)
    parts: list[dict[tuple[int, ...], int]] = []
    for powers, c in p.terms():
        power = int(powers[index])
        parts += [{} for _ in range(power + 1 - len(parts))]
        rest = tuple(0 if i == index else int(e) for i, e in enumerate(powers))
        parts[power][rest] = int(c)
    return [ring.from_dict(part) for part in parts]


def as_univariate(p: fmpz_mpoly, variable: int | str) -> fmpz_poly:
    """Return a polynomial in which no other variable occurs, as a univariate one.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> as_univariate(x**2 - 2, "x")
    x^2 + (-2)
    """
    coefficients = coefficients_in(p, variable)
    if not all(c.is_constant() for c in coefficients):
        raise InvalidInputError(f"{p} has other variables than {variable}.")
    return fmpz_poly([int(c.leading_coefficient()) if c else 0 for c in coefficients])
