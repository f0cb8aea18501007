"""Rational parametrizations: real points, and false parametrizations rejected."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from flint import fmpq, fmpq_poly, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.errors import RejectedEvidenceError
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_parametrizations import (
    RationalParametrization,
    real_points,
)

x, y = polynomial_ring(["x", "y"]).gens()
coordinates = st.integers(-6, 6)
point_sets = st.dictionaries(coordinates, coordinates, min_size=1, max_size=5)


def _through(points: dict[int, int]) -> tuple[RationalParametrization, list]:
    """The points (a, b) with distinct a, parametrized by t = a; and equations."""
    w = fmpz_poly([1])
    for a in points:
        w *= fmpz_poly([-a, 1])
    interpolant = fmpq_poly([0])
    for a, b in points.items():
        term = fmpq_poly([b])
        for other in points:
            if other != a:
                term = term * fmpq_poly([-other, 1]) * fmpq(1, a - other)
        interpolant += term
    h = w.derivative()
    found = RationalParametrization(
        eliminating_polynomial=w,
        denominator=h,
        numerators=(
            fmpq_poly([0, 1]) * fmpq_poly(h),
            interpolant * fmpq_poly(h) % fmpq_poly(w),
        ),
        quotient_dimension=len(points),
    )
    equation_x = 0 * x + 1
    for a in points:
        equation_x *= x - a
    integral = interpolant.numer()
    equation_y = int(interpolant.denom()) * y
    for i, c in enumerate(integral.coeffs()):
        equation_y -= int(c) * x**i
    return found, [equation_x, equation_y]


@given(point_sets)
def test_rational_points_come_back(points: dict[int, int]) -> None:
    found, equations = _through(points)
    assert found.n_complex == len(points)
    assert [p.rational for p in real_points(found, equations)] == sorted(points.items())


@given(point_sets, coordinates)
def test_points_of_other_equations_are_rejected(
    points: dict[int, int], other: int
) -> None:
    found, equations = _through(points)
    equations.append(x - other)
    if list(points) == [other]:
        assert len(real_points(found, equations)) == 1
    else:
        with pytest.raises(RejectedEvidenceError, match="does not satisfy"):
            real_points(found, equations)
        assert len(real_points(found, equations, verify=False)) == len(points)


def test_conjugate_points_are_told_apart() -> None:
    w = fmpz_poly([-2, 0, 0, 0, 1])
    found = RationalParametrization(
        eliminating_polynomial=w,
        denominator=w.derivative(),
        numerators=(
            fmpq_poly([0, 1]) * fmpq_poly(w.derivative()),
            fmpq_poly([0, 0, 1]) * fmpq_poly(w.derivative()),
        ),
        quotient_dimension=4,
    )
    points = real_points(found, [x**2 - y, y**2 - 2])
    assert (found.n_complex, len(points)) == (4, 2)
    assert [p.coordinate(0) > 0 for p in points] == [False, True]
    assert all(p.coordinate(1).minimal_polynomial == (-2, 0, 1) for p in points)
    low, high = points[0].enclosures(Fraction(1, 100))[1]
    assert low**2 < 2 < high**2
    assert all(a.parameter != b.parameter for a, b in combinations(points, 2))
