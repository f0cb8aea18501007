"""The baseline `em` of the reweighted paper: every step lowers the cost.

Contents
--------
EMStep              data, weights and a start
STATEMENT           f(X') = f(X) - sum (1 - omega)(X' - X)^2 - (gain of the step)

References
----------
[SrebroJaakkola2003]_; [WoodruffYasuda2024]_, Section 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.heuristics.expectation_maximization import expectation_maximization
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.svd import evaluated
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    in_floats,
    squared_distance,
)
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/expectation-maximization"

_SCALED = Hypothesis(name="weights at most one", text="0 <= omega <= 1")
_RANK = Hypothesis(name="rank at most k", text="rank X <= k")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class EMStep:
    """Where a step begins.

    Parameters
    ----------
    data, squared_weights : RationalMatrix, shape (n, d)
        A and omega.
    start : RationalMatrix, shape (n, d)
        X.
    rank : int
        k.
    """

    data: RationalMatrix
    squared_weights: RationalMatrix
    start: RationalMatrix
    rank: int


def check(case: Case[EMStep]) -> tuple[Finding, ...]:
    """Take one step with a rounded decomposition; then everything is exact.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    A, omega, X = value.data, value.squared_weights, value.start
    missing = RationalMatrix(np.ones(A.shape, dtype=np.int64)) - omega
    filled = omega.hadamard(A) + missing.hadamard(X)
    following = rounded_best_approximation(filled, value.rank)
    before, after = _weighted(omega, A - X), _weighted(omega, A - following)
    moved = _weighted(missing, following - X)
    gain = squared_distance(filled, X) - squared_distance(filled, following)
    largest = max(x for row in omega.fractions() for x in row)
    unmet = () if largest <= 1 else (_SCALED.name,)
    low = () if rational_rank(X) <= value.rank else (_RANK.name,)
    claims: list[tuple[str, Fraction, Any, Fraction, tuple[str, ...]]] = [
        (
            "f(X') = f(X) - sum (1 - omega)(X' - X)^2 - (||Y - X||^2 - ||Y - X'||^2)",
            after,
            "==",
            before - moved - gain,
            (),
        ),
        ("||Y - X'||^2 <= ||Y - X||^2", -gain, "<=", Fraction(0), low),
        (
            "f(X') <= f(X) - sum (1 - omega)(X' - X)^2",
            after,
            "<=",
            before - moved,
            low,
        ),
        ("f(X') <= f(X)", after, "<=", before, (*unmet, *low)),
    ]
    found = [
        case.finding(KEY, claim, exact(left), relation, exact(right), unmet=names)
        for claim, left, relation, right, names in claims
    ]
    if largest == 1 and not low:
        found.append(
            in_floats(
                KEY,
                case,
                "f(X') of the project's step",
                computed=_one_step(value),
                exactly=after,
            )
        )
    return tuple(found)


def _weighted(weights: RationalMatrix, matrix: RationalMatrix) -> Fraction:
    """Return sum w_ij m_ij^2."""
    return weights.hadamard(matrix.hadamard(matrix)).total()


def _one_step(value: EMStep) -> float:
    """Return the cost after one step of the project's iteration, in floats."""
    data, weights = value.data.to_float(), value.squared_weights.to_float()
    left, values, right = np.linalg.svd(value.start.to_float(), full_matrices=False)
    k = value.rank
    start = evaluated(data, weights, left[:, :k] * values[:k], right[:k])
    return expectation_maximization(data, weights, start, sweeps=1).cost


def cases(seeds: int) -> Iterator[Case[EMStep]]:
    """Yield weights scaled to one, a step from zero, and broken hypotheses."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for k, low in ((1, 1), (2, 0)):
            A = integer_matrix(noise, (5, 4), -5, 5)
            omega = integer_matrix(noise, (5, 4), low, 8)
            omega[0, 0] = 8
            X = integer_matrix(noise, (5, k), -2, 2) @ integer_matrix(
                noise, (k, 4), -2, 2
            )
            yield Case(
                name=f"random-rank-{k}-{seed}",
                kind="random",
                value=EMStep(
                    data=RationalMatrix(A),
                    squared_weights=RationalMatrix(omega, 8),
                    start=RationalMatrix(X),
                    rank=k,
                ),
                seed=seed,
            )
    full = RationalMatrix.from_rows([[2, 1], [1, 3]])
    zero = RationalMatrix.zeros(2, 2)
    ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
    mask = RationalMatrix.from_rows([[1, 1], [1, 0]])
    for name, kind, omega, X in (
        ("from-zero", "structured", mask, zero),
        ("weights-of-one", "adversarial", ones, zero),
        ("weights-not-scaled", "violation", ones.scaled(3), zero),
        ("start-of-full-rank", "violation", ones.scaled(Fraction(1, 2)), full),
    ):
        yield Case(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            value=EMStep(data=full, squared_weights=omega, start=X, rank=1),
        )


STATEMENT = Statement(
    key=KEY,
    title="Section 4, `em`: every step lowers the cost",
    source="[SrebroJaakkola2003]_; identity of this project",
    text=(
        "Let Y = omega o A + (1 - omega) o X and X' the best approximation of rank k "
        "of Y. Then f(X') = f(X) - sum (1 - omega)(X' - X)^2 - (||Y - X||^2 - ||Y - "
        "X'||^2), for every X, X' and omega. If rank X <= k the last term is not "
        "negative; if also omega <= 1 (squared weights, divided by their maximum), "
        "f(X') <= f(X) - sum (1 - omega)(X' - X)^2 <= f(X). Dividing by more than the "
        "maximum only shortens the steps. A fixed point need not be a local minimum."
    ),
    hypotheses=(_SCALED, _RANK),
    cases=cases,
    check=check,
    value_type=EMStep,
    used_by=(
        "exact_wlra.heuristics.expectation_maximization:expectation_maximization",
    ),
    tests=(
        "tests/exact_wlra/test_heuristics.py",
        "tests/exact_wlra/theorems/test_reweighted.py",
    ),
)
