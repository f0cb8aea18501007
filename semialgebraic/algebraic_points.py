"""Points with algebraic coordinates: rational functions of one real algebraic number.

Contents
--------
AlgebraicPoint      x_i = c_i(t) / q(t), t a real algebraic number
value_in_field      c(t) / q(t) as a real algebraic number of its own

Notes on the implementation
---------------------------
All coordinates live in one field Q(t), so that the sign of a polynomial at the point is
the sign of a univariate polynomial at t. Signs that are not zero are found in ball
arithmetic, of ever higher precision; that a value is zero is proved exactly. A common
denominator q keeps the coefficients short: with q the derivative of the minimal
polynomial (Kronecker) they are about as long as its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, final

from flint import arb, ctx, fmpq, fmpq_poly, fmpz_mpoly, fmpz_poly

from semialgebraic.errors import InvalidInputError
from semialgebraic.real_algebraic import RealAlgebraicNumber, polynomial_of_values
from semialgebraic.univariate import Interval, isolate_real_roots

_ZERO = RealAlgebraicNumber.from_rational(0)
_ONE = (Fraction(1),)
# Bits at which a sign is looked for before it is decided whether the value is zero.
_FIRST_BITS, _LAST_BITS = 128, 1024


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicPoint:
    """The point of real space with coordinates x_i = c_i(t) / q(t).

    Parameters
    ----------
    parameter : RealAlgebraicNumber
        t.
    coordinates : tuple of tuples of Fraction
        Coefficients of each c_i from low to high degree; degree below that of t.
    denominator : tuple of Fraction
        Coefficients of q, which does not vanish at t; 1 if not given.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> point = AlgebraicPoint(
    ...     parameter=root, coordinates=((Fraction(0), Fraction(1)), (Fraction(2),))
    ... )
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> point.sign_of(x**2 - y), point.sign_of(x - y)
    (0, -1)
    """

    parameter: RealAlgebraicNumber
    coordinates: tuple[tuple[Fraction, ...], ...]
    denominator: tuple[Fraction, ...] = _ONE

    def __post_init__(self) -> None:
        parts = (*self.coordinates, self.denominator)
        if any(len(c) > self.parameter.degree for c in parts):
            raise InvalidInputError(
                "a coordinate is not reduced modulo the minimal polynomial."
            )
        if not any(self.denominator):
            raise InvalidInputError("the common denominator is zero.")

    @classmethod
    def from_rationals(cls, values: Sequence[Fraction | int]) -> Self:
        """Return the rational point.

        Examples
        --------
        >>> AlgebraicPoint.from_rationals([1, Fraction(1, 2)]).rational
        (Fraction(1, 1), Fraction(1, 2))
        """
        return cls(parameter=_ZERO, coordinates=tuple((Fraction(x),) for x in values))

    @classmethod
    def from_polynomials(
        cls,
        parameter: RealAlgebraicNumber,
        coordinates: Sequence[fmpq_poly],
        denominator: fmpq_poly | None = None,
    ) -> Self:
        """Return the point c_i(t) / q(t), each polynomial reduced modulo that of t."""
        modulus = fmpq_poly(list(parameter.minimal_polynomial))
        return cls(
            parameter=parameter,
            coordinates=tuple(_fractions(c % modulus) for c in coordinates),
            denominator=_ONE
            if denominator is None
            else _fractions(denominator % modulus),
        )

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.coordinates)

    @property
    def rational(self) -> tuple[Fraction, ...] | None:
        """The coordinates, if all of them are given by constants; else None."""
        if any(len(c) > 1 for c in (*self.coordinates, self.denominator)):
            return None
        (q,) = self.denominator
        return tuple(c[0] / q if c else Fraction(0) for c in self.coordinates)

    def polynomials(self) -> list[fmpq_poly]:
        """Return the coordinates as polynomials in t alone, denominators inverted."""
        modulus = fmpq_poly(list(self.parameter.minimal_polynomial))
        numerators = [_polynomial(c) for c in self.coordinates]
        if self.denominator == _ONE:
            return numerators
        _, inverse, _ = _polynomial(self.denominator).xgcd(modulus)
        return [c * inverse % modulus for c in numerators]

    def at(self, p: fmpz_mpoly) -> fmpq_poly:
        """Return q(t)^n p(x) as a polynomial in t, reduced; n is the degree of p."""
        modulus = fmpq_poly(list(self.parameter.minimal_polynomial))
        bases = [_polynomial(c) for c in (*self.coordinates, self.denominator)]
        powers = [[fmpq_poly([1])] for _ in bases]
        degree = max(int(p.total_degree()), 0)
        total = fmpq_poly([0])
        for exponents, c in p.terms():
            term = fmpq_poly([c])
            rest = degree - sum(int(e) for e in exponents)
            for known, base, e in zip(powers, bases, (*exponents, rest), strict=True):
                while len(known) <= e:
                    known.append(known[-1] * base % modulus)
                if e:
                    term = term * known[int(e)] % modulus
            total += term
        return total

    def sign_of(self, p: fmpz_mpoly) -> int:
        """Return the sign of a polynomial at this point: -1, 0 or 1."""
        if p.context().nvars() != self.dimension:
            raise InvalidInputError(
                f"the polynomial has {p.context().nvars()} variables and the point "
                f"{self.dimension} coordinates."
            )
        if not p:
            return 0
        bits = _FIRST_BITS
        while bits <= _LAST_BITS:
            sign = _sign_of_ball(self._value(p, bits))
            if sign:
                return sign
            bits *= 2
        if not self.at(p):
            return 0
        while not (sign := _sign_of_ball(self._value(p, bits))):
            bits *= 2
        return sign

    def balls(self, bits: int) -> list[arb]:
        """Return an arb ball around each coordinate, computed with this precision."""
        width = Fraction(1, 1 << bits)
        with ctx.workprec(bits):
            t = ball_around(self.parameter.refined(width).isolating_interval)
            q = _horner(self.denominator, t)
            return [_horner(c, t) / q for c in self.coordinates]

    def _value(self, p: fmpz_mpoly, bits: int) -> arb:
        """Return a ball around p at the point."""
        balls = self.balls(bits)
        with ctx.workprec(bits):
            total = arb(0)
            for exponents, c in p.terms():
                term = arb(c)
                for x, e in zip(balls, exponents, strict=True):
                    if e:
                        term *= x ** int(e)
                total += term
            return total

    def coordinate(self, index: int) -> RealAlgebraicNumber:
        """Return one coordinate as a real algebraic number.

        Examples
        --------
        >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
        >>> point = AlgebraicPoint(
        ...     parameter=root, coordinates=((Fraction(1), Fraction(1)),)
        ... )
        >>> point.coordinate(0).minimal_polynomial
        (-1, -2, 1)
        """
        numerator = _polynomial(self.coordinates[index])
        return value_in_field(self.parameter, numerator, _polynomial(self.denominator))

    def enclosures(self, width: Fraction) -> tuple[Interval, ...]:
        """Return for each coordinate an interval that holds it, no longer than asked.

        Examples
        --------
        >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
        >>> point = AlgebraicPoint(
        ...     parameter=root, coordinates=((Fraction(0), Fraction(1)),)
        ... )
        >>> ((low, high),) = point.enclosures(Fraction(1, 1000))
        >>> low**2 < 2 < high**2 and high - low <= Fraction(1, 1000)
        True
        """
        bits = _FIRST_BITS
        while True:
            found = [interval_of(ball) for ball in self.balls(bits)]
            intervals = tuple(x for x in found if x is not None)
            if len(intervals) == len(found) and all(
                b - a <= width for a, b in intervals
            ):
                return intervals
            bits *= 2


def value_in_field(
    parameter: RealAlgebraicNumber,
    numerator: fmpq_poly,
    denominator: fmpq_poly | None = None,
) -> RealAlgebraicNumber:
    """Return c(t) / q(t) as a real algebraic number with its own minimal polynomial.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> value_in_field(root, fmpq_poly([0, 0, 1]))
    RealAlgebraicNumber(minimal_polynomial=(-2, 1), \
isolating_interval=(Fraction(2, 1), Fraction(2, 1)))
    """
    modulus = fmpq_poly(list(parameter.minimal_polynomial))
    c = numerator % modulus
    q = fmpq_poly([1]) if denominator is None else denominator % modulus
    if not q:
        raise InvalidInputError("the denominator is zero at the parameter.")
    # Both polynomials times one number: integer coefficients.
    common = int(c.denom()) * int(q.denom())
    values = polynomial_of_values(
        parameter.minimal_polynomial, (c * common).numer(), (q * common).numer()
    )
    # The values at conjugates of t are conjugate: one irreducible factor has them all.
    ((factor, _),) = values.factor()[1]
    if factor.degree() == 1:
        root = Fraction(-int(factor[0]), int(factor[1]))
        return RealAlgebraicNumber.from_rational(root)
    bits = _FIRST_BITS
    while True:
        width = Fraction(1, 1 << bits)
        with ctx.workprec(bits):
            t = ball_around(parameter.refined(width).isolating_interval)
            interval = interval_of(
                _horner(_fractions(c), t) / _horner(_fractions(q), t)
            )
        if interval and _n_roots(factor, interval) == 1:
            return RealAlgebraicNumber.from_root(factor, interval)
        bits *= 2


def ball_around(interval: Interval) -> arb:
    """Return a ball that contains the interval, in the current precision."""
    low, high = (fmpq(x.numerator, x.denominator) for x in interval)
    return arb(low).union(arb(high))


def interval_of(ball: arb) -> Interval | None:
    """Return rational endpoints of a ball, None if it is not finite."""
    if not ball.is_finite():
        return None
    middle, radius = (_exact(x) for x in (ball.mid(), ball.rad()))
    return middle - radius, middle + radius


def _exact(x: arb) -> Fraction:
    """Return the number that an exact ball is."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _sign_of_ball(ball: arb) -> int:
    """Return the sign of all numbers in the ball, 0 if there are several."""
    return int(ball > 0) - int(ball < 0)


def _horner(coefficients: Sequence[Fraction], t: arb) -> arb:
    """Return a ball around the polynomial at all points of a ball."""
    total = arb(0)
    for c in reversed(coefficients):
        total = total * t + arb(fmpq(c.numerator, c.denominator))
    return total


def _polynomial(coefficients: Sequence[Fraction]) -> fmpq_poly:
    return fmpq_poly([fmpq(a.numerator, a.denominator) for a in coefficients])


def _fractions(p: fmpq_poly) -> tuple[Fraction, ...]:
    return tuple(Fraction(int(a.p), int(a.q)) for a in p.coeffs())


def _n_roots(p: fmpz_poly, interval: Interval) -> int:
    """Return the number of real roots of p in the closed interval."""
    return len(isolate_real_roots(p, low=interval[0], high=interval[1]))
