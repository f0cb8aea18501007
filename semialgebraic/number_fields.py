"""Real number fields that grow: the root of a polynomial over Q(t) is adjoined.

A point of a cell decomposition is lifted by a root y of a polynomial whose coefficients
lie in the field Q(t) of the point. Here Q(t, y) is written as Q(u) with one real
algebraic number u, so that signs stay questions about one number.

Contents
--------
adjoin_root             a point and one root of q, in a common field
adjoin                  the same for each real root of q
joint_point             the point with given separate algebraic coordinates

Notes on the implementation
---------------------------
The primitive element is u = y + s t for the first integer s for which the norm of
q(y - s t) is square-free [Trager1976]_; then t is the only common root of m(T) and
q(T, u - s T), where m is the minimal polynomial of t.

References
----------
[Trager1976]_
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import count

from flint import fmpq, fmpq_poly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.field_divisors import greatest_divisor, square_free
from semialgebraic.field_polynomials import (
    FieldPolynomial,
    modulus_of,
    norm,
    trimmed,
)
from semialgebraic.field_roots import isolate_roots_over, narrowed
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import Interval, isolate_real_roots

_SHRINK = 1 << 16


def adjoin_root(
    point: AlgebraicPoint,
    q: Sequence[fmpq_poly],
    interval: Interval,
    poll: Callable[[], None] = lambda: None,
) -> AlgebraicPoint:
    """Return the point with one more coordinate: the only root of q in the interval.

    Parameters
    ----------
    point : AlgebraicPoint
        With coordinates in Q(t).
    q : sequence of fmpq_poly
        A polynomial over Q(t).
    interval : (Fraction, Fraction)
        As `isolate_roots_over` returns them.
    poll : callable
        Called between any two steps; what it raises ends the computation.

    Notes
    -----
    **Guarantee.** If the root lies in Q(t), the field stays as it is; otherwise the
    degree of the new parameter is that of the field Q(t, y).

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> point = AlgebraicPoint(parameter=root, coordinates=((0, Fraction(1)),))
    >>> q = [fmpq_poly([-3]), fmpq_poly(), fmpq_poly([1])]  # y^2 - 3
    >>> lifted = adjoin_root(point, q, (Fraction(1), Fraction(2)))
    >>> lifted.parameter.degree, lifted.coordinate(1).minimal_polynomial
    (4, (-3, 0, 1))
    """
    t = point.parameter
    if interval[0] == interval[1]:
        value = fmpq_poly([_fmpq(interval[0])])
        return AlgebraicPoint.from_polynomials(t, [*point.polynomials(), value])
    q = trimmed(t, q)
    if t.degree == 1:
        p = fmpq_poly([c[0] for c in q]).numer()
        y = RealAlgebraicNumber.from_root(p, interval)
        if y.rational is not None:
            return adjoin_root(point, q, (y.rational, y.rational))
        last = fmpq_poly([0, 1])
        return AlgebraicPoint.from_polynomials(y, [*point.polynomials(), last])
    q = square_free(t, q, poll)
    u, s = _primitive_element(t, q, interval, poll)
    n = fmpq_poly(list(u.minimal_polynomial))
    if u.degree == t.degree:
        # Q(u) = Q(t): y is the common root of q(y) and n(y + s t).
        conjugates = [fmpq_poly([c]) for c in u.minimal_polynomial]
        divisor = greatest_divisor(t, q, _moved(t, conjugates, s), poll)
        return AlgebraicPoint.from_polynomials(t, [*point.polynomials(), -divisor[0]])
    old = _in_larger_field(t, u, q, s, poll)
    coordinates = [c(old) % n for c in point.polynomials()]
    return AlgebraicPoint.from_polynomials(
        u, [*coordinates, fmpq_poly([0, 1]) - s * old]
    )


def adjoin(point: AlgebraicPoint, q: Sequence[fmpq_poly]) -> list[AlgebraicPoint]:
    """Return the points (x_1, ..., x_k, y) for all real roots y of q, ascending.

    Examples
    --------
    >>> point = AlgebraicPoint.from_rationals([1])
    >>> lifted = adjoin(point, [fmpq_poly([-2]), fmpq_poly(), fmpq_poly([1])])
    >>> [str(p.coordinate(1).decimal(3)) for p in lifted]
    ['-1.414', '1.414']
    """
    return [
        adjoin_root(point, q, interval)
        for interval in isolate_roots_over(point.parameter, q)
    ]


def joint_point(coordinates: Sequence[RealAlgebraicNumber]) -> AlgebraicPoint:
    """Return the point whose coordinates are these numbers, in a common field.

    Notes
    -----
    **Cost.** The degree of the field can be the product of the degrees of the numbers.

    Examples
    --------
    >>> a = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> b = RealAlgebraicNumber.from_root([-8, 0, 1], (0, 3))
    >>> point = joint_point([a, b])
    >>> point.parameter.degree, point.coordinate(1) == b
    (2, True)
    """
    point = AlgebraicPoint.from_rationals([])
    for number in coordinates:
        q = [fmpq_poly([c]) for c in number.minimal_polynomial]
        point = adjoin_root(point, q, number.isolating_interval)
    return point


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _shifts() -> Iterator[int]:
    """Yield 0, 1, -1, 2, -2, ..."""
    yield 0
    for s in count(1):
        yield from (s, -s)


def _moved(
    parameter: RealAlgebraicNumber, q: Sequence[fmpq_poly], s: int
) -> FieldPolynomial:
    """Return q(y + s t) as a polynomial in y."""
    modulus, step = modulus_of(parameter), fmpq_poly([0, s])
    result: FieldPolynomial = []
    for c in reversed(q):
        shifted = [fmpq_poly(), *result]
        for i, a in enumerate(result):
            shifted[i] += a * step
        shifted[0] += c
        result = [a % modulus for a in shifted]
    return trimmed(parameter, result)


def _primitive_element(
    t: RealAlgebraicNumber,
    q: FieldPolynomial,
    interval: Interval,
    poll: Callable[[], None],
) -> tuple[RealAlgebraicNumber, int]:
    """Return u = y + s t and s, such that the norm of q(y - s t) is square-free."""
    for s in _shifts():
        candidates = norm(t, _moved(t, q, -s), poll)
        if candidates.gcd(candidates.derivative()).degree() == 0:
            break
    width = interval[1] - interval[0]
    while True:
        width /= _SHRINK
        t = t.refined(width)
        inside = [
            (max(a, interval[0]), min(b, interval[1]))
            for a, b in narrowed(t, q, width)
            if a <= interval[1] and interval[0] <= b
        ]
        if len(inside) != 1:
            continue
        ends = [s * x for x in t.isolating_interval]
        low, high = inside[0][0] + min(ends), inside[0][1] + max(ends)
        if len(isolate_real_roots(candidates, low=low, high=high)) == 1:
            return RealAlgebraicNumber.from_root(candidates, (low, high)), s


def _in_larger_field(
    t: RealAlgebraicNumber,
    u: RealAlgebraicNumber,
    q: FieldPolynomial,
    s: int,
    poll: Callable[[], None],
) -> fmpq_poly:
    """Return t in terms of u = y + s t: the common root of m(T) and q(T, u - s T)."""
    n = modulus_of(u)
    found: FieldPolynomial = []
    for c in reversed(q):
        # One step of Horner's rule: found (u - s T) + c(T).
        following = [fmpq_poly()] * max(len(found) + 1, c.degree() + 1)
        for i, a in enumerate(found):
            following[i] += a * fmpq_poly([0, 1])
            following[i + 1] -= s * a
        for i, constant in enumerate(c.coeffs()):
            following[i] += constant
        found = [a % n for a in following]
    m = [fmpq_poly([c]) for c in t.minimal_polynomial]
    divisor = greatest_divisor(u, m, found, poll)
    return -divisor[0]
