"""Pictures, one call each, which notebooks show and files hold.

Every function returns a figure of matplotlib; the last expression of a notebook cell is
shown without further ado. `path` writes it to a file (.png, .svg, .pdf), `title`
replaces the title. No picture relies on color alone.

Contents
--------
landscape       the cost of a small problem over all row spaces, with critical points
bracket         the proved bracket against time
pattern_space   the simplices of a proof, colored by their bounds
comparison      approximations beside the proved optimum
patterns        A and W with their weight patterns, before and after compression
spectrum        singular values of W
support_graph   rows and columns, joined where there is weight
plot_solution   bracket, data and weights of a solve in one file
plot_answers    costs of several heuristics beside a proved bracket
FORMATS         the file formats, by extension
"""

from pathlib import Path
from typing import TYPE_CHECKING

from exact_wlra.plotting.landscapes import landscape
from exact_wlra.plotting.pattern_spaces import pattern_space
from exact_wlra.plotting.solutions import FORMATS, bracket, plot_answers, plot_solution
from exact_wlra.plotting.weight_pictures import patterns, spectrum, support_graph

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from exact_wlra.comparison.results import Comparison

__all__ = [
    "FORMATS",
    "bracket",
    "comparison",
    "landscape",
    "pattern_space",
    "patterns",
    "plot_answers",
    "plot_solution",
    "spectrum",
    "support_graph",
]


def comparison(
    comparison: "Comparison",
    *,
    path: Path | str | None = None,
    title: str | None = None,
) -> "Figure":
    """Return a picture of approximations beside the proved optimum.

    Parameters
    ----------
    comparison : Comparison
        What `exact_wlra.compare` returned.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None names the data and the bracket.

    Examples
    --------
    >>> from exact_wlra import compare, read
    >>> trap = read("dataset:trap-3x3", rank=1)
    >>> found = compare(trap, methods=["svd"], seeds=1, title="the trap")
    >>> comparison(found, title="one method").get_suptitle()
    'one method'
    """
    from exact_wlra.comparison.pictures import draw_comparison
    from exact_wlra.figures import finished

    figure = draw_comparison(comparison.setting, comparison.results)
    named = figure.get_suptitle() if title is None else title
    return finished(figure, named, path)
