"""The picture of a comparison: cost against rank and time, histogram of local minima.

Contents
--------
draw_comparison     the figure
"""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, final

import numpy as np

from exact_wlra.comparison.rank_results import RankResult, Setting
from exact_wlra.comparison.runs import Run
from exact_wlra.figures import BLUE, GREY, PALE, SERIES, new_figure, plain_frame
from exact_wlra.solution import decimal_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MARKERS = "os^vDPX<>*hdp8"
_LINES = ("-", "--", "-.", ":")
# Costs are drawn on a logarithmic axis if they differ by such a factor. The axis ends
# so far below the least cost that competes; what is less is drawn at its end.
_WIDE, _BELOW = 5.0, 30.0
_MOST_MINIMA = 12
# Shorter times are drawn here.
_BRIEF = 1e-6


def draw_comparison(setting: Setting, results: Sequence[RankResult]) -> "Figure":
    """Return the figure.

    With one rank the first panel has a line for each method and a mark for each run;
    with several it has curves of median costs against the rank. Marks are filled for
    runs that compete at their rank, and hollow for matrices that are not of rank k.
    """
    figure = new_figure(12.5, 8.6)
    figure.suptitle(_title(setting, results), fontsize=12)
    with_minima = [each for each in results if each.minima is not None]
    grid = figure.add_gridspec(2, 2, height_ratios=(1.35, 1))
    axes = figure.add_subplot(grid[0, 0])
    styles = _styles(setting)
    if len(results) == 1:
        _draw_costs(axes, setting, results[0], styles)
    else:
        _draw_ranks(axes, results, styles)
    _draw_times(figure.add_subplot(grid[0, 1]), results, styles)
    if with_minima:
        _draw_histogram(figure.add_subplot(grid[1, 0]), with_minima[0])
        _draw_endings(figure.add_subplot(grid[1, 1]), setting, with_minima[0])
    else:
        _say(
            figure.add_subplot(grid[1, :]),
            "no local minima are known for this problem",
        )
    return figure


def _title(setting: Setting, results: Sequence[RankResult]) -> str:
    """Return the name of the data, and what is proved if there is one rank."""
    if len(results) != 1:
        return f"{setting.title}: approximations beside the proved optimum"
    (result,) = results
    lower, upper = (
        decimal_text(end, 9) for end in (result.solution.lower, result.solution.upper)
    )
    state = "proved" if result.is_proved else "a bracket, not proved to the gap"
    return (
        f"{setting.title}, rank {result.rank}: {lower} <= optimum <= {upper}, {state}"
    )


def _styles(setting: Setting) -> dict[str, dict[str, Any]]:
    """Return color, marker and line of every method; no two share color and marker."""
    return {
        name: {
            "color": SERIES[number % len(SERIES)],
            "marker": _MARKERS[number % len(_MARKERS)],
            "linestyle": _LINES[number // len(SERIES) % len(_LINES)],
        }
        for number, name in enumerate(setting.methods)
    }


def _draw_costs(
    axes: "Axes",
    setting: Setting,
    result: RankResult,
    styles: dict[str, dict[str, Any]],
) -> None:
    """Draw one line a method, a mark for each run, and the bracket."""
    scale = _CostAxis.of([result])
    names = [name for name in setting.methods if _finite(result.runs, name)]
    for height, name in enumerate(names):
        for run in _finite(result.runs, name):
            _mark(axes, scale.place(run.cost), height, run, styles[name])
    ends = [scale.place(end) for end in _ends(result)]
    words = "proved optimum" if result.is_proved else "proved bracket"
    axes.axvspan(*ends, color=BLUE, alpha=0.2, zorder=1)
    axes.axvline(ends[0], color=BLUE, linewidth=1.2, zorder=2)
    axes.axvline(ends[1], color=BLUE, linewidth=1.8, zorder=2)
    axes.set_yticks(range(len(names)), names, fontsize=9)
    axes.set_ylim(len(names) - 0.5, -0.7)
    axes.grid(axis="y", color=PALE, zorder=0)
    axes.set_title(
        f"cost of every run; hollow: not of this rank; line: {words}", fontsize=9
    )
    scale.apply(axes, "x", "cost, the weighted squared error")
    plain_frame(axes)


def _draw_ranks(
    axes: "Axes", results: Sequence[RankResult], styles: dict[str, dict[str, Any]]
) -> None:
    """Draw curves of median costs, and the bracket as a band."""
    ordered = sorted(results, key=lambda result: result.rank)
    scale = _CostAxis.of(ordered)
    ranks = [result.rank for result in ordered]
    lower, upper = (
        [scale.place(_ends(result)[end]) for result in ordered] for end in (0, 1)
    )
    axes.fill_between(ranks, lower, upper, color=BLUE, alpha=0.2, zorder=1)
    axes.plot(ranks, lower, color=BLUE, linewidth=1, label="proved: lower")
    axes.plot(ranks, upper, color=BLUE, linewidth=2.4, label="proved: upper")
    for name, style in styles.items():
        for is_feasible in (True, False):
            points = [
                (result.rank, scale.place(statistics.median(found)))
                for result in ordered
                if (found := _costs(result.runs, name, is_feasible=is_feasible))
            ]
            if points:
                filled = style["color"] if is_feasible else "none"
                axes.plot(
                    *zip(*points, strict=True),
                    **style,
                    markersize=5,
                    linewidth=1,
                    markerfacecolor=filled,
                )
    axes.set_xticks(ranks)
    axes.set_xlabel("rank k")
    axes.set_title("cost against rank; hollow: not of rank k", fontsize=9)
    axes.legend(fontsize=8, frameon=False)
    scale.apply(axes, "y", "median cost")
    plain_frame(axes)


def _draw_times(
    axes: "Axes", results: Sequence[RankResult], styles: dict[str, dict[str, Any]]
) -> None:
    """Draw every run, cost against time."""
    scale = _CostAxis.of(results)
    for name, style in styles.items():
        runs = [run for each in results for run in _finite(each.runs, name)]
        for run in runs:
            _mark(axes, max(run.seconds, _BRIEF), scale.place(run.cost), run, style)
        if runs:
            axes.plot([], [], linestyle="", **_without_line(style), label=name)
    star: dict[str, Any] = {
        "marker": "*",
        "color": BLUE,
        "linestyle": "",
        "markersize": 12,
    }
    for result in results:
        seconds = max(float(result.solution.statistics["seconds"]), _BRIEF)
        axes.plot(seconds, scale.place(_ends(result)[1]), **star)
    axes.plot([], [], label="solve, with its proof", **star)
    axes.set_xscale("log")
    axes.set_xlabel("seconds")
    axes.set_title("cost against time, one mark a run", fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    scale.apply(axes, "y", "cost")
    plain_frame(axes)


def _draw_histogram(axes: "Axes", result: RankResult) -> None:
    """Draw how many runs and random starts ended in each local minimum."""
    minima = result.minima
    if minima is None:
        return
    shown = minima.points[:_MOST_MINIMA]
    feasible = [run for run in result.runs if run.is_feasible]
    places = [run.minimum for run in feasible]
    counts = [places.count(number) for number in range(len(shown))]
    counts.append(len(places) - sum(counts))
    names = [f"#{number + 1}\n{point.cost:.5g}" for number, point in enumerate(shown)]
    at = np.arange(len(shown) + 1)
    bars = [100 * count / max(len(feasible), 1) for count in counts]
    width = 0.4 if minima.n_starts else 0.7
    words = f"the {len(feasible)} runs that compete"
    drawn = axes.bar(at, bars, width=width, color=GREY, label=words)
    axes.bar_label(drawn, [str(n) for n in counts], fontsize=8)
    if minima.n_starts:
        shares = [100 * point.n_starts / minima.n_starts for point in shown]
        shares.append(100 - sum(shares))
        axes.bar(
            at + width,
            shares,
            width=width,
            color="white",
            edgecolor=BLUE,
            hatch="///",
            label=f"{minima.n_starts} random starts of ALS",
        )
    axes.set_xticks(
        at + (width / 2 if minima.n_starts else 0), [*names, "else-\nwhere"]
    )
    axes.tick_params(axis="x", labelsize=8)
    axes.set_ylabel("% of runs")
    axes.margins(y=0.15)
    more = len(minima.points) - len(shown)
    tail = f"; {more} more are not drawn" if more else ""
    axes.set_title(
        f"local minima at rank {result.rank}: {minima.label}{tail}", fontsize=9
    )
    axes.legend(fontsize=8, frameon=False)
    plain_frame(axes)


def _draw_endings(axes: "Axes", setting: Setting, result: RankResult) -> None:
    """Draw which method ended in which minimum, as a table of counts."""
    minima = result.minima
    names = [
        name
        for name in setting.methods
        if any(run.method == name and run.is_feasible for run in result.runs)
    ]
    if minima is None or not names:
        _say(axes, "no method returned a matrix of this rank")
        return
    shown = min(len(minima.points), _MOST_MINIMA)
    table = np.zeros((len(names), shown + 1), dtype=int)
    for run in result.runs:
        if run.is_feasible:
            place = shown if run.minimum is None else min(run.minimum, shown)
            table[names.index(run.method), place] += 1
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    axes.imshow(shares, cmap="Greys", vmin=0, vmax=1.4, aspect="auto")
    for (row, column), count in np.ndenumerate(table):
        if count:
            axes.text(
                column, row, str(count), ha="center", va="center", fontsize=8,
                color="white" if shares[row, column] > 0.7 else "black",
            )  # fmt: skip
    axes.hlines(np.arange(1, len(names)) - 0.5, -0.5, shown + 0.5, color=GREY, lw=0.5)
    labels = [f"#{number + 1}" for number in range(shown)]
    axes.set_xticks(range(shown + 1), [*labels, "elsewhere"], fontsize=8)
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_title("runs of each method by the minimum they ended in", fontsize=9)


def _mark(axes: "Axes", x: float, y: float, run: Run, style: dict[str, Any]) -> None:
    """Draw one run."""
    axes.plot(
        x,
        y,
        **_without_line(style),
        markersize=6,
        linestyle="",
        markerfacecolor=style["color"] if run.is_feasible else "none",
        zorder=3,
    )


def _without_line(style: dict[str, Any]) -> dict[str, Any]:
    """Return color and marker of a style."""
    return {key: style[key] for key in ("color", "marker")}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _CostAxis:
    """An axis of costs: linear from 0, or logarithmic from `floor`."""

    is_logarithmic: bool
    is_cut: bool
    floor: float
    ceiling: float

    @classmethod
    def of(cls, results: Sequence[RankResult]) -> Self:
        """Return the axis on which the costs at these ranks are told apart."""
        runs = [run for each in results for run in each.runs if math.isfinite(run.cost)]
        rivals = [run.cost for run in runs if run.is_feasible]
        rivals += [_ends(result)[1] for result in results]
        costs = [cost for cost in (*rivals, *(run.cost for run in runs)) if cost > 0]
        positive = [cost for cost in rivals if cost > 0]
        ceiling = max(costs, default=1.0)
        least = min(positive, default=ceiling)
        floor = max(min(costs, default=least), least / _BELOW) / 1.5
        ends = [end for result in results for end in _ends(result)]
        return cls(
            is_logarithmic=ceiling > _WIDE * least,
            is_cut=any(cost < floor for cost in (*ends, *(run.cost for run in runs))),
            floor=floor,
            ceiling=ceiling,
        )

    def place(self, cost: float) -> float:
        """Return where a cost is drawn."""
        return max(cost, self.floor) if self.is_logarithmic else cost

    def apply(self, axes: "Axes", axis: str, label: str) -> None:
        """Set scale, limits and label."""
        limits = 0.0, 1.08 * self.ceiling
        if self.is_logarithmic:
            getattr(axes, f"set_{axis}scale")("log")
            limits = self.floor / 1.2, 1.5 * self.ceiling
            label += " (at the very end: less)" if self.is_cut else ""
        getattr(axes, f"set_{axis}lim")(*limits)
        getattr(axes, f"set_{axis}label")(label)


def _ends(result: RankResult) -> tuple[float, float]:
    """Return the bracket in floats."""
    return float(result.solution.lower), float(result.solution.upper)


def _finite(runs: Sequence[Run], name: str) -> list[Run]:
    """Return the runs of a method that did not diverge."""
    return [run for run in runs if run.method == name and math.isfinite(run.cost)]


def _costs(runs: Sequence[Run], name: str, *, is_feasible: bool) -> list[float]:
    """Return the costs of a method's runs that compete, or do not."""
    return [run.cost for run in _finite(runs, name) if run.is_feasible == is_feasible]


def _say(axes: "Axes", sentence: str) -> None:
    """Leave a panel empty but for a sentence."""
    axes.axis("off")
    axes.text(0.5, 0.5, sentence, ha="center", va="center", fontsize=10)
