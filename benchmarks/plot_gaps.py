"""The picture of proved gaps against time, from benchmarks/results/families.json.

``python -m benchmarks.plot_gaps`` writes docs/images/gaps.svg and gaps.png: a panel for
each family, a line for each seed.

Contents
--------
main        write both files
"""

from pathlib import Path
from typing import Any

from benchmarks import families

_IMAGES = Path(__file__).parents[1] / "docs" / "images"
# Okabe and Ito: told apart with any colour vision.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")
_STYLES = ("-", "--")
_COLUMNS = 3
_LEAST_GAP, _LEAST_SECONDS = 1e-9, 0.01


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
        style = {
            "color": _COLOURS[number % len(_COLOURS)],
            "linestyle": _STYLES[number // len(_COLOURS) % len(_STYLES)],
        }
        for run in record["each"]:
            seconds = [max(s, _LEAST_SECONDS) for s, _ in run["history"]]
            gaps = [max(gap, _LEAST_GAP) for _, gap in run["history"]]
            label = f"{record['member']}" if run["seed"] == 0 else None
            panel.step(
                seconds,
                gaps,
                where="post",
                linewidth=1.0,
                alpha=0.8,
                label=label,
                **style,
            )
            panel.plot(seconds[-1], gaps[-1], "o", markersize=3, color=style["color"])
    for gap in {record["gap_asked"] for record in members}:
        panel.axhline(gap, color="grey", linewidth=0.8, linestyle=":")
    panel.set(xscale="log", yscale="log")
    panel.grid(visible=True, which="major", alpha=0.3)
    panel.tick_params(labelbottom=True, labelleft=True)
    panel.legend(fontsize=6)


if __name__ == "__main__":
    main()
