"""Connected components of the bipartite graph of positive weights (mathematics C6).

Rows and columns are vertices; an edge is an entry of positive weight.

*Statement.* Connected components decouple: OPT is the sum of the optima of the
components, each with the same rank k. *Accepts* every instance. *Produces* one instance
for each component with an edge. *Lifts by* putting the factors of a component into its
own rows and columns. *Guarantee* infimum and attainment.

Contents
--------
components              row and column indices of each component that has an edge
Restricted              record of the restriction to one component
restrict_to_component   the reduction, for one component
"""

from dataclasses import dataclass
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from reductions.guarantees import LOSSLESS, Factor, Guarantee, transposed
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def components(support: NDArray[np.bool_]) -> list[tuple[Any, Any]]:
    """Return (rows, columns) of each component of the support graph with an edge.

    Examples
    --------
    >>> [(r.tolist(), c.tolist()) for r, c in components(np.eye(2, dtype=bool))]
    [([0], [0]), ([1], [1])]
    """
    import networkx as nx

    n, d = support.shape
    if support.all() and support.size:
        return [(np.arange(n), np.arange(d))]
    graph = _row_pattern_graph(nx, support)
    found = []
    for vertices in nx.connected_components(graph):
        rows = [graph.nodes[v]["rows"] for v in vertices if v < 0]
        if rows:
            columns = np.array(sorted(v for v in vertices if v >= 0), dtype=np.int64)
            found.append((np.sort(np.concatenate(rows)), columns))
    return sorted(found, key=lambda block: int(block[0][0]))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Restricted:
    """An instance restricted to the rows and columns of one component."""

    original: Instance
    instance: Instance
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    guarantee: Guarantee = LOSSLESS
    name: str = "component"

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Put the factors into the rows and columns of the component, else zero."""
        n, d = self.original.shape
        whole = _scatter(transposed(right), self.columns, d)
        return _scatter(left, self.rows, n), transposed(whole)


def restrict_to_component(instance: Instance, rows: Any, columns: Any) -> Restricted:
    """Return the record of one component (its factors sit in its own rows, columns)."""
    return Restricted(
        original=instance,
        instance=instance.restrict(rows, columns),
        rows=rows,
        columns=columns,
    )


def _row_pattern_graph(nx: Any, support: NDArray[np.bool_]) -> Any:
    """Return the support graph with equal rows as one vertex -1, -2, ..."""
    from reductions.patterns import row_classes

    labels, first = row_classes(support.astype(np.int64))
    graph = nx.Graph()
    for label, row in enumerate(first):
        vertex = -1 - label
        columns = np.flatnonzero(support[row])
        if len(columns):
            graph.add_node(vertex, rows=np.flatnonzero(labels == label))
            graph.add_edges_from((vertex, int(c)) for c in columns)
    return graph


def _scatter(factor: Factor, rows: NDArray[np.int64], n_rows: int) -> Factor:
    """Return an (n_rows, k) factor with the given rows, zero elsewhere."""
    if isinstance(factor, RationalMatrix):
        return RationalMatrix(
            _scatter(factor.numerators, rows, n_rows), factor.denominator
        )
    whole = np.zeros((n_rows, factor.shape[1]), dtype=factor.dtype)
    whole[rows] = factor
    return whole
