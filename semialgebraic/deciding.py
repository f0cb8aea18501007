"""The front door: whether a system has a real solution.

Contents
--------
decide      ask an oracle, check what it says
choose      the oracle that would be asked, and why

Notes on the implementation
---------------------------
An answer is checked before it is handed on: a wrong witness or a false certificate is
an error of the oracle and raises. A no without certificate is passed on with its
evidence named `Computed` or `Reported`.
"""

from semialgebraic.checker import check_decision
from semialgebraic.decisions import (
    Budget,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import (
    MalformedEvidenceError,
    OracleContractError,
    OracleError,
    RejectedEvidenceError,
)
from semialgebraic.oracles.protocol import Oracle
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.systems import Condition, System

# docs/benchmarks.md has the measurements behind the choice.
_MOST_CAD_VARIABLES = 2


def choose(system: System) -> tuple[str, str]:
    """Return the name of the oracle that `decide` would ask, and why.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> choose(System.of((x**2 - 2, "<")))
    ('cad', 'complete for 1 variable')
    """
    n = len(system.variables)
    if n <= _MOST_CAD_VARIABLES:
        return "cad", f"complete for {n} variable{'s' if n > 1 else ''}"
    if not get_oracle("subdivision").accepts(system):
        return "subdivision", "every variable is bounded"
    return "portfolio", "no single oracle is complete here"


def decide(
    system: System,
    *,
    oracle: str | Oracle = "auto",
    budget: Budget | None = None,
) -> Decision:
    """Return whether the system has a real solution, with checked evidence.

    Parameters
    ----------
    oracle : str or Oracle
        A name of the registry, an oracle object, or "auto".
    budget : Budget or None
        None stands for the default budget.

    Returns
    -------
    Satisfiable, Unsatisfiable or Undecided
        A witness satisfies the system exactly; box trees and sums of squares were
        verified.

    Raises
    ------
    UnknownOracleError, OracleUnavailableError
        See `get_oracle`.
    OracleContractError
        If the oracle's answer is false, it changed its input, or it raised.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> answer = decide(System.of((x * y - 1, "="), (x + y - 1, "<=")), oracle="cad")
    >>> answer.witness.dimension
    2
    """
    budget = budget or Budget()
    if oracle == "auto":
        oracle = choose(system)[0]
    asked = get_oracle(oracle) if isinstance(oracle, str) else oracle
    lacking = asked.missing()
    if lacking:
        return Undecided(
            reason=f"{asked.name} is not available: {lacking}",
            advice="install what is missing, or ask another oracle.",
            by=asked.name,
        )
    refusal = asked.accepts(system)
    if refusal:
        return Undecided(
            reason=f"{asked.name} does not take this system: {refusal}",
            advice="ask another oracle, or `portfolio`.",
            by=asked.name,
        )
    before = System(
        variables=system.variables,
        conditions=tuple(
            Condition(c.polynomial + 0, c.relation) for c in system.conditions
        ),
    )
    try:
        answer = asked.decide(system, budget=budget)
    except OracleError:  # from the members of a portfolio: it names the culprit
        raise
    except Exception as error:
        raise OracleContractError(
            asked.name, f"it raised {type(error).__name__}: {error}", system, None
        ) from error
    if not isinstance(answer, Satisfiable | Unsatisfiable | Undecided):
        raise OracleContractError(
            asked.name, "its answer is no decision", system, answer
        )
    if system != before:
        raise OracleContractError(asked.name, "it changed its input", before, answer)
    try:
        check_decision(system, answer)
    except (RejectedEvidenceError, MalformedEvidenceError) as error:
        raise OracleContractError(asked.name, str(error), system, answer) from error
    return answer
