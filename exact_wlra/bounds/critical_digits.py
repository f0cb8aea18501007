"""From enclosed critical points to a bound and factors with the asked digits.

Contents
--------
Digits              a proof, its bound, and factors as precise as the bound
to_digits           sharpen the critical points until the bracket is narrow enough
rounded             the midpoints of a matrix of balls, rounded
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

import numpy as np
from flint import arb, arb_mat, ctx

from exact_wlra.certificates import Basins, Isolated, Proof, Transpose
from exact_wlra.checker.critical_values import CriticalValue
from exact_wlra.incumbent import Incumbent
from reductions.critical_balls import balls
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

# Bits beyond those that the gap needs, and how often their number is doubled.
_GUARD = 24
_DOUBLINGS = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """A proof with its bound, and factors whose cost is as close to OPT.

    All minimizers are among some critical points. `count` of these cost OPT as far as
    these digits tell; the factors differ from factors of one of them by at most
    `entry_error` in each entry.
    """

    proof: Proof
    lower: Fraction
    found: Incumbent
    entry_error: Fraction
    count: int

    @property
    def transpose(self) -> "Digits":
        """The same about the transposed instance."""
        found = self.found
        return replace(
            self,
            proof=Transpose(proof=self.proof),
            found=Incumbent(
                left=found.right.transpose, right=found.left.transpose, cost=found.cost
            ),
        )


def to_digits(
    instance: Instance,
    proof: Isolated | Basins,
    values: Callable[[int], Sequence[CriticalValue]],
    gap: Fraction,
) -> Digits | str:
    """Return the proof with a bound, and factors, within the gap.

    Parameters
    ----------
    values : callable
        Encloses all critical points in question to a number of bits.
    gap : Fraction
        Relative, positive.
    """
    bits = _GUARD + math.ceil(-_log2(gap))
    for _ in range(_DOUBLINGS):
        candidates = values(bits)
        best = min(candidates, key=lambda value: value.lower)
        with ctx.workprec(2 * bits + 64):
            exact = best.system.left(best.box), best.system.right(best.box)
            left, right = (rounded(factor, bits) for factor in exact)
            error = max(map(_distance, exact, (left, right)))
            tied = [value for value in candidates if value.lower <= best.upper]
            count = _distinct(tied)
        found = Incumbent(left=left, right=right, cost=instance.cost(left, right))
        slack = gap * found.cost - (found.cost - best.lower)
        if slack > gap * found.cost / 2:
            # Rounded down to the digits that matter.
            places = max(0, math.ceil(-_log2(slack)))
            lower = Fraction(math.floor(best.lower * (1 << places)), 1 << places)
            return Digits(
                proof=replace(proof, lower=lower),
                lower=lower,
                found=found,
                entry_error=error,
                count=count,
            )
        bits *= 2
    return "the critical point is too nearly degenerate for so many digits"


def _distinct(values: Sequence[CriticalValue]) -> int:
    """Return how many row spaces there are: a basin may show in several charts."""
    kept: list[CriticalValue] = []
    for value in values:
        if not any(_overlap(value, other) for other in kept):
            kept.append(value)
    return len(kept)


def _overlap(first: CriticalValue, second: CriticalValue) -> bool:
    """Tell whether the boxes of two critical points may hold the same row space."""
    system, k = first.system, first.system.instance.rank
    other = second.system.right(second.box)

    def part(columns: tuple[int, ...]) -> arb_mat:
        return arb_mat(
            k, len(columns), [other[a, j] for a in range(k) for j in columns]
        )

    try:
        moved = part(system.columns).solve(part(system.free))
    except ZeroDivisionError:
        return False  # singular there, where the first one is the identity
    ours = system.right(first.box)
    return all(
        moved[a, number].overlaps(ours[a, j])
        for a in range(k)
        for number, j in enumerate(system.free)
    )


def rounded(matrix: arb_mat, bits: int) -> RationalMatrix:
    """Return the midpoints, rounded to `bits` bits below the largest entry."""
    parts = [entry.mid().man_exp() for entry in matrix.entries()]
    tops = [int(e) + int(m).bit_length() for m, e in parts if m != 0]
    places = bits - max(tops, default=0)
    array = np.empty(len(parts), dtype=object)
    for number, (mantissa, exponent) in enumerate(parts):
        shift = int(exponent) + places
        m = int(mantissa)
        array[number] = m << shift if shift >= 0 else m >> -shift
    whole = array.reshape(matrix.nrows(), matrix.ncols())
    if places < 0:
        return RationalMatrix(whole << -places, 1)
    return RationalMatrix(whole, 1 << places)


def _distance(factor: arb_mat, rounded: RationalMatrix) -> Fraction:
    """Return a bound on the differences of the entries."""
    differences = (factor - balls(rounded)).entries()
    most = max((x.abs_upper() for x in differences), default=arb(0)).fmpq()
    return Fraction(int(most.p), int(most.q))


def _log2(value: Fraction) -> float:
    return math.log2(value.numerator) - math.log2(value.denominator)
