"""The sizes that must be reached: proved, checked, on one core.

Run by `make bench`; nothing here asserts a time. What was reached is stored in
benchmarks/results/targets.json and shown in docs/benchmarks.md.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, final

import pytest

from benchmarks import instances, measurement, records
from exact_wlra import Problem


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An instance, the gap asked, and the time wanted."""

    name: str
    make: Callable[[], Problem]
    gap: float
    wanted: str
    rounds: int = 5
    time_limit: float = 60.0


def _few(n: int, d: int, c: int, **options: Any) -> Callable[[], Problem]:
    return lambda: instances.few_patterns((n, d), column_patterns=c, seed=1, **options)


def _distinct(*, integral: bool) -> Callable[[], Problem]:
    return lambda: instances.distinct_weights(
        (1000, 500), rank=3, noise=0.1, integral=integral, seed=1
    )


def _patterned() -> Problem:
    arguments = instances.patterned(
        (10**6, 10**6), weight_patterns=(4, 3), data_patterns=(20, 20), seed=1
    )
    return Problem.patterned(**arguments)


TARGETS = (
    Target(
        name="20 x 30, 3 column patterns, noise",
        make=_few(20, 30, 3),
        gap=1e-6,
        wanted="3 s",
    ),
    Target(
        name="20 x 30, 3 column patterns, planted",
        make=_few(20, 30, 3, kind="planted"),
        gap=1e-6,
        wanted="3 s",
    ),
    Target(
        name="20 x 30, 4 column patterns, noise",
        make=_few(20, 30, 4),
        gap=1e-3,
        wanted="15 s",
    ),
    Target(
        name="20 x 30, 4 column patterns, planted",
        make=_few(20, 30, 4, kind="planted"),
        gap=1e-3,
        wanted="15 s",
    ),
    Target(
        name="200 x 300, 2 column patterns, rank 1 plus noise",
        make=_few(200, 300, 2, kind="planted"),
        gap=1e-6,
        wanted="5 s",
    ),
    Target(
        name="200 x 300, 2 column patterns, rank 3 plus noise",
        make=_few(200, 300, 2, kind="planted", data_rank=3),
        gap=1e-6,
        wanted="5 s",
    ),
    Target(
        name="2000 x 2000, 3 row and 2 column patterns, noise",
        make=_few(2000, 2000, 2, row_patterns=3),
        gap=1e-6,
        wanted="minutes",
        rounds=1,
        time_limit=1800.0,
    ),
    Target(
        name="1000 x 500, all weights distinct, rank 3, integers",
        make=_distinct(integral=True),
        gap=1e-6,
        wanted="seconds",
        rounds=3,
    ),
    Target(
        name="1000 x 500, all weights distinct, rank 3, float64",
        make=_distinct(integral=False),
        gap=1e-6,
        wanted="seconds",
        rounds=3,
    ),
    Target(
        name="patterned 10^6 x 10^6, 4 x 3 weight, 20 x 20 data patterns",
        make=_patterned,
        gap=1e-6,
        wanted="seconds",
    ),
)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def bench_target(benchmark: Any, target: Target) -> None:
    started = time.process_time()
    problem = target.make()
    made = time.process_time() - started
    runs: list[measurement.Run] = []

    def solve_and_check() -> None:
        runs.append(
            measurement.run(problem, gap=target.gap, time_limit=target.time_limit)
        )

    benchmark.pedantic(solve_and_check, rounds=target.rounds, iterations=1)
    record = measurement.summary(runs, gap=target.gap)
    record |= {"wanted": target.wanted, "make_seconds": made}
    benchmark.extra_info.update(record)
    records.keep("targets", target.name, record)
    assert runs[-1].solution.lower <= runs[-1].solution.upper
