"""Rounded Bernstein coefficients: their error bounds, against integer arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpz_mpoly
from hypothesis import example, given
from hypothesis import strategies as st

from semialgebraic.bernstein import centred, coefficients
from semialgebraic.errors import InvalidInputError
from semialgebraic.polynomials import from_terms, polynomial_ring
from semialgebraic.rounded_bernstein import (
    LARGEST_DEGREE,
    Rounded,
    boxes_at_once,
    halve_rounded,
    rounded,
)

NAMES = ("x", "y")
Box = tuple[tuple[Fraction, ...], tuple[Fraction, ...]]
exponents = st.tuples(st.integers(0, 9), st.integers(0, 3))
integers = st.one_of(
    st.integers(-9, 9),
    st.integers(-(2**90), 2**90),
    st.sampled_from([2**3000, -(2**3000) + 1, 3**700]),
)
polynomials = st.dictionaries(exponents, integers, max_size=7).map(
    lambda terms: from_terms(NAMES, terms)
)
fractions = st.one_of(
    st.fractions(-5, 5, max_denominator=30),
    st.sampled_from([Fraction(10**9), Fraction(10**9 + 1), Fraction(1, 3**60)]),
)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Near and far, wide, narrow and flat boxes."""
    sides = [sorted((draw(fractions), draw(fractions))) for _ in NAMES]
    return tuple(side[0] for side in sides), tuple(side[1] for side in sides)


def assert_enclosed(p: fmpz_mpoly, root: Box, box: Box, found: Rounded, i: int) -> None:
    """See that no coefficient on a part of the root box is off by more than the bound.

    The factor by which they are scaled is that of the root box.
    """
    terms, common = centred(p, *root)
    scale = Fraction(common, 1 << sum(map(abs, terms.values())).bit_length())
    numerators, denominator = coefficients(p, *box)
    bound = Fraction(float(found.errors[i]))
    for value, exact in zip(
        found.values[i].ravel().tolist(), numerators.ravel().tolist(), strict=True
    ):
        assert abs(Fraction(value) - scale * Fraction(exact, denominator)) <= bound
    lowest, highest = found.bounds()
    assert numerators.min() > 0 or lowest[i] <= 0
    assert numerators.max() < 0 or highest[i] >= 0


@given(polynomials, boxes())
@example(from_terms(NAMES, {(0, 0): 1, (9, 3): 2**3000}), ((Fraction(-1),) * 2,) * 2)
def test_errors_of_the_conversion_are_bounded(p: fmpz_mpoly, box: Box) -> None:
    found = rounded(p, *box)
    assert_enclosed(p, box, box, found, 0)
    assert found.errors[0] < 1e-13
    assert np.abs(found.values).max() <= 1 + 1e-13


@given(
    polynomials,
    boxes(),
    st.lists(st.tuples(st.integers(0, 1), st.booleans()), max_size=25),
)
def test_errors_of_repeated_halving_are_bounded(
    p: fmpz_mpoly, root: Box, cuts: list[tuple[int, bool]]
) -> None:
    found = rounded(p, *root)
    low, high = list(root[0]), list(root[1])
    for axis, upper in cuts:
        halves = halve_rounded(found, axis)
        found = halves.take(slice(1, 2) if upper else slice(0, 1))
        (low if upper else high)[axis] = (low[axis] + high[axis]) / 2
        # The bound grows by about n u a halving and stays useful.
        assert found.errors[0] < 1e-12
    assert_enclosed(p, root, (tuple(low), tuple(high)), found, 0)


@given(polynomials, st.integers(0, 1))
def test_boxes_do_not_influence_each_other(p: fmpz_mpoly, axis: int) -> None:
    unit = (Fraction(0),) * 2, (Fraction(1),) * 2
    both = halve_rounded(rounded(p, *unit), axis)
    together = halve_rounded(both, axis)
    for i in range(2):
        alone = halve_rounded(both.take(np.array([i])), axis)
        joined = Rounded.joined([alone.take(slice(0, 1)), alone.take(slice(1, 2))])
        for j in range(2):
            difference = joined.values[j] - together.values[i + 2 * j]
            assert np.abs(difference).max() <= 2 * joined.errors[j]


def test_replacing_puts_one_box_in_the_place_of_another() -> None:
    (x,) = polynomial_ring(["x"]).gens()
    halves = halve_rounded(rounded(x - 3, [Fraction(0)], [Fraction(8)]), 0)
    assert halves.bounds()[1][0] > 0
    halves.replace(0, rounded(x - 3, [Fraction(0)], [Fraction(2)]))
    assert halves.bounds()[1][0] < 0


def test_degree_is_limited_and_binomials_below_are_exact() -> None:
    (x,) = polynomial_ring(["x"]).gens()
    unit = [Fraction(0)], [Fraction(1)]
    halves = halve_rounded(rounded(x**LARGEST_DEGREE, *unit), 0)
    assert halves.bounds()[0][1] <= 2.0**-LARGEST_DEGREE
    with pytest.raises(InvalidInputError, match="rational arithmetic"):
        rounded(x ** (LARGEST_DEGREE + 1), *unit)


def test_number_of_boxes_at_once_falls_with_their_size() -> None:
    assert [boxes_at_once(size) >= 1 for size in (0, 1, 10**9)] == [True] * 3
    assert boxes_at_once(100) > boxes_at_once(10**5)
