"""Theorem bounds: how small a minimum, how near two roots, how far a solution can be.

One function a theorem. Each states its hypotheses and refuses to speak outside them.
Numbers such as 2^(-10^143) never appear: what is returned is the exponent, an integer,
rounded so that the bound stays true.

Contents
--------
minimum_bound           bits of a nonzero minimum on a compact component
ball_radius_bound       bits of a radius within which every component has a point
decision_cost           the (m d)^(C v) arithmetic operations of a decision
root_separation         rational below the distance of any two roots
cauchy_upper_bound      rational above every root in absolute value (Cauchy)
cauchy_lower_bound      rational below every nonzero root in absolute value (Cauchy)
require_at_least        a hypothesis on an integer

Notes on the implementation
---------------------------
A "bound of b bits" is 2^-b for what is small and 2^b for what is large. Only log2 of
an integer is irrational here; `_log2_above` encloses it from above within 2^-128.

References
----------
[JeronimoPerrucciTsigaridas2013]_, [BasuRoy2010]_, [Renegar1992]_,
[BasuPollackRoy2006]_, [Mahler1964]_, [LiLiangShiSong2025]_
"""

import math
from fractions import Fraction

from semialgebraic.errors import HypothesisError
from semialgebraic.univariate import Polynomial, require_nonzero

_LOG2_BITS = 128


def minimum_bound(
    *,
    n_variables: int,
    degree: int,
    height: int,
    n_conditions: int,
    component_is_compact: bool = False,
) -> int:
    """Return b such that a nonzero minimum is at least 2^-b in absolute value.

    Let T be the set where f_1 = ... = f_l = 0 and f_(l+1), ..., f_m >= 0, C a compact
    connected component of T, and g a polynomial whose minimum on C is not zero. With
    n variables, degrees at most d, coefficients at most H in absolute value, and
    H' = max(H, 2 n + 2 m),

        |min_C g| >= (2^(4 - n/2) H' d^n)^(-n 2^n d^n).

    Theorem 1 of [JeronimoPerrucciTsigaridas2013]_.

    Parameters
    ----------
    n_variables : int
        n, at least 2.
    degree : int
        d, even and positive; it bounds the degrees of all f_i and of g.
    height : int
        H, a magnitude and not a number of bits; it bounds the coefficients of all f_i
        and of g.
    n_conditions : int
        m.
    component_is_compact : bool
        The caller's word that C is compact: nothing here can check it.

    Returns
    -------
    int
        n 2^n d^n (4 - n/2 + log2 H' + n log2 d), rounded up.

    Raises
    ------
    HypothesisError
        If n < 2, d is odd, a number is out of range, or C is not declared compact.

    Notes
    -----
    The formula was not read in the original, but in three texts that quote it.

    Examples
    --------
    >>> minimum_bound(
    ...     n_variables=4,
    ...     degree=4,
    ...     height=100,
    ...     n_conditions=0,
    ...     component_is_compact=True,
    ... )
    272693
    """
    if not component_is_compact:
        raise HypothesisError(
            "the minimum of a polynomial on an unbounded set can be arbitrarily small; "
            "prove that the component is compact and pass component_is_compact=True."
        )
    n = require_at_least("the number of variables", n_variables, 2)
    d = require_at_least("the degree", degree, 2)
    if d % 2:
        raise HypothesisError(f"the degree {d} is odd; pass the even number {d + 1}.")
    magnitude = require_at_least("the height", height, 1)
    m = require_at_least("the number of conditions", n_conditions, 0)
    larger = max(magnitude, 2 * n + 2 * m)
    logarithm = 4 - Fraction(n, 2) + _log2_above(larger) + n * _log2_above(d)
    power: int = (2 * d) ** n
    return math.ceil(n * power * logarithm)


def ball_radius_bound(
    *, n_variables: int, degree: int, bitsize: int, n_conditions: int
) -> int:
    """Return b such that every component has a point within 2^b of the origin.

    For the set of all x in R^v with P_i(x) = 0, >= 0 or <= 0, i = 1, ..., m, with
    integer coefficients of at most tau bits and degrees at most d. Strict conditions
    are outside the theorem as it is proved there.

    Parameters
    ----------
    n_variables, degree, bitsize, n_conditions : int
        v, d, tau, m; each at least 1.

    Raises
    ------
    HypothesisError
        If a number is not positive.

    Notes
    -----
    Theorem 4 of [BasuRoy2010]_ (its final version; the preprint of 2009 has smaller
    constants and a gap in its proof), of the form tau d^O(v), without undetermined
    constants. Two liberties, both to the safe side: the outer square root is dropped,
    and a factorial that the proof of Theorem 2 has and the statement lacks is added.
    The formula was taken from a third party's audit of the paper, not from the paper.

    Examples
    --------
    >>> ball_radius_bound(n_variables=1, degree=2, bitsize=3, n_conditions=1)
    13133
    """
    k = require_at_least("the number of variables", n_variables, 1)
    d = require_at_least("the degree", degree, 1)
    tau = require_at_least("the bitsize", bitsize, 1)
    s = require_at_least("the number of conditions", n_conditions, 1)
    # The conditions become one equation of degree d' = 2 (d + 1) with infinitesimals.
    d_1 = max(2 * (d + 1), 6)
    n_points: int = d_1 * (d_1 - 1) ** (k - 1)
    entries = k * (d_1 - 2) + 2
    bit_points, bit_entries = n_points.bit_length(), (2 * entries + 1).bit_length()
    t_0 = 2 * tau + k * (d + 1).bit_length() + (2 * d_1).bit_length() + s.bit_length()
    t_1 = entries * (t_0 + 4 * bit_entries + bit_points) - 2 * bit_entries - bit_points
    t_2 = t_1 + 2 * (k - 1) * bit_points + (2 * k - 1) * k.bit_length()
    t_3 = n_points * (t_2 + bit_points + 2 * bit_entries + 1)
    power = 2 * n_points - 1
    inner = (
        t_3
        + power.bit_length()
        + (2 * entries * n_points + 1).bit_length()
        + n_points * bit_points
    )
    return (2 * entries * n_points * power + 1).bit_length() + power * inner


def decision_cost(
    *, n_variables: int, n_conditions: int, degree: int, constant: int = 1
) -> tuple[int, int]:
    """Return (b, e) such that b^e arithmetic operations decide a system.

    Whether m conditions of degree at most d in v variables have a real solution is
    decided with (m d)^(C v) operations on rationals, C a constant that the theorem
    does not name [Renegar1992]_, [BasuPollackRoy2006]_ (Theorem 3.4 of
    [LiLiangShiSong2025]_). The length of the rationals comes on top.

    Parameters
    ----------
    n_variables, n_conditions, degree : int
        v, m, d; each at least 1.
    constant : int
        C. With 1 the count says how the cost grows, not what it is.

    Raises
    ------
    HypothesisError
        If a number is not positive.

    Examples
    --------
    >>> decision_cost(n_variables=88, n_conditions=2, degree=18)
    (36, 88)
    """
    v = require_at_least("the number of variables", n_variables, 1)
    m = require_at_least("the number of conditions", n_conditions, 1)
    d = require_at_least("the degree", degree, 1)
    return m * d, v * require_at_least("the constant", constant, 1)


def root_separation(p: Polynomial) -> Fraction:
    """Return a positive rational below the distance of any two complex roots of p.

    For p of degree n with integer coefficients and without repeated roots,

        |x - y| > sqrt(3) n^(-(n + 2)/2) |p|_2^(1 - n)

    for roots x != y, |p|_2 the Euclidean norm of the coefficients [Mahler1964]_: its
    discriminant is a nonzero integer, its Mahler measure at most |p|_2.

    Raises
    ------
    HypothesisError
        If n < 2 or p has a repeated root (`square_free_part` removes it).

    Examples
    --------
    >>> separation = root_separation([-2, 0, 1])
    >>> 0 < separation < 2 * 2**0.5, float(separation)
    (True, 0.1875)
    """
    p = require_nonzero(p)
    n = p.degree()
    if n < 2:
        raise HypothesisError("a separation needs two roots; pass degree 2 or more.")
    if p.gcd(p.derivative()).degree() > 0:
        raise HypothesisError("p has a repeated root; pass square_free_part(p).")
    norm_squared = sum(int(c) ** 2 for c in p.coeffs())
    divisor: int = n ** (n + 2) * norm_squared ** (n - 1)
    # sqrt(3 / q) = sqrt(3 q) / q
    return Fraction(math.isqrt(3 * divisor), divisor)


def cauchy_upper_bound(p: Polynomial) -> Fraction:
    """Return 1 + max_(i<n) |a_i / a_n|, which exceeds every complex root in modulus.

    Cauchy's bound, for p = a_0 + ... + a_n x^n. `univariate.root_upper_bound` is the
    power of two from which root isolation starts.

    Raises
    ------
    HypothesisError
        If p is constant.

    Examples
    --------
    >>> cauchy_upper_bound([-6, 1, 2])
    Fraction(4, 1)
    """
    coefficients = _magnitudes(p)
    return 1 + Fraction(max(coefficients[:-1]), coefficients[-1])


def cauchy_lower_bound(p: Polynomial) -> Fraction:
    """Return |a_k| / (|a_k| + max_(i>k) |a_i|), below every nonzero root in modulus.

    Cauchy's bound for the reversed polynomial; a_k is the lowest nonzero coefficient.

    Raises
    ------
    HypothesisError
        If p is a constant times a power of x: it has no other root than 0.

    Examples
    --------
    >>> cauchy_lower_bound([-6, 1, 2])
    Fraction(3, 4)
    """
    coefficients = _magnitudes(p)
    while not coefficients[0]:
        coefficients = coefficients[1:]
    if len(coefficients) == 1:
        raise HypothesisError("p has no root but 0.")
    lowest = coefficients[0]
    return Fraction(lowest, lowest + max(coefficients[1:]))


def require_at_least(what: str, value: int, least: int) -> int:
    """Return the value, or say which hypothesis it violates.

    Raises
    ------
    HypothesisError
        If the value is less.

    Examples
    --------
    >>> require_at_least("the rank", 2, 1)
    2
    """
    if value < least:
        raise HypothesisError(f"{what} is {value}; it must be at least {least}.")
    return value


def _magnitudes(p: Polynomial) -> list[int]:
    """Return |a_0|, ..., |a_n| of a polynomial that is not constant."""
    p = require_nonzero(p)
    if p.degree() < 1:
        raise HypothesisError("a constant has no roots; pass degree 1 or more.")
    return [abs(int(c)) for c in p.coeffs()]


def _log2_above(x: int) -> Fraction:
    """Return a rational in [log2 x, log2 x + 2^-127], equal for powers of two."""
    whole = x.bit_length() - 1
    scale = 2 * _LOG2_BITS
    mantissa = Fraction(x, 1 << whole)
    digits, m = 0, math.ceil(mantissa * (1 << scale))
    # Squaring doubles the logarithm: its binary digits come out one by one. Rounding
    # up keeps the mantissa above the true one.
    for _ in range(_LOG2_BITS):
        m = -(-m * m >> scale)
        digits *= 2
        if m >= 2 << scale:
            digits += 1
            m = -(-m >> 1)
    last = m > 1 << scale
    return whole + Fraction(digits + last, 1 << _LOG2_BITS)
