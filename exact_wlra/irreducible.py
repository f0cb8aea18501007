"""Solving one irreducible instance: methods tried in the order of their cost.

Contents
--------
Attempt             what one method achieved
LeafSolution        factors, a proof, and the attempts
proved_bound        what the checker confirms of a proof
solve_irreducible   run them until the gap is reached or the budget is spent
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.applicability import (
    LARGEST_ORDER,
    METHODS,
    Side,
    applicable,
    sides_of,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Energy, Proof, Transpose, Zero
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.incumbent import Incumbent, exact_factors, round_factors
from reductions.guarantees import Factor
from reductions.instances import Instance

# Singular values are irrational in general: gap 0 is asked for with this one instead.
_LEAST_SVD_GAP = Fraction(1, 1 << 100)
# Part of the time limit after which the spectral bound is no longer improved.
_SPECTRAL_SHARE = 0.1
# Dimension of pattern space up to which its search is cheaper than a spectral bound,
# and number of entries up to which a spectral bound, fully improved, is cheapest.
_CHEAP_DIMENSION = 2
_SMALL_ENTRIES = 400


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One method on one leaf: the bracket after it, in floats for reading."""

    method: str
    lower: float
    upper: float
    seconds: float
    nodes: int = 0


@final
@dataclass(slots=True, kw_only=True)
class LeafSolution:
    """The best proved lower bound and factors of one leaf.

    `algebraic` is the exact optimum as `bounds.two_rows.TwoRowsOptimum`, if known.
    """

    proof: Proof
    lower: Fraction
    left: Factor
    right: Factor
    upper: Fraction
    attempts: list[Attempt] = field(default_factory=list)
    algebraic: Any = None
    is_checked: bool = True

    def is_within(self, gap: Fraction) -> bool:
        """Tell whether upper - lower <= gap * upper."""
        return self.upper - self.lower <= gap * self.upper

    def improve(
        self,
        instance: Instance,
        method: str,
        proof: Proof,
        budget: Budget,
        *,
        nodes: int = 0,
        claimed: Fraction | None = None,
    ) -> None:
        """Take a proof if it gives a better lower bound.

        The bound is what the checker confirms; `claimed` stands in for it where
        checking is left to the end of the run: then the whole certificate is checked.
        """
        started = budget.seconds()
        lower = proved_bound(instance, proof) if claimed is None else claimed
        if lower > self.lower:
            self.proof, self.lower = proof, lower
            self.is_checked = claimed is None
        self.attempts.append(
            Attempt(
                method=method,
                lower=float(self.lower),
                upper=float(self.upper),
                seconds=started,
                nodes=nodes,
            )
        )
        budget.tell(method, float(self.lower), float(self.upper), nodes)

    def offer(self, incumbent: Incumbent) -> None:
        """Take factors if they cost less."""
        if incumbent.cost < self.upper:
            self.left, self.right = incumbent.left, incumbent.right
            self.upper = incumbent.cost


def proved_bound(instance: Instance, proof: Proof) -> Fraction:
    """Return the bound that the checker confirms, 0 if it rejects the proof."""
    try:
        return lower_bound(instance, proof)
    except RejectedCertificateError:
        return Fraction(0)


def solve_irreducible(
    instance: Instance,
    *,
    gap: Fraction,
    budget: Budget,
    seed: int,
    method: str = "auto",
) -> LeafSolution:
    """Return factors and the best proved lower bound found within the budget.

    Parameters
    ----------
    gap : Fraction
        Relative gap at which to stop.
    method : str
        "auto", or one of `METHODS` to try that one only.
    """
    done = _exact_fit(instance)
    if done is not None:
        return done
    sides = sides_of(instance) if instance.rank == 1 else []
    reasons = applicable(instance, sides)
    chosen = [
        name for name in METHODS[1:] if not reasons[name] and method in ("auto", name)
    ]
    start = exact_zero(instance)
    if chosen[:1] == ["two-rows"]:
        _two_rows(instance, start, gap, budget)
        return start
    if chosen[:1] == ["weighted-svd"]:
        _weighted_svd(instance, start, gap, budget)
        if start.lower > 0:  # no other method comes closer
            return start
    from exact_wlra.heuristics.alternating import best_of_starts

    found = best_of_starts(instance, seed=seed, budget=budget)
    start.offer(
        round_factors(instance, found.left, found.right, tolerance=float(gap) / 50)
    )
    for name, run in _in_order_of_cost(instance, sides):
        if start.is_within(gap) or (start.attempts and budget.is_spent()):
            break
        if name in chosen:
            run(instance, start, gap, budget)
    return start


def _in_order_of_cost(
    instance: Instance, sides: list[Side]
) -> list[tuple[str, Callable[..., None]]]:
    """Return the methods that search, the cheapest for this size first."""
    quick = ("spectral", partial(_spectral, max_evaluations=0))
    spectral = ("spectral", _spectral)
    simplicial = ("simplicial", partial(_simplicial, sides=sides))
    split = ("split", _split)
    n, d = instance.shape
    if n * d <= _SMALL_ENTRIES:
        return [spectral, simplicial, split]
    if sides and sides[0].dimension <= _CHEAP_DIMENSION:
        return [simplicial, quick, spectral, split]
    return [quick, simplicial, spectral, split]


def exact_zero(instance: Instance) -> LeafSolution:
    """Return the trivial bracket [0, cost of X = 0]."""
    from exact_wlra.incumbent import zero_incumbent

    zero = zero_incumbent(instance)
    return LeafSolution(
        proof=Zero(),
        lower=Fraction(0),
        left=zero.left,
        right=zero.right,
        upper=zero.cost,
    )


def _exact_fit(instance: Instance) -> LeafSolution | None:
    """Return the solution where the optimum is 0, or the rank is 0."""
    start = exact_zero(instance)
    if instance.rank == 0:
        start.proof, start.lower = Energy(), start.upper
        return start
    if 0 in instance.shape or start.upper == 0:
        return start
    fitted = exact_factors(instance)
    if fitted is None:
        return None
    start.offer(fitted)
    return start


def _two_rows(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve the one-unknown problem exactly."""
    from exact_wlra.bounds.two_rows import prove_two_rows, solve_two_rows

    turned = instance.shape[0] != 2
    oriented = instance.transpose if turned else instance
    optimum = solve_two_rows(oriented)
    proof, left, right = prove_two_rows(oriented, optimum, gap)
    cost = oriented.cost(left, right)
    if turned:
        left, right = right.transpose, left.transpose
    start.offer(Incumbent(left=left, right=right, cost=cost))
    if _is_algebraic_value_confirmed(oriented, optimum):
        start.algebraic = optimum
    wrapped: Proof = Transpose(proof=proof) if turned else proof
    start.improve(instance, "two-rows", wrapped, budget)


def _is_algebraic_value_confirmed(oriented: Instance, optimum: Any) -> bool:
    """Tell whether the checker confirms the optimum as an algebraic number."""
    from exact_wlra.checker.two_rows import check_algebraic

    if optimum.value is None:
        return False
    lower, upper = optimum.enclosure
    try:
        check_algebraic(
            oriented,
            minimal_polynomial=optimum.value.minimal_polynomial,
            isolating_interval=optimum.value.isolating_interval,
            lower=lower,
            upper=upper,
        )
    except RejectedCertificateError:
        return False
    return True


def _weighted_svd(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget
) -> None:
    """Solve rank-one weights by a weighted singular value decomposition."""
    from exact_wlra.bounds.spectral import prove_weighted_svd

    proof, left, right = prove_weighted_svd(instance, max(gap, _LEAST_SVD_GAP))
    start.offer(Incumbent(left=left, right=right, cost=instance.cost(left, right)))
    start.improve(instance, "weighted-svd", proof, budget)


def _spectral(
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


def _simplicial(
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


def _split(
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
