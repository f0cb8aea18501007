"""Mixtures are samples of what they say, weighted by inverse variance."""

import numpy as np
import pytest

from exact_wlra.experiments.mixtures import GaussianMixture, mixture_sample
from exact_wlra.heuristics.reweighted_separable import reweighted_separable


@pytest.mark.parametrize("is_isotropic", [True, False])
def test_reweighted_residuals_have_variance_one(is_isotropic: bool) -> None:
    mixture = GaussianMixture(
        n_points=20_000, mean_deviation=0.0, n_components=3, is_isotropic=is_isotropic
    )
    sample = mixture_sample(mixture, seed=0)
    # W is the inverse variance, so that its root scales the data to variance one.
    scaled = np.sqrt(sample.root_weights) * sample.data
    assert scaled.mean() == pytest.approx(0, abs=0.01)
    assert scaled.std() == pytest.approx(1, abs=0.01)


def test_weights_of_isotropic_components_have_rank_one() -> None:
    sample = mixture_sample(GaussianMixture(n_points=60, is_isotropic=True), seed=1)
    assert sample.weight_rank == 1
    found = reweighted_separable(sample, rank=3)
    assert found.guarantee.factor == pytest.approx(1)


def test_the_seed_decides_the_sample() -> None:
    mixture = GaussianMixture(n_points=9)
    first, again, other = (mixture_sample(mixture, seed=s).data for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
