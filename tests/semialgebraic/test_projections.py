"""Projections: factors, levels, the order of variables, and what may not be lost."""

from __future__ import annotations

from math import prod

import pytest
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic import projections
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.projections import (
    elimination_order,
    irreducible_factors,
    main_variable,
    project,
    projection_levels,
)

RING = polynomial_ring(["x", "y", "z"])
X, Y, Z = RING.gens()

polynomials = (
    st.dictionaries(
        st.tuples(*[st.integers(0, 2)] * 3), st.integers(-4, 4), min_size=1, max_size=4
    )
    .map(RING.from_dict)
    .filter(bool)
)


def _check_factors(
    p: fmpz_mpoly, found: tuple[int, list[tuple[fmpz_mpoly, int]]]
) -> None:
    sign, factors = found
    product = prod((f**e for f, e in factors), start=RING.constant(1))
    constant, remainder = divmod(sign * p, product)
    assert remainder == 0
    assert constant.is_constant()
    assert constant.leading_coefficient() > 0
    for f, _ in factors:
        assert f.leading_coefficient() > 0
        assert f.primitive()[0] == 1
        for g, _ in factors:
            assert f == g or f.gcd(g).is_constant()
        assert f.gcd(f.derivative(main_variable(f))).is_constant()


@given(polynomials, polynomials)
def test_factors_multiply_to_the_polynomial(p: fmpz_mpoly, q: fmpz_mpoly) -> None:
    _check_factors(p * q * q, irreducible_factors(p * q * q))


@given(polynomials, polynomials)
def test_square_free_factors_where_flint_overflows(
    p: fmpz_mpoly, q: fmpz_mpoly
) -> None:
    product = p * q * q
    found = projections._square_free_factors(product)
    sign = 1 if product.leading_coefficient() > 0 else -1
    normal = [
        (f.primitive()[1] * (1 if f.leading_coefficient() > 0 else -1), e)
        for f, e in found
    ]
    _check_factors(product, (sign, normal))


@given(st.lists(polynomials, min_size=1, max_size=3))
def test_levels_are_coprime_and_hold_the_input(given_ones: list[fmpz_mpoly]) -> None:
    levels = projection_levels(given_ones, open_cells_only=True)
    for variable, basis in enumerate(levels):
        for i, f in enumerate(basis):
            assert main_variable(f) == variable
            assert all(f.gcd(g).is_constant() for g in basis[:i])
    for p in given_ones:
        for f, _ in irreducible_factors(p)[1]:
            assert f in levels[main_variable(f)]


def test_basis_is_refined_when_factors_share_a_divisor() -> None:
    basis: list[fmpz_mpoly] = []
    projections._insert(basis, (X - 1) * (X + 1))
    projections._insert(basis, (X - 1) * (X + 2))
    assert sorted(map(str, basis)) == ["x + 1", "x + 2", "x - 1"]


def test_lazard_projection_keeps_trailing_coefficients_only_beyond_the_plane() -> None:
    p = Z**2 * X + Z + Y
    assert Y in list(project([p], 2))
    assert Y not in list(project([p], 2, open_cells_only=True))
    q = Y**2 + Y + X
    assert X not in list(project([q], 1))


def test_sphere() -> None:
    levels = projection_levels([X**2 + Y**2 + Z**2 - 1])
    assert levels[:2] == [[X - 1, X + 1], [X**2 + Y**2 - 1]]


def test_variable_of_lowest_degree_is_eliminated_first() -> None:
    assert elimination_order([X**3 + Y**2 * Z, Z + Y]) == [0, 1, 2]
    assert elimination_order([X, Z**4]) == [2, 0, 1]


def test_poll_can_end_the_computation() -> None:
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        projection_levels([X**2 + Y**2], poll=stop)
