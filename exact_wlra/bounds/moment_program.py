"""The moment relaxation solved by an interior point method.

It finds good bounds where iterations are slow, at a cost that grows fast with the size.
The solver is Clarabel; where it is not installed there is no answer.

Contents
--------
solved_by_interior_point    S, S_1, S_2, S_3 near the best ones, and their bound
seconds_of_program          about how long that takes

Notation
--------
Moments: y stands for vec X (vec X)^T and K for (X X^T)_ii' P_jj', P the projection onto
the row space of a block. They satisfy, for the entries a = (i, j), b = (i', j') of it,

    K - y^G >= 0,  K + y^G - (2/k) y >= 0,  (Tr y) x I - K >= 0,  Tr K = k Tr y

and the dual variables of the three inequalities are S_1, S_2 and S_3.
"""

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.form_groups import Floats, FormGroup
from exact_wlra.bounds.moment_relaxation import Blocks, MomentRelaxation

_ACCURACY = 1e-12
_ITERATIONS = 100
# Seconds for each multiplication of the factorizations, measured.
_SECONDS = 7e-10
Indices = NDArray[np.int64]


class _Program:
    """Rows of a conic program, collected cone by cone: s = constant + terms y."""

    def __init__(self) -> None:
        self.n_variables = 0
        self.n_rows = 0
        self.cones: list[Any] = []
        self.terms: list[tuple[Indices, Indices, Floats]] = []
        self.constants: list[Floats] = []

    def variables(self, count: int) -> Indices:
        """Return the numbers of new variables."""
        start, self.n_variables = self.n_variables, self.n_variables + count
        return np.arange(start, start + count)

    def rows(self, cone: Any, constant: Floats, terms: list[Any]) -> None:
        """Add a cone: each of the terms is (rows, variables, coefficients)."""
        for rows, variables, coefficients in terms:
            self.terms.append(
                (
                    np.ravel(rows) + self.n_rows,
                    np.ravel(variables),
                    np.broadcast_to(coefficients, np.shape(rows)).ravel(),
                )
            )
        self.constants.append(constant)
        self.cones.append(cone)
        self.n_rows += len(constant)

    def solve(self, costs: Floats, seconds: float) -> Any:
        """Return Clarabel's solution, or where it was after some seconds."""
        import clarabel
        from scipy.sparse import csc_matrix

        rows, columns, values = (
            np.concatenate(x) for x in zip(*self.terms, strict=True)
        )
        shape = (self.n_rows, self.n_variables)
        matrix = csc_matrix((-values, (rows, columns)), shape=shape)
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.max_iter = _ITERATIONS
        settings.time_limit = seconds
        settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = _ACCURACY
        none = csc_matrix((self.n_variables, self.n_variables))
        return clarabel.DefaultSolver(
            none, costs, matrix, np.concatenate(self.constants), self.cones, settings
        ).solve()


def _triangle(size: int) -> tuple[Indices, Indices, Floats]:
    """Return the entries (a <= b) of a triangle in Clarabel's order, and scalings."""
    b, a = np.tril_indices(size)
    return a, b, np.where(a == b, 1.0, np.sqrt(2.0))


def _matrix(values: Floats, size: int) -> Floats:
    """Return the symmetric matrix of a scaled triangle."""
    a, b, scalings = _triangle(size)
    matrix = np.zeros((size, size))
    matrix[a, b] = matrix[b, a] = values / scalings
    return matrix


def seconds_of_program(n_entries: int, groups: tuple[FormGroup, ...]) -> float:
    """Return about how long the solver takes, infinite if it is not installed.

    Examples
    --------
    >>> seconds_of_program(3, ()) < 1.0
    True
    """
    if find_spec("clarabel") is None:
        return float("inf")
    triangles = [(n_entries + 2) * (n_entries + 1) // 2]
    variables = triangles[0]
    for group in groups:
        p, q = group.shape
        count = len(group.places)
        triangles += 3 * count * [p * q * (p * q + 1) // 2]
        variables += count * p * (p + 1) * q * (q + 1) // 4
    return _SECONDS * (sum(float(size) ** 3 for size in triangles) + variables**3)


def _add_border(program: _Program, linear: Indices, square: Indices) -> None:
    """Demand that 1, x, y form a semidefinite matrix."""
    import clarabel

    order = len(linear) + 1
    a, b, scalings = _triangle(order)
    names = np.zeros((order, order), dtype=np.int64)
    names[0, 1:], names[1:, 1:] = linear, square
    rows = np.arange(len(a))[1:]
    constant = np.zeros(len(a))
    constant[0] = 1.0
    terms = [(rows, names[a, b][1:], scalings[1:])]
    program.rows(clarabel.PSDTriangleConeT(order), constant, terms)


def _add_block(program: _Program, group: FormGroup, square: Indices) -> None:
    """Demand the three inequalities and the equation of one block."""
    import clarabel

    (p, q), k = group.shape, group.rank
    a, b, scalings = _triangle(p * q)
    (i, j), (other, second) = np.divmod(a, q), np.divmod(b, q)
    pairs = np.zeros((p, p, q, q), dtype=np.int64)
    one, two = np.triu_indices(p)
    first, last = np.triu_indices(q)
    count = len(one) * len(first)
    names = program.variables(count).reshape(len(one), len(first))
    for left, right in ((one, two), (two, one)):
        pairs[left[:, None], right[:, None], first, last] = names
        pairs[left[:, None], right[:, None], last, first] = names
    rows = np.arange(len(a))
    here = pairs[i, other, j, second]
    swapped = square[i * q + second, other * q + j]
    cone = clarabel.PSDTriangleConeT(p * q)
    zero = np.zeros(len(a))
    program.rows(cone, zero, [(rows, here, scalings), (rows, swapped, -scalings)])
    plain = (rows, square[a, b], -2 / k * scalings)
    program.rows(cone, zero, [(rows, here, scalings), (rows, swapped, scalings), plain])
    same = np.flatnonzero(j == second)
    every = np.arange(q)
    traces = square[(i[same] * q)[:, None] + every, (other[same] * q)[:, None] + every]
    trace = (np.repeat(same, q), traces, np.repeat(scalings[same], q))
    program.rows(cone, zero, [(rows, here, -scalings), trace])
    rows = np.repeat(np.arange(len(one)), q)
    diagonal = pairs[one[:, None], two[:, None], every, every]
    sums = square[(one * q)[:, None] + every, (two * q)[:, None] + every]
    program.rows(
        clarabel.ZeroConeT(len(one)),
        np.zeros(len(one)),
        [(rows, diagonal, 1.0), (rows, sums, float(-k))],
    )


def solved_by_interior_point(
    relaxation: MomentRelaxation, seconds: float
) -> tuple[Blocks, float]:
    """Return matrices near the best ones, and the bound L they are near to.

    Raises
    ------
    ImportError
        If Clarabel is not installed.
    """
    program = _Program()
    target, unit = relaxation.target, relaxation.unit
    order = len(target) - 1
    seen = np.flatnonzero(np.diag(target)[1:] > 0)
    position = np.full(order, -1)
    position[seen] = np.arange(len(seen))
    linear = program.variables(len(seen))
    a, b, _ = _triangle(len(seen))
    square = np.zeros((len(seen), len(seen)), dtype=np.int64)
    square[a, b] = square[b, a] = program.variables(len(a))
    _add_border(program, linear, square)
    for group in relaxation.groups:
        for places in position[group.places]:
            _add_block(program, group, square[np.ix_(places, places)])
    costs = np.zeros(program.n_variables)
    costs[np.diag(square)] = np.diag(target)[1:][seen]
    costs[linear] = 2 * target[0, 1:][seen]
    solution = program.solve(costs, seconds)
    ends = np.cumsum([len(constant) for constant in program.constants])
    duals = iter(np.split(np.array(solution.z), ends[:-1]))
    border = np.zeros_like(target)
    kept = np.append(0, seen + 1)
    border[np.ix_(kept, kept)] = _matrix(next(duals), len(kept))
    groups = []
    for group in relaxation.groups:
        parts = group.zero
        for three in parts:
            three[:] = [_matrix(next(duals), parts.shape[-1]) for _ in range(3)]
            next(duals)
        groups.append(parts)
    bound = relaxation.energy + float(solution.obj_val_dual) * unit**2
    return Blocks(border, tuple(groups)), bound
