"""The commands in the tutorial and the how-to guides, run as they are printed.

In a block of the language `console`, `$ cat FILE` makes the file that it shows, and
`$ exact-wlra ...` is run; the lines below are what it prints. Times, gaps and factors
may differ, for they depend on the machine; other numbers agree to three digits.
"""

import re
import shlex
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

from exact_wlra.cli import app

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
BLOCK = re.compile(r"(?ms)^```console\n(.*?)^```$")
NUMBER = re.compile(r"~?(-?\d+(?:/\d+|(?:\.\d+)?(?:[eE][-+]?\d+)?))")
# What stands behind these words is not the same on every machine.
VARIES = re.compile(r"(?:\btime |\bgap[ =]|\bU\^T |│ V |; \d+ simplices).*")


def commands_of(page: Path) -> list[tuple[str, str]]:
    """The commands of a page, each with what it prints."""
    text = "".join(BLOCK.findall(page.read_text(encoding="utf-8")))
    parts = re.split(r"(?m)^\$ (.*)\n", text)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def words_and_numbers(printed: str) -> tuple[list[str], list[float]]:
    """What is compared exactly, and what is compared to three digits."""
    lines = [VARIES.sub("", line) for line in printed.splitlines()]
    text = re.sub(r"[─╭╮╰╯│]+", " ", "\n".join(lines))
    numbers = [float(Fraction(number)) for number in NUMBER.findall(text)]
    return NUMBER.sub("#", text).split(), numbers


DOCUMENTED = [page for page in PAGES if commands_of(page)]


@pytest.mark.parametrize("page", DOCUMENTED, ids=lambda page: page.stem)
def test_documented_commands_print_what_is_documented(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner(env={"COLUMNS": "80"})
    for command, documented in commands_of(page):
        program, *arguments = shlex.split(command)
        if program == "cat":
            Path(arguments[0]).write_text(documented, encoding="utf-8")
            continue
        assert program == "exact-wlra", f"{page.name} shows {command}"
        result = runner.invoke(app, arguments)
        printed = result.stderr if result.exit_code == 2 else result.stdout
        words, numbers = words_and_numbers(printed)
        known_words, known_numbers = words_and_numbers(documented)
        assert words == known_words, f"{command} prints\n{printed}"
        assert numbers == pytest.approx(known_numbers, rel=1e-3), command


def test_every_guide_is_listed() -> None:
    listed = (DOCS / "how-to.md").read_text(encoding="utf-8")
    guides = {f"how-to/{path.name}" for path in (DOCS / "how-to").glob("*.md")}
    assert guides == set(re.findall(r"\((how-to/[\w-]+\.md)\)", listed))
