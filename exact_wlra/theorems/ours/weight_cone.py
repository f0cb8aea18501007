"""Pattern space: weights as non-negative combinations of a few of their columns.

Contents
--------
STATEMENT           two columns suffice for weights of rank two
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.patterns import ray_classes
from reductions.weight_factorization import factor_weights

KEY = "ours/weight-cone"

_RANK_TWO = Hypothesis(name="rank at most two", text="rank omega <= 2")


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Count the generators that are found, and verify the factorization exactly."""
    omega = case.value.instance.squared_weights
    rank = rational_rank(omega)
    say = partial(case.finding, KEY)
    factorization = factor_weights(omega)
    s = exact(len(factorization.generators))
    _, _, content = ray_classes(omega.numerators.T)
    n_rays = len({*ray_classes(omega.numerators.T)[0][content != 0].tolist()})
    return (
        say(
            "omega = omega[:, e] H, H >= 0",
            truth(factorization.is_valid_for(omega)),
            "==",
            exact(1),
        ),
        say("generators <= rays of columns", s, "<=", exact(n_rays)),
        say(
            "generators = rank omega",
            s,
            "==",
            exact(rank),
            unmet=() if rank <= 2 else (_RANK_TWO.name,),
        ),
    )


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield weights of rank two with all columns distinct, and a square cone."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        left = integer_matrix(noise, (4, 2), 0, 5) + np.eye(4, 2, dtype=np.int64)
        right = integer_matrix(noise, (2, 7), 0, 5) + np.eye(2, 7, dtype=np.int64)
        yield Case(
            name=f"rank-two-{seed}",
            kind="random",
            value=_problem(left @ right),
            seed=seed,
        )
    missing = np.ones((4, 5), dtype=np.int64)
    missing[:2, 3:] = 0
    yield Case(name="missing-rectangle", kind="structured", value=_problem(missing))
    yield Case(name="rank-one", kind="structured", value=_problem([[1, 2], [2, 4]]))
    # A cone over a square has rank three and four extreme rays.
    square = [[1, 1, 1, 1], [1, 2, 2, 1], [1, 1, 2, 2]]
    yield Case(name="cone-over-a-square", kind="violation", value=_problem(square))


def _problem(weights: Any) -> Problem:
    """Return a problem with these squared weights."""
    data = np.ones(np.shape(weights), dtype=np.int64)
    return Problem(data, squared_weights=weights, rank=1)


STATEMENT = Statement(
    key=KEY,
    title="Weights as combinations of a few of their columns",
    source="docs/proofs.md, Weight factorization",
    text=(
        "omega = omega[:, e] H with H >= 0 for the columns e on the extreme rays of "
        "the cone that the columns of omega span; there are no more of them than rays "
        "of columns. If rank omega <= 2 there are as many as the rank."
    ),
    hypotheses=(_RANK_TWO,),
    cases=cases,
    check=check,
    value_type=Problem,
    used_by=("reductions.weight_factorization:factor_weights",),
    tests=("tests/reductions/test_weight_factorization.py",),
)
