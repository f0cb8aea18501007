"""Row sampling with a solution of low rank: rows of every group of weights.

Contents
--------
GroupSample         a problem, epsilon, and where rows are drawn from
STATEMENT           E f(X) <= OPT_k + (k/s) ||W o A||^2, rank X <= k groups

References
----------
[WoodruffYasuda2024]_, Section 4 (`sample`); [FriezeKannanVempala2004]_
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import final

import numpy as np

from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.row_groups import row_groups
from exact_wlra.heuristics.row_sampling import sample, sample_groups
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import confident, enclosed, exact
from exact_wlra.theorems.reweighted.rational_solutions import squared_norm, weights_of
from exact_wlra.theorems.sampling import generator, weighted_problem
from exact_wlra.theorems.statements import Case, Hypothesis, Statement

KEY = "reweighted/row-sampling-3"

_GROUPS = Hypothesis(
    name="rows of every group",
    text="s rows are drawn in every group of proportional rows of W, not s in all",
)

_DRAWS = 2000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSample:
    """What the sampling method is given.

    Parameters
    ----------
    problem : Problem
        With W.
    epsilon : Fraction
        s = ceil(k / epsilon).
    from_each_group : bool
        False draws s rows in all, and fits every row of A to them.
    draws : int
        Runs in the sample.
    """

    problem: Problem
    epsilon: Fraction
    from_each_group: bool = True
    draws: int = _DRAWS


def check(case: Case[GroupSample]) -> tuple[Finding, ...]:
    """Compare the mean cost of the laboratory's runs with the bound, ranks with k g.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    problem, k = value.problem, value.problem.rank
    matrix = WeightedMatrix.from_problem(problem)
    s = ceil(k / value.epsilon)
    answers = [_method(value, s)(matrix, seed) for seed in range(value.draws)]
    groups = list(row_groups(matrix.root_weights))
    product = weights_of(problem).hadamard(problem.data)
    # Groups of at most s rows are decomposed whole where groups are.
    energy = sum(
        squared_norm(product.take(rows=group.rows))
        for group in groups
        if len(group.rows) > s or not value.from_each_group
    )
    added, best = Fraction(k, s) * energy, optimum(problem)
    unmet = () if value.from_each_group else (_GROUPS.name,)
    return (
        case.finding(
            KEY,
            "E f(X) <= OPT_k + (k/s) ||W o A||^2, over the groups of more than s rows",
            confident([answer.cost for answer in answers]),
            "<=",
            enclosed(Fraction(best.low) + added, Fraction(best.high) + added),
            unmet=unmet,
            note=f"{value.draws} runs",
        ),
        case.finding(
            KEY,
            "rank X <= k times the number of groups",
            exact(max(answer.rank for answer in answers)),
            "<=",
            exact(k * len(groups)),
        ),
    )


def _method(value: GroupSample, s: int) -> Callable[[WeightedMatrix, int], Answer]:
    """Return the method that is run with a seed."""
    k, epsilon = value.problem.rank, float(value.epsilon)
    if value.from_each_group:
        return lambda matrix, seed: sample_groups(
            matrix, rank=k, epsilon=epsilon, seed=seed
        )
    return lambda matrix, seed: sample(matrix, rank=s, seed=seed)


def cases(seeds: int) -> Iterator[Case[GroupSample]]:
    """Yield two patterns of weights, one pattern, and s rows for many blocks."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        problem = weighted_problem(noise, (8, 3), 1, weights="two row patterns")
        yield Case(
            name=f"two-patterns-{seed}",
            kind="random",
            value=GroupSample(problem=problem, epsilon=Fraction(1, 2)),
            seed=seed,
        )
    eye = np.eye(17, dtype=np.int64)
    yield Case(
        name="orthogonal-rows",
        kind="adversarial",
        value=GroupSample(
            problem=Problem(eye, weights=np.ones_like(eye), rank=1),
            epsilon=Fraction(1, 16),
        ),
    )
    mask = np.kron(np.eye(6, dtype=np.int64), np.ones((3, 2), dtype=np.int64))
    yield Case(
        name="block-mask-few-rows-in-all",
        kind="violation",
        value=GroupSample(
            problem=Problem(np.ones(mask.shape, dtype=np.int64), weights=mask, rank=1),
            epsilon=Fraction(1, 2),
            from_each_group=False,
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Row sampling 3: rows of every group, a solution of low rank",
    source="This project, for `sample` of [WoodruffYasuda2024]_, Section 4",
    text=(
        "Let the rows of W fall into g groups of proportional rows, and draw s rows "
        "of W o A in every group with p_i proportional to their squared norms. The "
        "best approximations of rank k in the spans of these, each divided by the row "
        "of its group, make X of rank at most kg with E f(X) <= OPT_k + (k/s) ||W o "
        "A||_F^2; groups of at most s rows are decomposed whole and add nothing. "
        "O(k/epsilon) rows in all are too few: with r equal blocks of rank one on the "
        "diagonal OPT_1 = 0, and s rows leave at least 1 - s/r of ||W o A||_F^2."
    ),
    hypotheses=(_GROUPS,),
    cases=cases,
    check=check,
    value_type=GroupSample,
    is_statistical=True,
    used_by=("exact_wlra.heuristics.row_sampling:sample_groups",),
    tests=("tests/exact_wlra/test_row_sampling.py",),
)
