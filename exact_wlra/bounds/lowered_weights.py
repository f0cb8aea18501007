"""From weights with many patterns to weights of rank two (rule `minorant`).

Contents
--------
LoweredInstance     the proof around, the instance inside, and good factors there
lowered_instances   the most promising ones, one after the other

Notes on the implementation
---------------------------
With the remainder taken at X the inside is worth f(Y) - sum (omega - omega')(Y - X)^2
at Y, less than the cost f(Y) except at X. If X is the best point inside, the bound may
reach the cost of X; otherwise not, and what the heuristic finds there says how far.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.centers import rounded_center, sufficient_grid
from exact_wlra.bounds.rank_two_minorants import rank_two_minorants
from exact_wlra.budget import Budget
from exact_wlra.certificates import Minorant, Zero
from exact_wlra.checker.minorants import lowered_instance
from exact_wlra.heuristics.alternating import alternate, best_of_starts
from reductions.instances import Instance

Floats = NDArray[np.float64]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredInstance:
    """An instance of weights of rank two whose optimum, less the price, bounds OPT.

    `proof` is a `Minorant` around `Zero`; `left` and `right` are the best factors found
    inside, and no bound inside gives more than `value` (an estimate).
    """

    proof: Minorant
    instance: Instance
    left: Floats
    right: Floats
    value: float


def lowered_instances(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    gap: float,
    count: int,
    seed: int,
    budget: Budget,
) -> Iterator[LoweredInstance]:
    """Yield lowered instances, those with the largest weights first.

    Parameters
    ----------
    instance : Instance
        With positive weights.
    left, right : arrays, shapes (n, k) and (k, d)
        Factors of a stationary point that costs something.
    gap : float
        Relative to that cost, what the rounding may spend a part of.
    count : int
        How many at most.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 2, 3], [1, 1, 1], [1, 3, 4]])
    >>> u = np.array([[1.0], [0.0], [0.0]])
    >>> lowered, *_ = lowered_instances(
    ...     Instance(data=A, squared_weights=omega, rank=1),
    ...     u,
    ...     2 * u.T,
    ...     gap=1e-3,
    ...     count=2,
    ...     seed=0,
    ...     budget=Budget(time_limit=10),
    ... )
    >>> lowered.proof.weight_left.shape, 4 < lowered.value < 5
    ((3, 2), True)
    """
    data = instance.data.to_float()
    weights = instance.squared_weights.to_float()
    losses = weights * (data - left @ right) ** 2
    cost = float(losses.sum())
    center = rounded_center(instance, left, right, gap)
    for candidate in rank_two_minorants(instance.squared_weights, losses, count=count):
        lowered = (candidate.left @ candidate.right).to_float()
        proof = Minorant(
            weight_left=candidate.left,
            weight_right=candidate.right,
            center_left=center[0],
            center_right=center[1],
            grid=sufficient_grid(weights, lowered, gap * cost),
            proof=Zero(),
        )
        inside, price = lowered_instance(instance, proof)
        here = alternate(
            inside.data.to_float(),
            inside.squared_weights.to_float(),
            right,
            sweeps=0,
            tolerance=0.0,
            budget=budget,
        )
        found = best_of_starts(inside, seed=seed, budget=budget)
        if here.cost <= found.cost * (1 + gap):
            found = here
        yield LoweredInstance(
            proof=proof,
            instance=inside,
            left=found.left,
            right=found.right,
            value=found.cost - float(price),
        )
        if budget.is_spent():
            return
