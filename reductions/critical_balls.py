"""The cost near a critical point, U eliminated, evaluated on boxes of balls.

*Statement.* Let phi(Y) = min over U of cost(U, V), V = [I Y] up to the order of the
columns. Where all D_i = V diag(omega_i) V^T are regular, phi is analytic; with the
minimizing u_i, the residuals r_ij = a_ij - u_i v_j and G_ij = r_ij I - v_j u_i, half of
its derivatives are

    g_l   = - sum_i omega_il r_il u_i,
    H_jl  = [j = l] sum_i omega_il u_i^T u_i
            - sum_i omega_ij omega_il G_ij^T D_i^-1 G_il.

If g = 0 at Y0, d_i < 1 and d_i^2 >= rho^2 max_l omega_il ||D_i^-1||, then for every Y
with ||Y - Y0|| <= rho the increase phi(Y) - phi(Y0) is at least the quadratic form of

    K_jl  = [j = l] sum_i (1 - d_i (1 + d_i)/(1 - d_i)^2) omega_il u_i^T u_i
            - sum_i (1 + d_i)/(1 - d_i)^2 omega_ij omega_il G_ij^T D_i^-1 G_il

at Y - Y0 (docs/proofs.md, T4 of the design).

*Accepts*: 1 <= k < d. *Guarantee*: what is returned holds the values at all points of
the box.

Contents
--------
RowSpaceSystem      g and H as a square system; K, U, V and the cost
balls               a rational matrix as balls
norm_above          a bound on the Frobenius norm

Notes on the implementation
---------------------------
The unknowns are the entries of Y, column after column. Sums over columns and rows are
products of matrices, at the speed of FLINT; the k x k systems are solved one by one.
Squares are products: FLINT's power of a ball around 0 is undefined.
"""

from dataclasses import dataclass, field
from typing import Any, Self, final

from flint import arb, arb_mat, fmpq

from reductions.instances import Instance
from semialgebraic.krawczyk import SquareSystem
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowSpaceSystem:
    """The cost with U eliminated, in the chart of `columns`.

    Parameters
    ----------
    columns : tuple of int
        The k columns of V that are the identity.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 2]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> system = RowSpaceSystem(instance=instance, columns=(0,))
    >>> at = arb_mat([[1]])  # the first singular vector
    >>> system.derivative.value(at)[0, 0].contains(0), system.cost(at)
    (True, 1.00000000000000)
    >>> system.derivative.jacobian(at)[0, 0] > 0
    True
    """

    instance: Instance
    columns: tuple[int, ...]
    free: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        d = self.instance.shape[1]
        free = tuple(j for j in range(d) if j not in self.columns)
        object.__setattr__(self, "free", free)

    @property
    def derivative(self) -> SquareSystem:
        """Half the derivative of phi, g, with its Jacobian matrix H.

        Both raise ZeroDivisionError if some V diag(omega_i) V^T is not proved to be
        regular on the box.
        """
        return SquareSystem(value=self._gradient, jacobian=self._hessian)

    def _gradient(self, box: arb_mat) -> arb_mat:
        return _Parts.at(self, box).gradient()

    def _hessian(self, box: arb_mat) -> arb_mat:
        ones = [arb(1)] * self.instance.shape[0]
        return _Parts.at(self, box).form(ones, ones)

    def growth(self, box: arb_mat, distance: arb) -> arb_mat | None:
        """Return K, if `box` holds a critical point Y0, for all Y within `distance`.

        None says that some d_i is not proved to be below 1.
        """
        parts = _Parts.at(self, box)
        kept, lost = [], []
        for i, inner in enumerate(parts.inner):
            heaviest = max(parts.weights[i, j].upper() for j in self.free)
            d = distance * (heaviest * norm_above(inner.inv())).sqrt()
            if not d < 1:
                return None
            lost.append((1 + d) / (1 - d) ** 2)
            kept.append(1 - d * lost[-1])
        return parts.form(kept, lost)

    def right(self, box: arb_mat) -> arb_mat:
        """Return V = [I Y] with its columns in place."""
        k = self.instance.rank
        V = arb_mat(k, self.instance.shape[1])
        for a, j in enumerate(self.columns):
            V[a, j] = 1
        for number, j in enumerate(self.free):
            for a in range(k):
                V[a, j] = box[number * k + a, 0]
        return V

    def left(self, box: arb_mat) -> arb_mat:
        """Return the minimizing U for the V of a box."""
        return _Parts.at(self, box).U

    def cost(self, box: arb_mat) -> arb:
        """Return phi on a box."""
        parts = _Parts.at(self, box)
        pairs = zip(parts.weights.entries(), parts.residual.entries(), strict=True)
        return sum((weight * (x * x) for weight, x in pairs), arb(0))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the derivatives are made of: V, U, residuals A - UV and the D_i."""

    free: tuple[int, ...]
    V: arb_mat
    U: arb_mat
    weights: arb_mat
    residual: arb_mat
    inner: list[arb_mat]

    @classmethod
    def at(cls, system: RowSpaceSystem, box: arb_mat) -> Self:
        """Return the parts on a box, in the present precision."""
        n, k = system.instance.shape[0], system.instance.rank
        weights = balls(system.instance.squared_weights)
        data = balls(system.instance.data)
        V = system.right(box)
        grams = weights * _pair_products(V.transpose())
        sides = _entrywise(weights, data) * V.transpose()
        U, inner = arb_mat(n, k), []
        for i in range(n):
            gram = arb_mat(
                k, k, [grams[i, _pair(a, b)] for a in range(k) for b in range(k)]
            )
            row = gram.solve(arb_mat(k, 1, [sides[i, a] for a in range(k)]))
            for a in range(k):
                U[i, a] = row[a, 0]
            inner.append(gram)
        return cls(
            free=system.free,
            V=V,
            U=U,
            weights=weights,
            residual=data - U * V,
            inner=inner,
        )

    def gradient(self) -> arb_mat:
        """Return g."""
        k = self.U.ncols()
        pulled = _entrywise(self.weights, self.residual).transpose() * self.U
        entries = [-pulled[j, a] for j in self.free for a in range(k)]
        return arb_mat(len(entries), 1, entries)

    def form(self, kept: list[arb], lost: list[arb]) -> arb_mat:
        """Return H with row i weighted by kept[i] in the first sum, lost[i] beyond."""
        n, k, m = self.U.nrows(), self.U.ncols(), len(self.free)
        rows = arb_mat(n, self.V.ncols())
        for i in range(n):
            for j in self.free:
                rows[i, j] = kept[i] * self.weights[i, j]
        squares = rows.transpose() * _pair_products(self.U)
        total = arb_mat(m * k, m * k)
        for number, j in enumerate(self.free):
            for a in range(k):
                for b in range(k):
                    entry = squares[j, _pair(a, b)]
                    total[number * k + a, number * k + b] = entry
        slopes, solved = arb_mat(n * k, m * k), arb_mat(n * k, m * k)
        for i in range(n):
            part = self._slope(i)
            answer = self.inner[i].solve(part)
            for a in range(k):
                for c in range(m * k):
                    slopes[i * k + a, c] = part[a, c]
                    solved[i * k + a, c] = lost[i] * answer[a, c]
        return total - slopes.transpose() * solved

    def _slope(self, i: int) -> arb_mat:
        """Return the matrices omega_il G_il of one row, side by side."""
        k = self.U.ncols()
        part = arb_mat(k, k * len(self.free))
        for number, j in enumerate(self.free):
            pull = self.weights[i, j] * self.residual[i, j]
            for a in range(k):
                weighted = self.weights[i, j] * self.V[a, j]
                for b in range(k):
                    entry = -weighted * self.U[i, b]
                    part[a, number * k + b] = entry + pull if a == b else entry
        return part


def balls(matrix: RationalMatrix) -> arb_mat:
    """Return the matrix as balls in the present precision.

    Examples
    --------
    >>> balls(RationalMatrix.from_rows([["1/2", 3]]))
    [0.500000000000000, 3.00000000000000]
    """
    n, d = matrix.shape
    bottom = matrix.denominator
    entries = [arb(fmpq(int(x), bottom)) for x in matrix.numerators.ravel()]
    return arb_mat(n, d, entries)


def norm_above(matrix: arb_mat) -> arb:
    """Return a bound on the Frobenius norm, so on the spectral norm too.

    Examples
    --------
    >>> norm = norm_above(arb_mat([[3, 0], [0, arb(3.5, 0.5)]]))
    >>> norm >= 5, norm < 5.001
    (True, True)
    """
    bounds = [entry.abs_upper() for entry in matrix.entries()]
    total = sum((x * x for x in bounds), arb(0)).upper()
    return total.sqrt().upper() if total > 0 else arb(0)


def _entrywise(left: arb_mat, right: arb_mat) -> arb_mat:
    """Return the entrywise product."""
    pairs = zip(left.entries(), right.entries(), strict=True)
    return arb_mat(left.nrows(), left.ncols(), [x * y for x, y in pairs])


def _pair(a: int, b: int) -> int:
    """Return the place of the pair {a, b} in `_pair_products`."""
    low, high = min(a, b), max(a, b)
    return high * (high + 1) // 2 + low


def _pair_products(rows: arb_mat) -> arb_mat:
    """Return for each row x the products x_a x_b, a <= b."""
    k = rows.ncols()
    entries: list[Any] = []
    for i in range(rows.nrows()):
        row = [rows[i, a] for a in range(k)]
        entries += [row[a] * row[b] for b in range(k) for a in range(b + 1)]
    return arb_mat(rows.nrows(), k * (k + 1) // 2, entries)
