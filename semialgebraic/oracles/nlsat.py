"""The oracle `nlsat`: the procedure of that name in z3, in a child process.

Contents
--------
Nlsat       model-constructing search with cylindrical cells [JovanovicDeMoura2012]_

References
----------
[JovanovicDeMoura2012]_
"""

from pathlib import Path
from typing import final

from semialgebraic.decisions import Budget, Decision
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.smt_solvers import ask, missing_package
from semialgebraic.smt_lib import script
from semialgebraic.systems import System

_CHILD = Path(__file__).with_name("z3_child.py")


@final
class Nlsat:
    """z3's complete procedure for nonlinear real arithmetic.

    A witness is verified here; "no" is reported by z3, not proved.

    Examples
    --------
    >>> Nlsat().capabilities.proves_unsatisfiable
    False
    """

    name = "nlsat"
    capabilities = Capabilities(
        scope="all systems; complete, but doubly exponential in the variables",
        most_variables=4,
        proves_satisfiable=True,
        proves_unsatisfiable=False,
    )
    references = ("JovanovicDeMoura2012",)

    def missing(self) -> str:
        """Return what to install if z3 is not there."""
        return missing_package("z3", "z3-solver")

    def accepts(self, system: System) -> str:  # noqa: ARG002  the protocol
        """Return "": every system is in scope."""
        return ""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Ask z3; see `semialgebraic.oracles.smt_solvers.ask`."""
        text = script(system, check="(check-sat-using qfnra-nlsat)")
        return ask(_CHILD, text, system, budget=budget, by=self.name)
