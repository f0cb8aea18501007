"""Identical rows or columns merge with multiplicities (mathematics C1, C2).

*Statement.* Rows with equal weights and equal data on the support may be given equal
rows of X; the class costs the sum of its weights times one row's squared error.
*Accepts* every instance. *Produces* one row per class, its weight row the sum of the
class. *Lifts by* repeating rows of U. *Guarantee* infimum and attainment.

More generally rows merge when their data agree on the support and their weight rows are
proportional; the classes found here are the finest useful ones: equal data (zeroed off
the support) and equal weight rows up to a positive factor.

Contents
--------
row_classes         labels of equal rows, found by comparing bytes
ray_classes         labels of proportional rows, with the factors
MergedTypes         the record of the reduction
merge_types         the reduction, for rows or columns

Notes on the implementation
---------------------------
Rows are compared as byte strings through one dictionary: time proportional to reading
the arrays, no sorting, no n x n anything. Comparison of bytes is exact for int64;
object arrays are compared as tuples of integers.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.guarantees import LOSSLESS, Factor, Guarantee, transposed
from reductions.instances import Instance
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix


def row_classes(array: IntegerArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (labels, first): class of each row, and the first row of each class.

    Classes are numbered in order of first occurrence.

    Examples
    --------
    >>> labels, first = row_classes(np.array([[1, 2], [0, 1], [1, 2]]))
    >>> labels.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    n = array.shape[0]
    keys: list[object]
    if array.dtype == object:
        keys = list(map(tuple, array.tolist()))
    elif array.shape[1] == 0:
        keys = [()] * n
    else:
        contiguous = np.ascontiguousarray(array)
        width = contiguous.dtype.itemsize * contiguous.shape[1]
        keys = list(contiguous.view(np.dtype((np.void, width))).ravel().tolist())
    seen: dict[object, int] = {}
    labels = np.fromiter(
        (seen.setdefault(key, len(seen)) for key in keys), dtype=np.int64, count=n
    )
    first = np.full(len(seen), n, dtype=np.int64)
    np.minimum.at(first, labels, np.arange(n))
    return labels, first


def ray_classes(
    array: IntegerArray,
) -> tuple[NDArray[np.int64], NDArray[np.int64], IntegerArray]:
    """Return (labels, first, content) of the classes of positively proportional rows.

    `content[i]` is the greatest common divisor of row i, so that rows of one class are
    equal after division by it. A zero row has content 0 and forms a class of its own.

    Examples
    --------
    >>> labels, first, content = ray_classes(np.array([[2, 4], [3, 6], [1, 1]]))
    >>> labels.tolist(), content.tolist()
    ([0, 0, 1], [2, 3, 1])
    """
    if array.shape[1] == 0:
        content = np.zeros(array.shape[0], dtype=np.int64)
    else:
        content = integer_arrays.integers(np.abs(np.gcd.reduce(array, axis=1)))
    divisor = np.where(content == 0, 1, content)
    primitive = integer_arrays.narrow(array // divisor[:, None])
    labels, first = row_classes(primitive)
    return labels, first, content


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MergedTypes:
    """Rows (axis 0) or columns (axis 1) merged into one per type.

    Parameters
    ----------
    labels : int array
        Type of each original row or column, or -1 for one without weight.
    """

    instance: Instance
    axis: int
    labels: NDArray[np.int64]
    n_types: int
    guarantee: Guarantee = LOSSLESS
    name: str = "types"

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Repeat rows of U (columns of V) within each type; zero without weight."""
        if self.axis == 0:
            return _repeat(left, self.labels), right
        return left, transposed(_repeat(transposed(right), self.labels))


def merge_types(instance: Instance, *, axis: int) -> MergedTypes:
    """Merge equal rows (axis 0) or columns (axis 1); rows without weight disappear.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [1, 2], [1, 5]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [2, 2], [3, 0]])
    >>> merged = merge_types(Instance(data=A, squared_weights=omega, rank=1), axis=0)
    >>> merged.instance.squared_weights
    RationalMatrix([[3, 3], [3, 0]])
    """
    if axis == 1:
        merged = merge_types(instance.transpose, axis=0)
        return MergedTypes(
            instance=merged.instance.transpose,
            axis=1,
            labels=merged.labels,
            n_types=merged.n_types,
        )
    weights = instance.squared_weights.numerators
    data = np.where(weights == 0, 0, instance.data.numerators)
    joint, _, _ = ray_classes(weights)
    data_labels, _ = row_classes(data)
    pairs = np.stack([joint, data_labels], axis=1)
    labels, first = row_classes(pairs)
    summed = _sum_rows(weights, labels, len(first))
    alive = (summed != 0).any(axis=1) if summed.size else np.zeros(len(first), bool)
    renumbered = np.where(alive, np.cumsum(alive) - 1, -1)
    kept = first[alive]
    denominator = instance.squared_weights.denominator
    return MergedTypes(
        instance=Instance(
            data=RationalMatrix(data[kept], instance.data.denominator),
            squared_weights=RationalMatrix(summed[alive], denominator),
            rank=instance.rank,
        ),
        axis=0,
        labels=renumbered[labels],
        n_types=len(kept),
    )


def _sum_rows(
    array: IntegerArray, labels: NDArray[np.int64], n_classes: int
) -> IntegerArray:
    """Return the exact sum of the rows of each class."""
    if n_classes == array.shape[0]:
        order = np.empty(n_classes, dtype=np.int64)
        order[labels] = np.arange(n_classes)
        return array[order]
    if integer_arrays.magnitude(array) * max(array.shape[0], 1) >= 1 << 62:
        array = array.astype(object)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(n_classes))
    return integer_arrays.narrow(np.add.reduceat(array[order], starts, axis=0))


def _repeat(factor: Factor, labels: NDArray[np.int64]) -> Factor:
    """Return factor[labels], with zero rows where the label is -1."""
    if isinstance(factor, RationalMatrix):
        numerators = _repeat(factor.numerators, labels)
        return RationalMatrix(numerators, factor.denominator)
    if factor.shape[0] == 0:
        return np.zeros((len(labels), factor.shape[1]), dtype=factor.dtype)
    repeated = factor[np.maximum(labels, 0)]
    repeated[labels < 0] = 0
    return repeated
