"""The search in pattern space, asked like an oracle.

Contents
--------
PatternSpaceDecider     is OPT at most c? by narrowing a bracket at rank one
"""

from fractions import Fraction
from typing import final

from exact_wlra.applicability import applicable, sides_of
from exact_wlra.budget import Budget
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.incumbent import round_factors
from exact_wlra.leaf_solution import exact_zero, proved_bound
from exact_wlra.methods import run_simplicial
from exact_wlra.threshold_deciders import Above, Answer, AtMost, Unknown
from reductions.errors import NotApplicableError
from reductions.instances import Instance

_LEAST_GAP = Fraction(1, 10**12)


@final
class PatternSpaceDecider:
    """Asks the search in pattern space, which keeps its bracket between questions.

    Parameters
    ----------
    instance : Instance
        Of rank one.
    budget : Budget
    seed : int
        Of the random starts of the heuristic.

    Raises
    ------
    NotApplicableError
        If pattern space is not built for this instance.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> decider = PatternSpaceDecider(instance, Budget(time_limit=60))
    >>> type(decider.decide(Fraction(1, 2), slack=Fraction(0))).__name__
    'Above'
    """

    name = "pattern space, simplicial"

    def __init__(self, instance: Instance, budget: Budget, *, seed: int = 0) -> None:
        self._sides = sides_of(instance)
        reason = applicable(instance, self._sides)["simplicial"]
        if reason:
            raise NotApplicableError(f"pattern space: {reason}.")
        self._instance, self._budget = instance, budget
        self._known = exact_zero(instance)
        found = best_of_starts(instance, seed=seed, budget=budget)
        self._known.offer(
            round_factors(instance, found.left, found.right, tolerance=1e-6)
        )
        self._gap = Fraction(1, 4)

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
        """Narrow the bracket until the threshold lies outside it."""
        while True:
            known = self._known
            if known.upper <= threshold + slack:
                return AtMost(
                    left=known.left,
                    right=known.right,
                    cost=known.upper,
                    by="simplicial",
                )
            if known.lower >= threshold:
                return Above(
                    evidence="subdivision of pattern space, replayed",
                    by="simplicial",
                    is_proved=True,
                    proof=known.proof,
                )
            if self._budget.is_spent() or self._gap < _LEAST_GAP:
                return Unknown(
                    reason="the bracket of pattern space still holds the threshold",
                    advice="raise the time limit",
                    by="simplicial",
                )
            with self._budget.silence():
                run_simplicial(
                    self._instance, known, self._gap, self._budget, sides=self._sides
                )
            # What the search claims is checked before it counts as an answer.
            known.lower = proved_bound(self._instance, known.proof)
            self._gap /= 4
