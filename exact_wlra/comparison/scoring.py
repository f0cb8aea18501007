"""An answer beside a proved bracket.

Contents
--------
Scale       bracket, cost of X = 0 and tolerance: what costs are compared with
scored      the run that an answer makes

Notes on the implementation
---------------------------
The bracket is exact, the cost of an answer an estimate. Residuals are computed with an
error of some units in the last place of W o A, so that sqrt(f) is off by about
1e-15 sqrt(f(0)); `Scale.margin` allows ten thousand times that before two figures are
said to contradict each other.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Self, final

from exact_wlra.comparison.runs import Run, Verdict
from exact_wlra.errors import ViolatedBoundError
from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.solution import Solution

# Where OPT may be 0, a cost below this part of f(0) counts as reaching it.
_ZERO = 1e-12


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What costs at one rank are compared with.

    Parameters
    ----------
    lower, upper : float
        The proved bracket, rounded to floats.
    energy : float
        f(0), the cost of X = 0.
    tolerance : float
        Relative; a cost of at most (1 + tolerance) upper is a success. Where lower is
        0, so is a cost of at most 1e-12 f(0).

    Examples
    --------
    >>> scale = Scale(lower=2.0, upper=2.0, energy=10.0, tolerance=1e-4)
    >>> scale.is_reached(2.0001), scale.is_reached(2.01)
    (True, False)
    """

    lower: float
    upper: float
    energy: float
    tolerance: float

    @classmethod
    def of(cls, solution: Solution, energy: Fraction, tolerance: float) -> Self:
        """Return the scale of a solution."""
        return cls(
            lower=float(solution.lower),
            upper=float(solution.upper),
            energy=float(energy),
            tolerance=tolerance,
        )

    def margin(self, value: float) -> float:
        """Return by how much an estimated cost may miss a value by rounding alone."""
        mixed = math.sqrt(value * self.energy)
        return 1e-9 * value + 1e-11 * mixed + 1e-22 * self.energy

    def is_reached(self, cost: float) -> bool:
        """Tell whether a cost is as good as `upper`, up to the tolerance."""
        floor = _ZERO * self.energy if self.lower == 0 else 0.0
        return cost <= max(self.upper * (1 + self.tolerance), floor)

    def verdict(self, guarantee: Guarantee, cost: float) -> Verdict:
        """Return whether a run of this cost respected its guarantee."""
        if guarantee.factor is None:
            return "none"
        if guarantee.confidence != "always":
            return "random"
        most, least = (
            guarantee.factor * end + guarantee.additive
            for end in (self.upper, self.lower)
        )
        # Written so that a cost that is no number violates.
        if not cost <= most + self.margin(most):
            return "violated"
        return "kept" if cost <= least + self.margin(least) else "open"


def scored(
    answer: Answer, *, method: str, rank: int, scale: Scale, minimum: int | None
) -> Run:
    """Return the run that an answer makes.

    Parameters
    ----------
    method : str
        The name under which it was asked for.
    rank : int
        k, the rank that was asked.
    minimum : int or None
        The local minimum that X is near.

    Raises
    ------
    ViolatedBoundError
        If X is of rank at most k and costs less than `lower`: then the proof or the
        arithmetic is wrong, and no figure of the comparison can be trusted.
    """
    cost, lower = answer.cost, scale.lower
    is_feasible = answer.is_feasible(rank)
    if is_feasible and cost < lower - scale.margin(lower):
        raise ViolatedBoundError(
            f"{method} returned a matrix of rank at most {rank} that costs "
            f"~{cost:.15g}, less than the proved lower bound ~{lower:.15g}; the proof "
            "or the arithmetic is wrong: report this with the data."
        )
    return Run(
        method=method,
        rank=rank,
        seed=answer.seed,
        cost=cost,
        rank_bound=answer.rank,
        n_numbers=answer.n_numbers,
        seconds=answer.seconds,
        guarantee=answer.guarantee,
        verdict=scale.verdict(answer.guarantee, cost),
        ratio_to_lower=cost / lower if lower > 0 else None,
        ratio_to_upper=cost / scale.upper if scale.upper > 0 else None,
        excess=cost - scale.upper,
        is_success=is_feasible and scale.is_reached(cost),
        minimum=minimum if is_feasible else None,
        stopped=answer.stopped,
    )
