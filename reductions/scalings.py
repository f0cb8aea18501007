"""Positive rank-one scalings of data and weights (mathematics C4).

*Statement.* For positive s (n) and t (d), (D_s A D_t, omega_ij / (s_i t_j)^2) has the
same cost at D_s X D_t as (A, omega) at X. *Accepts* every instance. *Produces* weights
whose rows and columns are of comparable size (s, t powers of two, so that no bits are
lost). *Lifts by* dividing U by s and V by t. *Guarantee* infimum and attainment.

Contents
--------
Scaled          the record of the reduction
scale           the reduction for given exponents
equilibrate     exponents that bring the geometric means of rows and columns near one
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.guarantees import LOSSLESS, Factor, Guarantee
from reductions.instances import Instance
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """Rows scaled by 2^row_exponents and columns by 2^column_exponents."""

    instance: Instance
    row_exponents: NDArray[np.int64]
    column_exponents: NDArray[np.int64]
    guarantee: Guarantee = LOSSLESS
    name: str = "scaling"

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Divide the rows of U and the columns of V by their scales."""
        if isinstance(left, RationalMatrix):
            return (
                _shift(left, -self.row_exponents[:, None]),
                _shift(right, -self.column_exponents[None, :]),
            )
        return (
            np.ldexp(left, -self.row_exponents[:, None]),
            np.ldexp(right, -self.column_exponents[None, :]),
        )


def scale(
    instance: Instance,
    row_exponents: NDArray[np.int64],
    column_exponents: NDArray[np.int64],
) -> Scaled:
    """Scale row i of the data by 2^row_exponents[i], column j likewise.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2]])
    >>> omega = RationalMatrix.from_rows([[4, 1]])
    >>> scaled = scale(
    ...     Instance(data=A, squared_weights=omega, rank=1),
    ...     np.array([0]),
    ...     np.array([1, 0]),
    ... )
    >>> scaled.instance.data, scaled.instance.squared_weights
    (RationalMatrix([[2, 2]]), RationalMatrix([[1, 1]]))
    """
    exponents = row_exponents[:, None] + column_exponents[None, :]
    return Scaled(
        instance=Instance(
            data=_shift(instance.data, exponents).reduced(),
            squared_weights=_shift(instance.squared_weights, -2 * exponents).reduced(),
            rank=instance.rank,
        ),
        row_exponents=row_exponents,
        column_exponents=column_exponents,
    )


def equilibrate(instance: Instance) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return exponents after which weight rows and columns have comparable sizes.

    All zero when the weights already lie within a factor 2^8 of each other.
    """
    weights = instance.squared_weights.to_float()
    n, d = weights.shape
    positive = weights > 0
    logs = np.log2(np.where(positive, weights, 1.0))
    if not positive.any() or np.ptp(logs[positive]) <= 8:
        return np.zeros(n, dtype=np.int64), np.zeros(d, dtype=np.int64)
    rows, columns = np.zeros(n), np.zeros(d)
    row_counts = np.maximum(positive.sum(axis=1), 1)
    column_counts = np.maximum(positive.sum(axis=0), 1)
    for _ in range(5):
        rest = np.where(positive, logs - columns[None, :], 0.0)
        rows = rest.sum(axis=1) / row_counts
        rest = np.where(positive, logs - rows[:, None], 0.0)
        columns = rest.sum(axis=0) / column_counts
    return (
        np.rint(rows / 2).astype(np.int64),
        np.rint(columns / 2).astype(np.int64),
    )


def _shift(matrix: RationalMatrix, exponents: NDArray[np.int64]) -> RationalMatrix:
    """Return the matrix with entry ij multiplied by 2^exponents_ij."""
    if exponents.size == 0:
        return matrix
    lowest = min(0, int(exponents.min()))
    shifts = exponents - lowest
    highest = int(shifts.max())
    numerators = matrix.numerators
    if integer_arrays.magnitude(numerators) << highest >= 1 << 62:
        shifted = numerators.astype(object) << shifts.astype(object)
    else:
        shifted = numerators << shifts
    return RationalMatrix(shifted, matrix.denominator << -lowest)
