"""The problem: data, weights and rank, exact and checked.

Contents
--------
Problem             min of sum_ij omega_ij (A_ij - X_ij)^2 over rank-k X, as users say
checked_rank        an integer >= 0

Notation
--------
A (n x d) are the data, W the weights, omega = W o W the squared weights, k the rank.
cost(U, V) = sum_ij omega_ij (A_ij - (UV)_ij)^2 for U (n x k) and V (k x d).

Notes on the implementation
---------------------------
Squared weights are stored: they are rational in both conventions of the literature.
Data are set to zero where the weight is zero, so that what stood there cannot matter.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.exact_numbers import shown
from exact_wlra.entries.partial_matrices import by, exact_matrix
from exact_wlra.entries.type_labels import multiplicities, type_labels
from exact_wlra.entries.weighted_data import checked_matrices, zero_off_support
from exact_wlra.errors import InvalidProblemError
from reductions.instances import Instance
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, init=False, eq=False, repr=False)
class Problem:
    """Minimize sum_ij omega_ij (A_ij - X_ij)^2 over real n x d matrices X of rank <= k.

    Parameters
    ----------
    A : nested lists, NumPy array, RationalMatrix or PartialMatrix, shape (n, d)
        Int, Fraction, exact text (``"0.1"`` is one tenth) or float (the binary
        rational that it is). None, NaN and blank text are missing.
    weights : the same, or None
        W >= 0; the residual is multiplied by W, so that its square weighs W^2.
    squared_weights : the same, or None
        omega >= 0, instead of `weights`. With neither, missing entries have weight 0
        and all others 1.
    rank : int
        k >= 0; it may exceed n and d.

    Attributes
    ----------
    data, squared_weights : RationalMatrix
        A, zero where omega is zero, and omega. For a patterned problem the cores, one
        row for each row type and one column for each column type.
    rank : int
        k.
    root_weights : RationalMatrix or None
        W where weights were given as W, otherwise None.
    row_labels, column_labels : int arrays, or None
        Type of each row and column of a patterned problem.

    Raises
    ------
    InvalidProblemError
        If data, weights and rank do not form a problem; the message names row and
        column, counted from 1.

    Examples
    --------
    >>> problem = Problem([[1, None], ["1/2", 3]], rank=1)
    >>> problem
    Problem(2 x 2, rank=1)
    >>> print(problem)
    min sum w_ij (A_ij - X_ij)^2 over X of rank <= 1, 2 x 2, 1 of 4 weights zero
    >>> problem.cost([[1], [0]], [[1, 1]])
    Fraction(37, 4)
    """

    data: RationalMatrix
    squared_weights: RationalMatrix
    rank: int
    root_weights: RationalMatrix | None
    row_labels: NDArray[np.int64] | None
    column_labels: NDArray[np.int64] | None

    def __init__(
        self,
        A: object,
        *,
        weights: object = None,
        squared_weights: object = None,
        rank: int,
    ) -> None:
        k = checked_rank(rank)
        names = ("the data", "the weights", "the squared weights")
        data, omega, root = checked_matrices(A, weights, squared_weights, names)
        self._fill(data=data, squared_weights=omega, rank=k, root_weights=root)

    @classmethod
    def patterned(
        cls,
        *,
        row_labels: object,
        column_labels: object,
        data_core: object,
        weight_core: object = None,
        squared_weight_core: object = None,
        rank: int,
    ) -> Self:
        """Return the problem of a matrix given by types, which is never written out.

        Parameters
        ----------
        row_labels, column_labels : lists or arrays of int, shapes (n,) and (d,)
            Type of each row and column, from 0; not every type need occur.
        data_core : matrix, shape (p, q)
            A_ij = data_core[row_labels[i], column_labels[j]].
        weight_core, squared_weight_core : matrix, shape (p, q), or None
            W or omega in the same way; at most one of them.
        rank : int
            k >= 0.

        Raises
        ------
        InvalidProblemError
            As for a full problem, rows and columns being those of the core; or if a
            label names no type.

        Examples
        --------
        >>> problem = Problem.patterned(
        ...     row_labels=[0, 1, 0],
        ...     column_labels=[0, 1],
        ...     rank=1,
        ...     data_core=[[1, 2], [3, 4]],
        ...     weight_core=[[1, 2], [1, 1]],
        ... )
        >>> problem
        Problem(3 x 2 of 2 x 2 types, rank=1)
        >>> problem.instance.squared_weights
        RationalMatrix([[2, 8], [1, 1]])
        """
        k = checked_rank(rank)
        names = ("the data core", "the weight core", "the squared weight core")
        data, omega, root = checked_matrices(
            data_core, weight_core, squared_weight_core, names
        )
        p, q = data.shape
        rows = type_labels(row_labels, p, name="the row labels")
        columns = type_labels(column_labels, q, name="the column labels")
        problem = object.__new__(cls)
        problem._fill(
            data=data,
            squared_weights=omega,
            rank=k,
            root_weights=root,
            row_labels=rows,
            column_labels=columns,
        )
        return problem

    def _fill(
        self,
        *,
        data: RationalMatrix,
        squared_weights: RationalMatrix,
        rank: int,
        root_weights: RationalMatrix | None,
        row_labels: NDArray[np.int64] | None = None,
        column_labels: NDArray[np.int64] | None = None,
    ) -> None:
        """Set the fields of a new problem, once."""
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "squared_weights", squared_weights)
        object.__setattr__(self, "rank", rank)
        object.__setattr__(self, "root_weights", root_weights)
        object.__setattr__(self, "row_labels", row_labels)
        object.__setattr__(self, "column_labels", column_labels)

    @property
    def is_patterned(self) -> bool:
        """Whether data and weights are cores with labels."""
        return self.row_labels is not None

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns of the full matrix, n and d."""
        if self.row_labels is None or self.column_labels is None:
            return self.data.shape
        return len(self.row_labels), len(self.column_labels)

    @property
    def instance(self) -> Instance:
        """The instance that reductions work on; its rows and columns are the types.

        *Statement.* Equal rows or columns may be given equal rows or columns of X, so
        that the cost of a patterned problem is that of its cores, each weight times
        the number of entries of its type. Types that never occur get weight zero.
        """
        if self.row_labels is None or self.column_labels is None:
            data, omega = self.data, self.squared_weights
        else:
            p, q = self.data.shape
            n_entries = integer_arrays.multiply(
                multiplicities(self.row_labels, p)[:, None],
                multiplicities(self.column_labels, q)[None, :],
            )
            omega = self.squared_weights.hadamard(RationalMatrix(n_entries))
            data = zero_off_support(self.data, omega)
        return Instance(data=data, squared_weights=omega, rank=self.rank)

    @property
    def transpose(self) -> "Problem":
        """The transposed problem: U and V change places."""
        root = self.root_weights
        problem = object.__new__(Problem)
        problem._fill(
            data=self.data.transpose,
            squared_weights=self.squared_weights.transpose,
            rank=self.rank,
            root_weights=None if root is None else root.transpose,
            row_labels=self.column_labels,
            column_labels=self.row_labels,
        )
        return problem

    def with_rank(self, rank: int) -> "Problem":
        """Return the same data and weights with another rank.

        Examples
        --------
        >>> Problem([[1, 2]], rank=1).with_rank(0)
        Problem(1 x 2, rank=0)
        """
        problem = object.__new__(Problem)
        problem._fill(
            data=self.data,
            squared_weights=self.squared_weights,
            rank=checked_rank(rank),
            root_weights=self.root_weights,
            row_labels=self.row_labels,
            column_labels=self.column_labels,
        )
        return problem

    def cost(self, U: object, V: object) -> Fraction:
        """Return the exact cost of X = U V.

        Parameters
        ----------
        U, V : matrices of shapes (n, m) and (m, d)
            As for `A`, without missing entries; RationalMatrix passes through. For a
            patterned problem one row of U for each row type and one column of V for
            each column type. The inner dimension m is not compared with the rank.

        Raises
        ------
        InvalidProblemError
            If the factors do not multiply to the shape of the data.

        Examples
        --------
        >>> problem = Problem.patterned(
        ...     row_labels=[0] * 1000,
        ...     column_labels=[0] * 1000,
        ...     rank=1,
        ...     data_core=[[3]],
        ... )
        >>> problem.cost([["1/2"]], [[2]])
        Fraction(4000000, 1)
        """
        left = U if isinstance(U, RationalMatrix) else exact_matrix(U, name="U")
        right = V if isinstance(V, RationalMatrix) else exact_matrix(V, name="V")
        n, d = self.data.shape
        if left.shape[0] != n or right.shape[1] != d or left.shape[1] != right.shape[0]:
            of_types = " (one row for each row type, one column for each column type)"
            raise InvalidProblemError(
                f"U is {by(left.shape)} and V {by(right.shape)}; give factors whose "
                f"product is {by((n, d))}{of_types if self.is_patterned else ''}."
            )
        return self.instance.cost(left, right)

    def __repr__(self) -> str:
        types = f" of {by(self.data.shape)} types" if self.is_patterned else ""
        return f"Problem({by(self.shape)}{types}, rank={self.rank})"

    def __str__(self) -> str:
        types = f" of {by(self.data.shape)} types" if self.is_patterned else ""
        weights = self.squared_weights.numerators
        n_zero = weights.size - int(np.count_nonzero(weights))
        return (
            f"min sum w_ij (A_ij - X_ij)^2 over X of rank <= {self.rank}, "
            f"{by(self.shape)}{types}, {n_zero} of {weights.size} weights zero"
        )

    def _repr_html_(self) -> str:
        """Return for notebooks what is minimized, with small matrices written out."""
        from exact_wlra.html_faces import (
            html_beside,
            html_face,
            html_facts,
            html_matrix,
        )

        omega = self.squared_weights
        support = omega.numerators != 0
        facts = [
            ("minimize", f"Σ ω_ij (A_ij − X_ij)² over X of rank at most {self.rank}"),
            ("weights", f"{np.sum(~support)} of {support.size} are zero"),
        ]
        of = " of types" if self.is_patterned else ""
        weights = html_matrix(omega, f"squared weights ω{of}", support=support)
        if self.root_weights is not None:
            weights = html_matrix(self.root_weights, f"weights W{of}", support=support)
        data = html_matrix(self.data, f"data A{of}", support=support)
        return html_face(repr(self), [html_facts(facts), html_beside([data, weights])])

    def __eq__(self, other: object) -> bool:
        """Tell whether both state the same: data, omega, rank and labels."""
        if not isinstance(other, Problem):
            return NotImplemented
        return (
            self.rank == other.rank
            and self.data == other.data
            and self.squared_weights == other.squared_weights
            and _same(self.row_labels, other.row_labels)
            and _same(self.column_labels, other.column_labels)
        )

    def __hash__(self) -> int:
        return hash((self.shape, self.rank, self.data, self.squared_weights))


def checked_rank(rank: object, *, name: str = "the rank") -> int:
    """Return the rank as a Python integer >= 0.

    Raises
    ------
    InvalidProblemError
        If it is something else; a truth value is no rank.

    Examples
    --------
    >>> checked_rank(np.int32(2))
    2
    """
    is_integer = isinstance(rank, int | np.integer) and not isinstance(rank, bool)
    if not is_integer or rank < 0:  # type: ignore[operator]
        raise InvalidProblemError(
            f"{name} is {shown(rank)}; give an integer that is at least 0."
        )
    return int(rank)  # type: ignore[call-overload,no-any-return]


def _same(left: NDArray[np.int64] | None, right: NDArray[np.int64] | None) -> bool:
    """Tell whether both are None or equal arrays."""
    if left is None or right is None:
        return left is right
    return np.array_equal(left, right)
