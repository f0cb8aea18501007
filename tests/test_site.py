"""What the site of the documentation is made of; `make docs` builds it.

Sphinx itself is not needed here.
"""

import re
from pathlib import Path

import pytest

from docs.site.modules import PACKAGES
from docs.site.staging import ROOT, stage
from exact_wlra.cli import app

COMMANDS = [
    command.callback.__name__.replace("_", "-")
    for command in app.registered_commands
    if command.callback is not None
]
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    stage(folder)
    return folder


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_a_page(staged: Path, module: str) -> None:
    page = (staged / "api" / f"{module}.rst").read_text(encoding="utf-8")
    assert f".. automodule:: {module}\n" in page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_as_it_describes_itself(
    staged: Path, command: str
) -> None:
    page = (staged / "command-line.md").read_text(encoding="utf-8")
    assert f"Usage: exact-wlra {command} " in page


def test_every_page_stands_in_exactly_one_section(staged: Path) -> None:
    listed: list[str] = []
    for path in staged.rglob("*.md"):
        for tree in re.findall(r"(?s)```\{toctree\}(.*?)```", path.read_text()):
            listed += re.findall(r"(?m)^/(.+)$", tree)
    pages = {
        path.relative_to(staged).with_suffix("").as_posix()
        for pattern in ("*.md", "how-to/*.md", "notebooks/*.ipynb")
        for path in staged.glob(pattern)
    }
    assert len(listed) == len(set(listed))
    assert pages - set(listed) == {"index"}


def test_staging_again_removes_what_no_longer_belongs(staged: Path) -> None:
    stray = staged / "stray.md"
    kept = staged / "index.md"
    before = kept.stat().st_mtime_ns
    stray.write_text("# Stray\n", encoding="utf-8")
    stage(staged)
    assert not stray.exists()
    assert kept.stat().st_mtime_ns == before
