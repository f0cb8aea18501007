"""Identities with sums of squares that refute a condition, verified exactly.

Contents
--------
check_sum_of_squares    accept the identity for a system, or say what is false
refutable_signs         the signs s for which s p > 0 everywhere refutes p REL 0

Notes on the implementation
---------------------------
Nothing is searched here and no floating-point number occurs: denominators are cleared,
and two integer polynomials are compared.
"""

import math
from fractions import Fraction

from flint import fmpz_mpoly

from semialgebraic.decisions import SumOfSquares
from semialgebraic.errors import MalformedEvidenceError, RejectedEvidenceError
from semialgebraic.systems import Relation, System

_SIGNS = {
    Relation.LESS: (1,),
    Relation.LESS_EQUAL: (1,),
    Relation.EQUAL: (1, -1),
    Relation.NOT_EQUAL: (),
    Relation.GREATER_EQUAL: (-1,),
    Relation.GREATER: (-1,),
}


def refutable_signs(relation: Relation) -> tuple[int, ...]:
    """Return the signs s such that s p > 0 everywhere contradicts p REL 0.

    Examples
    --------
    >>> refutable_signs(Relation.LESS_EQUAL), refutable_signs(Relation.NOT_EQUAL)
    ((1,), ())
    """
    return _SIGNS[relation]


def check_sum_of_squares(system: System, evidence: SumOfSquares) -> None:
    """Return if q s p = sum_l d_l (sum_m r_lm m)^2 + slack proves s p > 0 everywhere.

    Here p REL 0 is the condition that the evidence names and s = 1 for < and <=, -1 for
    > and >=, any of them for =. With q > 0, d_l > 0 and slack > 0 the condition has no
    solution, and so the system has none.

    Parameters
    ----------
    system : System
    evidence : SumOfSquares

    Raises
    ------
    MalformedEvidenceError
        If lengths or types are wrong, or the condition does not exist.
    RejectedEvidenceError
        If a sign or the identity is false, or the relation cannot be refuted so.

    Notes
    -----
    **Cost.** One product of polynomials for each square.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> system = System.of((x**2 - 2 * x + 3, "<="))
    >>> evidence = SumOfSquares(
    ...     condition=0,
    ...     multiplier=x**0,
    ...     monomials=((0,), (1,)),
    ...     weights=(Fraction(1),),
    ...     rows=((Fraction(-1), Fraction(1)),),
    ...     slack=Fraction(2),
    ... )
    >>> check_sum_of_squares(system, evidence)
    """
    _check_form(system, evidence)
    if evidence.slack <= 0:
        raise RejectedEvidenceError("the slack is not positive.")
    for l, weight in enumerate(evidence.weights):  # noqa: E741  as in the identity
        if weight <= 0:
            raise RejectedEvidenceError(
                f"the weight of square {l + 1} is not positive."
            )
    _check_multiplier(evidence.multiplier)
    condition = system.conditions[evidence.condition]
    signs = refutable_signs(condition.relation)
    if not signs:
        raise RejectedEvidenceError(f"no sum of squares refutes {condition}.")
    product = evidence.multiplier * condition.polynomial
    right, scale = _cleared(evidence)
    if all(scale * sign * product != right for sign in signs):
        raise RejectedEvidenceError(
            "the identity is false: the multiplied polynomial is not the sum of "
            "squares plus the slack."
        )


def _check_form(system: System, evidence: SumOfSquares) -> None:
    """Raise unless every part has the right type and length."""
    n = len(system.variables)
    if not 0 <= evidence.condition < len(system.conditions):
        raise MalformedEvidenceError(
            f"there is no condition {evidence.condition + 1} in the system."
        )
    if evidence.multiplier.context().names() != system.variables:
        raise MalformedEvidenceError("the multiplier has other variables.")
    if not evidence.monomials or any(evidence.monomials[0]):
        raise MalformedEvidenceError("the first monomial is not the constant 1.")
    if any(
        len(m) != n or not all(type(e) is int and e >= 0 for e in m)
        for m in evidence.monomials
    ):
        raise MalformedEvidenceError(
            f"a monomial is not a tuple of {n} exponents that are not negative."
        )
    if len(evidence.rows) != len(evidence.weights) or any(
        len(row) != len(evidence.monomials) for row in evidence.rows
    ):
        raise MalformedEvidenceError(
            "there must be one row for each weight, with one entry for each monomial."
        )
    numbers = [
        evidence.slack,
        *evidence.weights,
        *(x for r in evidence.rows for x in r),
    ]
    if not all(isinstance(x, Fraction) for x in numbers):
        raise MalformedEvidenceError("an entry is not a Fraction.")


def _check_multiplier(q: fmpz_mpoly) -> None:
    """Raise unless q is positive for an evident reason."""
    if (
        any(c <= 0 for c in q.coeffs())
        or any(e % 2 for powers in q.monoms() for e in powers)
        or not any(not any(powers) for powers in q.monoms())
    ):
        raise RejectedEvidenceError(
            "the multiplier must have even monomials, positive coefficients and a "
            "constant term."
        )


def _cleared(evidence: SumOfSquares) -> tuple[fmpz_mpoly, int]:
    """Return (M (sum of squares + slack), M) with a common denominator M > 0."""
    ring = evidence.multiplier.context()
    zero = (0,) * ring.nvars()
    squares = []
    for weight, row in zip(evidence.weights, evidence.rows, strict=True):
        common = math.lcm(*(r.denominator for r in row))
        terms: dict[tuple[int, ...], int] = {}
        for m, r in zip(evidence.monomials, row, strict=True):
            terms[m] = terms.get(m, 0) + int(r * common)
        root = ring.from_dict({m: c for m, c in terms.items() if c})
        squares.append((weight / common**2, root * root))
    scale = math.lcm(
        evidence.slack.denominator, *(factor.denominator for factor, _ in squares)
    )
    total = ring.from_dict({zero: int(evidence.slack * scale)})
    for factor, square in squares:
        total += int(factor * scale) * square
    return total, scale
