"""Sizes of the formulation by sketched charts, before it is built.

Contents
--------
sketched_chart_sizes    variables k(T - k), degree 2 r min(k, T - k), terms, bits

References
----------
[LiLiangShiSong2025]_, [RazenshteynSongWoodruff2016]_.
"""

import math

from reductions.chart_formulation import grassmannian_sizes
from reductions.formulation import FormulationSizes, PatternCounts
from reductions.sketching import SKETCH_BITS

NAME = "sketched charts"
# Bits of the integer roots of weights beyond half of theirs; of the largest Gaussian.
_ROOT_BITS, _TAIL_BITS = 21, 3


def sketched_chart_sizes(
    counts: PatternCounts, t: int, *, n_kept: int | None = None
) -> FormulationSizes:
    """Return the sizes of the formulation with a sketch of t columns.

    Parameters
    ----------
    n_kept : int, optional
        T; if it is not given, r times what a class can have at most (t, or the number
        of column types), and at most the number of row types.

    Examples
    --------
    >>> from reductions.formulation import pattern_counts
    >>> from reductions.instances import Instance, ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [3, 4, 1], [1, 1, 5], [2, 2, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> sizes = sketched_chart_sizes(pattern_counts(instance), 3)
    >>> sizes.n_systems, sizes.n_variables, sizes.degree, sizes.n_denominators
    (3, 2, 2, 1)
    """
    k = counts.rank
    order = min(t, counts.n_column_types, counts.n_row_types)
    most = min(counts.n_row_classes * order, counts.n_row_types)
    kept = max(most if n_kept is None else n_kept, k)
    # Entries of an echelon form are quotients of minors of sketched data.
    root_bits = counts.weight_bits // 2 + _ROOT_BITS
    sketched = counts.data_bits + root_bits + SKETCH_BITS + _TAIL_BITS
    length = counts.n_rows.bit_length() + counts.n_columns.bit_length()
    minors = order * (sketched + length + order.bit_length())
    merged = counts.weight_bits + length  # weights of a type are summed
    form = 2 * counts.n_row_classes * minors + merged + length
    squares = (math.comb(kept, k) * math.factorial(k) ** 2).bit_length()
    beyond = merged + 2 * counts.data_bits + 2 * length + counts.scale_bits
    return grassmannian_sizes(
        NAME,
        k,
        kept,
        counts.n_column_classes,
        bits=(squares + k * form, beyond),
        has_zeros=counts.n_weighted < counts.n_rows * counts.n_columns,
    )
