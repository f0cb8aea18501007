"""C3: rows of proportional weights merge through their Gram matrix.

Contents
--------
STATEMENT           for every V the optimal cost is the same before and after
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.ours.row_classes import RowClasses
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.proportional_rows import gram_factor, merge_proportional
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/gram-merge"

_PROPORTIONAL = Hypothesis(
    name="proportional weights", text="rows of a class have proportional weights"
)


def check(case: Case[RowClasses]) -> tuple[Finding, ...]:
    """Compare min over U for a random V, exactly, then OPT and attainment.

    The merge is that of the rows with their weights replaced by multiples of the first
    of their class; under the hypothesis nothing is replaced.
    """
    value, instance = case.value, case.value.problem.instance
    unmet = () if value.has_proportional_weights() else (_PROPORTIONAL.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    believed = Instance(
        data=instance.data,
        squared_weights=value.with_proportional_weights(),
        rank=instance.rank,
    )
    record = merge_proportional(believed, axis=0)
    merged = believed if record is None else record.instance
    noise = generator(KEY, 0)
    shape = instance.rank, instance.shape[1]
    V = RationalMatrix(integer_matrix(noise, shape, -4, 4))
    findings = [
        say(
            "min over U is the same for a random V",
            exact(_fitted_cost(merged, V)),
            "==",
            exact(_fitted_cost(instance, V)),
        ),
        say(
            "OPT(merged) = OPT", direct_optimum(merged), "==", direct_optimum(instance)
        ),
        say(
            "rows left <= sum over classes of the rank of their data",
            exact(merged.shape[0]),
            "<=",
            exact(sum(_rank_of_class(believed, rows) for rows in value.classes())),
        ),
    ]
    known = is_attained(instance), is_attained(merged)
    if None not in known:
        pair = [truth(bool(x)) for x in known]
        findings.append(say("attained before iff after", pair[0], "==", pair[1]))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[RowClasses]]:
    """Yield classes with more rows than their data have rank, and a wrong merge."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        d, k = (2, 1) if seed % 2 == 0 else (3, 2)
        labels = (0,) * 5 + (1,) * 6
        weights = integer_matrix(noise, (2, d), 1, 6)[list(labels)]
        multiples = integer_matrix(noise, (11, 1), 1, 4)
        problem = Problem(
            integer_matrix(noise, (11, d), -5, 5),
            squared_weights=weights * multiples,
            rank=k,
        )
        yield Case(
            name=f"random-11x{d}-{seed}",
            kind="random",
            value=RowClasses(problem=problem, labels=labels),
            seed=seed,
        )
    ones = np.ones((6, 3), dtype=np.int64)
    low_rank = np.outer([1, 2, 3, 4, 5, 6], [1, 1, 2])
    yield Case(
        name="rank-one-data-become-one-row",
        kind="structured",
        value=_classes(low_rank + np.eye(6, 3, dtype=int), ones, (0,) * 6),
    )
    yield Case(
        name="column-without-weight",
        kind="adversarial",
        value=_classes(
            [[0, 1], [0, 2], [1, 9], [2, 8], [3, 0]],
            [[1, 1], [2, 2], [1, 0], [3, 0], [1, 0]],
            (0, 0, 1, 1, 1),
        ),
    )
    other = ones.copy()
    other[1::2, 0] = 9
    yield Case(
        name="weights-not-proportional",
        kind="violation",
        value=_classes(low_rank[::-1] + np.eye(6, 3, dtype=int), other, (0,) * 6),
    )


def _classes(data: object, weights: object, labels: tuple[int, ...]) -> RowClasses:
    """Return the value at rank one."""
    problem = Problem(data, squared_weights=weights, rank=1)
    return RowClasses(problem=problem, labels=labels)


def _fitted_cost(instance: Instance, V: RationalMatrix) -> Fraction:
    """Return min over U of cost(U V)."""
    U = solve_rows(instance.data, instance.squared_weights, V)
    return instance.cost(U, V)


def _rank_of_class(instance: Instance, rows: list[int]) -> int:
    """Return the rank of the data of a class, where it has weight."""
    part = np.where(instance.support()[rows], instance.data.numerators[rows], 0)
    return len(gram_factor(part.T @ part))


STATEMENT = Statement(
    key=KEY,
    title="C3: rows of proportional weights merge through their Gram matrix",
    source="docs/proofs.md, C3",
    text=(
        "Rows with weights s_i w may be replaced by rows l_m with weights delta_m w "
        "whenever sum s_i a_i^T a_i = sum delta_m l_m^T l_m on the support of w: for "
        "every V the optimal cost over U is the same. Rational LDL^T gives as many "
        "rows as the class has rank. OPT and attainment are kept, nothing is added."
    ),
    hypotheses=(_PROPORTIONAL,),
    cases=cases,
    check=check,
    value_type=RowClasses,
    used_by=(
        "reductions.proportional_rows:merge_proportional",
        "reductions.least_squares:solve_rows",
    ),
    tests=(
        "tests/reductions/test_proportional_rows.py",
        "tests/reductions/test_least_squares.py",
    ),
)
