"""The best multipliers S_0, S_1 for one distribution of rows over cells (T2).

With a group j of n_j rows in a cell, a grid of t in each cell, forms C_i that are not
negative there and multipliers mu >= 0,

    min  tr E_0^-1 S_0 + tr E_1^-1 S_1 + sum_j n_j theta_j
    s.t. kappa_0 E_0 + kappa_1 E_1 + S_0/t + S_1/(1-t) - M(t) - sum_i mu_i C_i >= 0,
         kappa_0 t + kappa_1 (1 - t) <= theta_j

is a semidefinite program. It is solved on small bases, of S_c and at each t, that grow
by eigenvectors: where an inequality fails, and where a larger S_c would pay.

Contents
--------
RowGroup        so many rows of V in one cell
GridPoint       a point t of a cell, with the basis its inequality is stated on
CellProgram     the program, and what its solution says

Notes on the implementation
---------------------------
The dual of the inequality at t is a moment matrix X of rows with that t, whose trace is
how many there are. S_c is restricted to E_c^1/2 Y_c Z Y_c^T E_c^1/2 with few columns in
Y_c; the sum of E_c^1/2 X E_c^1/2 / t_c must not exceed I, and eigenvectors where it
does enlarge Y_c. Where S_c has full rank, its least multiple of E_c is moved to the
theta: near t_c = 0 every row pays for it, at t_c = 0 none does.
"""

from dataclasses import dataclass, field
from typing import Any, final

import numpy as np

from exact_wlra.bounds.pattern_floats import Floats, PatternFloats
from exact_wlra.bounds.sweep_intervals import Cones

_FAILS = 2e-9
_PAYS = 1e-7
_EXTRA = 3
_ROUNDS = 40


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowGroup:
    """So many rows with t between low and high; forms (p, d, d) not negative there."""

    count: int
    low: float
    high: float
    forms: Floats


@final
@dataclass(slots=True, kw_only=True)
class GridPoint:
    """A point of a cell; `basis` (d, r) spans where its inequality is demanded.

    After a solution: kappa and mu, the moments X (d x d) with their mass, and
    directions in which the inequality is nearly an equality.
    """

    group: int
    at: float
    basis: Floats
    kappa: Floats = field(default_factory=lambda: np.zeros(2))
    multipliers: Floats = field(default_factory=lambda: np.zeros(0))
    mass: float = 0.0
    moments: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    tight: Floats = field(default_factory=lambda: np.zeros((0, 0)))


@final
class CellProgram:
    """The program for some groups; `capture` is its value once solved.

    Parameters
    ----------
    bases : two arrays (d, m)
        Y_0 and Y_1 with orthonormal columns, zero where the share of the class is.
    points : list of GridPoint
        With 0 < t < 1.
    """

    def __init__(
        self,
        floats: PatternFloats,
        groups: list[RowGroup],
        bases: list[Floats],
        points: list[GridPoint],
    ) -> None:
        self.floats, self.groups = floats, groups
        self.bases, self.points = list(bases), points
        self.order = floats.grams.shape[1]
        self.scale = float(np.einsum("gii->", floats.grams)) / self.order
        self.roots = np.sqrt(floats.diagonals)
        self.capture = np.inf
        self.factors: tuple[Floats, Floats] = (np.zeros((0, 0)), np.zeros((0, 0)))
        self.thetas = np.zeros(len(groups))

    def solve(self, captured: float, allowed: float) -> bool:
        """Improve the bases until the value is known well enough.

        That is when it is surely below captured + allowed, or when it is much larger
        and not much can change. Tells whether the solver succeeded; if not, points
        without a solution are left out.
        """
        rows = sum(group.count for group in self.groups)
        for turn in range(_ROUNDS):
            if not self._solve_once() and (turn or not self._solve_whole()):
                self.points = [point for point in self.points if len(point.moments)]
                return False
            paying = self._enlarge_bases()
            failing, grown = self._enlarge_points()
            slack = rows * failing * self.scale
            excess = self.capture - captured
            if (not paying and not grown) or excess + slack <= allowed:
                break
            is_known = slack < 0.3 * excess and paying < 3e-3 and turn >= 1
            if excess > 10 * allowed and is_known:
                break
        return True

    def tops(self) -> list[float]:
        """Return theta of each group."""
        return [float(x) * self.scale for x in self.thetas]

    def cones_of(self, number: int) -> Cones | None:
        """Return the forms of a group with their multipliers, if it has any."""
        group = self.groups[number]
        if not len(group.forms):
            return None
        points = [point for point in self.points if point.group == number]
        points.sort(key=lambda point: point.at)
        return Cones(
            forms=group.forms,
            at=np.array([point.at for point in points]),
            multipliers=np.array([p.multipliers for p in points]) * self.scale,
        )

    def inherited_bases(self) -> list[Floats]:
        """Return bases of S_0 and S_1 alone."""
        found = []
        for c in (0, 1):
            root = self.roots[c]
            inverse = np.where(root > 0, 1 / np.where(root > 0, root, 1.0), 0.0)
            left, sizes, _ = np.linalg.svd(
                inverse[:, None] * self.factors[c], full_matrices=False
            )
            found.append(left[:, sizes > 1e-2 * sizes[0]])
        return found

    def _solve_once(self) -> bool:
        """Solve the program on the present bases; tell whether that worked."""
        import clarabel
        from scipy import sparse

        layout = _Layout(self)
        matrix, limits, cones = layout.constraints(clarabel)
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.tol_gap_rel, settings.tol_gap_abs = 1e-9, 1e-10
        settings.tol_feas = 1e-9
        size = len(layout.price)
        solution = clarabel.DefaultSolver(
            sparse.csc_matrix((size, size)),
            layout.price,
            matrix,
            limits,
            cones,
            settings,
        ).solve()
        values, duals = np.array(solution.x), np.array(solution.z)
        if str(solution.status) not in ("Solved", "AlmostSolved"):
            return False
        layout.read(values, duals)
        self.capture = float(layout.price @ values) * self.scale
        return True

    def _solve_whole(self) -> bool:
        """Solve the program with its inequalities on the whole space."""
        for point in self.points:
            point.basis = np.eye(self.order)
        return self._solve_once()

    def _enlarge_bases(self) -> float:
        """Add to Y_c what pays most; return by how much the moments exceed I."""
        paying = 0.0
        for c in (0, 1):
            total = np.zeros((self.order, self.order))
            for point in self.points:
                part = point.at if c == 0 else 1 - point.at
                total += point.moments / part
            total *= self.roots[c][:, None] * self.roots[c]
            values, vectors = np.linalg.eigh(total)
            chosen = vectors[:, values > 1 + _PAYS]
            larger = _extended(self.bases[c], chosen, 1e-5)
            if larger.shape[1] > self.bases[c].shape[1]:
                paying = max(paying, float(values[-1]) - 1)
                self.bases[c] = larger
        return paying

    def _enlarge_points(self) -> tuple[float, bool]:
        """Add directions where inequalities fail; return by how much, and whether."""
        matrices = np.array([self._residual(point) for point in self.points])
        values, vectors = np.linalg.eigh(matrices)
        grown = False
        for point, value, vector in zip(self.points, values, vectors, strict=True):
            weights, own = np.linalg.eigh(point.moments)
            near = vector[:, : 3 if point.mass > 1e-4 else 2]
            point.tight = _extended(own[:, weights > 1e-5], near, 1e-3)
            failing = vector[:, :_EXTRA][:, value[:_EXTRA] < -_FAILS]
            larger = _extended(point.basis, failing, 1e-6)
            grown |= larger.shape[1] > point.basis.shape[1]
            point.basis = larger
        return max(0.0, -float(values[:, 0].min())), grown

    def _residual(self, point: GridPoint) -> Floats:
        """Return the matrix of the inequality at a point, in units of the scale."""
        total = np.diag(point.kappa @ self.floats.diagonals)
        for factor, part in zip(self.factors, (point.at, 1 - point.at), strict=True):
            total = total + factor @ factor.T / (part * self.scale)
        forms = self.groups[point.group].forms
        total -= self.matrix_at(point.at)
        if len(forms):
            total -= np.tensordot(point.multipliers, forms, axes=1)
        return np.asarray(total)

    def matrix_at(self, at: float) -> Floats:
        """Return M(t) in units of the scale."""
        sigma = self.floats.weights @ np.array([at, 1 - at])
        total = np.einsum("g,gij->ij", 1 / sigma, self.floats.grams)
        return np.asarray(total / self.scale)


def _extended(basis: Floats, more: Floats, least: float) -> Floats:
    """Return an orthonormal basis of the columns of both."""
    if not more.shape[1]:
        return basis
    rest = more - basis @ (basis.T @ more)
    left, sizes, _ = np.linalg.svd(rest, full_matrices=False)
    kept = left[:, sizes > least]
    if not kept.shape[1]:
        return basis
    return np.asarray(np.linalg.qr(np.hstack([basis, kept]))[0])


def _triangle(order: int) -> tuple[Any, Any, Floats]:
    """Return rows, columns and scales of an upper triangle, column by column."""
    j, i = np.tril_indices(order)
    return i, j, np.where(i == j, 1.0, np.sqrt(2.0))


@final
class _Layout:
    """Where the unknowns stand: S_0, S_1, then kappa and mu of each point, theta."""

    def __init__(self, program: CellProgram) -> None:
        self.program = program
        self.sizes = [basis.shape[1] for basis in program.bases]
        self.counts = [m * (m + 1) // 2 for m in self.sizes]
        self.kappas = sum(self.counts)
        n_points = len(program.points)
        cones = [len(program.groups[p.group].forms) for p in program.points]
        self.first_cone = self.kappas + 2 * n_points
        self.cones = self.first_cone + np.concatenate([[0], np.cumsum(cones)])
        self.thetas = int(self.cones[-1])
        self.price = np.zeros(self.thetas + len(program.groups))
        for c in (0, 1):
            i, j, _ = _triangle(self.sizes[c])
            self.price[self._base(c)] = i == j
        for number, group in enumerate(program.groups):
            self.price[self.thetas + number] = group.count

    def _base(self, c: int) -> slice:
        start = self.counts[0] if c else 0
        return slice(start, start + self.counts[c])

    def constraints(self, clarabel: Any) -> tuple[Any, Floats, list[Any]]:
        """Return matrix, right sides and cones of the program."""
        from scipy import sparse

        program, size = self.program, len(self.price)
        n_points, n_cones = len(program.points), self.thetas - self.first_cone
        n_groups = len(program.groups)
        linear = np.zeros((n_points + n_cones + n_groups, size))
        for number, point in enumerate(program.points):
            at = self.kappas + 2 * number
            linear[number, at : at + 2] = point.at, 1 - point.at
            linear[number, self.thetas + point.group] = -1.0
        above = n_points + np.arange(n_cones)
        linear[above, self.first_cone + np.arange(n_cones)] = -1.0
        # A cell may be empty: its theta is not to fall without end.
        floors = np.zeros(len(linear))
        last = n_points + n_cones + np.arange(n_groups)
        linear[last, self.thetas + np.arange(n_groups)] = -1.0
        floors[last] = program.order
        parts, limits = [sparse.csc_matrix(linear)], [floors]
        cones = [clarabel.NonnegativeConeT(len(linear))]
        for c in (0, 1):
            _, _, scales = _triangle(self.sizes[c])
            block = np.zeros((len(scales), size))
            block[:, self._base(c)] = -np.diag(scales)
            parts.append(sparse.csc_matrix(block))
            limits.append(np.zeros(len(scales)))
            cones.append(clarabel.PSDTriangleConeT(self.sizes[c]))
        for number, point in enumerate(program.points):
            block, limit = self._inequality(number, point)
            parts.append(sparse.csc_matrix(block))
            limits.append(limit)
            cones.append(clarabel.PSDTriangleConeT(point.basis.shape[1]))
        matrix = sparse.csc_matrix(sparse.vstack(parts))
        return matrix, np.concatenate(limits), cones

    def _inequality(self, number: int, point: GridPoint) -> tuple[Floats, Floats]:
        """Return the rows of the matrix inequality at a point."""
        program, basis = self.program, point.basis
        i, j, scales = _triangle(basis.shape[1])
        block = np.zeros((len(i), len(self.price)))
        for c, part in ((0, point.at), (1, 1 - point.at)):
            images = basis.T @ (program.roots[c][:, None] * program.bases[c])
            a, b, _ = _triangle(self.sizes[c])
            products = images[i][:, a] * images[j][:, b]
            products += images[i][:, b] * images[j][:, a]
            products *= np.where(a == b, 0.5, 1.0)
            block[:, self._base(c)] = -products * scales[:, None] / part
            diagonal = (basis.T * program.floats.diagonals[c]) @ basis
            block[:, self.kappas + 2 * number + c] = -diagonal[i, j] * scales
        first = int(self.cones[number])
        for index, form in enumerate(program.groups[point.group].forms):
            inner = basis.T @ form @ basis
            block[:, first + index] = inner[i, j] * scales
        matrix = basis.T @ program.matrix_at(point.at) @ basis
        return block, -matrix[i, j] * scales

    def read(self, values: Floats, duals: Floats) -> None:
        """Write a solution into the program and its points."""
        program = self.program
        factors, shifts = [], np.zeros(2)
        for c in (0, 1):
            i, j, _ = _triangle(self.sizes[c])
            inner = np.zeros((self.sizes[c], self.sizes[c]))
            inner[i, j] = inner[j, i] = values[self._base(c)]
            sizes, turn = np.linalg.eigh(inner)
            if self.sizes[c] == int((program.roots[c] > 0).sum()):
                shifts[c] = max(float(sizes[0]), 0.0)
                sizes = sizes - shifts[c]
            factor = program.bases[c] @ (turn * np.sqrt(np.maximum(sizes, 0.0)))
            factor = program.roots[c][:, None] * factor * np.sqrt(program.scale)
            factors.append(factor[:, sizes > 1e-12 * max(float(sizes[-1]), 1e-300)])
        program.factors = factors[0], factors[1]
        program.thetas = values[self.thetas :] + shifts.sum()
        n_points = len(program.points)
        place = n_points + self.thetas - self.first_cone + len(program.groups)
        place += sum(self.counts)
        for number, point in enumerate(program.points):
            at = self.kappas + 2 * number
            point.kappa = values[at : at + 2] + shifts / [point.at, 1 - point.at]
            first, last = int(self.cones[number]), int(self.cones[number + 1])
            point.multipliers = np.maximum(values[first:last], 0.0)
            point.mass = max(float(duals[number]), 0.0)
            i, j, scales = _triangle(point.basis.shape[1])
            inner = np.zeros((point.basis.shape[1],) * 2)
            inner[i, j] = inner[j, i] = duals[place : place + len(i)] / scales
            place += len(i)
            point.moments = point.basis @ inner @ point.basis.T
