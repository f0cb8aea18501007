"""Errors of the real-algebra layer.

One root, and every leaf also derives from the built-in that describes it.

Contents
--------
SemialgebraicError          root of the family
InvalidInputError           a call with arguments outside the domain
InexactInputError           a floating-point number where an exact one is required
HypothesisError             a hypothesis of a theorem is false
OracleError                 root of what concerns decision oracles
UnknownOracleError          no oracle has this name
OracleUnavailableError      known, but what it needs is not installed
OracleContractError         an oracle answered outside its contract
OracleDisagreementError     two oracles contradict each other
MalformedEvidenceError      evidence that cannot be read
RejectedEvidenceError       evidence that was read and is false
"""

from typing import Any


class SemialgebraicError(Exception):
    """Root of the errors raised by `semialgebraic`."""


class InvalidInputError(SemialgebraicError, ValueError):
    """The arguments are outside the domain of the function: correct the call."""


class InexactInputError(InvalidInputError):
    """A float stands where an exact number is required: pass an int or a Fraction."""


class HypothesisError(SemialgebraicError, ValueError):
    """A hypothesis of the theorem is false, so that its conclusion need not hold."""


class OracleError(SemialgebraicError):
    """Root of the errors that concern decision oracles."""


class UnknownOracleError(OracleError, LookupError):
    """No oracle has this name: `exact-wlra oracles` lists them."""


class OracleUnavailableError(OracleError, ImportError):
    """The oracle is known, but a package or program that it needs is not installed."""


class OracleContractError(OracleError):
    """An oracle gave an answer that is false or outside its contract: do not use it.

    Parameters
    ----------
    oracle : str
        Its name.
    problem : str
        What is wrong with the answer.
    system, answer : object
        What it was asked and what it said: the reproducer.
    """

    def __init__(self, oracle: str, problem: str, system: Any, answer: Any) -> None:
        super().__init__(
            f"the oracle {oracle} broke its contract: {problem}; report it to its "
            "author and use another."
        )
        self.oracle, self.problem = oracle, problem
        self.system, self.answer = system, answer


class OracleDisagreementError(OracleError):
    """Two oracles contradict each other on one system: at least one of them is wrong.

    Parameters
    ----------
    system : System
        The reproducer.
    answers : mapping of str to Decision
        What each oracle said.
    """

    def __init__(self, system: Any, answers: Any) -> None:
        said = ", ".join(
            f"{name}: {type(answer).__name__}" for name, answer in answers.items()
        )
        super().__init__(
            f"oracles disagree ({said}) on the system {system}; believe the answer "
            "whose evidence was checked, and report the other."
        )
        self.system, self.answers = system, answers


class MalformedEvidenceError(SemialgebraicError, ValueError):
    """The evidence does not have the required form."""


class RejectedEvidenceError(SemialgebraicError, ValueError):
    """The evidence was read, and a step of it is false."""
