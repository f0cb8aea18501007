"""Any number of digits: from a proved bracket to the critical point inside it.

*Hypotheses.* A minimizer that is the only one, not degenerate, and determined by its
entries with weight, k at a time; a method that proves brackets for these weights.
*Proves* OPT to any accuracy (`exact_wlra.checker.isolated`). *Cost*: one more proof by
that method, about data whose residual is amplified, and some Newton steps.

Contents
--------
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

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from flint import ctx
from numpy.typing import NDArray

from exact_wlra.bounds.critical_digits import Digits, rounded, to_digits
from exact_wlra.budget import Budget
from exact_wlra.certificates import Isolated, Proof, Transpose, Zero
from exact_wlra.checker.critical_values import critical_point
from exact_wlra.checker.isolated import is_isolating, isolated_optimum
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from reductions.amplified_residuals import amplified, squared_radius
from reductions.critical_balls import RowSpaceSystem
from reductions.instances import Instance
from reductions.pivots import pivots
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


def isolate(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    gap: Fraction,
    method: Method,
    seed: int,
    budget: Budget,
) -> Digits | str:
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
    columns = _chart_columns(instance, left, right)
    if columns is None:
        return "the factors in hand have too small a rank where there are weights"
    system = RowSpaceSystem(instance=instance, columns=columns)
    try:
        zero = critical_point(system, RationalMatrix.from_floats(right))
        if zero is None:
            return "no critical point is proved to be next to the factors in hand"
        center = _center(system, zero)
        square = _isolating_square(system, zero, center)
        if square is None:
            return (
                "the critical point is too nearly degenerate, or zero weights leave "
                "its row space open"
            )
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
        return to_digits(
            instance,
            candidate,
            lambda bits: (
                isolated_optimum(instance, candidate, lower_bound, bits=bits),
            ),
            gap,
        )
    except RejectedCertificateError as error:
        return str(error).rstrip(".")


def _is_better_turned(instance: Instance, left: Floats, right: Floats) -> bool:
    """Tell whether the transposed instance has fewer unknowns, or fuller rows."""
    here = _has_weighted_rank(instance, left)
    there = _has_weighted_rank(instance.transpose, right.T)
    if here != there:
        return there
    return instance.shape[0] < instance.shape[1]


def _chart_columns(
    instance: Instance, left: Floats, right: Floats
) -> tuple[int, ...] | None:
    """Return columns for the identity in V, such that many rows have weight there."""
    support = instance.support()
    best = pivots(right)
    if best is None or support.all():
        return best
    # With missing entries: the fuller columns first.
    share = support.mean(axis=0)
    return pivots(right * (share**4)[None, :]) if pivots(left.T) else None


def _turned(method: Method) -> Method:
    """Return the method for transposed instances."""

    def prove(turned: Instance, gap: Fraction) -> tuple[Proof, Fraction]:
        proof, lower = method(turned.transpose, gap)
        return Transpose(proof=proof), lower

    return prove


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
            rounded(system.left(zero.box), _CENTER_BITS),
            rounded(system.right(zero.box), _CENTER_BITS),
        )


def _has_weighted_rank(instance: Instance, left: Floats) -> bool:
    """Tell whether U has full rank on the rows that have weight on all columns."""
    rows = np.flatnonzero(instance.support().all(axis=1))
    return pivots(left[rows].T) is not None
