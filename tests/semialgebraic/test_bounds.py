"""Theorem bounds: never violated by true roots and minima, refused outside their scope."""

import math
from fractions import Fraction
from itertools import combinations

import mpmath
import pytest
from flint import arb, fmpq, fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.bounds import (
    ball_radius_bound,
    cauchy_lower_bound,
    cauchy_upper_bound,
    decision_cost,
    minimum_bound,
    require_at_least,
    root_separation,
)
from semialgebraic.errors import HypothesisError, InvalidInputError
from semialgebraic.real_algebraic import real_roots
from semialgebraic.univariate import square_free_part

coefficients = st.lists(st.integers(-60, 60), min_size=2, max_size=8)
polynomials = coefficients.map(fmpz_poly).filter(lambda p: p.degree() > 0)
square_free = polynomials.map(square_free_part).filter(lambda p: p.degree() > 1)
sizes = st.integers(1, 9)


def _arb(x: Fraction) -> arb:
    return arb(fmpq(x.numerator, x.denominator))


def _middles(p: fmpz_poly) -> list[Fraction]:
    """Real roots, wrong by less than one."""
    intervals = [root.refine(2).isolating_interval for root in real_roots(p)]
    return [(low + high) / 2 for low, high in intervals]


def _minimum_bound(n: int, d: int, height: int, m: int) -> int:
    return minimum_bound(
        n_variables=n,
        degree=d,
        height=height,
        n_conditions=m,
        component_is_compact=True,
    )


# --- roots


@given(square_free)
def test_complex_roots_are_farther_apart_than_the_separation(p: fmpz_poly) -> None:
    separation = root_separation(p)
    assert separation > 0
    roots = [root for root, _ in p.complex_roots()]
    assert len(roots) == p.degree()
    for x, y in combinations(roots, 2):
        assert abs(x - y) > _arb(separation)


@pytest.mark.parametrize("a", [10, 1000, 10**6])
def test_close_roots_of_mignotte_are_farther_apart_than_the_separation(a: int) -> None:
    p = fmpz_poly([-2, 4 * a, -2 * a * a, 0, 0, 0, 0, 0, 1])
    separation = root_separation(p)
    first, second = [root for root in real_roots(p) if 0 < root < 1]
    digits = separation.denominator.bit_length()
    (_, high), (low, _) = (r.refine(digits).isolating_interval for r in (first, second))
    assert separation < low - high < Fraction(4, a**5)


def test_separation_of_a_quadratic_is_within_its_formula() -> None:
    # n = 2, |p|_2^2 = 5: sqrt(3) / (4 sqrt 5) = 0.1936
    assert Fraction(18, 100) < root_separation([-2, 0, 1]) < Fraction(194, 1000)


@pytest.mark.parametrize("p", [[1, 2], [1, 2, 1], [0, 0, 1, 1]])
def test_separation_is_refused_without_two_simple_roots(p: list[int]) -> None:
    with pytest.raises(HypothesisError):
        root_separation(p)


@given(polynomials)
def test_all_roots_lie_within_cauchys_bounds(p: fmpz_poly) -> None:
    upper = _arb(cauchy_upper_bound(p))
    moduli = [abs(root) for root, _ in p.complex_roots()]
    assert all(modulus < upper for modulus in moduli)
    if any(int(c) for c in p.coeffs()[:-1]):
        lower = _arb(cauchy_lower_bound(p))
        assert all(modulus > lower for modulus in moduli if not modulus.contains(0))


@given(polynomials)
def test_cauchys_bounds_are_each_others_mirror_image(p: fmpz_poly) -> None:
    assume(int(p[0]) != 0)
    reversed_p = fmpz_poly(p.coeffs()[::-1])
    assert cauchy_lower_bound(p) == 1 / cauchy_upper_bound(reversed_p)


@pytest.mark.parametrize("p", [[3], [-1]])
def test_a_constant_has_no_root_bound(p: list[int]) -> None:
    with pytest.raises(HypothesisError, match="no roots"):
        cauchy_upper_bound(p)


def test_a_power_of_the_variable_has_no_nonzero_root() -> None:
    assert cauchy_upper_bound([0, 0, 5]) == 1
    with pytest.raises(HypothesisError, match="no root but 0"):
        cauchy_lower_bound([0, 0, 5])


def test_the_zero_polynomial_is_refused() -> None:
    with pytest.raises(InvalidInputError):
        cauchy_upper_bound([0])


# --- the minimum of a polynomial


def test_the_example_of_the_literature_takes_272693_bits() -> None:
    assert _minimum_bound(4, 4, 100, 0) == 272_693


@given(st.integers(2, 6), st.integers(1, 4), st.integers(1, 10**9), st.integers(0, 40))
def test_bits_of_the_minimum_are_the_formula_rounded_up(n, half, height, m) -> None:
    d = 2 * half
    with mpmath.workdps(60):
        power = mpmath.mpf(n) * 2**n * d**n
        larger = max(height, 2 * n + 2 * m)
        logarithms = mpmath.log(larger, 2) + n * mpmath.log(d, 2)
        exact = power * (4 - mpmath.mpf(n) / 2 + logarithms)
        assert exact - mpmath.mpf(10) ** -30 <= _minimum_bound(n, d, height, m)
        assert _minimum_bound(n, d, height, m) < exact + 1


def test_powers_of_two_give_the_formula_exactly() -> None:
    assert _minimum_bound(2, 2, 1024, 0) == 2 * 4 * 4 * (4 - 1 + 10 + 2)


@given(st.integers(-99, 99), st.integers(-99, 99), st.integers(-99, 99))
def test_true_minima_on_a_circle_respect_the_bound(a: int, b: int, c: int) -> None:
    # On x^2 + y^2 = 1 the minimum of a x + b y + c is c - sqrt(a^2 + b^2).
    square = a * a + b * b
    assume(c * c != square)
    bits = _minimum_bound(2, 2, max(1, abs(a), abs(b), abs(c)), 1)
    # |c - sqrt s| = |c^2 - s| / |c + sqrt s|
    below = Fraction(abs(c * c - square), abs(c) + math.isqrt(square) + 1)
    assert below >= Fraction(1, 2**bits)


@pytest.mark.parametrize("k", range(1, 6))
def test_repeated_squaring_respects_the_bound(k: int) -> None:
    # x_1 = 1/2, x_(i+1) = x_i^2: the minimum of x_n is 2^-(2^(n-1)).
    n = k + 1
    assert _minimum_bound(n, 2, 2, n) >= 2**k


def test_astronomical_exponents_are_integers() -> None:
    assert len(str(_minimum_bound(1001, 18, 2**1000, 5))) > 1500


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"component_is_compact": False}, "compact"),
        ({"n_variables": 1}, "variables"),
        ({"degree": 3}, "odd"),
        ({"degree": 0}, "degree"),
        ({"height": 0}, "height"),
        ({"n_conditions": -1}, "conditions"),
    ],
)
def test_the_minimum_bound_is_refused_outside_its_hypotheses(changed, word) -> None:
    arguments = {
        "n_variables": 2,
        "degree": 2,
        "height": 1,
        "n_conditions": 1,
        "component_is_compact": True,
    }
    with pytest.raises(HypothesisError, match=word):
        minimum_bound(**{**arguments, **changed})


def test_compactness_has_to_be_declared() -> None:
    with pytest.raises(HypothesisError, match="component_is_compact=True"):
        minimum_bound(n_variables=2, degree=2, height=1, n_conditions=1)


# --- the ball and the cost of a decision


@given(polynomials)
def test_the_ball_reaches_a_root(p: fmpz_poly) -> None:
    assume(real_roots(p))
    tau = max(abs(int(c)).bit_length() for c in p.coeffs())
    bits = ball_radius_bound(
        n_variables=1, degree=p.degree(), bitsize=tau, n_conditions=1
    )
    nearest = min(abs(root) for root in _middles(p)) + 1
    assert math.ceil(nearest).bit_length() <= bits


@given(sizes, st.integers(1, 5))
def test_the_ball_reaches_the_point_that_squares_itself(tau: int, n: int) -> None:
    # x_1 = 2^tau - 1, x_(i+1) = x_i^2 has one solution; x_n = (2^tau - 1)^(2^(n-1)).
    bits = ball_radius_bound(n_variables=n, degree=2, bitsize=tau, n_conditions=n)
    assert bits >= ((2**tau - 1) ** (2 ** (n - 1))).bit_length()


@given(sizes, sizes, sizes, sizes)
def test_the_ball_grows_with_each_size(v: int, d: int, tau: int, m: int) -> None:
    assume(v < 6)
    sizes_ = {"n_variables": v, "degree": d, "bitsize": tau, "n_conditions": m}
    for name, value in sizes_.items():
        larger = ball_radius_bound(**{**sizes_, name: value + 1})
        assert ball_radius_bound(**sizes_) <= larger


@pytest.mark.parametrize("name", ["n_variables", "degree", "bitsize", "n_conditions"])
def test_the_ball_is_refused_for_sizes_below_one(name: str) -> None:
    sizes_ = {"n_variables": 1, "degree": 1, "bitsize": 1, "n_conditions": 1}
    with pytest.raises(HypothesisError):
        ball_radius_bound(**{**sizes_, name: 0})


def test_the_cost_of_a_decision_is_base_and_exponent() -> None:
    asked = {"n_variables": 5, "n_conditions": 3, "degree": 4}
    assert decision_cost(**asked) == (12, 5)
    assert decision_cost(**asked, constant=3) == (12, 15)


@pytest.mark.parametrize("name", ["n_variables", "n_conditions", "degree", "constant"])
def test_the_cost_of_no_system_is_refused(name: str) -> None:
    asked = {"n_variables": 5, "n_conditions": 3, "degree": 4, "constant": 1}
    with pytest.raises(HypothesisError):
        decision_cost(**{**asked, name: 0})


def test_a_hypothesis_is_named_with_its_value() -> None:
    assert require_at_least("the rank", 1, 1) == 1
    with pytest.raises(HypothesisError, match="the rank is 0; it must be at least 1"):
        require_at_least("the rank", 0, 1)
