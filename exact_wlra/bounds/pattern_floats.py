"""Pattern space in floating point: what the search evaluates millions of times.

Contents
--------
PatternFloats       matrices M(t), singular groups, captured energy
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.pattern_space import PatternSpace

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternFloats:
    """A floating-point copy of a pattern space, columns scaled to unit total share.

    With h_j = sum_l H_lj the unknown is x = sqrt(h) o v, so that sum_l D_l = I for the
    diagonals D_l = H_l / h and t_l = x^T D_l x has sum ||x||^2.

    Parameters
    ----------
    grams : (G, d, d)
        Gram matrices M_g in the unknown x.
    diagonals : (s, d)
        D_l.
    weights : (G, s)
        Weight row of each group at the generators.
    roots : (d,)
        sqrt(h).
    energy : float
        sum omega A^2.
    margin : float
        What the rounded Cholesky test of the checker needs, relative to a trace.
    """

    grams: Floats
    diagonals: Floats
    weights: Floats
    roots: Floats
    energy: float
    margin: float

    @classmethod
    def of(cls, space: PatternSpace) -> "PatternFloats":
        """Return the floating-point copy of an exact formulation."""
        shares = space.factorization.shares.to_float()
        total = shares.sum(axis=0)
        total = np.where(total > 0, total, 1.0)
        roots = np.sqrt(total)
        diagonals = shares / total
        diagonals[0, diagonals.sum(axis=0) == 0] = 1.0
        # M_g and the weights of group g may be divided by the same number: only their
        # quotient counts, and merged rows can have weights beyond the range of floats.
        sizes = [max(map(int, row)).bit_length() for row in space.group_weights]
        grams = np.array(
            [
                _quotient(gram, space.scale << size)
                for gram, size in zip(space.grams, sizes, strict=True)
            ]
        )
        weights = [
            [int(x) / (1 << size) for x in row]
            for row, size in zip(space.group_weights, sizes, strict=True)
        ]
        order = grams.shape[1]
        spread = float(total.max() / total.min())
        return cls(
            grams=grams / roots[:, None] / roots[None, :],
            diagonals=diagonals,
            weights=np.array(weights),
            roots=roots,
            energy=space.energy / space.scale,
            margin=8.0 * (order + 4) * 2.0**-53 * spread,
        )

    @property
    def has_zeros(self) -> bool:
        """Tell whether some group has no weight on some generator."""
        return bool((self.weights <= 0).any())

    def singular_groups(self, vertices: Floats) -> NDArray[np.bool_]:
        """Return for points (K, s) which groups have no weight there, (K, G)."""
        singular: NDArray[np.bool_] = vertices @ self.weights.T <= 0
        return singular

    def matrices(self, vertices: Floats, excluded: NDArray[np.bool_]) -> Floats:
        """Return M(t) = sum_g M_g / s_g(t) over the groups that are not excluded.

        Parameters
        ----------
        vertices : (K, s)
        excluded : (K, G)
        """
        sigma = vertices @ self.weights.T
        coefficients = np.divide(1.0, sigma, out=np.zeros_like(sigma), where=sigma > 0)
        coefficients[excluded] = 0.0
        count, order = len(vertices), self.grams.shape[1]
        flat = coefficients @ self.grams.reshape(len(self.grams), -1)
        return flat.reshape(count, order, order)

    def captures(self, points: Floats) -> Floats:
        """Return the captured energy F at points x (K, d)."""
        sigma = ((points * points) @ self.diagonals.T) @ self.weights.T
        quadratic = np.stack(
            [np.einsum("kj,kj->k", points @ gram, points) for gram in self.grams],
            axis=1,
        )
        terms = np.divide(
            quadratic, sigma, out=np.zeros_like(quadratic), where=sigma > 1e-300
        )
        total: Floats = np.nan_to_num(terms.sum(axis=1))
        return total


def _quotient(gram: object, scale: int) -> Floats:
    """Return the integer matrix over `scale` as floats."""
    array = np.asarray(gram)
    if array.dtype == np.int64 and scale < 1 << 62:
        return array.astype(float) / float(scale)
    flat = [int(x) / scale for x in array.ravel()]
    return np.array(flat, dtype=float).reshape(array.shape)
