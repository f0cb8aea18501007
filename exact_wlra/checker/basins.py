"""Checking rule `basins`: whatever costs little is near one of some critical points.

*Why it is sound.* The trees prove, chart by chart, that every V that costs less than
`threshold` lies in one of the basins, balls in the coordinates of a chart. Krawczyk's
test puts a critical point next to the center of each, and the form K of
`reductions.critical_balls` shows that it costs less than the rest of its basin. So OPT
is at least `lower` if all these critical points cost at least `lower`, and `threshold`
is no less; and whoever costs less than `threshold` and is a minimizer is one of them
(docs/proofs.md).

Contents
--------
basins_bound        the bound `lower`, once OPT >= lower is proved
basin_values        the critical points and their costs, to any number of bits
chart_system        "cost < threshold, outside the basins" in one chart
"""

from collections.abc import Sequence
from fractions import Fraction

from exact_wlra.certificates import Basin, Basins
from exact_wlra.checker.charts import refute_charts
from exact_wlra.checker.critical_values import (
    CriticalValue,
    critical_point,
    critical_value,
    exact_ball,
    is_at_least,
    is_least_within,
)
from exact_wlra.errors import RejectedCertificateError
from reductions.charts import ChartCost
from reductions.critical_balls import RowSpaceSystem
from reductions.instances import Instance
from semialgebraic.definiteness import Arithmetic
from semialgebraic.krawczyk import UniqueZero
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import Condition, Relation, System

Located = tuple[RowSpaceSystem, UniqueZero]


def basins_bound(
    instance: Instance, proof: Basins, arithmetic: Arithmetic = "automatic"
) -> Fraction:
    """Return the bound `lower` after proving OPT >= lower.

    Raises
    ------
    RejectedCertificateError
        If a basin is not proved to be one, a tree refutes nothing, or a critical point
        costs less.
    """
    located = _locate(instance, proof, arithmetic)
    if proof.threshold < proof.lower:
        raise _rejected("the threshold is below the lower bound")
    for number, (system, zero) in enumerate(located, start=1):
        if not is_at_least(system, zero, proof.lower):
            raise _rejected(
                f"the critical point of basin {number} is not proved to cost at least "
                "the lower bound"
            )
    return proof.lower


def basin_values(
    instance: Instance, proof: Basins, *, bits: int
) -> tuple[CriticalValue, ...]:
    """Return the critical points in boxes of radius about 2^-bits, and their costs.

    The least of the costs is OPT, and it is attained.

    Raises
    ------
    RejectedCertificateError
        If a step of the proof is false; its `lower` is not looked at.
    """
    values = []
    for system, zero in _locate(instance, proof, "automatic"):
        value = critical_value(system, zero, bits=bits)
        if value is None:
            raise _rejected("the cost at a critical point is not bounded")
        values.append(value)
    if not min(value.upper for value in values) < proof.threshold:
        raise _rejected("no critical point is proved to cost less than the threshold")
    return tuple(values)


def chart_system(
    chart: ChartCost, threshold: Fraction, basins: Sequence[Basin]
) -> System:
    """Return the system "cost < threshold" of a chart, outside its basins.

    After the conditions of the chart there is one for each basin whose columns are its
    pivots: radius^2 < sum (x - y)^2, x the coordinates and y those of the center.
    """
    inside = chart.system(threshold, strict=True)
    gens = chart.ring.gens()
    k = len(chart.pivots)
    m = len(gens) // k
    outside = []
    for basin in basins:
        if basin.columns != chart.pivots:
            continue
        center, radius = basin.center, basin.radius
        free = [j for j in range(center.shape[1]) if j not in basin.columns]
        bottom = center.denominator * radius.denominator
        square = chart.ring.constant((radius.numerator * center.denominator) ** 2)
        for a in range(k):
            for number, j in enumerate(free):
                y = int(center.numerators[a, j]) * radius.denominator
                difference = bottom * gens[a * m + number] - y
                square -= difference * difference
        outside.append(Condition(square, Relation.LESS))
    conditions = (*inside.conditions, *outside)
    return System(variables=inside.variables, conditions=conditions)


def _locate(instance: Instance, proof: Basins, arithmetic: Arithmetic) -> list[Located]:
    """Return the critical points of the basins, once all but the bound is proved."""
    k, d = instance.rank, instance.shape[1]
    if not 1 <= k < d:
        raise _rejected(f"the rule proves ranks 1 to {d - 1}; the rank here is {k}")
    if not proof.basins:
        raise _rejected("there is no basin")
    located = []
    for number, basin in enumerate(proof.basins, start=1):
        _verify_shape(basin, k, d, number)
        system = RowSpaceSystem(instance=instance, columns=basin.columns)
        zero = critical_point(system, basin.center)
        if zero is None:
            raise _rejected(f"no critical point is proved to be in basin {number}")
        if not is_least_within(
            system,
            zero,
            basin.center,
            exact_ball(basin.radius).upper(),
            arithmetic=arithmetic,
        ):
            raise _rejected(f"basin {number} may hold another minimum")
        located.append((system, zero))
    refute_charts(
        instance,
        proof.trees,
        lambda chart: chart_system(chart, proof.threshold, proof.basins),
        arithmetic,
        rule="basins",
    )
    return located


def _verify_shape(basin: Basin, k: int, d: int, number: int) -> None:
    """Reject a basin that is none."""
    columns = basin.columns
    if list(columns) != sorted(set(columns)) or len(columns) != k or columns[-1] >= d:
        raise _rejected(f"basin {number} does not name {k} columns in order")
    unit = RationalMatrix.from_rows([[int(a == b) for b in range(k)] for a in range(k)])
    if basin.center.shape != (k, d) or basin.center.take(columns=list(columns)) != unit:
        raise _rejected(f"the center of basin {number} is not the identity there")
    if basin.radius <= 0:
        raise _rejected(f"the radius of basin {number} is not positive")


def _rejected(reason: str) -> RejectedCertificateError:
    return RejectedCertificateError(f"basins: {reason}.")
