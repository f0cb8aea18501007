"""Guarantees that a run earns: the factor is measured after it, and is proved by it.

Theorem 1.2 holds for any B near W o A, however it was found. Where a decomposition is
randomized or restricted, the factor that B achieves can be computed afterwards.

Contents
--------
achieved_guarantee      kappa = ||W o A - B||_F^2 / ||(W o A)_{-q}||_F^2

References
----------
[WoodruffYasuda2024]_, Theorem 1.2.
"""

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Guarantee
from exact_wlra.heuristics.decompositions import tail_energy

Floats = NDArray[np.float64]


def achieved_guarantee(
    weighted_data: Floats, approximation: Floats, *, rank: int, source: str
) -> Guarantee:
    """Return f(X) <= kappa OPT_k for X = W^{o-1} o B, kappa measured.

    *Statement.* With q >= rk, r the rank of W: f(X) <= ||W o A - B||_F^2
    = kappa ||(W o A)_{-q}||_F^2 <= kappa OPT_k. If the tail is zero and the error is
    not, no factor exists, and the error stands as the additive term beside the factor
    1. Both are estimates: they are computed in float64.

    Parameters
    ----------
    weighted_data, approximation : float arrays, shape (n, d)
        W o A and B.
    rank : int
        q.
    source : str
        The theorem, for the statement.

    Examples
    --------
    >>> B = np.diag([4.0, 3.0, 0.0])
    >>> achieved_guarantee(np.diag([4.0, 3.0, 1.0]), B, rank=2, source="").factor
    1.0
    >>> achieved_guarantee(np.diag([4.0, 3.0, 1.0]), 0 * B, rank=1, source="").factor
    2.6
    """
    tail = tail_energy(weighted_data, rank=rank)
    error = float(np.sum((weighted_data - approximation) ** 2))
    if tail > 0:
        kappa = max(1.0, error / tail)
        return Guarantee(
            statement=f"cost <= kappa OPT_k ({source}); achieved kappa {kappa:.6g}, "
            "an estimate",
            factor=kappa,
        )
    return Guarantee(
        statement=f"cost <= OPT_k + {error:.3g} ({source}): the tail is zero up to "
        "rounding, and that is the achieved error, an estimate",
        factor=1.0,
        additive=error,
    )
