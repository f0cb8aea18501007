"""Checking rule `isolated`: the optimum is the one critical point in a box.

*Why it is sound.* With the residual of X* = LR amplified, f(X) = e ||X - X*||^2 +
(1 - e) f_B(X) - const (`reductions.amplified_residuals`), so the inner proof, a bound
on f_B, confines all X of rank at most k that cost at most f(X*) to a ball around X*. If
the ball is small enough, their row spaces have bases V = [I Y] with Y in a ball around
Y*. One Krawczyk step proves that a critical point Y0 is in a tiny box around Y*; if the
form K of `reductions.critical_balls` is definite, Y0 costs less than all other Y in
question. Then OPT is the cost at Y0, and further steps give any number of digits
(docs/theory.md).

Contents
--------
IsolatedOptimum     the box of the critical point, and an enclosure of OPT
isolated_optimum    both, to the asked number of bits
isolated_bound      the bound `lower`, once OPT >= lower is proved
critical_point      the critical point next to the center
is_isolating        does it cost less than all X in a ball?
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from exact_wlra.certificates import Isolated, Proof
from exact_wlra.errors import RejectedCertificateError
from reductions.amplified_residuals import amplified, squared_radius
from reductions.critical_balls import RowSpaceSystem, balls, norm_above
from reductions.instances import Instance
from semialgebraic.definiteness import Arithmetic, is_definite
from semialgebraic.krawczyk import (
    NoZero,
    Undecided,
    UniqueZero,
    approach,
    sharpen,
)
from semialgebraic.rational_matrices import RationalMatrix

Prover = Callable[[Instance, Proof], Fraction]

_PRECISION = 128
# The first enclosure has this many bits; then they double.
_FIRST_BITS = 64


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class IsolatedOptimum:
    """The critical point that is the only minimizer.

    Parameters
    ----------
    system : RowSpaceSystem
        The chart: which columns of V are the identity.
    box : arb_mat
        The free columns of V at the minimizer, one after another.
    lower, upper : Fraction
        lower <= OPT <= upper.
    """

    system: RowSpaceSystem
    box: arb_mat
    lower: Fraction
    upper: Fraction


def isolated_bound(
    instance: Instance, proof: Isolated, arithmetic: Arithmetic, prove: Prover
) -> Fraction:
    """Return the bound `lower` after proving OPT >= lower.

    `prove` evaluates the inner proof.
    """
    system, zero = _isolate(instance, proof, arithmetic, prove)
    # Digits enough to tell the bound from OPT, unless they are equal.
    most = 4 * _FIRST_BITS + 2 * _length(proof.lower)
    bits = _FIRST_BITS
    while True:
        optimum = _enclose(system, zero, bits)
        if optimum.lower >= proof.lower:
            return proof.lower
        if optimum.upper < proof.lower:
            raise _rejected("the optimum is below the lower bound")
        if bits >= most:
            raise _rejected("the optimum is not told from the lower bound")
        bits *= 2
        zero = UniqueZero(box=optimum.box)


def isolated_optimum(
    instance: Instance, proof: Isolated, prove: Prover, *, bits: int
) -> IsolatedOptimum:
    """Return the critical point in a box of radius about 2^-bits, and OPT.

    Raises
    ------
    RejectedCertificateError
        If a step of the proof is false; its `lower` is not looked at.
    """
    system, zero = _isolate(instance, proof, "automatic", prove)
    return _enclose(system, zero, bits)


def critical_point(system: RowSpaceSystem, right: RationalMatrix) -> UniqueZero:
    """Return the critical point next to the row space of `right`, in a tiny box.

    Raises
    ------
    RejectedCertificateError
        If there is none, or it is degenerate.
    """
    with ctx.workprec(_PRECISION):
        start = _chart(system, right)
    match approach(system.derivative, start, precision=_PRECISION):
        case UniqueZero() as zero:
            return zero
        case NoZero() | Undecided():
            raise _rejected("no critical point is proved to be next to the center")


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
    try:
        with ctx.workprec(_PRECISION):
            distance = _chart_distance(system, left, right, square)
            if distance is None:
                return False
            moved = zero.box - _chart(system, right)
            away = norm_above(moved)
            form = system.growth(zero.box, (distance + away).upper())
            return form is not None and is_definite(form, arithmetic=arithmetic)
    except ZeroDivisionError:
        return False


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
    if fmpq_mat(k, k, [_fmpq(x) for row in block.fractions() for x in row]).det() == 0:
        raise _rejected("the center is singular on the named columns")


def _chart(system: RowSpaceSystem, right: RationalMatrix) -> arb_mat:
    """Return Y* with right = right_J [I Y*], as a column."""
    k, m = system.instance.rank, len(system.free)
    block = balls(right.take(columns=list(system.columns)))
    free = block.solve(balls(right.take(columns=list(system.free))))
    return arb_mat(k * m, 1, [free[a, j] for j in range(m) for a in range(k)])


def _chart_distance(
    system: RowSpaceSystem,
    left: RationalMatrix,
    right: RationalMatrix,
    square: Fraction,
) -> arb | None:
    """Return a bound on ||Y - Y*|| for X of rank <= k with ||X - X*||^2 <= square.

    X* = U* [I Y*]. With p_i the least weight of row i, M = U*^T P U*, the rows of
    V = M^-1 U*^T P X = [I Y*] + E lie in the row space of X, and ||E||^2 is at most
    e^2 = square ||M^-1||. If e < 1, V_J = I + E_J is regular, and
    Y - Y* = V_J^-1 (E_F - E_J Y*). None says that e is not proved to be below 1.
    """
    k = system.instance.rank
    weights = system.instance.squared_weights
    least = RationalMatrix(weights.numerators.min(axis=1)[:, None], weights.denominator)
    basis = left @ right.take(columns=list(system.columns))
    spread = RationalMatrix.from_rows([[1] * k])
    inverse = balls(basis.transpose @ (least @ spread).hadamard(basis)).inv()
    e = (_arb(square) * norm_above(inverse)).sqrt()
    if not e < 1:
        return None
    chart = _chart(system, right)
    tall = arb_mat(len(system.free), k, chart.entries())
    length = (1 + norm_above(tall.transpose() * tall)).sqrt()
    return e * length / (1 - e)


def _enclose(system: RowSpaceSystem, zero: UniqueZero, bits: int) -> IsolatedOptimum:
    """Return the critical point to about `bits` bits with an enclosure of OPT."""
    box = sharpen(system.derivative, zero, bits=bits).box
    with ctx.workprec(2 * bits + _PRECISION):
        value = system.cost(box)
        if not value.is_finite():
            raise _rejected("the cost at the critical point is not bounded")
        lower, upper = _fraction(value.lower()), _fraction(value.upper())
    return IsolatedOptimum(system=system, box=box, lower=lower, upper=upper)


def _length(value: Fraction) -> int:
    return value.numerator.bit_length() + value.denominator.bit_length()


def _fmpq(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _arb(value: Fraction) -> arb:
    return arb(_fmpq(value))


def _fraction(value: arb) -> Fraction:
    """Return the exact value of a ball of radius 0."""
    exact = value.fmpq()
    return Fraction(int(exact.p), int(exact.q))


def _rejected(reason: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"isolated: {reason}.")
