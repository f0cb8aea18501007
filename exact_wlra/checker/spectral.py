"""Checking rules `spectral`, `split` and `hadamard-rank`: bounds by singular values.

*Why they are sound.* Let pi = p q^T be non-negative of rank one, B any matrix and N =
Q B^T P B Q with P = diag(p), Q = diag(q). Rows and columns where pi vanishes are left
out. By Eckart and Young, every X of rank at most k satisfies

    sum pi (B - X)^2 >= sum pi B^2 - sum_{i<=k} sigma_i^2(P^1/2 B Q^1/2),

and theta Q + H H^T - N >= 0 with theta >= 0 implies, after multiplication by Q^-1/2
from both sides, that the last sum is at most k theta + sum_j ||H_j||^2 / q_j.

* `split`: pi_1 + pi_2 + ... <= omega, and B = A for every piece.
* `hadamard-rank`: omega = pi o R o R, so that the cost is sum pi (R o A - R o X)^2 and
  the rank of R o X is at most rank(R) k.
* `spectral`: pi <= omega, and B is centered as in `checker.minorants`.

Contents
--------
spectral_bound          T1: the minorant, the linearized remainder, the singular values
split_bound             a sum of singular value bounds, one for each piece of weights
hadamard_rank_bound     the bound of Woodruff and Yasuda
weighted_gram           N = Q B^T P B Q
captured_matrix         theta Q + H H^T - N
tail_value              sum pi B^2 - (k theta + sum_j ||H_j||^2 / q_j)
exact_rank              rank of an integer array
"""

from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from exact_wlra.certificates import HadamardRank, Piece, Spectral, Split
from exact_wlra.checker.minorants import centered_data, verify_grid
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from reductions.patterns import row_classes
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic, is_positive_semidefinite
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix


def spectral_bound(
    instance: Instance, proof: Spectral, arithmetic: Arithmetic
) -> Fraction:
    """Return the lower bound of T1 on OPT.

    Raises
    ------
    RejectedCertificateError
        If the shapes do not fit, p q^T is not between 0 and omega, or the matrix of
        the singular values is not proved positive semidefinite.
    """
    n, d = instance.shape
    kept_rows, kept_columns = _support(proof, instance, "spectral")
    left, right = proof.center_left, proof.center_right
    if left.shape != (n, right.shape[0]) or right.shape[1] != d:
        raise RejectedCertificateError(
            f"spectral: the center of shapes {left.shape} and {right.shape} does not "
            f"multiply to {instance.shape}."
        )
    verify_grid(proof.grid, "spectral")
    rows = proof.rows.take(columns=kept_rows)
    columns = proof.columns.take(columns=kept_columns)
    part = instance.restrict(kept_rows, kept_columns)
    center = left.take(kept_rows) @ right.take(columns=kept_columns)
    pi = rows.transpose @ columns
    data, price = centered_data(part, pi, center, proof.grid, "spectral")
    tail = _tail_bound(
        data,
        rows,
        columns,
        multiplicity=instance.rank,
        theta=proof.theta,
        factor=proof.factor.take(kept_columns),
        arithmetic=arithmetic,
        where="spectral",
    )
    return tail - price


def split_bound(instance: Instance, proof: Split, arithmetic: Arithmetic) -> Fraction:
    """Return the sum over the pieces of the tails of their singular values.

    Raises
    ------
    RejectedCertificateError
        If the shapes do not fit, the pieces are not non-negative with a sum of at most
        omega, or a matrix of singular values is not proved positive semidefinite.
    """
    omega = instance.squared_weights
    unit = lcm(
        omega.denominator,
        *(p.rows.denominator * p.columns.denominator for p in proof.pieces),
    )
    rest = np.array(
        integer_arrays.multiply(omega.numerators, unit // omega.denominator)
    )
    bound = Fraction(0)
    for number, piece in enumerate(proof.pieces):
        where = f"piece {number + 1} of split"
        kept_rows, kept_columns = _support(piece, instance, where)
        rows = piece.rows.take(columns=kept_rows)
        columns = piece.columns.take(columns=kept_columns)
        pi = rows.transpose @ columns
        block = np.ix_(kept_rows, kept_columns)
        used = integer_arrays.multiply(pi.numerators, unit // pi.denominator)
        if used.dtype == object and rest.dtype != object:
            rest = rest.astype(object)
        rest[block] = _remainder(rest[block], used, kept_rows, kept_columns, where)
        bound += _tail_bound(
            instance.data.take(kept_rows, kept_columns),
            rows,
            columns,
            multiplicity=instance.rank,
            theta=piece.theta,
            factor=piece.factor.take(kept_columns),
            arithmetic=arithmetic,
            where=where,
        )
    return bound


def hadamard_rank_bound(
    instance: Instance, proof: HadamardRank, arithmetic: Arithmetic
) -> Fraction:
    """Return the tail of the singular values of R o A beyond rank(R) k.

    Raises
    ------
    RejectedCertificateError
        If the shapes do not fit, p q^T o R o R is not omega, or the matrix of the
        singular values is not proved positive semidefinite.
    """
    kept_rows, kept_columns = _support(proof, instance, "hadamard-rank")
    roots = proof.root_weights
    if roots.shape != instance.shape:
        raise RejectedCertificateError(
            f"hadamard-rank: root weights of shape {roots.shape} for weights of shape "
            f"{instance.shape}."
        )
    pi = proof.rows.transpose @ proof.columns
    if roots.hadamard(roots).hadamard(pi) != instance.squared_weights:
        raise RejectedCertificateError(
            "hadamard-rank: the squares of the root weights are not the weights."
        )
    return _tail_bound(
        roots.hadamard(instance.data).take(kept_rows, kept_columns),
        proof.rows.take(columns=kept_rows),
        proof.columns.take(columns=kept_columns),
        multiplicity=instance.rank * exact_rank(roots.numerators),
        theta=proof.theta,
        factor=proof.factor.take(kept_columns),
        arithmetic=arithmetic,
        where="hadamard-rank",
    )


def weighted_gram(
    data: RationalMatrix, rows: RationalMatrix, columns: RationalMatrix
) -> RationalMatrix:
    """Return Q B^T P B Q for P = diag(rows), Q = diag(columns).

    Examples
    --------
    >>> B = RationalMatrix.from_rows([[1, 2], [0, 1]])
    >>> p, q = RationalMatrix.from_rows([[1, 3]]), RationalMatrix.from_rows([[1, 2]])
    >>> weighted_gram(B, p, q)
    RationalMatrix([[1, 4], [4, 28]])
    """
    right = data.hadamard(columns)
    return right.hadamard(rows.transpose).transpose @ right


def captured_matrix(
    gram: RationalMatrix,
    columns: RationalMatrix,
    theta: Fraction,
    factor: RationalMatrix,
) -> RationalMatrix:
    """Return theta Q + H H^T - N, whose semidefiniteness proves the tail bound."""
    diagonal = RationalMatrix(
        np.diag(columns.numerators[0]), columns.denominator
    ).scaled(theta)
    if factor.shape[1] == 0:
        return diagonal - gram
    return diagonal + factor @ factor.transpose - gram


def _tail_bound(
    data: RationalMatrix,
    rows: RationalMatrix,
    columns: RationalMatrix,
    *,
    multiplicity: int,
    theta: Fraction,
    factor: RationalMatrix,
    arithmetic: Arithmetic,
    where: str,
) -> Fraction:
    """Return sum pi B^2 - (multiplicity theta + sum_j ||H_j||^2 / q_j), if proved."""
    if theta < 0:
        raise RejectedCertificateError(f"{where}: theta is negative.")
    gram = weighted_gram(data, rows, columns)
    matrix = captured_matrix(gram, columns, theta, factor)
    if not is_positive_semidefinite(matrix.numerators, arithmetic=arithmetic):
        raise RejectedCertificateError(
            f"{where}: theta and the factor are not proved to dominate the singular "
            f"values (arithmetic: {arithmetic})."
        )
    return tail_value(gram, columns, multiplicity, theta, factor)


def tail_value(
    gram: RationalMatrix,
    columns: RationalMatrix,
    multiplicity: int,
    theta: Fraction,
    factor: RationalMatrix,
) -> Fraction:
    """Return sum pi B^2 - (multiplicity theta + sum_j ||H_j||^2 / q_j), unproved."""
    # N_jj / q_j = sum_i pi_ij B_ij^2, and the numerators divide exactly.
    energy = integer_arrays.total(gram.numerators.diagonal() // columns.numerators[0])
    norms = factor.hadamard(factor).numerators.sum(axis=1, dtype=object)
    captured = sum(
        (
            Fraction(int(norm), int(q))
            for norm, q in zip(norms, columns.numerators[0], strict=True)
        ),
        start=Fraction(0),
    )
    return (
        Fraction(energy * columns.denominator, gram.denominator)
        - multiplicity * theta
        - captured * Fraction(columns.denominator, factor.denominator**2)
    )


def _support(
    proof: Spectral | Piece | HadamardRank, instance: Instance, where: str
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows with p_i > 0 and columns with q_j > 0 after a check of shapes."""
    n, d = instance.shape
    p, q = proof.rows, proof.columns
    if p.shape != (1, n) or q.shape != (1, d) or proof.factor.shape[0] != d:
        raise RejectedCertificateError(
            f"{where}: rows, columns and factor have shapes {p.shape}, {q.shape} and "
            f"{proof.factor.shape} for an instance of shape {instance.shape}."
        )
    if (p.numerators < 0).any() or (q.numerators < 0).any():
        raise RejectedCertificateError(f"{where}: an entry of p or q is negative.")
    return np.flatnonzero(p.numerators[0] != 0), np.flatnonzero(q.numerators[0] != 0)


def _remainder(
    rest: IntegerArray,
    used: IntegerArray,
    kept_rows: NDArray[np.int64],
    kept_columns: NDArray[np.int64],
    where: str,
) -> IntegerArray:
    """Return rest - used; reject where it is negative."""
    remainder = integer_arrays.subtract(rest, used)
    negative = remainder < 0
    if negative.any():
        i, j = np.argwhere(negative)[0]
        raise RejectedCertificateError(
            f"{where}: with the pieces before it, it exceeds the squared weight in "
            f"row {kept_rows[i] + 1}, column {kept_columns[j] + 1}."
        )
    return remainder


def exact_rank(array: IntegerArray) -> int:
    """Return the exact rank, found on distinct rows and columns.

    Examples
    --------
    >>> exact_rank(np.array([[1, 2], [2, 4], [1, 2]]))
    1
    """
    from flint import fmpz_mat

    _, first = row_classes(array)
    distinct = np.ascontiguousarray(array[first].T)
    _, first = row_classes(distinct)
    distinct = distinct[first]
    if distinct.shape[0] < distinct.shape[1]:  # flint is slow on wide matrices
        distinct = np.ascontiguousarray(distinct.T)
    n, d = distinct.shape
    return int(fmpz_mat(n, d, distinct.ravel().tolist()).rank())
