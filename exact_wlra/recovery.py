"""Rational factors from yes and no alone, coordinate by coordinate (Theorem 7.1).

*Statement.* Let S_0, ..., S_v be compact sets in R^v, each in the interior of the next
(relative to the box of the system), S_0 not empty. For i = 1, ..., v bisect an interval
that holds the i-th coordinate of a point of S_(i-1) until its rational midpoint is the
coordinate of a point of S_i, and substitute it. Each bisection ends, and the point that
is found is in S_v. With S_i = {cost <= c + i tolerance/v} its factors cost at most
c + tolerance, for any c above the infimum.

Contents
--------
RecoveryStep        one question and its answer
Recovery            point, factors and exact cost, and the steps
recover             from a formulation and a threshold
rational_point      from the systems S_0, ..., S_v
printed_point       what the paper prints, which may declare a point outside

Notes on the implementation
---------------------------
*Repair* (mathematics B12, B13). The paper bisects to a short interval, declares the
coordinate to be any of its points and adds the equation. The set is not convex, so
that there may be no solution any more. Here a coordinate is committed only after it
was confirmed by a decision with its value substituted.
*Why it ends.* The intervals shrink to the coordinate of a point of S_(i-1), as that is
compact; a neighbourhood of it belongs to S_i. A smaller tolerance takes more steps.
*Variables, not entries.* The v variables are recovered, not the nk + kd entries of U
and V, so that the number of conditions does not grow with n.

References
----------
[LiLiangShiSong2025]_, Theorem 7.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import final

from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.threshold_deciders import Unknown
from reductions.errors import NotApplicableError
from reductions.formulation import Formulation
from reductions.instances import Instance
from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget as OracleBudget
from semialgebraic.decisions import Satisfiable, Undecided, Unsatisfiable
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.substitution import confine, substitute
from semialgebraic.systems import System

_MOST_HALVINGS = 200
_MOST_DOUBLINGS = 64


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryStep:
    """One question.

    Parameters
    ----------
    question : str
        Such as "x1_2 = 1/2" or "0 <= x1_2 <= 1/2"; what was committed before is left
        out.
    answer : {"yes", "no", "open"}
    seconds : float
    """

    question: str
    answer: str
    seconds: float


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """Factors that were recovered.

    Parameters
    ----------
    index : int
        Number of the system.
    point : tuple of Fraction
        Its solution.
    left, right : RationalMatrix
    cost : Fraction
        Of the factors, evaluated exactly.
    ceiling : Fraction
        c + tolerance, which the cost does not exceed.
    steps : tuple of RecoveryStep
    """

    index: int
    point: tuple[Fraction, ...]
    left: RationalMatrix
    right: RationalMatrix
    cost: Fraction
    ceiling: Fraction
    steps: tuple[RecoveryStep, ...]

    @property
    def n_decisions(self) -> int:
        """Number of questions asked."""
        return len(self.steps)


class _OpenError(Exception):
    """A question stayed open that the recovery cannot do without."""


@final
@dataclass(slots=True, kw_only=True)
class _Questions:
    """An oracle, the time that is left, and what was asked."""

    oracle: str
    budget: Budget
    seconds: float
    steps: list[RecoveryStep] = field(default_factory=list)

    def ask(self, system: System, question: str) -> str:
        """Return whether the system has a solution: "yes", "no" or "open"."""
        began = self.budget.seconds()
        left = self.budget.time_limit - began
        if self.budget.is_spent() or left <= 0:
            raise _OpenError("the time is over; raise the time limit")
        limit = OracleBudget(seconds=min(left, self.seconds))
        match decide(system, oracle=self.oracle, budget=limit):
            case Satisfiable():
                answer = "yes"
            case Unsatisfiable():
                answer = "no"
            case Undecided(reason=reason):
                answer, question = "open", f"{question} ({reason})"
        self._log(question, answer, began)
        return answer

    def test(self, system: System, index: int, value: Fraction) -> bool:
        """Tell whether the system is known to have a solution with this coordinate."""
        question = f"{system.variables[index]} = {value}"
        if len(system.variables) > 1:
            return self.ask(substitute(system, index, value), question) == "yes"
        began = self.budget.seconds()
        holds = system.holds_at([value])
        self._log(question, "yes" if holds else "no", began)
        return holds

    def between(self, system: System, low: Fraction, high: Fraction) -> str:
        """Return whether there is a solution with low <= first coordinate <= high."""
        question = f"{low} <= {system.variables[0]} <= {high}"
        return self.ask(confine(system, 0, low, high), question)

    def _log(self, question: str, answer: str, began: float) -> None:
        seconds = self.budget.seconds() - began
        self.steps.append(
            RecoveryStep(question=question, answer=answer, seconds=seconds)
        )


def recover(
    instance: Instance,
    formulation: Formulation,
    threshold: Fraction,
    tolerance: Fraction,
    *,
    oracle: str = "auto",
    budget: Budget,
    seconds: float = 60.0,
) -> Recovery | Unknown:
    """Return rational factors of cost at most threshold + tolerance.

    Parameters
    ----------
    instance : Instance
    formulation : Formulation
        Of the instance.
    threshold : Fraction
        c, above the infimum of the formulation.
    tolerance : Fraction
        Positive.
    oracle : str
        A name of the registry, or "auto".
    budget : Budget
        Of the whole recovery.
    seconds : float
        Limit of one question.

    Returns
    -------
    Recovery or Unknown

    Examples
    --------
    >>> from reductions.chart_formulation import ChartFormulation
    >>> from reductions.instances import ones_like
    >>> A = RationalMatrix.from_rows([[2, 1], [0, 1]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    >>> found = recover(
    ...     instance,
    ...     ChartFormulation(instance=instance),
    ...     Fraction(4, 5),
    ...     Fraction(1, 10),
    ...     oracle="cad",
    ...     budget=Budget(time_limit=60),
    ... )
    >>> found.point, found.cost, found.n_decisions
    ((Fraction(1, 2),), Fraction(4, 5), 4)
    """
    if not tolerance > 0:
        raise InvalidProblemError("the tolerance of the recovery must be positive.")
    asked = _Questions(oracle=oracle, budget=budget, seconds=seconds)
    try:
        lowest = formulation.systems(threshold)
        index = _first_system(asked, lowest)
        n = len(lowest[index].variables)
        raised = [threshold + tolerance * i / n for i in range(1, n + 1)]
        levels = [lowest[index], *(formulation.systems(c)[index] for c in raised)]
        point = _rational_point(asked, levels)
        left, right = formulation.factors(index, point)
    except (_OpenError, NotApplicableError) as error:
        return Unknown(
            reason=str(error),
            advice="ask another oracle, or raise threshold or tolerance",
            by=f"recovery, {formulation.name}, {oracle}",
        )
    cost = instance.cost(left, right)
    ceiling = threshold + tolerance
    if cost > ceiling:
        return Unknown(
            reason="a zero of a denominator is too close to the point",
            advice="raise the tolerance",
            by=f"recovery, {formulation.name}, {oracle}",
        )
    return Recovery(
        index=index,
        point=point,
        left=left,
        right=right,
        cost=cost,
        ceiling=ceiling,
        steps=tuple(asked.steps),
    )


def rational_point(
    levels: Sequence[System], *, oracle: str, budget: Budget, seconds: float = 60.0
) -> tuple[Fraction, ...] | None:
    """Return a rational solution of the last system, or None if a question stays open.

    Parameters
    ----------
    levels : sequence of v + 1 systems
        In the same v variables; each set in the interior of the next, the first one not
        empty.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> levels = [
    ...     System.of((10 * ((3 * x - 1) ** 2 + y**2) - i, "<=")) for i in range(1, 4)
    ... ]
    >>> rational_point(levels, oracle="cad", budget=Budget(time_limit=60))
    (Fraction(1, 4), Fraction(0, 1))
    """
    asked = _Questions(oracle=oracle, budget=budget, seconds=seconds)
    try:
        return _rational_point(asked, levels)
    except _OpenError:
        return None


def printed_point(
    system: System, *, width: Fraction, oracle: str, budget: Budget
) -> tuple[tuple[Fraction, ...], bool]:
    """Return the point that the printed method declares, and if it is a solution.

    Each coordinate is bisected to an interval of at most the given width that holds
    that of a solution; its midpoint is declared, and its equation added. For comparison
    only: the midpoint may be no coordinate of any solution (see the notes above), and
    then the method is stuck with the coordinates that were declared so far.

    Parameters
    ----------
    system : System
        With a solution, all variables bounded.
    """
    asked = _Questions(oracle=oracle, budget=budget, seconds=60.0)
    declared: list[Fraction] = []
    while True:
        low, high = _interval(asked, system)
        while high - low > width:
            middle = (low + high) / 2
            if asked.between(system, low, middle) == "yes":
                high = middle
            else:
                low = middle
        middle = (low + high) / 2
        declared.append(middle)
        is_possible = asked.test(system, 0, middle)
        if not is_possible or len(system.variables) == 1:
            return tuple(declared), is_possible
        system = substitute(system, 0, middle)


def _first_system(asked: _Questions, systems: Sequence[System]) -> int:
    """Return the number of the first system that is known to have a solution."""
    answers = []
    for index, system in enumerate(systems):
        answers.append(asked.ask(system, f"system {index + 1}"))
        if answers[-1] == "yes":
            return index
    if "open" in answers:
        raise _OpenError(f"the oracle finds no solution: {asked.steps[-1].question}")
    raise _OpenError("the threshold is below the infimum: no system has a solution")


def _rational_point(
    asked: _Questions, levels: Sequence[System]
) -> tuple[Fraction, ...]:
    """Return a rational solution of the last level."""
    committed: list[Fraction] = []
    for i in range(1, len(levels)):
        inner, outer = levels[i - 1], levels[i]
        for value in committed:
            inner, outer = substitute(inner, 0, value), substitute(outer, 0, value)
        committed.append(_coordinate(asked, inner, outer))
    return tuple(committed)


def _coordinate(asked: _Questions, inner: System, outer: System) -> Fraction:
    """Return a first coordinate of a solution of `outer`, near one of `inner`."""
    low, high = _interval(asked, inner)
    for _ in range(_MOST_HALVINGS):
        middle = (low + high) / 2
        if asked.test(outer, 0, middle):
            return middle
        lower = asked.between(inner, low, middle)
        if lower == "yes":
            high = middle
        elif lower == "no" or asked.between(inner, middle, high) == "yes":
            low = middle
        else:
            raise _OpenError(f"both halves stay open: {asked.steps[-1].question}")
    raise _OpenError(
        f"{_MOST_HALVINGS} bisections of {inner.variables[0]} confirmed no midpoint"
    )


def _interval(asked: _Questions, system: System) -> tuple[Fraction, Fraction]:
    """Return an interval that holds the first coordinate of a solution."""
    low, high = system.box()[0]
    if low is not None and high is not None:
        return low, high
    center = next((x for x in (low, high) if x is not None), Fraction(0))
    for exponent in range(_MOST_DOUBLINGS):
        reach = Fraction(1 << exponent)
        below = center - reach if low is None else low
        above = center + reach if high is None else high
        if asked.between(system, below, above) == "yes":
            return below, above
    raise _OpenError(f"no solution with |{system.variables[0]}| < 2^{_MOST_DOUBLINGS}")
