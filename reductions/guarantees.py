"""What a reduction promises, and the record it returns.

Contents
--------
Guarantee     which properties of the optimum survive
Reduction     protocol of a finished reduction: the new instance and the way back
Factors       a pair (U, V) of factors, exact or floating point

Notes on the implementation
---------------------------
A reduction keeps nothing in an object: `reduce_...` functions return a frozen record
that holds the produced instance, the guarantee, and what `lift` needs.
"""

from dataclasses import dataclass
from typing import Any, Protocol, final

from reductions.instances import Instance

# A RationalMatrix (exact) or a float64 array (search); lifts treat both alike.
Factor = Any


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Guarantee:
    """Which properties of OPT = inf cost survive a reduction, in both directions.

    Parameters
    ----------
    infimum : bool
        OPT is the same before and after.
    attainment : bool
        The infimum is attained before if and only if it is attained after.
    """

    infimum: bool
    attainment: bool


LOSSLESS = Guarantee(infimum=True, attainment=True)
INFIMUM_ONLY = Guarantee(infimum=True, attainment=False)


class Reduction(Protocol):
    """A finished reduction from one instance to a smaller one."""

    @property
    def name(self) -> str:
        """The name of the reduction, as in certificates and plans."""

    @property
    def instance(self) -> Instance:
        """The produced instance."""

    @property
    def guarantee(self) -> Guarantee:
        """What survives."""

    def lift(self, left: Factor, right: Factor) -> tuple[Factor, Factor]:
        """Return factors of the original from factors of the produced instance."""
