"""The figures, from the stored records.

Contents
--------
loss            Figure 2: loss against rank, a file for each image set
seconds         Figure 3: time against rank
refinement      Figure 4: loss against steps of EM, from three starts
spectra         Figure 5: singular values of the weights
proved          excess over the proved optimum against rank, whole layers
plots, save     empty panels; a file that is the same each time
"""

from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.paper.recovered import recovered
from benchmarks.paper.settings import CONVENTIONS, LOCAL, METHODS

IMAGES = Path(__file__).parents[2] / "docs" / "images" / "experiments"
# Excesses below this are drawn at it.
_LEAST_EXCESS = 1e-8
# Okabe and Ito, then greys; lines are told apart by marks too.
_STYLES = {
    "svd_w": ("#D55E00", "o-"),
    "adam": ("#E69F00", "v-"),
    "em": ("#0072B2", "s-"),
    "greedy": ("#009E73", "^-"),
    "sample": ("#CC79A7", "x-"),
    "svd": ("#000000", "+-"),
    "em-svd_w": ("#56B4E9", "s--"),
    "adam-normalized": ("#E69F00", "v:"),
    "reweighted-separable": ("#D55E00", "o:"),
    "als": ("#666666", "D"),
    "lbfgs": ("#666666", "*"),
    "em-zero": ("#009E73", "^-"),
}


def plots(rows: int, columns: int, size: tuple[float, float]) -> tuple[Any, Any]:
    """Return a figure and a grid of panels."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(
        rows,
        columns,
        figsize=(size[0] * columns, size[1] * rows),
        squeeze=False,
        constrained_layout=True,
    )
    return figure, panels


def save(figure: Any, path: Path) -> None:
    """Write a figure; equal records give equal files."""
    from matplotlib import pyplot as plt
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = BytesIO()
    figure.savefig(drawn, dpi=80, metadata={"Software": None})
    plt.close(figure)
    # 128 colours are enough, and make the file three times smaller.
    Image.open(drawn).convert("RGB").quantize(128).save(path, optimize=True)


def loss(records: dict[str, Any]) -> None:
    """Draw loss against rank for both conventions, and the paper's curves."""
    for name, record in records.items():
        known = recovered().curves.get(name)
        figure, panels = plots(1, 2 if known is None else 3, (4.2, 3.6))
        for panel, convention in zip(panels[0], CONVENTIONS, strict=False):
            curves = record["conventions"][convention]["curves"]
            for method in (*METHODS, *LOCAL):
                _line(panel, method, curves[method]["ranks"], curves[method]["loss"])
            panel.set(title=f"{name}: W from {convention}", ylabel="f / ||W o A||²")
        if known is not None:
            for method, values in known.items():
                _line(panels[0][2], method, range(1, len(values) + 1), values)
            panels[0][2].set(title=f"the paper: {name}", ylabel="loss")
        for panel in panels[0]:
            panel.set(xlabel="rank", yscale="log")
            panel.grid(visible=True, which="both", alpha=0.25)
        panels[0][0].legend(fontsize=6)
        save(figure, IMAGES / f"loss-{name}.png")


def seconds(records: dict[str, Any]) -> None:
    """Draw elapsed seconds against rank, a panel for each image set."""
    figure, panels = plots(1, len(records), (3.4, 3.4))
    for panel, (name, record) in zip(panels[0], records.items(), strict=True):
        curves = record["conventions"][CONVENTIONS[0]]["curves"]
        for method in (*METHODS, *LOCAL):
            _line(panel, method, curves[method]["ranks"], curves[method]["seconds"])
        shape = " x ".join(map(str, record["matrix"]))
        panel.set(title=f"{name}, {shape}", xlabel="rank", yscale="log")
        panel.grid(visible=True, which="major", alpha=0.25)
    panels[0][0].set(ylabel="seconds")
    panels[0][0].legend(fontsize=6)
    save(figure, IMAGES / "seconds.png")


def refinement(records: dict[str, Any]) -> None:
    """Draw loss against steps of EM, from three starts."""
    figure, panels = plots(2, len(records), (3.2, 2.8))
    for column, (name, record) in enumerate(records.items()):
        for row, convention in enumerate(CONVENTIONS):
            histories = record["conventions"][convention]["histories"]
            panel = panels[row][column]
            for method in ("em", "em-zero", "em-svd_w"):
                _line(panel, method, range(len(histories[method])), histories[method])
            panel.set(yscale="log", xlabel="steps")
            panel.set_title(f"{name}, {convention}, k = {histories['rank']}", size=8)
            panel.grid(visible=True, which="both", alpha=0.25)
    panels[0][0].legend(fontsize=6)
    save(figure, IMAGES / "refinement.png")


def spectra(records: dict[str, Any]) -> None:
    """Draw the singular values of both weight matrices, over the first."""
    figure, panels = plots(1, len(CONVENTIONS), (4.2, 3.2))
    for panel, convention in zip(panels[0], CONVENTIONS, strict=True):
        for name, record in records.items():
            values = record["conventions"][convention]["weights"]["spectrum"]
            panel.plot(range(1, len(values) + 1), values, ".-", label=name)
        panel.set(title=f"W from {convention}", xlabel="i", yscale="log")
        panel.grid(visible=True, which="both", alpha=0.25)
    panels[0][0].set(ylabel="sigma_i / sigma_1")
    panels[0][0].legend(fontsize=7)
    save(figure, IMAGES / "spectra.png")


def proved(found: dict[str, Any]) -> None:
    """Draw cost/upper - 1 against rank for whole layers with averaged weights."""
    figure, panels = plots(1, len(found), (3.8, 3.4))
    for panel, (name, record) in zip(panels[0], found.items(), strict=True):
        layers = [
            x
            for x in record["instances"]
            if x["kind"] == "layer" and x["convention"] == CONVENTIONS[0]
        ]
        ranks = [x["rank"] for x in layers]
        for method in layers[0]["methods"]:
            if method in _STYLES:
                ratios = [x["methods"][method]["ratio_to_upper"] for x in layers]
                excess = [max(ratio - 1, _LEAST_EXCESS) for ratio in ratios]
                _line(panel, method, ranks, excess)
        panel.plot(
            ranks,
            [max(x["gap"], _LEAST_EXCESS) for x in layers],
            "k:",
            label="proved gap",
        )
        panel.set(title=f"{name}, W from importance", xlabel="rank", yscale="log")
        panel.grid(visible=True, which="major", alpha=0.25)
    panels[0][0].set(ylabel="cost / upper - 1")
    panels[0][0].legend(fontsize=6)
    save(figure, IMAGES / "proved.png")


def _line(panel: Any, method: str, xs: Any, ys: Any) -> None:
    """Draw one method."""
    colour, style = _STYLES[method]
    panel.plot(
        list(xs), ys, style, color=colour, label=method, markersize=3.5, linewidth=1.1
    )
