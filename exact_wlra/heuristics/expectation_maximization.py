"""Expectation maximization: fill in, decompose, repeat.

With weights scaled to at most one, an entry of weight w counts as observed with
probability w; the rest is filled in with the current approximation.

Contents
--------
em                          a fixed number of steps, from a choice of starts
expectation_maximization    X <- SVD_k(w o A + (1 - w) o X) until the cost stalls

Notes on the implementation
---------------------------
With w = omega / max omega and B = w o A + (1 - w) o X, any X' of rank k with
||B - X'|| <= ||B - X|| has f(X') <= f(X) - sum (1 - w) (X' - X)^2 in units of
max omega: the right side minus f(X') is ||B - X||^2 - ||B - X'||^2. The best X' is
SVD_k(B). One step of subspace iteration from the rows of X is enough too: with Q an
orthonormal basis of B V, V that of the rows of X, X' = Q Q^T B is as near to B as
B V V^T or nearer, and that is no farther than X.

References
----------
[SrebroJaakkola2003]_; [HastieMazumderLeeZadeh2015]_ for the subspace iteration.
"""

import time
from typing import Literal

import numpy as np

from exact_wlra.heuristics.alternating import Approximation, Floats
from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.decompositions import gram_triples, leading_triples
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.svd import evaluated
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Decomposition = Literal["gram", "svd", "warm"]


def em(
    matrix: WeightedMatrix,
    *,
    rank: int,
    start: Literal["svd", "zero", "svd_w"] | Floats = "svd",
    iterations: int = 25,
    tolerance: float = 0.0,
    decomposition: Decomposition = "gram",
) -> Answer:
    """Return X after the steps X <- SVD_k(w o A + (1 - w) o X), w = omega / max omega.

    The cost never increases between iterates of rank k. Fixed points need not be local
    minima, and which one is reached depends on the start.

    Parameters
    ----------
    rank : int
        k.
    start : {"svd", "zero", "svd_w"} or float array, shape (n, d)
        X before the first step: the best approximation of A, weights ignored; zero; the
        answer of Algorithm 2 with inverse weights of rank one, as in Figure 4 of
        Woodruff and Yasuda; or a given matrix, whose rank is not looked at.
    iterations : int
        Largest number of steps; 25 in the paper.
    tolerance : float
        Stop when a step lowers the cost by no more than this part of it.
    decomposition : {"gram", "svd", "warm"}
        How a step decomposes B: by the eigenvectors of its smaller Gram matrix, which
        misses the best ||B - X||^2 by a few eps ||B||^2 and is three to four times
        faster than LAPACK's SVD; by that SVD, for costs below that error; or by one
        step of subspace iteration from the last X, which never raises the cost either,
        and goes another way than the paper's iteration.

    Examples
    --------
    >>> A, W = [[2.0, 1.0], [1.0, 3.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> found = em(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 6), found.stopped
    (1.90983, 'the cost no longer falls')
    """
    started = time.perf_counter()
    scaled = Normalized.of(matrix, rank=rank)
    name = _name(start, decomposition)
    if scaled.is_trivial:
        return scaled.zero_answer(name, started=started)
    m = scaled.rank
    product = _start(scaled, start)
    factors: tuple[Floats, Floats] | None = None
    cost = np.inf
    history: list[float] = []
    stopped = f"{iterations} iterations"
    for _ in range(iterations):
        filled = _filled(scaled.data, scaled.weights, product)
        trial = _decomposed(filled, m, decomposition, factors)
        new_product = trial[0] @ trial[1]
        residual = scaled.data - new_product
        new_cost = float(np.vdot(scaled.weights * residual, residual))
        # The first step may start from a matrix of higher rank, and then raise it.
        if not new_cost < cost:
            stopped = "the cost no longer falls"
            break
        has_stalled = factors is not None and scaled.has_stalled(
            cost, new_cost, tolerance
        )
        factors, product, cost = trial, new_product, new_cost
        history.append(cost)
        if has_stalled:
            stopped = f"a step lowered the cost by no more than {tolerance:g} of it"
            break
    left, right = factors if factors is not None else leading_triples(product, rank=m)
    return scaled.answer(
        name,
        left,
        right,
        started=started,
        guarantee=Guarantee.none("a local method"),
        history=history,
        stopped=stopped,
    )


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
    >>> from exact_wlra.heuristics.svd import truncated_svd
    >>> A = np.array([[2.0, 4.0], [1.0, 0.0]])
    >>> omega = np.array([[1.0, 1.0], [1.0, 0.0]])
    >>> start = truncated_svd(A, omega, rank=1)
    >>> found = expectation_maximization(A, omega, start)
    >>> round(start.cost, 6), round(found.cost, 6)
    (0.621995, 0.0)
    """
    rank = start.right.shape[0]
    observed = weights / weights.max()
    current = start
    for _ in range(sweeps):
        filled = _filled(data, observed, current.left @ current.right)
        step = leading_triples(filled, rank=rank)
        following = evaluated(data, weights, *step)
        if current.cost - following.cost <= tolerance * current.cost:
            break
        current = following
    return current


def _filled(data: Floats, observed: Floats, product: Floats) -> Floats:
    """Return B = w o A + (1 - w) o X."""
    filled: Floats = product + observed * (data - product)
    return filled


def _decomposed(
    filled: Floats,
    rank: int,
    decomposition: Decomposition,
    factors: tuple[Floats, Floats] | None,
) -> tuple[Floats, Floats]:
    """Return L and R with L R = SVD_k(B), or one step of subspace iteration to it."""
    if decomposition == "svd":
        return leading_triples(filled, rank=rank)
    if decomposition == "gram" or factors is None:
        return gram_triples(filled, rank=rank)
    rows = np.linalg.qr(factors[1].T)[0]
    basis = np.linalg.qr(filled @ rows)[0]
    return basis, basis.T @ filled


def _start(scaled: Normalized, start: str | Floats) -> Floats:
    """Return the X before the first step, in normalized units."""
    if isinstance(start, np.ndarray):
        return start / scaled.data_unit
    if start == "zero":
        return np.zeros_like(scaled.data)
    if start == "svd_w":
        first = svd_w(scaled.matrix, rank=scaled.rank, rank_inverse=1)
        return first.form.entries() / scaled.data_unit
    left, right = gram_triples(scaled.data, rank=scaled.rank)
    product: Floats = left @ right
    return product


def _name(start: str | Floats, decomposition: Decomposition) -> str:
    """Return the name in tables; the plain one is the paper's method."""
    origin = "given" if isinstance(start, np.ndarray) else start
    from_where = "" if origin == "svd" else f"-{origin}"
    return f"em{from_where}{'-warm' if decomposition == 'warm' else ''}"
