"""Logarithms of base two between rationals, for bounds such as 2^(-10^143).

Contents
--------
log2_enclosed       log2 of a positive rational, as whole bits or finer
minimum_exponent    bits of the bound of Jeronimo, Perrucci and Tsigaridas, as a formula

Notes on the implementation
---------------------------
`semialgebraic.bounds.minimum_bound` rounds the same formula to an integer and refuses
where a hypothesis fails; here it is computed a second way, by powers instead of
repeated squaring of a mantissa, and for violations too.

References
----------
[JeronimoPerrucciTsigaridas2013]_
"""

from fractions import Fraction

from exact_wlra.theorems.quantities import Quantity, enclosed

# log2 x is read off the length of x^_POWER.
_POWER = 1 << 16
_SHORT_POWER = 1 << 12
_SHORT_BITS = 64


def log2_enclosed(x: Fraction | int, *, is_coarse: bool = False) -> Quantity:
    """Return log2 x for x > 0.

    Parameters
    ----------
    is_coarse : bool
        Between whole numbers; otherwise within 2^-11, short numbers within 2^-15.

    Examples
    --------
    >>> str(log2_enclosed(Fraction(1, 8))), str(log2_enclosed(5, is_coarse=True))
    ('-3', '[2, 3]')
    """
    x = Fraction(x)
    power = 1
    if not is_coarse:
        longest = max(x.numerator, x.denominator).bit_length()
        power = _POWER if longest <= _SHORT_BITS else _SHORT_POWER
    ends = [_ends(number, power) for number in (x.numerator, x.denominator)]
    (low, high), (below, above) = ends
    return enclosed(low - above, high - below)


def minimum_exponent(
    *, n_variables: int, degree: int, height: int, n_conditions: int
) -> Quantity:
    """Return n 2^n d^n (4 - n/2 + log2 H' + n log2 d), H' = max(H, 2 n + 2 m).

    Examples
    --------
    >>> found = minimum_exponent(n_variables=4, degree=4, height=100, n_conditions=0)
    >>> round(found.middle)
    272693
    """
    n, d = n_variables, degree
    larger = log2_enclosed(max(height, 2 * n + 2 * n_conditions))
    of_degree = log2_enclosed(d)
    factor = n * (2 * d) ** n
    ends = [
        factor * (4 - Fraction(n, 2) + Fraction(a) + n * Fraction(b))
        for a, b in ((larger.low, of_degree.low), (larger.high, of_degree.high))
    ]
    return enclosed(*ends)


def _ends(x: int, power: int) -> tuple[Fraction, Fraction]:
    """Return log2 x between two rationals at a distance of 1/power, or exactly."""
    whole = x.bit_length() - 1
    if x == 1 << whole:
        return Fraction(whole), Fraction(whole)
    length = (x**power).bit_length()
    return Fraction(length - 1, power), Fraction(length, power)
