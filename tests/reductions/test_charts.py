"""Costs in charts against least squares; subsets, boxes and systems."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reductions.charts import chart_cost, chart_costs
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.row_class_terms import (
    class_term,
    class_term_of_kernel,
    row_class_forms,
)
from reductions.two_rows import project_cost
from semialgebraic.polynomials import as_univariate, value_at
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.univariate import isolate_real_roots

entries = st.fractions(min_value=-5, max_value=5, max_denominator=4)
positive = st.fractions(min_value=Fraction(1, 3), max_value=4, max_denominator=3)
coordinates = st.fractions(min_value=-1, max_value=1, max_denominator=8)


@st.composite
def instances(draw, weights=positive, largest=4, rank=None) -> Instance:
    d = draw(st.integers(2, largest))
    k = rank or draw(st.integers(1, d - 1))
    n = draw(st.integers(1, 5))
    rays = draw(
        st.lists(st.lists(weights, min_size=d, max_size=d), min_size=1, max_size=3)
    )
    rows, omega = [], []
    for _ in range(n):
        rows.append(draw(st.lists(entries, min_size=d, max_size=d)))
        factor = draw(positive)
        omega.append([factor * w for w in draw(st.sampled_from(rays))])
    return Instance(
        data=RationalMatrix.from_rows(rows),
        squared_weights=RationalMatrix.from_rows(omega),
        rank=k,
    )


with_zeros = instances(weights=st.sampled_from([0, 1, Fraction(3, 2)]).map(Fraction))


def point_of(draw_from, cost) -> list[Fraction]:
    m = len(cost.variables)
    return draw_from.draw(st.lists(coordinates, min_size=m, max_size=m))


def direct(instance: Instance, right: RationalMatrix) -> Fraction:
    left = solve_rows(instance.data, instance.squared_weights, right)
    return instance.cost(left, right)


@given(instances(), st.data())
def test_value_is_the_least_squares_cost(instance: Instance, data) -> None:
    cost = data.draw(st.sampled_from(chart_costs(instance)))
    point = point_of(data, cost)
    assert cost.value(point) == direct(instance, cost.right_factor(point))


@given(with_zeros, st.data())
def test_zero_weights_where_no_denominator_vanishes(instance: Instance, data) -> None:
    cost = data.draw(st.sampled_from(chart_costs(instance)))
    point = point_of(data, cost)
    right = cost.right_factor(point)
    # Classes that are left out count as fitted: true unless their columns depend.
    if any(value_at(q, point) == 0 for q in cost.denominators):
        with pytest.raises(NotApplicableError, match="vanishes"):
            cost.value(point)
    else:
        assert cost.value(point) <= direct(instance, right)
        generic = [x + Fraction(i + 1, 10007 + 13 * i) for i, x in enumerate(point)]
        assert cost.value(generic) == direct(instance, cost.right_factor(generic))


@given(with_zeros, st.data())
def test_terms_are_not_negative_and_vanish_together(instance: Instance, data) -> None:
    cost = data.draw(st.sampled_from(chart_costs(instance)))
    point = point_of(data, cost)
    for g, (p, q) in enumerate(zip(cost.numerators, cost.denominators, strict=True)):
        above, below = value_at(p, point), value_at(q, point)
        assert above >= 0
        assert below >= 0
        if below == 0:
            assert above == 0
            assert g in cost.vanishing


@given(instances(largest=4), st.data())
def test_charts_agree_on_common_row_spaces(instance: Instance, data) -> None:
    costs = chart_costs(instance)
    first = costs[0]
    point = point_of(data, first)
    right = first.right_factor(point)
    k, d = right.shape
    for other in costs[1:]:
        columns = [[right[a, j] for j in other.pivots] for a in range(k)]
        moved = _row_reduce(columns, right.fractions())
        if moved is None:
            continue
        x = [moved[a][j] for a in range(k) for j in range(d) if j not in other.pivots]
        assert other.value(x) == first.value(point)


@given(instances(), st.data())
def test_a_chart_of_largest_minor_holds_the_row_space_in_its_box(
    instance: Instance, data
) -> None:
    costs = chart_costs(instance)
    point = [3 * x for x in point_of(data, costs[0])]
    rows = costs[0].right_factor(point).fractions()
    k, d = len(rows), len(rows[0])
    found = 0
    for other in costs:
        moved = _row_reduce([[row[j] for j in other.pivots] for row in rows], rows)
        if moved is None:
            continue
        x = [moved[a][j] for a in range(k) for j in range(d) if j not in other.pivots]
        if max(map(abs, x)) <= 1:
            found += 1
            value = costs[0].value(point)
            assert other.system(value).holds_at(x)
            assert not other.system(value, strict=True).holds_at(x)
            assert value == 0 or not other.system(value * Fraction(99, 100)).holds_at(x)
    assert found


def _row_reduce(columns, rows):
    """Return columns^-1 rows, or None if it does not exist."""
    k = len(rows)
    table = [[*columns[a], *rows[a]] for a in range(k)]
    for j in range(k):
        pivot = next((a for a in range(j, k) if table[a][j]), None)
        if pivot is None:
            return None
        table[j], table[pivot] = table[pivot], table[j]
        table[j] = [x / table[j][j] for x in table[j]]
        for a in range(k):
            if a != j:
                factor = table[a][j]
                table[a] = [
                    x - factor * y for x, y in zip(table[a], table[j], strict=True)
                ]
    return [row[k:] for row in table]


@given(with_zeros, st.data())
def test_excess_of_every_subset_has_the_sign_of_its_cost(instance, data) -> None:
    cost = data.draw(st.sampled_from(chart_costs(instance)))
    point = point_of(data, cost)
    assume(all(value_at(q, point) for q in cost.denominators))
    c = data.draw(st.fractions(min_value=0, max_value=20, max_denominator=5))
    for size in range(1, cost.n_groups + 1):
        for groups in itertools.combinations(range(cost.n_groups), size):
            partial = sum(
                value_at(cost.numerators[g], point)
                / value_at(cost.denominators[g], point)
                for g in groups
            )
            sign = value_at(cost.excess(c, groups), point)
            assert (sign > 0) == (partial > c * cost.scale)
            assert (sign == 0) == (partial == c * cost.scale)
            assert partial <= cost.value(point) * cost.scale


@given(instances(), positive)
def test_cost_scales_with_data_and_weights(instance: Instance, factor) -> None:
    scaled = Instance(
        data=instance.data.scaled(factor),
        squared_weights=instance.squared_weights.scaled(3),
        rank=instance.rank,
    )
    for before, after in zip(chart_costs(instance), chart_costs(scaled), strict=True):
        point = [Fraction(1, 2 + i) for i in range(len(before.variables))]
        assert after.value(point) == 3 * factor**2 * before.value(point)


@given(instances(largest=5), st.data())
def test_kernel_form_is_the_determinant_form_of_corank_one(instance, data) -> None:
    d = instance.shape[1]
    kernel = data.draw(
        st.lists(st.integers(-5, 5), min_size=d, max_size=d).filter(lambda z: z[-1])
    )
    # V = [z_d I | -z_1..] has kernel z and maximal minors +- z_d^(d-2) z_j.
    right = [
        [kernel[-1] * (a == j) for j in range(d - 1)] + [-kernel[a]]
        for a in range(d - 1)
    ]
    for form in row_class_forms(instance):
        p, q = class_term(form, right)
        p_kernel, q_kernel = class_term_of_kernel(form, kernel)
        factor = kernel[-1] ** (2 * (d - 2))
        assert (p, q) == (factor * p_kernel, factor * q_kernel)


@given(instances(rank=1))
def test_degrees_and_conditions(instance: Instance) -> None:
    d = instance.shape[1]
    for cost in chart_costs(instance):
        assert len(cost.variables) == d - 1
        assert all(q.total_degree() == 2 for q in cost.denominators)
        assert all(p.total_degree() <= 2 for p in cost.numerators)
        system = cost.system(Fraction(1))
        assert system.sizes.n_conditions == 2 * (d - 1) + 1
        # A linear excess may bound a variable further.
        assert all(low >= -1 and high <= 1 for low, high in system.box())
        assert system.sizes.degree <= max(2 * cost.n_groups, 1)


def test_degree_of_determinants_is_twice_the_smaller_of_rank_and_corank() -> None:
    data = [[1, 2, 3, 4], [2, 1, 5, 1], [0, 1, 1, 3], [1, 1, 0, 2]]
    omega = [[1, 2, 1, 3], [3, 1, 2, 1], [1, 1, 4, 1], [2, 1, 3, 5]]
    for k, degree in ((1, 2), (2, 4), (3, 2)):
        instance = Instance(
            data=RationalMatrix.from_rows(data),
            squared_weights=RationalMatrix.from_rows(omega),
            rank=k,
        )
        cost = chart_cost(instance, range(k))
        assert {q.total_degree() for q in cost.denominators} == {degree}
        p, q = cost.fraction()
        assert q.total_degree() == 4 * degree >= p.total_degree()


def test_the_unattained_infimum_needs_the_subset_of_full_classes() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 0], [0, 1]]),
        squared_weights=RationalMatrix.from_rows([[1, 0], [1, 1]]),
        rank=1,
    )
    # The row (1, ?) has one weight and is left out: cost x^2-like in the other chart.
    first = chart_cost(instance, (0,))
    assert first.n_groups == 1
    assert first.value([100]) == Fraction(1, 10001)
    assert first.value([0]) == 1


def test_zeros_that_the_product_form_cannot_exclude() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 5, 1], [2, 3, 1], [1, 1, 4]]),
        squared_weights=RationalMatrix.from_rows([[0, 1, 1], [1, 1, 1], [1, 0, 2]]),
        rank=1,
    )
    cost = chart_cost(instance, (0,))
    assert cost.vanishing == (0, 2)
    assert cost.necessary_subsets == ((0, 1, 2), (1, 2), (0, 1))
    # V = (1, 0, 0): weight class 1 vanishes, the plain excess is 0 for every c.
    assert value_at(cost.excess(Fraction(0)), [0, 0]) == 0
    assert value_at(cost.excess(Fraction(1)), [0, 0]) == 0
    assert value_at(cost.excess(Fraction(1), (1,)), [0, 0]) > 0
    assert not cost.system(Fraction(1)).holds_at([0, 0])


def test_two_columns_agree_with_the_formulation_in_one_unknown() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 3], [3, 1, -2]]),
        squared_weights=RationalMatrix.from_rows([[1, 4, 9], [4, 1, 1]]),
        rank=1,
    )
    projected = project_cost(instance)
    cost = chart_cost(instance.transpose, (0,))
    for y in (Fraction(1, 3), Fraction(-7, 2), Fraction(0)):
        assert cost.value([y]) == projected.at(y)


def test_reference_instance_with_a_known_optimum() -> None:
    """Mathematics D2: 20.83779929918781124855, and a second minimum at 23.1869...

    cost - c changes sign exactly if c is above the infimum over all charts.
    """
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 3], [2, 1], [3, -2]]),
        squared_weights=RationalMatrix.from_rows([[1, 4], [4, 1], [9, 1]]),
        rank=1,
    )
    for text, is_above in (("20.8377992991878112", False), ("20.8377992991879", True)):
        excesses = [
            as_univariate(cost.excess(Fraction(text)), 0)
            for cost in chart_costs(instance)
        ]
        assert all(bool(isolate_real_roots(p)) == is_above for p in excesses)


def test_published_optimum_of_corank_one() -> None:
    """Ottaviani, Spaenlehauer, Sturmfels at rank 2: 6534/23, at the kernel (1, 1, 1)."""
    instance = Instance(
        data=RationalMatrix.from_rows([[-59, 11, 59], [11, 59, -59], [59, -59, 11]]),
        squared_weights=RationalMatrix.from_rows([[9, 6, 1], [6, 1, 9], [1, 9, 6]]),
        rank=2,
    )
    for cost in chart_costs(instance):
        assert cost.value([-1, -1]) == Fraction(6534, 23)
        assert cost.system(Fraction(6534, 23)).holds_at([-1, -1])
        assert not cost.system(Fraction(6533, 23)).holds_at([-1, -1])


@settings(max_examples=20)
@given(instances(rank=1), st.integers(2, 4))
def test_many_rows_of_one_class_cost_one_term(instance, copies) -> None:
    repeated = instance.restrict(list(range(instance.shape[0])) * copies)
    for before, after in zip(chart_costs(instance), chart_costs(repeated), strict=True):
        assert after.denominators == before.denominators
        point = [Fraction(1, 3 + i) for i in range(len(before.variables))]
        assert after.value(point) == copies * before.value(point)


def test_refusals() -> None:
    A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    full = Instance(data=A, squared_weights=A, rank=2)
    with pytest.raises(NotApplicableError, match="rank 2 and 2 columns"):
        chart_costs(full)
    one = Instance(data=A, squared_weights=A, rank=1)
    for pivots in ((), (2,), (-1,), (0, 1)):
        with pytest.raises(NotApplicableError, match="pivots"):
            chart_cost(one, pivots)
    with pytest.raises(InvalidInstanceError, match="coordinates"):
        chart_cost(one, (0,)).right_factor([1, 2])
