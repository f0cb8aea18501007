"""C1 to C8 in their order: what `reduce` leaves has the same optimum.

Contents
--------
STATEMENT           OPT is the sum over the leaves; lifted factors cost what theirs do
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import enclosed, exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.least_squares import solve_rows
from reductions.pipeline import Reduced, reduce
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/all-reductions"

_UNPEELED = Hypothesis(
    name="nothing peeled",
    text="no row or column is peeled off (for attainment, and for exact lifts)",
)


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Compare OPT before with the sum after, and the cost of lifted factors."""
    instance = case.value.instance
    reduced = reduce(instance)
    say = partial(case.finding, KEY)
    leaves = list(reduced.leaves())
    optima = [direct_optimum(leaf) for leaf in leaves]
    total = enclosed(
        sum((Fraction(x.low) for x in optima), Fraction(0)),
        sum((Fraction(x.high) for x in optima), Fraction(0)),
    )
    findings = [
        say("sum of OPT of the leaves = OPT", total, "==", direct_optimum(instance))
    ]
    keeps = reduced.guarantee.attainment
    before = is_attained(instance)
    after = [is_attained(leaf) for leaf in leaves]
    if before is not None and None not in after:
        findings.append(
            case.finding(
                KEY,
                "attained before iff after",
                truth(before),
                "==",
                truth(all(after)),
                unmet=() if keeps else (_UNPEELED.name,),
            )
        )
    if keeps:
        left, right, cost = _random_factors(reduced)
        findings.append(
            say(
                "cost(lifted factors) <= sum of the costs in the leaves",
                exact(instance.cost(left, right)),
                "<=",
                exact(cost),
            )
        )
    findings.append(
        say(
            "entries left <= entries",
            exact(sum(math.prod(x.shape) for x in leaves)),
            "<=",
            exact(math.prod(instance.shape)),
        )
    )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield patterned problems, proportional rows, blocks, and a peeled corner."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        labels = noise.integers(0, 2, 7)
        weights = integer_matrix(noise, (2, 3), 1, 6)[labels]
        multiples = 4 ** integer_matrix(noise, (7, 1), 0, 6)
        yield Case(
            name=f"proportional-rows-{seed}",
            kind="random",
            value=Problem(
                integer_matrix(noise, (7, 3), -5, 5),
                squared_weights=weights * multiples,
                rank=1 + seed % 2,
            ),
            seed=seed,
        )
        yield Case(
            name=f"patterned-{seed}",
            kind="random",
            value=Problem(
                integer_matrix(noise, (2, 3), -5, 5)[labels],
                squared_weights=weights,
                rank=1,
            ),
            seed=seed,
        )
    yield Case(
        name="blocks-and-pendants",
        kind="structured",
        value=Problem(
            [[1, 2, 0, 0], [3, -1, 0, 0], [0, 0, 2, 1], [0, 0, 1, 5], [7, 0, 0, 0]],
            squared_weights=[
                [1, 2, 0, 0],
                [2, 1, 0, 0],
                [0, 0, 3, 1],
                [0, 0, 1, 1],
                [4, 0, 0, 0],
            ],
            rank=1,
        ),
    )
    yield Case(
        name="corner-is-peeled",
        kind="violation",
        value=Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 0]], rank=1),
    )


def _random_factors(
    reduced: Reduced,
) -> tuple[RationalMatrix, RationalMatrix, Fraction]:
    """Return lifted factors, and what those of the leaves cost, U fitted to V."""
    noise = generator(KEY, 1)
    pairs, cost = [], Fraction(0)
    for leaf in reduced.leaves():
        V = RationalMatrix(integer_matrix(noise, (leaf.rank, leaf.shape[1]), 1, 5))
        U = solve_rows(leaf.data, leaf.squared_weights, V)
        pairs.append((U, V))
        cost += leaf.cost(U, V)
    left, right = reduced.lift(pairs)
    return left, right, cost


STATEMENT = Statement(
    key=KEY,
    title="C1 to C8 in order: lossless reductions",
    source="docs/proofs.md, Reductions",
    text=(
        "Types, components, cores and Gram matrices, repeated until nothing shrinks, "
        "then one scaling, keep OPT: it is the sum over the leaves. If nothing was "
        "peeled off, attainment is kept too, and lifted factors cost no more than "
        "those of the leaves."
    ),
    hypotheses=(_UNPEELED,),
    cases=cases,
    check=check,
    value_type=Problem,
    used_by=("reductions.pipeline:reduce",),
    tests=("tests/reductions/test_pipeline.py",),
)
