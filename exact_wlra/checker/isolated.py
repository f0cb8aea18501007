"""Checking rule `isolated`: the optimum is the one critical point in a box.

*Why it is sound.* With the residual of X* = LR amplified, f(X) = e ||X - X*||^2 +
(1 - e) f_B(X) - const (`reductions.amplified_residuals`), so the inner proof, a bound
on f_B, confines all X of rank at most k that cost at most f(X*) to a ball around X*. If
the ball is small enough, their row spaces have bases V = [I Y] with Y in a ball around
Y*. One Krawczyk step proves that a critical point Y0 is in a tiny box around Y*; if the
form K of `reductions.critical_balls` is definite, Y0 costs less than all other Y in
question. Then OPT is the cost at Y0, and further steps give any number of digits
(docs/proofs.md).

Contents
--------
isolated_bound      the bound `lower`, once OPT >= lower is proved
isolated_optimum    the critical point and OPT, to any number of bits
is_isolating        does the critical point cost less than all X in a ball?
"""

from collections.abc import Callable
from fractions import Fraction

from flint import fmpz, fmpz_mat

from exact_wlra.certificates import Isolated, Proof
from exact_wlra.checker.confined_row_spaces import chart_distance
from exact_wlra.checker.critical_values import (
    CriticalValue,
    critical_point,
    critical_value,
    is_at_least,
    is_least_within,
)
from exact_wlra.errors import RejectedCertificateError
from reductions.amplified_residuals import amplified, squared_radius
from reductions.critical_balls import RowSpaceSystem
from reductions.instances import Instance
from semialgebraic.definiteness import Arithmetic
from semialgebraic.krawczyk import UniqueZero
from semialgebraic.rational_matrices import RationalMatrix

Prover = Callable[[Instance, Proof], Fraction]


def isolated_bound(
    instance: Instance, proof: Isolated, arithmetic: Arithmetic, prove: Prover
) -> Fraction:
    """Return the bound `lower` after proving OPT >= lower.

    `prove` evaluates the inner proof.
    """
    system, zero = _isolate(instance, proof, arithmetic, prove)
    match is_at_least(system, zero, proof.lower):
        case True:
            return proof.lower
        case False:
            raise _rejected("the optimum is below the lower bound")
        case None:
            raise _rejected("the optimum is not told from the lower bound")


def isolated_optimum(
    instance: Instance, proof: Isolated, prove: Prover, *, bits: int
) -> CriticalValue:
    """Return the critical point in a box of radius about 2^-bits, and OPT.

    Raises
    ------
    RejectedCertificateError
        If a step of the proof is false; its `lower` is not looked at.
    """
    system, zero = _isolate(instance, proof, "automatic", prove)
    value = critical_value(system, zero, bits=bits)
    if value is None:
        raise _rejected("the cost at the critical point is not bounded")
    return value


def is_isolating(
    system: RowSpaceSystem,
    zero: UniqueZero,
    left: RationalMatrix,
    right: RationalMatrix,
    *,
    square: Fraction,
    arithmetic: Arithmetic,
) -> bool:
    """Prove that no X of rank <= k with ||X - left right||^2 <= square costs less.

    Less than the critical point `zero`, or as much unless it is that point.
    """
    distance = chart_distance(system, left, right, square)
    return distance is not None and is_least_within(
        system, zero, right, distance, arithmetic=arithmetic
    )


def _isolate(
    instance: Instance, proof: Isolated, arithmetic: Arithmetic, prove: Prover
) -> tuple[RowSpaceSystem, UniqueZero]:
    """Return the system of a chart and its zero that is the only minimizer."""
    _verify_shapes(instance, proof)
    left, right, growth = proof.center_left, proof.center_right, proof.growth
    cost = instance.cost(left, right)
    lower = prove(amplified(instance, left, right, growth), proof.proof)
    square = squared_radius(cost, lower, growth)
    if square < 0:
        raise _rejected("the inner proof contradicts the cost of the center")
    system = RowSpaceSystem(instance=instance, columns=proof.columns)
    zero = critical_point(system, right)
    if zero is None:
        raise _rejected("no critical point is proved to be next to the center")
    if not is_isolating(
        system, zero, left, right, square=square, arithmetic=arithmetic
    ):
        raise _rejected(
            "the inner proof leaves a region in which other matrices may cost less"
        )
    return system, zero


def _verify_shapes(instance: Instance, proof: Isolated) -> None:
    """Reject what does not fit the instance."""
    (n, d), k = instance.shape, instance.rank
    if not 1 <= k < d:
        raise _rejected(f"the rule proves ranks 1 to {d - 1}; the rank here is {k}")
    if not 0 < proof.growth < 1:
        raise _rejected("the growth is not between 0 and 1")
    if (proof.center_left.shape, proof.center_right.shape) != ((n, k), (k, d)):
        raise _rejected("the factors of the center have other shapes")
    columns = proof.columns
    if len(columns) != k or len(set(columns)) != k or max(columns) >= d:
        raise _rejected(f"{k} different columns are needed")
    block = proof.center_right.take(columns=list(columns))
    entries = [fmpz(int(x)) for x in block.numerators.ravel()]
    if fmpz_mat(k, k, entries).det() == 0:
        raise _rejected("the center is singular on the named columns")


def _rejected(reason: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"isolated: {reason}.")
