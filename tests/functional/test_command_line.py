"""The command line as a user calls it: exit statuses, sentences, files."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import exact_wlra
from exact_wlra import datasets, solution
from exact_wlra.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, [str(a) for a in arguments])


def fractions_of(path: Path) -> list[list[Fraction]]:
    with path.open() as file:
        return [[Fraction(entry) for entry in row] for row in csv.reader(file)]


def cost_of(
    data: Sequence[Sequence[Fraction]],
    weights: Sequence[Sequence[Fraction]],
    left: Sequence[Sequence[Fraction]],
    right: Sequence[Sequence[Fraction]],
) -> Fraction:
    """The definition of the cost, entry by entry."""
    return sum(
        (
            weights[i][j] ** 2
            * (a - sum(u * row[j] for u, row in zip(left[i], right, strict=True))) ** 2
            for i, line in enumerate(data)
            for j, a in enumerate(line)
        ),
        Fraction(0),
    )


def trap_cost(left: list[list[str]], right: list[list[str]]) -> Fraction:
    data, weights, _ = datasets.path("trap-3x3")
    assert weights is not None
    return cost_of(
        fractions_of(data),
        fractions_of(weights),
        [[Fraction(x) for x in row] for row in left],
        [[Fraction(x) for x in row] for row in right],
    )


# ---------------------------------------------------------------------------- solve


def test_solve_writes_a_solution_whose_factors_cost_upper(run: Run) -> None:
    result = run("solve", "dataset:trap-3x3", "--rank", 1, "--json", "s.json")
    assert result.exit_code == 0, result.output
    document = json.loads(Path("s.json").read_text())
    assert trap_cost(document["U"], document["V"]) == Fraction(document["upper"])
    assert 0 < Fraction(document["lower"]) <= Fraction(document["upper"])
    assert document["gap"] <= 1e-6


def test_solution_document_has_the_documented_members(run: Run) -> None:
    run("solve", "dataset:small-2x3", "--rank", 1, "--json", "s.json")
    document = json.loads(Path("s.json").read_text())
    members = (
        "schema claim lower upper gap attained termination advice evidence algebraic "
        "minimizer statistics U V"
    )
    assert set(document) == set(members.split())
    assert document["schema"] == "exact-wlra/solution/1"
    assert (document["claim"], document["attained"]) == ("minimum", True)
    assert document["termination"] == "completed"
    assert {item["bound"] for item in document["evidence"]} == {
        "lower",
        "upper",
        "optimum",
    }
    assert all(item["checked"] for item in document["evidence"])
    start, end = map(Fraction, document["algebraic"]["isolating_interval"])
    coefficients = [int(c) for c in document["algebraic"]["minimal_polynomial"]]
    at_start, at_end = (
        sum(c * x**i for i, c in enumerate(coefficients)) for x in (start, end)
    )
    assert at_start * at_end <= 0
    assert document["statistics"]["shape"] == [2, 3]


def test_quiet_solve_prints_one_line_and_no_progress(run: Run) -> None:
    result = run("solve", "dataset:trap-3x3", "--rank", 1, "--quiet")
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""
    assert "lower=" in result.stdout
    assert "upper=" in result.stdout


def test_result_says_what_is_proved(run: Run) -> None:
    result = run("solve", "dataset:small-2x3", "--rank", 1)
    assert "The minimum is known exactly" in result.stdout
    assert "43.841016858936189034480641128255" in result.stdout
    assert "accepted by the checker" in result.stdout


def test_infimum_that_is_not_attained_is_not_called_a_minimum(run: Run) -> None:
    result = run("solve", "dataset:missing-2x2", "--rank", 1, "--json", "s.json")
    assert result.exit_code == 0
    document = json.loads(Path("s.json").read_text())
    assert (document["claim"], document["lower"]) == ("infimum", "0")
    assert document["attained"] is not True
    assert "The infimum is known exactly" in result.stdout


def test_search_cut_short_prints_its_bracket_and_exits_with_1(run: Run) -> None:
    result = run(
        "solve", "dataset:four-basins-4x4", "--rank", 1, "--time-limit", 0.1,
        "--gap", "1e-9", "--method", "simplicial", "--json", "s.json",
    )  # fmt: skip
    assert result.exit_code == 1, result.output
    assert "not closed: the time limit ended the search" in result.stdout
    document = json.loads(Path("s.json").read_text())
    assert document["termination"] == "budget"
    assert Fraction(document["lower"]) < Fraction(document["upper"])


def test_method_that_gets_no_further_exits_with_1(run: Run) -> None:
    result = run(
        "solve", "dataset:four-basins-4x4", "--rank", 1, "--method", "spectral"
    )
    assert result.exit_code == 1
    assert "no method that applies gets further" in result.stdout


@pytest.mark.parametrize("gap", ["0.5", "1/2", "5e-1"])
def test_gap_is_read_exactly(run: Run, gap: str) -> None:
    result = run("solve", "dataset:trap-3x3", "--rank", 1, "--gap", gap)
    assert result.exit_code == 0


def test_digits_are_printed_and_written(run: Run) -> None:
    arguments = ("solve", "dataset:four-basins-4x4", "--rank", 1, "--digits", 50)
    done = run(*arguments, "--json", "s.json", "--certificate", "c.json")
    assert done.exit_code == 0
    shown = done.stdout.replace("\n", "").replace("│", "").replace(" ", "")
    assert "230.7300896199172598797718662122816619902933663" in shown
    document = json.loads(Path("s.json").read_text())
    lower, upper = Fraction(document["lower"]), Fraction(document["upper"])
    assert 0 < upper - lower <= upper / 10**50
    assert 0 < Fraction(document["minimizer"]["entry_error"]) < Fraction(1, 10**50)
    checked = run("check", "dataset:four-basins-4x4", "--rank", 1, "c.json")
    assert checked.exit_code == 0


def test_digits_that_cannot_be_proved_end_with_1_and_say_why(run: Run) -> None:

    Path("unit.csv").write_text("1,0,0\n0,1,0\n0,0,1\n")
    arguments = ("solve", "unit.csv", "--rank", 1, "--method", "charts")
    done = run(*arguments, "--digits", 30)
    assert done.exit_code == 1
    assert "more digits were not proved" in done.stdout


def test_picture_is_written(run: Run) -> None:
    result = run("solve", "dataset:lsat6", "--rank", 1, "--plot", "p.png")
    assert result.exit_code == 0, result.output
    assert Path("p.png").read_bytes().startswith(b"\x89PNG")
    assert "wrote p.png" in result.stdout


def test_many_factors_go_to_a_file_beside_the_document(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solution, "LARGEST_INLINE", 5)
    result = run("solve", "dataset:trap-3x3", "--rank", 1, "--json", "s.json")
    assert "wrote s.npz" in result.stdout
    document = json.loads(Path("s.json").read_text())
    assert document["factors"] == "s.npz"
    assert "U" not in document
    with np.load("s.npz", allow_pickle=False) as arrays:
        left, right = (
            [
                [f"{numerator}/{arrays[name + '_denominator']}" for numerator in row]
                for row in arrays[name]
            ]
            for name in "UV"
        )
    assert trap_cost(left, right) == Fraction(document["upper"])


def test_checkpoint_of_the_same_command_is_taken_and_others_are_refused(
    run: Run,
) -> None:
    call = ("--rank", 1, "--method", "simplicial", "--quiet", "--checkpoint", "s.npz")
    first = run("solve", "dataset:airquality", *call)
    again = run("solve", "dataset:airquality", *call, "--jobs", 2)
    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert first.stdout == again.stdout
    other = run("solve", "dataset:trap-3x3", *call)
    assert other.exit_code == 2
    assert "another instance" in other.stderr
    Path("s.npz").write_text("no checkpoint")
    damaged = run("solve", "dataset:airquality", *call)
    assert damaged.exit_code == 2
    assert "damaged" in damaged.stderr
    nowhere = run("solve", "dataset:airquality", *call[:-1], "nowhere/s.npz")
    assert nowhere.exit_code == 2
    assert nowhere.stderr.count("\n") == 1


def test_numerators_beyond_64_bits_are_written_as_texts(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solution, "LARGEST_INLINE", 1)
    Path("a.csv").write_text(f"{10**30},{10**30 + 1}\n")
    run("solve", "a.csv", "--rank", 1, "--json", "s.json")
    with np.load("s.npz", allow_pickle=False) as arrays:
        assert [int(x) for x in arrays["V"].ravel()] == [10**30, 10**30 + 1]


def test_labels_of_patterned_input_stand_beside_the_factors(run: Run) -> None:
    problem = {
        "row_labels": [0, 1, 0, 0],
        "column_labels": [1, 0, 1],
        "data_core": [["1/2", 2], [3, 4]],
        "weight_core": [[1, 2], [2, 1]],
    }
    Path("p.json").write_text(json.dumps(problem))
    result = run("solve", "p.json", "--rank", 1, "--json", "s.json")
    assert result.exit_code == 0, result.output
    document = json.loads(Path("s.json").read_text())
    assert document["row_labels"] == problem["row_labels"]
    assert document["column_labels"] == problem["column_labels"]
    full = [
        [[Fraction(core[i][j]) for j in (1, 0, 1)] for i in (0, 1, 0, 0)]
        for core in (problem["data_core"], problem["weight_core"])
    ]
    left = [[Fraction(x) for x in document["U"][i]] for i in (0, 1, 0, 0)]
    right = [[Fraction(row[j]) for j in (1, 0, 1)] for row in document["V"]]
    assert cost_of(*full, left, right) == Fraction(document["upper"])


_INTERRUPTED = """
import signal
from exact_wlra import cli
from exact_wlra.terminal import progress
take = progress.Progress.take
def take_and_interrupt(self, report):
    take(self, report)
    if report.stage == "simplicial" and not interrupted:
        interrupted.append(True)
        signal.raise_signal(signal.SIGINT)
interrupted = []
progress.Progress.take = take_and_interrupt
cli.main()
"""


def test_ctrl_c_returns_the_bracket_proved_so_far(tmp_path: Path) -> None:
    arguments = ["solve", "dataset:four-basins-4x4", "--rank", "1", "--gap", "1e-9"]
    answer = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, *arguments, "--method", "simplicial"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(Path(exact_wlra.__file__).parent.parent)},
    )  # fmt: skip
    assert answer.returncode == 1, answer.stderr
    assert "not closed: the search was interrupted" in answer.stdout
    assert "lower" in answer.stdout
    assert "Traceback" not in answer.stderr


def test_ctrl_c_before_the_search_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("exact_wlra.reading.read", interrupted)
    result = run("solve", "dataset:trap-3x3", "--rank", 1)
    assert result.exit_code == 1
    assert result.stderr == "exact-wlra: interrupted before there was a bracket.\n"


# ---------------------------------------------------------------------------- check


@pytest.fixture
def certificate(run: Run) -> Path:
    result = run("solve", "dataset:trap-3x3", "--rank", 1, "--certificate", "c.json")
    assert result.exit_code == 0
    return Path("c.json")


@pytest.mark.parametrize("arithmetic", ["automatic", "rational"])
def test_written_certificate_is_accepted(
    run: Run, certificate: Path, arithmetic: str
) -> None:
    result = run(
        "check", "dataset:trap-3x3", "--rank", 1, certificate,
        "--arithmetic", arithmetic,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("accepted")


def tamper(path: Path, **members: object) -> None:
    document = json.loads(path.read_text())
    path.write_text(json.dumps(document | members))


def test_certificate_with_a_raised_lower_bound_is_rejected(
    run: Run, certificate: Path
) -> None:
    upper = json.loads(certificate.read_text())["upper"]
    tamper(certificate, lower=upper)
    result = run("check", "dataset:trap-3x3", "--rank", 1, certificate)
    assert result.exit_code == 3
    assert result.stdout.startswith("rejected: the proof proves a lower bound of")


def test_certificate_with_a_lowered_upper_bound_is_rejected(
    run: Run, certificate: Path
) -> None:
    tamper(certificate, upper="1")
    result = run("check", "dataset:trap-3x3", "--rank", 1, certificate)
    assert result.exit_code == 3
    assert "the factors cost about" in result.stdout


def test_certificate_of_another_problem_is_rejected(
    run: Run, certificate: Path
) -> None:
    result = run("check", "dataset:trap-3x3-b", "--rank", 1, certificate)
    assert result.exit_code == 3


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": "other"}', "\x00"])
def test_file_that_is_no_certificate_is_wrong_input(run: Run, text: str) -> None:
    Path("c.json").write_text(text)
    result = run("check", "dataset:trap-3x3", "--rank", 1, "c.json")
    assert result.exit_code == 2
    assert result.stderr.startswith("exact-wlra: ")
    assert result.stderr.count("\n") == 1


# -------------------------------------------------------- plan, compress, datasets


def test_plan_names_reductions_patterns_and_methods(run: Run) -> None:
    result = run("plan", "dataset:airquality", "--rank", 1)
    assert result.exit_code == 0
    for words in (
        "153 x 6 -> 18 x 6",
        "proportional weights merged",
        "weight patterns: 4 of rows, 3 of columns",
        "pattern space: dimension 2, matrices of order 6",
        "yes simplicial",
        "no  two-rows      needs two rows or columns and rank one",
    ):
        assert words in result.stdout


def test_compressed_instance_is_a_problem_with_the_same_optimum(run: Run) -> None:
    result = run("compress", "dataset:lsat6", "--rank", 2, "--out", "small.json")
    assert result.exit_code == 0
    assert "1000 x 5 -> 30 x 5" in result.stdout
    node = json.loads(Path("small.json").read_text())["tree"]
    while "reductions" in node:
        (step,) = node["reductions"]
        node = step["to"]
    Path("leaf.json").write_text(json.dumps(node))
    run("solve", "leaf.json", "--json", "leaf-solution.json")
    run("solve", "dataset:lsat6", "--rank", 2, "--json", "solution.json")
    leaf, whole = (
        json.loads(Path(name).read_text())
        for name in ("leaf-solution.json", "solution.json")
    )
    assert Fraction(leaf["lower"]) <= Fraction(whole["upper"])
    assert Fraction(whole["lower"]) <= Fraction(leaf["upper"])
    assert max(leaf["gap"], whole["gap"]) <= 1e-6


def test_datasets_are_listed_with_their_sources(run: Run) -> None:
    result = run("datasets")
    assert result.exit_code == 0
    for name in datasets.names():
        assert name in result.stdout
    assert "Chambers" in result.stdout


# ---------------------------------------------------------------- wrong calls, help

_SOLVE = ("solve", "dataset:trap-3x3", "--rank", 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("solve", "missing.csv", "--rank", 1), "missing.csv: there is no such file"),
        (("solve", "dataset:titanik", "--rank", 1), "did you mean 'titanic'?"),
        (("solve", "dataset:trap-3x3", "--rank", -1), "the rank is -1"),
        (("solve", "dataset:trap-3x3", "--rank", "1.5"), "--rank is '1.5'"),
        (("solve", "dataset:trap-3x3"), "the rank is not given"),
        ((*_SOLVE, "--gap", "small"), "--gap: 'small' is not a number"),
        ((*_SOLVE, "--gap", "2"), "gap is 2; it must lie in [0, 1)"),
        ((*_SOLVE, "--time-limit", 0), "time_limit must be a positive number"),
        ((*_SOLVE, "--method", "magic"), "there is no method 'magic'"),
        ((*_SOLVE, "--json", "no/such/folder.json"), "--json: no/such/folder.json"),
        ((*_SOLVE, "--plot", "picture.bmp"), "--plot: picture.bmp is no picture"),
        (("check", "dataset:trap-3x3", "--rank", 1, "none.json"), "none.json: No such"),
        (("plan", "missing.csv", "--rank", 1), "missing.csv"),
        (("compress", "missing.csv", "--rank", 1, "--out", "o.json"), "missing.csv"),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, tuple) else "",
)
def test_wrong_call_is_one_sentence_and_status_2(
    run: Run, arguments: tuple[object, ...], words: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1,2\n3\n", "row 2"),
        ("1,2\n3,x\n", "row 2, column 2"),
        ("", "the file holds no numbers"),
    ],
)
def test_wrong_file_is_one_sentence_with_the_place(
    run: Run, text: str, place: str
) -> None:
    Path("a.csv").write_text(text)
    result = run("solve", "a.csv", "--rank", 1)
    assert result.exit_code == 2
    assert result.stderr.startswith("exact-wlra: a.csv")
    assert place in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("frobnicate",), ("solve",), ("compress", "a")])
def test_usage_errors_have_status_2(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_help_lists_the_commands(run: Run) -> None:
    result = run("--help")
    assert result.exit_code == 0
    for command in ("solve", "check", "plan", "compress", "datasets", "demo"):
        assert f"  {command} " in result.stdout


@pytest.mark.parametrize(
    "command", ["solve", "check", "plan", "compress", "datasets", "demo"]
)
def test_help_of_each_command_has_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: exact-wlra {command}" in result.stdout


def test_version_is_that_of_the_package(run: Run) -> None:
    assert run("--version").stdout == f"exact-wlra {exact_wlra.__version__}\n"


def test_help_loads_no_library_of_numbers(
    record_property: Callable[[str, object], None], tmp_path: Path
) -> None:
    script = (
        "import sys, time; start = time.perf_counter(); from exact_wlra import cli; "
        "sys.argv[1:] = ['--help']\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        "print(time.perf_counter() - start)\n"
        "print([m for m in ('numpy', 'flint', 'rich', 'scipy') if m in sys.modules])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(Path(exact_wlra.__file__).parent.parent)},
    )  # fmt: skip
    *_, seconds, loaded = answer.stdout.splitlines()
    record_property("exact-wlra --help [s]", float(seconds))
    assert loaded == "[]"
