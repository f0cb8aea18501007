"""Instances: the cost against its definition, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import InvalidInstanceError
from reductions.instances import Instance, ones_like
from semialgebraic.rational_matrices import RationalMatrix

Rows = list[list[Fraction]]

numbers = st.fractions(min_value=-20, max_value=20, max_denominator=12)
weights = st.one_of(
    st.just(Fraction(0)), st.fractions(min_value=0, max_value=9, max_denominator=12)
)
huge = st.integers(-(2**90), 2**90).map(Fraction)


@st.composite
def matrices(draw: st.DrawFn, n: int, d: int, entries=numbers) -> Rows:
    return [[draw(entries) for _ in range(d)] for _ in range(n)]


@st.composite
def cases(draw: st.DrawFn) -> tuple[Rows, Rows, Rows, Rows]:
    """Data, weights, U and V of any sizes and inner dimension."""
    n, d, m = (draw(st.integers(1, 4)) for _ in range(3))
    entries = draw(st.sampled_from([numbers, huge]))
    return (
        draw(matrices(n, d, entries)),
        draw(matrices(n, d, weights)),
        draw(matrices(n, m, entries)),
        draw(matrices(m, d)),
    )


def make(data: Rows, squared_weights: Rows, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


def defined_cost(data: Rows, omega: Rows, left: Rows, right: Rows) -> Fraction:
    """Sum over the entries, as the formula says."""
    total = Fraction(0)
    for i, row in enumerate(data):
        for j, a in enumerate(row):
            x = sum(left[i][l] * right[l][j] for l in range(len(right)))
            total += omega[i][j] * (a - x) ** 2
    return total


@given(case=cases())
def test_the_cost_is_the_weighted_sum_of_squares(case) -> None:
    data, omega, left, right = case
    cost = make(data, omega).cost(
        RationalMatrix.from_rows(left), RationalMatrix.from_rows(right)
    )
    assert cost == defined_cost(data, omega, left, right)


@given(case=cases())
def test_the_energy_is_the_cost_of_zero(case) -> None:
    data, omega, _, _ = case
    n, d = len(data), len(data[0])
    instance = make(data, omega)
    expected = sum(
        w * a * a
        for row, omega_row in zip(data, omega, strict=True)
        for a, w in zip(row, omega_row, strict=True)
    )
    assert instance.energy() == expected
    for m in (0, 2):
        zero = RationalMatrix.zeros(n, m), RationalMatrix.zeros(m, d)
        assert instance.cost(*zero) == expected


@given(case=cases())
def test_transposition_exchanges_the_factors(case) -> None:
    data, omega, left, right = case
    instance = make(data, omega)
    U, V = RationalMatrix.from_rows(left), RationalMatrix.from_rows(right)
    turned = instance.transpose
    assert turned.shape == instance.shape[::-1]
    assert turned.cost(V.transpose, U.transpose) == instance.cost(U, V)


@given(case=cases(), data=st.data())
def test_the_cost_adds_up_over_rows(case, data) -> None:
    values, omega, left, right = case
    instance = make(values, omega)
    U, V = RationalMatrix.from_rows(left), RationalMatrix.from_rows(right)
    first = data.draw(st.sets(st.integers(0, len(values) - 1)))
    rest = sorted(set(range(len(values))) - first)
    total = sum(
        instance.restrict(rows).cost(U.take(rows), V) for rows in (sorted(first), rest)
    )
    assert total == instance.cost(U, V)


@given(case=cases())
def test_the_support_is_where_weights_are_positive(case) -> None:
    data, omega, _, _ = case
    instance = make(data, omega)
    assert instance.support().tolist() == [[w > 0 for w in row] for row in omega]
    weighted = [
        [w * a for w, a in zip(u, v, strict=True)]
        for u, v in zip(omega, data, strict=True)
    ]
    assert instance.weighted_data().fractions() == weighted


def test_ones_are_ones() -> None:
    matrix = RationalMatrix.from_rows([["1/2", 0, -7], [3, "2/9", 2**80]])
    assert ones_like(matrix) == RationalMatrix.from_rows([[1] * 3] * 2)


def test_different_shapes_are_refused() -> None:
    with pytest.raises(InvalidInstanceError, match="same shape"):
        make([[Fraction(1)]], [[Fraction(1), Fraction(1)]])


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(InvalidInstanceError, match="negative"):
        make([[Fraction(1)]], [[Fraction(-1, 10**30)]])


def test_a_negative_rank_is_refused() -> None:
    with pytest.raises(InvalidInstanceError, match="rank"):
        make([[Fraction(1)]], [[Fraction(1)]], rank=-1)


@pytest.mark.parametrize(
    ("left", "right"), [((3, 1), (1, 2)), ((2, 1), (1, 3)), ((2, 2), (1, 2))]
)
def test_factors_that_do_not_fit_are_refused(left, right) -> None:
    instance = make([[Fraction(1)] * 2] * 2, [[Fraction(1)] * 2] * 2)
    with pytest.raises(InvalidInstanceError, match="do not multiply"):
        instance.cost(RationalMatrix.zeros(*left), RationalMatrix.zeros(*right))
