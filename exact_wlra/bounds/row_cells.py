"""Branching on where the rows of V lie, for weights of rank two at any rank (T2).

Where the multipliers of one sweep are not tight, the rows are distributed over cells:
first over segments of t, then, a row alone in its segment, over double cones in a
plane. A node has its own multipliers, from a small semidefinite program.

Contents
--------
CellsFound          the proof, an estimate of its bound, nodes
CellSearch          best-first search until the bound suffices or time is over

Notes on the implementation
---------------------------
A program demands its inequalities on a grid of t; where the sweep finds psi larger in
between, the grid gets these points, and the program is solved again.
"""

import heapq
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import final

import numpy as np

from exact_wlra.bounds.cell_program import CellProgram, GridPoint, RowGroup
from exact_wlra.bounds.cell_splits import division
from exact_wlra.bounds.critical_factors import critical_factors
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.sweep_intervals import Intervals, PricedFactors
from exact_wlra.budget import Budget
from exact_wlra.sweep_certificates import (
    CellLeaf,
    CellSweep,
    CellVertex,
    ConeSplit,
    GroupSplit,
    RowCells,
)
from reductions.pattern_space import PatternSpace

RECIPROCAL_BITS = 56
_GRID, _FIRST_GRID = 1, 9
# Part of the time that is left for the search; improving what is open needs the rest.
_SEARCH_SHARE = 0.6
# Points of the parent that carry so much of a row are kept.
_ACTIVE = 1e-3
# Part of what is allowed that the programs may spend; sweeps need the rest.
_PROGRAM_SHARE = 0.5
# Programs stay away from t = 0 and 1, but not by much.
_END, _NEAR_ENDS = 1e-4, (1e-3, 0.02, 0.98, 1 - 1e-3)
_TURNS, _OPEN_TURNS = 10, 3

_Tree = list[GroupSplit | ConeSplit | CellLeaf]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CellsFound:
    """A proof, what it bounds the captured energy by (an estimate), nodes."""

    proof: RowCells
    capture: float
    n_nodes: int


@final
@dataclass(slots=True, kw_only=True, eq=False)
class _Node:
    """A distribution of rows; its subtree once it is divided, or its leaf."""

    program: CellProgram
    capture: float
    leaf: CellLeaf | None
    split: GroupSplit | ConeSplit | None = None
    children: "list[_Node]" = field(default_factory=list)


@final
class CellSearch:
    """Best-first search among distributions; the root is solved on construction.

    Parameters
    ----------
    right : (k, d)
        V, a local optimum.
    allowed : float
        What the bound may lie above the energy that V captures.
    """

    def __init__(
        self,
        space: PatternSpace,
        rank: int,
        right: Floats,
        *,
        allowed: float,
        budget: Budget,
    ) -> None:
        self.space, self.rank, self.budget = space, rank, budget
        self.floats = PatternFloats.of(space)
        self.found = critical_factors(self.floats, right)
        self.allowed = allowed
        self.accuracy = allowed / (20 * rank)
        # What was begun is finished, so that there is a proof when time is over.
        self.patience = Budget(time_limit=np.inf)
        self.n_nodes = 0
        self._root = self._first()

    @property
    def excess(self) -> float:
        """How far the bound of the root is above what V captures."""
        return np.inf if self._root is None else self._root.capture - self.found.capture

    def run(self) -> CellsFound | None:
        """Search until the bound suffices or time is over."""
        root = self._root
        if root is None:
            return None
        order = count()
        heap = [(-root.capture, next(order), root)]
        now = self.budget.seconds()
        end = now + _SEARCH_SHARE * (self.budget.time_limit - now)
        while heap and not self.budget.is_spent() and self.budget.seconds() < end:
            _, _, node = heapq.heappop(heap)
            if node.leaf is None:
                for child in self._divide(node):
                    heapq.heappush(heap, (-child.capture, next(order), child))
            bound = float(self.space.energy / self.space.scale) - node.capture
            self.budget.tell("row-cells", bound, bound, self.n_nodes)
        tree: _Tree = []
        capture = self._write(root, tree)
        proof = RowCells(
            generators=self.space.factorization.generators,
            shares=self.space.factorization.shares,
            reciprocal_bits=RECIPROCAL_BITS,
            tree=tuple(tree),
        )
        return CellsFound(proof=proof, capture=capture, n_nodes=self.n_nodes)

    def _first(self) -> _Node | None:
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
            is_solved = program.solve(self.found.capture, share)
            if not program.points:
                return None
            if not is_solved or program.capture > self.found.capture + share:
                break
            leaf, bound, peaks = self._leaf(program)
            if bound <= self.found.capture + self.allowed:
                break
            leaf = None
            if not peaks or turn + 1 == _TURNS:
                break
            program.points += peaks
        return _Node(
            program=program,
            capture=program.capture if leaf is None else bound,
            leaf=leaf,
        )

    def _grid(
        self, number: int, group: RowGroup, old: list[GridPoint]
    ) -> list[GridPoint]:
        """Return points of a cell, their bases from the nearest of the parent."""
        size = _GRID if old else _FIRST_GRID
        active = [p.at for p in old if p.mass > _ACTIVE]
        angles = (np.arange(size) + 0.5) * np.pi / size
        width = group.high - group.low
        at = list(group.low + width * (1 - np.cos(angles)) / 2)
        at += [t for t in [*self.found.at, *active] if group.low < t < group.high]
        at += [group.low, group.high, *_NEAR_ENDS]
        inner = sorted(
            {
                round(float(t), 9)
                for t in at
                if group.low <= t <= group.high and _END <= t <= 1 - _END
            }
        )
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

    def _divide(self, node: _Node) -> list[_Node]:
        """Return the children of a node; none if it cannot be divided."""
        found = division(node.program)
        if found is None:
            return []
        split, parts = found
        bases, children = node.program.inherited_bases(), []
        for groups in parts:
            child = self._node(groups, bases, node.program.points)
            if child is None:
                return []
            children.append(child)
        node.split, node.children = split, children
        return children

    def _write(self, node: _Node, tree: _Tree) -> float:
        """Append a subtree in preorder; return a bound on what V captures."""
        if node.split is not None:
            tree.append(node.split)
            return max(self._write(child, tree) for child in node.children)
        if node.leaf is None:
            node.leaf, node.capture = self._open_leaf(node.program)
        tree.append(node.leaf)
        return node.capture

    def _open_leaf(self, program: CellProgram) -> tuple[CellLeaf, float]:
        """Return the leaf of a node that did not suffice, its grid refined a little."""
        leaf, capture, peaks = self._leaf(program)
        for _ in range(_OPEN_TURNS):
            is_tight = capture <= program.capture + self.allowed
            if self.budget.is_spent() or not peaks or is_tight:
                break
            program.points += peaks
            if not program.solve(self.found.capture, self.allowed):
                break
            new, bound, peaks = self._leaf(program)
            if bound < capture:
                leaf, capture = new, bound
        return leaf, capture

    def _leaf(self, program: CellProgram) -> tuple[CellLeaf, float, list[GridPoint]]:
        """Return the leaf of a node, its bound, and points where psi is too large."""
        priced = PricedFactors.of(self.floats, program.factors)
        captured = self.found.capture + self.allowed
        slack = max(captured - program.capture, 0.0) / self.rank
        missing = max(program.capture - captured, 0.0) / self.rank
        accuracy = max(self.accuracy, 0.02 * slack, 0.02 * missing)
        capture, sweeps, peaks = sum(priced.prices), [], []
        tops = program.tops()
        for number, group in enumerate(program.groups):
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
            t = float(np.clip(intervals.at[index], _END, 1 - _END))
            nearest = min(own, key=lambda point: abs(point.at - t))
            if abs(nearest.at - t) > 1e-9:
                found.append(GridPoint(group=number, at=t, basis=nearest.tight))
        return found


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


__all__ = ["CellSearch", "CellsFound"]
