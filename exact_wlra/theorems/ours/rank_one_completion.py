"""Rank-one completion is decided: cost 0, attained or approached.

Contents
--------
MaskedMatrix        a matrix, weights, a rank
STATEMENT           when OPT = 0 at rank one, and when it is attained
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.bounds.two_rows import solve_two_rows
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import approach_rank_one, complete_rank_one
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.cores import peeling
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/rank-one-completion"

_RANK_ONE = Hypothesis(name="rank one", text="k = 1")
_TOLERANCE = Fraction(1, 10**9)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedMatrix:
    """A whole matrix, squared weights (zero: the entry is not seen), and k."""

    data: RationalMatrix
    squared_weights: RationalMatrix
    rank: int

    @property
    def problem(self) -> Problem:
        """The problem, which does not know what stands where the weight is zero."""
        return Problem(self.data, squared_weights=self.squared_weights, rank=self.rank)


def check(case: Case[MaskedMatrix]) -> tuple[Finding, ...]:
    """Compare the decisions with all critical points of two rows, where there are two.

    Otherwise with the whole matrix, which costs 0 if it has rank k, or with an empty
    2-core, which makes OPT = 0 (C7).
    """
    problem, instance = case.value.problem, case.value.problem.instance
    unmet = () if problem.rank == 1 else (_RANK_ONE.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    complete = complete_rank_one(instance)
    approached = approach_rank_one(instance, _TOLERANCE)
    is_zero, attained = _decided_otherwise(case.value)
    findings = [
        say(
            "approached iff OPT = 0",
            truth(approached is not None),
            "==",
            truth(is_zero),
        ),
    ]
    if attained is not None:
        findings.append(
            say(
                "completed iff OPT = 0 is attained",
                truth(complete is not None),
                "==",
                truth(is_zero and attained),
            )
        )
    if approached is not None:
        findings.append(
            say(
                "cost of what approaches <= 10^-9",
                exact(approached.cost),
                "<=",
                exact(_TOLERANCE),
            )
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[MaskedMatrix]]:
    """Yield masks with small entries, planted completions, cycles, rank two."""
    for seed in range(4 * seeds):
        noise = generator(KEY, seed)
        parts = integer_matrix(noise, (2, 4), 0, 2), integer_matrix(noise, (2, 4), 0, 1)
        yield Case(
            name=f"two-rows-{seed}", kind="random", value=_masked(*parts), seed=seed
        )
    for seed in range(1000, 1000 + 2 * seeds):
        noise = generator(KEY, seed)
        data = np.outer(noise.integers(-2, 3, 4), noise.integers(-2, 3, 5))
        mask = integer_matrix(noise, (4, 5), 0, 1)
        yield Case(
            name=f"planted-{seed}",
            kind="random",
            value=_masked(data, mask),
            seed=seed,
        )
    corner, ones = [[1, 0], [1, 1]], [[1, 1], [1, 1]]
    yield Case(
        name="approached-only",
        kind="adversarial",
        value=_masked([[1, 0], [0, 1]], corner),
    )
    yield Case(
        name="relations-in-a-cycle",
        kind="adversarial",
        value=_masked([[1, 0], [0, 1]], ones),
    )
    yield Case(
        name="rank-two",
        kind="violation",
        value=_masked([[1, 0], [0, 1]], ones, rank=2),
    )


def _masked(data: object, weights: object, *, rank: int = 1) -> MaskedMatrix:
    """Return the value for integer arrays."""
    return MaskedMatrix(
        data=RationalMatrix(np.asarray(data)),
        squared_weights=RationalMatrix(np.asarray(weights)),
        rank=rank,
    )


def _decided_otherwise(value: MaskedMatrix) -> tuple[bool, bool | None]:
    """Return whether OPT = 0, and whether it is attained, None if unknown."""
    instance = value.problem.instance
    if rational_rank(value.data) <= value.rank:
        return True, True
    if instance.rank == 1 and instance.shape[0] == 2 and instance.support().any():
        found = solve_two_rows(instance)
        return not any(found.enclosure), found.attained
    if _has_empty_core(instance):
        return True, None
    return optimum(value.problem).high == 0, None


def _has_empty_core(instance: Instance) -> bool:
    """Tell whether the (k+1)-core of the support graph is empty."""
    peeled = peeling(instance.support(), instance.rank)
    return not (len(peeled.rows) and len(peeled.columns))


STATEMENT = Statement(
    key=KEY,
    title="Rank-one completion is decided",
    source="docs/proofs.md, Rank-one completion",
    text=(
        "At k = 1 cost 0 is attained if and only if no zero entry with weight lies in "
        "a row and a column that meet nonzero ones, and the factors along spanning "
        "trees fit. OPT = 0 if and only if they fit on the nonzero entries, and "
        "exponents p_C > p_C' exist for all zero entries between components, that is, "
        "these relations have no cycle."
    ),
    hypotheses=(_RANK_ONE,),
    cases=cases,
    check=check,
    value_type=MaskedMatrix,
    used_by=(
        "exact_wlra.rank_one_completion:complete_rank_one",
        "exact_wlra.rank_one_completion:approach_rank_one",
    ),
    tests=("tests/exact_wlra/test_rank_one_completion.py",),
)
