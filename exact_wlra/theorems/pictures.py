"""Pictures of findings: slack by claim, samples beside their bounds, time against n.

Contents
--------
slack_picture       one strip of points for each group of findings
sample_picture      measured means with intervals of confidence against the bound
growth_picture      time against n, with fitted exponents; `growth_svg`
"""

import io
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from exact_wlra.figures import (
    BLUE,
    GREY,
    PALE,
    SERIES,
    VERMILLION,
    new_figure,
    plain_frame,
)
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.growth import Timing, above_floor, exponent

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Shape and color tell the evidence.
_MARKS = {
    "exact": ("o", BLUE),
    "enclosure": ("s", SERIES[1]),
    "statistical": ("D", VERMILLION),
    "estimate": ("x", GREY),
}
_STAGE_MARKS = (
    ("o-", BLUE),
    ("s-", SERIES[1]),
    ("^-", VERMILLION),
    ("v-", SERIES[2]),
)
# Slack is drawn linearly up to this, logarithmically beyond.
_LINEAR = 0.01
_LONGEST_LABEL = 64


def slack_picture(groups: Sequence[tuple[str, Sequence[Finding]]]) -> bytes:
    """Return a strip of slacks for each group, as SVG.

    Findings whose hypotheses are not met are drawn hollow; infinite slacks are left
    out, and counted in the label.
    """
    figure = new_figure(9.0, 1.0 + 0.3 * len(groups))
    axes = figure.add_subplot()
    jitter = np.random.default_rng(0)
    labels, seen = [], set()
    for height, (label, findings) in enumerate(groups):
        finite = [f for f in findings if math.isfinite(f.slack)]
        left_out = len(findings) - len(finite)
        labels.append(_short(label) + (f" ({left_out} infinite)" if left_out else ""))
        for found in finite:
            mark, color = _MARKS[found.evidence]
            axes.plot(
                found.slack,
                height + 0.22 * jitter.uniform(-1, 1),
                marker=mark,
                markersize=4.5,
                color=color,
                markerfacecolor="none" if found.unmet else color,
                linestyle="none",
            )
            seen.add(found.evidence)
    axes.axvline(0, color=VERMILLION, linewidth=1)
    axes.axvspan(-1e9, 0, color=PALE, zorder=0)
    _fit_slack_axis(axes, [f.slack for _, found in groups for f in found])
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_ylim(len(groups) - 0.5, -0.5)
    axes.set_xlabel(
        "slack, the room that the bound leaves, as a part of it", fontsize=8
    )
    axes.tick_params(axis="x", labelsize=8)
    for name in (name for name in _MARKS if name in seen):
        mark, color = _MARKS[name]
        axes.plot([], [], marker=mark, color=color, linestyle="none", label=name)
    if seen:
        figure.legend(fontsize=8, frameon=False, loc="outside right upper")
    plain_frame(axes)
    return _svg(figure)


def sample_picture(findings: Sequence[Finding]) -> bytes:
    """Return measured means, with their intervals, divided by the value they should be.

    Parameters
    ----------
    findings : sequence of Finding
        Statistical ones with a positive bound.
    """
    figure = new_figure(9.0, 1.2 + 0.28 * len(findings))
    axes = figure.add_subplot()
    for height, found in enumerate(findings):
        bound = found.bound.middle
        middle = found.measured.middle / bound
        reach = float(found.measured.width) / bound / 2
        axes.errorbar(
            middle, height, xerr=reach, fmt="D", color=BLUE, markersize=4, capsize=3
        )
    axes.axvline(1, color=VERMILLION, linewidth=1.2, label="the sharp value")
    for wrong in (0.9, 1.1):
        label = "wrong by a tenth" if wrong < 1 else None
        axes.axvline(wrong, color=GREY, linestyle=":", linewidth=1, label=label)
    labels = [
        _short(f"{f.case}: {f.measured.middle:.4g} for {f.bound.middle:.4g}")
        for f in findings
    ]
    axes.set_yticks(range(len(labels)), labels, fontsize=8)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xlabel("mean of the sample / sharp value", fontsize=8)
    axes.tick_params(axis="x", labelsize=8)
    figure.legend(fontsize=8, frameon=False, loc="outside right upper")
    plain_frame(axes)
    return _svg(figure)


def growth_picture(
    patterned: Sequence[Timing], dense: Sequence[Timing] = ()
) -> "Figure":
    """Return time against n by stage, with exponents; the caller writes the figure."""
    panels = [("labels and cores given", patterned)]
    if dense:
        panels.append(("dense n x n", dense))
    figure = new_figure(5.4 * len(panels), 4.2)
    for column, (title, timings) in enumerate(panels):
        axes = figure.add_subplot(1, len(panels), column + 1)
        sizes = [timing.n for timing in timings]
        stages = zip(_STAGE_MARKS, timings[0].seconds, strict=False)
        for (mark, color), stage in stages:
            seconds = [timing.seconds[stage] for timing in timings]
            (line,) = axes.plot(sizes, seconds, mark, linewidth=1, markersize=4)
            line.set(color=color, label=stage)
        totals = [timing.total for timing in timings]
        label = f"total, slope {exponent(timings, 'total')}"
        axes.plot(sizes, totals, "k-", linewidth=2, label=label)
        growing = [timing.growing for timing in timings]
        tells = above_floor(timings)
        label = "all but solving"
        if len(tells) > 2:
            slope = exponent(tells, "growing")
            label += f", slope from n = {tells[0].n} on {slope}"
        axes.plot(sizes, growing, "k--", linewidth=1.5, label=label)
        axes.set(xscale="log", yscale="log", xlabel="n", ylabel="seconds, processor")
        if sizes[-1] < 100 * sizes[0]:
            axes.set_xticks(sizes[::2], [str(n) for n in sizes[::2]])
            axes.minorticks_off()
        axes.set_title(title, fontsize=10)
        axes.legend(fontsize=7, frameon=False)
        plain_frame(axes)
    return figure


def growth_svg(patterned: Sequence[Timing], dense: Sequence[Timing] = ()) -> bytes:
    """Return `growth_picture` as SVG."""
    return _svg(growth_picture(patterned, dense))


def _fit_slack_axis(axes: "Axes", slacks: Sequence[float]) -> None:
    """Choose a linear or a symmetric logarithmic axis that shows all finite slacks."""
    finite = [slack for slack in slacks if math.isfinite(slack)]
    low, high = min([*finite, 0.0]), max([*finite, 0.1])
    margin = 0.05 * (high - low)
    ends = low - margin, high + margin
    if high > 3 or low < -3:
        axes.set_xscale("symlog", linthresh=_LINEAR)
        ends = min(2 * low, -_LINEAR), 2 * high
    axes.set_xlim(*ends)


def _short(text: str) -> str:
    """Return text that fits beside an axis; dollars would begin a formula."""
    plain = text.replace("$", "\\$")
    return (
        plain if len(plain) <= _LONGEST_LABEL else plain[: _LONGEST_LABEL - 3] + "..."
    )


def _svg(figure: "Figure") -> bytes:
    """Return a figure as SVG, the same bytes each time."""
    import matplotlib as mpl

    target = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "exact-wlra", "svg.fonttype": "none"}):
        figure.savefig(target, format="svg", metadata={"Date": None})
    return target.getvalue()
