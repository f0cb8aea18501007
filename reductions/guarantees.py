"""What a reduction promises, and the record it returns.

Contents
--------
Guarantee     which properties of the optimum survive
Reduction     protocol of a finished reduction: the new instance and the way back
Factor        a factor U or V, exact or floating point
transposed    its transpose

Notes on the implementation
---------------------------
A reduction keeps nothing in an object: `reduce_...` functions return a frozen record
that holds the produced instance, the guarantee, and what `lift` needs.
"""

from dataclasses import dataclass
from typing import Any, Protocol, final

from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

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


def transposed(factor: Factor) -> Factor:
    """Return the transpose of a RationalMatrix or of an array."""
    return factor.transpose if isinstance(factor, RationalMatrix) else factor.T


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
