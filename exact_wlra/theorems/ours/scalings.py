"""C4: scalings of rows and columns.

Contents
--------
ScaledProblem       a problem and powers of two for rows and columns
STATEMENT           cost, hence OPT, is that of the scaled data and weights
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.instances import Instance
from reductions.scalings import scale
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/scalings"

_BOTH = Hypothesis(
    name="both scaled", text="the weights are divided by (s_i t_j)^2, not only A scaled"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ScaledProblem:
    """A problem, s = 2^row_exponents, t = 2^column_exponents.

    `weights_too` is 0 where only the data are scaled, which violates the hypothesis.
    """

    problem: Problem
    row_exponents: tuple[int, ...]
    column_exponents: tuple[int, ...]
    weights_too: int = 1


def check(case: Case[ScaledProblem]) -> tuple[Finding, ...]:
    """Compare the cost of lifted factors, exactly, and OPT of both."""
    value, instance = case.value, case.value.problem.instance
    record = scale(
        instance, np.array(value.row_exponents), np.array(value.column_exponents)
    )
    scaled = record.instance
    unmet: tuple[str, ...] = ()
    if not value.weights_too:
        scaled = Instance(
            data=scaled.data,
            squared_weights=instance.squared_weights,
            rank=instance.rank,
        )
        unmet = (_BOTH.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    noise, k, (n, d) = generator(KEY, 0), instance.rank, instance.shape
    left = RationalMatrix(integer_matrix(noise, (n, k), -3, 3))
    right = RationalMatrix(integer_matrix(noise, (k, d), -3, 3))
    findings = [
        say(
            "cost(lifted factors) = cost in the scaled instance",
            exact(instance.cost(*record.lift(left, right))),
            "==",
            exact(scaled.cost(left, right)),
        ),
        say(
            "OPT(scaled) = OPT", direct_optimum(scaled), "==", direct_optimum(instance)
        ),
    ]
    known = is_attained(instance), is_attained(scaled)
    if None not in known:
        pair = [truth(bool(x)) for x in known]
        findings.append(say("attained before iff after", pair[0], "==", pair[1]))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[ScaledProblem]]:
    """Yield random exponents of either sign, and data scaled alone."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        n, least, reach = (3, 1, 1) if seed % 2 else (2, 0, 9)
        problem = Problem(
            integer_matrix(noise, (n, 4), -5, 5),
            squared_weights=integer_matrix(noise, (n, 4), least, 6),
            rank=1,
        )
        yield Case(
            name=f"random-{n}x4-{seed}",
            kind="random",
            value=ScaledProblem(
                problem=problem,
                row_exponents=tuple(map(int, noise.integers(-reach, reach + 1, n))),
                column_exponents=tuple(map(int, noise.integers(-reach, reach + 1, 4))),
            ),
            seed=seed,
        )
    corner = Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 0]], rank=1)
    yield Case(
        name="infimum-not-attained",
        kind="adversarial",
        value=ScaledProblem(
            problem=corner, row_exponents=(3, -2), column_exponents=(1, -5)
        ),
    )
    yield Case(
        name="data-alone",
        kind="violation",
        value=ScaledProblem(
            problem=Problem([[3, 1], [1, 2]], rank=1),
            row_exponents=(1, 0),
            column_exponents=(0, 0),
            weights_too=0,
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="C4: scalings of rows and columns",
    source="docs/proofs.md, C4",
    text=(
        "For s, t > 0 the cost of D_s X D_t for the data D_s A D_t and weights "
        "omega_ij / (s_i t_j)^2 is that of X for A and omega, and the ranks are equal. "
        "So OPT and attainment are the same. (Here: powers of two, no bits are lost.)"
    ),
    hypotheses=(_BOTH,),
    cases=cases,
    check=check,
    value_type=ScaledProblem,
    used_by=("reductions.scalings:scale",),
    tests=("tests/reductions/test_scalings.py",),
)
