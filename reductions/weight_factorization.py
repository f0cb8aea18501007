"""Exact non-negative factorizations omega = P H of the squared weights.

*Statement.* omega = omega[:, e] H with H >= 0, where e lists columns on the extreme
rays of the cone that the columns of omega span. Two columns always suffice when
rank(omega) = 2; with c distinct column patterns c columns suffice.

Contents
--------
WeightFactorization     generators e and shares H
factor_weights          the factorization with the fewest generators that is found

Notes on the implementation
---------------------------
Linear programs in floating point propose which columns are extreme; the shares are then
solved for exactly, and everything is verified by one exact product.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from reductions.patterns import ray_classes
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

# More patterns than this are not tested for extreme rays: the search in pattern space
# would be hopeless at that size unless the rank is two.
_LARGEST_CONE = 64


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WeightFactorization:
    """omega = omega[:, generators] @ shares, exactly, with shares >= 0."""

    generators: tuple[int, ...]
    shares: RationalMatrix

    def is_valid_for(self, squared_weights: RationalMatrix) -> bool:
        """Verify the factorization exactly."""
        s, d = len(self.generators), squared_weights.shape[1]
        if self.shares.shape != (s, d) or any(e >= d for e in self.generators):
            return False
        if self.shares.numerators.size and self.shares.numerators.min() < 0:
            return False
        generators = squared_weights.take(columns=list(self.generators))
        return generators @ self.shares == squared_weights


def factor_weights(squared_weights: RationalMatrix) -> WeightFactorization:
    """Return a factorization with few generators.

    Examples
    --------
    >>> omega = RationalMatrix.from_rows([[1, 2, 1], [1, 2, 3]])
    >>> factor_weights(omega).shares
    RationalMatrix([[1, 2, 0], [0, 0, 1]])
    """
    columns = squared_weights.numerators.T
    labels, first, content = ray_classes(columns)
    nonzero = [int(c) for c in first if int(content[c]) != 0]
    extreme = _extreme_columns(columns, nonzero)
    index = {column: position for position, column in enumerate(extreme)}
    shares_of: dict[int, list[Fraction]] = {}
    for column in nonzero:
        if column in index:
            unit = [Fraction(0)] * len(extreme)
            unit[index[column]] = Fraction(1)
            shares_of[column] = unit
            continue
        shares = _conic_shares(columns, extreme, column)
        if shares is None:
            return _by_patterns(labels, first, content, nonzero)
        shares_of[column] = shares
    if not extreme:
        return WeightFactorization(
            generators=(), shares=RationalMatrix.zeros(0, columns.shape[0])
        )
    none = [Fraction(0)] * len(extreme)
    of_class = RationalMatrix.from_fractions(
        [
            [x / (int(content[column]) or 1) for x in shares_of.get(int(column), none)]
            for column in first
        ]
    ).transpose
    of_column = RationalMatrix(
        integer_arrays.multiply(of_class.numerators[:, labels], content[None, :]),
        of_class.denominator,
    )
    return WeightFactorization(generators=tuple(extreme), shares=of_column.reduced())


def _by_patterns(
    labels: Any, first: Any, content: IntegerArray, nonzero: list[int]
) -> WeightFactorization:
    """Return the factorization with one generator for each column pattern."""
    shares = np.zeros((len(nonzero), len(labels)), dtype=object)
    position = {int(labels[column]): row for row, column in enumerate(nonzero)}
    denominator = 1
    for column in nonzero:
        denominator *= int(content[column])
    for j, label in enumerate(labels.tolist()):
        if int(content[j]):
            base = int(content[int(first[label])])
            shares[position[label], j] = int(content[j]) * (denominator // base)
    return WeightFactorization(
        generators=tuple(nonzero), shares=RationalMatrix(shares, denominator).reduced()
    )


def _extreme_columns(columns: IntegerArray, candidates: list[int]) -> list[int]:
    """Return candidates that span the extreme rays of the cone, in order."""
    if len(candidates) <= 2:
        return candidates
    primitive = np.array([_direction(columns[c]) for c in candidates])
    singular = np.linalg.svd(primitive, compute_uv=False)
    rank = int((singular > 1e-12 * singular[0]).sum())
    if rank == 2:
        centered = primitive - primitive.mean(axis=0)
        direction = np.linalg.svd(centered, full_matrices=False)[2][0]
        along = primitive @ direction
        ends = {int(along.argmin()), int(along.argmax())}
        return [candidates[i] for i in sorted(ends)]
    if len(candidates) > _LARGEST_CONE or rank == len(candidates):
        return candidates
    kept = list(range(len(candidates)))
    for i in range(len(candidates)):
        others = [j for j in kept if j != i]
        if _in_cone(primitive[others].T, primitive[i]) is not None:
            kept = others
    return [candidates[i] for i in kept]


def _direction(column: IntegerArray) -> list[float]:
    """Return a non-negative column divided by its sum, whatever its size."""
    entries = [int(x) for x in column]
    total = sum(entries)
    return [x / total for x in entries]


def _in_cone(generators: Any, target: Any) -> Any:
    """Return non-negative float shares with generators @ shares = target, or None."""
    from scipy.optimize import linprog

    result = linprog(
        np.zeros(generators.shape[1]), A_eq=generators, b_eq=target, method="highs-ds"
    )
    return result.x if result.status == 0 else None


def _conic_shares(
    columns: IntegerArray, extreme: list[int], column: int
) -> list[Fraction] | None:
    """Return exact non-negative shares of a column in the extreme ones, or None."""
    generators = np.array([_direction(columns[e]) for e in extreme]).T
    shares = _in_cone(generators, np.array(_direction(columns[column])))
    if shares is None:
        return None
    size = float(np.abs(shares).max())
    active = [i for i, x in enumerate(shares) if x > 1e-9 * size]
    solution = _solve_exactly([columns[extreme[i]] for i in active], columns[column])
    if solution is None or any(x < 0 for x in solution):
        return None
    exact = [Fraction(0)] * len(extreme)
    for i, x in zip(active, solution, strict=True):
        exact[i] = x
    return exact


def _solve_exactly(vectors: list[IntegerArray], target: IntegerArray) -> Any:
    """Return rational x with sum x_i vectors_i = target, or None."""
    from flint import fmpq_mat, fmpz, fmpz_mat

    n, m = len(target), len(vectors)
    entries = [
        fmpz(int(x)) for i in range(n) for x in [*(v[i] for v in vectors), target[i]]
    ]
    reduced, rank = fmpq_mat(fmpz_mat(n, m + 1, entries)).rref()
    if rank != m or any(reduced[i, i] != 1 for i in range(m)):
        return None
    return [Fraction(int(reduced[i, m].p), int(reduced[i, m].q)) for i in range(m)]
