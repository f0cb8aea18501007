"""Answers to the question whether a system has a real solution, and their evidence.

Contents
--------
Budget              seconds and memory that an oracle may use
Satisfiable         yes, with a point
Unsatisfiable       no, with what stands behind it
Undecided           neither: why, and what to try
Decision            the union of the three
Computed            evidence: an exact algorithm of this package, run to its end
Reported            evidence: an external program said so; not proved here
BoxTree             evidence: a subdivision of a box, refuted leaf by leaf
SumOfSquares        evidence: an identity between polynomials
Evidence            the union of the four

Notes on the implementation
---------------------------
Nothing is judged here: that is the part of `checker`. A yes always carries its point,
so only the evidence for a no differs in worth; the classes say how.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import final

from flint import fmpz_mpoly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.errors import InvalidInputError


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What an oracle may use: wall-clock seconds, and megabytes in a child process.

    Examples
    --------
    >>> Budget(seconds=2.5)
    Budget(seconds=2.5, megabytes=4000)
    """

    seconds: float = 60.0
    megabytes: int = 4000

    def __post_init__(self) -> None:
        if not (self.seconds > 0 and self.megabytes > 0):
            raise InvalidInputError("a budget of seconds and megabytes is positive.")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """The end of an exact and complete algorithm of this package; run it to repeat it.

    Parameters
    ----------
    method : str
        What was computed, in words.
    """

    method: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The word of an external program, which nothing here proves.

    Parameters
    ----------
    program : str
        Name and version.
    """

    program: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTree:
    """A bounded box cut into boxes, in each of which one condition fails everywhere.

    Parameters
    ----------
    low, high : tuples of Fraction
        The root box, which contains all solutions by the conditions a x + b REL 0.
    nodes : tuple of int
        The tree in preorder. A node i >= 0 cuts the box in the middle along variable i;
        its lower half follows, then its upper half. A node -1 - c is a leaf on which
        condition c of the system is violated, by the signs of its Bernstein
        coefficients.
    """

    low: tuple[Fraction, ...]
    high: tuple[Fraction, ...]
    nodes: tuple[int, ...]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SumOfSquares:
    """The identity  q p = sum_l d_l (sum_m r_lm m)^2 + slack  that refutes p <= 0.

    Parameters
    ----------
    condition : int
        Index of the condition p <= 0 (or < 0, = 0) of the system.
    multiplier : fmpz_mpoly
        q, a sum of even monomials with positive coefficients and constant term > 0.
    monomials : tuple of exponent tuples
        The basis m; the first is the constant 1.
    weights : tuple of Fraction
        d_l > 0.
    rows : tuple of tuples of Fraction
        Coefficients r_lm of each square.
    slack : Fraction
        Positive, so that q p > 0 everywhere.
    """

    condition: int
    multiplier: fmpz_mpoly
    monomials: tuple[tuple[int, ...], ...]
    weights: tuple[Fraction, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    slack: Fraction


Evidence = Computed | Reported | BoxTree | SumOfSquares


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfiable:
    """The system holds at `witness`.

    Parameters
    ----------
    witness : AlgebraicPoint
    by : str
        Name of the oracle.
    """

    witness: AlgebraicPoint
    by: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Unsatisfiable:
    """The system has no real solution.

    Parameters
    ----------
    evidence : Evidence
    by : str
        Name of the oracle.
    """

    evidence: Evidence
    by: str

    @property
    def is_proved(self) -> bool:
        """True unless the evidence is the report of an external program."""
        return not isinstance(self.evidence, Reported)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """No answer: why, and what might give one.

    Parameters
    ----------
    reason, advice : str
        Sentences.
    by : str
        Name of the oracle.
    """

    reason: str
    advice: str
    by: str


Decision = Satisfiable | Unsatisfiable | Undecided
