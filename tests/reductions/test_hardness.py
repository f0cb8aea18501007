"""The biclique reduction: both ways, closed forms, the limit."""

from __future__ import annotations

import itertools
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.hardness import biclique_problem, maximum_biclique
from reductions.least_squares import solve_rows
from reductions.two_rows import project_cost
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.univariate import isolate_real_roots


@st.composite
def graphs(draw) -> nx.Graph:
    n, d = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    pairs = [(("r", i), ("c", j)) for i in range(n) for j in range(d)]
    graph = nx.Graph()
    graph.add_nodes_from(("r", i) for i in range(n))
    graph.add_nodes_from(("c", j) for j in range(d))
    graph.add_edges_from(draw(st.lists(st.sampled_from(pairs), unique=True)))
    return graph


def rows_of(graph: nx.Graph) -> list:
    return [x for x in graph.nodes if x[0] == "r"]


def edges_by_brute_force(graph: nx.Graph) -> int:
    rows = rows_of(graph)
    best = 0
    for size in range(1, len(rows) + 1):
        for chosen in itertools.combinations(rows, size):
            common = set.intersection(*(set(graph[x]) for x in chosen))
            best = max(best, size * len(common))
    return best


@given(graphs(), st.integers(1, 30))
def test_there_and_back(graph: nx.Graph, weight: int) -> None:
    problem = biclique_problem(graph, weight, rows=rows_of(graph))
    largest = maximum_biclique(problem)
    edges = problem.n_edges_of(largest)
    assert edges == edges_by_brute_force(graph)
    assert problem.n_edges == graph.number_of_edges()
    factors = problem.factors_of(largest)
    # The cost of a biclique is the number of edges outside, for every weight.
    assert problem.instance.cost(*factors) == problem.n_edges - edges
    found = problem.biclique_of(*factors)
    assert problem.n_edges_of(found) == edges


@given(graphs(), st.data())
def test_any_factors_give_a_biclique(graph: nx.Graph, data) -> None:
    problem = biclique_problem(graph, 3, rows=rows_of(graph))
    n, d = problem.instance.shape
    numbers = st.integers(-5, 5)
    u = data.draw(st.lists(numbers, min_size=n, max_size=n))
    v = data.draw(st.lists(numbers, min_size=d, max_size=d))
    found = problem.biclique_of(
        RationalMatrix.from_rows([[x] for x in u]), RationalMatrix.from_rows([v])
    )
    assert problem.n_edges_of(found) >= min(graph.number_of_edges(), 1)


def infimum_lies_between(graph: nx.Graph, weight: int, low, high) -> bool:
    """Tell whether low < OPT < high for a graph with two rows, exactly."""
    cost = project_cost(biclique_problem(graph, weight).instance)
    below, above = cost.excess(Fraction(low)), cost.excess(Fraction(high))
    no_root = not isolate_real_roots(below) and below[0] > 0
    return no_root and bool(isolate_real_roots(above))


TINY = Fraction(1, 10**12)


@pytest.mark.parametrize("weight", [6, 10, 100, 10_000])
def test_path_with_three_edges(weight: int) -> None:
    optimum = Fraction(weight - 2, weight - 1)  # from 3 + 2 sqrt(2) = 5.83 on
    assert infimum_lies_between(
        nx.path_graph(4), weight, optimum - TINY, optimum + TINY
    )


def test_closed_form_needs_large_weights() -> None:
    optimum = Fraction(5 - 2, 5 - 1)
    low, high = optimum - TINY, optimum + TINY
    assert not infimum_lies_between(nx.path_graph(4), 5, low, high)


@pytest.mark.parametrize("weight", [1, 2, 4, 10, 1000])
def test_path_with_four_edges(weight: int) -> None:
    # Ends 0, 2, 4 on one side; the other side has two vertices.
    graph = nx.path_graph(5)
    problem = biclique_problem(graph, weight, rows=[1, 3])
    optimum = Fraction(2 * weight, weight + 1)
    cost = project_cost(problem.instance)
    assert cost.at(Fraction(1)) == optimum
    assert not isolate_real_roots(cost.excess(optimum - TINY))
    assert optimum < problem.n_edges - problem.n_edges_of(maximum_biclique(problem))


@given(graphs())
def test_costs_increase_with_the_weight_up_to_the_limit(graph: nx.Graph) -> None:
    rows = rows_of(graph)
    limit = graph.number_of_edges() - edges_by_brute_force(graph)
    before = Fraction(0)
    right = None
    for weight in (1, 4, 16):
        problem = biclique_problem(graph, weight, rows=rows)
        if right is None:
            _, right = problem.factors_of(maximum_biclique(problem))
        instance = problem.instance
        left = solve_rows(instance.data, instance.squared_weights, right)
        cost = instance.cost(left, right)
        assert before <= cost <= limit
        before = cost


def test_sides() -> None:
    problem = biclique_problem(nx.complete_bipartite_graph(2, 3), 5)
    assert problem.rows == (0, 1)
    assert problem.columns == (2, 3, 4)
    assert problem.n_edges_of(maximum_biclique(problem)) == 6
    turned = biclique_problem(nx.complete_bipartite_graph(3, 2), 5, rows=[3, 4])
    assert turned.instance.shape == (2, 3)


def test_refusals() -> None:
    with pytest.raises(InvalidInstanceError, match="not bipartite"):
        biclique_problem(nx.cycle_graph(3), 2)
    with pytest.raises(InvalidInstanceError, match="one side"):
        biclique_problem(nx.path_graph(4), 2, rows=[0, 1])
    with pytest.raises(InvalidInstanceError, match="positive"):
        biclique_problem(nx.path_graph(4), 0)
    problem = biclique_problem(nx.path_graph(4), 2)
    with pytest.raises(InvalidInstanceError, match="complete bipartite"):
        problem.n_edges_of((frozenset([0]), frozenset([3])))
    with pytest.raises(InvalidInstanceError, match="complete bipartite"):
        problem.factors_of((frozenset([7]), frozenset([1])))
    large = biclique_problem(nx.complete_bipartite_graph(21, 21), 2)
    with pytest.raises(NotApplicableError, match="21 vertices"):
        maximum_biclique(large)
