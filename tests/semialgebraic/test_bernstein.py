"""Bernstein coefficients, against their definition, in rational arithmetic."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.bernstein import (
    centred,
    coefficients,
    halve,
    tensor_shape,
    tensor_size,
)
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring, value_at

NAMES = ("x", "y")
Box = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
exponents = st.tuples(st.integers(0, 4), st.integers(0, 3))
integers = st.one_of(st.integers(-9, 9), st.integers(-(2**90), 2**90))
polynomials = st.dictionaries(exponents, integers, max_size=6).map(
    lambda terms: from_terms(NAMES, terms)
)
fractions = st.fractions(-5, 5, max_denominator=30)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """A box, now and then the usual one, now and then flat."""
    if draw(st.booleans()):
        return (Fraction(-1),) * 2, (Fraction(1),) * 2
    sides = [sorted((draw(fractions), draw(fractions))) for _ in NAMES]
    return tuple(side[0] for side in sides), tuple(side[1] for side in sides)


def bernstein_sum(p: fmpz_mpoly, box: Box, place: tuple[Fraction, ...]) -> Fraction:
    """The combination of Bernstein polynomials at a place of the unit square."""
    numerators, denominator = coefficients(p, *box)
    total = Fraction(0)
    for index in itertools.product(*map(range, numerators.shape)):
        term = Fraction(int(numerators[index]), denominator)
        for j, length, t in zip(index, numerators.shape, place, strict=True):
            n = length - 1
            term *= math.comb(n, j) * t**j * (1 - t) ** (n - j)
        total += term
    return total


@given(polynomials, boxes(), st.tuples(fractions, fractions))
def test_combination_of_bernstein_polynomials_is_the_polynomial(
    p: fmpz_mpoly, box: Box, place: tuple[Fraction, ...]
) -> None:
    point = [a + t * (b - a) for a, b, t in zip(*box, place, strict=True)]
    assert bernstein_sum(p, box, place) == value_at(p, point)


@given(polynomials, boxes())
def test_corner_coefficients_are_corner_values(p: fmpz_mpoly, box: Box) -> None:
    numerators, denominator = coefficients(p, *box)
    for ends in itertools.product((0, -1), repeat=2):
        corner = [(a, b)[end] for a, b, end in zip(*box, ends, strict=True)]
        assert Fraction(int(numerators[ends]), denominator) == value_at(p, corner)


@given(polynomials, boxes(), st.integers(0, 1))
def test_halves_are_the_coefficients_on_the_halves(
    p: fmpz_mpoly, box: Box, axis: int
) -> None:
    numerators, denominator = coefficients(p, *box)
    degree = numerators.shape[axis] - 1
    middle = (box[0][axis] + box[1][axis]) / 2
    cut = [list(side) for side in box]
    for half, moved_end in zip(halve(numerators, axis), (1, 0), strict=True):
        part = [list(side) for side in cut]
        part[moved_end][axis] = middle
        expected, common = coefficients(p, part[0], part[1])
        left = half.astype(object) * common
        right = expected.astype(object) * (denominator << degree)
        assert (left == right).all()


@given(polynomials, boxes(), st.tuples(fractions, fractions))
def test_centred_polynomial_is_the_moved_one(
    p: fmpz_mpoly, box: Box, place: tuple[Fraction, ...]
) -> None:
    terms, factor = centred(p, *box)
    moved = p.context().from_dict(terms)
    point = [(a + b) / 2 + (b - a) / 2 * s for a, b, s in zip(*box, place, strict=True)]
    assert value_at(moved, place) == factor * value_at(p, point)


def test_constant_and_zero_have_one_coefficient() -> None:
    ring = polynomial_ring(NAMES)
    box = (Fraction(0),) * 2, (Fraction(1),) * 2
    for constant in (0, -7):
        p = ring.constant(constant)
        assert tensor_shape(p) == (1, 1)
        assert tensor_size(p) == 1
        numerators, denominator = coefficients(p, *box)
        assert np.all(numerators == constant * denominator)


def test_box_must_not_be_empty() -> None:
    (x,) = polynomial_ring(["x"]).gens()
    with pytest.raises(InvalidInputError, match="empty"):
        coefficients(x, [Fraction(1)], [Fraction(0)])
