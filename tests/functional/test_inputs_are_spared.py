"""No command writes over a file that it reads."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from exact_wlra.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    np.savez(tmp_path / "big.npz", data=np.eye(3), weights=np.ones((3, 3)))
    (tmp_path / "data.csv").write_text("1,2\n3,5\n")
    (tmp_path / "w.json").write_text("[[1, 2], [1, 1]]")
    (tmp_path / "report.md").write_text("1 2\n3 5\n")
    runner = CliRunner()
    return lambda line: runner.invoke(app, line.split())


@pytest.mark.parametrize(
    "line",
    [
        "solve big.npz --rank 1 --json big.json",
        "solve data.csv --weights w.json --rank 1 --json ./w.json",
        "solve data.csv --weights w.json --rank 1 --certificate w.json",
        "solve data.csv --rank 1 --certificate data.csv",
        "compress data.csv --rank 1 --out data.csv",
        "compare data.csv --weights w.json --rank 1 --json w.json",
        "compare data.csv --weights report.md --rank 1 --out .",
    ],
)
def test_an_input_is_never_written_over(run: Run, tmp_path: Path, line: str) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = run(line)
    assert result.exit_code == 2, result.output
    assert "would be written over" in result.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_old_result_may_be_written_over(run: Run, tmp_path: Path) -> None:
    line = "solve data.csv --weights w.json --rank 1 --json out.json"
    assert run(line).exit_code == run(line).exit_code == 0
    assert (tmp_path / "out.json").exists()
