"""The least kappa with kappa_0 E_0 + kappa_1 E_1 above a matrix, in batches.

For weights of rank two, E_0 + E_1 = I, the best kappa at t is (mu + x, mu) with

    psi = min over x of lambda_max(R - x E_0) + t x,    mu = lambda_max(R - x E_0).

Contents
--------
Dominance           x, mu, psi and eigenvectors for a batch of points
dominate            safeguarded Newton steps on the convex function of x
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats

_STEPS = 24


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dominance:
    """For each of T points: x, mu, psi (T,) and two vectors that attain mu (T, 2, d).

    The vectors belong to both ends of the last bracket of x: where lambda_max has a
    kink, the maximum over v lies between them.
    """

    slopes: Floats
    tops: Floats
    values: Floats
    vectors: Floats


def dominate(
    matrices: Floats, share: Floats, at: Floats, starts: Floats, *, accuracy: float
) -> Dominance:
    """Minimize lambda_max(R - x diag(share)) + t x for each R and t.

    Parameters
    ----------
    matrices : (T, d, d)
    share : (d,)
        Diagonal of E_0.
    at, starts : (T,)
        t, and where to start x.
    accuracy : float
        Steps end where no more than this can be gained.
    """
    count, order = matrices.shape[:2]
    scale = np.abs(np.trace(matrices, axis1=1, axis2=2)) / order + 1e-300
    x = starts.copy()
    best_x, best, top_at = x.copy(), np.full(count, np.inf), np.zeros(count)
    low = {"x": np.full(count, -np.inf), "v": np.zeros(count), "g": np.zeros(count)}
    high = {"x": np.full(count, np.inf), "v": np.zeros(count), "g": np.zeros(count)}
    vectors = np.zeros((count, 2, order))
    open_ = np.arange(count)
    reach = scale.copy()
    for _ in range(_STEPS):
        shifted = matrices[open_].copy()
        diagonal = np.arange(order)
        shifted[:, diagonal, diagonal] -= x[open_, None] * share
        eigenvalues, basis = np.linalg.eigh(shifted)
        top, vector = eigenvalues[:, -1], basis[:, :, -1]
        value = top + at[open_] * x[open_]
        image = np.einsum("tji,tj->ti", basis, vector * share)
        excess = image[:, -1] - at[open_]
        bend = 2 * (
            image[:, :-1] ** 2
            / np.maximum(top[:, None] - eigenvalues[:, :-1], 1e-14 * scale[open_, None])
        ).sum(axis=1)
        better = value < best[open_]
        best[open_[better]] = value[better]
        best_x[open_[better]] = x[open_[better]]
        top_at[open_[better]] = top[better]
        for side, end, chosen in ((0, low, excess > 0), (1, high, excess <= 0)):
            index = open_[chosen]
            end["x"][index], end["v"][index] = x[index], value[chosen]
            end["g"][index] = -excess[chosen]
            vectors[index, side] = vector[chosen]
        gain = excess**2 / (2 * bend + 1e-300)
        newton = x[open_] + excess / (bend + 1e-300)
        lo, hi = low["x"][open_], high["x"][open_]
        bracketed = np.isfinite(lo) & np.isfinite(hi)
        with np.errstate(invalid="ignore", divide="ignore"):
            gl, gh = low["g"][open_], high["g"][open_]
            vl, vh = low["v"][open_], high["v"][open_]
            meeting = (vl - gl * lo - vh + gh * hi) / (gh - gl)
            floor = vl + gl * (meeting - lo)
        closed = bracketed & (best[open_] - floor <= accuracy)
        small = (gain <= 0.1 * accuracy) & (np.abs(excess) < 1e-3)
        far = np.sign(excess) * reach[open_]
        inside = (newton > lo) & (newton < hi)
        wild = ~bracketed & (np.abs(newton - x[open_]) > np.abs(far))
        following = np.where(inside & ~wild, newton, np.where(bracketed, meeting, x[open_] + far))
        x[open_] = following
        reach[open_] *= 4
        open_ = open_[~(closed | small)]
        if not len(open_):
            break
    return Dominance(slopes=best_x, tops=top_at, values=best, vectors=vectors)
