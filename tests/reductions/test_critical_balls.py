"""The cost near a critical point: derivatives enclosed, growth never overstated."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, ctx, fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reductions.critical_balls import RowSpaceSystem, balls
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.krawczyk import UniqueZero, approach
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
ranks = st.integers(1, 3)


def drawn(seed: int, rank: int, *, diagonal: bool = False) -> RowSpaceSystem:
    """A system of random data; with `diagonal` the point 0 is critical."""
    generator = np.random.default_rng(seed)
    n, d = 5, 4
    if diagonal:
        data = np.zeros((n, d), dtype=np.int64)
        np.fill_diagonal(data, [40, 30, 20, 1][:rank] + [1] * (d - rank))
        columns = tuple(range(rank))
    else:
        data = generator.integers(-9, 10, (n, d))
        columns = tuple(sorted(generator.choice(d, rank, replace=False).tolist()))
    weights = generator.integers(1, 5, (n, d))
    instance = Instance(
        data=RationalMatrix(data), squared_weights=RationalMatrix(weights), rank=rank
    )
    return RowSpaceSystem(instance=instance, columns=columns)


def point(system: RowSpaceSystem, seed: int, unit: int) -> list[Fraction]:
    """Entries of Y with denominator `unit`."""
    generator = np.random.default_rng(seed + 1)
    size = system.instance.rank * len(system.free)
    return [Fraction(int(x), unit) for x in generator.integers(-8, 9, size)]


def column(values: list[Fraction]) -> arb_mat:
    entries = [arb(fmpq(*x.as_integer_ratio())) for x in values]
    return arb_mat(len(values), 1, entries)


def exact_cost(system: RowSpaceSystem, values: list[Fraction]) -> Fraction:
    """phi(Y) in rational arithmetic."""
    k = system.instance.rank
    right = [[Fraction(0)] * system.instance.shape[1] for _ in range(k)]
    for a, j in enumerate(system.columns):
        right[a][j] = Fraction(1)
    for number, j in enumerate(system.free):
        for a in range(k):
            right[a][j] = values[number * k + a]
    V = RationalMatrix.from_fractions(right)
    instance = system.instance
    return instance.cost(solve_rows(instance.data, instance.squared_weights, V), V)


def contains(entry: arb, value: Fraction) -> bool:
    # Exactly: python-flint would round the rational to the present precision.
    exact = fmpq(*value.as_integer_ratio())
    with ctx.workprec(4000):
        return entry.lower().fmpq() <= exact <= entry.upper().fmpq()


def hull(first: arb_mat, second: arb_mat) -> arb_mat:
    pairs = zip(first.entries(), second.entries(), strict=True)
    return arb_mat(first.nrows(), 1, [x.union(y) for x, y in pairs])


@given(seed=seeds, rank=ranks)
def test_the_cost_is_that_of_exact_least_squares(seed, rank) -> None:
    system = drawn(seed, rank)
    values = point(system, seed, 7)
    exact = exact_cost(system, values)
    found = system.cost(column(values))
    assert contains(found, exact)
    assert found.rad() < 1e-6 * (1 + abs(found))


@given(seed=seeds, rank=ranks)
def test_the_gradient_holds_every_mean_slope(seed, rank) -> None:
    system = drawn(seed, rank)
    start = point(system, seed, 5)
    end = [x + y for x, y in zip(start, point(system, seed + 2, 4000), strict=True)]
    change = exact_cost(system, end) - exact_cost(system, start)
    box = hull(column(start), column(end))
    gradient = system.derivative.value(box)
    moves = column([y - x for x, y in zip(start, end, strict=True)])
    slope = 2 * (gradient.transpose() * moves)[0, 0]
    assert contains(slope, change)


@given(seed=seeds, rank=ranks)
def test_the_hessian_holds_every_mean_slope_of_the_gradient(seed, rank) -> None:
    system = drawn(seed, rank)
    start = point(system, seed, 5)
    end = [x + y for x, y in zip(start, point(system, seed + 2, 4000), strict=True)]
    first, last = column(start), column(end)
    derivative = system.derivative
    change = derivative.value(last) - derivative.value(first)
    hessian = derivative.jacobian(hull(first, last))
    assert (hessian * (last - first)).overlaps(change)
    # Not only because the enclosure is wide: at a point it is nearly symmetric.
    exact = derivative.jacobian(first)
    assert exact.overlaps(exact.transpose())
    assert max(entry.rad() for entry in exact.entries()) < 1e-6


@given(seed=seeds, rank=ranks, unit=st.sampled_from([40, 100, 1000]))
def test_the_cost_grows_as_the_form_says(seed, rank, unit) -> None:
    system = drawn(seed, rank, diagonal=True)
    size = rank * len(system.free)
    origin = arb_mat(size, 1)
    assert all(entry.contains(0) for entry in system.derivative.value(origin).entries())
    values = point(system, seed, unit)
    length = column(values)
    distance = (length.transpose() * length)[0, 0].sqrt()
    form = system.growth(origin, distance)
    assume(form is not None)
    growth = (length.transpose() * form * length)[0, 0]
    change = exact_cost(system, values) - exact_cost(system, [Fraction(0)] * size)
    assert growth.lower() <= arb(fmpq(*change.as_integer_ratio()))


@example(seed=920, rank=3)  # a box that is not small
@given(seed=seeds, rank=ranks)
def test_the_form_tends_to_half_the_second_derivative(seed, rank) -> None:
    system = drawn(seed, rank)
    start = column(point(system, seed, 9))
    found = approach(system.derivative, start)
    assume(isinstance(found, UniqueZero))
    hessian = system.derivative.jacobian(found.box)
    near = system.growth(found.box, arb(2) ** -60)
    assert near is not None
    scale = max(abs(entry).upper() for entry in hessian.entries())
    for x, y in zip(near.entries(), hessian.entries(), strict=True):
        # The box of the critical point may be wide, and makes both enclosures wide.
        assert abs(x.mid() - y.mid()) < scale * 2**-20 + x.rad() + y.rad()
    assert system.growth(found.box, arb(10**6)) is None


def test_row_spaces_without_weight_are_refused() -> None:
    # Row 1 has weight in the first column only: V = [0 1] leaves its u free.
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 0], [1, 1]]),
        squared_weights=RationalMatrix.from_rows([[1, 0], [1, 1]]),
        rank=1,
    )
    system = RowSpaceSystem(instance=instance, columns=(1,))
    with pytest.raises(ZeroDivisionError):
        system.derivative.value(arb_mat([[0]]))


def test_balls_hold_their_rationals() -> None:
    matrix = RationalMatrix.from_rows([["1/3", -7], [0, "22/7"]])
    found = balls(matrix)
    for i, row in enumerate(matrix.fractions()):
        for j, x in enumerate(row):
            assert contains(found[i, j], x)
