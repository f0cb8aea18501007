"""Searching theta and H for the rules that bound by singular values.

Given N = Q B^T P B Q, the aim is theta and H with theta Q + H H^T - N proved positive
semidefinite, while k theta + sum_j ||H_j||^2 / q_j exceeds the sum of the k largest
eigenvalues of N e = lambda Q e by little.

Contents
--------
Eigenvectors            eigenvalues and leading eigenvectors, approximate
leading_eigenvectors    them, in float64 or to any number of digits
estimate_tail           sum of the eigenvalues after the first k, approximate
dominate_gram           theta and H, proved
round_to_grid           a rational matrix on a dyadic grid
log2_of                 logarithm of a rational of any size

Notes on the implementation
---------------------------
Let E (d x m) approximate the leading eigenvectors, W = E^T Q E and G = E^T N E, both
exact. H = Q E T with T T^T = W^-1 (G - (theta - epsilon) W) W^-1 makes the matrix
equal to epsilon W on the span of E whatever the error of E, so that this error enters
squared only. In float64 one step of iterative refinement, whose residual is exact,
keeps data in reach that are of low rank up to their last digits. Beyond that the
eigenvectors of small matrices are computed with mpmath.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.checker.spectral import captured_matrix
from semialgebraic import integer_arrays
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import dyadic_above

Floats = NDArray[np.float64]

# Up to this order eigenvectors are computed to more digits than float64 has.
_LARGEST_MULTIPRECISION = 64
# Bits, relative to the largest eigenvalue, that float64 with refinement is good for.
_FLOAT_BITS = 80
_ATTEMPTS = 14


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Eigenvectors:
    """Approximate solutions of N e = lambda Q e with E^T Q E close to the identity.

    Parameters
    ----------
    values : tuple of Fraction
        All d eigenvalues, descending.
    vectors : RationalMatrix, shape (d, m)
        The leading m eigenvectors.
    """

    values: tuple[Fraction, ...]
    vectors: RationalMatrix


def leading_eigenvectors(
    gram: RationalMatrix, columns: RationalMatrix, count: int, *, bits: int
) -> Eigenvectors:
    """Return eigenvalues and leading eigenvectors of N e = lambda Q e, approximately.

    Parameters
    ----------
    gram : RationalMatrix, shape (d, d)
        N, symmetric, positive semidefinite, not zero.
    columns : RationalMatrix, shape (1, d)
        The positive diagonal of Q.
    count : int
        Number of eigenvectors, at most d.
    bits : int
        Wanted relative accuracy 2^-bits: an aim, which matrices of order above 64
        reach as far as float64 does.

    Examples
    --------
    >>> N = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> q = RationalMatrix.from_rows([[1, 1]])
    >>> leading_eigenvectors(N, q, 1, bits=20).values
    (Fraction(2, 1), Fraction(1, 1))
    """
    if bits > _FLOAT_BITS and gram.shape[0] <= _LARGEST_MULTIPRECISION:
        return _multiprecision_eigenvectors(gram, columns, count, bits)
    return _float_eigenvectors(gram, columns, count)


def estimate_tail(
    gram: RationalMatrix, columns: RationalMatrix, rank: int, *, bits: int
) -> Fraction | None:
    """Return about the sum of all but the k largest eigenvalues.

    None when it cannot be told from zero with `bits` bits of the largest.

    Examples
    --------
    >>> N = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> estimate_tail(N, RationalMatrix.from_rows([[1, 1]]), 1, bits=40)
    Fraction(1, 1)
    """
    if rank >= gram.shape[0] or not gram.numerators.any():
        return None
    values = leading_eigenvectors(gram, columns, 0, bits=bits).values
    tail = sum(values[rank:], start=Fraction(0))
    return tail if tail * 2**bits > values[0] * len(values) else None


def dominate_gram(
    gram: RationalMatrix, columns: RationalMatrix, rank: int, *, loss: Fraction
) -> tuple[Fraction, RationalMatrix] | None:
    """Return theta and H with theta Q + H H^T - N proved positive semidefinite.

    Parameters
    ----------
    gram : RationalMatrix, shape (d, d)
        N = Q B^T P B Q.
    columns : RationalMatrix, shape (1, d)
        The positive diagonal of Q.
    rank : int
        Multiplicity k of theta.
    loss : Fraction
        Positive. By how much k theta + sum_j ||H_j||^2 / q_j may exceed the sum of the
        k largest eigenvalues; more is given up only where the proof fails otherwise.

    Returns
    -------
    (theta, H) or None
        None when k >= d, or when the other eigenvalues cannot be told from zero.

    Examples
    --------
    >>> N = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> q = RationalMatrix.from_rows([[1, 1]])
    >>> theta, factor = dominate_gram(N, q, 1, loss=Fraction(1, 100))
    >>> total = theta + factor.hadamard(factor).total()
    >>> Fraction(2) < total <= Fraction(201, 100)
    True
    """
    if rank >= gram.shape[0] or not gram.numerators.any():
        return None
    epsilon = loss / (4 * max(rank, 1))
    total = sum(_quotients(gram, columns), start=Fraction(0))
    # A dozen bits more than the slack; where float64 may do, it is tried first.
    bits = math.ceil(log2_of(total / epsilon)) + 12
    accuracies = [bits] if bits > 2 * _FLOAT_BITS else [min(bits, _FLOAT_BITS), bits]
    for accuracy in accuracies:
        found = leading_eigenvectors(gram, columns, rank, bits=accuracy)
        tail = sum(found.values[rank:], start=Fraction(0))
        if max(rank, 1) * epsilon < tail:
            dominating = _proved(gram, columns, rank, found, epsilon)
            if dominating is not None:
                return dominating
    for _ in range(_ATTEMPTS):
        epsilon *= 8
        if max(rank, 1) * epsilon >= tail:
            break
        dominating = _proved(gram, columns, rank, found, epsilon)
        if dominating is not None:
            return dominating
    return None


def _proved(
    gram: RationalMatrix,
    columns: RationalMatrix,
    rank: int,
    found: Eigenvectors,
    epsilon: Fraction,
) -> tuple[Fraction, RationalMatrix] | None:
    """Return theta and H with slack epsilon if they prove what they should."""
    theta, factor = _bordering(gram, columns, rank, found, epsilon)
    matrix = captured_matrix(gram, columns, theta, factor)
    return (theta, factor) if is_positive_semidefinite(matrix.numerators) else None


def _quotients(gram: RationalMatrix, columns: RationalMatrix) -> list[Fraction]:
    """Return N_jj / q_j: they add up to the sum of all eigenvalues."""
    unit = Fraction(columns.denominator, gram.denominator)
    return [
        Fraction(int(x), int(q)) * unit
        for x, q in zip(gram.numerators.diagonal(), columns.numerators[0], strict=True)
    ]


def _bordering(
    gram: RationalMatrix,
    columns: RationalMatrix,
    rank: int,
    found: Eigenvectors,
    epsilon: Fraction,
) -> tuple[Fraction, RationalMatrix]:
    """Return theta, and H = Q E T that lifts the span of E to epsilon above N."""
    first_out = found.values[rank]
    gap = (found.values[rank - 1] - first_out) / 2 if rank else first_out
    theta = first_out + max(2 * epsilon, min(gap, first_out))
    theta = dyadic_above(theta, 4 - math.floor(log2_of(epsilon)))
    inside = sum(value > theta - epsilon for value in found.values[:rank])
    vectors = found.vectors.take(columns=slice(inside))
    scaled = vectors.hadamard(columns.transpose)
    if inside == 0:
        return theta, RationalMatrix.zeros(gram.shape[0], 0)
    size = log2_of(max(found.values[0], theta) / epsilon) / 2
    root = _root_of_excess(
        gram=vectors.transpose @ (gram @ vectors),
        overlap=vectors.transpose @ scaled,
        level=theta - epsilon,
        bits=math.ceil(size - log2_of(epsilon) / 2 + 8 + math.log2(inside)),
        precision=math.ceil(4 * size) + 64,
    )
    # ||Q^-1/2 (rounding of H)|| must stay below epsilon / (16 sqrt(lambda_1)).
    spread = sum(
        (Fraction(columns.denominator, int(q)) for q in columns.numerators[0]),
        start=Fraction(0),
    )
    bits = size - (log2_of(epsilon) - log2_of(spread * inside)) / 2 + 5
    return theta, round_to_grid(scaled @ root, math.ceil(bits))


def _root_of_excess(
    *,
    gram: RationalMatrix,
    overlap: RationalMatrix,
    level: Fraction,
    bits: int,
    precision: int,
) -> RationalMatrix:
    """Return T with T T^T close to W^-1 (G - level W) W^-1, on the grid 2^-bits."""
    import mpmath

    order = gram.shape[0]
    with mpmath.workprec(precision):
        inverse = _multiprecision(overlap) ** -1
        excess = inverse * _multiprecision(gram) * inverse
        excess -= inverse * (mpmath.mpf(level.numerator) / level.denominator)
        root = mpmath.zeros(order, order)
        for j in range(order):
            pivot = excess[j, j] - mpmath.fsum(root[j, c] ** 2 for c in range(j))
            if pivot <= 0:
                continue  # no more than rounding below zero: nothing to lift
            root[j, j] = mpmath.sqrt(pivot)
            for i in range(j + 1, order):
                inner = mpmath.fsum(root[i, c] * root[j, c] for c in range(j))
                root[i, j] = (excess[i, j] - inner) / root[j, j]
        return _from_multiprecision(root, order, bits)


def _float_eigenvectors(
    gram: RationalMatrix, columns: RationalMatrix, count: int
) -> Eigenvectors:
    """Return float64 eigenvectors, refined once with an exact residual."""
    exponent = math.floor(log2_of(sum(_quotients(gram, columns), start=Fraction(0))))
    unit = Fraction(2) ** exponent
    roots = np.sqrt(columns.to_float()[0])
    scaled = gram.scaled(1 / unit)
    symmetric = scaled.to_float() / np.multiply.outer(roots, roots)
    ascending, basis = np.linalg.eigh(symmetric)
    values, basis = np.maximum(ascending[::-1], 0.0), basis[:, ::-1]
    fractions = tuple(Fraction(float(x)) * unit for x in values)
    if count == 0:
        return Eigenvectors(
            values=fractions, vectors=RationalMatrix.zeros(len(roots), 0)
        )
    bits = 64 + max(0, math.ceil(math.log2(float(roots.max()))))
    vectors = RationalMatrix.rounded(basis[:, :count] / roots[:, None], bits)
    shifted = vectors.hadamard(columns.transpose).hadamard(
        RationalMatrix.from_floats(values[None, :count])
    )
    residual = (scaled @ vectors - shifted).to_float() / roots[:, None]
    rest = basis[:, count:]
    gaps = np.maximum(values[None, :count] - values[count:, None], 1e-14 * values[0])
    correction = rest @ ((rest.T @ residual) / gaps)
    refined = vectors + RationalMatrix.rounded(correction / roots[:, None], bits + 40)
    return Eigenvectors(values=fractions, vectors=refined)


def _multiprecision_eigenvectors(
    gram: RationalMatrix, columns: RationalMatrix, count: int, bits: int
) -> Eigenvectors:
    """Return eigenvectors computed with mpmath."""
    import mpmath

    order = gram.shape[0]
    with mpmath.workprec(bits + 4 * order.bit_length() + 20):
        roots = [
            mpmath.sqrt(mpmath.mpf(int(q)) / columns.denominator)
            for q in columns.numerators[0]
        ]
        matrix = _multiprecision(gram)
        for i in range(order):
            for j in range(order):
                matrix[i, j] /= roots[i] * roots[j]
        ascending, basis = mpmath.eigsy(matrix)
        magnitude = mpmath.mag(ascending[order - 1])
        fine = bits + 16 - magnitude
        values = tuple(
            max(_fraction(ascending[i], fine), Fraction(0))
            for i in reversed(range(order))
        )
        vectors = mpmath.matrix(order, max(count, 1))
        for i in range(order):
            for j in range(count):
                vectors[i, j] = basis[i, order - 1 - j] / roots[i]
        grid = bits + 16 + max(0, int(mpmath.mag(max(roots))))
        return Eigenvectors(
            values=values, vectors=_from_multiprecision(vectors, count, grid)
        )


def _multiprecision(matrix: RationalMatrix) -> Any:
    """Return the mpmath matrix in the working precision."""
    import mpmath

    n, d = matrix.shape
    converted = mpmath.matrix(n, d)
    for i in range(n):
        for j in range(d):
            converted[i, j] = mpmath.mpf(int(matrix.numerators[i, j]))
    return converted / matrix.denominator


def _fraction(value: Any, bits: int) -> Fraction:
    """Return an mpmath number rounded to the grid 2^-bits."""
    import mpmath

    return Fraction(int(mpmath.nint(mpmath.ldexp(value, bits)))) / Fraction(2) ** bits


def _from_multiprecision(matrix: Any, count: int, bits: int) -> RationalMatrix:
    """Return the first `count` columns of an mpmath matrix on the grid 2^-bits."""
    import mpmath

    array = np.empty((matrix.rows, count), dtype=object)
    for i in range(matrix.rows):
        for j in range(count):
            array[i, j] = int(mpmath.nint(mpmath.ldexp(matrix[i, j], bits)))
    return RationalMatrix(array, 1).scaled(1 / Fraction(2) ** bits)


def round_to_grid(matrix: RationalMatrix, bits: int) -> RationalMatrix:
    """Return the matrix rounded to multiples of 2^-bits.

    Examples
    --------
    >>> round_to_grid(RationalMatrix.from_rows([["1/3", "5/3"]]), 2)
    RationalMatrix([[1/4, 7/4]])
    """
    power = Fraction(2) ** (bits + 1) / matrix.denominator
    numerators = integer_arrays.multiply(matrix.numerators, power.numerator)
    halves = integer_arrays.narrow(numerators // power.denominator)
    rounded = RationalMatrix((halves + 1) >> 1, 1).scaled(1 / Fraction(2) ** bits)
    return rounded.reduced()


def log2_of(value: Fraction) -> float:
    """Return the binary logarithm of a positive rational of any size.

    Examples
    --------
    >>> log2_of(Fraction(1, 2**5000))
    -5000.0
    """
    return math.log2(value.numerator) - math.log2(value.denominator)
