"""Exact rank-one completion: whether cost 0 is attained at rank one, and where.

u_i v_j = A_ij is asked on the support of the weights only. A row with a nonzero entry
there needs u_i != 0, likewise columns; a zero entry between two such vertices is a
contradiction. What remains is a graph of nonzero entries, on every component of which
u and v follow from one value along a spanning tree; every other edge is a condition.

Contents
--------
complete_rank_one       exact factors of cost 0, or None if there are none
"""

from fractions import Fraction

import numpy as np

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
    import networkx as nx

    n, d = instance.shape
    support = instance.support()
    nonzero = support & (instance.data.numerators != 0).astype(bool)
    rows, columns = nonzero.any(axis=1), nonzero.any(axis=0)
    needed = support & rows[:, None] & columns[None, :]
    if (needed & ~nonzero).any():
        return None
    graph = nx.Graph()
    graph.add_edges_from(
        (int(i), n + int(j)) for i, j in zip(*np.nonzero(nonzero), strict=True)
    )
    values = [Fraction(0)] * (n + d)
    for component in nx.connected_components(graph):
        root = min(component)
        values[root] = Fraction(1)
        for parent, child in nx.bfs_edges(graph, root):
            row, column = min(parent, child), max(parent, child) - n
            values[child] = instance.data[row, column] / values[parent]
    left = RationalMatrix.from_fractions([[x] for x in values[:n]])
    right = RationalMatrix.from_fractions([values[n:]])
    if instance.cost(left, right) != 0:
        return None
    return Incumbent(left=left, right=right, cost=Fraction(0))
