"""The methods for one irreducible instance: each improves what is known about it.

Contents
--------
run_two_rows, run_weighted_svd, run_plane       solve their kind of instance whole
run_spectral, run_simplicial, run_split         bounds from floating-point searches
run_charts                                      subdivision of the charts
run_moments                                     sums of squares, any weights
run_isolated                                    digits beyond those of the others
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.applicability import (
    LARGEST_ORDER,
    Side,
    plane_classes,
    plane_seconds,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof, Transpose
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.incumbent import Incumbent, round_factors
from exact_wlra.leaf_solution import NOISE, LeafSolution
from exact_wlra.solution import Minimizer
from reductions.instances import Instance
from reductions.patterns import ray_classes
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]

# Singular values are irrational in general: gap 0 is asked for with this one instead.
_LEAST_SVD_GAP = Fraction(1, 1 << 100)
# Part of the time limit after which the spectral bound is no longer improved.
_SPECTRAL_SHARE = 0.1


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
    if isinstance(formulation, str) or start.upper <= NOISE * instance.energy():
        return
    result = prove_charts(
        instance, formulation, upper=start.upper, gap=gap, budget=budget
    )
    if result.found is not None:
        start.offer(result.found)
    if result.proof is not None:
        start.improve(instance, "charts", result.proof, budget, claimed=result.lower)


def run_moments(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Search sums of squares that prove the factors optimal, or bound the cost."""
    from exact_wlra.bounds.moments import prove_moments

    if start.upper <= NOISE * instance.energy():
        return
    found = prove_moments(
        instance,
        start.left.to_float(),
        start.right.to_float(),
        lower=start.lower,
        upper=start.upper,
        gap=gap,
        budget=budget,
    )
    tolerance = float(gap) / 50
    start.offer(round_factors(instance, found.left, found.right, tolerance=tolerance))
    if found.proof is not None:
        start.improve(instance, "moments", found.proof, budget)


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
        name = budget.checkpoint.name("simplicial", side.instance)
        search = SimplicialSearch(side.instance, space, budget, name=name)
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


def run_isolated(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    solve: Callable[[Instance, Fraction], LeafSolution],
    seed: int,
) -> None:
    """Refine a bracket to the critical point inside it; `solve` brackets others."""
    from exact_wlra.bounds.basins import enclose_basins
    from exact_wlra.bounds.charts import chart_formulation
    from exact_wlra.bounds.isolation import isolate

    def prove(inner: Instance, inner_gap: Fraction) -> tuple[Proof, Fraction]:
        with budget.silence():
            found = solve(inner, inner_gap)
        return found.proof, found.lower

    left, right = (
        factor.to_float() if isinstance(factor, RationalMatrix) else factor
        for factor in (start.left, start.right)
    )
    result = isolate(
        instance, left, right, gap=gap, method=prove, seed=seed, budget=budget
    )
    if isinstance(result, str):
        start.obstacle = result
        formulation = chart_formulation(instance)
        if isinstance(formulation, str):
            return
        # Several minimizers may be the obstacle; small sizes can be searched for all.
        result = enclose_basins(
            instance, formulation, left, right, gap=gap, budget=budget
        )
        if isinstance(result, str):
            start.obstacle += f"; {result}"
            return
    start.offer(result.found)
    name = "isolated" if start.obstacle == "" else "basins"
    start.improve(instance, name, result.proof, budget, claimed=result.lower)
    # Where weights vanish, the charts leave out some V that may be minimizers too.
    is_complete = name == "isolated" or bool(instance.support().all())
    is_kept = start.proof == result.proof and start.upper == result.found.cost
    if is_kept and is_complete:
        start.minimizer = Minimizer(entry_error=result.entry_error, count=result.count)
    if is_kept:
        start.is_attained, start.obstacle = True, ""
