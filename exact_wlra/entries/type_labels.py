"""Labels: which type each row or column of a patterned matrix has.

A matrix too large to write out is given by a small *core*, one row and one column for
each type, and by two lists of labels: entry (i, j) of the matrix is entry
(row_labels[i], column_labels[j]) of the core. Types are counted from 0.

Contents
--------
type_labels         a list or array of labels, checked against the number of types
multiplicities      how often each type occurs
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.exact_numbers import shown
from exact_wlra.errors import InvalidProblemError
from semialgebraic.integer_arrays import IntegerArray


def type_labels(given: object, n_types: int, *, name: str) -> NDArray[np.int64]:
    """Return the labels as an immutable array of integers.

    Parameters
    ----------
    given : list or array of int, shape (n,)
        Each from 0 to n_types - 1; not every type need occur.
    n_types : int
        Number of rows or columns of the core.
    name : str
        How messages call the labels: ``the row labels``.

    Raises
    ------
    InvalidProblemError
        If a label is not an integer or names no type; positions count from 1.

    Examples
    --------
    >>> type_labels([0, 1, 0], 2, name="the row labels")
    array([0, 1, 0])
    """
    try:
        array = np.asarray(given)
    except ValueError:
        array = np.array(None)
    if array.ndim != 1:
        raise InvalidProblemError(
            f"{name}: a list of integers is expected; write one label for each row or "
            "column."
        )
    if array.size == 0:
        raise InvalidProblemError(
            f"{name}: the list is empty; write one label for each row or column."
        )
    if array.dtype.kind not in "iu":
        labels = list(given) if isinstance(given, list | tuple) else array.tolist()
        _refuse_non_integer(labels, name)
    outside = (array < 0) | (array >= n_types)
    if outside.any():
        position = int(np.argmax(outside))
        raise InvalidProblemError(
            f"{name}, position {position + 1}: {shown(array[position])} is no type of "
            f"the core; write a label from 0 to {n_types - 1}."
        )
    labels = array.astype(np.int64, copy=True)
    labels.flags.writeable = False
    return labels


def multiplicities(labels: NDArray[np.int64], n_types: int) -> IntegerArray:
    """Return how often each type occurs.

    Examples
    --------
    >>> multiplicities(np.array([0, 2, 0]), 3)
    array([2, 0, 1])
    """
    return np.bincount(labels, minlength=n_types)


def _refuse_non_integer(labels: Sequence[object], name: str) -> None:
    """Refuse labels of which one is no integer, naming the first."""
    for i, label in enumerate(labels):
        if not isinstance(label, int | np.integer) or isinstance(label, bool):
            raise InvalidProblemError(
                f"{name}, position {i + 1}: {shown(label)} is not an integer; write "
                "the number of the type, from 0."
            )
