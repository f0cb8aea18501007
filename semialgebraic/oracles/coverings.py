"""The oracle `coverings`: cylindrical algebraic coverings in cvc5, in a child process.

Contents
--------
Coverings   conflict-driven coverings of the line [AbrahamDavenportEnglandKremer2021]_

References
----------
[AbrahamDavenportEnglandKremer2021]_
"""

from pathlib import Path
from typing import final

from semialgebraic.decisions import Budget, Decision
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.smt_solvers import ask, missing_package
from semialgebraic.smt_lib import script
from semialgebraic.systems import System

_CHILD = Path(__file__).with_name("cvc5_child.py")
# Coverings alone: incremental linearization before them often takes all the time.
_OPTIONS = {"nl-cov": "true", "nl-ext": "none"}


@final
class Coverings:
    """cvc5's cylindrical algebraic coverings.

    A witness is verified here; "no" is reported by cvc5, not proved. Its projection can
    miss cells where a polynomial vanishes identically (its issues 12926 and 12927).

    Examples
    --------
    >>> Coverings().capabilities.proves_unsatisfiable
    False
    """

    name = "coverings"
    capabilities = Capabilities(
        scope="all systems; doubly exponential in the variables",
        most_variables=4,
        proves_satisfiable=True,
        proves_unsatisfiable=False,
    )
    references = ("AbrahamDavenportEnglandKremer2021",)

    def missing(self) -> str:
        """Return what to install if cvc5 is not there."""
        return missing_package("cvc5", "cvc5")

    def accepts(self, system: System) -> str:  # noqa: ARG002  the protocol
        """Return "": every system is in scope."""
        return ""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Ask cvc5; see `semialgebraic.oracles.smt_solvers.ask`."""
        text = script(system, options=_OPTIONS)
        return ask(_CHILD, text, system, budget=budget, by=self.name)
