"""C10: one factor eliminated exactly.

Contents
--------
RowSpace            a problem, pivot columns, chart coordinates of V
STATEMENT           min over U of cost(U V) is a sum of N_g / D_g over weight classes
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import Quantity, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.charts import chart_cost
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.patterns import ray_classes
from reductions.row_class_terms import class_term_of_kernel, row_class_forms
from reductions.two_rows import project_cost
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/projection"

_REGULAR = Hypothesis(
    name="no jump",
    text="no row has its weights where V vanishes (satisfied if omega > 0); here: "
    "V diag(w) V^T is regular for every class w of weight rows",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RowSpace:
    """A problem with 1 <= k < d; V is the identity in `pivots`, else `point`."""

    problem: Problem
    pivots: tuple[int, ...]
    point: tuple[Fraction, ...]


def check(case: Case[RowSpace]) -> tuple[Finding, ...]:
    """Compare the eliminated cost with exact least squares; count degrees."""
    value, instance = case.value, case.value.problem.instance
    k, d = instance.rank, instance.shape[1]
    chart = chart_cost(instance, value.pivots)
    V = chart.right_factor(value.point)
    U = solve_rows(instance.data, instance.squared_weights, V)
    fitted = exact(instance.cost(U, V))
    n_classes = len(ray_classes(instance.squared_weights.numerators)[1])
    is_regular = instance.support().all() or _is_regular(instance, V)
    unmet = () if is_regular else (_REGULAR.name,)
    say = partial(case.finding, KEY, unmet=unmet)
    findings = []
    if is_regular:
        findings = [
            say(
                "sum of N_g / D_g = min over U of cost(U V)",
                exact(chart.value(value.point)),
                "==",
                fitted,
            ),
            say(
                "number of denominators <= number of weight classes",
                exact(chart.n_groups),
                "<=",
                exact(n_classes),
            ),
            say(
                "degree of a denominator <= 2k",
                exact(
                    max((int(q.total_degree()) for q in chart.denominators), default=0)
                ),
                "<=",
                exact(2 * k),
            ),
        ]
    if k == d - 1 and instance.support().all():
        findings.append(
            say(
                "kernel form = min over U of cost(U V)",
                exact(_kernel_cost(instance, value)),
                "==",
                fitted,
            )
        )
    if k == 1 and d == 2:
        findings += _two_columns(case, instance, V, fitted, unmet)
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[RowSpace]]:
    """Yield random row spaces, two columns with few classes, and a jump."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for d, k in ((2, 1), (3, 2), (4, 2)):
            problem = Problem(
                integer_matrix(noise, (5, d), -5, 5),
                squared_weights=integer_matrix(noise, (3, d), 1, 6)[[0, 0, 1, 2, 2]],
                rank=k,
            )
            yield Case(
                name=f"random-5x{d}-rank-{k}-{seed}",
                kind="random",
                value=RowSpace(
                    problem=problem,
                    pivots=tuple(range(k)),
                    point=tuple(
                        Fraction(int(x), 3) for x in noise.integers(-5, 6, k * (d - k))
                    ),
                ),
                seed=seed,
            )
    yield Case(
        name="missing-entry",
        kind="structured",
        value=_slope([[0, 1], [1, 5], [2, 1]], [[1, 1], [1, 0], [3, 1]], 1),
    )
    yield Case(
        name="weights-where-V-vanishes",
        kind="violation",
        value=_slope([[2, 1], [1, 5], [2, 1]], [[1, 1], [0, 1], [3, 1]], 0),
    )


def _slope(data: object, weights: object, slope: int) -> RowSpace:
    """Return the value V = (1, slope)."""
    problem = Problem(data, squared_weights=weights, rank=1)
    return RowSpace(problem=problem, pivots=(0,), point=(Fraction(slope),))


def _two_columns(
    case: Case[RowSpace],
    instance: Instance,
    V: RationalMatrix,
    fitted: Quantity,
    unmet: tuple[str, ...],
) -> list[Finding]:
    """Return what is claimed of two columns at rank one."""
    say = partial(case.finding, KEY)
    cost = project_cost(instance.transpose)
    slope = V[0, 1] / V[0, 0] if V[0, 0] else None
    r, degree = len(cost.moving), int(cost.critical_form()[0].degree())
    return [
        say(
            "limit of the cost at V = min over U of cost(U V)",
            exact(cost.limit(slope)),
            "==",
            fitted,
            unmet=unmet,
        ),
        say(
            "degree of the critical polynomial <= 4r - 2",
            exact(max(degree, 0)),
            "<=",
            exact(max(4 * r - 2, 0)),
        ),
    ]


def _is_regular(instance: Instance, V: RationalMatrix) -> bool:
    """Tell whether V diag(w) V^T is regular for all weight rows w."""
    from exact_wlra.heuristics.ranks import rational_rank

    k = instance.rank
    rows = np.asarray(instance.support())
    return all(rational_rank(V.take(columns=np.flatnonzero(s))) == k for s in rows)


def _kernel_cost(instance: Instance, value: RowSpace) -> Fraction:
    """Return sum over rows of (a z)^2 / sum_j z_j^2 / w_j for z with V z = 0."""
    d = instance.shape[1]
    (free,) = set(range(d)) - set(value.pivots)
    kernel = [Fraction(0)] * d
    kernel[free] = Fraction(-1)
    for pivot, x in zip(value.pivots, value.point, strict=True):
        kernel[pivot] = x
    scale = instance.squared_weights.denominator * instance.data.denominator**2
    terms = (class_term_of_kernel(form, kernel) for form in row_class_forms(instance))
    return sum((Fraction(n) / d for n, d in terms), Fraction(0)) / scale


STATEMENT = Statement(
    key=KEY,
    title="C10: one factor eliminated exactly",
    source="docs/proofs.md, C10 and Cramer's rule",
    text=(
        "For V with V diag(w_g) V^T regular for every class g of proportional weight "
        "rows, min over U of cost(U V) = sum N_g / D_g, D_g = det(V diag(w_g) V^T): "
        "one denominator of degree 2k for each class, not squared. For k = d - 1, "
        "omega > 0 and V z = 0 it is sum over rows of (a z)^2 / sum_j z_j^2 / w_j. For "
        "two columns and k = 1 critical points are roots of a polynomial of degree 4r "
        "- 2."
    ),
    hypotheses=(_REGULAR,),
    cases=cases,
    check=check,
    value_type=RowSpace,
    used_by=(
        "reductions.charts:chart_cost",
        "reductions.two_rows:project_cost",
        "reductions.row_class_terms:class_term_of_kernel",
    ),
    tests=("tests/reductions/test_charts.py", "tests/reductions/test_two_rows.py"),
)
