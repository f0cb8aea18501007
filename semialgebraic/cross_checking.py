"""Several oracles on one system, compared.

Contents
--------
CrossCheck      what each oracle said, and why others were not asked
cross_check     ask them all; a contradiction is an error with a reproducer
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import final

from semialgebraic.deciding import decide
from semialgebraic.decisions import (
    Budget,
    Decision,
    Satisfiable,
    Unsatisfiable,
)
from semialgebraic.errors import OracleDisagreementError, OracleUnavailableError
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.oracles.registry import get_oracle, names
from semialgebraic.systems import System

# It asks the others and adds no opinion of its own.
_NOT_INDEPENDENT = ("portfolio",)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CrossCheck:
    """Answers about one system that do not contradict each other.

    Parameters
    ----------
    system : System
    answers : mapping of str to Decision
        By the name of the oracle that was asked.
    not_asked : mapping of str to str
        Why: not installed, or the system is out of its scope.
    """

    system: System
    answers: Mapping[str, Decision]
    not_asked: Mapping[str, str]

    @property
    def is_satisfiable(self) -> bool | None:
        """What those that decided say; None if nobody did."""
        answers = self.answers.values()
        if any(isinstance(answer, Satisfiable) for answer in answers):
            return True
        if any(isinstance(answer, Unsatisfiable) for answer in answers):
            return False
        return None

    @property
    def n_agreeing(self) -> int:
        """Number of oracles that decided."""
        return sum(
            isinstance(answer, Satisfiable | Unsatisfiable)
            for answer in self.answers.values()
        )


def cross_check(
    system: System,
    oracles: Sequence[str | Oracle] | None = None,
    budget: Budget | None = None,
) -> CrossCheck:
    """Ask every oracle that is available and accepts the system.

    Parameters
    ----------
    system : System
    oracles : sequence of str or Oracle, or None
        None stands for all registered ones but the portfolio.
    budget : Budget or None
        For each oracle; None stands for the default budget.

    Raises
    ------
    OracleDisagreementError
        If one has a solution and another says that there is none. The error carries
        the system and all answers; `error.system.to_json()` is the reproducer.
    OracleContractError
        If an oracle's answer is false by itself.
    UnknownOracleError
        If a name is not registered.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> cross_check(System.of((x**2 - 2, "=")), ["cad"]).is_satisfiable
    True
    """
    if oracles is None:
        oracles = [name for name in names() if name not in _NOT_INDEPENDENT]
    answers: dict[str, Decision] = {}
    not_asked: dict[str, str] = {}
    for named in oracles:
        try:
            oracle = get_oracle(named) if isinstance(named, str) else named
        except OracleUnavailableError as error:
            not_asked[str(named)] = str(error)
            continue
        refusal = oracle.missing() or oracle.accepts(system)
        if refusal:
            not_asked[oracle.name] = refusal
        else:
            answers[oracle.name] = decide(system, oracle=oracle, budget=budget)
    kinds = {type(answer) for answer in answers.values()}
    if {Satisfiable, Unsatisfiable} <= kinds:
        raise OracleDisagreementError(system, answers)
    return CrossCheck(
        system=system,
        answers=MappingProxyType(answers),
        not_asked=MappingProxyType(not_asked),
    )
