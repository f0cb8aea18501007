"""Common zeros of two plane curves, all of them, by resultants.

The zeros are parametrized by the roots T of one univariate polynomial: T = x + s y for
an integer s that gives different zeros different T. Each irreducible factor w over Q is
one component, with x = c_1(T) / (e w'(T)) and y = c_2(T) / (e w'(T)) (rational
univariate representation in the form of Kronecker); its real roots are the real zeros.

Contents
--------
ZeroComponent       zeros conjugate to each other, given by an irreducible polynomial
common_zeros        the components of f = g = 0
common_roots        the same for one variable
quotient_modulo     p/q at the roots of a polynomial, in the form of Kronecker

Notes on the implementation
---------------------------
After the shear x = T - s y both polynomials have constant leading coefficient in y. So
their resultant R(T) vanishes exactly at the T of common zeros, complex ones included:
the list is complete. Every subresultant is a combination of both polynomials: over a
root T of R their greatest common divisor divides it. If one of them is c (Y - y)^j
there, then y is the only common zero over T. A shear for which this succeeds at all
factors of R is accepted [GonzalezVegaElKahoui1996]_. Polynomials in T are not reduced
modulo w on the way, which would make their coefficients long; that one is zero at the
roots of w is the question whether w divides it.

References
----------
[GonzalezVegaElKahoui1996]_, [BasuPollackRoy2006]_
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import final

from flint import fmpq_poly, fmpz_mpoly, fmpz_poly, nmod_poly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError
from semialgebraic.modular_lifting import rational_candidates
from semialgebraic.polynomials import (
    as_univariate,
    coefficients_in,
    polynomial_ring,
    primitive,
)
from semialgebraic.real_algebraic import real_roots


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ZeroComponent:
    """Zeros x_i = c_i(T) / (e w'(T)) for the complex roots T of one irreducible w.

    Parameters
    ----------
    minimal_polynomial : fmpz_poly
        w, irreducible over Q, of degree n: there are n zeros.
    numerators : tuple of fmpz_poly
        c_i, each of degree below n.
    scale : int
        e > 0.
    multiplicity : int
        Of each zero, as an intersection of the two curves.
    """

    minimal_polynomial: fmpz_poly
    numerators: tuple[fmpz_poly, ...]
    scale: int
    multiplicity: int

    @property
    def degree(self) -> int:
        """Number of complex zeros in the component."""
        return int(self.minimal_polynomial.degree())

    @property
    def denominator(self) -> fmpz_poly:
        """The common denominator e w'(T) of the coordinates."""
        return self.minimal_polynomial.derivative() * self.scale

    def at(self, p: fmpz_mpoly, degree: int | None = None) -> fmpz_poly:
        """Return (e w'(T))^n p(x), n the total degree of p unless it is given."""
        n = max(int(p.total_degree()), 0) if degree is None else degree
        bases = [*self.numerators, self.denominator]
        powers = [[fmpz_poly([1])] for _ in bases]
        for known, base in zip(powers, bases, strict=True):
            for _ in range(n):
                known.append(known[-1] * base)
        total = fmpz_poly([0])
        for exponents, c in p.terms():
            term = fmpz_poly([c])
            rest = n - sum(int(e) for e in exponents)
            for known, e in zip(powers, (*exponents, rest), strict=True):
                term *= known[int(e)]
            total += term
        return total

    def vanishes(self, p: fmpz_mpoly) -> bool:
        """Tell whether p is zero at the zeros; exact."""
        return divides(self.minimal_polynomial, self.at(p))

    def quotient(
        self, numerator: fmpz_mpoly, denominator: fmpz_mpoly
    ) -> tuple[fmpz_poly, int]:
        """Return (c, e) with  p(x)/q(x) = c(T) / (e w'(T)); q must not vanish."""
        n = max(int(numerator.total_degree()), int(denominator.total_degree()), 0)
        return quotient_modulo(
            self.at(numerator, n), self.at(denominator, n), self.minimal_polynomial
        )

    def real_points(self) -> list[AlgebraicPoint]:
        """Return the real zeros, in ascending order of T."""
        numerators = [fmpq_poly(c) for c in self.numerators]
        return [
            AlgebraicPoint.from_polynomials(
                root, numerators, fmpq_poly(self.denominator)
            )
            for root in real_roots(self.minimal_polynomial)
        ]


def common_zeros(
    f: fmpz_mpoly, g: fmpz_mpoly, *, apart_from: Sequence[fmpz_mpoly] = ()
) -> tuple[ZeroComponent, ...]:
    """Return all complex solutions of f(x, y) = g(x, y) = 0.

    Parameters
    ----------
    f, g : fmpz_mpoly in two variables
        Without common factor of positive degree.
    apart_from : sequence of fmpz_mpoly
        Zeros at which one of these vanishes are left out.

    Raises
    ------
    InvalidInputError
        If the two have a common factor, so that there are infinitely many zeros, or are
        not in the same two variables.

    Notes
    -----
    **Cost.** One bivariate resultant of degree up to deg f deg g, its factorization,
    and the subresultants of the sheared pair.

    Examples
    --------
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> (component,) = common_zeros(x**2 + y**2 - 4, x * y - 1)
    >>> component.degree, len(component.real_points())
    (4, 4)
    """
    ring = f.context()
    if ring.nvars() != 2 or ring is not g.context():
        raise InvalidInputError("give two polynomials in the same two variables.")
    if any(p and p.is_constant() for p in (f, g)):
        return ()
    if not f or not g or f.gcd(g).total_degree() > 0:
        raise InvalidInputError(
            "the two polynomials have a common factor, so infinitely many common zeros."
        )
    for shear in _shears():
        found = _zeros_after_shear(f, g, shear)
        if found is not None:
            return tuple(
                component
                for component in found
                if not any(component.vanishes(p) for p in apart_from)
            )
    raise AssertionError("all but finitely many shears separate the zeros")


def common_roots(
    f: fmpz_mpoly, *others: fmpz_mpoly, apart_from: Sequence[fmpz_mpoly] = ()
) -> tuple[ZeroComponent, ...]:
    """Return all complex roots common to polynomials in one variable.

    Raises
    ------
    InvalidInputError
        If all of them are zero.

    Examples
    --------
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> [c.minimal_polynomial for c in common_roots(x**3 - x, apart_from=[x])]
    [x + (-1), x + 1]
    """
    p = fmpz_poly([0])
    for other in (f, *others):
        p = p.gcd(as_univariate(other, 0))
    if not p:
        raise InvalidInputError("every number is a root of the zero polynomial.")
    components = [
        ZeroComponent(
            minimal_polynomial=factor,
            numerators=(_times_parameter(factor),),
            scale=int(factor.leading_coefficient()),
            multiplicity=multiplicity,
        )
        for factor, multiplicity in p.factor()[1]
    ]
    return tuple(c for c in components if not any(c.vanishes(q) for q in apart_from))


def divides(w: fmpz_poly, p: fmpz_poly) -> bool:
    """Tell whether the primitive polynomial w divides p.

    Examples
    --------
    >>> divides(fmpz_poly([1, 2]), fmpz_poly([3, 6]))
    True
    """
    # By Gauss's lemma the quotient has integer coefficients if it is a polynomial.
    return p // w * w == p


def quotient_modulo(
    numerator: fmpz_poly, denominator: fmpz_poly, w: fmpz_poly
) -> tuple[fmpz_poly, int]:
    """Return (c, e) with  p/q = c/(e w')  at every root of w, deg c < deg w, e > 0.

    Parameters
    ----------
    numerator, denominator : fmpz_poly
        p and q; q without common root with w.
    w : fmpz_poly
        Primitive and square-free.

    Raises
    ------
    InvalidInputError
        If q and w have a common root.

    Notes
    -----
    Found modulo primes, and verified: w divides c q - e p w'.

    Examples
    --------
    >>> w = fmpz_poly([-2, 0, 1])
    >>> quotient_modulo(fmpz_poly([1]), fmpz_poly([0, 3]), w)
    (2, 3)
    """
    if denominator.gcd(w).degree() != 0:
        raise InvalidInputError("division by zero at a root of the modulus.")
    target = numerator * w.derivative()
    for candidate in rational_candidates(
        partial(_quotient_image, target, denominator, w)
    ):
        e = math.lcm(*(x.denominator for x in candidate))
        c = fmpz_poly([int(x * e) for x in candidate])
        if divides(w, c * denominator - e * target):
            return c, e
    raise AssertionError("there are infinitely many primes")


def _quotient_image(
    target: fmpz_poly, denominator: fmpz_poly, w: fmpz_poly, prime: int
) -> list[int] | None:
    """Return the quotient modulo w and a prime, None if the prime is unsuitable."""
    modulus, q, p = (
        nmod_poly([int(c % prime) for c in a.coeffs()], prime)
        for a in (w, denominator, target)
    )
    if modulus.degree() != w.degree():
        return None
    divisor, inverse, _ = (q % modulus).xgcd(modulus)
    if divisor.degree() != 0:
        return None
    found = [int(c) for c in (p * inverse % modulus).coeffs()]
    return found + [0] * (w.degree() - len(found))


def _times_parameter(w: fmpz_poly) -> fmpz_poly:
    """Return  lc(w) T w'(T)  modulo w, which has integer coefficients."""
    product = fmpz_poly([0, 1]) * w.derivative()
    return w.leading_coefficient() * product - product.leading_coefficient() * w


def _shears() -> Iterator[int]:
    """Yield all integers; all but finitely many separate the zeros."""
    yield 0
    for s in itertools.count(1):
        yield s
        yield -s


def _zeros_after_shear(
    f: fmpz_mpoly, g: fmpz_mpoly, shear: int
) -> list[ZeroComponent] | None:
    """Return the components, or None if this shear does not separate the zeros."""
    first, second = _sheared(f, shear), _sheared(g, shear)
    # A constant leading coefficient in y: no zero escapes to infinity over any T.
    if any(p.degrees()[1] != p.total_degree() for p in (first, second)):
        return None
    eliminated = as_univariate(first.resultant(second, 1), 0)
    chain = list(_remainders(_in_y(first), _in_y(second)))
    found = []
    for factor, multiplicity in eliminated.factor()[1]:
        root = _only_root(chain, factor)
        if root is None:
            return None
        # x = T - s y over the common denominator lc e w'.
        y, scale = root
        leading = int(factor.leading_coefficient())
        found.append(
            ZeroComponent(
                minimal_polynomial=factor,
                numerators=(
                    scale * _times_parameter(factor) - shear * leading * y,
                    leading * y,
                ),
                scale=leading * scale,
                multiplicity=multiplicity,
            )
        )
    return found


def _sheared(p: fmpz_mpoly, shear: int) -> fmpz_mpoly:
    """Return the primitive part of p(T - s y, y) in Z[T, y]."""
    ring = polynomial_ring(["T", "y"])
    t, y = ring.gens()
    moved = p.compose(t - shear * y, y, ctx=ring)
    return primitive(moved)


def _in_y(p: fmpz_mpoly) -> list[fmpz_poly]:
    """Return the coefficients in y, low to high, as polynomials in T."""
    return [as_univariate(c, 0) for c in coefficients_in(p, 1)]


def _remainders(
    first: list[fmpz_poly], second: list[fmpz_poly]
) -> Iterator[list[fmpz_poly]]:
    """Yield the subresultants of positive degree in y, from high to low degree.

    The sequence starts with the two polynomials; every further member is the pseudo
    remainder of the two before it over a known divisor (Brown and Traub).
    """
    if len(first) < len(second):
        first, second = second, first
    yield first
    leading = height = fmpz_poly([1])
    while len(second) > 1:
        yield second
        steps = len(first) - len(second)
        remainder = _pseudo_remainder(first, second)
        divisor = leading * height**steps
        first, second = second, [c // divisor for c in remainder]
        leading = first[-1]
        # leading^steps / height^(steps - 1), which is a polynomial.
        if steps > 0:
            height = leading**steps // height ** (steps - 1)


def _pseudo_remainder(
    first: list[fmpz_poly], second: list[fmpz_poly]
) -> list[fmpz_poly]:
    """Return (-lc)^(steps + 1) first mod second, without leading zeros."""
    rest, leading = list(first), second[-1]
    steps = len(first) - len(second)
    for _ in range(steps + 1):
        top = rest.pop()
        rest = [leading * c for c in rest]
        offset = len(rest) - len(second) + 1
        for i, c in enumerate(second[:-1]):
            rest[offset + i] -= top * c
    sign = -1 if (steps + 1) % 2 else 1
    while rest and not rest[-1]:
        rest.pop()
    return [sign * c for c in rest]


def _only_root(
    chain: Sequence[list[fmpz_poly]], w: fmpz_poly
) -> tuple[fmpz_poly, int] | None:
    """Return (c, e), y = c/(e w'), if the common divisor over T is a power of Y - y.

    It is looked for in the last member whose leading coefficient is not 0 at T, which
    is that divisor unless degrees jump; see the notes on why any member will do.
    """
    for member in reversed(chain):
        leading = member[-1]
        if divides(w, leading):
            continue
        j = len(member) - 1
        c, e = quotient_modulo(-member[j - 1], j * leading, w)
        d = e * w.derivative()
        # lc (d Y - c)^j is d^j times the member over T, coefficient by coefficient.
        for i in range(j - 1):
            expected = math.comb(j, i) * leading * (-c) ** (j - i)
            if not divides(w, expected - member[i] * d ** (j - i)):
                return None
        return c, e
    return None
