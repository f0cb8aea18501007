"""The weighted singular value decomposition: proved optimum for weights of rank one.

For omega = p q^T the optimum is sum_{i>k} sigma_i^2(P^1/2 A Q^1/2), P = diag(p), Q =
diag(q): an algebraic number, enclosed here as narrowly as asked.

Contents
--------
prove_weighted_svd      proof and rational factors

Notes on the implementation
---------------------------
With V (k x d) close to the leading eigenvectors of N v = lambda Q v, N = Q A^T P A Q,
the best U is A Q V^T (V Q V^T)^-1 exactly. Errors of V, and of U when it is rounded,
enter the cost squared.
"""

import math
from fractions import Fraction

import numpy as np

from exact_wlra.bounds.rank_one_minorants import rank_one_factors
from exact_wlra.bounds.singular_tails import (
    dominate_gram,
    estimate_tail,
    leading_eigenvectors,
    log2_of,
    round_to_grid,
)
from exact_wlra.certificates import Energy, Proof, Spectral, Transpose, Zero
from exact_wlra.checker.spectral import tail_value, weighted_gram
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

# Bits of the eigenvalues in which the tail is looked for, one after the other.
_RESOLUTIONS = (44, 128, 400, 1200)
_REFINEMENTS = 5


def prove_weighted_svd(
    instance: Instance, gap: Fraction
) -> tuple[Proof, RationalMatrix, RationalMatrix]:
    """Return a proof, and factors whose cost exceeds its bound by at most gap * cost.

    Parameters
    ----------
    instance : Instance
        Squared weights of rank one, without zero rows or columns.
    gap : Fraction
        Positive. Reached whenever min(n, d) is at most 64, and as far as float64 goes
        (about 1e-11) otherwise.

    Returns
    -------
    proof : Proof
        `Spectral` with an empty center, inside `Transpose` when n < d; `Zero` when the
        data have rank at most k; `Energy` for k = 0.
    left, right : RationalMatrix, shapes (n, k) and (k, d)
        Exact factors of the data when their rank is at most k.

    Raises
    ------
    NotApplicableError
        If the squared weights are not positive of rank one.

    Examples
    --------
    >>> from exact_wlra.checker.rules import lower_bound
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> proof, left, right = prove_weighted_svd(instance, Fraction(1, 10**30))
    >>> lower, upper = lower_bound(instance, proof), instance.cost(left, right)
    >>> 0 < upper - lower <= upper / 10**30
    True
    >>> lower**2 - 15 * lower + 25 > 0 > upper**2 - 15 * upper + 25
    True
    """
    n, d = instance.shape
    minorant = rank_one_factors(instance.squared_weights)
    if minorant is None or not instance.support().all():
        raise NotApplicableError(
            "the squared weights are not positive of rank one; use prove_spectral."
        )
    if n < d:
        proof, left, right = prove_weighted_svd(instance.transpose, gap)
        return Transpose(proof=proof), right.transpose, left.transpose
    if instance.rank == 0:
        return Energy(), RationalMatrix.zeros(n, 0), RationalMatrix.zeros(0, d)
    exact = _exact_factors(instance.data, instance.rank)
    if exact is not None:
        return Zero(), *exact
    return _enclosed(instance, minorant, gap)


def _enclosed(
    instance: Instance, minorant: tuple[RationalMatrix, RationalMatrix], gap: Fraction
) -> tuple[Proof, RationalMatrix, RationalMatrix]:
    """Return proof and factors when the optimum is positive and n >= d."""
    n, d = instance.shape
    k = instance.rank
    rows, columns = minorant
    gram = weighted_gram(instance.data, rows, columns)
    energy = tail_value(gram, columns, 0, Fraction(0), RationalMatrix.zeros(d, 0))
    tail = _resolved_tail(gram, columns, k)
    dominated = None
    if tail is None:  # too small for float64, and too large a matrix for more
        tail = energy / 2 ** _RESOLUTIONS[0]
    else:
        dominated = dominate_gram(gram, columns, k, loss=tail * gap / 2)
    proof: Proof = Zero()
    lower = Fraction(0)
    if dominated is not None:
        theta, factor = dominated
        lower = tail_value(gram, columns, k, theta, factor)
        proof = Spectral(
            rows=rows,
            columns=columns,
            center_left=RationalMatrix.zeros(n, 0),
            center_right=RationalMatrix.zeros(0, d),
            grid=0,
            theta=theta,
            factor=factor,
        )
    error = tail * gap / 16
    bits = math.ceil(log2_of(energy / error) / 2) + 6
    left, right = _projected(instance, gram, minorant, bits=bits, error=error)
    for _ in range(_REFINEMENTS):
        if instance.cost(left, right) * (1 - gap) <= lower:
            break
        bits, error = bits + 12, error / 2**24
        left, right = _projected(instance, gram, minorant, bits=bits, error=error)
    return proof, left, right


def _resolved_tail(
    gram: RationalMatrix, columns: RationalMatrix, rank: int
) -> Fraction | None:
    """Return an estimate of the positive tail, with more and more bits."""
    for bits in _RESOLUTIONS:
        tail = estimate_tail(gram, columns, rank, bits=bits)
        if tail is not None:
            return tail
    return None


def _projected(
    instance: Instance,
    gram: RationalMatrix,
    minorant: tuple[RationalMatrix, RationalMatrix],
    *,
    bits: int,
    error: Fraction,
) -> tuple[RationalMatrix, RationalMatrix]:
    """Return V from eigenvectors of relative accuracy 2^-bits, and U fitted to it."""
    rows, columns = minorant
    k = instance.rank
    vectors = leading_eigenvectors(gram, columns, k, bits=bits).vectors
    # Entries of V are below 1/sqrt(q_j), so that the grid is finer for a large q.
    largest = Fraction(int(columns.numerators.max()), columns.denominator)
    right = round_to_grid(
        vectors.transpose, bits + max(0, math.ceil(log2_of(largest) / 2))
    )
    scaled = right.hadamard(columns)
    left = (instance.data @ scaled.transpose) @ _inverse(scaled @ right.transpose)
    # Rounding U by h costs at most h^2 k sum_i p_i.
    grid = math.ceil(log2_of(rows.total() * k / error) / 2)
    return round_to_grid(left, grid), right


def _inverse(matrix: RationalMatrix) -> RationalMatrix:
    """Return the exact inverse of a small matrix."""
    from flint import fmpq_mat, fmpz_mat

    order = matrix.shape[0]
    flat = [int(x) for x in matrix.numerators.ravel()]
    inverse = fmpq_mat(fmpz_mat(order, order, flat)).inv()
    rows = [[Fraction(int(x.p), int(x.q)) for x in row] for row in inverse.tolist()]
    return RationalMatrix.from_fractions(rows).scaled(matrix.denominator)


def _exact_factors(
    data: RationalMatrix, rank: int
) -> tuple[RationalMatrix, RationalMatrix] | None:
    """Return exact factors of inner dimension `rank` if the data have that rank."""
    from flint import fmpz_mat

    n, d = data.shape
    matrix = fmpz_mat(n, d, data.numerators.ravel().tolist())
    if matrix.rank() > rank:
        return None
    echelon, denominator, found = matrix.rref()
    rows = np.array([int(x) for x in echelon.entries()], dtype=object).reshape(n, d)
    pivots = [int(np.flatnonzero(rows[i])[0]) for i in range(found)]
    left = np.zeros((n, rank), dtype=object)
    left[:, :found] = data.numerators[:, pivots]
    right = np.zeros((rank, d), dtype=object)
    right[:found] = rows[:found] * (1 if denominator > 0 else -1)
    return (
        RationalMatrix(left, data.denominator),
        RationalMatrix(right, abs(int(denominator))),
    )
