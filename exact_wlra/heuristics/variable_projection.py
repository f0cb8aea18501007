"""Variable projection: U is eliminated, and second-order steps are taken in V.

Restarts until the same optimum was seen twice find the best known answers of published
instances where single runs of any method fail.

Contents
--------
varpro      damped steps on g(V) = min over U of f(U V), restarted

Notes on the implementation
---------------------------
With D_i = diag(W_i), M_i = D_i V^T = Q_i S_i Z_i (thin, singular values that are
rounding errors left away), K_i = S_i^{-1} Z_i and p_i = D_i r_i, the residual of row i
is r_i = (I - Q_i Q_i^T) D_i a_i, and half the second derivative of g along dV is

    sum_i |D_i dV^T u_i|^2 - |Q_i^T D_i dV^T u_i - K_i dV p_i|^2.

Without p_i it is the J^T J of Ruhe and Wedin's second approximation, whose runs end at
the best points most often; but where residuals are large it creeps. So the steps are
Gauss-Newton steps at first, and Newton steps once a step lowers the cost by less than a
hundredth. Both are damped after Levenberg and Marquardt until they lower the cost.

V has orthonormal rows: g depends on their span only, and steps are orthogonal to it.
The longer side of A is eliminated. One step costs about n d^2 k^2 + (d k)^3.

References
----------
[RuheWedin1980]_, algorithm 2; [HongFitzgibbon2015]_ for restarts and the comparison of
variants.
"""

import time
from dataclasses import dataclass
from typing import final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.answers import Answer, Guarantee
from exact_wlra.heuristics.normalization import Normalized
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

Floats = NDArray[np.float64]

_LARGEST_UNKNOWNS = 4000
# Entries of the stacks of matrices that are held at once.
_CHUNK = 4_000_000
# Singular values of M_i below this part of the largest are rounding errors.
_SINGULAR = 1e-13
_FIRST_DAMPING, _LEAST_DAMPING, _MOST_DAMPING = 1e-3, 1e-12, 1e12
# Costs this close, relative, are one optimum.
_SAME = 1e-6
# A step that lowers the cost by less than this part of it is followed by Newton steps.
_SLOW = 1e-2


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Point:
    """One V with all that was eliminated."""

    right: Floats
    left: Floats
    bases: Floats
    inverses: Floats
    residual: Floats
    cost: float


def varpro(
    matrix: WeightedMatrix,
    *,
    rank: int,
    seed: int = 0,
    restarts: int = 20,
    sightings: int = 2,
    iterations: int = 200,
    tolerance: float = 1e-11,
    time_limit: float | None = None,
) -> Answer:
    """Return the best end of several runs; `stopped` says how often it was seen.

    A new run begins at a Gaussian V until the best cost was reached `sightings` times.
    That is evidence, not proof, that it is the optimum. The history is that of the best
    run.

    Parameters
    ----------
    rank : int
        k.
    seed : int
        Of all starts.
    restarts : int
        Largest number of runs.
    sightings : int
        How many runs are to end at the best cost, up to 1e-6 of it.
    iterations : int
        Largest number of steps of a run.
    tolerance : float
        A run ends when a step lowers the cost by no more than this part of it.
    time_limit : float, optional
        Seconds after which no run and no step begins; then the answer depends on the
        machine.

    Raises
    ------
    InvalidProblemError
        If V, on the shorter side, has more than 4000 entries.

    Examples
    --------
    >>> A, W = [[2.0, 1.0], [1.0, 3.0]], [[1.0, 1.0], [1.0, 1.0]]
    >>> found = varpro(WeightedMatrix.from_arrays(A, W), rank=1)
    >>> round(found.cost, 6), found.stopped
    (1.90983, 'the best cost was seen 2x in 2 run(s)')
    """
    started = time.perf_counter()
    scaled = Normalized.of(matrix, rank=rank)
    if scaled.is_trivial:
        return scaled.zero_answer("varpro", started=started, seed=seed)
    is_wide = scaled.data.shape[0] < scaled.data.shape[1]
    weighted = np.sqrt(scaled.weights) * scaled.data
    roots = np.sqrt(scaled.weights)
    if is_wide:
        weighted, roots = weighted.T, roots.T
    d, m = roots.shape[1], scaled.rank
    if d * m > _LARGEST_UNKNOWNS:
        raise InvalidProblemError(
            f"variable projection would solve for {d * m} unknowns at once, more than "
            f"{_LARGEST_UNKNOWNS}; take a smaller rank, or `als` or `lbfgs`."
        )
    deadline = started + (np.inf if time_limit is None else time_limit)
    generator = np.random.default_rng(seed)
    floor = scaled.size * 1e-24
    ends: list[_Point] = []
    history: list[float] = []
    n_seen = 0
    while len(ends) < restarts and n_seen < sightings:
        if ends and time.perf_counter() > deadline:
            break
        first = generator.standard_normal((m, d))
        end, costs = _run(
            weighted,
            roots,
            first,
            iterations=iterations,
            tolerance=tolerance,
            deadline=deadline,
        )
        ends.append(end)
        if end.cost <= min(other.cost for other in ends):
            history = costs
        least = min(end.cost for end in ends)
        n_seen = sum(end.cost <= (1 + _SAME) * least + floor for end in ends)
    best = min(ends, key=lambda end: end.cost)
    left, right = (best.right.T, best.left.T) if is_wide else (best.left, best.right)
    return scaled.answer(
        "varpro",
        left,
        right,
        started=started,
        guarantee=Guarantee.none("a local method, restarted"),
        seed=seed,
        history=history,
        stopped=f"the best cost was seen {n_seen}x in {len(ends)} run(s)",
    )


def _run(
    weighted: Floats,
    roots: Floats,
    right: Floats,
    *,
    iterations: int,
    tolerance: float,
    deadline: float,
) -> tuple[_Point, list[float]]:
    """Descend from one V, and return the last point and the costs."""
    point = _eliminated(weighted, roots, right)
    floor = 1e-30 * float(np.vdot(weighted, weighted))
    damping, is_newton = _FIRST_DAMPING, False
    costs: list[float] = []
    while len(costs) < iterations and time.perf_counter() < deadline:
        normal, slope = _system(roots, point, is_newton=is_newton)
        unit = float(np.abs(np.diag(normal)).mean())
        trial = None
        while trial is None and unit > 0 and damping <= _MOST_DAMPING:
            step = _step(normal, slope, damping * unit)
            if step is not None:
                ahead = _eliminated(
                    weighted, roots, point.right + step.reshape(right.shape)
                )
                trial = ahead if ahead.cost < point.cost else None
            damping *= 10 if trial is None else 0.1
        if trial is None:
            break
        fall = point.cost - trial.cost
        # A short step says little while the damping is what made it short.
        has_stalled = fall <= tolerance * point.cost + floor and damping <= 1
        is_newton = is_newton or fall <= _SLOW * point.cost
        point = trial
        costs.append(point.cost)
        if has_stalled:
            break
        damping = max(damping, _LEAST_DAMPING)
    return point, costs


def _step(normal: Floats, slope: Floats, shift: float) -> Floats | None:
    """Solve for the step, or return None where the matrix is not definite."""
    from scipy.linalg import LinAlgError, cho_factor, cho_solve

    shifted = normal + shift * np.eye(len(normal))
    try:
        factor = cho_factor(shifted, overwrite_a=True, check_finite=False)
    except LinAlgError:
        return None
    step: Floats = cho_solve(factor, slope, check_finite=False)
    return step


def _eliminated(weighted: Floats, roots: Floats, right: Floats) -> _Point:
    """Return the best U for V, with orthonormal rows in the place of V."""
    rows = np.linalg.qr(right.T)[0].T
    m, d = rows.shape
    bases = np.empty((len(roots), d, m))
    left = np.empty((len(roots), m))
    inverses = np.empty((len(roots), m, m))
    size = max(1, _CHUNK // (d * m))
    for begin in range(0, len(roots), size):
        part = slice(begin, begin + size)
        scaled = roots[part, :, None] * rows.T
        basis, values, turns = np.linalg.svd(scaled, full_matrices=False)
        kept = values > _SINGULAR * values[:, :1]
        basis *= kept[:, None, :]
        inner = np.einsum("idk,id->ik", basis, weighted[part])
        sizes = np.divide(1.0, values, out=np.zeros_like(values), where=kept)
        bases[part] = basis
        inverses[part] = sizes[:, :, None] * turns
        left[part] = np.einsum("ikl,ik->il", inverses[part], inner)
    residual = weighted - roots * (left @ rows)
    cost = float(np.vdot(residual, residual))
    return _Point(
        right=rows,
        left=left,
        bases=bases,
        inverses=inverses,
        residual=residual,
        cost=cost,
    )


def _system(roots: Floats, point: _Point, *, is_newton: bool) -> tuple[Floats, Floats]:
    """Return the matrix of a step (mk x mk for V row by row) and its right side."""
    n, d = roots.shape
    m = point.left.shape[1]
    total = np.zeros((m, m, d, d))
    mixed = np.zeros((m, d, m, d))
    size = max(1, _CHUNK // (d * max(d, m * m)))
    for begin in range(0, n, size):
        part = slice(begin, begin + size)
        left, inverses = point.left[part], point.inverses[part]
        scaled = roots[part, :, None] * point.bases[part]
        blocks = -(scaled @ scaled.transpose(0, 2, 1))
        diagonal = np.arange(d)
        blocks[:, diagonal, diagonal] += roots[part] ** 2
        total += _paired(left[:, :, None] * left[:, None, :], blocks)
        if is_newton:
            pull = roots[part] * point.residual[part]
            grams = inverses.transpose(0, 2, 1) @ inverses
            total -= _paired(grams, pull[:, :, None] * pull[:, None, :])
            turned = (scaled @ inverses)[:, None] * left[:, :, None, None]
            mixed += np.tensordot(turned, pull, axes=(0, 0))
    hessian = total.transpose(0, 2, 1, 3) + mixed + mixed.transpose(2, 3, 0, 1)
    # Only what is orthogonal to the rows of V moves their span.
    outside = np.eye(d) - point.right.T @ point.right
    hessian = np.einsum("ij,ajbk,kl->aibl", outside, hessian, outside, optimize=True)
    slope = point.left.T @ (roots * point.residual) @ outside
    return hessian.reshape(m * d, m * d), slope.ravel()


def _paired(pairs: Floats, blocks: Floats) -> Floats:
    """Return sum_i pairs_i (x) blocks_i, of shape (m, m, d, d)."""
    product: Floats = np.tensordot(pairs, blocks, axes=(0, 0))
    return product
