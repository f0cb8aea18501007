"""Greedy pursuit: one rank-one matrix at a time, the steepest.

Contents
--------
greedy      plain, or with all coefficients fitted again after each choice

References
----------
[BhaskaraEtAl2021]_; the rate is that of orthogonal matching pursuit over rank-one
matrices, proved in the docstring of `greedy`.
"""

import time

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

# Coefficients are fitted up to this condition of their normal equations.
_CONDITION = 1e-13


def greedy(
    matrix: WeightedMatrix,
    *,
    rank: int,
    is_corrective: bool = False,
    n_terms: int | None = None,
) -> Answer:
    """Return X_t, a sum of t rank-one matrices chosen one after the other.

    With G = omega o (A - X_t) and its leading singular pair (u, v), sigma, plain
    pursuit adds c u v^T with the best c = sigma / sum omega_ij u_i^2 v_j^2. Corrective
    pursuit fits the coefficients of all terms again, by least squares.

    *Statement.* Corrective pursuit has
    f(X_t) - f(X*) <= 4 max(omega) ||X*||_*^2 / t for every X*.
    *Proof.* With h = f(X_t) - f(X*): f is convex and <G, X_t> = 0, as the coefficients
    are optimal, so h <= 2 <G, X*> <= 2 sigma ||X*||_*. The next term lowers f by at
    least sigma^2 / sum omega_ij u_i^2 v_j^2 >= sigma^2 / max(omega). So with
    L = 4 max(omega) ||X*||_*^2 the next h is at most h - h^2 / L; hence h <= L / t.

    *What is guaranteed beforehand.* If min(omega) > 0 and X* is optimal at rank k,
    ||X*||_*^2 <= k ||X*||_F^2 <= k f(0) / min(omega). Nothing is stated where this
    gives no more than f(X_t) <= f(0): at t = k always.

    Parameters
    ----------
    rank : int
        k.
    is_corrective : bool
        Fit all coefficients again.
    n_terms : int, optional
        t, in the place of k. More than k terms do not compete at rank k.

    Examples
    --------
    >>> A, W = [[2.0, 1.0], [1.0, 3.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> round(greedy(WeightedMatrix.from_arrays(A, W), rank=1).cost, 6)
    1.90983
    """
    started = time.perf_counter()
    wanted = rank if n_terms is None else n_terms
    scaled = Normalized.of(matrix, rank=rank)
    name = "greedy-corrective" if is_corrective else "greedy"
    if scaled.is_trivial:
        return scaled.zero_answer(name, started=started)
    n, d = scaled.data.shape
    lefts, rights = np.zeros((n, 0)), np.zeros((0, d))
    coefficients = np.zeros(0)
    residual, cost = scaled.data, scaled.size
    history: list[float] = []
    stopped = f"{wanted} terms"
    for _ in range(wanted):
        if scaled.has_stalled(cost, 0.0, 0.0):
            stopped = "what is left is rounding error"
            break
        pull = scaled.weights * residual
        u, v = _leading_pair(pull)
        more = np.column_stack([lefts, u]), np.vstack([rights, v])
        if is_corrective:
            fitted = _fitted(scaled, *more)
        else:
            step = float(u @ pull @ v) / float(u**2 @ scaled.weights @ v**2)
            fitted = np.append(coefficients, step)
        new_residual = scaled.data - (more[0] * fitted) @ more[1]
        new_cost = float(np.vdot(scaled.weights * new_residual, new_residual))
        if not new_cost < cost:
            stopped = "the cost no longer falls"
            break
        (lefts, rights), coefficients = more, fitted
        residual, cost = new_residual, new_cost
        history.append(cost)
    return scaled.answer(
        name,
        lefts * coefficients,
        rights,
        started=started,
        guarantee=_guarantee(scaled, rank, wanted, is_corrective=is_corrective),
        history=history,
        stopped=stopped,
    )


def _leading_pair(pull: Floats) -> tuple[Floats, Floats]:
    """Return the leading singular vectors, from the smaller Gram matrix."""
    if pull.shape[0] < pull.shape[1]:
        v, u = _leading_pair(pull.T)
        return u, v
    v = np.linalg.eigh(pull.T @ pull)[1][:, -1]
    u = pull @ v
    return u / np.linalg.norm(u), v


def _fitted(scaled: Normalized, lefts: Floats, rights: Floats) -> Floats:
    """Return the c that minimize sum omega_ij (A_ij - sum_s c_s u_is v_sj)^2."""
    count = len(rights)
    normal = np.empty((count, count))
    for s in range(count):
        weighted = (lefts * lefts[:, s : s + 1]).T @ scaled.weights
        normal[s] = np.einsum("td,td->t", weighted, rights * rights[s])
    side = np.einsum("td,td->t", lefts.T @ (scaled.weights * scaled.data), rights)
    sizes = np.sqrt(np.diag(normal))
    balanced = normal / np.outer(sizes, sizes)
    solved = np.linalg.lstsq(balanced, side / sizes, rcond=_CONDITION)[0]
    fitted: Floats = solved / sizes
    return fitted


def _guarantee(
    scaled: Normalized, rank: int, n_terms: int, *, is_corrective: bool
) -> Guarantee:
    """Return what is known of corrective pursuit beforehand, if it says anything."""
    if not is_corrective:
        return Guarantee.none("plain pursuit has no rate here")
    lightest = float(scaled.weights.min())
    terms = min(rank, *scaled.data.shape)
    smallest = n_terms * lightest
    part = 4 * terms / smallest if smallest > 0 else np.inf
    if not part < 1:
        return Guarantee.none(
            "cost <= f(X*) + 4 max(omega) ||X*||_*^2 / t for every X*, "
            "which is more than f(0) for this t and what is known of X*"
        )
    return Guarantee(
        statement="cost <= OPT_k + 4 k max(omega) f(0) / (t min(omega))",
        factor=1.0,
        additive=part * scaled.size * scaled.cost_unit,
    )
