"""The section of docs/benchmarks.md on growth, and its picture.

Contents
--------
section     the section as text
picture     time against n, one panel for each family
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks import records
from benchmarks.tables import count_text, seconds_text, table
from exact_wlra.theorems import regression

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "scaling.png"
_PARTS = ("reading", "reduction", "search", "lift", "last check", "check again")
_TITLES = {
    "patterned": "patterned, n x n, 4 x 3 weight and 20 x 20 data patterns",
    "dense": "dense, n x 200, 4 row and 2 column weight patterns",
}


def section() -> str:
    texts = [
        """## Cost against n

![Time against n, patterned and dense](images/scaling.png)

Problems are read from an .npz file; the gap asked is 1e-6 and reached everywhere.
*Total* is reading and solving, the last check of `solve` included. *Check again* is
`check` by itself. Reduction is timed by itself once more and taken off the search.
"""
    ]
    for family, title in _TITLES.items():
        runs = _family(family)
        sizes = [run["n"] for run in runs]
        rows = [
            (
                count_text(run["n"]),
                f"{run['gap_reached']:.0e}",
                *(seconds_text(run["seconds"][part]) for part in (*_PARTS, "total")),
            )
            for run in runs
        ]
        # Dense sizes span two decades, so that the last one stands for the rest.
        decades = 2 if sizes[-1] > 1000 * sizes[0] else 1
        slopes = [
            (
                part,
                _interval(sizes, [run["seconds"][part] for run in runs]),
                _last(decades, sizes, [run["seconds"][part] for run in runs]),
            )
            for part in ("reading", "reduction", "search", "check again", "total")
        ]
        texts.append(
            f"""### {title[0].upper()}{title[1:]}

{table(("n", "gap", *_PARTS, "total"), rows)}

{table(("part", "slope, all sizes (95 %)", _decades(decades)), slopes)}

{_growth(sizes, runs)}
"""
        )
    return "\n".join(texts)


def picture() -> None:
    """Draw time against n, by part, with the fitted slope of the total."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(11, 4.5), constrained_layout=True)
    for panel, family in zip(panels, _TITLES, strict=True):
        runs = _family(family)
        sizes = [run["n"] for run in runs]
        for part in ("reading", "reduction", "search", "last check", "total"):
            seconds = [run["seconds"][part] for run in runs]
            width = 2.5 if part == "total" else 1.2
            panel.loglog(sizes, seconds, "o-", label=part, linewidth=width)
        total = [run["seconds"]["total"] for run in runs]
        line = [total[-1] * size / sizes[-1] for size in sizes]
        panel.loglog(sizes, line, "k:", label="slope 1")
        panel.set(title=_TITLES[family], xlabel="n", ylabel="seconds")
        panel.grid(visible=True, which="major", alpha=0.3)
        panel.legend()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=110, metadata={"Software": None})
    plt.close(figure)


def _growth(sizes: Sequence[int], runs: Sequence[dict[str, Any]]) -> str:
    """Return the sentence about the growth of the total."""
    first, last = runs[0]["seconds"]["total"], runs[-1]["seconds"]["total"]
    return (
        f"From n = {count_text(sizes[0])} to {count_text(sizes[-1])}, a factor of "
        f"{count_text(sizes[-1] // sizes[0])}, the total grows by a factor of "
        f"{last / first:.2g}."
    )


def _interval(sizes: Sequence[int], seconds: Sequence[float]) -> str:
    """Return a slope with its interval as text."""
    if min(seconds) <= 0:
        return "too small to measure"
    return str(regression.fit(sizes, seconds))


def _last(decades: int, sizes: Sequence[int], seconds: Sequence[float]) -> str:
    """Return the slope over the last decades of sizes."""
    least = 0.99 * sizes[-1] / 10**decades
    kept = [pair for pair in zip(sizes, seconds, strict=True) if pair[0] > least]
    return _interval([n for n, _ in kept], [s for _, s in kept])


def _decades(number: int) -> str:
    """Return the heading of a slope over the last decades."""
    return "last decade" if number == 1 else f"last {number} decades"


def _family(family: str) -> list[dict[str, Any]]:
    """Return the records of one family by size."""
    found = records.load("scaling")["records"].values()
    return sorted(
        (run for run in found if run["family"] == family), key=lambda run: run["n"]
    )
