"""Rows with proportional weights merge through their Gram matrix (mathematics C3).

*Statement.* Let the rows i of a class have weights omega_i = s_i omega_0. For fixed V
their optimal cost depends only on G = sum_i s_i a_i^T a_i (on the support of omega_0).
If G = sum_l delta_l l_l^T l_l with delta_l > 0, the rows l_l with weights
delta_l omega_0 have the same optimal cost for every V.
*Accepts* classes with more rows than the rank of their data. *Produces* at most rank G
rows per class. *Lifts by* weighted least squares of every original row on V.
*Guarantee* infimum and attainment (the inner minimum over U is attained).

Contents
--------
MergedGram           the record of the reduction
merge_proportional   the reduction, for rows or columns
gram_factor          rational LDL^T of a positive semidefinite integer matrix

Notes on the implementation
---------------------------
LDL^T stays in the rationals: no square roots, the multiplicities delta carry them. Its
entries are ratios of minors, so their bitsize grows with the order; the reduction
therefore declines orders above `LARGEST_ORDER`.

References
----------
[RazenshteynSongWoodruff2016]_
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from reductions.guarantees import LOSSLESS, Factor, Guarantee
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

LARGEST_ORDER = 40
# Long rationals must buy something: the number of rows falls at least by this factor.
LEAST_SHRINKAGE = Fraction(3, 2)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MergedGram:
    """Rows (axis 0) or columns (axis 1) of proportional weights merged."""

    original: Instance
    instance: Instance
    axis: int
    guarantee: Guarantee = LOSSLESS
    name: str = "gram"

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Refit every original row to V (column to U) by weighted least squares."""
        exact = isinstance(right, RationalMatrix)
        data, weights = self.original.data, self.original.squared_weights
        if self.axis == 1:
            data, weights = data.transpose, weights.transpose
            fixed: Any = left.transpose if exact else left.T
        else:
            fixed = right
        if exact:
            fitted = solve_rows(data, weights, fixed)
            return (fitted, right) if self.axis == 0 else (left, fitted.transpose)
        fitted = solve_rows(data.to_float(), weights.to_float(), fixed)
        return (fitted, right) if self.axis == 0 else (left, fitted.T)


def merge_proportional(instance: Instance, *, axis: int) -> MergedGram | None:
    """Merge rows (axis 0) or columns (axis 1), or return None if nothing shrinks.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 0], [0, 1], [1, 1], [2, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [2, 2], [1, 1], [3, 3]])
    >>> merged = merge_proportional(
    ...     Instance(data=A, squared_weights=omega, rank=1), axis=0
    ... )
    >>> merged.instance.shape
    (2, 2)
    """
    if axis == 1:
        merged = merge_proportional(instance.transpose, axis=0)
        if merged is None:
            return None
        return MergedGram(original=instance, instance=merged.instance.transpose, axis=1)
    weights = instance.squared_weights
    if not 0 < instance.shape[1] <= LARGEST_ORDER:
        return None
    labels, first, content = ray_classes(weights.numerators)
    counts = np.bincount(labels, minlength=len(first))
    if counts.max(initial=0) <= 1:
        return None
    parts = []
    shrinks = False
    for label, representative in enumerate(first):
        rows = np.flatnonzero(labels == label)
        part = _merge_class(instance, rows, representative, content[rows])
        if part is None or part.shape[0] >= len(rows):
            parts.append(instance.restrict(rows))
        else:
            parts.append(part)
            shrinks = True
    kept = sum(part.shape[0] for part in parts)
    if not shrinks or LEAST_SHRINKAGE * kept > instance.shape[0]:
        return None
    return MergedGram(original=instance, instance=_stack(parts), axis=0)


def gram_factor(
    gram: IntegerArray,
) -> list[tuple[Fraction, list[Fraction]]]:
    """Return [(delta, l)] with delta > 0 and gram = sum delta l^T l, exactly.

    Parameters
    ----------
    gram : integer array, shape (d, d)
        Symmetric positive semidefinite.

    Examples
    --------
    >>> gram_factor(np.array([[4, 2], [2, 3]]))
    [(Fraction(4, 1), [Fraction(1, 1), Fraction(1, 2)]), \
(Fraction(2, 1), [Fraction(0, 1), Fraction(1, 1)])]
    """
    from flint import fmpq

    d = gram.shape[0]
    rows = [[fmpq(int(x)) for x in row] for row in gram]
    factors = []
    for pivot in range(d):
        delta = rows[pivot][pivot]
        if delta == 0:
            continue
        line = [rows[pivot][j] / delta for j in range(pivot, d)]
        for i in range(pivot + 1, d):
            factor = rows[pivot][i]
            if factor != 0:
                row = rows[i]
                for j in range(i, d):
                    row[j] -= factor * line[j - pivot]
        exact = [Fraction(0)] * pivot + [Fraction(int(x.p), int(x.q)) for x in line]
        factors.append((Fraction(int(delta.p), int(delta.q)), exact))
    return factors


def _merge_class(
    instance: Instance, rows: Any, representative: int, content: IntegerArray
) -> Instance | None:
    """Return the rows that replace one class, or None if it cannot shrink."""
    if len(rows) <= 1:
        return None
    base = instance.squared_weights.numerators[representative]
    support = base != 0
    data = instance.data.numerators[rows] * support
    scales = RationalMatrix(content[None, :], 1)
    weighted = integer_arrays.multiply(data, scales.numerators.T)
    gram = integer_arrays.matmul(weighted.T, integer_arrays.integers(data))
    unit = int(np.gcd.reduce(base))
    factors = gram_factor(gram)
    if len(factors) >= len(rows):
        return None
    if not factors:  # no data, or no weight at all
        return instance.restrict(rows[:0])
    square = Fraction(1, instance.data.denominator**2)
    primitive = [Fraction(int(x) // unit) for x in base]
    denominator = instance.squared_weights.denominator
    lines = [line for _, line in factors]
    weights = [
        [delta * square * x / denominator for x in primitive] for delta, _ in factors
    ]
    return Instance(
        data=RationalMatrix.from_fractions(lines),
        squared_weights=RationalMatrix.from_fractions(weights),
        rank=instance.rank,
    )


def _stack(parts: list[Instance]) -> Instance:
    """Return the instance whose rows are those of the parts, in order."""
    return Instance(
        data=_stack_matrices([part.data for part in parts]),
        squared_weights=_stack_matrices([part.squared_weights for part in parts]),
        rank=parts[0].rank,
    )


def _stack_matrices(matrices: list[RationalMatrix]) -> RationalMatrix:
    """Return the matrices on top of each other, over one common denominator."""
    import math

    denominator = math.lcm(*(m.denominator for m in matrices))
    stacked = np.concatenate(
        [
            integer_arrays.multiply(m.numerators, denominator // m.denominator).astype(
                object
            )
            for m in matrices
        ]
    )
    return RationalMatrix(integer_arrays.narrow(stacked), denominator).reduced()
