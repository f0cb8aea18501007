"""The sections of docs/benchmarks.md on proofs in charts, critical points and searches.

They come from benchmarks/results/oracles.json.

Contents
--------
section     the sections as text
"""

from typing import Any

from benchmarks import records
from benchmarks.tables import seconds_text, table
from semialgebraic.oracles.registry import BUILT_IN


def section() -> str:
    """Return the three sections."""
    found = records.load("oracles")["records"]
    parts = [
        _refutations(_starting_with(found, "refutation: ")),
        _critical_points(found),
        _searches(_starting_with(found, "search: ")),
    ]
    return "\n".join(parts)


def _starting_with(found: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Return the records of a kind by the rest of their names."""
    return {k.removeprefix(prefix): v for k, v in found.items() if k.startswith(prefix)}


def _refutations(found: dict[str, Any]) -> str:
    rows = []
    for name, run in found.items():
        if "failed" in run:
            rows.append((name, run.get("wanted", ""), run["failed"], *[""] * 5))
            continue
        search, replay = run["search_seconds"], run["replay_seconds"]
        rows.append(
            (
                name,
                run["wanted"],
                seconds_text(search + replay),
                seconds_text(search),
                seconds_text(replay),
                run["systems"],
                run["variables"],
                run["leaves"],
            )
        )
    head = (
        "instance",
        "wanted",
        "total s",
        "search s",
        "replay s",
        "charts",
        "variables",
        "boxes",
    )
    return f"""## Proof of 0.999999 of the best cost over all charts

Search by subdivision, then the exact replay of all box trees by the checker. Writing
the polynomials down counts as search; finding the best factors does not.

{table(head, rows)}
"""


def _critical_points(found: dict[str, Any]) -> str:
    ours = _starting_with(found, "critical points: ")
    theirs = _starting_with(found, "msolve: ")
    rows = []
    for name, run in ours.items():
        program = _msolve(theirs.get(name, {"failed": "not run"}))
        if "failed" in run:
            rows.append((name, run["failed"], *[""] * 5, *program))
            continue
        rows.append(
            (
                name,
                *_counts(run),
                seconds_text(run["list_seconds"]),
                seconds_text(run["optimum_seconds"]),
                *program,
            )
        )
    head = (
        "instance",
        "complex",
        "real",
        "local minima",
        "minimizers",
        "degree of OPT",
        "list s",
        "optimum s",
        "msolve: complex",
        "msolve s",
        "its equations",
    )
    return f"""## All critical points on the plane

Three columns, positive weights, rank 1 or 2: the row spaces form a projective plane. *List*
is `plane_critical_points`, complete by construction; *optimum* makes the list once more,
isolates the real points, tells local minima apart and computes the minimal polynomial of
OPT (not done above degree 90: then "-"). msolve solves the critical equations of one chart,
either in U and V (*bilinear*) or in V and one inverse for each weight pattern (*inverses*);
its seconds are those of a whole child process that also writes the equations down; that its
list is complete is the word of the program. A point outside that chart would not be in it.

{table(head, rows)}

{_large(_starting_with(found, "solve: "))}
"""


def _counts(run: dict[str, Any]) -> tuple[object, ...]:
    """Return the cells on the critical points and the optimum."""
    names = ("complex", "real", "local_minima", "minimizers")
    return (*(run[name] for name in names), run["degree"] or "-")


def _msolve(run: dict[str, Any]) -> tuple[object, ...]:
    """Return the cells of msolve."""
    if "failed" in run:
        missing = "not installed" in run["failed"]
        return ("not installed" if missing else run["failed"], "", "")
    return run["complex"], seconds_text(run["total_seconds"]), run["equations"]


def _large(found: dict[str, Any]) -> str:
    """Return the sentence on the instance with a million columns."""
    ((name, run),) = found.items()
    return f"""`solve` on {name} (20 column types): claim *{run["claim"]}*, OPT of degree
{run["degree"]} among {run["complex"]} complex and {run["real"]} real critical points, in {seconds_text(run["solve_seconds"])} s, the certificate
checked again in {seconds_text(run["check_seconds"])} s; method {" + ".join(run["methods"])}."""


def _searches(found: dict[str, Any]) -> str:
    rows, failed = [], []
    for name, run in found.items():
        if not run.get("closed"):
            why = run.get("reason", run.get("failed", "")).split(";")[0].rstrip(".")
            failed.append(f"- {name}: {why}.")
            continue
        dataset, oracle = name.split(", ")
        proved = "yes" if run["is_proved"] else "reported"
        rows.append(
            (
                dataset,
                oracle,
                run["questions"],
                run["bound"],
                f"{run['lower']:.8g}",
                f"{run['upper']:.8g}",
                proved,
                seconds_text(run["total_seconds"]),
            )
        )
    head = (
        "dataset",
        "oracle",
        "questions",
        "bound",
        "lower",
        "upper",
        "lower proved",
        "seconds",
    )
    order = {oracle: i for i, oracle in enumerate(BUILT_IN)}
    rows.sort(key=lambda row: (found[f"{row[0]}, {row[1]}"]["bits"], order[row[1]]))
    bits = {name.split(", ")[0]: run["bits"] for name, run in found.items()}
    listed = ", ".join(f"2^-{b} for {name}" for name, b in bits.items())
    return f"""## Threshold search

From [0, cost of X = 0] to a factor of 1.001, rank one, in charts, without factors to start
from. The *bound* on the number of questions bisects exponents, then values, above the
smallest value that a nonzero OPT can have by theory ({listed}).

{table(head, rows)}

Not to the end:

{chr(10).join(failed) or "none."}
"""
