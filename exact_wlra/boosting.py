"""Repetition of a randomized method: the best of R runs.

*Statement.* Let each of R independent runs return factors whose cost is, with
probability at least 1 - delta_0, within 1 + epsilon of the optimum. Then the run of
least cost is so with probability at least 1 - delta_0^R.

Contents
--------
n_repetitions           R with delta_0^R <= delta
n_repetitions_of_median the same for the median of the costs
failure_of_median       its failure probability, a bound
best_of_seeds           the run of least cost

Notes on the implementation
---------------------------
*Why not the median.* The paper takes the median of the runs. Then more than half of
them must succeed: the failure probability is bounded by (2 sqrt(delta_0 (1 -
delta_0)))^R only, and it needs delta_0 < 1/2. It is called for where an estimate may
err on both sides. Here every run returns factors, whose cost is evaluated exactly and
never below the optimum: errors are one-sided, and the minimum can be told. And the
median of matrices has no meaning.

References
----------
[LiLiangShiSong2025]_.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Protocol, TypeVar

from exact_wlra.errors import InvalidProblemError


class HasCost(Protocol):
    """A run, with the evaluated cost of its factors."""

    @property
    def cost(self) -> Fraction:
        """Exact."""
        ...


Run = TypeVar("Run", bound=HasCost)


def n_repetitions(delta: Fraction, single: Fraction = Fraction(1, 10)) -> int:
    """Return ceil(log(1/delta)/log(1/delta_0)), exactly.

    Parameters
    ----------
    delta, single : Fraction
        The failure probabilities wanted, and delta_0 of one run; in (0, 1).

    Examples
    --------
    >>> n_repetitions(Fraction(1, 10**6)), n_repetitions(Fraction(1, 10**6 + 1))
    (6, 7)
    """
    _check(delta, single, Fraction(1))
    return _least_power(Fraction(single), Fraction(delta))


def n_repetitions_of_median(delta: Fraction, single: Fraction = Fraction(1, 10)) -> int:
    """Return the least R for which the bound on the failure of the median is <= delta.

    Parameters
    ----------
    delta, single : Fraction
        As for `n_repetitions`, delta_0 below 1/2.

    Examples
    --------
    >>> n_repetitions_of_median(Fraction(1, 10**6))
    28
    """
    _check(delta, single, Fraction(1, 2))
    single = Fraction(single)
    # Both sides are squared: no root is taken.
    return _least_power(4 * single * (1 - single), Fraction(delta) ** 2)


def failure_of_median(repetitions: int, single: Fraction = Fraction(1, 10)) -> float:
    """Return (2 sqrt(delta_0 (1 - delta_0)))^R, to floating-point accuracy.

    Examples
    --------
    >>> round(failure_of_median(1, Fraction(1, 100)), 3)
    0.199
    >>> failure_of_median(21, Fraction(1, 100)) < 2e-15
    True
    """
    single = Fraction(single)
    return math.sqrt(4 * single * (1 - single)) ** repetitions


def best_of_seeds(run: Callable[[int], Run], seeds: Iterable[int]) -> tuple[int, Run]:
    """Return (seed, run) of least cost; of equal ones the first.

    Parameters
    ----------
    run : function of a seed
    seeds : iterable of int
        At least one.

    Examples
    --------
    >>> from exact_wlra.incumbent import Incumbent
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> empty = RationalMatrix.zeros(1, 1)
    >>> def run(seed):
    ...     return Incumbent(left=empty, right=empty, cost=Fraction((seed - 2) ** 2))
    >>> best_of_seeds(run, range(5))[0]
    2
    """
    found = [(seed, run(seed)) for seed in seeds]
    if not found:
        raise InvalidProblemError("give at least one seed.")
    return min(found, key=lambda pair: pair[1].cost)


def _check(delta: Fraction, single: Fraction, limit: Fraction) -> None:
    """Raise unless 0 < delta < 1 and 0 < single < limit."""
    if not (0 < delta < 1 and 0 < single < limit):
        raise InvalidProblemError(
            f"the failure probability {delta} must be between 0 and 1, and that of one "
            f"run, {single}, between 0 and {limit}."
        )


def _least_power(base: Fraction, goal: Fraction) -> int:
    """Return the least R >= 1 with base^R <= goal, for 0 < base < 1."""
    repetitions, power = 1, base
    while power > goal:
        repetitions, power = repetitions + 1, power * base
    return repetitions
