"""Verified Newton steps: what is counted is counted rightly, and digits nest."""

from fractions import Fraction

import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import assume, given
from hypothesis import strategies as st

from semialgebraic.krawczyk import (
    NoZero,
    SquareSystem,
    Undecided,
    UniqueZero,
    accuracy,
    approach,
    contract,
    krawczyk_operator,
    sharpen,
)

small = st.fractions(min_value=-4, max_value=4, max_denominator=8)
radii = st.fractions(min_value=Fraction(1, 64), max_value=3, max_denominator=64)


def ball(middle: Fraction, radius: Fraction) -> arb:
    return arb(fmpq(*middle.as_integer_ratio())) + arb(0, 1) * arb(
        fmpq(*radius.as_integer_ratio())
    )


def contains(entry: arb, value: Fraction) -> bool:
    # Exactly: python-flint would round the rational to the present precision.
    exact = fmpq(*value.as_integer_ratio())
    with ctx.workprec(4000):
        return entry.lower().fmpq() <= exact <= entry.upper().fmpq()


def cubic(roots: tuple[Fraction, ...]) -> SquareSystem:
    """The product of x - root, and its derivative."""
    p, q, r = (fmpq(*root.as_integer_ratio()) for root in roots)

    def value(x: arb_mat) -> arb_mat:
        t = x[0, 0]
        return arb_mat([[(t - p) * (t - q) * (t - r)]])

    def jacobian(x: arb_mat) -> arb_mat:
        t = x[0, 0]
        return arb_mat([[(t - p) * (t - q) + (t - p) * (t - r) + (t - q) * (t - r)]])

    return SquareSystem(value=value, jacobian=jacobian)


def circle_and_line(radius: Fraction, height: Fraction) -> SquareSystem:
    """x^2 + y^2 = radius^2 and y = height x; the zeros lie opposite each other."""
    square, h = fmpq(*(radius**2).as_integer_ratio()), fmpq(*height.as_integer_ratio())

    def value(point: arb_mat) -> arb_mat:
        x, y = point.entries()
        return arb_mat([[x * x + y * y - square], [y - h * x]])

    def jacobian(point: arb_mat) -> arb_mat:
        x, y = point.entries()
        return arb_mat([[2 * x, 2 * y], [-h, 1]])

    return SquareSystem(value=value, jacobian=jacobian)


def parabola(height: int) -> SquareSystem:
    """x^2 = height."""
    return SquareSystem(
        value=lambda x: arb_mat([[x[0, 0] * x[0, 0] - height]]),
        jacobian=lambda x: arb_mat([[2 * x[0, 0]]]),
    )


@given(roots=st.tuples(small, small, small), middle=small, radius=radii)
def test_what_is_counted_is_counted_rightly(roots, middle, radius) -> None:
    box = arb_mat([[ball(middle, radius)]])
    inside = {root for root in roots if abs(root - middle) <= radius}
    match contract(cubic(roots), box):
        case NoZero():
            assert not inside
        case UniqueZero(box=found):
            # The radius of a ball is rounded up by one part in 2^30.
            near = {r for r in roots if abs(r - middle) <= radius * (1 + 2**-28)}
            assert len(near) == 1
            assert contains(found[0, 0], near.pop())
        case Undecided(box=left):
            assert all(contains(left[0, 0], root) for root in inside)


@given(roots=st.tuples(small, small, small), middle=small, radius=radii)
def test_the_operator_keeps_every_zero(roots, middle, radius) -> None:
    box = arb_mat([[ball(middle, radius)]])
    try:
        image = krawczyk_operator(cubic(roots), box)
    except ZeroDivisionError:
        # Refused, and rightly: the middle of the slopes may vanish.
        assert cubic(roots).jacobian(box).mid()[0, 0].contains(0)
        return
    for root in roots:
        if abs(root - middle) <= radius:
            assert contains(image[0, 0], root)


@given(roots=st.tuples(small, small, small), bits=st.integers(10, 400))
def test_sharpening_nests_and_reaches_the_asked_radius(roots, bits) -> None:
    root = roots[0]
    assume(all(abs(root - other) > Fraction(1, 16) for other in roots[1:]))
    found = contract(cubic(roots), arb_mat([[ball(root, Fraction(1, 10**5))]]))
    assert isinstance(found, UniqueZero)
    once = sharpen(cubic(roots), found, bits=bits)
    twice = sharpen(cubic(roots), once, bits=2 * bits)
    assert accuracy(once.box) >= bits
    assert accuracy(twice.box) >= 2 * bits
    assert found.box[0, 0].contains(once.box[0, 0])
    assert once.box[0, 0].contains(twice.box[0, 0])
    assert contains(twice.box[0, 0], root)


@given(root=small, other=small, radius=radii)
def test_a_double_zero_is_never_called_unique(root, other, radius) -> None:
    system = cubic((root, root, other))
    assert isinstance(contract(system, arb_mat([[ball(root, radius)]])), Undecided)


@given(
    radius=st.fractions(min_value=1, max_value=3, max_denominator=5),
    height=st.fractions(min_value=-2, max_value=2, max_denominator=5),
)
def test_two_unknowns(radius, height) -> None:
    system = circle_and_line(radius, height)
    found = approach(system, arb_mat([[1], [0]]))
    assert isinstance(found, UniqueZero)
    with ctx.workprec(4000):
        x = arb(fmpq(*(radius**2 / (1 + height**2)).as_integer_ratio())).sqrt()
        h = arb(fmpq(*height.as_integer_ratio()))
        close = sharpen(system, found, bits=500)
        assert accuracy(close.box) >= 500
        assert close.box[0, 0].overlaps(x)
        assert close.box[1, 0].overlaps(h * x)
    # Both zeros at once: never one, never none.
    both = arb_mat([[arb(0, 4)], [arb(0, 7)]])
    assert isinstance(contract(system, both), Undecided)


def test_a_thousand_digits_of_a_square_root() -> None:
    system = parabola(2)
    found = approach(system, arb_mat([[arb(1)]]))
    assert isinstance(found, UniqueZero)
    root = sharpen(system, found, bits=3400).box[0, 0]
    with ctx.workprec(9000):
        assert root.contains(arb(2).sqrt())
        assert root.rad() < arb(10) ** -1000


@given(start=st.fractions(Fraction(-1, 2), Fraction(1, 2), max_denominator=64))
def test_a_zero_at_the_origin_is_found(start) -> None:
    system = cubic((Fraction(0), Fraction(3), Fraction(-2)))
    found = approach(system, arb_mat([[ball(start, Fraction(0))]]))
    assert isinstance(found, UniqueZero)
    assert found.box[0, 0].contains(0)
    assert accuracy(sharpen(system, found, bits=500).box) >= 500


def test_newton_steps_that_lead_nowhere_prove_nothing() -> None:
    for start in (0, 1, Fraction(1, 3), 5):
        found = approach(parabola(-1), arb_mat([[ball(Fraction(start), Fraction(0))]]))
        assert not isinstance(found, UniqueZero)


def test_a_system_that_cannot_be_evaluated_is_undecided() -> None:
    reciprocal = SquareSystem(
        value=lambda x: arb_mat([[1 / x[0, 0] - 1]]),
        jacobian=lambda x: arb_mat([[-1 / (x[0, 0] * x[0, 0])]]),
    )
    found = contract(reciprocal, arb_mat([[arb(1, 2)]]))
    assert isinstance(found, Undecided)


@pytest.mark.parametrize("size", [0, 1, 3])
def test_linear_systems_of_any_size(size) -> None:
    unit = [int(i == j) for i in range(size) for j in range(size)]
    identity = SquareSystem(
        value=lambda x: arb_mat(size, 1, [entry - 1 for entry in x.entries()]),
        jacobian=lambda _: arb_mat(size, size, unit),
    )
    found = contract(identity, arb_mat(size, 1, [arb(0.5, 1)] * size))
    assert isinstance(found, UniqueZero)
    assert all(entry.contains(1) for entry in found.box.entries())
