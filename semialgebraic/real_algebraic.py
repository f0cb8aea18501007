"""Real algebraic numbers: a minimal polynomial and an isolating interval.

The exact value of an optimum is such a number. Comparison, signs and decimals are
decided by refining the interval; equality by the minimal polynomial.

Contents
--------
RealAlgebraicNumber     immutable; ordered together with the rationals
real_roots              all real roots of an integer polynomial, ascending
polynomial_of_values    polynomial whose roots are g(x)/h(x) over the roots x of p

References
----------
[BasuPollackRoy2006]_
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import total_ordering
from itertools import pairwise
from typing import Self, final

from flint import fmpq, fmpq_poly, fmpz, fmpz_poly

from semialgebraic.errors import InvalidInputError
from semialgebraic.univariate import (
    Interval,
    Polynomial,
    descartes_bound,
    isolate_real_roots,
    polynomial,
    primitive_part,
    refine_root,
    require_nonzero,
    sign_at,
)

_SHOWN_DIGITS = 21
_LARGEST_SHOWN_DEGREE = 6
# How much shorter an interval becomes before a question is asked again.
_SHRINK = 1 << 16


@final
@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class RealAlgebraicNumber:
    """The one real root of an irreducible integer polynomial in an interval.

    Made by `from_rational`, `from_root` or `real_roots`, which prove that the
    polynomial is irreducible and the root the only one in the interval; the constructor
    itself verifies the signs at the endpoints only.

    Parameters
    ----------
    minimal_polynomial : tuple of int
        Coefficients from low to high degree; primitive, leading coefficient positive.
    isolating_interval : (Fraction, Fraction)
        Of a rational number: (x, x). Otherwise (a, b) with a < x < b.

    Examples
    --------
    >>> golden = RealAlgebraicNumber.from_root([-1, -1, 1], (1, 2))
    >>> print(golden)
    ≈ 1.618033988749894848205, root of x^2 - x - 1
    >>> golden > Fraction(8, 5), golden.sign_of([1, 1, -1])
    (True, 0)
    """

    minimal_polynomial: tuple[int, ...]
    isolating_interval: Interval

    def __post_init__(self) -> None:
        p, (low, high) = polynomial(self.minimal_polynomial), self.isolating_interval
        if (
            p.degree() < 1
            or p != primitive_part(p)
            or len(p.coeffs()) != len(self.minimal_polynomial)
        ):
            raise InvalidInputError(
                "a minimal polynomial is primitive, of positive degree and with "
                "positive leading coefficient."
            )
        at_ends = sign_at(p, low), sign_at(p, high)
        if (low == high and p.degree() == 1 and at_ends == (0, 0)) or (
            low < high and p.degree() > 1 and at_ends[0] * at_ends[1] < 0
        ):
            return
        raise InvalidInputError(
            "the interval does not isolate a root; give (x, x) for a rational x, else "
            "endpoints between which the minimal polynomial changes sign."
        )

    @classmethod
    def from_rational(cls, value: Fraction | int) -> Self:
        """Return the rational number itself.

        Examples
        --------
        >>> RealAlgebraicNumber.from_rational(Fraction(8, 9))
        RealAlgebraicNumber(minimal_polynomial=(-8, 9), \
isolating_interval=(Fraction(8, 9), Fraction(8, 9)))
        """
        x = Fraction(value)
        return cls((-x.numerator, x.denominator), (x, x))

    @classmethod
    def from_root(
        cls, p: Polynomial, interval: tuple[Fraction | int, Fraction | int]
    ) -> Self:
        """Return the only real root of p in the closed interval [low, high].

        Raises
        ------
        InvalidInputError
            If p is zero or has no real root there, or more than one.

        Examples
        --------
        >>> RealAlgebraicNumber.from_root([0, -4, 0, 1], (1, 9)) == 2
        True
        """
        low, high = Fraction(interval[0]), Fraction(interval[1])
        roots = isolate_real_roots(p, low=low, high=high)
        if len(roots) != 1:
            raise InvalidInputError(
                f"the polynomial has {len(roots)} distinct real roots in the interval; "
                "an isolating interval holds exactly one."
            )
        _, factors = polynomial(p).factor()
        return cls._of_factors([factor for factor, _ in factors], roots[0])

    @classmethod
    def _of_factors(cls, factors: list[fmpz_poly], interval: Interval) -> Self:
        """Return the root in the isolating interval of the product of the factors."""
        low, high = interval
        if low == high:
            return cls.from_rational(low)
        for factor in factors:
            if sign_at(factor, low) * sign_at(factor, high) < 0:
                break
        factor = primitive_part(factor)
        if factor.degree() == 1:
            return cls.from_rational(Fraction(-int(factor[0]), int(factor[1])))
        return cls(tuple(int(c) for c in factor.coeffs()), interval)

    @property
    def degree(self) -> int:
        """Degree over the rationals; 1 for a rational number."""
        return len(self.minimal_polynomial) - 1

    @property
    def rational(self) -> Fraction | None:
        """The number as a Fraction if it is rational, else None."""
        return self.isolating_interval[0] if self.degree == 1 else None

    def refined(self, width: Fraction) -> Self:
        """Return the same number with an isolating interval of at most this width."""
        p = polynomial(self.minimal_polynomial)
        return type(self)(
            self.minimal_polynomial, refine_root(p, self.isolating_interval, width)
        )

    def refine(self, digits: int) -> Self:
        """Return the same number with an interval of width at most 10^-digits.

        Examples
        --------
        >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2)).refine(9)
        >>> low, high = root.isolating_interval
        >>> high - low <= Fraction(1, 10**9)
        True
        """
        return self.refined(Fraction(1, 10) ** digits)

    def decimal(self, digits: int) -> str:
        """Return the nearest decimal with this many digits after the point.

        All printed digits are those of the correctly rounded number (ties to even).

        Examples
        --------
        >>> RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2)).decimal(20)
        '1.41421356237309504880'
        """
        if digits < 0:
            raise InvalidInputError("the number of digits must not be negative.")
        low, high, number, more = 0, 1, self, digits + 3
        while low != high:
            number, more = number.refine(more), 2 * more
            low, high = (round(x * 10**digits) for x in number.isolating_interval)
        text = str(abs(low)).zfill(digits + 1)
        sign = "-" if low < 0 else ""
        return sign + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)

    def sign_of(self, p: Polynomial) -> int:
        """Return the sign of p at this number: -1, 0 or 1.

        Examples
        --------
        >>> RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2)).sign_of([-3, 2])
        -1
        """
        p, own = polynomial(p), polynomial(self.minimal_polynomial)
        if self.rational is not None:
            return sign_at(p, self.rational)
        if not p or p.gcd(own).degree() > 0:
            return 0
        low, high = self.isolating_interval
        while descartes_bound(p, low, high) > 0:
            low, high = refine_root(own, (low, high), (high - low) / _SHRINK)
        return sign_at(p, (low + high) / 2)

    def __str__(self) -> str:
        if self.rational is not None:
            return str(self.rational)
        shown = f"≈ {self.decimal(_SHOWN_DIGITS)}"
        if self.degree > _LARGEST_SHOWN_DEGREE:
            return f"{shown}, algebraic of degree {self.degree}"
        return f"{shown}, root of {_text(self.minimal_polynomial)}"

    def __hash__(self) -> int:
        x = self.rational
        return hash(self.minimal_polynomial if x is None else x)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int | Fraction):
            return self.rational == other
        if not isinstance(other, RealAlgebraicNumber):
            return NotImplemented
        if self.minimal_polynomial != other.minimal_polynomial:
            return False
        if self.degree == 1:
            return True
        # Two roots of one polynomial are equal if it changes sign where both may be.
        low = max(self.isolating_interval[0], other.isolating_interval[0])
        high = min(self.isolating_interval[1], other.isolating_interval[1])
        p = polynomial(self.minimal_polynomial)
        return low < high and sign_at(p, low) * sign_at(p, high) < 0

    def __lt__(self, other: "RealAlgebraicNumber | Fraction | int") -> bool:
        if isinstance(other, int | Fraction):
            other = RealAlgebraicNumber.from_rational(other)
        elif not isinstance(other, RealAlgebraicNumber):
            return NotImplemented
        if self == other:
            return False
        left, right = self, other
        while True:
            (a, b), (c, d) = left.isolating_interval, right.isolating_interval
            if b <= c or d <= a:
                return b <= c
            width = max(b - a, d - c) / _SHRINK
            left, right = left.refined(width), right.refined(width)


def real_roots(p: Polynomial) -> list[RealAlgebraicNumber]:
    """Return the distinct real roots of p in ascending order.

    Examples
    --------
    >>> [str(root) for root in real_roots([0, 0, -1, 2])]
    ['0', '1/2']
    """
    _, factors = require_nonzero(p).factor()
    irreducible = [factor for factor, _ in factors]
    return [
        RealAlgebraicNumber._of_factors(irreducible, interval)  # noqa: SLF001
        for interval in isolate_real_roots(p)
    ]


def polynomial_of_values(
    p: Polynomial, numerator: Polynomial, denominator: Polynomial
) -> fmpz_poly:
    """Return R(t) = Res_x(p(x), t h(x) - g(x)), whose roots are the values g/h.

    R(t) is a constant times the product of t h(x) - g(x) over the complex roots x of p,
    with multiplicity. If p is irreducible and h does not vanish at its roots, R is a
    constant times a power of the minimal polynomial of g(x)/h(x).

    Parameters
    ----------
    p : polynomial of positive degree
    numerator, denominator : polynomials
        g and h, without common root at a root of p.

    Examples
    --------
    >>> polynomial_of_values([-2, 0, 1], [1, 1], [1])
    x^2 + (-2)*x + (-1)
    """
    p, g, h = polynomial(p), polynomial(numerator), polynomial(denominator)
    n, formal_degree = p.degree(), max(g.degree(), h.degree())
    if n < 1 or not h:
        raise InvalidInputError("p must have a root and the denominator be nonzero.")
    values = []
    for t in range(n + 1):
        q = t * h - g
        missing = p.leading_coefficient() ** (formal_degree - max(q.degree(), 0))
        values.append(p.resultant(q) * missing)
    # Newton's interpolation: R = sum_k (difference of order k) binomial(t, k).
    differences = []
    while values:
        differences.append(values[0])
        values = [b - a for a, b in pairwise(values)]
    result, factorial = fmpq_poly([0]), fmpz(1)
    for k in range(1, n + 1):
        factorial *= k
    for k in range(n, -1, -1):
        result = result * fmpq_poly([-k, 1]) + fmpq(differences[k], factorial)
        factorial //= max(k, 1)
    if not result:
        raise InvalidInputError("p, g and h have a common root: 0/0 is no value.")
    return result.numer()


def _text(coefficients: tuple[int, ...]) -> str:
    """Return the polynomial as text, from high to low degree."""
    terms = []
    for power in range(len(coefficients) - 1, -1, -1):
        c = coefficients[power]
        if c == 0:
            continue
        letter = {0: "", 1: "x"}.get(power, f"x^{power}")
        size = "" if abs(c) == 1 and power else str(abs(c))
        times = "*" if size and letter else ""
        terms.append(f"{'-' if c < 0 else '+'} {size}{times}{letter}")
    return " ".join(terms).removeprefix("+ ")
