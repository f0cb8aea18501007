"""From the tree of a simplicial search to a certificate with short rational numbers.

Contents
--------
Node            a simplex: vertices, multipliers, bound, children
write_proof     the certificate
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats
from exact_wlra.bounds.simplex_batches import Booleans, Float32s, quadratic_forms
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
    """A simplex and its place in the tree.

    Parameters
    ----------
    vertices, values : (s, s)
        Its corners, one a row, and the multipliers there.
    points : (s, d)
        The maximizers found with them: where a later search starts.
    excluded : (s, G)
        Groups that each multiplier leaves out.
    bound : float
    number : int
        How many simplices there were when it was made.
    split : (int, int)
        The edge that was bisected, if there are children.
    """

    vertices: Floats
    values: Floats
    points: Float32s
    excluded: Booleans
    bound: float = np.inf
    number: int = 0
    children: "tuple[Node, Node] | None" = None
    split: tuple[int, int] = (0, 0)

    def bisect(self, i: int, j: int, middle: Floats) -> "tuple[Node, Node]":
        """Make the halves along an edge; they inherit what is known at vertices.

        An inner node needs its own multipliers no more.
        """
        value = (self.values[i] + self.values[j]) / 2
        both = self.excluded[i] | self.excluded[j]
        halves = []
        for replaced in (i, j):
            half = Node(
                vertices=self.vertices.copy(),
                values=self.values.copy(),
                points=self.points.copy(),
                excluded=self.excluded.copy(),
            )
            half.vertices[replaced], half.values[replaced] = middle, value
            half.points[replaced] = self.points[i]
            half.excluded[replaced] = both
            halves.append(half)
        self.split, self.children = (i, j), (halves[0], halves[1])
        self.vertices = self.values = self.vertices[:0]
        self.points, self.excluded = self.points[:0], self.excluded[:0]
        return self.children


def write_proof(
    factorization: WeightFactorization,
    root: Node,
    exclusions_of: Callable[[Node], list[Exclusion]],
    *,
    capture: float,
    spend: float,
) -> Simplicial:
    """Return the certificate of a tree; rounding spends at most `spend` of energy."""
    bits = _bits_below(spend / 16)
    relative = spend / max(capture, spend)
    reciprocal_bits = max(12, _bits_below(relative / 64))
    tree: list[Bisection | Leaf] = []
    multipliers: dict[bytes, tuple[int, Multiplier]] = {}
    exclusions: dict[tuple[int, ...], tuple[int, Exclusion]] = {}
    leaves: list[Node] = []
    chosen: list[list[int]] = []
    excess: list[float] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.children is not None:
            tree.append(Bisection(split=node.split))
            waiting += [node.children[1], node.children[0]]
            continue
        used = exclusions_of(node)
        for exclusion in used:
            exclusions.setdefault(exclusion.groups, (len(exclusions), exclusion))
        numbers = []
        for row in zip(node.vertices, node.values, node.excluded, strict=True):
            key = b"".join(array.tobytes() for array in row)
            if key not in multipliers:
                exact = _exact_multiplier(*row, bits, reciprocal_bits)
                multipliers[key] = (len(multipliers), exact)
            numbers.append(multipliers[key][0])
        leaves.append(node)
        chosen.append(numbers)
        excess.append(float(sum((e.bound for e in used), start=Fraction(0))))
        tree.append(
            Leaf(
                multipliers=tuple(numbers),
                exclusions=tuple(exclusions[e.groups][0] for e in used),
            )
        )
    ordered = tuple(multiplier for _, multiplier in multipliers.values())
    rounded = np.array([[float(x) for x in exact.values] for exact in ordered])
    vertices = np.array([node.vertices for node in leaves])
    maxima, _ = maximum_on_simplex(quadratic_forms(rounded[np.array(chosen)], vertices))
    capture = max(capture, float((maxima + np.array(excess)).max()))
    rounding = 2.0**-bits + 1e-14 * capture + spend / 16
    return Simplicial(
        generators=factorization.generators,
        shares=factorization.shares,
        capture=dyadic_above(capture + rounding, bits),
        reciprocal_bits=reciprocal_bits,
        multipliers=ordered,
        exclusions=tuple(exclusion for _, exclusion in exclusions.values()),
        tree=tuple(tree),
    )


def _exact_multiplier(
    vertex: Floats, values: Floats, excluded: Booleans, bits: int, reciprocal_bits: int
) -> Multiplier:
    """Return a multiplier rounded up to short dyadic numbers.

    The relative part makes up for reciprocals that the checker rounds up.
    """
    raised = values + np.abs(values) * 2.0 ** (1 - reciprocal_bits) + 2.0**-bits
    units = np.ceil(np.ldexp(raised, bits))
    one = Fraction(1, 2) ** bits
    return Multiplier(
        at=tuple(Fraction(t) for t in vertex.tolist()),
        values=tuple(int(x) * one for x in units.tolist()),
        excluded=tuple(np.flatnonzero(excluded).tolist()),
    )


def _bits_below(value: float) -> int:
    """Return b with 2^-b <= value."""
    return int(np.ceil(-np.log2(max(value, 1e-300))))
