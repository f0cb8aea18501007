"""Numbers as a finding knows them: exact, enclosed, or an interval of confidence.

Contents
--------
Quantity        low <= the number <= high, and what stands behind that
exact           a rational that is known
enclosed        a number between two rationals, proved
confident       the mean of a sample, with its interval of confidence
estimated       a float, nothing proved
truth           a truth value as the exact number 0 or 1
weaker          what a comparison of two numbers rests on
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, final

Evidence = Literal["exact", "enclosure", "statistical", "estimate"]

# From the strongest to the weakest: a comparison is as good as its weaker side.
_BY_STRENGTH: tuple[Evidence, ...] = ("exact", "enclosure", "statistical", "estimate")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A real number, known to lie in [low, high].

    Parameters
    ----------
    low, high : Fraction or float
        Equal for an exact number. Floats for evidence that is no proof; an infinite
        end says that nothing is known on that side.
    evidence : {"exact", "enclosure", "statistical", "estimate"}
        What stands behind the interval: a rational that was computed, a proof, a
        sample (the interval is one of confidence), or floating-point arithmetic.

    Examples
    --------
    >>> exact(3).is_at_most(enclosed(3, 4)), exact(5).is_at_most(enclosed(3, 4))
    (True, False)
    """

    low: Fraction | float
    high: Fraction | float
    evidence: Evidence

    @property
    def width(self) -> Fraction | float:
        """What is not known: high - low."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """A float to read and to draw."""
        if self.low == self.high:
            return float(self.low)
        return (float(self.low) + float(self.high)) / 2

    def is_at_most(self, other: "Quantity") -> bool:
        """Tell whether every number here is at most every number there."""
        return self.high <= other.low

    def exceeds(self, other: "Quantity") -> bool:
        """Tell whether every number here is larger than every number there."""
        return self.low > other.high

    def times(self, factor: Fraction) -> "Quantity":
        """Return the number times a factor that is not negative."""
        if isinstance(self.low, float) or isinstance(self.high, float):
            low: Fraction | float = float(factor) * float(self.low)
            high: Fraction | float = float(factor) * float(self.high)
        else:
            low, high = factor * self.low, factor * self.high
        return Quantity(low=low, high=high, evidence=self.evidence)

    def __str__(self) -> str:
        if self.low == self.high:
            text = str(self.low)
            sign = "" if self.evidence == "exact" else "~"
            return text if not sign and len(text) <= 12 else f"~{float(self.low):.6g}"
        return f"[{float(self.low):.6g}, {float(self.high):.6g}]"


def exact(value: Fraction | int) -> Quantity:
    """Return a rational that is known.

    Examples
    --------
    >>> import numpy as np
    >>> type(exact(np.int64(3)).low.numerator)
    <class 'int'>
    """
    number = _python_fraction(value)
    return Quantity(low=number, high=number, evidence="exact")


def enclosed(low: Fraction | int, high: Fraction | int) -> Quantity:
    """Return a number between two rationals, proved; exact if they are equal."""
    ends = _python_fraction(low), _python_fraction(high)
    evidence: Evidence = "exact" if ends[0] == ends[1] else "enclosure"
    return Quantity(low=ends[0], high=ends[1], evidence=evidence)


def confident(sample: Sequence[float], *, deviations: float = 4.0) -> Quantity:
    """Return the mean of a sample with its interval of confidence.

    Parameters
    ----------
    sample : sequence of float
        Independent draws, at least two.
    deviations : float
        Half the length of the interval, in standard errors of the mean. For a normal
        mean four of them miss once in 16 000 samples; the seeds are recorded, so that
        a sample that passed once passes always.

    Examples
    --------
    >>> confident([1.0, 1.0, 1.0, 1.0])
    Quantity(low=1.0, high=1.0, evidence='statistical')
    """
    n = len(sample)
    mean = math.fsum(sample) / n
    variance = math.fsum((x - mean) ** 2 for x in sample) / (n - 1)
    reach = deviations * math.sqrt(variance / n)
    return Quantity(low=mean - reach, high=mean + reach, evidence="statistical")


def estimated(value: float, *, error: float = 0.0) -> Quantity:
    """Return a float that nothing proves, within an error that is only believed."""
    return Quantity(low=value - error, high=value + error, evidence="estimate")


def _python_fraction(value: Fraction | int) -> Fraction:
    """Return a rational whose parts are integers of Python, not of NumPy."""
    return Fraction(int(value.numerator), int(value.denominator))


def truth(value: bool) -> Quantity:  # noqa: FBT001
    """Return 1 for true and 0 for false.

    Examples
    --------
    >>> str(truth(True))
    '1'
    """
    return exact(int(value))


def weaker(left: Evidence, right: Evidence) -> Evidence:
    """Return what a comparison of two numbers rests on.

    Examples
    --------
    >>> weaker("exact", "statistical")
    'statistical'
    """
    return max(left, right, key=_BY_STRENGTH.index)
