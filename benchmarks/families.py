"""Families of instances: the proved gap against time, seed by seed.

``python -m benchmarks.families`` runs all of them one after the other and stores
benchmarks/results/families.json; ``--only``, ``--seeds`` and ``--time-limit`` make the
run shorter or longer. `make bench ARGS="-k members"` runs them with the limits below.

Contents
--------
Member      a size of a family, with its seeds
MEMBERS     what is run
measure     all seeds of one member
stored      what the last runs gave, in the order of the members
main        the command
"""

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from benchmarks import instances, measurement, records
from exact_wlra import Problem, read

TIME_LIMIT = 60.0
# Elapsed seconds are limited to this many times the limit on processor time.
_PATIENCE = 2.0
_DIGITS = 4


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A size of a family.

    `make` takes a seed and returns a problem, and a constant of which another form of
    the objective is larger (0 where there is none). `published_gap` belongs to that
    form.
    """

    family: str
    name: str
    make: Callable[[int], tuple[Problem, Fraction]]
    seeds: int = 1
    gap: float = 1e-6
    published_gap: float | None = None

    @property
    def title(self) -> str:
        """Family and size, the name of the record."""
        return f"{self.family}: {self.name}"


def _plain(make: Callable[..., Problem], **arguments: Any) -> Callable[[int], Any]:
    return lambda seed: (make(**arguments, seed=seed), Fraction(0))


def _generic(n: int, rank: int, seeds: int, *, planted: bool = False) -> Member:
    return Member(
        family=f"{'planted' if planted else 'noise'}, any weights, k = {rank}",
        name=f"{n} x {n}",
        make=_plain(
            instances.unstructured,
            shape=(n, n),
            rank=rank,
            kind="planted" if planted else "noise",
        ),
        seeds=seeds,
    )


def _few(column_patterns: int, seeds: int, gap: float) -> Member:
    return Member(
        family="few patterns, k = 1",
        name=f"20 x 30, {column_patterns} column and 4 row patterns",
        make=_plain(
            instances.few_patterns,
            shape=(20, 30),
            column_patterns=column_patterns,
            row_patterns=4,
        ),
        seeds=seeds,
        gap=gap,
    )


def _free_rows(column_patterns: int, seeds: int, gap: float) -> Member:
    return Member(
        family="few patterns, k = 1",
        name=f"20 x 30, {column_patterns} column patterns, rows free",
        make=_plain(
            instances.few_patterns, shape=(20, 30), column_patterns=column_patterns
        ),
        seeds=seeds,
        gap=gap,
    )


def _rank_two(
    shape: tuple[int, int], rank: int, row_patterns: int, kind: str, seeds: int
) -> Member:
    return Member(
        family="weights of rank two",
        name=f"{shape[0]} x {shape[1]}, k = {rank}, {kind}",
        make=_plain(
            instances.few_patterns,
            shape=shape,
            column_patterns=2,
            row_patterns=row_patterns,
            kind=kind,
            rank=rank,
            data_rank=rank,
        ),
        seeds=seeds,
    )


def _mask(n: int, seeds: int) -> Member:
    return Member(
        family="missing data, k = 1",
        name=f"{n} x {n}, 60 % observed",
        make=_plain(instances.masked, shape=(n, n), observed=0.6),
        seeds=seeds,
    )


def _completion(
    n: int, rank: int, n_observed: int, published_gap: float, seeds: int
) -> Member:
    return Member(
        family="completion with a ridge",
        name=f"{n} x {n}, k = {rank}, {n_observed} observed",
        make=lambda seed: instances.completion(
            n, rank=rank, n_observed=n_observed, gamma=80, seed=seed
        ),
        seeds=seeds,
        published_gap=published_gap,
    )


def _wheat(rank: int) -> Member:
    return Member(
        family="wheat",
        name=f"7 x 7, k = {rank}",
        make=lambda _seed: (read("dataset:wheat", rank=rank), Fraction(0)),
    )


MEMBERS = (
    *(_generic(n, 1, seeds=10) for n in (6, 8, 10)),
    *(_generic(n, 1, seeds=3) for n in (15, 20)),
    _generic(30, 1, seeds=1),
    *(_generic(n, 2, seeds=10) for n in (4, 5, 6)),
    *(_generic(n, 2, seeds=3) for n in (8, 10)),
    *(_generic(n, 1, seeds=2, planted=True) for n in (10, 20)),
    *(_generic(n, 2, seeds=2, planted=True) for n in (8, 10)),
    *(_few(c, 2, gap=1e-6) for c in (3, 4)),
    *(_few(c, 2, gap=1e-3) for c in (5, 6, 7)),
    *(_free_rows(c, 1, gap=1e-3) for c in (5, 6, 7)),
    _rank_two((12, 12), 2, 2, "planted", seeds=3),
    _rank_two((60, 40), 5, 5, "planted", seeds=2),
    _rank_two((200, 300), 3, 3, "planted", seeds=2),
    _rank_two((12, 12), 2, 2, "noise", seeds=30),
    _rank_two((20, 20), 3, 3, "noise", seeds=20),
    _rank_two((40, 40), 4, 3, "noise", seeds=8),
    *(_mask(n, seeds=3) for n in (6, 8, 10)),
    _completion(10, 1, 20, 0.0189, seeds=10),
    _completion(10, 1, 25, 0.0385, seeds=10),
    _completion(10, 1, 30, 0.0488, seeds=10),
    _completion(10, 2, 40, 0.147, seeds=5),
    _completion(10, 3, 60, 0.18, seeds=5),
    _completion(20, 1, 40, 0.0353, seeds=5),
    _wheat(1),
    _wheat(2),
)


def measure(
    member: Member, *, seeds: int | None = None, time_limit: float = TIME_LIMIT
) -> dict[str, Any]:
    """Return what every seed gave, one after the other."""
    number = min(member.seeds, seeds or member.seeds)
    runs = [_solved(member, seed, time_limit) for seed in range(number)]
    return {
        "family": member.family,
        "member": member.name,
        "gap_asked": member.gap,
        "published_gap": member.published_gap,
        "time_limit": time_limit,
        "seeds": number,
        "closed": sum(run["closed"] for run in runs),
        "median_seconds": statistics.median(run["solve_seconds"] for run in runs),
        "max_seconds": max(run["solve_seconds"] for run in runs),
        "median_gap": statistics.median(run["gap_reached"] for run in runs),
        "max_gap": max(run["gap_reached"] for run in runs),
        "each": runs,
    }


def stored() -> list[dict[str, Any]]:
    """Return the stored records in the order of the members."""
    found = records.load("families")["records"]
    return [found[member.title] for member in MEMBERS if member.title in found]


def _solved(member: Member, seed: int, time_limit: float) -> dict[str, Any]:
    """Return what one seed gave."""
    problem, constant = member.make(seed)
    done = measurement.run(
        problem, gap=member.gap, time_limit=time_limit, patience=_PATIENCE
    )
    kept = ("closed", "gap_reached", "claim", "method", "rule", "nodes")
    times = ("solve_seconds", "check_seconds", "elapsed_seconds")
    whole = measurement.summary([done], gap=member.gap)
    solution = done.solution
    record = {"seed": seed} | {key: whole[key] for key in kept}
    record |= {key: _rounded(whole[key]) for key in times}
    record |= {"lower": float(solution.lower), "upper": float(solution.upper)}
    if member.published_gap is not None:
        width = solution.upper - solution.lower
        record["gap_with_constant"] = float(width / (solution.upper + constant))
    record["history"] = [[_rounded(s), _rounded(g)] for s, g in done.history]
    return record


def _rounded(value: float) -> float:
    """Return a few digits of a number that is measured."""
    return float(f"{value:.{_DIGITS}g}")


def main() -> None:
    """Run the members asked for and store each as soon as it is done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="a part of the titles to be run")
    parser.add_argument("--seeds", type=int, help="at most so many seeds of each")
    parser.add_argument("--time-limit", type=float, default=TIME_LIMIT)
    asked = parser.parse_args()
    for member in MEMBERS:
        if asked.only in member.title:
            record = measure(member, seeds=asked.seeds, time_limit=asked.time_limit)
            records.keep("families", member.title, record)
            print(f"{member.title}: {_line(record)}", flush=True)


def _line(record: dict[str, Any]) -> str:
    """Return one record in a line."""
    return (
        f"{record['closed']} of {record['seeds']} closed to {record['gap_asked']:.0e}, "
        f"median {record['median_seconds']:.2f} s, largest gap {record['max_gap']:.1e}"
    )


if __name__ == "__main__":
    main()
