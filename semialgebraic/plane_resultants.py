"""Resultants and discriminants of polynomials in two variables, by interpolation.

The last step of a projection leaves one variable, and has by far the largest degrees.
There the values at integers, which FLINT computes modulo primes, are interpolated; this
is faster than remainder sequences of polynomials, and can be stopped between any two
values.

Contents
--------
plane_resultant         Res_y(p, q) as a polynomial in x
plane_discriminant      disc_y(p) as a polynomial in x
interpolated            the polynomial with given values at consecutive integers

Notes on the implementation
---------------------------
At a value of x where leading coefficients vanish, resultant and discriminant of the
formal degrees follow from those of the true degrees, so no value has to be avoided. The
degree in x is bounded by the degrees in x, and by the total degrees: the coefficients
of y^i that a term of the resultant multiplies have indices of constant sum.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from flint import fmpq, fmpq_poly, fmpz, fmpz_mpoly, fmpz_poly

from semialgebraic.polynomials import as_univariate, coefficients_in


def plane_resultant(
    p: fmpz_mpoly, q: fmpz_mpoly, poll: Callable[[], None] = lambda: None
) -> fmpz_poly:
    """Return Res_y(p, q), where x and y are the first two variables of the ring.

    Parameters
    ----------
    p, q : fmpz_mpoly
        Of positive degree in y, free of all variables but x and y.
    poll : callable
        Called before each value; what it raises ends the computation.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> plane_resultant(x**2 + y**2 - 1, x - y)
    2*x^2 + (-1)
    """
    a, b = _coefficients(p), _coefficients(q)
    m, n = len(a) - 1, len(b) - 1
    bound = min(
        n * _degree(a) + m * _degree(b),
        n * int(p.total_degree()) + m * int(q.total_degree()) - m * n,
    )

    def value(x: int) -> fmpz:
        u, v = _at(a, x), _at(b, x)
        return _formal_resultant(u, m, v, n)

    return _from_values(value, bound, poll)


def plane_discriminant(
    p: fmpz_mpoly, poll: Callable[[], None] = lambda: None
) -> fmpz_poly:
    """Return disc_y(p), where x and y are the first two variables of the ring.

    Parameters
    ----------
    p : fmpz_mpoly
        Of degree at least 2 in y, free of all variables but x and y.
    poll : callable
        As for `plane_resultant`.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> plane_discriminant(y**2 + x * y + 1)
    x^2 + (-4)
    """
    a = _coefficients(p)
    n = len(a) - 1
    bound = min(
        (2 * n - 2) * _degree(a),
        (2 * n - 2) * int(p.total_degree()) - n * (n - 1),
    )

    def value(x: int) -> fmpz:
        u = _at(a, x)
        missing = n - u.degree()
        if missing > 1:
            return fmpz(0)
        found = u.discriminant() if u.degree() > 1 else fmpz(1)
        return found * u.leading_coefficient() ** 2 if missing else found

    return _from_values(value, bound, poll)


def interpolated(values: Sequence[fmpz], first: int = 0) -> fmpq_poly:
    """Return the polynomial of least degree with these values at first, first + 1, ...

    Examples
    --------
    >>> interpolated([1, 0, 1], first=-1)
    x^2
    """
    differences, row = [], [fmpz(v) for v in values]
    while row:
        differences.append(row[0])
        row = [b - a for a, b in pairwise(row)]
    result = fmpq_poly()
    for k in range(len(differences) - 1, -1, -1):
        # Newton's form, nested: d_0 + z (d_1 + (z - 1)/2 (d_2 + ...)), z = x - first.
        result = result * fmpq_poly([-k - first, 1]) / (k + 1) + fmpq(differences[k])
    return result


def _coefficients(p: fmpz_mpoly) -> list[fmpz_poly]:
    """Return the coefficients of the powers of y as polynomials in x."""
    return [as_univariate(c, 0) for c in coefficients_in(p, 1)]


def _degree(coefficients: Sequence[fmpz_poly]) -> int:
    return max(int(c.degree()) for c in coefficients)


def _at(coefficients: Sequence[fmpz_poly], x: int) -> fmpz_poly:
    return fmpz_poly([c(x) for c in coefficients])


def _formal_resultant(u: fmpz_poly, m: int, v: fmpz_poly, n: int) -> fmpz:
    """Return the resultant of u as of degree m and v as of degree n."""
    lacking_u, lacking_v = m - u.degree(), n - v.degree()
    if lacking_u and lacking_v:
        return fmpz(0)
    found = u.resultant(v)
    if lacking_v:
        return found * u.leading_coefficient() ** lacking_v
    sign = -1 if lacking_u * n % 2 else 1
    return sign * found * v.leading_coefficient() ** lacking_u


def _from_values(
    value: Callable[[int], fmpz], bound: int, poll: Callable[[], None]
) -> fmpz_poly:
    """Return the polynomial of degree at most the bound with these values."""
    first, values = -(bound // 2), []
    for x in range(first, first + bound + 1):
        poll()
        values.append(value(x))
    return interpolated(values, first).numer()
