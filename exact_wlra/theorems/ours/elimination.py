"""Pattern space: the cost after eliminating u, at rank one.

Contents
--------
PatternPoint        a problem, a factorization of its weights, a vector v
STATEMENT           min over u of cost(u v) = sum omega A^2 - F(v)
captured            F(v), from the Gram matrices of the groups
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.least_squares import solve_rows
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/elimination"

_FACTORED = Hypothesis(
    name="factorization", text="omega = omega[:, e] H, here: with the given H"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternPoint:
    """A problem of rank one, generators e, shares H (s x d), and v (1 x d)."""

    problem: Problem
    generators: tuple[int, ...]
    shares: RationalMatrix
    v: RationalMatrix


def check(case: Case[PatternPoint]) -> tuple[Finding, ...]:
    """Compare sum omega A^2 - F(v) with exact least squares."""
    value, instance = case.value, case.value.problem.instance
    omega = instance.squared_weights
    product = omega.take(columns=list(value.generators)) @ value.shares
    space = pattern_space(instance, factor_weights(omega))
    energy = Fraction(space.energy, space.scale)
    captured_energy = captured(space, value.generators, value.shares, value.v)
    u = solve_rows(instance.data, omega, value.v)
    return (
        case.finding(
            KEY,
            "sum omega A^2 - F(v) = min over u of cost(u v)",
            exact(energy - captured_energy),
            "==",
            exact(instance.cost(u, value.v)),
            unmet=() if product == omega else (_FACTORED.name,),
        ),
    )


def captured(
    space: PatternSpace,
    generators: tuple[int, ...],
    shares: RationalMatrix,
    v: RationalMatrix,
) -> Fraction:
    """Return F(v) = sum_g v M_g v / s_g(t(v)), t_l = v diag(H_l) v, 0/0 = 0."""
    entries = v.fractions()[0]
    t = [
        sum((h * x * x for h, x in zip(row, entries, strict=True)), Fraction(0))
        for row in shares.fractions()
    ]
    total = Fraction(0)
    for gram, weights in zip(space.grams, space.weight_rows, strict=True):
        below = sum(
            (int(weights[e]) * x for e, x in zip(generators, t, strict=True)),
            Fraction(0),
        )
        if below:
            total += _form(gram, entries) / below
    return total / space.scale


def cases(seeds: int) -> Iterator[Case[PatternPoint]]:
    """Yield few patterns, weights of rank two, zeros that v meets, wrong shares."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        patterns = integer_matrix(noise, (4, 3), 1, 6)[:, [0, 1, 2, 1, 0]]
        mixed = integer_matrix(noise, (4, 2), 1, 4) @ integer_matrix(
            noise, (2, 5), 1, 4
        )
        for name, weights in (("patterns", patterns), ("rank-two", mixed)):
            yield Case(
                name=f"{name}-{seed}",
                kind="random",
                value=_point(noise, weights, integer_matrix(noise, (1, 5), -4, 4)),
                seed=seed,
            )
    noise = generator(KEY, 99)
    masked = np.array([[1, 1, 0], [1, 1, 0], [2, 1, 3]])
    yield Case(
        name="v-vanishes-on-a-group",
        kind="adversarial",
        value=_point(noise, masked, np.array([[0, 0, 2]])),
    )
    wrong = RationalMatrix.from_rows([[1, 1, 1]])
    problem = Problem(
        [[1, 2, 3], [4, 5, 7]], squared_weights=[[1, 2, 1], [1, 1, 3]], rank=1
    )
    yield Case(
        name="wrong-shares",
        kind="violation",
        value=PatternPoint(
            problem=problem,
            generators=(0,),
            shares=wrong,
            v=RationalMatrix.from_rows([[1, 2, 1]]),
        ),
    )


def _point(noise: Any, weights: Any, v: Any) -> PatternPoint:
    """Return random data with these weights, factored by `factor_weights`."""
    problem = Problem(
        integer_matrix(noise, weights.shape, -5, 5), squared_weights=weights, rank=1
    )
    factorization = factor_weights(problem.squared_weights)
    return PatternPoint(
        problem=problem,
        generators=factorization.generators,
        shares=factorization.shares,
        v=RationalMatrix(v),
    )


def _form(gram: Any, entries: list[Fraction]) -> Fraction:
    """Return v M v^T."""
    rows = gram.tolist()
    return sum(
        (
            x * int(m) * y
            for x, row in zip(entries, rows, strict=True)
            for m, y in zip(row, entries, strict=True)
        ),
        Fraction(0),
    )


STATEMENT = Statement(
    key=KEY,
    title="Elimination in pattern space, at rank one",
    source="docs/proofs.md, Elimination",
    text=(
        "Let omega = omega[:, e] H, rows of group g have weights s_i w_g, M_g = sum "
        "s_i (w_g o a_i)^T (w_g o a_i), t_l(v) = v diag(H_l) v^T, s_g(t) = sum_l "
        "w_g[e_l] t_l. Then min over u of cost(u v) = sum omega A^2 - sum_g v M_g v^T "
        "/ s_g(t(v)), 0/0 = 0; so OPT = sum omega A^2 - sup F."
    ),
    hypotheses=(_FACTORED,),
    cases=cases,
    check=check,
    value_type=PatternPoint,
    used_by=(
        "reductions.pattern_space:pattern_space",
        "exact_wlra.checker.simplicial:simplicial_bound",
    ),
    tests=("tests/reductions/test_pattern_space.py",),
)
