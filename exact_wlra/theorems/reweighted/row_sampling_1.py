"""Row sampling, the basic bound: Frieze, Kannan and Vempala with the exact constant.

Contents
--------
RowSample           a matrix, how many rows, and with which probabilities
STATEMENT           E ||B - [B P]_q||^2 <= ||B_{-q}||^2 + (q/s) ||B||^2

References
----------
[FriezeKannanVempala2004]_; [WoodruffYasuda2024]_, Section 4 (`sample`).
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.heuristics.row_sampling import sample_rows
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import singular_tail
from exact_wlra.theorems.quantities import Quantity, confident, enclosed
from exact_wlra.theorems.reweighted.rational_solutions import (
    projected,
    squared_distance,
    squared_norm,
)
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/row-sampling-1"

_NORMS = Hypothesis(name="squared norms", text="p_i = ||B_i||^2 / ||B||_F^2")

# Up to so many sequences of draws the mean is computed, not estimated.
_MOST_SEQUENCES = 300


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowSample:
    """How rows of B are drawn.

    Parameters
    ----------
    matrix : RationalMatrix, shape (n, d)
        B.
    rank : int
        q.
    size : int
        s.
    uniform : bool
        Draw with equal probabilities in place of squared norms.
    draws : int
        Runs in a sample, where the mean is estimated.
    seed : int
    """

    matrix: RationalMatrix
    rank: int
    size: int
    uniform: bool = False
    draws: int = 4000
    seed: int = 0


def check(case: Case[RowSample]) -> tuple[Finding, ...]:
    """Compare means with the bound, and with the constant of its proof.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    value = case.value
    q, s = value.rank, value.size
    total, tail = squared_norm(value.matrix), singular_tail(value.matrix, q)
    unmet = (_NORMS.name,) if value.uniform else ()
    indices = _drawn(value)
    is_small = value.matrix.shape[0] ** s <= _MOST_SEQUENCES
    mean = _enumerated(value) if is_small else confident(_losses(value, indices))
    # q ||B||^2 - ||B_q||^2 = (q - 1) ||B||^2 + ||B_{-q}||^2, over s.
    kept = (q - 1) * total / s
    share = 1 + Fraction(1, s)
    return (
        case.finding(
            KEY,
            "E ||B - [B P]_q||^2 <= ||B_{-q}||^2 + (q/s) ||B||^2",
            mean,
            "<=",
            _plus(tail, q * total / s),
            unmet=unmet,
        ),
        case.finding(
            KEY,
            "E ||B - [B P]_q||^2 <= (1 + 1/s) ||B_{-q}||^2 + ((q - 1)/s) ||B||^2",
            mean,
            "<=",
            _plus(tail.times(share), kept),
            unmet=unmet,
        ),
        case.finding(
            KEY,
            "E ||B - sum u_t w_t||^2 = (1 + 1/s) ||B_{-q}||^2 + ((q - 1)/s) ||B||^2",
            confident(_competitors(value, indices)),
            "==",
            _plus(tail.times(share), kept),
            unmet=unmet,
            note="w_t is the mean over the draws of (u_t)_i B_i / p_i",
        ),
    )


def _plus(quantity: Quantity, number: Fraction) -> Quantity:
    """Return an enclosure moved by a number."""
    return enclosed(Fraction(quantity.low) + number, Fraction(quantity.high) + number)


def _drawn(value: RowSample) -> NDArray[np.int64]:
    """Return rows, shape (draws, s)."""
    noise = generator(KEY, value.seed)
    shape = value.draws, value.size
    if value.uniform:
        return noise.integers(0, value.matrix.shape[0], shape)
    B = value.matrix.to_float()
    return sample_rows(B, size=shape[0] * shape[1], generator=noise).reshape(shape)


def _losses(value: RowSample, indices: NDArray[np.int64]) -> list[float]:
    """Return ||B - [B P]_q||^2 of every run."""
    B = value.matrix.to_float()
    _, values, bases = np.linalg.svd(B[indices], full_matrices=False)
    noise = 1e-12 * values[:, :1]
    bases = np.where((values > noise)[:, :, None], bases, 0.0)
    kept = np.linalg.svd(B @ bases.transpose(0, 2, 1), compute_uv=False)
    squares = np.sum(kept[:, : value.rank] ** 2, axis=1)
    losses: list[float] = (float(np.sum(B**2)) - squares).tolist()
    return losses


def _competitors(value: RowSample, indices: NDArray[np.int64]) -> list[float]:
    """Return ||B - sum u_t w_t||^2 of every run."""
    B = value.matrix.to_float()
    norms = np.sum(B**2, axis=1)
    p = np.full(len(B), 1 / len(B)) if value.uniform else norms / norms.sum()
    U = np.linalg.svd(B, full_matrices=False)[0][:, : value.rank]
    factors = U[indices] / p[indices][:, :, None]
    w = np.einsum("nst,nsd->ntd", factors, B[indices]) / value.size
    differences = B - np.einsum("it,ntd->nid", U, w)
    losses: list[float] = np.sum(differences**2, axis=(1, 2)).tolist()
    return losses


def _enumerated(value: RowSample) -> Quantity:
    """Return the mean over all sequences of draws, enclosed."""
    B = value.matrix
    n = B.shape[0]
    norms = [sum(x * x for x in row) for row in B.fractions()]
    p = [Fraction(1, n) if value.uniform else x / sum(norms) for x in norms]
    chances: dict[frozenset[int], Fraction] = defaultdict(Fraction)
    for rows in product(range(n), repeat=value.size):
        chances[frozenset(rows)] += Fraction(prod(p[i] for i in rows))
    low = high = Fraction(0)
    for rows_seen, chance in chances.items():
        if chance:
            inside = projected(B.transpose, tuple(sorted(rows_seen))).transpose
            rest = singular_tail(inside, value.rank)
            loss = squared_distance(B, inside)
            low += chance * (loss + Fraction(rest.low))
            high += chance * (loss + Fraction(rest.high))
    return enclosed(low, high)


def cases(seeds: int) -> Iterator[Case[RowSample]]:
    """Yield means that are computed, means of samples, and equal orthogonal rows."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for n, d, q, s in ((5, 3, 1, 3), (4, 4, 2, 4), (12, 8, 2, 6)):
            B = RationalMatrix(integer_matrix(noise, (n, d), -4, 4))
            yield Case(
                name=f"random-{n}x{d}-{seed}",
                kind="random",
                value=RowSample(matrix=B, rank=q, size=s, seed=seed),
                seed=seed,
            )
    yield Case(
        name="orthogonal-rows",
        kind="adversarial",
        value=RowSample(
            matrix=RationalMatrix(np.eye(16, dtype=np.int64)), rank=1, size=16
        ),
    )
    heavy = np.diag([40, *[1] * 23])
    yield Case(
        name="uniform-draws-miss-the-heavy-row",
        kind="violation",
        value=RowSample(matrix=RationalMatrix(heavy), rank=1, size=4, uniform=True),
    )


STATEMENT: Statement[Any] = Statement(
    key=KEY,
    title="Row sampling 1: the bound of Frieze, Kannan and Vempala, its constant",
    source="[FriezeKannanVempala2004]_, constant and proof of this project",
    text=(
        "Draw s rows of B independently, p_i = ||B_i||^2 / ||B||_F^2, and let P "
        "project onto their span. Then E ||B - [B P]_q||_F^2 <= ||B_{-q}||_F^2 + "
        "(q/s) ||B||_F^2. If q <= rank B, with w_t the mean of (u_t)_i B_i / p_i, u_t "
        "the left singular vectors, sum u_t w_t competes, and its mean error is "
        "exactly (1 + 1/s) ||B_{-q}||_F^2 + ((q - 1)/s) ||B||_F^2, which is smaller."
    ),
    hypotheses=(_NORMS,),
    cases=cases,
    check=check,
    value_type=RowSample,
    errata=(
        Erratum(
            printed=(
                "Dai (2023) contained an error, corrected, tightened and simplified "
                "in Appendix D."
            ),
            wrong_because=(
                "Neither the error nor Appendix D is in the text that this project "
                "has; what they say is not checked here."
            ),
            repaired="What can be proved of sampling by row norms, with proof.",
        ),
    ),
    is_statistical=True,
    used_by=("exact_wlra.heuristics.row_sampling:sample_reweighted",),
    tests=(
        "tests/exact_wlra/test_row_sampling.py",
        "tests/exact_wlra/theorems/test_reweighted.py",
    ),
)
