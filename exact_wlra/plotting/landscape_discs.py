"""Landscapes over a projective plane: a disc.

The disc is the upper half of the sphere of directions, laid flat without distorting
areas. Opposite points of its rim are the same row space.

Contents
--------
draw_disc               the cost as colors and contours
draw_marks_on_disc      critical points
draw_paths_on_disc      points of the user
name_coordinates        the coordinate directions
"""

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.figures import GREY, SERIES
from exact_wlra.plotting.landscape_marks import FLOOR, MARKS, WIDE, words_of
from exact_wlra.plotting.marked_directions import MarkedDirection
from exact_wlra.plotting.row_space_costs import RowSpaceCost

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

_RESOLUTION = 241
_N_LEVELS = 15


def draw_disc(
    figure: "Figure",
    axes: "Axes",
    cost: RowSpaceCost,
    passes: list[float],
    *,
    is_logarithmic: bool,
) -> None:
    """Draw the cost on the projective plane as colors and contours.

    The contours at the costs of saddles, `passes`, are drawn among them.
    """
    from matplotlib.patches import Circle

    line = np.linspace(-1, 1, _RESOLUTION)
    # The grid goes beyond the rim, where a circle cuts it: no gap is left there.
    x, y = np.meshgrid(1.01 * line, 1.01 * line)
    square = np.minimum(x * x + y * y, 1.0 - 1e-12)
    angle = np.arctan2(y, x)
    across = np.sqrt(square) * np.sqrt(2 - square)
    directions = np.stack(
        [across * np.cos(angle), across * np.sin(angle), 1 - square], axis=-1
    )
    values = cost.at(directions)
    label = "cost"
    if is_logarithmic and values.max() > WIDE * values.min():
        floor = FLOOR * cost.energy
        values = np.log10(np.maximum(values, floor))
        passes = [math.log10(max(each, floor)) for each in passes]
        label = "cost, logarithmic"
    is_log = label != "cost"
    low, high = float(values.min()), float(values.max())
    high = high if high > low else low + 1.0
    rim = Circle((0, 0), 1, facecolor="none", edgecolor="black", linewidth=1.2)
    axes.add_patch(rim)
    levels = _levels(values[x * x + y * y <= 1], passes)
    from matplotlib.colors import Normalize

    image = axes.contourf(
        x, y, values, levels, cmap="viridis", norm=Normalize(low, high)
    )
    lines = axes.contour(x, y, values, levels, colors="white", linewidths=0.4)
    for drawn in (image, lines):
        drawn.set_clip_path(rim)
    bar = figure.colorbar(image, ax=axes, shrink=0.8, pad=0.03)
    bar.set_label(label)
    if is_log:
        from matplotlib.ticker import FuncFormatter

        bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda t, _: f"{10**t:.3g}"))
    axes.set_xlim(-1.2, 1.2)
    axes.set_ylim(-1.16, 1.16)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _levels(values: Floats, passes: list[float]) -> Floats:
    """Return levels of contours: quantiles, the ground of the valleys, passes.

    Quantiles give as many contours to a flat valley as to a steep slope.
    """
    low, high = float(values.min()), float(values.max())
    high = high if high > low else low + 1.0
    quantiles = np.quantile(values, np.linspace(0.04, 0.98, _N_LEVELS))
    ground = np.linspace(low, quantiles[0], 5)
    levels = np.sort([*ground, *quantiles, *passes, high])
    levels[0] -= 1e-9 * (high - low)
    return levels[np.diff(levels, prepend=-math.inf) > 1e-3 * (high - low)]


def draw_marks_on_disc(axes: "Axes", found: list[MarkedDirection]) -> None:
    """Draw critical points; those on the rim are drawn at both of their places."""
    for mark in found:
        marker, color, size, order = MARKS[mark.kind]
        place = _flat(mark.direction / np.linalg.norm(mark.direction))
        is_on_rim = np.hypot(*place) > 1 - 1e-6
        x, y = np.array([place, -place] if is_on_rim else [place]).T
        axes.scatter(
            x, y, s=size, marker=marker, color=color, edgecolor="black", linewidth=0.8,
            zorder=order, label=words_of(mark, found),
        )  # fmt: skip


def draw_paths_on_disc(axes: "Axes", paths: list[tuple[str, Floats, bool]]) -> None:
    """Draw points; a path is not drawn across the rim."""
    for number, (name, directions, is_path) in enumerate(paths):
        color = SERIES[(number + 2) % len(SERIES)]
        places = _flat(directions)
        if is_path:
            steps = np.linalg.norm(np.diff(places, axis=0, prepend=places[:1]), axis=1)
            broken = np.where(steps[:, None] > 1, np.nan, places)
            axes.plot(*broken.T, color=color, linewidth=1.0, zorder=10)
            axes.scatter(
                places[:1, 0], places[:1, 1], s=70, marker="D", facecolor="none",
                edgecolor=color, linewidth=1.4, zorder=12,
            )  # fmt: skip
        axes.scatter(
            places[:, 0], places[:, 1], s=24, marker="D", color=color,
            edgecolor="black", linewidth=0.6, zorder=11, label=name,
        )  # fmt: skip


def name_coordinates(axes: "Axes", side: str, *, is_normal: bool) -> None:
    """Write which places are coordinate directions, and what the disc is."""
    style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": 9}
    for (x, y), number in (((1.09, 0), 1), ((-1.09, 0), 1), ((0, 1.08), 2)):
        axes.text(x, y, f"$e_{number}$", **style)
    axes.plot(0, 0, "+", color="white", markersize=7)
    from matplotlib.patheffects import withStroke

    outline = [withStroke(linewidth=2, foreground="white")]
    axes.text(0.06, 0.06, "$e_3$", path_effects=outline, **style)
    what = f"normal of the {side} space" if is_normal else f"basis of the {side} space"
    axes.text(
        0, -1.12, f"direction: {what}; opposite points of the rim are the same",
        color=GREY, **(style | {"fontsize": 8}),
    )  # fmt: skip


def _flat(directions: Floats) -> Floats:
    """Return the places (..., 2) of unit directions (..., 3) in the disc."""
    z = directions[..., 2:]
    upper = np.where(z < 0, -directions, directions)
    height = np.clip(upper[..., 2], 0.0, 1.0)
    # Lambert: the radius is sqrt(1 - z) where the direction has sqrt(1 - z^2).
    return np.asarray(upper[..., :2] / np.sqrt(1 + height)[..., None])
