"""Units in which the largest entry and the largest weight are one.

Thresholds and steps of iterations are then the same for A in millimetres or kilometres:
a method that runs on normalized arrays takes the same steps for every scaling.

Contents
--------
Normalized      A and omega in such units, and the answer in the user's units
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

# Below this part of f(0) a cost is rounding error.
_ROUNDING = 1e-30


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Normalized:
    """A / max |A| and omega / max omega, with the way back.

    Parameters
    ----------
    matrix : WeightedMatrix
        In the user's units.
    data, weights : float arrays, shape (n, d)
        A and omega = W o W in units of their largest entries; zero if there are none.
    data_unit, cost_unit : float
        What one is worth in the user's units.
    rank : int
        The rank k that was asked for, at most min(n, d).
    size : float
        f(0) in normalized units.

    Examples
    --------
    >>> matrix = WeightedMatrix.from_arrays([[4.0, 2.0]], [[1.0, 3.0]])
    >>> scaled = Normalized.of(matrix, rank=1)
    >>> scaled.data.tolist(), scaled.cost_unit
    ([[1.0, 0.5]], 144.0)
    """

    matrix: WeightedMatrix
    data: Floats
    weights: Floats
    data_unit: float
    cost_unit: float
    rank: int
    size: float

    @classmethod
    def of(cls, matrix: WeightedMatrix, *, rank: int) -> Self:
        """Return the arrays of a matrix in units of their largest entries."""
        unit = float(np.abs(matrix.data).max(initial=0.0)) or 1.0
        heaviest = float(matrix.root_weights.max(initial=0.0)) or 1.0
        root, data = matrix.root_weights / heaviest, matrix.data / unit
        residual = root * data
        return cls(
            matrix=matrix,
            data=data,
            weights=root * root,
            data_unit=unit,
            cost_unit=(unit * heaviest) ** 2,
            rank=min(rank, *matrix.shape),
            size=float(np.vdot(residual, residual)),
        )

    @property
    def is_trivial(self) -> bool:
        """Whether X = 0 is the answer: rank 0, no weight, or no data."""
        return self.rank == 0 or self.size == 0.0

    def cost(self, left: Floats, right: Floats) -> float:
        """Return f(L R) in normalized units, an estimate."""
        residual = self.data - left @ right
        return float(np.vdot(self.weights * residual, residual))

    def has_stalled(self, before: float, after: float, tolerance: float) -> bool:
        """Tell whether a step lowered the cost by no more than this part of it."""
        return before - after <= tolerance * before + _ROUNDING * self.size

    def answer(
        self,
        method: str,
        left: Floats,
        right: Floats,
        *,
        started: float,
        guarantee: Guarantee,
        seed: int | None = None,
        history: Sequence[float] = (),
        stopped: str = "",
    ) -> Answer:
        """Return X = L R and the history in the user's units."""
        return answered(
            self.matrix,
            method,
            LowRank(left=self.data_unit * left, right=right),
            started=started,
            guarantee=guarantee,
            seed=seed,
            history=[self.cost_unit * cost for cost in history],
            stopped=stopped,
        )

    def zero_answer(
        self, method: str, *, started: float, seed: int | None = None
    ) -> Answer:
        """Return X = 0, stored in no numbers, for what `is_trivial`."""
        n, d = self.data.shape
        return self.answer(
            method,
            np.zeros((n, 0)),
            np.zeros((0, d)),
            started=started,
            seed=seed,
            guarantee=Guarantee(
                statement="X = 0 is optimal: rank 0, or nothing is weighted but zeros",
                factor=1.0,
            ),
            stopped="there is nothing to approximate",
        )
