"""Verified Newton steps: zeros of square systems enclosed by boxes of balls.

*Statement.* Let F be continuously differentiable on a box B with centre m, F'(B) a box
of matrices that holds F'(x) for all x in B, and C any matrix. Every zero of F in B lies
in

    K(B) = m - C F(m) + (I - C F'(B)) (B - m).

If K(B) lies in the interior of B, then B holds exactly one zero, and every F'(x), x in
B, is regular. If K(B) and B are disjoint there is none.

Contents
--------
SquareSystem        what evaluates F and F' on a box
krawczyk_operator   K(B)
approach            Newton steps from a point, and a tiny box around the last one
contract            B with K(B), repeatedly: UniqueZero, NoZero, or Undecided
sharpen             an enclosed zero to any accuracy

Notes on the implementation
---------------------------
Boxes are columns of balls of FLINT, every operation rounds outward, and C is an inverse
of the middle of F'(B), rounded: what it is cannot make a result wrong. The iteration
itself gains digits quadratically, so `sharpen` doubles the precision and never leaves
proved ground.

References
----------
[Krawczyk1969]_, [Moore1977]_
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

from flint import arb, arb_mat, ctx

_STEPS = 60
_NEWTON_STEPS = 200
_NEWTON_MATRICES = 16
# Bits by which the last Newton step is below the size of the box around its end.
_MARGIN = 4
_PRECISION = 96
# A step that leaves more than this part of the radius gains nothing.
_STALLED = arb(0.98)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SquareSystem:
    """F(B) and F'(B) for boxes B: functions from columns to columns and to matrices."""

    value: Callable[[arb_mat], arb_mat]
    jacobian: Callable[[arb_mat], arb_mat]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UniqueZero:
    """The box in question holds exactly one zero, and it lies in `box`.

    Radii are rounded up to 30 bits, so the zero may lie that little outside the former.
    """

    box: arb_mat


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class NoZero:
    """The box in question holds no zero."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """All zeros of the box in question lie in `box`; their number is not known."""

    box: arb_mat
    reason: str


Contraction = UniqueZero | NoZero | Undecided


def krawczyk_operator(system: SquareSystem, box: arb_mat) -> arb_mat:
    """Return a box that holds every zero of the system in `box`.

    Raises
    ------
    ZeroDivisionError
        If the middle of F'(B) is not proved to be regular, or the system cannot be
        evaluated on the box.

    Examples
    --------
    >>> square_root_of_two = SquareSystem(
    ...     value=lambda x: arb_mat([[x[0, 0] * x[0, 0] - 2]]),
    ...     jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    ... )
    >>> box = arb_mat([[arb(1.5, 0.2)]])
    >>> krawczyk_operator(square_root_of_two, box)[0, 0].contains(arb(2).sqrt())
    True
    """
    centre = box.mid()
    jacobian = system.jacobian(box)
    preconditioner = jacobian.mid().inv().mid()
    size = box.nrows()
    unit = arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    deviation = unit - preconditioner * jacobian
    step = preconditioner * system.value(centre)
    return centre - step + deviation * (box - centre)


def approach(
    system: SquareSystem, start: arb_mat, *, precision: int = _PRECISION
) -> Contraction:
    """Return what is proved about a tiny box where Newton steps from `start` end.

    The steps prove nothing and may end anywhere, or nowhere; the box at their end has
    half the digits of the precision. A zero at the origin is found, too.

    Examples
    --------
    >>> square_root_of_two = SquareSystem(
    ...     value=lambda x: arb_mat([[x[0, 0] * x[0, 0] - 2]]),
    ...     jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    ... )
    >>> found = approach(square_root_of_two, arb_mat([[1]]))
    >>> type(found).__name__, found.box[0, 0].overlaps(arb(2).sqrt())
    ('UniqueZero', True)
    """
    with ctx.workprec(precision):
        try:
            point = _newton(system, start.mid(), precision)
        except ZeroDivisionError:
            point = None
        if point is None:
            return Undecided(box=start, reason="Newton's iteration does not converge")
        spread = arb(0, 1) * arb(2) ** (_scale(point, precision) - precision // 2)
        box = arb_mat(point.nrows(), 1, [x + spread for x in point.entries()])
    return contract(system, box, precision=precision)


def _newton(system: SquareSystem, point: arb_mat, precision: int) -> arb_mat | None:
    """Return where Newton steps end, with one matrix for as long as they shrink."""
    inverse, previous, matrices = None, 0, 0
    for _ in range(_NEWTON_STEPS):
        if inverse is None:
            if matrices == _NEWTON_MATRICES:
                return None
            inverse, matrices = system.jacobian(point).mid().inv().mid(), matrices + 1
            previous = 1 << 40
        step = (inverse * system.value(point)).mid()
        if not _is_finite(step):
            return None
        size = _magnitude(step)
        if size >= previous - _MARGIN:
            inverse = None  # out of date; the step before it led here
            continue
        point, previous = (point - step).mid(), size
        if size <= _scale(point, precision) - precision // 2 - _MARGIN:
            return point
    return None


def _scale(point: arb_mat, precision: int) -> int:
    """Return the exponent of the size of a point, or of what is small beside 1."""
    return max(_magnitude(point), -(precision // 4))


def contract(
    system: SquareSystem, box: arb_mat, *, precision: int = _PRECISION
) -> Contraction:
    """Intersect a box with K(box), again and again, until its zeros are counted.

    Examples
    --------
    >>> square_root_of_two = SquareSystem(
    ...     value=lambda x: arb_mat([[x[0, 0] * x[0, 0] - 2]]),
    ...     jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    ... )
    >>> contract(square_root_of_two, arb_mat([[arb(5, 1)]]))
    NoZero()
    >>> found = contract(square_root_of_two, arb_mat([[arb(1.5, 0.4)]]))
    >>> type(found).__name__, found.box[0, 0].contains(arb(2).sqrt())
    ('UniqueZero', True)

    A double zero is not a regular one, and no box around it is accepted:

    >>> double = SquareSystem(
    ...     value=lambda x: arb_mat([[x[0, 0] * x[0, 0]]]),
    ...     jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    ... )
    >>> type(contract(double, arb_mat([[arb(0.1, 1)]]))).__name__
    'Undecided'
    """
    if not box.nrows():
        return UniqueZero(box=box)  # the empty system has the empty solution
    with ctx.workprec(precision):
        for _ in range(_STEPS):
            try:
                image = krawczyk_operator(system, box)
            except ZeroDivisionError:
                return Undecided(
                    box=box, reason="the Jacobian matrix is not proved to be regular"
                )
            if not _is_finite(image):
                return Undecided(box=box, reason="the box is too large to evaluate on")
            if _is_inside(image, box):
                return UniqueZero(box=image)
            smaller = _intersection(image, box)
            if smaller is None:
                return NoZero()
            if not _has_shrunk(smaller, box):
                break
            box = smaller
    return Undecided(box=box, reason="the box is too large, or holds several zeros")


def sharpen(system: SquareSystem, zero: UniqueZero, *, bits: int) -> UniqueZero:
    """Return the enclosed zero in a box of radius at most 2^-bits, if that is reached.

    What is returned holds the zero in any case; a box whose radius stays larger belongs
    to a zero that is too nearly singular.

    Examples
    --------
    >>> square_root_of_two = SquareSystem(
    ...     value=lambda x: arb_mat([[x[0, 0] * x[0, 0] - 2]]),
    ...     jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    ... )
    >>> found = contract(square_root_of_two, arb_mat([[arb(1.5, 0.4)]]))
    >>> root = sharpen(square_root_of_two, found, bits=1000).box[0, 0]
    >>> root.rad() <= arb(2) ** -1000
    True
    """
    box = zero.box
    stalled = 0
    while box.nrows() and accuracy(box) < bits and stalled < 3:
        reached = max(accuracy(box), 0)
        with ctx.workprec(
            2 * min(reached, bits) + max(_magnitude(box), 0) + (64 << stalled)
        ):
            try:
                image = krawczyk_operator(system, box)
            except ZeroDivisionError:
                image = box
            smaller = _intersection(image, box) if _is_finite(image) else None
            if smaller is not None and _has_shrunk(smaller, box):
                box, stalled = smaller, 0
            else:
                stalled += 1
    return UniqueZero(box=box)


def accuracy(box: arb_mat) -> int:
    """Return b with all radii of the box at most 2^-b; large for exact boxes.

    Examples
    --------
    >>> accuracy(arb_mat([[arb(3, 0.125)]]))
    2
    """
    exponents = [_exponent(entry.rad()) for entry in box.entries()]
    return -max((e for e in exponents if e is not None), default=-(1 << 40))


def _magnitude(box: arb_mat) -> int:
    """Return e with all midpoints at most 2^e in size; far below 0 for zeros."""
    exponents = [_exponent(entry.mid()) for entry in box.entries()]
    return max((e for e in exponents if e is not None), default=-(1 << 40))


def _exponent(value: arb) -> int | None:
    """Return e with |value| <= 2^e, or None for zero."""
    mantissa, exponent = value.man_exp()
    return int(exponent) + int(abs(mantissa)).bit_length() if mantissa != 0 else None


def _is_finite(box: arb_mat) -> bool:
    return all(entry.is_finite() for entry in box.entries())


def _is_inside(image: arb_mat, box: arb_mat) -> bool:
    """Tell whether the image lies in the interior of the box."""
    pairs = zip(image.entries(), box.entries(), strict=True)
    return all(outer.contains_interior(inner) for inner, outer in pairs)


def _intersection(image: arb_mat, box: arb_mat) -> arb_mat | None:
    """Return a box around the common points of both, or None where there are none."""
    entries = []
    for inner, outer in zip(image.entries(), box.entries(), strict=True):
        if not inner.overlaps(outer):
            return None
        # Rounding must not make a ball larger than the one it was in.
        entries.append(inner if outer.contains(inner) else inner.intersection(outer))
    return arb_mat(box.nrows(), 1, entries)


def _has_shrunk(smaller: arb_mat, box: arb_mat) -> bool:
    """Tell whether some radius became clearly smaller."""
    pairs = zip(smaller.entries(), box.entries(), strict=True)
    return any(new.rad() < _STALLED * old.rad() for new, old in pairs)
