"""Pictures are files of decent size, for every kind of problem."""

import struct
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from exact_wlra.driver import solve
from exact_wlra.plotting import FORMATS, plot_answers, plot_solution
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from exact_wlra.terminal.progress import Progress

SMALL = Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)


def size_of_png(path: Path) -> tuple[int, int]:
    """Width and height, as the header of the file states them."""
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


PROBLEMS = {
    "search": read("dataset:two-patterns-3x4", rank=1),
    "missing entries": read("dataset:airquality", rank=1),
    "one algebraic number": SMALL,
    "nothing left": read("dataset:missing-2x2", rank=1),
    "optimum zero": Problem([[1, 2], [2, 4]], rank=1),
    "no weights": Problem([[1, 2]], weights=[[0, 0]], rank=1),
    "two parts": Problem(
        [
            [3, 1, None, None],
            [1, 2, None, None],
            [None, None, 5, 1],
            [None, None, 1, 1],
        ],
        rank=1,
    ),
    "patterned": Problem.patterned(
        row_labels=[0, 1] * 50,
        column_labels=[0, 1, 0],
        data_core=[[1, 2], [3, 4]],
        rank=1,
    ),
    "weights of all sizes": Problem(
        [[1, 2, 3], [4, 5, 7]], weights=[[1, 1000, 1], ["1/1000", 1, 5]], rank=1
    ),
    "long": Problem(np.arange(1500).reshape(750, 2) % 7, rank=1),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_solution_is_drawn(name: str, tmp_path: Path) -> None:
    problem = PROBLEMS[name]
    progress = Progress(None, gap=0.01)
    solution = solve(problem, gap=Fraction(1, 100), report=progress.take)
    path = tmp_path / "p.png"
    plot_solution(problem, solution, progress.history, path, title=name)
    width, height = size_of_png(path)
    assert width >= 1200
    assert height >= 700
    assert path.stat().st_size > 20_000


@pytest.mark.parametrize("extension", FORMATS)
def test_every_format_is_written(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"p{extension}"
    plot_solution(SMALL, solve(SMALL), [], path)
    assert path.stat().st_size > 5_000


def test_answers_are_drawn(tmp_path: Path) -> None:
    path = tmp_path / "p.png"
    answers = [("one method", 118.5), ("another", 43.8410168589362)]
    plot_answers(SMALL.instance, answers, solve(SMALL), path, title="two answers")
    width, _ = size_of_png(path)
    assert width >= 1200
    assert path.stat().st_size > 20_000
