"""The plain formulation: the entries of U and V are the variables (Lemma 4.1).

*Statement.* cost(U, V) is a polynomial of degree 4 in nk + kd variables. *Accepts*
every instance with k >= 1. *Guarantee* exact.

Contents
--------
PlainFormulation    the one system, and the factors of a solution
plain_sizes         its sizes

References
----------
[LiLiangShiSong2025]_, Lemma 4.1.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpz_mpoly

from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.formulation import (
    Accuracy,
    FormulationSizes,
    PatternCounts,
    pattern_counts,
    refuse_if_too_large,
)
from reductions.instances import Instance
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System

NAME = "plain"
_EXACT = Accuracy(expected_ratio=Fraction(1), words="exact: the infimum is OPT")


def plain_sizes(counts: PatternCounts) -> FormulationSizes:
    """Return the sizes of the plain formulation.

    Each weighted entry gives at most k(k + 1)/2 monomials of degree 4, which belong to
    it alone, and k of degree 2; all share one constant.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 2], [3, 4]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> print(plain_sizes(pattern_counts(instance)))
    plain: 1 systems of 4 variables and 1 conditions, degree 4, at most 9 terms of \
about 11 bits
    """
    k = counts.rank
    bits = 2 * counts.data_bits + counts.weight_bits + counts.n_weighted.bit_length()
    return FormulationSizes(
        name=NAME,
        n_systems=1,
        n_variables=k * (counts.n_rows + counts.n_columns),
        n_conditions=1,
        degree=4,
        bitsize=bits + counts.scale_bits,
        n_denominators=0,
        n_summands=counts.n_weighted,
        n_terms=counts.n_weighted * (k * (k + 1) // 2 + k) + 1,
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFormulation:
    """cost(U, V) <= c in the entries of U and V.

    Parameters
    ----------
    instance : Instance
        With rank at least one.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2]])
    >>> formulation = PlainFormulation(
    ...     instance=Instance(data=A, squared_weights=ones_like(A), rank=1)
    ... )
    >>> print(formulation.systems(Fraction(1))[0])
    u1_1^2*v1_1^2 - 4*u1_1*v1_1 + 3 <= 0
    """

    instance: Instance

    def __post_init__(self) -> None:
        if self.instance.rank == 0 or 0 in self.instance.shape:
            raise NotApplicableError(
                "the instance has rank 0 or is empty: X = 0 is optimal."
            )

    @property
    def name(self) -> str:
        """Short and unique."""
        return NAME

    @property
    def accuracy(self) -> Accuracy:
        """Exact."""
        return _EXACT

    @property
    def sizes(self) -> FormulationSizes:
        """Sizes of the system, computed without building it."""
        return plain_sizes(pattern_counts(self.instance))

    @property
    def variables(self) -> tuple[str, ...]:
        """u1_1, ... row by row, then v1_1, ... row by row."""
        (n, d), k = self.instance.shape, self.instance.rank
        left = [f"u{i + 1}_{a + 1}" for i in range(n) for a in range(k)]
        right = [f"v{a + 1}_{j + 1}" for a in range(k) for j in range(d)]
        return (*left, *right)

    def scaled_cost(self) -> tuple[fmpz_mpoly, int]:
        """Return (p, scale), p integer, with cost(U, V) = p / scale.

        Raises
        ------
        NotApplicableError
            If it would have too many terms.
        """
        refuse_if_too_large(self.sizes)
        (n, d), k = self.instance.shape, self.instance.rank
        weights, data = self.instance.squared_weights, self.instance.data
        alpha = data.denominator
        terms: Counter[tuple[int, ...]] = Counter()
        n_variables = k * (n + d)
        for i in range(n):
            for j in range(d):
                w = int(weights.numerators[i, j])
                a = int(data.numerators[i, j])
                if w == 0:
                    continue
                terms[(0,) * n_variables] += w * a * a
                products = [(i * k + b, n * k + b * d + j) for b in range(k)]
                for b, first in enumerate(products):
                    _add(terms, n_variables, first, -2 * w * a * alpha)
                    for c in range(b, k):
                        times = w * alpha * alpha * (1 if b == c else 2)
                        _add(terms, n_variables, first + products[c], times)
        ring = polynomial_ring(self.variables)
        return ring.from_dict(dict(terms)), weights.denominator * alpha * alpha

    def systems(
        self, threshold: Fraction, *, strict: bool = False
    ) -> tuple[System, ...]:
        """Return the one system cost(U, V) <= threshold, or <."""
        p, scale = self.scaled_cost()
        c = Fraction(threshold) * scale
        excess = c.denominator * p - c.numerator
        return (System.of((excess, "<" if strict else "<=")),)

    def factors(
        self, index: int, point: Sequence[Fraction | int]
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return (U, V), the coordinates of the point.

        Examples
        --------
        >>> from reductions.instances import ones_like
        >>> A = RationalMatrix.from_rows([[2]])
        >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
        >>> PlainFormulation(instance=instance).factors(0, [2, 1])
        (RationalMatrix([[2]]), RationalMatrix([[1]]))
        """
        (n, d), k = self.instance.shape, self.instance.rank
        if index != 0 or len(point) != k * (n + d):
            raise InvalidInstanceError(
                f"the plain formulation has one system, in {k * (n + d)} variables; "
                f"got {len(point)} coordinates for system {index + 1}."
            )
        values = [Fraction(x) for x in point]
        split = n * k
        left = [values[i * k : (i + 1) * k] for i in range(n)]
        right = [values[split + a * d : split + (a + 1) * d] for a in range(k)]
        return RationalMatrix.from_fractions(left), RationalMatrix.from_fractions(right)


def _add(
    terms: Counter[tuple[int, ...]],
    n_variables: int,
    factors: tuple[int, ...],
    coefficient: int,
) -> None:
    """Add coefficient times the product of the given variables."""
    powers = [0] * n_variables
    for x in factors:
        powers[x] += 1
    terms[tuple(powers)] += coefficient
