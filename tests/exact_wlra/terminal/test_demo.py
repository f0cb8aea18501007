"""The demonstration, on instances that are quickly proved."""

import io
import json
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console

from exact_wlra.terminal import demo


def test_demonstration_proves_both_and_writes_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_HERO", "trap-3x3")
    text = io.StringIO()
    console = Console(file=text, width=100)
    assert demo.run(console, tmp_path / "out")
    output = text.getvalue()
    assert output.count("and accepted it: the optimum is at least") == 2
    assert "different answers" in output
    assert "153 x 6 -> 18 x 6" in output
    for name in ("trap-3x3", "airquality"):
        assert (tmp_path / f"out/{name}.png").read_bytes().startswith(b"\x89PNG")
        document = json.loads((tmp_path / f"out/{name}.json").read_text())
        assert document["termination"] == "completed"
        assert (tmp_path / f"out/{name}.certificate.json").exists()


def test_usual_answers_are_sorted_from_the_dearest() -> None:
    answers = demo.usual_answers(
        demo.read("dataset:trap-3x3-b", rank=1).instance, seed=0
    )
    costs = [cost for _, cost in answers]
    assert len(answers) == 7
    assert all(a >= b - 1e-5 for a, b in pairwise(costs))
