"""Critical points of sums of ratios: complete, exact, with their values and Hessians."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpz_mpoly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.common_zeros import divides
from semialgebraic.critical_points import (
    critical_points,
    critical_value,
    gradient,
    hessian_signature,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring, value_at
from semialgebraic.sturm import n_real_roots
from semialgebraic.univariate import polynomial

RING = polynomial_ring(["x", "y"])
X, Y = RING.gens()
ONE = RING.constant(1)
LINE = polynomial_ring(["t"])
(T,) = LINE.gens()
coefficients = st.integers(-5, 5)


def n_points(components) -> int:
    return sum(c.degree for c in components)


@st.composite
def ratios(draw) -> tuple[list[fmpz_mpoly], list[fmpz_mpoly]]:
    """One or two ratios of quadratic forms in x, y, 1 with positive denominators."""
    monomials = [X**2, X * Y, Y**2, X, Y, ONE]
    numerators, denominators = [], []
    for _ in range(draw(st.integers(1, 2))):
        numerators.append(sum((draw(coefficients) * m for m in monomials), 0 * ONE))
        a, b, c = (draw(st.integers(1, 5)) for _ in range(3))
        denominators.append(a * X**2 + b * Y**2 + c)
    return numerators, denominators


def test_gradient_of_a_polynomial() -> None:
    p = X**3 * Y - 2 * Y**2
    assert gradient([p], [ONE]) == (3 * X**2 * Y, X**3 - 4 * Y)


@given(ratios(), st.integers(-4, 4), st.integers(-4, 4))
def test_gradient_is_the_derivative_over_the_squared_denominators(f, a, b) -> None:
    numerators, denominators = f
    square = Fraction(1)
    for d in denominators:
        square *= value_at(d, (a, b)) ** 2
    for i, p in enumerate(gradient(numerators, denominators)):
        quotients = Fraction(0)
        for n, d in zip(numerators, denominators, strict=True):
            below = value_at(d, (a, b))
            above = value_at(n.derivative(i), (a, b)) * below
            above -= value_at(n, (a, b)) * value_at(d.derivative(i), (a, b))
            quotients += Fraction(above) / Fraction(below) ** 2
        assert value_at(p, (a, b)) == quotients * square


@pytest.mark.parametrize(
    ("f", "complex_points", "signatures"),
    [
        (X**2 + Y**2, 1, [(0, 2)]),
        (X**2 - Y**2, 1, [(1, 1)]),
        (-(X**2) - 3 * Y**2, 1, [(2, 0)]),
        (X**3 - 3 * X + Y**2, 2, [(1, 1), (0, 2)]),
        (X**3 - 3 * X * Y**2, 1, [(0, 0)]),  # monkey saddle
        (X**4 + Y**2, 1, [(0, 1)]),  # a minimum that the Hessian does not show
        (X**4 + Y**4 - 4 * X * Y, 9, [(0, 2), (1, 1), (0, 2)]),
        (X**3 + X + Y**2, 2, []),
    ],
)
def test_polynomials_with_known_critical_points(f, complex_points, signatures) -> None:
    components = critical_points([f], [ONE])
    assert n_points(components) == complex_points
    found = [
        hessian_signature(p, [f], [ONE]) for c in components for p in c.real_points()
    ]
    assert sorted(found) == sorted(signatures)


def test_points_where_a_denominator_vanishes_are_left_out() -> None:
    # 1/(x^2 + y^2): only the gradient's numerator vanishes at 0.
    assert critical_points([ONE], [X**2 + Y**2]) == ()
    assert critical_points([LINE.constant(1)], [T**2]) == ()


@pytest.mark.parametrize("degree", [2, 3, 5])
def test_a_denominator_that_occurs_twice_is_no_critical_curve(degree: int) -> None:
    d = X**2 + Y**2 + 1
    numerators = [X**2 + 2 * Y**2 + 5 * X, Y**2 + 3 * Y]
    split = critical_points(numerators, [d, d])
    joined = critical_points([sum(numerators, 0 * ONE)], [d])
    assert sorted(str(c.minimal_polynomial) for c in split) == sorted(
        str(c.minimal_polynomial) for c in joined
    )
    assert n_points(split) == n_points(
        critical_points([n * d**degree for n in numerators], [d ** (degree + 1)] * 2)
    )


@given(ratios())
def test_the_list_is_exact_and_values_agree(f) -> None:
    numerators, denominators = f
    try:
        components = critical_points(numerators, denominators)
    except InvalidInputError:
        # A constant, a ridge, or a function of one variable.
        slopes = gradient(numerators, denominators)
        assert not all(slopes) or slopes[0].gcd(slopes[1]).total_degree() > 0
        return
    slopes = gradient(numerators, denominators)
    for c in components:
        assert all(c.vanishes(p) for p in slopes)
        assert not any(c.vanishes(d) for d in denominators)
        value, e = critical_value(c, numerators, denominators)
        w = c.minimal_polynomial
        if len(numerators) == 1:
            n = max(numerators[0].total_degree(), 2)
            left = value * c.at(denominators[0], n)
            right = e * w.derivative() * c.at(numerators[0], n)
            assert divides(w, left - right)


@given(ratios(), st.integers(1, 3), st.integers(-3, 3))
def test_adding_a_constant_and_scaling_keep_the_points(f, factor, constant) -> None:
    numerators, denominators = f
    slopes = gradient(numerators, denominators)
    assume(all(slopes) and slopes[0].gcd(slopes[1]).is_constant())

    def fingerprint(ns, ds) -> list[tuple[str, int]]:
        return sorted(
            (str(c.minimal_polynomial), c.multiplicity) for c in critical_points(ns, ds)
        )

    shifted = [n + constant * d for n, d in zip(numerators, denominators, strict=True)]
    known = fingerprint(numerators, denominators)
    assert fingerprint(shifted, denominators) == known
    assert fingerprint([factor * n for n in numerators], denominators) == known


@given(st.lists(coefficients, min_size=3, max_size=6).filter(lambda c: any(c[1:])))
def test_one_variable_is_the_roots_of_the_derivative(c) -> None:
    p = sum((a * T**i for i, a in enumerate(c)), LINE.constant(0))
    derivative = polynomial([i * a for i, a in enumerate(c)][1:])
    components = critical_points([p], [LINE.constant(1)])
    assert (
        n_points(components)
        == (derivative // derivative.gcd(derivative.derivative())).degree()
    )
    n_real = n_real_roots(derivative) if derivative.degree() > 0 else 0
    assert sum(len(c.real_points()) for c in components) == n_real
    signs = [
        hessian_signature(x, [p], [LINE.constant(1)])
        for c in components
        for x in c.real_points()
    ]
    assert all(low + high <= 1 for low, high in signs)


def test_signature_at_an_irrational_point() -> None:
    f = X**4 - 4 * X**2 + Y**2 + Y
    found = {
        (point.sign_of(X), hessian_signature(point, [f], [ONE]))
        for c in critical_points([f], [ONE])
        for point in c.real_points()
    }
    assert found == {(-1, (0, 2)), (1, (0, 2)), (0, (1, 1))}


def test_signature_of_a_ratio_is_that_of_its_true_hessian() -> None:
    # x/(x^2 + y^2 + 1): a maximum at (1, 0), a minimum at (-1, 0).
    f = [X], [X**2 + Y**2 + 1]
    signatures = {
        x: hessian_signature(AlgebraicPoint.from_rationals([x, 0]), *f) for x in (1, -1)
    }
    assert signatures == {1: (2, 0), -1: (0, 2)}


# --- what is refused


def test_infinitely_many_points_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="infinitely many"):
        critical_points([(X * Y) ** 2], [ONE])
    with pytest.raises(InvalidInputError, match="every point"):
        critical_points([ONE * 3], [ONE])
    with pytest.raises(InvalidInputError, match="every point"):
        critical_points([X**2 + 1, Y**2], [X**2 + Y**2 + 1] * 2)


def test_three_variables_are_refused() -> None:
    ring = polynomial_ring(["x", "y", "z"])
    with pytest.raises(InvalidInputError, match="3 variables"):
        critical_points([ring.gens()[0]], [ring.constant(1)])


@pytest.mark.parametrize(("numerators", "denominators"), [([], []), ([X], [])])
def test_unpaired_ratios_are_refused(numerators, denominators) -> None:
    with pytest.raises(InvalidInputError, match="as many denominators"):
        gradient(numerators, denominators)
