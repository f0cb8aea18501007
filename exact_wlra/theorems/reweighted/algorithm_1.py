"""Algorithm 1 of the reweighted paper: cost, rank and numbers of its solution.

Contents
--------
ReweightedInput     a problem and the rank that W is taken to have
STATEMENT           f(X) = ||(W o A)_{-rk}||^2, and what X is made of

References
----------
[WoodruffYasuda2024]_, Algorithm 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    divided,
    in_floats,
    squared_distance,
    weighted_cost,
    weights_of,
)
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import Weights, generator, weighted_problem
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/algorithm-1"

_RANK = Hypothesis(name="rank of W", text="r >= rank W, zeros of W included")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReweightedInput:
    """What Algorithm 1 is given.

    Parameters
    ----------
    problem : Problem
        With W.
    weight_rank : int
        r.
    """

    problem: Problem
    weight_rank: int


def check(case: Case[ReweightedInput]) -> tuple[Finding, ...]:
    """Check cost, rank and numbers of W^{o-1} o B for B of rank rk near (W o A)_{rk}.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    problem, r = case.value.problem, case.value.weight_rank
    root, k = weights_of(problem), problem.rank
    product = root.hadamard(problem.data)
    B = rounded_best_approximation(product, r * k)
    X = divided(B, root)
    distance, cost = squared_distance(product, B), weighted_cost(problem, X)
    tail = singular_tail(product, r * k)
    is_positive = bool((root.numerators != 0).all())
    equality = "==" if is_positive else "<="
    unmet = () if r >= rational_rank(root) else (_RANK.name,)
    found = [
        case.finding(
            KEY,
            "||W o A - B||^2 >= ||(W o A)_{-rk}||^2, and B was rounded from the best",
            exact(distance),
            ">=",
            tail,
        ),
        case.finding(
            KEY,
            f"f(X) {'=' if is_positive else '<='} ||W o A - B||^2",
            exact(cost),
            equality,  # type: ignore[arg-type]
            exact(distance),
        ),
        case.finding(
            KEY,
            "rank X <= min(n, d), and no less in general",
            exact(rational_rank(X)),
            "<=",
            exact(min(root.shape)),
        ),
    ]
    if distance > 0 and tail.low > 0:
        kappa = distance / Fraction(tail.low)
        best = optimum(problem).times(kappa)
        found.append(
            case.finding(
                KEY, "f(X) <= kappa OPT_k", exact(cost), "<=", best, unmet=unmet
            )
        )
    found += _binary(case, B)
    return (*found, *_laboratory(case, cost))


def _binary(case: Case[ReweightedInput], B: RationalMatrix) -> list[Finding]:
    """Return what holds for B itself where W is binary."""
    problem, r = case.value.problem, case.value.weight_rank
    root = weights_of(problem)
    if not set(root.hadamard(root).numerators.ravel().tolist()) <= {
        0,
        root.denominator**2,
    }:
        return []
    product = root.hadamard(problem.data)
    distance = exact(squared_distance(product, B))
    return [
        case.finding(
            KEY,
            "binary W: f(B) <= ||W o A - B||^2",
            exact(weighted_cost(problem, B)),
            "<=",
            distance,
        ),
        case.finding(
            KEY,
            "binary W: rank B <= rk",
            exact(rational_rank(B)),
            "<=",
            exact(r * problem.rank),
        ),
    ]


def _laboratory(case: Case[ReweightedInput], cost: Fraction) -> list[Finding]:
    """Compare the laboratory's run: its cost, and the numbers that it stores."""
    problem, r = case.value.problem, case.value.weight_rank
    answer = reweighted(
        WeightedMatrix.from_problem(problem), rank=problem.rank, weight_rank=r
    )
    n, d = problem.shape
    m = min(r * problem.rank, n, d)
    return [
        in_floats(KEY, case, "f(X)", computed=answer.cost, exactly=cost),
        case.finding(
            KEY,
            "X is stored in (n + d) rk + (n + d) r numbers",
            exact(answer.n_numbers),
            "==",
            exact((n + d) * (m + r)),
        ),
    ]


def cases(seeds: int) -> Iterator[Case[ReweightedInput]]:
    """Yield weights of rank two, with zeros, binary; over- and underestimated ranks."""
    kinds: tuple[Weights, ...] = ("two row patterns", "some zero", "binary", "rank one")
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for weights in kinds:
            problem = weighted_problem(noise, (4, 4), 1, weights=weights)
            r = rational_rank(weights_of(problem))
            yield Case(
                name=f"{weights}-{seed}",
                kind="structured" if weights == "rank one" else "random",
                value=ReweightedInput(problem=problem, weight_rank=r),
                seed=seed,
            )
        yield Case(
            name=f"rank-overestimated-{seed}",
            kind="adversarial",
            value=ReweightedInput(problem=problem, weight_rank=2),
            seed=seed,
        )
    full = Problem(
        [[1, 2, 1], [0, 1, 3], [2, 1, 1]],
        weights=[[1, 1, 2], [2, 3, 1], [3, 4, 3]],
        rank=1,
    )
    yield Case(
        name="solution-of-full-rank",
        kind="adversarial",
        value=ReweightedInput(problem=full, weight_rank=2),
    )
    blocks = np.kron(np.eye(2, dtype=np.int64), np.ones((2, 2), dtype=np.int64))
    yield Case(
        name="rank-of-W-underestimated",
        kind="violation",
        value=ReweightedInput(
            problem=Problem(blocks, weights=blocks * 2 + 1, rank=1), weight_rank=1
        ),
    )


def numbers_of_the_weights() -> tuple[Finding, ...]:
    """Return what a matrix W of rank r takes, beside the nr numbers in print, 3 x 4.

    The matrices of rank r form a manifold of dimension r (n + d - r).
    """
    n, d, r = 3, 4, 1
    return (
        Case(name="3 x 4, r = 1", kind="adversarial", value=None).finding(
            KEY,
            "as printed: W of rank r has at most nr degrees of freedom",
            exact(r * (n + d - r)),
            "<=",
            exact(n * r),
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Algorithm 1: cost, rank and numbers of the reweighted solution",
    source="[WoodruffYasuda2024]_, Algorithm 1",
    text=(
        "For X = W^{o-1} o B with B of rank rk and 1/0 read as 0: "
        "f(X) = ||W o A - B||_F^2 if W > 0, and f(X) <= ||W o A - B||_F^2 if W has "
        "zeros; the least value of the right side is ||(W o A)_{-rk}||_F^2. If "
        "r >= rank W and ||W o A - B||_F^2 = kappa ||(W o A)_{-rk}||_F^2, then "
        "f(X) <= kappa OPT_k. X is stored in (n + d) rk numbers for B and (n + d) r "
        "for W; its rank may be min(n, d). For binary W no division is needed: "
        "f(B) <= ||W o A - B||_F^2, and B has rank rk."
    ),
    hypotheses=(_RANK,),
    cases=cases,
    check=check,
    value_type=ReweightedInput,
    errata=(
        Erratum(
            printed="W also only requires nr parameters to store.",
            wrong_because=(
                "Both factors of W are needed: matrices of rank r have r (n + d - r) "
                "degrees of freedom, more than nr if d > r."
            ),
            repaired="(n + d) r, or (n + d) rk + (n + d) r in all.",
            counterexample=numbers_of_the_weights,
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.reweighted:reweighted",
        "exact_wlra.heuristics.zero_filled:zero_filled_svd",
    ),
    tests=(
        "tests/exact_wlra/test_closed_form_methods.py",
        "tests/exact_wlra/test_theorem_1_2.py",
    ),
)
