"""What is wrong or missing in Theorem 1.2 of the few-pattern paper as printed.

Contents
--------
KEY                 of the statement
ERRATA              each with a counterexample where numbers can show it

References
----------
[LiLiangShiSong2025]_, Theorem 1.2.
"""

from fractions import Fraction
from math import comb
from typing import Any

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import approach_rank_one, complete_rank_one
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.statements import Case, Erratum

KEY = "few-patterns/theorem-1.2"


def reading_alone() -> tuple[Finding, ...]:
    """Return how many numbers a dense input has, and that one entry decides OPT."""
    n = 1000
    entries = _case("dense, n = 1000")
    flat = np.ones((4, 4), dtype=np.int64)
    changed = flat.copy()
    changed[2, 3] = 0
    same, other = (Problem(data, rank=1) for data in (flat, changed))
    deviating = _case("all ones, and one entry that deviates", other)
    return (
        entries.finding(
            KEY,
            "as printed: the entries of A and W, all of them read, are <= n log2(n)^2",
            exact(2 * n * n),
            "<=",
            exact(n * n.bit_length() ** 2),
            note="the claim is n^(1 + o(1))",
        ),
        deviating.finding(
            KEY,
            "an algorithm that does not read the entry: OPT = OPT without the change",
            optimum(other),
            "==",
            optimum(same),
            note="p = r = 1 without it; distinctness takes n^2 readings to verify",
        ),
    )


def big_o() -> tuple[Finding, ...]:
    """Return log2 of 2^(k^2 r log2(k^2 r)) for k^2 r = 4 log n/log log n, n = 2^64.

    Of the O~ in the exponent only one logarithm is taken, and eps = 1.
    """
    log_n, loglog_n = 64, 6
    size = 4 * log_n // loglog_n
    exponent = size * (size.bit_length() - 1)
    return (
        _case("n = 2^64, k^2 r = 4 log n/log log n").finding(
            KEY,
            "as printed: 2^O~(k^2 r) = n^o(1), here log2 of it <= (log2 n)/2",
            exact(exponent),
            "<=",
            exact(log_n // 2),
        ),
    )


def median() -> tuple[Finding, ...]:
    """Return the failure of the median of 21 runs against that of the best run."""
    runs, single = 21, Fraction(1, 100)
    half = (runs + 1) // 2
    failure = sum(
        comb(runs, bad) * single**bad * (1 - single) ** (runs - bad)
        for bad in range(half, runs + 1)
    )
    return (
        _case("R = 21, delta_0 = 1/100").finding(
            KEY,
            "the median is as good as the least: P(median fails) <= delta_0^R",
            exact(failure),
            "<=",
            exact(single**runs),
            note="bound (2 sqrt(delta_0 (1 - delta_0)))^R = 0.199^21 = 1.9e-15",
        ),
    )


def optimum_zero() -> tuple[Finding, ...]:
    """Return the cost of nearly optimal factors where OPT = 0 is not attained."""
    problem = Problem([[0, 1], [1, 0]], weights=[[1, 1], [1, 0]], rank=1)
    near = approach_rank_one(problem.instance, Fraction(1, 10**12))
    attained = complete_rank_one(problem.instance)
    best = attained or near
    cost = problem.instance.energy() if best is None else best.cost
    return (
        _case("((0, 1), (1, *))", problem).finding(
            KEY,
            "as printed: factors of cost <= (1 + eps) OPT exist, OPT = 0",
            exact(cost),
            "<=",
            exact(0),
            note="an infimum of zero that no factors attain",
        ),
    )


def _case(name: str, value: Any = None) -> Case[Any]:
    """Return a case that stands for a name."""
    return Case(name=name, kind="adversarial", value=value)


ERRATA = (
    Erratum(
        printed="Dense n x n matrices are solved in n^(1 + o(1)).",
        wrong_because="Reading A and W takes 2 n^2 numbers, and that rows are equal "
        "cannot be verified without: one entry may deviate.",
        repaired="Almost linear in n for patterned input: labels of rows and columns, "
        "and the tables of the types.",
        counterexample=reading_alone,
    ),
    Erratum(
        printed="k^2 r = O(log n/log log n).",
        wrong_because="With a constant that is not controlled 2^O~(k^2 r/eps) is "
        "n^O(1).",
        repaired="k^2 r = o(log n/log log n), up to what the O~ hides.",
        counterexample=big_o,
    ),
    Erratum(
        printed="O(log 1/delta) repetitions and the median boost the probability.",
        wrong_because="A median of matrices is not defined; that of the costs needs "
        "most runs to succeed. Costs are evaluated and never below OPT, so that errors "
        "are one-sided.",
        repaired="The run of least cost: it fails with probability delta_0^R.",
        counterexample=median,
    ),
    Erratum(
        printed="Factors of cost at most (1 + eps) OPT are returned, whatever OPT is.",
        wrong_because="If OPT = 0 is not attained there are none.",
        repaired="OPT > 0, or OPT = 0 decided and reported by itself.",
        counterexample=optimum_zero,
    ),
    Erratum(
        printed="Success with probability 9/10, 0.99, or 'high', in different places.",
        wrong_because="The sketches give a constant, that t determines.",
        repaired="1 - delta with t = k + 1 + k/(eps delta), for each sketch.",
    ),
    Erratum(
        printed="The sketch is what makes the problem independent of n.",
        wrong_because="Merging types does, without loss; the sketch trades p for "
        "k/eps.",
        repaired="See few-patterns/theorem-6.1.",
    ),
)
