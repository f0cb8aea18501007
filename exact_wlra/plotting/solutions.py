"""Pictures of a solve: the bracket against time, answers beside a proved optimum.

Contents
--------
bracket         bracket and gap against time
plot_solution   the same; data and weights, given and compressed
plot_answers    costs of several heuristics beside a proved bracket
FORMATS         the file formats, by extension
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from exact_wlra.budget import Report
from exact_wlra.entries.partial_matrices import by
from exact_wlra.figures import (
    BLUE,
    PALE,
    VERMILLION,
    finished,
    new_figure,
    plain_frame,
)
from exact_wlra.plotting.matrix_images import draw_data, draw_weights
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution, decimal_text
from reductions.instances import Instance
from reductions.pipeline import reduce

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")

_LEAST_GAP = 1e-16


def bracket(
    history: Sequence[Report],
    solution: Solution,
    *,
    path: Path | str | None = None,
    title: str | None = None,
) -> "Figure":
    """Return a picture of the bracket and its relative gap against time.

    Parameters
    ----------
    history : sequence of Report
        What `solve(problem, report=history.append)` reported. These are estimates; the
        last point drawn is the proved bracket. It may be empty.
    solution : Solution
        What that call returned.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None states the bracket.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> history = []
    >>> problem = Problem([[1, -2, 4], [3, 5, -1]], rank=1)
    >>> figure = bracket(history, solve(problem, report=history.append))
    >>> [axes.get_ylabel() for axes in figure.axes]
    ['cost', 'relative gap']
    """
    figure = new_figure(7.0, 5.4)
    points = _points(solution, history)
    upper, lower = figure.subplots(2, 1, sharex=True)
    _draw_bracket(upper, points)
    _draw_gap(lower, points, solution)
    return finished(figure, _statement(solution) if title is None else title, path)


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

    Examples
    --------
    >>> import tempfile
    >>> from exact_wlra import solve
    >>> problem = Problem([[1, 2], [3, 4]], weights=[[1, 2], [2, 1]], rank=1)
    >>> history: list[Report] = []
    >>> solution = solve(problem, report=history.append)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     picture = Path(folder) / "solve.png"
    ...     plot_solution(problem, solution, history, picture)
    ...     picture.stat().st_size > 10_000
    True
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
        draw_data(figure, figure.add_subplot(grid[row, 1]), instance, name)
        draw_weights(figure, figure.add_subplot(grid[row, 2]), instance, name)
    name = title or by(problem.shape)
    finished(figure, f"{name}, rank {problem.rank}: {_statement(solution)}", path)


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

    Examples
    --------
    >>> import tempfile
    >>> from exact_wlra import solve
    >>> problem = Problem([[1, 2], [3, 4]], weights=[[1, 2], [2, 1]], rank=1)
    >>> answers = [("X = 0", 49.0)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     picture = Path(folder) / "answers.png"
    ...     plot_answers(problem.instance, answers, solve(problem), picture, title="")
    ...     picture.stat().st_size > 10_000
    True
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
    draw_data(figure, figure.add_subplot(grid[0, 1]), instance, "")
    draw_weights(figure, figure.add_subplot(grid[1, 1]), instance, "")
    finished(figure, title, path)


def _statement(solution: Solution) -> str:
    """Return the bracket in words."""
    state = "proved" if solution.is_proved else f"not closed ({solution.termination})"
    lower, upper = decimal_text(solution.lower, 9), decimal_text(solution.upper, 9)
    return f"{lower} <= optimum <= {upper}, {state}"


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


def _span(seconds: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the axis of time: it begins with the first of late reports."""
    first, last = float(seconds[0]), float(seconds[-1])
    if first == last or first < last / 2:
        return 0.0, 1.05 * last or 1.0
    margin = 0.05 * (last - first)
    return first - margin, last + margin


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
    axes.set_xlim(*_span(seconds))
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
    axes.set_xlim(*_span(seconds))
    axes.set_yscale("log")
    axes.locator_params(axis="x", nbins=5)
    axes.set_ylabel("relative gap")
    axes.set_xlabel("seconds")
    plain_frame(axes)
