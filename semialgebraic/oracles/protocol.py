"""What a decision oracle is.

Contents
--------
Capabilities    what an oracle can decide and prove
Oracle          the protocol; a third party need not import anything to follow it

Notes on the implementation
---------------------------
An oracle is pure: it changes neither the system nor any global state, and asked twice
it answers the same, if it says that it is deterministic. A larger budget never changes
a decided answer. Leaving its scope, or running out of its budget, is the outcome
`Undecided`, not an error. What it needs and lacks shows in `missing`.
"""

from dataclasses import dataclass
from typing import Protocol, final, runtime_checkable

from semialgebraic.decisions import Budget, Decision
from semialgebraic.systems import Relation, System

ALL_RELATIONS = frozenset(Relation)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an oracle understands and what its answers are worth.

    Parameters
    ----------
    scope : str
        The systems it is for, in words.
    relations : frozenset of Relation
        Those it understands.
    most_variables : int
        The largest number of variables for which it is sensible to ask.
    proves_satisfiable, proves_unsatisfiable : bool
        Whether it can find a point, and whether it can give evidence for a no that is
        checked or computed here (not merely reported).
    is_deterministic : bool
    """

    scope: str
    relations: frozenset[Relation] = ALL_RELATIONS
    most_variables: int
    proves_satisfiable: bool
    proves_unsatisfiable: bool
    is_deterministic: bool = True


@runtime_checkable
class Oracle(Protocol):
    """Decides whether a system of sign conditions has a real solution."""

    @property
    def name(self) -> str:
        """Its name in the registry."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""

    @property
    def references(self) -> tuple[str, ...]:
        """Keys of docs/references.bib."""

    def missing(self) -> str:
        """Return what is not installed and how to get it, or "" if nothing is missing.

        Cheap: it looks for modules and programs without importing or starting them.
        """

    def accepts(self, system: System) -> str:
        """Return why the system is out of scope, or "" if it is in scope. Cheap."""

    def decide(self, system: System, *, budget: Budget) -> Decision:
        """Return the decision, within the budget."""
