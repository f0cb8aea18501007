"""All critical points on a projective plane of row spaces, and msolve beside them.

Contents
--------
LIMIT                   seconds on the clock
INSTANCES               name -> instance with three columns
LARGE                   name of the instance with a million columns
all_critical_points     ours: the complete list, and the optimum from it
msolve                  the complex critical points of one chart, by the program msolve
solve_large             `solve` on the large instance, its certificate checked
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from flint import fmpz_mpoly

from benchmarks.decisions import draw, instance_of
from exact_wlra import Problem, check, read, solve
from exact_wlra.bounds.plane import solve_plane
from reductions.charts import ChartCost, chart_costs
from reductions.critical_equations import bilinear_equations
from reductions.instances import Instance
from reductions.plane import plane_critical_points
from semialgebraic import msolve as program
from semialgebraic.critical_points import gradient
from semialgebraic.decisions import Budget
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rational_parametrizations import RationalParametrization

LIMIT = 60.0
LARGE = "3 x 1 000 000, k = 1, 2 column patterns"
# With more weight classes than this msolve is given the bilinear equations.
_MOST_INVERSES = 3


def _oss(rank: int) -> Instance:
    return instance_of(read("dataset:oss-3x3", rank=rank))


def _drawn(n: int, k: int, patterns: int = 0) -> Instance:
    family = f"{patterns} row patterns" if patterns else "generic"
    return instance_of(draw(family, (n, 3, k), patterns=patterns or 1))


INSTANCES: dict[str, Callable[[], Instance]] = {
    "oss-3x3, k = 1": partial(_oss, 1),
    "oss-3x3, k = 2": partial(_oss, 2),
    "3 x 3, k = 1, generic": partial(_drawn, 3, 1),
    "4 x 3, k = 1, generic": partial(_drawn, 4, 1),
    "5 x 3, k = 1, generic": partial(_drawn, 5, 1),
    "4 x 3, k = 2, generic": partial(_drawn, 4, 2),
    "300 x 3, k = 1, 2 row patterns": partial(_drawn, 300, 1, 2),
    "300 x 3, k = 1, 3 row patterns": partial(_drawn, 300, 1, 3),
}


def all_critical_points(name: str) -> dict[str, Any]:
    """Return the counts of the complete list, the degree of OPT, and the seconds."""
    instance = INSTANCES[name]()
    started = time.process_time()
    plane_critical_points(instance)
    listed = time.process_time()
    record = _counts(instance)
    return record | {
        "list_seconds": listed - started,
        "optimum_seconds": time.process_time() - listed,
    }


def _counts(instance: Instance) -> dict[str, Any]:
    """Return what is known of the optimum of an instance on the plane."""
    optimum = solve_plane(instance)
    value = optimum.value
    return {
        "complex": optimum.n_complex_critical_points,
        "real": optimum.n_real_critical_points,
        "local_minima": optimum.n_local_minima,
        "minimizers": len(optimum.minimizers),
        "degree": value and len(value.minimal_polynomial) - 1,
        "value": float(optimum.enclosure[0]),
    }


def msolve(name: str) -> dict[str, Any]:
    """Return the number of complex critical points in the first chart, by msolve."""
    lacking = program.missing()
    if lacking:
        return {"failed": lacking}
    instance = INSTANCES[name]()
    chart = chart_costs(instance)[0]
    if chart.n_groups > _MOST_INVERSES:
        equations, kind = list(bilinear_equations(instance)), "bilinear"
    else:
        equations, kind = _with_inverses(chart), "inverses"
    answer = program.solve(equations, budget=Budget(seconds=LIMIT))
    if isinstance(answer, RationalParametrization):
        return {"equations": kind, "complex": answer.n_complex}
    return {"equations": kind, "failed": getattr(answer, "reason", repr(answer))}


def _with_inverses(chart: ChartCost) -> list[fmpz_mpoly]:
    """Return the derivatives of sum_g N_g t_g and t_g D_g = 1."""
    names = [*chart.variables, *(f"t{g}" for g in range(chart.n_groups))]
    ring = polynomial_ring(names)
    inverses = ring.gens()[len(chart.variables) :]
    pairs = list(zip(chart.numerators, chart.denominators, strict=True))
    equations = []
    for i in range(len(chart.variables)):
        equation = ring.constant(0)
        for (n, d), t in zip(pairs, inverses, strict=True):
            # The numerator of the derivative of N/D; the denominator is D^2.
            slope = gradient([n], [d])[i]
            equation += slope.project_to_context(ring) * t * t
        equations.append(equation)
    for (_, d), t in zip(pairs, inverses, strict=True):
        equations.append(d.project_to_context(ring) * t - 1)
    return equations


def solve_large() -> dict[str, Any]:
    """Return the seconds of `solve` and `check`, and the counts for the row types."""
    random = np.random.default_rng(1)
    n_types, d = 20, 1_000_000
    root = np.repeat(random.integers(1, 10, (3, 2)), n_types // 2, axis=1)
    data = random.integers(-9, 10, (3, n_types))
    labels = random.integers(0, n_types, d)
    problem = Problem.patterned(
        row_labels=np.arange(3),
        column_labels=labels,
        data_core=data,
        weight_core=root,
        rank=1,
    )
    started = time.process_time()
    solution = solve(problem, gap=1e-9, time_limit=LIMIT)
    solved = time.process_time()
    check(problem, solution.certificate)
    checked = time.process_time()
    multiplicities = np.bincount(labels, minlength=n_types)
    merged = Instance(
        data=RationalMatrix(data.T),
        squared_weights=RationalMatrix((root**2 * multiplicities).T),
        rank=1,
    )
    algebraic = solution.algebraic
    return {
        **_counts(merged),
        "claim": solution.claim,
        "gap": solution.gap,
        "degree": algebraic and len(algebraic.minimal_polynomial) - 1,
        "solve_seconds": solved - started,
        "check_seconds": checked - solved,
        "methods": [
            attempt["method"]
            for leaf in solution.statistics["leaves"]
            for attempt in leaf["attempts"]
        ],
    }
