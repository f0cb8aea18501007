"""Minorants: lower weights, data moved towards a remainder.

Contents
--------
Lowering            a problem, lower weights omega', a remainder Y
STATEMENT           OPT(A, omega) >= OPT(B, omega') - price of Y
lowered_data        B = A + (omega - omega') o Y, and the price
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import enclosed, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/minorants"

_BETWEEN = Hypothesis(name="between", text="0 <= omega' <= omega entrywise")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Lowering:
    """A problem, omega' >= 0, and Y, which vanishes where omega' does."""

    problem: Problem
    lowered: RationalMatrix
    remainder: RationalMatrix


def check(case: Case[Lowering]) -> tuple[Finding, ...]:
    """Check the identity behind it at a random X, exactly, then the bound."""
    value, problem = case.value, case.value.problem
    rest = problem.squared_weights - value.lowered
    unmet = () if (rest.numerators >= 0).all() else (_BETWEEN.name,)
    say = partial(case.finding, KEY)
    data, price = lowered_data(problem, value.lowered, value.remainder)
    inside = Problem(data, squared_weights=value.lowered, rank=problem.rank)
    n, d = problem.shape
    X = RationalMatrix(integer_matrix(generator(KEY, 0), (n, d), -3, 3))
    identity = RationalMatrix(np.eye(d, dtype=np.int64))
    left = problem.cost(X, identity) - _square(value.lowered, data - X) + price
    moved = problem.data - X - value.lowered.hadamard(value.remainder)
    best = optimum(inside)
    return (
        say(
            "cost(X) - cost'(X) + price = sum (omega - omega')(A - X - omega' o Y)^2",
            exact(left),
            "==",
            exact(_square(rest, moved)),
        ),
        say(
            "OPT(B, omega') - price <= OPT(A, omega)",
            enclosed(Fraction(best.low) - price, Fraction(best.high) - price),
            "<=",
            optimum(problem),
            unmet=unmet,
        ),
    )


def cases(seeds: int) -> Iterator[Case[Lowering]]:
    """Yield lowered weights, with remainder of a minimizer and none; raised ones."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        weights = integer_matrix(noise, (3, 4), 2, 6)
        problem = Problem(
            integer_matrix(noise, (3, 4), -5, 5), squared_weights=weights, rank=1
        )
        lowered = np.maximum(weights - integer_matrix(noise, (3, 4), 0, 2), 1)
        found = solve(problem)
        R = problem.data - found.U @ found.V
        rounded = RationalMatrix.rounded(R.to_float() / lowered, 10)
        for name, remainder in (
            ("minimizer", rounded),
            ("no-remainder", RationalMatrix.zeros(3, 4)),
        ):
            yield Case(
                name=f"{name}-{seed}",
                kind="random",
                value=Lowering(
                    problem=problem,
                    lowered=RationalMatrix(lowered),
                    remainder=remainder,
                ),
                seed=seed,
            )
    problem = Problem([[3, 1], [1, 2]], squared_weights=[[2, 1], [1, 3]], rank=1)
    yield Case(
        name="nothing-lowered",
        kind="structured",
        value=Lowering(
            problem=problem,
            lowered=problem.squared_weights,
            remainder=RationalMatrix.from_rows([[1, 0], [0, 2]]),
        ),
    )
    yield Case(
        name="raised",
        kind="violation",
        value=Lowering(
            problem=problem,
            lowered=RationalMatrix.from_rows([[3, 2], [2, 4]]),
            remainder=RationalMatrix.zeros(2, 2),
        ),
    )


def lowered_data(
    problem: Problem, lowered: RationalMatrix, remainder: RationalMatrix
) -> tuple[RationalMatrix, Fraction]:
    """Return B = A + (omega - omega') o Y and sum omega (omega - omega') omega' Y^2."""
    omega = problem.squared_weights
    shift = (omega - lowered).hadamard(remainder)
    price = omega.hadamard(lowered).hadamard(shift).hadamard(remainder).total()
    return problem.data + shift, price


def _square(weights: RationalMatrix, matrix: RationalMatrix) -> Fraction:
    """Return sum weights * matrix^2."""
    return weights.hadamard(matrix).hadamard(matrix).total()


STATEMENT = Statement(
    key=KEY,
    title="Minorants of the weights, with a remainder",
    source="docs/proofs.md, Minorants",
    text=(
        "Let 0 <= omega' <= omega and Y any matrix that vanishes where omega' does, B "
        "= A + (omega - omega') o Y. Then OPT(A, omega) >= OPT(B, omega') - sum omega "
        "(omega - omega') omega' Y^2, because the two costs of any X differ by sum "
        "(omega - omega')(A - X - omega' o Y)^2 and this price."
    ),
    hypotheses=(_BETWEEN,),
    cases=cases,
    check=check,
    value_type=Lowering,
    used_by=(
        "exact_wlra.checker.minorants:minorant_bound",
        "exact_wlra.bounds.lowered_weights:lowered_instances",
    ),
    tests=("tests/exact_wlra/test_minorants.py",),
)
