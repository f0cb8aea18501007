"""What the checks measure: optima, tails and ranks, exact or enclosed.

Contents
--------
optimum             OPT_k between the ends of a proved bracket
singular_tail       sum of the squared singular values after the first k, enclosed
sum_of_smallest     of several enclosed numbers
eigenvalues         of a symmetric rational matrix, enclosed
"""

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.quantities import Quantity, enclosed
from semialgebraic.rational_matrices import RationalMatrix

# A bracket this narrow tells equality from a difference of one part in 10^8.
_GAP = Fraction(1, 10**9)
_TIME_LIMIT = 30.0
_BITS = 192


@lru_cache(maxsize=1024)
def optimum(problem: Problem) -> Quantity:
    """Return OPT, proved: an enclosure whose width is what the solver reached.

    Ctrl-C, on which the solver returns what it has, ends the run of the statement.

    Examples
    --------
    >>> str(optimum(Problem([[3, 0], [0, 2]], rank=1)))
    '4'
    """
    found = solve(problem, gap=_GAP, time_limit=_TIME_LIMIT)
    if found.termination == "interrupted":
        raise KeyboardInterrupt
    if found.claim == "infimum" and found.lower == 0 and found.algebraic is None:
        return enclosed(0, 0)  # the only infimum known exactly without its equation
    return enclosed(found.lower, found.upper)


def singular_tail(matrix: RationalMatrix, k: int) -> Quantity:
    """Return ||M_{-k}||_F^2 = sum over i > k of sigma_i(M)^2, enclosed.

    The squared singular values are the eigenvalues of the smaller Gram matrix.

    Examples
    --------
    >>> matrix = RationalMatrix.from_rows([[1, 1], [1, 0]])
    >>> str(singular_tail(matrix, 0)), round(singular_tail(matrix, 1).middle, 9)
    ('3', 0.381966011)
    """
    n, d = matrix.shape
    if k >= min(n, d):
        return enclosed(0, 0)
    if k == 0:
        total = matrix.hadamard(matrix).total()
        return enclosed(total, total)
    gram = matrix @ matrix.transpose if n <= d else matrix.transpose @ matrix
    return sum_of_smallest(eigenvalues(gram), min(n, d) - k)


def sum_of_smallest(values: Sequence[Quantity], m: int) -> Quantity:
    """Return the sum of the m smallest of some numbers that are not negative.

    Ends are sorted by themselves: which enclosures hold the m smallest numbers need
    not be known, for sorting keeps every inequality low <= x <= high.

    Examples
    --------
    >>> values = [enclosed(1, 3), enclosed(2, 4), enclosed(2, 3)]
    >>> str(sum_of_smallest(values, 2))
    '[3, 6]'
    """
    lows = sorted(max(Fraction(value.low), Fraction(0)) for value in values)
    highs = sorted(Fraction(value.high) for value in values)
    return enclosed(sum(lows[:m], Fraction(0)), sum(highs[:m], Fraction(0)))


def eigenvalues(matrix: RationalMatrix) -> list[Quantity]:
    """Return the eigenvalues of a symmetric matrix, with multiplicity, enclosed.

    They are the roots of the characteristic polynomial, which are real; FLINT encloses
    them in balls.

    Examples
    --------
    >>> two = RationalMatrix.from_rows([[2, 0], [0, 2]])
    >>> [str(value) for value in eigenvalues(two)]
    ['2', '2']
    """
    import flint

    n = matrix.shape[0]
    numerators = [int(x) for x in matrix.numerators.ravel()]
    polynomial = flint.fmpz_mat(n, n, numerators).charpoly()
    found: list[Quantity] = []
    precision = flint.ctx.prec
    try:
        flint.ctx.prec = _BITS
        roots: list[tuple[Any, int]] = polynomial.complex_roots()  # type: ignore[assignment]
        for root, multiplicity in roots:
            found += [_real_part(root, matrix.denominator)] * int(multiplicity)
    finally:
        flint.ctx.prec = precision
    return found


def _real_part(root: Any, denominator: int) -> Quantity:
    """Return the real ball of a root as an enclosure by rationals, divided."""
    ball = getattr(root, "real", root)
    middle, radius = _rational(ball.mid()), _rational(ball.rad())
    low, high = middle - radius, middle + radius
    return enclosed(low / denominator, high / denominator)


def _rational(ball: Any) -> Fraction:
    """Return the midpoint of an exact ball as a rational."""
    value = ball.fmpq()
    return Fraction(int(value.p), int(value.q))
