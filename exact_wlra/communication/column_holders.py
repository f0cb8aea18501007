"""A server of the adaptive protocol: some columns of A, and the common columns so far.

Contents
--------
ColumnHolder        draws columns, learns columns, finds coefficients

References
----------
[DeshpandeRademacherVempalaWang2006]_
"""

from collections.abc import Sequence
from typing import final

import numpy as np

from exact_wlra.communication.column_selection import independent_columns
from exact_wlra.communication.messages import SparseColumns
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.receiver import least_squares
from semialgebraic.integer_arrays import IntegerArray, integers, multiply
from semialgebraic.rational_matrices import RationalMatrix

# What is left of B below this part of it is rounding error.
_FLOOR = 1e-24


@final
class ColumnHolder:
    """One server's memory.

    Parameters
    ----------
    public : PublicInput
        W of all columns: the common columns need theirs.
    share : slice
        Which columns are its own.
    own : integer array, shape (n, d_i)
        Its columns of A, zero where W is zero.
    seed : list of int
        Of its draws.

    Examples
    --------
    >>> public = PublicInput.of([[1, 1], [1, 1]], rank=1)
    >>> holder = ColumnHolder(public, slice(0, 2), integers([[1, 2], [3, 6]]), [0])
    >>> holder.loss(), holder.draw(1).indices in {(0,), (1,)}
    (50.0, True)
    """

    def __init__(
        self, public: PublicInput, share: slice, own: IntegerArray, seed: Sequence[int]
    ) -> None:
        self._public = public
        self._own = own
        self._weighted = multiply(public.weights[:, share], own)
        self._known: dict[int, IntegerArray] = {}
        self._residual = self._weighted.astype(np.float64)
        self._floor = _FLOOR * float(np.vdot(self._residual, self._residual))
        self._draws = np.random.Generator(np.random.PCG64(list(seed)))

    def loss(self) -> float:
        """Return ||B_i - P_V B_i||_F^2 in floats; zero where it is rounding error."""
        loss = float(np.vdot(self._residual, self._residual))
        return loss if loss > self._floor else 0.0

    def draw(self, count: int) -> SparseColumns:
        """Return the columns that `count` draws proportional to the loss select."""
        norms = np.einsum("ij,ij->j", self._residual, self._residual)
        indices: list[int] = []
        if count and norms.sum() > 0:
            chances = norms / norms.sum()
            drawn = self._draws.choice(len(norms), size=count, p=chances)
            indices = sorted({int(j) for j in drawn})
        return SparseColumns(indices=tuple(indices), entries=self._own[:, indices])

    def learn(self, news: Sequence[SparseColumns]) -> None:
        """Add columns, indexed in the whole matrix, to the common ones."""
        for columns in news:
            for place, j in enumerate(columns.indices):
                self._known[j] = columns.entries[:, place]
        basis = np.linalg.qr(self._basis(sorted(self._known)).astype(np.float64))[0]
        matrix = self._weighted.astype(np.float64)
        self._residual = matrix - basis @ (basis.T @ matrix)

    def coefficients(self) -> tuple[SparseColumns, RationalMatrix]:
        """Return a basis of the common columns and the best coefficients, exactly.

        All servers know the same columns and take the same basis.
        """
        known = sorted(self._known)
        chosen = [known[j] for j in independent_columns(self._basis(known))]
        entries = self._entries(chosen)
        right = least_squares(self._basis(chosen), self._weighted)
        return SparseColumns(indices=tuple(chosen), entries=entries), right

    def _basis(self, indices: list[int]) -> IntegerArray:
        """Return the columns of W o A."""
        return multiply(self._public.weights[:, indices], self._entries(indices))

    def _entries(self, indices: list[int]) -> IntegerArray:
        """Return the columns of A."""
        n = len(self._public.weights)
        entries = np.zeros((n, len(indices)), dtype=object)
        for place, j in enumerate(indices):
            entries[:, place] = self._known[j]
        return integers(entries)
