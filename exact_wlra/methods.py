"""The methods for one irreducible instance: each improves what is known about it.

Contents
--------
run_two_rows, run_weighted_svd, run_plane       solve their kind of instance whole
run_spectral, run_simplicial, run_split         bounds from floating-point searches
run_sweep, run_row_cells                        weights of rank two, any rank
run_minorant                                    other weights, lowered to rank two
run_charts                                      subdivision of the charts
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.applicability import (
    LARGEST_ORDER,
    Side,
    cell_sides,
    plane_classes,
    plane_seconds,
    sides_of,
    sweep_sides,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof, Transpose
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.incumbent import Incumbent, round_factors
from exact_wlra.leaf_solution import LeafSolution
from reductions.instances import Instance
from reductions.patterns import ray_classes
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]

# Singular values are irrational in general: gap 0 is asked for with this one instead.
_LEAST_SVD_GAP = Fraction(1, 1 << 100)
# Part of the time limit after which the spectral bound is no longer improved.
_SPECTRAL_SHARE = 0.1
# Part of the gap that the sweep may spend: the factors in hand need the rest.
_SWEEP_SHARE = 0.6
# Weights of rank two that are tried below others, and the gap a float center allows.
_MOST_MINORANTS = 6
_LEAST_FLOAT_GAP = 1e-13
# Factors that cost less than this part of the energy may be rounding errors of an exact
# fit: no threshold below them can be refuted.
_NOISE = Fraction(1, 1 << 50)


def run_two_rows(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve the one-unknown problem exactly."""
    from exact_wlra.bounds.two_rows import prove_two_rows, solve_two_rows
    from exact_wlra.checker.two_rows import check_algebraic

    turned = instance.shape[0] != 2
    oriented = instance.transpose if turned else instance
    optimum = solve_two_rows(oriented)
    proof, left, right = prove_two_rows(oriented, optimum, gap)
    _offer(instance, start, left, right, turned=turned)
    if _is_confirmed(check_algebraic, oriented, optimum):
        start.algebraic = optimum
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    start.improve(instance, "two-rows", wrapped, budget)


def run_plane(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve a problem on the projective plane by all its critical points."""
    from exact_wlra.bounds.plane import prove_plane, solve_plane
    from exact_wlra.checker.plane import check_plane_optimum
    from reductions.errors import NotApplicableError

    turned = _is_plane_of_columns(instance)
    oriented = instance.transpose if turned else instance
    if budget.seconds() + plane_seconds(plane_classes(instance)) > budget.time_limit:
        return  # elimination cannot be interrupted
    try:
        optimum = solve_plane(oriented)
    except NotApplicableError:  # infinitely many critical points: others may do
        budget.tell("plane", float(start.lower), float(start.upper), 0)
        return
    proof, left, right = prove_plane(oriented, optimum, gap)
    _offer(instance, start, left, right, turned=turned)
    if _is_confirmed(check_plane_optimum, oriented, optimum):
        start.algebraic = optimum
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    start.improve(instance, "plane", wrapped, budget)


def _offer(
    instance: Instance,
    start: LeafSolution,
    left: RationalMatrix,
    right: RationalMatrix,
    *,
    turned: bool,
) -> None:
    """Offer factors of the instance, or of its transpose."""
    if turned:
        left, right = right.transpose, left.transpose
    start.offer(Incumbent(left=left, right=right, cost=instance.cost(left, right)))


def _is_confirmed(check: Callable[..., None], oriented: Instance, optimum: Any) -> bool:
    """Tell whether the checker confirms the optimum as an algebraic number."""
    if optimum.value is None:
        return False
    # Much narrower than the bracket of the certificate: one critical value only.
    lower, upper = optimum.enclosure
    try:
        check(
            oriented,
            minimal_polynomial=optimum.value.minimal_polynomial,
            isolating_interval=optimum.value.isolating_interval,
            lower=lower,
            upper=upper,
        )
    except RejectedCertificateError:
        return False
    return True


def _is_plane_of_columns(instance: Instance) -> bool:
    """Tell whether the column spaces are the plane with fewer weight classes."""
    n, d = instance.shape
    if n != 3 or d != 3:
        return d != 3
    weights = instance.squared_weights.numerators
    return len(ray_classes(weights.T)[1]) < len(ray_classes(weights)[1])


def run_charts(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Subdivide the charts of the row spaces or of the column spaces."""
    from exact_wlra.bounds.charts import chart_formulation, prove_charts

    formulation = chart_formulation(instance)
    if isinstance(formulation, str) or start.upper <= _NOISE * instance.energy():
        return
    result = prove_charts(
        instance, formulation, upper=start.upper, gap=gap, budget=budget
    )
    if result.found is not None:
        start.offer(result.found)
    if result.proof is not None:
        start.improve(instance, "charts", result.proof, budget, claimed=result.lower)


def run_weighted_svd(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve rank-one weights by a weighted singular value decomposition."""
    from exact_wlra.bounds.spectral import prove_weighted_svd

    proof, left, right = prove_weighted_svd(instance, max(gap, _LEAST_SVD_GAP))
    start.offer(Incumbent(left=left, right=right, cost=instance.cost(left, right)))
    start.improve(instance, "weighted-svd", proof, budget)


def run_spectral(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    max_evaluations: int | None = None,
) -> None:
    """Try the spectral certificate at the incumbent, first without improving it."""
    from exact_wlra.bounds.spectral import prove_spectral

    end = budget.seconds() + _SPECTRAL_SHARE * budget.time_limit
    proof = prove_spectral(
        instance,
        start.left.to_float(),
        start.right.to_float(),
        target_gap=float(gap),
        max_evaluations=max_evaluations,
        interrupted=lambda: budget.is_spent() or budget.seconds() > end,
    )
    start.improve(instance, "spectral", proof, budget)


def run_simplicial(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    sides: list[Side],
) -> None:
    """Search pattern space, from both sides where both have few patterns."""
    from exact_wlra.bounds.simplicial import SimplicialSearch, search_sides
    from reductions.least_squares import solve_rows
    from reductions.pattern_space import pattern_space

    searches: list[SimplicialSearch] = []
    for side in sides:
        if searches and (
            side.dimension > searches[0].space.dimension or side.order > LARGEST_ORDER
        ):
            continue
        space = pattern_space(side.instance, side.factorization)
        search = SimplicialSearch(side.instance, space, budget)
        right = start.left.transpose if side.is_transposed else start.right
        search.offer(right.to_float()[0])
        searches.append(search)
    # Rounding may spend what the search leaves of the gap.
    best = search_sides(searches, gap=0.7 * float(gap), budget=budget)
    oriented = best.instance
    turned = oriented is not instance
    weights = oriented.squared_weights.to_float()
    data = np.where(weights > 0, oriented.data.to_float(), 0.0)
    point = best.best_point[None]
    left = solve_rows(data, weights, point)
    found = round_factors(oriented, left, point, tolerance=float(gap) / 50)
    if turned:
        found = Incumbent(
            left=found.right.transpose, right=found.left.transpose, cost=found.cost
        )
    start.offer(found)
    proof = best.proof(0.2 * float(gap))
    nodes = sum(search.n_nodes for search in searches)
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    claimed = oriented.energy() - proof.capture
    start.improve(instance, "simplicial", wrapped, budget, nodes=nodes, claimed=claimed)


def run_sweep(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    sides: list[Side],
) -> None:
    """Sweep weights of rank two, from the other side where one does not suffice."""
    if start.upper <= _NOISE * instance.energy():
        return
    allowed = _SWEEP_SHARE * float(gap * start.upper)
    left, right = start.left.to_float(), start.right.to_float()
    for proof, n_vertices in _sweeps(
        instance, left, right, sides=sides, allowed=allowed, budget=budget
    ):
        start.improve(instance, "sweep", proof, budget, nodes=n_vertices)
        if start.is_within(gap) or budget.is_spent():
            return


def _sweeps(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    sides: list[Side],
    allowed: float,
    budget: Budget,
) -> Iterator[tuple[Proof, int]]:
    """Yield the proof of the sweep from each side, and its number of vertices."""
    from exact_wlra.bounds.sweep import sweep
    from reductions.pattern_space import pattern_space

    for side in sweep_sides(instance, sides):
        space = pattern_space(side.instance, side.factorization)
        rows = left.T if side.is_transposed else right
        found = sweep(space, instance.rank, rows, allowed=allowed, budget=budget)
        if found is not None:
            turned = side.is_transposed
            proof: Proof = Transpose(proof=found.proof) if turned else found.proof
            yield proof, found.n_vertices


def run_row_cells(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    sides: list[Side],
) -> None:
    """Distribute the rows of the factor that a sweep keeps over cells."""
    from exact_wlra.bounds.row_cells import CellSearch
    from reductions.pattern_space import pattern_space

    if start.upper <= _NOISE * instance.energy():
        return
    searches = [
        CellSearch(
            pattern_space(side.instance, side.factorization),
            instance.rank,
            (start.left.transpose if side.is_transposed else start.right).to_float(),
            allowed=_SWEEP_SHARE * float(gap * start.upper),
            budget=budget,
        )
        for side in cell_sides(instance, sides)
    ]
    best = min(range(len(searches)), key=lambda i: searches[i].excess)
    found = searches[best].run()
    if found is not None:
        turned = cell_sides(instance, sides)[best].is_transposed
        proof: Proof = Transpose(proof=found.proof) if turned else found.proof
        start.improve(instance, "row-cells", proof, budget, nodes=found.n_nodes)


def run_minorant(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget, *, seed: int
) -> None:
    """Sweep lower weights of rank two, the rest of the weights linearized."""
    from exact_wlra.bounds.lowered_weights import lowered_instances

    if start.upper <= _NOISE * instance.energy():
        return
    share = _SWEEP_SHARE / 2 * float(gap)
    waiting = []
    for lowered in lowered_instances(
        instance,
        start.left.to_float(),
        start.right.to_float(),
        gap=max(share, _LEAST_FLOAT_GAP),
        count=_MOST_MINORANTS,
        seed=seed,
        budget=budget,
    ):
        waiting.append(lowered)
        if lowered.value >= (1 - share) * float(start.upper):
            break
    # The best last; a value bounds what the sweep can prove.
    waiting.sort(key=lambda lowered: lowered.value)
    while waiting and waiting[-1].value > start.lower:
        lowered = waiting.pop()
        allowed = share * float(start.upper)
        for inner, n_vertices in _sweeps(
            lowered.instance,
            lowered.left,
            lowered.right,
            sides=sides_of(lowered.instance),
            allowed=allowed,
            budget=budget,
        ):
            proof = replace(lowered.proof, proof=inner)
            start.improve(instance, "minorant", proof, budget, nodes=n_vertices)
            if start.is_within(gap) or budget.is_spent():
                return


def run_split(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Try the search-free bounds: splits of the weights, Woodruff-Yasuda."""
    from exact_wlra.bounds.splitting import prove_hadamard_rank, prove_split

    target = float(gap)
    proof = prove_split(instance, target_gap=target, interrupted=budget.is_spent)
    start.improve(instance, "split", proof, budget)
    if budget.is_spent():
        return
    proof = prove_hadamard_rank(instance, target_gap=target)
    start.improve(instance, "hadamard-rank", proof, budget)
