"""Column subsets: the existence theorem by brute force, measured factors, numbers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.column_subset import (
    Selection,
    best_subset,
    column_subset,
    existence_factor,
    projection_error,
    select_columns,
)
from exact_wlra.heuristics.decompositions import tail_energy
from exact_wlra.heuristics.forms import ColumnSubset
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)
selections = st.sampled_from(["pivoted-qr", "greedy", "leverage"])


def matrix_of(seed: int) -> WeightedMatrix:
    """Return 8 x 10 data near rank two with weights of rank one or two, some zero."""
    generator = np.random.default_rng(seed)
    weights = generator.integers(0, 3, size=(8, 1)) * generator.uniform(1, 2, size=10)
    if seed % 2:
        weights[:, 0] = 0.0
    data = generator.normal(size=(8, 2)) @ generator.normal(size=(2, 10))
    return WeightedMatrix.from_arrays(
        data + 0.2 * generator.normal(size=data.shape), weights
    )


@given(seed=seeds, q=st.integers(1, 3), extra=st.integers(0, 3))
def test_some_columns_reach_the_existence_factor(
    *, seed: int, q: int, extra: int
) -> None:
    matrix = np.random.default_rng(seed).normal(size=(5, 7)) ** 3
    size = q + extra
    columns, error = best_subset(matrix, size=size)
    bound = existence_factor(size=size, rank=q) * tail_energy(matrix, rank=q)
    assert error <= bound * (1 + 1e-9) + 1e-12
    assert error == pytest.approx(projection_error(matrix, columns))
    for chosen in combinations(range(7), size):
        assert error <= projection_error(matrix, np.array(chosen)) + 1e-12


@given(seed=seeds)
def test_existence_factor_is_needed(seed: int) -> None:
    """Columns e_i plus a large common vector: nearly q + 1 at s = q = 1."""
    size = 4
    matrix = np.vstack([np.full(size, 1e3), np.eye(size)])
    order = np.random.default_rng(seed).permutation(size)
    _, error = best_subset(matrix[:, order], size=1)
    assert error / tail_energy(matrix, rank=1) > 0.9 * existence_factor(size=1, rank=1)


@given(seed=seeds, rank=st.integers(1, 2), how=selections, restricted=st.booleans())
def test_factor_is_what_was_achieved(
    *, seed: int, rank: int, how: Selection, restricted: bool
) -> None:
    matrix = matrix_of(seed)
    answer = column_subset(
        matrix, rank=rank, selection=how, restricted=restricted, seed=seed
    )
    exact = reweighted(matrix, rank=rank)
    guarantee, form = answer.guarantee, answer.form
    assert isinstance(form, ColumnSubset)
    assert guarantee.factor is not None
    energy = float(np.sum(matrix.weighted_data**2))
    if restricted:
        assert exact.cost <= answer.cost + 1e-9 * energy
    assert answer.cost <= guarantee.factor * exact.cost + guarantee.additive + 1e-9 * (
        energy
    )
    if restricted and "span of the" in guarantee.statement:
        reached = float(guarantee.statement.split("leaves ")[1].split()[0])
        assert reached * (1 - 1e-5) <= guarantee.factor <= (reached + 1) * (1 + 1e-5)


def test_numbers_with_and_without_a_rank_restriction() -> None:
    generator = np.random.default_rng(0)
    matrix = WeightedMatrix.from_arrays(
        generator.normal(size=(30, 40)), np.outer(np.arange(1, 31), np.arange(1, 41))
    )
    narrow = column_subset(matrix, rank=2, epsilon=0.25)
    wide = column_subset(matrix, rank=2, epsilon=0.25, restricted=False)
    s, q, weights = 8 + 1, 2, 70
    assert narrow.n_numbers == 30 * s + s + s * q + q * 40 + weights
    assert wide.n_numbers == 30 * s + s + s * 40 + weights
    assert wide.cost < narrow.cost


@given(seed=seeds, how=selections)
def test_only_the_chosen_columns_of_the_data_are_used(
    *, seed: int, how: Selection
) -> None:
    form = column_subset(matrix_of(seed), rank=1, selection=how, seed=seed).form
    assert isinstance(form, ColumnSubset)
    assert len(set(form.columns.tolist())) == len(form.columns)
    np.testing.assert_array_equal(form.selected, matrix_of(seed).data[:, form.columns])


@given(seed=seeds, how=selections)
def test_selection_stops_where_columns_span_everything(
    *, seed: int, how: Selection
) -> None:
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(6, 2)) @ generator.normal(size=(2, 9))
    columns = select_columns(matrix, size=5, rank=2, how=how, seed=seed)
    assert how == "leverage" or len(columns) == 2
    assert projection_error(matrix, columns) < 1e-20 * np.sum(matrix**2) + 1e-24


def test_messages() -> None:
    matrix = matrix_of(0)
    with pytest.raises(InvalidProblemError, match="epsilon is -1"):
        column_subset(matrix, rank=1, epsilon=-1)
    with pytest.raises(InvalidProblemError, match="tiny matrices"):
        best_subset(np.ones((2, 40)), size=20)
    with pytest.raises(InvalidProblemError, match="take at least 3"):
        existence_factor(size=2, rank=3)
