r"""Subdivision: refuting bounded systems by Bernstein coefficients, box by box.

The box of the system is halved until in each part some condition fails, by the signs of
the Bernstein coefficients of its polynomial; the halvings are the proof, a `BoxTree`.
On the way the corners of the boxes, where the coefficients are the values, are tried as
solutions. So a no is found if the system fails with some margin, and a yes if the
solution set has inner points; what only just holds or fails stays undecided.

Contents
--------
LARGEST_TENSOR      the number of Bernstein coefficients up to which this is sensible
Subdivision         the oracle

References
----------
[Garloff1993]_
"""

from typing import final

from semialgebraic.bernstein import tensor_shape, tensor_size
from semialgebraic.decisions import Budget, Decision, Undecided
from semialgebraic.oracles.box_search import BoxSearch
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.rounded_bernstein import LARGEST_DEGREE
from semialgebraic.systems import System

LARGEST_TENSOR = 2_000_000


@final
class Subdivision:
    """Bernstein subdivision of the box of a system.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> x, y = polynomial_ring(["x", "y"]).gens()
    >>> box = [(x, ">="), (x - 1, "<="), (y, ">="), (y - 1, "<=")]
    >>> oracle = Subdivision()
    >>> no = oracle.decide(System.of(*box, (x * y - 2, ">")), budget=Budget())
    >>> no.evidence.nodes
    (-5,)
    """

    name = "subdivision"
    capabilities = Capabilities(
        scope="every variable bounded, few variables or low degree in each",
        most_variables=8,
        proves_satisfiable=True,
        proves_unsatisfiable=True,
    )
    references = ("Garloff1993",)

    def missing(self) -> str:
        """Return "": nothing beyond this package is needed."""
        return ""

    def accepts(self, system: System) -> str:
        """Return why the system is out of scope, or ""."""
        for name, (low, high) in zip(system.variables, system.box(), strict=True):
            if low is None or high is None:
                return (
                    f"{name} is not bounded by conditions a {name} + b <= 0 from both "
                    "sides"
                )
        for index, condition in enumerate(system.conditions):
            size = tensor_size(condition.polynomial)
            degree = max(tensor_shape(condition.polynomial)) - 1
            if size > LARGEST_TENSOR or degree > LARGEST_DEGREE:
                return (
                    f"condition {index + 1} has {size} Bernstein coefficients, of "
                    f"degree {degree} in one variable; at most {LARGEST_TENSOR} and "
                    f"{LARGEST_DEGREE} are sensible"
                )
        return ""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Return the decision, within the budget."""
        refusal = self.accepts(system)
        if refusal:
            return Undecided(
                reason=f"the system is out of scope: {refusal}.",
                advice="ask another oracle, or `portfolio`.",
                by=self.name,
            )
        return BoxSearch(system, budget, by=self.name).run()
