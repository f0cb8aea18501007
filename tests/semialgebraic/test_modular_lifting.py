"""Rational vectors from images modulo primes: the true one is found, and stays."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice

from flint import fmpz
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.modular_lifting import rational_candidates

rationals = st.builds(Fraction, st.integers(-(10**40), 10**40), st.integers(1, 10**40))


def image_of(vector, unsuitable=()):
    """Images of a vector; None for some primes, and the primes that were asked."""
    asked: list[int] = []

    def image(prime: int) -> list[int] | None:
        asked.append(prime)
        if len(asked) in unsuitable:
            return None
        return [x.numerator * pow(x.denominator, -1, prime) % prime for x in vector]

    return image, asked


@given(st.lists(rationals, min_size=1, max_size=4))
def test_the_vector_is_among_the_first_candidates(vector) -> None:
    # Its terms, over a common denominator of 532 bits at most, fit below the square
    # root of half the product of 32 primes.
    image, asked = image_of(vector)
    candidates = rational_candidates(image)
    assert vector in islice(candidates, 6)
    assert len(asked) <= 32


@given(st.lists(rationals, min_size=1, max_size=3))
def test_a_candidate_that_is_true_is_repeated(vector) -> None:
    candidates = rational_candidates(image_of(vector)[0])
    for found in candidates:
        if found == vector:
            break
    assert next(candidates) == vector


@given(
    st.lists(rationals, min_size=1, max_size=3), st.sets(st.integers(1, 12), max_size=6)
)
def test_unsuitable_primes_are_passed_over(vector, unsuitable) -> None:
    with_gaps = rational_candidates(image_of(vector, unsuitable)[0])
    assert vector in islice(with_gaps, 6)


@given(st.lists(rationals, min_size=1, max_size=3))
def test_every_candidate_agrees_with_the_images(vector) -> None:
    image, asked = image_of(vector)
    for found in islice(rational_candidates(image), 3):
        modulus = 1
        for prime in asked:
            modulus *= prime
        for guess, truth in zip(found, vector, strict=True):
            difference = guess - truth
            assert difference.numerator % modulus == 0


def test_primes_are_prime_and_different() -> None:
    image, asked = image_of([Fraction(1, 3)])
    list(islice(rational_candidates(image), 4))
    assert len(set(asked)) == len(asked) == 8
    assert all(fmpz(p).is_prime() for p in asked)


def test_small_negative_numbers_need_one_prime() -> None:
    image, asked = image_of([Fraction(-5), Fraction(-22, 7), Fraction(0)])
    assert next(rational_candidates(image)) == [-5, Fraction(-22, 7), 0]
    assert len(asked) == 1
