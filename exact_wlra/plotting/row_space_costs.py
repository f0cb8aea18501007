"""The cost as a function of the row space alone, in floating point, for pictures.

*Statement.* For a given row space the best U is a weighted least squares problem for
each row. With v a basis vector of a row space of dimension one,

    cost(v) = sum omega A^2 - sum_g v^T M_g v / sum_j w_gj v_j^2,

and with n a normal of a row space of codimension one,

    cost(n) = sum_g n^T S_g n / sum_j (n_j^2 / w_gj),

where g runs over the classes of rows with proportional weights w_g, i over the rows of
a class, omega_i = c_i w_g, and

    M_g = sum_i c_i (w_g o a_i)(w_g o a_i)^T,    S_g = sum_i c_i a_i a_i^T.

In the plane (d = 2, rank one) a normal is used: its sum has no cancellation.

Contents
--------
RowSpaceCost        the cost at many directions at once
row_space_cost      of an instance of rank 1 or d - 1
direction_of        the direction of a row space given by a basis
"""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RowSpaceCost:
    """The cost of a row space, U eliminated.

    Parameters
    ----------
    energy : float
        The cost of X = 0.
    weight_rows, forms : float arrays, shapes (r, d) and (r, d, d)
        w_g, and S_g if directions are normals, else M_g.
    is_normal : bool
        Whether a direction is a normal of the row space, not a basis vector.
    """

    energy: float
    weight_rows: Floats
    forms: Floats
    is_normal: bool

    def at(self, directions: Floats) -> Floats:
        """Return the costs at directions (..., d).

        Examples
        --------
        >>> from semialgebraic.rational_matrices import RationalMatrix
        >>> A = RationalMatrix.from_rows([[3, 0], [0, 2]])
        >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
        >>> cost = row_space_cost(Instance(data=A, squared_weights=omega, rank=1))
        >>> cost.at(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
        [4.0, 9.0]
        """
        squares = directions**2
        total = np.zeros(directions.shape[:-1])
        with np.errstate(divide="ignore", invalid="ignore"):
            for weights, form in zip(self.weight_rows, self.forms, strict=True):
                top = np.einsum("...i,ij,...j", directions, form, directions)
                parts = squares / weights if self.is_normal else squares * weights
                bottom = np.where(squares == 0, 0.0, parts).sum(axis=-1)
                total += np.where(bottom > 0, top / bottom, 0.0)
        return np.maximum(total if self.is_normal else self.energy - total, 0.0)


def row_space_cost(instance: Instance) -> RowSpaceCost:
    """Return the cost of the row spaces of an instance of rank 1 or d - 1.

    Raises
    ------
    NotApplicableError
        If the rank is another.
    """
    d = instance.shape[1]
    if instance.rank not in (1, d - 1) or d < 2:
        raise NotApplicableError(
            f"a row space of dimension {instance.rank} among {d} columns has no single "
            "direction; give rank 1 or the number of columns less one."
        )
    is_normal = instance.rank == d - 1
    labels, first, content = ray_classes(instance.squared_weights.numerators)
    omega, data = instance.squared_weights.to_float(), instance.data.to_float()
    kept = [g for g, row in enumerate(first) if content[row]]
    forms = []
    for g in kept:
        rows = np.flatnonzero(labels == g)
        weights = omega[first[g]]
        factors = np.array([float(content[i] / content[first[g]]) for i in rows])
        scaled = data[rows] if is_normal else data[rows] * weights
        forms.append(scaled.T @ (factors[:, None] * scaled))
    return RowSpaceCost(
        energy=float(instance.energy()),
        weight_rows=omega[first[kept]].reshape(-1, d),
        forms=np.array(forms).reshape(-1, d, d),
        is_normal=is_normal,
    )


def direction_of(basis: Any, rank: int, dimension: int, *, is_normal: bool) -> Floats:
    """Return the unit direction of the row space that a basis (k x d) spans.

    A k x d matrix, its transpose, and for k = 1 a vector are accepted.

    Raises
    ------
    NotApplicableError
        If the basis has another size, or spans less.

    Examples
    --------
    >>> direction_of([[1, 0, 0], [0, 2, 0]], 2, 3, is_normal=True).tolist()
    [0.0, 0.0, 1.0]
    """
    given = basis.to_float() if hasattr(basis, "to_float") else basis
    rows = np.atleast_2d(np.asarray(given, dtype=np.float64))
    if rows.shape == (dimension, rank):
        rows = rows.T
    if rows.shape != (rank, dimension) or not np.isfinite(rows).all():
        raise NotApplicableError(
            f"a point is an array of shape {np.shape(given)}; give a basis of a space "
            f"of dimension {rank} in {dimension} coordinates, of shape "
            f"({rank}, {dimension}), without NaN."
        )
    *_, sizes, turned = np.linalg.svd(rows, full_matrices=True)
    if sizes[-1] <= 1e-12 * max(sizes[0], 1e-300):
        raise NotApplicableError(f"a point spans less than {rank} dimensions.")
    direction = turned[-1] if is_normal else turned[0]
    return np.asarray(direction * np.sign(direction[np.argmax(np.abs(direction))]))
