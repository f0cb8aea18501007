"""Row sampling: the bounds in the mean, on means over many seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.decompositions import tail_energy
from exact_wlra.heuristics.group_svd import group_svd
from exact_wlra.heuristics.row_groups import row_groups
from exact_wlra.heuristics.row_sampling import (
    sample,
    sample_groups,
    sample_reweighted,
    sample_rows,
)
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def in_groups(*, noise: float = 0.3) -> WeightedMatrix:
    """Return 60 x 12 data of rank two and noise, weights with two patterns of rows."""
    generator = np.random.default_rng(7)
    patterns = generator.uniform(0.2, 2.0, size=(2, 12))
    patterns[0, 3] = 0.0
    weights = patterns[np.arange(60) % 2] * generator.uniform(0.5, 2.0, size=(60, 1))
    data = generator.normal(size=(60, 2)) @ generator.normal(size=(2, 12))
    return WeightedMatrix.from_arrays(
        data + noise * generator.normal(size=data.shape), weights
    )


def within_the_mean(answers: list[Answer], tail: float) -> bool:
    """Tell whether the mean cost is at most tail + additive, and not trivially so."""
    additive = answers[0].guarantee.additive
    mean = float(np.mean([answer.cost for answer in answers]))
    assert len({answer.cost for answer in answers}) > 1
    assert mean >= tail * (1 - 1e-9)
    return mean <= tail + additive


def test_reweighted_sampling_keeps_its_mean() -> None:
    matrix = in_groups()
    tail = tail_energy(matrix.weighted_data, rank=2 * matrix.weight_rank)
    answers = [sample_reweighted(matrix, rank=2, seed=seed) for seed in range(100)]
    energy = float(np.sum(matrix.weighted_data**2))
    assert answers[0].guarantee.additive == pytest.approx(0.5 * energy)
    assert answers[0].guarantee.confidence == "in expectation"
    assert within_the_mean(answers, tail)


def test_sampling_in_groups_keeps_its_mean_and_its_rank() -> None:
    matrix = in_groups()
    groups = [group.rows for group in row_groups(matrix.root_weights)]
    tail = sum(tail_energy(matrix.weighted_data[rows], rank=2) for rows in groups)
    answers = [
        sample_groups(matrix, rank=2, epsilon=0.25, seed=seed) for seed in range(100)
    ]
    assert within_the_mean(answers, tail)
    assert {answer.rank for answer in answers} == {4}
    for answer in answers[:5]:
        assert np.linalg.matrix_rank(answer.form.entries()) <= 4


@pytest.mark.parametrize("size", [3, 6])
def test_too_few_rows_for_diagonal_blocks(size: int) -> None:
    """Block masks: OPT_1 = 0, and fewer samples than blocks leave whole blocks."""
    blocks, side = 12, 2
    mask = np.kron(np.eye(blocks), np.ones((side, side)))
    matrix = WeightedMatrix.from_arrays(np.ones(mask.shape), mask)
    energy = float(np.sum(matrix.weighted_data**2))
    for seed in range(10):
        few = sample_reweighted(matrix, rank=1, epsilon=blocks / size, seed=seed)
        assert few.cost >= energy * (1 - size / blocks) - 1e-9
        assert sample_groups(matrix, rank=1, seed=seed).cost == pytest.approx(0)


@given(seed=seeds)
def test_rows_are_drawn_by_their_norms(seed: int) -> None:
    matrix = np.diag([0.0, 1.0, 3.0])
    rows = sample_rows(matrix, size=2000, generator=np.random.default_rng(seed))
    shares = np.bincount(rows, minlength=3) / 2000
    assert shares[0] == 0
    assert shares[1] == pytest.approx(0.1, abs=0.05)


@given(seed=seeds, rank=st.integers(0, 4))
def test_baseline_has_rank_k_and_fitted_coefficients(*, seed: int, rank: int) -> None:
    matrix = in_groups()
    answer = sample(matrix, rank=rank, seed=seed)
    assert answer.rank == rank
    assert answer.guarantee.factor is None
    whole = answer.form.entries()
    residual = matrix.squared_weights * (matrix.data - whole)
    # Coefficients are optimal: X is orthogonal to its weighted residual, row by row.
    np.testing.assert_allclose(np.sum(residual * whole, axis=1), 0.0, atol=1e-6)
    assert answer.cost <= matrix.cost(np.zeros(matrix.shape))
    assert sample(matrix, rank=rank, seed=seed).cost == answer.cost


def test_groups_decomposed_whole_are_exact() -> None:
    matrix = in_groups()
    whole = sample_groups(matrix, rank=2, epsilon=2 / 30)
    assert whole.guarantee.additive == 0.0
    assert whole.cost == pytest.approx(group_svd(matrix, rank=2).cost)


def test_nothing_to_sample_and_wrong_epsilon() -> None:
    nothing = WeightedMatrix.from_arrays(np.ones((3, 2)), np.zeros((3, 2)))
    for method in (sample, sample_reweighted, sample_groups):
        assert method(nothing, rank=1).cost == 0.0
    with pytest.raises(InvalidProblemError, match="epsilon is 0"):
        sample_groups(nothing, rank=1, epsilon=0)
