"""The common multipliers S_0, S_1 for weights of rank two at any rank (T2).

At a critical point with rows v^l, S_c = Y_c^T (Gamma_c - diag(lambda_c)) Y_c with
Y_c = sqrt(t_c)^-1 V E_c and lambda_l0 + lambda_l1 = theta proves that the point is
optimal if S_c is semidefinite and psi_S <= theta. Which lambda do is a convex question,
answered by cutting planes: every vector v gives a linear condition on lambda and theta.

Contents
--------
Multipliers         factors of S_0 and S_1, and theta
MultiplierSearch    the cutting planes, resumable
alone               the same at t = 1 or t = 0, where one class is alone
residuals           M(t) - S_0/t - S_1/(1 - t) for a batch of t
"""

from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.bounds.critical_factors import CriticalFactors
from exact_wlra.bounds.dominance import dominate
from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.budget import Budget

_ROUNDS = 40
_LOOSE_ROUNDS = 12
_GRID = 15
# Parts of lambda below this are rows of V without share in a class.
_NOTHING = 1e-11


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Multipliers:
    """Factors (two arrays (d, k)) of S_0 and S_1, and what psi should not exceed."""

    factors: tuple[Floats, Floats]
    theta: float


def residuals(
    floats: PatternFloats, products: tuple[Floats, Floats], at: Floats, near: Floats
) -> Floats:
    """Return M(t) - S_0/t - S_1/(1 - t); `near` stands for t where that is infinite."""
    zero = np.where(at > 0, at, near)
    one = np.where(at < 1, 1 - at, 1 - near)
    sigma = np.stack([at, 1 - at], axis=1) @ floats.weights.T
    other = np.stack([near, 1 - near], axis=1) @ floats.weights.T
    coefficients = 1.0 / np.where(sigma > 0, sigma, other)
    order = floats.grams.shape[1]
    flat = coefficients @ floats.grams.reshape(len(floats.grams), -1)
    total: Floats = flat.reshape(len(at), order, order)
    total -= products[0] / zero[:, None, None] + products[1] / one[:, None, None]
    return total


def alone(
    floats: PatternFloats, products: tuple[Floats, Floats], c: int
) -> tuple[float, Floats]:
    """Return the largest v (M - S_c) v^T over unit v in class c alone, and that v.

    It is minus infinity if every column has a share of the other class.
    """
    v = np.zeros(floats.grams.shape[1])
    columns = np.flatnonzero(floats.diagonals[1 - c] <= 0)
    if not len(columns):
        return -np.inf, v
    used = floats.weights[:, c] > 0
    matrix = np.einsum("g,gij->ij", 1 / floats.weights[used, c], floats.grams[used])
    block = (matrix - products[c])[np.ix_(columns, columns)]
    values, vectors = np.linalg.eigh(block)
    v[columns] = vectors[:, -1]
    return float(values[-1]), v


@final
class _Choice:
    """The linear program for lambda (2k), theta, pins (2) and the margin z."""

    def __init__(
        self, floats: PatternFloats, found: CriticalFactors, pinned: tuple[int, int]
    ) -> None:
        self.floats, self.found, self.pinned = floats, found, pinned
        k = len(found.at)
        self.k = k
        self.parts = np.array([found.at, 1 - found.at])
        self.present = self.parts > _NOTHING
        roots = np.sqrt(np.where(self.present, self.parts, 1.0))
        self.bases = [
            np.where(self.present[c][:, None], found.rows * floats.diagonals[c], 0.0)
            / roots[c][:, None]
            for c in (0, 1)
        ]
        self.scale = max(found.capture / k, 1e-300)
        self.rows: list[Floats] = []
        self.limits: list[float] = []

    def cut_semidefinite(self, c: int, u: Floats) -> None:
        """Demand u (Gamma_c - diag lambda_c) u^T >= z scale."""
        row = np.zeros(2 * self.k + 4)
        row[c * self.k : (c + 1) * self.k] = u * u * self.present[c]
        row[-1] = 0.1
        self.rows.append(row)
        self.limits.append(float(u @ self.found.couplings[c] @ u) / self.scale)

    def cut_vector(self, v: Floats) -> float:
        """Demand v (M - S_0/t - S_1/(1-t)) v^T <= theta - z distance^2 scale."""
        v = v / np.linalg.norm(v)
        t = float(np.clip((v * v) @ self.floats.diagonals[0], 0.0, 1.0))
        parts = (t, 1 - t)
        sigma = self.floats.weights @ np.array(parts)
        forms = np.einsum("gij,i,j->g", self.floats.grams, v, v, optimize=True)
        used = sigma > 1e-300
        constant = float((forms[used] / sigma[used]).sum())
        row = np.zeros(2 * self.k + 4)
        for c in (0, 1):
            if parts[c] <= _NOTHING:
                continue
            y = self.bases[c] @ v
            constant -= float(y @ self.found.couplings[c] @ y) / parts[c]
            row[c * self.k : (c + 1) * self.k] = y * y / parts[c]
        row[2 * self.k] = -1.0
        row[-1] = max(0.0, 1.0 - float(((self.found.rows @ v) ** 2).max()))
        if t >= 1 - _NOTHING and self.pinned[0]:
            self._add_pin(row, constant, 2 * self.k + 1)
        if t <= _NOTHING and self.pinned[1]:
            self._add_pin(row, constant, 2 * self.k + 2)
        self.rows.append(row)
        self.limits.append(-constant / self.scale)
        return constant

    def _add_pin(self, row: Floats, constant: float, index: int) -> None:
        """Demand the same of the pin of a class."""
        pin = row.copy()
        pin[2 * self.k], pin[index] = 0.0, -1.0
        self.rows.append(pin)
        self.limits.append(-constant / self.scale)

    def solve(self, *, tight: bool) -> Floats | None:
        """Return lambda, theta, pins, z: of greatest margin, or of least bound."""
        from scipy.optimize import linprog

        k = self.k
        free = k - sum(self.pinned)
        price = np.zeros(2 * k + 4)
        equalities, zeros = [], []
        if tight:
            price[-1] = -1.0
            for index in range(k):
                row = np.zeros(2 * k + 4)
                row[index], row[k + index] = 1.0, 1.0
                pin = self._pin_of(index)
                row[2 * k if pin is None else 2 * k + 1 + pin] = -1.0
                equalities.append(row)
                zeros.append(0.0)
        else:
            price[: 2 * k] = -1.0 * self.present.ravel()
            price[2 * k : 2 * k + 3] = free, *self.pinned
        upper = [None if x else 0.0 for x in self.present.ravel()]
        bounds = [(0.0, top) for top in upper] + [(None, None)] * 3
        bounds.append((-10.0, 1.0) if tight else (0.0, 0.0))
        for c in (0, 1):
            if not self.pinned[c]:
                bounds[2 * k + 1 + c] = (0.0, 0.0)
        result = linprog(
            price,
            A_ub=np.array(self.rows),
            b_ub=np.array(self.limits),
            A_eq=np.array(equalities) if equalities else None,
            b_eq=zeros or None,
            bounds=bounds,
            method="highs",
        )
        return result.x if result.status == 0 else None

    def _pin_of(self, index: int) -> int | None:
        """Return 0 (1) for a row of V that lies in class 0 (1) and is pinned there."""
        for c in (0, 1):
            if self.pinned[c] and not self.present[1 - c][index]:
                return c
        return None

    def middles(self, solution: Floats) -> list[Floats]:
        """Return Gamma_c - diag(lambda_c) scaled back, zero off the rows present."""
        found = []
        for c in (0, 1):
            values = solution[c * self.k : (c + 1) * self.k] * self.scale
            middle = self.found.couplings[c] - np.diag(values)
            both = self.present[c][:, None] & self.present[c]
            found.append(np.where(both, middle, 0.0))
        return found

    def exact_sums(self, solution: Floats) -> Floats:
        """Return the solution with lambda_l0 + lambda_l1 = theta to the last bit."""
        k = self.k
        fixed = solution.copy()
        for index in range(k):
            pin = self._pin_of(index)
            total = fixed[2 * k if pin is None else 2 * k + 1 + pin]
            if not self.present[1][index]:
                fixed[index] = total
            else:
                fixed[k + index] = total - fixed[index]
        return fixed


@final
class MultiplierSearch:
    """Cutting planes for S_0 and S_1, which can be resumed with more points t.

    First multipliers of greatest margin are sought among those that would be tight;
    if there are none, the best of the larger family.

    Parameters
    ----------
    pinned : (int, int)
        How many rows of V lie in class 0 alone, and in class 1 alone, for every V.
    accuracy : float
        Violations below this are accepted.
    """

    def __init__(
        self,
        floats: PatternFloats,
        found: CriticalFactors,
        pinned: tuple[int, int],
        *,
        accuracy: float,
    ) -> None:
        self.floats, self.accuracy = floats, accuracy
        self.is_tight = True
        self._choice = _Choice(floats, found, pinned)
        for c in (0, 1):
            for u in np.eye(self._choice.k):
                self._choice.cut_semidefinite(c, u)
        for v in found.rows:
            self._choice.cut_vector(v)
        self._at = _grid(found.at)
        self._slopes = np.zeros(len(self._at))

    def add_points(self, at: Floats, slopes: Floats) -> None:
        """Take more t into account, with a guess of the slope x at each."""
        self._at = np.concatenate([self._at, at])
        self._slopes = np.concatenate([self._slopes, slopes])

    def choose(self, budget: Budget) -> Multipliers | None:
        """Return multipliers that suffice at all points, or the last ones tried."""
        choice, best = self._choice, None
        n_loose = 0
        for _ in range(_ROUNDS):
            n_loose += not self.is_tight
            if n_loose > _LOOSE_ROUNDS:
                break
            solution = choice.solve(tight=self.is_tight)
            if self.is_tight and (solution is None or solution[-1] < -1e-9):
                self.is_tight = False
                continue
            if solution is None:
                break
            if self.is_tight:
                solution = choice.exact_sums(solution)
            middles = choice.middles(solution)
            theta = float(solution[2 * choice.k]) * choice.scale
            factors, worst = _factors(choice, middles)
            best = Multipliers(factors=factors, theta=theta)
            pins = solution[2 * choice.k + 1 : -1] * choice.scale
            is_met = self._cut(factors, theta, pins)
            if (is_met and worst >= -self.accuracy) or budget.is_spent():
                break
            for c in (0, 1):
                values, vectors = np.linalg.eigh(middles[c])
                for value, u in zip(values, vectors.T, strict=True):
                    if value < 0.05 * choice.scale:
                        choice.cut_semidefinite(c, u)
        return best

    def _cut(self, factors: tuple[Floats, Floats], theta: float, pins: Floats) -> bool:
        """Add conditions where psi is near theta or above; tell whether none is."""
        products = (factors[0] @ factors[0].T, factors[1] @ factors[1].T)
        matrices = residuals(self.floats, products, self._at, self._at)
        reached = dominate(
            matrices,
            self.floats.diagonals[0],
            self._at,
            self._slopes,
            accuracy=self.accuracy / 4,
            enough=theta - 0.02 * self._choice.scale,
        )
        self._slopes = reached.slopes
        near = theta - 0.02 * self._choice.scale
        is_met = not bool((reached.values > theta + self.accuracy).any())
        for c in (0, 1):
            top, v = alone(self.floats, products, c)
            limit = min(theta, pins[c]) if self._choice.pinned[c] else theta
            if top > limit - 0.02 * self._choice.scale:
                self._choice.cut_vector(v)
            is_met = is_met and top <= limit + self.accuracy
        for value, pair in zip(reached.values, reached.vectors, strict=True):
            if value > near:
                for v in pair:
                    if v.any():
                        self._choice.cut_vector(v)
        return is_met


def _grid(at: Floats) -> Floats:
    """Return points of (0, 1), denser at the ends and near the given ones."""
    angles = (np.arange(_GRID) + 0.5) * np.pi / _GRID
    inner = at[(at > 1e-6) & (at < 1 - 1e-6)]
    spread = np.minimum(inner, 1 - inner)
    near = [inner + step * spread for step in (-0.06, 0.0, 0.06)]
    points = np.concatenate([(1 - np.cos(angles)) / 2, [1e-4, 1 - 1e-4], *near])
    return np.unique(points)


def _factors(
    choice: _Choice, middles: list[Floats]
) -> tuple[tuple[Floats, Floats], float]:
    """Return F_c with S_c = F_c F_c^T, and the least eigenvalue that was cut off."""
    factors, worst = [], 0.0
    for basis, middle in zip(choice.bases, middles, strict=True):
        values, vectors = np.linalg.eigh(middle)
        worst = min(worst, float(values[0]))
        factors.append(basis.T @ vectors * np.sqrt(np.maximum(values, 0.0)))
    return (factors[0], factors[1]), worst
