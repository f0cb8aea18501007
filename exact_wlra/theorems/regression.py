"""Slope of a log-log fit by least squares, with its confidence interval.

Contents
--------
Slope       estimate and interval
fit         the slope of log(time) against log(size)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import final

import numpy as np


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Slope:
    """The exponent in time ~ size^slope, and its 95 % interval (normal errors)."""

    slope: float
    low: float
    high: float
    points: int

    def __str__(self) -> str:
        return f"{self.slope:.2f} [{self.low:.2f}, {self.high:.2f}]"


def fit(sizes: Sequence[float], seconds: Sequence[float]) -> Slope:
    """Return the least-squares slope of log(seconds) against log(sizes).

    At least three points; the interval is that of Student's t distribution.

    Examples
    --------
    >>> line = fit([1, 10, 100], [2, 20, 200])
    >>> round(line.slope, 6), line.high - line.low < 1e-6
    (1.0, True)
    """
    from scipy import stats

    line = stats.linregress(np.log(sizes), np.log(seconds))
    points = len(sizes)
    half = float(stats.t.ppf(0.975, points - 2)) * float(line.stderr)
    slope = float(line.slope)
    return Slope(slope=slope, low=slope - half, high=slope + half, points=points)
