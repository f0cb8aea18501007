"""What `exact-wlra verify-theorems` shows: progress, tables, failures.

Contents
--------
RunProgress         a bar on a terminal, a plain line for each statement elsewhere
summaries_table     one row a statement
statements_table    keys and titles
statement_text      one statement: the worst finding of each claim, and its errata
failures_text       the findings that fail, in full
"""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, final

from exact_wlra.theorems.findings import Verdict
from exact_wlra.theorems.statements import Statement
from exact_wlra.theorems.summaries import Summary, slack_text, summary
from exact_wlra.theorems.verifying import Verification

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

# From these widths on there is room for a column.
_NEEDED = {"title": 125, "evidence": 95}
# In the order of the table, with the words of its head.
_VERDICTS: Mapping[Verdict, str] = {
    "holds": "holds",
    "agrees": "agrees",
    "hypothesis not met": "not met",
    "undecided": "undecided",
    "fails": "fails",
}
_COLORS = {"stands": "green", "undecided": "yellow", "fails": "bold white on red"}


@final
class RunProgress:
    """Shows which statement runs, and the outcome of each; a context manager.

    Parameters
    ----------
    console : rich.console.Console or None
        Where to show; None shows nothing.
    n_statements : int
        How many are run.

    Examples
    --------
    >>> with RunProgress(None, n_statements=2) as progress:
    ...     progress.begin("reweighted/lemma-2.1")
    """

    def __init__(self, console: "Console | None", *, n_statements: int) -> None:
        self._console = console
        self._n_statements = n_statements
        self._n_done = 0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        """Start showing."""
        if self._console is not None and self._console.is_terminal:
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
            )

            self._bar = Progress(
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}"),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task("", total=self._n_statements)
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop showing."""
        if self._bar is not None:
            self._bar.stop()

    def begin(self, key: str) -> None:
        """Show that a statement is run."""
        if self._bar is not None:
            self._bar.update(self._task, description=key)

    def end(self, found: Verification) -> None:
        """Show that a statement was run, and its outcome."""
        self._n_done += 1
        if self._bar is not None:
            self._bar.update(self._task, advance=1)
        elif self._console is not None:
            numbers = summary(found)
            self._console.print(
                f"{self._n_done}/{self._n_statements}  {numbers.key}  "
                f"{numbers.outcome}  {numbers.seconds:.1f} s",
                highlight=False,
                soft_wrap=True,
            )


def summaries_table(numbers: Sequence[Summary], *, width: int) -> "Table":
    """Return one row a statement: verdicts, slack, evidence, time, errata.

    Titles, and then the evidence, are left out where the width, in characters, is too
    small for them.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 2, 0, 0), pad_edge=False)
    texts = [_row(each) for each in numbers]
    for name in texts[0] if texts else ():
        if width < _NEEDED.get(name, 0):
            continue
        on_the_left = name in {"statement", "title", "outcome", "evidence"}
        table.add_column(
            name,
            justify="left" if on_the_left else "right",
            no_wrap=name != "title",
            overflow="fold",
        )
    for row in texts:
        table.add_row(*(row[str(column.header)] for column in table.columns))
    return table


def _row(each: Summary) -> "dict[str, Text]":
    """Return the cells of one statement, by heading."""
    from rich.text import Text

    counts = "/".join(str(each.verdicts[name]) for name in _VERDICTS)
    return {
        "statement": Text(each.key),
        "title": Text(each.title),
        "outcome": Text(each.outcome, style=_COLORS[each.outcome]),
        "cases": Text(str(each.cases)),
        "/\n".join(_VERDICTS.values()): Text(counts),
        "worst\nslack": Text(slack_text(each.worst_slack)),
        "evidence": Text(each.evidence or ""),
        "sec.": Text(f"{each.seconds:.1f}"),
        "errata\nshown": Text(
            f"{each.errata_shown}/{each.errata}" if each.errata else ""
        ),
    }


def statements_table(stated: Sequence[Statement[Any]]) -> "Table":
    """Return keys, titles and what a value is."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column("statement", no_wrap=True)
    table.add_column("what it says", overflow="fold")
    table.add_column("about a", no_wrap=True)
    for each in stated:
        samples = ", by samples" if each.is_statistical else ""
        table.add_row(
            each.key, Text(each.title), Text(f"{each.value_type.__name__}{samples}")
        )
    return table


def statement_text(found: Verification) -> str:
    """Return the worst finding of each claim, and what is wrong as printed.

    Examples
    --------
    >>> from exact_wlra.theorems import statement, verify
    >>> text = statement_text(verify(statement("reweighted/lemma-2.1"), seeds=1))
    >>> text.splitlines()[-1]
    '  repaired: Since rank(W) <= r.'
    """
    lines = []
    for claim in dict.fromkeys(each.claim for each in found.findings):
        findings = [each for each in found.findings if each.claim == claim]
        met = [each for each in findings if not each.unmet]
        worst = min(met or findings, key=lambda each: each.slack)
        lines.append(f"{claim}: {len(findings)} findings; the one with least slack:")
        lines.append(f"  {worst}")
    stated = found.statement
    for erratum, shown in zip(stated.errata, found.of_errata, strict=True):
        lines.append(f"erratum: {erratum.printed}")
        lines.append(f"  wrong because: {erratum.wrong_because}")
        lines += [f"  counterexample: {each}" for each in shown]
        lines.append(f"  repaired: {erratum.repaired}")
    return "\n".join(lines)


def failures_text(found: Sequence[Verification]) -> str:
    """Return every finding that fails, and every erratum that was not shown."""
    lines = []
    for each in found:
        key = each.statement.key
        lines += [f"FAILS  {key}  {finding}" for finding in each.failed]
        if not each.stands and not each.failed:
            lines += [
                f"FAILS  {key}  not refuted as printed: {finding}"
                for finding in each.counterexamples
                if finding.verdict != "fails"
            ]
    return "\n".join(lines)
