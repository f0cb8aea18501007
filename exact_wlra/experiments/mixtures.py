"""Samples of a Gaussian mixture, weighted by inverse variance.

Contents
--------
GaussianMixture     sizes of the experiment
mixture_sample      points as rows, weights by component

References
----------
[WoodruffYasuda2024]_ have such an experiment; its sizes are not stated in what we
found, and those of `GaussianMixture` are ours.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.heuristics.weighted_matrix import WeightedMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianMixture:
    """Sizes of the experiment.

    Parameters
    ----------
    n_points, n_coordinates : int
        n and d.
    n_components : int
        g; also the number of distinct rows of W.
    least_deviation, greatest_deviation : float
        Standard deviations are log-uniform between these.
    is_isotropic : bool
        Whether a component has one standard deviation for all coordinates, and not one
        for each. Then W has rank one.
    mean_deviation : float
        Means are Gaussian with this standard deviation.
    """

    n_points: int = 1000
    n_coordinates: int = 50
    n_components: int = 5
    least_deviation: float = 0.1
    greatest_deviation: float = 10.0
    is_isotropic: bool = False
    mean_deviation: float = 1.0


def mixture_sample(mixture: GaussianMixture, *, seed: int) -> WeightedMatrix:
    """Return points A_i ~ N(mu_c, diag(sigma_c)^2) with W_ij = 1/sigma_cj^2, c = c(i).

    The inverse variance is W itself, as the paper says; the cost squares it.

    Examples
    --------
    >>> mixture = GaussianMixture(n_points=30, n_coordinates=4, n_components=2)
    >>> matrix = mixture_sample(mixture, seed=0)
    >>> matrix.shape, len(np.unique(matrix.root_weights, axis=0)), matrix.weight_rank
    ((30, 4), 2, 2)
    """
    generator = np.random.default_rng(seed)
    shape = (mixture.n_components, mixture.n_coordinates)
    means = mixture.mean_deviation * generator.standard_normal(shape)
    low, high = np.log([mixture.least_deviation, mixture.greatest_deviation])
    columns = 1 if mixture.is_isotropic else mixture.n_coordinates
    drawn = np.exp(generator.uniform(low, high, (mixture.n_components, columns)))
    deviations = np.broadcast_to(drawn, shape)
    component = generator.integers(mixture.n_components, size=mixture.n_points)
    noise = generator.standard_normal((mixture.n_points, mixture.n_coordinates))
    return WeightedMatrix.from_arrays(
        means[component] + deviations[component] * noise,
        deviations[component] ** -2.0,
    )
