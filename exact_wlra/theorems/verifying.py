"""Running statements: on their own cases, or on one that a user brings.

Contents
--------
check               one statement on one value
verify              one statement on all of its cases
Verification        what was found, with the time that it took
"""

import time
from dataclasses import dataclass
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
    counterexamples : tuple of Finding
        Of the statement as printed, where that is wrong.
    seconds : float
        Processor time.
    """

    statement: Statement[Any]
    findings: tuple[Finding, ...]
    counterexamples: tuple[Finding, ...]
    seconds: float

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


def verify(stated: Statement[Any], *, seeds: int = 3) -> Verification:
    """Run a statement on its own cases and show the errors of the printed one.

    Parameters
    ----------
    seeds : int
        How many random cases of each kind.
    """
    started = time.process_time()
    findings = tuple(
        found for case in stated.cases(seeds) for found in stated.check(case)
    )
    counterexamples = tuple(
        found
        for erratum in stated.errata
        if erratum.counterexample is not None
        for found in erratum.counterexample()
    )
    return Verification(
        statement=stated,
        findings=findings,
        counterexamples=counterexamples,
        seconds=time.process_time() - started,
    )
