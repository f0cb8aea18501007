"""Pages and notebooks gathered for Sphinx, their links set right.

Contents
--------
stage       write the sources of the site into a folder

Notes on the implementation
---------------------------
The pages are read on git hosts, too, where they link to files. Here a link to a file
becomes one to its page: a module's, or the page that is made of it. A link to a file
that has no page becomes plain text. Files that did not change are left alone, so that
Sphinx reads again only what did.
"""

import json
import os
import re
import shutil
from pathlib import Path

from docs.site import command_line, literature
from docs.site.modules import module_pages
from docs.site.sections import SECTIONS, toctree

ROOT = Path(__file__).resolve().parents[2]
_LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def _sources() -> dict[str, Path]:
    """Every file that becomes a page, by its place in the site."""
    pages = {
        path.relative_to(ROOT / "docs").as_posix(): path
        for path in sorted((ROOT / "docs").rglob("*.md"))
    }
    pages["index.md"] = pages.pop("README.md")
    pages["contributing.md"] = ROOT / "CONTRIBUTING.md"
    pages["changelog.md"] = ROOT / "CHANGELOG.md"
    pages["tests.md"] = ROOT / "tests" / "README.md"
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        pages[f"notebooks/{path.name}"] = path
    return pages


def _relink(text: str, source: Path, place: str, places: dict[Path, str]) -> str:
    """Return a text whose links to files lead to their pages."""

    def replaced(link: re.Match[str]) -> str:
        words, file, anchor = link.groups()
        if "://" in file or file.startswith("mailto:"):
            return link[0]
        path = (source.parent / file).resolve()
        if path.suffix in {".png", ".svg"}:
            return link[0]
        if path not in places:
            return words
        to = os.path.relpath(places[path], Path(place).parent)
        return f"[{words}]({Path(to).as_posix()}{anchor or ''})"

    return _LINK.sub(replaced, text)


def _staged_notebook(path: Path, place: str, places: dict[Path, str]) -> str:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            text = _relink("".join(cell["source"]), path, place, places)
            cell["source"] = literature.linked(text)
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def stage(folder: Path) -> None:
    """Write the sources of the site into a folder; remove what no longer belongs there.

    Parameters
    ----------
    folder : Path
        Made if it is not there. It should hold nothing else.
    """
    sources = _sources()
    bibliography = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")
    made = module_pages(ROOT)
    made["references.rst"] = literature.page(bibliography)
    made["command-line.md"] = command_line.page()
    places = {path.resolve(): place for place, path in sources.items()}
    places[ROOT / "README.md"] = "index.md"
    places[ROOT / "notebooks"] = "notebooks.md"
    places[ROOT / "docs" / "references.bib"] = "references.rst"
    for place in made:
        if place.startswith("api/"):
            module = ROOT.joinpath(*Path(place).stem.split("."))
            places[module.with_suffix(".py")] = place
            places[module] = place
    pages = frozenset(str(Path(place).with_suffix("")) for place in (*sources, *made))
    for place, path in sources.items():
        if path.suffix == ".ipynb":
            text = _staged_notebook(path, place, places)
        else:
            text = _relink(path.read_text(encoding="utf-8"), path, place, places)
            text = literature.linked(text)
            if (section := place.removesuffix(".md")) in SECTIONS:
                text += toctree(section, pages)
        made[place] = text
    for place, text in made.items():
        _write(folder / place, text)
    images = ROOT / "docs" / "images"
    shutil.copytree(images, folder / "images", dirs_exist_ok=True)
    for path in folder.rglob("*"):
        place = path.relative_to(folder).as_posix()
        if path.is_file() and place not in made and not place.startswith("images/"):
            path.unlink()
