"""From a ball of matrices to a ball of row spaces, in a chart.

*Statement.* Let X* = U* [I Y*], the identity in the columns J, and let X of rank at
most k have sum omega_ij (X - X*)_ij^2 <= square. Then every entry with weight is known
up to (square / omega_ij)^(1/2). If X_IJ is proved to be regular for k rows I, the row
space of X has one basis V = [I Y], X = U V with U = X_J, and Y is bounded in two ways.

*All rows at once*: through the projection on U*, with the least weights of the rows.
*Row by row, column by column*: k known columns with weight give a row of U, k known
rows with weight give a column of V; this wants no row without zero weights.

Contents
--------
chart_distance      a bound on ||Y - Y*||, or None
"""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from flint import arb, arb_mat, ctx

from exact_wlra.checker.critical_values import PRECISION, chart_point, exact_ball
from reductions.critical_balls import RowSpaceSystem, balls, norm_above
from reductions.pivots import pivots
from semialgebraic.rational_matrices import RationalMatrix

# Keeps floats finite that only choose.
_TINY = 1e-60
# Rows of U, or columns of V, as far as they are known.
Known = dict[int, list[arb]]


def chart_distance(
    system: RowSpaceSystem,
    left: RationalMatrix,
    right: RationalMatrix,
    square: Fraction,
) -> arb | None:
    """Return a bound on ||Y - Y*|| for all X of rank <= k in the ball around X*.

    X* = left @ right, Y* its coordinates in the chart of the system. None says that
    nothing is proved.
    """
    found = []
    with ctx.workprec(PRECISION):
        for bound in (_by_projection, _by_propagation):
            try:
                distance = bound(system, left, right, square)
            except ZeroDivisionError:
                continue
            if distance is not None and distance.is_finite():
                found.append(distance.upper())
    return min(found) if found else None


def _by_projection(
    system: RowSpaceSystem,
    left: RationalMatrix,
    right: RationalMatrix,
    square: Fraction,
) -> arb | None:
    """Return the bound through the rows that have weight on all columns.

    With p_i the least weight of row i, M = U*^T P U*, the rows of V = M^-1 U*^T P X =
    [I Y*] + E lie in the row space of X, and ||E||^2 is at most e^2 = square ||M^-1||.
    If e < 1, V_J = I + E_J is regular, and Y - Y* = V_J^-1 (E_F - E_J Y*).
    """
    k = system.instance.rank
    weights = system.instance.squared_weights
    least = RationalMatrix(weights.numerators.min(axis=1)[:, None], weights.denominator)
    basis = left @ right.take(columns=list(system.columns))
    spread = RationalMatrix.from_rows([[1] * k])
    inverse = balls(basis.transpose @ (least @ spread).hadamard(basis)).inv()
    e = (exact_ball(square) * norm_above(inverse)).sqrt()
    if not e < 1:
        return None
    tall = arb_mat(len(system.free), k, chart_point(system, right).entries())
    length = (1 + norm_above(tall.transpose() * tall)).sqrt()
    return e * length / (1 - e)


def _by_propagation(
    system: RowSpaceSystem,
    left: RationalMatrix,
    right: RationalMatrix,
    square: Fraction,
) -> arb | None:
    """Return the bound from rows to columns to rows, along entries with weight."""
    k, (n, d) = system.instance.rank, system.instance.shape
    start = chart_point(system, right)
    basis = left @ right.take(columns=list(system.columns))
    center = balls(basis) * system.right(start)
    weights = balls(system.instance.squared_weights)
    support = system.instance.support()
    root = exact_ball(square).sqrt()

    def entry(i: int, j: int) -> arb | None:
        """Return X_ij, if it has weight."""
        if not support[i, j]:
            return None
        return center[i, j] + arb(0, 1) * root / weights[i, j].sqrt()

    columns: Known = {
        j: [arb(int(a == b)) for b in range(k)] for a, j in enumerate(system.columns)
    }
    rows: Known = {}
    _extend(rows, n, columns, entry)
    # From here on X_J is known to be a basis: of k rows among these it is regular.
    known = [rows[i] for i in sorted(rows)]
    chosen = _chosen(known, [1.0] * len(known), k)
    if chosen is None:
        return None
    arb_mat([known[i] for i in chosen]).inv()
    while len(columns) < d:
        before = len(columns) + len(rows)
        _extend(columns, d, rows, lambda j, i: entry(i, j))
        _extend(rows, n, columns, entry)
        if len(columns) + len(rows) == before:
            return None
    box = [x for j in system.free for x in columns[j]]
    return norm_above(arb_mat(len(box), 1, box) - start)


def _extend(
    found: Known, size: int, known: Known, entry: Callable[[int, int], arb | None]
) -> None:
    """Find more vectors z_i: those with k entries <z_i, y_j> at known vectors y_j."""
    for i in range(size):
        if i in found:
            continue
        pairs = [(y, x) for j, y in known.items() if (x := entry(i, j)) is not None]
        k = len(next(iter(known.values()))) if known else 0
        sharp = [1 / (float(x.rad()) + _TINY) for _, x in pairs]
        chosen = _chosen([y for y, _ in pairs], sharp, k)
        if chosen is None:
            continue
        matrix = arb_mat([pairs[p][0] for p in chosen])
        try:
            found[i] = matrix.solve(
                arb_mat(k, 1, [pairs[p][1] for p in chosen])
            ).entries()
        except ZeroDivisionError:
            continue


def _chosen(
    vectors: list[list[arb]], scales: list[float], k: int
) -> tuple[int, ...] | None:
    """Return the places of k vectors that are far from dependent, if there are any."""
    if len(vectors) < k or k == 0:
        return None
    pairs = zip(vectors, scales, strict=True)
    floats = [[float(x.mid()) * scale for x in vector] for vector, scale in pairs]
    return pivots(np.array(floats).T)
