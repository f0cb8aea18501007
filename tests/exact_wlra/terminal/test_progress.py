"""Progress: what is recorded, and what is shown where."""

import io

import pytest
from rich.console import Console

from exact_wlra.budget import Report
from exact_wlra.terminal import progress
from exact_wlra.terminal.progress import Progress, progress_line


def report(lower: float, upper: float, *, stage: str = "simplicial") -> Report:
    return Report(stage=stage, lower=lower, upper=upper, nodes=7, seconds=1.0)


def test_reports_that_change_nothing_are_not_recorded() -> None:
    shown = Progress(None, gap=1e-6)
    for lower in (1.0, 1.0, 1.5, 1.5 + 1e-12, 1.6):
        shown.take(report(lower, 2.0))
    assert [item.lower for item in shown.history] == [1.0, 1.5, 1.6]


def test_plain_lines_are_written_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "_PLAIN_INTERVAL", 0.0)
    text = io.StringIO()
    with Progress(Console(file=text), gap=1e-6) as shown:
        shown.take(report(1.0, 2.0))
        shown.take(report(0.0, 2.0, stage="lift"))
    first, second = text.getvalue().splitlines()
    assert first == (
        "   1.0 s  searching pattern space  lower ~1  upper ~2  gap 5.0e-01  "
        "7 simplices"
    )
    assert "checking the proof" in second
    assert "lower" not in second


def test_terminal_shows_bracket_and_bar() -> None:
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=100, color_system=None)
    with Progress(console, gap=1e-6) as shown:
        shown.take(report(1.998, 2.0))
    output = text.getvalue()
    assert "searching pattern space" in output
    assert "lower ~1.998   upper ~2   gap 1.0e-03" in output
    assert "=" * 15 + "." * 15 in output


@pytest.mark.parametrize(
    ("lower", "upper"),
    [(float("-inf"), 2.0), (-5.0, 2.0), (float("nan"), 2.0), (0.0, 2.0)],
)
def test_lower_bounds_below_zero_are_shown_as_zero(lower: float, upper: float) -> None:
    assert "lower ~0  upper ~2  gap 1.0e+00" in progress_line(report(lower, upper))


def test_no_bracket_is_shown_before_there_is_one() -> None:
    assert "upper" not in progress_line(report(0.0, float("inf")))
