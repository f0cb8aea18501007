"""Best approximations of rational matrices, found in floats, rounded, exact after that.

Contents
--------
rounded_best_approximation      a rational matrix of rank m near the best one
"""

import numpy as np

from reductions.instances import ones_like
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

_BITS = 40


def rounded_best_approximation(matrix: RationalMatrix, m: int) -> RationalMatrix:
    """Return L R, rational, of rank at most m, with L R near the truncated SVD.

    The right factor is rounded, and the left one is the exact projection of the rows
    onto its row space; so the rank is certain and the distance is exact.

    Examples
    --------
    >>> matrix = RationalMatrix.from_rows([[3, 0], [0, 2]])
    >>> rounded_best_approximation(matrix, 1)
    RationalMatrix([[3, 0], [0, 0]])
    """
    m = min(m, *matrix.shape)
    vectors = np.linalg.svd(matrix.to_float(), full_matrices=False)[2][:m]
    right = RationalMatrix.rounded(vectors, _BITS)
    left: RationalMatrix = solve_rows(matrix, ones_like(matrix), right)
    return left @ right
