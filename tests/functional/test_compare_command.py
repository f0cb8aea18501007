"""exact-wlra compare as a user calls it: tables, files, exit statuses."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from exact_wlra.cli import app

Run = Callable[..., Result]
BASINS = "dataset:four-basins-4x4"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


def test_table_picture_and_reports_go_to_a_fresh_folder(run: Run) -> None:
    result = run("compare", BASINS, "--rank", 1, "--methods", "reweighted")
    assert result.exit_code == 0, result.output
    assert "not rank 1" in result.stdout
    assert "local minima at rank 1" in result.stdout
    folder = Path("exact-wlra-compare/four-basins-4x4-rank-1")
    names = {"picture.png", "comparison.json", "runs.csv", "report.md", "report.html"}
    assert {path.name for path in folder.iterdir()} == names
    assert all(f"wrote {folder / name}" in result.stdout for name in names)
    document = json.loads((folder / "comparison.json").read_text())
    (rank,) = document["ranks"]
    # The published optimum, cut off.
    assert Fraction(rank["lower"]) <= Fraction("230.730090")
    assert Fraction(rank["upper"]) >= Fraction("230.730089")
    assert [point["n_starts"] > 0 for point in rank["minima"]["points"]] == [True] * 4
    again = run("compare", BASINS, "--rank", 1, "--methods", "reweighted")
    assert again.exit_code == 0
    assert "four-basins-4x4-rank-1-2" in again.stdout


def test_named_files_only_are_written(run: Run, tmp_path: Path) -> None:
    result = run(
        "compare", "dataset:small-2x3", "--rank", "1,2", "--methods", "reweighted",
        "--json", "c.json", "--plot", "p.svg", "--report", "r.md", "--quiet",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    assert [line[:6] for line in result.stdout.splitlines()] == ["rank=1", "rank=2"]
    assert {path.name for path in tmp_path.iterdir()} == {"c.json", "p.svg", "r.md"}
    assert "(<p.svg>)" in Path("r.md").read_text()


def test_folder_that_is_named_is_used(run: Run) -> None:
    result = run(
        "compare", "dataset:small-2x3", "--rank", 1, "--methods", "reweighted",
        "--out", "mine",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert Path("mine/report.html").is_file()


def test_bracket_that_is_not_closed_exits_with_1(run: Run) -> None:
    result = run(
        "compare", "dataset:wheat", "--rank", 3, "--methods", "reweighted",
        "--time-limit", 4, "--json", "c.json",
    )  # fmt: skip
    assert result.exit_code == 1, result.output
    assert "not proved to" in result.stdout
    assert json.loads(Path("c.json").read_text())["ranks"][0]["is_proved"] is False


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--rank", "one"], "--rank is 'one'"),
        (["--rank", "3:1"], "--rank is '3:1'"),
        (["--methods", "nobody"], "there is no method 'nobody'"),
        (["--gap", "small"], "--gap"),
        (["--out", "taken"], "--out: taken is a file"),
        (["--report", "r.doc"], "--report: r.doc is no report"),
    ],
)
def test_wrong_input_exits_with_2_and_one_sentence(
    run: Run, arguments: list[str], sentence: str
) -> None:
    Path("taken").write_text("")
    options = arguments if "--rank" in arguments else ["--rank", "1", *arguments]
    result = run("compare", BASINS, *options)
    assert result.exit_code == 2
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not Path("exact-wlra-compare").exists()


_INTERRUPTED = """
import signal
from exact_wlra import cli
from exact_wlra.terminal import progress
take = progress.Progress.take
def take_and_interrupt(self, report):
    take(self, report)
    if report.upper < float("inf") and not interrupted:
        interrupted.append(True)
        signal.raise_signal(signal.SIGINT)
interrupted = []
progress.Progress.take = take_and_interrupt
cli.main()
"""


def test_interrupt_shows_and_writes_what_is_there(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    for name in ("data.csv", "weights.csv"):
        entries = generator.integers(1, 100, size=(40, 30))
        np.savetxt(tmp_path / name, entries, fmt="%d", delimiter=",")
    arguments = [
        "compare", "data.csv", "--weights", "weights.csv", "--rank", "3,4",
        "--methods", "reweighted", "--json", "c.json", "--time-limit", "600",
    ]  # fmt: skip
    answer = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert answer.returncode == 1, answer.stderr
    assert "Traceback" not in answer.stderr
    document = json.loads((tmp_path / "c.json").read_text())
    assert document["is_interrupted"]
    assert [each["rank"] for each in document["ranks"]] == [3]
    assert "rank 3" in answer.stdout
