"""C11: how many complex critical points the weighted distance has.

Contents
--------
CountCase           a problem, and whether its weights are generic
STATEMENT           the generic Euclidean distance degree; fewer for special weights
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.critical_point_counts import counted_critical_points
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from exact_wlra.theorems.weighted_tails import rank_one_pair
from reductions.critical_counts import (
    generic_count,
    generic_rank_one_count,
    unit_weight_count,
)
from reductions.patterns import ray_classes

KEY = "ours/critical-counts"

_GENERIC = Hypothesis(
    name="generic weights",
    text="the weights lie outside some algebraic set; here: drawn from a large range",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CountCase:
    """A problem; `is_generic` is 1 if its weights are, as far as drawing goes."""

    problem: Problem
    is_generic: int


def check(case: Case[CountCase]) -> tuple[Finding, ...]:
    """Compare the number of critical points, counted exactly, with the formulas."""
    instance = case.value.problem.instance
    (n, d), k = instance.shape, instance.rank
    count = exact(counted_critical_points(instance))
    unmet = () if case.value.is_generic else (_GENERIC.name,)
    say = partial(case.finding, KEY)
    expected = exact(generic_count(n, d, k))
    findings = [
        say("critical points = generic count", count, "==", expected, unmet=unmet),
        say("critical points <= generic count", count, "<=", expected),
    ]
    if k == 1:
        chern = exact(generic_rank_one_count(n, d))
        findings.append(
            say("by polar degrees = by Chern classes", expected, "==", chern)
        )
    omega = instance.squared_weights
    if rank_one_pair(omega) is not None:
        singular = exact(unit_weight_count(n, d, k))
        findings.append(
            say("weights of rank one: C(min(n, d), k)", count, "==", singular)
        )
    classes = [
        len(ray_classes(weights)[1])
        for weights in (omega.numerators, omega.numerators.T)
    ]
    if (n, d, k) == (3, 3, 1) and classes == [2, 2]:
        findings.append(say("3 x 3 in two by two blocks: 11", count, "==", exact(11)))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[CountCase]]:
    """Yield generic weights of small shapes, unit weights, and blocks of weights."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        shapes = [((2, 2 + seed), 1), ((2, 5 + seed), 1)]
        shapes += [((3, 3), 1), ((3, 3), 2)] if seed == 0 else []
        for (n, d), k in shapes:
            problem = _generic(noise, (n, d), k)
            yield Case(
                name=f"generic-{n}x{d}-rank-{k}-{seed}",
                kind="random",
                value=CountCase(problem=problem, is_generic=1),
                seed=seed,
            )
    noise = generator(KEY, 99)
    yield Case(
        name="generic-4x3",
        kind="structured",
        value=CountCase(problem=_generic(noise, (4, 3), 1), is_generic=1),
    )
    yield Case(
        name="unit-weights",
        kind="violation",
        value=_special(noise, [[1, 1, 1]] * 4, 2),
    )
    yield Case(
        name="rank-one-weights-2x4",
        kind="violation",
        value=_special(noise, np.outer([1, 3], [1, 2, 3, 4]), 1),
    )
    # Eleven, as a Groebner basis says too: fewer than the 39 of generic weights.
    yield Case(
        name="two-blocks-by-two",
        kind="violation",
        value=_special(noise, [[2, 2, 7], [2, 2, 7], [5, 5, 3]], 1),
    )


def _generic(noise: Generator, shape: tuple[int, int], rank: int) -> Problem:
    """Return a problem with weights from a range in which coincidences are rare."""
    return Problem(
        integer_matrix(noise, shape, -99, 99),
        squared_weights=integer_matrix(noise, shape, 10, 99),
        rank=rank,
    )


def _special(noise: Generator, weights: Any, rank: int) -> CountCase:
    """Return generic data with special weights."""
    data = integer_matrix(noise, np.shape(weights), -99, 99)
    problem = Problem(data, squared_weights=weights, rank=rank)
    return CountCase(problem=problem, is_generic=0)


STATEMENT = Statement(
    key=KEY,
    title="C11: generic numbers of complex critical points",
    source="[DraismaEtAl2016]_, [OttavianiSpaenlehauerSturmfels2014]_",
    text=(
        "For generic weights the number of complex critical points of rank exactly k "
        "is the sum of the polar degrees of the determinantal variety: 4d - 2 for 2 x "
        "d, 39 for 3 x 3 at both ranks, 83 for 3 x 4. Special weights have at most as "
        "many isolated ones: C(min(n, d), k) for weights of rank one, 11 for 3 x 3 in "
        "two by two blocks."
    ),
    hypotheses=(_GENERIC,),
    cases=cases,
    check=check,
    value_type=CountCase,
    used_by=(
        "reductions.critical_counts:generic_count",
        "exact_wlra.bounds.plane:solve_plane",
    ),
    tests=(
        "tests/reductions/test_critical_counts.py",
        "tests/reductions/test_plane.py",
    ),
)
