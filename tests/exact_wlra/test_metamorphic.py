"""Problems that are the same in other words have the same optimum.

Two enclosures of one number meet; two exact values are equal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution

Rows = list[list[Fraction]]

seeds = st.integers(0, 2**32 - 1)
scales = st.fractions(Fraction(1, 50), 50, max_denominator=50)
signs = st.sampled_from([-1, 1])


@dataclass(frozen=True)
class Stated:
    """Data, squared weights and rank as lists."""

    data: Rows
    omega: Rows
    rank: int

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.data), len(self.data[0])

    def change(self, data=None, omega=None) -> "Stated":
        return Stated(data or self.data, omega or self.omega, self.rank)


@st.composite
def problems(draw: st.DrawFn, *, two_rows: bool = False) -> Stated:
    generator = np.random.default_rng(draw(seeds))
    n = 2 if two_rows else draw(st.integers(2, 4))
    d = draw(st.integers(2, 4))
    lowest = draw(st.integers(0, 1))
    data = generator.integers(-9, 10, size=(n, d)).tolist()
    omega = generator.integers(lowest, 10, size=(n, d)).tolist()
    rank = 1 if two_rows else draw(st.integers(1, 2))
    return Stated(
        [[Fraction(x) for x in row] for row in data],
        [[Fraction(x) for x in row] for row in omega],
        rank,
    )


def problem_of(stated: Stated) -> Problem:
    return Problem(stated.data, squared_weights=stated.omega, rank=stated.rank)


def solved(stated: Stated) -> Solution:
    """A bracket: where the time ends a search, it is wider, and proved all the same."""
    return solve(problem_of(stated), gap=0.2, time_limit=0.3)


def assert_same(first: Stated, second: Stated, factor: Fraction | int = 1) -> None:
    """OPT of the second is `factor` times that of the first, as far as is proved."""
    one, other = solved(first), solved(second)
    assert factor * one.lower <= other.upper
    assert other.lower <= factor * one.upper
    if one.algebraic is not None and other.algebraic is not None:
        low, high = one.algebraic.isolating_interval
        low_other, high_other = other.algebraic.isolating_interval
        assert factor * low <= high_other
        assert low_other <= factor * high
        assert len(one.algebraic.minimal_polynomial) == len(
            other.algebraic.minimal_polynomial
        )


def permuted(rows: Rows, order: Sequence[int], columns: Sequence[int]) -> Rows:
    return [[rows[i][j] for j in columns] for i in order]


def turned(rows: Rows) -> Rows:
    return [list(column) for column in zip(*rows, strict=True)]


def multiplied(rows: Rows, left: Sequence, right: Sequence) -> Rows:
    return [
        [x * p * q for x, q in zip(row, right, strict=True)]
        for row, p in zip(rows, left, strict=True)
    ]


both = pytest.mark.parametrize("two_rows", [False, True], ids=["any", "two rows"])


@both
@given(data=st.data())
def test_the_order_of_rows_and_columns_does_not_matter(two_rows: bool, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    n, d = stated.shape
    order = data.draw(st.permutations(range(n)))
    columns = data.draw(st.permutations(range(d)))
    moved = stated.change(
        permuted(stated.data, order, columns), permuted(stated.omega, order, columns)
    )
    assert_same(stated, moved)


@both
@given(data=st.data())
def test_rows_and_columns_may_change_places(two_rows: bool, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    assert_same(stated, stated.change(turned(stated.data), turned(stated.omega)))


@both
@given(data=st.data())
def test_scaling_the_data_scales_the_optimum_by_the_square(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    c = data.draw(signs) * data.draw(scales)
    scaled = stated.change(data=[[c * x for x in row] for row in stated.data])
    assert_same(stated, scaled, c * c)


@both
@given(data=st.data())
def test_scaling_the_squared_weights_scales_the_optimum(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    c = data.draw(scales)
    scaled = stated.change(omega=[[c * x for x in row] for row in stated.omega])
    assert_same(stated, scaled, c)


@both
@given(data=st.data())
def test_scaled_data_with_inversely_scaled_weights_are_the_same(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    n, d = stated.shape
    left = data.draw(st.lists(scales, min_size=n, max_size=n))
    right = data.draw(st.lists(scales, min_size=d, max_size=d))
    assert_same(
        stated,
        stated.change(
            multiplied(stated.data, left, right),
            multiplied(
                stated.omega, [1 / p**2 for p in left], [1 / q**2 for q in right]
            ),
        ),
    )


@both
@given(data=st.data())
def test_signs_of_rows_and_columns_do_not_matter(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    n, d = stated.shape
    left = data.draw(st.lists(signs, min_size=n, max_size=n))
    right = data.draw(st.lists(signs, min_size=d, max_size=d))
    assert_same(stated, stated.change(data=multiplied(stated.data, left, right)))


@both
@given(data=st.data())
def test_duplicates_are_summed_weights(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    n, d = stated.shape
    counts = st.integers(1, 3)
    rows = data.draw(st.lists(counts, min_size=n, max_size=n))
    columns = data.draw(st.lists(counts, min_size=d, max_size=d))
    order = np.repeat(range(n), rows).tolist()
    column_order = np.repeat(range(d), columns).tolist()
    duplicated = Stated(
        permuted(stated.data, order, column_order),
        permuted(stated.omega, order, column_order),
        stated.rank,
    )
    weighted = stated.change(omega=multiplied(stated.omega, rows, columns))
    assert_same(weighted, duplicated)


@both
@given(data=st.data())
def test_a_column_may_be_split_into_two_of_less_weight(two_rows, data) -> None:
    stated = data.draw(problems(two_rows=two_rows))
    share = data.draw(
        st.fractions(Fraction(1, 20), Fraction(19, 20), max_denominator=20)
    )
    split = Stated(
        [[*row, row[-1]] for row in stated.data],
        [[*row[:-1], share * row[-1], (1 - share) * row[-1]] for row in stated.omega],
        stated.rank,
    )
    assert_same(stated, split)


@given(stated=problems(), filling=st.integers(-99, 99))
def test_data_without_weight_do_not_matter(stated: Stated, filling: int) -> None:
    refilled = [
        [Fraction(filling) if w == 0 else x for x, w in zip(row, weights, strict=True)]
        for row, weights in zip(stated.data, stated.omega, strict=True)
    ]
    assert problem_of(stated) == problem_of(stated.change(data=refilled))


@given(data=st.data())
def test_rows_of_one_weight_pattern_may_be_rotated(data) -> None:
    stated = data.draw(problems())
    weights = [stated.omega[0], *stated.omega]
    first = [*data.draw(st.permutations(stated.data[0]))]
    rows = [first, *stated.data]
    c, s = data.draw(
        st.sampled_from(
            [(Fraction(3, 5), Fraction(4, 5)), (Fraction(5, 13), Fraction(12, 13))]
        )
    )
    rotated = [
        [c * x - s * y for x, y in zip(rows[0], rows[1], strict=True)],
        [s * x + c * y for x, y in zip(rows[0], rows[1], strict=True)],
        *rows[2:],
    ]
    assert_same(
        Stated(rows, weights, stated.rank), Stated(rotated, weights, stated.rank)
    )


@given(data=st.data())
def test_separate_parts_cost_their_sum(data) -> None:
    one, other = data.draw(problems()), data.draw(problems())
    rank = min(one.rank, other.rank)
    (n, d), (m, e) = one.shape, other.shape

    def joined(first: Rows, second: Rows) -> Rows:
        top = [row + [Fraction(0)] * e for row in first]
        return top + [[Fraction(0)] * d + row for row in second]

    parts = [solved(Stated(part.data, part.omega, rank)) for part in (one, other)]
    whole = solved(
        Stated(joined(one.data, other.data), joined(one.omega, other.omega), rank)
    )
    assert n + m == len(joined(one.data, other.data))
    assert sum(part.lower for part in parts) <= whole.upper
    assert whole.lower <= sum(part.upper for part in parts)


@given(data=st.data())
def test_the_optimum_is_concave_in_the_weights(data) -> None:
    stated = data.draw(problems())
    generator = np.random.default_rng(data.draw(seeds))
    omega = [
        [Fraction(x) for x in row]
        for row in generator.integers(0, 9, size=stated.shape).tolist()
    ]
    middle = [
        [(x + y) / 2 for x, y in zip(u, v, strict=True)]
        for u, v in zip(stated.omega, omega, strict=True)
    ]
    first, second = solved(stated), solved(stated.change(omega=omega))
    between = solved(stated.change(omega=middle))
    assert (first.lower + second.lower) / 2 <= between.upper


@given(data=st.data())
def test_more_weight_never_costs_less(data) -> None:
    stated = data.draw(problems())
    generator = np.random.default_rng(data.draw(seeds))
    more = [
        [x + y for x, y in zip(u, v, strict=True)]
        for u, v in zip(
            stated.omega,
            generator.integers(0, 9, size=stated.shape).tolist(),
            strict=True,
        )
    ]
    assert solved(stated).lower <= solved(stated.change(omega=more)).upper


@given(stated=problems())
def test_a_higher_rank_never_costs_more(stated: Stated) -> None:
    higher = Stated(stated.data, stated.omega, stated.rank + 1)
    assert solved(higher).lower <= solved(stated).upper


@given(stated=problems())
def test_a_part_never_costs_more_than_the_whole(stated: Stated) -> None:
    part = Stated(stated.data[1:], stated.omega[1:], stated.rank)
    assert solved(part).lower <= solved(stated).upper


@pytest.mark.parametrize("power", [-6, -3, 3, 6])
@given(data=st.data())
def test_units_do_not_matter(power: int, data) -> None:
    stated = data.draw(problems())
    c = Fraction(10) ** power
    scaled = stated.change(data=[[c * x for x in row] for row in stated.data])
    assert_same(stated, scaled, c * c)
