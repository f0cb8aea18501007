"""One run of one method, beside the optimum; and methods that did not run.

Contents
--------
Run         cost, rank, numbers stored, seconds, and what they mean
Refusal     a method that does not take this problem, and why
LeftOut     runs that were not made, or not finished, and why
"""

from dataclasses import dataclass
from typing import Literal, final

from exact_wlra.heuristics.answers import Guarantee

Verdict = Literal["none", "kept", "open", "violated", "random"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of one method at rank k, scored against lower <= OPT_k <= upper.

    Parameters
    ----------
    method : str
        Name in the table of `exact_wlra.heuristics.registry`.
    rank : int
        k, the rank that was asked.
    seed : int or None
        None if the method uses no random numbers.
    cost : float
        f(X), an estimate in float64; not finite if the method diverged.
    rank_bound, n_numbers : int
        What the rank of X is at most, and how many numbers determine X.
    seconds : float
        Wall time of the method.
    guarantee : Guarantee
        What is proved about the method.
    verdict : {"none", "kept", "open", "violated", "random"}
        Whether this run respected it: the cost is below the bound for OPT = lower
        (kept), above that for OPT = upper (violated), between them (open), or the
        guarantee does not speak of single runs (random).
    ratio_to_lower, ratio_to_upper : float or None
        cost / lower and cost / upper, estimates; None where the divisor is 0.
    excess : float
        cost - upper, an estimate.
    is_success : bool
        Whether X competes at rank k and costs at most `upper` up to the tolerance.
    minimum : int or None
        The local minimum, counted from 0, that X is near; None if there is none, or X
        does not compete at rank k.
    stopped : str
        Why an iteration ended.
    """

    method: str
    rank: int
    seed: int | None
    cost: float
    rank_bound: int
    n_numbers: int
    seconds: float
    guarantee: Guarantee
    verdict: Verdict
    ratio_to_lower: float | None
    ratio_to_upper: float | None
    excess: float
    is_success: bool
    minimum: int | None
    stopped: str = ""

    @property
    def is_feasible(self) -> bool:
        """Whether X competes at rank k: whether its form bounds its rank so."""
        return self.rank_bound <= self.rank


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A method that does not take this problem, in its own words.

    Parameters
    ----------
    is_failure : bool
        Whether its arithmetic broke down, where a refusal is a considered one.
    """

    method: str
    why: str
    is_failure: bool = False


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Runs of one method that were not made or not finished."""

    method: str
    n_runs: int
    why: str
