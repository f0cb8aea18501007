"""Tails: proved, close, and zero only where the rank says so."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.communication.tails import proved_tail, smallest_tail


@given(st.integers(0, 10**6))
def test_tail_is_below_and_close(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, d = rng.integers(1, 8, 2)
    B = rng.integers(-50, 51, (n, d))
    q = int(rng.integers(0, min(n, d) + 1))
    values = np.linalg.svd(B.astype(float), compute_uv=False)
    tail = (values[q:] ** 2).sum()
    proved = proved_tail(B, q)
    assert float(proved) <= tail * (1 + 1e-9) + 1e-9
    assert float(proved) >= tail * (1 - 1e-5) - 1e-9
    if np.linalg.matrix_rank(B) > q:
        assert 0 < smallest_tail(B, q) <= tail * (1 + 1e-9)


def test_tail_far_below_rounding_error_is_still_positive() -> None:
    # sigma_2^2 is about 1e-36 of sigma_1^2: 1 / (2 (1e18)^2) in the units of B.
    big = 10**18
    B = np.array([[big, big + 1], [big - 1, big]], dtype=object)
    proved = proved_tail(B, 1)
    truth = Fraction(1, 4 * big**2 + 2)
    assert 0 < proved <= truth
    assert proved >= truth * Fraction(999, 1000)


@pytest.mark.parametrize("q", [1, 2])
def test_tail_of_low_rank_is_zero(q: int) -> None:
    assert proved_tail(np.array([[1, 2], [3, 6]]), q) == 0
