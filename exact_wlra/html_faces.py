"""Faces for notebooks: values as compact HTML that needs nothing from outside.

Every text is escaped. Styles are inline; colors are those of the notebook, lines are a
half transparent grey, so that light and dark themes both show them.

Contents
--------
html_face       a title over blocks
html_rows       a table of texts
html_facts      names with their values
html_matrix     a matrix, or its corner, with its missing entries
html_beside     blocks in one line, if there is room
"""

import html
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational

_LINE = "1px solid rgba(128, 128, 128, 0.4)"
_FACE = (
    "border-left: 3px solid #0072B2; padding: 0.2em 0 0.2em 0.9em; margin: 0.4em 0; "
    "max-width: 64em; overflow-x: auto; line-height: 1.4"
)
_TABLE = (
    "border-collapse: collapse; margin: 0.5em 0; border: none; color: inherit; "
    "font-size: inherit"
)
_CAPTION = "text-align: left; font-weight: 600; padding: 0.2em 0; caption-side: top"
_CELL = "padding: 0.1em 1em 0.1em 0; border: none; background: none; "
_RIGHT = "text-align: right; font-variant-numeric: tabular-nums"
_LEFT = "text-align: left"
_MATRIX = (
    "border-collapse: collapse; margin: 0.2em 0; border: none; color: inherit; "
    "font-size: inherit; white-space: nowrap; "
    f"border-left: {_LINE}; border-right: {_LINE}"
)
# A larger matrix is shown by its first rows and columns.
_MOST_SHOWN = 8
_LONGEST_ENTRY = 7


def html_face(title: str, blocks: Iterable[str]) -> str:
    """Return a title over blocks, which are HTML already.

    Examples
    --------
    >>> "A &lt; B" in html_face("A < B", [])
    True
    """
    return (
        f'<div style="{_FACE}"><div style="font-weight: 600">{html.escape(title)}</div>'
        f"{''.join(blocks)}</div>"
    )


def html_rows(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    caption: str = "",
    *,
    n_words: int = 1,
) -> str:
    """Return a table of texts; its first `n_words` columns are flush left."""
    sides = [_LEFT if place < n_words else _RIGHT for place in range(len(headings))]
    head = "".join(
        f'<th style="{_CELL}{side}; border-bottom: {_LINE}">{html.escape(text)}</th>'
        for text, side in zip(headings, sides, strict=True)
    )
    body = "".join(
        '<tr style="background: none">'
        + "".join(
            f'<td style="{_CELL}{side}">{html.escape(text)}</td>'
            for text, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table style="{_TABLE}">{_caption(caption)}<thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def html_facts(facts: Iterable[tuple[str, str]]) -> str:
    """Return names with their values, one a line."""
    rows = "".join(
        f'<tr style="background: none"><td style="{_CELL}{_LEFT}; opacity: 0.7; '
        f'vertical-align: top">{html.escape(name)}</td><td style="{_CELL}{_LEFT}">'
        f"{html.escape(value)}</td></tr>"
        for name, value in facts
    )
    return f'<table style="{_TABLE}"><tbody>{rows}</tbody></table>'


def html_matrix(
    matrix: RationalMatrix, caption: str, *, support: NDArray[np.bool_] | None = None
) -> str:
    """Return a matrix; long entries are rounded and marked so.

    Parameters
    ----------
    support : array of bool, or None
        Where it is False a dot stands for the entry.

    Examples
    --------
    >>> from fractions import Fraction
    >>> text = html_matrix(RationalMatrix.from_rows([[Fraction(1, 3)]]), "A")
    >>> "1/3" in text, html_matrix(RationalMatrix.from_rows([[10**9]]), "A").count("~")
    (True, 1)
    """
    n, d = matrix.shape
    rows, columns = range(min(n, _MOST_SHOWN)), range(min(d, _MOST_SHOWN))
    corner = matrix.take(rows=list(rows), columns=list(columns)).fractions()
    ending = ["…"] if d > _MOST_SHOWN else []
    lines = [
        [
            _entry(x) if support is None or support[i, j] else "·"
            for j, x in zip(columns, row, strict=True)
        ]
        + ending
        for i, row in zip(rows, corner, strict=True)
    ]
    if n > _MOST_SHOWN:
        lines.append(["⋮"] * (len(columns) + len(ending)))
    cell = "padding: 0.05em 0.5em; border: none; background: none; "
    body = "".join(
        '<tr style="background: none">'
        + "".join(f'<td style="{cell}{_RIGHT}">{text}</td>' for text in line)
        + "</tr>"
        for line in lines
    )
    return f'<table style="{_MATRIX}">{_caption(caption)}<tbody>{body}</tbody></table>'


def html_beside(blocks: Iterable[str]) -> str:
    """Return blocks in one line, broken where the page is narrow."""
    style = "display: flex; flex-wrap: wrap; gap: 0.4em 2em; align-items: flex-start"
    parts = "".join(f"<div>{block}</div>" for block in blocks)
    return f'<div style="{style}">{parts}</div>'


def _caption(text: str) -> str:
    """Return the caption of a table, if there is one."""
    if not text:
        return ""
    return f'<caption style="{_CAPTION}; color: inherit">{html.escape(text)}</caption>'


def _entry(exact: Fraction) -> str:
    """Return the exact text of an entry if it is short, else a rounded one."""
    if exact.denominator.bit_length() + exact.numerator.bit_length() < 64:
        text = format_rational(exact)
        if len(text) <= _LONGEST_ENTRY:
            return text
    try:
        return f"~{float(exact):.5g}"
    except OverflowError:
        return f"~2^{exact.numerator.bit_length() - exact.denominator.bit_length()}"
