"""The first section of docs/experiments.md: what came out, in counts and ranges.

Every sentence states a number of the records and no judgement that another run could
contradict.

Contents
--------
section         the section as text
"""

import statistics
from typing import Any

from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import CONVENTIONS
from benchmarks.paper.speeds import ASKED


def section(
    layers: dict[str, Any], speeds: dict[str, Any], proved: dict[str, Any]
) -> str:
    """Return the section."""
    lines = [
        _shares(layers),
        _against("svd_w", "svd", layers),
        _against("svd_w", "em", layers),
        _against("em-svd_w", "em", layers),
        _against("reweighted-separable", "svd_w", layers),
        _floor(layers),
        _times(speeds),
        _optimum(proved),
    ]
    items = "\n".join(f"* {line}" for line in lines)
    return f"""## What came out

{items}
"""


def _shares(layers: dict[str, Any]) -> str:
    """Return the sentence about the first singular value."""
    shares = {
        name: statistics.mean(
            record["conventions"]["importance"]["weights"]["leading_share"]
        )
        for name, record in layers.items()
    }
    known = recovered().leading_share
    texts = [
        f"{name} {share:.1%}" + (f" (paper {known[name]:.1%})" if name in known else "")
        for name, share in shares.items()
    ]
    return f"Share of the first singular value in ||F||_F^2: {', '.join(texts)}."


def _against(first: str, second: str, layers: dict[str, Any]) -> str:
    """Return how often one method costs less than another, and the ratios."""
    ratios = {
        (name, convention): [
            a / b
            for a, b in zip(curves[first]["loss"], curves[second]["loss"], strict=True)
        ]
        for name, record in layers.items()
        for convention in CONVENTIONS
        for curves in [record["conventions"][convention]["curves"]]
    }
    everything = [ratio for values in ratios.values() for ratio in values]
    fewer = sum(ratio < 1 for ratio in everything)
    last = [values[-1] for values in ratios.values()]
    return (
        f"`{first}` costs less than `{second}` in {fewer} of {len(everything)} cases "
        f"(image set, convention, rank): ratios {min(everything):.2f} to "
        f"{max(everything):.2f}, at the greatest rank {min(last):.2f} to "
        f"{max(last):.2f}."
    )


def _floor(layers: dict[str, Any]) -> str:
    """Return what the floor of svd_w decides."""
    factors = {
        (name, convention): max(losses) / min(losses)
        for name, record in layers.items()
        for convention in CONVENTIONS
        for losses in [record["conventions"][convention]["floors"]["loss"]]
    }
    name, convention = max(factors, key=lambda key: factors[key])
    return (
        "Between the best and the worst of seven floors the loss of `svd_w` at the "
        f"greatest rank changes by factors of {min(factors.values()):.2f} to "
        f"{max(factors.values()):.2f} (the latter on {name}, W from {convention})."
    )


def _times(speeds: dict[str, Any]) -> str:
    """Return the ratios of times."""
    texts = []
    for above, below, _ in ASKED:
        values = [at["ratios"][f"{above} / {below}"] for at in speeds["ranks"].values()]
        texts.append(f"({above})/({below}) {min(values):.3g} to {max(values):.3g}")
    shape = " x ".join(map(str, speeds["shape"]))
    return f"Ratios of times on {shape}, over the ranks: {', '.join(texts)}."


def _optimum(proved: dict[str, Any]) -> str:
    """Return what the proved optimum says."""
    layers = [
        instance
        for record in proved.values()
        for instance in record["instances"]
        if instance["kind"] == "layer"
    ]
    closed = sum(instance["closed"] for instance in layers)
    largest = max(layers, key=lambda x: x["shape"][0] * x["shape"][1])["shape"]
    texts = []
    for method in ("als", "lbfgs", "svd_w", "reweighted-separable", "em", "greedy"):
        runs = [instance["methods"][method] for instance in layers]
        excess = [100 * (run["ratio_to_upper"] - 1) for run in runs]
        reached = sum(run["reached"] > 0 for run in runs)
        texts.append(
            f"`{method}` {reached} (median excess {statistics.median(excess):.2g} %, "
            f"worst {max(excess):.2g} %)"
        )
    return (
        f"Whole layers with averaged weights, up to {largest[0]} x {largest[1]}: "
        f"{closed} of {len(layers)} optima proved to 1e-6. Reached by: "
        f"{', '.join(texts)}."
    )
