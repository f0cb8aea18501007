"""The threshold search: bisection with the question "is OPT at most c?".

The search of the few-pattern paper [LiLiangShiSong2025]_, one step a question: first
the exponent of c is bisected, then c itself, until upper <= (1 + epsilon) lower. Any
decider answers; each step is recorded with its evidence, and the record is enough to
go on later.

Contents
--------
Step                one question and its answer
ThresholdSearch     the bracket reached, its factors, the steps
search              bisect until the bracket is narrow or a question stays open
in_log_scale        where to ask next
shortened           a threshold with few digits

Notes on the implementation
---------------------------
The upper end is always the evaluated cost of factors in hand, never a threshold. Of the
lower end two are kept: one that a certificate proves, and one that any answer gave.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Self, final

from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof, Zero
from exact_wlra.errors import ContradictionError, InvalidProblemError
from exact_wlra.incumbent import exact_factors, zero_incumbent
from exact_wlra.threshold_deciders import Above, AtMost, Decider, Unknown
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational, parse_rational
from semialgebraic.search_bounds import n_log_bisections

# With no lower bound at all, thresholds fall by this many bits, then by twice as many.
_FIRST_DESCENT = 10
# When thresholds have fallen by so many bits the search stops: OPT may be 0.
_LEAST_BITS = 200


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question.

    Parameters
    ----------
    threshold : Fraction
        c.
    answer : {"at most", "above", "unknown"}
    by, evidence : str
        Who answered, and what the answer rests on or why there is none.
    seconds : float
    """

    threshold: Fraction
    answer: str
    by: str
    evidence: str
    seconds: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdSearch:
    """A bracket of OPT and how it was reached.

    Parameters
    ----------
    lower : Fraction
        Proved by `proof`, which the checker of certificates accepts.
    told_lower : Fraction
        At least `lower`: the largest refuted threshold; it is as good as the evidence
        in the steps.
    is_told_proved : bool
        Whether the evidence for `told_lower` was checked or computed here.
    upper : Fraction
        cost(left, right).
    reason : str
        Why the search ended.
    n_steps_bound : int or None
        What the theory allows, from `steps_bound`, where it applies.
    """

    decider: str
    lower: Fraction
    told_lower: Fraction
    is_told_proved: bool
    upper: Fraction
    left: RationalMatrix
    right: RationalMatrix
    proof: Proof
    steps: tuple[Step, ...] = ()
    reason: str = ""
    n_steps_bound: int | None = None

    @property
    def n_steps(self) -> int:
        """Number of questions asked."""
        return len(self.steps)

    def steps_bound(self, energy: Fraction, epsilon: Fraction, lower_bits: int) -> int:
        """Return a bound on the questions of a search from [0, energy].

        The bound of the paper in log scale, for bisection of the exponent and of the
        value, and what finding the first exponent takes: thresholds fall by 10, 20, 40,
        ... bits. Rounding thresholds and witnesses takes at most as many steps again.

        Parameters
        ----------
        energy : Fraction
            The cost of X = 0, positive.
        lower_bits : int
            A nonzero OPT is at least 2^-lower_bits.
        """
        drop = max(_floor_log2(energy) + 1 + lower_bits, 1)
        bisections = n_log_bisections(energy, lower_bits=lower_bits, epsilon=epsilon)
        return drop.bit_length() + 2 * bisections + 2

    def to_json(self) -> dict[str, Any]:
        """Return bracket, factors and steps as JSON values; certificates are left out.

        `resume` goes on from it.
        """
        return {
            "decider": self.decider,
            "told_lower": format_rational(self.told_lower),
            "is_told_proved": self.is_told_proved,
            "left": [[format_rational(x) for x in row] for row in _rows(self.left)],
            "right": [[format_rational(x) for x in row] for row in _rows(self.right)],
            "steps": [
                {
                    "threshold": format_rational(s.threshold),
                    "answer": s.answer,
                    "by": s.by,
                    "evidence": s.evidence,
                    "seconds": round(s.seconds, 3),
                }
                for s in self.steps
            ],
            "reason": self.reason,
            "n_steps": self.n_steps,
            "n_steps_bound": self.n_steps_bound,
        }

    @classmethod
    def resume(cls, instance: Instance, value: dict[str, Any]) -> Self:
        """Return the state that `to_json` wrote.

        The cost is evaluated again. Evidence is not stored: the proved lower bound
        begins anew at 0, and what oracles told counts as not proved.
        """
        left, right = (
            RationalMatrix.from_fractions(
                [[parse_rational(x) for x in row] for row in value[name]]
            )
            for name in ("left", "right")
        )
        return cls(
            decider=value["decider"],
            lower=Fraction(0),
            told_lower=parse_rational(value["told_lower"]),
            is_told_proved=False,
            upper=instance.cost(left, right),
            left=left,
            right=right,
            proof=Zero(),
            steps=tuple(
                Step(
                    threshold=parse_rational(s["threshold"]),
                    answer=s["answer"],
                    by=s["by"],
                    evidence=s["evidence"],
                    seconds=float(s["seconds"]),
                )
                for s in value["steps"]
            ),
            reason=value["reason"],
            n_steps_bound=value.get("n_steps_bound"),
        )


def search(
    instance: Instance,
    decider: Decider,
    *,
    epsilon: Fraction,
    budget: Budget,
    start: ThresholdSearch | None = None,
) -> ThresholdSearch:
    """Bisect until upper <= (1 + epsilon) lower, or a question stays open.

    Parameters
    ----------
    epsilon : Fraction
        Positive.
    start : ThresholdSearch or None
        A bracket to go on from, such as one with good factors.

    Notes
    -----
    OPT = 0 is recognized at the start if the data have rank at most k; otherwise a zero
    optimum ends the search when thresholds are far below the energy.

    Examples
    --------
    >>> from exact_wlra.threshold_deciders import OracleDecider
    >>> from reductions.chart_formulation import ChartFormulation
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> budget = Budget(time_limit=60)
    >>> found = search(
    ...     instance,
    ...     OracleDecider(
    ...         instance=instance,
    ...         formulation=ChartFormulation(instance=instance),
    ...         oracle="cad",
    ...         budget=budget,
    ...     ),
    ...     epsilon=Fraction(1, 100),
    ...     budget=budget,
    ... )
    >>> found.told_lower <= 1 <= found.upper <= found.told_lower * Fraction(101, 100)
    True
    """
    if not epsilon > 0:
        raise InvalidProblemError("epsilon of the threshold search must be positive.")
    state = start or initial_bracket(instance, decider.name)
    energy = instance.energy()
    while True:
        lower, upper = state.told_lower, state.upper
        if upper <= (1 + epsilon) * lower or upper == 0:
            return replace(state, reason="the bracket is as narrow as asked")
        if budget.is_spent():
            return replace(state, reason="the time is over")
        threshold = in_log_scale(lower, upper, epsilon, energy=energy)
        if start is not None and not state.steps:
            # The factors at the start may be optimal: then one refutation is enough.
            threshold = shortened(upper / (1 + epsilon), upper)
        if threshold * (1 << _LEAST_BITS) < energy / 2:
            return replace(state, reason="OPT may be 0: no threshold was refuted")
        state = _ask(state, decider, threshold, epsilon, budget)
        last = state.steps[-1]
        budget.tell("threshold", float(state.lower), float(state.upper), state.n_steps)
        if last.answer == "unknown":
            return replace(state, reason=last.evidence)
        if (state.told_lower, state.upper) == (lower, upper):
            return replace(state, reason="the last answer did not narrow the bracket")


def initial_bracket(instance: Instance, decider: str) -> ThresholdSearch:
    """Return [0, energy], or [0, 0] with factors if the data have rank at most k."""
    found = exact_factors(instance) or zero_incumbent(instance)
    return ThresholdSearch(
        decider=decider,
        lower=Fraction(0),
        told_lower=Fraction(0),
        is_told_proved=True,
        upper=found.cost,
        left=found.left,
        right=found.right,
        proof=Zero(),
    )


def in_log_scale(
    lower: Fraction, upper: Fraction, epsilon: Fraction, *, energy: Fraction
) -> Fraction:
    """Return the threshold to ask about: short, and well inside (lower, upper).

    While upper > 2 lower it is a power of two near the geometric mean; then it is near
    the mean, or, at the end, where either answer ends the search.

    Examples
    --------
    >>> part, energy = Fraction(1, 10), Fraction(1000)
    >>> in_log_scale(Fraction(1), Fraction(64), part, energy=energy)
    Fraction(8, 1)
    >>> in_log_scale(Fraction(1), Fraction(3, 2), part, energy=energy)
    Fraction(5, 4)
    >>> in_log_scale(Fraction(8), Fraction(9), part, energy=energy)
    Fraction(65, 8)
    """
    if lower == 0:
        fallen = _floor_log2(energy) - _floor_log2(upper)
        below = max(2 * fallen, fallen + _FIRST_DESCENT)
        if fallen < _LEAST_BITS:
            below = min(below, _LEAST_BITS)
        return Fraction(2) ** (_floor_log2(energy) - below)
    if upper > 2 * lower:
        exponent = (_floor_log2(lower) + _floor_log2(upper)) // 2
        guess = Fraction(2) ** exponent
        return guess if lower < guess < upper else (lower + upper) / 2
    middle = min((lower + upper) / 2, upper / (1 + epsilon))
    bits = max(_floor_log2(1 / (upper - lower)) + 3, 0)
    rounded = Fraction(math.floor(middle * (1 << bits)), 1 << bits)
    return rounded if lower < rounded < upper else middle


def shortened(threshold: Fraction, upper: Fraction) -> Fraction:
    """Return a dyadic number in [threshold, upper), a small part of the way up.

    Examples
    --------
    >>> shortened(Fraction(100, 101), Fraction(1))
    Fraction(507, 512)
    """
    bits = max(_floor_log2(1 / (upper - threshold)) + 4, 0)
    rounded = Fraction(math.ceil(threshold * (1 << bits)), 1 << bits)
    return rounded if rounded < upper else threshold


def _ask(
    state: ThresholdSearch,
    decider: Decider,
    threshold: Fraction,
    epsilon: Fraction,
    budget: Budget,
) -> ThresholdSearch:
    """Return the state after one question."""
    began = budget.seconds()
    answer = decider.decide(threshold, slack=threshold * epsilon / 8)
    match answer:
        case AtMost():
            said, evidence = (
                "at most",
                f"factors of cost {format_rational(answer.cost)}",
            )
            if answer.cost < state.told_lower:
                raise ContradictionError(state.told_lower, answer.cost, state.steps)
            if answer.cost < state.upper:
                state = replace(
                    state, upper=answer.cost, left=answer.left, right=answer.right
                )
        case Above():
            said, evidence = "above", answer.evidence
            # The larger threshold alone carries the bound.
            state = replace(
                state, told_lower=threshold, is_told_proved=answer.is_proved
            )
            if answer.proof is not None and threshold > state.lower:
                state = replace(state, lower=threshold, proof=answer.proof)
        case Unknown():
            said, evidence = "unknown", f"{answer.reason}; {answer.advice}"
    step = Step(
        threshold=threshold,
        answer=said,
        by=answer.by,
        evidence=evidence,
        seconds=budget.seconds() - began,
    )
    return replace(state, steps=(*state.steps, step))


def _floor_log2(x: Fraction) -> int:
    """Return e with 2^e <= x < 2^(e + 1)."""
    e = x.numerator.bit_length() - x.denominator.bit_length()
    return e if x >= Fraction(2) ** e else e - 1


def _rows(matrix: RationalMatrix) -> Sequence[Sequence[Fraction]]:
    """Return the entries as fractions, row by row."""
    return [
        [Fraction(int(x), matrix.denominator) for x in row] for row in matrix.numerators
    ]
