"""Adam: gradient descent with moments, on the entries of both factors.

What a user of a deep-learning library would run. Full gradients, no batches.

Contents
--------
adam            from a Gaussian start, with one of the schedules
SCHEDULES       step sizes: that of the paper, and a long one

Notes on the implementation
---------------------------
A step moves an entry by about its step size, in the units of A: what the paper's step
of 1.0 does depends on these units, and the guard of the division on those of W. The
start of the paper's runs is not given there; here it is standard Gaussian, for both
factors. `is_normalized` makes the method the same for all units.

References
----------
[KingmaBa2015]_; [WoodruffYasuda2024]_, Section 4.2, for the schedule.
"""

import time
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

# The moments' decay rates and the guard of the division, as published.
_FIRST_DECAY, _SECOND_DECAY, _GUARD = 0.9, 0.999, 1e-8

# paper: 100 epochs of one step each, 1.0 at first, times 0.7 after every tenth.
# long: 6000 steps that fall linearly from 0.02 to zero.
SCHEDULES = MappingProxyType(
    {
        "paper": tuple(0.7 ** (step // 10) for step in range(100)),
        "long": tuple(0.02 * (1 - step / 6001) for step in range(1, 6001)),
    }
)


def adam(
    matrix: WeightedMatrix,
    *,
    rank: int,
    seed: int = 0,
    schedule: Literal["paper", "long"] | tuple[float, ...] = "paper",
    is_normalized: bool = False,
) -> Answer:
    """Return the factors after all steps on sum omega_ij (A_ij - (UV)_ij)^2.

    The cost may rise; the last factors are returned, not the best.

    Parameters
    ----------
    rank : int
        k.
    seed : int
        Of the standard Gaussian start.
    schedule : {"paper", "long"} or tuple of float
        A key of `SCHEDULES`, or the size of each step.
    is_normalized : bool
        Divide A by its root mean square over the weighted entries, and omega by its
        largest entry, before anything else.

    Examples
    --------
    >>> A, W = [[2.0, 4.0], [1.0, 2.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> matrix = WeightedMatrix.from_arrays(A, W)
    >>> round(adam(matrix, rank=1, schedule="long").cost, 6)
    0.0
    """
    started = time.perf_counter()
    scaled = Normalized.of(matrix, rank=rank)
    name = _name(schedule, is_normalized=is_normalized)
    if scaled.is_trivial:
        return scaled.zero_answer(name, started=started, seed=seed)
    data, weights = matrix.data, matrix.squared_weights
    data_unit, cost_unit = 1.0, 1.0
    if is_normalized:
        mean = float(np.mean(scaled.data[scaled.weights > 0] ** 2))
        data, weights = scaled.data / np.sqrt(mean), scaled.weights
        data_unit = scaled.data_unit * float(np.sqrt(mean))
        cost_unit = scaled.cost_unit * mean
    generator = np.random.default_rng(seed)
    point = generator.standard_normal((sum(data.shape), scaled.rank))
    sizes = SCHEDULES[schedule] if isinstance(schedule, str) else schedule
    history = _descend(data, weights, point, sizes)
    n = len(data)
    return answered(
        matrix,
        name,
        LowRank(left=data_unit * point[:n], right=np.ascontiguousarray(point[n:].T)),
        started=started,
        guarantee=Guarantee.none("a local method"),
        seed=seed,
        history=[cost_unit * cost for cost in history],
        stopped=f"{len(sizes)} steps",
    )


def _descend(
    data: Floats, weights: Floats, point: Floats, sizes: tuple[float, ...]
) -> list[float]:
    """Move U and V^T, stacked in `point`, and return the cost after each step."""
    n = len(data)
    left, right = point[:n], point[n:]
    first, second = np.zeros_like(point), np.zeros_like(point)
    gradient = np.empty_like(point)
    residual = left @ right.T - data
    costs = []
    for step, size in enumerate(sizes, start=1):
        pull = weights * residual
        pull *= 2
        np.matmul(pull, right, out=gradient[:n])
        np.matmul(pull.T, left, out=gradient[n:])
        first += (1 - _FIRST_DECAY) * (gradient - first)
        gradient *= gradient
        second += (1 - _SECOND_DECAY) * (gradient - second)
        spread = np.sqrt(second / (1 - _SECOND_DECAY**step))
        spread += _GUARD
        point -= (size / (1 - _FIRST_DECAY**step)) * first / spread
        np.matmul(left, right.T, out=residual)
        residual -= data
        costs.append(float(np.vdot(weights * residual, residual)))
    return costs


def _name(
    schedule: Literal["paper", "long"] | tuple[float, ...], *, is_normalized: bool
) -> str:
    """Return the name in tables; the plain one is the paper's method."""
    steps = schedule if isinstance(schedule, str) else "given"
    ending = "" if steps == "paper" else f"-{steps}"
    return f"adam{ending}{'-normalized' if is_normalized else ''}"
