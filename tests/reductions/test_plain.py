"""The plain formulation: values, sizes, factors."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.instances import Instance, ones_like
from reductions.plain import PlainFormulation
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


@given(instances(), st.data())
def test_plain_cost_is_the_cost(instance: Instance, data) -> None:
    formulation = PlainFormulation(instance=instance)
    m = len(formulation.variables)
    point = data.draw(st.lists(small, min_size=m, max_size=m))
    p, scale = formulation.scaled_cost()
    cost = instance.cost(*formulation.factors(0, point))
    assert value_at(p, point) / scale == cost
    (system,) = formulation.systems(cost)
    assert system.holds_at(point)
    assert not formulation.systems(cost, strict=True)[0].holds_at(point)


@given(instances())
def test_sizes_of_the_plain_formulation(instance: Instance) -> None:
    formulation = PlainFormulation(instance=instance)
    sizes, (system,) = formulation.sizes, formulation.systems(Fraction(7))
    assert sizes.n_variables == system.sizes.n_variables
    assert sizes.degree >= system.sizes.degree
    assert sizes.n_terms >= len(system.conditions[0].polynomial.coeffs())
    assert sizes.bitsize + 3 >= system.sizes.bitsize


def test_all_terms_of_the_plain_formulation_are_counted() -> None:
    data = RationalMatrix.from_rows([[1, 2], [3, 4], [5, 6]])
    for k in (1, 2, 3):
        formulation = PlainFormulation(
            instance=Instance(data=data, squared_weights=ones_like(data), rank=k)
        )
        (system,) = formulation.systems(Fraction(1))
        polynomial = system.conditions[0].polynomial
        assert len(polynomial.coeffs()) == formulation.sizes.n_terms
        assert polynomial.total_degree() == 4


def test_refusals() -> None:
    A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    with pytest.raises(NotApplicableError, match="X = 0"):
        PlainFormulation(instance=Instance(data=A, squared_weights=A, rank=0))
    instance = Instance(data=A, squared_weights=A, rank=1)
    for index, point in ((0, [1]), (1, [1] * 4)):
        with pytest.raises(InvalidInstanceError, match="4 variables"):
            PlainFormulation(instance=instance).factors(index, point)
