"""Live progress of a search: stage, bracket, nodes, time.

On a terminal a few lines are redrawn; elsewhere a plain line is written every few
seconds. What is shown while a search runs are floating-point estimates, and says so.

Contents
--------
Progress            receives reports, shows them, and keeps a record for the picture
progress_line       one report as text
"""

import math
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, final

from exact_wlra.budget import Report

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

# Seconds between plain lines, and the least change of a bound that is recorded.
_PLAIN_INTERVAL = 3.0
_LEAST_CHANGE = 1e-7
_BAR_WIDTH = 30
_WITHOUT_BRACKET = ("reduce", "lift")
_STAGES = {
    "reduce": "reducing",
    "lift": "lifting the factors and checking the proof",
    "two-rows": "isolating real roots",
    "plane": "all critical points",
    "charts": "subdividing charts",
    "threshold": "threshold search",
    "weighted-svd": "weighted singular value decomposition",
    "spectral": "spectral certificate",
    "simplicial": "searching pattern space",
    "sweep": "sweeping weights of rank two",
    "moments": "looking for a sum of squares",
    "row-cells": "distributing rows over cells",
    "minorant": "sweeping lower weights of rank two",
    "split": "splitting the weights",
    "hadamard-rank": "Woodruff-Yasuda bound",
}


@final
class Progress:
    """Shows the reports of one run and records them; a context manager.

    Parameters
    ----------
    console : rich.console.Console or None
        Where to show; None records only.
    gap : float
        The relative gap that is asked, for the bar.

    Examples
    --------
    >>> progress = Progress(None, gap=1e-6)
    >>> with progress:
    ...     progress.take(Report(stage="split", lower=1, upper=2, nodes=0, seconds=0))
    >>> len(progress.history)
    1
    """

    def __init__(self, console: "Console | None", *, gap: float) -> None:
        self.history: list[Report] = []
        self._console = console
        self._gap = gap
        self._latest: Report | None = None
        self._received = time.monotonic()
        self._written = time.monotonic()
        self._live: Any = None

    def __enter__(self) -> Self:
        """Start showing."""
        if self._console is not None and self._console.is_terminal:
            from rich.live import Live

            self._live = Live(
                get_renderable=self._render,
                console=self._console,
                refresh_per_second=8,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop showing."""
        if self._live is not None:
            self._live.stop()

    def take(self, report: Report) -> None:
        """Receive one report; this is what `exact_wlra.solve` is given."""
        if self._is_news(report):
            self.history.append(report)
        self._latest = report
        self._received = time.monotonic()
        waited = self._received - self._written
        if self._console is None or self._live is not None or waited < _PLAIN_INTERVAL:
            return
        self._written = self._received
        self._console.print(progress_line(report), highlight=False, soft_wrap=True)

    def _is_news(self, report: Report) -> bool:
        """Tell whether a report changes the recorded curve."""
        if not self.history:
            return True
        last = self.history[-1]
        if last.stage != report.stage or not math.isfinite(last.upper):
            return True
        step = _LEAST_CHANGE * max(abs(report.upper), 1e-300)
        return not (
            abs(report.lower - last.lower) <= step
            and abs(report.upper - last.upper) <= step
        )

    def _render(self) -> "RenderableType":
        """Return the lines that are redrawn."""
        from rich.text import Text

        report = self._latest
        if report is None:
            return Text("starting ...", style="dim")
        seconds = report.seconds + time.monotonic() - self._received
        lines = Text()
        lines.append(f" {_stage_words(report.stage)}", style="bold")
        lines.append(f"   {seconds:6.1f} s", style="cyan")
        if report.nodes:
            lines.append(f"   {report.nodes} simplices", style="cyan")
        gap = _gap(report)
        if gap is None:
            return lines
        lines.append(
            f"\n lower ~{_lower(report):.9g}   upper ~{report.upper:.9g}   "
            f"gap {gap:.1e}\n "
        )
        done = round(_BAR_WIDTH * _share_done(gap, self._gap))
        lines.append("=" * done, style="green")
        lines.append("." * (_BAR_WIDTH - done), style="dim")
        lines.append(f" asked {self._gap:.0e}   estimates until checked", style="dim")
        return lines


def progress_line(report: Report) -> str:
    """Return one report as a line of plain text.

    Examples
    --------
    >>> print(
    ...     progress_line(
    ...         Report(
    ...             stage="simplicial", lower=9.0, upper=10.0, nodes=12, seconds=3.21
    ...         )
    ...     )
    ... )
       3.2 s  searching pattern space  lower ~9  upper ~10  gap 1.0e-01  12 simplices
    """
    line = f"{report.seconds:6.1f} s  {_stage_words(report.stage)}"
    gap = _gap(report)
    if gap is not None:
        line += f"  lower ~{_lower(report):.9g}  upper ~{report.upper:.9g}"
        line += f"  gap {gap:.1e}"
    return line + (f"  {report.nodes} simplices" if report.nodes else "")


def _stage_words(stage: str) -> str:
    """Return a stage in words; a name that is not listed stands for itself."""
    return _STAGES.get(stage, stage)


def _gap(report: Report) -> float | None:
    """Return the relative gap of a report, or None if it states no bracket."""
    if report.stage in _WITHOUT_BRACKET:
        return None
    if not math.isfinite(report.upper) or report.upper <= 0:
        return None
    return max(report.upper - _lower(report), 0.0) / report.upper


def _lower(report: Report) -> float:
    """Return the lower bound of a report; zero is one in any case."""
    return max(report.lower, 0.0) if math.isfinite(report.lower) else 0.0


def _share_done(gap: float, wanted: float) -> float:
    """Return the share of the decimal digits between gap 1 and the wanted gap."""
    if gap <= wanted:
        return 1.0
    if wanted <= 0:
        wanted = 1e-12
    return min(1.0, math.log(max(gap, wanted)) / math.log(wanted)) if gap < 1 else 0.0
