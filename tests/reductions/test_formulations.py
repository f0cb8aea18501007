"""All formulations: one infimum, sizes known before they are built, exact factors."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reductions.chart_formulation import ChartFormulation, chart_sizes
from reductions.charts import chart_costs
from reductions.cramer_sizes import cramer_sizes
from reductions.errors import NotApplicableError
from reductions.formulation import (
    LARGEST_TERMS,
    number_in_words,
    pattern_counts,
    refuse_if_too_large,
)
from reductions.formulations import all_formulations, sizes_of_all, sizes_table
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.plain import PlainFormulation
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


positive = instances(st.sampled_from([1, 2, Fraction(1, 2), 4]).map(Fraction))


def patterned(n: int, seed: int = 0) -> Instance:
    """Return n x 4 with two row patterns and three different data rows in each."""
    rng = np.random.default_rng(seed)
    omega = np.array([[1, 1, 4, 9], [4, 4, 1, 1]])[np.arange(n) % 2]
    data = rng.integers(-5, 6, (3, 4))[np.arange(n) % 3]
    return Instance(
        data=RationalMatrix(data), squared_weights=RationalMatrix(omega), rank=1
    )


@settings(max_examples=25)
@given(positive)
def test_every_formulation_accepts_the_factors_of_another(instance: Instance) -> None:
    # The best U for a given V: its cost c is reached by plain and by one chart.
    costs = chart_costs(instance)
    point = [Fraction(1, 3)] * len(costs[0].variables)
    right = costs[0].right_factor(point)
    left = solve_rows(instance.data, instance.squared_weights, right)
    cost = instance.cost(left, right)
    plain = PlainFormulation(instance=instance)
    entries = [x for m in (left, right) for row in m.fractions() for x in row]
    assert plain.systems(cost)[0].holds_at(entries)
    charts = ChartFormulation(instance=instance)
    assert charts.systems(cost)[0].holds_at(point)
    assert charts.factors(0, point) == (left, right)
    assert cost == 0 or not charts.systems(cost / 2)[0].holds_at(point)


def test_all_formulations_share_one_type() -> None:
    instance = patterned(6)
    formulations = all_formulations(instance, sketch_columns=3)
    assert [f.name for f in formulations] == [
        "plain",
        "charts of V",
        "charts of U",
        "sketched charts",
        "sketched Cramer",
    ]
    # Three columns keep the column spaces of three types in each class.
    assert all(f.accuracy.is_exact for f in formulations)
    assert tuple(f.sizes for f in formulations) == sizes_of_all(
        instance, sketch_columns=3
    )


def test_sizes_depend_on_patterns_and_not_on_rows() -> None:
    few, many = (sizes_of_all(patterned(n)) for n in (60, 600_000))
    names = [s.name for s in many]
    assert names == [
        "plain",
        "charts of V",
        "charts of U",
        "sketched charts",
        "sketched Cramer",
    ]
    for name, before, after in zip(names, few, many, strict=True):
        constant = ("n_systems", "n_variables", "degree", "n_denominators", "n_terms")
        same = all(getattr(before, x) == getattr(after, x) for x in constant)
        assert same == (name not in ("plain", "charts of U"))
    plain, charts, transposed, one_sided, sketched = many
    assert plain.n_variables == 600_004
    assert (charts.n_variables, charts.degree, charts.n_denominators) == (3, 4, 2)
    assert transposed.n_variables == 599_999
    assert transposed.n_terms > 10**300_000
    # t = 22 is more than the three types in each class.
    assert (one_sided.n_systems, one_sided.n_variables) == (6, 5)
    assert (one_sided.degree, one_sided.n_denominators) == (6, 3)
    # t = 43, two classes of rows and three of columns, 6 x 4 types.
    assert sketched.n_variables == (2 + 3) * 43
    assert sketched.degree == 4 * (2 + 3)
    assert sketched.n_summands == 6 * 4
    table = sizes_table(many)
    assert len(table.splitlines()) == 6
    assert len({len(line) for line in table.splitlines()}) == 1


def test_counts_of_classes_and_types() -> None:
    counts = pattern_counts(patterned(60))
    assert (counts.n_row_classes, counts.n_column_classes) == (2, 3)
    assert (counts.n_row_types, counts.n_column_types) == (6, 4)
    assert counts.transpose.transpose == counts
    assert counts.transpose == pattern_counts(patterned(60).transpose)
    empty = Instance(
        data=RationalMatrix.zeros(2, 2),
        squared_weights=RationalMatrix.zeros(2, 2),
        rank=1,
    )
    assert pattern_counts(empty).n_row_classes == 0


def test_what_is_too_large_is_refused_before_it_is_built() -> None:
    instance = patterned(600_000)
    for formulation in (
        PlainFormulation(instance=instance),
        ChartFormulation(instance=instance, transposed=True),
    ):
        with pytest.raises(NotApplicableError, match="are refused"):
            formulation.systems(Fraction(1))
    assert ChartFormulation(instance=instance).systems(Fraction(1))
    counts = pattern_counts(patterned(6))
    assert cramer_sizes(counts, 43).n_terms > LARGEST_TERMS
    with pytest.raises(NotApplicableError, match="sketched Cramer"):
        refuse_if_too_large(cramer_sizes(counts, 43))


def test_words() -> None:
    assert number_in_words(10**8) == "100000000"
    assert number_in_words(10**12 + 1) == "about 10^12"
    assert number_in_words(2**100_000) == "about 10^30102"
    instance = patterned(6)
    assert str(chart_sizes(pattern_counts(instance))).startswith("charts of V: 4 sys")
