"""Reweighted solutions in rational arithmetic: division by W, and what it costs.

Contents
--------
squared_norm        ||M||_F^2
squared_distance    ||M - N||_F^2
divided             W^{o-1} o B, with 1/0 read as 0
weights_of          W of a problem, which must be given as W
weighted_cost       f(X) of any rational X
projected           all columns onto the span of some
root_enclosure      the square root of an enclosure
in_floats           a float of the laboratory beside the exact number
"""

from fractions import Fraction
from math import isqrt
from typing import Any

from exact_wlra.errors import InvalidProblemError
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import Quantity, enclosed, estimated
from exact_wlra.theorems.statements import Case
from reductions.instances import ones_like
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

_ROOT_BITS = 96

# Error that is believed of a sum of squares in floats, as a part of its terms.
_ROUNDING = 1e-10


def squared_norm(matrix: RationalMatrix) -> Fraction:
    """Return the sum of the squared entries.

    Examples
    --------
    >>> squared_norm(RationalMatrix.from_rows([[3, "1/2"]]))
    Fraction(37, 4)
    """
    return matrix.hadamard(matrix).total()


def squared_distance(left: RationalMatrix, right: RationalMatrix) -> Fraction:
    """Return ||left - right||_F^2."""
    return squared_norm(left - right)


def divided(matrix: RationalMatrix, root: RationalMatrix) -> RationalMatrix:
    """Return the entrywise quotient, zero where the divisor is.

    Examples
    --------
    >>> numbers = RationalMatrix.from_rows([[3, 5]])
    >>> divided(numbers, RationalMatrix.from_rows([[2, 0]]))
    RationalMatrix([[3/2, 0]])
    """
    return RationalMatrix.from_fractions(
        [
            [x / w if w else Fraction(0) for x, w in zip(xs, ws, strict=True)]
            for xs, ws in zip(matrix.fractions(), root.fractions(), strict=True)
        ]
    )


def weights_of(problem: Problem) -> RationalMatrix:
    """Return W.

    Raises
    ------
    InvalidProblemError
        If the problem was given by omega, whose root need not be rational, or by types.
    """
    if problem.root_weights is None or problem.is_patterned:
        raise InvalidProblemError(
            "the statement is about W, and the problem has none written out; give "
            "`weights` in the place of `squared_weights`, and no types."
        )
    return problem.root_weights


def weighted_cost(problem: Problem, approximation: RationalMatrix) -> Fraction:
    """Return f(X) = sum omega_ij (A_ij - X_ij)^2.

    Examples
    --------
    >>> problem = Problem([[1, 2]], weights=[[1, 3]], rank=0)
    >>> weighted_cost(problem, RationalMatrix.zeros(1, 2))
    Fraction(37, 1)
    """
    residual = problem.data - approximation
    return problem.squared_weights.hadamard(residual.hadamard(residual)).total()


def projected(matrix: RationalMatrix, columns: tuple[int, ...]) -> RationalMatrix:
    """Return the projection of all columns onto the span of some, exactly.

    Examples
    --------
    >>> projected(RationalMatrix.from_rows([[1, 1], [1, 0]]), (0,))
    RationalMatrix([[1, 1/2], [1, 1/2]])
    """
    rows = matrix.transpose
    basis = rows.take(rows=list(columns))
    coefficients: RationalMatrix = solve_rows(rows, ones_like(rows), basis)
    return (coefficients @ basis).transpose


def root_enclosure(square: Quantity) -> Quantity:
    """Return the root of a number that is enclosed between rationals >= 0.

    Examples
    --------
    >>> root_enclosure(enclosed(4, 4)).middle
    2.0
    """
    low, high = Fraction(square.low), Fraction(square.high)
    scale = 1 << _ROOT_BITS
    below = isqrt(int(low * scale**2))
    above = isqrt(int(high * scale**2))
    if Fraction(above, scale) ** 2 != high:
        above += 1
    return enclosed(Fraction(below, scale), Fraction(above, scale))


def in_floats(
    key: str, case: Case[Any], what: str, *, computed: float, exactly: Fraction
) -> Finding:
    """Return the finding that a float is an exact number up to rounding; an estimate.

    Examples
    --------
    >>> case = Case(name="third", kind="structured", value=3)
    >>> in_floats("ours/x", case, "1/3", computed=1 / 3, exactly=Fraction(1, 3)).verdict
    'holds'
    """
    return case.finding(
        key,
        f"{what} in floats, up to rounding: the error",
        estimated(abs(computed - float(exactly))),
        "<=",
        estimated(_ROUNDING * (1 + abs(computed))),
    )
