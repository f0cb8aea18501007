"""The command `exact-wlra verify-theorems`: statements run, a table, reports.

Exit status: 0 if every statement stands, 1 if something is undecided or the run was
interrupted, 2 for a wrong call, 3 if a statement fails.

Contents
--------
verify_theorems     the command; `exact_wlra.cli` registers it
"""

import json as json_format
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from exact_wlra.theorems.statements import Case, Statement
    from exact_wlra.theorems.verifying import Verification

EPILOG = (
    "Example: exact-wlra verify-theorems reweighted --seeds 5 --report theorems.html"
)

_STATUS = {"stands": 0, "undecided": 1, "fails": 3}
_INTERRUPTED = 1
_WIDE = 160
# What a check may raise on a value whose parts do not fit each other.
_MISFITS = (ValueError, TypeError, LookupError, ArithmeticError)


def verify_theorems(
    prefixes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PREFIX",
            help="Run the statements whose keys begin so, such as reweighted or "
            "few-patterns/theorem; all of them if left out.",
        ),
    ] = None,
    *,
    statement: Annotated[
        str | None, typer.Option(metavar="KEY", help="Run this one statement.")
    ] = None,
    instance: Annotated[
        Path | None,
        typer.Option(
            metavar="MY.json",
            help="Run --statement on the value in this file instead of its own cases; "
            "--export writes files of the same form.",
        ),
    ] = None,
    seeds: Annotated[
        int, typer.Option(metavar="N", min=1, help="Random cases of each kind.")
    ] = 3,
    exact_only: Annotated[
        bool,
        typer.Option(
            "--exact-only",
            help="Leave out what rests on samples or on floating point.",
        ),
    ] = False,
    list_only: Annotated[
        bool, typer.Option("--list", help="List the statements; run nothing.")
    ] = False,
    export: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write the cases as JSON files; run nothing."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html|OUT.md",
            help="Write a report with pictures; it measures running times, too.",
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option(metavar="OUT.json", help="Write all findings, exactly."),
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Show no progress, and no table.")
    ] = False,
) -> None:
    """Run the theorems of both papers, and ours, on cases that try to break them.

    The exit status is 0 if every statement stands, 1 if a finding is undecided or
    Ctrl-C ended the run, and 3 if a statement fails.
    """
    from rich.console import Console

    from exact_wlra.terminal.theorem_tables import statements_table

    chosen = _chosen(prefixes or [], statement, instance, exact_only=exact_only)
    out = Console(stderr=False)
    if not out.is_terminal:
        out = Console(width=_WIDE)
    if list_only:
        out.print(statements_table(chosen))
        return
    if export is not None:
        _export(chosen, export, seeds, out)
        return
    _check_writable(report, json)
    cases = None if instance is None else _read_case(chosen[0], instance)
    found, is_whole = _run(chosen, cases, seeds, exact_only=exact_only, quiet=quiet)
    status = _show(found, out, quiet=quiet, with_findings=instance is not None)
    if not is_whole:
        out.print(f"interrupted: {len(found)} of {len(chosen)} statements were run")
        status = max(status, _INTERRUPTED)
    if json is not None:
        json.write_text(_json_text(found, seeds), encoding="utf-8")
    if report is not None:
        from exact_wlra.theorems.reports import write_report

        growth = is_whole and instance is None and not prefixes and not statement
        write_report(found, report, seeds=seeds, with_growth=growth)
    if not quiet:
        for path in filter(None, (json, report)):
            out.print(f"wrote {path}", soft_wrap=True, highlight=False, markup=False)
    raise typer.Exit(status)


def _chosen(
    prefixes: Sequence[str],
    key: str | None,
    instance: Path | None,
    *,
    exact_only: bool,
) -> "list[Statement[Any]]":
    """Return the statements that the arguments name."""
    from exact_wlra.errors import InvalidProblemError
    from exact_wlra.theorems.registry import statement, statements

    if instance is not None and key is None:
        raise InvalidProblemError(
            "--instance needs --statement KEY, the statement to run on it; --list "
            "names all."
        )
    if key is not None and prefixes:
        raise InvalidProblemError(
            f"--statement {key} and {prefixes[0]} are both given; give one of them."
        )
    found = statements(tuple(prefixes)) if key is None else [statement(key)]
    kept = [one for one in found if not (exact_only and one.is_statistical)]
    if not kept:
        raise InvalidProblemError(
            "every statement named is about samples; leave out --exact-only."
        )
    return kept


def _check_writable(report: Path | None, json: Path | None) -> None:
    """Refuse files that cannot be written before anything runs."""
    from exact_wlra.errors import ProblemFileError
    from exact_wlra.files.solution_files import check_writable

    if report is not None and report.suffix not in {".md", ".html"}:
        raise ProblemFileError(
            f"--report: {report} ends in neither .html nor .md; use one of them."
        )
    for option, path in (("--report", report), ("--json", json)):
        if path is not None:
            check_writable(option, path)


def _read_case(stated: "Statement[Any]", path: Path) -> "tuple[Case[Any]]":
    """Return the case in a file."""
    from exact_wlra.theorems.case_documents import read_value
    from exact_wlra.theorems.statements import Case

    value = read_value(stated, path)
    return (Case(name=str(path), kind="structured", value=value),)


def _export(
    chosen: "Sequence[Statement[Any]]", folder: Path, seeds: int, out: "Console"
) -> None:
    """Write the cases of the statements."""
    from exact_wlra.theorems.case_documents import write_cases

    for stated in chosen:
        paths = write_cases(stated, folder, seeds=seeds)
        out.print(
            f"{stated.key}: {len(paths)} cases in {paths[0].parent}",
            soft_wrap=True,
            highlight=False,
        )


def _run(
    chosen: "Sequence[Statement[Any]]",
    cases: "tuple[Case[Any]] | None",
    seeds: int,
    *,
    exact_only: bool,
    quiet: bool,
) -> "tuple[list[Verification], bool]":
    """Run the statements; tell whether all of them were, or Ctrl-C came first."""
    from rich.console import Console

    from exact_wlra.terminal.theorem_tables import RunProgress
    from exact_wlra.theorems.verifying import verify, verify_cases

    found: list[Verification] = []
    console = None if quiet else Console(stderr=True)
    with RunProgress(console, n_statements=len(chosen)) as progress:
        try:
            for stated in chosen:
                progress.begin(stated.key)
                if cases is None:
                    done = verify(stated, seeds=seeds, exact_only=exact_only)
                else:
                    with _one_sentence(stated.key, cases[0].name):
                        done = verify_cases(stated, cases, exact_only=exact_only)
                found.append(done)
                progress.end(done)
        except KeyboardInterrupt:
            return found, False
    return found, True


@contextmanager
def _one_sentence(key: str, name: str) -> Iterator[None]:
    """Turn what a check raises on a value of a user's into one sentence."""
    from exact_wlra.errors import InvalidProblemError, WLRAError

    try:
        yield
    except WLRAError:
        raise
    except _MISFITS as error:
        raise InvalidProblemError(
            f"{name}: {key} cannot be checked on this value ({error}); compare it with "
            "a case that --export writes."
        ) from None


def _show(
    found: "Sequence[Verification]",
    out: "Console",
    *,
    quiet: bool,
    with_findings: bool,
) -> int:
    """Print the table, or findings, and what failed; return the exit status."""
    from exact_wlra.terminal.theorem_tables import (
        failures_text,
        statement_text,
        summaries_table,
    )
    from exact_wlra.theorems.summaries import outcome, summary

    numbers = [summary(each) for each in found]
    if with_findings:
        for each in found:
            for finding in each.findings:
                out.print(str(finding), soft_wrap=True, highlight=False, markup=False)
    elif found and not quiet:
        out.print(summaries_table(numbers, width=out.width))
        if len(found) == 1:
            text = statement_text(found[0])
            out.print(text, soft_wrap=True, highlight=False, markup=False)
    shout = failures_text(found)
    if shout:
        out.print(shout, style="bold red", soft_wrap=True, markup=False)
    counts = {name: sum(each.outcome == name for each in numbers) for name in _STATUS}
    out.print(
        f"statements run: {len(numbers)}, standing: {counts['stands']}, with something "
        f"undecided: {counts['undecided']}, failing: {counts['fails']}",
        highlight=False,
        soft_wrap=True,
    )
    return _STATUS[outcome(numbers)]


def _json_text(found: "Sequence[Verification]", seeds: int) -> str:
    """Return the document of a run."""
    from exact_wlra import __version__
    from exact_wlra.theorems.summaries import SCHEMA, verification_document

    document = {
        "schema": SCHEMA,
        "version": __version__,
        "seeds": seeds,
        "statements": [verification_document(each) for each in found],
    }
    return json_format.dumps(document, indent=1, ensure_ascii=False) + "\n"
