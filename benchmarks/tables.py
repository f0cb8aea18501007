"""Tables and numbers as Markdown text.

Contents
--------
table           rows as a Markdown table
seconds_text    seconds in two digits or so
count_text      a count with thin groups
"""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def seconds_text(seconds: float) -> str:
    """Return seconds in two digits or so.

    Examples
    --------
    >>> seconds_text(0.01234), seconds_text(1.234), seconds_text(61.7)
    ('0.012', '1.2', '62')
    """
    if seconds < 0.0005:
        return "< 0.001"
    if seconds < 1:
        return f"{seconds:.2g}"
    return f"{seconds:.1f}" if seconds < 10 else f"{seconds:.0f}"


def count_text(number: int) -> str:
    """Return a count with thin groups: 1 000 000."""
    return f"{number:,}".replace(",", " ")
