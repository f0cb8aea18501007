"""Critical points next to given row spaces: where they are, what they cost.

What the rules `isolated` and `basins` share. The arithmetic is that of balls; what is
returned is proved, and None says that a proof did not succeed.

Contents
--------
CriticalValue       the box of a critical point, and an enclosure of the cost there
critical_point      the critical point next to a row space
is_least_within     does it cost less than all other row spaces up to a distance?
critical_value      the cost there, to any number of bits
is_at_least         is the cost there at least a rational?
chart_point         the coordinates of a row space
exact_ball          a rational as a ball
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import arb, arb_mat, ctx, fmpq

from reductions.critical_balls import RowSpaceSystem, balls, norm_above
from semialgebraic.definiteness import Arithmetic, is_definite
from semialgebraic.krawczyk import UniqueZero, approach, sharpen
from semialgebraic.rational_matrices import RationalMatrix

PRECISION = 128
# The first enclosure has this many bits; then they double.
_FIRST_BITS = 64
_MOST_BITS = 1 << 20


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalValue:
    """A critical point Y0 of the cost in a chart, and the cost there.

    Parameters
    ----------
    system : RowSpaceSystem
        The chart: which columns of V are the identity.
    box : arb_mat
        Holds Y0, the free columns of V, one after another.
    lower, upper : Fraction
        The cost is between them.
    """

    system: RowSpaceSystem
    box: arb_mat
    lower: Fraction
    upper: Fraction


def critical_point(system: RowSpaceSystem, right: RationalMatrix) -> UniqueZero | None:
    """Return the critical point next to the row space of `right`, in a tiny box."""
    try:
        start = chart_point(system, right)
    except ZeroDivisionError:
        return None
    found = approach(system.derivative, start, precision=PRECISION)
    return found if isinstance(found, UniqueZero) else None


def chart_point(system: RowSpaceSystem, right: RationalMatrix) -> arb_mat:
    """Return Y* with right = right_J [I Y*], as a column.

    Raises
    ------
    ZeroDivisionError
        If right_J is not proved to be regular.
    """
    k, m = system.instance.rank, len(system.free)
    with ctx.workprec(PRECISION):
        block = balls(right.take(columns=list(system.columns)))
        free = block.solve(balls(right.take(columns=list(system.free))))
    return arb_mat(k * m, 1, [free[a, j] for j in range(m) for a in range(k)])


def is_least_within(
    system: RowSpaceSystem,
    zero: UniqueZero,
    right: RationalMatrix,
    distance: arb,
    *,
    arithmetic: Arithmetic,
) -> bool:
    """Prove that all other Y within `distance` of the Y* of `right` cost more."""
    try:
        with ctx.workprec(PRECISION):
            away = norm_above(zero.box - chart_point(system, right))
            form = system.growth(zero.box, (distance + away).upper())
            return form is not None and is_definite(form, arithmetic=arithmetic)
    except ZeroDivisionError:
        return False


def critical_value(
    system: RowSpaceSystem, zero: UniqueZero, *, bits: int
) -> CriticalValue | None:
    """Return the critical point to about `bits` bits, and the cost there."""
    box = sharpen(system.derivative, zero, bits=bits).box
    with ctx.workprec(2 * bits + PRECISION):
        value = system.cost(box)
        if not value.is_finite():
            return None
        lower, upper = _fraction(value.lower()), _fraction(value.upper())
    return CriticalValue(system=system, box=box, lower=lower, upper=upper)


def is_at_least(
    system: RowSpaceSystem, zero: UniqueZero, claimed: Fraction
) -> bool | None:
    """Tell whether the cost at the critical point is at least `claimed`.

    None where the digits that `claimed` has do not suffice: if both are equal.
    """
    bits = _FIRST_BITS
    most = min(4 * _FIRST_BITS + 2 * _length(claimed), _MOST_BITS)
    while True:
        found = critical_value(system, zero, bits=bits)
        if found is not None:
            if found.lower >= claimed:
                return True
            if found.upper < claimed:
                return False
            zero = UniqueZero(box=found.box)
        if bits >= most:
            return None
        bits *= 2


def _length(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def exact_ball(value: Fraction) -> arb:
    """Return the rational as a ball in the present precision."""
    return arb(fmpq(value.numerator, value.denominator))


def _fraction(value: arb) -> Fraction:
    """Return the exact value of a ball of radius 0."""
    exact = value.fmpq()
    return Fraction(int(exact.p), int(exact.q))
