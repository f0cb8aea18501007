"""Reweighted solutions that are never written out: W is given by its factors.

Contents
--------
FactoredReweighted      X = (P Q)^{o-1} o (L R), entry by entry or block by block

References
----------
[WoodruffYasuda2024]_, Section 1.1: what a reweighted solution stores.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Entries of X that are held at a time.
_BLOCK = 4_000_000


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactoredReweighted:
    """X = (P Q)^{o-1} o (L R), with 1/0 read as 0.

    Parameters
    ----------
    weight_left, weight_right : float arrays, shapes (n, r) and (r, d)
        P and Q; W = P Q has no negative entry.
    left, right : float arrays, shapes (n, m) and (m, d)
        L and R.
    """

    weight_left: Floats
    weight_right: Floats
    left: Floats
    right: Floats

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
        parts = (self.weight_left, self.weight_right, self.left, self.right)
        return int(sum(part.size for part in parts))

    def at(self, rows: Integers, columns: Integers) -> Floats:
        """Return the entries of X at these places, (r + m) products each."""
        weights = np.einsum(
            "ij,ij->i", self.weight_left[rows], self.weight_right.T[columns]
        )
        values = np.einsum("ij,ij->i", self.left[rows], self.right.T[columns])
        quotient: Floats = np.divide(
            values, weights, out=np.zeros_like(values), where=weights != 0
        )
        return quotient

    def entries(self) -> Floats:
        """Return X, written out: nd numbers."""
        return self._rows(slice(None))

    def apply(self, vectors: Floats) -> Floats:
        """Return X Z for Z of shape (d,) or (d, m), some rows of X at a time."""
        n, d = self.shape
        step = max(1, _BLOCK // max(d, 1))
        starts = range(0, n, step)
        parts = [self._rows(slice(a, a + step)) @ vectors for a in starts]
        return np.concatenate(parts) if parts else np.zeros((0, *vectors.shape[1:]))

    def _rows(self, rows: slice) -> Floats:
        """Return these rows of X."""
        weights = self.weight_left[rows] @ self.weight_right
        values = self.left[rows] @ self.right
        quotient: Floats = np.divide(
            values, weights, out=np.zeros_like(values), where=weights != 0
        )
        return quotient
