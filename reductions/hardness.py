"""Maximum edge biclique as weighted low rank approximation: why the problem is hard.

*Statement.* Let A be the biadjacency matrix of a bipartite graph with edge set E, k = 1
and squared weights 1 on edges and d > 0 elsewhere. Then OPT(d) increases with d, and

    OPT(d) <= |E| - b,     OPT(d) -> |E| - b for d -> infinity,

where b is the largest number of edges of a complete bipartite subgraph, which is
NP-hard to find. The bound is the cost of the indicator matrix of a biclique.
*Lifts by* reading a biclique off the factors. For a path with 3 edges
OPT(d) = (d - 2)/(d - 1) if d >= 3 + 2 sqrt(2); for one with 4 edges
OPT(d) = 2d/(d + 1).

Contents
--------
BicliqueProblem         a bipartite graph with its instance
biclique_problem        from a NetworkX graph
maximum_biclique        by brute force over subsets of the smaller side

References
----------
[GillisGlineur2011]_.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, final

import numpy as np

from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

if TYPE_CHECKING:
    import networkx as nx

# Vertices of the two sides of a complete bipartite subgraph.
Biclique = tuple[frozenset[Hashable], frozenset[Hashable]]

# Subsets of at most this many vertices are enumerated.
_LARGEST_SIDE = 20


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BicliqueProblem:
    """A bipartite graph and the instance whose optimum tends to |E| - max biclique.

    Parameters
    ----------
    instance : Instance
        A and the weights, of rank one.
    rows, columns : tuples of vertices
        The two sides.
    """

    instance: Instance
    rows: tuple[Hashable, ...]
    columns: tuple[Hashable, ...]

    @property
    def n_edges(self) -> int:
        """|E|."""
        return int(self.instance.data.numerators.sum())

    def n_edges_of(self, biclique: Biclique) -> int:
        """Return the number of edges of a biclique, after checking that it is one."""
        first, second = biclique
        adjacent = self.instance.data.numerators
        rows = [i for i, x in enumerate(self.rows) if x in first]
        columns = [j for j, y in enumerate(self.columns) if y in second]
        complete = bool((adjacent[rows][:, columns] == 1).all())
        if len(rows) != len(first) or len(columns) != len(second) or not complete:
            raise InvalidInstanceError(
                "the vertices do not form a complete bipartite subgraph of this graph."
            )
        return len(rows) * len(columns)

    def factors_of(self, biclique: Biclique) -> tuple[RationalMatrix, RationalMatrix]:
        """Return (U, V), indicators of the two sides, of cost |E| - edges."""
        self.n_edges_of(biclique)
        first, second = biclique
        left = [[int(x in first)] for x in self.rows]
        right = [[int(y in second) for y in self.columns]]
        return RationalMatrix.from_rows(left), RationalMatrix.from_rows(right)

    def biclique_of(self, left: RationalMatrix, right: RationalMatrix) -> Biclique:
        """Return a biclique read off rank-one factors.

        The rows are taken in order of decreasing |u_i|, those without a neighbour in
        common with the ones before left out; with their common neighbours they always
        form a biclique, and the one with most edges is returned; likewise for columns.
        Indicators of a biclique give one as large.
        """
        adjacent = self.instance.data.numerators == 1
        first, common = _largest_prefix(adjacent, _magnitudes(left))
        other, rows_of_other = _largest_prefix(adjacent.T, _magnitudes(right.transpose))
        if len(other) * len(rows_of_other) > len(first) * len(common):
            first, common = rows_of_other, other
        return (
            frozenset(self.rows[i] for i in first),
            frozenset(self.columns[j] for j in common),
        )


def biclique_problem(
    graph: "nx.Graph[Hashable]",
    non_edge_weight: Fraction | int,
    *,
    rows: Iterable[Hashable] | None = None,
) -> BicliqueProblem:
    """Return the instance of a bipartite graph.

    Parameters
    ----------
    graph : networkx.Graph
    non_edge_weight : Fraction
        d > 0, the squared weight of non-edges.
    rows : iterable of vertices, optional
        One side; by default that of NetworkX's colouring.

    Raises
    ------
    InvalidInstanceError
        If the graph is not bipartite with these sides, or d is not positive.

    Examples
    --------
    >>> import networkx
    >>> problem = biclique_problem(networkx.path_graph(4), 10)
    >>> problem.rows, problem.columns, problem.n_edges
    ((0, 2), (1, 3), 3)
    >>> problem.instance.data, problem.instance.squared_weights
    (RationalMatrix([[1, 0], [1, 1]]), RationalMatrix([[1, 10], [1, 1]]))
    """
    if non_edge_weight <= 0:
        raise InvalidInstanceError("the weight of non-edges must be positive.")
    first = tuple(_first_side(graph) if rows is None else rows)
    second = tuple(y for y in graph.nodes if y not in set(first))
    crossing = sum(graph.has_edge(x, y) for x in first for y in second)
    if crossing != graph.number_of_edges():
        raise InvalidInstanceError("an edge joins two vertices of one side.")
    adjacency = [[int(graph.has_edge(x, y)) for y in second] for x in first]
    weights = [[1 if edge else non_edge_weight for edge in row] for row in adjacency]
    instance = Instance(
        data=RationalMatrix.from_rows(adjacency),
        squared_weights=RationalMatrix.from_rows(weights),
        rank=1,
    )
    return BicliqueProblem(instance=instance, rows=first, columns=second)


def maximum_biclique(problem: BicliqueProblem) -> Biclique:
    """Return a biclique with the most edges.

    Raises
    ------
    NotApplicableError
        If both sides have more than 20 vertices.

    Notes
    -----
    **Cost.** 2^(vertices of the smaller side).

    Examples
    --------
    >>> import networkx
    >>> problem = biclique_problem(networkx.path_graph(4), 1)
    >>> problem.n_edges_of(maximum_biclique(problem))
    2
    """
    adjacent = problem.instance.data.numerators == 1
    n, d = adjacent.shape
    if min(n, d) > _LARGEST_SIDE:
        raise NotApplicableError(
            f"the smaller side has {min(n, d)} vertices; subsets of at most "
            f"{_LARGEST_SIDE} are enumerated."
        )
    table = adjacent if n <= d else adjacent.T
    neighbours = [sum(1 << int(j) for j in np.flatnonzero(row)) for row in table]
    everything = (1 << table.shape[1]) - 1
    best, best_set, best_common = -1, 0, 0
    common = [everything]
    for subset in range(1 << len(neighbours)):
        if subset:
            lowest = (subset & -subset).bit_length() - 1
            common.append(common[subset & (subset - 1)] & neighbours[lowest])
        size = subset.bit_count() * common[subset].bit_count()
        if size > best:
            best, best_set, best_common = size, subset, common[subset]
    sides = [
        [i for i in range(length) if chosen >> i & 1]
        for chosen, length in zip((best_set, best_common), table.shape, strict=True)
    ]
    rows, columns = sides if n <= d else sides[::-1]
    return (
        frozenset(problem.rows[i] for i in rows),
        frozenset(problem.columns[j] for j in columns),
    )


def _first_side(graph: "nx.Graph[Hashable]") -> list[Hashable]:
    """Return the vertices of the first colour, in the order of the graph."""
    import networkx as nx

    try:
        colour = nx.bipartite.color(graph)
    except nx.NetworkXError as error:
        raise InvalidInstanceError("the graph is not bipartite.") from error
    # The colouring gives isolated vertices 0; the first vertex is a row.
    start = next(iter(graph.nodes), None)
    return [x for x in graph.nodes if colour[x] == colour[start]]


def _magnitudes(column: RationalMatrix) -> list[int]:
    """Return |u_i| up to a common factor."""
    return [abs(int(x)) for x in column.numerators[:, 0]]


def _largest_prefix(
    adjacent: np.ndarray, magnitudes: list[int]
) -> tuple[list[int], list[int]]:
    """Return the first rows by magnitude whose common neighbours give most edges."""
    order = sorted(range(len(magnitudes)), key=lambda i: -magnitudes[i])
    common = np.ones(adjacent.shape[1], dtype=bool)
    chosen: list[int] = []
    best: tuple[list[int], list[int]] = ([], [])
    for row in order:
        still_common = common & adjacent[row]
        if not still_common.any():
            continue
        common = still_common
        chosen.append(row)
        if len(chosen) * int(common.sum()) > len(best[0]) * len(best[1]):
            best = list(chosen), [int(j) for j in np.flatnonzero(common)]
    return best
