"""All charts as one formulation: factors, sizes, refusals."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.chart_formulation import ChartFormulation, chart_sizes
from reductions.charts import chart_costs
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.formulation import pattern_counts
from reductions.instances import Instance, ones_like
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix

entries = st.fractions(min_value=-5, max_value=5, max_denominator=3)
weights = st.sampled_from([0, 1, 2, Fraction(1, 2), 4]).map(Fraction)
small = st.fractions(min_value=-2, max_value=2, max_denominator=4)


@st.composite
def instances(draw, weight=weights) -> Instance:
    n, d = draw(st.integers(1, 3)), draw(st.integers(2, 3))
    k = draw(st.integers(1, d - 1))
    rows = st.lists(st.lists(entries, min_size=d, max_size=d), min_size=n, max_size=n)
    omega = st.lists(st.lists(weight, min_size=d, max_size=d), min_size=n, max_size=n)
    return Instance(
        data=RationalMatrix.from_rows(draw(rows)),
        squared_weights=RationalMatrix.from_rows(draw(omega)),
        rank=k,
    )


@given(instances(), st.booleans(), st.data())
def test_charts_give_factors_of_the_cost(instance, transposed, data) -> None:
    if transposed and instance.rank >= instance.shape[0]:
        with pytest.raises(NotApplicableError, match="rank"):
            ChartFormulation(instance=instance, transposed=True)
        return
    formulation = ChartFormulation(instance=instance, transposed=transposed)
    costs = chart_costs(formulation.oriented)
    index = data.draw(st.integers(0, len(costs) - 1))
    m = len(costs[index].variables)
    point = data.draw(st.lists(small, min_size=m, max_size=m))
    assert formulation.pivots[index] == costs[index].pivots
    u, v = formulation.factors(index, point)
    n, d = instance.shape
    assert u.shape == (n, instance.rank)
    assert v.shape == (instance.rank, d)
    cost = instance.cost(u, v)
    positive_everywhere = all(value_at(q, point) > 0 for q in costs[index].denominators)
    if instance.support().all() and positive_everywhere:
        assert cost == costs[index].value(point)


@given(instances(), st.booleans())
def test_sizes_of_the_charts(instance: Instance, transposed) -> None:
    if transposed and instance.rank >= instance.shape[0]:
        return
    formulation = ChartFormulation(instance=instance, transposed=transposed)
    sizes, systems = formulation.sizes, formulation.systems(Fraction(7))
    assert len(systems) == sizes.n_systems
    for system in systems:
        built = system.sizes
        assert sizes.n_variables == built.n_variables
        assert sizes.n_conditions >= built.n_conditions
        assert sizes.degree >= built.degree
        assert sizes.bitsize + 3 >= built.bitsize
        for condition in system.conditions:
            assert sizes.n_terms >= len(condition.polynomial.coeffs())


def test_sizes_of_the_charts_are_those_of_generic_instances() -> None:
    rng = np.random.default_rng(1)
    for n, d, k in ((3, 3, 1), (3, 3, 2), (4, 4, 2), (3, 5, 1)):
        instance = Instance(
            data=RationalMatrix(rng.integers(-9, 10, (n, d))),
            squared_weights=RationalMatrix(rng.integers(1, 50, (n, d))),
            rank=k,
        )
        formulation = ChartFormulation(instance=instance)
        built = formulation.systems(Fraction(1))[0].sizes
        sizes = formulation.sizes
        assert (sizes.n_variables, sizes.degree) == (built.n_variables, built.degree)
        assert sizes.n_denominators == n
        assert sizes.degree == 2 * n * min(k, d - k)
        assert sizes.n_systems == math.comb(d, k)


def test_bound_on_terms_is_the_smaller_of_two() -> None:
    A = RationalMatrix.from_rows([[1, 2, 3, 4]] * 3)
    counts = pattern_counts(Instance(data=A, squared_weights=ones_like(A), rank=1))
    assert chart_sizes(counts).n_terms == math.comb(3 + 2, 3)  # degree 2
    counts = pattern_counts(Instance(data=A, squared_weights=ones_like(A), rank=2))
    assert chart_sizes(counts).n_terms == math.comb(4 + 4, 4)  # below 3^4


def test_refusals() -> None:
    A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    with pytest.raises(NotApplicableError, match="rank is 2"):
        ChartFormulation(instance=Instance(data=A, squared_weights=A, rank=2))
    instance = Instance(data=A, squared_weights=A, rank=1)
    for index in (-1, 2):
        with pytest.raises(InvalidInstanceError, match="2 charts"):
            ChartFormulation(instance=instance).factors(index, [1])
