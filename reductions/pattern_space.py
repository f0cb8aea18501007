"""Pattern space: a few Gram matrices instead of n rows.

Let omega = omega[:, e] H with H >= 0 and let the rows of proportional weights form
groups g, omega_i = s_i w_g. For v in R^d put t_l = v^T diag(H_l) v. Eliminating u at
rank one,

    cost(v) = sum omega A^2 - F(v),    F(v) = sum_g v^T M_g v / s_g(t),
    M_g = sum_{i in g} s_i (w_g o a_i)(w_g o a_i)^T,    s_g(t) = sum_l w_g[e_l] t_l.

At rank k the captured energy is sum_g tr(D_g^-1 V M_g V^T), D_g = V diag(w_g) V^T, the
sum of F over the rows of V where all V diag(H_l) V^T are diagonal. Everything here is
an exact integer after multiplication with `scale`.

Contents
--------
PatternSpace        the exact formulation of an instance
pattern_space       build it from an instance and a factorization of its weights

Notation
--------
w_g is the primitive integer weight row of group g. With omega = w/beta and A = a/alpha
(integers w, a): `scale` = beta alpha^2, `energy` = scale * sum omega A^2, and
scale * F(v) = sum_g v^T K_g v / sigma_g(t) with `grams` K_g and
sigma_g(t) = ``group_weights[g]`` . t.

References
----------
docs/proofs.md; [RazenshteynSongWoodruff2016]_ for the elimination by Cramer's rule.
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSpace:
    """The exact pattern-space formulation of an instance.

    Parameters
    ----------
    grams : tuple of integer arrays, each (d, d)
        K_g, positive semidefinite.
    weight_rows : integer array, shape (n_groups, d)
        Primitive weight row w_g of each group.
    group_weights : integer array, shape (n_groups, s)
        Its entries at the generators.
    factorization : WeightFactorization
        Generators e and shares H (s x d).
    energy, scale : int
        scale * sum omega A^2, and scale.
    labels : int array, shape (n,)
        Group of each row.
    """

    grams: tuple[IntegerArray, ...]
    weight_rows: IntegerArray
    group_weights: IntegerArray
    factorization: WeightFactorization
    energy: int
    scale: int
    labels: NDArray[np.int64]

    @property
    def n_groups(self) -> int:
        """Number of groups of proportional weight rows."""
        return len(self.grams)

    @property
    def dimension(self) -> int:
        """Dimension of the simplex that is searched."""
        return len(self.factorization.generators) - 1


def pattern_space(
    instance: Instance, factorization: WeightFactorization
) -> PatternSpace:
    """Build the formulation; the factorization is verified exactly.

    Raises
    ------
    NotApplicableError
        If a row has no weight, or the factorization is wrong.

    Examples
    --------
    >>> from reductions.weight_factorization import factor_weights
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 2]])
    >>> space = pattern_space(
    ...     Instance(data=A, squared_weights=omega, rank=1), factor_weights(omega)
    ... )
    >>> space.dimension, space.n_groups, [gram.tolist() for gram in space.grams]
    (1, 2, [[[1, 2], [2, 4]], [[9, 24], [24, 64]]])
    """
    weights = instance.squared_weights
    if not factorization.is_valid_for(weights):
        raise NotApplicableError("the factorization of the weights does not hold.")
    labels, first, content = ray_classes(weights.numerators)
    if (content == 0).any():
        raise NotApplicableError("a row has no weight; drop it first.")
    divisor = content[first][:, None]
    weight_rows = integer_arrays.narrow(weights.numerators[first] // divisor)
    grams = tuple(
        _group_gram(instance, np.flatnonzero(labels == g), weight_rows[g], content)
        for g in range(len(first))
    )
    data = instance.data.numerators
    energy = integer_arrays.total(
        integer_arrays.multiply(integer_arrays.multiply(weights.numerators, data), data)
    )
    return PatternSpace(
        grams=grams,
        weight_rows=weight_rows,
        group_weights=weight_rows[:, list(factorization.generators)],
        factorization=factorization,
        energy=energy,
        scale=weights.denominator * instance.data.denominator**2,
        labels=labels,
    )


def _group_gram(
    instance: Instance,
    rows: NDArray[np.int64],
    weight_row: IntegerArray,
    content: IntegerArray,
) -> IntegerArray:
    """Return sum_i c_i (w o a_i)(w o a_i)^T over the rows of one group."""
    data = instance.data.numerators[rows]
    scaled = integer_arrays.multiply(data, content[rows][:, None])
    gram = integer_arrays.matmul(scaled.T, data)
    gram = integer_arrays.multiply(gram, weight_row[:, None])
    return integer_arrays.multiply(gram, weight_row[None, :])
