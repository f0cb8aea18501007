"""The landscape of a small problem: its cost over all row spaces, U eliminated.

Contents
--------
landscape       a curve for two columns, a disc for three
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.entries.partial_matrices import by
from exact_wlra.figures import finished, new_figure
from exact_wlra.plotting.landscape_curves import draw_curve, draw_paths_on_curve
from exact_wlra.plotting.landscape_discs import (
    draw_disc,
    draw_marks_on_disc,
    draw_paths_on_disc,
    name_coordinates,
)
from exact_wlra.plotting.landscape_marks import draw_legend
from exact_wlra.plotting.marked_directions import MarkedDirection, marked_directions
from exact_wlra.plotting.row_space_costs import (
    direction_of,
    row_space_cost,
)
from exact_wlra.problem import Problem
from reductions.errors import NotApplicableError
from reductions.instances import Instance

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Points = Iterable[Any] | Mapping[str, Iterable[Any]]


def landscape(
    problem: Problem,
    *,
    points: Points | None = None,
    log: bool = True,
    time_limit: float = 10.0,
    path: Path | str | None = None,
    title: str | None = None,
) -> "Figure":
    """Return a picture of the cost over all row spaces, with its critical points.

    For each row space the best U is known, so that what is left is a function of one
    angle (two columns, rank 1) or on a projective plane (three columns, rank 1 or 2).
    Problems with two or three rows are transposed. Where all critical points can be
    computed exactly they are marked, and proved; else local minima are estimates, and
    the legend says so.

    Parameters
    ----------
    problem : Problem
        Of shape n x 2 or 2 x d and rank 1, or n x 3 or 3 x d and rank 1 or 2.
    points : iterable of bases, or mapping from names to iterables, or None
        Row spaces to mark, each by a basis V (k x d; for 2 x d and 3 x d problems
        that are transposed, U of shape n x k). Those of one name are a path.
    log : bool
        Logarithmic costs, where they differ by a factor of four at least.
    time_limit : float
        Seconds that the exact computation of critical points may be expected to take.
    path : path or None
        File to write: .png, .svg or .pdf.
    title : str or None
        None names shape, rank and the number of local minima.

    Raises
    ------
    NotApplicableError
        If the problem is of another shape or rank, or a point does not fit.

    Examples
    --------
    >>> from exact_wlra import read
    >>> problem = Problem([[1, -2, 4], [3, 5, -1]], rank=1)
    >>> landscape(problem).axes[0].get_xlabel()
    'angle θ of the column space, spanned by (cos θ, sin θ)'
    """
    instance, is_turned = _oriented(problem)
    d, k = instance.shape[1], instance.rank
    side = "column" if is_turned else "row"
    cost = row_space_cost(instance)
    found = marked_directions(instance, cost, time_limit=time_limit)
    paths = _paths(points, k, d, is_normal=cost.is_normal)
    if d == 2:
        figure = new_figure(8.0, 4.6)
        axes = figure.add_subplot()
        draw_curve(axes, instance, cost, found, is_logarithmic=log)
        draw_paths_on_curve(axes, cost, paths)
        axes.set_xlabel(f"angle θ of the {side} space, spanned by (cos θ, sin θ)")
    else:
        figure = new_figure(8.6, 6.0)
        axes = figure.add_subplot()
        passes = [each.cost for each in found if each.kind == "saddle"]
        draw_disc(figure, axes, cost, passes, is_logarithmic=log)
        draw_marks_on_disc(axes, found)
        draw_paths_on_disc(axes, paths)
        name_coordinates(axes, side, is_normal=cost.is_normal)
    draw_legend(axes)
    named = _title(problem, side, found) if title is None else title
    return finished(figure, named, path)


def _oriented(problem: Problem) -> tuple[Instance, bool]:
    """Return the instance or its transpose, with two or three columns."""
    instance = problem.instance
    for dimension, ranks in ((2, (1,)), (3, (1, 2))):
        for is_turned in (False, True):
            turned = instance.transpose if is_turned else instance
            if turned.shape[1] == dimension and turned.rank in ranks:
                return turned, is_turned
    raise NotApplicableError(
        f"a landscape needs 2 rows or columns and rank 1, or 3 and rank 1 or 2; this "
        f"problem is {by(instance.shape)} with rank {instance.rank}."
    )


def _title(problem: Problem, side: str, found: list[MarkedDirection]) -> str:
    """Return shape, rank, and how many local minima there are."""
    n_minima = sum(each.kind.endswith("minimum") for each in found)
    name = f"{by(problem.shape)}, rank {problem.rank}: cost of the best X"
    text = f"{name} with each {side} space"
    if not found:
        return f"{text}; it is constant"
    minima = f"{n_minima} local minim{'um' if n_minima == 1 else 'a'}"
    return f"{text}; {minima}{'' if found[0].is_proved else ' found'}"


def _paths(
    points: Points | None, rank: int, dimension: int, *, is_normal: bool
) -> list[tuple[str, Floats, bool]]:
    """Return (name, directions, whether they are a path)."""
    if points is None:
        return []
    named = isinstance(points, Mapping)
    groups = points.items() if isinstance(points, Mapping) else [("points", points)]
    found = []
    for name, bases in groups:
        directions = [
            direction_of(basis, rank, dimension, is_normal=is_normal) for basis in bases
        ]
        if directions:
            found.append((name, np.array(directions), named))
    return found
