"""Definition 1.1 of the reweighted paper: kappa-approximate solutions.

Contents
--------
Approximated        a problem and an X
STATEMENT           what kappa measures, and what it says without a bound on X

References
----------
[WoodruffYasuda2024]_, Definition 1.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import enclosed, exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    in_floats,
    root_enclosure,
    squared_norm,
    weighted_cost,
)
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import (
    Weights,
    generator,
    integer_matrix,
    weighted_problem,
)
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/definition-1.1"

_LOW_RANK = Hypothesis(name="rank at most k", text="rank X <= k")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Approximated:
    """A problem and an approximation of any rank.

    Parameters
    ----------
    problem : Problem
    approximation : RationalMatrix, shape (n, d)
        X.
    """

    problem: Problem
    approximation: RationalMatrix


def check(case: Case[Approximated]) -> tuple[Finding, ...]:
    """Compare f(X) with OPT_k, its root with kappa, and with the cost in floats.

    Examples
    --------
    >>> [finding.verdict for finding in check(next(cases(1)))][:2]
    ['holds', 'holds']
    """
    problem, X = case.value.problem, case.value.approximation
    cost, best = weighted_cost(problem, X), optimum(problem)
    is_low = rational_rank(X) <= problem.rank
    computed = WeightedMatrix.from_problem(problem).cost(X.to_float())
    found = [
        case.finding(
            KEY,
            "f(X) >= OPT_k",
            exact(cost),
            ">=",
            best,
            unmet=() if is_low else (_LOW_RANK.name,),
            note="" if is_low else f"X stores {X.shape[0] * X.shape[1]} numbers",
        ),
        case.finding(
            KEY,
            "f(A) = 0: X = A is kappa-approximate for every kappa",
            exact(weighted_cost(problem, problem.data)),
            "==",
            exact(0),
        ),
        in_floats(KEY, case, "f(X)", computed=computed, exactly=cost),
    ]
    if best.low > 0:
        ratio = enclosed(cost / Fraction(best.high), cost / Fraction(best.low))
        kappa = root_enclosure(ratio)
        norm = root_enclosure(best)
        found.append(
            case.finding(
                KEY,
                "||W o (A - X)||_F = kappa OPT_k^{1/2}, with f(X) = kappa^2 OPT_k",
                root_enclosure(exact(cost)),
                "==",
                enclosed(
                    Fraction(kappa.low) * Fraction(norm.low),
                    Fraction(kappa.high) * Fraction(norm.high),
                ),
            )
        )
    return tuple(found)


def cases(seeds: int) -> Iterator[Case[Approximated]]:
    """Yield X of rank k, random and good, and X = A, which costs nothing."""
    kinds: tuple[Weights, ...] = ("positive", "some zero")
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for weights in kinds:
            problem = weighted_problem(noise, (3, 3), 1, weights=weights)
            left, right = (integer_matrix(noise, s, -2, 2) for s in ((3, 1), (1, 3)))
            yield _case(f"random-{weights}-{seed}", "random", problem, left @ right)
        good = rounded_best_approximation(problem.data, 1)
        yield Case(
            name=f"truncated-{seed}",
            kind="structured",
            value=Approximated(problem=problem, approximation=good),
            seed=seed,
        )
    diagonal = Problem([[3, 0], [0, 2]], rank=1)
    yield _case("optimal", "adversarial", diagonal, [[3, 0], [0, 0]])
    yield _case("the-data-themselves", "violation", diagonal, [[3, 0], [0, 2]])


def _case(name: str, kind: object, problem: Problem, X: object) -> Case[Approximated]:
    """Return the case of an integer matrix X."""
    matrix = RationalMatrix.from_rows([[int(x) for x in row] for row in X])  # type: ignore[attr-defined]
    return Case(
        name=name,
        kind=kind,  # type: ignore[arg-type]
        value=Approximated(problem=problem, approximation=matrix),
    )


def kappa_of_the_theorem() -> tuple[Finding, ...]:
    """Return X = 0 for diag(3, 2): within kappa = 2 on norms, not on squared norms."""
    problem = Problem([[3, 0], [0, 2]], rank=1)
    best = optimum(problem)
    return (
        Case(name="X = 0 for diag(3, 2)", kind="adversarial", value=None).finding(
            KEY,
            "kappa = 2 as in Theorem 1.2: f(0) <= 2 OPT_1 (f(0) = 13 <= 2^2 OPT_1)",
            exact(squared_norm(problem.data)),
            "<=",
            best.times(Fraction(2)),
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Definition 1.1: kappa-approximate solutions",
    source="[WoodruffYasuda2024]_, Definition 1.1",
    text=(
        "X is kappa-approximate if ||W o (A - X)||_F <= kappa inf ||W o (A - X')||_F "
        "over X' of rank at most k; in terms of f, f(X) <= kappa^2 OPT_k. The infimum "
        "need not be attained where W has zeros. If rank X <= k then f(X) >= OPT_k. "
        "Nothing is asked of X besides: X = A is kappa-approximate for every kappa and "
        "stores nd numbers. A cost means something only together with the rank of X "
        "and with the numbers that determine it."
    ),
    hypotheses=(_LOW_RANK,),
    cases=cases,
    check=check,
    value_type=Approximated,
    errata=(
        Erratum(
            printed="kappa bounds the norm here, and the squared norm in Theorem 1.2.",
            wrong_because=(
                "One letter for two factors: the theorem's kappa is the square of the "
                "definition's, and its 1 + epsilon is (1 + epsilon)^{1/2} here."
            ),
            repaired="f(X) <= kappa^2 OPT_k.",
            counterexample=kappa_of_the_theorem,
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.answers:Answer",
        "exact_wlra.communication.games:Play",
    ),
    tests=(
        "tests/exact_wlra/theorems/test_statements.py",
        "tests/exact_wlra/communication/test_games.py",
    ),
)
