"""Stacks: roots of several polynomials over one point, nullification, signs."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq_poly, fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.number_fields import joint_point
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.real_algebraic import RealAlgebraicNumber, real_roots
from semialgebraic.stacks import Stack, lazard_evaluation, separated

RING = polynomial_ring(["x", "y", "z"])
X, Y, Z = RING.gens()
SQRT_2 = RealAlgebraicNumber.from_root([-2, 0, 1], (0, 2))
ORIGIN = AlgebraicPoint.from_rationals([0, 0])

numbers = st.sampled_from(
    [*real_roots([-2, 0, 1]), *real_roots([-3, 1, 0, 1]), *real_roots([0, -1, 0, 1])]
)
polynomials = (
    st.dictionaries(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.just(0)),
        st.integers(-3, 3),
        min_size=1,
        max_size=4,
    )
    .map(RING.from_dict)
    .filter(bool)
)


@given(numbers, st.lists(polynomials, min_size=1, max_size=3))
def test_signs_are_those_at_the_samples(
    x: RealAlgebraicNumber, given_ones: list[fmpz_mpoly]
) -> None:
    stack = Stack.over(joint_point([x]), given_ones)
    before: RealAlgebraicNumber | None = None
    for index in range(1, stack.n_cells + 1):
        sample = stack.sample(index)
        at = joint_point([*(sample.coordinate(i) for i in (0, 1))])
        padded = AlgebraicPoint.from_polynomials(
            at.parameter, [*at.polynomials(), fmpq_poly()]
        )
        signs = tuple(padded.sign_of(p) for p in given_ones)
        assert stack.signs(index) == signs
        assert index % 2 or 0 in signs or stack.nullified
        y = sample.coordinate(1)
        assert before is None or before < y
        before = y


def test_lazard_evaluation_divides_by_what_vanishes() -> None:
    # x = 0 leaves y^2, whose second derivative is 2.
    assert lazard_evaluation(X**2 * Z + X * Y + Y**2, ORIGIN) == ([2], True)
    assert lazard_evaluation(X * (Z**2 - 2), ORIGIN) == ([-2, 0, 1], True)
    assert lazard_evaluation(X + Z, ORIGIN) == ([0, 1], False)


def test_nullified_polynomial_is_zero_on_the_whole_line() -> None:
    stack = Stack.over(ORIGIN, [X * Z + Y * (Z**2 - 2), Z - 1])
    # Lazard's evaluation is z^2 - 2, whose roots cut the line too.
    assert stack.nullified == {0}
    assert stack.n_cells == 7
    assert [stack.signs(i) for i in range(3, 6)] == [(0, -1), (0, 0), (0, 1)]
    assert {stack.signs(i)[0] for i in range(1, 8)} == {0}


def test_nullification_at_an_algebraic_point() -> None:
    point = joint_point([SQRT_2, SQRT_2])
    q, nullified = lazard_evaluation((X**2 - 2) * Z + (X - Y) * (Z**2 + 1), point)
    assert nullified
    # x = t is inserted first, which leaves (t - y) (z^2 + 1).
    assert q == [-1, 0, -1]


def test_equal_and_very_near_roots_are_told_apart() -> None:
    t, one = fmpq_poly([0, 1]), fmpq_poly([1])
    near = t + fmpq_poly([1]) / 10**60
    roots = separated(SQRT_2, [[-t, one], [-near, one], [-2 * one, 0 * one, one]])
    assert [sorted(root.vanishing) for root in roots] == [[2], [0, 2], [1]]


def test_sectors_have_short_samples() -> None:
    stack = Stack.over(AlgebraicPoint.from_rationals([]), [X**3 - 3 * X + 1])
    assert stack.sector_samples == (-2, 0, 1, 2)
    empty = Stack.over(AlgebraicPoint.from_rationals([]), [X**2 + 1])
    assert empty.sector_samples == (Fraction(0),)
