"""C0: the squared residuals of a minimizer are a supergradient of the optimum.

Contents
--------
Supergradient       a problem, other weights, and factors of an X
STATEMENT           OPT(omega') <= OPT(omega) + <omega' - omega, (A - X) o (A - X)>
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import enclosed
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/supergradient"

_MINIMIZER = Hypothesis(
    name="minimizer",
    text="cost(X) = OPT(omega); here: no more than a part of 10^-6 above it",
)
_NEAR = 1 + 1e-6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Supergradient:
    """A problem with weights omega, weights omega', and X = U V."""

    problem: Problem
    others: RationalMatrix
    U: RationalMatrix
    V: RationalMatrix


def check(case: Case[Supergradient]) -> tuple[Finding, ...]:
    """Compare OPT(omega') with the linear function that touches OPT at omega.

    That function is <omega', (A - X) o (A - X)> plus OPT(omega) - cost(X), which is
    nearly 0 for a minimizer and makes it too low for any other X.
    """
    value, problem = case.value, case.value.problem
    best = optimum(problem)
    changed = Problem(problem.data, squared_weights=value.others, rank=problem.rank)
    cost = problem.cost(value.U, value.V)
    line = changed.cost(value.U, value.V) - cost
    is_near = float(cost) <= _NEAR * float(best.high)
    # OPT(omega) <= cost(X), so cost(X) may stand for it at a minimizer.
    level = enclosed(Fraction(best.low), cost if is_near else Fraction(best.high))
    return (
        case.finding(
            KEY,
            "OPT(omega') <= OPT(omega) + <omega' - omega, (A - X)^2>",
            optimum(changed),
            "<=",
            enclosed(Fraction(level.low) + line, Fraction(level.high) + line),
            unmet=() if is_near else (_MINIMIZER.name,),
        ),
    )


def cases(seeds: int) -> Iterator[Case[Supergradient]]:
    """Yield random changes of the weights, multiples (equality), and a poor X."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        problem = Problem(
            integer_matrix(noise, (3, 4), -5, 5),
            squared_weights=integer_matrix(noise, (3, 4), 1, 9),
            rank=1 + seed % 2,
        )
        others = RationalMatrix(integer_matrix(noise, (3, 4), 0, 9))
        at = partial(_at_minimizer, problem)
        yield Case(name=f"random-{seed}", kind="random", value=at(others), seed=seed)
        twice = problem.squared_weights.scaled(2)
        yield Case(name=f"twice-{seed}", kind="structured", value=at(twice), seed=seed)
    problem = Problem([[5, 0], [0, 3]], squared_weights=[[1, 2], [2, 1]], rank=1)
    yield Case(
        name="zero-is-no-minimizer",
        kind="violation",
        value=Supergradient(
            problem=problem,
            others=RationalMatrix.from_rows([["1/2", 2], [2, 1]]),
            U=RationalMatrix.zeros(2, 1),
            V=RationalMatrix.zeros(1, 2),
        ),
    )


def _at_minimizer(problem: Problem, others: RationalMatrix) -> Supergradient:
    """Return the value with factors that are nearly optimal."""
    found = solve(problem, gap=1e-9)
    return Supergradient(problem=problem, others=others, U=found.U, V=found.V)


STATEMENT = Statement(
    key=KEY,
    title="C0: a supergradient of OPT",
    source="docs/proofs.md, C0",
    text=(
        "If X of rank at most k has cost_omega(X) = OPT(omega), then for all omega' >= "
        "0 OPT(omega') <= OPT(omega) + <omega' - omega, (A - X) o (A - X)>, with "
        "equality for multiples of omega. The right side is cost_omega'(X)."
    ),
    hypotheses=(_MINIMIZER,),
    cases=cases,
    check=check,
    value_type=Supergradient,
    used_by=("exact_wlra.bounds.weight_splits:improve_split",),
    tests=("tests/exact_wlra/test_splitting.py",),
)
