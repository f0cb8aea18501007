"""Time against the number of rows, patterned and dense, at one kind of weights.

Run by `make bench`; results go to benchmarks/results/scaling.json, the slopes and the
picture are made from them by benchmarks/render.py.
"""

import statistics
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import instances, measurement, records
from exact_wlra import Problem, read
from reductions.pipeline import reduce

GAP = 1e-6
PATTERNED = tuple(round(10 ** (half / 2)) for half in range(6, 15))
DENSE = (1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)
COLUMNS = 200


@pytest.mark.parametrize("n", PATTERNED)
def bench_patterned(benchmark: Any, tmp_path: Path, n: int) -> None:
    arguments = instances.patterned(
        (n, n), weight_patterns=(4, 3), data_patterns=(20, 20), seed=1
    )
    path = tmp_path / "problem.npz"
    np.savez(path, **arguments)
    del arguments
    _grow(benchmark, "patterned", path, n, rounds=3)


@pytest.mark.parametrize("n", DENSE)
def bench_dense(benchmark: Any, tmp_path: Path, n: int) -> None:
    data, weights = instances.few_pattern_arrays(
        (n, COLUMNS), row_patterns=4, column_patterns=2, seed=1
    )
    path = tmp_path / "problem.npz"
    np.savez(path, data=data, weights=weights, rank=1)
    del data, weights
    _grow(benchmark, "dense", path, n, rounds=3 if n < DENSE[-1] else 1)


def _grow(benchmark: Any, family: str, path: Path, n: int, *, rounds: int) -> None:
    """Measure reading, reduction, search and check of one size."""
    runs: list[measurement.Run] = []
    times: list[dict[str, float]] = []

    def read_solve_check() -> None:
        started = time.process_time()
        problem = read(path)
        reading = time.process_time() - started
        done = measurement.run(problem, gap=GAP, time_limit=600.0)
        runs.append(done)
        times.append(_seconds(problem, reading, done))

    benchmark.pedantic(read_solve_check, rounds=rounds, iterations=1)
    record = measurement.summary(runs, gap=GAP) | {
        "family": family,
        "n": n,
        "seconds": {
            part: statistics.median(each[part] for each in times) for part in times[0]
        },
    }
    benchmark.extra_info.update(record)
    records.keep("scaling", f"{family} {n}", record)


def _seconds(
    problem: Problem, reading: float, done: measurement.Run
) -> dict[str, float]:
    """Return the seconds of each part; the reduction is timed by itself once more."""
    started = time.process_time()
    reduce(problem.instance)
    reducing = time.process_time() - started
    stages = done.stage_seconds
    return {
        "reading": reading,
        "reduction": reducing,
        "search": max(stages["until lift"] - reducing, 0.0),
        "lift": stages["lift"],
        "last check": stages["last check"],
        "check again": done.check_seconds,
        "total": reading + done.solve_seconds,
    }
