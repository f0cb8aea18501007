"""The matrices of rules `sweep` and `row-cells`, and their exact combinations.

Contents
--------
Pencil              the matrices, to be combined with rational factors
pinned_rows         how many rows of V lie in one class alone, whatever V
reciprocal_below    1/x, rounded down
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.checker.simplicial import reciprocal_above
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import WeightFactorization
from semialgebraic import integer_arrays
from semialgebraic.integer_arrays import IntegerArray
from semialgebraic.rational_matrices import RationalMatrix

_RECIPROCAL_BITS = range(8, 1025)
# Entries of combined matrices that are held at a time.
_BATCH_ENTRIES = 400_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Pencil:
    """The matrices of the rule, upper triangles as rows of one integer array.

    Rows: H_0, H_1, S_0, S_1, then the Gram matrices K_g, then cones; `units` are the
    numbers they are to be divided by. S_c is 0 until factors are put in.
    """

    space: PatternSpace
    rows: IntegerArray
    units: tuple[int, ...]
    order: int
    bits: int
    where: str

    @classmethod
    def of(
        cls,
        instance: Instance,
        factorization: WeightFactorization,
        bits: int,
        where: str,
    ) -> "Pencil":
        """Return the matrices after a check of the rank, the shares and the bits."""
        k, d = instance.rank, instance.shape[1]
        if not 1 <= k <= d:
            raise _rejected(
                f"the rule proves ranks 1 to {d}; the rank here is {k}", where
            )
        shares = factorization.shares
        if len(factorization.generators) != 2 or shares.shape != (2, d):
            raise _rejected("two generators and two rows of shares are needed", where)
        if bits not in _RECIPROCAL_BITS:
            raise _rejected(f"{bits} bits are out of range", where)
        try:
            space = pattern_space(instance, factorization)
        except NotApplicableError as error:
            raise _rejected(str(error).rstrip("."), where) from None
        if (shares.numerators == 0).all(axis=0).any():
            raise _rejected("a column has no weight; it must be left out first", where)
        none = np.zeros((d, d), dtype=np.int64)
        diagonals = [np.diag(row) for row in shares.numerators]
        return cls(
            space=space,
            rows=_triangles([*diagonals, none, none, *space.grams]),
            units=(shares.denominator,) * 2 + (1, 1) + (space.scale,) * space.n_groups,
            order=d,
            bits=bits,
            where=where,
        )

    def with_factors(
        self, factors: tuple[RationalMatrix, ...], cones: list[RationalMatrix]
    ) -> "Pencil":
        """Return the matrices with S_c = F_c F_c^T and some more at the end."""
        shares = self.space.factorization.shares.numerators
        if len(factors) != 2:
            raise self.rejected("factors are needed for each of two classes")
        outers = []
        for c, factor in enumerate(factors):
            zeros = shares[c] == 0
            if factor.shape[0] != self.order or (factor.numerators[zeros] != 0).any():
                raise self.rejected(f"factor {c} is not zero where its shares are")
            outers.append(integer_arrays.matmul(factor.numerators, factor.numerators.T))
        parts = [self.rows[:2], _triangles(outers), self.rows[4:]]
        if cones:
            parts.append(_triangles([cone.numerators for cone in cones]))
        squares = tuple(factor.denominator**2 for factor in factors)
        return replace(
            self,
            rows=integer_arrays.integers(
                np.concatenate([part.astype(object) for part in parts])
            ),
            units=self.units[:2]
            + squares
            + self.units[4:]
            + tuple(cone.denominator for cone in cones),
        )

    def rejected(self, reason: str) -> RejectedCertificateError:
        """Return the error of the rule."""
        return _rejected(reason, self.where)

    def combinations(self, factors: list[list[Fraction]]) -> Iterator[IntegerArray]:
        """Return positive multiples of the combined matrices, one for each list."""
        size = max(1, _BATCH_ENTRIES // self.rows.shape[1])
        upper = np.triu_indices(self.order)
        for start in range(0, len(factors), size):
            coefficients = np.array(
                [self._numerators(row) for row in factors[start : start + size]],
                dtype=object,
            )
            for row in integer_arrays.matmul(
                integer_arrays.integers(coefficients), self.rows
            ):
                matrix = np.zeros((self.order, self.order), dtype=row.dtype)
                matrix[upper] = row
                matrix.T[upper] = row
                yield matrix

    def _numerators(self, factors: list[Fraction]) -> list[int]:
        """Return the factors divided by the units, over a common denominator."""
        scaled = [x / unit for x, unit in zip(factors, self.units, strict=True)]
        denominator = math.lcm(*(x.denominator for x in scaled))
        return [x.numerator * (denominator // x.denominator) for x in scaled]

    def reciprocals(self, at: Fraction, near: Fraction) -> list[Fraction]:
        """Return -1/s_g(at), rounded; s_g(near) stands for s_g(at) = 0."""
        found = []
        for zero, one in self.space.group_weights.tolist():
            sigma = zero * at + one * (1 - at) or zero * near + one * (1 - near)
            found.append(-reciprocal_above(sigma, self.bits))
        return found


def pinned_rows(rank: int, shares: RationalMatrix) -> tuple[int, int]:
    """Return how many rows of V lie in class 0 alone (t = 1), and in class 1 alone.

    So many do for every V, because the other class has few columns.
    """
    sizes = [int((row != 0).sum()) for row in shares.numerators]
    return max(0, rank - sizes[1]), max(0, rank - sizes[0])


def _triangles(squares: list[IntegerArray]) -> IntegerArray:
    """Return the upper triangles of matrices as rows."""
    upper = np.triu_indices(squares[0].shape[0])
    return integer_arrays.integers(
        np.array([square[upper].astype(object) for square in squares], dtype=object)
    )


def reciprocal_below(value: Fraction, bits: int) -> Fraction:
    """Return a dyadic number of about `bits` bits that is at most 1/value > 0.

    Examples
    --------
    >>> reciprocal_below(Fraction(3), 4)
    Fraction(5, 16)
    """
    p, q = value.denominator, value.numerator  # 1/value = p/q
    shift = bits + q.bit_length() - p.bit_length()
    if shift >= 0:
        return Fraction((p << shift) // q, 1 << shift)
    return Fraction(p // (q << -shift) << -shift)


def _rejected(reason: str, where: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"{where}: {reason}.")
