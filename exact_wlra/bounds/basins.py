"""Any number of digits where several minimizers tie: all low critical points at once.

*Hypotheses.* Sizes that the charts can subdivide; minimizers, as many as there are,
that are not degenerate. *Proves* OPT to any accuracy, and that the minimizers are among
the critical points that it names (`exact_wlra.checker.basins`). *Cost*: one subdivision
of all charts, down to balls of a fixed size around the minimizers, and Newton steps.

Contents
--------
enclose_basins      find the basins and the proof, or say why not

Notes on the implementation
---------------------------
The question to the subdivision is whether anything outside the known basins costs less
than a threshold. A yes comes with a point; alternating least squares lead from there to
another basin, or back to a known one, and then the threshold was too high.
"""

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import final

import numpy as np
from flint import arb, ctx
from numpy.typing import NDArray

from exact_wlra.bounds.critical_digits import Digits, to_digits
from exact_wlra.budget import Budget
from exact_wlra.certificates import Basin, Basins
from exact_wlra.checker.basins import basin_values, chart_system
from exact_wlra.checker.critical_values import critical_point, is_least_within
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import alternate
from reductions.chart_formulation import ChartFormulation
from reductions.charts import chart_costs
from reductions.critical_balls import RowSpaceSystem
from reductions.instances import Instance
from semialgebraic.deciding import decide
from semialgebraic.decisions import BoxTree, Satisfiable, Unsatisfiable
from semialgebraic.decisions import Budget as OracleBudget
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]

# Coordinates up to this size are near enough to the chart of largest minors.
_NEAR = 1.25
_CENTER_BITS = 24
# Radii are powers of two, from the first exponent down to the last.
_RADII = range(0, -24, -1)
# Part of the growth of the cost up to the rim of a basin that a threshold may use.
_RIM = 0.25
_MOST_BASINS = 100
_ROUNDS = 40


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A basin, the cost at its critical point, and roughly that at its rim."""

    basin: Basin
    cost: float
    rim: float


def enclose_basins(
    instance: Instance,
    formulation: ChartFormulation,
    left: Floats,
    right: Floats,
    *,
    gap: Fraction,
    budget: Budget,
) -> Digits | str:
    """Return a proof of the optimum to within the gap, or why there is none.

    Parameters
    ----------
    formulation : ChartFormulation
        Says whether the transposed instance is subdivided.
    left, right : float arrays, shapes (n, k) and (k, d)
        Factors next to a minimizer.
    gap : Fraction
        Relative, positive.
    """
    if formulation.transposed:
        turned = ChartFormulation(instance=instance.transpose, transposed=False)
        result = enclose_basins(
            instance.transpose, turned, right.T, left.T, gap=gap, budget=budget
        )
        return result if isinstance(result, str) else result.transpose
    found: list[_Found] = []
    start, share = right, 1.0
    for _ in range(_ROUNDS):
        basins = _basins_of(instance, _polished(instance, start, budget))
        if basins is None:
            return "a critical point is degenerate, or too nearly so"
        if _is_known(basins, found):
            share /= 4  # the threshold was above the rim
        else:
            found += basins
        if len(found) > _MOST_BASINS:
            return "too many critical points have nearly the same cost"
        answer = _subdivide(instance, found, share, budget)
        if isinstance(answer, str):
            return answer
        if isinstance(answer, Basins):
            return _digits(instance, answer, gap)
        start = answer
    return "no threshold was found between the critical points"


def _digits(instance: Instance, proof: Basins, gap: Fraction) -> Digits | str:
    """Return the proof with as many digits as the gap asks for."""
    try:
        return to_digits(
            instance,
            proof,
            lambda bits: basin_values(instance, proof, bits=bits),
            gap,
        )
    except RejectedCertificateError as error:
        return str(error).rstrip(".")


def _polished(instance: Instance, right: Floats, budget: Budget) -> Floats:
    """Return V after alternating least squares."""
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    size = float(np.abs(data).max(initial=0.0)) or 1.0
    heaviest = float(weights.max(initial=0.0)) or 1.0
    found = alternate(
        data / size,
        weights / heaviest,
        right,
        sweeps=2000,
        tolerance=1e-15,
        budget=budget,
    )
    return found.right


def _basins_of(instance: Instance, right: Floats) -> list[_Found] | None:
    """Return the basin of a critical point in each chart it is in, or close to."""
    d, k = instance.shape[1], instance.rank
    basins = []
    for columns in combinations(range(d), k):
        block = right[:, list(columns)]
        if np.linalg.cond(block) > 1e8:
            continue
        coordinates = np.asarray(np.linalg.solve(block, right), dtype=np.float64)
        if np.abs(coordinates).max() > _NEAR:
            continue
        coordinates[:, list(columns)] = np.eye(k)
        center = RationalMatrix.rounded(coordinates, _CENTER_BITS)
        basin = _basin(instance, columns, center)
        if basin is None:
            return None
        basins.append(basin)
    return basins or None


def _basin(
    instance: Instance, columns: tuple[int, ...], center: RationalMatrix
) -> _Found | None:
    """Return the largest basin around a center, of those that are tried."""
    system = RowSpaceSystem(instance=instance, columns=columns)
    zero = critical_point(system, center)
    if zero is None:
        return None
    for exponent in _RADII:
        radius = Fraction(2) ** exponent
        distance = arb(2) ** exponent
        if is_least_within(system, zero, center, distance, arithmetic="rounded"):
            break
    else:
        return None
    with ctx.workprec(128):
        cost = float(system.cost(zero.box).mid())
        hessian = system.derivative.jacobian(zero.box).tolist()
    curvature = np.linalg.eigvalsh([[float(x.mid()) for x in row] for row in hessian])
    return _Found(
        basin=Basin(columns=columns, center=center, radius=radius),
        cost=cost,
        rim=cost + _RIM * float(curvature[0]) * float(radius) ** 2,
    )


def _is_known(basins: list[_Found], found: list[_Found]) -> bool:
    """Tell whether the first of the basins is one of those found before."""
    new = basins[0].basin
    for other in found:
        old = other.basin
        difference = (new.center - old.center).to_float()
        if new.columns == old.columns and np.linalg.norm(difference) < float(
            min(new.radius, old.radius)
        ):
            return True
    return False


def _subdivide(
    instance: Instance, found: list[_Found], share: float, budget: Budget
) -> Basins | Floats | str:
    """Return a proof, or V of a point outside the basins that costs little."""
    least = min(each.cost for each in found)
    room = min(each.rim for each in found) - least
    threshold = Fraction(least + share * room)
    basins = tuple(each.basin for each in found if each.cost < threshold)
    trees = []
    for chart in chart_costs(instance):
        left = budget.time_limit - budget.seconds()
        if budget.is_spent() or left <= 0:
            return "the time is over"
        answer = decide(
            chart_system(chart, threshold, basins),
            oracle="subdivision",
            budget=OracleBudget(seconds=left),
        )
        match answer:
            case Satisfiable(witness=witness):
                point = [low for low, _ in witness.enclosures(Fraction(1, 1 << 30))]
                return chart.right_factor(point).to_float()
            case Unsatisfiable(evidence=BoxTree(nodes=nodes)):
                trees.append(tuple(nodes))
            case _:
                return "the charts could not be subdivided in the time"
    return Basins(
        lower=Fraction(0), threshold=threshold, basins=basins, trees=tuple(trees)
    )
