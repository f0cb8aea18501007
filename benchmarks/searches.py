"""The threshold search from nothing: questions used, and the bound on their number.

Contents
--------
LIMIT           seconds on the clock for one search
EPSILON         the accuracy asked
DATASETS        shipped instances of rank one
search_with     the search with one oracle
"""

from fractions import Fraction
from typing import Any

from benchmarks.decisions import instance_of
from exact_wlra import read
from exact_wlra.budget import Budget
from exact_wlra.threshold_deciders import OracleDecider
from exact_wlra.threshold_method import Question, formulation_of
from exact_wlra.threshold_search import search
from reductions.chart_formulation import ChartFormulation
from reductions.charts import chart_costs
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.search_bounds import projected_optimum_bound

LIMIT = 60.0
EPSILON = Fraction(1, 1000)
DATASETS = ("small-2x3", "oss-3x3")


def search_with(name: str, oracle: str) -> dict[str, Any]:
    """Return questions, their bound, the bracket and why the search ended."""
    lacking = get_oracle(oracle).missing()
    if lacking:
        return {"failed": lacking}
    instance = instance_of(read(f"dataset:{name}", rank=1))
    formulation = formulation_of(instance, Question(formulation="charts"))
    budget = Budget(time_limit=LIMIT)
    decider = OracleDecider(
        instance=instance, formulation=formulation, oracle=oracle, budget=budget
    )
    found = search(instance, decider, epsilon=EPSILON, budget=budget)
    bits = optimum_bits(formulation)
    return {
        "formulation": formulation.name,
        "reason": found.reason,
        "closed": found.upper <= (1 + EPSILON) * found.told_lower,
        "questions": found.n_steps,
        "bound": found.steps_bound(instance.energy(), EPSILON, bits),
        "bits": bits,
        "lower": float(found.told_lower),
        "upper": float(found.upper),
        "is_proved": found.is_told_proved,
    }


def optimum_bits(formulation: Any) -> int:
    """Return b with OPT = 0 or OPT >= 2^-b; rank one, positive weights.

    In homogeneous coordinates the cost of a row space is P/(Q s) with the coefficients
    of P and Q in a chart, so that P/Q is bounded from below and then divided by s.
    """
    if not isinstance(formulation, ChartFormulation) or formulation.oriented.rank != 1:
        raise ValueError("the bound is evaluated for charts at rank one.")
    chart = chart_costs(formulation.oriented)[0]
    coefficients = [abs(int(c)) for p in chart.fraction() for c in p.coeffs()]
    bits = projected_optimum_bound(
        n_rows=formulation.oriented.shape[1],
        n_patterns=chart.n_groups,
        rank=1,
        height=max(coefficients),
        weights_are_positive=not chart.vanishing,
    )
    return bits + chart.scale.bit_length()
