"""The floating-point face of a problem: what the approximations of the laboratory see.

Contents
--------
WeightedMatrix      A, W and the rank of W in float64, with the cost of any X

Notation
--------
A (n x d) are the data, W >= 0 the weights, r = rank W, and
f(X) = sum_ij W_ij^2 (A_ij - X_ij)^2 = ||W o (A - X)||_F^2.
"""

from dataclasses import dataclass
from typing import Self, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from exact_wlra.entries.partial_matrices import by
from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.ranks import numerical_rank, rational_rank
from exact_wlra.problem import Problem

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedMatrix:
    """Data and weights in float64.

    Parameters
    ----------
    data : float array, shape (n, d)
        A, zero where the weight is zero.
    root_weights : float array, shape (n, d)
        W >= 0; the residual is multiplied by W.
    weight_rank : int
        r, the rank of W, its zeros included.
    is_rank_exact : bool
        Whether r was computed in rational arithmetic; otherwise it is the number of
        singular values above rounding error, an estimate.

    Examples
    --------
    >>> matrix = WeightedMatrix.from_arrays([[1.0, 2.0]], [[1.0, 3.0]])
    >>> matrix.weight_rank, matrix.cost(np.zeros((1, 2)))
    (1, 37.0)
    """

    data: Floats
    root_weights: Floats
    weight_rank: int
    is_rank_exact: bool

    @classmethod
    def from_arrays(
        cls, data: ArrayLike, weights: ArrayLike, *, weight_rank: int | None = None
    ) -> Self:
        """Return the matrix with these data and weights.

        Parameters
        ----------
        data, weights : array_like, shape (n, d)
            A and W; A is not read where W is zero.
        weight_rank : int, optional
            r, if it is known; it may exceed rank W, never fall below it.

        Raises
        ------
        InvalidProblemError
            If the shapes differ, W has a negative or infinite entry, or A is not finite
            where W is positive.
        """
        root = np.asarray(weights, dtype=np.float64)
        given = np.asarray(data, dtype=np.float64)
        if given.ndim != 2 or given.shape != root.shape:
            raise InvalidProblemError(
                f"the data are {by(given.shape)} and the weights {by(root.shape)}; "
                "give two matrices of one shape."
            )
        wrong = ~(np.isfinite(root) & (root >= 0))
        _refuse(wrong, "the weight", "give finite weights that are not negative")
        values = np.where(root > 0, given, 0.0)
        _refuse(~np.isfinite(values), "the entry", "give a number, or weight 0")
        r = numerical_rank(root) if weight_rank is None else weight_rank
        return cls(data=values, root_weights=root, weight_rank=r, is_rank_exact=False)

    @classmethod
    def from_problem(cls, problem: Problem) -> Self:
        """Return a problem in floats; one row and column for each type if patterned.

        Types count with their multiplicities, which scale rows and columns of W and so
        leave its rank as it is.

        Examples
        --------
        >>> problem = Problem([[1, 2], [3, 5]], weights=[[1, 2], [2, 4]], rank=1)
        >>> matrix = WeightedMatrix.from_problem(problem)
        >>> matrix.weight_rank, matrix.is_rank_exact
        (1, True)
        """
        instance = problem.instance
        root = np.sqrt(instance.squared_weights.to_float())
        data = np.where(root > 0, instance.data.to_float(), 0.0)
        exact = problem.root_weights
        r = numerical_rank(root) if exact is None else rational_rank(exact)
        return cls(
            data=data,
            root_weights=root,
            weight_rank=r,
            is_rank_exact=exact is not None,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns, n and d."""
        n, d = self.data.shape
        return n, d

    @property
    def squared_weights(self) -> Floats:
        """The squared weights omega = W o W."""
        return self.root_weights**2

    @property
    def weighted_data(self) -> Floats:
        """The matrix W o A, which the reweighted solutions decompose."""
        return self.root_weights * self.data

    def cost(self, approximation: Floats) -> float:
        """Return f(X), an estimate.

        Parameters
        ----------
        approximation : float array, shape (n, d)
            X; it must be finite, also where the weight is zero.
        """
        residual = self.root_weights * (self.data - approximation)
        return float(np.vdot(residual, residual))


def _refuse(wrong: NDArray[np.bool_], what: str, remedy: str) -> None:
    """Name the first entry that is wrong, if there is one."""
    if wrong.any():
        row, column = np.argwhere(wrong)[0] + 1
        raise InvalidProblemError(
            f"{what} in row {row}, column {column} cannot be used; {remedy}."
        )
