"""Newton's method on both factors: a good approximation made accurate.

Contents
--------
polished    factors at which the gradient vanishes to rounding errors
balanced    factors of like size with the same product

References
----------
[BuchananFitzgibbon2005]_
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STEPS = 12
_LARGEST_UNKNOWNS = 2000


def polished(
    data: Floats, weights: Floats, left: Floats, right: Floats
) -> tuple[Floats, Floats]:
    """Return U, V near the given ones with (omega o R) V^T = 0 = U^T (omega o R).

    R = A - U V. The steps are of least norm, as U G^-1, G V is the same point for every
    invertible G. The input is returned where the gradient does not shrink, or there are
    too many unknowns.

    Examples
    --------
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> u, v = polished(
    ...     A, np.ones((2, 2)), np.array([[0.8], [1.4]]), np.array([[0.8, 1.4]])
    ... )
    >>> residual = A - u @ v
    >>> bool(np.abs(residual @ v.T).max() < 1e-14)
    True
    """
    n, k = left.shape
    d = right.shape[1]
    if (n + d) * k > _LARGEST_UNKNOWNS or not k:
        return left, right
    best, best_size = (left, right), np.inf
    for _ in range(_STEPS):
        left, right = balanced(left, right)
        pull = weights * (data - left @ right)
        gradient = np.concatenate([-(pull @ right.T).ravel(), -(pull.T @ left).ravel()])
        size = float(np.linalg.norm(gradient))
        if not size < best_size:
            break
        best, best_size = (left, right), size
        hessian = _hessian(weights, pull, left, right)
        step = np.linalg.lstsq(hessian, -gradient, rcond=1e-12)[0]
        left = left + step[: n * k].reshape(n, k)
        right = right + step[n * k :].reshape(d, k).T
    return best


def balanced(left: Floats, right: Floats) -> tuple[Floats, Floats]:
    """Return the factors U = P sqrt(s), V = sqrt(s) Q of the same product.

    Examples
    --------
    >>> left, right = balanced(np.array([[8.0]]), np.array([[0.5]]))
    >>> abs(left).round(12).tolist(), abs(right).round(12).tolist()
    ([[2.0]], [[2.0]])
    """
    one, first = np.linalg.qr(left)
    two, second = np.linalg.qr(right.T)
    inner_left, sizes, inner_right = np.linalg.svd(first @ second.T)
    roots = np.sqrt(sizes)
    return one @ (inner_left * roots), (roots[:, None] * inner_right) @ two.T


def _hessian(weights: Floats, pull: Floats, left: Floats, right: Floats) -> Floats:
    """Return half the Hessian in (U, V^T), row by row."""
    n, k = left.shape
    d = right.shape[1]
    rows = np.einsum("lj,ij,mj->ilm", right, weights, right, optimize=True)
    columns = np.einsum("il,ij,im->jlm", left, weights, left, optimize=True)
    mixed = np.einsum("ij,lj,im->iljm", weights, right, left, optimize=True)
    mixed -= np.einsum("ij,lm->iljm", pull, np.eye(k))
    hessian = np.zeros(((n + d) * k, (n + d) * k))
    for i in range(n):
        hessian[i * k : (i + 1) * k, i * k : (i + 1) * k] = rows[i]
    for j in range(d):
        start = (n + j) * k
        hessian[start : start + k, start : start + k] = columns[j]
    hessian[: n * k, n * k :] = mixed.reshape(n * k, d * k)
    hessian[n * k :, : n * k] = hessian[: n * k, n * k :].T
    return hessian
