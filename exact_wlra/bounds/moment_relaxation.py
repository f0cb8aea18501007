"""Sums of squares that bound the cost, by projections onto two convex sets.

Wanted are semidefinite S and S_1, S_2, S_3 for each block with

    (1, x) S (1, x)^T = cost(X) - L - sum of the forms,    x = vec X,

linear equations in the entries of all of them. If L is the optimum and X* optimal,
(1, x*) S = 0 and the S_i vanish at known vectors; with these equations added, the
semidefinite matrices have room inside their faces, and the search ends after
finitely many steps.

Contents
--------
MomentRelaxation    the linear equations, and projections onto the two sets
Blocks              the matrices S, S_1, S_2, S_3
Search              what an iteration ended with
search              Douglas-Rachford iteration

Notes on the implementation
---------------------------
Projection onto the equations is a least squares problem, solved by conjugate gradients
(CGLS): some tens of cheap steps. An iteration costs one eigenvalue decomposition of
each matrix. At rank one minors take the place of the forms: S is then determined up to
its part that the partial transposition changes the sign of.

References
----------
[LionsMercier1979]_, [BauschkeBorwein1996]_
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.bounds.form_groups import Floats, FormGroup, orthonormal
from exact_wlra.budget import Budget

_RELAXATION = 1.6
_CHECKED = 5
# Between so many steps the least eigenvalue, where negative, has to shrink by a part.
_PATIENCE = 60
_PROGRESS = 0.9
_CONJUGATE_STEPS = 150
_ACCURACY = 1e-13
# Least eigenvalue that leaves room for rounding.
_ROOM = 1e-10
# Shifts a known kernel out of the way of an eigenvalue decomposition.
_AWAY = 1e3


@final
@dataclass(frozen=True, slots=True)
class Blocks:
    """S (order + 1) and the S_i of each group."""

    border: Floats
    groups: tuple[Floats, ...]

    def plus(self, other: "Blocks", factor: float = 1.0) -> "Blocks":
        """Return self + factor other."""
        return Blocks(
            self.border + factor * other.border,
            tuple(
                a + factor * b for a, b in zip(self.groups, other.groups, strict=True)
            ),
        )

    @property
    def square(self) -> float:
        """The sum of the squares of all entries."""
        return sum(float((a * a).sum()) for a in (self.border, *self.groups))


@final
class MomentRelaxation:
    """The equations for one instance in floats, weights of median one.

    Parameters
    ----------
    data, weights : (n, d)
    groups : tuple of FormGroup
        Empty at rank one.
    unit : float
        The number that stands for 1 in (1, x): about |x|.
    """

    def __init__(
        self,
        data: Floats,
        weights: Floats,
        groups: tuple[FormGroup, ...],
        unit: float,
    ) -> None:
        self.shape = data.shape
        self.groups = groups
        self.unit = unit
        self.energy = float((weights * data * data).sum())
        order = data.size
        self.target = np.zeros((order + 1, order + 1))
        self.target[0, 1:] = self.target[1:, 0] = -(weights * data).ravel() / unit
        self.target[np.arange(1, order + 1), np.arange(1, order + 1)] = weights.ravel()
        # Entries without weight are in no square, so their rows of S are zero.
        self._unseen = np.eye(order + 1)[:, 1:][:, weights.ravel() <= 0]
        self.kernel = self._unseen
        self.kernels: tuple[Floats, ...] = tuple(
            np.zeros((*group.zero.shape[:3], 0)) for group in groups
        )

    @property
    def rank(self) -> int:
        """Rank of X."""
        return self.groups[0].rank if self.groups else 1

    def aim(self, lower: float) -> None:
        """Set L."""
        self.target[0, 0] = (self.energy - lower) / self.unit**2

    def assume_optimal(self, points: list[Floats]) -> None:
        """Add the equations that hold if each X among the points attains L."""
        vectors = np.array([np.append(self.unit, x.ravel()) for x in points])
        vectors[:, self._unseen.any(axis=1)] = 0.0
        self.kernel = np.hstack([orthonormal(vectors), self._unseen])
        self.kernels = tuple(group.kernels(points) for group in self.groups)

    def assume_nothing(self) -> None:
        """Drop the equations of `assume_optimal`."""
        self.kernel = self._unseen
        self.kernels = tuple(basis[..., :0] for basis in self.kernels)

    def start(self) -> Blocks:
        """Return where the search begins."""
        return self._on_faces(
            Blocks(self.target.copy(), tuple(group.zero for group in self.groups))
        )

    def corrected(
        self, blocks: Blocks, is_over: Callable[[], bool]
    ) -> tuple[Blocks, float]:
        """Return the nearest solution of the equations, and its residual.

        With large blocks a step takes long, so that each asks whether time is over.
        """
        blocks = self._on_faces(blocks)
        residual = self._values(blocks, -1.0)
        size = max(1.0, float(np.linalg.norm(self.target)))
        slope = self._gradient(residual)
        direction, square = slope, slope.square
        for _ in range(_CONJUGATE_STEPS):
            if residual.square <= (_ACCURACY * size) ** 2 or is_over():
                break
            image = self._values(direction, 0.0)
            length = image.square
            if length <= 0.0 or square <= 0.0:
                break
            blocks = blocks.plus(direction, -square / length)
            residual = residual.plus(image, -square / length)
            slope = self._gradient(residual)
            new = slope.square
            direction, square = slope.plus(direction, new / square), new
        return blocks, float(np.sqrt(residual.square))

    def clipped(self, blocks: Blocks, floor: float) -> Blocks:
        """Return the nearest matrices with eigenvalues >= floor off the kernels."""
        return Blocks(
            _clipped(blocks.border, self.kernel, floor),
            tuple(
                _clipped(parts, basis, floor)
                for parts, basis in zip(blocks.groups, self.kernels, strict=True)
            ),
        )

    def least_eigenvalue(self, blocks: Blocks) -> float:
        """Return the least eigenvalue of all matrices off their kernels."""
        pairs = zip(
            (blocks.border, *blocks.groups), (self.kernel, *self.kernels), strict=True
        )
        return min(
            float(np.linalg.eigvalsh(_shifted(matrix, basis))[..., 0].min())
            for matrix, basis in pairs
        )

    def _values(self, blocks: Blocks, factor: float) -> Blocks:
        """Return the left sides of the equations plus factor times the right ones."""
        border = blocks.border + factor * self.target
        inner = border[1:, 1:]
        for group, parts in zip(self.groups, blocks.groups, strict=True):
            inner += group.forms(parts)
        if not self.groups:  # minors may take up the rest
            border[1:, 1:] = (inner + self._swapped(inner)) / 2
        return Blocks(
            border,
            tuple(
                group.misfit(parts)
                for group, parts in zip(self.groups, blocks.groups, strict=True)
            ),
        )

    def _gradient(self, values: Blocks) -> Blocks:
        """Return the adjoint of the equations, on the faces."""
        border = values.border
        if not self.groups:
            border = border.copy()
            border[1:, 1:] = (border[1:, 1:] + self._swapped(border[1:, 1:])) / 2
        return self._on_faces(
            Blocks(
                border,
                tuple(
                    group.adjoint(border[1:, 1:]) + group.misfit_adjoint(misfit)
                    for group, misfit in zip(self.groups, values.groups, strict=True)
                ),
            )
        )

    def _on_faces(self, blocks: Blocks) -> Blocks:
        """Return the matrices restricted to the complements of their kernels."""
        return Blocks(
            _restricted(blocks.border, self.kernel),
            tuple(
                _restricted(parts, basis)
                for parts, basis in zip(blocks.groups, self.kernels, strict=True)
            ),
        )

    def _swapped(self, matrix: Floats) -> Floats:
        n, d = self.shape
        cut = matrix.reshape(n, d, n, d).transpose(2, 1, 0, 3)
        return cut.reshape(n * d, n * d)


@final
@dataclass(frozen=True, slots=True)
class Search:
    """Matrices that meet all conditions, or None; where to go on; least eigenvalue."""

    found: Blocks | None
    state: Blocks
    least: float


def search(
    relaxation: MomentRelaxation,
    start: Blocks,
    *,
    floor: float,
    steps: int,
    budget: Budget,
    seconds: float,
    bracket: tuple[float, float],
) -> Search:
    """Look for matrices that solve the equations and are semidefinite.

    The search is given up where the least eigenvalue hardly changes any more, and at
    the end of the time. `bracket` is what is known of OPT, for reports.
    """
    end = budget.seconds() + seconds

    def is_over() -> bool:
        return budget.is_spent() or budget.seconds() > end

    state, last, least = start, -np.inf, -np.inf
    for step in range(steps):
        solved, residual = relaxation.corrected(state, is_over)
        if step % _CHECKED == 0:
            budget.tell("moments", *bracket, step)
            least = relaxation.least_eigenvalue(solved)
            if least > max(_ROOM, 4 * residual):
                return Search(solved, state, least)
            if step % _PATIENCE == 0:
                if least < -2 * floor and least < _PROGRESS * last:
                    break
                last = least
        if is_over():
            break
        reflected = solved.plus(solved).plus(state, -1.0)
        clipped = relaxation.clipped(reflected, floor)
        state = state.plus(clipped.plus(solved, -1.0), _RELAXATION)
    return Search(None, state, least)


def _restricted(matrices: Floats, basis: Floats) -> Floats:
    """Return P M P for the projection P along a basis, for each matrix."""
    if not basis.shape[-1]:
        return matrices
    turned = np.swapaxes(basis, -1, -2)
    matrices = matrices - basis @ (turned @ matrices)
    restricted: Floats = matrices - (matrices @ basis) @ turned
    return restricted


def _shifted(matrices: Floats, basis: Floats) -> Floats:
    """Return the symmetric matrices with their kernels moved to large eigenvalues."""
    symmetric: Floats = (matrices + np.swapaxes(matrices, -1, -2)) / 2
    if basis.shape[-1]:
        size = _AWAY * max(1.0, float(np.abs(symmetric).max()))
        symmetric = symmetric + size * (basis @ np.swapaxes(basis, -1, -2))
    return symmetric


def _clipped(matrices: Floats, basis: Floats, floor: float) -> Floats:
    """Raise the eigenvalues below a floor to it, off the kernels."""
    shifted = _shifted(matrices, basis)
    values, vectors = np.linalg.eigh(shifted)
    lift = np.maximum(floor - values, 0.0)
    symmetric = (matrices + np.swapaxes(matrices, -1, -2)) / 2
    if matrices.ndim == 2:  # few eigenvalues are low: a product of low rank
        low = lift > 0
        vectors, lift = vectors[:, low], lift[low]
    turned = np.swapaxes(vectors, -1, -2)
    raised: Floats = symmetric + (vectors * lift[..., None, :]) @ turned
    return raised
