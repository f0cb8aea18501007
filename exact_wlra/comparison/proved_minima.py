"""All local minima, where a complete list can be computed.

*Statement.* With positive weights the best U for a row space V is unique and depends
smoothly on it, so that the local minima of f are those of the cost as a function of V
alone, and the reductions of types, proportional weights and units keep them. A list is
complete where the smaller instance has no constraint left, squared weights of rank one
(every local minimum is a global one), two rows at rank one (real roots of one
polynomial), or row spaces that form a plane (common zeros of two polynomials).

Contents
--------
proved_minima   the list, or None where none of these applies

References
----------
[SrebroJaakkola2003]_ for weights of rank one.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.applicability import applicable, plane_classes, plane_seconds
from exact_wlra.comparison.minima import LocalMinima, LocalMinimum
from exact_wlra.solution import Solution
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.pipeline import reduce

Floats = NDArray[np.float64]
Enclosed = tuple[tuple[Fraction, Fraction], Floats, Floats]

# Enclosures of critical values and points, relative to f(0) and to one.
_NARROW = Fraction(1, 1 << 60)


def proved_minima(
    instance: Instance, solution: Solution, *, time_limit: float
) -> LocalMinima | None:
    """Return all local minima of an instance, or None if they cannot be listed.

    Parameters
    ----------
    solution : Solution
        Of this instance; its bracket is that of a minimum known to be global.
    time_limit : float
        Seconds; an elimination that is expected to take longer is not begun.

    Examples
    --------
    >>> from exact_wlra import read, solve
    >>> problem = read("dataset:trap-3x3", rank=1)
    >>> known = proved_minima(problem.instance, solve(problem), time_limit=60)
    >>> known.are_all, [round(point.cost, 4) for point in known.points]
    (True, [8.7077, 10.2122])
    """
    if not instance.support().all() or not instance.rank or 0 in instance.shape:
        return None
    reduced = reduce(instance)
    (leaf,) = reduced.leaves()
    reasons = applicable(leaf)
    is_global = "" in (reasons["exact-fit"], reasons["weighted-svd"])
    if is_global:
        bracket = solution.lower, solution.upper
        only = LocalMinimum(cost=float(solution.upper), enclosure=bracket)
        why = "every local minimum is a global one: weights of rank one, or no misfit"
        return LocalMinima(points=(only,), are_all=True, evidence=why)
    enclosed: list[Enclosed] | None = None
    if not reasons["two-rows"]:
        enclosed, why = _of_two_rows(leaf), "all real roots of one polynomial"
    elif not reasons["plane"] and plane_seconds(plane_classes(leaf)) <= time_limit:
        enclosed, why = _of_plane(leaf), "all critical points on the plane"
    if enclosed is None:
        return None
    points = []
    for enclosure, left, right in enclosed:
        u, v = reduced.lift([(left, right)])
        middle = float(sum(enclosure) / 2)
        points.append(LocalMinimum(cost=middle, enclosure=enclosure, matrix=u @ v))
    points.sort(key=lambda point: point.cost)
    return LocalMinima(points=tuple(points), are_all=True, evidence=why)


def _of_two_rows(instance: Instance) -> list[Enclosed] | None:
    """Return values and factors of all local minima; None for a constant cost."""
    from exact_wlra.bounds.two_rows import solve_two_rows

    is_turned = instance.shape[0] != 2
    oriented = instance.transpose if is_turned else instance
    optimum = solve_two_rows(oriented)
    if optimum.n_real_critical_points is None:
        return None
    found = []
    for slope, enclosure in optimum.local_minima:
        if slope is None:
            left = np.array([[0.0], [1.0]])
        else:
            low, high = slope.refined(_NARROW).isolating_interval
            left = np.array([[1.0], [float((low + high) / 2)]])
        turned, right = left.T, _best_left(oriented.transpose, left.T).T
        found.append(
            (enclosure, right.T, turned) if is_turned else (enclosure, left, right)
        )
    return found


def _of_plane(instance: Instance) -> list[Enclosed] | None:
    """Return values and factors; None if a critical point may or may not be one."""
    from reductions.plane import plane_critical_points

    for is_turned in _plane_sides(instance):
        oriented = instance.transpose if is_turned else instance
        try:
            components = plane_critical_points(oriented)
        except NotApplicableError:
            continue
        found = []
        width = oriented.energy() * _NARROW
        for component in components:
            if component.is_zero:
                continue
            for point in component.real_points():
                is_minimum = component.is_local_minimum(point)
                if is_minimum is None:
                    return None
                if is_minimum:
                    (enclosure,) = component.cost_at(point).enclosures(width)
                    ends = point.enclosures(_NARROW)
                    near = [(low + high) / 2 for low, high in ends]
                    right = component.chart.right_factor(near).to_float()
                    left = _best_left(oriented, right)
                    pair = (right.T, left.T) if is_turned else (left, right)
                    found.append((enclosure, *pair))
        return found
    return None


def _plane_sides(instance: Instance) -> Iterator[bool]:
    """Yield whether to transpose, the orientation of fewer weight classes first."""
    sides = [turned for turned in (False, True) if instance.shape[1 - turned] == 3]
    yield from sorted(sides, key=lambda turned: _n_classes(instance, turned=turned))


def _n_classes(instance: Instance, *, turned: bool) -> int:
    """Return the number of classes of proportional weight rows, or columns."""
    from reductions.patterns import ray_classes

    weights = instance.squared_weights.numerators
    return len(ray_classes(weights.T if turned else weights)[1])


def _best_left(instance: Instance, right: Floats) -> Any:
    """Return U for V in floats."""
    return solve_rows(
        instance.data.to_float(), instance.squared_weights.to_float(), right
    )
