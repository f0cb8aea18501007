"""Greatest common divisors over Q(t): planted factors are found, and only they."""

from __future__ import annotations

from flint import fmpq_poly, fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.field_divisors import greatest_divisor, quotient, square_free
from semialgebraic.field_polynomials import FieldPolynomial, modulus_of, trimmed
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots

RATIONAL = RealAlgebraicNumber.from_rational(0)
SQRT_2 = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
ONE = fmpq_poly([1])

numbers = (
    st.lists(st.integers(-6, 6), min_size=2, max_size=5)
    .map(fmpz_poly)
    .filter(lambda p: p.degree() > 0)
    .map(real_roots)
    .filter(bool)
    .flatmap(st.sampled_from)
)
elements = st.lists(st.integers(-4, 4), min_size=1, max_size=3).map(fmpq_poly)
polynomials = st.lists(elements, min_size=1, max_size=3)


def _times(
    t: RealAlgebraicNumber, a: FieldPolynomial, b: FieldPolynomial
) -> FieldPolynomial:
    found = [fmpq_poly()] * max(len(a) + len(b) - 1, 0)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            found[i + j] = (found[i + j] + x * y) % modulus_of(t)
    return trimmed(t, found)


@given(numbers, polynomials, polynomials, polynomials)
def test_divisor_contains_the_planted_factor_and_leaves_coprime_rests(
    t: RealAlgebraicNumber, a: FieldPolynomial, b: FieldPolynomial, c: FieldPolynomial
) -> None:
    a, b, c = (trimmed(t, q) for q in (a, b, c))
    assume(a and b and c)
    left, right = _times(t, a, c), _times(t, b, c)
    divisor = greatest_divisor(t, left, right)
    rests = [quotient(t, q, divisor) for q in (left, right)]
    assert [_times(t, divisor, rest) for rest in rests] == [left, right]
    assert greatest_divisor(t, *rests) == [ONE]
    assert len(greatest_divisor(t, divisor, c)) == len(c)


@given(numbers, polynomials, polynomials)
def test_square_free_part_of_a_square(
    t: RealAlgebraicNumber, a: FieldPolynomial, b: FieldPolynomial
) -> None:
    a, b = trimmed(t, a), trimmed(t, b)
    assume(a and b)
    found = square_free(t, _times(t, _times(t, a, a), b))
    once = square_free(t, _times(t, a, b))
    assert len(found) == len(once)
    derivative = [i * c for i, c in enumerate(found)][1:]
    assert len(greatest_divisor(t, found, derivative)) <= 1


def test_divisor_of_zero_is_the_other_made_monic() -> None:
    t = fmpq_poly([0, 1])
    assert greatest_divisor(SQRT_2, [], [t, t]) == [ONE, ONE]
    assert greatest_divisor(SQRT_2, [], []) == []


def test_rational_polynomials() -> None:
    a, b = [-ONE, fmpq_poly(), ONE], [ONE, ONE]
    assert greatest_divisor(RATIONAL, a, b) == b
    assert greatest_divisor(SQRT_2, a, b) == b


def test_large_result_needs_several_primes() -> None:
    # The divisor y - t / 10^100 has coefficients of more than five words.
    root = fmpq_poly([0, 1]) / 10**100
    a = _times(SQRT_2, [-root, ONE], [ONE, ONE])
    b = _times(SQRT_2, [-root, ONE], [-ONE, ONE])
    assert greatest_divisor(SQRT_2, a, b) == [-root, ONE]
