"""Lemma 3.7: an upper bound on the optimum.

Contents
--------
IntegerProblem      a problem of integers of at most b bits
STATEMENT           OPT <= ||W o A||^2 <= n d (2^b - 1)^4

References
----------
[LiLiangShiSong2025]_, Definition 3.6 and Lemma 3.7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import approach_rank_one, complete_rank_one
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "few-patterns/lemma-3.7"

_INTEGERS = Hypothesis(
    name="b bits", text="A and W are matrices of integers of absolute value below 2^b"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class IntegerProblem:
    """A problem, given by W, and how long its entries are said to be.

    Parameters
    ----------
    problem : Problem
    bits : int
        b, which the paper calls n^gamma.
    """

    problem: Problem
    bits: int


def check(case: Case[IntegerProblem]) -> tuple[Finding, ...]:
    """Compare OPT with the cost of X = 0, and that with the largest possible.

    Examples
    --------
    >>> [finding.verdict for finding in check(next(cases(1)))]
    ['holds', 'holds', 'holds']
    """
    problem, bits = case.value.problem, case.value.bits
    n, d = problem.shape
    energy = problem.instance.energy()
    unmet = () if has_bits(problem, bits) else (_INTEGERS.name,)
    largest = n * d * ((1 << bits) - 1) ** 4
    k = problem.rank
    rows, columns = problem.data.shape
    zero = problem.cost(RationalMatrix.zeros(rows, k), RationalMatrix.zeros(k, columns))
    return (
        case.finding(KEY, "cost(0, 0) = ||W o A||^2", exact(zero), "==", exact(energy)),
        case.finding(KEY, "OPT <= ||W o A||^2", optimum(problem), "<=", exact(energy)),
        case.finding(
            KEY,
            "||W o A||^2 <= n d (2^b - 1)^4",
            exact(energy),
            "<=",
            exact(largest),
            unmet=unmet,
        ),
    )


def has_bits(problem: Problem, bits: int) -> bool:
    """Tell whether A and W are integers of absolute value below 2^bits.

    Examples
    --------
    >>> has_bits(Problem([[3, 1]], rank=1), 2), has_bits(Problem([["1/2"]], rank=1), 9)
    (True, False)
    """
    if problem.is_patterned:
        return False
    data, omega = problem.data.fractions(), problem.squared_weights.fractions()
    limit = 1 << bits
    return all(x.denominator == 1 and abs(x) < limit for row in data for x in row) and (
        all(x.denominator == 1 and x < limit**2 for row in omega for x in row)
    )


def cases(seeds: int) -> Iterator[Case[IntegerProblem]]:
    """Yield random problems, those that attain each bound, and too few bits."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (2, 3), -7, 7)
        root = integer_matrix(noise, (2, 3), 1, 7)
        yield _case(f"random-{seed}", "random", data, root, (1, 3), seed=seed)
    ones = np.ones((2, 3), dtype=np.int64)
    yield _case("rank-zero", "structured", 5 * ones, 3 * ones, (0, 3))
    # All entries as large as they can be.
    yield _case("largest", "adversarial", 255 * ones, 255 * ones, (1, 8))
    yield _case("one-bit-too-few", "violation", 7 * ones, 7 * ones, (1, 2))


def printed_minimum() -> tuple[Finding, ...]:
    """Return the "min" of Definition 3.6 where one weight is zero.

    OPT = 0 is approached as closely as one likes; no factors cost 0.
    """
    problem = Problem([[1, 0], [0, 1]], weights=[[1, 0], [1, 1]], rank=1)
    case = Case(
        name="diag(1, 1) without its upper right entry",
        kind="adversarial",
        value=IntegerProblem(problem=problem, bits=1),
    )
    near = approach_rank_one(problem.instance, Fraction(1, 10**30))
    attained = complete_rank_one(problem.instance)
    return (
        case.finding(
            KEY,
            "OPT <= 10^-30, by factors",
            exact(1 if near is None else near.cost),
            "<=",
            exact(Fraction(1, 10**30)),
        ),
        case.finding(
            KEY,
            "as printed: the minimum is attained (factors of cost OPT = 0, counted)",
            exact(0 if attained is None else 1),
            ">=",
            exact(1),
        ),
    )


def printed_rank() -> tuple[Finding, ...]:
    """Return "rank A' = k" for A = 0: X of rank one costs |X|^2, which tends to 0."""
    problem = Problem([[0, 0], [0, 0]], rank=1)
    case = Case(
        name="A = 0, k = 1",
        kind="adversarial",
        value=IntegerProblem(problem=problem, bits=1),
    )
    cost = problem.cost([[Fraction(1, 1 << 100)], [0]], [[1, 0]])
    return (
        case.finding(
            KEY,
            "as printed: some X of rank exactly k costs OPT = 0, here |X| = 2^-100",
            exact(cost),
            "<=",
            exact(0),
        ),
    )


def _case(
    name: str,
    kind: Kind,
    data: object,
    root: object,
    rank_and_bits: tuple[int, int],
    *,
    seed: int | None = None,
) -> Case[IntegerProblem]:
    """Return a case."""
    rank, bits = rank_and_bits
    problem = Problem(data, weights=root, rank=rank)
    value = IntegerProblem(problem=problem, bits=bits)
    return Case(name=name, kind=kind, value=value, seed=seed)


STATEMENT = Statement(
    key=KEY,
    title="Lemma 3.7: an upper bound on the optimum",
    source="[LiLiangShiSong2025]_, Definition 3.6 and Lemma 3.7",
    text=(
        "OPT = inf over U (n x k), V (k x d) of ||W o (UV - A)||_F^2 is at most "
        "||W o A||_F^2, the cost of U = 0, V = 0. If A and W are matrices of integers "
        "of absolute value below 2^b, that is at most n d (2^b - 1)^4 < n d 2^(4b)."
    ),
    hypotheses=(_INTEGERS,),
    cases=cases,
    check=check,
    value_type=IntegerProblem,
    errata=(
        Erratum(
            printed="OPT is defined as a minimum.",
            wrong_because="With a zero weight the infimum need not be attained.",
            repaired="An infimum; a minimum if all weights are positive.",
            counterexample=printed_minimum,
        ),
        Erratum(
            printed="Definition 1.1 takes the minimum over rank A' = k.",
            wrong_because="That set is not closed: for A of lower rank no minimum "
            "exists there.",
            repaired="rank A' <= k; the infimum is the same.",
            counterexample=printed_rank,
        ),
    ),
    used_by=(
        "reductions.instances:Instance",
        "exact_wlra.incumbent:zero_incumbent",
        "exact_wlra.threshold_search:initial_bracket",
    ),
    tests=("tests/exact_wlra/test_incumbent.py", "tests/reductions/test_instances.py"),
)
