"""Positive semidefiniteness and copositivity of symmetric integer matrices, proved.

The two questions to which every lower bound of this project comes down.

Contents
--------
is_positive_semidefinite    proved by exact elimination, or by a rounded Cholesky
                            factorization with a proved error bound
is_copositive               theta^T C theta >= 0 for all theta >= 0, exactly
is_definite                 positive definite, for matrices of balls

Notes on the implementation
---------------------------
Elimination is fraction-free (Bareiss) and decides every matrix. The Cholesky route is
one-sided: True is proved, False only says that floating point could not tell. It rests
on IEEE 754 double precision and on the standard backward error bound of the Cholesky
factorization [Higham2002]_ Theorem 10.3, [Rump2006]_: if the factorization of the float
matrix M of order n runs to its end, the least eigenvalue of M is at least
-gamma/(1 - gamma) tr(M), gamma = (n + 1) u/(1 - (n + 1) u), u = 2^-53.

References
----------
[Higham2002]_, [Rump2006]_, [Hadeler1983]_
"""

from fractions import Fraction
from typing import Any, Literal

import numpy as np
from flint import arb, arb_mat

from semialgebraic import integer_arrays
from semialgebraic.errors import InvalidInputError
from semialgebraic.integer_arrays import IntegerArray

Arithmetic = Literal["automatic", "rational", "rounded"]
# Orders up to which exact elimination costs less than a millisecond or so.
_SMALL_ORDER = 8
# Above this order elimination is no longer tried when rounding could not decide.
_LARGEST_ELIMINATION = 150
# Bits of the integers that stand for the midpoints of balls.
_BALL_BITS = 40


def is_positive_semidefinite(
    matrix: IntegerArray, *, arithmetic: Arithmetic = "automatic"
) -> bool:
    """Prove that x^T M x >= 0 for all real x. One-sided for rounded arithmetic.

    Parameters
    ----------
    matrix : integer array, shape (m, m)
        Symmetric.
    arithmetic : {"automatic", "rational", "rounded"}
        "rational" decides by exact elimination; "rounded" by a floating-point Cholesky
        factorization with a proved error bound; "automatic" takes elimination for small
        orders, else Cholesky, and elimination once more where that could not tell.

    Returns
    -------
    bool
        True is a proof. False is a disproof when the arithmetic was rational, or
        automatic with order at most 150; otherwise it means "not proved".

    Examples
    --------
    >>> is_positive_semidefinite(integer_arrays.integers([[1, 1], [1, 1]]))
    True
    >>> is_positive_semidefinite(integer_arrays.integers([[1, 2], [2, 1]]))
    False
    """
    order = matrix.shape[0]
    if matrix.shape != (order, order) or not bool((matrix == matrix.T).all()):
        raise InvalidInputError("definiteness is asked of symmetric matrices only.")
    # Where the diagonal is zero, so is the row; without it Cholesky has a chance.
    empty = np.diag(matrix) == 0
    if empty.any():
        if bool((matrix[empty] != 0).any()):
            return False
        matrix = matrix[~empty][:, ~empty]
        order = matrix.shape[0]
    if order == 0:
        return True
    if arithmetic == "rational":
        return _by_elimination(matrix)
    if arithmetic == "rounded":
        return _by_cholesky(matrix)
    if order <= _SMALL_ORDER:
        return _by_elimination(matrix)
    if _by_cholesky(matrix):
        return True
    return order <= _LARGEST_ELIMINATION and _by_elimination(matrix)


def is_copositive(matrix: list[list[Any]]) -> bool:
    """Decide whether theta^T C theta >= 0 for every theta >= 0, exactly.

    C is copositive if and only if no principal submatrix S has det S < 0 and an
    entrywise non-negative adjugate [Hadeler1983]_. It is enough to try those whose form
    is strictly convex along all edges of the simplex and whose rows all have a negative
    entry: let S be least among the submatrices that are not copositive. Its form has a
    negative minimum m at an inner point x of the simplex, S x = m 1, and none on the
    boundary; were it not strictly convex along an edge, x could be moved along it to
    the boundary, and the form would not grow.

    Parameters
    ----------
    matrix : rows of Fraction, fmpq or fmpz
        Symmetric.

    Notes
    -----
    **Cost.** Up to 2^m determinants of order up to m; meant for m <= 8.

    Examples
    --------
    >>> is_copositive([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(-0)]])
    True
    >>> is_copositive([[Fraction(1), Fraction(-2)], [Fraction(-2), Fraction(1)]])
    False
    """
    order = len(matrix)
    if all(x >= 0 for row in matrix for x in row):
        return True
    if any(matrix[i][i] < 0 for i in range(order)):
        return False
    is_convex = [
        [matrix[i][i] + matrix[j][j] > 2 * matrix[i][j] for j in range(order)]
        for i in range(order)
    ]
    is_negative = [[x < 0 for x in row] for row in matrix]
    faces = [[i] for i in range(order) if any(is_negative[i])]
    while faces:
        faces = [
            [*face, j]
            for face in faces
            for j in range(face[-1] + 1, order)
            if all(is_convex[i][j] for i in face)
        ]
        for face in faces:
            if all(any(is_negative[i][j] for j in face) for i in face) and (
                not _passes_hadeler([[matrix[i][j] for j in face] for i in face])
            ):
                return False
    return True


def _passes_hadeler(block: list[list[Any]]) -> bool:
    """Return False if det < 0 and the adjugate is entrywise non-negative."""
    if len(block) == 2:
        (a, b), (_, c) = block
        return not (b < 0 and a * c < b * b)
    from flint import fmpq, fmpq_mat

    order = len(block)
    flat = [
        fmpq(x.numerator, x.denominator) if isinstance(x, Fraction) else x
        for row in block
        for x in row
    ]
    matrix = fmpq_mat(order, order, flat)
    determinant = matrix.det()
    if determinant >= 0:
        return True
    inverse = matrix.inv()
    # adj = det * inverse, and det < 0: adj >= 0 means inverse <= 0.
    return any(x > 0 for x in inverse.entries())


def _by_elimination(matrix: IntegerArray) -> bool:
    """Decide by fraction-free symmetric elimination without pivoting.

    A positive semidefinite matrix with a zero diagonal entry has a zero row there, so
    no pivoting is needed.
    """
    from flint import fmpz

    rows = [[fmpz(int(x)) for x in row] for row in matrix]
    previous = fmpz(1)
    while rows:
        pivot, first = rows[0][0], rows[0]
        if pivot < 0:
            return False
        rest = rows[1:]
        if pivot == 0:
            if any(x != 0 for x in first):
                return False
            rows = [row[1:] for row in rest]
            continue
        rows = [
            [
                (pivot * row[j] - row[0] * first[j]) // previous
                for j in range(1, len(row))
            ]
            for row in rest
        ]
        previous = pivot
    return True


def _by_cholesky(matrix: IntegerArray) -> bool:
    """Prove definiteness in floating point; False means "could not tell"."""
    order = matrix.shape[0]
    bits = integer_arrays.magnitude(matrix).bit_length()
    if bits == 0:
        return True
    scaled = matrix
    if bits > 900:  # keep the conversion inside the range of float64
        scaled = matrix >> (bits - 900)  # floor: error below one unit in 2^900
    rounded = scaled.astype(np.float64)
    row_sum = float(np.abs(rounded).sum(axis=1).max())
    trace = float(np.trace(rounded))
    if trace <= 0:
        return False
    unit = 2.0**-53
    # Backward error of the factorization, conversion of the entries, subtraction of
    # the shift; a factor 2 covers the rounding of these three lines themselves.
    factorization = 1.01 * (order + 2) * unit * trace
    conversion = 4 * unit * row_sum + order * 2.0**-800 * row_sum
    shift = 2.0 * (factorization + conversion)
    rounded[np.diag_indices(order)] -= shift
    try:
        np.linalg.cholesky(rounded)
    except np.linalg.LinAlgError:
        return False
    return True


def is_definite(matrix: arb_mat, *, arithmetic: Arithmetic = "automatic") -> bool:
    """Prove that all symmetric matrices in a matrix of balls are positive definite.

    One-sided: False means "not proved". The entries above the diagonal are looked at.

    Notes
    -----
    The midpoints are rounded to integers; what rounding and the radii can change in a
    row, and one more, is taken from its diagonal entry. What is left is semidefinite.

    Examples
    --------
    >>> from flint import arb
    >>> is_definite(arb_mat([[2, arb(1, 0.5)], [arb(1, 0.5), 2]]))
    True
    >>> is_definite(arb_mat([[2, arb(1, 1.5)], [arb(1, 1.5), 2]]))
    False
    """
    order = matrix.nrows()
    entries = {(i, j): matrix[i, j] for i in range(order) for j in range(i, order)}
    if not all(entry.is_finite() for entry in entries.values()):
        return False
    largest = max((abs(x).upper() for x in entries.values()), default=arb(0))
    mantissa, exponent = largest.man_exp()
    unit = arb(2) ** (_BALL_BITS - int(exponent) - int(mantissa).bit_length())
    rounded = np.zeros((order, order), dtype=object)
    slack = [1] * order
    for (i, j), entry in entries.items():
        scaled = entry * unit
        rounded[i, j] = rounded[j, i] = _floor(scaled.mid())
        change = 2 + _floor(scaled.rad())
        slack[i] += change
        slack[j] += change if i != j else 0
    shifted = rounded - np.diag(np.array(slack, dtype=object))
    return is_positive_semidefinite(
        integer_arrays.integers(shifted), arithmetic=arithmetic
    )


def _floor(exact: arb) -> int:
    """Return the integer part of a ball of radius 0."""
    mantissa, exponent = exact.man_exp()
    shift = int(exponent)
    return int(mantissa) << shift if shift >= 0 else int(mantissa) >> -shift
