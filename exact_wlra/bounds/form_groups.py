"""Quadratic forms for rank at most k in floating point, many blocks of X at a time.

The linear maps of `reductions.rank_forms` and their adjoints, for blocks of one shape.

Contents
--------
FormGroup           places of the blocks, and the maps from S_1, S_2, S_3 to forms
orthonormal         a basis of a span
"""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormGroup:
    """Forms on P blocks of shape (p, q), M = p q.

    Parameters
    ----------
    places : array, shape (P, M)
        Where the entries of each block stand in vec X.
    shape : (int, int)
        p and q.
    rank : int
        k.
    order : int
        Number of entries of X.
    """

    places: NDArray[np.int64]
    shape: tuple[int, int]
    rank: int
    order: int

    @property
    def zero(self) -> Floats:
        """S_1, S_2, S_3 of all blocks, (P, 3, M, M), all zero."""
        size = self.places.shape[1]
        return np.zeros((len(self.places), 3, size, size))

    def forms(self, parts: Floats) -> Floats:
        """Return the sum of the forms on vec X, (order, order)."""
        q, k = self.shape[1], self.rank
        first, second, third = (parts[:, i] for i in range(3))
        diagonal = self._trace(first + second) * (k / q)
        diagonal += self._trace(third) * (1 - k / q)
        blocks = self._swap(second - first) - (2 / k) * second
        return self._scattered(blocks + self._kronecker(diagonal))

    def adjoint(self, matrix: Floats) -> Floats:
        """Return the adjoint of `forms` at a symmetric matrix (order, order)."""
        q, k = self.shape[1], self.rank
        blocks = matrix[self.places[:, :, None], self.places[:, None, :]]
        swapped = self._swap(blocks)
        trace = self._kronecker(self._trace(blocks))
        found = np.empty_like(self.zero)
        found[:, 0] = (k / q) * trace - swapped
        found[:, 1] = (k / q) * trace + swapped - (2 / k) * blocks
        found[:, 2] = (1 - k / q) * trace
        return found

    def misfit(self, parts: Floats) -> Floats:
        """Return (S_1 + S_2 - S_3)^+ less the N x I nearest to it, (P, M, M)."""
        total = parts[:, 0] + parts[:, 1] - parts[:, 2]
        total = (total + self._swap(total)) / 2
        return total - self._kronecker(self._trace(total) / self.shape[1])

    def misfit_adjoint(self, misfit: Floats) -> Floats:
        """Return the adjoint of `misfit`."""
        total = (misfit + self._swap(misfit)) / 2
        total = total - self._kronecker(self._trace(total) / self.shape[1])
        return np.stack([total, total, -total], axis=1)

    def kernels(self, points: list[Floats]) -> Floats:
        """Return orthonormal vectors at which S_1, S_2, S_3 must vanish.

        They are those of `reductions.rank_forms.rank_form` for each X (n x d) among the
        points: (P, 3, M, r), zeros where there are fewer than r.
        """
        blocks = np.array([x.ravel()[self.places] for x in points])
        found = [
            self._kernels_of(every.reshape(-1, *self.shape))
            for every in blocks.swapaxes(0, 1)
        ]
        widest = max(basis.shape[1] for three in found for basis in three)
        kernels = np.zeros((*self.zero.shape[:3], widest))
        for i, three in enumerate(found):
            for j, basis in enumerate(three):
                kernels[i, j, :, : basis.shape[1]] = basis
        return kernels

    def _kernels_of(self, blocks: Floats) -> list[Floats]:
        """Return the three bases for one block of all points, each (M, some number)."""
        vectors = [self._vectors_of(block) for block in blocks]
        return [
            orthonormal(np.concatenate(three)) for three in zip(*vectors, strict=True)
        ]

    def _vectors_of(self, block: Floats) -> list[Floats]:
        """Return the three sets of vectors for one block, each (some number, M)."""
        k = self.rank
        left, sizes, right = np.linalg.svd(block)
        kept = min(k, len(sizes))
        columns = np.zeros((block.shape[0], k))
        columns[:, :kept] = left[:, :kept] * sizes[:kept]
        products = np.einsum("il,mj->lmij", columns, right[:k])
        minus = [products[i, j] - products[j, i] for i in range(k) for j in range(i)]
        plus = [products[i, j] + products[j, i] for i in range(k) for j in range(i)]
        plus += [products[i, i] - products[i + 1, i + 1] for i in range(k - 1)]
        rest = np.einsum("il,mj->lmij", columns, right[k:]).reshape(-1, *block.shape)
        size = block.size
        return [
            np.array(minus).reshape(-1, size),
            np.array(plus).reshape(-1, size),
            rest.reshape(-1, size),
        ]

    def _swap(self, blocks: Floats) -> Floats:
        p, q = self.shape
        cut = blocks.reshape(-1, p, q, p, q).transpose(0, 3, 2, 1, 4)
        return cut.reshape(blocks.shape)

    def _trace(self, blocks: Floats) -> Floats:
        p, q = self.shape
        trace: Floats = np.einsum("bijkj->bik", blocks.reshape(-1, p, q, p, q))
        return trace

    def _kronecker(self, small: Floats) -> Floats:
        p, q = self.shape
        large = np.zeros((len(small), p, q, p, q))
        every = np.arange(q)
        large[:, :, every, :, every] = small[None]
        return large.reshape(-1, p * q, p * q)

    def _scattered(self, blocks: Floats) -> Floats:
        places: Any = self.places[:, :, None], self.places[:, None, :]
        total = np.zeros((self.order, self.order))
        if len(blocks) == 1:
            total[places] = blocks
        else:
            np.add.at(total, places, blocks)
        return total


def orthonormal(vectors: Floats) -> Floats:
    """Return an orthonormal basis (columns) of the span of the rows.

    Examples
    --------
    >>> orthonormal(np.array([[3.0, 0.0], [5.0, 0.0]])).shape
    (2, 1)
    """
    if not len(vectors):
        return np.zeros((vectors.shape[1], 0))
    _, sizes, basis = np.linalg.svd(vectors, full_matrices=False)
    kept = sizes > 1e-9 * max(float(sizes.max(initial=0.0)), 1e-300)
    found: Floats = basis[kept].T
    return found
