"""The methods for weights of rank two, and for weights that are lowered to them.

Contents
--------
run_sweep       one unknown for all rows of V
run_row_cells   rows of V distributed over cells
run_minorant    other weights, lowered to rank two
"""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exact_wlra.applicability import (
    Side,
    cell_sides,
    sides_of,
    sweep_sides,
)
from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof, Transpose
from exact_wlra.leaf_solution import NOISE, LeafSolution
from reductions.instances import Instance

Floats = NDArray[np.float64]

# Part of the gap that the sweep may spend: the factors in hand need the rest.
_SWEEP_SHARE = 0.6
# Weights of rank two that are tried below others, and the gap a float center allows.
_MOST_MINORANTS = 6
_LEAST_FLOAT_GAP = 1e-13


def run_sweep(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    sides: list[Side],
) -> None:
    """Sweep weights of rank two, from the other side where one does not suffice."""
    if start.upper <= NOISE * instance.energy():
        return
    allowed = _SWEEP_SHARE * float(gap * start.upper)
    left, right = start.left.to_float(), start.right.to_float()
    for proof, n_vertices in _sweeps(
        instance, left, right, sides=sides, allowed=allowed, budget=budget
    ):
        start.improve(instance, "sweep", proof, budget, nodes=n_vertices)
        if start.is_within(gap) or budget.is_spent():
            return


def _sweeps(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    sides: list[Side],
    allowed: float,
    budget: Budget,
) -> Iterator[tuple[Proof, int]]:
    """Yield the proof of the sweep from each side, and its number of vertices."""
    from exact_wlra.bounds.sweep import sweep
    from reductions.pattern_space import pattern_space

    for side in sweep_sides(instance, sides):
        space = pattern_space(side.instance, side.factorization)
        rows = left.T if side.is_transposed else right
        found = sweep(space, instance.rank, rows, allowed=allowed, budget=budget)
        if found is not None:
            turned = side.is_transposed
            proof: Proof = Transpose(proof=found.proof) if turned else found.proof
            yield proof, found.n_vertices


def run_row_cells(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    sides: list[Side],
) -> None:
    """Distribute the rows of the factor that a sweep keeps over cells."""
    from exact_wlra.bounds.row_cells import CellSearch
    from reductions.pattern_space import pattern_space

    if start.upper <= NOISE * instance.energy():
        return
    searches = [
        CellSearch(
            pattern_space(side.instance, side.factorization),
            instance.rank,
            (start.left.transpose if side.is_transposed else start.right).to_float(),
            allowed=_SWEEP_SHARE * float(gap * start.upper),
            budget=budget,
        )
        for side in cell_sides(instance, sides)
    ]
    best = min(range(len(searches)), key=lambda i: searches[i].excess)
    found = searches[best].run()
    if found is not None:
        turned = cell_sides(instance, sides)[best].is_transposed
        proof: Proof = Transpose(proof=found.proof) if turned else found.proof
        start.improve(instance, "row-cells", proof, budget, nodes=found.n_nodes)


def run_minorant(
    instance: Instance, start: LeafSolution, gap: Fraction, budget: Budget, *, seed: int
) -> None:
    """Sweep lower weights of rank two, the rest of the weights linearized."""
    from exact_wlra.bounds.lowered_weights import lowered_instances

    if start.upper <= NOISE * instance.energy():
        return
    share = _SWEEP_SHARE / 2 * float(gap)
    waiting = []
    for lowered in lowered_instances(
        instance,
        start.left.to_float(),
        start.right.to_float(),
        gap=max(share, _LEAST_FLOAT_GAP),
        count=_MOST_MINORANTS,
        seed=seed,
        budget=budget,
    ):
        waiting.append(lowered)
        if lowered.value >= (1 - share) * float(start.upper):
            break
    # The best last; a value bounds what the sweep can prove.
    waiting.sort(key=lambda lowered: lowered.value)
    while waiting and waiting[-1].value > start.lower:
        lowered = waiting.pop()
        allowed = share * float(start.upper)
        for inner, n_vertices in _sweeps(
            lowered.instance,
            lowered.left,
            lowered.right,
            sides=sides_of(lowered.instance),
            allowed=allowed,
            budget=budget,
        ):
            proof = replace(lowered.proof, proof=inner)
            start.improve(instance, "minorant", proof, budget, nodes=n_vertices)
            if start.is_within(gap) or budget.is_spent():
                return
