"""Solving one irreducible instance: methods tried in the order of their cost.

Contents
--------
solve_irreducible   run them until the gap is reached or the budget is spent
"""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from exact_wlra.applicability import (
    CHEAP_PLANE,
    METHODS,
    Side,
    applicable,
    plane_classes,
    searched_sides,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Energy
from exact_wlra.incumbent import exact_factors, round_factors
from exact_wlra.leaf_solution import LeafSolution, exact_zero
from exact_wlra.methods import (
    run_charts,
    run_isolated,
    run_moments,
    run_plane,
    run_simplicial,
    run_spectral,
    run_split,
    run_two_rows,
    run_weighted_svd,
)
from exact_wlra.rank_one_completion import approach_rank_one, complete_rank_one
from exact_wlra.rank_two_methods import run_minorant, run_row_cells, run_sweep
from exact_wlra.threshold_method import Question, run_threshold
from reductions.instances import Instance

# Dimension of pattern space up to which its search is cheaper than a spectral bound,
# and number of entries up to which a spectral bound, fully improved, is cheapest.
_CHEAP_DIMENSION = 2
_SMALL_ENTRIES = 400
# Number of entries up to which a moment relaxation at k >= 2 is a matter of seconds.
_FEW_ENTRIES = 100
# Part of the energy that factors may cost where OPT = 0 is approached only.
_APPROACHED = Fraction(1, 1 << 60)
_LARGEST_GRAPH = 50_000
# Below the first gap a bracket is refined at its critical point, if it is as narrow as
# the second; searches are asked for the third.
_FINE, _USABLE = Fraction(1, 10**9), Fraction(1, 100)
_COARSE = Fraction(1, 10**6)


def solve_irreducible(
    instance: Instance,
    *,
    gap: Fraction,
    budget: Budget,
    seed: int,
    method: str = "auto",
    question: Question | None = None,
) -> LeafSolution:
    """Return factors and the best proved lower bound found within the budget.

    Parameters
    ----------
    gap : Fraction
        Relative gap at which to stop.
    method : str
        "auto", or one of `METHODS` to try that one only, or "threshold".
    question : Question or None
        Formulation and oracle of the method "threshold".
    """
    bracket = partial(
        _bracket, budget=budget, seed=seed, method=method, question=question
    )
    is_fine = 0 < gap < _FINE
    start = bracket(instance, gap, searched=_COARSE if is_fine else gap)
    is_refinable = start.is_within(_USABLE) and not start.is_zero
    if is_fine and is_refinable and not start.is_within(gap):
        run_isolated(instance, start, gap, budget, solve=bracket, seed=seed)
    return start


def _bracket(
    instance: Instance,
    gap: Fraction,
    *,
    searched: Fraction | None = None,
    budget: Budget,
    seed: int,
    method: str,
    question: Question | None,
) -> LeafSolution:
    """Return what the methods prove; those that search are asked for `searched`."""
    done = _exact_fit(instance)
    if done is not None:
        return done
    sides = searched_sides(instance)
    reasons = applicable(instance, sides)
    chosen = [
        name for name in METHODS[1:] if not reasons[name] and method in ("auto", name)
    ]
    start = exact_zero(instance)
    if chosen[:1] == ["two-rows"]:
        run_two_rows(instance, start, gap, budget)
        return start
    if chosen[:1] == ["weighted-svd"]:
        run_weighted_svd(instance, start, gap, budget)
        if start.lower > 0:  # no other method comes closer
            return start
    if "plane" in chosen and (
        method == "plane" or plane_classes(instance) <= CHEAP_PLANE
    ):
        run_plane(instance, start, gap, budget)
        if start.lower > 0:
            return start
    from exact_wlra.heuristics.alternating import best_of_starts

    # What computes exactly is done; a critical point does the rest.
    gap = gap if searched is None else searched
    found = best_of_starts(instance, seed=seed, budget=budget)
    start.offer(
        round_factors(instance, found.left, found.right, tolerance=float(gap) / 50)
    )
    if method == "threshold":
        run_threshold(
            instance, start, gap, budget, question=question or Question(), seed=seed
        )
        return start
    for name, run in _in_order_of_cost(instance, sides, seed):
        if start.is_within(gap) or (start.attempts and budget.is_spent()):
            break
        if name in chosen:
            run(instance, start, gap, budget)
    return start


def _in_order_of_cost(
    instance: Instance, sides: list[Side], seed: int
) -> list[tuple[str, Callable[..., None]]]:
    """Return the methods that search, the cheapest for this size first."""
    quick = ("spectral", partial(run_spectral, max_evaluations=0))
    spectral = ("spectral", run_spectral)
    simplicial = ("simplicial", partial(run_simplicial, sides=sides))
    sweep = ("sweep", partial(run_sweep, sides=sides))
    cells = ("row-cells", partial(run_row_cells, sides=sides))
    minorant = ("minorant", partial(run_minorant, seed=seed))
    split, charts = ("split", run_split), ("charts", run_charts)
    moments = ("moments", run_moments)
    # Elimination with many classes takes long, and is done if nothing else suffices.
    plane = ("plane", run_plane)
    n, d = instance.shape
    is_small = n * d <= _SMALL_ENTRIES
    if instance.rank > 1:
        rest = [charts, split] if is_small else [split, charts]
        of_rank_two: list[tuple[str, Callable[..., None]]]
        of_rank_two = [cells] if sides else [minorant]
        after = [moments, *of_rank_two, spectral]
        if n * d > _FEW_ENTRIES:
            after = [*of_rank_two, moments, spectral]
        return [quick, sweep, *after, *rest, plane]
    is_cheap = bool(sides) and sides[0].dimension <= _CHEAP_DIMENSION
    last = [spectral, charts, split]
    if is_small:
        if is_cheap and instance.support().all():
            return [quick, simplicial, moments, sweep, *last, plane]
        return [quick, moments, minorant, *last, simplicial, sweep, plane]
    if is_cheap:
        return [simplicial, moments, sweep, quick, minorant, *last, plane]
    return [quick, moments, minorant, simplicial, sweep, *last, plane]


def _may_be_completed(instance: Instance) -> bool:
    """Tell whether rank-one completion is worth a graph with an edge for each entry."""
    support = instance.support()
    return instance.rank == 1 and support.size <= _LARGEST_GRAPH and not support.all()


def _exact_fit(instance: Instance) -> LeafSolution | None:
    """Return the solution where the optimum is 0, or the rank is 0."""
    start = exact_zero(instance)
    if instance.rank == 0:
        start.proof, start.lower = Energy(), start.upper
        return start
    if 0 in instance.shape or start.upper == 0:
        return start
    fitted = exact_factors(instance)
    if fitted is None and _may_be_completed(instance):
        tolerance = start.upper * _APPROACHED
        fitted = complete_rank_one(instance) or approach_rank_one(instance, tolerance)
    if fitted is None:
        return None
    start.offer(fitted)
    start.is_zero = True
    return start
