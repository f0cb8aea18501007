"""What happened at one rank: bracket, runs, and a summary of every method.

Contents
--------
Setting         what was compared, and how
RankResult      solution, local minima, runs, refusals at one rank
MethodSummary   the runs of one method at one rank
"""

import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.comparison.minima import LocalMinima
from exact_wlra.comparison.runs import LeftOut, Refusal, Run
from exact_wlra.solution import Solution


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What was compared, and how.

    Parameters
    ----------
    title : str
        Name of the data.
    shape : (int, int)
        Numbers of rows and columns that the methods saw, n and d: the types of a
        patterned problem.
    methods : tuple of str
        In the order of tables.
    seeds : tuple of int
        For methods that are randomized.
    gap : Fraction
        That was asked of the proofs.
    tolerance : float
        A cost of at most (1 + tolerance) upper is a success.
    time_limit : float
        Seconds for the whole comparison.
    """

    title: str
    shape: tuple[int, int]
    methods: tuple[str, ...]
    seeds: tuple[int, ...]
    gap: Fraction
    tolerance: float
    time_limit: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSummary:
    """The runs of one method at one rank; those of rank above k stand apart.

    Parameters
    ----------
    runs : tuple of Run
        At least one; all of them compete at rank k, or none.
    """

    method: str
    is_feasible: bool
    runs: tuple[Run, ...]

    @property
    def best(self) -> Run:
        """The run of least cost."""
        return min(self.runs, key=_cost)

    @property
    def best_cost(self) -> float:
        """The least cost, an estimate."""
        return self.best.cost

    @property
    def median_cost(self) -> float:
        """The median cost, an estimate."""
        return statistics.median(map(_cost, self.runs))

    @property
    def median_seconds(self) -> float:
        """The median wall time."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def n_runs(self) -> int:
        """How many runs were made."""
        return len(self.runs)

    @property
    def n_successes(self) -> int:
        """How many of them reached the optimum."""
        return sum(run.is_success for run in self.runs)

    @property
    def success_rate(self) -> float:
        """The part of the runs that reached the optimum."""
        return self.n_successes / self.n_runs

    @property
    def minima(self) -> dict[int | None, int]:
        """How many runs ended near each listed minimum; None: near no listed one."""
        places = [run.minimum for run in self.runs]
        known = sorted({place for place in places if place is not None})
        order = [*known, *([None] if None in places else [])]
        return {place: places.count(place) for place in order}

    @property
    def guarantee_words(self) -> str:
        """What became of the guarantee, over all runs."""
        verdicts = {run.verdict for run in self.runs}
        for verdict in ("violated", "random", "open", "kept"):
            if verdict in verdicts:
                return "VIOLATED" if verdict == "violated" else verdict
        return "none"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RankResult:
    """Everything at one rank k.

    Parameters
    ----------
    rank : int
        k.
    solution : Solution
        lower <= OPT_k <= upper, proved.
    energy : Fraction
        f(0), the cost of X = 0.
    is_proved : bool
        Whether the bracket is as narrow as it was asked to be, or OPT known exactly.
    minima : LocalMinima or None
        Local minima that are known; None if they were not looked for, or none was
        found.
    runs : tuple of Run
        In the order of the methods, then of the seeds.
    refusals : tuple of Refusal
        Methods that do not take the problem.
    left_out : tuple of LeftOut
        Runs for which there was no time.
    """

    rank: int
    solution: Solution
    energy: Fraction
    is_proved: bool
    minima: LocalMinima | None
    runs: tuple[Run, ...]
    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def violations(self) -> tuple[Run, ...]:
        """Runs that cost more than is guaranteed of every run of their method."""
        return tuple(run for run in self.runs if run.verdict == "violated")

    def summary(self) -> tuple[MethodSummary, ...]:
        """Return one line a method: rivals first, by success rate, then by best cost.

        Methods whose matrices are not of rank k follow, by best cost.
        """

        def order(group: MethodSummary) -> tuple[bool, float, float]:
            return not group.is_feasible, -group.success_rate, _cost(group.best)

        return tuple(sorted(self._groups(), key=order))

    def _groups(self) -> Iterator[MethodSummary]:
        """Yield the runs of each method, apart by whether they compete."""
        for is_feasible in (True, False):
            runs = [run for run in self.runs if run.is_feasible == is_feasible]
            for method in dict.fromkeys(run.method for run in runs):
                own = tuple(run for run in runs if run.method == method)
                yield MethodSummary(method=method, is_feasible=is_feasible, runs=own)


def _cost(run: Run) -> float:
    """Return the cost, infinite where the method diverged."""
    return math.inf if math.isnan(run.cost) else run.cost
