"""Starting factors of local methods.

Contents
--------
Start               their names
starting_factors    L (n x m) and R (m x d)
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.normalization import Normalized

Floats = NDArray[np.float64]
Start = Literal["svd", "gaussian"]


def starting_factors(
    scaled: Normalized, *, start: Start, seed: int
) -> tuple[Floats, Floats]:
    """Return two factors of like size whose product is about as large as A.

    Parameters
    ----------
    start : {"svd", "gaussian"}
        The best approximation of A, weights ignored, as U sqrt(S) and sqrt(S) V^T; or
        independent Gaussian entries, scaled so that an entry of L R has the mean
        square of A where it is weighted.
    seed : int
        Of the Gaussian entries.

    Examples
    --------
    >>> from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
    >>> matrix = WeightedMatrix.from_arrays(np.diag([3.0, 1.0]), np.ones((2, 2)))
    >>> scaled = Normalized.of(matrix, rank=1)
    >>> left, right = starting_factors(scaled, start="svd", seed=0)
    >>> abs(left @ right).round(12).tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    m = scaled.rank
    if start == "svd":
        left, right = leading_triples(scaled.data, rank=m)
        roots = np.sqrt(np.linalg.norm(left, axis=0))
        return left / np.where(roots > 0, roots, 1.0), roots[:, None] * right
    n, d = scaled.data.shape
    observed = scaled.weights > 0
    spread = (float(np.mean(scaled.data[observed] ** 2)) / m) ** 0.25
    generator = np.random.default_rng(seed)
    left = spread * generator.standard_normal((n, m))
    return left, spread * generator.standard_normal((m, d))
