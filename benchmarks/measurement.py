"""One solve and one check, timed, with what they reached.

Times are processor times of this process: with one thread and on a machine that is
shared they are what one core needs. The limit of a solve is one of processor time too;
when it is over, the solve is interrupted as by Ctrl-C and returns its proved bracket.

Contents
--------
Run         one timed solve and the check of its certificate
run         do it
history     the gap against time, from what was reported
summary     several runs of one instance as one record
"""

import math
import signal
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from exact_wlra import Problem, Solution, check, solve
from exact_wlra.budget import Report

# The limit on elapsed time is this many times the limit on processor time.
_PATIENCE = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A solve, the check of its certificate, and the seconds both took.

    `stage_seconds` has those until the lift, of the lift, and of the last check.
    `history` has seconds and the gap known then, each time that it shrank.
    """

    solution: Solution
    solve_seconds: float
    check_seconds: float
    elapsed_seconds: float
    stage_seconds: dict[str, float]
    history: tuple[tuple[float, float], ...]

    @property
    def attempts(self) -> list[dict[str, Any]]:
        """The methods tried, over all leaves."""
        leaves = self.solution.statistics["leaves"]
        return [attempt for leaf in leaves for attempt in leaf["attempts"]]


def run(
    problem: Problem,
    *,
    gap: float,
    time_limit: float = 60.0,
    patience: float = _PATIENCE,
) -> Run:
    """Solve, then check the certificate as another person would.

    Parameters
    ----------
    time_limit : float
        Seconds of processor time.
    patience : float
        The limit on elapsed time, which the solver knows, is this many times that.
    """
    marks: dict[str, float] = {}
    reports: list[tuple[float, Report]] = []

    def take(report: Report) -> None:
        marks[report.stage] = time.process_time()
        reports.append((marks[report.stage] - started, report))

    elapsed = time.perf_counter()
    started = time.process_time()
    with _interrupted_after(time_limit):
        solution = solve(
            problem, gap=gap, time_limit=patience * time_limit, report=take
        )
    solved = time.process_time()
    elapsed = time.perf_counter() - elapsed
    check(problem, solution.certificate)
    checked = time.process_time()
    return Run(
        solution=solution,
        solve_seconds=solved - started,
        check_seconds=checked - solved,
        elapsed_seconds=elapsed,
        stage_seconds={
            "until lift": marks["lift"] - started,
            "lift": marks["check"] - marks["lift"],
            "last check": solved - marks["check"],
        },
        history=history(reports, solution, solved - started),
    )


def history(
    reports: Iterable[tuple[float, Report]], solution: Solution, seconds: float
) -> tuple[tuple[float, float], ...]:
    """Return seconds and the gap known then, each time it shrank, and the proved end.

    What is reported are estimates of bounds, to be read by people; a bound above the
    final upper bound is none, and an upper bound of some parts only, which is below
    the final one, is not one of the whole. The last point is the gap that the checker
    confirmed.
    """
    final, known = float(solution.upper), [(0.0, 1.0)]
    lower = 0.0
    for second, report in reports:
        lower = max(lower, min(report.lower, final))
        upper = max(report.upper, final)
        gap = (upper - lower) / upper if 0 < upper < math.inf else 1.0
        if solution.gap < gap < known[-1][1]:
            known.append((second, gap))
    return (*known, (seconds, solution.gap))


def summary(runs: list[Run], *, gap: float) -> dict[str, Any]:
    """Return medians over the runs, and what the last one reached.

    The ratio of check to solve is the median of the ratios of single runs, so that a
    busy moment of the machine, which falls on both, weighs little.
    """
    last = runs[-1]
    solution = last.solution
    return {
        "shape": list(solution.statistics["shape"]),
        "rank": solution.statistics["rank"],
        "runs": len(runs),
        "gap_asked": gap,
        "gap_reached": solution.gap,
        "closed": is_closed(solution, gap),
        "claim": solution.claim,
        "termination": solution.termination,
        "method": " + ".join(dict.fromkeys(a["method"] for a in last.attempts)),
        "rule": next(e.by for e in solution.evidence if e.bound == "lower"),
        "nodes": sum(a["nodes"] for a in last.attempts),
        "solve_seconds": statistics.median(r.solve_seconds for r in runs),
        "elapsed_seconds": statistics.median(r.elapsed_seconds for r in runs),
        "check_seconds": statistics.median(r.check_seconds for r in runs),
        "check_to_solve": statistics.median(
            r.check_seconds / r.solve_seconds for r in runs
        ),
    }


def is_closed(solution: Solution, gap: float) -> bool:
    """Tell whether upper - lower <= gap * upper, in exact arithmetic."""
    return solution.upper - solution.lower <= Fraction(gap) * solution.upper


@contextmanager
def _interrupted_after(seconds: float) -> Iterator[None]:
    """Raise SIGINT once after so many seconds of processor time."""

    def interrupt(_number: int, _frame: Any) -> None:
        signal.raise_signal(signal.SIGINT)

    previous = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)
