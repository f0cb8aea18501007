"""What a solve returns: a bracket, factors, a certificate, and why it stopped.

Contents
--------
Solution            the result, printable; `to_json` writes the documented form
AlgebraicOptimum    the exact optimum as an algebraic number
Minimizer           how many there are, and how close the factors are to one
Evidence            which bound rests on what
"""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, final

from exact_wlra.certificates import Certificate
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.rationals import format_rational, proved_decimal

SCHEMA = "exact-wlra/solution/1"
# Factors with more entries than this go to an .npz file beside the JSON.
LARGEST_INLINE = 200_000
# Relative gap below which the decimals of OPT are written out.
_MANY_DIGITS = Fraction(1, 10**12)

Claim = Literal["minimum", "infimum", "enclosure"]
Termination = Literal["completed", "budget", "interrupted", "undecided"]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One bound, the method it rests on, and whether the checker accepted it."""

    bound: str
    by: str
    checked: bool


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AlgebraicOptimum:
    """The optimum as a root of its minimal polynomial (coefficients low to high)."""

    minimal_polynomial: tuple[int, ...]
    isolating_interval: tuple[Fraction, Fraction]
    n_minimizers: int
    n_real_critical_points: int
    decimal: str


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Minimizer:
    """All minimizers are enclosed, and one of them has factors next to U and V.

    Parameters
    ----------
    entry_error : Fraction
        What each entry of U and V differs by from those factors, at most.
    count : int
        How many X cost OPT as far as the proved digits tell. One is one; of several,
        some may cost a little more.
    """

    entry_error: Fraction
    count: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """Proved bounds lower <= OPT <= upper, and factors of cost exactly `upper`.

    Parameters
    ----------
    claim : {"minimum", "infimum", "enclosure"}
        What is proved about the optimum.
    attained : bool or None
        Whether the infimum is attained, if known.
    termination : {"completed", "budget", "interrupted", "undecided"}
        Why the run stopped.
    advice : str
        What to try next; empty when completed.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> problem = Problem([[1, 2], [3, 4]], weights=[[1, 2], [2, 1]], rank=1)
    >>> solution = solve(problem)
    >>> solution.claim, solution.attained, solution.termination
    ('minimum', True, 'completed')
    >>> solution.upper == problem.cost(solution.U, solution.V)
    True
    """

    claim: Claim
    lower: Fraction
    upper: Fraction
    attained: bool | None
    termination: Termination
    advice: str
    certificate: Certificate
    evidence: tuple[Evidence, ...]
    algebraic: AlgebraicOptimum | None
    statistics: dict[str, Any]
    minimizer: Minimizer | None = None
    row_labels: Any = None
    column_labels: Any = None

    @property
    def U(self) -> RationalMatrix:  # noqa: N802  (the symbol of the literature)
        """The factor U (n x k), exact."""
        return self.certificate.left

    @property
    def V(self) -> RationalMatrix:  # noqa: N802
        """The factor V (k x d), exact."""
        return self.certificate.right

    @property
    def gap(self) -> float:
        """(upper - lower)/upper as a float for reading; 0 when both are 0."""
        if self.upper == 0:
            return 0.0
        return float((self.upper - self.lower) / self.upper)

    @property
    def decimal(self) -> str:
        """The digits of OPT that are proved, the last one off by at most one."""
        if self.lower == self.upper:
            return decimal_text(self.lower)
        return proved_decimal(self.lower, self.upper)

    @property
    def has_many_digits(self) -> bool:
        """Tell whether more digits are proved than `lower` and `upper` show."""
        return 0 < self.upper - self.lower < self.upper * _MANY_DIGITS

    @property
    def is_proved(self) -> bool:
        """Tell whether the asked gap was reached."""
        return self.termination == "completed"

    def __repr__(self) -> str:
        return (
            f"Solution(claim={self.claim!r}, lower~{float(self.lower):.12g}, "
            f"upper~{float(self.upper):.12g}, gap~{self.gap:.1e})"
        )

    def __str__(self) -> str:
        attained = {True: "attained", False: "not attained", None: "attainment open"}
        lines = [
            f"{self.claim}, {attained[self.attained]}, {self.termination}",
            f"  lower  {decimal_text(self.lower)}",
            f"  upper  {decimal_text(self.upper)}   (cost of the factors, exact)",
            f"  gap    {self.gap:.2e}",
        ]
        if self.algebraic is not None:
            degree = len(self.algebraic.minimal_polynomial) - 1
            lines.append(
                f"  OPT    {self.algebraic.decimal}   (algebraic of degree {degree})"
            )
        if self.has_many_digits:
            lines.append(f"  digits {self.decimal}   (the last one off by at most 1)")
        if self.advice:
            lines.append(f"  next   {self.advice}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Return for notebooks bracket, factors, and what the proof rests on."""
        from exact_wlra.html_faces import (
            html_beside,
            html_face,
            html_facts,
            html_matrix,
            html_rows,
        )

        claim, *facts = str(self).splitlines()
        named = [tuple(fact.split(maxsplit=1)) for fact in facts]
        factors = [html_matrix(self.U, "U"), html_matrix(self.V, "V")]
        evidence = [
            (item.bound, item.by, "accepted" if item.checked else "not checked")
            for item in self.evidence
        ]
        headings = ("bound", "rests on", "checker")
        blocks = [
            html_facts((name, value) for name, value in named),
            html_beside(factors),
            html_rows(headings, evidence, n_words=3),
        ]
        return html_face(f"Solution: {claim}", blocks)

    def to_json(self, *, factors_file: str | None = None) -> str:
        """Return the JSON document of `docs/interface.md`.

        Parameters
        ----------
        factors_file : str or None
            Name of the .npz file that holds U and V; None writes them inline.
        """
        algebraic = None
        if self.algebraic is not None:
            algebraic = {
                "minimal_polynomial": [
                    format_rational(c) for c in self.algebraic.minimal_polynomial
                ],
                "isolating_interval": [
                    format_rational(end) for end in self.algebraic.isolating_interval
                ],
                "minimizers": self.algebraic.n_minimizers,
                "real_critical_points": self.algebraic.n_real_critical_points,
            }
        minimizer = None
        if self.minimizer is not None:
            minimizer = {
                "entry_error": format_rational(self.minimizer.entry_error),
                "count": self.minimizer.count,
            }
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "claim": self.claim,
            "lower": format_rational(self.lower),
            "upper": format_rational(self.upper),
            "gap": self.gap,
            "attained": self.attained,
            "termination": self.termination,
            "advice": self.advice,
            "evidence": [
                {"bound": item.bound, "by": item.by, "checked": item.checked}
                for item in self.evidence
            ],
            "algebraic": algebraic,
            "minimizer": minimizer,
            "statistics": self.statistics,
        }
        if factors_file is None:
            document["U"] = _text_rows(self.U)
            document["V"] = _text_rows(self.V)
        else:
            document["factors"] = factors_file
        if self.row_labels is not None and factors_file is None:
            document["row_labels"] = self.row_labels.tolist()
            document["column_labels"] = self.column_labels.tolist()
        return json.dumps(document, indent=1)

    def needs_factors_file(self) -> bool:
        """Tell whether the factors are too large to stand inside the JSON."""
        entries = self.U.numerators.size + self.V.numerators.size
        if self.row_labels is not None:
            entries += len(self.row_labels) + len(self.column_labels)
        return entries > LARGEST_INLINE


def decimal_text(value: Fraction, digits: int = 12) -> str:
    """Return ``p/q`` if short, else a decimal that is marked as rounded.

    Examples
    --------
    >>> decimal_text(Fraction(1, 3)), decimal_text(Fraction(10**30 + 1, 10**30))
    ('1/3', '~1.00000000000')
    """
    exact = str(value) if value.denominator.bit_length() < 200 else ""
    if exact and len(exact) <= digits:
        return exact
    from decimal import Context, Decimal

    context = Context(prec=digits)
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator))
    return f"~{rounded}"


def _text_rows(matrix: RationalMatrix) -> list[list[str]]:
    """Return the entries as exact texts."""
    return [[format_rational(x) for x in row] for row in matrix.fractions()]
