"""Row sampling with weights and division: rows of W o A.

Contents
--------
ReweightedSample    a problem, the rank that W is taken to have, epsilon
STATEMENT           E f(X) <= OPT_k + (rk/s) ||W o A||^2

References
----------
[WoodruffYasuda2024]_, Section 4 (`sample`); [FriezeKannanVempala2004]_
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.row_sampling import sample_reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import Quantity, confident, enclosed
from exact_wlra.theorems.reweighted.rational_solutions import squared_norm, weights_of
from exact_wlra.theorems.sampling import Weights, generator, weighted_problem
from exact_wlra.theorems.statements import Case, Hypothesis, Statement

KEY = "reweighted/row-sampling-2"

_RANK = Hypothesis(name="rank of W", text="r >= rank W, zeros of W included")

_DRAWS = 2000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReweightedSample:
    """What the sampling method is given.

    Parameters
    ----------
    problem : Problem
        With W.
    weight_rank : int
        r.
    epsilon : Fraction
        s = ceil(rk / epsilon) rows are drawn; a power of 1/2 is exact in floats.
    draws : int
        Runs in the sample.
    """

    problem: Problem
    weight_rank: int
    epsilon: Fraction
    draws: int = _DRAWS


def check(case: Case[ReweightedSample]) -> tuple[Finding, ...]:
    """Compare the mean cost of the laboratory's runs, seeds 0, 1, ..., with the bound.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    problem, q = value.problem, value.weight_rank * value.problem.rank
    matrix = WeightedMatrix.from_problem(problem)
    product = weights_of(problem).hadamard(problem.data)
    added = Fraction(q, ceil(q / value.epsilon)) * squared_norm(product)
    mean = confident(
        [
            sample_reweighted(
                matrix,
                rank=problem.rank,
                epsilon=float(value.epsilon),
                weight_rank=value.weight_rank,
                seed=seed,
            ).cost
            for seed in range(value.draws)
        ]
    )
    is_enough = value.weight_rank >= rational_rank(weights_of(problem))
    sides: tuple[tuple[str, Quantity, tuple[str, ...]], ...] = (
        ("||(W o A)_{-rk}||^2", singular_tail(product, q), ()),
        ("OPT_k", optimum(problem), () if is_enough else (_RANK.name,)),
    )
    return tuple(
        case.finding(
            KEY,
            f"E f(X) <= {name} + (rk/s) ||W o A||^2",
            mean,
            "<=",
            enclosed(Fraction(side.low) + added, Fraction(side.high) + added),
            unmet=unmet,
            note=f"{value.draws} runs",
        )
        for name, side, unmet in sides
    )


def cases(seeds: int) -> Iterator[Case[ReweightedSample]]:
    """Yield random problems, orthogonal rows, and a rank of W taken too small."""
    kinds: tuple[Weights, ...] = ("two row patterns", "rank one", "some zero")
    for seed in range(seeds):
        noise = generator(KEY, seed)
        weights = kinds[seed % len(kinds)]
        problem = weighted_problem(noise, (6, 4), 1, weights=weights)
        yield Case(
            name=f"{weights}-{seed}",
            kind="random",
            value=ReweightedSample(
                problem=problem,
                weight_rank=rational_rank(weights_of(problem)),
                epsilon=Fraction(1, 2),
            ),
            seed=seed,
        )
    eye = np.eye(16, dtype=np.int64)
    yield Case(
        name="orthogonal-rows",
        kind="adversarial",
        value=ReweightedSample(
            problem=Problem(eye, weights=np.ones_like(eye), rank=1),
            weight_rank=1,
            epsilon=Fraction(1, 16),
        ),
    )
    mask = np.kron(np.eye(4, dtype=np.int64), np.ones((2, 2), dtype=np.int64))
    yield Case(
        name="rank-of-W-underestimated",
        kind="violation",
        value=ReweightedSample(
            problem=Problem(np.ones((8, 8), dtype=np.int64), weights=mask, rank=1),
            weight_rank=1,
            epsilon=Fraction(1, 4),
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Row sampling 2: rows of W o A, then division by W",
    source="This project, for `sample` of [WoodruffYasuda2024]_, Section 4",
    text=(
        "Let r >= rank W, q = rk, B = W o A, and Y the best approximation of rank q of "
        "B with rows in the span of s rows drawn with p_i = ||B_i||^2 / ||B||_F^2. "
        "X = W^{o-1} o Y, 1/0 read as 0, has E f(X) <= ||B_{-q}||_F^2 + "
        "(q/s) ||B||_F^2 <= OPT_k + (rk/s) ||W o A||_F^2: s = rk/epsilon rows leave "
        "epsilon ||W o A||_F^2 more than OPT_k in the mean."
    ),
    hypotheses=(_RANK,),
    cases=cases,
    check=check,
    value_type=ReweightedSample,
    is_statistical=True,
    used_by=("exact_wlra.heuristics.row_sampling:sample_reweighted",),
    tests=("tests/exact_wlra/test_row_sampling.py",),
)
