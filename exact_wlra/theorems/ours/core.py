"""C7: a row with at most k positive weights does not matter for the infimum.

Contents
--------
Deletion            a problem and the row that is deleted
STATEMENT           OPT is kept, attainment need not be
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import direct_optimum, is_attained
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.cores import peeling
from reductions.instances import Instance

KEY = "ours/core"

_FEW = Hypothesis(
    name="few weights", text="the deleted row has at most k positive weights"
)
_FITTED = Hypothesis(
    name="consistent fit",
    text="(for attainment in both directions) some minimizer without the row has a V "
    "that fits the row exactly",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """A problem and the row to be deleted, from 0."""

    problem: Problem
    row: int


def check(case: Case[Deletion]) -> tuple[Finding, ...]:
    """Compare OPT with and without the row, and attainment."""
    value, instance = case.value, case.value.problem.instance
    support = instance.support()
    unmet = () if support[value.row].sum() <= instance.rank else (_FEW.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    rest = instance.restrict([i for i in range(len(support)) if i != value.row])
    findings = [
        say(
            "OPT(row deleted) = OPT",
            direct_optimum(rest),
            "==",
            direct_optimum(instance),
        ),
    ]
    if unmet:
        return tuple(findings)
    peeled = peeling(support, instance.rank)
    core = instance.restrict(peeled.rows, peeled.columns)
    findings.append(
        say("OPT((k+1)-core) = OPT", direct_optimum(core), "==", optimum(value.problem))
    )
    before, after = is_attained(instance), _attains(rest)
    if before is not None and after is not None:
        findings.append(
            say(
                "attained only if attained without the row",
                truth(before),
                "<=",
                truth(after),
            )
        )
        if before != after:
            findings.append(
                case.finding(
                    KEY,
                    "attained if attained without the row",
                    truth(before),
                    "==",
                    truth(after),
                    unmet=(_FITTED.name,),
                )
            )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Deletion]]:
    """Yield a pendant row, D1 at delta = 0, and a row with too many weights."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        k = 1 + seed % 2
        weights = integer_matrix(noise, (k + 2, k + 2), 1, 6)
        weights = np.vstack([weights, np.zeros((1, k + 2), dtype=np.int64)])
        weights[-1, noise.permutation(k + 2)[:k]] = 5
        data = integer_matrix(noise, weights.shape, -5, 5)
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=Deletion(
                problem=Problem(data, squared_weights=weights, rank=k), row=k + 2
            ),
            seed=seed,
        )
    yield Case(
        name="corner-missing",
        kind="adversarial",
        value=Deletion(
            problem=Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 0]], rank=1),
            row=1,
        ),
    )
    yield Case(
        name="two-weights-at-rank-one",
        kind="violation",
        value=Deletion(
            problem=Problem(
                [[1, 2, 0], [3, -1, 0], [2, 5, 0]],
                squared_weights=[[1, 1, 1], [1, 2, 1], [3, 1, 0]],
                rank=1,
            ),
            row=2,
        ),
    )


def _attains(instance: Instance) -> bool | None:
    """Tell whether the rest attains its infimum; a single row always does."""
    if instance.shape[0] <= instance.rank:
        return True
    return is_attained(instance)


STATEMENT = Statement(
    key=KEY,
    title="C7: rows with at most k weights may be peeled off",
    source="docs/proofs.md, C7",
    text=(
        "A row or column with at most k positive weights may be deleted: OPT depends "
        "on the (k+1)-core of the support graph only, and is 0 if that is empty. "
        "Attainment may be lost on the way back (D1 at delta = 0), but if the core "
        "does not attain its infimum, neither does the instance; and if some V of a "
        "minimizer fits the deleted row exactly, attainment is kept."
    ),
    hypotheses=(_FEW, _FITTED),
    cases=cases,
    check=check,
    value_type=Deletion,
    used_by=("reductions.cores:peel",),
    tests=("tests/reductions/test_cores.py",),
)
