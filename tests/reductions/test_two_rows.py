"""The cost of two rows in one unknown: values, jumps, polynomials, enclosures."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.two_rows import ProjectedCost, project_cost
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.univariate import sign_at


def make(data, squared_weights, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


entries = st.fractions(min_value=-9, max_value=9, max_denominator=6)
weights = st.one_of(
    st.sampled_from([(0, 0), (0, 1), (2, 0), (1, 1), (2, 2), (1, 3)]),
    st.tuples(
        st.fractions(min_value=0, max_value=9, max_denominator=4),
        st.fractions(min_value=0, max_value=9, max_denominator=4),
    ),
)
columns = st.lists(st.tuples(entries, entries, weights), min_size=1, max_size=6)
instances = columns.map(
    lambda parts: make(
        [[a for a, _, _ in parts], [b for _, b, _ in parts]],
        [[w[0] for _, _, w in parts], [w[1] for _, _, w in parts]],
    )
)
slopes = st.one_of(
    st.none(), st.just(Fraction(0)), st.fractions(min_value=-30, max_value=30)
)
finite = st.fractions(min_value=-30, max_value=30)


def direct_cost(instance: Instance, slope: Fraction | None) -> Fraction:
    """Return the cost of X = u v with the weighted least squares v."""
    u = [[0], [1]] if slope is None else [[1], [slope]]
    left = RationalMatrix.from_rows(u)
    data, omega = instance.data.transpose, instance.squared_weights.transpose
    return instance.cost(left, solve_rows(data, omega, left.transpose).transpose)


def quotient_at(cost: ProjectedCost, slope: Fraction | None) -> Fraction:
    """Return F/G at a slope, from the coefficients."""
    numerator, denominator = cost.fraction()
    if slope is None:
        top = 2 * len(cost.moving)
        return Fraction(int(numerator[top]), int(denominator[top]))
    values = [
        sum(int(c) * slope**i for i, c in enumerate(p.coeffs()))
        for p in (numerator, denominator)
    ]
    return Fraction(values[0]) / values[1]


@given(instances, slopes)
def test_cost_of_a_ray_is_that_of_its_least_squares_fit(
    instance: Instance, slope: Fraction | None
) -> None:
    assert project_cost(instance).at(slope) == direct_cost(instance, slope)


@given(instances, slopes)
def test_quotient_of_polynomials_is_the_limit(
    instance: Instance, slope: Fraction | None
) -> None:
    cost = project_cost(instance)
    assert quotient_at(cost, slope) == cost.limit(slope)


@given(instances)
def test_denominator_is_positive(instance: Instance) -> None:
    _, denominator = project_cost(instance).fraction()
    assert all(c >= 0 for c in denominator.coeffs())
    assert denominator[0] > 0


@given(instances)
def test_limit_at_coordinate_rays_is_the_limit(instance: Instance) -> None:
    cost = project_cost(instance)
    for slope, near in ((Fraction(0), Fraction(1, 10**9)), (None, Fraction(10**9))):
        assert abs(cost.limit(slope) - cost.at(near)) < Fraction(1, 10**5)
        assert cost.at(slope) - cost.limit(slope) == cost.jump(slope) >= 0


@given(instances, finite)
def test_only_coordinate_rays_jump(instance: Instance, slope: Fraction) -> None:
    assume(slope != 0)
    cost = project_cost(instance)
    assert cost.jump(slope) == 0
    assert cost.singular_class(slope) is None


@given(instances, finite, st.fractions(min_value=0, max_value=99))
def test_excess_has_the_sign_of_limit_minus_bound(
    instance: Instance, slope: Fraction, lower: Fraction
) -> None:
    cost = project_cost(instance)
    difference = cost.limit(slope) - lower
    assert sign_at(cost.excess(lower), slope) == (difference > 0) - (difference < 0)


@given(instances)
def test_critical_form_is_the_derivative(instance: Instance) -> None:
    cost = project_cost(instance)
    numerator, denominator = cost.fraction()
    form, degree = cost.critical_form()
    squares = fmpz_poly([1])
    for h in cost.moving:
        squares *= fmpz_poly([h.weights[0], 0, h.weights[1]]) ** 2
    wronskian = (
        numerator.derivative() * denominator - numerator * denominator.derivative()
    )
    assert wronskian * squares * cost.scale == -2 * form * denominator**2
    assert degree == max(4 * len(cost.moving) - 2, 0)
    assert form.degree() <= degree
    assert bool(form) == bool(cost.moving)


@given(instances, finite, finite, st.integers(0, 40))
def test_enclosure_holds_all_values_of_the_interval(
    instance: Instance, a: Fraction, b: Fraction, bits: int
) -> None:
    cost = project_cost(instance)
    low, high = min(a, b), max(a, b)
    bounds = cost.enclosure((low, high), bits)
    for part in range(5):
        value = cost.limit(low + (high - low) * Fraction(part, 4))
        assert bounds[0] <= value <= bounds[1]


@given(instances, finite, st.integers(1, 60))
def test_enclosure_of_a_point_is_as_narrow_as_its_bits(
    instance: Instance, slope: Fraction, bits: int
) -> None:
    cost = project_cost(instance)
    low, high = cost.enclosure((slope, slope), bits)
    assert high - low <= Fraction(4 * len(cost.moving), 2**bits)


@given(instances, slopes)
def test_splitting_a_column_into_proportional_ones_changes_nothing(
    instance: Instance, slope: Fraction | None
) -> None:
    half = instance.squared_weights.scaled(Fraction(1, 3)).fractions()
    rest = instance.squared_weights.scaled(Fraction(2, 3)).fractions()
    data = instance.data.fractions()
    doubled = make(
        [row + row for row in data], [a + b for a, b in zip(half, rest, strict=True)]
    )
    cost, again = project_cost(instance), project_cost(doubled)
    assert len(again.classes) == len(cost.classes)
    assert [h.n_columns for h in again.classes] == [
        2 * h.n_columns for h in cost.classes
    ]
    assert again.limit(slope) == cost.limit(slope)
    assert again.energy == cost.energy == instance.energy()


def test_one_class_for_each_ray_of_weights() -> None:
    cost = project_cost(
        make([[1, 2, 3, 4, 5], [1, 1, 1, 1, 7]], [[1, 2, 0, 5, 0], [3, 6, 2, 0, 0]])
    )
    assert [h.weights for h in cost.classes] == [(1, 3), (0, 1), (1, 0)]
    assert [h.n_columns for h in cost.classes] == [2, 1, 1]
    assert len(cost.moving) == 1


def test_a_class_of_orthogonal_data_is_constant() -> None:
    cost = project_cost(make([[1, 0], [0, 1]], [[1, 1], [1, 1]]))
    assert cost.moving == ()
    assert cost.limit(Fraction(5, 7)) == cost.limit(None) == 1


def test_columns_without_weight_belong_to_no_class() -> None:
    cost = project_cost(make([[1, 2], [3, 4]], [[0, 0], [0, 0]]))
    assert cost.classes == ()
    assert cost.energy == cost.at(None) == cost.at(Fraction(3)) == 0


def test_numbers_beyond_64_bits_stay_exact() -> None:
    big = 10**30
    instance = make([[big, 1, 3], [1, big, -big]], [[big, 1, big], [1, big, 2 * big]])
    cost = project_cost(instance)
    assert cost.at(Fraction(2, 3)) == direct_cost(instance, Fraction(2, 3))


@pytest.mark.parametrize(
    "instance",
    [
        make([[1, 2]], [[1, 1]]),
        make([[1], [2], [3]], [[1], [1], [1]]),
        make([[1, 2], [3, 4]], [[1, 1], [1, 1]], rank=2),
        make([[1, 2], [3, 4]], [[1, 1], [1, 1]], rank=0),
    ],
    ids=["one row", "three rows", "rank 2", "rank 0"],
)
def test_other_instances_are_refused(instance: Instance) -> None:
    with pytest.raises(NotApplicableError, match="wants 2 rows and rank 1"):
        project_cost(instance)
