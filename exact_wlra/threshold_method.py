"""The threshold search as a method: a formulation, an oracle, and a certificate.

Contents
--------
FORMULATIONS        names of the formulations
Question            formulation, oracle and sketch size that a user chose
formulation_of      the formulation of a name
run_threshold       search, and certify what was found where that is possible
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.incumbent import Incumbent
from exact_wlra.leaf_solution import LeafSolution
from exact_wlra.pattern_space_decider import PatternSpaceDecider
from exact_wlra.threshold_deciders import (
    Above,
    Decider,
    OracleDecider,
)
from exact_wlra.threshold_search import ThresholdSearch, search
from reductions.chart_formulation import ChartFormulation
from reductions.formulation import Formulation, pattern_counts
from reductions.instances import Instance
from semialgebraic.search_bounds import projected_optimum_bound

FORMULATIONS = (
    "charts",
    "charts-of-v",
    "charts-of-u",
    "plain",
    "sketched-charts",
    "sketched",
    "pattern-space",
)
# Where gap 0 is asked, bisection stops at this one.
_LEAST_EPSILON = Fraction(1, 1 << 40)
# Seconds for the certificate of a bound that an oracle gave without one, at least.
_CERTIFYING_SECONDS = 5.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a threshold search asks, and whom.

    Parameters
    ----------
    formulation : str
        One of `FORMULATIONS`; "charts" takes the side with less work.
    oracle : str
        A name of `semialgebraic.oracles.registry`, or "auto".
    sketch_columns : int or None
        t of the sketched formulations; None for the least with a finite mean, k + 2.
    """

    formulation: str = "charts"
    oracle: str = "auto"
    sketch_columns: int | None = None

    def __post_init__(self) -> None:
        from semialgebraic.oracles.registry import names

        if self.formulation not in FORMULATIONS:
            raise InvalidProblemError(
                f"there is no formulation '{self.formulation}'; choose one of "
                + ", ".join(FORMULATIONS)
                + "."
            )
        if self.oracle not in ("auto", *names()):
            raise InvalidProblemError(
                f"there is no oracle '{self.oracle}'; choose auto or one of "
                + ", ".join(names())
                + "."
            )


def formulation_of(
    instance: Instance, question: Question, *, seed: int = 0
) -> Formulation:
    """Return the formulation that the question names.

    Raises
    ------
    NotApplicableError
        If it does not apply to the instance.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[1, 2, 3], [0, 1, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> formulation_of(instance, Question()).name
    'charts of U'
    """
    match question.formulation:
        case "plain":
            from reductions.plain import PlainFormulation

            return PlainFormulation(instance=instance)
        case "sketched":
            from reductions.cramer import cramer_formulation

            t = question.sketch_columns or instance.rank + 2
            return cramer_formulation(instance, t, seed=seed)
        case "sketched-charts":
            from reductions.sketched_charts import sketched_charts

            t = question.sketch_columns or instance.rank + 2
            return sketched_charts(instance, t, seed=seed)
        case "charts-of-v":
            return ChartFormulation(instance=instance)
        case "charts-of-u":
            return ChartFormulation(instance=instance, transposed=True)
        case _:
            from exact_wlra.bounds.charts import chart_work

            n, d = instance.shape
            counts = pattern_counts(instance)
            both = [chart_work(counts), chart_work(counts.transpose)]
            turned = instance.rank < n and (both[1] < both[0] or instance.rank >= d)
            return ChartFormulation(instance=instance, transposed=turned)


def run_threshold(
    instance: Instance,
    start: LeafSolution,
    gap: Fraction,
    budget: Budget,
    *,
    question: Question,
    seed: int,
) -> None:
    """Search by thresholds from the factors in hand, and certify the bound.

    The bound of an oracle that returns no certificate is proved by subdivision where
    that succeeds; else it stays in `start.threshold`, and the proved bound is lower.
    What refutes a formulation that is not exact is no bound of OPT and is not kept.
    """
    decider: Decider
    is_exact = True
    if question.formulation == "pattern-space":
        decider = PatternSpaceDecider(instance, budget, seed=seed)
    else:
        formulation = formulation_of(instance, question, seed=seed)
        is_exact = formulation.accuracy.is_exact
        decider = OracleDecider(
            instance=instance,
            formulation=formulation,
            oracle=question.oracle,
            budget=budget,
            # Refitted factors may cost less than a sketched formulation can.
            polish=is_exact,
        )
    begin = ThresholdSearch(
        decider=decider.name,
        lower=start.lower,
        told_lower=start.lower,
        is_told_proved=True,
        upper=start.upper,
        left=start.left,
        right=start.right,
        proof=start.proof,
    )
    found = search(
        instance,
        decider,
        epsilon=max(gap, _LEAST_EPSILON),
        budget=budget,
        start=begin,
    )
    if found.upper > 0 and isinstance(decider, OracleDecider):
        bound = _steps_bound(instance, decider, found, gap)
        found = replace(found, n_steps_bound=bound)
    start.threshold = found if is_exact else _without_bound(found)
    start.offer(Incumbent(left=found.left, right=found.right, cost=found.upper))
    proof, lower = found.proof, found.lower
    if found.told_lower > found.lower and question.formulation != "pattern-space":
        certified = _certified(instance, found.told_lower, budget)
        if certified is not None and certified.proof is not None:
            proof, lower = certified.proof, found.told_lower
    start.improve(
        instance, "threshold", proof, budget, nodes=found.n_steps, claimed=lower
    )


def _without_bound(found: ThresholdSearch) -> ThresholdSearch:
    """Return the record of a search that bounds a sketched formulation, not OPT."""
    return replace(
        found,
        told_lower=found.lower,
        reason=f"{found.reason}; the sketched cost is at least "
        f"{float(found.told_lower):.9g} for this seed, and OPT may be less",
    )


def _steps_bound(
    instance: Instance, decider: OracleDecider, found: ThresholdSearch, gap: Fraction
) -> int | None:
    """Return how many questions the theory allows; None where it says nothing."""
    formulation = decider.formulation
    if not isinstance(formulation, ChartFormulation) or not instance.support().all():
        return None
    scale = instance.squared_weights.denominator * instance.data.denominator**2
    bits = projected_optimum_bound(
        n_rows=formulation.oriented.shape[1],
        n_patterns=pattern_counts(formulation.oriented).n_row_classes,
        rank=instance.rank,
        height=1 << formulation.sizes.bitsize,
        weights_are_positive=True,
    )
    return found.steps_bound(
        instance.energy(), max(gap, _LEAST_EPSILON), bits + scale.bit_length()
    )


def _certified(instance: Instance, threshold: Fraction, budget: Budget) -> Above | None:
    """Return a refutation of the threshold with a certificate, if subdivision can."""
    from exact_wlra.bounds.charts import chart_formulation

    formulation = chart_formulation(instance)
    if isinstance(formulation, str):
        return None
    left = max(budget.time_limit - budget.seconds(), _CERTIFYING_SECONDS)
    decider = OracleDecider(
        instance=instance,
        formulation=formulation,
        oracle="subdivision",
        budget=Budget(time_limit=left),
        seconds=left,
    )
    answer = decider.decide(threshold, slack=Fraction(0))
    return answer if isinstance(answer, Above) else None
