"""What an approximation is made of: few numbers that determine an n x d matrix X.

A cost alone says little: X = A costs nothing. The form of X says how many numbers are
stored and what the rank of X can be, and applies X to vectors without writing it out.

Contents
--------
LowRank             X = L R
Reweighted          X = W^{o-1} o (L R), W stored by its factors
HadamardProduct     X = (P Q) o (L R)
ColumnSubset        X = W^{o-1} o ((W o A)|_S C): columns of A and coefficients
GroupedRows         X = L_g R_g on the rows of group g
GroupedColumns      X = L_g R_g on the columns of group g
Form                any of them

Notes on the implementation
---------------------------
Each form has the same five members: `shape`, `rank_bound`, `n_numbers`, `entries` and
`apply`. W^{o-1} is the entrywise inverse with 1/0 read as 0.

References
----------
[WoodruffYasuda2024]_, Section 1.1.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.factored_reweighted import FactoredReweighted
from exact_wlra.heuristics.structured_weights import StructuredWeights, apply_hadamard

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LowRank:
    """X = L R with L (n x m) and R (m x d): rank at most m, (n + d) m numbers."""

    left: Floats
    right: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        n, d = self.left.shape[0], self.right.shape[1]
        return n, d

    @property
    def rank_bound(self) -> int:
        """What rank X is at most."""
        return int(min(self.left.shape[1], *self.shape))

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored."""
        return int(self.left.size + self.right.size)

    def entries(self) -> Floats:
        """Return X, written out."""
        product: Floats = self.left @ self.right
        return product

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m)."""
        product: Floats = self.left @ (self.right @ vectors)
        return product


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reweighted:
    """X = W^{o-1} o (L R) with L (n x m), R (m x d): of any rank.

    Parameters
    ----------
    root_weights : float array, shape (n, d)
        W; held here written out, counted by its factors.
    weight_rank : int
        r: W is stored as two factors with (n + d) r numbers.
    inverse_weights : StructuredWeights, optional
        W^{o-1} by its structure, stored in place of factors: X is applied unformed.
    """

    root_weights: Floats
    weight_rank: int
    left: Floats
    right: Floats
    inverse_weights: StructuredWeights | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        n, d = self.left.shape[0], self.right.shape[1]
        return n, d

    @property
    def rank_bound(self) -> int:
        """What rank X is at most: W^{o-1} may have full rank."""
        return min(self.shape) if self.left.shape[1] else 0

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored, the factors of W among them."""
        n, d = self.shape
        structure = self.inverse_weights
        weights = (
            (n + d) * self.weight_rank if structure is None else structure.n_numbers
        )
        return int(self.left.size + self.right.size) + weights

    def entries(self) -> Floats:
        """Return X, written out."""
        return divided(self.left @ self.right, self.root_weights)

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m), unformed if W is structured."""
        if self.inverse_weights is None:
            product: Floats = self.entries() @ vectors
            return product
        columns = vectors[:, None] if vectors.ndim == 1 else vectors
        applied = apply_hadamard(self.inverse_weights, self.left, self.right, columns)
        return applied[:, 0] if vectors.ndim == 1 else applied


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HadamardProduct:
    """X = (P Q) o (L R): rank at most the product of the two ranks."""

    inverse_left: Floats
    inverse_right: Floats
    left: Floats
    right: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        n, d = self.left.shape[0], self.right.shape[1]
        return n, d

    @property
    def rank_bound(self) -> int:
        """What rank X is at most (Lemma 2.1)."""
        product = self.inverse_left.shape[1] * self.left.shape[1]
        return int(min(product, *self.shape))

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored."""
        parts = (self.inverse_left, self.inverse_right, self.left, self.right)
        return int(sum(part.size for part in parts))

    def entries(self) -> Floats:
        """Return X, written out."""
        product: Floats = (self.inverse_left @ self.inverse_right) * (
            self.left @ self.right
        )
        return product

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m), one rank-one factor at a time."""
        columns = vectors[:, None] if vectors.ndim == 1 else vectors
        total = np.zeros((self.shape[0], columns.shape[1]))
        for p, q in zip(self.inverse_left.T, self.inverse_right, strict=True):
            scaled = self.right @ (q[:, None] * columns)
            total += p[:, None] * (self.left @ scaled)
        return total[:, 0] if vectors.ndim == 1 else total


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ColumnSubset:
    """X = W^{o-1} o ((W o A)|_S C), with C = Y Z of shape (s, d).

    Parameters
    ----------
    columns : int array, shape (s,)
        S, indices of columns from 0.
    selected : float array, shape (n, s)
        A|_S; with W it gives (W o A)|_S.
    mixing, right : float arrays, shapes (s, m) and (m, d)
        Y and Z. Where C is not factored, Y is the identity and is not counted.
    """

    root_weights: Floats
    weight_rank: int
    columns: Integers
    selected: Floats
    mixing: Floats | None
    right: Floats

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        return self.selected.shape[0], self.right.shape[1]

    @property
    def rank_bound(self) -> int:
        """What rank X is at most: W^{o-1} may have full rank."""
        return min(self.shape) if len(self.columns) else 0

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored: columns, their indices, coefficients, W."""
        n, d = self.shape
        mixing = 0 if self.mixing is None else self.mixing.size
        stored = self.selected.size + self.columns.size + mixing + self.right.size
        return int(stored) + (n + d) * self.weight_rank

    def entries(self) -> Floats:
        """Return X, written out."""
        basis = self.root_weights[:, self.columns] * self.selected
        left = basis if self.mixing is None else basis @ self.mixing
        return divided(left @ self.right, self.root_weights)

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m); X is written out for it."""
        product: Floats = self.entries() @ vectors
        return product


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupedRows:
    """X restricted to the rows of group g is L_g R_g: rank at most the sum over g.

    Parameters
    ----------
    labels : int array, shape (n,)
        Group of each row, from 0.
    left : float array, shape (n, m)
        Row i of L; groups of smaller rank have zeros in the last places.
    rights : tuple of float arrays, shapes (m_g, d)
        R_g.
    """

    labels: Integers
    left: Floats
    rights: tuple[Floats, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        return self.left.shape[0], self.rights[0].shape[1]

    @property
    def rank_bound(self) -> int:
        """What rank X is at most."""
        return min(sum(len(right) for right in self.rights), *self.shape)

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored, the labels among them."""
        sizes = np.bincount(self.labels, minlength=len(self.rights))
        rows = sum(
            int(size) * len(right)
            for size, right in zip(sizes, self.rights, strict=True)
        )
        return rows + sum(right.size for right in self.rights) + len(self.labels)

    def entries(self) -> Floats:
        """Return X, written out."""
        return self.apply(np.eye(self.shape[1]))

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m)."""
        product = np.zeros((self.shape[0], *vectors.shape[1:]))
        for group, right in enumerate(self.rights):
            rows = self.labels == group
            product[rows] = self.left[rows, : len(right)] @ (right @ vectors)
        return product


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GroupedColumns:
    """X restricted to the columns of group g is L_g R_g: X^T is a `GroupedRows`.

    Parameters
    ----------
    flipped : GroupedRows
        X^T.
    """

    flipped: GroupedRows

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of X."""
        d, n = self.flipped.shape
        return n, d

    @property
    def rank_bound(self) -> int:
        """What rank X is at most."""
        return self.flipped.rank_bound

    @property
    def n_numbers(self) -> int:
        """How many numbers are stored, the labels among them."""
        return self.flipped.n_numbers

    def entries(self) -> Floats:
        """Return X, written out."""
        return self.flipped.entries().T

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m)."""
        product = np.zeros((self.shape[0], *vectors.shape[1:]))
        for group, right in enumerate(self.flipped.rights):
            columns = self.flipped.labels == group
            left = self.flipped.left[columns, : len(right)]
            product += right.T @ (left.T @ vectors[columns])
        return product


Form = (
    LowRank
    | Reweighted
    | FactoredReweighted
    | HadamardProduct
    | ColumnSubset
    | GroupedRows
    | GroupedColumns
)


def divided(numerators: Floats, weights: Floats) -> Floats:
    """Return W^{o-1} o M, with zero where W is zero.

    Never infinite there: zero times infinity would spoil the cost.

    Examples
    --------
    >>> divided(np.array([[3.0, 5.0]]), np.array([[2.0, 0.0]])).tolist()
    [[1.5, 0.0]]
    """
    quotient: Floats = np.divide(
        numerators, weights, out=np.zeros_like(numerators), where=weights != 0
    )
    return quotient
