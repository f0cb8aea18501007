"""Approximations from a few rows, drawn with probabilities proportional to their norms.

The paper corrects an algorithm of this kind in an appendix, and compares with it. What
is built here is what can be proved (Frieze, Kannan and Vempala's bound with its exact
constant) and, apart from it, a baseline of rank k.

Contents
--------
sample_rows             rows drawn by their norms
sample_reweighted       rk / epsilon rows of W o A, then division by W
sample_groups           k / epsilon rows of each group: rank rk in truth
sample                  k rows of A as they are, coefficients fitted: rank k

Notation
--------
B = W o A, p_i = ||B_i||^2 / ||B||_F^2; s rows are drawn independently.

Notes on the implementation
---------------------------
*Statement.* Let Y be the best approximation of rank q of B among matrices whose rows
lie in the span of the drawn rows. Then
E ||B - Y||_F^2 <= ||B_{-q}||_F^2 + (q / s) ||B||_F^2.
For the leading left singular vectors u_1, ..., u_q let w_t be the mean over the draws
of (u_t)_i B_i / p_i; then E w_t = u_t^T B, E ||w_t - u_t^T B||^2 <= ||B||_F^2 / s, and
sum_t u_t w_t is a competitor of Y. A bound in the mean: one run exceeds its additive
term t times over with probability at most 1/t.

References
----------
[FriezeKannanVempala2004]_; [WoodruffYasuda2024]_, Section 4.
"""

import math
import time

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import leading_triples
from exact_wlra.heuristics.forms import LowRank, Reweighted
from exact_wlra.heuristics.row_groups import grouped_form, row_groups
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from reductions.least_squares import solve_rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def sample_rows(
    matrix: Floats, *, size: int, generator: np.random.Generator
) -> Integers:
    """Return `size` indices of rows, drawn with replacement by their squared norms.

    None if all rows are zero.

    Examples
    --------
    >>> B = np.array([[0.0, 0.0], [1.0, 2.0]])
    >>> sample_rows(B, size=3, generator=np.random.default_rng(0)).tolist()
    [1, 1, 1]
    """
    norms = np.einsum("ij,ij->i", matrix, matrix)
    total = norms.sum()
    if total == 0:
        return np.zeros(0, dtype=np.int64)
    return generator.choice(len(norms), size=size, p=norms / total).astype(np.int64)


def sample_reweighted(
    matrix: WeightedMatrix,
    *,
    rank: int,
    epsilon: float = 0.5,
    weight_rank: int | None = None,
    seed: int = 0,
) -> Answer:
    """Return X = W^{o-1} o Y with Y from s = rk / epsilon sampled rows of W o A.

    *Statement.* E f(X) <= OPT_k + (rk / s) ||W o A||_F^2: the statement above at
    q = rk, whose tail is at most OPT_k by Lemma 2.1. X itself may have any rank.

    Parameters
    ----------
    rank : int
        k.
    epsilon : float
        The excess in the mean, relative to ||W o A||_F^2.
    weight_rank : int, optional
        r, in the place of `matrix.weight_rank`; below the rank of W nothing is proved.
    seed : int
        Of the draws.

    Examples
    --------
    >>> A = np.array([[1.0, 2.0], [2.0, 4.0]])
    >>> found = sample_reweighted(
    ...     WeightedMatrix.from_arrays(A, np.ones((2, 2))), rank=1, seed=1
    ... )
    >>> round(found.cost, 9), found.guarantee.confidence, found.guarantee.additive
    (0.0, 'in expectation', 12.5)
    """
    started = time.perf_counter()
    r = matrix.weight_rank if weight_rank is None else weight_rank
    q = r * rank
    size = _size(q, epsilon)
    weighted = matrix.weighted_data
    rows = sample_rows(weighted, size=size, generator=np.random.default_rng(seed))
    left, right = _within(weighted, weighted[rows], q)
    form = Reweighted(
        root_weights=matrix.root_weights, weight_rank=r, left=left, right=right
    )
    return answered(
        matrix,
        "sample-reweighted",
        form,
        started=started,
        seed=seed,
        guarantee=_in_the_mean(float(np.sum(weighted**2)), q, size)
        if r >= matrix.weight_rank
        else Guarantee.none(f"the rank of W is {matrix.weight_rank}, not {r}"),
    )


def sample_groups(
    matrix: WeightedMatrix, *, rank: int, epsilon: float = 0.5, seed: int = 0
) -> Answer:
    """Return X from s = k / epsilon rows of each group of proportional weight rows.

    *Statement.* E f(X) <= OPT_k + (k / s) ||W o A||_F^2, by the statement above on each
    group at q = k. X has rank at most k times the number of groups. Groups of at most s
    rows are decomposed whole, and add nothing to the second term.

    Parameters
    ----------
    rank, epsilon, seed
        As for `sample_reweighted`.

    Examples
    --------
    >>> A = np.array([[1.0, 2.0], [2.0, 4.0], [5.0, 7.0]])
    >>> W = np.array([[1.0, 1.0], [2.0, 2.0], [1.0, 0.0]])
    >>> found = sample_groups(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 9), found.rank
    (0.0, 2)
    """
    started = time.perf_counter()
    generator = np.random.default_rng(seed)
    size = _size(rank, epsilon)
    groups = list(row_groups(matrix.root_weights))
    weighted = matrix.weighted_data
    factors, energy = [], 0.0
    for group in groups:
        part, attainable = weighted[group.rows], group.attainable(rank)
        if len(part) <= size:
            factors.append(leading_triples(part, rank=attainable))
            continue
        energy += float(np.sum(part**2))
        rows = sample_rows(part, size=size, generator=generator)
        factors.append(_within(part, part[rows], attainable))
    return answered(
        matrix,
        "sample-groups",
        grouped_form(matrix, groups, factors),
        started=started,
        seed=seed,
        guarantee=_in_the_mean(energy, rank, size),
    )


def sample(matrix: WeightedMatrix, *, rank: int, seed: int = 0) -> Answer:
    """Return X = U A_S of rank k: k rows of A drawn by their norms in W o A.

    Each row of U solves its weighted least squares problem. The paper draws a curve
    `sample` at ranks 1 to 20 without saying how its matrix of rank k comes about; this
    is one way, not known to be that one, and nothing is proved about it: the statement
    above says something only for more than rk rows.

    Parameters
    ----------
    rank : int
        k.
    seed : int
        Of the draws, without replacement as long as there are rows that differ from 0.

    Examples
    --------
    >>> A = np.array([[1.0, 2.0], [2.0, 4.0]])
    >>> W = np.array([[1.0, 3.0], [2.0, 1.0]])
    >>> found = sample(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 9), found.rank
    (0.0, 1)
    """
    started = time.perf_counter()
    norms = np.sum(matrix.weighted_data**2, axis=1)
    size = min(rank, int(np.count_nonzero(norms)))
    generator = np.random.default_rng(seed)
    rows = np.zeros(0, dtype=np.int64)
    if size:
        rows = generator.choice(
            len(norms), size=size, replace=False, p=norms / norms.sum()
        )
    right = matrix.data[rows]
    left = solve_rows(matrix.data, matrix.squared_weights, right)
    return answered(
        matrix,
        "sample",
        LowRank(left=left, right=right),
        started=started,
        seed=seed,
        guarantee=Guarantee.none("k sampled rows are too few for any bound"),
    )


def _size(q: int, epsilon: float) -> int:
    """Return s, so that q / s is at most epsilon."""
    if not epsilon > 0:
        raise InvalidProblemError(f"epsilon is {epsilon}; give a positive number.")
    return math.ceil(q / epsilon)


def _within(matrix: Floats, rows: Floats, q: int) -> tuple[Floats, Floats]:
    """Return L R, the best rank-q approximation with rows in the span of these."""
    _, values, basis = np.linalg.svd(rows, full_matrices=False)
    noise = max(rows.shape) * np.finfo(np.float64).eps * values.max(initial=0.0)
    basis = basis[values > noise]
    left, right = leading_triples(matrix @ basis.T, rank=q)
    return left, right @ basis


def _in_the_mean(energy: float, q: int, size: int) -> Guarantee:
    """Return the bound in expectation."""
    share = q / size if size else 0.0
    return Guarantee(
        statement=f"E cost <= OPT_k + {share:.3g} ||B||_F^2, B the rows of W o A from "
        "which were sampled (Frieze, Kannan, Vempala)",
        factor=1.0,
        additive=share * energy,
        confidence="in expectation",
    )
