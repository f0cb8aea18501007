"""The moment bound: the cost as a sum of squares and of forms, plus a constant.

Contents
--------
FormsOfRank         a problem, and the rank at which the forms are not negative
STATEMENT           if cost - L - forms >= 0 everywhere, then OPT >= L
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import bracket_by, direct_optimum
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement

KEY = "ours/moment-bound"

_RANK = Hypothesis(
    name="rank of the forms", text="the forms are not negative at the rank of X"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormsOfRank:
    """A problem, and the rank of the forms that the relaxation uses."""

    problem: Problem
    rank_of_forms: int


def check(case: Case[FormsOfRank]) -> tuple[Finding, ...]:
    """Compare the bound of the relaxation with OPT by another method."""
    value, instance = case.value, case.value.problem.instance
    unmet = () if value.rank_of_forms >= instance.rank else (_RANK.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    found = bracket_by(replace(instance, rank=value.rank_of_forms), "moments")
    is_plane = 3 in instance.shape and instance.support().all()
    best = bracket_by(instance, "plane") if is_plane else direct_optimum(instance)
    return (
        say("bound of the relaxation <= OPT", exact(Fraction(found.low)), "<=", best),
    )


def cases(seeds: int) -> Iterator[Case[FormsOfRank]]:
    """Yield ranks one and two, unit weights, missing entries, forms of a lower rank."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for n, d, k in ((2, 4, 1), (3, 3, 1 + seed % 2)):
            problem = Problem(
                integer_matrix(noise, (n, d), -5, 5),
                squared_weights=integer_matrix(noise, (n, d), 1, 9),
                rank=k,
            )
            yield Case(
                name=f"random-{n}x{d}-rank-{k}-{seed}",
                kind="random",
                value=FormsOfRank(problem=problem, rank_of_forms=k),
                seed=seed,
            )
    diagonal = Problem(np.diag([5, 3, 2]), rank=2)
    yield Case(
        name="unit-weights",
        kind="structured",
        value=FormsOfRank(problem=diagonal, rank_of_forms=2),
    )
    masked = Problem(
        [[1, 2, 3], [4, 5, 1]], squared_weights=[[1, 1, 1], [1, 2, 0]], rank=1
    )
    yield Case(
        name="missing-entry",
        kind="adversarial",
        value=FormsOfRank(problem=masked, rank_of_forms=1),
    )
    yield Case(
        name="forms-of-lower-rank",
        kind="violation",
        value=FormsOfRank(problem=diagonal, rank_of_forms=1),
    )


STATEMENT = Statement(
    key=KEY,
    title="The moment bound",
    source="docs/proofs.md, Moment relaxations",
    text=(
        "Let q_1 .. q_m be quadratic forms with q_p(X) >= 0 for all X of rank at most "
        "k. If cost(X) - L - sum q_p(X) >= 0 for every X, one semidefinite matrix of "
        "order nd + 1, then OPT_k >= L. Forms of a lower rank prove nothing."
    ),
    hypotheses=(_RANK,),
    cases=cases,
    check=check,
    value_type=FormsOfRank,
    used_by=(
        "exact_wlra.checker.moments:moments_bound",
        "exact_wlra.bounds.moments:prove_moments",
    ),
    tests=(
        "tests/exact_wlra/test_moments.py",
        "tests/exact_wlra/test_moments_checker.py",
    ),
)
