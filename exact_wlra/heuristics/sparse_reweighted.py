"""Algorithm 1 for sparse data and weights in factors: nothing of size n d is formed.

Contents
--------
sparse_reweighted       X from the nonzeros of A and the factors of W

References
----------
[WoodruffYasuda2024]_, Algorithm 1 and the running time of Theorem 1.2.
"""

import time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.factored_reweighted import FactoredReweighted

if TYPE_CHECKING:
    from scipy.sparse import sparray

Floats = NDArray[np.float64]


def sparse_reweighted(
    data: "sparray | Any",
    weight_left: Floats,
    weight_right: Floats,
    *,
    rank: int,
    seed: int = 0,
) -> Answer:
    """Return X = W^{o-1} o (W o A)_{rk} for W = P Q, by the nonzeros of A.

    *Statement.* W o A has the nonzeros of A, at r products each, and its leading rk
    triples come from products with vectors (Lanczos iteration of SciPy). With
    B = W o A, f(X) <= ||B||_F^2 - sum_{l <= rk} sigma_l(B)^2 = ||B_{-rk}||_F^2 <=
    OPT_k (Theorem 1.2), with equality where W > 0: that number is the cost reported.

    Parameters
    ----------
    data : SciPy sparse array or matrix, shape (n, d)
        A; what is not stored is zero, and counts as observed where W > 0.
    weight_left, weight_right : float arrays, shapes (n, r) and (r, d)
        P and Q, with P Q >= 0 and r = rank W or more.
    rank : int
        k, with rk < min(n, d).
    seed : int
        Of the start of the iteration, which changes rounding only.

    Raises
    ------
    InvalidProblemError
        If the shapes do not fit, rk is too large, or a stored entry has a negative
        weight. Weights elsewhere are not looked at.

    Examples
    --------
    >>> from scipy.sparse import csr_array
    >>> A = csr_array([[2.0, 0.0, 1.0], [0.0, 3.0, 0.0], [0.0, 1.0, 1.0]])
    >>> P, Q = np.array([[1.0], [2.0], [1.0]]), np.array([[1.0, 1.0, 3.0]])
    >>> found = sparse_reweighted(A, P, Q, rank=1)
    >>> tail = np.linalg.svd(P @ Q * A.toarray(), compute_uv=False)[1:]
    >>> bool(np.isclose(found.cost, (tail**2).sum())), found.n_numbers
    (True, 12)
    """
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import svds

    given = coo_array(data)
    n, d = given.shape
    P, Q = np.asarray(weight_left, float), np.asarray(weight_right, float)
    m = _checked_order(given.shape, P, Q, rank)
    started = time.perf_counter()
    rows, columns = given.coords
    weights = np.einsum("ij,ij->i", P[rows], Q.T[columns])
    if (weights < 0).any():
        place = int(np.argmax(weights < 0))
        raise InvalidProblemError(
            f"the weight in row {rows[place] + 1}, column {columns[place] + 1} is "
            "negative; give factors of weights that are not."
        )
    weighted = coo_array((weights * given.data, (rows, columns)), shape=(n, d)).tocsr()
    energy = float(np.vdot(weighted.data, weighted.data))
    if m == 0 or energy == 0:
        left, values, right = np.zeros((n, 0)), np.zeros(0), np.zeros((0, d))
    else:
        start = np.random.default_rng(seed).standard_normal(min(n, d))
        left, values, right = svds(weighted, k=m, v0=start)
    form = FactoredReweighted(
        weight_left=P, weight_right=Q, left=left * values, right=right
    )
    return Answer(
        method="sparse-reweighted",
        form=form,
        cost=max(energy - float(values @ values), 0.0),
        seconds=time.perf_counter() - started,
        seed=seed,
        guarantee=Guarantee(
            statement="cost <= OPT_k (Theorem 1.2 of Woodruff and Yasuda, kappa = 1)",
            factor=1.0,
        ),
    )


def _checked_order(shape: tuple[int, ...], P: Floats, Q: Floats, rank: int) -> int:
    """Return rk; refuse factors of another shape and orders that are too large."""
    n, d = shape
    if P.ndim != 2 or Q.ndim != 2 or P.shape[1] != Q.shape[0]:
        raise InvalidProblemError("the factors of the weights do not multiply.")
    if (P.shape[0], Q.shape[1]) != (n, d):
        raise InvalidProblemError(
            f"the factors of the weights multiply to {P.shape[0]} x {Q.shape[1]}, the "
            f"data are {n} x {d}; give factors of weights for these data."
        )
    m = int(P.shape[1]) * rank
    if m and m >= min(n, d):
        raise InvalidProblemError(
            f"rank W times rank is {m}, not below {min(n, d)}, so that X = A is as "
            "short; use `reweighted` on dense data, or a smaller rank."
        )
    return m
