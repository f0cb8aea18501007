"""What a comparison returns, with all its faces.

Contents
--------
Comparison      results by rank; printable, for notebooks, as files
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, final

from exact_wlra.comparison.documents import csv_text, json_text
from exact_wlra.comparison.rank_results import MethodSummary, RankResult, Setting
from exact_wlra.comparison.reports import (
    html_report,
    html_tables,
    markdown_report,
    tables_of,
)
from exact_wlra.comparison.runs import Run
from exact_wlra.comparison.text_tables import plain, rich_table
from exact_wlra.errors import InvalidProblemError

if TYPE_CHECKING:
    from rich.console import Group


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every method beside the proved optimum, at every rank.

    It prints as tables, shows itself in notebooks and in consoles of rich, and writes
    itself as CSV, JSON, Markdown, HTML and a picture.

    Parameters
    ----------
    setting : Setting
        What was compared, and how.
    results : tuple of RankResult
        In the order in which the ranks were asked.
    is_interrupted : bool
        Whether Ctrl-C ended it.
    seconds : float
        Wall time of all of it.

    Examples
    --------
    >>> from exact_wlra import compare, read
    >>> found = compare(read("dataset:small-2x3", rank=1), methods=["als", "svd"])
    >>> found.is_proved, len(found.runs), found.result(1).minima.are_all
    (True, 2, True)
    """

    setting: Setting
    results: tuple[RankResult, ...]
    is_interrupted: bool
    seconds: float

    @property
    def is_proved(self) -> bool:
        """Whether every rank was reached and proved to the gap that was asked."""
        return not self.is_interrupted and all(each.is_proved for each in self.results)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All runs."""
        return tuple(run for result in self.results for run in result.runs)

    @property
    def violations(self) -> tuple[Run, ...]:
        """Runs that broke a guarantee about every run; there should be none."""
        return tuple(run for result in self.results for run in result.violations)

    def result(self, rank: int) -> RankResult:
        """Return what happened at one rank.

        Raises
        ------
        InvalidProblemError
            If this rank is not among the results.
        """
        for result in self.results:
            if result.rank == rank:
                return result
        known = ", ".join(str(result.rank) for result in self.results) or "none"
        raise InvalidProblemError(f"rank {rank} was not compared; compared: {known}.")

    def summary(self, rank: int) -> tuple[MethodSummary, ...]:
        """Return one line a method at one rank, those that compete first."""
        return self.result(rank).summary()

    def to_csv(self) -> str:
        """Return one line for every run."""
        return csv_text(self.results)

    def to_json(self) -> str:
        """Return the document of `docs/interface.md`; the bracket is exact."""
        return json_text(
            self.setting,
            self.results,
            is_interrupted=self.is_interrupted,
            seconds=self.seconds,
        )

    def to_markdown(self, *, picture: str | None = None) -> str:
        """Return the report as Markdown, with a link to a picture if there is one."""
        return markdown_report(
            self.setting,
            self.results,
            is_interrupted=self.is_interrupted,
            picture=picture,
        )

    def to_html(self, *, picture: bool = True) -> str:
        """Return the report as one HTML file; the picture is inside it."""
        drawn = None
        if picture:
            from exact_wlra.comparison.pictures import draw_comparison

            file = io.BytesIO()
            figure = draw_comparison(self.setting, self.results)
            figure.savefig(file, dpi=130, format="png")
            drawn = file.getvalue()
        return html_report(
            self.setting,
            self.results,
            is_interrupted=self.is_interrupted,
            picture=drawn,
        )

    def plot(self, path: Path | str) -> None:
        """Draw cost against rank and against time, and the local minima.

        Parameters
        ----------
        path : path
            File to write: .png, .svg or .pdf.
        """
        from exact_wlra.comparison.pictures import draw_comparison

        draw_comparison(self.setting, self.results).savefig(path, dpi=150)

    def __str__(self) -> str:
        tables = tables_of(self.setting, self.results)
        return "\n\n".join(plain(table) for table in tables)

    def __repr__(self) -> str:
        ranks = ", ".join(str(result.rank) for result in self.results)
        return (
            f"Comparison({self.setting.title!r}, ranks {ranks}, {len(self.runs)} runs)"
        )

    def __rich__(self) -> "Group":
        from rich.console import Group

        tables = tables_of(self.setting, self.results)
        return Group(*(rich_table(table) for table in tables))

    def _repr_html_(self) -> str:
        return html_tables(self.setting, self.results)
