"""Critical points of the cost on the row spaces of a small instance, for pictures.

*Statement.* For d = 2 they are the real roots of one polynomial, for d = 3 and
positive weights the common zeros of two: all of them, each isolated, each told by the
signs of exact numbers to be a minimum or not. Elsewhere, and where the computation
would take too long, the minima of a fine grid are polished; these are estimates and
say so.

Contents
--------
MarkedDirection     direction, cost, kind, and whether it is proved
Jump                a row space whose cost lies above the limit of the costs near it
marked_directions   those of an instance with two or three columns
jumps               those of an instance with two columns
"""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.plotting.row_space_costs import RowSpaceCost
from reductions.errors import NotApplicableError
from reductions.instances import Instance

Floats = NDArray[np.float64]
Kind = Literal["global minimum", "local minimum", "saddle", "maximum", "flat point"]

# Enclosures of points, and of costs relative to that of X = 0, before they are drawn.
_NARROW = Fraction(1, 1 << 60)
# Costs that differ by less, relative to that of X = 0, are drawn as ties.
_TIE = 1e-12
# The polynomial in one unknown has degree 4r - 2 for r weight patterns.
_MOST_PATTERNS = 60
# Minima of the grid that are polished, the lowest first.
_MOST_STARTS = 60


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkedDirection:
    """A critical point of the cost as a function of the row space.

    Parameters
    ----------
    direction : float array, shape (d,)
        Basis vector of the row space, or its normal, as `RowSpaceCost` wants it.
    is_proved : bool
        False for an estimate; the list may then lack points.
    """

    direction: Floats
    cost: float
    kind: Kind
    is_proved: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Jump:
    """The row space along one coordinate: its cost, and the limit of those near it."""

    angle: float
    limit: float
    cost: float


def marked_directions(
    instance: Instance, cost: RowSpaceCost, *, time_limit: float
) -> list[MarkedDirection]:
    """Return critical points of the cost, by cost; empty if the cost is constant.

    Parameters
    ----------
    instance : Instance
        With two columns and rank one, or three and rank one or two.
    time_limit : float
        Seconds; an elimination that is expected to take longer is not begun.
    """
    from exact_wlra.applicability import plane_seconds
    from reductions.patterns import ray_classes

    n_patterns = len(ray_classes(instance.squared_weights.numerators)[1])
    found: list[MarkedDirection] | None = None
    if instance.shape[1] == 2:
        if n_patterns <= _MOST_PATTERNS:
            found = _on_line(instance)
    elif instance.support().all() and plane_seconds(n_patterns) <= time_limit:
        found = _on_plane(instance)
    if found is None:
        found = _on_grid(cost, instance.shape[1])
    found.sort(key=lambda each: each.cost)
    minima = [each.cost for each in found if each.kind == "local minimum"]
    top = min(minima, default=-math.inf) + _TIE * cost.energy
    return [
        replace(each, kind="global minimum")
        if each.kind == "local minimum" and each.cost <= top
        else each
        for each in found
    ]


def jumps(instance: Instance) -> list[Jump]:
    """Return the coordinate directions of a plane at which the cost jumps."""
    from reductions.two_rows import project_cost

    cost = project_cost(instance.transpose)
    return [
        Jump(angle=angle, limit=float(cost.limit(y)), cost=float(cost.at(y)))
        for angle, y in ((0.0, Fraction(0)), (math.pi / 2, None))
        if cost.jump(y) > 0
    ]


def _on_line(instance: Instance) -> list[MarkedDirection]:
    """Return all critical points of an instance with two columns."""
    from reductions.two_rows import project_cost
    from semialgebraic.real_algebraic import real_roots
    from semialgebraic.univariate import sign_at

    cost = project_cost(instance.transpose)
    form, formal_degree = cost.critical_form()
    if not form:
        return []
    roots = real_roots(form)
    ends = [
        (a.isolating_interval[1] + b.isolating_interval[0]) / 2
        for a, b in pairwise(roots)
    ]
    last = 1 if form.leading_coefficient() > 0 else -1
    signs = [last * (-1) ** form.degree(), *(sign_at(form, x) for x in ends), last]
    found = []
    for root, before, after in zip(roots, signs, signs[1:], strict=False):
        low, high = root.refined(_NARROW).isolating_interval
        y = (low + high) / 2
        found.append(_on_ray((1.0, float(y)), float(cost.limit(y)), before, after))
    if form.degree() < formal_degree:
        limit = float(cost.limit(None))
        # The degree of the form is even: beyond infinity its sign is that before.
        found.append(_on_ray((0.0, 1.0), limit, last, signs[0]))
    return found


def _on_ray(
    ray: tuple[float, float], cost: float, before: int, after: int
) -> MarkedDirection:
    """Return a critical ray; the derivative has the opposite of these signs."""
    x, y = np.array(ray) / math.hypot(*ray)
    kind: Kind = "flat point"
    if before != after:
        kind = "local minimum" if before > after else "maximum"
    normal = np.array([-y, x])
    return MarkedDirection(direction=normal, cost=cost, kind=kind, is_proved=True)


def _on_plane(instance: Instance) -> list[MarkedDirection] | None:
    """Return all real critical points of an instance with three columns, or None."""
    from reductions.plane import plane_critical_points
    from semialgebraic.critical_points import hessian_signature

    try:
        components = plane_critical_points(instance)
    except NotApplicableError:
        return None
    found = []
    width = instance.energy() * _NARROW
    for component in components:
        chart = component.chart
        for point in component.real_points():
            signature = hessian_signature(point, chart.numerators, chart.denominators)
            near = [(low + high) / 2 for low, high in point.enclosures(_NARROW)]
            right = chart.right_factor(near).to_float()
            ((low, high),) = component.cost_at(point).enclosures(width)
            kinds: dict[tuple[int, int], Kind] = {
                (0, 2): "local minimum",
                (2, 0): "maximum",
                (1, 1): "saddle",
            }
            found.append(
                MarkedDirection(
                    direction=np.linalg.svd(right)[2][0 if len(right) == 1 else -1],
                    cost=float((low + high) / 2),
                    kind=kinds.get(signature, "flat point"),
                    is_proved=True,
                )
            )
    return found


def _on_grid(cost: RowSpaceCost, dimension: int) -> list[MarkedDirection]:
    """Return estimates of the local minima: those of a grid, polished."""
    from scipy.optimize import minimize

    starts = _grid(dimension)
    values = cost.at(starts)
    best = [slice(1, -1)] * (dimension - 1)
    inner = values[tuple(best)]
    is_least = np.ones(inner.shape, dtype=bool)
    for shift in np.ndindex((3,) * (dimension - 1)):
        moved = tuple(
            slice(s, size - 2 + s) for s, size in zip(shift, values.shape, strict=True)
        )
        is_least &= inner <= values[moved]
    if np.ptp(values) <= _TIE * cost.energy:
        return []
    places = np.argwhere(is_least)
    order = np.argsort(inner[is_least], kind="stable")[:_MOST_STARTS]
    found: list[MarkedDirection] = []
    for start in starts[tuple(best)][tuple(places[order].T)]:
        tangent: Any = np.linalg.svd(start[None, :])[2][1:]
        polished = minimize(
            lambda x, start=start, tangent=tangent: float(cost.at(start + x @ tangent)),
            np.zeros(dimension - 1),
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-14 * cost.energy, "maxiter": 400},
        )
        end = start + polished.x @ tangent
        end /= np.linalg.norm(end)
        if all(abs(end @ each.direction) < 1 - 1e-6 for each in found):
            found.append(
                MarkedDirection(
                    direction=end,
                    cost=float(polished.fun),
                    kind="local minimum",
                    is_proved=False,
                )
            )
    return found


def _grid(dimension: int) -> Floats:
    """Return directions on a grid that covers the projective space with an overlap."""
    theta = np.linspace(-0.013, math.pi + 0.013, 2003 if dimension == 2 else 203)
    if dimension == 2:
        return np.stack([-np.sin(theta), np.cos(theta)], axis=-1)
    phi = np.linspace(-0.011, math.pi + 0.011, 199)[:, None]
    return np.stack(
        [
            np.sin(phi) * np.cos(theta),
            np.sin(phi) * np.sin(theta),
            np.cos(phi) * np.ones_like(theta),
        ],
        axis=-1,
    )
