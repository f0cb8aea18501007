"""Theorem 1.2 of the few-pattern paper, measured: time against n.

The claim is n^(1 + o(1)) for weights with r and data with p distinct rows and columns,
r, p and k fixed. It presupposes that labels and cores are given: reading dense matrices
costs n^2 already, which is measured too. Times are processor times.

Contents
--------
Timing              seconds of each stage at one n
patterned_timing    labels and cores in, factors with n rows out
dense_timing        the same for matrices that are written out
medians             each size several times, after one run to warm up
exponent            of one stage
above_floor         the sizes at which n tells
PATTERNED_STAGES, DENSE_STAGES, GROWING       the stages; those that depend on n

References
----------
[LiLiangShiSong2025]_, Theorem 1.2.
"""

import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, final

import numpy as np

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from exact_wlra.theorems.regression import Slope, fit
from reductions.pipeline import reduce

PATTERNED_STAGES = ("reading", "compression", "solving", "lifting")
DENSE_STAGES = ("reading", "compression", "solving")
# Solving counts the types once more, and is independent of n but for that.
GROWING = ("reading", "compression", "lifting")

WEIGHT_PATTERNS = 3
DATA_PATTERNS = 4
_GAP = 1e-6
_TIME_LIMIT = 120.0
_SEED = 0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds of processor time of each stage, and the gap that was proved.

    `system` is the part of each stage that the operating system took, mostly to hand
    out memory.
    """

    n: int
    seconds: Mapping[str, float]
    gap: float
    system: Mapping[str, float]

    @property
    def total(self) -> float:
        """All stages."""
        return sum(self.seconds.values())

    @property
    def growing(self) -> float:
        """The stages that depend on n."""
        return sum(self.seconds.get(stage, 0.0) for stage in GROWING)

    @property
    def growing_alone(self) -> float:
        """The same without what the operating system took."""
        system = sum(self.system.get(stage, 0.0) for stage in GROWING)
        return self.growing - system


def patterned_timing(n: int, *, rank: int = 1, seed: int = _SEED) -> Timing:
    """Measure an n x n problem given by labels and cores, from the file to factors.

    *Reading* takes the .npz file and checks every label; *compression* counts and
    reduces; *solving* proves a bracket with relative gap 1e-6 and checks it;
    *lifting* writes U (n x k) and V (k x n). Compression happens inside of solving
    too; its time is taken off there.

    Examples
    --------
    >>> timing = patterned_timing(100)
    >>> timing.gap <= 1e-6, sorted(timing.seconds) == sorted(PATTERNED_STAGES)
    (True, True)
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        np.savez(path, **_patterned_arguments(n, rank, seed))
        return _timed(n, path, lifted=True)


def dense_timing(n: int, *, rank: int = 1, seed: int = _SEED) -> Timing:
    """Measure the same problem with A and W written out, n x n.

    Examples
    --------
    >>> dense_timing(50).gap <= 1e-6
    True
    """
    given = _patterned_arguments(n, rank, seed)
    cells = np.ix_(given["row_labels"], given["column_labels"])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        data = given["data_core"][cells].astype(np.int16)
        weights = given["weight_core"][cells].astype(np.int16)
        np.savez(path, data=data, weights=weights, rank=rank)
        del data, weights
        return _timed(n, path, lifted=False)


def medians(
    timed: Callable[[int], Timing], sizes: Sequence[int], *, repeats: int = 3
) -> tuple[Timing, ...]:
    """Return for each size the medians over some runs.

    Imports on first use, and the first touch of memory, are left to a run of the
    largest size that does not count.

    Examples
    --------
    >>> [timing.n for timing in medians(patterned_timing, (50, 100), repeats=1)]
    [50, 100]
    """
    timed(max(sizes))
    found = []
    for n in sizes:
        runs = [timed(n) for _ in range(repeats)]
        found.append(
            Timing(
                n=n,
                seconds=_median_of([run.seconds for run in runs]),
                gap=max(run.gap for run in runs),
                system=_median_of([run.system for run in runs]),
            )
        )
    return tuple(found)


def exponent(timings: Sequence[Timing], stage: str) -> Slope:
    """Return the slope of log time against log n.

    Parameters
    ----------
    stage : str
        One of the stages, ``total``, ``growing`` for those that depend on n, or
        ``growing_alone``, the same without what the operating system took.
    """
    sizes = [timing.n for timing in timings]
    return fit(sizes, [_seconds(timing, stage) for timing in timings])


def above_floor(timings: Sequence[Timing]) -> tuple[Timing, ...]:
    """Return the sizes at which what depends on n is more than a fixed start.

    At the others, the stages that depend on n take less than twice what they take at
    the least n, so that a slope there says nothing about growth.
    """
    floor = min(timing.growing for timing in timings)
    return tuple(timing for timing in timings if timing.growing >= 2 * floor)


def _median_of(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the median of each stage."""
    return {stage: statistics.median(run[stage] for run in runs) for stage in runs[0]}


def _seconds(timing: Timing, stage: str) -> float:
    """Return the seconds of a stage; the clock ticks in microseconds."""
    known = {
        "total": timing.total,
        "growing": timing.growing,
        "growing_alone": timing.growing_alone,
    }
    return max(known.get(stage, timing.seconds.get(stage, 0.0)), 1e-6)


def _patterned_arguments(n: int, rank: int, seed: int) -> dict[str, Any]:
    """Return labels and cores; the cores are the same for every n.

    A row type is a pair of a weight pattern and a data pattern, and so is a column
    type; every type occurs.
    """
    random = np.random.default_rng(seed)
    r, p = WEIGHT_PATTERNS, DATA_PATTERNS
    root = random.integers(1, 4, (r, r))
    data = random.integers(-5, 6, (p, p))
    labels = random.integers(0, r * p, (2, n))
    labels[:, : r * p] = np.arange(r * p)[None, :n]
    return {
        "row_labels": labels[0],
        "column_labels": labels[1],
        "data_core": np.tile(data, (r, r)),
        "weight_core": np.kron(root, np.ones((p, p), dtype=np.int64)),
        "rank": rank,
    }


def _timed(n: int, path: Path, *, lifted: bool) -> Timing:
    """Run all stages on a file."""
    marks = [_clocks()]
    problem = read(path)
    marks.append(_clocks())
    reduce(problem.instance)
    marks.append(_clocks())
    solution = solve(problem, gap=_GAP, time_limit=_TIME_LIMIT, seed=_SEED)
    marks.append(_clocks())
    if lifted:
        _lift(problem, solution.U, solution.V)
        marks.append(_clocks())
    stages = PATTERNED_STAGES if lifted else DENSE_STAGES
    whole, system = (
        dict(zip(stages, np.diff(clock).tolist(), strict=True))
        for clock in zip(*marks, strict=True)
    )
    for seconds in (whole, system):
        seconds["solving"] = max(seconds["solving"] - seconds["compression"], 0.0)
    return Timing(n=n, seconds=whole, gap=solution.gap, system=system)


def _clocks() -> tuple[float, float]:
    """Return the processor time so far, and the operating system's part of it."""
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:  # elsewhere than on Unix, to a hundredth of a second
        return time.process_time(), os.times().system
    return time.process_time(), getrusage(RUSAGE_SELF).ru_stime


def _lift(problem: Problem, U: Any, V: Any) -> None:
    """Write the factors of the full matrix, n x k and k x n."""
    rows, columns = problem.row_labels, problem.column_labels
    if rows is None or columns is None:
        raise ValueError("only a patterned problem is lifted.")
    U.take(rows, slice(None))
    V.take(slice(None), columns)
