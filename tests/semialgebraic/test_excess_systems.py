"""Excess polynomials: their sign is that of the cost of a matrix, minus C."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.excess_systems import EXCESS_SYSTEMS, excess, projected_row
from semialgebraic.polynomials import polynomial_ring, value_at

(X,) = polynomial_ring(["x"]).gens()
ONE = X**0

entries = st.integers(-9, 9)
weights = st.integers(1, 9)
rows = st.tuples(st.tuples(entries, entries), st.tuples(weights, weights))
rationals = st.fractions(-5, 5, max_denominator=9)
costs = st.fractions(0, 99, max_denominator=9)


def _cost(row, v) -> Fraction:
    """The weighted least squares cost of the best multiple of v."""
    (a, w) = row
    multiple = Fraction(
        sum(wj * aj * vj for aj, wj, vj in zip(a, w, v, strict=True)),
        sum(wj * vj**2 for wj, vj in zip(w, v, strict=True)),
    )
    return sum(
        wj * (aj - multiple * vj) ** 2 for aj, wj, vj in zip(a, w, v, strict=True)
    )


@given(rows, rationals)
def test_the_projected_cost_is_that_of_least_squares(row, x) -> None:
    g, h = projected_row(*row, [ONE, X])
    assert value_at(g, [x]) / value_at(h, [x]) == _cost(row, (1, x))


@given(st.lists(rows, min_size=1, max_size=3), rationals, costs)
def test_the_excess_has_the_sign_of_cost_minus_c(matrix, x, c) -> None:
    p = excess([projected_row(*row, [ONE, X]) for row in matrix], c)
    value, difference = value_at(p, [x]), sum(_cost(r, (1, x)) for r in matrix) - c
    assert (value > 0, value < 0) == (difference > 0, difference < 0)


def test_the_biclique_excess_at_its_optimum_is_a_square() -> None:
    (entry,) = [e for e in EXCESS_SYSTEMS if e.name == "biclique-at"]
    assert entry.system.conditions[0].polynomial == (X**2 - 9 * X + 10) ** 2


NAMES = [e.name.rpartition("-")[0] for e in EXCESS_SYSTEMS[::2]]


@pytest.mark.parametrize("name", NAMES)
def test_thresholds_come_in_pairs(name: str) -> None:
    pair = [e for e in EXCESS_SYSTEMS if e.name.startswith(f"{name}-")]
    assert [e.is_satisfiable for e in pair] == [True, False]
