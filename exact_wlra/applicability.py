"""Which methods apply to an irreducible instance, and why the others do not.

Contents
--------
METHODS         names of the methods, cheapest first
Side            an orientation of an instance, with its weights factored
searched_sides  the orientations for methods that use the rank of the weights
sides_of        both orientations, the better one first
sweep_sides     the orientations in which the weights have two generators
cell_sides      those in which rows of V can be distributed over cells
plane_classes   how many classes the elimination on the plane has to do with
plane_seconds   how long that takes
applicable      for every method the reason why it does not apply, or ""
refuse_extreme_units    sizes that floating-point searches cannot hold
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import final

import numpy as np

from exact_wlra.errors import InvalidProblemError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.weight_factorization import WeightFactorization, factor_weights
from semialgebraic import integer_arrays

METHODS = (
    "exact-fit",
    "two-rows",
    "weighted-svd",
    "plane",
    "spectral",
    "simplicial",
    "sweep",
    "row-cells",
    "moments",
    "minorant",
    "split",
    "charts",
)
# Largest dimension of pattern space searched, and largest order of its matrices.
_LARGEST_DIMENSION = 7
# Largest exponent of two in data and weights: costs stay within float64.
_LARGEST_EXPONENT = 200
LARGEST_ORDER = 2500
# Largest order of the matrices that the sweep decomposes, some hundred times.
_LARGEST_SWEEP = 600
# The same where every node solves a semidefinite program.
_LARGEST_CELLS = 150
# Entries above which several sweeps below the weights take long.
_LARGEST_MINORANT = 250_000
# Entries above which the remainder matrix of the spectral bound is too large.
_LARGEST_SPECTRAL = 4_000_000
# With more column classes than this the univariate polynomials become unwieldy.
_LARGEST_TWO_ROWS = 60
# The same for critical points on the plane, whose elimination grows faster; with few
# classes it is the first thing to do.
_LARGEST_PLANE = 5
CHEAP_PLANE = 3


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An orientation of an instance and the factorization of its weights."""

    instance: Instance
    is_transposed: bool
    factorization: WeightFactorization

    @property
    def dimension(self) -> int:
        """Dimension of pattern space."""
        return len(self.factorization.generators) - 1

    @property
    def order(self) -> int:
        """Order of the matrices."""
        return self.instance.shape[1]


def sides_of(instance: Instance) -> list[Side]:
    """Return both orientations, the one with fewer generators first."""
    sides = []
    for turned in (False, True):
        oriented = instance.transpose if turned else instance
        sides.append(
            Side(
                instance=oriented,
                is_transposed=turned,
                factorization=factor_weights(oriented.squared_weights),
            )
        )
    return sorted(
        sides,
        key=lambda side: (side.order > LARGEST_ORDER, side.dimension, side.order),
    )


def searched_sides(instance: Instance) -> list[Side]:
    """Return both orientations where pattern space is searched, else none.

    That is at rank one, and for squared weights of rank two.
    """
    if instance.rank == 1 or _looks_like_rank_two(instance):
        return sides_of(instance)
    return []


def _looks_like_rank_two(instance: Instance) -> bool:
    """Tell whether all weight rows are combinations of two, up to rounding errors."""
    weights = instance.squared_weights.to_float()
    _, first, _ = ray_classes(instance.squared_weights.numerators)
    sums = weights.sum(axis=1)
    rows = weights[first[sums[first] > 0]]
    if len(rows) < 2:
        return False
    rows = rows / rows.sum(axis=1, keepdims=True)
    away = rows - rows[0]
    direction = away[np.abs(away).max(axis=1).argmax()]
    along = away @ direction / (direction @ direction)
    return bool(np.abs(away - np.outer(along, direction)).max() < 1e-9)


def _n_column_classes(instance: Instance) -> int:
    """Return the number of classes of proportional weights along the longer side."""
    weights = instance.squared_weights.numerators
    return len(ray_classes(weights if weights.shape[1] == 2 else weights.T)[1])


def _is_rank_one(instance: Instance) -> bool:
    """Tell whether all weight rows are proportional."""
    return len(ray_classes(instance.squared_weights.numerators)[1]) <= 1


def applicable(instance: Instance, sides: list[Side] | None = None) -> dict[str, str]:
    """Return for every method why it does not apply, or "" if it does.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> omega = RationalMatrix.from_rows([[1, 2], [1, 1]])
    >>> reasons = applicable(Instance(data=A, squared_weights=omega, rank=1))
    >>> reasons["two-rows"], reasons["weighted-svd"]
    ('', 'the squared weights have rank above one')
    """
    n, d = instance.shape
    k = instance.rank
    reasons = dict.fromkeys(METHODS, "")
    if k < min(n, d) and k > 0 and n and d:
        reasons["exact-fit"] = "decided by the rank of the data"
    if not (k == 1 and min(n, d) == 2):
        reasons["two-rows"] = "needs two rows or columns and rank one"
    elif _n_column_classes(instance) > _LARGEST_TWO_ROWS:
        reasons["two-rows"] = f"more than {_LARGEST_TWO_ROWS} weight patterns"
    if not _is_rank_one(instance):
        reasons["weighted-svd"] = "the squared weights have rank above one"
    reasons["plane"] = _why_no_plane(instance)
    reasons["charts"] = _why_no_charts(instance)
    reasons["moments"] = _why_no_moments(instance)
    if n * d > _LARGEST_SPECTRAL:
        reasons["spectral"] = f"more than {_LARGEST_SPECTRAL} entries"
    if sides is None:
        sides = searched_sides(instance)
    reasons["sweep"] = _why_no_sweep(instance, sides)
    reasons["row-cells"] = _why_no_row_cells(instance, sides)
    reasons["minorant"] = _why_no_minorant(instance, sides)
    if k != 1:
        reasons["simplicial"] = "built for rank one"
    else:
        side = sides[0]
        dimension, order = side.dimension, side.order
        if dimension > _LARGEST_DIMENSION:
            reasons["simplicial"] = (
                f"{dimension + 1} weight patterns; at most {_LARGEST_DIMENSION + 1}"
            )
        elif order > LARGEST_ORDER:
            reasons["simplicial"] = f"matrices of order {order} are too large"
    return reasons


def sweep_sides(instance: Instance, sides: list[Side]) -> list[Side]:
    """Return the orientations in which weights of rank two can be swept."""
    return [
        side
        for side in sides
        if side.dimension == 1
        and side.order <= _LARGEST_SWEEP
        and 1 <= instance.rank < min(instance.shape)
    ]


def _why_no_sweep(instance: Instance, sides: list[Side]) -> str:
    """Return why the weights cannot be swept from either side."""
    if sweep_sides(instance, sides):
        return ""
    if all(side.dimension != 1 for side in sides):
        return "needs squared weights of rank two"
    return f"needs a side of at most {_LARGEST_SWEEP} and a rank below both sides"


def cell_sides(instance: Instance, sides: list[Side]) -> list[Side]:
    """Return the orientations in which rows can be distributed over cells."""
    return [
        side
        for side in sweep_sides(instance, sides)
        if side.order <= _LARGEST_CELLS
        and min((row != 0).sum() for row in side.factorization.shares.numerators)
        >= instance.rank
    ]


def _why_no_row_cells(instance: Instance, sides: list[Side]) -> str:
    """Return why rows cannot be distributed over cells."""
    if instance.rank == 1 and sweep_sides(instance, sides):
        return "at rank one the sweep needs no cells"
    reason = _why_no_sweep(instance, sides)
    if reason:
        return reason
    if not cell_sides(instance, sides):
        return (
            f"needs a side of at most {_LARGEST_CELLS} and no weight pattern on fewer "
            "rows or columns than the rank"
        )
    if find_spec("clarabel") is None:
        return "needs the package clarabel: pip install 'exact-wlra[sdp]'"
    return ""


def _why_no_minorant(instance: Instance, sides: list[Side]) -> str:
    """Return why weights of rank two below the given ones are not swept."""
    if _is_rank_one(instance) or any(side.dimension <= 1 for side in sides):
        return "needs squared weights of rank above two"
    if not instance.support().all():
        return "needs positive weights"
    if instance.squared_weights.numerators.size > _LARGEST_MINORANT:
        return f"more than {_LARGEST_MINORANT} entries"
    if not 1 <= instance.rank < min(instance.shape) <= _LARGEST_SWEEP:
        return f"needs a side of at most {_LARGEST_SWEEP} and a rank below both sides"
    return ""


def plane_classes(instance: Instance) -> int:
    """Return the number of weight classes of the rows when the columns are three.

    For 3 x 3 it is the smaller number of both orientations.
    """
    weights = instance.squared_weights.numerators
    oriented = [a for a in (weights, weights.T) if a.shape[1] == 3]
    return min(len(ray_classes(a)[1]) for a in oriented)


def plane_seconds(n_classes: int) -> float:
    """Return about how long solving and checking on the plane take.

    Examples
    --------
    >>> [plane_seconds(r) for r in (2, 3, 4)]
    [0.3, 2.0, 20.0]
    """
    return {1: 0.1, 2: 0.3, 3: 2.0, 4: 20.0}.get(n_classes, 90.0)


def _why_no_plane(instance: Instance) -> str:
    """Return why the row or column spaces are not a plane that can be eliminated."""
    if 3 not in instance.shape or instance.rank not in (1, 2):
        return "needs three rows or columns and rank one or two"
    if not instance.support().all():
        return "needs positive weights"
    if plane_classes(instance) > _LARGEST_PLANE:
        return f"more than {_LARGEST_PLANE} weight patterns"
    return ""


def _why_no_charts(instance: Instance) -> str:
    """Return why the charts of row and column spaces cannot be subdivided."""
    from exact_wlra.bounds.charts import chart_formulation

    found = chart_formulation(instance)
    return found if isinstance(found, str) else ""


def _why_no_moments(instance: Instance) -> str:
    """Return why there is no moment relaxation."""
    from exact_wlra.bounds.moments import why_no_moments

    return why_no_moments(instance)


def refuse_extreme_units(instance: Instance) -> None:
    """Refuse data or weights far outside the range of floating point.

    Raises
    ------
    InvalidProblemError
        With the remedy: OPT scales with the weights and with the square of the data.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 1], [1, 3]])
    >>> refuse_extreme_units(Instance(data=A, squared_weights=A, rank=1))
    """
    for name, matrix in (
        ("data", instance.data),
        ("squared weights", instance.squared_weights),
    ):
        top = integer_arrays.magnitude(matrix.numerators)
        exponent = top.bit_length() - matrix.denominator.bit_length()
        if top and abs(exponent) > _LARGEST_EXPONENT:
            raise InvalidProblemError(
                f"the largest of the {name} is about 2^{exponent}; multiply the {name} "
                "by a number that brings it near 1: the optimum scales with them."
            )
