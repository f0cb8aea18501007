"""The same instances for SCIP and for us: time to the same gap, and false optima.

SCIP runs in a child process with a hard limit on processor time and memory. What it
reports as primal value and dual bound are floating-point numbers; as the exact
rationals that they are, they are compared with our proved bounds. ``python -m
benchmarks.compare_with_scip`` runs all of it and stores benchmarks/results/scip.json;
`make bench` does the same.

Contents
--------
INSTANCES       what is compared
compare         one instance: our times, SCIP's, and the comparison of the bounds
tolerances      one instance at several feasibility tolerances of SCIP
main            all of them
"""

import json
import math
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import instances, measurement, records
from exact_wlra import Problem, Solution, read, solve

TIME_LIMIT = 120.0
GAPS = (1e-3, 1e-6)
# SCIP's own is the first.
TOLERANCES = (1e-6, 1e-7, 1e-8, 1e-9)
# The models for rank one and above.
MODELS = ("bilinear", "eliminated"), ("bilinear",)
# The bracket that SCIP's values are compared with is narrower than what SCIP is asked.
_REFERENCE_GAP = 1e-9
_ROOT = Path(__file__).parents[1]


def _few(n: int, d: int, c: int) -> Callable[[], Problem]:
    return lambda: instances.few_patterns((n, d), column_patterns=c, seed=1)


def _generic(n: int, d: int, rank: int = 1) -> Callable[[], Problem]:
    return lambda: instances.generic((n, d), rank=rank, seed=1)


def _shipped(name: str) -> Callable[[], Problem]:
    return lambda: read(f"dataset:{name}", rank=1)


INSTANCES: dict[str, Callable[[], Problem]] = {
    "3 x 3, oss-3x3": _shipped("oss-3x3"),
    "3 x 3, trap-3x3-b": _shipped("trap-3x3-b"),
    "3 x 3, generic": _generic(3, 3),
    "3 x 4, generic": _generic(3, 4),
    "4 x 4, generic": _generic(4, 4),
    "4 x 4, four-basins-4x4": _shipped("four-basins-4x4"),
    "5 x 5, generic": _generic(5, 5),
    "3 x 3, k = 2, generic": _generic(3, 3, rank=2),
    "4 x 4, k = 2, generic": _generic(4, 4, rank=2),
    "8 x 8, 2 patterns": _few(8, 8, 2),
    "10 x 10, 3 patterns": _few(10, 10, 3),
    "12 x 12, 3 patterns": _few(12, 12, 3),
    "20 x 30, 3 patterns": _few(20, 30, 3),
}

# Where the effect of the tolerance is shown.
OF_TOLERANCE = "3 x 3, trap-3x3-b"


def compare(name: str) -> dict[str, Any]:
    """Return what both reached on one instance."""
    problem = INSTANCES[name]()
    ours = [_ours(problem, gap) for gap in GAPS]
    done = measurement.run(problem, gap=_REFERENCE_GAP, time_limit=TIME_LIMIT)
    reference = done.solution
    lower, upper = reference.lower, reference.upper
    record: dict[str, Any] = {
        "shape": list(problem.shape),
        "lower": float(lower),
        "upper": float(upper),
        "reference_gap": reference.gap,
        "time_limit": TIME_LIMIT,
        "ours": ours,
        "scip": {},
    }
    for model in MODELS[problem.rank > 1]:
        answer = _scip(problem, reference, model)
        phases = answer.get("phases", [])
        judged = [phase | _judged(phase, lower, upper) for phase in phases]
        record["scip"][model] = answer | {"phases": judged}
    return record


def tolerances(name: str) -> dict[str, Any]:
    """Return how far SCIP's values fall below our lower bound at each tolerance."""
    problem = INSTANCES[name]()
    reference = solve(problem, gap=_REFERENCE_GAP, time_limit=TIME_LIMIT)
    found = {}
    for model in MODELS[0]:
        phases = []
        for tolerance in TOLERANCES:
            answer = _scip(problem, reference, model, tolerance=tolerance)
            last = answer["phases"][-1]
            phases.append(last | _judged(last, reference.lower, reference.upper))
        found[model] = phases
    return {"tolerances": TOLERANCES, "scip": found}


def _ours(problem: Problem, gap: float) -> dict[str, Any]:
    """Return the time of our solve, its certificate checked, and the gap reached."""
    done = measurement.run(problem, gap=gap, time_limit=TIME_LIMIT)
    return {
        "gap_asked": gap,
        "seconds": done.solve_seconds,
        "gap_reached": done.solution.gap,
        "closed": measurement.is_closed(done.solution, gap),
    }


def _scip(
    problem: Problem, start: Solution, model: str, *, tolerance: float = TOLERANCES[0]
) -> dict[str, Any]:
    """Return what SCIP reached from our factors, in a child process."""
    A = problem.data.to_float()
    omega = problem.squared_weights.to_float()
    left, right = start.U.to_float(), start.V.to_float()
    # Eliminating U leaves V and the column patterns: few patterns first, then a small V.
    if _cost_of_side(omega.T) < _cost_of_side(omega):
        A, omega, left, right = A.T, omega.T, right.T, left.T
    task = {
        "model": model,
        "data": A.tolist(),
        "squared_weights": omega.tolist(),
        "left": left.tolist(),
        "right": right.tolist(),
        "gaps": list(GAPS),
        "tolerance": tolerance,
        "time_limit": TIME_LIMIT,
    }
    try:
        child = subprocess.run(
            [sys.executable, "-m", "benchmarks.scip_models"],
            input=json.dumps(task),
            capture_output=True,
            text=True,
            timeout=8 * TIME_LIMIT,
            cwd=_ROOT,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return {"failed": "killed: it did not stop at its time limit"}
    except subprocess.CalledProcessError as error:
        return {"failed": error.stderr.strip().splitlines()[-1:] or error.returncode}
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer


def _cost_of_side(omega: Any) -> tuple[int, int]:
    """Return the numbers of distinct columns and of columns."""
    return len(np.unique(omega, axis=1).T), omega.shape[1]


def _judged(phase: dict[str, Any], lower: Fraction, upper: Fraction) -> dict[str, Any]:
    """Compare SCIP's floats, as exact rationals, with the proved bracket."""
    primal, dual = Fraction(phase["primal"]), Fraction(phase["dual"])
    closed = phase["status"] in ("gaplimit", "optimal")
    return {
        "closed": closed,
        "gap_reached": _gap(phase["primal"], phase["dual"]),
        "primal_below_lower": primal < lower,
        "relative_shortfall": float((lower - primal) / upper),
        "dual_above_upper": dual > upper,
    }


def _gap(primal: float, dual: float) -> float:
    """Return (primal - dual)/primal, between 0 and 1 also where the bound is weak."""
    if not math.isfinite(dual) or primal <= 0:
        return 1.0
    return min(max((primal - dual) / primal, 0.0), 1.0)


def main() -> None:
    """Compare all instances, or those named, and store the results."""
    names = sys.argv[1:] or list(INSTANCES)
    for name in INSTANCES:
        if name not in names:
            continue
        record = compare(name)
        records.keep("scip", name, record)
        print(f"{name}: {_line(record)}", flush=True)
    if len(sys.argv) == 1:
        records.keep("scip_tolerance", OF_TOLERANCE, tolerances(OF_TOLERANCE))


def _line(record: dict[str, Any]) -> str:
    """Return one record in a line."""
    parts = [f"ours {record['ours'][-1]['seconds']:.2f} s"]
    for model, answer in record["scip"].items():
        if not answer["phases"]:
            parts.append(f"{model} failed: {answer.get('failed')}")
            continue
        last = answer["phases"][-1]
        below = ", primal below our lower bound" if last["primal_below_lower"] else ""
        parts.append(
            f"{model} {last['seconds']:.2f} s to gap {last['gap_reached']:.1e}{below}"
        )
    return "; ".join(parts)


if __name__ == "__main__":
    main()
