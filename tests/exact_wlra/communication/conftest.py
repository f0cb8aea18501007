"""Random integer instances for the tests of the games.

Contents
--------
instance     A with s nonzeros in each column, and W of rank at most r
"""

from collections.abc import Callable

import numpy as np
import pytest


@pytest.fixture(scope="session")
def instance() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Return what makes A and W: a signal of rank k on s rows a column, and noise."""

    def made(
        seed: int, *, n: int, d: int, s: int, r: int, k: int, noise: int = 3
    ) -> tuple[np.ndarray, np.ndarray]:
        rng = np.random.default_rng(seed)
        W = rng.integers(0, 4, (n, r)) @ rng.integers(0, 4, (r, d))
        A = 9 * rng.integers(-5, 6, (n, k)) @ rng.integers(-5, 6, (k, d))
        A = A + rng.integers(-noise, noise + 1, (n, d))
        for j in range(d):
            A[rng.permutation(n)[s:], j] = 0
        return A, W

    return made
