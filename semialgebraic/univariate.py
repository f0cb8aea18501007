"""Univariate integer polynomials: real roots counted, isolated, refined; positivity.

Every question about a problem with one unknown comes down to the real roots of one
integer polynomial. Everything here is exact: integers, rationals, and intervals with
rational endpoints.

Contents
--------
polynomial                  coefficients, low to high, as a polynomial
require_nonzero             the same; the zero polynomial is refused
primitive_part              divided by its content, leading coefficient positive
square_free_part            the same roots, each simple
n_sign_variations           changes of sign in a sequence, zeros skipped
descartes_bound             upper bound on roots in an interval; exact if 0 or 1
root_upper_bound            power of two that no complex root exceeds in absolute value
isolate_real_roots          disjoint rational intervals, one root in each
refine_root                 an isolating interval made as short as asked
sign_at                     sign of a polynomial at a rational
is_positive_on_the_line     p(x) > 0 for all real x
is_nonnegative_on_the_line  p(x) >= 0 for all real x

Notes on the implementation
---------------------------
Roots are isolated by bisection with Descartes' rule of signs [CollinsAkritas1976]_: it
needs Taylor shifts only, which FLINT does fast. Refinement is quadratic [Abbott2014]_.
The second, independent way to count roots is in `sturm`.

References
----------
[CollinsAkritas1976]_, [Abbott2014]_
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

from flint import fmpq, fmpq_poly, fmpz, fmpz_poly

from semialgebraic.errors import InexactInputError, InvalidInputError

Polynomial = fmpz_poly | Sequence[int]
Interval = tuple[Fraction, Fraction]

_X_PLUS_ONE = fmpz_poly([1, 1])


def polynomial(coefficients: Polynomial) -> fmpz_poly:
    """Return the polynomial with these integer coefficients, from low to high degree.

    Examples
    --------
    >>> polynomial([-2, 0, 1])
    x^2 + (-2)
    """
    if isinstance(coefficients, fmpz_poly):
        return coefficients
    if not all(isinstance(c, int | fmpz) for c in coefficients):
        raise InexactInputError("a coefficient is not an integer; pass int.")
    return fmpz_poly(list(coefficients))


def primitive_part(p: Polynomial) -> fmpz_poly:
    """Return p / content(p), with positive leading coefficient; 0 for 0.

    Examples
    --------
    >>> primitive_part([4, 0, -2])
    x^2 + (-2)
    """
    p = polynomial(p)
    if not p:
        return p
    content = p.content()
    return p // (-content if p.leading_coefficient() < 0 else content)


def square_free_part(p: Polynomial) -> fmpz_poly:
    """Return the primitive polynomial with the roots of p, each of them simple.

    Examples
    --------
    >>> square_free_part([0, 0, -2, 2])
    x^2 + (-1)*x
    """
    p = primitive_part(require_nonzero(p))
    return primitive_part(p // p.gcd(p.derivative())) if p.degree() > 0 else p


def n_sign_variations(values: Iterable[int | fmpz | fmpq | Fraction]) -> int:
    """Return how often the sign changes along the sequence; zeros are skipped.

    Examples
    --------
    >>> n_sign_variations([1, 0, -2, -3, 4])
    2
    """
    positive = [value > 0 for value in values if value != 0]
    return sum(a != b for a, b in pairwise(positive))


def descartes_bound(p: Polynomial, low: Fraction, high: Fraction) -> int:
    """Return an upper bound on the roots in the open interval (low, high).

    Roots are counted with multiplicity, and the bound exceeds their number by an even
    number; so it is exact if it is 0 or 1.

    Examples
    --------
    >>> descartes_bound([-2, 0, 1], Fraction(1), Fraction(2))
    1
    """
    if low >= high:
        raise InvalidInputError("the interval is empty; pass low < high.")
    return _unit_variations(_moved_to_unit_interval(require_nonzero(p), low, high))


def root_upper_bound(p: Polynomial) -> Fraction:
    """Return a power of two that no complex root of p exceeds in absolute value.

    For p = sum a_i x^i of degree n it is at least 2 max_k |a_(n-k) / a_n|^(1/k)
    (Cauchy's bound in the form of Fujiwara), and at most about four times that.

    Examples
    --------
    >>> root_upper_bound([-200, 0, 2])
    Fraction(32, 1)
    """
    coefficients = [int(c) for c in require_nonzero(p).coeffs()]
    n = len(coefficients) - 1
    leading = coefficients[-1].bit_length()
    # |a_(n-k) / a_n| < 2^(bits(a_(n-k)) - bits(a_n) + 1); exponents round upwards.
    exponents = [
        -((leading - 1 - coefficients[n - k].bit_length()) // k) + 1
        for k in range(1, n + 1)
        if coefficients[n - k]
    ]
    return Fraction(2) ** max(exponents, default=0)


def isolate_real_roots(
    p: Polynomial,
    *,
    low: Fraction | int | None = None,
    high: Fraction | int | None = None,
) -> list[Interval]:
    """Return disjoint rational intervals in ascending order, one real root in each.

    Parameters
    ----------
    p : nonzero polynomial
    low, high : rational or None
        Only roots in the closed interval [low, high]; None stands for infinity.

    Returns
    -------
    list of (Fraction, Fraction)
        (a, a) for the root a itself, else (a, b) with a root in the open interval and
        p(a) p(b) != 0. Closed intervals are disjoint but for common endpoints.

    Notes
    -----
    **Cost.** One Taylor shift for each node of the bisection tree.

    Examples
    --------
    >>> isolate_real_roots([0, -2, 0, 1])
    [(Fraction(-2, 1), Fraction(-1, 1)), (Fraction(0, 1), Fraction(0, 1)), \
(Fraction(1, 1), Fraction(2, 1))]
    """
    p = square_free_part(p)
    bound = root_upper_bound(p)
    start = -bound if low is None else Fraction(low)
    end = bound if high is None else Fraction(high)
    if start > end and low is not None and high is not None:
        raise InvalidInputError("the interval is empty; pass low <= high.")
    # Zero is where to cut: roots of all magnitudes are then found in few bisections.
    cuts = sorted({x for x in (start, Fraction(0), end) if start <= x <= end})
    points = {x for x in cuts if sign_at(p, x) == 0}
    intervals: list[Interval] = []
    for a, b in pairwise(cuts):
        found = _bisect(_moved_to_unit_interval(p, a, b))
        for left, right in found:
            interval = a + (b - a) * left, a + (b - a) * right
            if left == right:
                points.add(interval[0])
            else:
                intervals.append(interval)
    for x in points:
        p = p // polynomial([-x.numerator, x.denominator])
    shortened = [_without_endpoints(p, interval, points) for interval in intervals]
    return sorted(shortened + [(x, x) for x in points])


def refine_root(p: Polynomial, interval: Interval, width: Fraction) -> Interval:
    """Return a part of the isolating interval of length at most `width`.

    Parameters
    ----------
    p : polynomial
        With exactly one root in the interval, which is simple.
    interval : (low, high)
        As `isolate_real_roots` returns them: one point, or p(low) p(high) < 0.
    width : Fraction
        Positive.

    Examples
    --------
    >>> low, high = refine_root([-2, 0, 1], (Fraction(1), Fraction(2)), Fraction(1, 99))
    >>> low**2 < 2 < high**2, high - low <= Fraction(1, 99)
    (True, True)
    """
    p = polynomial(p)
    low, high, goal = _fmpq(interval[0]), _fmpq(interval[1]), _fmpq(width)
    if goal <= 0:
        raise InvalidInputError("the width must be positive.")
    if low == high:
        return interval
    at_low, at_high = p(low), p(high)
    if not at_low * at_high < 0:
        raise InvalidInputError("the polynomial does not change sign on the interval.")
    exponent = 2
    while high - low > goal:
        # The interval is cut into 2^exponent cells; the secant guesses the right one.
        # Cells far shorter than asked would only make the endpoints long.
        useful = int(((high - low) / goal).ceil()).bit_length()
        exponent = min(exponent, useful)
        cell = (high - low) / (1 << exponent)
        guess = (at_low / (at_low - at_high) * (1 << exponent)).floor()
        left = low + guess * cell
        right = left + cell
        at_left, at_right = p(left), p(right)
        exponent = 2 * exponent if at_left * at_right <= 0 else max(exponent // 2, 1)
        middle = (low + high) / 2
        for x, at_x in ((left, at_left), (right, at_right), (middle, p(middle))):
            if at_x == 0:
                return _fraction(x), _fraction(x)
            if low < x < high:
                if (at_x > 0) == (at_low > 0):
                    low, at_low = x, at_x
                else:
                    high, at_high = x, at_x
    return _fraction(low), _fraction(high)


def sign_at(p: Polynomial, x: Fraction | int) -> int:
    """Return the sign of p(x): -1, 0 or 1.

    Examples
    --------
    >>> sign_at([-2, 0, 1], Fraction(7, 5))
    -1
    """
    value = polynomial(p)(_fmpq(Fraction(x)))
    return (value > 0) - (value < 0)


def is_positive_on_the_line(p: Polynomial) -> bool:
    """Decide whether p(x) > 0 for all real x.

    Examples
    --------
    >>> is_positive_on_the_line([1, -1, 1]), is_positive_on_the_line([1, -2, 1])
    (True, False)
    """
    p = polynomial(p)
    if not p or p.degree() % 2 or p.leading_coefficient() < 0 or p[0] <= 0:
        return False
    return not isolate_real_roots(p)


def is_nonnegative_on_the_line(p: Polynomial) -> bool:
    """Decide whether p(x) >= 0 for all real x.

    That is: p = 0, or its leading coefficient is positive and every real root has even
    multiplicity.

    Examples
    --------
    >>> is_nonnegative_on_the_line([1, -2, 1]), is_nonnegative_on_the_line([0, 1])
    (True, False)
    """
    p = polynomial(p)
    if not p:
        return True
    if p.degree() % 2 or p.leading_coefficient() < 0:
        return False
    _, factors = p.factor_squarefree()
    odd = [factor for factor, multiplicity in factors if multiplicity % 2]
    return not any(isolate_real_roots(factor) for factor in odd)


def require_nonzero(p: Polynomial) -> fmpz_poly:
    """Return p, or raise InvalidInputError for the zero polynomial."""
    p = polynomial(p)
    if not p:
        raise InvalidInputError("every number is a root of the zero polynomial.")
    return p


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _fraction(x: fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))


def _moved_to_unit_interval(p: fmpz_poly, low: Fraction, high: Fraction) -> fmpz_poly:
    """Return a positive multiple of p(low + (high - low) x)."""
    moved = p(fmpq_poly([_fmpq(low), _fmpq(high - low)])).numer()
    return moved // moved.content()


def _unit_variations(p: fmpz_poly) -> int:
    """Return the sign variations of (x + 1)^n p(1/(x + 1)): a bound for (0, 1)."""
    return n_sign_variations(fmpz_poly(p.coeffs()[::-1])(_X_PLUS_ONE).coeffs())


def _bisect(p: fmpz_poly) -> list[Interval]:
    """Isolate the roots of a square-free polynomial in the open interval (0, 1)."""
    found: list[Interval] = []
    stack = [(p, 0, 0)]
    while stack:
        q, cell, level = stack.pop()
        n_variations = _unit_variations(q)
        width = Fraction(1, 1 << level)
        if n_variations == 1:
            found.append((cell * width, (cell + 1) * width))
        if n_variations <= 1:
            continue
        n = q.degree()
        left = fmpz_poly([c << (n - i) for i, c in enumerate(q.coeffs())])
        right = left(_X_PLUS_ONE)
        if right[0] == 0:
            middle = (2 * cell + 1) * width / 2
            found.append((middle, middle))
        stack += [(left, 2 * cell, level + 1), (right, 2 * cell + 1, level + 1)]
    return found


def _without_endpoints(
    p: fmpz_poly, interval: Interval, points: set[Fraction]
) -> Interval:
    """Shorten the interval until no endpoint is one of the points, which are not roots.

    The interval holds one root of p in its inside, or is one point.
    """
    low, high = interval
    at_low = sign_at(p, low)
    while low in points or high in points:
        middle = (low + high) / 2
        at_middle = sign_at(p, middle)
        if at_middle == 0:
            return middle, middle
        if at_middle == at_low:
            low = middle
        else:
            high = middle
    return low, high
