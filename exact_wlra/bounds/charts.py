"""Subdivision of all charts of the row spaces: a proof for any rank, if it is small.

Contents
--------
chart_formulation   the orientation that costs less, or why there is none
chart_work          a measure of the effort
prove_charts        refute "cost <= c" in all charts, for c as close as time permits

Notes on the implementation
---------------------------
The question is put just below the factors in hand. If they are optimal, the answer is
the proof; if not, it is better factors, and the question is put again.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import final

from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof
from exact_wlra.incumbent import Incumbent
from exact_wlra.threshold_deciders import Above, AtMost, OracleDecider, Unknown
from exact_wlra.threshold_search import shortened
from reductions.chart_formulation import ChartFormulation
from reductions.formulation import PatternCounts, pattern_counts
from reductions.instances import Instance

# Bernstein coefficients of all charts together up to which subdivision is sensible.
_LARGEST_WORK = 20_000_000
_MOST_CHARTS = 500
# 3^m coefficients are too many beyond this, whatever the weights.
_MOST_VARIABLES = 15
# Where the asked gap is out of reach in the time, wider ones are tried.
_WIDER = (Fraction(1, 1000), Fraction(1, 100), Fraction(1, 10), Fraction(1, 2))
# Part of the time that is left for one gap.
_SHARE = 0.6


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChartsResult:
    """A proof with its bound, and better factors; None where there is none."""

    proof: Proof | None
    lower: Fraction
    found: Incumbent | None


def chart_formulation(instance: Instance) -> ChartFormulation | str:
    """Return the formulation by charts of V or of U, or why both are too large.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [0, 1, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> chart_formulation(instance).transposed
    True
    """
    n, d = instance.shape
    if not 1 <= instance.rank < min(n, d):
        return "needs 1 <= rank < rows, columns"
    k = instance.rank
    if k * (min(n, d) - k) > _MOST_VARIABLES:
        return "too many rows and columns for a subdivision"
    counts = pattern_counts(instance)
    works = [chart_work(counts), chart_work(counts.transpose)]
    if min(works) > _LARGEST_WORK:
        return "too many weight patterns, rows and columns for a subdivision"
    return ChartFormulation(instance=instance, transposed=works[1] < works[0])


def prove_charts(
    instance: Instance,
    formulation: ChartFormulation,
    *,
    upper: Fraction,
    gap: Fraction,
    budget: Budget,
) -> ChartsResult:
    """Return a proof of OPT >= (1 - gap) upper, or the best one that time permits.

    Parameters
    ----------
    upper : Fraction
        The cost of factors in hand, positive.
    gap : Fraction
        At least 0; for 0 the least gap that is tried is 2^-40.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> result = prove_charts(
    ...     instance,
    ...     chart_formulation(instance),
    ...     upper=Fraction(1),
    ...     gap=Fraction(1, 1000),
    ...     budget=Budget(time_limit=60),
    ... )
    >>> float(result.lower) >= 0.999
    True
    """
    found: Incumbent | None = None
    wanted = max(gap, Fraction(1, 1 << 40))
    gaps = [wanted, *(g for g in _WIDER if g > wanted)]
    while gaps:
        threshold = shortened(upper * (1 - gaps[0]), upper)
        decider = OracleDecider(
            instance=instance,
            formulation=formulation,
            oracle="subdivision",
            budget=budget,
            seconds=max(_SHARE * (budget.time_limit - budget.seconds()), 0.5),
        )
        match decider.decide(threshold, slack=Fraction(0)):
            case Above(proof=proof) if proof is not None:
                return ChartsResult(proof=proof, lower=threshold, found=found)
            case AtMost(left=left, right=right, cost=cost) if cost < upper:
                found, upper = Incumbent(left=left, right=right, cost=cost), cost
            case Above() | AtMost() | Unknown():
                gaps.pop(0)
        if upper == 0 or budget.is_spent():  # factors that cost nothing need no proof
            break
    return ChartsResult(proof=None, lower=Fraction(0), found=found)


def chart_work(counts: PatternCounts) -> int:
    """Return the Bernstein coefficients of all charts of V together, roughly.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [0, 1, 1]])
    >>> chart_work(
    ...     pattern_counts(Instance(data=A, squared_weights=ones_like(A), rank=1))
    ... )
    27
    """
    d, k, r = counts.n_columns, counts.rank, counts.n_row_classes
    m = k * (d - k)
    n_charts = comb(d, k)
    if m < 1 or n_charts > _MOST_CHARTS or m * (2 * r + 1).bit_length() > 64:
        return 1 << 64
    return int(n_charts * (2 * r + 1) ** m)
