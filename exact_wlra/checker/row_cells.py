"""Checking rule `row-cells`: the sweep with branching on where the rows of V lie.

*Why it is sound.* As for rule `sweep`, what V captures is the sum over its rows v of
v M(t) v^T, each row with its own t, and multipliers S_c may be charged once for all
rows. The rows of any V are distributed over cells: a split of a group at t = p puts
none, one, ... or all of its rows above p, and for any functionals a, b every v has
|b.v| <= |a.v| or (b.v - a.v) a.v >= 0 or -(b.v + a.v) a.v >= 0. A leaf of the tree is
one such distribution, with multipliers of its own; in a cell, the quadratic forms that
are not negative there may be added to the matrix inequality of the sweep
(docs/proofs.md).

Contents
--------
row_cells_bound     sum omega A^2 - what any V captures, once every step is verified
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import final

import numpy as np

from exact_wlra.checker.sweep import (
    interval_bound,
    price,
    verify_ends,
    verify_order,
    verify_vertices,
)
from exact_wlra.checker.sweep_pencil import Pencil, pinned_rows
from exact_wlra.entries.exact_numbers import shown
from exact_wlra.sweep_certificates import (
    CellLeaf,
    CellSweep,
    ConeSplit,
    GroupSplit,
    RowCells,
)
from reductions.instances import Instance
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.definiteness import Arithmetic
from semialgebraic.rational_matrices import RationalMatrix

_ZERO, _ONE = Fraction(0), Fraction(1)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """So many rows of V in one cell: t between low and high, forms not negative."""

    count: int
    low: Fraction
    high: Fraction
    cones: tuple[RationalMatrix, ...]


_State = tuple[_Group, ...]


def row_cells_bound(
    instance: Instance, proof: RowCells, arithmetic: Arithmetic
) -> Fraction:
    """Return the lower bound of the rule after verifying the proof."""
    factorization = WeightFactorization(
        generators=proof.generators, shares=proof.shares
    )
    pencil = Pencil.of(instance, factorization, proof.reciprocal_bits, "row-cells")
    if any(pinned_rows(instance.rank, proof.shares)):
        raise pencil.rejected("a class has fewer columns than the rank")
    root = _Group(count=instance.rank, low=_ZERO, high=_ONE, cones=())
    states: list[_State] = [(root,)]
    capture: Fraction | None = None
    for item in proof.tree:
        if not states:
            raise pencil.rejected("the tree goes on after its last leaf")
        state = states.pop()
        if isinstance(item, CellLeaf):
            found = _leaf_capture(pencil, proof, state, item, arithmetic)
            capture = found if capture is None else max(capture, found)
        else:
            states += reversed(list(_children(pencil, state, item)))
    if states or capture is None:
        raise pencil.rejected("the tree ends before its last leaf")
    return Fraction(pencil.space.energy, pencil.space.scale) - capture


def _children(
    pencil: Pencil, state: _State, split: GroupSplit | ConeSplit
) -> Iterator[_State]:
    """Yield the distributions among which one holds for every V."""
    if split.group >= len(state):
        raise pencil.rejected(f"there is no group {split.group}")
    group = state[split.group]
    before, after = state[: split.group], state[split.group + 1 :]
    if isinstance(split, GroupSplit):
        if not group.low < split.at < group.high:
            raise pencil.rejected(f"a group is not divided at t = {shown(split.at)}")
        for above in range(group.count + 1):
            parts = (
                replace(group, count=group.count - above, high=split.at),
                replace(group, count=above, low=split.at),
            )
            yield (*before, *(part for part in parts if part.count), *after)
        return
    if group.count != 1:
        raise pencil.rejected("a cone divides the cell of several rows")
    for cone in _cones(pencil, split):
        yield (*before, replace(group, cones=(*group.cones, cone)), *after)


def _cones(pencil: Pencil, split: ConeSplit) -> list[RationalMatrix]:
    """Return three forms of which one is not negative at any v (upper triangles)."""
    if len(split.left) != pencil.order or len(split.right) != pencil.order:
        raise pencil.rejected(f"a functional has not {pencil.order} entries")
    both = RationalMatrix.from_fractions([split.left, split.right])
    a, b = both.numerators.astype(object)
    square = both.denominator**2
    mixed = np.outer(b, a) + np.outer(a, b)
    forms = (
        2 * (np.outer(a, a) - np.outer(b, b)),
        mixed - 2 * np.outer(a, a),
        -mixed - 2 * np.outer(a, a),
    )
    return [RationalMatrix(integer_arrays.integers(x), 2 * square) for x in forms]


def _leaf_capture(
    pencil: Pencil,
    proof: RowCells,
    state: _State,
    leaf: CellLeaf,
    arithmetic: Arithmetic,
) -> Fraction:
    """Return a bound on what V captures if its rows are distributed so."""
    if len(leaf.sweeps) != len(state) or len(leaf.ends) != 2:
        raise pencil.rejected("a leaf needs two ends and a sweep for each group")
    bare = pencil.with_factors(leaf.factors, [])
    verify_ends(bare, leaf.ends, arithmetic)
    first, second = (
        price(proof.shares, c, leaf.factors[c], proof.reciprocal_bits) for c in (0, 1)
    )
    norms = (first[1], second[1])
    capture = first[0] + second[0]
    for group, swept in zip(state, leaf.sweeps, strict=True):
        _verify_sweep(pencil, leaf, group, swept, arithmetic)
        capture += group.count * max(
            interval_bound((a.at, a.values), (b.at, b.values), norms, leaf.ends)
            for a, b in pairwise(swept.vertices)
        )
    return capture


def _verify_sweep(
    pencil: Pencil,
    leaf: CellLeaf,
    group: _Group,
    swept: CellSweep,
    arithmetic: Arithmetic,
) -> None:
    """Verify the vertices of one group."""
    verify_order(pencil, [v.at for v in swept.vertices], group.low, group.high)
    for vertex in swept.vertices:
        if len(vertex.values) != 2 or len(vertex.cones) != len(group.cones):
            raise pencil.rejected("a vertex needs two values and one for each cone")
        if any(x < 0 for x in vertex.cones):
            raise pencil.rejected("a multiplier of a cone is negative")
    verify_vertices(
        pencil.with_factors(leaf.factors, list(group.cones)),
        [(vertex.at, vertex.values, vertex.cones) for vertex in swept.vertices],
        arithmetic,
    )


__all__ = ["row_cells_bound"]
