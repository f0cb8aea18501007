"""Weights of rank two, any rank: the sweep over one unknown.

Contents
--------
TwoGenerators       a problem, and weights of rank two in place of its own
STATEMENT           sum omega A^2 - prices - k sup psi <= OPT
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import bracket_by
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/sweep-bound"

_RANK_TWO = Hypothesis(
    name="rank two", text="omega = omega[:, e] H with two generators e and H >= 0"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TwoGenerators:
    """A problem, columns e = (first, second) of its weights, and shares H (2 x d)."""

    problem: Problem
    first: int
    second: int
    shares: RationalMatrix

    @property
    def believed(self) -> Instance:
        """The instance with weights omega[:, e] H."""
        instance = self.problem.instance
        columns = instance.squared_weights.take(columns=[self.first, self.second])
        return Instance(
            data=instance.data,
            squared_weights=columns @ self.shares,
            rank=instance.rank,
        )


def check(case: Case[TwoGenerators]) -> tuple[Finding, ...]:
    """Compare the bound of the sweep with OPT by another method.

    Three columns: all critical points of the plane; else the moment relaxation.
    """
    value, instance = case.value, case.value.problem.instance
    believed = value.believed
    is_factored = believed.squared_weights == instance.squared_weights
    say = partial(case.finding, KEY, unmet=() if is_factored else (_RANK_TWO.name,))
    found = bracket_by(believed, "sweep")
    is_plane = 3 in instance.shape and instance.support().all()
    other = bracket_by(instance, "plane" if is_plane else "moments")
    return (say("bound of the sweep <= OPT", exact(Fraction(found.low)), "<=", other),)


def cases(seeds: int) -> Iterator[Case[TwoGenerators]]:
    """Yield rank one and two, a missing rectangle, and weights of rank three."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        shapes = (((3, 3), 1 + seed % 2), ((4, 5), 2))
        for (n, d), k in shapes[: 2 - seed % 2]:
            shares = integer_matrix(noise, (2, d), 1, 4)
            shares[:, :2] = np.eye(2, dtype=np.int64)
            weights = integer_matrix(noise, (n, 2), 1, 5) @ shares
            yield Case(
                name=f"random-{n}x{d}-rank-{k}-{seed}",
                kind="random",
                value=_value(integer_matrix(noise, (n, d), -5, 5), weights, shares, k),
                seed=seed,
            )
    masked, parts = np.ones((5, 5), dtype=np.int64), np.zeros((2, 5), dtype=np.int64)
    masked[:2, :2] = 0
    parts[0, :2] = parts[1, 2:] = 1
    noise = generator(KEY, 99)
    data = integer_matrix(noise, (5, 5), -5, 5)
    yield Case(
        name="missing-rectangle",
        kind="structured",
        value=TwoGenerators(
            problem=Problem(data, squared_weights=masked, rank=2),
            first=0,
            second=4,
            shares=RationalMatrix(parts),
        ),
    )
    # The product exceeds the weights, which have rank three, in the last column.
    weights = [[1, 2, 2], [3, 1, 1], [1, 1, 1]]
    yield Case(
        name="weights-of-rank-three",
        kind="violation",
        value=_value(
            [[5, 1, -3], [1, 4, 2], [2, -2, 6]], weights, [[1, 0, 2], [0, 1, 2]], 1
        ),
    )


def _value(data: object, weights: object, shares: object, rank: int) -> TwoGenerators:
    """Return the value with the first two columns as generators."""
    return TwoGenerators(
        problem=Problem(data, squared_weights=weights, rank=rank),
        first=0,
        second=1,
        shares=RationalMatrix(np.asarray(shares)),
    )


STATEMENT = Statement(
    key=KEY,
    title="T2: the sweep for weights of rank two, any rank",
    source="docs/proofs.md, Weights of rank two",
    text=(
        "Let omega = omega[:, e] H with two generators. If kappa_0 E_0 + kappa_1 E_1 + "
        "S_0/t_0 + S_1/t_1 - M(t) >= 0 at the ends of intervals that cover [0, 1], "
        "then OPT >= sum omega A^2 - prices of S_0 and S_1 - k times the largest of "
        "the quadratics between the ends (with the terms for end intervals and pins)."
    ),
    hypotheses=(_RANK_TWO,),
    cases=cases,
    check=check,
    value_type=TwoGenerators,
    used_by=("exact_wlra.checker.sweep:sweep_bound", "exact_wlra.bounds.sweep:sweep"),
    tests=("tests/exact_wlra/test_sweep.py",),
)
