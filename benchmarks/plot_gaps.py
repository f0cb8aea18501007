"""The picture of proved gaps against time, from benchmarks/results/families.json.

``python -m benchmarks.plot_gaps`` writes docs/images/gaps.svg and gaps.png: a panel for
each family, a line for each seed.

Contents
--------
main        write both files
"""

import math
from pathlib import Path
from typing import Any

from benchmarks import families

_IMAGES = Path(__file__).parents[1] / "docs" / "images"
# Okabe and Ito: told apart with any colour vision.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
_STYLES = ("-", "--")
_COLUMNS = 3
_LEAST_GAP, _LEAST_SECONDS = 1e-9, 0.001
_PAUSE = (math.nan, math.nan)


def main() -> None:
    """Draw a panel for each family and write the picture twice."""
    import matplotlib as mpl

    mpl.use("Agg")
    # The same file from the same results.
    mpl.rcParams.update({"svg.hashsalt": "gaps", "svg.fonttype": "none"})
    from matplotlib import pyplot as plt

    found = families.stored()
    titles = list(dict.fromkeys(record["family"] for record in found))
    n_rows = -(-len(titles) // _COLUMNS)
    figure, panels = plt.subplots(
        n_rows,
        _COLUMNS,
        figsize=(4.2 * _COLUMNS, 3.2 * n_rows),
        sharex=True,
        sharey=True,
        squeeze=False,
        constrained_layout=True,
    )
    for panel, family in zip(panels.flat, titles, strict=False):
        _draw(panel, [record for record in found if record["family"] == family])
        panel.set_title(family, fontsize=10)
    for panel in panels.flat[len(titles) :]:
        panel.set_axis_off()
    figure.supxlabel("seconds of processor time")
    figure.supylabel("(upper - lower)/upper")
    _IMAGES.mkdir(parents=True, exist_ok=True)
    figure.savefig(_IMAGES / "gaps.svg", metadata={"Date": None})
    figure.savefig(_IMAGES / "gaps.png", dpi=100, metadata={"Software": None})
    plt.close(figure)


def _draw(panel: Any, members: list[dict[str, Any]]) -> None:
    """Draw the seeds of each member in one colour, and the gap asked."""
    for number, record in enumerate(members):
        colour = _COLOURS[number % len(_COLOURS)]
        style = _STYLES[number // len(_COLOURS) % len(_STYLES)]
        # All seeds are one line, interrupted between them.
        points = [point for run in record["each"] for point in (*_drawn(run), _PAUSE)]
        panel.step(
            *zip(*points, strict=True),
            where="post",
            color=colour,
            linestyle=style,
            linewidth=1.0,
            alpha=0.8,
            label=record["member"],
        )
        ends = [_drawn(run)[-1] for run in record["each"]]
        panel.plot(*zip(*ends, strict=True), "o", markersize=3, color=colour)
    for gap in {record["gap_asked"] for record in members}:
        panel.axhline(gap, color="grey", linewidth=0.8, linestyle=":")
    panel.set(xscale="log", yscale="log")
    panel.grid(visible=True, which="major", alpha=0.3)
    panel.minorticks_off()
    panel.tick_params(labelbottom=True, labelleft=True)
    panel.legend(fontsize=6, loc="lower left")


def _drawn(run: dict[str, Any]) -> list[tuple[float, float]]:
    """Return the points of one seed, within what the axes show."""
    return [
        (max(seconds, _LEAST_SECONDS), max(gap, _LEAST_GAP))
        for seconds, gap in run["history"]
    ]


if __name__ == "__main__":
    main()
