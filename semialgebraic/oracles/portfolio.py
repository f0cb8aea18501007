"""The portfolio: several oracles, one after another, with growing shares of the time.

It decides whenever one of its members does, at the price of the time that the others
were given before.

Contents
--------
Portfolio       asks all other registered oracles that take the system

Notes on the implementation
---------------------------
Each member is asked up to three times, with shares in the proportion 1 : 4 : 16 of the
time that is left; so a member that needs no more than its first share waits little for
the others. One that gives up long before its time is over has another reason than time
and is not asked again. A no that is only reported is kept while the others look for a
proof or a point. A point against a reported no raises: one of two programs is wrong,
and going on would hide it.
"""

import time
from collections.abc import Sequence
from typing import final

from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    Budget,
    Decision,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import (
    InvalidInputError,
    OracleDisagreementError,
    OracleUnavailableError,
)
from semialgebraic.oracles.protocol import Capabilities, Oracle
from semialgebraic.oracles.registry import get_oracle, names
from semialgebraic.systems import System

_NAME = "portfolio"
_SHARES = (1, 4, 16)
# See docs/benchmarks.md: certificates first, programs in child processes last.
_FASTEST = (
    "subdivision",
    "cad",
    "sum_of_squares",
    "critical_points",
    "coverings",
    "nlsat",
)
# Of its share: who stops earlier than this does so for another reason than time.
_TIMELY = 0.5


@final
class Portfolio:
    """The oracle `portfolio`.

    Parameters
    ----------
    members : sequence of str or None
        Names of the oracles to ask, in this order. None stands for all registered
        ones but this.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> answer = Portfolio(["cad"]).decide(System.of((x**2, "<")), budget=Budget())
    >>> answer.is_proved, answer.by
    (True, 'cad')
    """

    def __init__(self, members: Sequence[str] | None = None) -> None:
        if members is not None and _NAME in members:
            raise InvalidInputError("a portfolio cannot be its own member.")
        self._members = None if members is None else tuple(members)

    @property
    def name(self) -> str:
        """Its name in the registry."""
        return _NAME

    @property
    def capabilities(self) -> Capabilities:
        """What it can do: whatever a member can."""
        of_members = [member.capabilities for member in self._available({})]
        return Capabilities(
            scope="every system that one of the other oracles takes",
            most_variables=max((c.most_variables for c in of_members), default=1),
            proves_satisfiable=True,
            proves_unsatisfiable=True,
            # Who decides first depends on the speed of the machine.
            is_deterministic=False,
        )

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of docs/references.bib."""
        return ()

    def missing(self) -> str:
        """Return "" if a member is available, else what each of them lacks."""
        why: dict[str, str] = {}
        return "" if self._available(why) else f"all oracles it asks ({_listed(why)})"

    def accepts(self, system: System) -> str:
        """Return "" if an available member accepts, else what each of them says."""
        why: dict[str, str] = {}
        return "" if self._willing(system, why) else _listed(why)

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Return the first decision with a point or a proof, else the best report.

        Raises
        ------
        OracleDisagreementError
            If a member found a point where another reported that there is none.
        OracleContractError
            If the answer of a member is false.
        """
        end = time.monotonic() + budget.seconds
        said: dict[str, str] = {}
        reports: dict[str, Unsatisfiable] = {}
        members = self._willing(system, said)
        plan = [(share, member) for share in _SHARES for member in members]
        while plan and (left := end - time.monotonic()) > 0:
            start = time.monotonic()
            share, member = plan[0]
            seconds = left * share / sum(weight for weight, _ in plan)
            answer = decide(
                system,
                oracle=member,
                budget=Budget(seconds=seconds, megabytes=budget.megabytes),
            )
            match answer:
                case Satisfiable():
                    if reports:
                        answers = {**reports, member.name: answer}
                        raise OracleDisagreementError(system, answers)
                    return answer
                case Unsatisfiable():
                    if answer.is_proved:
                        return answer
                    reports[member.name] = answer
                case Undecided():
                    said[member.name] = answer.reason
            used = time.monotonic() - start
            is_over = member.name in reports or used < _TIMELY * seconds
            plan = [
                (weight, other)
                for weight, other in plan[1:]
                if not (is_over and other is member)
            ]
        return _without_proof(reports, said)

    def _available(self, why_not: dict[str, str]) -> list[Oracle]:
        """Return the members that can be asked here; note why others cannot."""
        found = []
        for name in _in_order() if self._members is None else self._members:
            if name == _NAME:
                continue
            try:
                member = get_oracle(name)
            except OracleUnavailableError as error:
                why_not[name] = str(error)
                continue
            lacking = member.missing()
            if lacking:
                why_not[name] = lacking
            else:
                found.append(member)
        return found

    def _willing(self, system: System, why_not: dict[str, str]) -> list[Oracle]:
        """Return the available members that accept; note why others do not."""
        found = []
        for member in self._available(why_not):
            refusal = member.accepts(system)
            if refusal:
                why_not[member.name] = refusal
            else:
                found.append(member)
        return found


def _in_order() -> list[str]:
    """Return all names, the fastest on what was measured first."""
    return [*_FASTEST, *(name for name in names() if name not in _FASTEST)]


def _without_proof(reports: dict[str, Unsatisfiable], said: dict[str, str]) -> Decision:
    """Return the no that programs reported, or what everybody said."""
    if len(reports) == 1:
        return next(iter(reports.values()))
    if reports:
        programs = [
            answer.evidence.program
            for answer in reports.values()
            if isinstance(answer.evidence, Reported)
        ]
        together = Reported(program=" and ".join(programs))
        return Unsatisfiable(evidence=together, by=_NAME)
    return Undecided(
        reason=f"no oracle decided: {_listed(said) or 'the time was too short'}",
        advice="raise the budget, or simplify the system.",
        by=_NAME,
    )


def _listed(said: dict[str, str]) -> str:
    """Return what each one said."""
    return "; ".join(f"{name}: {words.rstrip('.')}" for name, words in said.items())
