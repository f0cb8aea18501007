"""Weighted low rank approximation as systems of polynomial conditions: the shared type.

A formulation turns the question "is OPT <= c?" into the question whether one of a few
systems of sign conditions has a real solution, and a solution back into factors. Its
sizes are known before anything is built.

Contents
--------
Formulation         the protocol that all formulations follow
FormulationSizes    systems, variables, degree, bits, terms
Accuracy            how far the infimum of a formulation may lie above OPT
PatternCounts       what the sizes depend on: shape, rank, numbers of patterns and types
pattern_counts      those of an instance
refuse_if_too_large the limit on what is built
number_in_words     a number of any size, for tables

Notation
--------
A *class* of rows holds those with proportional weights, a *type* those of one class
whose data agree on the support (mathematics B12).

References
----------
[LiLiangShiSong2025]_, [RazenshteynSongWoodruff2016]_.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, final

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import merge_types, ray_classes
from semialgebraic import integer_arrays
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System

# A polynomial that may have more terms than this is not expanded.
LARGEST_TERMS = 1_000_000
# Numbers with more digits than this are printed as powers of ten.
_WRITTEN_OUT = 9


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Accuracy:
    """How the infimum of a formulation compares with OPT; it is never below.

    Parameters
    ----------
    expected_ratio : Fraction
        An upper bound on the mean of infimum / OPT over the random choices, if there
        are any; 1 if the infimum is OPT.
    words : str
        The same in words, with the hypotheses.
    """

    expected_ratio: Fraction
    words: str

    @property
    def is_exact(self) -> bool:
        """True if the infimum of the formulation is OPT."""
        return self.expected_ratio == 1


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormulationSizes:
    """Sizes of a formulation, computed without building it.

    Parameters
    ----------
    name : str
    n_systems : int
        How many systems; one of them has a solution if OPT is small enough.
    n_variables, n_conditions, degree : int
        Of each system; `degree` bounds the largest total degree.
    bitsize : int
        Estimate from above of the bits of a coefficient, those of c excepted.
    n_denominators : int
        Polynomials that were cleared from below fraction bars.
    n_summands : int
        Terms of the cost before it is brought to a common denominator.
    n_terms : int
        Bound on the monomials of the largest polynomial.
    """

    name: str
    n_systems: int
    n_variables: int
    n_conditions: int
    degree: int
    bitsize: int
    n_denominators: int
    n_summands: int
    n_terms: int

    def __str__(self) -> str:
        return (
            f"{self.name}: {number_in_words(self.n_systems)} systems of "
            f"{number_in_words(self.n_variables)} variables and "
            f"{number_in_words(self.n_conditions)} conditions, degree "
            f"{number_in_words(self.degree)}, at most "
            f"{number_in_words(self.n_terms)} terms of about "
            f"{number_in_words(self.bitsize)} bits"
        )


class Formulation(Protocol):
    """A family of polynomial systems that decides OPT <= c, up to its accuracy.

    For the infimum of the formulation, which is OPT if `accuracy.is_exact`:

    - if a system of `systems(c)` has a solution, then infimum <= c and so OPT <= c;
    - a system of `systems(c, strict=True)` has a solution if and only if infimum < c;
    - if infimum <= c, a system of `systems(c)` has a solution, unless infimum = c and
      it is not attained where all denominators are positive. With positive weights an
      exact formulation always attains it.
    """

    @property
    def name(self) -> str:
        """Short and unique."""
        ...

    @property
    def sizes(self) -> FormulationSizes:
        """Sizes of `systems`, computed without building them."""
        ...

    @property
    def accuracy(self) -> Accuracy:
        """How the infimum of the formulation compares with OPT."""
        ...

    def systems(
        self, threshold: Fraction, *, strict: bool = False
    ) -> tuple[System, ...]:
        """Return systems of which one is satisfiable iff the cost can be <= c (or <).

        Raises
        ------
        NotApplicableError
            If the polynomials would be too large to write down.
        """
        ...

    def factors(
        self, index: int, point: Sequence[Fraction | int]
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return exact (U, V) of cost <= c from a rational solution of system `index`.

        Raises
        ------
        NotApplicableError
            If a denominator vanishes at the point, which then is no solution.
        """
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternCounts:
    """What the sizes of the formulations of an instance depend on.

    Parameters
    ----------
    n_rows, n_columns, rank : int
        n, d and k.
    n_weighted : int
        Entries with positive weight.
    n_row_classes, n_column_classes : int
        r: classes of proportional weight rows and columns that are not zero.
    n_row_types, n_column_types : int
        At most r p: types of rows and columns.
    data_bits, weight_bits : int
        Bits of the largest integer numerator.
    scale_bits : int
        Bits of the common denominator of the cost.
    """

    n_rows: int
    n_columns: int
    rank: int
    n_weighted: int
    n_row_classes: int
    n_column_classes: int
    n_row_types: int
    n_column_types: int
    data_bits: int
    weight_bits: int
    scale_bits: int

    @property
    def transpose(self) -> "PatternCounts":
        """Those of the transposed instance."""
        return PatternCounts(
            n_rows=self.n_columns,
            n_columns=self.n_rows,
            rank=self.rank,
            n_weighted=self.n_weighted,
            n_row_classes=self.n_column_classes,
            n_column_classes=self.n_row_classes,
            n_row_types=self.n_column_types,
            n_column_types=self.n_row_types,
            data_bits=self.data_bits,
            weight_bits=self.weight_bits,
            scale_bits=self.scale_bits,
        )


def pattern_counts(instance: Instance) -> PatternCounts:
    """Return shape, rank and numbers of patterns and types of an instance.

    Notes
    -----
    **Cost.** Linear in the number of entries.

    Examples
    --------
    >>> A = RationalMatrix.from_rows([[1, 2], [1, 2], [1, 5]])
    >>> omega = RationalMatrix.from_rows([[1, 1], [2, 2], [3, 1]])
    >>> counts = pattern_counts(Instance(data=A, squared_weights=omega, rank=1))
    >>> counts.n_row_classes, counts.n_column_classes, counts.n_row_types
    (2, 2, 2)
    """
    weights, data = instance.squared_weights, instance.data
    n, d = instance.shape
    merged = merge_types(instance, axis=0)
    both = merge_types(merged.instance, axis=1)
    scale = weights.denominator * data.denominator**2
    return PatternCounts(
        n_rows=n,
        n_columns=d,
        rank=instance.rank,
        n_weighted=int(instance.support().sum()),
        n_row_classes=_n_classes(merged.instance.squared_weights),
        n_column_classes=_n_classes(merged.instance.squared_weights.transpose),
        n_row_types=both.instance.shape[0],
        n_column_types=both.instance.shape[1],
        data_bits=integer_arrays.magnitude(data.numerators).bit_length(),
        weight_bits=integer_arrays.magnitude(weights.numerators).bit_length(),
        scale_bits=scale.bit_length(),
    )


def refuse_if_too_large(sizes: FormulationSizes) -> None:
    """Raise if the polynomials of a formulation are too large to write down.

    Raises
    ------
    NotApplicableError
        If they may have more than `LARGEST_TERMS` terms.
    """
    if sizes.n_systems * sizes.n_terms > LARGEST_TERMS:
        raise NotApplicableError(
            f"the formulation {sizes.name} would write down up to "
            f"{number_in_words(sizes.n_systems * sizes.n_terms)} terms; more than "
            f"{number_in_words(LARGEST_TERMS)} are refused: reduce the instance or "
            "choose another formulation."
        )


def number_in_words(number: int) -> str:
    """Return an integer >= 0, or the power of ten that it is about.

    Examples
    --------
    >>> number_in_words(43), number_in_words(3**400)
    ('43', 'about 10^190')
    """
    if number < 10**_WRITTEN_OUT:
        return str(number)
    shift = max(number.bit_length() - 64, 0)
    exponent = math.log10(number >> shift) + shift * math.log10(2)
    return f"about 10^{int(exponent)}"


def _n_classes(weights: RationalMatrix) -> int:
    """Return the number of classes of proportional nonzero rows."""
    _, first, content = ray_classes(weights.numerators)
    return int((content[first] != 0).sum())
