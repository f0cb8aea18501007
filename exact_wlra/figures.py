"""What all pictures share: colors, empty figures, plain axes.

Colors are those of Okabe and Ito, which readers with any color vision can tell apart;
no picture relies on color alone. matplotlib is imported when a picture is drawn, and
draws without a display.

Contents
--------
BLUE, VERMILLION, GREY, PALE    bounds, costs, what is beside the point, backgrounds
SERIES                          colors of many series, in order
new_figure                      an empty figure that needs no display
finished                        a figure with its title, written to a file if asked
plain_frame                     leaves only the two axes that are read
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, VERMILLION, GREY, PALE = "#0072B2", "#D55E00", "#8C8C8C", "#E6E6E6"
SERIES = (VERMILLION, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty figure of so many inches, which notebooks show."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    from exact_wlra.notebook_figures import NotebookFigure

    figure = NotebookFigure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def finished(figure: "Figure", title: str, path: Path | str | None) -> "Figure":
    """Return a figure with its title; it is written to the file if there is one."""
    figure.suptitle(title, fontsize=12)
    if path is not None:
        figure.savefig(path, dpi=150)
    return figure


def plain_frame(axes: "Axes") -> None:
    """Leave only the two axes that are read."""
    axes.spines[["top", "right"]].set_visible(False)
