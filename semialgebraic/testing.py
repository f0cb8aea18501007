"""The conformance kit: whether an oracle keeps the promises of its protocol.

For authors of oracles, inside this package and outside. It needs nothing but the
package: call `check_oracle(MyOracle())` from any test.

Contents
--------
check_oracle        ask an oracle about systems with known answers, and hold every law
check_metadata      whether it describes itself as it should
BrokenLawError      the law, the system and the answers
Conformance         which systems were decided, left undecided, refused

Notes on the implementation
---------------------------
The laws, in the order in which they are looked at:

metadata            name, capabilities, references and `missing` are what they claim
scope               `accepts` refuses, with a reason, relations the oracle lacks;
                    asked nevertheless, the oracle does not raise and is not wrong
answer              a decision of the protocol; a witness satisfies the system exactly
                    and evidence passes `check_decision`; never against a known answer
worth               no more is proved than the capabilities promise
input               the system is the same afterwards
budget              the oracle returns within its budget and a grace
repetition          a decided answer stays the same, asked again with a larger budget
disguise            never the opposite after a change that keeps solvability

Reading off a clock, one law cannot be stricter: whoever is undecided may be decided on
another day. `Undecided` therefore contradicts nothing but a decided answer that was
given with a smaller budget.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, final

from semialgebraic.catalogue import CATALOGUE
from semialgebraic.checker import check_decision
from semialgebraic.decisions import (
    Budget,
    Decision,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import (
    MalformedEvidenceError,
    OracleError,
    OracleUnavailableError,
    RejectedEvidenceError,
)
from semialgebraic.named_systems import NamedSystem
from semialgebraic.oracles.protocol import Capabilities, Oracle
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import Relation, System
from semialgebraic.transformations import DISGUISES

_LARGER = 4
_SHORT = 0.2


class BrokenLawError(OracleError, AssertionError):
    """An oracle broke a law of its protocol.

    Parameters
    ----------
    oracle, law, problem : str
        Its name, the name of the law, and what happened.
    system : System or None
        The reproducer; `system.to_json()` writes it down.
    answers : tuple
        What was said.
    """

    def __init__(
        self,
        oracle: str,
        law: str,
        problem: str,
        system: System | None = None,
        answers: tuple[Any, ...] = (),
    ) -> None:
        asked = f" on the system {system}" if system is not None else ""
        said = f"; answers: {', '.join(map(repr, answers))}" if answers else ""
        super().__init__(
            f"the oracle {oracle} breaks the law of {law}{asked}: {problem}{said}."
        )
        self.oracle, self.law, self.problem = oracle, law, problem
        self.system, self.answers = system, answers


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """What an oracle that broke no law did with each system.

    Parameters
    ----------
    decided, undecided, refused : tuples of str
        Names of systems; refused are those that `accepts` turned down.
    """

    decided: tuple[str, ...]
    undecided: tuple[str, ...]
    refused: tuple[str, ...]


def check_oracle(
    oracle: Oracle,
    *,
    systems: Iterable[NamedSystem] | None = None,
    budget: Budget | None = None,
    grace: float = 5.0,
) -> Conformance:
    """Return what the oracle can do, or raise at the first law that it breaks.

    Parameters
    ----------
    oracle : Oracle
        Available here: its `missing()` is empty.
    systems : iterable of NamedSystem or None
        None stands for `CATALOGUE`.
    budget : Budget or None
        For each question; None stands for ten seconds.
    grace : float
        Seconds beyond the budget that are forgiven.

    Raises
    ------
    BrokenLawError
        Also an `AssertionError`.
    OracleUnavailableError
        If what the oracle needs is not installed.

    Notes
    -----
    **Cost.** At most seven questions a system, and at most one where the answer is
    `Undecided`.

    Examples
    --------
    >>> from semialgebraic.catalogue import named
    >>> from semialgebraic.oracles.registry import get_oracle
    >>> check_oracle(get_oracle("cad"), systems=[named("touching")]).decided
    ('touching',)
    """
    check_metadata(oracle)
    lacking = oracle.missing()
    if lacking:
        raise OracleUnavailableError(f"{oracle.name} cannot be examined: {lacking}")
    examiner = _Examiner(oracle, budget or Budget(seconds=10.0), grace)
    examiner.check_short_budget()
    decided, undecided, refused = [], [], []
    for entry in CATALOGUE if systems is None else systems:
        if examiner.check_scope(entry):
            refused.append(entry.name)
        elif examiner.check_entry(entry):
            decided.append(entry.name)
        else:
            undecided.append(entry.name)
    return Conformance(
        decided=tuple(decided), undecided=tuple(undecided), refused=tuple(refused)
    )


def check_metadata(oracle: Oracle) -> None:
    """Return if the oracle describes itself as the protocol asks; it is not asked.

    Raises
    ------
    BrokenLawError
        If it does not.

    Examples
    --------
    >>> from semialgebraic.oracles.registry import get_oracle
    >>> check_metadata(get_oracle("cad"))
    """
    name = str(getattr(oracle, "name", "") or type(oracle).__name__)
    for fault in _faults(oracle):
        raise BrokenLawError(name, "metadata", fault)


def _faults(oracle: Any) -> Iterator[str]:
    """Yield what is wrong with the self-description of something."""
    if not isinstance(oracle, Oracle):
        yield "it lacks a member of the protocol"
        return
    name: Any = oracle.name
    if not isinstance(name, str) or not name:
        yield "its name is no text"
    capabilities: Any = oracle.capabilities
    if not isinstance(capabilities, Capabilities):
        yield "its capabilities are no Capabilities"
    elif not capabilities.scope:
        yield "its scope is empty"
    elif capabilities.most_variables < 1:
        yield "it takes no variable at all"
    elif not capabilities.relations or capabilities.relations - set(Relation):
        yield "its relations are none or unknown"
    references: Any = oracle.references
    if not isinstance(references, tuple) or not all(
        isinstance(key, str) for key in references
    ):
        yield "its references are no tuple of texts"
    missing: Any = oracle.missing()
    if not isinstance(missing, str):
        yield "what is missing is no text"


class _Examiner:
    """Asks one oracle, with one budget, and compares."""

    def __init__(self, oracle: Oracle, budget: Budget, grace: float) -> None:
        self.oracle, self.budget, self.grace = oracle, budget, grace

    def check_scope(self, entry: NamedSystem) -> bool:
        """Tell whether the oracle refuses the system, and rightly so."""
        system = entry.system
        refusal: Any = self.oracle.accepts(system)
        if not isinstance(refusal, str):
            raise self._broken("scope", "`accepts` returned no text", system, refusal)
        used = {c.relation for c in system.conditions}
        foreign = used - self.oracle.capabilities.relations
        if foreign and not refusal:
            listed = ", ".join(sorted(foreign))
            raise self._broken("scope", f"it accepts what it lacks: {listed}", system)
        if refusal:
            self._check_known(entry, self.ask(system, Budget(seconds=_SHORT)))
        return bool(refusal)

    def check_entry(self, entry: NamedSystem) -> bool:
        """Hold the laws on one system; tell whether it was decided."""
        answer = self.ask(entry.system, self.budget)
        self._check_known(entry, answer)
        if isinstance(answer, Undecided):
            return False
        self._check_repetition(entry.system, answer)
        for name, disguise in DISGUISES.items():
            disguised = disguise(entry.system)
            again = self.ask(disguised, self.budget)
            if _verdict(again) == (not _verdict(answer)):
                raise self._broken(
                    "disguise", f"the opposite after {name}", disguised, answer, again
                )
        return True

    def check_short_budget(self) -> None:
        """Ask a question that is too hard for a short time."""
        most = min(self.oracle.capabilities.most_variables, 4)
        system = _hard_system(most)
        if not self.oracle.accepts(system):
            self.ask(system, Budget(seconds=_SHORT, megabytes=self.budget.megabytes))

    def ask(self, system: System, budget: Budget) -> Decision:
        """Return the answer after a look at its form, evidence, time and input."""
        copy = System.from_json(system.to_json())
        start = time.monotonic()
        answer: Any = None
        try:
            answer = self.oracle.decide(copy, budget=budget)
        except Exception as error:
            problem = f"it raised {type(error).__name__}: {error}"
            raise self._broken("answer", problem, system) from error
        seconds = time.monotonic() - start
        if copy != system:
            raise self._broken("input", "it changed the system", system, answer)
        if not isinstance(answer, Satisfiable | Unsatisfiable | Undecided):
            raise self._broken("answer", "that is no decision", system, answer)
        author: Any = answer.by
        if not isinstance(author, str) or not author:
            raise self._broken("answer", "it names no author", system, answer)
        if seconds > budget.seconds + self.grace:
            problem = f"{seconds:.1f} s went by with a budget of {budget.seconds} s"
            raise self._broken("budget", problem, system, answer)
        decision: Decision = answer
        self._check_worth(system, decision)
        return decision

    def _check_worth(self, system: System, answer: Decision) -> None:
        """Compare the answer with its evidence and with the capabilities."""
        try:
            check_decision(system, answer)
        except (MalformedEvidenceError, RejectedEvidenceError) as error:
            raise self._broken("answer", str(error), system, answer) from error
        promised = self.oracle.capabilities
        match answer:
            case Satisfiable() if not promised.proves_satisfiable:
                problem = "it found a point, which it says it cannot"
                raise self._broken("worth", problem, system, answer)
            case Unsatisfiable(evidence=evidence) if (
                not isinstance(evidence, Reported) and not promised.proves_unsatisfiable
            ):
                problem = "it proved a no, which it says it cannot"
                raise self._broken("worth", problem, system, answer)
            case Undecided(reason=reason, advice=advice) if not (reason and advice):
                problem = "it is undecided without reason or advice"
                raise self._broken("answer", problem, system, answer)

    def _check_known(self, entry: NamedSystem, answer: Decision) -> None:
        """Compare the answer with the known one."""
        if _verdict(answer) == (not entry.is_satisfiable):
            known = "satisfiable" if entry.is_satisfiable else "unsatisfiable"
            problem = f"'{entry.name}' is known to be {known} ({entry.source})"
            raise self._broken("answer", problem, entry.system, answer)

    def _check_repetition(self, system: System, answer: Decision) -> None:
        """Ask again with a larger budget."""
        larger = Budget(
            seconds=self.budget.seconds * _LARGER, megabytes=self.budget.megabytes
        )
        again = self.ask(system, larger)
        if _verdict(again) is not _verdict(answer):
            problem = "another answer with a larger budget"
            raise self._broken("repetition", problem, system, answer, again)
        if self.oracle.capabilities.is_deterministic and again != answer:
            problem = "it says that it is deterministic, and differs"
            raise self._broken("repetition", problem, system, answer, again)

    def _broken(
        self, law: str, problem: str, system: System, *answers: Any
    ) -> BrokenLawError:
        return BrokenLawError(self.oracle.name, law, problem, system, answers)


def _verdict(answer: Decision) -> bool | None:
    """Return yes, no or None."""
    match answer:
        case Satisfiable():
            return True
        case Unsatisfiable():
            return False
        case _:
            return None


def _hard_system(n_variables: int) -> System:
    """Return a bounded system of degree 5 that few oracles decide at once."""
    x = polynomial_ring([f"x{i}" for i in range(n_variables)]).gens()
    total = sum((g**5 - 3 * g**3 + g - 1 for g in x), 0 * x[0])
    mixed = x[0] * x[-1] + 1
    for g in x:
        mixed *= 3 * g - 5
    bounds = [(g - 2, "<=") for g in x] + [(g + 2, ">=") for g in x]
    return System.of((1000 * total - 7 * mixed, "="), (mixed, ">"), *bounds)
