"""The section of docs/experiments.md on proved optima.

Contents
--------
section         brackets, and how far each method is from them
"""

import statistics
from typing import Any

from benchmarks.paper.proved import BITS, GAP, GROUPS, TIME_LIMIT, TOLERANCE
from benchmarks.tables import seconds_text, table

_LAYER_RANKS = (1, 2, 5, 10, 20)


def section(found: dict[str, Any]) -> str:
    """Return the section."""
    everything = [
        {"images": name, **instance}
        for name, record in found.items()
        for instance in record["instances"]
    ]
    layers = [x for x in everything if x["kind"] == "layer"]
    blocks = [x for x in everything if x["kind"] == "block"]
    closed = sum(x["closed"] for x in everything)
    return f"""## Against the proved optimum

What the paper could not show: how far its methods, and ours, are from the best matrix
of rank k. Entries and weights are rounded to {BITS} bits (no weight to zero); the
rounded instance is a rational one, `solve` proves lower <= OPT <= upper for it, and all
methods are scored on it, svd_w without any floor. Asked is a gap of {GAP:g} within {TIME_LIMIT:g} s; {closed} of
{len(everything)} instances reached it, and the others keep their brackets. The
proof is a certificate that anyone can check:
[certificate-format.md](certificate-format.md).

### Whole layers, weights averaged over {GROUPS[0]} x {GROUPS[1]} groups

Rows and columns are cut into groups of equal size by the importance they hold, and
squared weights averaged over each block: the layer is whole, its importance coarse.

{_brackets(layers)}

![Excess over the proved optimum](images/experiments/proved.png)

Median over the image sets of cost/upper, at each rank, and how many instances a method
solved: to within {TOLERANCE:g} of `upper`.

{_layers(layers)}

`reweighted` is Algorithm 1 with the rank of W: a bound from below (Theorem 1.2), with
more numbers than rank k has; so is `group-svd`, which lies above it. Neither is a
matrix of rank k, and a ratio below 1 says how much of the optimum the bound explains.

### Blocks with their own importance

Blocks drawn at random, in proportion to the importance of rows and columns; both
conventions. Randomized methods have ten seeds.

{_brackets(blocks)}

{_blocks(blocks)}
"""


def _brackets(instances: list[dict[str, Any]]) -> str:
    """Return one line for each instance."""
    rows = [
        (
            x["images"],
            x["convention"],
            " x ".join(map(str, x["shape"])),
            x["rank"],
            f"{x['relative_optimum']:.6f}",
            f"{x['gap']:.1e}" + ("" if x["closed"] else " (not closed)"),
            seconds_text(x["solve_seconds"]),
        )
        for x in instances
    ]
    head = ("images", "W from", "shape", "k", "upper/f(0)", "proved gap", "solve s")
    return table(head, rows)


def _layers(instances: list[dict[str, Any]]) -> str:
    """Return medians of cost/upper by method and rank."""
    ranks = [k for k in _LAYER_RANKS if any(x["rank"] == k for x in instances)]
    rows = []
    for method in instances[0]["methods"]:
        runs = {
            k: [x["methods"][method] for x in instances if x["rank"] == k]
            for k in ranks
        }
        largest = runs[ranks[-1]]
        rows.append(
            (
                method,
                *(
                    _ratio(statistics.median(run["ratio_to_upper"] for run in runs[k]))
                    for k in ranks
                ),
                f"{max(run['rank'] for run in largest)}",
                f"{max(run['numbers'] for run in largest)}",
                _solved(method, instances),
            )
        )
    head = (
        "method",
        *(f"k = {k}" for k in ranks),
        f"rank at k = {ranks[-1]}",
        "numbers there",
        "solved",
    )
    return table(head, rows)


def _blocks(instances: list[dict[str, Any]]) -> str:
    """Return ratios and success over all blocks, by rank."""
    ranks = sorted({x["rank"] for x in instances})
    rows = []
    for method in instances[0]["methods"]:
        line: list[object] = [method]
        for rank in ranks:
            runs = [x["methods"][method] for x in instances if x["rank"] == rank]
            reached = sum(run["reached"] for run in runs)
            total = sum(run["runs"] for run in runs)
            line += [
                _ratio(statistics.median(run["ratio_to_upper"] for run in runs)),
                _ratio(max(run["ratio_to_upper"] for run in runs)),
                f"{reached} of {total}",
            ]
        rows.append(line)
    head = ["method"]
    for rank in ranks:
        head += [
            f"k = {rank}: median cost/upper",
            f"k = {rank}: worst",
            f"k = {rank}: runs that reach upper",
        ]
    return f"""{table(head, rows)}

*Worst* is over the blocks, of the median over the seeds. All of these are of rank k
with (n + d) k numbers; dividing by `lower` in place of `upper` changes a ratio by the
gap in the table above."""


def _solved(method: str, instances: list[dict[str, Any]]) -> str:
    """Return how many instances a method solved, if it competes at rank k at all."""
    runs = [x["methods"][method] for x in instances]
    if any(run["rank"] > x["rank"] for run, x in zip(runs, instances, strict=True)):
        return "not of rank k"
    return f"{sum(run['reached'] > 0 for run in runs)} of {len(runs)}"


def _ratio(value: float) -> str:
    """Return a ratio so that one and nearly one differ."""
    if 0 <= value - 1 <= TOLERANCE:
        return "1"
    excess = abs(value - 1)
    return f"{value:.7f}" if excess < 1e-4 else f"{value:.4f}"
