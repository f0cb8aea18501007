"""Sturm sequences: distinct real roots counted, on an interval and on the line.

The classical count, independent of Descartes' rule in `univariate`: two methods that
share nothing but the arithmetic must give the same number.

Contents
--------
sturm_sequence      signed remainder sequence of p and p'
n_real_roots        distinct real roots in an interval

References
----------
[BasuPollackRoy2006]_
"""

from fractions import Fraction

from flint import fmpq, fmpz, fmpz_poly

from semialgebraic.errors import InvalidInputError
from semialgebraic.univariate import (
    Polynomial,
    n_sign_variations,
    require_nonzero,
    square_free_part,
)


def sturm_sequence(p: Polynomial) -> list[fmpz_poly]:
    """Return positive multiples of the signed remainders p, p', -rem(p, p'), ...

    Notes
    -----
    **Guarantee.** For a < b that are not multiple roots, the sign variations at a less
    those at b count the distinct real roots in (a, b] [BasuPollackRoy2006]_.

    Examples
    --------
    >>> sturm_sequence([-2, 0, 1])
    [x^2 + (-2), x, 1]
    """
    p = require_nonzero(p)
    sequence = [p // p.content()]
    following = p.derivative()
    while following:
        sequence.append(following // following.content())
        divisor = sequence[-1]
        # An even power of the leading coefficient keeps the sign of the remainder.
        excess = sequence[-2].degree() - divisor.degree() + 1
        power = divisor.leading_coefficient() ** (excess + excess % 2)
        following = -((sequence[-2] * power) % divisor)
    return sequence


def n_real_roots(
    p: Polynomial, low: Fraction | int | None = None, high: Fraction | int | None = None
) -> int:
    """Return the number of distinct real roots in (low, high], by Sturm's theorem.

    Parameters
    ----------
    p : nonzero polynomial
    low, high : rational or None
        None stands for minus and plus infinity.

    Examples
    --------
    >>> n_real_roots([-2, 0, 1]), n_real_roots([-2, 0, 1], 0)
    (2, 1)
    >>> n_real_roots([0, 1], -1, 0), n_real_roots([0, 1], 0, 1)
    (1, 0)
    """
    if low is not None and high is not None and low > high:
        raise InvalidInputError("the interval is empty; pass low <= high.")
    sequence = sturm_sequence(square_free_part(p))
    at_low = [_value(q, low, at_minus_infinity=True) for q in sequence]
    at_high = [_value(q, high, at_minus_infinity=False) for q in sequence]
    return n_sign_variations(at_low) - n_sign_variations(at_high)


def _value(
    p: fmpz_poly, x: Fraction | int | None, *, at_minus_infinity: bool
) -> fmpq | fmpz:
    """Return p(x), or a number of the sign that p has at the infinity meant by None."""
    if x is not None:
        value: fmpq = p(fmpq(x.numerator, x.denominator))
        return value
    odd = at_minus_infinity and p.degree() % 2 == 1
    return -p.leading_coefficient() if odd else p.leading_coefficient()
