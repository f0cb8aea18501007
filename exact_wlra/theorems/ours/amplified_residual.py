"""The amplified residual: how far other good matrices can be.

Contents
--------
Amplified           a problem, factors of X*, epsilon, a lower bound, another X
STATEMENT           an identity, and the radius that follows from it
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import problem_of
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.amplified_residuals import amplified, squared_radius
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/amplified-residual"

_PROVED = Hypothesis(name="lower bound", text="f_B >= l on matrices of rank at most k")
_BETTER = Hypothesis(name="as good", text="cost(X) <= cost(X*), X of rank at most k")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Amplified:
    """A problem, X* = U V, 0 < epsilon < 1, l, and X = L R of rank at most k."""

    problem: Problem
    U: RationalMatrix
    V: RationalMatrix
    epsilon: Fraction
    lower: Fraction
    L: RationalMatrix
    R: RationalMatrix


def check(case: Case[Amplified]) -> tuple[Finding, ...]:
    """Check the identity at X, exactly, and the radius if X is as good as X*."""
    value, e = case.value, case.value.epsilon
    instance = value.problem.instance
    turned = amplified(instance, value.U, value.V, e)
    unmet = []
    if value.lower > 0 and value.lower > optimum(problem_of(turned)).high:
        unmet.append(_PROVED.name)
    cost, other = instance.cost(value.U, value.V), instance.cost(value.L, value.R)
    if other > cost:
        unmet.append(_BETTER.name)
    difference = value.L @ value.R - value.U @ value.V
    square = instance.squared_weights.hadamard(difference).hadamard(difference).total()
    right = e * square + (1 - e) * turned.cost(value.L, value.R) - e / (1 - e) * cost
    say = partial(case.finding, KEY)
    return (
        say(
            "f(X) = e ||X - X*||^2 + (1 - e) f_B(X) - e/(1 - e) f(X*)",
            exact(other),
            "==",
            exact(right),
        ),
        say(
            "||X - X*||^2 <= (f(X*)/(1 - e) - (1 - e) l)/e",
            exact(square),
            "<=",
            exact(squared_radius(cost, value.lower, e)),
            unmet=tuple(unmet),
        ),
    )


def cases(seeds: int) -> Iterator[Case[Amplified]]:
    """Yield rounded minimizers near a poorer X*, a tie (equality), wrong bounds."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        problem = Problem(
            integer_matrix(noise, (3, 4), -5, 5),
            squared_weights=integer_matrix(noise, (3, 4), 1, 6),
            rank=1,
        )
        found = solve(problem)
        coarse = RationalMatrix.rounded(found.U.to_float(), 4)
        V = RationalMatrix.rounded(found.V.to_float(), 4)
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=Amplified(
                problem=problem,
                U=coarse,
                V=V,
                epsilon=Fraction(1, 2 + seed),
                lower=Fraction(0),
                L=found.U,
                R=found.V,
            ),
            seed=seed,
        )
    # Two minimizers of cost 1 with square distance 2; f_B >= 1, for B = diag(1, 2).
    both = Problem([[1, 0], [0, 1]], rank=1)
    one, two = RationalMatrix.from_rows([[1, 0]]), RationalMatrix.from_rows([[0, 1]])
    for name, kind, lower, other in (
        ("tie", "structured", Fraction(1), two),
        ("bound-too-large", "violation", Fraction(3), two),
        ("poorer", "violation", Fraction(1), two.scaled(3)),
    ):
        yield Case(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            value=Amplified(
                problem=both,
                U=one.transpose,
                V=one,
                epsilon=Fraction(1, 2),
                lower=lower,
                L=two.transpose,
                R=other,
            ),
        )


STATEMENT = Statement(
    key=KEY,
    title="The amplified residual",
    source="docs/proofs.md, Amplified residual",
    text=(
        "Let X* be any matrix, 0 < e < 1, B = X* + (A - X*)/(1 - e), f_B the cost for "
        "data B. Then f(X) = e ||X - X*||^2 + (1 - e) f_B(X) - e/(1 - e) f(X*) for all "
        "X. So if f_B >= l on the matrices of rank at most k, those with f(X) <= f(X*) "
        "have ||X - X*||^2 <= (f(X*)/(1 - e) - (1 - e) l)/e. Norms are weighted."
    ),
    hypotheses=(_PROVED, _BETTER),
    cases=cases,
    check=check,
    value_type=Amplified,
    used_by=(
        "reductions.amplified_residuals:amplified",
        "exact_wlra.checker.isolated:isolated_bound",
    ),
    tests=("tests/reductions/test_amplified_residuals.py",),
)
