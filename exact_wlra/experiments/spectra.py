"""Singular values of weight matrices.

Contents
--------
spectrum        the singular values, the greatest first
leading_share   sigma_1^2 over the sum of all sigma_i^2
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def spectrum(matrix: Floats) -> Floats:
    """Return the singular values, the greatest first."""
    values = np.linalg.svd(matrix, compute_uv=False)
    return values.astype(np.float64)


def leading_share(matrix: Floats) -> float:
    """Return sigma_1^2 / sum_i sigma_i^2: the part of ||M||_F^2 in rank one.

    Examples
    --------
    >>> round(leading_share(np.diag([3.0, 1.0])), 12)
    0.9
    """
    squares = spectrum(matrix) ** 2
    return float(squares[0] / squares.sum())
