"""docs/benchmarks.md and its pictures, remade from the stored results.

``python -m benchmarks.render`` reads benchmarks/results/*.json; every figure of the
page comes from there.

Contents
--------
main            write the page and the pictures
page            the page as text
"""

from pathlib import Path
from typing import Any

from benchmarks import (
    plot_gaps,
    records,
    render_algebra,
    render_almost_linear,
    render_families,
    render_oracles,
    render_scaling,
    render_scip,
)
from benchmarks.tables import seconds_text, table

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Write the page and the pictures."""
    render_scaling.picture()
    render_almost_linear.picture()
    plot_gaps.main()
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return docs/benchmarks.md."""
    parts = [
        _head(),
        _targets(),
        render_scaling.section(),
        render_almost_linear.section(),
        render_scip.section(),
        render_families.section(),
        _spread(),
        render_oracles.section(),
        render_algebra.section(),
        _commands(),
    ]
    return "\n".join(parts)


def _head() -> str:
    document = records.load("targets")
    machine, versions = document["machine"], document["versions"]
    listed = ", ".join(
        f"{package} {number}"
        for package, number in versions.items()
        if number not in ("from source", "none")
    )
    return f"""# Benchmarks

This page is made by `python -m benchmarks.render` from `benchmarks/results/*.json`;
change those by `make bench`, not this page by hand.

The machine: {machine["processor"]}, {machine["cores"]} cores shared with other work,
{machine["memory_gib"]} GiB, {machine["system"]}; BLAS on {machine["blas_threads"]}
thread. Because it is shared, seconds are processor time, and a time limit is one of
processor time; elapsed time and the load average are stored beside them. Caches are
shared too: seconds are good to a factor of 1.5 or so. Where something is run more
than once, medians are shown, and a ratio is the median of the ratios of single runs.
Versions: {listed}.

*Gap* is (upper - lower)/upper of two proved rational bounds. *Noise* data are uniform
integers in -5 .. 5 without low rank structure, the hardest case; *planted* data are of
low rank plus noise. W takes the values 1, 2, 3 unless something else is said, and rows
of W are drawn freely where only column patterns are named. Every certificate was
accepted by `check`, whose time stands beside that of `solve`; `solve` checks once
itself, so its time includes one such check. The rank is 1 unless it is named.
"""


def _targets() -> str:
    found = records.load("targets")["records"]
    rows = [
        (
            name,
            f"{run['gap_asked']:.0e}",
            f"{run['gap_reached']:.1e}" + ("" if run["closed"] else " (not closed)"),
            run["wanted"],
            seconds_text(run["solve_seconds"]),
            seconds_text(run["check_seconds"]),
            f"{run['check_to_solve']:.2f}",
            run["method"],
            run["nodes"] or "",
        )
        for name, run in found.items()
    ]
    closed = sum(run["closed"] for run in found.values())
    cheap = sum(run["check_to_solve"] <= 1 for run in found.values())
    head = (
        "instance",
        "gap asked",
        "gap reached",
        "wanted",
        "solve s",
        "check s",
        "check/solve",
        "methods tried",
        "nodes",
    )
    return f"""## Targets

{table(head, rows)}

{closed} of {len(found)} reach the gap asked; in {cheap} of {len(found)} checking the
certificate costs no more than solving did. The problem with distinct weights has rank 3
and noise a tenth of the signal.
"""


def _spread() -> str:
    found = records.load("spread")["records"]
    limit = max(run["time_limit"] for run in found.values())
    rows = [
        (
            name,
            f"{run['gap_asked']:.0e}",
            f"{run['closed']} of {run['seeds']}",
            seconds_text(run["median_seconds"]),
            seconds_text(run["max_seconds"]),
            f"{run['median_nodes']:g}",
            run["max_nodes"],
            f"{run['max_gap']:.1e}",
            f"{run['median_check_to_solve']:.2f}",
            f"{run['max_check_to_solve']:.2f}",
        )
        for name, run in found.items()
    ]
    head = (
        "family, noise data",
        "gap asked",
        "closed",
        "median s",
        "max s",
        "median nodes",
        "max nodes",
        "largest gap",
        "median check/solve",
        "max check/solve",
    )
    return f"""## Spread over seeds

Seeds 0, 1, 2, ... with a limit of {limit:g} s each. Runs that are not closed count with the
time they took, which exceeds the limit by the check at their end; their proved gap
remains, and the largest is shown.

{table(head, rows)}

{_open(found)}
"""


def _open(found: dict[str, Any]) -> str:
    """Return the sentence about what is not closed."""
    parts = [
        f'{run["seeds"] - run["closed"]} of {run["seeds"]} in "{name}"'
        for name, run in found.items()
        if run["closed"] < run["seeds"]
    ]
    return "Not closed: " + ("; ".join(parts) or "none") + "."


def _commands() -> str:
    return """## Doing it again

    make bench                        # everything, about two hours
    make bench ARGS="-k target"       # or patterned, dense, compare, members, family, oracle
    python -m benchmarks.families --only "k = 2" --seeds 3 --time-limit 600
    python -m benchmarks.compare_with_scip "5 x 5, generic"
    python -m benchmarks.almost_linear    # two minutes; then benchmarks.render
    python -m benchmarks.plot_gaps    # the picture of gaps against time
    python -m benchmarks.render       # this page and its pictures from the results
"""


if __name__ == "__main__":
    main()
