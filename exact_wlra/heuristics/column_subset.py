"""Weighted column subset selection: X from a few columns of A (Corollary 1.3).

Contents
--------
column_subset       columns chosen, coefficients of rank rk fitted, factor measured
select_columns      pivoted QR, greedy or leverage scores
best_subset         the best columns by trying all sets of them: tiny matrices
projection_error    what the span of columns leaves of a matrix
existence_factor    (s + 1) / (s - q + 1), which some choice of s columns reaches

Notation
--------
B = W o A, q = rk, S the columns chosen and s their number, Pi_S the projection onto
their span.

Notes on the implementation
---------------------------
*Statement (Guruswami and Sinop).* For q <= s, some S has
||B - Pi_S B||_F^2 <= (s + 1) / (s - q + 1) ||B_{-q}||_F^2, so that
s >= q / epsilon + q - 1 suffices for 1 + epsilon. It says that S exists. The choices
made here come without that promise; what they reach is measured after the run.

(W o A)|_S C with any C has rank s and s d coefficients. With C = Y Z the best of rank q
in the span of S there are s q + q d; its error is ||B - Pi_S B||_F^2 +
||(Pi_S B)_{-q}||_F^2, at most one tail more than what the span leaves.

References
----------
[GuruswamiSinop2012]_; [WoodruffYasuda2024]_, Corollary 1.3.
"""

import math
import time
from dataclasses import replace
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.achieved_factors import achieved_guarantee
from exact_wlra.heuristics.answers import Answer, Guarantee, answered
from exact_wlra.heuristics.decompositions import (
    leading_triples,
    load_libraries,
    tail_energy,
)
from exact_wlra.heuristics.forms import ColumnSubset
from exact_wlra.heuristics.reweighted import theorem_guarantee
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Selection = Literal["pivoted-qr", "greedy", "leverage"]

_MOST_SUBSETS = 200_000


def column_subset(
    matrix: WeightedMatrix,
    *,
    rank: int,
    epsilon: float = 0.5,
    selection: Selection = "pivoted-qr",
    restricted: bool = True,
    seed: int = 0,
) -> Answer:
    """Return X = W^{o-1} o ((W o A)|_S C) from s = q / epsilon + q - 1 columns.

    Parameters
    ----------
    rank : int
        k; q = rk.
    epsilon : float
        Fixes s, which is at most d.
    selection : {"pivoted-qr", "greedy", "leverage"}
        How S is chosen.
    restricted : bool
        Store C = Y Z of rank q. Otherwise C is the best of any rank: a smaller cost
        with s d coefficients.
    seed : int
        For leverage scores; the others do not draw.

    Returns
    -------
    Answer
        The factor of its guarantee is ||B - (W o A)|_S C||_F^2 / ||B_{-q}||_F^2, an
        estimate; the statement says beside it what Pi_S reaches, and the factor that
        some S of this size reaches.

    Examples
    --------
    >>> A = np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]])
    >>> matrix = WeightedMatrix.from_arrays(A, np.ones((2, 3)))
    >>> found = column_subset(matrix, rank=1, epsilon=1.0)
    >>> found.form.columns.tolist(), round(found.cost, 9)
    ([2], 0.5)
    """
    if not epsilon > 0:
        raise InvalidProblemError(f"epsilon is {epsilon}; give a positive number.")
    load_libraries()
    started = time.perf_counter()
    weighted = matrix.weighted_data
    q = matrix.weight_rank * rank
    size = min(math.ceil(q / epsilon) + max(q - 1, 0), matrix.shape[1])
    columns = select_columns(weighted, size=size, rank=q, how=selection, seed=seed)
    mixing, right = _coefficients(weighted, columns, q if restricted else None)
    form = ColumnSubset(
        root_weights=matrix.root_weights,
        weight_rank=matrix.weight_rank,
        columns=columns,
        selected=matrix.data[:, columns],
        mixing=mixing,
        right=right,
    )
    answer = answered(
        matrix,
        "column-subset",
        form,
        started=started,
        seed=seed if selection == "leverage" else None,
        guarantee=theorem_guarantee(matrix, matrix.weight_rank),
    )
    return replace(answer, guarantee=_guarantee(weighted, form, q))


def select_columns(
    matrix: Floats, *, size: int, rank: int, how: Selection, seed: int = 0
) -> Integers:
    """Return the indices of `size` columns, in the order in which they were chosen.

    Parameters
    ----------
    matrix : float array, shape (n, d)
        B.
    size : int
        s; fewer are returned where fewer already span all columns.
    rank : int
        q, for leverage scores: the squared norms of the columns of V_q^T.
    how : {"pivoted-qr", "greedy", "leverage"}
        The largest residual column; the column that explains most of the residuals; or
        drawn by leverage scores without replacement.

    Examples
    --------
    >>> B = np.array([[1.0, 3.0, 0.0], [1.0, 3.0, 0.0], [0.0, 0.0, 4.0]])
    >>> select_columns(B, size=2, rank=1, how="pivoted-qr").tolist()
    [1, 2]
    """
    noise = max(matrix.shape, default=0) * np.finfo(np.float64).eps
    smallest = noise * float(np.linalg.norm(matrix))
    if how == "leverage":
        return _by_leverage(matrix, size, rank, seed)
    if how == "greedy":
        return _greedily(matrix, size, smallest**2)
    from scipy.linalg import qr

    triangle, order = qr(matrix, mode="r", pivoting=True)
    independent = np.count_nonzero(np.abs(np.diagonal(triangle)) > smallest)
    pivots: Integers = order[: min(size, independent)].astype(np.int64)
    return pivots


def best_subset(matrix: Floats, *, size: int) -> tuple[Integers, float]:
    """Return the columns whose span leaves least of B, and what it leaves.

    Raises
    ------
    InvalidProblemError
        If there are too many sets to try all of them.

    Examples
    --------
    >>> columns, error = best_subset(np.diag([2.0, 3.0]), size=1)
    >>> columns.tolist(), round(error, 9)
    ([1], 4.0)
    """
    d = matrix.shape[1]
    if math.comb(d, size) > _MOST_SUBSETS:
        raise InvalidProblemError(
            f"there are {math.comb(d, size)} sets of {size} out of {d} columns; trying "
            "all of them is for tiny matrices: use `select_columns`."
        )
    sets = (np.array(chosen, dtype=np.int64) for chosen in combinations(range(d), size))
    errors = ((projection_error(matrix, columns), columns) for columns in sets)
    error, columns = min(errors, key=lambda pair: pair[0])
    return columns, error


def projection_error(matrix: Floats, columns: Integers) -> float:
    """Return ||B - Pi_S B||_F^2, an estimate.

    Examples
    --------
    >>> projection_error(np.diag([3.0, 2.0]), np.array([0]))
    4.0
    """
    basis = _basis(matrix[:, columns])
    return float(np.sum((matrix - basis @ (basis.T @ matrix)) ** 2))


def existence_factor(*, size: int, rank: int) -> float:
    """Return (s + 1) / (s - q + 1), for q <= s.

    Examples
    --------
    >>> existence_factor(size=3, rank=2)
    2.0
    """
    if not 0 <= rank <= size:
        raise InvalidProblemError(
            f"{size} columns cannot match rank {rank}; take at least {rank}."
        )
    return (size + 1) / (size - rank + 1)


def _greedily(matrix: Floats, size: int, smallest: float) -> Integers:
    """Return the columns that explain most of the residuals, one after the other."""
    residual, chosen = matrix.copy(), []
    for _ in range(size):
        norms = np.einsum("ij,ij->j", residual, residual)
        alive = norms > smallest
        if not alive.any():
            break
        explained = np.sum((residual.T @ residual) ** 2, axis=0)
        column = int(np.argmax(explained / np.where(alive, norms, np.inf)))
        direction = residual[:, column] / np.sqrt(norms[column])
        residual -= np.outer(direction, direction @ residual)
        residual[:, column] = 0.0
        chosen.append(column)
    return np.array(chosen, dtype=np.int64)


def _by_leverage(matrix: Floats, size: int, rank: int, seed: int) -> Integers:
    """Return columns drawn without replacement by the leverage scores of V_q."""
    _, right = leading_triples(matrix, rank=rank)
    scores = np.sum(right**2, axis=0)
    count = min(size, int(np.count_nonzero(scores)))
    if count == 0:
        return np.zeros(0, dtype=np.int64)
    generator = np.random.default_rng(seed)
    drawn = generator.choice(
        len(scores), size=count, replace=False, p=scores / scores.sum()
    )
    return drawn.astype(np.int64)


def _basis(columns: Floats) -> Floats:
    """Return an orthonormal basis of the span of columns."""
    left, values, _ = np.linalg.svd(columns, full_matrices=False)
    noise = max(columns.shape) * np.finfo(np.float64).eps * values.max(initial=0.0)
    basis: Floats = left[:, values > noise]
    return basis


def _coefficients(
    matrix: Floats, columns: Integers, rank: int | None
) -> tuple[Floats | None, Floats]:
    """Return Y and Z, or None and C, for the best fit in the span of the columns."""
    chosen = matrix[:, columns]
    if rank is None or rank >= len(columns):
        return None, _fit(chosen, matrix)
    basis = _basis(chosen)
    left, right = leading_triples(basis.T @ matrix, rank=rank)
    return _fit(chosen, basis @ left), right


def _fit(columns: Floats, matrix: Floats) -> Floats:
    """Return the least squares coefficients of least norm."""
    return np.linalg.lstsq(columns, matrix, rcond=None)[0].astype(np.float64)


def _guarantee(weighted: Floats, form: ColumnSubset, q: int) -> Guarantee:
    """Return the factor that was achieved, beside the one that is possible."""
    basis = weighted[:, form.columns]
    left = basis if form.mixing is None else basis @ form.mixing
    achieved = achieved_guarantee(
        weighted, left @ form.right, rank=q, source="Corollary 1.3"
    )
    size, tail = len(form.columns), tail_energy(weighted, rank=q)
    if size < q or tail == 0:
        return achieved
    reached = projection_error(weighted, form.columns) / tail
    possible = existence_factor(size=size, rank=q)
    return replace(
        achieved,
        statement=f"{achieved.statement}; the span of the {size} columns leaves "
        f"{reached:.6g} tails, and some {size} columns leave at most {possible:.6g}",
    )
