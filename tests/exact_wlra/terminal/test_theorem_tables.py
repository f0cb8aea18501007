"""What verify-theorems shows: columns that fit, lines without a terminal, failures."""

import io
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from rich.console import Console

from exact_wlra.terminal.theorem_tables import (
    RunProgress,
    failures_text,
    statement_text,
    summaries_table,
)
from exact_wlra.theorems.registry import statement
from exact_wlra.theorems.summaries import summary
from exact_wlra.theorems.verifying import Verification, verify

LEMMA, THEOREM = "reweighted/lemma-2.1", "reweighted/theorem-1.2"


@cache
def found(key: str) -> Verification:
    return verify(statement(key), seeds=1)


def text(renderable: object, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(renderable)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_numbers_and_keys_are_whole_at_every_width(width: int) -> None:
    numbers = [summary(found(key)) for key in (LEMMA, THEOREM)]
    shown = text(summaries_table(numbers, width=width), width)
    assert LEMMA in shown
    assert THEOREM in shown
    assert "6/0/0/0/0" in shown
    assert "1/1" in shown
    assert "…" not in shown
    assert (numbers[0].title in shown) == (width == 160)


def test_no_statements_give_an_empty_table() -> None:
    assert text(summaries_table([], width=80), 80).strip() == ""


def test_progress_without_a_terminal_is_a_line_a_statement() -> None:
    console = Console(file=io.StringIO(), width=80)
    with RunProgress(console, n_statements=1) as progress:
        progress.begin(LEMMA)
        progress.end(found(LEMMA))
    file = console.file
    assert isinstance(file, io.StringIO)
    assert file.getvalue().startswith(f"1/1  {LEMMA}  stands  ")


def test_progress_on_a_terminal_shows_what_runs() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    with RunProgress(console, n_statements=2) as progress:
        progress.begin(LEMMA)
        progress.end(found(LEMMA))
        progress.begin(THEOREM)
    file = console.file
    assert isinstance(file, io.StringIO)
    assert "1/2" in file.getvalue()
    assert THEOREM in file.getvalue()


def test_failures_are_listed_in_full_and_nothing_else() -> None:
    first = found(LEMMA)
    assert failures_text([first]) == ""
    half = Fraction(1, 2)
    wrong = replace(first, findings=tuple(f.with_bound(half) for f in first.findings))
    lines = failures_text([first, wrong]).splitlines()
    assert len(lines) == len(wrong.failed) > 0
    assert all(line.startswith(f"FAILS  {LEMMA}  fails: ") for line in lines)


def test_an_erratum_that_is_none_is_listed() -> None:
    first = found(THEOREM)
    (shown,) = first.of_errata
    true = replace(shown[0], bound=shown[0].measured)
    wrong = replace(first, of_errata=((true,),))
    assert "not refuted as printed" in failures_text([wrong])


def test_one_statement_is_shown_with_its_worst_findings_and_errata() -> None:
    shown = statement_text(found(THEOREM))
    claims = {finding.claim for finding in found(THEOREM).findings}
    assert all(f"{claim}: " in shown for claim in claims)
    (erratum,) = statement(THEOREM).errata
    assert f"erratum: {erratum.printed}" in shown
    assert f"repaired: {erratum.repaired}" in shown
