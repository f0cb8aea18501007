"""The section of docs/experiments.md on Gaussian mixtures.

Contents
--------
section         sizes, losses and times, beside the bars of the paper
"""

from typing import Any

from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import PAPER
from benchmarks.tables import seconds_text, table


def section(found: dict[str, Any]) -> str:
    """Return the section."""
    first = next(iter(found.values()))
    sizes = first["mixture"]
    known = recovered().synthetic
    head = ["method", "paper: cost/svd_w"]
    for kind in found:
        head += [f"{kind}: loss", "cost/svd_w", "rank", "numbers", "s"]
    head.append("paper: s")
    rows = []
    for method in first["methods"]:
        row: list[object] = [method, _ratio(known["loss"], method)]
        for record in found.values():
            run = record["methods"][method]
            least = record["methods"]["svd_w"]["cost"]
            row += [f"{run['loss']:.3g}", f"{run['cost'] / least:.3g}"]
            row += [run["rank"], run["numbers"], seconds_text(run["seconds"])]
        seconds = known["seconds"].get(method)
        rows.append([*row, "" if seconds is None else f"{seconds:g}"])
    return f"""## Gaussian mixtures, weighted by inverse variance

{sizes["n_points"]} points of {sizes["n_coordinates"]} coordinates from
{sizes["n_components"]} components; means of standard deviation
{sizes["mean_deviation"]:g}; standard deviations log-uniform in
{sizes["least_deviation"]:g} .. {sizes["greatest_deviation"]:g}, one for each component
(*isotropic*) or one for each component and coordinate (*diagonal*). W is the inverse
variance, which the cost squares; k = {first["rank"]}, means over {first["trials"]}
seeds. The paper's sizes, rank and kind of variance are not known: only orders can
agree.

{table(head, rows)}

From the least cost to the greatest, of the six methods of the paper:

* paper: {_order(known["loss"])}
{_orders(found)}

With isotropic components W has rank one, and svd_w is optimal: its cost *is* the
optimum (Theorem 1.2 with r = 1). With diagonal ones W has up to
{sizes["n_components"]} distinct rows, and nothing of rank one comes near them;
`group-svd`, one decomposition for each of them, has a larger rank and more numbers, and
its cost is a lower bound on what rank {first["rank"]} can reach.
"""


def _ratio(costs: dict[str, float], method: str) -> str:
    """Return the paper's ratio to svd_w, if it has the method."""
    return f"{costs[method] / costs['svd_w']:.3g}" if method in costs else ""


def _orders(found: dict[str, Any]) -> str:
    """Return one line for each kind."""
    return "\n".join(
        f"* {kind}: " + _order({m: record["methods"][m]["cost"] for m in PAPER})
        for kind, record in found.items()
    )


def _order(costs: dict[str, float]) -> str:
    """Return the methods from the least cost to the greatest."""
    return " < ".join(sorted(costs, key=lambda method: costs[method]))
