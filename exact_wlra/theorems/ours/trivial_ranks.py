"""C8: ranks at which nothing is to be minimized.

Contents
--------
STATEMENT           k = 0: OPT = sum omega A^2; k >= min(n, d): OPT = 0, attained
"""

from collections.abc import Iterator
from functools import partial

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact, truth
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement

KEY = "ours/trivial-ranks"

_TRIVIAL = Hypothesis(name="trivial rank", text="k = 0 or k >= min(n, d)")


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Compare OPT with the energy at rank 0, else with 0."""
    problem = case.value
    is_trivial = problem.rank == 0 or problem.rank >= min(problem.shape)
    say = partial(case.finding, KEY, unmet=() if is_trivial else (_TRIVIAL.name,))
    found = solve(problem)
    if problem.rank == 0:
        expected = say(
            "OPT = sum omega A^2",
            optimum(problem),
            "==",
            exact(problem.instance.energy()),
        )
    else:
        expected = say("OPT = 0", optimum(problem), "==", exact(0))
    attained = truth(found.attained is True and found.upper == found.lower)
    return (expected, say("OPT is attained exactly", attained, "==", exact(1)))


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield rank 0, full and larger rank, and one rank less."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (3, 4), -5, 5)
        weights = integer_matrix(noise, (3, 4), 0, 6)
        for k in (0, 3, 7):
            yield Case(
                name=f"rank-{k}-{seed}",
                kind="random",
                value=Problem(data, squared_weights=weights, rank=k),
                seed=seed,
            )
    yield Case(
        name="rank-one-less",
        kind="violation",
        value=Problem([[1, 2], [3, 5]], squared_weights=[[1, 2], [3, 1]], rank=1),
    )


STATEMENT = Statement(
    key=KEY,
    title="C8: trivial ranks",
    source="docs/proofs.md, C8",
    text=(
        "OPT_0 = sum omega A^2, and OPT_k = 0 for k >= min(n, d), attained by X = A. "
        "More generally OPT = 0 if the data, zero where omega is, have rank at most k."
    ),
    hypotheses=(_TRIVIAL,),
    cases=cases,
    check=check,
    value_type=Problem,
    used_by=("exact_wlra.irreducible:solve_irreducible",),
    tests=("tests/exact_wlra/test_driver.py",),
)
