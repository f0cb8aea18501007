"""Alternating weighted least squares: one factor, then the other, each exactly.

Contents
--------
als         from the SVD of A or from a Gaussian start, until the cost stalls

References
----------
[SrebroJaakkola2003]_, Section 2; [GabrielZamir1979]_.
"""

import time

from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.starts import Start, starting_factors
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from reductions.least_squares import solve_rows


def als(
    matrix: WeightedMatrix,
    *,
    rank: int,
    start: Start = "svd",
    iterations: int = 300,
    tolerance: float = 1e-9,
    seed: int = 0,
) -> Answer:
    """Return the factors where alternation stalls; the cost never increases.

    Row i of U solves the k x k normal equations V Omega_i V^T u_i = V Omega_i a_i, and
    column j of V likewise. The limit is at best a stationary point, and may be a saddle
    that the start cannot leave.

    Parameters
    ----------
    rank : int
        k.
    start : {"svd", "gaussian"}
        Where V comes from.
    iterations : int
        Largest number of solves for both factors.
    tolerance : float
        Stop when an iteration lowers the cost by no more than this part of it.
    seed : int
        Of a Gaussian start.

    Examples
    --------
    >>> A, W = [[2.0, 1.0], [1.0, 3.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> round(als(WeightedMatrix.from_arrays(A, W), rank=1).cost, 6)
    1.90983
    """
    started = time.perf_counter()
    scaled = Normalized.of(matrix, rank=rank)
    name = "als" if start == "svd" else f"als-{start}"
    recorded = None if start == "svd" else seed
    if scaled.is_trivial:
        return scaled.zero_answer(name, started=started, seed=recorded)
    data, weights = scaled.data, scaled.weights
    left, right = starting_factors(scaled, start=start, seed=seed)
    left = solve_rows(data, weights, right)
    cost = scaled.cost(left, right)
    history: list[float] = []
    stopped = f"{iterations} iterations"
    for _ in range(iterations):
        new_right = solve_rows(data.T, weights.T, left.T).T
        new_left = solve_rows(data, weights, new_right)
        new_cost = scaled.cost(new_left, new_right)
        # Rounding alone raises the cost, where normal equations are nearly singular.
        if not new_cost < cost:
            stopped = "the cost no longer falls"
            break
        has_stalled = scaled.has_stalled(cost, new_cost, tolerance)
        left, right, cost = new_left, new_right, new_cost
        history.append(cost)
        if has_stalled:
            stopped = f"an iteration lowered the cost by less than {tolerance:g} of it"
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
