"""Moment relaxations: a certificate of global optimality for weights of any pattern.

The dual of a moment relaxation (Shor's, strengthened) is a sum of squares: cost - L
minus quadratic forms that are not negative at rank k. It is searched first where it
would prove the factors in hand optimal, which is quick; if that fails, for bounds that
are as good as time permits.

Contents
--------
MomentsResult       a proof and its bound
why_no_moments      whether there is a relaxation for an instance
prove_moments       the search

References
----------
[Lasserre2001]_, [BertsimasCoryWrightLoPauphilet2023]_
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.form_groups import Floats, FormGroup
from exact_wlra.bounds.moment_proof import write_proof
from exact_wlra.bounds.moment_relaxation import Blocks, MomentRelaxation, search
from exact_wlra.bounds.observed_blocks import observed_blocks
from exact_wlra.budget import Budget
from exact_wlra.certificates import Moments
from exact_wlra.heuristics.many_starts import tied_minima
from exact_wlra.heuristics.newton import polished
from reductions.instances import Instance

# Largest numbers of entries, at rank one and above.
_LARGEST = 1000, 450
# Largest sum of the cubes of the orders of blocks: some seconds for an iteration.
_LARGEST_WORK = 300_000_000
# Eigenvalues that are aimed at, relative to the weights: room for rounding errors.
_FLOORS = 1e-3, 1e-5
_STEPS = 1500
# With eigenvalues below this a lower floor does not help.
_HOPELESS = 0.05
# Ratio of gaps, proved and not, at which a bound away from the factors is left.
_CLOSE = 1.2
_LEAST = 1e-6
_LOOSE_FLOOR = 1e-4
# Costs this close, relatively, are the same: short runs may miss the least.
_TIE = 1e-9
# Parts of the remaining time for one attempt at a tight bound, and at a loose one.
_TIGHT_SHARE, _LOOSE_SHARE = 0.25, 0.15


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MomentsResult:
    """The best proof found, its bound, and U, V polished (floats)."""

    proof: Moments | None
    left: Floats
    right: Floats


def why_no_moments(instance: Instance) -> str:
    """Return why there is no relaxation for the instance, or "".

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [3, 5, 4]])
    >>> why_no_moments(Instance(data=A, squared_weights=ones_like(A), rank=1))
    ''
    """
    n, d = instance.shape
    if not 1 <= instance.rank < min(n, d):
        return "needs 1 <= rank < rows, columns"
    limit = _LARGEST[instance.rank > 1]
    if n * d > limit:
        return f"more than {limit} entries"
    if instance.rank > 1 and not _configurations(instance):
        return "no fully observed block is larger than the rank"
    return ""


def prove_moments(
    instance: Instance,
    left: Floats,
    right: Floats,
    *,
    upper: Fraction,
    gap: Fraction,
    budget: Budget,
) -> MomentsResult:
    """Return a proof of OPT >= L with L near the cost of U V, or as near as can be.

    Parameters
    ----------
    left, right : (n, k) and (k, d)
        Factors of cost `upper`, a local optimum.
    gap : Fraction
        What upper - L may be, relative to upper.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> result = prove_moments(
    ...     Instance(data=A, squared_weights=ones_like(A), rank=1),
    ...     np.array([[1.4], [0.1]]),
    ...     np.array([[1.4, 0.1]]),
    ...     upper=Fraction(1),
    ...     gap=Fraction(1, 1000),
    ...     budget=Budget(time_limit=60),
    ... )
    >>> float(result.proof.lower) > 0.999
    True
    """
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    left, right = polished(data, weights, left, right)
    scale = float(np.median(weights[weights > 0]))
    point = left @ right
    unit = float(np.linalg.norm(point[weights > 0])) or 1.0
    allowed = float(gap * upper)
    found: Moments | None = None
    relaxation: MomentRelaxation | None = None
    for groups in _configurations(instance):
        if budget.is_spent():
            break
        relaxation = MomentRelaxation(data, weights / scale, groups, unit)
        relaxation.aim(float((weights * (data - point) ** 2).sum()) / scale)
        blocks = _tight_blocks(relaxation, data, weights, point, budget)
        if blocks is not None:
            found = write_proof(instance, blocks, groups, scale, spend=allowed / 4)
        if found is not None:
            return MomentsResult(proof=found, left=left, right=right)
    if relaxation is not None and not budget.is_spent():
        blocks = _loose_blocks(relaxation, float(upper) / scale, budget)
        if blocks is not None:
            groups = relaxation.groups
            found = write_proof(instance, blocks, groups, scale, spend=allowed / 4)
    return MomentsResult(proof=found, left=left, right=right)


def _tight_blocks(
    relaxation: MomentRelaxation,
    data: Floats,
    weights: Floats,
    point: Floats,
    budget: Budget,
) -> Blocks | None:
    """Look for matrices that prove a point optimal, and all points tied with it."""
    relaxation.assume_optimal([point])
    state, ties = relaxation.start(), [point]
    for floor in _FLOORS:
        result = search(
            relaxation,
            state,
            floor=floor,
            steps=_STEPS,
            budget=budget,
            seconds=_TIGHT_SHARE * (budget.time_limit - budget.seconds()),
        )
        if result.found is not None:
            return result.found
        if budget.is_spent() or result.least < -_HOPELESS:
            return None
        state = result.state
        if len(ties) == 1:
            ties = _ties(data, weights, relaxation.rank, point)
            if len(ties) > 1:
                relaxation.assume_optimal(ties)
                state = relaxation.start()
    return None


def _ties(data: Floats, weights: Floats, rank: int, point: Floats) -> list[Floats]:
    """Return the tied minima that short runs find, if they cost what the point does."""
    allowed = (1 + _TIE) * float((weights * (data - point) ** 2).sum())
    return [
        other
        for other in tied_minima(data, weights, rank, seed=0)
        if float((weights * (data - other) ** 2).sum()) <= allowed
    ]


def _loose_blocks(
    relaxation: MomentRelaxation, upper: float, budget: Budget
) -> Blocks | None:
    """Look for matrices that prove a bound as near to the cost as can be.

    The gap is divided by 8 while that succeeds, then bisected on a logarithmic scale.
    """
    relaxation.assume_nothing()
    best: Blocks | None = None
    proved, failed = 1.0, 0.0
    relaxation.aim(0.0)
    start = relaxation.start()
    while proved > _CLOSE * failed and proved > _LEAST:
        trial = proved / 8 if failed == 0.0 else (proved * failed) ** 0.5
        relaxation.aim((1 - trial) * upper)
        result = search(
            relaxation,
            start,
            floor=_LOOSE_FLOOR,
            steps=_STEPS,
            budget=budget,
            seconds=max(_LOOSE_SHARE * (budget.time_limit - budget.seconds()), 0.2),
        )
        if result.found is not None:
            best, start, proved = result.found, result.state, trial
        elif budget.is_spent():
            break
        else:
            failed = trial
    return best


def _configurations(instance: Instance) -> list[tuple[FormGroup, ...]]:
    """Return the sets of blocks whose forms are tried, the smallest first."""
    if instance.rank == 1:
        return [()]
    blocks = _affordable(observed_blocks(instance.support(), instance.rank))
    if not blocks:
        return []
    sides = [_groups(instance, blocks, axis) for axis in (0, 1)]
    return [*sides, sides[0] + sides[1]]


def _affordable(
    blocks: list[tuple[list[int], list[int]]],
) -> list[tuple[list[int], list[int]]]:
    """Return the first blocks, the largest, as many as an iteration can bear."""
    costs = [float(len(rows) * len(columns)) ** 3 for rows, columns in blocks]
    kept = int((np.cumsum(costs) <= _LARGEST_WORK).sum())
    return blocks[:kept]


def _groups(
    instance: Instance, blocks: list[tuple[list[int], list[int]]], axis: int
) -> tuple[FormGroup, ...]:
    """Return the blocks, or their transposes, grouped by shape."""
    n, d = instance.shape
    every = np.arange(n * d).reshape(n, d)
    by_shape: dict[tuple[int, int], list[NDArray[np.int64]]] = {}
    for rows, columns in blocks:
        places = every[np.ix_(rows, columns)]
        places = places.T if axis else places
        by_shape.setdefault((places.shape[0], places.shape[1]), []).append(
            places.ravel()
        )
    return tuple(
        FormGroup(
            places=np.array(members), shape=shape, rank=instance.rank, order=n * d
        )
        for shape, members in sorted(by_shape.items())
    )
