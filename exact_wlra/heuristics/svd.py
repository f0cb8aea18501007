"""Singular value decompositions as approximations: weights ignored, or made separable.

They give a matrix of rank k at once and do not minimize the weighted cost; they are
the usual first answers, and starts for the other heuristics.

Contents
--------
svd                 the best unweighted approximation, as a method of the laboratory
evaluated           factors with their floating-point cost
truncated_svd       the best unweighted approximation
separable_svd       the best approximation for weights replaced by p_i q_j

References
----------
[SrebroJaakkola2003]_
"""

import time

import numpy as np

from exact_wlra.heuristics.alternating import Approximation, Floats
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import LowRank
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


def svd(matrix: WeightedMatrix, *, rank: int) -> Answer:
    """Return X = A_k, the best approximation of rank k if weights are ignored.

    *Statement.* With W > 0, f(X) <= (max W / min W)^2 OPT_k: for every X' of rank k,
    f(X) <= max W^2 ||A - A_k||_F^2 <= max W^2 ||A - X'||_F^2
    <= (max W / min W)^2 f(X'). Where W has zeros, A is taken to be zero there, and
    nothing is proved.

    Parameters
    ----------
    rank : int
        k.

    Examples
    --------
    >>> A = np.diag([3.0, 2.0])
    >>> found = svd(WeightedMatrix.from_arrays(A, np.full((2, 2), 2.0)), rank=1)
    >>> round(found.cost, 9), found.rank, found.n_numbers, found.guarantee.factor
    (16.0, 1, 4, 1.0)
    """
    started = time.perf_counter()
    left, right = leading_triples(matrix.data, rank=rank)
    return answered(
        matrix,
        "svd",
        LowRank(left=left, right=right),
        started=started,
        guarantee=_guarantee(matrix.root_weights),
    )


def _guarantee(weights: Floats) -> Guarantee:
    """Return the bound by the spread of the weights."""
    smallest = float(weights.min(initial=np.inf))
    if not 0 < smallest < np.inf:
        return Guarantee.none("weights are ignored, and some are zero")
    return Guarantee(
        statement="cost <= (max W / min W)^2 OPT_k, since weights are ignored",
        factor=(float(weights.max()) / smallest) ** 2,
    )


def evaluated(
    data: Floats, weights: Floats, left: Floats, right: Floats
) -> Approximation:
    """Return the factors with sum omega_ij (A_ij - (UV)_ij)^2, an estimate.

    Parameters
    ----------
    data, weights : float arrays, shape (n, d)
        A, and omega = W o W.
    left, right : float arrays, shapes (n, k) and (k, d)
        U and V.

    Examples
    --------
    >>> ones = np.ones((2, 2))
    >>> evaluated(2 * ones, ones, np.ones((2, 1)), np.ones((1, 2))).cost
    4.0
    """
    residual = data - left @ right
    cost = float(np.einsum("ij,ij,ij->", weights, residual, residual))
    return Approximation(left=left, right=right, cost=cost)


def truncated_svd(data: Floats, weights: Floats, *, rank: int) -> Approximation:
    """Return the k leading singular triples of A; the weights only enter the cost.

    Parameters
    ----------
    data, weights : float arrays, shape (n, d)
        A, zero where the weight is zero, and omega = W o W.
    rank : int
        k, at most min(n, d).

    Examples
    --------
    >>> A = np.diag([3.0, 2.0])
    >>> round(truncated_svd(A, np.ones((2, 2)), rank=1).cost, 12)
    4.0
    """
    left, values, right = np.linalg.svd(data, full_matrices=False)
    return evaluated(data, weights, left[:, :rank] * values[:rank], right[:rank])


def separable_svd(data: Floats, weights: Floats, *, rank: int) -> Approximation:
    """Return the best approximation for omega replaced by p_i q_j, its means.

    With p_i the mean of row i of omega and q_j the mean of column j,
    X = P^-1/2 SVD_k(P^1/2 A Q^1/2) Q^-1/2 minimizes sum p_i q_j (A_ij - X_ij)^2. It is
    the optimum if omega has rank one.

    Parameters
    ----------
    data, weights : float arrays, shape (n, d)
        A, zero where the weight is zero, and omega; no row or column of omega is zero.
    rank : int
        k, at most min(n, d).

    Examples
    --------
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> omega = np.outer([1.0, 4.0], [1.0, 1.0])
    >>> round(separable_svd(A, omega, rank=1).cost, 6)
    2.344356
    """
    rows = np.sqrt(weights.mean(axis=1, keepdims=True))
    columns = np.sqrt(weights.mean(axis=0, keepdims=True))
    scaled = truncated_svd(rows * data * columns, weights, rank=rank)
    return evaluated(data, weights, scaled.left / rows, scaled.right / columns)
