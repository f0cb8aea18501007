"""Checking the rule `plane`, and the algebraic value of its optimum.

Contents
--------
plane_bound             the bound, proved by the complete list of critical values
check_plane_optimum     OPT is the root of this polynomial in this interval

Notes on the implementation
---------------------------
The list is computed again from the instance; nothing of the search is used. What has to
be believed is that every common zero of two plane curves shows in their resultant
(`semialgebraic.common_zeros`).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from exact_wlra.certificates import Plane
from exact_wlra.checker.two_rows import verify_minimal
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.patterns import ray_classes
from reductions.plane import plane_critical_points
from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.univariate import Interval, polynomial

# With more classes of weight rows elimination takes minutes.
_MOST_CLASSES = 5


def plane_bound(instance: Instance, proof: Plane) -> Fraction:
    """Return the lower bound L of the rule, after proving OPT >= L.

    OPT is attained, and a critical value of the cost on the projective plane of row
    spaces: it is at least L if every real critical value is.

    Raises
    ------
    RejectedCertificateError
        If the instance is of another kind, or a critical value is below L.

    Examples
    --------
    >>> from reductions.instances import ones_like
    >>> from semialgebraic.rational_matrices import RationalMatrix
    >>> A = RationalMatrix.from_rows([[2, 0, 0], [0, 1, 0], [0, 0, 3]])
    >>> instance = Instance(data=A, squared_weights=ones_like(A), rank=2)
    >>> plane_bound(instance, Plane(lower=Fraction(1)))
    Fraction(1, 1)
    """
    if any(_compare(value, proof.lower) < 0 for value in _critical_values(instance)):
        raise RejectedCertificateError(
            f"rule plane: a critical value of the cost is below {proof.lower}."
        )
    return proof.lower


def check_plane_optimum(
    instance: Instance,
    *,
    minimal_polynomial: Sequence[int],
    isolating_interval: Interval,
    lower: Fraction,
    upper: Fraction,
) -> None:
    """Verify that OPT is the root of the minimal polynomial in the isolating interval.

    Verified are: the polynomial is irreducible and has one root in the closed interval;
    no critical value is below `lower`, and at least one is at most `upper`; every
    critical value up to `upper` is that root.

    Raises
    ------
    RejectedCertificateError
        If one of these statements is false.
    """
    claimed = polynomial(list(minimal_polynomial))
    verify_minimal(claimed, isolating_interval)
    number = RealAlgebraicNumber.from_root(claimed, isolating_interval)
    values = list(_critical_values(instance))
    if any(_compare(value, lower) < 0 for value in values):
        raise RejectedCertificateError(
            "algebraic value: a critical value is below the lower bound."
        )
    least = [value for value in values if _compare(value, upper) <= 0]
    if not least or any(value.coordinate(0) != number for value in least):
        raise RejectedCertificateError(
            "algebraic value: the critical values between the bounds are not this "
            "number, or there are none."
        )


def _critical_values(instance: Instance) -> Iterator[AlgebraicPoint]:
    """Yield the cost at every real critical point of rank k, as points of the line."""
    _refuse_large(instance)
    try:
        components = plane_critical_points(instance)
    except NotApplicableError as error:
        raise RejectedCertificateError(f"rule plane: {error}") from error
    for component in components:
        for point in component.real_points():
            yield component.cost_at(point)


def _refuse_large(instance: Instance) -> None:
    """Refuse instances with more weight classes than elimination can treat."""
    n_classes = len(ray_classes(instance.squared_weights.numerators)[1])
    if n_classes > _MOST_CLASSES:
        raise RejectedCertificateError(
            f"rule plane: {n_classes} weight classes; at most {_MOST_CLASSES} are "
            "checked."
        )


def _compare(value: AlgebraicPoint, bound: Fraction) -> int:
    """Return the sign of value - bound; exact."""
    (x,) = polynomial_ring(["x"]).gens()
    return value.sign_of(bound.denominator * x - bound.numerator)
