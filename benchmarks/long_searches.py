"""Long searches of pattern space: the gap that is proved in ten minutes.

Pure noise, 20 x 30, rank one, entries of A in -5 .. 5 and of W in 1, 2, 3, with c
patterns of columns and as many of rows, so that neither side is smaller.

    python -m benchmarks.long_searches --seconds 600 --gap 1e-3 5 6 7

Contents
--------
Outcome         what a search proved
measure         solve one instance, its certificate checked
main            the command
"""

import argparse
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from benchmarks.instances import few_patterns
from exact_wlra import solve
from exact_wlra.budget import Report

SHAPE = (20, 30)
SEED = 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The proved gap, nodes of the search that was reported last, and times.

    `seconds` and `processor_seconds` include the proof and its check; `searched` does
    not, and `trace` holds estimates of the gap at some times of the search.
    """

    gap: float
    nodes: int
    searched: float
    seconds: float
    processor_seconds: float
    trace: tuple[tuple[float, float], ...]


def measure(
    patterns: int, *, gap: Fraction, seconds: float, jobs: int = 1, seed: int = SEED
) -> Outcome:
    """Solve one instance."""
    problem = few_patterns(
        SHAPE, column_patterns=patterns, row_patterns=patterns, seed=seed
    )
    reports: list[Report] = []
    began, processor = time.perf_counter(), time.process_time()
    solution = solve(
        problem, gap=gap, time_limit=seconds, jobs=jobs, report=reports.append
    )
    found = [report for report in reports if report.stage == "simplicial"]
    trace: list[tuple[float, float]] = []
    for report in found:
        if report.upper > 0 and (not trace or report.seconds > 1.3 * trace[-1][0]):
            trace.append((report.seconds, 1 - report.lower / report.upper))
    return Outcome(
        gap=float((solution.upper - solution.lower) / solution.upper),
        nodes=found[-1].nodes if found else 0,
        searched=found[-1].seconds if found else 0.0,
        seconds=time.perf_counter() - began,
        processor_seconds=time.process_time() - processor,
        trace=tuple(trace),
    )


def main() -> None:
    """Print one line for each number of patterns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("patterns", type=int, nargs="+")
    parser.add_argument("--gap", type=Fraction, default=Fraction(1, 1000))
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    for patterns in given.patterns:
        outcome = measure(
            patterns,
            gap=given.gap,
            seconds=given.seconds,
            jobs=given.jobs,
            seed=given.seed,
        )
        print(f"c = {patterns}: {outcome}", flush=True)


if __name__ == "__main__":
    main()
