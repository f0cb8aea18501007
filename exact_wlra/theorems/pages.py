"""Pages of text, tables and pictures, as Markdown or as one HTML file.

Contents
--------
Heading, Paragraph, Listing, Grid, Picture      the parts of a page
markdown            a page as Markdown, with links to pictures
write_pictures      the files they link to
html                a page as HTML that needs no other file
escaped             text without signs of Markdown
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import final

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 70rem;
       margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; border-top: 1px solid #ccc;
       padding-top: 1rem; }
table { border-collapse: collapse; font-size: 13px; margin: 0.8rem 0; }
th, td { text-align: left; padding: 0.25rem 0.7rem; border-bottom: 1px solid #ddd;
         vertical-align: top; }
th { border-bottom: 2px solid #8c8c8c; }
tr.fails td { background: #f6d5c3; font-weight: bold; }
img { max-width: 100%; }
"""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading of level 1, 2 or 3."""

    text: str
    level: int = 2


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Text; `label` stands before it, emphasized."""

    text: str
    label: str = ""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Items, each a line."""

    items: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; rows whose numbers are in `marked` are drawn to attention."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marked: frozenset[int] = frozenset()


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A drawing: SVG, a file name without extension, and what it shows."""

    svg: bytes
    name: str
    caption: str


Block = Heading | Paragraph | Listing | Grid | Picture


def markdown(blocks: Sequence[Block], *, images: str = "") -> str:
    r"""Return a page as Markdown.

    Parameters
    ----------
    images : str
        Folder of the pictures, relative to the page; see `write_pictures`.

    Examples
    --------
    >>> print(markdown([Heading(text="|x|", level=1), Paragraph(text="a_b")]))
    # \|x\|
    <BLANKLINE>
    a\_b
    <BLANKLINE>
    """
    return "\n\n".join(_markdown(block, images) for block in blocks) + "\n"


def write_pictures(blocks: Sequence[Block], folder: Path) -> None:
    """Write the pictures of a page as files."""
    pictures = [block for block in blocks if isinstance(block, Picture)]
    if pictures:
        folder.mkdir(exist_ok=True)
    for picture in pictures:
        (folder / f"{picture.name}.svg").write_bytes(picture.svg)


def html(blocks: Sequence[Block], *, title: str) -> str:
    """Return a page as HTML (and XML) that needs no other file.

    Examples
    --------
    >>> page = html([Paragraph(text="1 < 2")], title="small")
    >>> "<p>1 &lt; 2</p>" in page
    True
    """
    body = "\n".join(map(_html, blocks))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def escaped(text: str) -> str:
    r"""Return text in which Markdown sees no sign of its own.

    Examples
    --------
    >>> print(escaped("||A_{-k}|| <= b * c"))
    \|\|A\_{-k}\|\| \<= b \* c
    """
    return "".join(f"\\{sign}" if sign in "\\`*_|<>#" else sign for sign in text)


def _markdown(block: Block, images: str) -> str:
    """Return one part as Markdown."""
    match block:
        case Heading():
            return f"{'#' * block.level} {escaped(block.text)}"
        case Paragraph():
            label = f"**{escaped(block.label)}** " if block.label else ""
            return label + escaped(block.text)
        case Listing():
            return "\n".join(f"* {escaped(item)}" for item in block.items)
        case Grid():
            texts = [tuple(map(escaped, row)) for row in (block.head, *block.rows)]
            lines = [texts[0], ("---",) * len(block.head), *texts[1:]]
            return "\n".join(f"| {' | '.join(line)} |" for line in lines)
        case Picture():
            return f"![{escaped(block.caption)}]({images}/{block.name}.svg)"


def _html(block: Block) -> str:
    """Return one part as HTML."""
    match block:
        case Heading():
            return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
        case Paragraph():
            label = f"<b>{escape(block.label)}</b> " if block.label else ""
            return f"<p>{label}{escape(block.text)}</p>"
        case Listing():
            items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
            return f"<ul>{items}</ul>"
        case Grid():
            head = "".join(f"<th>{escape(cell)}</th>" for cell in block.head)
            rows = "\n".join(
                _html_row(row, is_marked=number in block.marked)
                for number, row in enumerate(block.rows)
            )
            return f"<table>\n<tr>{head}</tr>\n{rows}\n</table>"
        case Picture():
            data = base64.b64encode(block.svg).decode("ascii")
            return (
                f'<p><img alt="{escape(block.caption)}" '
                f'src="data:image/svg+xml;base64,{data}"/></p>'
            )


def _html_row(row: Sequence[str], *, is_marked: bool) -> str:
    """Return one row of a table."""
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in row)
    return f'<tr class="fails">{cells}</tr>' if is_marked else f"<tr>{cells}</tr>"
