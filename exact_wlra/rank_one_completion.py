"""Exact rank-one completion: whether OPT is 0 at rank one, and whether it is attained.

u_i v_j = A_ij is asked on the support of the weights only. The nonzero entries there
are the edges of a graph of rows and columns; on every component u and v follow from one
value along a spanning tree, and every other edge is a condition. A zero entry between
two such vertices contradicts u_i v_j = 0, but may be approached: with the factors of
component C scaled to u t^p_C and v t^-p_C it becomes a multiple of t^(p_C - p_C') for a
row of C and a column of C', which tends to 0 with t if p_C > p_C'. Such exponents exist
if and only if these relations have no cycle.

Contents
--------
complete_rank_one       exact factors of cost 0, or None if there are none
approach_rank_one       factors of cost as small as asked, or None if OPT > 0

Notes on the implementation
---------------------------
That no exponents mean OPT > 0 is the curve selection lemma: if costs tend to 0 then
they do so along factors that are Puiseux series in t, and their leading terms satisfy
the equations and the relations above [BasuPollackRoy2006]_.

References
----------
[BasuPollackRoy2006]_
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from exact_wlra.incumbent import Incumbent
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def complete_rank_one(instance: Instance) -> Incumbent | None:
    """Return factors u, v of cost exactly 0, or None: then no such factors exist.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 0], [1, 1]])
    >>> complete_rank_one(Instance(data=A, squared_weights=omega, rank=1)) is None
    True
    """
    if _contradictions(instance).any():
        return None
    values, _ = _component_values(instance)
    found = _scaled(instance, values, [0] * len(values), bits=0)
    return found if found.cost == 0 else None


def approach_rank_one(instance: Instance, tolerance: Fraction) -> Incumbent | None:
    """Return factors u, v of cost at most `tolerance` if OPT = 0, or None if OPT > 0.

    Parameters
    ----------
    tolerance : Fraction
        Positive.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 0], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> 0 < approach_rank_one(instance, Fraction(1, 1000)).cost <= Fraction(1, 1000)
    True
    """
    contradictions = _contradictions(instance)
    values, home = _component_values(instance)
    exponents = _exponents(contradictions, home)
    if exponents is None or not _fits_nonzero_entries(instance, values):
        return None
    bits = 0
    while True:
        found = _scaled(instance, values, exponents, bits=bits)
        if found.cost <= tolerance:
            return found
        # Only the contradictions cost anything, and less with every bit.
        bits = max(2 * bits, 8)


def _nonzero(instance: Instance) -> NDArray[np.bool_]:
    """Return where data are nonzero and have weight."""
    data = (instance.data.numerators != 0).astype(bool)
    return np.asarray(instance.support() & data)


def _contradictions(instance: Instance) -> NDArray[np.bool_]:
    """Return the zero entries with weight in a row and a column that are not zero."""
    nonzero = _nonzero(instance)
    crossing = np.outer(nonzero.any(axis=1), nonzero.any(axis=0))
    return np.asarray(instance.support() & crossing & ~nonzero)


def _component_values(instance: Instance) -> tuple[list[Fraction], list[int]]:
    """Return u_1 .. u_n, v_1 .. v_d along spanning trees, and their components.

    Rows and columns without nonzero entries have the value 0 and the component -1.
    """
    import networkx as nx

    n, d = instance.shape
    graph = nx.Graph()
    graph.add_edges_from(
        (int(i), n + int(j))
        for i, j in zip(*np.nonzero(_nonzero(instance)), strict=True)
    )
    values, home = [Fraction(0)] * (n + d), [-1] * (n + d)
    for number, component in enumerate(nx.connected_components(graph)):
        root = min(component)
        values[root] = Fraction(1)
        for vertex in component:
            home[vertex] = number
        for parent, child in nx.bfs_edges(graph, root):
            row, column = min(parent, child), max(parent, child) - n
            values[child] = instance.data[row, column] / values[parent]
    return values, home


def _exponents(contradictions: NDArray[np.bool_], home: list[int]) -> list[int] | None:
    """Return p for rows and -p for columns, None if the relations have a cycle."""
    import networkx as nx

    n = len(contradictions)
    relations = nx.DiGraph()
    relations.add_nodes_from(set(home))
    relations.add_edges_from(
        (home[n + int(j)], home[int(i)])
        for i, j in zip(*np.nonzero(contradictions), strict=True)
    )
    if not nx.is_directed_acyclic_graph(relations):
        return None
    height: dict[int, int] = {}
    for c in nx.topological_sort(relations):
        height[c] = max((height[b] + 1 for b in relations.predecessors(c)), default=0)
    return [height[c] if i < n else -height[c] for i, c in enumerate(home)]


def _fits_nonzero_entries(instance: Instance, values: list[Fraction]) -> bool:
    """Tell whether u_i v_j = A_ij at all nonzero entries, not only on the trees."""
    n = instance.shape[0]
    return all(
        values[int(i)] * values[n + int(j)] == instance.data[int(i), int(j)]
        for i, j in zip(*np.nonzero(_nonzero(instance)), strict=True)
    )


def _scaled(
    instance: Instance, values: list[Fraction], exponents: list[int], *, bits: int
) -> Incumbent:
    """Return the factors with t = 2^-bits, and their cost."""
    n = instance.shape[0]
    t = Fraction(1, 1 << bits)
    scaled = [x * t**p for x, p in zip(values, exponents, strict=True)]
    left = RationalMatrix.from_fractions([[x] for x in scaled[:n]])
    right = RationalMatrix.from_fractions([scaled[n:]])
    return Incumbent(left=left, right=right, cost=instance.cost(left, right))
