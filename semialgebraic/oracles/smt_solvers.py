"""Asking an SMT solver in a child process, and what its answer is worth.

What the oracles `nlsat` and `coverings` have in common.

Contents
--------
missing_package     why a solver's package cannot be used, or ""
ask                 run a solver on a system; its answer as a decision
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from semialgebraic.decisions import (
    Budget,
    Decision,
    Reported,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.processes import Ending, run
from semialgebraic.smt_lib import as_point, read_answer
from semialgebraic.systems import System

_ADVICE = {
    Ending.TIME: "raise the time of the budget, or ask `subdivision` or `portfolio`.",
    Ending.MEMORY: "raise the memory of the budget, or ask another oracle.",
}
_OTHER_ORACLE = "ask another oracle; `subdivision` and `cad` prove their answers."


def missing_package(module: str, distribution: str) -> str:
    """Return "" if the module is installed, else what to install; imports nothing.

    Examples
    --------
    >>> missing_package("math", "math")
    ''
    """
    if find_spec(module) is not None:
        return ""
    return (
        f"the package {distribution} is not installed; "
        "pip install 'exact_wlra[smt]' brings it."
    )


def ask(child: Path, text: str, system: System, *, budget: Budget, by: str) -> Decision:
    """Return the decision of the solver that the child program runs.

    Parameters
    ----------
    child : Path
        A Python program that reads the script and writes the solver's answers.
    text : str
        The script for the system, see `semialgebraic.smt_lib.script`.
    by : str
        Name of the oracle.

    Returns
    -------
    Satisfiable
        If a model was read that satisfies the system exactly.
    Unsatisfiable
        If the solver says so; the evidence is its report.
    Undecided
        In all other cases: limits, crashes, unreadable or false models.
    """
    # -P: the child's directory must not hide modules that the solver imports.
    result = run(
        [sys.executable, "-P", str(child)],
        text=text,
        seconds=budget.seconds,
        megabytes=budget.megabytes,
    )
    if result.ending is not Ending.FINISHED:
        return Undecided(
            reason=f"the solver was stopped or failed: {result.problem}.",
            advice=_ADVICE.get(result.ending, _OTHER_ORACLE),
            by=by,
        )
    try:
        answer = read_answer(result.output, len(system.variables))
        if answer.verdict == "unsat":
            return Unsatisfiable(evidence=Reported(program=answer.program), by=by)
        if answer.verdict == "unknown":
            reason = f"{answer.program} answers unknown ({answer.reason})."
            return Undecided(reason=reason, advice=_OTHER_ORACLE, by=by)
        point = as_point(answer.values)
    except InvalidInputError as error:
        reason = f"the solver's answer cannot be read exactly: {error}"
        return Undecided(reason=reason, advice=_OTHER_ORACLE, by=by)
    violated = system.first_violated(point)
    if violated is not None:
        return Undecided(
            reason=f"the model of {answer.program} violates condition {violated + 1}.",
            advice=f"report it to the authors of the solver; {_OTHER_ORACLE}",
            by=by,
        )
    return Satisfiable(witness=point, by=by)
