"""The instance of weighted low rank approximation that reductions rewrite.

Contents
--------
Instance    data A (n x d), squared weights omega >= 0 (n x d), rank k; exact

Notation
--------
cost(U, V) = sum_ij omega_ij (A_ij - (UV)_ij)^2 and OPT = inf over U (n x k), V (k x d).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from reductions.errors import InvalidInstanceError
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """An exact instance: inf over rank-k UV of sum omega_ij (A_ij - (UV)_ij)^2.

    Parameters
    ----------
    data : RationalMatrix, shape (n, d)
        A. Entries where the weight is zero do not matter.
    squared_weights : RationalMatrix, shape (n, d)
        omega = W o W, non-negative.
    rank : int
        k >= 0.

    Raises
    ------
    InvalidInstanceError
        If shapes differ, a weight is negative or the rank is negative.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[0, 1], [1, 0]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> instance.energy()
    Fraction(2, 1)
    """

    data: RationalMatrix
    squared_weights: RationalMatrix
    rank: int

    def __post_init__(self) -> None:
        if self.data.shape != self.squared_weights.shape:
            raise InvalidInstanceError(
                f"data are {self.data.shape} and weights {self.squared_weights.shape}; "
                "give both the same shape."
            )
        weights = self.squared_weights.numerators
        if weights.size and weights.min() < 0:
            raise InvalidInstanceError("a squared weight is negative.")
        if self.rank < 0:
            raise InvalidInstanceError("the rank is negative.")

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.data.shape

    @property
    def transpose(self) -> "Instance":
        """The transposed instance: U and V change places."""
        return Instance(
            data=self.data.transpose,
            squared_weights=self.squared_weights.transpose,
            rank=self.rank,
        )

    def support(self) -> Any:
        """Return the boolean array of entries with positive weight."""
        return (self.squared_weights.numerators != 0).astype(bool)

    def restrict(
        self, rows: Any = slice(None), columns: Any = slice(None)
    ) -> "Instance":
        """Return the instance on the given rows and columns."""
        return Instance(
            data=self.data.take(rows, columns),
            squared_weights=self.squared_weights.take(rows, columns),
            rank=self.rank,
        )

    def weighted_data(self) -> RationalMatrix:
        """Return omega o A, entrywise."""
        return self.squared_weights.hadamard(self.data)

    def energy(self) -> Fraction:
        """Return the cost of X = 0, sum omega_ij A_ij^2."""
        return self.weighted_data().hadamard(self.data).total()

    def cost(self, left: RationalMatrix, right: RationalMatrix) -> Fraction:
        """Return the exact cost of X = left @ right.

        Parameters
        ----------
        left, right : RationalMatrix, shapes (n, m) and (m, d)
            Any inner dimension m, zero included.

        Notes
        -----
        **Cost.** The square is expanded, so that the work is m + m(m + 1)/2 + 1
        products of an n x d integer matrix with a vector, at the speed of BLAS.

        Examples
        --------
        >>> A = RationalMatrix.from_rows([[0, 1], [1, 0]])
        >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
        >>> u = RationalMatrix.from_rows([[1], [0]])
        >>> instance.cost(u, u.transpose)
        Fraction(3, 1)
        """
        n, d = self.shape
        inner = left.shape[1]
        if left.shape != (n, inner) or right.shape != (inner, d):
            raise InvalidInstanceError(
                f"factors of shapes {left.shape} and {right.shape} do not "
                f"multiply to {self.shape}."
            )
        weighted = self.weighted_data()
        cross = (weighted @ right.transpose).hadamard(left).total()
        pairs = [(a, b) for a in range(inner) for b in range(a, inner)]
        if not pairs:
            return self.energy()
        left_pairs = _pair_products(left.transpose.numerators, pairs)
        right_pairs = _pair_products(right.numerators, pairs)
        twice = [1 if a == b else 2 for a, b in pairs]
        weighted_pairs = RationalMatrix(
            integer_arrays.multiply(
                right_pairs, integer_arrays.integers(twice)[:, None]
            ),
            right.denominator**2,
        )
        squares = self.squared_weights @ weighted_pairs.transpose
        left_squares = RationalMatrix(left_pairs.T, left.denominator**2)
        return (
            weighted.hadamard(self.data).total()
            - 2 * cross
            + squares.hadamard(left_squares).total()
        )


def ones_like(matrix: RationalMatrix) -> RationalMatrix:
    """Return the all-ones matrix of the same shape.

    Examples
    --------
    >>> ones_like(RationalMatrix.zeros(1, 2))
    RationalMatrix([[1, 1]])
    """
    numerators = matrix.numerators * 0 + 1
    return RationalMatrix(integer_arrays.integers(numerators), 1)


def _pair_products(rows: IntegerArray, pairs: list[tuple[int, int]]) -> IntegerArray:
    """Return the entrywise products rows[a] * rows[b] for the given pairs."""
    first = [a for a, _ in pairs]
    second = [b for _, b in pairs]
    return integer_arrays.multiply(rows[first], rows[second])
