"""The theorem laboratory as a user calls it."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from exact_wlra.cli import app
from exact_wlra.theorems import registry
from exact_wlra.theorems.statements import Statement

Run = Callable[..., Result]
LEMMA, THEOREM = "reweighted/lemma-2.1", "reweighted/theorem-1.2"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(
        app, ["verify-theorems", *(str(a) for a in arguments)]
    )


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace parts of the lemma for one test."""
    module = registry.import_module(f"exact_wlra.theorems.{registry.HOMES[LEMMA]}")
    stated: Statement[Any] = module.STATEMENT

    def change(**parts: Any) -> None:
        monkeypatch.setattr(module, "STATEMENT", replace(stated, **parts))

    return change


def lemma() -> Statement[Any]:
    return registry.statement(LEMMA)


def test_statements_that_stand_give_zero_and_a_table(run: Run) -> None:
    result = run(LEMMA, THEOREM, "--seeds", 1)
    assert result.exit_code == 0, result.output
    assert LEMMA in result.stdout
    assert THEOREM in result.stdout
    assert "6/0/0/0/0" in result.stdout
    assert "statements run: 2, standing: 2" in result.stdout
    assert f"2/2  {LEMMA}  stands" in result.stderr


def test_prefix_chooses_and_list_runs_nothing(run: Run) -> None:
    result = run("reweighted/lem", "--list")
    assert result.exit_code == 0
    assert LEMMA in result.stdout
    assert THEOREM not in result.stdout
    assert "stands" not in result.output


def test_list_names_every_statement(run: Run) -> None:
    shown = run("--list").stdout
    assert all(key in shown for key in registry.HOMES)


def test_one_statement_shows_worst_findings_and_errata(run: Run) -> None:
    result = run("--statement", THEOREM, "--seeds", 1)
    erratum = registry.statement(THEOREM).errata[0]
    assert result.exit_code == 0
    assert f"erratum: {erratum.printed}" in result.stdout
    assert "counterexample: fails" in result.stdout
    assert "the one with least slack" in result.stdout


def test_exported_cases_are_instances(run: Run) -> None:
    assert run("--statement", LEMMA, "--export", "cases").exit_code == 0
    files = sorted(Path("cases").rglob("*.json"))
    assert len(files) == len(list(lemma().cases(3)))
    result = run("--statement", LEMMA, "--instance", files[0])
    assert result.exit_code == 0
    assert "holds: rank(W o X) <= rank(W) rank(X)" in result.stdout


def test_own_problem_is_an_instance(run: Run) -> None:
    Path("my.json").write_text('{"data": [[1, 2], [3, 5]], "rank": 1}')
    result = run("--statement", THEOREM, "--instance", "my.json", "--json", "o.json")
    assert result.exit_code == 0, result.output
    (found,) = json.loads(Path("o.json").read_text())["statements"]
    assert {finding["case"] for finding in found["findings"]} == {"my.json"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("nothing",), "there is no statement 'nothing'"),
        (("--statement", "x/y"), "there is no statement 'x/y'"),
        (("--instance", "my.json"), "--instance needs --statement KEY"),
        (("ours", "--statement", LEMMA), "are both given; give one of them"),
        (("--statement", LEMMA, "--instance", "no.json"), "there is no such file"),
        (("--statement", LEMMA, "--instance", "odd.json"), "there is no 'L'; the"),
        (("--statement", LEMMA, "--instance", "misfit.json"), "cannot be checked on"),
        ((LEMMA, "--report", "out.pdf"), "ends in neither .html nor .md"),
        ((LEMMA, "--report", "no/out.md"), "cannot be written"),
        ((LEMMA, "--json", "no/out.json"), "cannot be written"),
    ],
)
def test_wrong_calls_give_one_sentence(
    run: Run, arguments: tuple[str, ...], sentence: str
) -> None:
    Path("odd.json").write_text('{"P": [[1]], "Q": [[1]]}')
    Path("misfit.json").write_text(
        '{"P": [[1], [2]], "Q": [[1]], "L": [[3]], "R": [[1]]}'
    )
    result = run(*arguments)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.startswith("exact-wlra: ")
    assert result.stderr.count("\n") == 1


def test_quiet_run_prints_one_line(run: Run) -> None:
    result = run(LEMMA, "--quiet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.count("\n") == 1


def test_report_and_json_are_written(run: Run) -> None:
    result = run(LEMMA, "--report", "out.html", "--json", "out.json")
    assert result.exit_code == 0
    assert lemma().title in Path("out.html").read_text()
    document = json.loads(Path("out.json").read_text())
    assert document["schema"] == "exact-wlra/verification/1"
    assert [each["key"] for each in document["statements"]] == [LEMMA]
    assert "wrote out.html" in result.stdout


def test_a_statement_that_fails_shouts(run: Run, changed: Callable[..., None]) -> None:
    true = lemma()

    def wrong(case: Any) -> Any:
        return tuple(f.with_bound(Fraction(1, 100)) for f in true.check(case))

    changed(check=wrong)
    result = run(LEMMA, "--quiet")
    assert result.exit_code == 3
    assert f"FAILS  {LEMMA}  fails: rank(W o X)" in result.stdout
    assert "failing: 1" in result.stdout


def test_samples_are_left_out_by_exact_only(
    run: Run, changed: Callable[..., None]
) -> None:
    changed(is_statistical=True)
    result = run("reweighted", "--exact-only", "--list")
    assert THEOREM in result.stdout
    assert LEMMA not in result.stdout
    refused = run("--statement", LEMMA, "--exact-only")
    assert refused.exit_code == 2
    assert "about samples; leave out --exact-only" in refused.stderr


def test_ctrl_c_shows_what_was_found_so_far(
    run: Run, changed: Callable[..., None]
) -> None:
    def interrupted(_case: Any) -> Any:
        os.kill(os.getpid(), signal.SIGINT)
        return ()

    changed(check=interrupted)
    result = run(LEMMA, THEOREM)
    assert result.exit_code == 1
    assert "interrupted: 1 of 2 statements were run" in result.stdout


def test_python_checks_a_problem_by_key() -> None:
    import exact_wlra as ew

    problem = ew.Problem([[1, 2], [3, 5]], weights=[[1, 2], [3, 1]], rank=1)
    found = ew.theorems.check(THEOREM, problem)
    assert {finding.verdict for finding in found} == {"holds"}
    assert "theorems" in dir(ew)
