"""The least kappa above a matrix: valid, and as small as vectors allow."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.dominance import dominate


@given(seed=st.integers(0, 2**32 - 1), is_split=st.booleans())
def test_kappa_dominates_and_no_vector_is_above(seed: int, is_split: bool) -> None:
    generator = np.random.default_rng(seed)
    order, count = 5, 4
    roots = generator.standard_normal((count, order, order))
    matrices = roots @ roots.transpose(0, 2, 1) - np.eye(order)
    share = generator.random(order)
    share[:2] = 0.0, 1.0
    if is_split:
        share = np.round(share)
    at = generator.uniform(0.1, 0.9, count)
    found = dominate(matrices, share, at, np.zeros(count), accuracy=1e-7)
    for matrix, t, x, top, value in zip(
        matrices, at, found.slopes, found.tops, found.values, strict=True
    ):
        slack = np.linalg.eigvalsh(top * np.eye(order) + x * np.diag(share) - matrix)
        assert slack[0] >= -1e-9
        assert np.isclose(value, top + t * x)
        # Any x gives an upper bound; a fine grid of them is no better.
        for step in np.linspace(-1, 1, 21):
            other = np.linalg.eigvalsh(matrix - (x + step) * np.diag(share))[-1]
            assert value <= other + t * (x + step) + 1e-6
