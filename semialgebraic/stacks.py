"""Stacks: the line over a point, cut by the real roots of polynomials.

Contents
--------
Section             a root in the stack: interval, polynomial, which ones vanish
Stack               the cells over a point: sectors 1, 3, 5, ... and sections 2, 4, ...
lazard_evaluation   p over a point, after division by what vanishes there
separated           the distinct real roots of several polynomials, ascending

Notation
--------
x = (x_1, ..., x_k) is the point, t its parameter, y the variable of the line.

Notes on the implementation
---------------------------
Roots of different polynomials are separated by shortening their intervals; where that
seems not to end, a greatest common divisor over Q(t) decides whether they are equal. A
sign at a sector is that at its rational sample; at a section it is zero or that of the
sector before, because nothing else changes there.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product
from math import ceil, floor
from typing import Self, final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.field_divisors import greatest_divisor, quotient, square_free
from semialgebraic.field_polynomials import (
    FieldPolynomial,
    over_point,
    sign_in_field,
    value_over,
)
from semialgebraic.field_roots import isolate_roots_over, narrowed
from semialgebraic.number_fields import adjoin_root
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import Interval

# How much shorter an interval becomes when it is too near to another.
_SHRINK = 1 << 20
# Intervals shorter than this that still overlap may belong to one common root.
_SUSPICIOUS = Fraction(1, 1 << 32)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One real root over the point.

    Parameters
    ----------
    interval : (Fraction, Fraction)
        It isolates the root among all roots of the stack.
    polynomial : list of fmpq_poly
        Over the field of the point; the root is its only one in the interval.
    vanishing : frozenset of int
        Which of the polynomials of the stack have this root.
    """

    interval: Interval
    polynomial: FieldPolynomial
    vanishing: frozenset[int]

    def narrowed(self, point: AlgebraicPoint, width: Fraction) -> Interval:
        """Return an interval around the root of at most this width."""
        low, high = self.interval
        if high - low <= width:
            return self.interval
        while True:
            inside = [
                (max(a, low), min(b, high))
                for a, b in narrowed(point.parameter, self.polynomial, width)
                if a < high and low < b
            ]
            if len(inside) == 1:
                return inside[0]
            # The interval of a root outside reaches into this one.
            width /= _SHRINK


@final
@dataclass(frozen=True, kw_only=True)
class Stack:
    """The cells over a point, numbered from below: 1 is a sector, 2 a section, ...

    Parameters
    ----------
    point : AlgebraicPoint
    polynomials : tuple
        The Lazard evaluations over the point.
    nullified : frozenset of int
        Those that themselves vanish identically in y over the point.
    sections : tuple of Section

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> stack = Stack.over(AlgebraicPoint.from_rationals([0]), [y**2 - x - 4, y - 2])
    >>> stack.n_cells, [stack.signs(i) for i in range(1, 6)]
    (5, [(1, -1), (0, -1), (-1, -1), (0, 0), (1, 1)])
    """

    point: AlgebraicPoint
    polynomials: tuple[FieldPolynomial, ...]
    nullified: frozenset[int]
    sections: tuple[Section, ...]

    @classmethod
    def over(
        cls,
        point: AlgebraicPoint,
        polynomials: Sequence[fmpz_mpoly],
        poll: Callable[[], None] = lambda: None,
    ) -> Self:
        """Return the stack of polynomials in y and the first coordinates over a point.

        Parameters
        ----------
        point : AlgebraicPoint
            Values of the variables before y.
        polynomials : sequence of fmpz_mpoly
            Nonzero, with no variable beyond y.
        poll : callable
            Called between any two steps; what it raises ends the computation.
        """
        evaluated = [lazard_evaluation(p, point) for p in polynomials]
        return cls(
            point=point,
            polynomials=tuple(q for q, _ in evaluated),
            nullified=frozenset(
                i for i, (_, nullified) in enumerate(evaluated) if nullified
            ),
            sections=tuple(separated(point.parameter, [q for q, _ in evaluated], poll)),
        )

    @property
    def n_cells(self) -> int:
        """2 (number of sections) + 1."""
        return 2 * len(self.sections) + 1

    @cached_property
    def sector_samples(self) -> tuple[Fraction, ...]:
        """One rational in each sector, ascending."""
        intervals = [section.interval for section in self.sections]
        if not intervals:
            return (Fraction(0),)
        between = [
            _simple_between(below[1], above[0]) for below, above in pairwise(intervals)
        ]
        lowest, highest = intervals[0][0], intervals[-1][1]
        return (
            Fraction(min(ceil(lowest) - 1, 0)),
            *between,
            Fraction(max(floor(highest) + 1, 0)),
        )

    def sample(
        self, index: int, poll: Callable[[], None] = lambda: None
    ) -> AlgebraicPoint:
        """Return a point of the cell with this index: of a sector, a rational y."""
        if index % 2:
            y = self.sector_samples[index // 2]
            return adjoin_root(self.point, [], (y, y))
        section = self.sections[index // 2 - 1]
        return adjoin_root(self.point, section.polynomial, section.interval, poll)

    def signs(self, index: int) -> tuple[int, ...]:
        """Return the signs of the polynomials themselves (0 if nullified) in a cell."""
        sector = index // 2 if index % 2 else index // 2 - 1
        vanishing = self.nullified
        if index % 2 == 0:
            vanishing |= self.sections[sector].vanishing
        return tuple(
            0 if i in vanishing else self._sign_in_sector(i, sector)
            for i in range(len(self.polynomials))
        )

    def _sign_in_sector(self, i: int, sector: int) -> int:
        """Return the sign of a Lazard evaluation, which is not zero in a sector."""
        value = value_over(self.polynomials[i], self.sector_samples[sector])
        return sign_in_field(self.point.parameter, value)


def lazard_evaluation(
    p: fmpz_mpoly, point: AlgebraicPoint
) -> tuple[FieldPolynomial, bool]:
    """Return Lazard's evaluation of p over the point, and whether p vanishes there.

    For i = 1, ..., k in turn p is divided by the highest power of (variable i) - x_i
    that divides it, and x_i is inserted. What comes out is not zero.

    Notes
    -----
    It is the coefficient of the lexicographically first power product of the
    (variable i) - x_i that has a nonzero one, hence a multiple of the first derivative
    of p, in lexicographic order, that does not vanish identically over the point.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y, z = polynomial_ring(["x", "y", "z"]).gens()
    >>> lazard_evaluation(x * z - y, AlgebraicPoint.from_rationals([0, 0]))
    ([(-1)], True)
    """
    degrees = [int(d) for d in p.degrees()[: point.dimension]]
    for orders in product(*(range(d + 1) for d in degrees)):
        derived = p
        for i, order in enumerate(orders):
            for _ in range(order):
                derived = derived.derivative(i)
        q = over_point(point, derived)
        if q:
            return q, any(orders)
    raise AssertionError("a nonzero polynomial has a nonzero derivative at each point")


def separated(
    parameter: RealAlgebraicNumber,
    polynomials: Sequence[FieldPolynomial],
    poll: Callable[[], None] = lambda: None,
) -> list[Section]:
    """Return the distinct real roots of nonzero polynomials over Q(t), ascending.

    Notes
    -----
    **Guarantee.** Intervals are disjoint, and gaps are not much shorter than they.

    Examples
    --------
    >>> from flint import fmpq_poly
    >>> rational = RealAlgebraicNumber.from_rational(0)
    >>> y, one = fmpq_poly([0]), fmpq_poly([1])
    >>> a, b = [-one, y, one], [-one, one]  # y^2 - 1, y - 1
    >>> [sorted(root.vanishing) for root in separated(rational, [a, b])]
    [[0], [0, 1]]
    """
    pieces = [
        _Piece(parameter, q, frozenset({i}), poll) for i, q in enumerate(polynomials)
    ]
    coprime: set[frozenset[int]] = set()
    while True:
        poll()
        order = sorted(
            (interval, k) for k, piece in enumerate(pieces) for interval in piece.roots
        )
        near = [(a, b) for a, b in pairwise(order) if _are_near(a[0], b[0])]
        if not near:
            return [
                Section(
                    interval=interval,
                    polynomial=pieces[k].polynomial,
                    vanishing=pieces[k].vanishing,
                )
                for interval, k in order
            ]
        for (a, i), (b, j) in near:
            pair = frozenset({i, j})
            if i != j and pair not in coprime and _may_be_equal(a, b):
                common = _split(pieces[i], pieces[j])
                coprime.add(pair)
                if common is not None:
                    pieces.append(common)
                    break  # the intervals of these pieces are no longer in `near`
            else:
                width = max(a[1] - a[0], b[1] - b[0]) / _SHRINK
                pieces[i].narrow(width)
                pieces[j].narrow(width)


class _Piece:
    """A polynomial over Q(t), its isolated roots, and which polynomials it divides."""

    def __init__(
        self,
        parameter: RealAlgebraicNumber,
        polynomial: FieldPolynomial,
        vanishing: frozenset[int],
        poll: Callable[[], None],
    ) -> None:
        self.parameter = parameter
        self.poll = poll
        self.polynomial = square_free(parameter, polynomial, poll)
        self.vanishing = vanishing
        self.roots = isolate_roots_over(parameter, self.polynomial)

    def narrow(self, width: Fraction) -> None:
        """Shorten the intervals to at most this width."""
        if any(high - low > width for low, high in self.roots):
            self.roots = narrowed(self.parameter, self.polynomial, width)

    def divide(self, divisor: FieldPolynomial) -> None:
        """Give up the roots of the divisor."""
        self.polynomial = quotient(self.parameter, self.polynomial, divisor)
        self.roots = isolate_roots_over(self.parameter, self.polynomial)


def _split(a: _Piece, b: _Piece) -> _Piece | None:
    """Move the common roots of two pieces to a new one; None if there are none."""
    t = a.parameter
    common = greatest_divisor(t, a.polynomial, b.polynomial, a.poll)
    if len(common) == 1:
        return None
    a.divide(common)
    b.divide(common)
    return _Piece(t, common, a.vanishing | b.vanishing, a.poll)


def _are_near(a: Interval, b: Interval) -> bool:
    """Tell whether a gap is shorter than the intervals beside it, or there is none."""
    return b[0] - a[1] <= max(a[1] - a[0], b[1] - b[0])


def _may_be_equal(a: Interval, b: Interval) -> bool:
    """Tell whether the intervals overlap and are short."""
    width = max(a[1] - a[0], b[1] - b[0])
    return b[0] <= a[1] and width < _SUSPICIOUS


def _simple_between(low: Fraction, high: Fraction) -> Fraction:
    """Return a rational with low < x < high: zero, or k/2^n with n least possible."""
    if low < 0 < high:
        return Fraction(0)
    scale = 1
    while floor(low * scale) + 1 >= high * scale:
        scale *= 2
    return Fraction(floor(low * scale) + 1, scale)
