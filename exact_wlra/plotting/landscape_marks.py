"""What both kinds of landscapes share: marks of critical points, the legend.

Contents
--------
MARKS           marker, color, size and order of each kind of critical point
FLOOR, WIDE     where a logarithmic axis ends, and when there is one
words_of        the entry of a critical point in the legend
draw_legend     each entry once
"""

from typing import TYPE_CHECKING

from exact_wlra.figures import SERIES, VERMILLION
from exact_wlra.plotting.marked_directions import MarkedDirection

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Marker, color, size, order: told apart by shape as well.
MARKS = {
    "global minimum": ("*", VERMILLION, 170, 9),
    "local minimum": ("o", SERIES[3], 60, 8),
    "saddle": ("X", "white", 45, 7),
    "maximum": ("^", "white", 45, 6),
    "flat point": ("s", "white", 36, 5),
}
# Below this share of the cost of X = 0 a logarithmic axis ends.
FLOOR = 1e-6
# A logarithmic axis is used if costs differ by such a factor.
WIDE = 4.0


def words_of(mark: MarkedDirection, found: list[MarkedDirection]) -> str:
    """Return the entry in the legend: how many, their costs, how they are known."""
    alike = [each for each in found if each.kind == mark.kind]
    known = "proved" if mark.is_proved else "estimate"
    name: str = mark.kind
    if name == "local minimum":
        name = "other local minimum"
    if len(alike) > 1:
        ending = "a" if name.endswith("um") else "s"
        name = f"{len(alike)} {name.removesuffix('um')}{ending}"
    costs = f"{alike[0].cost:.6g}"
    if alike[-1].cost > alike[0].cost * (1 + 1e-9):
        costs += f" to {alike[-1].cost:.6g}"
    return f"{name}, cost {costs} ({known})"


def draw_legend(axes: "Axes") -> None:
    """Draw each entry of the legend once."""
    handles, labels = axes.get_legend_handles_labels()
    entries = dict(zip(labels, handles, strict=True))
    if not entries:
        return
    axes.figure.legend(
        entries.values(), entries.keys(), loc="outside lower center", fontsize=8,
        ncols=2, frameon=False,
    )  # fmt: skip
