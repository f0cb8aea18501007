"""Shares of singular values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.experiments.spectra import leading_share, spectrum


@given(seed=st.integers(0, 1000))
def test_the_share_is_what_the_best_rank_one_matrix_explains(seed: int) -> None:
    matrix = np.random.default_rng(seed).standard_normal((5, 3))
    left, values, right = np.linalg.svd(matrix)
    rest = matrix - values[0] * np.outer(left[:, 0], right[0])
    share = 1 - (rest**2).sum() / (matrix**2).sum()
    assert leading_share(matrix) == pytest.approx(share)
    assert leading_share(7 * matrix.T) == pytest.approx(share)
    assert (np.diff(spectrum(matrix)) <= 0).all()
