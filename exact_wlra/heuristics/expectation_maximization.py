"""Expectation maximization: fill in, decompose, repeat.

With weights scaled to at most one, an entry of weight w counts as observed with
probability w; the rest is filled in with the current approximation.

Contents
--------
expectation_maximization    X <- SVD_k(w o A + (1 - w) o X) until the cost stalls

References
----------
[SrebroJaakkola2003]_
"""

from exact_wlra.heuristics.alternating import Approximation, Floats
from exact_wlra.heuristics.svd import evaluated, truncated_svd


def expectation_maximization(
    data: Floats,
    weights: Floats,
    start: Approximation,
    *,
    sweeps: int = 20_000,
    tolerance: float = 1e-13,
) -> Approximation:
    """Return the fixed point that the iteration reaches from `start`.

    With w = omega / max omega, each step X <- SVD_k(w o A + (1 - w) o X) minimizes a
    majorant of the cost that touches it at X; the cost therefore never increases. The
    steps are short where the weights differ much.

    Parameters
    ----------
    data, weights : float arrays, shape (n, d)
        A, zero where the weight is zero, and omega, not all zero.
    start : Approximation
        Of rank k, which the result keeps.
    sweeps : int
        Largest number of steps.
    tolerance : float
        Stop when a step lowers the cost by less than this part of it.

    Examples
    --------
    >>> import numpy as np
    >>> A = np.array([[2.0, 4.0], [1.0, 0.0]])
    >>> omega = np.array([[1.0, 1.0], [1.0, 0.0]])
    >>> start = truncated_svd(A, omega, rank=1)
    >>> found = expectation_maximization(A, omega, start)
    >>> round(start.cost, 6), round(found.cost, 6)
    (0.621995, 0.0)
    """
    rank = start.right.shape[0]
    observed = weights / weights.max()
    missing = 1.0 - observed
    seen = observed * data
    current = start
    for _ in range(sweeps):
        filled = seen + missing * (current.left @ current.right)
        step = truncated_svd(filled, weights, rank=rank)
        following = evaluated(data, weights, step.left, step.right)
        if current.cost - following.cost <= tolerance * current.cost:
            break
        current = following
    return current
