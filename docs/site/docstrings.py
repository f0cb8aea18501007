"""Docstrings as Sphinx likes them.

They are written to be read in the source: two columns list what a module contains,
formulas are set off by indentation alone, and a bar is an absolute value.

Contents
--------
module_header   the sections of a module's docstring without headings, columns as lists
plain_text      indented formulas kept as they are, bars without second meaning
setup           what Sphinx calls
"""

import re
from itertools import groupby
from typing import Any

_COLUMNS = re.compile(r"(\S(?:.*?\S)?) {2,}(?=\S)")
_CODE = re.compile(r"(``.*?``)")


def _definitions(paragraph: list[str]) -> list[str]:
    """Return two columns as a list of definitions; any other paragraph unchanged."""
    first = _COLUMNS.match(paragraph[0])
    if not first or ">>>" in paragraph[0]:
        return paragraph
    column = first.end()
    lines: list[str] = []
    for line in paragraph:
        name, text = line[:column].strip(), line[column:]
        if entry := _COLUMNS.match(line):
            name, text = entry[1], line[entry.end() :]
        if name:
            is_one_name = re.fullmatch(r"[A-Za-z_]\w*", name) is not None
            lines += ["", f":py:obj:`{name}`" if is_one_name else f"``{name}``"]
        lines.append(f"    {text.strip()}")
    return lines


def module_header(lines: list[str]) -> list[str]:
    r"""Return a module's docstring with rubrics for headings, and its columns listed.

    Examples
    --------
    >>> header = ["Roots.", "", "Contents", "--------", "isolate    intervals"]
    >>> print("\n".join(module_header(header)).strip())
    Roots.
    <BLANKLINE>
    .. rubric:: Contents
    <BLANKLINE>
    <BLANKLINE>
    :py:obj:`isolate`
        intervals
    """
    marked: list[str] = []
    for line in lines:
        if re.fullmatch(r"-{3,}", line) and marked and marked[-1]:
            marked[-1:] = [f".. rubric:: {marked[-1]}", ""]
        else:
            marked.append(line)
    result: list[str] = []
    for is_blank, group in groupby(marked, key=lambda line: not line.strip()):
        paragraph = list(group)
        result += paragraph if is_blank else _definitions(paragraph)
    return [*result, ""]


def plain_text(lines: list[str]) -> list[str]:
    r"""Return a docstring whose set-off formulas are literal, and whose bars are bars.

    Examples
    --------
    >>> plain_text(["The bound on |x| is", "", "    |x| <= 2."])
    ['The bound on \\|x\\| is', '', '.. code-block:: none', '', '    |x| <= 2.']
    """
    result: list[str] = []
    last = ""  # the last line that is not blank
    is_literal = False
    for i, line in enumerate(lines):
        is_indented = line.startswith("    ")
        if is_indented and not is_literal and not lines[i - 1].strip():
            is_literal = bool(last) and not last.startswith((" ", "..", "* ", "- "))
            if is_literal and not last.endswith("::"):
                result += [".. code-block:: none", ""]
        elif line.strip() and not is_indented:
            is_literal = False
        is_code = is_literal or line.lstrip().startswith((">>>", "...", ".. "))
        result.append(line if is_code else _with_bars(line))
        last = line if line.strip() else last
    return result


def _with_bars(line: str) -> str:
    parts = _CODE.split(line)
    return "".join(
        part if i % 2 else part.replace("|", r"\|") for i, part in enumerate(parts)
    )


def _process(*event: Any) -> None:
    """Mend a docstring in place; Sphinx gives its lines last."""
    _, what, _, _, _, lines = event
    if what == "module":
        lines[:] = module_header(lines)
    lines[:] = plain_text(lines)


def _skip(*event: Any) -> bool | None:
    """Leave out what other projects add to a class: their texts link to their sites."""
    _, _, name, member, _, _ = event
    is_added = re.fullmatch(r"[gs]et_\w*(request|routing)", name) is not None
    home = getattr(member, "__module__", None) or ""
    return True if is_added or home.startswith(("matplotlib", "sklearn")) else None


def setup(app: Any) -> dict[str, bool]:
    """Connect to Sphinx, before numpydoc sees a docstring."""
    app.connect("autodoc-process-docstring", _process, priority=100)
    app.connect("autodoc-skip-member", _skip)
    return {"parallel_read_safe": True}
