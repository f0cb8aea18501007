"""Adam: gradient descent with moments, on the entries of both factors.

What a user of a deep-learning library would run. Full gradients, no batches.

Contents
--------
adam            a fixed number of steps from a Gaussian start

References
----------
[KingmaBa2015]_
"""

import numpy as np

from exact_wlra.heuristics.alternating import Approximation, Floats
from exact_wlra.heuristics.svd import evaluated

# The moments' decay rates and the guard of the division, as published.
_FIRST_DECAY, _SECOND_DECAY, _GUARD = 0.9, 0.999, 1e-8


def adam(
    data: Floats,
    weights: Floats,
    *,
    rank: int,
    seed: int,
    steps: int = 6000,
    step_size: float = 0.02,
) -> Approximation:
    """Return the factors after `steps` steps on sum omega_ij (A_ij - (UV)_ij)^2.

    Parameters
    ----------
    data, weights : float arrays, shape (n, d)
        A, zero where the weight is zero, and omega.
    rank : int
        k.
    seed : int
        Of the standard Gaussian start.
    steps : int
        Number of steps; there is no other stopping rule.
    step_size : float
        Bound on how far an entry moves in one step; it falls linearly to zero.

    Examples
    --------
    >>> A = np.array([[2.0, 4.0], [1.0, 2.0]])
    >>> round(adam(A, np.ones((2, 2)), rank=1, seed=0).cost, 6)
    0.0
    """
    n, d = data.shape
    point = np.random.default_rng(seed).standard_normal((n + d, rank))
    first, second = np.zeros_like(point), np.zeros_like(point)
    for step in range(1, steps + 1):
        left, right = point[:n], point[n:]
        pull = 2 * weights * (left @ right.T - data)
        gradient = np.concatenate([pull @ right, pull.T @ left])
        first += (1 - _FIRST_DECAY) * (gradient - first)
        second += (1 - _SECOND_DECAY) * (gradient**2 - second)
        mean = first / (1 - _FIRST_DECAY**step)
        spread = np.sqrt(second / (1 - _SECOND_DECAY**step))
        point -= step_size * (1 - step / (steps + 1)) * mean / (spread + _GUARD)
    return evaluated(data, weights, point[:n], point[n:].T)
