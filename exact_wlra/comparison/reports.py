"""A comparison for readers: Markdown, and HTML that stands alone.

Contents
--------
tables_of           the tables, in the order of reading
markdown_report     headings, tables, how to read them
html_report         the same in one file, the picture inside it
html_tables         the tables alone, for notebooks
"""

import base64
import html
import platform
from collections.abc import Sequence
from importlib import metadata
from pathlib import PurePath

import numpy as np

from exact_wlra.comparison.rank_results import RankResult, Setting
from exact_wlra.comparison.score_tables import (
    minima_table,
    missing_table,
    score_table,
)
from exact_wlra.comparison.text_tables import TextTable, html_table, markdown

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 75em; margin: 2em auto;
  padding: 0 1em; color: #222; }
table { border-collapse: collapse; margin: 1.2em 0 .4em; font-size: 14px; }
caption { text-align: left; font-weight: 600; padding-bottom: .4em; }
th, td { padding: .15em .8em .15em 0; border-bottom: 1px solid #ddd; }
th { border-bottom: 1px solid #222; }
.n { text-align: right; font-variant-numeric: tabular-nums; }
.w { text-align: left; }
.group td { font-style: italic; color: #555; padding-top: .7em; text-align: left; }
.note { margin: .1em 0; font-size: 13px; color: #555; }
img { max-width: 100%; }
""".strip()

_HOW_TO_READ = """
Every cost stands with a rank and a count of numbers: a matrix that is not of rank k, \
or stores more, may cost less than the optimum of rank k and solves another problem.
OPT is proved to lie in its bracket; the costs of methods are floating-point \
estimates, and a ratio to OPT is as exact as the bracket.
A guarantee is kept if the run costs no more than it says for the lower end of the \
bracket, violated if more than it says for the upper end, open in between; random: it \
speaks of the mean or of most runs, not of each.
""".strip().splitlines()


def tables_of(setting: Setting, results: Sequence[RankResult]) -> list[TextTable]:
    """Return for each rank the scores, the local minima, and what did not run."""
    found = []
    for result in results:
        found.append(score_table(setting, result))
        found += [
            table
            for table in (minima_table(setting, result), missing_table(result))
            if table is not None
        ]
    return found


def markdown_report(
    setting: Setting,
    results: Sequence[RankResult],
    *,
    is_interrupted: bool,
    picture: str | None = None,
) -> str:
    """Return the report as Markdown.

    Parameters
    ----------
    picture : str or None
        Address of the picture, relative to the report.
    """
    tables = [markdown(table) for table in tables_of(setting, results)]
    title = setting.title.replace("\n", " ").replace("<", "&lt;")
    parts = [f"# Approximations of {title} beside the proved optimum"]
    parts += [_conditions(setting, is_interrupted=is_interrupted)]
    if picture is not None:
        parts.append(f"![costs, times and local minima](<{picture}>)")
    parts += tables
    parts += ["## How to read this", "\n".join(f"* {line}" for line in _HOW_TO_READ)]
    return "\n\n".join(parts) + "\n"


def html_report(
    setting: Setting,
    results: Sequence[RankResult],
    *,
    is_interrupted: bool,
    picture: bytes | None = None,
) -> str:
    """Return the report as one HTML file that needs nothing else.

    Parameters
    ----------
    picture : bytes or None
        A PNG file.
    """
    title = html.escape(f"Approximations of {setting.title} beside the proved optimum")
    image = ""
    if picture is not None:
        data = base64.b64encode(picture).decode("ascii")
        image = (
            f'<img alt="costs, times and local minima" '
            f'src="data:image/png;base64,{data}"/>'
        )
    reading = "".join(f"<li>{html.escape(line)}</li>" for line in _HOW_TO_READ)
    conditions = html.escape(_conditions(setting, is_interrupted=is_interrupted))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        f"<title>{title}</title>\n<style>\n{_STYLE}\n</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<p>{conditions}</p>\n{image}\n"
        f"{html_tables(setting, results)}\n"
        f"<h2>How to read this</h2>\n<ul>{reading}</ul>\n</body>\n</html>\n"
    )


def html_tables(setting: Setting, results: Sequence[RankResult]) -> str:
    """Return the tables as HTML."""
    return "\n".join(html_table(table) for table in tables_of(setting, results))


def picture_address(picture: PurePath, report: PurePath) -> str:
    """Return how a report names its picture.

    Examples
    --------
    >>> picture_address(PurePath("out/p.png"), PurePath("out/report.md"))
    'p.png'
    """
    if picture.parent == report.parent:
        return picture.name
    return picture.as_posix()


def _conditions(setting: Setting, *, is_interrupted: bool) -> str:
    """Return how this was made, in a few sentences."""
    n_seeds = len(setting.seeds)
    seeds = f"seed {setting.seeds[0]}"
    if n_seeds > 1:
        seeds = f"{n_seeds} seeds ({setting.seeds[0]} to {setting.seeds[-1]})"
    text = (
        f"{len(setting.methods)} methods, {seeds} for those that are randomized; gap "
        f"asked of the proofs {float(setting.gap):g}; time limit "
        f"{setting.time_limit:g} s in all. exact_wlra {_own_version()}, Python "
        f"{platform.python_version()}, NumPy {np.__version__}, "
        f"{platform.system()} {platform.machine()}."
    )
    return f"Interrupted; this is what was there. {text}" if is_interrupted else text


def _own_version() -> str:
    """Return the version of this package, as it was installed."""
    try:
        return metadata.version("exact-wlra")
    except metadata.PackageNotFoundError:
        return "(not installed)"
