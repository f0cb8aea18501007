"""Tables, reports, documents and pictures of a comparison."""

import csv
import io
import json
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from exact_wlra.comparison.comparing import compare
from exact_wlra.comparison.output_files import ComparisonFiles, fresh_folder
from exact_wlra.comparison.results import Comparison
from exact_wlra.errors import InvalidProblemError
from exact_wlra.reading import read

NASTY = '<script>alert("x")</script> & a|b `c` [d]'


class Nesting(HTMLParser):
    """Checks that tags close in the order in which they opened."""

    EMPTY = ("meta", "img")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.fixture(scope="module")
def found() -> Comparison:
    problem = read("dataset:trap-3x3", rank=1)
    return compare(
        problem,
        ["als", "zero", "wide", "diverged", "boastful", "refuses"],
        ranks=[1, 2],
        seeds=2,
        title=NASTY,
    )


def test_html_report_is_well_formed_escaped_and_alone(found: Comparison) -> None:
    text = found.to_html()
    reader = Nesting()
    reader.feed(text)
    assert reader.open == []
    tags = {tag for tag, _ in reader.seen}
    assert {"table", "caption", "img"} <= tags
    assert not tags & {"script", "link", "b"}
    sources = [
        attributes["src"] for _, attributes in reader.seen if "src" in attributes
    ]
    assert [str(source)[:22] for source in sources] == ["data:image/png;base64,"]
    assert not any("href" in attributes for _, attributes in reader.seen)
    assert any(NASTY in text for text in reader.texts)


def test_notebook_face_is_the_tables(found: Comparison) -> None:
    reader = Nesting()
    reader.feed(found._repr_html_())
    assert reader.open == []
    # At each rank scores, local minima, and what did not run.
    assert [tag for tag, _ in reader.seen].count("table") == 6


def test_markdown_has_rows_of_one_width_and_no_markup_of_others(
    found: Comparison,
) -> None:
    text = found.to_markdown(picture="picture.png")
    assert "<script>" not in text
    assert "(<picture.png>)" in text
    width = None
    for line in text.splitlines():
        if not line.startswith("|"):
            width = None
            continue
        bars = line.replace("\\|", "").count("|")
        assert width in (None, bars)
        width = bars


@pytest.mark.parametrize("width", [80, 120])
def test_terminal_face_shows_numbers_whole(found: Comparison, width: int) -> None:
    console = Console(width=width, file=io.StringIO())
    console.print(found)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert max(map(len, text.splitlines())) <= width
    for number in ("8.707669", "10.21221", "2/2", "18"):
        assert number in text
    assert "not rank 1" in text


def test_plain_face_names_everything(found: Comparison) -> None:
    text = str(found)
    for word in (
        "proved OPT", "not rank 1", "not rank 2", "all of them, proved", "diverged",
        "GUARANTEE VIOLATED by boastful", "refused: not for <b>this</b> | matrix.",
    ):  # fmt: skip
        assert word in text
    assert repr(found) == f"Comparison({NASTY!r}, ranks 1, 2, 12 runs)"


def test_json_holds_the_exact_bracket_and_every_run(found: Comparison) -> None:
    document = json.loads(found.to_json(), parse_constant=pytest.fail)
    assert document["schema"] == "exact-wlra/comparison/1"
    assert document["title"] == NASTY
    for entry, result in zip(document["ranks"], found.results, strict=True):
        assert Fraction(entry["lower"]) == result.solution.lower
        assert Fraction(entry["upper"]) == result.solution.upper
        assert Fraction(entry["cost_of_zero"]) == result.energy
        assert len(entry["runs"]) == len(result.runs)
        assert [each["method"] for each in entry["refused"]] == ["refuses"]
    diverged = [r for r in document["ranks"][0]["runs"] if r["method"] == "diverged"]
    assert diverged[0]["cost"] is None
    minima = document["ranks"][0]["minima"]
    assert minima["are_all"] is True
    low, high = map(Fraction, minima["points"][0]["enclosure"])
    assert low <= Fraction(document["ranks"][0]["upper"])
    assert high >= Fraction(document["ranks"][0]["lower"])


def test_csv_has_a_line_for_every_run(found: Comparison) -> None:
    lines = list(csv.DictReader(io.StringIO(found.to_csv())))
    assert len(lines) == len(found.runs)
    for line, run in zip(lines, found.runs, strict=True):
        assert (line["method"], int(line["rank"])) == (run.method, run.rank)
        assert line["is_success"] == str(run.is_success)
        assert int(line["n_numbers"]) == run.n_numbers


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
@pytest.mark.parametrize("n_ranks", [1, 2])
def test_picture_is_drawn(
    found: Comparison, n_ranks: int, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"picture{ending}"
    replace(found, results=found.results[:n_ranks]).plot(path)
    assert path.stat().st_size > 10_000


@pytest.mark.parametrize("methods", [["refuses"], ["diverged"], ["wide"]])
def test_comparison_without_a_rival_has_all_faces(
    methods: list[str], tmp_path: Path
) -> None:
    found = compare(read("dataset:missing-2x2", rank=1), methods)
    files = ComparisonFiles(folder=tmp_path / "new" / "folder")
    written = files.write(found, name="unused")
    names = ["picture.png", "comparison.json", "runs.csv", "report.md", "report.html"]
    assert [path.name for path in written] == names
    assert all(path.stat().st_size > 100 for path in written)


def test_fresh_folder_is_never_one_that_is_there(tmp_path: Path) -> None:
    first = fresh_folder(tmp_path, "../a b")
    assert first.parent == tmp_path
    first.mkdir()
    assert fresh_folder(tmp_path, "../a b") != first


def test_files_that_cannot_be_written_are_refused_before_any_work(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    for arguments in (
        {"folder": tmp_path / "file"},
        {"json": tmp_path / "nowhere" / "c.json"},
        {"plot": tmp_path / "picture.bmp"},
        {"report": tmp_path / "report.doc"},
    ):
        with pytest.raises(InvalidProblemError, match="--"):
            ComparisonFiles(**arguments)
