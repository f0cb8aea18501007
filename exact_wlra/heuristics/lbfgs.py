"""Limited-memory BFGS on the entries of both factors.

Slopes in U vanish where V does: a run whose factors drift apart stops far from a
minimum of the cost. So runs are continued from balanced factors of the same product,
until that gains nothing.

Contents
--------
lbfgs       SciPy's L-BFGS-B on U and V, from the SVD of A or from a Gaussian start

References
----------
[ByrdLuNocedalZhu1995]_
"""

import time
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.newton import balanced
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.starts import Start, starting_factors
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Floats = NDArray[np.float64]


def lbfgs(
    matrix: WeightedMatrix,
    *,
    rank: int,
    start: Start = "svd",
    iterations: int = 1000,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> Answer:
    """Return the factors where L-BFGS-B stops; its line search never raises the cost.

    Parameters
    ----------
    rank : int
        k.
    start : {"svd", "gaussian"}
        First factors.
    iterations : int
        Largest number of steps.
    tolerance : float
        Stop when a step lowers the cost by no more than this part of it, or no slope,
        in units of f(0), exceeds this.
    seed : int
        Of a Gaussian start.

    Examples
    --------
    >>> A, W = [[2.0, 1.0], [1.0, 3.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> round(lbfgs(WeightedMatrix.from_arrays(A, W), rank=1).cost, 6)
    1.90983
    """
    started = time.perf_counter()
    scaled = Normalized.of(matrix, rank=rank)
    name = "lbfgs" if start == "svd" else f"lbfgs-{start}"
    recorded = None if start == "svd" else seed
    if scaled.is_trivial:
        return scaled.zero_answer(name, started=started, seed=recorded)
    history: list[float] = []
    left, right = starting_factors(scaled, start=start, seed=seed)
    cost = scaled.cost(left, right)
    stopped = f"{iterations} iterations"
    while len(history) < iterations:
        left, right, costs, stopped = _run(
            scaled,
            left,
            right,
            iterations=iterations - len(history),
            tolerance=tolerance,
        )
        history += costs
        before, cost = cost, scaled.cost(left, right)
        if not costs or scaled.has_stalled(before, cost, tolerance):
            break
    return scaled.answer(
        name,
        left,
        right,
        started=started,
        guarantee=Guarantee.none("a local method"),
        seed=recorded,
        history=history,
        stopped=stopped,
    )


def _run(
    scaled: Normalized,
    left: Floats,
    right: Floats,
    *,
    iterations: int,
    tolerance: float,
) -> tuple[Floats, Floats, list[float], str]:
    """Return balanced factors, the costs and SciPy's reason of one run."""
    from scipy.optimize import minimize

    (n, m), d = left.shape, right.shape[1]
    # Divided by f(0), so that the tolerances of SciPy do not depend on the weights.
    weights = scaled.weights / scaled.size

    def cost_and_slopes(point: Floats) -> tuple[float, Floats]:
        left, right = point[: n * m].reshape(n, m), point[n * m :].reshape(m, d)
        residual = scaled.data - left @ right
        pull = weights * residual
        slopes = np.concatenate([(pull @ right.T).ravel(), (left.T @ pull).ravel()])
        return float(np.vdot(pull, residual)), -2 * slopes

    costs: list[float] = []

    def record(intermediate_result: "OptimizeResult") -> None:
        costs.append(scaled.size * float(intermediate_result.fun))

    found = minimize(
        cost_and_slopes,
        np.concatenate([left.ravel(), right.ravel()]),
        jac=True,
        method="L-BFGS-B",
        callback=record,
        options={
            "maxiter": iterations,
            "maxfun": 10 * iterations,
            "maxcor": 20,
            "ftol": tolerance,
            "gtol": tolerance,
        },
    )
    left, right = balanced(
        found.x[: n * m].reshape(n, m), found.x[n * m :].reshape(m, d)
    )
    return left, right, costs, str(found.message).lower()
