"""Landscapes over one angle: a curve.

Contents
--------
draw_curve              the cost, critical points, jumps
draw_paths_on_curve     points of the user on it
"""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exact_wlra.figures import BLUE, SERIES, plain_frame
from exact_wlra.plotting.landscape_marks import FLOOR, MARKS, WIDE, words_of
from exact_wlra.plotting.marked_directions import MarkedDirection, jumps
from exact_wlra.plotting.row_space_costs import RowSpaceCost
from reductions.instances import Instance

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]


def draw_curve(
    axes: "Axes",
    instance: Instance,
    cost: RowSpaceCost,
    found: list[MarkedDirection],
    *,
    is_logarithmic: bool,
) -> None:
    """Draw the cost against the angle, with critical points and jumps."""
    theta = (np.arange(2000) + 0.5) * (math.pi / 2000)
    # Narrow valleys are drawn down to their ground.
    marked = np.radians(_angles(np.array([m.direction for m in found]).reshape(-1, 2)))
    theta = np.sort(np.concatenate([theta, marked + 1e-7]))
    normals = np.stack([-np.sin(theta), np.cos(theta)], axis=-1)
    values = cost.at(normals)
    floor = 0.0
    if is_logarithmic and values.max() > WIDE * values.min():
        floor = FLOOR * cost.energy
        axes.set_yscale("log")
    axes.plot(
        np.degrees(theta),
        np.maximum(values, floor),
        color=BLUE,
        linewidth=1.6,
        zorder=3,
    )
    if not floor:
        axes.set_ylim(0, 1.08 * max(float(values.max()), 1e-300))
    jumping = {math.degrees(jump.angle): jump for jump in jumps(instance)}
    for mark in found:
        marker, color, size, order = MARKS[mark.kind]
        (angle,) = _angles(mark.direction[None, :])
        words = words_of(mark, found)
        if any(abs(angle - place) < 1e-9 for place in jumping):
            words = f"{mark.kind} of the limits, {mark.cost:.6g}, not reached (proved)"
        axes.scatter(
            angle, max(mark.cost, floor), s=size, marker=marker, color=color,
            edgecolor="black", linewidth=0.8, zorder=order, label=words,
        )  # fmt: skip
    for angle, jump in jumping.items():
        axes.scatter(
            angle, max(jump.limit, floor), s=40, facecolor="white", edgecolor=BLUE,
            zorder=10, label="limit, not reached here",
        )  # fmt: skip
        axes.scatter(
            angle, max(jump.cost, floor), s=40, color=BLUE, edgecolor="black",
            zorder=10, label="cost where it jumps",
        )  # fmt: skip
    axes.set_xlim(-2, 182)
    axes.set_xticks(range(0, 181, 30), [f"{angle}°" for angle in range(0, 181, 30)])
    axes.set_ylabel("cost, the weighted squared error")
    plain_frame(axes)


def draw_paths_on_curve(
    axes: "Axes", cost: RowSpaceCost, paths: list[tuple[str, Floats, bool]]
) -> None:
    """Draw points on the curve; points of a name are numbered by size."""
    bottom, _ = axes.get_ylim()
    for number, (name, directions, is_path) in enumerate(paths):
        color = SERIES[(number + 1) % len(SERIES)]
        heights = np.maximum(cost.at(directions), bottom)
        angles = _angles(directions)
        if is_path:
            turns = np.abs(np.diff(angles, prepend=angles[:1])) > 90
            broken = np.where(turns, np.nan, angles)
            axes.plot(broken, heights, color=color, linewidth=0.8, zorder=11)
        axes.scatter(
            angles, heights, s=26, marker="D", color=color, edgecolor="black",
            linewidth=0.6, zorder=12, label=name,
        )  # fmt: skip
        if is_path:
            axes.scatter(
                angles[:1], heights[:1], s=70, marker="D", facecolor="none",
                edgecolor=color, linewidth=1.4, zorder=12,
            )  # fmt: skip


def _angles(normals: Floats) -> Floats:
    """Return the angles in [0, 180) of lines with these normals, in degrees."""
    angles = np.degrees(np.arctan2(-normals[..., 0], normals[..., 1]))
    return np.asarray(np.mod(angles, 180.0))
