"""Weights made of rank-one blocks and sparse entries, inverted entry by entry.

W = E + sum_i u_i v_i^T on disjoint rectangles, E sparse. The entrywise inverse has the
same structure, and W^{o-1} o (X Y) is applied to vectors without being written out.
Works on floats and, exactly, on arrays of fractions.

Contents
--------
RankOneBlock            u v^T on a rectangle of rows and columns
StructuredWeights       the sum, its entries, its entrywise inverse
apply_hadamard          (W o (X Y)) Z without forming a matrix
hadamard_operator       the same as a SciPy LinearOperator, with its adjoint

Notes on the implementation
---------------------------
*Statement (Lemma A.1).* W^{o-1} = E' + sum_i (1/u_i) (1/v_i)^T, where E' has the
support of E and E'_ab = 1 / W_ab - sum_i (S_i^{o-1})_ab; 1/0 is read as 0, so that
E'_ab = -sum_i (S_i^{o-1})_ab where E cancels a block. With p = sum_i |R_i| + |C_i|
numbers in the blocks, storage is nnz(E) + p and one application to a vector costs
O(k (nnz(E) + p)) for factors of rank k.

The lemma says nothing of ranks: all-ones less the identity has full rank. It makes
application fast; Theorem 1.2 needs rank W.

References
----------
[WoodruffYasuda2024]_, Lemma A.1.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError

if TYPE_CHECKING:
    from scipy.sparse.linalg import LinearOperator

# float64, or object arrays of int and Fraction.
Numbers = NDArray[Any]
Integers = NDArray[np.int64]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RankOneBlock:
    """The matrix u v^T on rows R and columns C, zero elsewhere.

    Parameters
    ----------
    rows, columns : int arrays
        R and C, from 0, each without repetition.
    left, right : arrays, as long as R and C
        u and v; no entry is zero.
    """

    rows: Integers
    columns: Integers
    left: Numbers
    right: Numbers

    def at(self, rows: Integers, columns: Integers, shape: tuple[int, int]) -> Numbers:
        """Return the entries at these places of a matrix of this shape."""
        row_places = np.full(shape[0], -1)
        column_places = np.full(shape[1], -1)
        row_places[self.rows] = np.arange(len(self.rows))
        column_places[self.columns] = np.arange(len(self.columns))
        a, b = row_places[rows], column_places[columns]
        inside = (a >= 0) & (b >= 0)
        values = np.zeros(len(rows), dtype=np.result_type(self.left, self.right))
        values[inside] = self.left[a[inside]] * self.right[b[inside]]
        return values


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StructuredWeights:
    """W = E + sum of blocks on disjoint rectangles.

    Parameters
    ----------
    shape : (int, int)
        n and d.
    blocks : tuple of RankOneBlock
        Their rectangles do not meet.
    rows, columns, values : arrays of one length
        E: places, each once, and what is added there.

    Examples
    --------
    >>> whole = RankOneBlock(
    ...     rows=np.array([0, 1]),
    ...     columns=np.array([0, 1]),
    ...     left=np.array([1.0, 2.0]),
    ...     right=np.array([1.0, 4.0]),
    ... )
    >>> W = StructuredWeights.of((2, 2), [whole], [(0, 0, 1.0), (1, 1, -8.0)])
    >>> W.entries().tolist()
    [[2.0, 4.0], [2.0, 0.0]]
    >>> W.inverse().entries().tolist()
    [[0.5, 0.25], [0.5, 0.0]]
    """

    shape: tuple[int, int]
    blocks: tuple[RankOneBlock, ...]
    rows: Integers
    columns: Integers
    values: Numbers

    @classmethod
    def of(
        cls,
        shape: tuple[int, int],
        blocks: Iterable[RankOneBlock] = (),
        sparse: Iterable[tuple[int, int, Any]] = (),
    ) -> Self:
        """Return the sum of blocks and of entries (row, column, value).

        Raises
        ------
        InvalidProblemError
            If an index is out of range or repeated, a factor of a block has a zero, or
            two rectangles meet.
        """
        triples = list(sparse)
        values = np.array([value for _, _, value in triples])
        made = cls(
            shape=shape,
            blocks=tuple(blocks),
            rows=np.array([row for row, _, _ in triples], dtype=np.int64),
            columns=np.array([column for _, column, _ in triples], dtype=np.int64),
            values=values,
        )
        made._check()
        return made

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored, indices not counted."""
        sizes = (len(block.rows) + len(block.columns) for block in self.blocks)
        return len(self.values) + sum(sizes)

    def entries(self) -> Numbers:
        """Return W, written out."""
        factors = (x for b in self.blocks for x in (b.left, b.right))
        whole = np.zeros(self.shape, dtype=np.result_type(self.values, *factors))
        for block in self.blocks:
            whole[np.ix_(block.rows, block.columns)] = np.multiply.outer(
                block.left, block.right
            )
        whole[self.rows, self.columns] += self.values
        return whole

    def inverse(self) -> "StructuredWeights":
        """Return W^{o-1}, with 1/0 read as 0."""
        blocks = tuple(
            RankOneBlock(
                rows=block.rows,
                columns=block.columns,
                left=_reciprocals(block.left),
                right=_reciprocals(block.right),
            )
            for block in self.blocks
        )
        covered, inverted = self.values, np.zeros_like(self.values)
        for before, after in zip(self.blocks, blocks, strict=True):
            covered = covered + before.at(self.rows, self.columns, self.shape)
            inverted = inverted + after.at(self.rows, self.columns, self.shape)
        return StructuredWeights(
            shape=self.shape,
            blocks=blocks,
            rows=self.rows,
            columns=self.columns,
            values=_reciprocals(covered) - inverted,
        )

    def transpose(self) -> "StructuredWeights":
        """Return W^T."""
        return StructuredWeights(
            shape=self.shape[::-1],
            blocks=tuple(
                RankOneBlock(
                    rows=block.columns,
                    columns=block.rows,
                    left=block.right,
                    right=block.left,
                )
                for block in self.blocks
            ),
            rows=self.columns,
            columns=self.rows,
            values=self.values,
        )

    def _check(self) -> None:
        """Refuse what is not a sum of disjoint blocks and sparse entries."""
        n, d = self.shape
        places = {
            (int(a), int(b)) for a, b in zip(self.rows, self.columns, strict=True)
        }
        if len(places) < len(self.rows):
            raise InvalidProblemError("a sparse entry is given twice; add the two.")
        if not all(0 <= a < n and 0 <= b < d for a, b in places):
            raise InvalidProblemError(f"a sparse entry lies outside {n} x {d}.")
        for number, block in enumerate(self.blocks, start=1):
            for indices, factor, size in (
                (block.rows, block.left, n),
                (block.columns, block.right, d),
            ):
                _check_side(number, indices, factor, size)
            for other in self.blocks[: number - 1]:
                if (
                    np.intersect1d(block.rows, other.rows).size
                    and np.intersect1d(block.columns, other.columns).size
                ):
                    raise InvalidProblemError(
                        f"block {number} meets an earlier block; overlapping sums of "
                        "blocks have no structured inverse: cut them apart."
                    )


def apply_hadamard(
    weights: StructuredWeights, left: Numbers, right: Numbers, vectors: Numbers
) -> Numbers:
    """Return (W o (L R)) Z, exactly if everything is.

    Parameters
    ----------
    weights : StructuredWeights, shape (n, d)
        W, or an inverse.
    left, right : arrays, shapes (n, k) and (k, d)
        L and R.
    vectors : array, shape (d, m)
        Z.

    Examples
    --------
    >>> from fractions import Fraction
    >>> half = np.array([Fraction(1, 2), Fraction(1)], dtype=object)
    >>> block = RankOneBlock(
    ...     rows=np.arange(2), columns=np.arange(2), left=half, right=half
    ... )
    >>> ones = np.full((2, 1), Fraction(1))
    >>> W = StructuredWeights.of((2, 2), [block])
    >>> apply_hadamard(W.inverse(), ones, ones.T, ones).ravel().tolist()
    [Fraction(6, 1), Fraction(3, 1)]
    """
    products = np.sum(left[weights.rows] * right[:, weights.columns].T, axis=1)
    terms = (weights.values * products)[:, None] * vectors[weights.columns]
    dtype = np.result_type(
        left, right, vectors, weights.values, *(b.left for b in weights.blocks)
    )
    total = np.zeros((weights.shape[0], vectors.shape[1]), dtype=dtype)
    np.add.at(total, weights.rows, terms.astype(dtype))
    for block in weights.blocks:
        scaled = block.right[:, None] * vectors[block.columns]
        inner = right[:, block.columns] @ scaled
        total[block.rows] += block.left[:, None] * (left[block.rows] @ inner)
    return total


def hadamard_operator(
    weights: StructuredWeights, left: Numbers, right: Numbers
) -> "LinearOperator":
    """Return z -> (W o (L R)) z and its adjoint as a SciPy LinearOperator, in floats.

    Examples
    --------
    >>> W = StructuredWeights.of((2, 2), sparse=[(0, 1, 2.0)])
    >>> operator = hadamard_operator(W, np.ones((2, 1)), np.ones((1, 2)))
    >>> (operator @ np.array([1.0, 3.0])).tolist(), (operator.T @ np.ones(2)).tolist()
    ([6.0, 0.0], [0.0, 2.0])
    """
    from scipy.sparse.linalg import LinearOperator

    flipped = weights.transpose()

    def forward(vectors: Numbers) -> Numbers:
        return apply_hadamard(weights, left, right, vectors)

    def backward(vectors: Numbers) -> Numbers:
        return apply_hadamard(flipped, right.T, left.T, vectors)

    return LinearOperator(
        shape=weights.shape,
        dtype=np.float64,
        matvec=lambda vector: forward(vector.reshape(-1, 1)).ravel(),
        rmatvec=lambda vector: backward(vector.reshape(-1, 1)).ravel(),
        matmat=forward,
        rmatmat=backward,
    )


def _reciprocals(values: Numbers) -> Numbers:
    """Return 1/x entry by entry, with 1/0 read as 0; fractions stay fractions."""
    if values.dtype == object:
        from fractions import Fraction

        exact = [Fraction(1) / x if x != 0 else Fraction(0) for x in values]
        return np.array([*exact, None], dtype=object)[:-1]  # also of no numbers
    reals = values.astype(np.float64)
    return np.divide(1.0, reals, out=np.zeros_like(reals), where=reals != 0)


def _check_side(number: int, indices: Integers, factor: Numbers, size: int) -> None:
    """Refuse a block whose rows or columns do not fit its factor."""
    if len(indices) != len(factor):
        raise InvalidProblemError(
            f"block {number} has {len(indices)} indices and {len(factor)} numbers; "
            "give one number for each."
        )
    if len(np.unique(indices)) < len(indices) or not all(
        0 <= i < size for i in indices
    ):
        raise InvalidProblemError(
            f"block {number} has an index repeated or out of range; there are {size}."
        )
    if any(x == 0 for x in factor):
        raise InvalidProblemError(
            f"block {number} has a zero in a factor; leave that row or column out."
        )
