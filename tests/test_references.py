"""What documents and docstrings refer to exists: literature, modules, functions, tests.

Contents
--------
literature     each key that is cited stands in docs/references.bib, and the reverse
modules        each has one line in docs/architecture.md; those that are named exist
proofs         each function and each test that docs/proofs.md names exists
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("semialgebraic", "reductions", "exact_wlra")
DOCUMENTS = sorted((ROOT / "docs").rglob("*.md"))
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PROOFS = (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")
BIBLIOGRAPHY = (ROOT / "docs" / "references.bib").read_text(encoding="utf-8")

SOURCES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
ENTRIES = dict(re.findall(r"(?ms)^@\w+\{(\w+),(.*?)^\}", BIBLIOGRAPHY))
# Several authors are run together, and the year ends the key: [EckartYoung1936].
CITATION = re.compile(r"\[([A-Z][A-Za-z]+(?:19|20)\d\d[a-z]?)\]")


def _citations() -> dict[str, list[str]]:
    """Every key that is cited, with the files that cite it."""
    cited: dict[str, list[str]] = {}
    for path in [*SOURCES.values(), *DOCUMENTS, ROOT / "README.md"]:
        for key in CITATION.findall(path.read_text(encoding="utf-8")):
            cited.setdefault(key, []).append(path.relative_to(ROOT).as_posix())
    return cited


CITED = _citations()


@pytest.mark.parametrize("key", sorted(CITED))
def test_cited_literature_stands_in_the_bibliography(key: str) -> None:
    assert key in ENTRIES, f"{key} is cited in {CITED[key]} and not in references.bib"


@pytest.mark.parametrize("key", sorted(ENTRIES))
def test_entry_is_cited_complete_and_dated_like_its_key(key: str) -> None:
    fields = dict(re.findall(r"(?m)^\s*(\w+)\s*=\s*\{(.*?)\}?,?$", ENTRIES[key]))
    assert key in CITED, f"{key} is cited nowhere: remove it from references.bib"
    assert {"author", "title", "year"} <= set(fields)
    assert key.rstrip("abc").endswith(fields["year"])


def test_keys_are_unique() -> None:
    assert len(re.findall(r"(?m)^@", BIBLIOGRAPHY)) == len(ENTRIES)


def _lines_of_modules() -> list[str]:
    """The modules that have a line in the tables of docs/architecture.md."""
    named = []
    for package in PACKAGES:
        section = ARCHITECTURE.split(f"\n### {package}\n", 1)[1]
        section = re.split(r"(?m)^##", section, maxsplit=1)[0]
        rows = re.findall(r"(?m)^\| `([\w.]+)` \|", section)
        named += [f"{package}.{row}" for row in rows]
    return named


def test_every_module_has_one_line_in_the_architecture() -> None:
    modules = {name for name in SOURCES if not name.endswith("__init__")}
    named = _lines_of_modules()
    assert len(named) == len(set(named))
    assert set(named) == modules, (
        f"without a line: {sorted(modules - set(named))}; "
        f"a line for nothing: {sorted(set(named) - modules)}"
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_modules_that_a_document_names_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    packages = {name.rpartition(".")[0] for name in SOURCES}
    known = set(SOURCES) | {name.removesuffix(".__init__") for name in SOURCES}
    dotted = set(re.findall(rf"`((?:{'|'.join(PACKAGES)})\.[\w.]+)(?=[`:])", text))
    unknown = {
        name
        for name in dotted
        # A class or function may follow the module, or a name of a package's door.
        if name not in known and name.rpartition(".")[0] not in known | packages
    }
    assert not unknown, f"{document.name} names {sorted(unknown)}"


@cache
def _definitions(module: str) -> frozenset[str]:
    """Functions, classes and methods of a module, methods as Class.method."""
    tree = ast.parse(SOURCES[module].read_text(encoding="utf-8"))
    found = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            methods = [m for m in node.body if isinstance(m, ast.FunctionDef)]
            found |= {f"{node.name}.{method.name}" for method in methods}
    return frozenset(found)


@pytest.mark.parametrize(
    ("module", "name"), sorted(set(re.findall(r"`([\w.]+):([\w.]+)`", PROOFS)))
)
def test_function_that_the_proofs_name_exists(module: str, name: str) -> None:
    assert module in SOURCES, f"docs/proofs.md names the module {module}"
    assert name in _definitions(module), f"there is no {name} in {module}"


@pytest.mark.parametrize(
    ("path", "name"), sorted(set(re.findall(r"`(tests/[\w/.]+?)(?:::(\w+))?`", PROOFS)))
)
def test_test_that_the_proofs_name_exists(path: str, name: str) -> None:
    assert (ROOT / path).is_file(), f"docs/proofs.md names {path}"
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not name or f"def {name}(" in text, f"there is no test {name} in {path}"
