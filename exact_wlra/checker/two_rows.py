"""Checking the rule `two-rows`, and the algebraic value of an optimum.

Contents
--------
two_rows_bound      the bound, proved by the sign of one polynomial on the line
check_algebraic     OPT is the root of this polynomial in this interval
verify_minimal      a polynomial is minimal and isolated by an interval

Notes on the implementation
---------------------------
Everything is rebuilt from the instance: the quotient of polynomials that is the cost,
and the polynomial whose roots are its critical values. Neither the minimizers nor the
search that found them are needed.
"""

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpz_poly

from exact_wlra.certificates import TwoRows
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from reductions.two_rows import ProjectedCost, project_cost
from semialgebraic.real_algebraic import polynomial_of_values
from semialgebraic.univariate import (
    Interval,
    is_nonnegative_on_the_line,
    is_positive_on_the_line,
    isolate_real_roots,
    polynomial,
    primitive_part,
    square_free_part,
)


def two_rows_bound(instance: Instance, proof: TwoRows) -> Fraction:
    """Return the lower bound L of the rule, after proving OPT >= L.

    The cost of the best X = u v with u = (1 : y) is a quotient of polynomials in y; OPT
    is its infimum, and OPT >= L if and only if numerator - L denominator is nowhere
    negative on the real line.

    Raises
    ------
    RejectedCertificateError
        If the instance is not 2 x d with rank one, or the polynomial is negative.

    Examples
    --------
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0], [0, 1]])
    >>> ones = RationalMatrix.from_rows([[1, 1], [1, 1]])
    >>> instance = Instance(data=A, squared_weights=ones, rank=1)
    >>> two_rows_bound(instance, TwoRows(lower=Fraction(1)))
    Fraction(1, 1)
    """
    if not is_nonnegative_on_the_line(_projected(instance).excess(proof.lower)):
        raise RejectedCertificateError(
            "two-rows: some X of rank 1 costs less than the stated lower bound."
        )
    return proof.lower


def check_algebraic(
    instance: Instance,
    *,
    minimal_polynomial: Sequence[int],
    isolating_interval: Interval,
    lower: Fraction,
    upper: Fraction,
) -> None:
    """Verify that OPT is the root of the minimal polynomial in the isolating interval.

    Verified are: lower <= OPT <= upper; the polynomial is irreducible and has one root
    in the closed interval; it divides the polynomial of all critical values, which has
    one root only in [lower, upper]; this root is the one in the isolating interval.

    Parameters
    ----------
    instance : Instance
        2 x d, rank one.
    minimal_polynomial : sequence of int
        From low to high degree, primitive, leading coefficient positive.
    isolating_interval : (Fraction, Fraction)
    lower, upper : Fraction
        Bounds so close that no other critical value lies between them.

    Raises
    ------
    RejectedCertificateError
        If one of these statements is false.

    Notes
    -----
    **Cost.** That of a resultant of degree 4r - 2, r the number of column classes.
    """
    cost = _projected(instance)
    two_rows_bound(instance, TwoRows(lower=lower))
    excess = cost.excess(upper)
    at_infinity = excess[2 * len(cost.moving)]
    if is_positive_on_the_line(excess) and at_infinity > 0:
        raise RejectedCertificateError(
            "algebraic value: every X of rank 1 costs more than the upper bound."
        )
    claimed = polynomial(list(minimal_polynomial))
    verify_minimal(claimed, isolating_interval)
    values = _polynomial_of_critical_values(cost)
    if values.gcd(claimed) != claimed:
        raise RejectedCertificateError(
            "algebraic value: the polynomial does not divide that of critical values."
        )
    if len(isolate_real_roots(values, low=lower, high=upper)) != 1:
        raise RejectedCertificateError(
            "algebraic value: the bounds do not single out one critical value."
        )
    low = max(lower, isolating_interval[0])
    high = min(upper, isolating_interval[1])
    if low > high or not isolate_real_roots(claimed, low=low, high=high):
        raise RejectedCertificateError(
            "algebraic value: the isolated root does not lie between the bounds."
        )


def _projected(instance: Instance) -> ProjectedCost:
    """Return the cost in one unknown, or reject an instance of another kind."""
    n, d = instance.shape
    if n != 2 or instance.rank != 1:
        raise RejectedCertificateError(
            f"rule two-rows proves 2 x d instances of rank 1; this one is {n} x {d} "
            f"of rank {instance.rank}."
        )
    return project_cost(instance)


def verify_minimal(claimed: fmpz_poly, interval: Interval) -> None:
    """Verify that the polynomial is a minimal one with one root in the interval."""
    if claimed.degree() < 1 or claimed != primitive_part(claimed):
        raise RejectedCertificateError(
            "algebraic value: the minimal polynomial is not primitive, or constant."
        )
    _, factors = claimed.factor()
    if sum(multiplicity for _, multiplicity in factors) != 1:
        raise RejectedCertificateError(
            "algebraic value: the minimal polynomial is reducible."
        )
    low, high = interval
    if low > high or len(isolate_real_roots(claimed, low=low, high=high)) != 1:
        raise RejectedCertificateError(
            "algebraic value: the interval does not hold exactly one root."
        )


def _polynomial_of_critical_values(cost: ProjectedCost) -> fmpz_poly:
    """Return a square-free polynomial with every critical value among its roots."""
    numerator, denominator = cost.fraction()
    form, formal_degree = cost.critical_form()
    common = numerator.gcd(denominator)
    values = fmpz_poly([1])
    if form.degree() > 0:
        values = polynomial_of_values(
            square_free_part(form), numerator // common, denominator // common
        )
    if form.degree() < formal_degree or not form:
        at_infinity = cost.limit(None)
        values *= fmpz_poly([-at_infinity.numerator, at_infinity.denominator])
    return square_free_part(values)
