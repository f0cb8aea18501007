"""The (k+1)-core of the graph of positive weights (mathematics C7).

*Statement.* A row or column with at most k positive weights may be deleted: perturb the
other factor so that the at most k vectors it meets are independent, and fit it exactly.
Iterated, OPT depends only on the (k+1)-core of the support graph; an empty core means
OPT = 0. *Accepts* instances larger than their core. *Produces* the core. *Lifts by*
putting rows and columns back in reverse order, perturbing where a fit is singular.
*Guarantee* the infimum; attainment may be lost.

Contents
--------
Peeling         rounds of deletion, and what remains
peeling         the rounds for a support and a rank
Peeled          the record of the reduction
peel            the reduction
"""

from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from reductions.errors import NotApplicableError
from reductions.guarantees import INFIMUM_ONLY, Factor, Guarantee
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

# Size of the perturbation that makes dependent vectors independent, relative to one.
# Its square is what a singular fit adds to the cost.
_PERTURBATION = 1e-6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Peeling:
    """Rounds (axis, indices) in order of deletion; rows and columns of the core."""

    rounds: tuple[tuple[int, NDArray[np.int64]], ...]
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]


def peeling(support: NDArray[np.bool_], rank: int) -> Peeling:
    """Return how the support graph is peeled down to its (k+1)-core.

    Examples
    --------
    >>> support = np.array([[1, 1, 1], [1, 1, 1], [1, 0, 0]], dtype=bool)
    >>> peeled = peeling(support, 1)
    >>> peeled.rows.tolist(), peeled.columns.tolist()
    ([0, 1], [0, 1, 2])
    """
    alive = [np.ones(size, dtype=bool) for size in support.shape]
    rounds: list[tuple[int, NDArray[np.int64]]] = []
    while True:
        before = len(rounds)
        for axis in (0, 1):
            view = support if axis == 0 else support.T
            degrees = view[:, alive[1 - axis]].sum(axis=1)
            low = np.flatnonzero(alive[axis] & (degrees <= rank))
            if len(low):
                alive[axis][low] = False
                rounds.append((axis, low))
        if len(rounds) == before:
            return Peeling(
                rounds=tuple(rounds),
                rows=np.flatnonzero(alive[0]),
                columns=np.flatnonzero(alive[1]),
            )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Peeled:
    """An instance restricted to its core."""

    original: Instance
    instance: Instance
    peeling: Peeling
    guarantee: Guarantee = INFIMUM_ONLY
    name: str = "core"

    @property
    def rows(self) -> NDArray[np.int64]:
        """Rows of the core."""
        return self.peeling.rows

    @property
    def columns(self) -> NDArray[np.int64]:
        """Columns of the core."""
        return self.peeling.columns

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Put the peeled rows and columns back, in floating point.

        The cost of the lifted factors comes as close to that of the core as the
        perturbation allows; it need not reach it.
        """
        if isinstance(left, RationalMatrix):
            left, right = left.to_float(), right.to_float()
        n, d = self.original.shape
        k = self.original.rank
        data = np.where(self.original.support(), self.original.data.to_float(), 0.0)
        factors = [np.zeros((n, k)), np.zeros((d, k))]
        factors[0][self.rows], factors[1][self.columns] = left, right.T
        alive = [np.zeros(n, dtype=bool), np.zeros(d, dtype=bool)]
        alive[0][self.rows], alive[1][self.columns] = True, True
        support = self.original.support()
        generator = np.random.default_rng(0)
        for axis, indices in reversed(self.peeling.rounds):
            view = support if axis == 0 else support.T
            targets = data if axis == 0 else data.T
            for index in indices:
                met = np.flatnonzero(view[index] & alive[1 - axis])
                factors[axis][index] = _insert(
                    factors[1 - axis], met, targets[index, met], generator
                )
            alive[axis][indices] = True
        return factors[0], factors[1].T


def peel(instance: Instance) -> Peeled:
    """Restrict an instance to its (k+1)-core.

    Raises
    ------
    NotApplicableError
        If the core is the whole instance.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 0], [1, 1]])
    >>> peel(Instance(data=A, squared_weights=omega, rank=1)).instance.shape
    (0, 0)
    """
    peeled = peeling(instance.support(), instance.rank)
    if (len(peeled.rows), len(peeled.columns)) == instance.shape:
        raise NotApplicableError("the instance is its own core; nothing to peel.")
    if not (len(peeled.rows) and len(peeled.columns)):
        rest = ((0, peeled.rows), (1, peeled.columns))
        peeled = Peeling(
            rounds=(*peeled.rounds, *(r for r in rest if len(r[1]))),
            rows=peeled.rows[:0],
            columns=peeled.columns[:0],
        )
    return Peeled(
        original=instance,
        instance=instance.restrict(peeled.rows, peeled.columns),
        peeling=peeled,
    )


def _insert(
    others: NDArray[np.float64],
    met: NDArray[np.int64],
    target: NDArray[np.float64],
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return a vector x with others[met] @ x = target, perturbing `others` if singular.

    Free directions get a random part, so that later fits meet independent vectors.
    """
    k = others.shape[1]
    free: NDArray[np.float64] = generator.standard_normal(size=(k,))
    if len(met) == 0:
        return free
    block = others[met]
    size = max(1.0, float(np.abs(block).max(initial=0.0)))
    singular = np.linalg.svd(block, compute_uv=False)
    consistent = np.linalg.lstsq(block, target, rcond=1e-9)[0]
    scale = max(1.0, float(np.abs(target).max(initial=0.0)))
    misfit = float(np.abs(block @ consistent - target).max())
    if singular[-1] < 1e-9 * size and misfit > 1e-12 * scale:
        others[met] += _PERTURBATION * size * generator.standard_normal(block.shape)
        block = others[met]
    inverse = np.linalg.pinv(block, rcond=1e-12)
    solution: NDArray[np.float64] = inverse @ target + free - inverse @ (block @ free)
    return solution
