"""C9: weights split into pieces of rank one.

Contents
--------
WeightSplit         a problem, and pieces p q^T
STATEMENT           the sum of the tails is at most OPT
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.bounds.splitting import prove_split
from exact_wlra.checker import lower_bound
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from exact_wlra.theorems.weighted_tails import split_tails
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/splits"

_DOMINATED = Hypothesis(
    name="dominated", text="sum p_l q_l^T <= omega entrywise, with p_l, q_l >= 0"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeightSplit:
    """A problem, and the pieces: column l of `left` is p_l >= 0, row l of `right` q_l.

    The data count everywhere: where omega is zero they should be zero.
    """

    problem: Problem
    left: RationalMatrix
    right: RationalMatrix


def check(case: Case[WeightSplit]) -> tuple[Finding, ...]:
    """Compare the sum of the tails, and the bound of `prove_split`, with OPT."""
    value, problem = case.value, case.value.problem
    instance = problem.instance
    rest = instance.squared_weights - value.left @ value.right
    is_dominated = bool((rest.numerators >= 0).all())
    say = partial(case.finding, KEY, unmet=() if is_dominated else (_DOMINATED.name,))
    best = optimum(problem)
    tails = split_tails(instance.data, value.left, value.right, problem.rank)
    findings = [say("sum of the tails <= OPT", tails, "<=", best)]
    if is_dominated:
        proved = lower_bound(instance, prove_split(instance, target_gap=1e-6))
        findings.append(say("bound of prove_split <= OPT", exact(proved), "<=", best))
        if not rest.numerators.any() and value.left.shape[1] == 1:
            findings.append(say("one piece: equality", tails, "==", best))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[WeightSplit]]:
    """Yield the classes of rows, a constant minorant, one piece, pieces too large."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        weights = integer_matrix(noise, (2, 4), 1, 6)
        labels = [0, 1, 0]
        problem = Problem(
            integer_matrix(noise, (3, 4), -5, 5),
            squared_weights=weights[labels],
            rank=1 + seed % 2,
        )
        indicator = np.equal.outer(labels, [0, 1]).astype(np.int64)
        yield Case(
            name=f"row-classes-{seed}",
            kind="random",
            value=_split(problem, indicator, weights),
            seed=seed,
        )
        least = np.full((1, 4), weights.min())
        yield Case(
            name=f"constant-{seed}",
            kind="structured",
            value=_split(problem, np.ones((3, 1), dtype=int), least),
            seed=seed,
        )
    problem = Problem(
        [[2, 1, 0], [1, 3, 1], [0, 1, 1]],
        squared_weights=np.outer([1, 2, 3], [1, 1, 2]),
        rank=1,
    )
    p, q = (RationalMatrix.from_rows([row]) for row in ([1, 2, 3], [1, 1, 2]))
    one_piece = WeightSplit(problem=problem, left=p.transpose, right=q)
    yield Case(name="one-piece", kind="structured", value=one_piece)
    # The remainder is negative: these pieces are a tenth too large.
    too_large = p.transpose.scaled(Fraction(11, 10))
    yield Case(
        name="negative-remainder",
        kind="violation",
        value=WeightSplit(problem=problem, left=too_large, right=q),
    )


def _split(problem: Problem, left: object, right: object) -> WeightSplit:
    """Return the value for integer arrays."""
    return WeightSplit(
        problem=problem,
        left=RationalMatrix(np.asarray(left)),
        right=RationalMatrix(np.asarray(right)),
    )


STATEMENT = Statement(
    key=KEY,
    title="C9: weights split into pieces of rank one",
    source="docs/proofs.md, C9",
    text=(
        "If p_l, q_l >= 0 and sum p_l q_l^T <= omega, then OPT >= sum over l of the "
        "tails sum over i > k of sigma_i(D_p^1/2 A D_q^1/2)^2. With one piece that is "
        "omega itself there is equality."
    ),
    hypotheses=(_DOMINATED,),
    cases=cases,
    check=check,
    value_type=WeightSplit,
    used_by=(
        "exact_wlra.checker.spectral:split_bound",
        "exact_wlra.bounds.splitting:prove_split",
    ),
    tests=("tests/exact_wlra/test_splitting.py",),
)
