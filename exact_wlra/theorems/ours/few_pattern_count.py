"""Statement (e): critical points when rows come in few weight patterns (conjectured).

Contents
--------
STATEMENT           the coefficient of x^(d-1) in (1 + x)^(2p-2) / (1 - x)^(2p)
"""

from collections.abc import Iterator
from functools import partial

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.critical_point_counts import counted_critical_points
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.ours.critical_counts import CountCase
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.critical_counts import few_pattern_count
from reductions.patterns import ray_classes

KEY = "ours/few-pattern-count"

_ENOUGH = Hypothesis(
    name="enough rows", text="every pattern has at least d rows, d the columns"
)
_GENERIC = Hypothesis(
    name="generic patterns",
    text="data and patterns lie outside some algebraic set; here: drawn from a large "
    "range",
)


def check(case: Case[CountCase]) -> tuple[Finding, ...]:
    """Compare the number of critical points, counted exactly, with the formula."""
    instance = case.value.problem.instance
    labels, first, _ = ray_classes(instance.squared_weights.numerators)
    d, p = instance.shape[1], len(first)
    unmet = []
    if np.bincount(labels).min() < d:
        unmet.append(_ENOUGH.name)
    if not case.value.is_generic:
        unmet.append(_GENERIC.name)
    say = partial(case.finding, KEY)
    count, expected = exact(counted_critical_points(instance)), few_pattern_count(d, p)
    findings = [
        say(
            "critical points = few-pattern count",
            count,
            "==",
            exact(expected),
            unmet=tuple(unmet),
        ),
        say("critical points <= few-pattern count", count, "<=", exact(expected)),
    ]
    if d == 2:
        findings.append(
            say("two columns: 4p - 2", exact(expected), "==", exact(4 * p - 2))
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[CountCase]]:
    """Yield two and three columns, more rows, too few rows, special patterns."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for d, p in ((2, 2 + seed), (3, 2), (3, 3))[: 2 + (seed == 0)]:
            labels = np.repeat(np.arange(p), d + seed)
            yield Case(
                name=f"random-{len(labels)}x{d}-{p}-patterns-{seed}",
                kind="random",
                value=CountCase(
                    problem=Problem(
                        integer_matrix(noise, (len(labels), d), -99, 99),
                        squared_weights=integer_matrix(noise, (p, d), 10, 99)[labels],
                        rank=1,
                    ),
                    is_generic=1,
                ),
                seed=seed,
            )
    noise = generator(KEY, 99)
    for name, patterns, members, is_generic in (
        ("one-row-of-a-pattern", [[11, 23, 41], [31, 13, 17]], [0, 0, 0, 1], 1),
        ("patterns-of-rank-one-in-two-columns", [[1, 1, 1], [1, 1, 2]], [0, 1] * 3, 0),
    ):
        problem = Problem(
            integer_matrix(noise, (len(members), 3), -99, 99),
            squared_weights=np.array(patterns)[members],
            rank=1,
        )
        yield Case(
            name=name,
            kind="violation",
            value=CountCase(problem=problem, is_generic=is_generic),
        )


STATEMENT = Statement(
    key=KEY,
    title="(e): critical points for few weight patterns (conjectured)",
    source="docs/proofs.md, Row spaces that form a plane; a conjecture",
    text=(
        "Conjecture. At rank one, d columns, rows in p generic weight patterns with at "
        "least d generic rows each: the number of complex critical points is the "
        "coefficient of x^(d-1) in (1 + x)^(2p-2) / (1 - x)^(2p), however many rows. "
        "For d = 2 it is 4p - 2, which is proved (C10); 19 for d = 3, p = 2."
    ),
    hypotheses=(_ENOUGH, _GENERIC),
    cases=cases,
    check=check,
    value_type=CountCase,
    used_by=("reductions.critical_counts:few_pattern_count",),
    tests=(
        "tests/reductions/test_critical_counts.py",
        "tests/reductions/test_plane.py",
    ),
)
