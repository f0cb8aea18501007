"""What is known about one irreducible instance while methods work on it.

Contents
--------
Attempt             what one method achieved
NOISE               part of the energy below which costs may be rounding errors
LeafSolution        factors, a proof, and the attempts
proved_bound        what the checker confirms of a proof
exact_zero          the trivial bracket
"""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, final

from exact_wlra.budget import Budget
from exact_wlra.certificates import Proof, Zero
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.incumbent import Incumbent, zero_incumbent
from exact_wlra.solution import Minimizer
from reductions.guarantees import Factor
from reductions.instances import Instance

# Factors that cost less than this part of the energy may be rounding errors of an exact
# fit: no threshold below them can be refuted.
NOISE = Fraction(1, 1 << 50)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One method on one leaf: the bracket after it, in floats for reading."""

    method: str
    lower: float
    upper: float
    seconds: float
    nodes: int = 0


@final
@dataclass(slots=True, kw_only=True)
class LeafSolution:
    """The best proved lower bound and factors of one leaf.

    `algebraic` is the exact optimum as `bounds.two_rows.TwoRowsOptimum` or
    `bounds.plane.PlaneOptimum`, if known; `threshold` is the
    `threshold_search.ThresholdSearch`, if one was run. `is_zero` says that OPT = 0 is
    proved, though `upper` may be positive. `minimizer` is there if all minimizers are
    enclosed, and `is_attained` if there is one for certain. `obstacle` says why more
    digits than the methods give could not be proved, if they were asked for.
    """

    proof: Proof
    lower: Fraction
    left: Factor
    right: Factor
    upper: Fraction
    attempts: list[Attempt] = field(default_factory=list)
    algebraic: Any = None
    threshold: Any = None
    is_zero: bool = False
    is_attained: bool = False
    is_checked: bool = True
    minimizer: Minimizer | None = None
    obstacle: str = ""

    def is_within(self, gap: Fraction) -> bool:
        """Tell whether upper - lower <= gap * upper."""
        return self.upper - self.lower <= gap * self.upper

    def improve(
        self,
        instance: Instance,
        method: str,
        proof: Proof,
        budget: Budget,
        *,
        nodes: int = 0,
        claimed: Fraction | None = None,
    ) -> None:
        """Take a proof if it gives a better lower bound.

        The bound is what the checker confirms; `claimed` stands in for it where
        checking is left to the end of the run: then the whole certificate is checked.
        """
        started = budget.seconds()
        lower = proved_bound(instance, proof) if claimed is None else claimed
        if lower > self.lower:
            self.proof, self.lower = proof, lower
            self.is_checked = claimed is None
        self.attempts.append(
            Attempt(
                method=method,
                lower=float(self.lower),
                upper=float(self.upper),
                seconds=started,
                nodes=nodes,
            )
        )
        budget.tell(method, float(self.lower), float(self.upper), nodes)

    def offer(self, incumbent: Incumbent) -> None:
        """Take factors if they cost less."""
        if incumbent.cost < self.upper:
            self.left, self.right = incumbent.left, incumbent.right
            self.upper = incumbent.cost


def proved_bound(instance: Instance, proof: Proof) -> Fraction:
    """Return the bound that the checker confirms, 0 if it rejects the proof."""
    try:
        return lower_bound(instance, proof)
    except RejectedCertificateError:
        return Fraction(0)


def exact_zero(instance: Instance) -> LeafSolution:
    """Return the trivial bracket [0, cost of X = 0]."""
    zero = zero_incumbent(instance)
    return LeafSolution(
        proof=Zero(),
        lower=Fraction(0),
        left=zero.left,
        right=zero.right,
        upper=zero.cost,
    )
