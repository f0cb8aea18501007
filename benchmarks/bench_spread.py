"""Many seeds of each small family: median, maximum, and how many were closed.

Run by `make bench`; results go to benchmarks/results/spread.json. A run that is not
closed counts with the time it took, which exceeds the limit by its last check.
"""

import statistics
from dataclasses import dataclass
from typing import Any, final

import pytest

from benchmarks import instances, measurement, records

TIME_LIMIT = 20.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A family of instances and the gap asked of each."""

    shape: tuple[int, int]
    column_patterns: int
    gap: float
    weights: tuple[int, ...] = (1, 2, 3)
    seeds: int = 20

    @property
    def name(self) -> str:
        """Shape, patterns, weights."""
        n, d = self.shape
        values = ", ".join(map(str, self.weights))
        return f"{n} x {d}, {self.column_patterns} patterns, W in {{{values}}}"


FAMILIES = (
    Family(shape=(20, 30), column_patterns=2, gap=1e-6),
    Family(shape=(20, 30), column_patterns=3, gap=1e-6),
    Family(shape=(20, 30), column_patterns=4, gap=1e-3),
    Family(shape=(12, 12), column_patterns=4, gap=1e-3),
    Family(shape=(20, 30), column_patterns=2, gap=1e-6, weights=(0, 1, 2)),
    Family(shape=(20, 30), column_patterns=3, gap=1e-6, weights=(0, 1, 2), seeds=10),
    Family(shape=(20, 30), column_patterns=4, gap=1e-3, weights=(0, 1, 2), seeds=5),
    Family(shape=(20, 30), column_patterns=5, gap=1e-3, seeds=10),
)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def bench_family(benchmark: Any, family: Family) -> None:
    found: list[dict[str, Any]] = []

    def solve_all() -> None:
        found.extend(_solved(family, seed) for seed in range(family.seeds))

    benchmark.pedantic(solve_all, rounds=1, iterations=1)
    closed = [one for one in found if one["closed"]]
    record = {
        "seeds": family.seeds,
        "gap_asked": family.gap,
        "time_limit": TIME_LIMIT,
        "closed": len(closed),
        "median_seconds": statistics.median(one["solve_seconds"] for one in found),
        "max_seconds": max(one["solve_seconds"] for one in found),
        "median_nodes": statistics.median(one["nodes"] for one in found),
        "max_nodes": max(one["nodes"] for one in found),
        "max_gap": max(one["gap_reached"] for one in found),
        "median_check_to_solve": statistics.median(
            one["check_to_solve"] for one in found
        ),
        "max_check_to_solve": max(one["check_to_solve"] for one in found),
        "each": found,
    }
    benchmark.extra_info.update(record)
    records.keep("spread", family.name, record)


def _solved(family: Family, seed: int) -> dict[str, Any]:
    """Return what one seed gave."""
    problem = instances.few_patterns(
        family.shape,
        column_patterns=family.column_patterns,
        weights=family.weights,
        seed=seed,
    )
    done = measurement.run(problem, gap=family.gap, time_limit=TIME_LIMIT)
    whole = measurement.summary([done], gap=family.gap)
    kept = (
        "closed",
        "gap_reached",
        "method",
        "nodes",
        "solve_seconds",
        "check_seconds",
        "check_to_solve",
    )
    return {"seed": seed} | {key: whole[key] for key in kept}
