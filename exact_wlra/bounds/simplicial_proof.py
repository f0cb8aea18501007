"""From the tree of a simplicial search to a certificate with short rational numbers.

Contents
--------
Node            a simplex: vertices, chosen multipliers, bound, children
Entry           a multiplier in the pool of the search
write_proof     the certificate
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats
from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex
from exact_wlra.certificates import (
    Bisection,
    Exclusion,
    Leaf,
    Multiplier,
    Simplicial,
)
from reductions.weight_factorization import WeightFactorization
from semialgebraic.rationals import dyadic_above


@final
@dataclass(slots=True, kw_only=True)
class Node:
    """A simplex: vertices, multiplier indices, bound, and its place in the tree."""

    vertices: Floats
    chosen: list[int]
    bound: float = np.inf
    middle: int = 0
    children: "tuple[Node, Node] | None" = None
    split: tuple[int, int] = (0, 0)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Multipliers at a vertex, the maximizer found with them, and exclusions."""

    vertex: Floats
    values: Floats
    point: Floats
    excluded: frozenset[int]


def write_proof(
    factorization: WeightFactorization,
    root: Node,
    pool: list[Entry],
    exclusions_of: Callable[[list[int]], list[Exclusion]],
    *,
    capture: float,
    spend: float,
) -> Simplicial:
    """Return the certificate of a tree; rounding spends at most `spend` of energy."""
    bits = _bits_below(spend / 16)
    relative = spend / max(capture, spend)
    reciprocal_bits = max(12, _bits_below(relative / 64))
    tree: list[Bisection | Leaf] = []
    multipliers: dict[int, tuple[int, Multiplier]] = {}
    exclusions: dict[tuple[int, ...], tuple[int, Exclusion]] = {}
    leaves: list[tuple[Node, list[Exclusion]]] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.children is not None:
            tree.append(Bisection(split=node.split))
            waiting += [node.children[1], node.children[0]]
            continue
        for index in node.chosen:
            if index not in multipliers:
                exact = _exact_multiplier(pool[index], bits, reciprocal_bits)
                multipliers[index] = (len(multipliers), exact)
        used = exclusions_of(node.chosen)
        leaves.append((node, used))
        for exclusion in used:
            exclusions.setdefault(exclusion.groups, (len(exclusions), exclusion))
        tree.append(
            Leaf(
                multipliers=tuple(multipliers[index][0] for index in node.chosen),
                exclusions=tuple(exclusions[e.groups][0] for e in used),
            )
        )
    rounded = {index: exact for index, (_, exact) in multipliers.items()}
    capture = max(capture, _largest_bound(leaves, rounded))
    rounding = 2.0**-bits + 1e-14 * capture + spend / 16
    return Simplicial(
        generators=factorization.generators,
        shares=factorization.shares,
        capture=dyadic_above(capture + rounding, bits),
        reciprocal_bits=reciprocal_bits,
        multipliers=tuple(multiplier for _, multiplier in multipliers.values()),
        exclusions=tuple(exclusion for _, exclusion in exclusions.values()),
        tree=tuple(tree),
    )


def _largest_bound(
    leaves: list[tuple[Node, list[Exclusion]]], rounded: dict[int, Multiplier]
) -> float:
    """Return the largest bound over the leaves, with the rounded multipliers."""
    floats = {
        index: [float(x) for x in exact.values] for index, exact in rounded.items()
    }
    values = np.array([[floats[index] for index in node.chosen] for node, _ in leaves])
    vertices = np.array([node.vertices for node, _ in leaves])
    products = np.einsum("kis,kjs->kij", values, vertices)
    maxima, _ = maximum_on_simplex((products + products.transpose(0, 2, 1)) / 2)
    excluded = [
        float(sum((exclusion.bound for exclusion in used), start=Fraction(0)))
        for _, used in leaves
    ]
    return float((maxima + np.array(excluded)).max())


def _exact_multiplier(entry: Entry, bits: int, reciprocal_bits: int) -> Multiplier:
    """Return a multiplier rounded up to short dyadic numbers.

    The relative part makes up for reciprocals that the checker rounds up.
    """
    raised = entry.values + np.abs(entry.values) * 2.0 ** (1 - reciprocal_bits)
    return Multiplier(
        at=tuple(Fraction(float(t)) for t in entry.vertex),
        values=tuple(dyadic_above(float(x) + 2.0**-bits, bits) for x in raised),
        excluded=tuple(sorted(entry.excluded)),
    )


def _bits_below(value: float) -> int:
    """Return b with 2^-b <= value."""
    return int(np.ceil(-np.log2(max(value, 1e-300))))
