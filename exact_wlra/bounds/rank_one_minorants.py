"""Rank-one minorants p q^T <= omega of the squared weights.

What the spectral bounds need first: positive p and q, as large as possible where it
matters, on rows and columns between which no weight is zero.

Contents
--------
Minorant            floating-point p and q
full_rectangles     row and column sets between which all weights are positive
greedy_rectangle    one such rectangle, grown by priorities
candidate_minorants     minorants worth trying, all of them maximal
maximal_minorant    p and q raised until every row and column touches omega
truncated_minorant  p and q rounded to a few bits
rational_minorant   p and q as rationals with p q^T <= omega exactly
rank_one_factors    p and q with p q^T = omega exactly, when omega has rank one

Notes on the implementation
---------------------------
The maximal minorants with the largest a^T log p + b^T log q are the dual solutions of
the optimal transport from a to b with cost log omega. Small ones are found by linear
programming, large ones by Sinkhorn's iteration [Cuturi2013]_; in both cases alternating
maximization restores p q^T <= omega.

References
----------
[Cuturi2013]_
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Minorant = tuple[Floats, Floats]

# Up to this many entries the linear program costs a fraction of a second.
_LARGEST_PROGRAM = 3000
# So that numbers which are short anyway survive a rounding down.
_FUDGE = 1e-12


def full_rectangles(
    support: NDArray[np.bool_], importance: Floats
) -> Iterator[tuple[Indices, Indices]]:
    """Yield row and column sets whose rectangle lies inside the support.

    Parameters
    ----------
    support : bool array, shape (n, d)
        Where the weights are positive.
    importance : array, shape (n, d)
        Non-negative; the greedy rectangle keeps rows and columns of large sums.

    Examples
    --------
    >>> support = np.array([[True, True], [True, False]])
    >>> [(r.tolist(), c.tolist()) for r, c in full_rectangles(support, support * 1.0)]
    [([0], [0, 1]), ([0, 1], [0])]
    """
    n, d = support.shape
    if support.all():
        yield np.arange(n), np.arange(d)
        return
    rows, columns = np.arange(n), np.arange(d)
    candidates = [
        (np.flatnonzero(support.all(axis=1)), columns),
        (rows, np.flatnonzero(support.all(axis=0))),
        greedy_rectangle(support, importance),
    ]
    seen = set()
    for kept_rows, kept_columns in candidates:
        key = (kept_rows.tobytes(), kept_columns.tobytes())
        if len(kept_rows) and len(kept_columns) and key not in seen:
            seen.add(key)
            yield kept_rows, kept_columns


def greedy_rectangle(
    support: NDArray[np.bool_], importance: Floats
) -> tuple[Indices, Indices]:
    """Return a rectangle inside the support: what has most zeros goes first.

    Examples
    --------
    >>> rows, columns = greedy_rectangle(~np.eye(3, dtype=bool), np.ones((3, 3)))
    >>> len(rows) * len(columns)
    2
    """
    rows, columns = np.arange(support.shape[0]), np.arange(support.shape[1])
    while rows.size and columns.size:
        part = ~support[np.ix_(rows, columns)]
        if not part.any():
            break
        value = importance[np.ix_(rows, columns)]
        floor = value.sum() * 1e-9 + 1e-300
        row_price = part.sum(axis=1) / len(columns) / (value.sum(axis=1) + floor)
        column_price = part.sum(axis=0) / len(rows) / (value.sum(axis=0) + floor)
        if row_price.max() >= column_price.max():
            rows = np.delete(rows, row_price.argmax())
        else:
            columns = np.delete(columns, column_price.argmax())
    return rows, columns


def candidate_minorants(
    weights: Floats, row_mass: Floats, column_mass: Floats
) -> Iterator[Minorant]:
    """Yield several maximal minorants of positive weights, the cheapest first.

    Parameters
    ----------
    weights : array, shape (n, d)
        omega, positive.
    row_mass, column_mass : arrays, shapes (n,) and (d,)
        Positive; how much a large p_i and a large q_j are worth.

    Examples
    --------
    >>> omega = np.array([[1.0, 2.0], [2.0, 4.0]])
    >>> minorants = candidate_minorants(omega, np.ones(2), np.ones(2))
    >>> all(np.allclose(np.outer(p, q), omega) for p, q in minorants)
    True
    """
    n, d = weights.shape
    yield maximal_minorant(weights, np.full(d, weights.min()))
    logs = np.log(weights)
    yield maximal_minorant(weights, np.exp(logs.mean(axis=0) - logs.mean()))
    transport = _by_linear_program if weights.size <= _LARGEST_PROGRAM else _by_sinkhorn
    masses = [(np.full(n, 1.0 / n), np.full(d, 1.0 / d))]
    masses.append((row_mass / row_mass.sum(), column_mass / column_mass.sum()))
    for a, b in masses:
        yield maximal_minorant(weights, transport(logs, a, b))


def maximal_minorant(weights: Floats, columns: Floats) -> Minorant:
    """Return a maximal minorant (p, q), starting from p_i = min_j omega_ij / q_j.

    Examples
    --------
    >>> p, q = maximal_minorant(np.array([[1.0, 3.0], [2.0, 2.0]]), np.ones(2))
    >>> p.tolist(), q.tolist()
    ([1.0, 2.0], [1.0, 1.0])
    """
    rows = (weights / columns).min(axis=1)
    columns = (weights / rows[:, None]).min(axis=0)
    return rows, columns


def _by_linear_program(logs: Floats, row_mass: Floats, column_mass: Floats) -> Floats:
    """Return q of the minorant with the largest a^T log p + b^T log q."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron, vstack

    n, d = logs.shape
    constraints = vstack(
        [
            kron(eye_array(n), np.ones((1, d))),
            kron(np.ones((1, n)), eye_array(d)),
        ]
    ).T
    program = linprog(
        -np.concatenate([row_mass, column_mass]),
        A_ub=constraints.tocsr(),
        b_ub=logs.ravel(),
        bounds=(None, None),
        method="highs",
    )
    if program.x is None:
        return np.full(d, 1.0)
    potential = np.asarray(program.x[n:], dtype=np.float64)
    return np.asarray(np.exp(potential - potential.mean()))


def _by_sinkhorn(logs: Floats, row_mass: Floats, column_mass: Floats) -> Floats:
    """Return q of an entropic approximation of the transport potentials."""
    row_logs, column_logs = np.log(row_mass), np.log(column_mass)
    span = max(float(np.ptp(logs)), 1e-12)
    columns = np.zeros(logs.shape[1])
    for temperature in (span, span / 4, span / 16, span / 40):
        for _ in range(8):
            rows = temperature * (
                row_logs - _log_sum((columns - logs) / temperature, axis=1)
            )
            columns = temperature * (
                column_logs - _log_sum((rows[:, None] - logs) / temperature, axis=0)
            )
    return np.asarray(np.exp(columns - columns.mean()))


def _log_sum(array: Floats, *, axis: int) -> Floats:
    """Return log(sum(exp(array))) along an axis without overflow."""
    top = array.max(axis=axis, keepdims=True)
    total = np.log(np.exp(array - top).sum(axis=axis))
    return np.asarray(total + top.squeeze(axis))


def truncated_minorant(weights: Floats, minorant: Minorant, bits: int) -> Minorant:
    """Return p and q rounded to `bits` significant bits, p q^T <= omega but for errors.

    Examples
    --------
    >>> minorant = np.array([1.0, 3.0]), np.array([1 / 3, 1.0])
    >>> p, q = truncated_minorant(np.outer(*minorant), minorant, 4)
    >>> p.tolist(), q.tolist()
    ([0.5, 1.5], [0.625, 2.0])
    """
    columns = minorant[1] / 2.0 ** np.round(np.log2(np.median(minorant[1])))
    columns = _truncated(columns * (1 + _FUDGE), bits)
    rows = _truncated((weights / columns).min(axis=1) * (1 + _FUDGE), bits)
    return rows, columns


def rational_minorant(
    squared_weights: RationalMatrix, minorant: Minorant, *, bits: int
) -> tuple[RationalMatrix, RationalMatrix]:
    """Return p (1 x n) and q (1 x d) with p q^T <= omega, exactly.

    Parameters
    ----------
    squared_weights : RationalMatrix, shape (n, d)
        omega, positive.
    minorant : pair of arrays
        Positive p and q of at most `bits` significant bits; p q^T may exceed omega a
        little.

    Examples
    --------
    >>> omega = RationalMatrix.from_rows([["1/3", 1], [1, 3]])
    >>> rational_minorant(omega, (np.array([0.5, 1.5]), np.array([0.75, 2.0])), bits=4)
    (RationalMatrix([[7/16, 5/4]]), RationalMatrix([[3/4, 2]]))
    """
    rows, columns = minorant
    exact_columns = RationalMatrix.from_floats(columns[None, :])
    while True:
        exact_rows = RationalMatrix.from_floats(rows[None, :])
        excess = squared_weights - exact_rows.transpose @ exact_columns
        failing = (excess.numerators < 0).any(axis=1).astype(bool)
        if not failing.any():
            return exact_rows, exact_columns
        unit = 2.0 ** (np.frexp(rows)[1] - bits)
        rows = np.where(failing, rows - unit, rows)


def _truncated(values: Floats, bits: int) -> Floats:
    """Return positive values rounded down to `bits` significant bits."""
    mantissas, exponents = np.frexp(values)
    truncated = np.floor(np.ldexp(mantissas, bits))
    return np.asarray(np.ldexp(truncated, exponents - bits))


def rank_one_factors(
    squared_weights: RationalMatrix,
) -> tuple[RationalMatrix, RationalMatrix] | None:
    """Return p (1 x n) and q (1 x d) with p q^T = omega, or None if there are none.

    Examples
    --------
    >>> omega = RationalMatrix.from_rows([[2, 4], [3, 6]])
    >>> rank_one_factors(omega)
    (RationalMatrix([[2, 3]]), RationalMatrix([[1, 2]]))
    >>> rank_one_factors(RationalMatrix.from_rows([[1, 1], [1, 2]])) is None
    True
    """
    numerators = squared_weights.numerators
    labels, _, content = ray_classes(numerators)
    positive = np.flatnonzero(content != 0)
    if len(set(labels[positive].tolist())) > 1:
        return None
    if positive.size == 0:
        return RationalMatrix.zeros(1, len(labels)), RationalMatrix.zeros(
            1, numerators.shape[1]
        )
    first = positive[0]
    primitive = integer_arrays.narrow(numerators[first] // content[first])
    rows = RationalMatrix(content[None, :], squared_weights.denominator)
    return rows, RationalMatrix(primitive[None, :], 1)
