"""Tails for weights of rank one, against floating-point singular values."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.theorems.weighted_tails import rank_one_pair, split_tails, weighted_tail
from semialgebraic.rational_matrices import RationalMatrix


def squared_singular_values(B: np.ndarray, p: np.ndarray, q: np.ndarray) -> np.ndarray:
    scaled = np.sqrt(p)[:, None] * B * np.sqrt(q)
    return np.linalg.svd(scaled, compute_uv=False) ** 2


@given(seed=st.integers(0, 10**6), n=st.integers(1, 4), d=st.integers(1, 4))
def test_tails_are_those_of_the_scaled_matrix(seed: int, n: int, d: int) -> None:
    rng = np.random.default_rng(seed)
    B = rng.integers(-5, 6, (n, d))
    p, q = rng.integers(0, 4, n), rng.integers(0, 4, d)
    expected = squared_singular_values(B, p, q)
    rows = RationalMatrix(p[None]), RationalMatrix(q[None])
    for k in range(4):
        tail = weighted_tail(RationalMatrix(B), *rows, k)
        assert tail.low <= tail.high
        assert abs(tail.middle - expected[k:].sum()) <= 1e-9 * (1 + expected.sum())


def test_a_split_adds_up_its_pieces() -> None:
    B = RationalMatrix.from_rows([[2, 1], [1, 3]])
    left = RationalMatrix.from_rows([[1, 0], [0, 1]])
    right = RationalMatrix.from_rows([[1, 1], [2, 5]])
    assert split_tails(B, left, right, 1).high == 0
    assert split_tails(B, left, right, 0).low == 4 + 1 + 2 * 1 + 5 * 9


def test_pairs_of_positive_matrices_of_rank_one_only() -> None:
    pair = rank_one_pair(RationalMatrix.from_rows([[2, 4], [3, 6]]))
    assert pair is not None
    assert pair[0].transpose @ pair[1] == RationalMatrix.from_rows([[2, 4], [3, 6]])
    assert rank_one_pair(RationalMatrix.from_rows([[1, 2], [2, 0]])) is None
    assert rank_one_pair(RationalMatrix.from_rows([[1, 2], [2, 5]])) is None
