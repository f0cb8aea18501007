"""Any number of digits: from a proved bracket to the critical point inside it.

*Hypotheses.* A minimizer that is the only one, not degenerate, and of rank k on the
rows without zero weights; a method that proves brackets for these weights. *Proves* OPT
to any accuracy (`exact_wlra.checker.isolated`). *Cost*: one more proof by that method,
about data whose residual is amplified, and some Newton steps.

Contents
--------
Isolation           the proof, its bound, and factors as precise as the bound
isolate             find it, or say why not

Notes on the implementation
---------------------------
The order is that of cost. First the largest ball around X* is found in which the
critical point is known to be the best, by tests alone. It says how tight the inner
bound has to be. If the
triangle inequality confines the candidates to that ball, the inner bound is 0 and costs
nothing; if not, the method is asked for this gap. How far the residual may be amplified
before another matrix becomes better than X* is tried with alternating least squares.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

import numpy as np
from flint import arb, arb_mat, ctx
from numpy.typing import NDArray

from exact_wlra.budget import Budget
from exact_wlra.certificates import Isolated, Proof, Transpose, Zero
from exact_wlra.checker.isolated import (
    critical_point,
    is_isolating,
    isolated_optimum,
)
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.incumbent import Incumbent
from reductions.amplified_residuals import amplified, squared_radius
from reductions.critical_balls import RowSpaceSystem, balls
from reductions.instances import Instance
from semialgebraic.krawczyk import UniqueZero
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]
Factors = tuple[RationalMatrix, RationalMatrix]
# A method that proves brackets: the proof it finds within a gap.
Method = Callable[[Instance, Fraction], tuple[Proof, Fraction]]

_GROWTHS = tuple(Fraction(1, 4**i) for i in range(1, 6))
# Bits of the center; more would only make the data of the inner instance longer.
_CENTER_BITS = 20
# Squared radii that are tried: 4 cost / 2^j up to this j, beyond which no bracket found
# in floating point could confine the candidates.
_SMALLEST = 44
_NARROWEST = 1e-13
# Bits beyond those that the gap needs, and how often their number is doubled.
_GUARD = 24
_DOUBLINGS = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Isolation:
    """The proof with its bound, and factors whose cost is as close to OPT.

    There is one minimizer X*, and the factors differ from factors of X* by at most
    `entry_error` in each entry.
    """

    proof: Proof
    lower: Fraction
    found: Incumbent
    entry_error: Fraction

    @property
    def transpose(self) -> "Isolation":
        """The same about the transposed instance."""
        found = self.found
        return Isolation(
            proof=Transpose(proof=self.proof),
            lower=self.lower,
            found=Incumbent(
                left=found.right.transpose, right=found.left.transpose, cost=found.cost
            ),
            entry_error=self.entry_error,
        )


def isolate(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    gap: Fraction,
    method: Method,
    seed: int,
    budget: Budget,
) -> Isolation | str:
    """Return a proof of the optimum to within the gap, or why there is none.

    Parameters
    ----------
    left, right : float arrays, shapes (n, k) and (k, d)
        The factors that are believed to be optimal.
    gap : Fraction
        Relative, positive.
    method : callable
        Returns a proof about another instance of these weights, and its bound.
    """
    if _is_better_turned(instance, left, right):
        turned = isolate(
            instance.transpose,
            right.T,
            left.T,
            gap=gap,
            method=_turned(method),
            seed=seed,
            budget=budget,
        )
        return turned if isinstance(turned, str) else turned.transpose
    columns = _pivots(right)
    if columns is None or not _has_weighted_rank(instance, left):
        return "the factors in hand have too small a rank on the fully weighted rows"
    system = RowSpaceSystem(instance=instance, columns=columns)
    try:
        zero = critical_point(system, RationalMatrix.from_floats(right))
        center = _center(system, zero)
        square = _isolating_square(system, zero, center)
        if square is None:
            return "the critical point is degenerate, or too nearly so"
        confined = _confined(
            instance, center, square, method=method, seed=seed, budget=budget
        )
        if isinstance(confined, str):
            return confined
        growth, inner = confined
        candidate = Isolated(
            center_left=center[0],
            center_right=center[1],
            growth=growth,
            columns=columns,
            lower=Fraction(0),
            proof=inner,
        )
        return _to_digits(instance, candidate, gap)
    except RejectedCertificateError as error:
        return str(error).rstrip(".")


def _is_better_turned(instance: Instance, left: Floats, right: Floats) -> bool:
    """Tell whether the transposed instance has fewer unknowns, or is the only way."""
    ways = (
        _has_weighted_rank(instance, left),
        _has_weighted_rank(instance.transpose, right.T),
    )
    return ways[1] and (not ways[0] or instance.shape[0] < instance.shape[1])


def _turned(method: Method) -> Method:
    """Return the method for transposed instances."""

    def prove(turned: Instance, gap: Fraction) -> tuple[Proof, Fraction]:
        proof, lower = method(turned.transpose, gap)
        return Transpose(proof=proof), lower

    return prove


def _to_digits(instance: Instance, proof: Isolated, gap: Fraction) -> Isolation | str:
    """Return the proof with a bound, and factors, within the gap."""
    bits = _GUARD + math.ceil(-_log2(gap))
    for _ in range(_DOUBLINGS):
        optimum = isolated_optimum(instance, proof, lower_bound, bits=bits)
        with ctx.workprec(2 * bits + 64):
            exact = optimum.system.left(optimum.box), optimum.system.right(optimum.box)
            left, right = (_rounded(factor, bits) for factor in exact)
            error = max(map(_distance, exact, (left, right)))
        found = Incumbent(left=left, right=right, cost=instance.cost(left, right))
        slack = gap * found.cost - (found.cost - optimum.lower)
        if slack > gap * found.cost / 2:
            # Rounded down to the digits that matter.
            places = max(0, math.ceil(-_log2(slack)))
            lower = Fraction(math.floor(optimum.lower * (1 << places)), 1 << places)
            return Isolation(
                proof=replace(proof, lower=lower),
                lower=lower,
                found=found,
                entry_error=error,
            )
        bits *= 2
    return "the critical point is too nearly degenerate for so many digits"


def _confined(
    instance: Instance,
    center: Factors,
    square: Fraction,
    *,
    method: Method,
    seed: int,
    budget: Budget,
) -> tuple[Fraction, Proof] | str:
    """Return a growth and an inner proof that confine the candidates to the ball."""
    cost = instance.cost(*center)
    if square >= 4 * cost:
        return Fraction(1, 2), Zero()  # the triangle inequality
    reached = "the residual cannot be amplified without another matrix becoming better"
    for growth in _GROWTHS:
        needed = square * growth * (1 - growth) / cost
        if needed < _NARROWEST or budget.is_spent():
            break
        inner = amplified(instance, *center, growth)
        aim = float(cost / (1 - growth) ** 2)
        found = best_of_starts(inner, seed=seed, budget=budget)
        if found.cost < aim * (1 - float(needed) / 4):
            continue
        proof, lower = method(inner, needed * 3 / 4)
        if squared_radius(cost, lower, growth) <= square:
            return growth, proof
        reached = (
            "the bracket with the residual amplified is too wide: its relative gap is "
            f"{1 - float(lower) / aim:.1e}, and {float(needed):.1e} would isolate"
        )
    return reached


def _isolating_square(
    system: RowSpaceSystem, zero: UniqueZero, center: Factors
) -> Fraction | None:
    """Return the largest 4 cost/2^j for which a ball around the center isolates."""
    cost = system.instance.cost(*center)
    low, high = 0, _SMALLEST + 1
    while low < high:
        middle = (low + high) // 2
        if is_isolating(
            system,
            zero,
            *center,
            square=4 * cost / 2**middle,
            arithmetic="rounded",
        ):
            high = middle
        else:
            low = middle + 1
    return 4 * cost / 2**low if low <= _SMALLEST else None


def _center(system: RowSpaceSystem, zero: UniqueZero) -> Factors:
    """Return short factors next to the critical point."""
    with ctx.workprec(128):
        return (
            _rounded(system.left(zero.box), _CENTER_BITS),
            _rounded(system.right(zero.box), _CENTER_BITS),
        )


def _rounded(matrix: arb_mat, bits: int) -> RationalMatrix:
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


def _has_weighted_rank(instance: Instance, left: Floats) -> bool:
    """Tell whether U has full rank on the rows that have weight on all columns."""
    rows = np.flatnonzero(instance.support().all(axis=1))
    return _pivots(left[rows].T) is not None


def _pivots(matrix: Floats) -> tuple[int, ...] | None:
    """Return k columns that are far from dependent, greedily; None if there are not."""
    rest = np.array(matrix, dtype=np.float64)
    smallest = 1e-10 * float(np.abs(rest).max(initial=0.0))
    chosen: list[int] = []
    for _ in range(len(rest)):
        norms = np.linalg.norm(rest, axis=0)
        if not norms.max(initial=0.0) > smallest:
            return None
        best = int(norms.argmax())
        chosen.append(best)
        unit = rest[:, best] / norms[best]
        rest = rest - np.outer(unit, unit @ rest)
    return tuple(sorted(chosen))


def _log2(value: Fraction) -> float:
    return math.log2(value.numerator) - math.log2(value.denominator)
