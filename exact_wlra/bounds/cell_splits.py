"""How to divide the rows of V between cells, from the solution of a node's program.

Contents
--------
division        a split of a node and the groups of its children
cut_between     t between the places of the rows of a group
mixture         the angle of the mixture of a single row, and its two directions
cone_forms      three forms of which one is not negative at any v

Notes on the implementation
---------------------------
Rows with several t are separated between them first. If the moments of a single row are
not of rank one, they mix directions at an angle to their first eigenvector; three cones
are cut at a part of that angle, so that no cone contains the mixture.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from exact_wlra.bounds.cell_program import CellProgram, RowGroup
from exact_wlra.bounds.pattern_floats import Floats
from exact_wlra.sweep_certificates import ConeSplit, GroupSplit

_CUT_BITS = 12
_CONE_BITS = 16
# Part of the angle of a mixture at which cones are cut.
_PART = 0.4
_LEAST_ANGLE = 1e-6
_LEAST_WIDTH = 2.0**-10


def division(
    program: CellProgram,
) -> tuple[GroupSplit | ConeSplit, list[list[RowGroup]]] | None:
    """Return how to divide a node and the groups of its children, if anything helps."""
    groups = program.groups
    crowded = [i for i, group in enumerate(groups) if group.count > 1]
    if crowded:
        number = max(crowded, key=lambda i: groups[i].count)
        cut = cut_between(program, number)
        if cut is None:
            return None
        split = GroupSplit(group=number, at=Fraction(cut))
        return split, _divided(groups, number, cut)
    mixtures = [mixture(program, i) for i in range(len(groups))]
    number = int(np.argmax([angle for angle, _, _ in mixtures]))
    angle, first, second = mixtures[number]
    if angle < _LEAST_ANGLE:
        return None
    roots = program.floats.roots
    left = _rounded(first * roots)
    right = _rounded(second * roots / np.tan(_PART * angle))
    cone = ConeSplit(
        group=number,
        left=tuple(Fraction(float(x)) for x in left),
        right=tuple(Fraction(float(x)) for x in right),
    )
    group, parts = groups[number], []
    for form in cone_forms(left / roots, right / roots):
        part = replace(group, forms=np.concatenate([group.forms, form[None]]))
        parts.append([*groups[:number], part, *groups[number + 1 :]])
    return cone, parts


def cut_between(program: CellProgram, number: int) -> float | None:
    """Return t between the places of the rows of a group."""
    group = program.groups[number]
    points = [point for point in program.points if point.group == number]
    points.sort(key=lambda point: point.at)
    at = np.array([point.at for point in points])
    mass = np.array([point.mass for point in points])
    if group.high - group.low < _LEAST_WIDTH or mass.sum() <= 0:
        return None
    below = np.cumsum(mass)[:-1]
    nearest = np.clip(np.rint(below), 1, group.count - 1)
    score = np.diff(at) * (0.6 - np.abs(below - nearest))
    cut = float(mass @ at / mass.sum())
    if len(score) and score.max() > 0:
        best = int(score.argmax())
        cut = float(at[best] + at[best + 1]) / 2
    cut = float(np.rint(cut * 2**_CUT_BITS) / 2**_CUT_BITS)
    return cut if group.low < cut < group.high else None


def mixture(program: CellProgram, number: int) -> tuple[float, Floats, Floats]:
    """Return the angle of the mixture of a row, and the two directions."""
    total = np.zeros((program.order, program.order))
    for point in program.points:
        if point.group == number:
            total += point.moments
    values, vectors = np.linalg.eigh(total)
    share = max(float(values[-2]), 0.0) / max(float(values[-1]), 1e-300)
    return float(np.arctan(np.sqrt(share))), vectors[:, -1], vectors[:, -2]


def _divided(groups: list[RowGroup], number: int, cut: float) -> list[list[RowGroup]]:
    """Return the groups after none, one, ... or all rows of one went above a cut."""
    group = groups[number]
    found = []
    for above in range(group.count + 1):
        parts = [
            replace(group, count=group.count - above, high=cut),
            replace(group, count=above, low=cut),
        ]
        kept = [part for part in parts if part.count]
        found.append([*groups[:number], *kept, *groups[number + 1 :]])
    return found


def cone_forms(left: Floats, right: Floats) -> list[Floats]:
    """Return three forms of which one is not negative at any v."""
    mixed = (np.outer(left, right) + np.outer(right, left)) / 2
    square = np.outer(left, left)
    return [square - np.outer(right, right), mixed - square, -mixed - square]


def _rounded(functional: Floats) -> Floats:
    """Return the functional with short entries; only its direction matters less."""
    unit = 2.0 ** (np.ceil(np.log2(np.abs(functional).max())) - _CONE_BITS)
    return np.asarray(np.rint(functional / unit) * unit)
