"""Columns: the bound of volume sampling, always; greedy reaches its goal."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.communication.column_selection import (
    greedy_columns,
    independent_columns,
    projection_loss,
    volume_columns,
)


def _tail(B: np.ndarray, q: int) -> float:
    return float((np.linalg.svd(B, compute_uv=False)[q:] ** 2).sum())


def _matrix(seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    n, d = rng.integers(2, 9, 2)
    scales = 10.0 ** rng.uniform(-2, 1, size=d)
    return rng.standard_normal((n, d)) * scales


@given(st.integers(0, 10**6), st.data())
def test_volume_columns_keep_the_bound_for_every_rank(
    seed: int, data: st.DataObject
) -> None:
    B = _matrix(seed)
    s = data.draw(st.integers(1, min(B.shape)))
    S = volume_columns(B, size=s)
    loss = projection_loss(B, S, None)
    for q in range(s + 1):
        bound = (s + 1) / (s - q + 1) * _tail(B, q)
        assert loss <= bound * (1 + 1e-9) + 1e-12 * (B**2).sum()


@given(st.integers(0, 10**6))
def test_volume_columns_are_no_worse_than_the_mean_by_volume(seed: int) -> None:
    B = _matrix(seed)[:5, :6]
    s = min(2, *B.shape)
    sets = [list(T) for T in itertools.combinations(range(B.shape[1]), s)]
    volumes = np.array([np.linalg.det(B[:, T].T @ B[:, T]) for T in sets])
    losses = np.array([projection_loss(B, T, None) for T in sets])
    mean = (volumes * losses).sum() / volumes.sum()
    loss = projection_loss(B, volume_columns(B, size=s), None)
    assert loss <= mean * (1 + 1e-6) + 1e-12 * (B**2).sum()


@pytest.mark.parametrize("rank", [None, 2])
@pytest.mark.parametrize("seed", range(20))
def test_greedy_columns_reach_the_goal(seed: int, rank: int | None) -> None:
    B = np.random.default_rng(seed).standard_normal((8, 10))
    goal = 1.2 * _tail(B, 2)
    S = greedy_columns(B, goal=goal, rank=rank)
    assert projection_loss(B, S, rank) <= goal
    assert sorted(set(S)) == S


@given(st.integers(0, 10**6))
def test_independent_columns_are_a_basis(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d, m = rng.integers(1, 7, 3)
    B = rng.integers(-3, 4, (n, m)) @ rng.integers(-3, 4, (m, d))
    S = independent_columns(B)
    assert len(S) == np.linalg.matrix_rank(B)
    assert np.linalg.matrix_rank(B[:, S]) == len(S)
