"""Corollary 1.3 of the reweighted paper: solutions from a few columns of A.

Contents
--------
ColumnChoice        a problem, a number of columns, an accuracy
STATEMENT           some s columns leave at most (s + 1) / (s - q + 1) tails

References
----------
[WoodruffYasuda2024]_, Corollary 1.3; [GuruswamiSinop2012]_
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil
from typing import final

import numpy as np

from exact_wlra.heuristics.column_subset import best_subset
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import Quantity, enclosed, exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    divided,
    in_floats,
    projected,
    squared_distance,
    weighted_cost,
    weights_of,
)
from exact_wlra.theorems.sampling import Weights, generator, weighted_problem
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement

KEY = "reweighted/corollary-1.3"

_ENOUGH = Hypothesis(name="enough columns", text="s >= q / epsilon + q - 1, q = rk")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """A problem with W, and how many columns may be used.

    Parameters
    ----------
    problem : Problem
    n_columns : int
        s.
    epsilon : Fraction
    """

    problem: Problem
    n_columns: int
    epsilon: Fraction


def check(case: Case[ColumnChoice]) -> tuple[Finding, ...]:
    """Try all sets of s columns, exactly.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    problem, s = case.value.problem, case.value.n_columns
    epsilon, root = case.value.epsilon, weights_of(case.value.problem)
    q = rational_rank(root) * problem.rank
    B = root.hadamard(problem.data)
    best = min(
        (projected(B, columns) for columns in combinations(range(B.shape[1]), s)),
        key=lambda found: squared_distance(B, found),
    )
    loss, tail = exact(squared_distance(B, best)), singular_tail(B, q)
    cost = exact(weighted_cost(problem, divided(best, root)))
    allowed = optimum(problem).times(1 + epsilon)
    unmet = () if s >= q / epsilon + q - 1 else (_ENOUGH.name,)
    claims = [
        (
            "min_S ||B - Pi_S B||^2 <= (1 + epsilon) ||B_{-q}||^2",
            loss,
            tail.times(1 + epsilon),
            unmet,
        ),
        (
            "f(W^{o-1} o (B|_S C)) <= (1 + epsilon) OPT_k",
            cost,
            allowed,
            unmet,
        ),
    ]
    if s >= q:
        factor = Fraction(s + 1, s - q + 1)
        claims += [
            (
                "min_S ||B - Pi_S B||^2 <= (s + 1)/(s - q + 1) ||B_{-q}||^2",
                loss,
                tail.times(factor),
                (),
            ),
            (
                "||B - (Pi_S B)_q||^2 <= (1 + (s + 1)/(s - q + 1)) ||B_{-q}||^2",
                _plus(loss, singular_tail(best, q)),
                tail.times(1 + factor),
                (),
            ),
        ]
    in_laboratory = best_subset(B.to_float(), size=s)[1]
    return (
        *(
            case.finding(KEY, claim, left, "<=", right, unmet=names)
            for claim, left, right, names in claims
        ),
        in_floats(
            KEY,
            case,
            "min_S ||B - Pi_S B||^2",
            computed=in_laboratory,
            exactly=Fraction(loss.low),
        ),
    )


def _plus(left: Quantity, right: Quantity) -> Quantity:
    """Return the sum of two enclosures."""
    return enclosed(
        Fraction(left.low) + Fraction(right.low),
        Fraction(left.high) + Fraction(right.high),
    )


def cases(seeds: int) -> Iterator[Case[ColumnChoice]]:
    """Yield small problems, and the columns for which the factor is sharp."""
    kinds: tuple[Weights, ...] = ("rank one", "two row patterns", "some zero")
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for weights in kinds:
            problem = weighted_problem(noise, (4, 6), 1, weights=weights)
            q = rational_rank(weights_of(problem))
            epsilon = Fraction(1) if q < 3 else Fraction(3, 2)
            size = min(ceil(q / epsilon) + max(q - 1, 0), 6)
            yield Case(
                name=f"{weights}-{seed}",
                kind="random",
                value=ColumnChoice(problem=problem, n_columns=size, epsilon=epsilon),
                seed=seed,
            )
    for s, kind in ((2, "adversarial"), (1, "violation")):
        yield Case(
            name=f"simplex-{s}",
            kind=kind,  # type: ignore[arg-type]
            value=ColumnChoice(problem=_simplex(), n_columns=s, epsilon=Fraction(1, 2)),
        )


def _simplex() -> Problem:
    """Return a row of large numbers above the identity: all columns look alike.

    With q = 1, s columns leave (d - s)(1 + 1/s) and more, the tail is d - 1.
    """
    d = 9
    data = np.vstack([np.full((1, d), 1000, dtype=np.int64), np.eye(d, dtype=np.int64)])
    return Problem(data, weights=np.ones_like(data), rank=1)


def number_of_coefficients() -> tuple[Finding, ...]:
    """Return |S| d coefficients of X beside the rkd that Theorem 3.1 counts."""
    d, q, epsilon = 40, 2, Fraction(1, 4)
    size = ceil(q / epsilon) + q - 1
    return (
        Case(
            name="d = 40, rk = 2, epsilon = 1/4", kind="adversarial", value=None
        ).finding(
            KEY,
            "as counted: X has at most rkd numbers",
            exact(size * d),
            "<=",
            exact(q * d),
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Corollary 1.3: solutions from a few columns",
    source="[WoodruffYasuda2024]_, Corollary 1.3; [GuruswamiSinop2012]_",
    text=(
        "Let B = W o A, q = rk and r = rank W. For every s >= q some S of s columns "
        "has ||B - Pi_S B||_F^2 <= (s + 1)/(s - q + 1) ||B_{-q}||_F^2. So s >= "
        "q/epsilon + q - 1 columns of A determine X = W^{o-1} o (B|_S C) with f(X) <= "
        "(1 + epsilon) OPT_k, where C has s d numbers. With C = Y Z of rank q, (s + "
        "d) q numbers, ||B - (Pi_S B)_q||_F^2 is at most ||B_{-q}||_F^2 more. The set "
        "exists; the check tries them all."
    ),
    hypotheses=(_ENOUGH,),
    cases=cases,
    check=check,
    value_type=ColumnChoice,
    errata=(
        Erratum(
            printed="Theorem 3.1 counts rkd numbers for X of this corollary.",
            wrong_because="X is |S| x d with |S| = O(rk/epsilon): O(rkd/epsilon).",
            repaired=(
                "X = Y Z of rank rk with (|S| + d) rk numbers, which needs a theorem "
                "with a bound on the rank."
            ),
            counterexample=number_of_coefficients,
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.column_subset:column_subset",
        "exact_wlra.communication.sender:sketch_content",
    ),
    tests=(
        "tests/exact_wlra/test_column_subset.py",
        "tests/exact_wlra/communication/test_column_selection.py",
    ),
)
