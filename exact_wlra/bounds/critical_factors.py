"""Factors polished to a critical point, in the basis where the weights separate.

Contents
--------
CriticalFactors     rows v of V, their t, and the couplings between them
critical_factors    polish V by Newton steps, then diagonalize

Notation
--------
V diag(1) V^T = I and V E_0 V^T = diag(t) in the unknowns of `PatternFloats`. At a
critical point M(t_l) v^l = sum_c E_c sum_m B_c[l, m] v^m with symmetric B_c; the
couplings are Gamma_c = sqrt(t_c) B_c sqrt(t_c), t_0 = t, t_1 = 1 - t.
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats, PatternFloats

_NEWTON_STEPS = 12
_CONJUGATE_STEPS = 400


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalFactors:
    """Rows v^l (k, d), their t_l (k,), Gamma_c (2, k, k), and the captured energy."""

    rows: Floats
    at: Floats
    couplings: Floats
    capture: float


def critical_factors(floats: PatternFloats, right: Floats) -> CriticalFactors:
    """Return factors near the given V (k x d, in the unknowns of the instance)."""
    rows = _orthonormal(right * floats.roots)
    omegas = floats.weights @ floats.diagonals
    rows = _polished(floats.grams, omegas, rows)
    values, turn = np.linalg.eigh((rows * floats.diagonals[0]) @ rows.T)
    rows = np.asarray(turn.T @ rows, dtype=np.float64)
    at: Floats = np.clip(values, 0.0, 1.0)
    denominators = _inverses(omegas, rows)
    fitted = denominators @ rows @ floats.grams
    middles = fitted @ rows.T @ denominators
    couplings = []
    for c, part in enumerate((at, 1 - at)):
        coupling = np.einsum("g,gkl->kl", floats.weights[:, c], middles)
        roots = np.sqrt(part)
        couplings.append((coupling + coupling.T) / 2 * roots[:, None] * roots)
    capture = float(np.einsum("gkj,kj->", fitted, rows))
    return CriticalFactors(
        rows=rows, at=at, couplings=np.array(couplings), capture=capture
    )


def _orthonormal(rows: Floats) -> Floats:
    """Return an orthonormal basis of the span of the rows."""
    basis: Floats = np.linalg.qr(rows.T)[0].T
    return basis


def _inverses(omegas: Floats, rows: Floats) -> Floats:
    """Return the pseudo-inverses of V Omega_g V^T, (G, k, k)."""
    grams = (rows * omegas[:, None]) @ rows.T
    return np.asarray(np.linalg.pinv(grams, rcond=1e-13, hermitian=True), dtype=float)


@final
class _Expansion:
    """Gradient and curvature of sum_g tr(D_g^-1 V M_g V^T) at V."""

    def __init__(self, grams: Floats, omegas: Floats, rows: Floats) -> None:
        self.grams, self.omegas, self.rows = grams, omegas, rows
        self.inverses = _inverses(omegas, rows)
        self.images = rows @ grams  # (G, k, d)
        self.fitted = self.inverses @ self.images
        self.middles = self.fitted @ rows.T @ self.inverses
        self.weighted = rows * omegas[:, None]
        self.gradient: Floats = (self.fitted - self.middles @ self.weighted).sum(axis=0)

    def curvature(self, step: Floats) -> Floats:
        """Return minus the derivative of the gradient along a step."""
        moved_weights = step * self.omegas[:, None]
        moved = moved_weights @ self.rows.T
        moved = moved + moved.transpose(0, 2, 1)
        change = -self.inverses @ moved @ self.inverses
        fitted = change @ self.images + self.inverses @ (step @ self.grams)
        middles = fitted @ self.rows.T @ self.inverses
        middles += self.fitted @ step.T @ self.inverses
        middles += self.fitted @ self.rows.T @ change
        bent = fitted - middles @ self.weighted - self.middles @ moved_weights
        curved: Floats = -bent.sum(axis=0)
        return curved


def _polished(grams: Floats, omegas: Floats, rows: Floats) -> Floats:
    """Maximize sum_g tr(D_g^-1 V M_g V^T) from a good start, by Newton's method."""
    best, best_size = rows, np.inf
    for _ in range(_NEWTON_STEPS):
        here = _Expansion(grams, omegas, rows)
        size = float(np.linalg.norm(here.gradient))
        if not size < 0.5 * best_size:
            break
        best, best_size = rows, size
        rows = _orthonormal(rows + _newton_step(here))
    return best


def _newton_step(here: _Expansion) -> Floats:
    """Return the step of Newton's method, by conjugate gradients.

    Where the curvature turns negative it is what was reached so far.
    """
    step = np.zeros_like(here.gradient)
    residual, direction = here.gradient.copy(), here.gradient.copy()
    size = start = float((residual * residual).sum())
    for _ in range(_CONJUGATE_STEPS):
        if size <= 1e-22 * start or size == 0:
            break
        image = here.curvature(direction)
        bend = float((direction * image).sum())
        if bend <= 0:
            return step
        length = size / bend
        step += length * direction
        residual -= length * image
        new = float((residual * residual).sum())
        direction = residual + new / size * direction
        size = new
    return step
