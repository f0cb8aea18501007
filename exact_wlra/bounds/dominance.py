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

_STEPS = 40


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
    matrices: Floats,
    share: Floats,
    at: Floats,
    starts: Floats,
    *,
    accuracy: float,
    enough: float = -np.inf,
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
    enough : float
        Steps end where psi is known to be below this.
    """
    count, order = matrices.shape[:2]
    scale = np.abs(np.trace(matrices, axis1=1, axis2=2)) / order + 1e-300
    x = starts.copy()
    best_x, best, tops = x.copy(), np.full(count, np.inf), np.zeros(count)
    # x, value and slope at the lower and upper end of the bracket.
    ends = np.zeros((3, 2, count))
    ends[0, 0], ends[0, 1] = -np.inf, np.inf
    vectors = np.zeros((count, 2, order))
    active = np.arange(count)
    reach = scale.copy()
    diagonal = np.arange(order)
    for step in range(_STEPS):
        shifted = matrices[active].copy()
        shifted[:, diagonal, diagonal] -= x[active, None] * share
        eigenvalues, basis = np.linalg.eigh(shifted)
        top, vector = eigenvalues[:, -1], basis[:, :, -1]
        value = top + at[active] * x[active]
        image = np.einsum("tji,tj->ti", basis, vector * share)
        excess = image[:, -1] - at[active]
        distance = np.maximum(
            top[:, None] - eigenvalues[:, :-1], 1e-14 * scale[active, None]
        )
        bend = 2 * (image[:, :-1] ** 2 / distance).sum(axis=1) + 1e-300
        better = value < best[active]
        index = active[better]
        best[index], best_x[index], tops[index] = value[better], x[index], top[better]
        for side, chosen in ((0, excess > 0), (1, excess <= 0)):
            index = active[chosen]
            ends[:, side, index] = x[index], value[chosen], -excess[chosen]
            vectors[index, side] = vector[chosen]
        following, floor = _next(
            ends[:, :, active], (x[active], excess, bend), reach[active], step
        )
        is_done = best[active] <= enough
        is_done |= (best[active] - floor <= accuracy) | (
            (excess**2 <= 0.2 * accuracy * bend) & (np.abs(excess) < 1e-3)
        )
        x[active] = following
        reach[active] *= 4
        active = active[~is_done]
        if not len(active):
            break
    return Dominance(slopes=best_x, tops=tops, values=best, vectors=vectors)


def _next(
    ends: Floats, now: tuple[Floats, Floats, Floats], reach: Floats, step: int
) -> tuple[Floats, Floats]:
    """Return the next x, and a lower bound from the tangents at the bracket's ends.

    Newton's step where it stays in the bracket, else where the tangents meet; now and
    then the middle, so that the bracket shrinks at kinks too.
    """
    x, excess, bend = now
    (low, high), (low_value, high_value), (low_slope, high_slope) = ends
    bracketed = np.isfinite(low) & np.isfinite(high)
    newton = x + excess / bend
    far = x + np.sign(excess) * reach
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        meeting = low_value - low_slope * low - high_value + high_slope * high
        meeting = meeting / (high_slope - low_slope)
        floor = np.where(bracketed, low_value + low_slope * (meeting - low), -np.inf)
        middle = (low + high) / 2
        is_sound = np.isfinite(meeting) & (meeting > low) & (meeting < high)
    meeting = np.where(is_sound, meeting, middle)
    if step % 4 == 3:
        newton, meeting = np.where(bracketed, middle, newton), middle
    inside = (newton > low) & (newton < high)
    near = np.abs(newton - x) <= reach
    following = np.where(
        bracketed, np.where(inside, newton, meeting), np.where(near, newton, far)
    )
    return following, np.where(is_sound, floor, -np.inf)
