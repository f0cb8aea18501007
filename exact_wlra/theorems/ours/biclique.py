"""Hardness: the largest biclique of a graph as an optimum.

Contents
--------
BipartiteGraph      biadjacency matrix, and the weight of non-edges
STATEMENT           OPT(d) <= |E| - b, and OPT(d) -> |E| - b
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.theorems.direct_optima import direct_optimum
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.hardness import BicliqueProblem, biclique_problem, maximum_biclique
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/biclique"

_HEAVY = Hypothesis(
    name="heavy non-edges",
    text="d >= 3 + 2 sqrt(2) (for the formula of the path with three edges)",
)
_FACTOR = 16
_LIMIT = 10**8
_CLOSE = Fraction(1, 1000)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BipartiteGraph:
    """Biadjacency matrix of zeros and ones, and d > 0."""

    adjacency: RationalMatrix
    non_edge_weight: Fraction

    def problem(self, factor: int = 1) -> BicliqueProblem:
        """Return the problem with weight d times `factor` of non-edges."""
        import networkx as nx

        n, d = self.adjacency.shape
        graph = nx.Graph()
        graph.add_nodes_from(("row", i) for i in range(n))
        graph.add_nodes_from(("column", j) for j in range(d))
        graph.add_edges_from(
            (("row", int(i)), ("column", int(j)))
            for i, j in zip(*np.nonzero(self.adjacency.numerators), strict=True)
        )
        rows = [("row", i) for i in range(n)]
        return biclique_problem(graph, self.non_edge_weight * factor, rows=rows)


def check(case: Case[BipartiteGraph]) -> tuple[Finding, ...]:
    """Compare OPT(d) with the cost of the largest biclique, larger d, and formulas."""
    value, say = case.value, partial(case.finding, KEY)
    problem = value.problem()
    largest = maximum_biclique(problem)
    limit = problem.n_edges - problem.n_edges_of(largest)
    best = direct_optimum(problem.instance)
    heavier = direct_optimum(value.problem(_FACTOR).instance)
    findings = [
        say("OPT(d) <= |E| - b", best, "<=", exact(limit)),
        say(
            "cost of the indicators = |E| - b",
            exact(problem.instance.cost(*problem.factors_of(largest))),
            "==",
            exact(limit),
        ),
        say(f"OPT(d) <= OPT({_FACTOR} d)", best, "<=", heavier),
        say(
            "brute force: edges of the largest biclique",
            exact(problem.n_edges_of(largest)),
            "==",
            exact(_by_brute_force(value)),
        ),
    ]
    if 2 in problem.instance.shape:
        far = direct_optimum(value.problem(_LIMIT).instance)
        findings.append(
            say("OPT(10^8 d) >= |E| - b - 1/1000", far, ">=", exact(limit - _CLOSE))
        )
    d = value.non_edge_weight
    formula = _formula(value.adjacency, d)
    if formula is not None:
        name, expected, is_heavy = formula
        findings.append(
            say(
                f"{name}",
                best,
                "==",
                exact(expected),
                unmet=() if is_heavy else (_HEAVY.name,),
            )
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[BipartiteGraph]]:
    """Yield random graphs, paths with three and four edges, and too light non-edges."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        shape = (2, 5) if seed % 2 else (3, 3)
        adjacency = integer_matrix(noise, shape, 0, 1)
        adjacency[0, 0] = adjacency[1, 1] = 1
        yield Case(
            name=f"random-{shape[0]}x{shape[1]}-{seed}",
            kind="random",
            value=_graph(adjacency, 3 + seed),
            seed=seed,
        )
    three, four = [[1, 0], [1, 1]], [[1, 1, 0], [0, 1, 1]]
    for d in (6, 100):
        yield Case(name=f"three-edges-{d}", kind="structured", value=_graph(three, d))
        yield Case(name=f"four-edges-{d}", kind="structured", value=_graph(four, d))
    yield Case(
        name="three-edges-light", kind="violation", value=_graph(three, Fraction(5, 2))
    )


def _graph(adjacency: object, d: Fraction | int) -> BipartiteGraph:
    """Return the value."""
    matrix = RationalMatrix(np.asarray(adjacency))
    return BipartiteGraph(adjacency=matrix, non_edge_weight=Fraction(d))


def _formula(
    adjacency: RationalMatrix, d: Fraction
) -> tuple[str, Fraction, bool] | None:
    """Return the closed form of a path, its value, whether it is said to hold."""
    degrees = sorted(int(x) for x in adjacency.numerators.sum(axis=0))
    if adjacency.shape == (2, 2) and degrees == [1, 2]:
        # d >= 3 + 2 sqrt(2) if and only if (d - 3)^2 >= 8 and d > 3.
        is_heavy = d > 3 and (d - 3) ** 2 >= 8
        return "three edges: OPT = (d - 2)/(d - 1)", (d - 2) / (d - 1), is_heavy
    if adjacency.shape == (2, 3) and degrees == [1, 1, 2]:
        return "four edges: OPT = 2d/(d + 1)", 2 * d / (d + 1), True
    return None


def _by_brute_force(value: BipartiteGraph) -> int:
    """Return the most edges of a biclique over all sets of rows."""
    table = value.adjacency.numerators
    n = table.shape[0]
    sets = ([i for i in range(n) if s >> i & 1] for s in range(1, 1 << n))
    return max(len(rows) * int(table[rows].all(axis=0).sum()) for rows in sets)


STATEMENT = Statement(
    key=KEY,
    title="Hardness: the largest biclique",
    source="docs/proofs.md, Bicliques; [GillisGlineur2011]_",
    text=(
        "For the biadjacency matrix A of a bipartite graph, omega = 1 on edges and d "
        "off them, k = 1: OPT(d) increases with d, OPT(d) <= |E| - b and OPT(d) -> |E| "
        "- b, b the most edges of a biclique, which is NP-hard to find. A path with "
        "three edges has OPT(d) = (d - 2)/(d - 1) if d >= 3 + 2 sqrt(2), one with four "
        "2d/(d + 1)."
    ),
    hypotheses=(_HEAVY,),
    cases=cases,
    check=check,
    value_type=BipartiteGraph,
    used_by=("reductions.hardness:biclique_problem",),
    tests=("tests/reductions/test_hardness.py",),
)
