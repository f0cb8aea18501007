"""Points with algebraic coordinates: polynomials in one real algebraic number.

Contents
--------
AlgebraicPoint      x_i = c_i(t), t a real algebraic number, c_i over the rationals

Notes on the implementation
---------------------------
All coordinates live in one field Q(t), so that the sign of a polynomial at the point is
the sign of a univariate polynomial at t, which isolating intervals decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, final

from flint import fmpq, fmpq_poly, fmpz_mpoly

from semialgebraic.errors import InvalidInputError
from semialgebraic.real_algebraic import RealAlgebraicNumber, polynomial_of_values
from semialgebraic.univariate import Interval, isolate_real_roots, polynomial

_ZERO = RealAlgebraicNumber.from_rational(0)
_SHRINK = 1 << 16


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicPoint:
    """The point of real space with coordinates x_i = c_i(t).

    Parameters
    ----------
    parameter : RealAlgebraicNumber
        t.
    coordinates : tuple of tuples of Fraction
        Coefficients of each c_i from low to high degree; degree below that of t.

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

    def __post_init__(self) -> None:
        if any(len(c) > self.parameter.degree for c in self.coordinates):
            raise InvalidInputError(
                "a coordinate is not reduced modulo the minimal polynomial."
            )

    @classmethod
    def from_rationals(cls, values: Sequence[Fraction | int]) -> Self:
        """Return the rational point.

        Examples
        --------
        >>> AlgebraicPoint.from_rationals([1, Fraction(1, 2)]).rational
        (Fraction(1, 1), Fraction(1, 2))
        """
        return cls(
            parameter=_ZERO, coordinates=tuple((Fraction(x),) for x in values)
        )

    @classmethod
    def from_polynomials(
        cls, parameter: RealAlgebraicNumber, coordinates: Sequence[fmpq_poly]
    ) -> Self:
        """Return the point whose coordinates are polynomials at the parameter."""
        modulus = fmpq_poly(list(parameter.minimal_polynomial))
        reduced = [c % modulus for c in coordinates]
        return cls(
            parameter=parameter,
            coordinates=tuple(
                tuple(Fraction(int(a.p), int(a.q)) for a in c.coeffs())
                for c in reduced
            ),
        )

    @property
    def dimension(self) -> int:
        """Number of coordinates."""
        return len(self.coordinates)

    @property
    def rational(self) -> tuple[Fraction, ...] | None:
        """The coordinates, if all of them are given by constants; else None."""
        if any(len(c) > 1 for c in self.coordinates):
            return None
        return tuple(c[0] if c else Fraction(0) for c in self.coordinates)

    def polynomials(self) -> list[fmpq_poly]:
        """Return the coordinates as polynomials in t."""
        return [
            fmpq_poly([fmpq(a.numerator, a.denominator) for a in c])
            for c in self.coordinates
        ]

    def at(self, p: fmpz_mpoly) -> fmpq_poly:
        """Return p(x) as a polynomial in t, reduced."""
        modulus = fmpq_poly(list(self.parameter.minimal_polynomial))
        powers: list[list[fmpq_poly]] = [[fmpq_poly([1])] for _ in self.coordinates]
        values = self.polynomials()
        total = fmpq_poly([0])
        for exponents, c in p.terms():
            term = fmpq_poly([c])
            for i, e in enumerate(exponents):
                while len(powers[i]) <= e:
                    powers[i].append(powers[i][-1] * values[i] % modulus)
                if e:
                    term = term * powers[i][int(e)] % modulus
            total += term
        return total

    def sign_of(self, p: fmpz_mpoly) -> int:
        """Return the sign of a polynomial at this point: -1, 0 or 1."""
        if p.context().nvars() != self.dimension:
            raise InvalidInputError(
                f"the polynomial has {p.context().nvars()} variables and the point "
                f"{self.dimension} coordinates."
            )
        value = self.at(p)
        return self.parameter.sign_of(value.numer()) if value else 0

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
        value = self.polynomials()[index]
        return value_in_field(self.parameter, value)

    def enclosures(self, width: Fraction) -> tuple[Interval, ...]:
        """Return for each coordinate an interval that holds it, no longer than asked."""
        found = []
        for p in self.polynomials():
            parameter = self.parameter
            interval = _image(p, parameter.isolating_interval)
            while interval[1] - interval[0] > width:
                low, high = parameter.isolating_interval
                parameter = parameter.refined((high - low) / _SHRINK)
                interval = _image(p, parameter.isolating_interval)
            found.append(interval)
        return tuple(found)


def value_in_field(
    parameter: RealAlgebraicNumber, value: fmpq_poly
) -> RealAlgebraicNumber:
    """Return c(t) as a real algebraic number with its own minimal polynomial.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> value_in_field(root, fmpq_poly([0, 0, 1]))
    RealAlgebraicNumber(minimal_polynomial=(-2, 1), \
isolating_interval=(Fraction(2, 1), Fraction(2, 1)))
    """
    value %= fmpq_poly(list(parameter.minimal_polynomial))
    if value.degree() < 1:
        constant = value[0]
        return RealAlgebraicNumber.from_rational(
            Fraction(int(constant.p), int(constant.q))
        )
    candidates = polynomial_of_values(
        polynomial(parameter.minimal_polynomial),
        value.numer(),
        polynomial([int(value.denom())]),
    )
    # The values at conjugates of t are conjugate: one irreducible factor has them all.
    ((factor, _),) = candidates.factor()[1]
    interval = _image(value, parameter.isolating_interval)
    while len(isolate_real_roots(factor, low=interval[0], high=interval[1])) != 1:
        low, high = parameter.isolating_interval
        parameter = parameter.refined((high - low) / _SHRINK)
        interval = _image(value, parameter.isolating_interval)
    return RealAlgebraicNumber.from_root(factor, interval)


def _image(p: fmpq_poly, interval: Interval) -> Interval:
    """Return an interval that holds p(t) for all t of the interval (Taylor form)."""
    low, high = interval
    middle, radius = (low + high) / 2, (high - low) / 2
    moved = p(fmpq_poly([fmpq(middle.numerator, middle.denominator), 1]))
    coefficients = [Fraction(int(c.p), int(c.q)) for c in moved.coeffs()] or [
        Fraction(0)
    ]
    spread = sum(
        (abs(c) * radius**i for i, c in enumerate(coefficients) if i), Fraction(0)
    )
    return coefficients[0] - spread, coefficients[0] + spread
