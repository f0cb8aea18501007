"""Divisors of polynomials over a real number field Q(t).

Contents
--------
greatest_divisor        greatest common divisor over Q(t), monic
quotient                quotient by a monic polynomial over Q(t)
square_free             the same roots, each simple

Notation
--------
m is the minimal polynomial of t.

Notes on the implementation
---------------------------
Euclid's algorithm over Q(t) makes coefficients explode, so it is done modulo primes, in
(Z/p)[t]/(m), and the result verified by division [Encarnacion1995]_. Where m stays
square-free modulo p and leading coefficients stay invertible, the divisor modulo p has
at least the degree of the one that is sought: so a common divisor found with that
degree is the greatest, and one prime proves that two polynomials are coprime.

References
----------
[Encarnacion1995]_
"""

from collections.abc import Callable, Sequence

from flint import fmpq, fmpq_poly, nmod_poly

from semialgebraic.field_polynomials import (
    FieldPolynomial,
    inverse,
    modulus_of,
    trimmed,
)
from semialgebraic.modular_lifting import rational_candidates
from semialgebraic.real_algebraic import RealAlgebraicNumber


class _SmallerDegreeError(Exception):
    """A prime shows that the divisor has a smaller degree than was believed."""

    def __init__(self, degree: int) -> None:
        super().__init__()
        self.degree = degree


def greatest_divisor(
    parameter: RealAlgebraicNumber,
    a: Sequence[fmpq_poly],
    b: Sequence[fmpq_poly],
    poll: Callable[[], None] = lambda: None,
) -> FieldPolynomial:
    """Return the monic greatest common divisor over Q(t); [] if both are zero.

    Parameters
    ----------
    parameter : RealAlgebraicNumber
        t.
    a, b : sequence of fmpq_poly
        Polynomials over Q(t).
    poll : callable
        Called before each prime; what it raises ends the computation.

    Notes
    -----
    **Cost.** Euclid's algorithm modulo as many primes as the result has words in a
    coefficient, and two exact divisions.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> a = [fmpq_poly([-2]), fmpq_poly(), fmpq_poly([1])]  # y^2 - 2
    >>> greatest_divisor(root, a, [fmpq_poly([0, 1]), fmpq_poly([1])])  # y + t
    [x, 1]
    """
    a, b = trimmed(parameter, a), trimmed(parameter, b)
    if not a or not b:
        return _monic(parameter, a or b)
    if all(c.degree() < 1 for c in (*a, *b)):
        common = fmpq_poly([c[0] for c in a]).gcd(fmpq_poly([c[0] for c in b]))
        return [fmpq_poly([c]) for c in common.coeffs()]
    degree = min(len(a), len(b)) - 1
    while degree > 0:
        try:
            return _lifted_divisor(parameter, a, b, degree, poll)
        except _SmallerDegreeError as found:
            degree = found.degree
    return [fmpq_poly([1])]


def _lifted_divisor(
    parameter: RealAlgebraicNumber,
    a: FieldPolynomial,
    b: FieldPolynomial,
    degree: int,
    poll: Callable[[], None],
) -> FieldPolynomial:
    """Return the monic common divisor of this degree, or learn that there is none."""
    n = parameter.degree

    def image(p: int) -> list[int] | None:
        poll()
        found = _divisor_modulo(parameter, a, b, p)
        if found is None or len(found) - 1 > degree:
            return None
        if len(found) - 1 < degree:
            raise _SmallerDegreeError(len(found) - 1)
        return [int(c[i]) for c in found[:-1] for i in range(n)]

    for candidate in rational_candidates(image):
        numbers = [fmpq(x.numerator, x.denominator) for x in candidate]
        divisor = [
            *(fmpq_poly(numbers[i : i + n]) for i in range(0, len(numbers), n)),
            fmpq_poly([1]),
        ]
        if not any(_divided(parameter, q, divisor)[1] for q in (a, b)):
            return divisor
    raise AssertionError("there is always another prime")


def _divisor_modulo(
    parameter: RealAlgebraicNumber, a: FieldPolynomial, b: FieldPolynomial, p: int
) -> list[nmod_poly] | None:
    """Return the monic greatest common divisor modulo p; None for an unsuitable p."""
    m = nmod_poly(list(parameter.minimal_polynomial), p)
    if m.degree() < parameter.degree or m.gcd(m.derivative()).degree() > 0:
        return None
    if any(c.denom() % p == 0 for c in (*a, *b)):
        return None
    u, v = ([nmod_poly(c.numer(), p) / int(c.denom()) for c in q] for q in (a, b))
    for q in (u, v):
        factor = _inverse_modulo(q[-1], m)
        if factor is None:
            return None
        q[:] = [c * factor % m for c in q]
    while v:
        factor = _inverse_modulo(v[-1], m)
        if factor is None:
            return None
        v = [c * factor % m for c in v]
        for i in range(len(u) - len(v), -1, -1):
            leading = u[i + len(v) - 1]
            for j, c in enumerate(v):
                u[i + j] = (u[i + j] - leading * c) % m
        u, v = v, u[: len(v) - 1]
        while v and not v[-1]:
            v.pop()
    return u


def _inverse_modulo(c: nmod_poly, m: nmod_poly) -> nmod_poly | None:
    """Return the inverse of c modulo m, or None if c is a zero divisor."""
    common, factor, _ = c.xgcd(m)
    return factor if common.degree() == 0 else None


def quotient(
    parameter: RealAlgebraicNumber, a: Sequence[fmpq_poly], b: Sequence[fmpq_poly]
) -> FieldPolynomial:
    """Return the quotient of a by a monic b over Q(t); the remainder is dropped.

    Examples
    --------
    >>> rational = RealAlgebraicNumber.from_rational(0)
    >>> one = fmpq_poly([1])
    >>> quotient(rational, [-one, 0 * one, one], [one, one])  # (y^2 - 1) / (y + 1)
    [(-1), 1]
    """
    return _divided(parameter, list(a), list(b))[0]


def square_free(
    parameter: RealAlgebraicNumber,
    q: Sequence[fmpq_poly],
    poll: Callable[[], None] = lambda: None,
) -> FieldPolynomial:
    """Return q / gcd(q, q'): the roots of q, each simple."""
    q = trimmed(parameter, q)
    derivative = [i * c for i, c in enumerate(q)][1:]
    return _divided(parameter, q, greatest_divisor(parameter, q, derivative, poll))[0]


def _monic(parameter: RealAlgebraicNumber, q: FieldPolynomial) -> FieldPolynomial:
    """Return q divided by its leading coefficient."""
    if not q or q[-1].is_one():
        return q
    modulus, factor = modulus_of(parameter), inverse(parameter, q[-1])
    return [c * factor % modulus for c in q[:-1]] + [fmpq_poly([1])]


def _divided(
    parameter: RealAlgebraicNumber, a: FieldPolynomial, b: FieldPolynomial
) -> tuple[FieldPolynomial, FieldPolynomial]:
    """Return quotient and remainder of a by the monic polynomial b."""
    modulus, rest = modulus_of(parameter), list(a)
    n = len(b) - 1
    quotient = [fmpq_poly()] * max(len(a) - n, 0)
    for i in range(len(a) - n - 1, -1, -1):
        quotient[i] = factor = rest[i + n]
        if factor:
            for j, c in enumerate(b):
                rest[i + j] = (rest[i + j] - factor * c) % modulus
    return quotient, trimmed(parameter, rest[:n])
