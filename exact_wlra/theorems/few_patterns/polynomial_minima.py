"""Minima of integer polynomials on basic closed sets: a value, and examples.

Contents
--------
PolynomialMinimum   conditions, objective, and what is known of its minimum
disc, form_on_circle, quartic   in the plane
chain               squares of squares, as small as such systems get
example             n = d = 4, H = 100
escaping            positive on the plane, without a positive lower bound
one_point           linear conditions only
power               an objective of larger degree than is said
third               one variable
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.theorems.few_patterns.sign_conditions import Terms


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PolynomialMinimum:
    """T = {f_i = 0 or >= 0} in R^n, a polynomial g > 0 on T, and how small it gets.

    Parameters
    ----------
    n_variables : int
        n.
    polynomials : tuple of tuples (coefficient, exponents ...)
        The f_i.
    relations : tuple of int
        2 for = 0, 4 for >= 0.
    objective : tuple of tuples
        g.
    degree : int
        d, as it is put into the formula.
    witness : tuple of Fraction
        A point of T: the minimum is at most g there.
    low : Fraction
        At most the minimum; 0 if nothing is known. An oracle is asked.
    is_compact : int
        1 if T is compact and connected, by the word of who gives it; else 0.
    """

    n_variables: int
    polynomials: tuple[Terms, ...]
    relations: tuple[int, ...]
    objective: Terms
    degree: int
    witness: tuple[Fraction, ...]
    low: Fraction
    is_compact: int = 1

    @property
    def height(self) -> int:
        """H: the largest coefficient of all f_i and of g."""
        return max(abs(c) for p in (*self.polynomials, self.objective) for c, *_ in p)

    @property
    def largest_degree(self) -> int:
        """The largest degree of all f_i and of g."""
        return max(sum(e) for p in (*self.polynomials, self.objective) for _, *e in p)


def disc(a: int, b: int) -> PolynomialMinimum:
    """Return a x + b y + c on the unit disc; c is the least integer above the norm."""
    square = a * a + b * b
    c = math.isqrt(square) + 1
    scale = 10**9
    # root - 1/scale < sqrt(square) < root
    root = Fraction(math.isqrt(square * scale**2) + 1, scale)
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((-1, 2, 0), (-1, 0, 2), (1, 0, 0)),),
        relations=(4,),
        objective=((a, 1, 0), (b, 0, 1), (c, 0, 0)),
        degree=2,
        witness=(-a / root, -b / root),
        low=c - root,
    )


def form_on_circle(a: int, b: int, c: int) -> PolynomialMinimum:
    """Return a x^2 + 2 b x y + c y^2 + e on the unit circle, e the least to be > 0.

    The minimum is e + ((a + c) - sqrt((a - c)^2 + 4 b^2))/2.
    """
    square, scale = (a - c) ** 2 + 4 * b * b, 10**9
    root = Fraction(math.isqrt(square * scale**2) + 1, scale)
    least = (a + c - root) / 2
    e = math.floor(-least) + 1
    # The minimizer is at half the angle of (c - a, -2 b); tan of a half of that again.
    half = math.atan2(-2 * b, c - a) / 2
    t = Fraction(round(math.tan(half / 2) * 2**20), 2**20)
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((1, 2, 0), (1, 0, 2), (-1, 0, 0)),),
        relations=(2,),
        objective=((a, 2, 0), (2 * b, 1, 1), (c, 0, 2), (e, 0, 0)),
        degree=2,
        witness=((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)),
        low=e + least,
    )


def quartic() -> PolynomialMinimum:
    """Return 70711 - 100000 x y, which is 0.32 at least, on x^4 + y^4 <= 1."""
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((-1, 4, 0), (-1, 0, 4), (1, 0, 0)),),
        relations=(4,),
        objective=((70711, 0, 0), (-100000, 1, 1)),
        degree=4,
        witness=(Fraction(84089, 10**5), Fraction(84089, 10**5)),
        low=Fraction(32, 100),
    )


def chain(h: int) -> PolynomialMinimum:
    """Return x3 where 2^h x1 = 1, x2 = x1^2, x3 = x2^2."""
    x = Fraction(1, 1 << h)
    return PolynomialMinimum(
        n_variables=3,
        polynomials=(
            ((1 << h, 1, 0, 0), (-1, 0, 0, 0)),
            ((1, 2, 0, 0), (-1, 0, 1, 0)),
            ((1, 0, 2, 0), (-1, 0, 0, 1)),
        ),
        relations=(2, 2, 2),
        objective=((1, 0, 0, 1),),
        degree=2,
        witness=(x, x**2, x**4),
        low=x**4,
    )


def example() -> PolynomialMinimum:
    """Return 100 x1^4 + 1 on a cube: n = d = 4, H = 100, the literature's example."""
    powers = [tuple(int(i == j) for j in range(4)) for i in range(4)]
    faces = tuple(
        ((sign, *power), (1, 0, 0, 0, 0)) for power in powers for sign in (1, -1)
    )
    return PolynomialMinimum(
        n_variables=4,
        polynomials=faces,
        relations=(4,) * 8,
        objective=((100, 4, 0, 0, 0), (1, 0, 0, 0, 0)),
        degree=4,
        witness=(Fraction(0),) * 4,
        low=Fraction(1),
    )


def escaping(bits: int) -> PolynomialMinimum:
    """Return x^2 + (x y - 1)^2 on the plane: positive, and as small as one likes."""
    x = Fraction(1, 1 << bits)
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(),
        relations=(),
        objective=((1, 2, 0), (1, 2, 2), (-2, 1, 1), (1, 0, 0)),
        degree=4,
        witness=(x, 1 / x),
        low=Fraction(0),
        is_compact=0,
    )


def one_point(n: int) -> PolynomialMinimum:
    """Return x1 on the point (1, ..., 1), by linear conditions, with d = 1."""

    def powers(i: int) -> tuple[int, ...]:
        return tuple(int(i == j) for j in range(n))

    return PolynomialMinimum(
        n_variables=n,
        polynomials=tuple(((1, *powers(i)), (-1, *powers(-1))) for i in range(n)),
        relations=(2,) * n,
        objective=((1, *powers(0)),),
        degree=1,
        witness=(Fraction(1),) * n,
        low=Fraction(0),
    )


def power(exponent: int) -> PolynomialMinimum:
    """Return x^exponent on the point (1/2, 0), though d = 2."""
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((2, 1, 0), (-1, 0, 0)), ((1, 0, 1),)),
        relations=(2, 2),
        objective=((1, exponent, 0),),
        degree=2,
        witness=(Fraction(1, 2), Fraction(0)),
        low=Fraction(0),
    )


def third() -> PolynomialMinimum:
    """Return x on the point 1/3 of the line."""
    return PolynomialMinimum(
        n_variables=1,
        polynomials=(((3, 1), (-1, 0)),),
        relations=(2,),
        objective=((1, 1),),
        degree=2,
        witness=(Fraction(1, 3),),
        low=Fraction(1, 3),
    )
