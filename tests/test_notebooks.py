"""Every notebook runs, with its assertions, and what is stored of it is what it says.

A notebook is a pair: the text that people edit (.py, percent format) and the executed
.ipynb that people read. `make notebooks` makes the second from the first.
"""

import base64
import re
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "notebooks"
TEXTS = sorted(FOLDER.glob("*.py"))
REMEDY = "run `make notebooks`"
LARGEST_PICTURE = 100_000

# Folders of one machine: those of this one, and what they are called elsewhere.
MACHINE = re.compile(
    r"(?<![\w.:/])/(home|root|tmp|var|usr|opt|mnt|work|private|Users|builds)/"
    r"|[A-Z]:\\\w"
)
HERE = [str(ROOT), sys.prefix, tempfile.gettempdir(), str(Path.home())]

every_notebook = pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)


def stored(text: Path) -> NotebookNode:
    return nbformat.read(text.with_suffix(".ipynb"), as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def outputs(notebook: NotebookNode) -> list[NotebookNode]:
    return [output for cell in code(notebook) for output in cell.outputs]


def shown_texts(output: NotebookNode) -> list[str]:
    """Return all that a reader can read of an output, but for pictures."""
    data = output.get("data", {})
    texts = [text for kind, text in data.items() if kind.startswith("text/")]
    return [*texts, output.get("text", "")]


def assert_clean(notebook: NotebookNode) -> None:
    for output in outputs(notebook):
        assert output.output_type != "error", output.get("evalue")
        assert output.get("name") != "stderr", f"a warning is shown: {output.text}"
        for text in shown_texts(output):
            assert "Warning" not in text
            assert not MACHINE.search(text), f"a path of a machine is shown: {text}"
            assert not [path for path in HERE if len(path) > 1 and path in text]


def test_folder_holds_pairs() -> None:
    assert TEXTS
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == {
        path.stem for path in TEXTS
    }, REMEDY


def test_table_has_a_row_for_each_notebook() -> None:
    table = (FOLDER / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"^\| \[[^]]+\]\((\S+)\.ipynb\)", table, flags=re.MULTILINE)
    assert linked == [path.stem for path in TEXTS]


# What Jupyter itself warns of, in this process, is not ours; what a notebook warns of is
# an output. A notebook may take as long as any other test.
@pytest.mark.filterwarnings("default")
@every_notebook
def test_notebook_runs_with_its_assertions(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No kernels, settings or start-up files of whoever runs this.
    for variable in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    notebook = nbformat.v4.new_notebook(
        cells=jupytext.read(text).cells,
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    client = NotebookClient(
        notebook, timeout=110, resources={"metadata": {"path": str(FOLDER)}}
    )
    client.execute()
    assert_clean(notebook)


@every_notebook
def test_stored_notebook_is_made_from_the_text(text: Path) -> None:
    assert [(cell.cell_type, cell.source) for cell in stored(text).cells] == [
        (cell.cell_type, cell.source) for cell in jupytext.read(text).cells
    ], REMEDY


@every_notebook
def test_stored_notebook_was_executed_from_top_to_bottom(text: Path) -> None:
    cells = [cell for cell in code(stored(text)) if cell.source.strip()]
    counts = [cell.execution_count for cell in cells]
    assert counts == list(range(1, len(cells) + 1)), REMEDY
    assert outputs(stored(text)), REMEDY


@every_notebook
def test_stored_notebook_shows_no_machine_and_no_warning(text: Path) -> None:
    assert_clean(stored(text))


@every_notebook
def test_stored_pictures_are_small(text: Path) -> None:
    for output in outputs(stored(text)):
        picture = output.get("data", {}).get("image/png", "")
        assert len(base64.b64decode(picture)) <= LARGEST_PICTURE


@every_notebook
def test_notebook_asks_in_its_title_and_asserts(text: Path) -> None:
    cells = jupytext.read(text).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    claims = sum(cell.source.count("assert ") for cell in code(jupytext.read(text)))
    assert claims >= 5


@pytest.mark.parametrize(
    "text",
    ["/home/ada/x.py", "see (/tmp/x)", "C:\\data", "'/work/x'", "\n/Users/ada/x"],
)
def test_paths_of_machines_are_recognized(text: str) -> None:
    assert MACHINE.search(text)


@pytest.mark.parametrize("text", ["https://x.org/home/y", "1/usr/2", "a/tmp/b", "π/2"])
def test_other_slashes_are_not(text: str) -> None:
    assert not MACHINE.search(text)
