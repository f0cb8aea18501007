"""The formulation by charts: one system for each set of pivot columns.

*Statement.* OPT is the least of the infima of the `ChartCost` over the boxes of all
C(d, k) charts. *Accepts* instances with 1 <= k < d. *Guarantee* exact.

Contents
--------
ChartFormulation    the systems of all charts, and the factors of a solution
chart_sizes         its sizes
grassmannian_sizes  sizes of any sum of fractions on a Grassmannian
combination         the pivots of a chart from its number

References
----------
docs/proofs.md; [RazenshteynSongWoodruff2016]_ for the elimination by Cramer's rule.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpz

from reductions.charts import chart_cost, chart_costs
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.formulation import (
    Accuracy,
    FormulationSizes,
    PatternCounts,
    pattern_counts,
    refuse_if_too_large,
)
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System

NAME, TRANSPOSED_NAME = "charts of V", "charts of U"
# Up to this number of variables the binomial coefficient is worth computing.
_FEW_VARIABLES = 1000
_EXACT = Accuracy(
    expected_ratio=Fraction(1),
    words="exact: the infimum is OPT; with positive weights it is attained",
)


def chart_sizes(counts: PatternCounts, name: str = NAME) -> FormulationSizes:
    """Return the sizes of the formulation by charts of V.

    D_g has degree 2 min(k, d - k) and degree 2 in each variable, N_g no more, so that
    P - c Q has degree 2 r min(k, d - k) and at most (2r + 1)^(k(d-k)) terms.

    Notes
    -----
    The conditions are the sides of the box and one excess; with zero weights at most
    r + 32 more. By Cauchy and Binet D_g = sum over k columns of prod w times the
    square of a minor, whose coefficients sum to at most k! in absolute value, and N_g
    is the like with one row of data more; this bounds the bits.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [3, 4, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> print(chart_sizes(pattern_counts(instance)))
    charts of V: 3 systems of 2 variables and 5 conditions, degree 2, at most 6 terms \
of about 17 bits
    """
    k, d, r = counts.rank, counts.n_columns, counts.n_row_classes
    squares = math.comb(d, k) * math.factorial(k) ** 2
    below = squares.bit_length() + k * counts.weight_bits
    more = d * (k + 1) ** 2 * max(counts.n_rows, 1)
    above = more.bit_length() + counts.weight_bits + 2 * counts.data_bits
    return grassmannian_sizes(
        name,
        k,
        d,
        r,
        bits=(below, above + counts.scale_bits),
        has_zeros=counts.n_weighted < counts.n_rows * d,
    )


def grassmannian_sizes(
    name: str, k: int, d: int, r: int, *, bits: tuple[int, int], has_zeros: bool
) -> FormulationSizes:
    """Return the sizes of a sum of r fractions on the k-spaces of R^d, in all charts.

    Parameters
    ----------
    bits : (int, int)
        Of a denominator, and what the sum may have beyond r times that.
    has_zeros : bool
        Whether denominators may vanish.

    Examples
    --------
    >>> grassmannian_sizes("g", 2, 4, 3, bits=(5, 8), has_zeros=False).n_variables
    4
    """
    m = k * (d - k)
    degree = 2 * r * min(k, d - k)
    return FormulationSizes(
        name=name,
        n_systems=math.comb(d, k),
        n_variables=m,
        n_conditions=2 * m + 1 + (r + 32 if has_zeros else 0),
        degree=max(degree, 1),
        bitsize=r * bits[0] + bits[1] + r.bit_length(),
        n_denominators=r,
        n_summands=r,
        n_terms=max(_most_terms(r, m, degree), 2),
    )


def _most_terms(r: int, m: int, degree: int) -> int:
    """Return a bound on the terms: 2r in each variable, and the total degree."""
    boxed = int(fmpz(2 * r + 1) ** m)  # FLINT, for m may be a million
    return min(boxed, math.comb(m + degree, m)) if m <= _FEW_VARIABLES else boxed


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChartFormulation:
    """cost(V) <= c in the coordinates of each chart.

    Parameters
    ----------
    instance : Instance
        With 1 <= k < d.
    transposed : bool
        Eliminate V and use charts of U, where 1 <= k < n.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[1, 1], [0, 1]])
    >>> formulation = ChartFormulation(
    ...     instance=Instance(data=A, squared_weights=ones_like(A), rank=1)
    ... )
    >>> for system in formulation.systems(Fraction(1, 2)):
    ...     print(system)
    x1_2 - 1 <= 0 and -x1_2 - 1 <= 0 and x1_2^2 - 4*x1_2 + 3 <= 0
    x1_1 - 1 <= 0 and -x1_1 - 1 <= 0 and 3*x1_1^2 - 4*x1_1 + 1 <= 0
    >>> formulation.factors(0, [1])
    (RationalMatrix([[1], [1/2]]), RationalMatrix([[1, 1]]))
    """

    instance: Instance
    transposed: bool = False

    def __post_init__(self) -> None:
        d, k = self.oriented.shape[1], self.oriented.rank
        if not 1 <= k < d:
            raise NotApplicableError(
                f"{self.name} want 1 <= rank < {d}, the length of a row; the rank is "
                f"{k}: the best cost is that of X = 0 or 0."
            )

    @property
    def oriented(self) -> Instance:
        """The instance whose right factor is in a chart."""
        return self.instance.transpose if self.transposed else self.instance

    @property
    def name(self) -> str:
        """Short and unique."""
        return TRANSPOSED_NAME if self.transposed else NAME

    @property
    def accuracy(self) -> Accuracy:
        """Exact."""
        return _EXACT

    @property
    def sizes(self) -> FormulationSizes:
        """Sizes of the systems, computed without building them."""
        return chart_sizes(pattern_counts(self.oriented), self.name)

    @property
    def pivots(self) -> tuple[tuple[int, ...], ...]:
        """The pivots of each system."""
        return tuple(cost.pivots for cost in chart_costs(self.oriented))

    def systems(
        self, threshold: Fraction, *, strict: bool = False
    ) -> tuple[System, ...]:
        """Return one system for each chart: box, positive denominators, excesses."""
        refuse_if_too_large(self.sizes)
        return tuple(
            cost.system(threshold, strict=strict) for cost in chart_costs(self.oriented)
        )

    def factors(
        self, index: int, point: Sequence[Fraction | int]
    ) -> tuple[RationalMatrix, RationalMatrix]:
        """Return V of the point and the U of least squares (or the other way round)."""
        instance = self.oriented
        d, k = instance.shape[1], instance.rank
        if not 0 <= index < math.comb(d, k):
            raise InvalidInstanceError(
                f"there are {math.comb(d, k)} charts; got number {index + 1}."
            )
        cost = chart_cost(instance, combination(d, k, index))
        right = cost.right_factor(point)
        left = solve_rows(instance.data, instance.squared_weights, right)
        if self.transposed:
            return right.transpose, left.transpose
        return left, right


def combination(d: int, k: int, index: int) -> tuple[int, ...]:
    """Return the k-subset of range(d) with the given lexicographic number.

    Examples
    --------
    >>> [combination(3, 2, index) for index in range(3)]
    [(0, 1), (0, 2), (1, 2)]
    """
    chosen: list[int] = []
    for column in range(d):
        if len(chosen) == k:
            break
        with_it = math.comb(d - column - 1, k - len(chosen) - 1)
        if index < with_it:
            chosen.append(column)
        else:
            index -= with_it
    return tuple(chosen)
