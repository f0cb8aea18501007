"""Common zeros of plane curves: Bezout counts, known curves, exactness, SymPy."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpz_mpoly, fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.common_zeros import (
    ZeroComponent,
    common_roots,
    common_zeros,
    divides,
    quotient_modulo,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.sturm import n_real_roots

RING = polynomial_ring(["x", "y"])
X, Y = RING.gens()
(T,) = polynomial_ring(["t"]).gens()


def polynomials(degree: int, size: int = 5):
    """Polynomials in x and y of total degree up to a bound, without constants."""
    exponents = [(i, j) for i in range(degree + 1) for j in range(degree + 1 - i)]
    return (
        st.dictionaries(
            st.sampled_from(exponents), st.integers(-size, size), min_size=2, max_size=5
        )
        .map(RING.from_dict)
        .filter(lambda p: p.total_degree() > 0)
    )


def n_zeros(components) -> int:
    """Complex zeros, each once."""
    return sum(c.degree for c in components)


def n_with_multiplicity(components) -> int:
    return sum(c.degree * c.multiplicity for c in components)


def real_points(components) -> list:
    return [point for c in components for point in c.real_points()]


def rational_points(components) -> set[tuple[Fraction, ...]]:
    found = [point.rational for point in real_points(components)]
    assert None not in found
    return set(found)


def swapped(p: fmpz_mpoly) -> fmpz_mpoly:
    return p.compose(Y, X, ctx=RING)


# --- known curves


@pytest.mark.parametrize(
    ("f", "g", "complex_zeros", "real_zeros"),
    [
        (X**2 + Y**2 - 4, X * Y - 1, 4, 4),
        (X**2 + Y**2 - 1, X**2 + Y**2 - 2 * X, 2, 2),  # circles: two at infinity
        (X**2 + Y**2 - 1, (X - 3) ** 2 + Y**2 - 1, 2, 0),
        (X**2 + Y**2 + 1, X - Y, 2, 0),
        (X**3 - Y**2, X - 4, 2, 2),
        (Y - X**2, Y - X**3 + X, 3, 3),
        (X**3 + Y**3 - 1, X**2 + Y**2 - 1, 4, 2),  # two of multiplicity two
        (X - 1, X - 2, 0, 0),  # parallel lines
        (X - 1, Y - 2, 1, 1),
        (X * Y - 1, X, 0, 0),
    ],
)
def test_known_curves(f, g, complex_zeros: int, real_zeros: int) -> None:
    components = common_zeros(f, g)
    assert n_zeros(components) == complex_zeros
    assert len(real_points(components)) == real_zeros


def test_a_line_meets_a_curve_as_often_as_its_degree() -> None:
    for n in range(1, 9):
        curve = X**n + 3 * Y**n + X - Y**2 - 7 if n > 2 else X**n + 5 * Y - 7
        assert n_with_multiplicity(common_zeros(curve, X + Y - 1)) == n


def test_multiplicities_of_contact() -> None:
    (tangent,) = common_zeros(Y - X**2, Y)
    assert (tangent.degree, tangent.multiplicity) == (1, 2)
    (inflection,) = common_zeros(Y - X**3, Y)
    assert inflection.multiplicity == 3
    # Two cusps whose tangents are different: 2 times 2.
    (cusps,) = common_zeros(Y**2 - X**3, X**2 - Y**3, apart_from=[X - 1, X**4 + X + 2])[
        :1
    ]
    assert cusps.real_points()[0].rational == (0, 0)
    assert cusps.multiplicity == 4


def test_zeros_that_share_a_coordinate_are_told_apart() -> None:
    grid = common_zeros(X * (X - 1) * (X - 2), Y * (Y - 1) * (Y - 2))
    assert rational_points(grid) == {
        (Fraction(i), Fraction(j)) for i in range(3) for j in range(3)
    }
    column = common_zeros(X, Y**2 - 2)
    assert n_zeros(column) == len(real_points(column)) == 2


def test_a_large_grid_needs_another_shear() -> None:
    f, g = RING.constant(1), RING.constant(1)
    for i in range(5):
        f, g = f * (X - i), g * (Y - i)
    components = common_zeros(f, g)
    assert len(rational_points(components)) == n_zeros(components) == 25


def test_zeros_with_a_coordinate_left_out() -> None:
    f, g = X * (X - 1), Y * (Y - 1)
    kept = common_zeros(f, g, apart_from=[X, Y - 1])
    assert rational_points(kept) == {(Fraction(1), Fraction(0))}


def test_the_certified_curve_of_homotopy_continuation() -> None:
    """Published with HomotopyContinuation.jl: 36 and 8, 18 and 4."""
    curve = (X**4 + Y**4 - 1) * (X**2 + Y**2 - 2) + X**5 * Y
    # Nearest to (-8/25, -1/10): the gradient is parallel to the distance.
    parallel = curve.derivative(0) * (50 * Y + 5) - curve.derivative(1) * (50 * X + 16)
    critical = common_zeros(curve, parallel)
    assert n_zeros(critical) == 36
    assert len(real_points(critical)) == 8
    other = common_zeros(curve, 2 * X**2 + 4 * X * Y**2 - 4 * Y**2 - 1)
    assert n_zeros(other) == 18
    assert len(real_points(other)) == 4


# --- theorems


@given(polynomials(3), polynomials(3))
def test_all_zeros_of_all_components_are_exact(f, g) -> None:
    assume(f.gcd(g).is_constant())
    for c in common_zeros(f, g):
        assert c.vanishes(f)
        assert c.vanishes(g)
        assert c.minimal_polynomial.factor()[1] == [(c.minimal_polynomial, 1)]
        assert c.scale > 0
        assert all(p.degree() < c.degree for p in c.numerators)
        assert len(c.real_points()) == n_real_roots(c.minimal_polynomial)
        for point in c.real_points():
            assert point.sign_of(f) == point.sign_of(g) == 0


@given(polynomials(3), polynomials(3))
def test_bezout_bounds_the_zeros_and_exchange_keeps_them(f, g) -> None:
    assume(f.gcd(g).is_constant())
    components = common_zeros(f, g)
    bound = f.total_degree() * g.total_degree()
    assert n_zeros(components) <= n_with_multiplicity(components) <= bound
    turned = common_zeros(swapped(g), swapped(f))

    def profile(cs) -> list[tuple[int, int, int]]:
        return sorted((c.degree, c.multiplicity, len(c.real_points())) for c in cs)

    assert profile(turned) == profile(components)


@given(polynomials(3), polynomials(2))
def test_without_zeros_at_infinity_bezout_is_equality(f, g) -> None:
    m, n = f.total_degree(), g.total_degree()
    # The added forms of top degree have no common zero, nor have they with the rest.
    f, g = f + 97 * X ** (m + 1), g + 89 * Y ** (n + 1)
    assert n_with_multiplicity(common_zeros(f, g)) == (m + 1) * (n + 1)


@given(polynomials(2), polynomials(2), polynomials(2))
def test_multiplicities_of_a_product_add_up(f, g, h) -> None:
    assume(f.gcd(h).is_constant() and g.gcd(h).is_constant())
    product = common_zeros(f * g, h)
    parts = n_with_multiplicity(common_zeros(f, h)) + n_with_multiplicity(
        common_zeros(g, h)
    )
    assert n_with_multiplicity(product) == parts


@given(polynomials(2, 3), polynomials(2, 3))
def test_real_zeros_are_those_of_sympy(f, g) -> None:
    """SymPy's Groebner basis and roots: another way to the number and the places."""
    import sympy

    assume(f.gcd(g).is_constant())
    x, y, t = sympy.symbols("x y t")

    def as_sympy(p: fmpz_mpoly):
        return sum(int(c) * x ** int(i) * y ** int(j) for (i, j), c in p.terms())

    points = real_points(common_zeros(f, g))
    # t = x + 7 y separates the zeros if there are as many values of t.
    basis = sympy.groebner(
        [as_sympy(f), as_sympy(g), t - x - 7 * y], x, y, t, order="lex"
    )
    last = sympy.Poly(basis.exprs[-1], t)
    assume(last.degree() < 1 or sympy.gcd(last, last.diff(t)).degree() == 0)
    assume(len(basis.exprs) == 3 or last.degree() < 1)
    count = last.count_roots() if last.degree() > 0 else 0
    assert len(points) == count
    expected = sorted(float(r) for r in last.real_roots()) if count else []
    width = Fraction(1, 10**20)
    found = sorted(
        float(a + 7 * b)
        for (a, _), (b, _) in (point.enclosures(width) for point in points)
    )
    assert found == pytest.approx(expected, abs=1e-9, rel=1e-9)


@given(polynomials(3, 3), polynomials(2, 3), polynomials(1, 2))
def test_multiplicities_add_up_to_the_dimension_of_the_quotient_ring(f, g, h) -> None:
    """The standard monomials of SymPy's Groebner basis: complex zeros, all of them."""
    import sympy

    f = f * h  # special position is frequent
    assume(f.gcd(g).is_constant())
    x, y = sympy.symbols("x y")
    basis = sympy.groebner(
        [
            sum(int(c) * x ** int(i) * y ** int(j) for (i, j), c in p.terms())
            for p in (f, g)
        ],
        x,
        y,
        order="grevlex",
    )
    leading = [p.monoms(order="grevlex")[0] for p in basis.polys]
    standard = [
        (i, j)
        for i in range(13)
        for j in range(13)
        if not any(a <= i and b <= j for a, b in leading)
    ]
    assert n_with_multiplicity(common_zeros(f, g)) == len(standard)


@given(polynomials(2), polynomials(2), st.integers(-3, 3), st.integers(-3, 3))
def test_a_translation_moves_the_zeros(f, g, a: int, b: int) -> None:
    assume(f.gcd(g).is_constant())
    moved = common_zeros(*(p.compose(X - a, Y - b, ctx=RING) for p in (f, g)))
    width = Fraction(1, 10**30)

    def boxes(components):
        return [point.enclosures(width) for point in real_points(components)]

    originals = boxes(common_zeros(f, g))
    images = boxes(moved)
    assert len(images) == len(originals)
    for (x0, x1), (y0, y1) in images:
        near = [
            1
            for (u0, u1), (v0, v1) in originals
            if x0 <= u1 + a and u0 + a <= x1 and y0 <= v1 + b and v0 + b <= y1
        ]
        assert len(near) == 1


@given(polynomials(2), polynomials(2), polynomials(2), polynomials(1))
def test_quotients_at_the_zeros(f, g, p, q) -> None:
    assume(f.gcd(g).is_constant())
    for c in common_zeros(f, g, apart_from=[q]):
        numerator, e = c.quotient(p, q)
        assert e > 0
        # p/q = numerator/(e w'), all brought over the power of c.denominator.
        n = max(p.total_degree(), q.total_degree(), 0)
        difference = numerator * c.at(q, n) - (
            e * c.minimal_polynomial.derivative() * c.at(p, n)
        )
        assert divides(c.minimal_polynomial, difference)


# --- one variable


@given(st.lists(st.integers(-6, 6), min_size=1, max_size=6), st.integers(-6, 6))
def test_common_roots_are_the_roots(roots: list[int], left_out: int) -> None:
    p = T**2 + 1
    for r in roots:
        p = p * (T - r)
    components = common_roots(p, p * (T**3 - 2), apart_from=[T - left_out])
    assert rational_points(components) == {
        (Fraction(r),) for r in {*roots} - {left_out}
    }
    multiplicities = {
        c.real_points()[0].rational[0]: c.multiplicity
        for c in components
        if c.degree == 1
    }
    assert multiplicities == {r: roots.count(r) for r in {*roots} - {left_out}}
    assert n_zeros(components) == len({*roots} - {left_out}) + 2


def test_leading_coefficients_and_constants_of_one_variable() -> None:
    (root,) = common_roots(6 * T - 4)
    assert root.real_points()[0].rational == (Fraction(2, 3),)
    assert common_roots(T**0 * 5) == ()
    (pair,) = common_roots(3 * T**2 - 2)
    for point in pair.real_points():
        assert point.sign_of(3 * T**2 - 2) == 0


# --- the form of Kronecker


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.sampled_from(
        [[-2, 0, 1], [-2, 0, 0, 3], [1, 1, 1, 1, 1], [3, 5], [-30, 11, 4, -7, 2]]
    ),
)
def test_quotients_modulo_a_polynomial_are_exact(p, q, w) -> None:
    p, q, w = fmpz_poly(p), fmpz_poly(q), fmpz_poly(w)
    assume(q.gcd(w).degree() == 0)
    c, e = quotient_modulo(p, q, w)
    assert e > 0
    assert c.degree() < w.degree()
    assert divides(w, c * q - e * p * w.derivative())


def test_division_by_zero_is_refused() -> None:
    w = fmpz_poly([-1, 0, 1])
    with pytest.raises(InvalidInputError, match="division by zero"):
        quotient_modulo(fmpz_poly([1]), fmpz_poly([-1, 1]), w)


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=5),
    st.lists(st.integers(-9, 9), min_size=2, max_size=4).filter(lambda w: w[-1] > 0),
)
def test_divisibility_is_that_of_remainders_over_the_rationals(p, w) -> None:
    from flint import fmpq_poly

    p, w = fmpz_poly(p), fmpz_poly(w)
    w = w // w.content()
    assert divides(w, p) == (not fmpq_poly(p) % fmpq_poly(w))
    assert divides(w, p * w)


# --- what is refused


@pytest.mark.parametrize(
    ("f", "g"),
    [
        (X * (X + Y), (X + Y) * Y),
        (X**2 - Y**2, X - Y),
        (X - Y, X - Y),
        (RING.constant(0), X),
        (X**2 + Y**2, X**3 + X * Y**2),
    ],
)
def test_a_common_factor_is_refused(f, g) -> None:
    with pytest.raises(InvalidInputError, match="common factor"):
        common_zeros(f, g)


def test_other_rings_are_refused() -> None:
    with pytest.raises(InvalidInputError, match="same two variables"):
        common_zeros(T, T + 1)
    with pytest.raises(InvalidInputError, match="same two variables"):
        common_zeros(X, polynomial_ring(["x", "z"]).gens()[1])


def test_the_zero_polynomial_of_one_variable_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="every number"):
        common_roots(T - T)


def test_a_component_says_what_it_is() -> None:
    component = ZeroComponent(
        minimal_polynomial=fmpz_poly([-2, 0, 1]),
        numerators=(fmpz_poly([4]), fmpz_poly([0, 2])),
        scale=1,
        multiplicity=1,
    )  # x = 2/T, y = 1
    assert component.denominator == fmpz_poly([0, 2])
    assert component.vanishes(Y - 1)
    assert component.vanishes(X**2 - 2)
    assert not component.vanishes(X - Y)
