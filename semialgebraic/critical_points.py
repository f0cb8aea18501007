"""Critical points of a sum of ratios in one or two variables, all of them.

    f = sum_g N_g / D_g

At a critical point where no D_g vanishes the numerators of the partial derivatives
vanish. These polynomials have more common zeros, where denominators vanish; they are
told apart exactly.

Contents
--------
gradient            numerators of the partial derivatives
critical_points     the complex critical points with D_g != 0, in components
critical_value      the value of f at a component, in the form of Kronecker
hessian_signature   numbers of negative and positive eigenvalues at a real point

References
----------
[DraismaEtAl2016]_ for the number of critical points of a distance.
"""

from collections.abc import Sequence

from flint import fmpz_mpoly, fmpz_poly

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.common_zeros import ZeroComponent, common_roots, common_zeros
from semialgebraic.errors import InvalidInputError

_MOST_VARIABLES = 2


def gradient(
    numerators: Sequence[fmpz_mpoly], denominators: Sequence[fmpz_mpoly]
) -> tuple[fmpz_mpoly, ...]:
    """Return P_i with  df/dx_i = P_i / prod_g D_g^2,  f = sum_g N_g / D_g.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> gradient([x], [x**2 + 1])
    (-x^2 + 1,)
    """
    if not numerators or len(numerators) != len(denominators):
        raise InvalidInputError("give as many denominators as numerators, at least 1.")
    ring = numerators[0].context()
    found = []
    for i in range(ring.nvars()):
        terms = [
            (n.derivative(i) * d - n * d.derivative(i), d * d)
            for n, d in zip(numerators, denominators, strict=True)
        ]
        found.append(_sum_of_ratios(terms)[0])
    return tuple(found)


def critical_points(
    numerators: Sequence[fmpz_mpoly], denominators: Sequence[fmpz_mpoly]
) -> tuple[ZeroComponent, ...]:
    """Return all complex critical points of f = sum_g N_g / D_g with all D_g != 0.

    The list is complete. The sum of the degrees of the components is the number of
    critical points.

    Raises
    ------
    InvalidInputError
        For more than two variables, or infinitely many critical points.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> [c.minimal_polynomial for c in critical_points([x], [x**2 + 1])]
    [x + (-1), x + 1]
    """
    ring = numerators[0].context()
    if ring.nvars() > _MOST_VARIABLES:
        raise InvalidInputError(
            f"{ring.nvars()} variables; eliminate to at most {_MOST_VARIABLES}."
        )
    equations = gradient(numerators, denominators)
    if not any(equations):
        raise InvalidInputError("every point is critical: the function is constant.")
    if len(equations) == 1:
        return common_roots(equations[0], apart_from=denominators)
    factor = equations[0].gcd(equations[1])
    if factor and factor.total_degree() > 0:
        # A factor of the denominators is no critical curve, and may be divided out.
        if not _divides_denominators(factor, denominators):
            raise InvalidInputError("there are infinitely many critical points.")
        equations = tuple(p // factor for p in equations)
    return common_zeros(*equations, apart_from=denominators)


def critical_value(
    component: ZeroComponent,
    numerators: Sequence[fmpz_mpoly],
    denominators: Sequence[fmpz_mpoly],
) -> tuple[fmpz_poly, int]:
    """Return (c, e) with  f = c(T) / (e w'(T))  at the zeros of a component.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> at_one, _ = critical_points([x], [x**2 + 1])
    >>> critical_value(at_one, [x], [x**2 + 1])
    (1, 2)
    """
    terms = list(zip(numerators, denominators, strict=True))
    return component.quotient(*_sum_of_ratios(terms))


def hessian_signature(
    point: AlgebraicPoint,
    numerators: Sequence[fmpz_mpoly],
    denominators: Sequence[fmpz_mpoly],
) -> tuple[int, int]:
    """Return how many eigenvalues of the Hessian are negative and positive; exact.

    Parameters
    ----------
    point : AlgebraicPoint
        A critical point at which all D_g > 0, of one or two variables.

    Notes
    -----
    At a critical point the Hessian of f is the Jacobian of the numerators of its
    partial derivatives over prod_g D_g^2 > 0.

    Examples
    --------
    >>> from semialgebraic.polynomials import polynomial_ring
    >>> (x,) = polynomial_ring(["x"]).gens()
    >>> hessian_signature(AlgebraicPoint.from_rationals([-1]), [x], [x**2 + 1])
    (0, 1)
    """
    equations = gradient(numerators, denominators)
    n = len(equations)
    entries = [[p.derivative(j) for j in range(n)] for p in equations]
    if n == 1:
        sign = point.sign_of(entries[0][0])
        return int(sign < 0), int(sign > 0)
    determinant = entries[0][0] * entries[1][1] - entries[0][1] * entries[1][0]
    # The trace decides where the determinant is not negative; both are exact signs.
    trace = point.sign_of(entries[0][0] + entries[1][1])
    match point.sign_of(determinant):
        case -1:
            return 1, 1
        case 0:
            return int(trace < 0), int(trace > 0)
        case _:
            return (2, 0) if trace < 0 else (0, 2)


def _sum_of_ratios(
    terms: list[tuple[fmpz_mpoly, fmpz_mpoly]],
) -> tuple[fmpz_mpoly, fmpz_mpoly]:
    """Return the sum over the product of the denominators, by pairs of like size."""
    while len(terms) > 1:
        paired = [
            (a * d + c * b, b * d)
            for (a, b), (c, d) in zip(terms[::2], terms[1::2], strict=False)
        ]
        terms = paired + terms[len(terms) - len(terms) % 2 :]
    return terms[0]


def _divides_denominators(
    factor: fmpz_mpoly, denominators: Sequence[fmpz_mpoly]
) -> bool:
    """Tell whether every irreducible factor divides one of the denominators."""
    _, parts = factor.factor()
    return all(any(not d % part for d in denominators) for part, _ in parts)
