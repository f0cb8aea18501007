"""What both players know before the game: weights, rank, accuracy, public coins.

Contents
--------
PublicInput         W, k, epsilon and the seed
integer_matrix      integers, or one sentence that says which entry is none
public_signs        the matrix G of public signs

References
----------
[WoodruffYasuda2024]_, Definition 1.4.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import checked_rank
from semialgebraic.integer_arrays import IntegerArray, integers
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PublicInput:
    """W, k, epsilon and the seed of the public coins; nothing of A.

    Parameters
    ----------
    weights : integer array, shape (n, d)
        W >= 0.
    weight_rank : int
        r, the rank of W over the rationals.
    rank : int
        k >= 1.
    epsilon : Fraction
        The squared norm is to be within 1 + epsilon, 0 < epsilon <= 1.
    seed : int
        Of the public coins.

    Examples
    --------
    >>> public = PublicInput.of([[1, 2], [2, 4]], rank=1, epsilon=Fraction(1, 2))
    >>> public.weight_rank, public.reduced_rank
    (1, 1)
    """

    weights: IntegerArray
    weight_rank: int
    rank: int
    epsilon: Fraction
    seed: int

    @classmethod
    def of(
        cls,
        weights: object,
        *,
        rank: int,
        epsilon: Fraction | int = Fraction(1, 2),
        seed: int = 0,
    ) -> Self:
        """Return the public input, checked.

        Raises
        ------
        InvalidProblemError
            If W is no matrix of integers >= 0, k < 1, or epsilon is not in (0, 1].
        """
        W = integer_matrix(weights, "the weight")
        if (W < 0).any():
            i, j = np.argwhere(W < 0)[0] + 1
            raise InvalidProblemError(
                f"the weight in row {i}, column {j} is negative; give weights >= 0."
            )
        k = checked_rank(rank)
        if k < 1:
            raise InvalidProblemError(
                "the rank is 0; a game needs a rank of 1 or more."
            )
        wanted = Fraction(epsilon)
        if not 0 < wanted <= 1:
            raise InvalidProblemError(
                f"epsilon is {wanted}; give a number above 0 and at most 1."
            )
        r = rational_rank(RationalMatrix(W))
        return cls(weights=W, weight_rank=r, rank=k, epsilon=wanted, seed=seed)

    @property
    def support(self) -> NDArray[np.bool_]:
        """Where W is positive."""
        positive: NDArray[np.bool_] = np.asarray(self.weights != 0, dtype=bool)
        return positive

    @property
    def reduced_rank(self) -> int:
        """The rank rk of the approximation of W o A."""
        return self.weight_rank * self.rank


def integer_matrix(values: object, name: str) -> IntegerArray:
    """Return the matrix of integers.

    Examples
    --------
    >>> integer_matrix([[1, 2.5]], "the entry")
    Traceback (most recent call last):
    exact_wlra.errors.InvalidProblemError: the entry in row 1, column 2 is 2.5; the \
game is about integers: scale the matrix first.
    """
    array: NDArray[Any] = np.asarray(values)
    if array.ndim != 2:
        raise InvalidProblemError(
            f"{name}s have {array.ndim} axes; give a matrix of n rows and d columns."
        )
    if array.dtype.kind in "iub":
        return integers(array)
    given = array.astype(object)
    for (i, j), value in np.ndenumerate(given):
        try:
            is_integer = bool(value == int(value))
        except (TypeError, ValueError, OverflowError):
            is_integer = False
        if not is_integer:
            raise InvalidProblemError(
                f"{name} in row {i + 1}, column {j + 1} is {value}; the game is about "
                "integers: scale the matrix first."
            )
        given[i, j] = int(value)
    return integers(given)


def public_signs(seed: int, attempt: int, t: int, n: int) -> IntegerArray:
    """Return the public matrix G (t x n) with entries +1 and -1; the identity if t = n.

    Both players draw the same: the coins cost no bits.

    Examples
    --------
    >>> public_signs(1, 0, 2, 2).tolist()
    [[1, 0], [0, 1]]
    >>> sorted(set(public_signs(1, 0, 2, 9).ravel().tolist()))
    [-1, 1]
    """
    if t == n:
        return np.eye(n, dtype=np.int64)
    generator = np.random.Generator(np.random.PCG64([seed, attempt, t, n]))
    return 2 * generator.integers(0, 2, size=(t, n), dtype=np.int64) - 1
