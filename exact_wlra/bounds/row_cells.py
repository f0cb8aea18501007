"""Branching on where the rows of V lie, for weights of rank two at any rank (T2).

Where the multipliers of one sweep are not tight, the rows are distributed over cells:
first over segments of t, then, a row alone in its segment, over double cones in a
plane. A node has its own multipliers, from a small semidefinite program.

Contents
--------
CellSearch          what was found: the proof, an estimate of its bound, nodes
search_cells        best-first search until the bound suffices or time is over

Notes on the implementation
---------------------------
The program of a node says how to divide it. Rows with several t are separated between
them. If the moments of a single row are not of rank one, they mix directions at an
angle to their first eigenvector; three cones are cut at a part of that angle, so that
no cone contains the mixture.
"""

import heapq
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count
from typing import final

import numpy as np

from exact_wlra.bounds.cell_program import CellProgram, GridPoint, RowGroup
from exact_wlra.bounds.critical_factors import CriticalFactors, critical_factors
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.sweep_intervals import Intervals, PricedFactors
from exact_wlra.budget import Budget
from exact_wlra.certificates import (
    CellLeaf,
    CellSweep,
    CellVertex,
    ConeSplit,
    GroupSplit,
    RowCells,
)
from reductions.pattern_space import PatternSpace

RECIPROCAL_BITS = 56
_CUT_BITS = 12
_CONE_BITS = 16
# Part of the angle of a mixture at which cones are cut.
_PART = 0.4
_GRID, _FIRST_GRID = 5, 9
# Part of what is allowed that the programs may spend; sweeps need the rest.
_PROGRAM_SHARE = 0.5
_TURNS = 10
_LEAST_WIDTH = 2.0**-10

_Tree = list[GroupSplit | ConeSplit | CellLeaf]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellSearch:
    """A proof, what it bounds the captured energy by (an estimate), nodes."""

    proof: RowCells
    capture: float
    n_nodes: int


@final
@dataclass(slots=True, kw_only=True, eq=False)
class _Node:
    """A distribution of rows; its subtree once it is divided, or its leaf."""

    groups: list[RowGroup]
    program: CellProgram
    capture: float
    leaf: CellLeaf | None = None
    split: GroupSplit | ConeSplit | None = None
    children: "list[_Node]"


def search_cells(
    space: PatternSpace,
    rank: int,
    right: Floats,
    *,
    allowed: float,
    budget: Budget,
    most_nodes: int,
) -> CellSearch | None:
    """Return a proof that no V captures much more than the given one, or nearly so.

    Parameters
    ----------
    right : (k, d)
        V, a local optimum.
    allowed : float
        What the bound may lie above the energy that V captures.
    """
    search = _Search(PatternFloats.of(space), rank, right, allowed, budget)
    root = search.root()
    if root is None:
        return None
    order = count()
    heap = [(-root.capture, next(order), root)]
    while heap and search.n_nodes < most_nodes and not budget.is_spent():
        _, _, node = heapq.heappop(heap)
        if node.leaf is not None:
            continue
        for child in search.divide(node):
            heapq.heappush(heap, (-child.capture, next(order), child))
    tree: _Tree = []
    capture = search.write(root, tree)
    proof = RowCells(
        generators=space.factorization.generators,
        shares=space.factorization.shares,
        reciprocal_bits=RECIPROCAL_BITS,
        tree=tuple(tree),
    )
    return CellSearch(proof=proof, capture=capture, n_nodes=search.n_nodes)


@final
class _Search:
    """What the nodes share."""

    def __init__(
        self,
        floats: PatternFloats,
        rank: int,
        right: Floats,
        allowed: float,
        budget: Budget,
    ) -> None:
        self.floats, self.rank, self.budget = floats, rank, budget
        self.found: CriticalFactors = critical_factors(floats, right)
        self.allowed = allowed
        self.accuracy = allowed / (20 * rank)
        # What was begun is finished, so that there is a proof when time is over.
        self.patience = Budget(time_limit=np.inf)
        self.n_nodes = 0

    def root(self) -> _Node | None:
        """Return the node of all rows anywhere."""
        order = self.floats.grams.shape[1]
        group = RowGroup(
            count=self.rank, low=0.0, high=1.0, forms=np.zeros((0, order, order))
        )
        bases = []
        for share in self.floats.diagonals:
            rows = self.found.rows * np.sqrt(share)
            left, sizes, _ = np.linalg.svd(rows.T, full_matrices=False)
            bases.append(left[:, sizes > 1e-8 * sizes[0]])
        return self._node([group], bases, [])

    def _node(
        self, groups: list[RowGroup], bases: list[Floats], old: list[GridPoint]
    ) -> _Node | None:
        """Return a node with its program solved, and its leaf if that suffices."""
        self.n_nodes += 1
        points = [
            point
            for number, group in enumerate(groups)
            for point in self._grid(number, group, old)
        ]
        program = CellProgram(self.floats, groups, bases, points)
        leaf, bound = None, np.inf
        for turn in range(_TURNS):
            share = _PROGRAM_SHARE * self.allowed
            program.solve(self.found.capture, share)
            if not program.is_solved:
                return None
            if program.capture > self.found.capture + share:
                break
            leaf, bound, peaks = self._leaf(groups, program)
            if bound <= self.found.capture + self.allowed:
                break
            leaf = None
            if not peaks or turn + 1 == _TURNS:
                break
            program.points += peaks
        return _Node(
            groups=groups,
            program=program,
            capture=program.capture if leaf is None else bound,
            leaf=leaf,
            children=[],
        )

    def _grid(
        self, number: int, group: RowGroup, old: list[GridPoint]
    ) -> list[GridPoint]:
        """Return points of a cell, their bases from the nearest of the parent."""
        size = _GRID if old else _FIRST_GRID
        angles = (np.arange(size) + 0.5) * np.pi / size
        width = group.high - group.low
        at = list(group.low + width * (1 - np.cos(angles)) / 2)
        at += [t for t in self.found.at if group.low < t < group.high]
        at += [group.low, group.high]
        inner = sorted({round(float(t), 9) for t in at if 1e-4 < t < 1 - 1e-4})
        points = []
        for t in inner:
            if old:
                nearest = min(old, key=lambda point: abs(point.at - t))
                basis = nearest.tight
            else:
                sigma = self.floats.weights @ np.array([t, 1 - t])
                matrix = np.einsum("g,gij->ij", 1 / sigma, self.floats.grams)
                top = np.linalg.eigh(matrix)[1][:, -self.rank - 1 :]
                basis = np.linalg.qr(np.hstack([self.found.rows.T, top]))[0]
            points.append(GridPoint(group=number, at=t, basis=basis))
        return points

    def divide(self, node: _Node) -> list[_Node]:
        """Return the children of a node; none if it cannot be divided."""
        split, parts = self._split(node)
        if split is None:
            return []
        children = []
        bases = node.program.inherited_bases()
        for groups in parts:
            child = self._node(groups, bases, node.program.points)
            if child is None:
                return []
            children.append(child)
        node.split, node.children = split, children
        return children

    def _split(
        self, node: _Node
    ) -> tuple[GroupSplit | ConeSplit | None, list[list[RowGroup]]]:
        """Return how to divide a node, and the groups of its children."""
        crowded = [i for i, group in enumerate(node.groups) if group.count > 1]
        if crowded:
            number = max(crowded, key=lambda i: node.groups[i].count)
            cut = self._cut(node, number)
            if cut is None:
                return None, []
            return GroupSplit(group=number, at=Fraction(cut)), _divided(
                node.groups, number, cut
            )
        mixtures = [self._mixture(node, i) for i in range(len(node.groups))]
        number = int(np.argmax([angle for angle, _, _ in mixtures]))
        angle, first, second = mixtures[number]
        if angle < 1e-6:
            return None, []
        roots = self.floats.roots
        left = _rounded(first * roots)
        right = _rounded(second * roots / np.tan(_PART * angle))
        split = ConeSplit(
            group=number,
            left=tuple(Fraction(float(x)) for x in left),
            right=tuple(Fraction(float(x)) for x in right),
        )
        forms = _cone_forms(left / roots, right / roots)
        group = node.groups[number]
        parts = []
        for form in forms:
            cone = replace(group, forms=np.concatenate([group.forms, form[None]]))
            parts.append([*node.groups[:number], cone, *node.groups[number + 1 :]])
        return split, parts

    def _cut(self, node: _Node, number: int) -> float | None:
        """Return t between the places of the rows of a group."""
        group = node.groups[number]
        points = [p for p in node.program.points if p.group == number]
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

    def _mixture(self, node: _Node, number: int) -> tuple[float, Floats, Floats]:
        """Return the angle of the mixture of a row, and the two directions."""
        total = np.zeros_like(self.floats.grams[0])
        for point in node.program.points:
            if point.group == number:
                total += point.moments
        values, vectors = np.linalg.eigh(total)
        share = max(float(values[-2]), 0.0) / max(float(values[-1]), 1e-300)
        return float(np.arctan(np.sqrt(share))), vectors[:, -1], vectors[:, -2]

    def write(self, node: _Node, tree: _Tree) -> float:
        """Append a subtree in preorder; return a bound on what V captures."""
        if node.split is not None:
            tree.append(node.split)
            return max(self.write(child, tree) for child in node.children)
        if node.leaf is None:
            node.leaf, node.capture, _ = self._leaf(node.groups, node.program)
        tree.append(node.leaf)
        return node.capture

    def _leaf(
        self, groups: list[RowGroup], program: CellProgram
    ) -> tuple[CellLeaf, float, list[GridPoint]]:
        """Return the leaf of a node, its bound, and points where psi is too large."""
        priced = PricedFactors.of(self.floats, program.factors)
        captured = self.found.capture + self.allowed
        slack = max(captured - program.capture, 0.0) / self.rank
        missing = max(program.capture - captured, 0.0) / self.rank
        accuracy = max(self.accuracy, 0.02 * slack, 0.02 * missing)
        capture, sweeps, peaks = sum(priced.prices), [], []
        tops = program.tops()
        for number, group in enumerate(groups):
            cones = program.cones_of(number)
            intervals = Intervals(
                self.floats,
                priced,
                accuracy,
                segment=(group.low, group.high),
                count=5,
                cones=cones,
            )
            goal = tops[number] + 0.9 * slack
            intervals.refine(goal, self.patience)
            capture += group.count * intervals.bound
            sweeps.append(_cell_sweep(intervals))
            peaks += self._new_points(number, intervals, goal, program)
        leaf = CellLeaf(
            factors=priced.exact,
            ends=tuple(Fraction(x) for x in priced.ends),
            sweeps=tuple(sweeps),
        )
        return leaf, capture, peaks

    def _new_points(
        self, number: int, intervals: Intervals, goal: float, program: CellProgram
    ) -> list[GridPoint]:
        """Return grid points where psi peaks above a goal."""
        own = [point for point in program.points if point.group == number]
        found = []
        for index in intervals.peaks(goal):
            t = float(intervals.at[index])
            nearest = min(own, key=lambda point: abs(point.at - t))
            if abs(nearest.at - t) > 1e-9:
                found.append(GridPoint(group=number, at=t, basis=nearest.tight))
        return found


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


def _cone_forms(left: Floats, right: Floats) -> list[Floats]:
    """Return three forms of which one is not negative at any v."""
    mixed = (np.outer(left, right) + np.outer(right, left)) / 2
    square = np.outer(left, left)
    return [square - np.outer(right, right), mixed - square, -mixed - square]


def _rounded(functional: Floats) -> Floats:
    """Return the functional with short entries; only its direction matters less."""
    unit = 2.0 ** (np.ceil(np.log2(np.abs(functional).max())) - _CONE_BITS)
    return np.asarray(np.rint(functional / unit) * unit)


def _cell_sweep(intervals: Intervals) -> CellSweep:
    """Return the vertices as rationals."""
    at = intervals.at
    none = np.zeros((len(at), 0))
    cones = none if intervals.cones is None else intervals.cones.multipliers_at(at)
    return CellSweep(
        vertices=tuple(
            CellVertex(
                at=Fraction(float(t)),
                values=(Fraction(float(top + x)), Fraction(float(top))),
                cones=tuple(Fraction(float(y)) for y in row),
            )
            for t, x, top, row in zip(
                at, intervals.slopes, intervals.tops, cones, strict=True
            )
        )
    )


__all__ = ["CellSearch", "search_cells"]
