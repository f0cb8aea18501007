"""The architecture of the three packages, held by tests.

What docs/architecture.md says about imports, sizes and module headers is read off the
source text here, without importing it, so that it holds for every module that exists.

Contents
--------
source modules     headers, sizes
import graph       the order of the packages, no cycles, what the checker may reach
start-up           what `import exact_wlra` and its command line do not load
documents          links between them
"""

import ast
import graphlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Lowest first: each package may import itself and those before it.
PACKAGES = ("semialgebraic", "reductions", "exact_wlra")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
# What searches, chooses or draws; the checker must be able to do without.
CLOSED_TO_CHECKER = (
    "exact_wlra.bounds",
    "exact_wlra.cli",
    "exact_wlra.driver",
    "exact_wlra.heuristics",
    "exact_wlra.methods",
    "exact_wlra.planning",
    "exact_wlra.plotting",
    "exact_wlra.threshold_deciders",
    "semialgebraic.deciding",
    "semialgebraic.msolve",
    "semialgebraic.oracles",
)
# Loaded only by what uses them: the start of the program stays short.
HEAVY = frozenset(
    {
        "clarabel",
        "cvc5",
        "matplotlib",
        "networkx",
        "pyscipopt",
        "scipy",
        "sklearn",
        "sympy",
        "z3",
    }
)
COMMAND_LINE = frozenset({"rich", "typer"})


def _module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    _module_name(path): path
    for package in PACKAGES
    for path in sorted((ROOT / package).rglob("*.py"))
}
TREES = {
    name: ast.parse(path.read_text(encoding="utf-8"), str(path))
    for name, path in SOURCES.items()
}


def _imported_names(tree: ast.Module) -> Iterator[str]:
    """Every module that an import statement names, wherever it stands in the file."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    inner = f"{module}.{alias.name}"
                    yield inner if inner in SOURCES else module


IMPORTS = {
    name: {imported for imported in _imported_names(tree) if imported in SOURCES}
    for name, tree in TREES.items()
}


def _reachable(start: str) -> set[str]:
    """Modules of the packages that `start` imports, directly or through others."""
    seen = {start}
    waiting = [start]
    while waiting:
        new = IMPORTS[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen - {start}


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


CHECKERS = [
    name
    for name in SOURCES
    if name.startswith(("exact_wlra.checker", "exact_wlra.checking"))
]

every_module = pytest.mark.parametrize("module", SOURCES)


@every_module
def test_module_begins_with_a_title(module: str) -> None:
    docstring = ast.get_docstring(TREES[module])
    assert docstring is not None, f"{SOURCES[module]} has no docstring"
    title, *rest = docstring.splitlines()
    assert title.endswith("."), f"the title of {module} is not a sentence: {title!r}"
    assert not rest or not rest[0], f"no empty line after the title of {module}"


@every_module
def test_module_lists_its_contents(module: str) -> None:
    lines = (ast.get_docstring(TREES[module]) or "").splitlines()
    assert "Contents" in lines, f"the docstring of {module} has no section Contents"
    underline, first = lines[lines.index("Contents") + 1 :][:2]
    assert set(underline) == {"-"}, f"Contents of {module} is not underlined"
    assert first.strip(), f"Contents of {module} is empty"


@every_module
def test_file_is_short(module: str) -> None:
    n_lines = len(SOURCES[module].read_text(encoding="utf-8").splitlines())
    assert n_lines <= LONGEST_FILE, f"{module} has {n_lines} lines: split it"


@every_module
def test_functions_are_short(module: str) -> None:
    long = {}
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = ast.get_docstring(node) is not None
            body = node.body[1:] if documented else node.body
            first = body[0].lineno if body else node.lineno
            n_lines = (node.end_lineno or first) - first + 1
            if n_lines >= LONGEST_FUNCTION:
                long[node.name] = n_lines
    assert not long, f"functions of {module} too long without their docstrings: {long}"


@every_module
def test_imports_are_absolute_and_explicit(module: str) -> None:
    statements = [n for n in ast.walk(TREES[module]) if isinstance(n, ast.ImportFrom)]
    relative = [ast.unparse(n) for n in statements if n.level]
    starred = [ast.unparse(n) for n in statements if n.names[0].name == "*"]
    assert not relative, f"relative imports in {module}: {relative}"
    assert not starred, f"star imports in {module}: {starred}"


@every_module
def test_module_imports_no_package_above_its_own(module: str) -> None:
    own = PACKAGES.index(module.partition(".")[0])
    upward = {i for i in IMPORTS[module] if i.partition(".")[0] in PACKAGES[own + 1 :]}
    assert not upward, f"{module} imports from above: {sorted(upward)}"


def test_modules_import_each_other_without_cycles() -> None:
    order = list(graphlib.TopologicalSorter(IMPORTS).static_order())
    assert set(order) == set(SOURCES)


@pytest.mark.parametrize("closed", CLOSED_TO_CHECKER)
@pytest.mark.parametrize("checker", CHECKERS)
def test_checker_reaches_nothing_that_searches(checker: str, closed: str) -> None:
    reached = {m for m in _reachable(checker) if _is_within(m, closed)}
    assert not reached, f"{checker} imports, perhaps indirectly, {sorted(reached)}"


@pytest.mark.parametrize(
    ("module", "absent"),
    [("exact_wlra", HEAVY | COMMAND_LINE), ("exact_wlra.cli", HEAVY)],
)
def test_import_loads_no_heavy_library(
    module: str,
    absent: frozenset[str],
    record_property: Callable[[str, object], None],
) -> None:
    script = (
        "import json, sys, time; start = time.perf_counter(); "
        f"import {module}; seconds = time.perf_counter() - start; "
        "print(json.dumps([sorted(sys.modules), seconds]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    modules, seconds = json.loads(answer.stdout)
    record_property(f"import {module} [s]", seconds)
    assert module in modules
    loaded = sorted(absent & set(modules))
    assert not loaded, (
        f"import {module} loads {loaded}: import them where they are used"
    )


DOCUMENTS = [
    path.relative_to(ROOT).as_posix()
    for folder in (
        ROOT,
        ROOT / "docs",
        ROOT / "docs" / "how-to",
        ROOT / "notebooks",
        ROOT / "tests",
    )
    for path in sorted(folder.glob("*.md"))
]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_of_a_document_lead_somewhere(document: str) -> None:
    path = ROOT / document
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text(encoding="utf-8"))
    files = [link for link in links if "://" not in link and link[:7] != "mailto:"]
    missing = [link for link in files if not (path.parent / link).exists()]
    assert not missing, f"{document} links to what does not exist: {missing}"
