"""Truncated singular value decompositions, exact to rounding or randomized.

Contents
--------
leading_triples     L R = the best rank-m approximation of a matrix, or nearly
gram_triples        the same from the smaller Gram matrix: faster, half the digits
perron_triple       L R = the best rank-1 approximation of a positive matrix
tail_energy         the squared error of the best rank-m approximation
load_libraries      imports made before a clock starts

References
----------
[HalkoMartinssonTropp2011]_
"""

from importlib import import_module

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import MissingExtraError

Floats = NDArray[np.float64]

# How far a unit vector moves in a step of power iteration that changes nothing more.
_STANDSTILL = 8 * float(np.finfo(np.float64).eps)
# A singular value gap that needs more steps than this is left to the Gram matrix.
_POWER_STEPS = 30


def leading_triples(
    matrix: Floats, *, rank: int, seed: int | None = None
) -> tuple[Floats, Floats]:
    """Return L = U_m Sigma_m (n x m) and R = V_m^T (m x d).

    Parameters
    ----------
    rank : int
        m; what exceeds min(n, d) is left away.
    seed : int or None
        None decomposes with LAPACK. A seed asks scikit-learn for a randomized
        decomposition, whose squared error exceeds the best by a factor that is near
        one with constant probability.

    Raises
    ------
    MissingExtraError
        If a randomized decomposition is asked for and scikit-learn is not installed.

    Examples
    --------
    >>> left, right = leading_triples(np.diag([3.0, 2.0]), rank=1)
    >>> (left @ right).round(12).tolist()
    [[3.0, 0.0], [0.0, 0.0]]
    """
    m = min(rank, *matrix.shape)
    if seed is None or m == 0:
        left, values, right = np.linalg.svd(matrix, full_matrices=False)
        return left[:, :m] * values[:m], right[:m]
    load_libraries(randomized=True)
    from sklearn.utils.extmath import randomized_svd

    left, values, right = randomized_svd(matrix, m, random_state=seed)
    return left * values, right


def gram_triples(matrix: Floats, *, rank: int) -> tuple[Floats, Floats]:
    """Return L and R with L R = B V V^T, V the leading eigenvectors of B^T B.

    Where B is wide, L R = V V^T B with those of B B^T. The squared error exceeds the
    best one by no more than a small multiple of m eps ||B||_F^2, as V is exact for a
    Gram matrix near the true one: enough unless the error itself is so small.

    Parameters
    ----------
    rank : int
        m; what exceeds min(n, d) is left away.

    Examples
    --------
    >>> left, right = gram_triples(np.diag([3.0, 2.0]), rank=1)
    >>> (left @ right).round(12).tolist()
    [[3.0, 0.0], [0.0, 0.0]]
    """
    n, d = matrix.shape
    if n < d:
        left, right = gram_triples(matrix.T, rank=rank)
        return right.T, left.T
    m = min(rank, d)
    size = np.abs(matrix).max(initial=0.0) or 1.0
    unit = matrix / size  # the squares of the entries as they are may overflow
    vectors = np.linalg.eigh(unit.T @ unit)[1][:, d - m :][:, ::-1]
    return matrix @ vectors, np.ascontiguousarray(vectors.T)


def perron_triple(matrix: Floats) -> tuple[Floats, Floats]:
    """Return positive L (n x 1) and R (1 x d): L R is the best rank-1 approximation.

    The leading singular vectors of a positive matrix M are positive (Perron and
    Frobenius), and power iteration from the column sums keeps them so, since all its
    sums are of positive terms. Where sigma_2 is near sigma_1 it is slow; then the
    vector comes from the Gram matrix, which loses nothing for the *leading* triple (its
    error is eps sigma_1^2 / (sigma_1^2 - sigma_2^2)), and one step from its absolute
    values mends small components, perhaps their signs.

    Parameters
    ----------
    matrix : float array, shape (n, d), neither n nor d zero
        M; no entry negative.

    Examples
    --------
    >>> left, right = perron_triple(np.array([[2.0, 4.0], [1.0, 2.0]]))
    >>> (left @ right).round(12).tolist()
    [[2.0, 4.0], [1.0, 2.0]]
    """
    if matrix.shape[0] < matrix.shape[1]:
        left, right = perron_triple(matrix.T)
        return right.T, left.T
    leading = matrix.sum(axis=0)
    leading /= np.linalg.norm(leading)
    for _ in range(_POWER_STEPS):
        leading, previous = _power_step(matrix, leading), leading
        if np.linalg.norm(leading - previous) <= _STANDSTILL:
            break
    else:
        leading = _power_step(matrix, np.abs(_leading_eigenvector(matrix)))
    return (matrix @ leading)[:, None], leading[None, :]


def _power_step(matrix: Floats, vector: Floats) -> Floats:
    """Return M^T M v, normalized."""
    image = matrix @ vector
    following = matrix.T @ (image / np.linalg.norm(image))
    normalized: Floats = following / np.linalg.norm(following)
    return normalized


def _leading_eigenvector(matrix: Floats) -> Floats:
    """Return the leading eigenvector of M^T M."""
    from scipy.linalg import eigh

    last = matrix.shape[1] - 1
    _, vectors = eigh(
        matrix.T @ matrix, subset_by_index=[last, last], check_finite=False
    )
    vector: Floats = vectors[:, 0]
    return vector


def tail_energy(matrix: Floats, *, rank: int) -> float:
    """Return ||B_{-m}||_F^2, the sum of sigma_l(B)^2 over l > m, an estimate.

    Singular values below rounding error count as zero, so that a matrix of rank m has
    tail 0.

    Examples
    --------
    >>> tail_energy(np.diag([3.0, 2.0, 1.0]), rank=1)
    5.0
    >>> tail_energy(np.outer([1.0, 2.0], [0.1, 0.3]), rank=1)
    0.0
    """
    if matrix.size == 0:
        return 0.0
    values = np.linalg.svd(matrix, compute_uv=False)
    noise = max(matrix.shape) * np.finfo(np.float64).eps * values[0]
    tail = values[rank:]
    return float(np.sum(tail[tail > noise] ** 2))


def load_libraries(*, randomized: bool = False) -> None:
    """Import what decompositions need, so that no method's seconds count it.

    Raises
    ------
    MissingExtraError
        If a randomized decomposition is asked for and scikit-learn is not installed.
    """
    import_module("scipy.linalg")
    if not randomized:
        return
    try:
        import_module("sklearn.utils.extmath")
    except ImportError:
        raise MissingExtraError(
            "a randomized decomposition needs scikit-learn; install it with "
            "pip install 'exact-wlra[lab]', or leave `randomized` out."
        ) from None
