"""What a run proved, why it stopped, and what to try next.

Contents
--------
claim_of            minimum, infimum or enclosure; attained; the algebraic optimum
minimizer_of        how many minimizers there are, if that is known
is_zero_infimum     is the optimum 0 by the reductions?
termination_of      why the run stopped
advice_on           what to try next
evidence_of         what the bounds rest on
statistics_of       what a reader may want to know about the run
"""

from fractions import Fraction
from typing import Any

from exact_wlra.budget import Budget
from exact_wlra.leaf_solution import LeafSolution
from exact_wlra.problem import Problem
from exact_wlra.solution import (
    AlgebraicOptimum,
    Claim,
    Evidence,
    Minimizer,
    Termination,
    decimal_text,
)
from reductions.pipeline import Reduced
from semialgebraic.rational_matrices import RationalMatrix


def claim_of(
    reduced: Reduced,
    solutions: list[LeafSolution],
    lower: Fraction,
    upper: Fraction,
    *,
    zero_attained: bool | None,
) -> tuple[Claim, bool | None, AlgebraicOptimum | None]:
    """Return what is proved about the optimum."""
    if lower == upper:
        return "minimum", True, _algebraic(solutions)
    algebraic = _algebraic(solutions)
    if algebraic is None:
        if is_zero_infimum(solutions):
            return "infimum", zero_attained, None
        pairs = zip(reduced.leaves(), solutions, strict=True)
        positive = all(
            leaf.support().all() or found.is_attained for leaf, found in pairs
        )
        attained = True if positive and reduced.guarantee.attainment else None
        return "enclosure", attained, None
    (bearing,) = _bearing(solutions)
    known = bearing.algebraic.attained
    if any(s.is_zero and s.upper > 0 for s in solutions):
        known = False  # an independent part approaches its infimum only
    if known and reduced.guarantee.attainment:
        return "minimum", True, algebraic
    return "infimum", False if known is False else None, algebraic


def minimizer_of(
    reduced: Reduced,
    solutions: list[LeafSolution],
    left: RationalMatrix,
    right: RationalMatrix,
) -> Minimizer | None:
    """Return what is known about the minimizers, for instances not reduced."""
    if not reduced.is_leaf:
        return None
    (solution,) = solutions
    is_kept = solution.left == left and solution.right == right
    return solution.minimizer if is_kept else None


def is_zero_infimum(solutions: list[LeafSolution]) -> bool:
    """Tell whether every leaf has optimum 0, so that OPT = 0 is exact (C6, C7)."""
    return all(s.is_zero or s.upper == 0 for s in solutions)


def _bearing(solutions: list[LeafSolution]) -> list[LeafSolution]:
    """Return the parts whose optimum is not known to be 0."""
    return [s for s in solutions if s.upper > 0 and not s.is_zero]


def _algebraic(solutions: list[LeafSolution]) -> AlgebraicOptimum | None:
    """Return the exact optimum if one leaf carries it and the others cost nothing."""
    bearing = _bearing(solutions)
    if len(bearing) != 1 or bearing[0].algebraic is None:
        return None
    optimum = bearing[0].algebraic
    value = optimum.value
    if value is None:
        return None
    return AlgebraicOptimum(
        minimal_polynomial=value.minimal_polynomial,
        isolating_interval=value.isolating_interval,
        n_minimizers=len(optimum.minimizers),
        n_real_critical_points=optimum.n_real_critical_points,
        decimal=value.decimal(30),
    )


def termination_of(
    claim: Claim, lower: Fraction, upper: Fraction, gap: Fraction, budget: Budget
) -> Termination:
    """Return why the run stopped."""
    if upper - lower <= gap * upper or claim in ("minimum", "infimum"):
        return "completed"
    if budget.interrupted:
        return "interrupted"
    return "budget" if budget.is_spent() else "undecided"


def advice_on(termination: Termination, solutions: list[LeafSolution]) -> str:
    """Return what to try next."""
    if termination == "completed":
        return ""
    if termination == "interrupted":
        return "interrupted; the bracket is proved, run again to narrow it"
    if termination == "budget":
        return "the time limit ended the search; raise --time-limit or --gap"
    widest = max(solutions, key=lambda s: s.upper - s.lower)
    if all(s.minimizer is not None or s.upper == s.lower for s in solutions):
        return (
            "all parts are proved to these digits; what was peeled off around them is "
            "put back in floating point, and costs a little more"
        )
    if widest.obstacle:
        return f"more digits were not proved: {widest.obstacle}"
    tried = ", ".join(dict.fromkeys(a.method for a in widest.attempts)) or "nothing"
    return (
        f"the applicable methods ({tried}) cannot close this gap; what they can close: "
        "a larger --gap, rank 1 with positive weights, few entries or weight patterns, "
        "low noise"
    )


def evidence_of(solutions: list[LeafSolution]) -> tuple[Evidence, ...]:
    """Return what the two bounds rest on."""
    rules = sorted({type(s.proof).rule for s in solutions})
    evidence = [
        Evidence(bound="lower", by=" + ".join(rules) or "zero", checked=True),
        Evidence(bound="upper", by="exact cost of U, V", checked=True),
    ]
    if _algebraic(solutions) is not None:
        by = "minimal polynomial of a critical value, singled out by bounds"
        evidence.append(Evidence(bound="optimum", by=by, checked=True))
    for solution in solutions:
        found = solution.threshold
        if found is not None and found.told_lower > solution.lower:
            evidence.append(
                Evidence(
                    bound="lower",
                    by=f"{found.decider}: OPT of one part >= "
                    f"{decimal_text(found.told_lower)}, without certificate",
                    checked=False,
                )
            )
    return tuple(evidence)


def statistics_of(
    problem: Problem,
    reduced: Reduced,
    solutions: list[LeafSolution],
    budget: Budget,
    seed: int,
) -> dict[str, Any]:
    """Return what a reader may want to know about the run."""
    return {
        "shape": list(problem.shape),
        "rank": problem.rank,
        "seed": seed,
        "seconds": round(budget.seconds(), 3),
        "reductions": [
            {"name": name, "from": list(before), "to": list(after)}
            for name, before, after in reduced.steps()
        ],
        "leaves": [
            {
                "lower": float(s.lower),
                "upper": float(s.upper),
                **_threshold_statistics(s),
                "attempts": [
                    {
                        "method": a.method,
                        "lower": a.lower,
                        "upper": a.upper,
                        "seconds": round(a.seconds, 3),
                        "nodes": a.nodes,
                    }
                    for a in s.attempts
                ],
            }
            for s in solutions[:100]
        ],
    }


def _threshold_statistics(solution: LeafSolution) -> dict[str, Any]:
    """Return the steps of a threshold search, if there was one."""
    found = solution.threshold
    return {} if found is None else {"threshold_search": found.to_json()}
