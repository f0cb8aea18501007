"""Pictures: the bracket against time, the patterns, answers beside a proved optimum.

Matrices are drawn in the map viridis, which readers with any color vision can tell
apart; the rest is as in `exact_wlra.figures`.

Contents
--------
plot_solution   bracket and gap against time; data and weights, given and compressed
plot_answers    costs of several heuristics beside a proved bracket
FORMATS         the file formats, by extension
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.budget import Report
from exact_wlra.entries.partial_matrices import by
from exact_wlra.figures import BLUE, PALE, VERMILLION, new_figure, plain_frame
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution, decimal_text
from reductions.instances import Instance
from reductions.pipeline import reduce

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")

# Images have at most this many rows and columns; larger matrices are thinned out.
_LARGEST_IMAGE = 600
_LARGEST_WRITTEN = 6
_LEAST_GAP = 1e-16


def plot_solution(
    problem: Problem,
    solution: Solution,
    history: Sequence[Report],
    path: Path,
    *,
    title: str = "",
) -> None:
    """Draw the proved bracket against time, and what the compression did.

    Parameters
    ----------
    history : sequence of Report
        Progress of the search, estimates; the last point drawn is the proved bracket.
    path : Path
        File to write; its extension is one of `FORMATS`.
    title : str
        Name of the instance.
    """
    figure = new_figure(10.5, 6.2)
    grid = figure.add_gridspec(2, 3, width_ratios=(1.5, 1, 1))
    points = _points(solution, history)
    _draw_bracket(figure.add_subplot(grid[0, 0]), points)
    _draw_gap(figure.add_subplot(grid[1, 0]), points, solution)
    leaves = list(reduce(problem.instance).leaves())
    largest = max(leaves, key=lambda leaf: leaf.shape[0] * leaf.shape[1], default=None)
    given = "given" if not problem.is_patterned else "given, by type"
    rows = [(given, problem.instance)]
    if largest is not None:
        name = "compressed" if len(leaves) == 1 else f"largest of {len(leaves)} parts"
        rows.append((name, largest))
    for row, (name, instance) in enumerate(rows):
        _draw_data(figure, figure.add_subplot(grid[row, 1]), instance, name)
        _draw_weights(figure, figure.add_subplot(grid[row, 2]), instance, name)
    state = "proved" if solution.is_proved else f"not closed ({solution.termination})"
    figure.suptitle(
        f"{title or by(problem.shape)}, rank {problem.rank}: "
        f"{decimal_text(solution.lower, 9)} <= optimum <= "
        f"{decimal_text(solution.upper, 9)}, {state}",
        fontsize=12,
    )
    figure.savefig(path, dpi=150)


def plot_answers(
    instance: Instance,
    answers: Sequence[tuple[str, float]],
    solution: Solution,
    path: Path,
    *,
    title: str,
) -> None:
    """Draw the costs of several approximations as bars, beside a proved bracket.

    Parameters
    ----------
    instance : Instance
        A small instance, drawn beside the bars.
    answers : sequence of (name, cost)
        One bar each, in this order from the top.
    solution : Solution
        Its bracket is the last bar and the vertical line.
    """
    figure = new_figure(10.5, 4.8)
    grid = figure.add_gridspec(2, 2, width_ratios=(3.4, 1))
    axes = figure.add_subplot(grid[:, 0])
    least = float(solution.upper)
    known = "proved optimum" if solution.is_proved else "best known, not proved"
    names = [name for name, _ in answers] + [known]
    costs = [cost for _, cost in answers] + [least]
    colors = [VERMILLION] * len(answers) + [BLUE]
    heights = np.arange(len(costs))
    axes.barh(heights, costs, color=colors, height=0.62)
    axes.axvline(least, color=BLUE, linewidth=1.2, linestyle="--")
    for height, cost in enumerate(costs):
        excess = f"   +{cost / least - 1:.1%}" if cost > least * (1 + 1e-9) else ""
        axes.text(cost, height, f"  {cost:.2f}{excess}", va="center", fontsize=9)
    axes.set_yticks(heights, names)
    axes.invert_yaxis()
    axes.set_xlim(0, 1.22 * max(costs))
    axes.set_xlabel("cost, the weighted squared error")
    plain_frame(axes)
    _draw_data(figure, figure.add_subplot(grid[0, 1]), instance, "")
    _draw_weights(figure, figure.add_subplot(grid[1, 1]), instance, "")
    figure.suptitle(title, fontsize=12)
    figure.savefig(path, dpi=150)


def _points(solution: Solution, history: Sequence[Report]) -> NDArray[np.float64]:
    """Return rows (seconds, lower, upper): the best estimates so far, then the proof.

    A report that contradicts the proved bracket is about a part of the problem only.
    """
    proved = float(solution.lower), float(solution.upper)
    rows = [
        (report.seconds, max(report.lower, 0.0), report.upper)
        for report in history
        if np.isfinite([report.lower, report.upper]).all()
        and report.upper >= proved[0]
        and report.lower <= proved[1]
    ]
    end = float(solution.statistics["seconds"])
    points = np.array([*rows, (end, *proved)])
    points[:-1, 1] = np.maximum.accumulate(points[:-1, 1])
    points[:-1, 2] = np.minimum.accumulate(points[:-1, 2])
    return points


def _draw_bracket(axes: "Axes", points: NDArray[np.float64]) -> None:
    """Draw lower and upper bound against time."""
    seconds, lower, upper = points.T
    axes.fill_between(seconds, lower, upper, step="post", color=PALE, zorder=0)
    axes.step(
        seconds, upper, where="post", color=VERMILLION, label="upper, cost of factors"
    )
    axes.step(seconds, lower, where="post", color=BLUE, linestyle="--", label="lower")
    axes.plot(seconds[-1:], upper[-1:], "v", color=VERMILLION)
    axes.plot(seconds[-1:], lower[-1:], "^", color=BLUE)
    top = float(upper[-1])
    axes.set_xlim(0, 1.05 * seconds[-1] or 1.0)
    axes.set_ylim(0, 1.3 * top if top > 0 else 1.0)
    axes.locator_params(nbins=5)
    axes.set_ylabel("cost")
    axes.set_title("bracket: estimates, at the end (triangles) proved", fontsize=9)
    axes.legend(fontsize=8, loc="lower right", frameon=False)
    plain_frame(axes)


def _draw_gap(axes: "Axes", points: NDArray[np.float64], solution: Solution) -> None:
    """Draw the relative gap against time, on a logarithmic scale."""
    seconds, lower, upper = points.T
    gaps = np.maximum((upper - lower) / np.where(upper > 0, upper, 1.0), _LEAST_GAP)
    axes.step(seconds, gaps, where="post", color="black")
    axes.plot(seconds[-1:], gaps[-1:], "o", color="black")
    exact = {"minimum": "minimum known exactly", "infimum": "infimum known exactly"}
    axes.annotate(
        exact.get(solution.claim, f"proved: {gaps[-1]:.0e}"),
        (seconds[-1], gaps[-1]),
        xytext=(-8, 6),
        textcoords="offset points",
        ha="right",
        fontsize=9,
    )
    axes.set_xlim(0, 1.05 * seconds[-1] or 1.0)
    axes.set_yscale("log")
    axes.locator_params(axis="x", nbins=5)
    axes.set_ylabel("relative gap")
    axes.set_xlabel("seconds")
    plain_frame(axes)


def _draw_data(figure: "Figure", axes: "Axes", instance: Instance, name: str) -> None:
    """Draw A; entries without weight are grey."""
    support = instance.support()
    values = np.where(support, instance.data.to_float(), np.nan)
    _draw_matrix(figure, axes, values, _titled("data A", name, instance))


def _draw_weights(
    figure: "Figure", axes: "Axes", instance: Instance, name: str
) -> None:
    """Draw W = sqrt(omega), logarithmically where its entries differ much."""
    weights = np.sqrt(instance.squared_weights.to_float())
    positive = weights[weights > 0]
    values = np.where(weights > 0, weights, np.nan)
    title = _titled("weights W", name, instance)
    is_wide = positive.size > 0 and positive.max() > 100 * positive.min()
    _draw_matrix(figure, axes, values, title, logarithmic=bool(is_wide))


def _titled(matrix: str, name: str, instance: Instance) -> str:
    """Return a title of two lines."""
    return f"{matrix}, {name}\n{by(instance.shape)}" if name else matrix


def _draw_matrix(
    figure: "Figure",
    axes: "Axes",
    values: NDArray[np.float64],
    title: str,
    *,
    logarithmic: bool = False,
) -> None:
    """Draw a matrix as an image; NaN is grey."""
    axes.set_title(title, fontsize=9)
    axes.set_xticks([])
    axes.set_yticks([])
    if np.isnan(values).all():
        axes.text(0.5, 0.5, "empty", ha="center", va="center", fontsize=9)
        return
    axes.set_facecolor(PALE)
    strides = [-(-size // _LARGEST_IMAGE) for size in values.shape]
    shown = values[:: strides[0], :: strides[1]]
    from matplotlib.colors import LogNorm, Normalize

    lowest, highest = float(np.nanmin(values)), float(np.nanmax(values))
    is_constant = lowest == highest
    norm: Any = (LogNorm if logarithmic else Normalize)(lowest, highest)
    is_square = max(values.shape) <= 2 * min(values.shape)
    image = axes.imshow(
        np.ma.masked_invalid(shown),
        cmap="viridis",
        norm=norm,
        aspect="equal" if is_square else "auto",
        interpolation="nearest",
    )
    if max(values.shape) <= _LARGEST_WRITTEN:
        _write_entries(axes, values, image)
    elif is_constant:
        axes.set_title(f"{title}, all {lowest:g}", fontsize=9)
    else:
        bar = figure.colorbar(image, ax=axes, shrink=0.8)
        bar.ax.tick_params(labelsize=7)
    n_rows, n_columns = values.shape
    axes.set_ylabel(f"{n_rows} rows", fontsize=8)
    weightless = "; grey: weight 0" if np.isnan(values).any() else ""
    axes.set_xlabel(f"{n_columns} columns{weightless}", fontsize=8)


def _write_entries(axes: "Axes", values: NDArray[np.float64], image: Any) -> None:
    """Write the entries of a small matrix into its image."""
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            shade = image.norm(value)
            color = "black" if shade > 0.55 else "white"
            axes.text(
                column, row, f"{value:g}", ha="center", va="center", color=color,
                fontsize=9,
            )  # fmt: skip
