"""Ranks of weight matrices, exact or up to rounding error.

Contents
--------
rational_rank       the rank of a rational matrix
numerical_rank      the number of singular values above rounding error, an estimate
"""

import numpy as np
from numpy.typing import NDArray

from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]


def rational_rank(matrix: RationalMatrix) -> int:
    """Return the rank over the rationals.

    The rank modulo a prime is a lower bound, and settles the matter where it is full;
    otherwise FLINT eliminates over the integers.

    Examples
    --------
    >>> rational_rank(RationalMatrix.from_rows([[1, 2], ["1/2", 1], [0, 0]]))
    1
    """
    import flint

    n, d = matrix.shape
    if n == 0 or d == 0:
        return 0
    entries = [int(x) for x in matrix.numerators.ravel()]
    prime = 2**61 - 1
    modular = flint.nmod_mat(n, d, [x % prime for x in entries], prime)
    if modular.rank() == min(n, d):
        return min(n, d)
    return int(flint.fmpz_mat(n, d, entries).rank())


def numerical_rank(matrix: Floats) -> int:
    """Return the number of singular values above max(n, d) eps sigma_1, an estimate.

    Examples
    --------
    >>> numerical_rank(np.outer([1.0, 2.0], [0.1, 0.3]))
    1
    """
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0
