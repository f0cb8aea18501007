"""Quadratic forms in an n x d matrix X that are not negative where rank X <= k.

If q is such a form and cost(X) - q(X) >= L for *every* X, which is a question about one
semidefinite matrix, then OPT >= L. The forms here are combinations of minors (k = 1),
and sums of squares in factors U, V of X = U V with V V^T = I.

Contents
--------
minor_form          combinations of 2 x 2 minors: zero at rank one
rank_form           forms from three semidefinite matrices, at any rank
embedded            a form in a block of X as a form in X
partially_transposed, partial_transpose     exchange of the row indices of two entries
partial_trace       the sum over equal column indices
with_unit           the Kronecker product with a unit matrix
packed, unpacked    a symmetric matrix as its upper triangle

Notation
--------
Matrices of order n d act on x = vec X, the entries of X row by row. S^G is the partial
transpose, S_(ij)(i'j') -> S_(i'j)(ij'); S^+ = (S + S^G)/2; Tr S, n x n, the partial
trace.

References
----------
Such forms are the k-positive maps of [TerhalHorodecki2000]_; the minors at k = 1 are
those of [BertsimasCoryWrightLoPauphilet2023]_, section 4.3.
"""

from fractions import Fraction

import numpy as np

from reductions.errors import NotApplicableError
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

Shape = tuple[int, int]


def minor_form(multipliers: RationalMatrix, shape: Shape) -> RationalMatrix:
    """Return Q with x^T Q x = 2 sum m (X_ij X_i'j' - X_ij' X_i'j), zero at rank one.

    Parameters
    ----------
    multipliers : RationalMatrix, shape (n(n-1)/2, d(d-1)/2)
        m, one for each pair i < i' (row) and j < j' (column), in lexicographic order.

    Raises
    ------
    NotApplicableError
        If the shape is another.

    Examples
    --------
    >>> form = minor_form(RationalMatrix.from_rows([[3]]), (2, 2))
    >>> form.numerators.tolist()
    [[0, 0, 0, 3], [0, 0, -3, 0], [0, -3, 0, 0], [3, 0, 0, 0]]
    """
    n, d = shape
    if multipliers.shape != (n * (n - 1) // 2, d * (d - 1) // 2):
        raise NotApplicableError("there is not one multiplier for each 2 x 2 minor.")
    values = multipliers.numerators
    opposite = integer_arrays.multiply(values, -1)
    form: IntegerArray = np.zeros((n, d, n, d), dtype=opposite.dtype)
    (one, two), (first, second) = np.triu_indices(n, 1), np.triu_indices(d, 1)
    i, other = one[:, None], two[:, None]
    form[i, first, other, second] = form[other, second, i, first] = values
    form[i, second, other, first] = form[other, first, i, second] = opposite
    return RationalMatrix(form.reshape(n * d, n * d), multipliers.denominator)


def rank_form(
    antisymmetric: RationalMatrix,
    symmetric: RationalMatrix,
    complement: RationalMatrix,
    *,
    shape: Shape,
    rank: int,
) -> RationalMatrix:
    """Return Q with x^T Q x >= 0 where rank X <= k, if three matrices are semidefinite.

    Let S_1, S_2, S_3 be the three, and (S_1 + S_2 - S_3)^+ = N x I. Then

        Q = -S_1^G + S_2^G - (2/k) S_2 + (Tr S_3 + k N) x I.

    For X = U V with V V^T = I, u_i the rows of U and v_j the columns of V, x^T Q x is
    the sum of the values of S_1 and S_2, halved, at the k^2 vectors u_il v_mj -+
    u_im v_lj (less (2/k) X where l = m, for S_2), and of S_3 at the vectors u_l x w,
    w the rows of a root of I - V^T V.

    Raises
    ------
    NotApplicableError
        If (S_1 + S_2 - S_3)^+ is not N x I, or k is not in 1..d.

    Notes
    -----
    That the three are semidefinite is not verified here.

    Examples
    --------
    With S_1 = S_2 = 0 and S_3 = I it is |X|^2 times d - k, whatever the sign.

    >>> zero, identity = RationalMatrix.zeros(4, 4), np.eye(4, dtype=np.int64)
    >>> S_3 = RationalMatrix(identity, 1)
    >>> form = rank_form(zero, zero, S_3, shape=(2, 2), rank=1)
    >>> form == S_3
    True
    """
    n, d = shape
    order = n * d
    if any(s.shape != (order, order) for s in (antisymmetric, symmetric, complement)):
        raise NotApplicableError(f"the matrices of a form need the order {order}.")
    if not 1 <= rank <= d:
        raise NotApplicableError(f"a form on {d} columns needs a rank from 1 to {d}.")
    difference = antisymmetric + symmetric - complement
    unit = partial_trace(difference, shape).scaled(Fraction(1, d))
    doubled = difference + partially_transposed(difference, shape)
    if doubled != with_unit(unit.scaled(2), d):
        raise NotApplicableError("the three matrices of a form do not fit together.")
    diagonal = partial_trace(complement, shape) + unit.scaled(rank)
    return (
        partially_transposed(symmetric - antisymmetric, shape)
        - symmetric.scaled(Fraction(2, rank))
        + with_unit(diagonal, d)
    )


def embedded(form: RationalMatrix, indices: IntegerArray, order: int) -> RationalMatrix:
    """Return the form as one of larger order: its unknowns are those at `indices`.

    Examples
    --------
    >>> embedded(RationalMatrix.from_rows([[5]]), np.array([1]), 2)
    RationalMatrix([[0, 0], [0, 5]])
    """
    large: IntegerArray = np.zeros((order, order), dtype=form.numerators.dtype)
    large[np.ix_(indices, indices)] = form.numerators
    return RationalMatrix(large, form.denominator)


def partially_transposed(matrix: RationalMatrix, shape: Shape) -> RationalMatrix:
    """Return S^G of a matrix of order n d.

    Examples
    --------
    >>> square = RationalMatrix(np.arange(16).reshape(4, 4), 1)
    >>> partially_transposed(square, (2, 2)).numerators[0].tolist()
    [0, 1, 8, 9]
    """
    together = partial_transpose(matrix.numerators, shape)
    return RationalMatrix(together, matrix.denominator)


def partial_transpose(array: IntegerArray, shape: Shape) -> IntegerArray:
    """Return S^G of the integer matrix of order n d in an array.

    Examples
    --------
    >>> partial_transpose(np.arange(16).reshape(4, 4), (2, 2))[0].tolist()
    [0, 1, 8, 9]
    """
    n, d = shape
    swapped = array.reshape(n, d, n, d).transpose(2, 1, 0, 3)
    return np.ascontiguousarray(swapped).reshape(n * d, n * d)


def partial_trace(matrix: RationalMatrix, shape: Shape) -> RationalMatrix:
    """Return Tr S, (n, n), with entries sum_j S_(ij)(i'j).

    Examples
    --------
    >>> partial_trace(RationalMatrix(np.eye(4, dtype=np.int64), 1), (2, 2))
    RationalMatrix([[2, 0], [0, 2]])
    """
    n, d = shape
    blocks = matrix.numerators.reshape(n, d, n, d)
    total: IntegerArray = np.zeros((n, n), dtype=np.int64)
    for j in range(d):
        total = integer_arrays.add(total, blocks[:, j, :, j])
    return RationalMatrix(total, matrix.denominator)


def packed(matrix: RationalMatrix) -> RationalMatrix:
    """Return the upper triangle of a symmetric matrix, row by row, as one row.

    Examples
    --------
    >>> packed(RationalMatrix.from_rows([[1, 2], [2, 3]]))
    RationalMatrix([[1, 2, 3]])
    """
    upper = np.triu_indices(matrix.shape[0])
    return RationalMatrix(matrix.numerators[upper][None], matrix.denominator)


def unpacked(triangle: RationalMatrix, order: int) -> RationalMatrix:
    """Return the symmetric matrix with this upper triangle.

    Raises
    ------
    NotApplicableError
        If the number of entries is not order (order + 1)/2.

    Examples
    --------
    >>> unpacked(RationalMatrix.from_rows([[1, 2, 3]]), 2)
    RationalMatrix([[1, 2], [2, 3]])
    """
    if triangle.shape != (1, order * (order + 1) // 2):
        raise NotApplicableError(
            f"a triangle of order {order} is one row of {order * (order + 1) // 2}."
        )
    values = triangle.numerators[0]
    matrix: IntegerArray = np.zeros((order, order), dtype=values.dtype)
    upper = np.triu_indices(order)
    matrix[upper] = values
    matrix.T[upper] = values
    return RationalMatrix(matrix, triangle.denominator)


def with_unit(matrix: RationalMatrix, d: int) -> RationalMatrix:
    """Return the Kronecker product M x I with I of order d.

    Examples
    --------
    >>> with_unit(RationalMatrix.from_rows([[5]]), 2)
    RationalMatrix([[5, 0], [0, 5]])
    """
    n = matrix.shape[0]
    large: IntegerArray = np.zeros((n, d, n, d), dtype=matrix.numerators.dtype)
    for j in range(d):
        large[:, j, :, j] = matrix.numerators
    return RationalMatrix(large.reshape(n * d, n * d), matrix.denominator)
