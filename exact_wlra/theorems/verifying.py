"""Running statements: on their own cases, or on one that a user brings.

Contents
--------
check               one statement on one value
verify              one statement on its own cases
verify_cases        one statement on given cases
Verification        what was found, with the time that it took
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any, final

from exact_wlra.errors import InvalidProblemError
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.registry import statement
from exact_wlra.theorems.statements import Case, Statement


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The findings of one statement.

    Parameters
    ----------
    statement : Statement
        What was checked.
    findings : tuple of Finding
        Of its cases, in their order.
    of_errata : tuple of tuples of Finding
        For each erratum what its counterexample finds of the statement as printed;
        empty where it has none.
    seconds : float
        Processor time.

    Examples
    --------
    >>> from exact_wlra.theorems.registry import statement
    >>> found = verify(statement("reweighted/lemma-2.1"), seeds=1)
    >>> found.stands, len(found.failed), len(found.findings)
    (True, 0, 6)
    """

    statement: Statement[Any]
    findings: tuple[Finding, ...]
    of_errata: tuple[tuple[Finding, ...], ...]
    seconds: float

    @property
    def counterexamples(self) -> tuple[Finding, ...]:
        """The findings about the statement as printed, where that is wrong."""
        return tuple(found for findings in self.of_errata for found in findings)

    @property
    def failed(self) -> tuple[Finding, ...]:
        """The findings that contradict the statement."""
        return tuple(found for found in self.findings if found.verdict == "fails")

    @property
    def stands(self) -> bool:
        """Tell whether nothing failed, and every printed error was shown to be one."""
        shown = {found.case for found in self.counterexamples}
        refuted = {f.case for f in self.counterexamples if f.verdict == "fails"}
        return not self.failed and shown == refuted

    def __str__(self) -> str:
        """Return one line for the statement and one for each finding."""
        verdict = "stands" if self.stands else "DOES NOT STAND"
        head = f"{self.statement.title}: {verdict}, {self.seconds:.1f} s"
        errata = (f"erratum: {found}" for found in self.counterexamples)
        return "\n  ".join([head, *map(str, self.findings), *errata])

    def _repr_html_(self) -> str:
        """Return the findings as a table, for notebooks."""
        verdict = "stands" if self.stands else "does not stand"
        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        rows = "".join(map(_html_row, self.findings + self.counterexamples))
        return (
            f"<p><b>{escape(self.statement.title)}</b>: {verdict}</p>"
            f"<table><tr>{head}</tr>{rows}</table>"
        )


_COLUMNS = ("claim", "case", "verdict", "measured, bound", "slack", "evidence")


def _html_row(found: Finding) -> str:
    """Return a finding as a row of a table."""
    cells = (
        found.claim,
        found.case,
        found.verdict,
        found.sides,
        f"{found.slack:.3g}",
        found.evidence,
    )
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def check(key: str, value: Any, *, name: str = "given") -> tuple[Finding, ...]:
    """Check one statement on a value.

    Parameters
    ----------
    key : str
        Such as ``reweighted/theorem-1.2``.
    value
        Of the type that the statement speaks about; often a `Problem`.

    Raises
    ------
    InvalidProblemError
        If there is no such statement, or it speaks about something else.

    Examples
    --------
    >>> from exact_wlra.problem import Problem
    >>> problem = Problem([[1, 2], [3, 5]], weights=[[1, 2], [3, 1]], rank=1)
    >>> [found.verdict for found in check("reweighted/theorem-1.2", problem)]
    ['holds', 'holds']
    """
    found = statement(key)
    if not isinstance(value, found.value_type):
        raise InvalidProblemError(
            f"{key} speaks about a {found.value_type.__name__}, not about a "
            f"{type(value).__name__}; give one of those."
        )
    return found.check(Case(name=name, kind="structured", value=value))


def verify(
    stated: Statement[Any], *, seeds: int = 3, exact_only: bool = False
) -> Verification:
    """Run a statement on its own cases and show the errors of the printed one.

    Parameters
    ----------
    seeds : int
        How many random cases of each kind.
    exact_only : bool
        Keep only what rests on exact numbers and enclosures.

    Examples
    --------
    >>> from exact_wlra.theorems.registry import statement
    >>> verify(statement("reweighted/lemma-2.1"), seeds=2).stands
    True
    """
    return verify_cases(stated, tuple(stated.cases(seeds)), exact_only=exact_only)


def verify_cases(
    stated: Statement[Any], cases: Iterable[Case[Any]], *, exact_only: bool = False
) -> Verification:
    """Run a statement on these cases and show the errors of the printed one."""
    started = time.process_time()
    findings = [found for case in cases for found in stated.check(case)]
    if exact_only:
        findings = [f for f in findings if f.evidence in {"exact", "enclosure"}]
    of_errata = tuple(
        () if erratum.counterexample is None else erratum.counterexample()
        for erratum in stated.errata
    )
    return Verification(
        statement=stated,
        findings=tuple(findings),
        of_errata=of_errata,
        seconds=time.process_time() - started,
    )
