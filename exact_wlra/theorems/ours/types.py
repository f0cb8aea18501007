"""C1, C2: rows of equal data and proportional weights merge.

Contents
--------
STATEMENT           OPT, costs and attainment survive the merge
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.ours.row_classes import RowClasses, merged_as_said
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.patterns import merge_types
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/types"

_EQUAL = Hypothesis(
    name="equal data",
    text="rows of a class have equal data wherever one of them has weight",
)
_PROPORTIONAL = Hypothesis(
    name="proportional weights", text="rows of a class have proportional weights"
)


def check(case: Case[RowClasses]) -> tuple[Finding, ...]:
    """Compare OPT and attainment before and after, each without reductions.

    The merge is carried out as the labels say. Where the hypotheses hold it is at least
    as fine as that of `merge_types`, whose lifted factors cost what they cost before.
    """
    value, instance = case.value, case.value.problem.instance
    merged = merged_as_said(value)
    unmet = []
    if not value.has_equal_data():
        unmet.append(_EQUAL.name)
    if not value.has_proportional_weights():
        unmet.append(_PROPORTIONAL.name)
    say = partial(case.finding, KEY, unmet=tuple(unmet))
    before, after = direct_optimum(instance), direct_optimum(merged)
    findings = [say("OPT(merged) = OPT", after, "==", before)]
    noise = generator(KEY, 0)
    k = instance.rank
    left, right = (
        RationalMatrix(integer_matrix(noise, shape, -3, 3))
        for shape in ((merged.shape[0], k), (k, merged.shape[1]))
    )
    repeated = left.take(list(value.labels))
    findings.append(
        say(
            "cost(rows of U repeated) = cost(U) in the merged instance",
            exact(instance.cost(repeated, right)),
            "==",
            exact(merged.cost(left, right)),
        )
    )
    known = is_attained(instance), is_attained(merged)
    if None not in known:
        pair = [truth(bool(x)) for x in known]
        findings.append(say("attained before iff after", pair[0], "==", pair[1]))
    if not unmet:
        types = merge_types(instance, axis=0)
        findings.append(
            say(
                "merge_types finds no more rows than these classes",
                exact(types.n_types),
                "<=",
                exact(merged.shape[0]),
            )
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[RowClasses]]:
    """Yield repeated rows with multiples of their weights, zeros, and wrong merges."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        labels = (0, 1, 0, 1, 1)
        data = integer_matrix(noise, (2, 4), -5, 5)[list(labels)]
        weights = integer_matrix(noise, (2, 4), seed % 2, 6)[list(labels)]
        multiples = integer_matrix(noise, (5, 1), 1, 4)
        off_support = data + 7 * (weights == 0) * np.arange(5)[:, None]
        problem = Problem(off_support, squared_weights=weights * multiples, rank=1)
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=RowClasses(problem=problem, labels=labels),
            seed=seed,
        )
    yield Case(
        name="infimum-not-attained",
        kind="adversarial",
        value=_classes([[0, 1], [1, 0], [1, 5]], [[1, 1], [2, 0], [3, 0]], (0, 1, 1)),
    )
    yield Case(
        name="data-differ-where-one-has-weight",
        kind="violation",
        value=_classes([[1, 2, 3], [4, 5, 1], [1, 2, 9]], [[1, 1, 1]] * 3, (0, 1, 0)),
    )
    yield Case(
        name="weights-not-proportional",
        kind="violation",
        value=_classes(
            [[1, 2, 3], [4, 5, 1], [1, 2, 3]],
            [[1, 2, 1], [1, 1, 1], [1, 1, 5]],
            (0, 1, 0),
        ),
    )


def _classes(data: object, weights: object, labels: tuple[int, ...]) -> RowClasses:
    """Return the value at rank one."""
    problem = Problem(data, squared_weights=weights, rank=1)
    return RowClasses(problem=problem, labels=labels)


STATEMENT = Statement(
    key=KEY,
    title="C1, C2: rows of equal data and proportional weights merge",
    source="docs/proofs.md, C1, C2",
    text=(
        "Rows with equal data on the support and proportional weights s_i w may be "
        "replaced by one row of weights (sum s_i) w; rows without weight disappear. "
        "OPT and attainment are kept, and factors with the rows of U repeated cost the "
        "same. The same holds for columns. Patterned input is this merge, done first."
    ),
    hypotheses=(_EQUAL, _PROPORTIONAL),
    cases=cases,
    check=check,
    value_type=RowClasses,
    used_by=(
        "reductions.patterns:merge_types",
        "exact_wlra.problem:Problem",
    ),
    tests=("tests/reductions/test_patterns.py",),
)
