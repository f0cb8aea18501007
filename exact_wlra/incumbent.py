"""Factors in hand: from floating point to short rationals with an exact cost.

Contents
--------
Incumbent           exact factors with their exact cost
round_factors       round floating-point factors; the cost is evaluated exactly
exact_factors       factors of data of rank at most k, cost zero
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

# Numbers of significant bits that are tried, in this order.
_BITS = (16, 24, 32, 44, 60)
# Entries up to which U is refitted to the rounded V.
_REFITTED_ENTRIES = 4_000_000
# Costs this close to that of the unrounded factors are close enough, and parts of the
# energy below this are rounding errors of floats.
_CLOSE, _NOISE = 1.001, 1e-18


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Incumbent:
    """Rational factors U (n x k), V (k x d) and cost(U, V), exactly."""

    left: RationalMatrix
    right: RationalMatrix
    cost: Fraction


def round_factors(
    instance: Instance,
    left: NDArray[np.float64],
    right: NDArray[np.float64],
    *,
    tolerance: float,
) -> Incumbent:
    """Round factors to the fewest bits that cost at most `tolerance`, relatively.

    Bits are added until one more step no longer lowers the exact cost by more than
    `tolerance` times the cost, and the cost is that of the factors before rounding.
    Where their entries differ too much in size for that, the floats are kept.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [2, 4]])
    >>> instance = Instance(data=A, squared_weights=A, rank=1)
    >>> round_factors(
    ...     instance, np.array([[1.0], [2.0]]), np.array([[1.0, 2.0]]), tolerance=1e-6
    ... ).cost
    Fraction(0, 1)
    """
    k = right.shape[0]
    if k == 0:
        return zero_incumbent(instance)
    left, right = _balanced(left, right)
    best = zero_incumbent(instance)
    floats = _floats(instance)
    # The cost that rounding should keep; unknown where it is too long to evaluate.
    aim = float("inf")
    if floats is not None:
        candidates = [left, solve_rows(*floats, right)]
        costs = [_float_cost(*floats, candidate, right) for candidate in candidates]
        aim = min(costs)
        left = candidates[costs.index(aim)]
    unrounded = left
    previous = None
    for bits in _BITS:
        exact_right = _rounded(right, bits)
        if floats is not None:
            left = solve_rows(*floats, exact_right.to_float())
        exact_left = _rounded(left, bits)
        cost = instance.cost(exact_left, exact_right)
        if cost < best.cost:
            best = Incumbent(left=exact_left, right=exact_right, cost=cost)
        stalled = previous is not None and previous - cost <= tolerance * float(cost)
        if cost == 0 or (stalled and float(cost) <= _CLOSE * aim):
            return best
        previous = cost
    if float(best.cost) > _CLOSE * aim + _NOISE * float(instance.energy()):
        exact_left = RationalMatrix.from_floats(unrounded)
        exact_right = RationalMatrix.from_floats(right)
        cost = instance.cost(exact_left, exact_right)
        if cost < best.cost:
            return Incumbent(left=exact_left, right=exact_right, cost=cost)
    return best


def zero_incumbent(instance: Instance) -> Incumbent:
    """Return U = 0, V = 0."""
    n, d = instance.shape
    k = instance.rank
    return Incumbent(
        left=RationalMatrix.zeros(n, k),
        right=RationalMatrix.zeros(k, d),
        cost=instance.energy(),
    )


def exact_factors(instance: Instance) -> Incumbent | None:
    """Return factors of cost 0 if the data, zero off the support, have rank <= k.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [2, 4]])
    >>> exact_factors(Instance(data=A, squared_weights=A, rank=1)).cost
    Fraction(0, 1)
    """
    n, d = instance.shape
    k = instance.rank
    if n > d:
        turned = exact_factors(instance.transpose)
        if turned is None:
            return None
        return Incumbent(
            left=turned.right.transpose, right=turned.left.transpose, cost=Fraction(0)
        )
    if k >= n:
        unit = np.zeros((n, k), dtype=np.int64)
        np.fill_diagonal(unit, 1)
        padded = np.zeros((k, d), dtype=instance.data.numerators.dtype)
        padded[:n] = instance.data.numerators
        return Incumbent(
            left=RationalMatrix(unit, 1),
            right=RationalMatrix(padded, instance.data.denominator),
            cost=Fraction(0),
        )
    if n > 300 or _float_rank(instance) > k:
        return None
    return _rank_factors(instance)


def _float_rank(instance: Instance) -> int:
    """Return the numerical rank of the data; an overestimate only costs time."""
    data = instance.data.to_float()
    data /= np.abs(data).max(initial=1e-300)
    values = np.linalg.eigvalsh(data @ data.T)
    return int((values > 1e-13 * max(float(values[-1]), 1e-300)).sum())


def _rank_factors(instance: Instance) -> Incumbent | None:
    """Return the exact factorization A = C R from the reduced row echelon form."""
    from flint import fmpz, fmpz_mat

    n, d = instance.shape
    k = instance.rank
    integers = fmpz_mat(n, d, [fmpz(int(x)) for x in instance.data.numerators.ravel()])
    echelon, denominator, rank = integers.rref()
    if rank > k:
        return None
    pivots = [next(j for j in range(d) if echelon[row, j] != 0) for row in range(rank)]
    left = np.zeros((n, k), dtype=object)
    left[:, :rank] = instance.data.numerators[:, pivots]
    right = np.zeros((k, d), dtype=object)
    for row in range(rank):
        for j in range(d):
            right[row, j] = int(echelon[row, j])
    scale = int(denominator)
    sign = 1 if scale > 0 else -1
    return Incumbent(
        left=RationalMatrix(left, instance.data.denominator),
        right=RationalMatrix(sign * right, sign * scale),
        cost=Fraction(0),
    )


def _floats(
    instance: Instance,
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return (data, weights) as floats, or None where there are too many entries."""
    n, d = instance.shape
    if n * d > _REFITTED_ENTRIES:
        return None
    weights = instance.squared_weights.to_float()
    return np.where(weights > 0, instance.data.to_float(), 0.0), weights


def _float_cost(
    data: NDArray[np.float64],
    weights: NDArray[np.float64],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
) -> float:
    """Return the cost in floating point."""
    residual = data - left @ right
    return float(np.einsum("ij,ij,ij->", weights, residual, residual))


def _balanced(
    left: NDArray[np.float64], right: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Scale the k components so that U and V have columns and rows of equal size."""
    tops = np.abs(left).max(axis=0, initial=0.0), np.abs(right).max(axis=1, initial=0.0)
    usable = (tops[0] > 0) & (tops[1] > 0)
    ratio = np.where(usable, tops[1] / np.where(usable, tops[0], 1.0), 1.0)
    root = 2.0 ** np.rint(np.log2(ratio) / 2)
    return left * root, right / root[:, None]


def _rounded(factor: NDArray[np.float64], bits: int) -> RationalMatrix:
    """Round to `bits` bits below the largest entry."""
    top = float(np.abs(factor).max(initial=0.0))
    exponent = int(np.ceil(np.log2(top))) if top > 0 else 0
    return RationalMatrix.rounded(factor, bits - exponent)
