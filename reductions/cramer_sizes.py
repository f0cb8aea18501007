"""Sizes of the sketched formulation by Cramer's rule, before it is built.

Contents
--------
cramer_sizes        variables (r_r + r_c) k t, degree 4k(r_r + r_c), terms, bits

References
----------
[LiLiangShiSong2025]_, Theorems 5.1, 6.1, where r_r = r_c = r: 2rkt variables, degree
8kr, 2r denominators and at most (rp)^2 summands.
"""

import math

from flint import fmpz

from reductions.formulation import FormulationSizes, PatternCounts
from reductions.sketching import SKETCH_BITS

NAME = "sketched Cramer"
# Bits of the integer roots of weights, beyond half of those of the weights.
_ROOT_BITS = 20
# A Gaussian sketch has no entry above 2^3 standard deviations, for all purposes here.
_TAIL_BITS = 3


def cramer_sizes(
    counts: PatternCounts, t: int, *, rank_guesses: bool = False
) -> FormulationSizes:
    """Return the sizes of the sketched formulation with t columns.

    In the variables of one guess matrix p is of degree 4k - 2 to 4k, which bounds its
    terms.

    Examples
    --------
    >>> from reductions.formulation import pattern_counts
    >>> from reductions.instances import Instance
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [3, 4, 1], [1, 1, 2]])
    >>> omega = RationalMatrix.from_rows([[1, 1, 4], [1, 1, 4], [1, 1, 1]])
    >>> instance = Instance(data=A, squared_weights=omega, rank=1)
    >>> sizes = cramer_sizes(pattern_counts(instance), 3)
    >>> sizes.n_variables, sizes.degree, sizes.n_denominators, sizes.n_summands
    (12, 16, 4, 9)
    """
    k = counts.rank
    r = counts.n_row_classes + counts.n_column_classes
    size = k * t
    block = sum(math.comb(size + degree - 1, degree) for degree in _degrees(k))
    n_summands = counts.n_row_types * counts.n_column_types
    return FormulationSizes(
        name=NAME,
        n_systems=2 ** (k * r) if rank_guesses else 1,
        n_variables=r * size,
        n_conditions=2,
        degree=4 * k * r,
        bitsize=_bits(counts, t, r, n_summands),
        n_denominators=r,
        n_summands=n_summands,
        n_terms=int(fmpz(block) ** r),
    )


def _degrees(k: int) -> range:
    """Return the degrees that p may have in one guess matrix."""
    return range(4 * k - 2, 4 * k + 1)


def _bits(counts: PatternCounts, t: int, r: int, n_summands: int) -> int:
    """Return an estimate from above of the bits of the coefficients of p and q."""
    k = counts.rank
    length = max(counts.n_rows, counts.n_columns)
    root_bits = counts.weight_bits // 2 + 1 + _ROOT_BITS
    known = (
        length.bit_length() + counts.data_bits + root_bits + SKETCH_BITS + _TAIL_BITS
    )
    below = (math.comb(t, k) * math.factorial(k) ** 2).bit_length()
    minors = t * k * math.comb(t, k - 1) * math.factorial(k - 1) ** 2
    above = known + minors.bit_length()
    error = max(2 * above + k.bit_length(), 2 * below + counts.data_bits) + 1
    summands = n_summands.bit_length() + counts.weight_bits
    merged = counts.n_weighted.bit_length()  # weights of a type are summed
    return summands + merged + 2 * error + 2 * max(r - 2, 0) * below + counts.scale_bits
