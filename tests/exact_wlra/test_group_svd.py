"""Groups of proportional weight rows: found, optimal in each group, of true rank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.heuristics.forms import GroupedColumns, GroupedRows
from exact_wlra.heuristics.group_svd import group_svd
from exact_wlra.heuristics.row_groups import row_groups
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def grouped(seed: int) -> tuple[WeightedMatrix, NDArray[np.int64]]:
    """Return 12 x 5 data, rows of W multiples of 3 patterns with zeros; the patterns."""
    generator = np.random.default_rng(seed)
    patterns = np.array([[1, 0, 3, 2, 7], [1, 1, 0, 1, 1], [0, 0, 5, 1, 3]])
    labels = np.concatenate([np.arange(3), generator.integers(0, 3, size=9)])
    scales = generator.integers(1, 1000, size=(12, 1)) / 7.0
    matrix = WeightedMatrix.from_arrays(
        generator.normal(size=(12, 5)), scales * patterns[labels] / 3.0
    )
    return matrix, labels


@given(seed=seeds)
def test_proportional_rows_are_found_in_spite_of_rounding(seed: int) -> None:
    matrix, labels = grouped(seed)
    found = list(row_groups(matrix.root_weights))
    assert [group.rows.tolist() for group in found] == [
        np.flatnonzero(labels == label).tolist() for label in range(3)
    ]
    for group in found:
        np.testing.assert_allclose(
            np.outer(group.scales, group.pattern), matrix.root_weights[group.rows]
        )


@pytest.mark.parametrize("size", [1e-300, 1e-12, 1e-6])
def test_small_weights_are_not_taken_for_none_or_for_each_other(size: float) -> None:
    weights = np.array([[1.0, 0.0], [1.0, size], [1.0, size * (1 + 1e-9)], [0.0, 0.0]])
    assert len(list(row_groups(weights))) == 4


@given(seed=seeds, rank=st.integers(1, 3))
def test_cost_is_the_sum_of_tails_below_any_competitor(*, seed: int, rank: int) -> None:
    matrix, labels = grouped(seed)
    answer = group_svd(matrix, rank=rank)
    weighted = matrix.weighted_data
    tails = [
        float(
            (np.linalg.svd(weighted[labels == g], compute_uv=False)[rank:] ** 2).sum()
        )
        for g in range(3)
    ]
    assert answer.cost == pytest.approx(sum(tails), abs=1e-9 * np.sum(weighted**2))
    generator = np.random.default_rng(seed)
    for _ in range(5):
        right = generator.normal(size=(rank, 5))
        left = generator.normal(size=(12, rank))
        assert answer.cost <= matrix.cost(left @ right)
    assert np.linalg.matrix_rank(answer.form.entries()) <= answer.rank <= 3 * rank


@given(seed=seeds, rank=st.integers(0, 3))
def test_columns_are_rows_of_the_transpose(*, seed: int, rank: int) -> None:
    matrix, _ = grouped(seed)
    flipped = WeightedMatrix.from_arrays(matrix.data.T, matrix.root_weights.T)
    rows = group_svd(matrix, rank=rank)
    columns = group_svd(flipped, rank=rank, axis=1)
    assert isinstance(rows.form, GroupedRows)
    assert isinstance(columns.form, GroupedColumns)
    assert columns.method == "group-svd-columns"
    assert columns.cost == pytest.approx(rows.cost)
    assert (columns.rank, columns.n_numbers) == (rows.rank, rows.n_numbers)
    whole = columns.form.entries()
    np.testing.assert_allclose(whole, rows.form.entries().T)
    vectors = np.random.default_rng(seed).normal(size=(12, 2))
    np.testing.assert_allclose(columns.form.apply(vectors), whole @ vectors)
    np.testing.assert_allclose(columns.form.apply(vectors[:, 0]), whole @ vectors[:, 0])


def test_groups_of_narrow_support_add_little_rank() -> None:
    weights = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [1, 1, 1], [2, 2, 2]])
    matrix = WeightedMatrix.from_arrays(np.arange(15.0).reshape(5, 3) ** 2, weights)
    answer = group_svd(matrix, rank=2)
    assert isinstance(answer.form, GroupedRows)
    assert [len(right) for right in answer.form.rights] == [0, 1, 2]
    assert answer.cost == pytest.approx(0.0, abs=1e-18)
