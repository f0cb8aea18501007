"""Rounding what a bound is linearized at: the center and the grid of the remainder.

A bound is stationary at its best center, so errors of the center and of the grid enter
squared: both are rounded to half the digits of the gap.

Contents
--------
rounded_center      short rational factors of the center
sufficient_grid     the bits of the remainder matrix
"""

import math

import numpy as np
from numpy.typing import NDArray

from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]


def rounded_center(
    part: Instance, left: Floats, right: Floats, gap: float
) -> tuple[RationalMatrix, RationalMatrix]:
    """Round the center so that its error is a small part of the typical residual."""
    residual = part.data.to_float() - left @ right
    typical = math.sqrt(float((residual**2).mean())) or 1.0
    first, triangle = np.linalg.qr(left)
    second, singular, third = np.linalg.svd(triangle @ right, full_matrices=False)
    left = first @ second * np.sqrt(singular)
    right = np.sqrt(singular)[:, None] * third
    spread = np.abs(left).sum(axis=1).max() + np.abs(right).sum(axis=0).max()
    wanted = typical * math.sqrt(gap) / 32
    bits = math.ceil(math.log2(max(float(spread), 1e-300) / wanted))
    return RationalMatrix.rounded(left, bits), RationalMatrix.rounded(right, bits)


def sufficient_grid(weights: Floats, lowered: Floats, allowed: float) -> int:
    """Return the bits of Y for which its rounding costs a part of `allowed`."""
    excess = np.maximum(weights - lowered, 0.0)
    curvature = float((weights * excess * (lowered + excess)).sum())
    if curvature <= 0 or allowed <= 0:
        return 0
    return math.ceil(math.log2(32 * curvature / allowed) / 2)
