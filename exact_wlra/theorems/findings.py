"""What a check found: a measured number, the bound of the theorem, and a verdict.

Contents
--------
Relation        how the measured number should stand to the bound
Finding         one claim of one statement on one case
Verdict         holds, agrees, fails, hypothesis not met, undecided

Notes on the implementation
---------------------------
The verdict is a property of the numbers, not a field, so that it can be asked again of
a bound that was changed by a tenth (`with_bound`) or without the hypotheses
(`without_hypotheses`): a theorem whose check cannot fail has not been checked.
"""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from html import escape
from typing import Literal, final

from exact_wlra.theorems.quantities import Evidence, Quantity, weaker

Relation = Literal["<=", "==", ">="]
Verdict = Literal["holds", "agrees", "fails", "hypothesis not met", "undecided"]

# Enclosures that touch agree if together they are narrower than this part of the bound.
_NARROW = 1e-5


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One claim on one case.

    Parameters
    ----------
    statement : str
        Key of the statement, such as ``reweighted/theorem-1.2``.
    claim : str
        Which of its claims, in words that name both sides.
    case : str
        Name of the case.
    measured, bound : Quantity
        The two sides.
    relation : {"<=", "==", ">="}
        How measured should stand to bound.
    unmet : tuple of str
        Hypotheses of the statement that this case violates.
    note : str
        What a reader should know besides.
    seed : int or None
        Of the case, if it is random.

    Examples
    --------
    >>> from exact_wlra.theorems.quantities import exact
    >>> found = Finding(
    ...     statement="ours/example",
    ...     claim="2 <= 3",
    ...     case="integers",
    ...     measured=exact(2),
    ...     relation="<=",
    ...     bound=exact(3),
    ... )
    >>> found.verdict, found.with_bound(Fraction(1, 2)).verdict
    ('holds', 'fails')
    """

    statement: str
    claim: str
    case: str
    measured: Quantity
    relation: Relation
    bound: Quantity
    unmet: tuple[str, ...] = ()
    note: str = ""
    seed: int | None = None

    @property
    def verdict(self) -> Verdict:
        """What the numbers say.

        *holds* and *fails* are certain as far as the evidence goes. *agrees*: the two
        enclosures meet and are narrow, so that the sides are equal or nearly so.
        *undecided*: they meet and are wide, an end is no number, or both sides are the
        same infinity.
        """
        if self.unmet:
            return "hypothesis not met"
        return self._comparison()

    def _comparison(self) -> Verdict:
        """Compare the two sides, hypotheses or not."""
        measured, bound = self.measured, self.bound
        if _says_nothing(measured, bound):
            return "undecided"
        if self.relation == ">=":
            measured, bound = bound, measured
        if measured.exceeds(bound):
            return "fails"
        if self.relation == "==":
            if bound.exceeds(measured):
                return "fails"
            if measured.low == measured.high == bound.low == bound.high:
                return "holds"
        elif measured.is_at_most(bound):
            return "holds"
        return "agrees" if self._is_narrow() else "undecided"

    def _is_narrow(self) -> bool:
        """Tell whether both enclosures are narrow beside the bound."""
        if self.evidence == "statistical":
            return True
        low, high = float(self.bound.low), float(self.bound.high)
        width = float(self.measured.width) + float(self.bound.width)
        return width <= _NARROW * max(abs(low), abs(high))

    @property
    def evidence(self) -> Evidence:
        """The weaker of the evidence of the two sides."""
        return weaker(self.measured.evidence, self.bound.evidence)

    @property
    def slack(self) -> float:
        """How much room the bound leaves, as a part of it; negative where it fails.

        For an equality, minus the relative difference.
        """
        size = abs(self.bound.middle) or 1.0
        room = (self.bound.middle - self.measured.middle) / size
        match self.relation:
            case "<=":
                return room
            case ">=":
                return -room
            case "==":
                return -abs(room)

    def with_bound(self, factor: Fraction) -> "Finding":
        """Return the finding for a bound that is `factor` times as large."""
        return replace(self, bound=self.bound.times(factor))

    def without_hypotheses(self) -> "Finding":
        """Return what the numbers say where the hypotheses are not asked for."""
        return replace(self, unmet=())

    def __str__(self) -> str:
        """Return the verdict, the claim and the two sides."""
        unmet = f" ({', '.join(self.unmet)})" if self.unmet else ""
        note = f"; {self.note}" if self.note else ""
        return (
            f"{self.verdict}{unmet}: {self.claim} [{self.case}]: {self.sides}, "
            f"{self.evidence}{note}"
        )

    @property
    def sides(self) -> str:
        """The two sides with the sign between them, as it should hold."""
        return f"{self.measured} {self.relation} {self.bound}"

    def _repr_html_(self) -> str:
        """Return a table of two columns, for notebooks."""
        rows = {
            "statement": self.statement,
            "claim": self.claim,
            "case": self.case
            if self.seed is None
            else f"{self.case}, seed {self.seed}",
            "verdict": self.verdict,
            "hypotheses not met": ", ".join(self.unmet),
            "measured, bound": self.sides,
            "slack": f"{self.slack:.3g}",
            "evidence": self.evidence,
            "note": self.note,
        }
        lines = "".join(
            f"<tr><th>{escape(name)}</th><td>{escape(text)}</td></tr>"
            for name, text in rows.items()
            if text
        )
        return f"<table>{lines}</table>"


def _says_nothing(measured: Quantity, bound: Quantity) -> bool:
    """Tell whether an end is no number, or both sides are the same infinity."""
    ends = [x for side in (measured, bound) for x in (side.low, side.high)]
    floats = [end for end in ends if isinstance(end, float)]
    is_infinite = len(floats) == 4 and math.isinf(floats[0]) and len(set(floats)) == 1
    return is_infinite or any(math.isnan(end) for end in floats)
