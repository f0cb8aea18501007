"""Matrices as images: data and weights.

The map is viridis, which readers with any color vision can tell apart. Entries without
weight are grey; small matrices have their entries written in.

Contents
--------
draw_data       A
draw_weights    W, logarithmically where its entries differ much
draw_matrix     any matrix
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.partial_matrices import by
from exact_wlra.figures import PALE
from reductions.instances import Instance

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Images have at most this many rows and columns; larger matrices are thinned out.
_LARGEST_IMAGE = 600
_LARGEST_WRITTEN = 6
_LONGEST_ENTRY = 5


def draw_data(figure: "Figure", axes: "Axes", instance: Instance, name: str) -> None:
    """Draw A; entries without weight are grey."""
    support = instance.support()
    values = np.where(support, instance.data.to_float(), np.nan)
    draw_matrix(figure, axes, values, _titled("data A", name, instance))


def draw_weights(figure: "Figure", axes: "Axes", instance: Instance, name: str) -> None:
    """Draw W = sqrt(omega), logarithmically where its entries differ much."""
    weights = np.sqrt(instance.squared_weights.to_float())
    positive = weights[weights > 0]
    values = np.where(weights > 0, weights, np.nan)
    title = _titled("weights W", name, instance)
    is_wide = positive.size > 0 and positive.max() > 100 * positive.min()
    draw_matrix(figure, axes, values, title, logarithmic=bool(is_wide))


def _titled(matrix: str, name: str, instance: Instance) -> str:
    """Return a title of two lines."""
    return f"{matrix}, {name}\n{by(instance.shape)}" if name else matrix


def draw_matrix(
    figure: "Figure",
    axes: "Axes",
    values: NDArray[np.float64],
    title: str,
    *,
    logarithmic: bool = False,
) -> None:
    """Draw a matrix as an image; NaN is grey."""
    axes.set_title(title, fontsize=9)
    axes.set_xticks([])
    axes.set_yticks([])
    if np.isnan(values).all():
        axes.text(0.5, 0.5, "empty", ha="center", va="center", fontsize=9)
        return
    axes.set_facecolor(PALE)
    strides = [-(-size // _LARGEST_IMAGE) for size in values.shape]
    shown = values[:: strides[0], :: strides[1]]
    from matplotlib.colors import LogNorm, Normalize

    lowest, highest = float(np.nanmin(values)), float(np.nanmax(values))
    is_constant = lowest == highest
    norm: Any = (LogNorm if logarithmic else Normalize)(lowest, highest)
    is_square = max(values.shape) <= 2 * min(values.shape)
    image = axes.imshow(
        np.ma.masked_invalid(shown),
        cmap="viridis",
        norm=norm,
        aspect="equal" if is_square else "auto",
        interpolation="nearest",
        extent=(-0.5, values.shape[1] - 0.5, values.shape[0] - 0.5, -0.5),
    )
    if max(values.shape) <= _LARGEST_WRITTEN:
        _write_entries(axes, values, image)
    elif is_constant:
        axes.set_title(f"{title}, all {lowest:g}", fontsize=9)
    else:
        bar = figure.colorbar(image, ax=axes, shrink=0.8)
        bar.ax.tick_params(labelsize=7)
    n_rows, n_columns = values.shape
    axes.set_ylabel(f"{n_rows} rows", fontsize=8)
    weightless = "; grey: weight 0" if np.isnan(values).any() else ""
    axes.set_xlabel(f"{n_columns} columns{weightless}", fontsize=8)


def _write_entries(axes: "Axes", values: NDArray[np.float64], image: Any) -> None:
    """Write the entries of a small matrix into its image."""
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            shade, text = image.norm(value), f"{value:g}"
            text = text if len(text) <= _LONGEST_ENTRY else f"{value:.2g}"
            color = "black" if shade > 0.55 else "white"
            axes.text(
                column, row, text, ha="center", va="center", color=color,
                fontsize=9,
            )  # fmt: skip
