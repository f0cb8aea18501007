"""Search-free lower bounds for any weights, zeros included.

The weights are split into rank-one pieces, each of which is bounded by its singular
values; or multiplied into the data, if their roots have low rank.

Contents
--------
prove_split             classes of rows and columns, minorants, and their improvement
prove_hadamard_rank     the bound of Woodruff and Yasuda

References
----------
[WoodruffYasuda2024]_
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.bounds.singular_tails import dominate_gram, estimate_tail
from exact_wlra.bounds.weight_splits import (
    WeightSplit,
    class_split,
    improve_split,
    minorant_splits,
)
from exact_wlra.certificates import (
    Energy,
    HadamardRank,
    Piece,
    Proof,
    Split,
    Transpose,
    Zero,
)
from exact_wlra.checker.spectral import exact_rank, tail_value, weighted_gram
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]
_Pair = tuple[RationalMatrix, RationalMatrix]

# Significant bits of p and q in improved pieces; exact classes stay exact.
_BITS = 26
_SMALLEST_SHARE, _LARGEST_SHARE = Fraction(1, 10**13), Fraction(1, 10**3)
# Bits of a common denominator above which rational roots are given up.
_LONGEST = 500
# Bits of the largest singular value below which a tail counts as zero.
_RESOLUTION = 44


def prove_split(
    instance: Instance,
    *,
    target_gap: float = 1e-6,
    seed: int = 0,
    interrupted: Callable[[], bool] = lambda: False,
) -> Proof:
    """Return the best proof of rule `split` that was found.

    Tried are the classes of proportional weight rows, those of columns, minorants on
    rectangles of positive weights, and an ascent from their mixture.

    Parameters
    ----------
    instance : Instance
        Any weights.
    target_gap : float
        Accuracy of the singular values, relative to the bound.
    seed : int
        Of the random pieces that the ascent starts from.
    interrupted : callable
        Polled; when it returns True the best so far is rounded and returned.

    Returns
    -------
    Proof
        `Split` (perhaps inside `Transpose`), `Energy` for rank 0, or `Zero` when no
        positive bound was found.

    Examples
    --------
    >>> from exact_wlra.checker.rules import lower_bound
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1], [1, 0], [0, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [1, 1], [1, 3], [2, 6]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> float(lower_bound(instance, prove_split(instance, target_gap=1e-3))) > 1.99
    True
    """
    if instance.rank == 0:
        return Energy()
    n, d = instance.shape
    if instance.rank >= min(n, d):
        return Zero()
    rational, flipped = _best_pieces(instance, seed=seed, interrupted=interrupted)
    if not rational:
        return Zero()
    if flipped:
        proved = _proved_pieces(
            instance.transpose, [(q, p) for p, q in rational], target_gap
        )
    else:
        proved = _proved_pieces(instance, rational, target_gap)
    if not proved:
        return Zero()
    proof = Split(pieces=tuple(proved))
    return Transpose(proof=proof) if flipped else proof


def _best_pieces(
    instance: Instance, *, seed: int, interrupted: Callable[[], bool]
) -> tuple[list[_Pair], bool]:
    """Return rational pieces, and whether their columns outnumber their rows."""
    data, k = instance.data.to_float(), instance.rank
    numerators = instance.squared_weights.numerators
    weights = instance.squared_weights.to_float()
    unit = float(Fraction(1, instance.squared_weights.denominator))
    by_row = class_split(data, numerators, k)
    by_column = class_split(data.T, numerators.T, k)
    splits = [
        WeightSplit(left=left * unit, right=right, value=value * unit)
        for left, right, value in (
            (by_row.left, by_row.right, by_row.value),
            (by_column.right, by_column.left, by_column.value),
        )
        if len(left)
    ]
    exact = max(splits, key=lambda split: split.value, default=None)
    best = exact
    n_rays = len(set(ray_classes(numerators)[0].tolist()))
    if n_rays > 1 and not interrupted():
        splits.extend(minorant_splits(data, weights, k, seed=seed))
        splits = [split for split in splits if split.value > 0]
        if splits:
            best = improve_split(data, weights, k, splits, interrupted=interrupted)
    if best is None or best.value <= 0:
        return [], False
    if exact is not None and best.value <= exact.value:
        if by_row.value >= by_column.value:
            pieces = _class_pieces(instance, k)
        else:
            pieces = [(q, p) for p, q in _class_pieces(instance.transpose, k)]
    else:
        pieces = _rounded_pieces(instance.squared_weights, best)
    return pieces, _order_cubed(pieces, 0) < _order_cubed(pieces, 1)


def _order_cubed(pieces: list[_Pair], side: int) -> int:
    """Return the cost of the definiteness proofs over rows (0) or columns (1)."""
    return sum(int((pair[side].numerators != 0).sum()) ** 3 for pair in pieces)


def _class_pieces(instance: Instance, rank: int) -> list[_Pair]:
    """Return p and q of each class of more than k proportional weight rows, exactly."""
    omega = instance.squared_weights
    labels, first, content = ray_classes(omega.numerators)
    sizes = np.bincount(labels, minlength=len(first))
    pieces = []
    for label in np.flatnonzero((sizes > rank) & (content[first] != 0)):
        row = first[label]
        p = np.where(labels == label, content, 0)[None, :]
        q = integer_arrays.narrow(omega.numerators[row] // content[row])[None, :]
        pieces.append((RationalMatrix(p, omega.denominator), RationalMatrix(q, 1)))
    return pieces


def _rounded_pieces(omega: RationalMatrix, split: WeightSplit) -> list[_Pair]:
    """Return the pieces rounded to short dyadics, their sum at most omega exactly."""
    balance = np.sqrt(
        split.left.max(axis=1, keepdims=True) / split.right.max(axis=1, keepdims=True)
    )
    left, right = split.left / balance, split.right * balance
    top = max(left.max(), right.max())
    bits = _BITS - math.ceil(math.log2(top))
    columns = RationalMatrix.rounded(np.floor(np.ldexp(right, bits)), 0)
    while True:
        rows = RationalMatrix.rounded(np.floor(np.ldexp(left, bits)), 0)
        sums = (rows.transpose @ columns).scaled(Fraction(1, 4) ** bits)
        failing = ((omega - sums).numerators < 0).any(axis=1).astype(bool)
        if not failing.any():
            break
        left = np.where(failing, left * (1 - 2.0 ** (2 - _BITS)), left)
    unit = Fraction(1, 2) ** bits
    rows, columns = rows.scaled(unit), columns.scaled(unit)
    return [
        (rows.take(slice(i, i + 1)), columns.take(slice(i, i + 1)))
        for i in range(len(left))
        if rows.numerators[i].any() and columns.numerators[i].any()
    ]


def _proved_pieces(
    instance: Instance, pairs: list[_Pair], target_gap: float
) -> list[Piece]:
    """Return the pieces with theta and H, those that prove nothing left out."""
    k = instance.rank
    proved = []
    for p, q in pairs:
        rows, columns = np.flatnonzero(p.numerators[0]), np.flatnonzero(q.numerators[0])
        inner = q.take(columns=columns)
        gram = weighted_gram(
            instance.data.take(rows, columns), p.take(columns=rows), inner
        )
        found = _dominated(gram, inner, k, target_gap)
        if found is None:
            continue
        theta, factor = found
        array = np.zeros((q.shape[1], factor.shape[1]), dtype=factor.numerators.dtype)
        array[columns] = factor.numerators
        proved.append(
            Piece(
                rows=p,
                columns=q,
                theta=theta,
                factor=RationalMatrix(array, factor.denominator),
            )
        )
    return proved


def _dominated(
    gram: RationalMatrix, columns: RationalMatrix, rank: int, target_gap: float
) -> tuple[Fraction, RationalMatrix] | None:
    """Return theta and H with a positive bound, to the accuracy asked."""
    tail = estimate_tail(gram, columns, rank, bits=_RESOLUTION)
    if tail is None:
        return None
    share = min(max(Fraction(target_gap), _SMALLEST_SHARE), _LARGEST_SHARE)
    found = dominate_gram(gram, columns, rank, loss=share * tail)
    if found is None or tail_value(gram, columns, rank, *found) <= 0:
        return None
    return found


def prove_hadamard_rank(
    instance: Instance,
    root_weights: RationalMatrix | None = None,
    *,
    target_gap: float = 1e-6,
) -> Proof:
    """Return a proof of rule `hadamard-rank` (Woodruff and Yasuda).

    With omega = p q^T o R o R and r = rank R:
    OPT >= sum_{i>rk} sigma_i^2(P^1/2 (R o A) Q^1/2).

    Parameters
    ----------
    instance : Instance
        Any weights.
    root_weights : RationalMatrix, shape (n, d), optional
        R with R o R = omega; its signs are free, and the smaller its rank the better.
        By default p, q and R >= 0 are found, if rational ones exist.
    target_gap : float
        Accuracy of the singular values, relative to the bound.

    Returns
    -------
    Proof
        `HadamardRank` (inside `Transpose` when n < d); `Zero` when there are no
        rational roots, rk >= min(n, d), or the bound cannot be told from zero.

    Raises
    ------
    NotApplicableError
        If the square of `root_weights` is not omega.

    Examples
    --------
    >>> from exact_wlra.checker.rules import lower_bound
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> omega = RationalMatrix.from_rows([[1, 4], [3, 12]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> round(float(lower_bound(instance, prove_hadamard_rank(instance))), 3)
    4.0
    """
    n, d = instance.shape
    if root_weights is None:
        rooted = _rational_roots(instance.squared_weights)
        if rooted is None:
            return Zero()
        rows, columns, root_weights = rooted
    elif root_weights.hadamard(root_weights) == instance.squared_weights:
        rows, columns = _ones(n), _ones(d)
    else:
        raise NotApplicableError(
            "the squares of the root weights are not the squared weights."
        )
    multiplicity = exact_rank(root_weights.numerators) * instance.rank
    if multiplicity >= min(n, d):
        return Zero()
    data = root_weights.hadamard(instance.data)
    turned = n < d
    if turned:
        data, root_weights = data.transpose, root_weights.transpose
        rows, columns = columns, rows
    gram = weighted_gram(data, rows, columns)
    found = _dominated(gram, columns, multiplicity, target_gap)
    if found is None:
        return Zero()
    proof = HadamardRank(
        rows=rows,
        columns=columns,
        root_weights=root_weights,
        theta=found[0],
        factor=found[1],
    )
    return Transpose(proof=proof) if turned else proof


def _ones(size: int) -> RationalMatrix:
    """Return a row of ones."""
    return RationalMatrix(np.ones((1, size), dtype=np.int64), 1)


def _rational_roots(
    omega: RationalMatrix,
) -> tuple[RationalMatrix, RationalMatrix, RationalMatrix] | None:
    """Return positive p, q and R >= 0 with p q^T o R o R = omega, all rational."""
    roots = _integer_roots(omega.scaled(omega.denominator).numerators)
    n, d = omega.shape
    if roots is not None:
        return _ones(n), _ones(d), RationalMatrix(roots, omega.denominator)
    support = omega.numerators != 0
    full_rows = np.flatnonzero(support.all(axis=1))
    full_columns = np.flatnonzero(support.all(axis=0))
    if not (full_rows.size and full_columns.size):
        return None
    # For one full row r and one full column c, omega_ij omega_ic omega_rj omega_rc must
    # be a square R_ij^2; then p_i = 1/omega_ic and q_j = 1/(omega_rj omega_rc).
    r, c = full_rows[0], full_columns[0]
    row = omega.take([r]).scaled(omega[r, c])
    column = omega.take(columns=[c])
    product = omega.hadamard(column @ row)
    roots = _integer_roots(product.numerators)
    p, q = _reciprocals(column.transpose), _reciprocals(row)
    if roots is None or max(p.denominator, q.denominator).bit_length() > _LONGEST:
        return None
    return p, q, RationalMatrix(roots, omega.denominator**2)


def _reciprocals(row: RationalMatrix) -> RationalMatrix:
    """Return the entrywise reciprocals of a row of positive numbers."""
    return RationalMatrix.from_fractions([[1 / x for x in row.fractions()[0]]])


def _integer_roots(squares: integer_arrays.IntegerArray) -> Any:
    """Return the non-negative integer roots, or None if an entry is no square."""
    roots = np.array([math.isqrt(x) for x in squares.ravel().tolist()], dtype=object)
    roots = integer_arrays.narrow(roots.reshape(squares.shape))
    is_root = integer_arrays.multiply(roots, roots) == squares
    return roots if is_root.all() else None
