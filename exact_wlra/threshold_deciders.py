"""Is there an X of rank k that costs at most c? Who can be asked.

Contents
--------
AtMost              yes: factors, and what they cost
Above               no: what stands behind it, and a certificate if there is one
Unknown             neither: why, and what to try
Decider             the protocol
OracleDecider       a formulation, and an oracle for its systems

Notes on the implementation
---------------------------
The factors of a yes are rational and their cost is evaluated exactly, so a yes needs no
trust. Where the witness is irrational they cost a little more than c. A no is worth
what its evidence is worth: only one with a certificate can be checked again.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, final

from exact_wlra.budget import Budget
from exact_wlra.certificates import Charts, Proof, Transpose
from reductions.chart_formulation import ChartFormulation
from reductions.errors import NotApplicableError
from reductions.formulation import Formulation
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    BoxTree,
    Computed,
    Reported,
    Satisfiable,
    SumOfSquares,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.decisions import Budget as OracleBudget
from semialgebraic.rational_matrices import RationalMatrix

# Digits, in bits, to which an irrational witness is rounded, until the cost is right.
_WITNESS_BITS = (24, 48, 96, 192, 384)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AtMost:
    """Factors, and their exact cost."""

    left: RationalMatrix
    right: RationalMatrix
    cost: Fraction
    by: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """OPT >= c, by evidence in words; `proof` is a certificate for the checker.

    `is_proved` is False if an external program is merely reported. If a formulation was
    asked that is not exact, it is its infimum that is >= c, and OPT may be less.
    """

    evidence: str
    by: str
    is_proved: bool
    proof: Proof | None = None


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """No answer."""

    reason: str
    advice: str
    by: str


Answer = AtMost | Above | Unknown


class Decider(Protocol):
    """Answers whether OPT is at most a threshold."""

    @property
    def name(self) -> str:
        """Formulation and oracle, in words."""
        ...

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
        """Return the answer; factors may cost up to threshold + slack."""
        ...


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OracleDecider:
    """Asks an oracle about every system of a formulation.

    Parameters
    ----------
    instance : Instance
    formulation : Formulation
    oracle : str
        A name of the registry, or "auto".
    budget : Budget
        Of the whole run; each question gets at most what is left of it.
    seconds : float
        Limit of one question.
    polish : bool
        Refit U to the V of a witness. Without it the cost of factors is never below the
        infimum of the formulation, be it exact or not.
    """

    instance: Instance
    formulation: Formulation
    oracle: str
    budget: Budget
    seconds: float = 60.0
    polish: bool = True

    @property
    def name(self) -> str:
        """Formulation and oracle."""
        return f"{self.formulation.name}, {self.oracle}"

    def decide(self, threshold: Fraction, *, slack: Fraction) -> Answer:
        """Return yes from the first system that has a solution, no if none has."""
        try:
            systems = self.formulation.systems(threshold)
        except NotApplicableError as error:
            return Unknown(
                reason=str(error), advice="choose another formulation", by=self.name
            )
        refutations: list[Unsatisfiable] = []
        unknown: Undecided | None = None
        for index, system in enumerate(systems):
            left = self.budget.time_limit - self.budget.seconds()
            if self.budget.is_spent() or left <= 0:
                return Unknown(
                    reason="the time is over", advice="raise the time limit", by="time"
                )
            answer = decide(
                system,
                oracle=self.oracle,
                budget=OracleBudget(seconds=min(left, self.seconds)),
            )
            match answer:
                case Satisfiable():
                    return self._factors(index, answer, threshold + slack)
                case Unsatisfiable():
                    refutations.append(answer)
                case Undecided():
                    unknown = unknown or answer
        if unknown is not None:
            return Unknown(reason=unknown.reason, advice=unknown.advice, by=unknown.by)
        return self._refuted(threshold, refutations)

    def _factors(self, index: int, answer: Satisfiable, ceiling: Fraction) -> Answer:
        """Return rational factors from a witness, refitted, and their exact cost."""
        best: AtMost | None = None
        for point in _rational_points(answer.witness):
            try:
                left, right = self.formulation.factors(index, point)
            except NotApplicableError:  # rounding met a zero of a denominator
                continue
            if self.polish:
                instance = self.instance
                left = solve_rows(instance.data, instance.squared_weights, right)
            cost = self.instance.cost(left, right)
            if best is None or cost < best.cost:
                best = AtMost(left=left, right=right, cost=cost, by=answer.by)
            if best.cost <= ceiling:
                return best
        return best or Unknown(
            reason="no rational point near the witness has factors",
            advice="ask another oracle",
            by=answer.by,
        )

    def _refuted(self, threshold: Fraction, refutations: list[Unsatisfiable]) -> Above:
        """Put the refutations of all systems together."""
        trees = [
            r.evidence.nodes for r in refutations if isinstance(r.evidence, BoxTree)
        ]
        proof: Proof | None = None
        chart = self.formulation
        if isinstance(chart, ChartFormulation) and len(trees) == len(refutations):
            charts = Charts(lower=threshold, trees=tuple(trees))
            proof = Transpose(proof=charts) if chart.transposed else charts
        kinds = sorted({_in_words(r) for r in refutations})
        return Above(
            evidence="; ".join(kinds) or "no system at all",
            by=", ".join(sorted({r.by for r in refutations})),
            is_proved=self.formulation.accuracy.is_exact
            and all(r.is_proved for r in refutations),
            proof=proof,
        )


def _rational_points(witness: AlgebraicPoint) -> list[list[Fraction]]:
    """Return the witness if it is rational, else ever better roundings of it."""
    if witness.rational is not None:
        return [list(witness.rational)]
    roundings = []
    for bits in _WITNESS_BITS:
        scale = 1 << bits
        near = witness.enclosures(Fraction(1, scale))
        roundings.append([Fraction(round(low * scale), scale) for low, _ in near])
    return roundings


def _in_words(decision: Unsatisfiable) -> str:
    """Return what an unsatisfiable answer rests on."""
    match decision.evidence:
        case BoxTree():
            return "subdivision, replayed"
        case SumOfSquares():
            return "sum of squares, verified"
        case Computed(method=method):
            return f"computed: {method}"
        case Reported(program=program):
            return f"reported by {program}, not proved"
