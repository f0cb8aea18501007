"""Data and weights checked against each other.

Contents
--------
checked_matrices    data, squared weights, and W where given; or the sentence that says
                    which row and column is wrong
zero_off_support    data with zeros where the weight is zero
"""

import numpy as np

from exact_wlra.entries.exact_numbers import shown
from exact_wlra.entries.partial_matrices import (
    PartialMatrix,
    at,
    by,
    exact_matrix,
    first_place,
    n_axes,
    partial_matrix,
)
from exact_wlra.errors import InvalidProblemError
from semialgebraic.rational_matrices import RationalMatrix


def checked_matrices(
    A: object, weights: object, squared_weights: object, names: tuple[str, str, str]
) -> tuple[RationalMatrix, RationalMatrix, RationalMatrix | None]:
    """Return the data, zero off the support, omega, and W where it was given.

    Parameters
    ----------
    A, weights, squared_weights : matrices of shape (n, d), or None for the weights
        As `Problem` takes them; at most one of the two kinds of weights.
    names : three str
        How messages call them.

    Returns
    -------
    data, omega : RationalMatrix, shape (n, d)
        Neither kind of weights given: omega is 0 where data are missing, else 1.
    root : RationalMatrix or None
        W where `weights` were given.

    Raises
    ------
    InvalidProblemError
        If a weight is negative or no finite number, an entry is missing or infinite
        where the weight is positive, the shapes differ, or both weights are given.

    Examples
    --------
    >>> names = ("the data", "the weights", "the squared weights")
    >>> checked_matrices([[5, 2]], [[0, 3]], None, names)
    (RationalMatrix([[0, 2]]), RationalMatrix([[0, 9]]), RationalMatrix([[0, 3]]))
    """
    if weights is not None and squared_weights is not None:
        raise InvalidProblemError(
            f"{names[1]} and {names[2]} are both given; give one of them."
        )
    data = partial_matrix(A, name=names[0])
    if weights is not None:
        root = _checked_weights(weights, data, name=names[1])
        return zero_off_support(data.values, root), root.hadamard(root), root
    if squared_weights is not None:
        omega = _checked_weights(squared_weights, data, name=names[2])
    else:
        omega = _unit_weights(data)
    return zero_off_support(data.values, omega), omega, None


def _checked_weights(
    given: object, data: PartialMatrix, *, name: str
) -> RationalMatrix:
    """Return weights >= 0 of the shape of the data, zero where data are unspecified."""
    n, d = data.shape
    if (axes := n_axes(given)) < 2:
        what = "a single number" if axes == 0 else "a list of numbers"
        raise InvalidProblemError(
            f"{name}: {what} is not enough; write one weight for each entry of the "
            f"data, a {n} x {d} matrix."
        )
    matrix = partial_matrix(given, name=name)
    name, weights = matrix.name, exact_matrix(matrix, name=name)
    if weights.shape != (n, d):
        if weights.shape in {(1, 1), (1, d), (n, 1)}:
            line = {(1, d): "one row", (n, 1): "one column"}
            what = line.get(weights.shape, "a single number")
            raise InvalidProblemError(
                f"{name}: {what} is not enough; write one weight for each entry of the "
                f"data, a {n} x {d} matrix."
            )
        raise InvalidProblemError(
            f"{name}: the shape is {by(weights.shape)} where that of {data.name} is "
            f"{n} x {d}; give both the same shape."
        )
    if weights.numerators.min() < 0:
        row, column = first_place(weights.numerators < 0)
        raise InvalidProblemError(
            f"{at(name, row, column)}: {shown(weights[row, column])} is negative; give "
            "weights that are at least 0."
        )
    unspecified = data.unspecified()
    if unspecified is not None:
        needed = unspecified & (weights.numerators != 0).astype(np.bool_)
        if needed.any():
            row, column = first_place(needed)
            raise InvalidProblemError(
                f"{at(data.name, row, column)}: the entry is {data.state(row, column)} "
                f"and its weight is {shown(weights[row, column])}; write a number, or "
                "give it weight 0."
            )
    return weights


def _unit_weights(data: PartialMatrix) -> RationalMatrix:
    """Return weight 0 where data are missing and 1 elsewhere."""
    if data.infinite is not None:
        row, column = first_place(data.infinite)
        raise InvalidProblemError(
            f"{at(data.name, row, column)}: the entry is infinite; write a finite "
            "number, or leave it blank if it is missing."
        )
    if data.missing is None:
        return RationalMatrix(np.ones(data.shape, dtype=np.int64))
    return RationalMatrix((~data.missing).astype(np.int64))


def zero_off_support(data: RationalMatrix, weights: RationalMatrix) -> RationalMatrix:
    """Return the data with 0 where the weight is 0.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[5, 2]])
    >>> zero_off_support(A, RationalMatrix.from_rows([[0, 1]]))
    RationalMatrix([[0, 2]])
    """
    off = (weights.numerators == 0).astype(np.bool_)
    numerators = data.numerators
    if not (off & (numerators != 0).astype(np.bool_)).any():
        return data
    zeroed = RationalMatrix(np.where(off, 0, numerators), data.denominator)
    # What stood there may have been the only entry that needs many digits.
    return zeroed.reduced() if numerators.dtype == object else zeroed
