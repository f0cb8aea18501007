"""Tables of text, and their four faces: plain, rich, HTML, Markdown.

Contents
--------
TextTable       caption, headings, groups of rows, notes
TextGroup       rows under a heading of their own
plain, rich_table, html_table, markdown     the faces
"""

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

if TYPE_CHECKING:
    from rich.table import Table


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TextGroup:
    """Rows under a short heading of their own; the heading may be empty."""

    heading: str
    rows: tuple[tuple[str, ...], ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A table of texts.

    Parameters
    ----------
    caption : str
        What it is, in a line.
    headings : tuple of str
        One a column; the first column is flush left, the last too if it holds words.
    groups : tuple of TextGroup
        Each row has as many entries as there are headings.
    n_words : int
        How many of the last columns hold words, flush left.
    notes : tuple of str
        Sentences below.

    Examples
    --------
    >>> table = TextTable(
    ...     caption="costs",
    ...     headings=("method", "cost"),
    ...     groups=(TextGroup(heading="", rows=(("svd", "4"), ("em", "12"))),),
    ... )
    >>> print(plain(table))
    costs
    <BLANKLINE>
      method  cost
      svd        4
      em        12
    """

    caption: str
    headings: tuple[str, ...]
    groups: tuple[TextGroup, ...]
    n_words: int = 0
    notes: tuple[str, ...] = ()

    def is_word(self, column: int) -> bool:
        """Tell whether a column is flush left."""
        return column == 0 or column >= len(self.headings) - self.n_words


def plain(table: TextTable) -> str:
    """Return the table for a terminal without colors."""
    rows = [table.headings, *(row for group in table.groups for row in group.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]

    def line(row: tuple[str, ...]) -> str:
        places = [
            text.ljust(width) if table.is_word(number) else text.rjust(width)
            for number, (text, width) in enumerate(zip(row, widths, strict=True))
        ]
        return "  " + "  ".join(places).rstrip()

    lines = [table.caption, "", line(table.headings)]
    for group in table.groups:
        if group.heading:
            lines += ["", f"  {group.heading}"]
        lines += [line(row) for row in group.rows]
    if table.notes:
        lines += ["", *(f"  {note}" for note in table.notes)]
    return "\n".join(lines)


def rich_table(table: TextTable) -> "Table":
    """Return the table as a renderable of rich; texts are shown as they are."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(
        title=Text(table.caption, style="bold"),
        caption=Text("\n".join(table.notes)) if table.notes else None,
        title_justify="left",
        caption_justify="left",
        box=SIMPLE_HEAD,
        padding=0,
    )
    for number, heading in enumerate(table.headings):
        shown.add_column(
            Text(heading),
            justify="left" if table.is_word(number) else "right",
            no_wrap=not table.is_word(number),
            overflow="fold",
        )
    for group in table.groups:
        shown.add_section()
        if group.heading:
            shown.add_row(Text(group.heading, style="italic dim"))
        for row in group.rows:
            shown.add_row(*map(Text, row))
    return shown


def html_table(table: TextTable) -> str:
    """Return the table as HTML, every text escaped.

    Examples
    --------
    >>> group = TextGroup(heading="", rows=(("<b>", "1 & 2"),))
    >>> table = TextTable(caption="", headings=("a", "b"), groups=(group,))
    >>> "<b>" in html_table(table)
    False
    """
    width = len(table.headings)
    lines = ["<table>"]
    if table.caption:
        lines.append(f"<caption>{html.escape(table.caption)}</caption>")
    lines += [f"<thead>{_html_row(table, table.headings, 'th')}</thead>"]
    for group in table.groups:
        lines.append("<tbody>")
        if group.heading:
            heading = html.escape(group.heading)
            lines.append(f'<tr class="group"><td colspan="{width}">{heading}</td></tr>')
        lines += [_html_row(table, row, "td") for row in group.rows]
        lines.append("</tbody>")
    lines.append("</table>")
    lines += [f'<p class="note">{html.escape(note)}</p>' for note in table.notes]
    return "\n".join(lines)


def _html_row(table: TextTable, row: tuple[str, ...], tag: str) -> str:
    """Return one row of HTML."""
    cells = [
        f'<{tag} class="{"w" if table.is_word(number) else "n"}">'
        f"{html.escape(text)}</{tag}>"
        for number, text in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def markdown(table: TextTable) -> str:
    r"""Return the table as Markdown; a group's heading is a row of its own.

    Examples
    --------
    >>> group = TextGroup(heading="", rows=(("a|b", "1"),))
    >>> print(markdown(TextTable(caption="c", headings=("x", "y"), groups=(group,))))
    **c**
    <BLANKLINE>
    | x | y |
    | :-- | --: |
    | a\|b | 1 |
    """
    rules = [
        ":--" if table.is_word(number) else "--:"
        for number in range(len(table.headings))
    ]
    lines = [f"**{_escaped(table.caption)}**", ""] if table.caption else []
    lines += [_markdown_row(table.headings), f"| {' | '.join(rules)} |"]
    for group in table.groups:
        if group.heading:
            empty = ("",) * (len(table.headings) - 1)
            lines.append(_markdown_row((group.heading, *empty)))
        lines += [_markdown_row(row) for row in group.rows]
    if table.notes:
        lines += ["", *(f"{_escaped(note)}  " for note in table.notes)]
    return "\n".join(lines)


def _markdown_row(row: tuple[str, ...]) -> str:
    """Return one row of Markdown."""
    return f"| {' | '.join(map(_escaped, row))} |"


def _escaped(text: str) -> str:
    """Return a text in which no character starts markup."""
    for character in "\\`*_|<>[]#":
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", " ")
