"""What would be done with a problem, and why: reductions, methods, expected cost.

The reductions are carried out, for their results decide everything else; nothing is
searched, proved or changed.

Contents
--------
plan                the plan of a problem
seconds_in_words    an expected time

Notes on the implementation
---------------------------
Expected costs are orders of magnitude: counts of simplices as measured on instances
with 0, 1, 2, ... dimensions of pattern space, times the arithmetic of one simplex.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from exact_wlra.applicability import METHODS, applicable, plane_classes, plane_seconds
from exact_wlra.bounds.charts import chart_work
from exact_wlra.entries.partial_matrices import by
from exact_wlra.incumbent import exact_factors
from exact_wlra.plans import NOT_NEEDED, LeafPlan, MethodPlan, Plan
from exact_wlra.problem import Problem
from reductions.formulation import FormulationSizes, pattern_counts
from reductions.formulations import sizes_of_all
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.pipeline import reduce
from reductions.weight_factorization import factor_weights

# Simplices that a search to gap 1e-6 was seen to need, by dimension of pattern space.
_TYPICAL_SIMPLICES = (1, 50, 500, 10_000, 300_000)
# Floating-point operations a second, and the overhead of one simplex, on one core.
_SPEED = 1e10
_SIMPLEX_SECONDS = 1.5e-3
# Seconds of subdivision for each Bernstein coefficient of all charts.
_SECONDS_A_COEFFICIENT = 2e-5
# Pattern space is measured for at most this many patterns; beyond, no search is tried.
_LARGEST_COUNT = 64


def plan(problem: Problem) -> Plan:
    """Return what `solve` would do with a problem, and why.

    Examples
    --------
    >>> rows = [[1, 2, 3], [1, 2, 3], [2, 1, 0], [0, 3, 1]]
    >>> weights = [[1, 1, 2], [1, 1, 2], [1, 1, 1], [1, 1, 1]]
    >>> print(plan(Problem(rows, weights=weights, rank=1)))
    problem 4 x 3, rank 1
    reductions
              4 x 3 -> 3 x 3         equal rows or columns merged
      all of them keep infimum and attainment
    part 1: 3 x 3, rank 1, 0 of 9 weights zero
      weight patterns: 2 of rows, 2 of columns
      pattern space: dimension 1, matrices of order 3
      no  exact-fit     the data have rank above the rank asked
      no  two-rows      needs two rows or columns and rank one
      no  weighted-svd  the squared weights have rank above one
      yes plane         all critical points by resultants: below a second
      yes spectral      some singular value decompositions of 3 x 3: below a second
      yes simplicial    about 50 simplices of 2 vertices, order 3: below a second
      yes sweep         some hundred eigenvalue problems of order 3: below a second
      no  row-cells     at rank one the sweep needs no cells
      yes moments       some tens of eigenvalue problems of order 10: below a second
      no  minorant      needs squared weights of rank above two
      yes split         many singular value decompositions of 3 x 3: below a second
      yes charts        Bernstein subdivision of all charts: below a second
    methods run until the gap is met, the cheapest for the size first
    as polynomial systems, before any reduction:
      formulation      systems  variables  degree  divisors  summands   terms  bits
      plain                  1          7       4         0        12      25    12
      charts of V            3          2       4         2         2      15    26
      charts of U            4          3       4         2         2      35    28
      sketched charts        3          2       4         2         2      15  1111
      sketched Cramer        1        172      16         4         9  ~10^21   224
    """
    reduced = reduce(problem.instance)
    leaves = Counter(_leaf_plan(leaf) for leaf in reduced.leaves())
    return Plan(
        shape=problem.shape,
        types=problem.data.shape if problem.is_patterned else None,
        rank=problem.rank,
        reductions=tuple(reduced.steps()),
        keeps_attainment=reduced.guarantee.attainment,
        parts=tuple(leaves.items()),
        formulations=_formulations(problem),
    )


def _formulations(problem: Problem) -> tuple[FormulationSizes, ...]:
    """Return the sizes of the formulations of the whole matrix; none for rank 0."""
    if problem.rank == 0 or not problem.instance.support().any():
        return ()
    counts = pattern_counts(problem.instance)
    n, d = problem.shape
    return sizes_of_all(
        replace(counts, n_rows=n, n_columns=d, n_weighted=_n_weighted(problem))
    )


def _n_weighted(problem: Problem) -> int:
    """Return the number of entries of the whole matrix with positive weight."""
    support = problem.instance.support()
    if problem.row_labels is None or problem.column_labels is None:
        return int(support.sum())
    rows, columns = (
        np.bincount(labels, minlength=size)
        for labels, size in zip(
            (problem.row_labels, problem.column_labels), support.shape, strict=True
        )
    )
    return int(rows @ support.astype(np.int64) @ columns)


def _leaf_plan(leaf: Instance) -> LeafPlan:
    """Return the plan of one irreducible part."""
    weights = leaf.squared_weights.numerators
    n_row_patterns = len(ray_classes(weights)[1])
    n_column_patterns = len(ray_classes(weights.T)[1])
    reasons = _reasons(leaf)
    dimension = order = None
    searchable = min(n_row_patterns, n_column_patterns) <= _LARGEST_COUNT
    if leaf.rank == 1 and searchable and reasons["exact-fit"]:
        dimension, order = min(_pattern_space(leaf), _pattern_space(leaf.transpose))
    costs = _costs(leaf, dimension, order)
    return LeafPlan(
        shape=leaf.shape,
        rank=leaf.rank,
        n_row_patterns=n_row_patterns,
        n_column_patterns=n_column_patterns,
        n_zero_weights=weights.size - int((weights != 0).sum()),
        dimension=dimension,
        order=order,
        methods=tuple(
            MethodPlan(
                method=name,
                reason=reasons[name],
                cost="" if reasons[name] else costs.get(name, "not estimated"),
            )
            for name in METHODS
        ),
    )


def _reasons(leaf: Instance) -> dict[str, str]:
    """Return for every method why it does not apply; one that decides excludes all."""
    trivial = leaf.rank == 0 or 0 in leaf.shape
    if trivial or exact_factors(leaf) is not None:
        return {"exact-fit": ""} | dict.fromkeys(METHODS[1:], NOT_NEEDED)
    return applicable(leaf) | {"exact-fit": "the data have rank above the rank asked"}


def _pattern_space(leaf: Instance) -> tuple[int, int]:
    """Return the dimension of pattern space and the order of its matrices."""
    n_generators = len(factor_weights(leaf.squared_weights).generators)
    return n_generators - 1, leaf.shape[1]


def _costs(leaf: Instance, dimension: int | None, order: int | None) -> dict[str, str]:
    """Return the expected cost of every method in words."""
    n, d = leaf.shape
    short, long = sorted((n, d))
    decomposition = n * d * short / _SPEED
    by_svd = "singular value decompositions of"
    costs = {
        "exact-fit": "the cost of X = 0" if leaf.rank == 0 else "the optimum is 0",
        "two-rows": f"real roots of one polynomial, {long} columns: "
        + seconds_in_words(1e-3 * long**2),
        "charts": "Bernstein subdivision of all charts: "
        + seconds_in_words(_SECONDS_A_COEFFICIENT * _least_chart_work(leaf)),
        "plane": "all critical points by resultants: "
        + seconds_in_words(plane_seconds(_n_plane_classes(leaf))),
        "weighted-svd": f"one singular value decomposition of {by(leaf.shape)}: "
        + seconds_in_words(40 * decomposition),
        "spectral": f"some {by_svd} {by(leaf.shape)}: "
        + seconds_in_words(60 * decomposition),
        "simplicial": "",
        "sweep": f"some hundred eigenvalue problems of order {short}: "
        + seconds_in_words(500 * 30 * short**3 / _SPEED),
        "row-cells": "hundreds of semidefinite programs with few unknowns: "
        + seconds_in_words(100 * (0.05 + 2e-6 * short**3)),
        "minorant": f"a few sweeps of order {short}: "
        + seconds_in_words(3000 * 30 * short**3 / _SPEED),
        "moments": f"some tens of eigenvalue problems of order {n * d + 1}: "
        + seconds_in_words(
            100 * 30 * (1 + 3 * (leaf.rank > 1)) * (n * d) ** 3 / _SPEED
        ),
        "split": f"many {by_svd} {by(leaf.shape)}: "
        + seconds_in_words(1000 * decomposition),
    }
    if dimension is not None and order is not None:
        known = min(dimension, len(_TYPICAL_SIMPLICES) - 1)
        count = _TYPICAL_SIMPLICES[known] * 30 ** (dimension - known)
        each = _SIMPLEX_SECONDS + (dimension + 1) * 14 * order**3 / _SPEED
        search = f"about {count} simplices of {dimension + 1} vertices"
        costs["simplicial"] = (
            f"{search if dimension else 'one multiplier'}, order {order}: "
            + seconds_in_words(count * each)
        )
    return costs


def _n_plane_classes(leaf: Instance) -> int:
    """Return the classes of the elimination on the plane, 0 where there is none."""
    return plane_classes(leaf) if 3 in leaf.shape else 0


def _least_chart_work(leaf: Instance) -> int:
    """Return the effort of the better side of the charts."""
    counts = pattern_counts(leaf)
    return min(chart_work(counts), chart_work(counts.transpose))


def seconds_in_words(seconds: float) -> str:
    """Return the order of magnitude of a time.

    Examples
    --------
    >>> seconds_in_words(0.2), seconds_in_words(400), seconds_in_words(1e9)
    ('below a second', 'minutes', 'out of reach')
    """
    for limit, words in (
        (1.0, "below a second"),
        (60.0, "seconds"),
        (3600.0, "minutes"),
        (86400.0, "hours"),
        (864000.0, "days"),
    ):
        if seconds < limit:
            return words
    return "out of reach"
