"""A comparison for machines: CSV and JSON.

Contents
--------
SCHEMA          name of the JSON document
csv_text        one line a run
json_text       everything; the bracket as exact rationals
"""

import csv
import io
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from exact_wlra.comparison.rank_results import RankResult, Setting
from exact_wlra.comparison.runs import Run
from semialgebraic.rationals import format_rational

SCHEMA = "exact-wlra/comparison/1"

_COLUMNS = (
    "rank",
    "method",
    "seed",
    "cost",
    "rank_bound",
    "n_numbers",
    "is_feasible",
    "is_success",
    "ratio_to_lower",
    "ratio_to_upper",
    "excess",
    "minimum",
    "seconds",
    "guarantee",
    "verdict",
    "stopped",
)


def csv_text(results: Sequence[RankResult]) -> str:
    """Return one line for every run, with a line of headings.

    Empty entries are undefined: no seed, a ratio to 0, no minimum near, a cost that is
    not finite.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for result in results:
        for run in result.runs:
            entries = _run_entries(run)
            entries["guarantee"] = run.guarantee.statement
            writer.writerow({key: entries[key] for key in _COLUMNS})
    return text.getvalue()


def json_text(
    setting: Setting,
    results: Sequence[RankResult],
    *,
    is_interrupted: bool,
    seconds: float,
) -> str:
    """Return the document of `docs/interface.md`."""
    document = {
        "schema": SCHEMA,
        "title": setting.title,
        "shape": list(setting.shape),
        "methods": list(setting.methods),
        "seeds": list(setting.seeds),
        "gap": format_rational(setting.gap),
        "tolerance": setting.tolerance,
        "time_limit": setting.time_limit,
        "is_interrupted": is_interrupted,
        "seconds": seconds,
        "ranks": [_rank_entries(result) for result in results],
    }
    return json.dumps(document, indent=1, allow_nan=False)


def _rank_entries(result: RankResult) -> dict[str, Any]:
    """Return everything at one rank."""
    solution = result.solution
    return {
        "rank": result.rank,
        "lower": format_rational(solution.lower),
        "upper": format_rational(solution.upper),
        "claim": solution.claim,
        "termination": solution.termination,
        "is_proved": result.is_proved,
        "cost_of_zero": format_rational(result.energy),
        "minima": _minima_entries(result),
        "runs": [_run_entries(run) for run in result.runs],
        "summary": [
            {
                "method": each.method,
                "is_feasible": each.is_feasible,
                "best_cost": _finite(each.best_cost),
                "median_cost": _finite(each.median_cost),
                "n_runs": each.n_runs,
                "n_successes": each.n_successes,
                "median_seconds": each.median_seconds,
            }
            for each in result.summary()
        ],
        "refused": [asdict(each) for each in result.refusals],
        "left_out": [asdict(each) for each in result.left_out],
    }


def _minima_entries(result: RankResult) -> dict[str, Any] | None:
    """Return the local minima, their values enclosed where that is proved."""
    minima = result.minima
    if minima is None:
        return None
    points = []
    for point in minima.points:
        ends = point.enclosure
        points.append(
            {
                "cost": _finite(point.cost),
                "enclosure": None if ends is None else [*map(format_rational, ends)],
                "n_starts": point.n_starts,
            }
        )
    return {
        "are_all": minima.are_all,
        "evidence": minima.evidence,
        "n_starts": minima.n_starts,
        "points": points,
    }


def _run_entries(run: Run) -> dict[str, Any]:
    """Return one run; what is not finite or not defined is None."""
    guarantee = {
        "statement": run.guarantee.statement,
        "factor": run.guarantee.factor,
        "additive": run.guarantee.additive,
        "confidence": run.guarantee.confidence,
    }
    return {
        "method": run.method,
        "rank": run.rank,
        "seed": run.seed,
        "cost": _finite(run.cost),
        "rank_bound": run.rank_bound,
        "n_numbers": run.n_numbers,
        "is_feasible": run.is_feasible,
        "is_success": run.is_success,
        "ratio_to_lower": _finite(run.ratio_to_lower),
        "ratio_to_upper": _finite(run.ratio_to_upper),
        "excess": _finite(run.excess),
        "minimum": run.minimum,
        "seconds": run.seconds,
        "guarantee": guarantee,
        "verdict": run.verdict,
        "stopped": run.stopped,
    }


def _finite(value: float | None) -> float | None:
    """Return a value that JSON can hold."""
    return None if value is None or not math.isfinite(value) else float(value)
