"""Theorem 1.2 of the few-pattern paper: the main result, from end to end.

Contents
--------
PatternedTask       a problem with few patterns, accuracy, sketch size, repetitions
STATEMENT           cost <= (1 + eps) OPT, sizes that do not depend on n, boosting

References
----------
[LiLiangShiSong2025]_, Theorem 1.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import Any, final

import numpy as np

from exact_wlra.boosting import failure_of_median
from exact_wlra.budget import Budget
from exact_wlra.problem import Problem
from exact_wlra.sketched_pipeline import SketchedSolution, solve_by_sketch
from exact_wlra.theorems.few_patterns.theorem_1_2_errata import ERRATA, KEY
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import enclosed, estimated, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Kind, Statement
from exact_wlra.threshold_deciders import Unknown
from reductions.formulation import pattern_counts
from reductions.instances import Instance

_KEPT = Hypothesis(
    name="nothing lost",
    text="the sketches keep the column spaces of the data of all classes (almost "
    "surely if t is at least the rank of the data of each)",
)

_SECONDS = 60.0
_COPIES = 50


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternedTask:
    """What the theorem speaks about.

    Parameters
    ----------
    problem : Problem
        With few patterns; small after merging.
    epsilon : Fraction
        In (0, 3].
    sketch_columns : int
        t, at least k + 2.
    repetitions : int
        R, odd.
    single_failure : Fraction
        delta_0 < 1/2, the probability that one run fails.
    """

    problem: Problem
    epsilon: Fraction
    sketch_columns: int
    repetitions: int = 21
    single_failure: Fraction = Fraction(1, 100)


def check(case: Case[PatternedTask]) -> tuple[Finding, ...]:
    """Run the pipeline; compare costs, sizes with n and 50 n rows, and probabilities.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    value = case.value
    instance = value.problem.instance
    n = instance.shape[0]
    repeated = instance.restrict(np.tile(np.arange(n), _COPIES))
    found, again = _solved(value, instance), _solved(value, repeated)
    if isinstance(found, Unknown) or isinstance(again, Unknown):
        return (_open(case, found, again), *_boosting(case))
    return (
        *_costs(case, found),
        *_sizes(case, found, again),
        *_boosting(case),
    )


def _open(case: Case[PatternedTask], *answers: SketchedSolution | Unknown) -> Finding:
    """Return that a question stayed open, and why."""
    reasons = [f"{x.reason}; {x.advice}" for x in answers if isinstance(x, Unknown)]
    return case.finding(
        KEY,
        "the pipeline returns factors (1 yes, 0 no)",
        enclosed(0, 1),
        "==",
        exact(1),
        note=reasons[0],
    )


def _costs(case: Case[PatternedTask], found: SketchedSolution) -> Iterator[Finding]:
    """Yield the exact cost against (1 + eps) OPT."""
    value = case.value
    instance = value.problem.instance
    best = optimum(value.problem)
    unmet = () if found.is_exact else (_KEPT.name,)
    yield case.finding(
        KEY,
        "cost(U, V) <= (1 + eps) OPT",
        exact(found.cost),
        "<=",
        best.times(1 + value.epsilon),
        unmet=unmet,
    )
    yield case.finding(KEY, "OPT <= cost(U, V)", best, "<=", exact(found.cost))
    yield case.finding(
        KEY,
        "cost returned = cost(U, V)",
        exact(found.cost),
        "==",
        exact(instance.cost(found.left, found.right)),
    )
    loss = max(part.expected_ratio for part in found.parts)
    if unmet:
        yield case.finding(
            KEY,
            "each part: cost <= (1 + eps/3) F, F never below OPT",
            exact(max(part.cost for part in found.parts)),
            "<=",
            exact(
                max(
                    (1 + value.epsilon / 3) * part.search.told_lower
                    for part in found.parts
                    if part.search is not None
                )
            ),
            note=f"in the mean F <= {float(loss):.4g} OPT",
        )


def _sizes(
    case: Case[PatternedTask], found: SketchedSolution, again: SketchedSolution
) -> Iterator[Finding]:
    """Yield that merging leaves types, as many for n rows as for 50 n."""
    value = case.value
    counts = pattern_counts(value.problem.instance)
    yield case.finding(
        KEY,
        "entries of all parts <= (row types)(column types)",
        exact(_n_entries(found)),
        "<=",
        exact(counts.n_row_types * counts.n_column_types),
    )
    for name, first, second in (
        ("variables", _n_variables(found), _n_variables(again)),
        ("entries of all parts", _n_entries(found), _n_entries(again)),
    ):
        yield case.finding(
            KEY, f"{name}: of 50 n rows = of n rows", exact(second), "==", exact(first)
        )
    if found.is_exact:
        yield case.finding(
            KEY,
            "50 n rows: cost(U, V) <= (1 + eps) 50 OPT",
            exact(again.cost),
            "<=",
            optimum(value.problem).times(_COPIES * (1 + value.epsilon)),
        )


def _boosting(case: Case[PatternedTask]) -> Iterator[Finding]:
    """Yield failure probabilities of the least of R runs and of their median."""
    runs, single = case.value.repetitions, case.value.single_failure
    median = failure_of_median_exactly(runs, single)
    bound = failure_of_median(runs, single)
    yield case.finding(
        KEY,
        "least cost: P(all R runs fail) = delta_0^R, by counting",
        exact(_at_least(runs, runs, single)),
        "==",
        exact(single**runs),
    )
    yield case.finding(
        KEY,
        "P(least of R fails) <= P(median of R fails)",
        exact(single**runs),
        "<=",
        exact(median),
    )
    yield case.finding(
        KEY,
        "P(median of R fails) <= (2 sqrt(delta_0 (1 - delta_0)))^R",
        exact(median),
        "<=",
        estimated(bound, error=1e-9 * bound),
    )


def failure_of_median_exactly(runs: int, single: Fraction) -> Fraction:
    """Return the probability that more than half of R (odd) runs fail.

    Examples
    --------
    >>> float(failure_of_median_exactly(21, Fraction(1, 100))) < 4e-17
    True
    """
    return _at_least((runs + 1) // 2, runs, single)


def _at_least(least: int, runs: int, single: Fraction) -> Fraction:
    """Return the probability that at least so many of the runs fail."""
    return sum(
        (
            comb(runs, bad) * single**bad * (1 - single) ** (runs - bad)
            for bad in range(least, runs + 1)
        ),
        Fraction(0),
    )


def _solved(value: PatternedTask, instance: Instance) -> SketchedSolution | Unknown:
    """Return what the pipeline finds."""
    return solve_by_sketch(
        instance,
        epsilon=value.epsilon,
        sketch_columns=value.sketch_columns,
        budget=Budget(time_limit=_SECONDS),
    )


def _n_variables(found: SketchedSolution) -> int:
    """Return the variables of all parts."""
    return sum(part.sizes.n_variables for part in found.parts if part.sizes)


def _n_entries(found: SketchedSolution) -> int:
    """Return the entries of all parts that an oracle is asked about."""
    shapes = [part.instance.shape for part in found.parts if part.search is not None]
    return sum(rows * columns for rows, columns in shapes)


def cases(seeds: int) -> Iterator[Case[PatternedTask]]:
    """Yield patterned problems whose sketch loses nothing, and one that loses."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (4, 3), -9, 9)
        rows = np.arange(12) % 4
        weights = np.array([[1, 2, 1], [3, 1, 3]])[rows % 2]
        epsilon = Fraction(1, 10 ** (1 + seed % 2))
        yield _case(
            f"random-{seed}", "random", data[rows], weights, (epsilon, 4), seed=seed
        )
    noise = generator(KEY, 100)
    ones = np.ones((6, 4), dtype=np.int64)
    low = integer_matrix(noise, (6, 1), -3, 3) @ integer_matrix(noise, (1, 4), -3, 3)
    yield _case("optimum-zero", "structured", low, ones, (Fraction(1, 10), 3))
    data = integer_matrix(noise, (8, 6), -9, 9)
    plain = np.ones((8, 6), dtype=np.int64)
    yield _case("lossy-sketch", "violation", data, plain, (Fraction(1, 20), 3))


def _case(
    name: str,
    kind: Kind,
    data: Any,
    weights: Any,
    accuracy: tuple[Fraction, int],
    *,
    seed: int | None = None,
) -> Case[PatternedTask]:
    """Return a case of rank one."""
    epsilon, t = accuracy
    value = PatternedTask(
        problem=Problem(data, weights=weights, rank=1),
        epsilon=epsilon,
        sketch_columns=t,
    )
    return Case(name=name, kind=kind, value=value, seed=seed)


STATEMENT = Statement(
    key=KEY,
    title="Theorem 1.2: few patterns, almost linear time",
    source="[LiLiangShiSong2025]_, Theorem 1.2",
    text=(
        "Let W have at most r distinct rows and r distinct columns, A at most p of "
        "each. Merging types leaves parts with at most (r p)^2 entries in all, in "
        "number and size independent of n; from patterned input that takes time "
        "linear in n. Of each part a Gaussian sketch of t columns is taken, the "
        "infimum F of what it can say is bracketed by decisions, and factors are "
        "recovered. Then cost(U, V) <= (1 + eps/3) F in each part, F >= OPT, in the "
        "mean F <= (1 + k/(t - k - 1)) OPT; and cost(U, V) <= (1 + eps) OPT surely, "
        "if the sketch keeps the column spaces of the data of all classes. Of R "
        "independent runs, each failing with probability delta_0, the one of least "
        "cost fails with probability delta_0^R."
    ),
    hypotheses=(_KEPT,),
    cases=cases,
    check=check,
    value_type=PatternedTask,
    errata=ERRATA,
    used_by=(
        "exact_wlra.sketched_pipeline:solve_by_sketch",
        "exact_wlra.boosting:n_repetitions",
        "exact_wlra.boosting:best_of_seeds",
        "reductions.pipeline:reduce",
    ),
    tests=(
        "tests/exact_wlra/test_sketched_pipeline.py",
        "tests/exact_wlra/test_boosting.py",
        "tests/reductions/test_pipeline.py",
    ),
)
