"""Local minima of the cost at one rank, and which of them a matrix is near.

Contents
--------
LocalMinimum    cost, enclosed or estimated, and the matrix
LocalMinima     those that are known, by cost; whether they are all
with_starts     a proved list with the random starts of a found one
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

# A matrix is near a minimum M if its cost is so near, relative to that of M and to
# that of zero, and ||W o (X - M)|| is so small, relative to ||W o A||.
_NEAR_COST, _NEAR_ZERO, _NEAR_MATRIX = 1e-3, 1e-9, 1e-2


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalMinimum:
    """One local minimum of f over the matrices of rank at most k.

    Parameters
    ----------
    cost : float
        f(M), an estimate.
    enclosure : (Fraction, Fraction) or None
        A proved interval around f(M), if there is one.
    matrix : float array, shape (n, d), or None
        M, an estimate; None stands for all global minima, which are told by their cost.
    n_starts : int
        How many random starts of alternating least squares ended here.
    """

    cost: float
    enclosure: tuple[Fraction, Fraction] | None = None
    matrix: Floats | None = None
    n_starts: int = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalMinima:
    """The local minima that are known.

    Parameters
    ----------
    points : tuple of LocalMinimum
        By cost, the least first.
    are_all : bool
        Whether it is proved that there are no others.
    evidence : str
        What that rests on, or how these were found.
    n_starts : int
        How many random starts of alternating least squares were made; 0 if none.
    """

    points: tuple[LocalMinimum, ...]
    are_all: bool
    evidence: str
    n_starts: int = 0

    @property
    def label(self) -> str:
        """What may be concluded from the list, in a few words."""
        return "all of them, proved" if self.are_all else "found, perhaps not all"

    def near(
        self, matrix: WeightedMatrix, approximation: Floats, cost: float
    ) -> int | None:
        """Return which minimum an approximation is near, from 0; None if no listed one.

        Examples
        --------
        >>> matrix = WeightedMatrix.from_arrays(np.diag([3.0, 2.0]), np.ones((2, 2)))
        >>> known = LocalMinima(
        ...     points=(LocalMinimum(cost=4.0, matrix=np.diag([3.0, 0.0])),),
        ...     are_all=True,
        ...     evidence="Eckart and Young",
        ... )
        >>> known.near(matrix, np.diag([3.0, 0.0]), 4.0)
        0
        >>> known.near(matrix, np.diag([0.0, 2.0]), 9.0) is None
        True
        """
        energy = float(np.vdot(matrix.weighted_data, matrix.weighted_data))
        found: list[tuple[float, int]] = []
        for number, point in enumerate(self.points):
            if not abs(cost - point.cost) <= _NEAR_COST * point.cost + (
                _NEAR_ZERO * energy
            ):
                continue
            distance = 0.0
            if point.matrix is not None:
                away = matrix.root_weights * (approximation - point.matrix)
                distance = float(np.linalg.norm(away))
            if distance <= _NEAR_MATRIX * energy**0.5:
                found.append((distance, number))
        return min(found)[1] if found else None


def with_starts(
    proved: LocalMinima, found: LocalMinima | None, matrix: WeightedMatrix
) -> LocalMinima:
    """Return a proved list that also says where random starts ended.

    Parameters
    ----------
    found : LocalMinima or None
        The ends of random starts; None if there were none.
    """
    if found is None:
        return proved
    counts = [0] * len(proved.points)
    for point in found.points:
        if point.matrix is not None:
            place = proved.near(matrix, point.matrix, point.cost)
            if place is not None:
                counts[place] += point.n_starts
    points = tuple(
        replace(point, n_starts=count)
        for point, count in zip(proved.points, counts, strict=True)
    )
    return replace(proved, points=points, n_starts=found.n_starts)
