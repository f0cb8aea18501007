"""Real roots of polynomials over a real number field Q(t).

Contents
--------
isolate_roots_over      rational intervals around the real roots of q
narrowed                the same roots in shorter intervals

Notes on the implementation
---------------------------
Roots are isolated with ball arithmetic: FLINT proves that each of the deg q disjoint
discs that it returns holds exactly one root, and a disc that meets no conjugate but its
own holds a real one. That can only fail for want of precision, or because q has a
multiple root, which is then divided out exactly.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import flint
from flint import acb_poly, arb, fmpq, fmpq_poly

from semialgebraic.errors import InvalidInputError
from semialgebraic.field_divisors import square_free
from semialgebraic.field_polynomials import FieldPolynomial, ball_in_field, trimmed
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import (
    Interval,
    isolate_real_roots,
    primitive_part,
    refine_root,
    square_free_part,
)

_FIRST_PRECISION = 64
# Up to this precision q is hoped to be square-free; beyond it that is made sure.
_HOPEFUL_PRECISION = 128


def isolate_roots_over(
    parameter: RealAlgebraicNumber, q: Sequence[fmpq_poly]
) -> list[Interval]:
    """Return disjoint rational intervals, ascending, around the real roots of q.

    Parameters
    ----------
    parameter : RealAlgebraicNumber
        t.
    q : sequence of fmpq_poly
        A nonzero polynomial over Q(t).

    Returns
    -------
    list of (Fraction, Fraction)
        (a, a) for the root a itself, else (a, b) with exactly one root in [a, b], which
        lies in its inside.

    Examples
    --------
    >>> root = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
    >>> ((low, high),) = isolate_roots_over(
    ...     root, [fmpq_poly([0, -1])] + [fmpq_poly()] * 2 + [fmpq_poly([1])]
    ... )  # y^3 - t
    >>> low**6 < 2 < high**6
    True
    """
    return narrowed(parameter, q, None)


def narrowed(
    parameter: RealAlgebraicNumber, q: Sequence[fmpq_poly], width: Fraction | None
) -> list[Interval]:
    """Return intervals as `isolate_roots_over` does, none longer than the width."""
    q = trimmed(parameter, q)
    if not q:
        raise InvalidInputError("every number is a root of the zero polynomial.")
    if len(q) == 1:
        return []
    if len(q) == 2 and all(c.degree() < 1 for c in q):
        root = _fraction(-q[0][0] / q[1][0])
        return [(root, root)]
    if all(c.degree() < 1 for c in q):
        p = primitive_part(fmpq_poly([c[0] for c in q]).numer())
        intervals = isolate_real_roots(p)
        if width is None:
            return intervals
        p = square_free_part(p)
        return [refine_root(p, interval, width) for interval in intervals]
    precision, is_square_free = _FIRST_PRECISION, False
    while True:
        found = _isolated_by_balls(parameter, q, precision)
        if found is not None and (
            width is None or all(b - a <= width for a, b in found)
        ):
            return found
        if found is None and precision >= _HOPEFUL_PRECISION and not is_square_free:
            q, is_square_free = square_free(parameter, q), True
            precision = _FIRST_PRECISION // 2
        precision *= 2


def _isolated_by_balls(
    parameter: RealAlgebraicNumber, q: FieldPolynomial, precision: int
) -> list[Interval] | None:
    """Return isolating intervals of the real roots, or None if more bits are needed."""
    margin = Fraction(1, 1 << (precision // 2))
    with flint.ctx.workprec(precision):
        ball = ball_in_field(parameter, precision)
        coefficients = [flint.arb_poly(c)(ball) for c in q]
        if coefficients[-1].contains(0):
            return None
        try:
            discs = acb_poly(coefficients).roots(
                tol=arb(_fmpq(margin)), maxprec=precision
            )
        except ValueError:
            return None
        found = []
        for disc in discs:
            if not disc.imag.contains(0):
                continue
            if sum(disc.conjugate().overlaps(other) for other in discs) > 1:
                return None
            low, high = disc.real.lower().fmpq(), disc.real.upper().fmpq()
            found.append((_fraction(low) - margin, _fraction(high) + margin))
    found.sort()
    return found if all(a[1] < b[0] for a, b in pairwise(found)) else None


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _fraction(x: fmpq) -> Fraction:
    return Fraction(int(x.p), int(x.q))
