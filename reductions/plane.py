"""Row spaces that form a projective plane: every critical point of the cost.

*Statement.* For d = 3 columns and k = 1 or 2 the row spaces form a projective plane.
If all weights are positive, the least cost for a row space is a smooth function on it;
the plane is compact, so OPT is attained, and OPT is a critical value.
*Accepts* instances with three columns, rank 1 or 2 and positive weights, however many
rows. *Produces* all complex critical points: those in the first chart, those of the
second on its line at infinity, and the origin of the third. *Lifts by* weighted least
squares for U. *Guarantee* infimum and attainment.

Contents
--------
CriticalComponent       critical points conjugate to each other, with their cost
plane_critical_points   all of them
why_not_plane           why an instance is not of this kind

References
----------
[OttavianiSpaenlehauerSturmfels2014]_
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpq_poly, fmpz_mpoly, fmpz_poly

from reductions.charts import ChartCost, chart_costs
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.common_zeros import ZeroComponent, common_roots
from semialgebraic.critical_points import (
    critical_points,
    critical_value,
    gradient,
    hessian_signature,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalComponent:
    """Critical points conjugate over Q, and what X costs there.

    Parameters
    ----------
    chart : ChartCost
        The chart in which they are given.
    zeros : ZeroComponent
        Their coordinates, rational functions of a root T of w.
    cost : (fmpz_poly, int)
        (c, e): the cost is c(T) / (e w'(T)).
    is_zero : bool
        True if the cost is that of X = 0: no critical point of rank k.
    """

    chart: ChartCost
    zeros: ZeroComponent
    cost: tuple[fmpz_poly, int]
    is_zero: bool

    @property
    def degree(self) -> int:
        """Number of complex critical points."""
        return self.zeros.degree

    def real_points(self) -> list[AlgebraicPoint]:
        """Return the real ones, as points of the chart."""
        return self.zeros.real_points()

    def cost_at(self, point: AlgebraicPoint) -> AlgebraicPoint:
        """Return the cost at one of the real points, as a point of the line."""
        c, e = self.cost
        derivative = self.zeros.minimal_polynomial.derivative()
        return AlgebraicPoint.from_polynomials(
            point.parameter, [fmpq_poly(c)], fmpq_poly(e * derivative)
        )

    def is_local_minimum(self, point: AlgebraicPoint) -> bool | None:
        """Tell whether a real point is a local minimum; None if its Hessian cannot."""
        negative, positive = hessian_signature(
            point, self.chart.numerators, self.chart.denominators
        )
        if negative:
            return False
        return True if positive == point.dimension else None


def why_not_plane(instance: Instance) -> str:
    """Return why an instance is not of this kind, or "".

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [0, 1, 1]])
    >>> why_not_plane(Instance(data=A, squared_weights=A, rank=1))
    'a weight is zero'
    """
    if instance.shape[1] != 3 or instance.rank not in (1, 2):
        return "needs three columns and rank one or two"
    if not instance.support().all():
        return "a weight is zero"
    return ""


def plane_critical_points(instance: Instance) -> tuple[CriticalComponent, ...]:
    """Return all complex critical points of the cost on the plane of row spaces.

    Raises
    ------
    NotApplicableError
        If the instance is of another kind, or has infinitely many critical points.

    Notes
    -----
    **Guarantee.** The list is complete, except for points at which the denominator of a
    weight class vanishes; no real point is of that kind, as weights are positive.
    **Cost.** That of a resultant of two polynomials of degree 4r - 1, r the number of
    classes of proportional weight rows.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0, 0], [0, 3, 1], [1, 0, 1]])
    >>> points = plane_critical_points(
    ...     Instance(data=A, squared_weights=ones_like(A), rank=1)
    ... )
    >>> sum(c.degree for c in points if not c.is_zero)
    3
    """
    reason = why_not_plane(instance)
    if reason:
        raise NotApplicableError(f"critical points on the plane: {reason}.")
    first, second, third = chart_costs(instance)
    if first.n_groups == 0:
        raise NotApplicableError("the cost is constant; the instance is trivial.")
    try:
        found = [
            (first, zeros)
            for zeros in critical_points(first.numerators, first.denominators)
        ]
        found += [(second, zeros) for zeros in _on_line(second, _minor(second, first))]
    except InvalidInputError as error:
        raise NotApplicableError(
            f"there is no finite list of critical points ({error}); use another method."
        ) from error
    found += [(third, zeros) for zeros in _at_origin(third)]
    energy = instance.energy()
    return tuple(
        CriticalComponent(
            chart=chart,
            zeros=zeros,
            cost=_cost(chart, zeros),
            is_zero=zeros.vanishes(chart.excess(energy)),
        )
        for chart, zeros in found
    )


def _cost(chart: ChartCost, zeros: ZeroComponent) -> tuple[fmpz_poly, int]:
    """Return the cost at the zeros in the form of Kronecker."""
    c, e = critical_value(zeros, chart.numerators, chart.denominators)
    return c, e * chart.scale


def _minor(chart: ChartCost, other: ChartCost) -> int:
    """Return the coordinate of a chart that is zero outside another chart.

    The two charts have all pivots but one in common. So the minor of V in the pivots of
    the other is, up to sign, the entry of V in the row of the pivot that only this
    chart has and the column of the one that only the other has.
    """
    (own,) = set(chart.pivots) - set(other.pivots)
    (others,) = set(other.pivots) - set(chart.pivots)
    row = chart.pivots.index(own)
    return chart.variables.index(f"x{row + 1}_{others + 1}")


def _on_line(chart: ChartCost, vanishing: int) -> list[ZeroComponent]:
    """Return the critical points of a chart with this coordinate zero."""
    ring = polynomial_ring(["t"])
    (t,) = ring.gens()
    zero = ring.constant(0)
    at = [zero, t] if vanishing == 0 else [t, zero]
    restricted = [
        [p.compose(*at, ctx=ring) for p in polynomials]
        for polynomials in (
            gradient(chart.numerators, chart.denominators),
            chart.denominators,
        )
    ]
    zeros = common_roots(*restricted[0], apart_from=restricted[1])
    nothing = fmpz_poly([0])
    return [
        ZeroComponent(
            minimal_polynomial=z.minimal_polynomial,
            numerators=(nothing, *z.numerators)
            if vanishing == 0
            else (*z.numerators, nothing),
            scale=z.scale,
            multiplicity=z.multiplicity,
        )
        for z in zeros
    ]


def _at_origin(chart: ChartCost) -> list[ZeroComponent]:
    """Return the origin of a chart if it is critical."""
    slopes = gradient(chart.numerators, chart.denominators)
    if any(_constant_term(p) for p in slopes):
        return []
    if not all(_constant_term(p) for p in chart.denominators):
        return []
    nothing = fmpz_poly([0])
    return [
        ZeroComponent(
            minimal_polynomial=fmpz_poly([0, 1]),
            numerators=(nothing, nothing),
            scale=1,
            multiplicity=1,
        )
    ]


def _constant_term(p: fmpz_mpoly) -> Fraction:
    """Return p(0)."""
    return Fraction(int(p[(0,) * p.context().nvars()]))
