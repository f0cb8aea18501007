"""Polynomials in one variable over a real number field Q(t).

Contents
--------
FieldPolynomial         a polynomial in y over Q(t): coefficients from low to high
modulus_of              the minimal polynomial m of t over Q
inverse                 1 / c(t)
sign_in_field           sign of c(t)
ball_in_field           an arb ball around t
trimmed                 reduced coefficients without leading zeros
over_point              p(x_1, ..., x_k, y) at an algebraic point, over its field
value_over              q(y) at a rational y
norm                    Res_t(m(t), q(t, y)): a rational polynomial with the roots of q

Notation
--------
m is the minimal polynomial of t; elements of Q(t) are polynomials in t of degree below
that of m.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import flint
from flint import arb, fmpq, fmpq_poly, fmpz_mpoly, fmpz_poly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.plane_resultants import interpolated
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import primitive_part

FieldPolynomial = list[fmpq_poly]

_FIRST_PRECISION = 64


def modulus_of(parameter: RealAlgebraicNumber) -> fmpq_poly:
    """Return the minimal polynomial of t over the rationals."""
    return fmpq_poly(list(parameter.minimal_polynomial))


def inverse(parameter: RealAlgebraicNumber, value: fmpq_poly) -> fmpq_poly:
    """Return 1 / c(t).

    Raises
    ------
    InvalidInputError
        If c(t) = 0.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> inverse(root, fmpq_poly([1, 1]))
    x + (-1)
    """
    modulus = modulus_of(parameter)
    value %= modulus
    if not value:
        raise InvalidInputError("zero has no inverse.")
    _, factor, _ = value.xgcd(modulus)
    return factor % modulus


def sign_in_field(parameter: RealAlgebraicNumber, value: fmpq_poly) -> int:
    """Return the sign of c(t): -1, 0 or 1.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> (
    ...     sign_in_field(root, fmpq_poly([-3, 2])),
    ...     sign_in_field(root, fmpq_poly([-2, 0, 1])),
    ... )
    (-1, 0)
    """
    value %= modulus_of(parameter)
    if not value:
        return 0
    if value.degree() < 1:
        return 1 if value[0] > 0 else -1
    precision = _FIRST_PRECISION
    while True:
        with flint.ctx.workprec(precision):
            ball = flint.arb_poly(value)(ball_in_field(parameter, precision))
            if not ball.contains(0):
                return 1 if ball > 0 else -1
        precision *= 2


def ball_in_field(parameter: RealAlgebraicNumber, precision: int) -> arb:
    """Return a ball of radius about 2^-precision that holds t."""
    low, high = parameter.refined(Fraction(1, 1 << precision)).isolating_interval
    return arb(_fmpq((low + high) / 2)) + arb(0, 1) * arb(_fmpq((high - low) / 2))


def trimmed(parameter: RealAlgebraicNumber, q: Sequence[fmpq_poly]) -> FieldPolynomial:
    """Return the coefficients reduced modulo m, without leading zeros; [] for zero."""
    modulus = modulus_of(parameter)
    reduced = [c % modulus for c in q]
    while reduced and not reduced[-1]:
        reduced.pop()
    return reduced


def over_point(point: AlgebraicPoint, p: fmpz_mpoly) -> FieldPolynomial:
    """Return p(x_1, ..., x_k, y) as a polynomial in y over the field of the point.

    Parameters
    ----------
    point : AlgebraicPoint
        The values of the first k variables.
    p : fmpz_mpoly
        In which no variable occurs beyond the (k + 1)-th, y.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> over_point(AlgebraicPoint.from_rationals([3]), x**2 * y - x)
    [(-3), 9]
    """
    k, modulus = point.dimension, modulus_of(point.parameter)
    rational = point.rational
    # Numbers, not constant polynomials, where all coordinates are rational.
    values: Sequence[Any]
    values = point.polynomials() if rational is None else [_fmpq(x) for x in rational]
    powers = [[value**0] for value in values]
    found: dict[int, fmpq_poly] = {}
    for exponents, c in p.terms():
        if any(exponents[k + 1 :]):
            raise InvalidInputError(f"{p} has variables beyond those of the point.")
        term: Any = fmpq(c)
        for value, known, e in zip(values, powers, exponents, strict=False):
            while len(known) <= e:
                following = known[-1] * value
                known.append(following if rational is not None else following % modulus)
            if e:
                term = known[int(e)] * term
                if rational is None:
                    term %= modulus
        degree = int(exponents[k]) if k < len(exponents) else 0
        found[degree] = found.get(degree, fmpq_poly()) + term
    size = max(found, default=-1) + 1
    return trimmed(point.parameter, [found.get(i, fmpq_poly()) for i in range(size)])


def value_over(q: Sequence[fmpq_poly], y: Fraction) -> fmpq_poly:
    """Return q(y) for a rational y, as a polynomial in t.

    Examples
    --------
    >>> value_over([fmpq_poly([0, 1]), fmpq_poly([2])], Fraction(1, 2))  # t + 2 y
    x + 1
    """
    at, total = _fmpq(y), fmpq_poly()
    for c in reversed(q):
        total = total * at + c
    return total


def norm(
    parameter: RealAlgebraicNumber,
    q: Sequence[fmpq_poly],
    poll: Callable[[], None] = lambda: None,
) -> fmpz_poly:
    """Return a primitive integer polynomial proportional to Res_t(m(t), q(t, y)).

    It is the product of q over the conjugates of t: its roots are the roots of all of
    these, and its degree is deg m times deg q.

    Parameters
    ----------
    parameter : RealAlgebraicNumber
        t.
    q : sequence of fmpq_poly
        A nonzero polynomial over Q(t).
    poll : callable
        Called before each resultant; what it raises ends the computation.

    Notes
    -----
    **Cost.** deg m deg q + 1 resultants of univariate polynomials, interpolated.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> norm(root, [fmpq_poly([0, -1]), fmpq_poly([1])])  # y - t
    x^2 + (-2)
    """
    q = trimmed(parameter, q)
    if not q:
        raise InvalidInputError("the zero polynomial has no norm.")
    m = fmpz_poly(list(parameter.minimal_polynomial))
    if m.degree() == 1:
        return primitive_part(fmpq_poly([c[0] for c in q]).numer())
    common = math.lcm(*(int(c.denom()) for c in q))
    numerators = [(c * common).numer() for c in q]
    degree = max(c.degree() for c in numerators)
    n = m.degree() * (len(q) - 1)
    values = []
    for y in range(n + 1):
        poll()
        at_y = fmpz_poly()
        for c in reversed(numerators):
            at_y = at_y * y + c
        missing = m.leading_coefficient() ** (degree - max(at_y.degree(), 0))
        values.append(m.resultant(at_y) * missing)
    return primitive_part(interpolated(values).numer())


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)
