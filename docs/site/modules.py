"""A page for every module, and one for each package.

Contents
--------
module_pages    name and text of each page
"""

import ast
from pathlib import Path
from types import ModuleType

PACKAGES = ("exact_wlra", "reductions", "semialgebraic")


def _names(root: Path, package: str) -> dict[str, Path]:
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if not path.stem.startswith("_") or path.stem == "__init__":
            found[name] = path
    return found


def _title(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (docstring or "").split("\n", 1)[0].replace("`", "``")


def _heading(text: str) -> list[str]:
    return [text, "=" * len(text), ""]


def _entry(name: str, value: object) -> list[str]:
    """Return the description of a public name; a module has a page of its own."""
    if isinstance(value, ModuleType):
        return []
    if isinstance(value, type):
        return [f".. autoclass:: {name}", "   :members:", ""]
    return [f".. autofunction:: {name}", ""]


def _package_page(package: str, names: dict[str, Path]) -> str:
    inner = [name for name in names if name.rpartition(".")[0] == package]
    lines = [*_heading(package), f".. automodule:: {package}", ""]
    if package == "exact_wlra":
        import exact_wlra

        for name in exact_wlra.__all__:
            lines += _entry(f"{package}.{name}", getattr(exact_wlra, name))
    lines += [".. rubric:: Modules", "", ".. list-table::", "   :class: modules", ""]
    for name in inner:
        lines += [f"   * - :doc:`/api/{name}`", f"     - {_title(names[name])}"]
    lines += ["", ".. toctree::", "   :hidden:", ""]
    lines += [f"   {name.rpartition('.')[2]} </api/{name}>" for name in inner]
    return "\n".join(lines) + "\n"


def module_pages(root: Path) -> dict[str, str]:
    """Return the pages of the three packages: file name and reStructuredText.

    Parameters
    ----------
    root : Path
        The folder that holds the packages.

    Examples
    --------
    >>> from pathlib import Path
    >>> pages = module_pages(Path(__file__).resolve().parents[2])
    >>> "api/reductions.cores.rst" in pages
    True
    """
    pages = {}
    for package in PACKAGES:
        names = _names(root, package)
        for name, path in names.items():
            if path.stem == "__init__":
                text = _package_page(name, names)
            else:
                lines = [*_heading(name), f".. automodule:: {name}", "   :members:", ""]
                text = "\n".join(lines)
            pages[f"api/{name}.rst"] = text
    return pages
