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

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.form_groups import Floats, FormGroup
from exact_wlra.bounds.moment_program import (
    seconds_of_program,
    solved_by_interior_point,
)
from exact_wlra.bounds.moment_proof import write_proof
from exact_wlra.bounds.moment_relaxation import (
    Blocks,
    MomentRelaxation,
    Search,
    search,
)
from exact_wlra.bounds.observed_blocks import observed_blocks
from exact_wlra.budget import Budget
from exact_wlra.certificates import Moments
from exact_wlra.heuristics.many_starts import tied_minima
from exact_wlra.heuristics.newton import polished
from reductions.instances import Instance

# Largest numbers of entries, at rank one and above.
_LARGEST = 1000, 450
# Eigenvalues that are aimed at, relative to the weights: room for rounding errors.
_FLOORS = 1e-3, 1e-5
_STEPS = 1500
# With eigenvalues below this a lower floor does not help.
_HOPELESS = 0.05
# Ratio of gaps, proved and not, at which a bound away from the factors is left.
_CLOSE = 1.2
_LEAST = 1e-6
_LOOSE_FLOOR = 1e-4
# The same after an interior point method, which is near the optimum of the relaxation.
_INTERIOR_GAPS = 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 1e-1
_INTERIOR_FLOOR, _INTERIOR_STEPS, _INTERIOR_SHARE = 1e-9, 21, 0.6

Groups = tuple[FormGroup, ...]
# Costs this close, relatively, are the same: short runs may miss the least.
_TIE = 1e-9
# Largest sum of the cubes of the orders of blocks: some seconds for an iteration.
_LARGEST_WORK = 300_000_000
# Parts of the remaining time for tight bounds, and for one attempt at a loose one.
_TIGHT_SHARE, _LOOSE_SHARE = 0.6, 0.15


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
    lower: Fraction = Fraction(0),
    upper: Fraction,
    gap: Fraction,
    budget: Budget,
) -> MomentsResult:
    """Return a proof of OPT >= L with L near the cost of U V, or as near as can be.

    Parameters
    ----------
    left, right : (n, k) and (k, d)
        Factors of cost `upper`, a local optimum.
    lower : Fraction
        A bound known before, for reports of progress.
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
    finder = _Finder(instance, left, right, (float(lower), float(upper)), budget)
    spend = float(gap * upper) / 4
    for groups, blocks in finder.results():
        proof = write_proof(instance, blocks, groups, finder.scale, spend=spend)
        if proof is not None:
            return MomentsResult(proof=proof, left=finder.left, right=finder.right)
    return MomentsResult(proof=None, left=finder.left, right=finder.right)


@final
class _Finder:
    """Ways to find the matrices for one instance, with one local optimum U V."""

    def __init__(
        self,
        instance: Instance,
        left: Floats,
        right: Floats,
        bracket: tuple[float, float],
        budget: Budget,
    ) -> None:
        self.instance, self.bracket, self.budget = instance, bracket, budget
        weights = instance.squared_weights.to_float()
        self.data = np.where(weights > 0, instance.data.to_float(), 0.0)
        self.left, self.right = polished(self.data, weights, left, right)
        self.scale = float(np.median(weights[weights > 0]))
        self.weights = weights / self.scale
        self.point = np.where(weights > 0, self.left @ self.right, 0.0)
        self.unit = float(np.linalg.norm(self.point)) or 1.0

    def results(self) -> Iterator[tuple[Groups, Blocks]]:
        """Yield matrices, those of the best bound first, until one serves."""
        configurations = _configurations(self.instance)
        # Many blocks make iterations slow; an interior point method may need the time.
        is_whole = all(len(g.places) == 1 for groups in configurations for g in groups)
        share = _TIGHT_SHARE / max(len(configurations), 1) if is_whole else _LOOSE_SHARE
        for groups in configurations:
            if self.budget.is_spent():
                return
            blocks = self._tight(groups, share * self._time_left())
            if blocks is not None:
                yield groups, blocks
        programs = [*reversed(configurations)] if self.instance.rank > 1 else []
        programs += [(group,) for groups in programs[-1:] for group in groups]
        for groups in programs:
            seconds = seconds_of_program(int((self.weights > 0).sum()), groups)
            if seconds < _INTERIOR_SHARE * self._time_left():
                blocks = self._interior(groups)
                if blocks is not None:
                    yield groups, blocks
                break
        for groups in configurations[-1:]:
            blocks = self._loose(groups)
            if blocks is not None:
                yield groups, blocks

    def _time_left(self) -> float:
        return self.budget.time_limit - self.budget.seconds()

    def _relaxation(self, groups: Groups) -> MomentRelaxation:
        return MomentRelaxation(self.data, self.weights, groups, self.unit)

    def _search(
        self,
        relaxation: MomentRelaxation,
        start: Blocks,
        floor: float,
        seconds: float,
        steps: int = _STEPS,
    ) -> Search:
        return search(
            relaxation,
            start,
            floor=floor,
            steps=steps,
            seconds=seconds,
            budget=self.budget,
            bracket=self.bracket,
        )

    def _tight(self, groups: Groups, seconds: float) -> Blocks | None:
        """Look for a proof that the point is optimal, with all points tied with it."""
        end = self.budget.seconds() + seconds
        relaxation = self._relaxation(groups)
        relaxation.aim(float((self.weights * (self.data - self.point) ** 2).sum()))
        relaxation.assume_optimal([self.point])
        state, ties = relaxation.start(), [self.point]
        for floor in _FLOORS:
            seconds = end - self.budget.seconds()
            result = self._search(relaxation, state, floor, seconds)
            if result.found is not None:
                return result.found
            if self.budget.seconds() > end or result.least < -_HOPELESS:
                return None
            state = result.state
            if len(ties) == 1:
                ties = self._ties()
            if len(ties) > 1:
                relaxation.assume_optimal(ties)
                state = relaxation.start()
        return None

    def _ties(self) -> list[Floats]:
        """Return the minima that short runs find, if they cost what the point does."""
        cost = float((self.weights * (self.data - self.point) ** 2).sum())
        return [
            other
            for other in tied_minima(
                self.data, self.weights, self.instance.rank, seed=0
            )
            if float((self.weights * (self.data - other) ** 2).sum())
            <= (1 + _TIE) * cost
        ]

    def _interior(self, groups: Groups) -> Blocks | None:
        """Solve the relaxation by an interior point method, then meet the equations."""
        relaxation = self._relaxation(groups)
        start, bound = solved_by_interior_point(relaxation, self._time_left())
        # Above the cost of the factors no bound is true.
        bound = min(bound, self.bracket[1] / self.scale)
        for part in _INTERIOR_GAPS:
            relaxation.aim(bound * (1 - part))
            seconds = _LOOSE_SHARE * self._time_left()
            result = self._search(
                relaxation, start, _INTERIOR_FLOOR, seconds, _INTERIOR_STEPS
            )
            if result.found is not None:
                return result.found
        return None

    def _loose(self, groups: Groups) -> Blocks | None:
        """Look for a proof of a bound as near to the cost as can be.

        The gap is divided by 8 while that succeeds, then bisected on a logarithmic
        scale.
        """
        relaxation = self._relaxation(groups)
        relaxation.aim(0.0)
        best, start = None, relaxation.start()
        proved, failed = 1.0, 0.0
        while proved > _CLOSE * failed and proved > _LEAST:
            trial = proved / 8 if failed == 0.0 else (proved * failed) ** 0.5
            relaxation.aim((1 - trial) * self.bracket[1] / self.scale)
            seconds = max(_LOOSE_SHARE * self._time_left(), 0.2)
            result = self._search(relaxation, start, _LOOSE_FLOOR, seconds)
            if result.found is not None:
                best, start, proved = result.found, result.state, trial
            elif self.budget.is_spent():
                break
            else:
                failed = trial
        return best


def _configurations(instance: Instance) -> list[Groups]:
    """Return the sets of blocks whose forms are tried, the smallest first."""
    if instance.rank == 1:
        return [()]
    blocks = _affordable(observed_blocks(instance.support(), instance.rank))
    if not blocks:
        return []
    sides = [_groups(instance, blocks, axis) for axis in (0, 1)]
    # With entries missing there are many blocks, and one side of them is slow enough.
    return [*sides, sides[0] + sides[1]] if len(blocks) == 1 else [sides[0]]


def _affordable(
    blocks: list[tuple[list[int], list[int]]],
) -> list[tuple[list[int], list[int]]]:
    """Return the first blocks, the largest, as many as an iteration can bear."""
    costs = [float(len(rows) * len(columns)) ** 3 for rows, columns in blocks]
    kept = int((np.cumsum(costs) <= _LARGEST_WORK).sum())
    return blocks[:kept]


def _groups(
    instance: Instance, blocks: list[tuple[list[int], list[int]]], axis: int
) -> Groups:
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
