"""Minorants lie below the weights, exactly where it matters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.rank_one_minorants import (
    candidate_minorants,
    full_rectangles,
    rank_one_factors,
    rational_minorant,
    truncated_minorant,
)
from semialgebraic.rational_matrices import RationalMatrix


@pytest.mark.parametrize("shape", [(6, 4), (80, 50)])
def test_candidates_are_maximal(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    n, d = shape
    weights = rng.uniform(1, 9, size=shape)
    for p, q in candidate_minorants(weights, rng.uniform(1, 2, n), np.ones(d)):
        quotient = np.outer(p, q) / weights
        assert quotient.max() <= 1 + 1e-12
        assert quotient.max(axis=1) == pytest.approx(np.ones(n))
        assert quotient.max(axis=0) == pytest.approx(np.ones(d))


@given(
    bits=st.integers(4, 30),
    seed=st.integers(0, 10**6),
    denominator=st.integers(1, 99),
)
def test_rational_minorant_is_exactly_below(
    bits: int, seed: int, denominator: int
) -> None:
    rng = np.random.default_rng(seed)
    omega = RationalMatrix(rng.integers(1, 10**6, size=(5, 4)), denominator)
    weights = omega.to_float()
    for minorant in candidate_minorants(weights, np.ones(5), np.ones(4)):
        truncated = truncated_minorant(weights, minorant, bits)
        p, q = rational_minorant(omega, truncated, bits=bits)
        assert ((omega - p.transpose @ q).numerators >= 0).all()
        quotient = (p.transpose @ q).to_float() / weights
        assert quotient.max(axis=1).min() >= 1 - 2.0 ** (5 - bits)


def test_the_constant_minorant_of_small_integers_stays_exact() -> None:
    omega = RationalMatrix.from_rows([[1, 4, 9], [4, 1, 1], [9, 9, 1]])
    weights = omega.to_float()
    constant = next(candidate_minorants(weights, np.ones(3), np.ones(3)))
    p, q = rational_minorant(omega, truncated_minorant(weights, constant, 6), bits=6)
    assert p.transpose @ q == RationalMatrix(np.ones((3, 3), dtype=np.int64))


@given(seed=st.integers(0, 10**6), missing=st.floats(0, 0.9))
def test_rectangles_avoid_zeros(seed: int, missing: float) -> None:
    rng = np.random.default_rng(seed)
    support = rng.random((7, 5)) >= missing
    for rows, columns in full_rectangles(support, support * 1.0):
        assert rows.size
        assert columns.size
        assert support[np.ix_(rows, columns)].all()


def test_factors_of_rank_one_weights_are_exact() -> None:
    omega = RationalMatrix.from_rows([["2/3", "4/3", 0], [1, 2, 0], [0, 0, 0]])
    factors = rank_one_factors(omega)
    assert factors is not None
    assert factors[0].transpose @ factors[1] == omega
