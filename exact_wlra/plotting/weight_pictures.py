"""Pictures of the weights: spectrum, classes before and after compression, support.

Contents
--------
patterns            A and W with their classes of rows and columns, and what is left
spectrum            singular values of W
support_graph       rows and columns, joined where there is weight
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.partial_matrices import by, exact_matrix
from exact_wlra.figures import (
    BLUE,
    GREY,
    SERIES,
    VERMILLION,
    finished,
    new_figure,
    plain_frame,
)
from exact_wlra.plotting.matrix_images import draw_data, draw_weights
from exact_wlra.problem import Problem
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.pipeline import reduce
from semialgebraic.rational_matrices import RationalMatrix

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Labels = NDArray[np.int64]

# Rows and columns are put in the order of their classes in larger pictures.
_UNSORTED = 40
# Singular values below this share of the first are zero to working precision.
_ZERO = 1e-14
# The graph is drawn by rows and columns up to this many nodes, then by their supports.
_MOST_NODES = 40
_MOST_MERGED = 120
_COLORS = (BLUE, *SERIES, GREY)


def patterns(
    problem: Problem, *, path: Path | str | None = None, title: str | None = None
) -> "Figure":
    """Return a picture of A and W with their weight patterns, given and compressed.

    A strip beside each matrix colors the classes of rows, and of columns, whose squared
    weights are proportional; numbers tell them apart without color. In large pictures
    rows and columns are put in the order of their classes. Below stands the largest
    irreducible part that the reductions leave.

    Parameters
    ----------
    problem : Problem
        Of any size; a patterned problem is drawn by types.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None states the sizes before and after.

    Examples
    --------
    >>> from exact_wlra import read
    >>> figure = patterns(read("dataset:lsat6", rank=1))
    >>> figure.get_suptitle()
    '1000 x 5, rank 1: compressed to 5 x 5'
    """
    figure = new_figure(9.6, 6.4)
    given = problem.instance
    leaves = list(reduce(given).leaves())
    rows = [("given, by type" if problem.is_patterned else "given", given)]
    if leaves:
        largest = max(leaves, key=lambda leaf: leaf.shape[0] * leaf.shape[1])
        of = "compressed" if len(leaves) == 1 else f"largest of {len(leaves)} parts"
        rows.append((of, largest))
    if given.shape[0] and given.shape[1]:
        grid = figure.add_gridspec(len(rows), 2)
        for row, (name, instance) in enumerate(rows):
            data = figure.add_subplot(grid[row, 0])
            weights = figure.add_subplot(grid[row, 1])
            classes = _classes(instance)
            shown = _sorted(instance, classes)
            draw_data(figure, data, shown, name)
            draw_weights(figure, weights, shown, name)
            for axes in (data, weights):
                axes.set_title(axes.get_title(), fontsize=9, pad=16)
                axes.yaxis.labelpad = 24
                _draw_strips(axes, [np.sort(c) if _is_long(c) else c for c in classes])
    after = " + ".join(by(leaf.shape) for leaf in leaves[:4]) or "nothing: OPT is 0"
    more = f" + {len(leaves) - 4} more" if len(leaves) > 4 else ""
    text = f"{by(problem.shape)}, rank {problem.rank}: compressed to {after}{more}"
    return finished(figure, text if title is None else title, path)


def _classes(instance: Instance) -> tuple[Labels, Labels]:
    """Return the classes of proportional weights of rows and of columns."""
    weights = instance.squared_weights.numerators
    return ray_classes(weights)[0], ray_classes(weights.T)[0]


def _is_long(labels: Labels) -> bool:
    """Tell whether so many rows or columns are put in order."""
    return len(labels) > _UNSORTED


def _sorted(instance: Instance, classes: tuple[Labels, Labels]) -> Instance:
    """Return the instance with long sides in the order of their classes."""
    rows, columns = (
        np.argsort(labels, kind="stable")
        if _is_long(labels)
        else np.arange(len(labels))
        for labels in classes
    )
    return Instance(
        data=instance.data.take(rows=rows, columns=columns),
        squared_weights=instance.squared_weights.take(rows=rows, columns=columns),
        rank=instance.rank,
    )


def _draw_strips(axes: "Axes", classes: list[Labels]) -> None:
    """Draw the classes of rows at the left of an image, those of columns above it."""
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import blended_transform_factory

    for axis, labels in enumerate(classes):
        data, frame = axes.transData, axes.transAxes
        along = (frame, data) if axis == 0 else (data, frame)
        place = blended_transform_factory(*along)
        starts = np.flatnonzero(np.diff(labels, prepend=-1)).tolist()
        for start, end in zip(starts, [*starts[1:], len(labels)], strict=True):
            color = _COLORS[int(labels[start]) % len(_COLORS)]
            corner: tuple[float, float] = (start - 0.5, 1.015)
            size: tuple[float, float] = (end - start, 0.05)
            middle = ((start + end - 1) / 2, 1.04)
            if axis == 0:
                corner, size = (-0.065, start - 0.5), (0.05, end - start)
                middle = (-0.04, (start + end - 1) / 2)
            strip = Rectangle(
                corner, *size, transform=place, clip_on=False, color=color, lw=0
            )
            axes.add_patch(strip)
            if end - start > len(labels) / 25:
                axes.text(
                    *middle, str(labels[start] + 1), transform=place, ha="center",
                    va="center", fontsize=6, color="white",
                )  # fmt: skip


def spectrum(
    weights: Any, *, path: Path | str | None = None, title: str | None = None
) -> "Figure":
    """Return a picture of the singular values of W, on a logarithmic scale.

    Weights of rank one make the problem as easy as the unweighted one; the share of the
    first value in the squared norm tells how far W is from that.

    Parameters
    ----------
    weights : Problem or matrix
        W >= 0; of a problem the roots of its squared weights, those of the full matrix
        if it is patterned.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None states the size, the share of the first value and the numerical rank.

    Examples
    --------
    >>> spectrum([[2, 1, 3], [1, 4, 2]]).get_suptitle()
    'W, 2 x 3: the first singular value has 85.7 % of the squared norm; rank 2'
    """
    shape: tuple[int, ...]
    if isinstance(weights, Problem):
        shape = weights.shape
        entries = np.sqrt(weights.instance.squared_weights.to_float())
    else:
        exact = (
            weights
            if isinstance(weights, RationalMatrix)
            else exact_matrix(weights, name="W")
        )
        entries, shape = exact.to_float(), exact.shape
    if 0 in entries.shape or not entries.any():
        raise NotApplicableError("all weights are zero: there is no spectrum to draw.")
    values = np.linalg.svd(entries, compute_uv=False)
    share = values[0] ** 2 / float(values @ values)
    is_zero = values <= _ZERO * max(entries.shape) * values[0]
    rank = int((~is_zero).sum())
    figure = new_figure(7.0, 4.2)
    axes = figure.add_subplot()
    numbers = np.arange(1, len(values) + 1)
    kept = values[~is_zero]
    bottom = kept[-1] / 3
    axes.vlines(numbers[~is_zero], bottom, kept, color=BLUE, linewidth=1.4)
    axes.scatter(numbers[~is_zero], kept, color=BLUE, s=28, zorder=3)
    if is_zero.any():
        axes.scatter(
            numbers[is_zero], np.full(len(values) - rank, bottom), marker="x",
            color=VERMILLION, s=28, label="zero, to working precision", clip_on=False,
        )  # fmt: skip
        axes.legend(frameon=False, fontsize=9)
    axes.annotate(
        f"{share:.1%} of the squared norm", (1, kept[0]), xytext=(10, 0),
        textcoords="offset points", va="center", fontsize=9,
    )  # fmt: skip
    axes.set_yscale("log")
    axes.set_ylim(bottom, 2 * kept[0])
    axes.set_xlim(0.4, len(values) + 0.6)
    axes.locator_params(axis="x", integer=True)
    axes.set_xlabel("number")
    axes.set_ylabel("singular value of W")
    plain_frame(axes)
    text = (
        f"W, {by((shape[0], shape[1]))}: the first singular value has {share:.1%} of "
        f"the squared norm; rank {rank}"
    ).replace("%", " %")
    return finished(figure, text if title is None else title, path)


def support_graph(
    problem: Problem, *, path: Path | str | None = None, title: str | None = None
) -> "Figure":
    """Return a picture of rows and columns, joined where an entry has weight.

    Its connected components are independent problems, and have colors and rows of their
    own. Of larger problems the rows, and the columns, with the same neighbors are one
    node.

    Parameters
    ----------
    problem : Problem
        With at most 120 different supports of rows and columns.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None states the number of components.

    Raises
    ------
    NotApplicableError
        If there are too many nodes to be told apart.

    Examples
    --------
    >>> support_graph(Problem([[1, None], [None, 2]], rank=1)).get_suptitle()
    '2 x 2, 2 of 4 entries have weight: 2 components'
    """
    import networkx as nx

    support = problem.instance.support()
    groups = [[[i] for i in range(size)] for size in support.shape]
    if sum(support.shape) > _MOST_NODES:
        groups = [_alike(support), _alike(support.T)]
    if sum(map(len, groups)) > _MOST_MERGED:
        raise NotApplicableError(
            f"the support has {len(groups[0])} kinds of rows and {len(groups[1])} of "
            f"columns; at most {_MOST_MERGED} in all can be drawn."
        )
    graph = nx.Graph()
    graph.add_nodes_from((axis, i) for axis in (0, 1) for i in range(len(groups[axis])))
    graph.add_edges_from(
        ((0, i), (1, j))
        for i, rows in enumerate(groups[0])
        for j, columns in enumerate(groups[1])
        if support[rows[0], columns[0]]
    )
    parts = [sorted(part) for part in nx.connected_components(graph)]
    parts.sort(key=lambda part: (-len(part), part))
    figure = new_figure(7.4, 1.4 + 0.26 * max(8, max(map(len, groups), default=0)))
    axes = figure.add_subplot()
    _draw_parts(axes, graph, parts, groups)
    n_edges = sum(len(part) > 1 for part in parts)
    n_lone = len(parts) - n_edges
    lone = (
        f", {n_lone} node{'s' if n_lone > 1 else ''} without weight" if n_lone else ""
    )
    text = (
        f"{by(support.shape)}, {int(support.sum())} of {support.size} entries have "
        f"weight: {n_edges} component{'' if n_edges == 1 else 's'}{lone}"
    )
    return finished(figure, text if title is None else title, path)


def _alike(support: NDArray[np.bool_]) -> list[list[int]]:
    """Return the rows with the same support together."""
    from reductions.patterns import row_classes

    labels, first = row_classes(support.astype(np.int64))
    return [np.flatnonzero(labels == g).tolist() for g in range(len(first))]


def _draw_parts(
    axes: "Axes",
    graph: Any,
    parts: list[list[tuple[int, int]]],
    groups: list[list[list[int]]],
) -> None:
    """Draw the components below each other, rows at the left, columns at the right."""
    top = 0.0
    places: dict[tuple[int, int], tuple[float, float]] = {}
    colors: dict[tuple[int, int], str] = {}
    for number, part in enumerate(parts):
        sides = [[node for node in part if node[0] == axis] for axis in (0, 1)]
        height = max(map(len, sides))
        for axis, side in enumerate(sides):
            for place, node in enumerate(side):
                places[node] = axis, top - (place + 0.5) * height / len(side)
                colors[node] = GREY if len(part) == 1 else _COLORS[number % 7]
        top -= height + 0.5
    for left, right in graph.edges:
        (x, y), (u, v) = places[left], places[right]
        axes.plot(
            [x, u], [y, v], color=colors[left], linewidth=0.9, alpha=0.6, zorder=1
        )
    for node, (x, y) in places.items():
        marker, members = "os"[node[0]], groups[node[0]][node[1]]
        axes.scatter(x, y, s=70, marker=marker, color=colors[node], zorder=2)
        kind = ("row", "column")[node[0]]
        name = f"{kind} {members[0] + 1}"
        if len(members) > 1:
            name = f"{len(members)} {kind}s like {members[0] + 1}"
        axes.annotate(
            name, (x, y), xytext=(-9 if node[0] == 0 else 9, 0),
            textcoords="offset points", va="center", fontsize=8,
            ha="right" if node[0] == 0 else "left",
        )  # fmt: skip
    axes.set_xlim(-0.35, 1.35)
    axes.set_axis_off()
