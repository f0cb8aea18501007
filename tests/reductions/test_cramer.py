"""The sketched formulation: exact values, counts, ranks, means."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reductions.cramer import CramerFormulation, cramer_formulation
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix

entries = st.fractions(min_value=-5, max_value=5, max_denominator=3)
squares = st.sampled_from([1, 4, 9]).map(Fraction)


@st.composite
def instances(draw, weight=squares, rank=None) -> Instance:
    """Return instances with at most two classes of rows and two of columns."""
    table = draw(st.lists(weight, min_size=4, max_size=4))
    n, d = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    rows = st.lists(entries, min_size=d, max_size=d)
    return Instance(
        data=RationalMatrix.from_rows(draw(st.lists(rows, min_size=n, max_size=n))),
        squared_weights=RationalMatrix.from_rows(
            [[table[2 * (i % 2) + j % 2] for j in range(d)] for i in range(n)]
        ),
        rank=rank or draw(st.integers(1, 2)),
    )


def generic_point(formulation: CramerFormulation, seed: int) -> list[Fraction]:
    rng = np.random.default_rng(seed)
    n_variables = len(formulation.variables)
    return [Fraction(int(x), 7) for x in rng.integers(-20, 21, n_variables)]


def tiny(seed: int = 0) -> Instance:
    """Return 3 x 3 with two classes on either side and rational data."""
    rng = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(rng.integers(-5, 6, (3, 3)), 2),
        squared_weights=RationalMatrix.from_rows([[1, 1, 4], [1, 1, 4], [9, 9, 1]]),
        rank=1,
    )


@given(instances(), st.integers(0, 999))
def test_value_is_the_cost_of_the_factors(instance: Instance, seed: int) -> None:
    formulation = cramer_formulation(instance, instance.rank + 2, seed=seed)
    point = generic_point(formulation, seed)
    full = formulation.left.all_rows + formulation.right.all_rows
    if formulation.guess_of(point) != full:
        with pytest.raises(NotApplicableError, match="dependent"):
            formulation.value(point)
        return
    u, v = formulation.factors(0, point)
    assert u.shape == (instance.shape[0], instance.rank)
    assert v.shape == (instance.rank, instance.shape[1])
    assert formulation.value(point) == instance.cost(u, v)


@settings(max_examples=15)
@given(instances(rank=1), st.integers(0, 999))
def test_polynomials_at_a_point_are_the_value(instance: Instance, seed: int) -> None:
    formulation = cramer_formulation(instance, 3, seed=seed)
    assume(formulation.sizes.n_terms <= 10**5)
    p, q = formulation.numerator_denominator()
    point = generic_point(formulation, seed)
    below = value_at(q, point)
    if below:
        value = value_at(p, point) / below / formulation.scale
        assert value == formulation.value(point)


def test_rank_two_by_polynomials() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 4], [3, 1, 5], [2, 2, 1]]),
        squared_weights=RationalMatrix.from_rows([[1, 1, 1]] * 3),
        rank=2,
    )
    formulation = cramer_formulation(instance, 4, seed=3)
    assert formulation.sizes.degree == 4 * 2 * 2
    with pytest.raises(NotApplicableError, match="refused"):
        formulation.numerator_denominator()
    expressions = formulation.sympy()
    point = generic_point(formulation, 1)
    values = dict(zip(formulation.variables, point, strict=True))
    exact = expressions.left.subs(values), expressions.right.subs(values)
    u, v = formulation.factors(0, point)
    for symbolic, matrix in zip(exact, (u, v), strict=True):
        shape = symbolic.shape
        assert shape == matrix.shape
        for i in range(shape[0]):
            for j in range(shape[1]):
                assert Fraction(symbolic[i, j].p, symbolic[i, j].q) == matrix[i, j]


def test_counts_of_the_theorem_by_building_it() -> None:
    """With k = 1, r = 2, t = 2: 2rkt = 8 variables and degree 8kr = 16 (B9).

    t = 2 has no finite mean error and is refused by `cramer_formulation`; t = 3 gives
    12 variables and the same degree.
    """
    formulation = cramer_formulation(tiny(), 3, seed=0)
    sizes = formulation.sizes
    p, q = formulation.numerator_denominator()
    r, k, t = 2, 1, 3
    assert sizes.n_variables == len(p.context().names()) == 2 * r * k * t
    assert sizes.degree == p.total_degree() == q.total_degree() == 8 * k * r
    assert sizes.n_denominators == 2 * r
    assert sizes.n_summands == 3 * 3  # (rp)^2 types
    assert len(q.coeffs()) <= len(p.coeffs()) <= sizes.n_terms
    bits = max(int(c).bit_length() for f in (p, q) for c in f.coeffs())
    assert bits <= sizes.bitsize
    (system,) = formulation.systems(Fraction(1))
    assert system.sizes.n_variables == sizes.n_variables
    assert system.sizes.n_conditions == sizes.n_conditions
    assert system.sizes.bitsize <= sizes.bitsize
    # q is the product of the squares of 2r denominators of degree 2k.
    assert sorted(e for _, e in q.factor()[1]) == [2] * (2 * r)
    assert all(f.total_degree() == 2 * k for f, _ in q.factor()[1])


def test_many_equal_rows_change_no_polynomial_but_its_coefficients() -> None:
    instance = tiny()
    repeated = instance.restrict([0, 1, 2] * 4)
    before = cramer_formulation(instance, 3, seed=0)
    after = cramer_formulation(repeated, 3, seed=0)
    assert after.types.shape == before.types.shape
    same = ("n_variables", "degree", "n_summands", "n_denominators", "n_terms")
    assert all(getattr(before.sizes, x) == getattr(after.sizes, x) for x in same)
    u, v = after.factors(0, generic_point(after, 5))
    assert u.shape == (12, 1)
    assert u.take([0, 1, 2]) == u.take([9, 10, 11])
    assert after.value(generic_point(after, 5)) == repeated.cost(u, v)


def test_systems_hold_exactly_where_the_cost_is_small_enough() -> None:
    formulation = cramer_formulation(tiny(), 3, seed=0)
    point = generic_point(formulation, 8)
    value = formulation.value(point)
    assert formulation.systems(value)[0].holds_at(point)
    assert not formulation.systems(value, strict=True)[0].holds_at(point)
    assert not formulation.systems(value * Fraction(999, 1000))[0].holds_at(point)
    _, q = formulation.numerator_denominator()
    extended = [*point, 1 / value_at(q, point)]
    system = formulation.polynomialized(value)
    assert system.sizes.n_variables == formulation.sizes.n_variables + 1
    assert system.sizes.degree == formulation.sizes.degree + 1
    assert system.holds_at(extended)
    assert not formulation.polynomialized(value / 2).holds_at(extended)
    # Where a denominator vanishes the excess is not positive, but q > 0 fails.
    singular = [Fraction(0)] * 3 + point[3:]
    assert not formulation.systems(value)[0].holds_at(singular)


@given(instances(), st.integers(0, 99))
def test_planted_points_come_from_the_right_factor(instance: Instance, seed) -> None:
    """With as many independent sketched columns as columns nothing is lost."""
    k, d = instance.rank, instance.shape[1]
    formulation = cramer_formulation(instance, k + d + 3, seed=seed)
    right = RationalMatrix(np.random.default_rng(seed).integers(1, 60, (k, d)))
    point = formulation.planted(right)
    guess = formulation.guess_of(point)
    value = formulation.value(point, guess)
    best = instance.cost(
        solve_rows(instance.data, instance.squared_weights, right), right
    )
    # The value is an actual cost; for data of this rank it is exactly 0.
    exact = Instance(
        data=solve_rows(instance.data, instance.squared_weights, right) @ right,
        squared_weights=instance.squared_weights,
        rank=k,
    )
    again = cramer_formulation(exact, k + 2, seed=seed)
    planted = again.planted(right)
    assert again.value(planted, again.guess_of(planted)) == 0
    assert value >= 0
    assert best >= 0


@given(instances(), st.integers(0, 99))
def test_kept_column_spaces_make_the_formulation_exact(instance, seed) -> None:
    """Both best fits, U for V and V for that U, come from one point x."""
    k = instance.rank
    t = max(k + 2, *instance.shape)
    formulation = cramer_formulation(instance, t, seed=seed)
    assert formulation.accuracy.is_exact
    noise = np.random.default_rng(seed)
    right = RationalMatrix(noise.integers(1, 60, (k, instance.shape[1])), 7)
    left = solve_rows(instance.data, instance.squared_weights, right)
    turned = instance.transpose
    best = solve_rows(turned.data, turned.squared_weights, left.transpose).transpose
    try:
        point = formulation.point_of(right)
    except NotApplicableError as refusal:
        # Data of low rank may ask for guess matrices that do not have full rank.
        assert "full rank" in str(refusal)
        return
    assert formulation.factors(0, point) == (left, best)
    assert formulation.value(point) == instance.cost(left, best)


def test_column_spaces_that_a_sketch_cannot_keep() -> None:
    rng = np.random.default_rng(3)
    instance = Instance(
        data=RationalMatrix(rng.integers(-9, 10, (4, 5))),
        squared_weights=RationalMatrix(np.ones((4, 5), dtype=np.int64)),
        rank=1,
    )
    lossy, kept = (cramer_formulation(instance, t, seed=0) for t in (3, 4))
    assert not lossy.accuracy.is_exact
    assert "never below OPT" in lossy.accuracy.words
    assert kept.accuracy.is_exact
    with pytest.raises(NotApplicableError, match="more sketch columns"):
        lossy.point_of(RationalMatrix.from_rows([[1, 2, 3, 4, 5]]))


def optimum_of_rank_one(n: int, seed: int) -> tuple[Instance, RationalMatrix, float]:
    """Return an instance, its nearly optimal V, and its cost, by alternation."""
    rng = np.random.default_rng(seed)
    data = rng.integers(-9, 10, (n, n))
    rows, columns = rng.integers(1, 4, (2, n)), np.arange(n) % 2
    omega = (rows[columns]) ** 2
    v = rng.standard_normal((1, n))
    for _ in range(400):
        u = solve_rows(data.astype(float), omega.astype(float), v)
        v = solve_rows(data.T.astype(float), omega.T.astype(float), u.T).T
    instance = Instance(
        data=RationalMatrix(data), squared_weights=RationalMatrix(omega), rank=1
    )
    right = RationalMatrix.rounded(v / np.abs(v).max(), 12)
    left = solve_rows(instance.data, instance.squared_weights, right)
    return instance, right, float(instance.cost(left, right))


def test_mean_of_planted_values() -> None:
    """Mean cost of the planted point is at most (1 + k/(t-k-1))^2 that of V.

    1 000 sketches; the sample mean may exceed the bound by three of its own errors.
    """
    instance, right, best = optimum_of_rank_one(5, 4)
    t = 12
    ratios = np.array(
        [
            float(formulation.value(formulation.planted(right))) / best
            for seed in range(1000)
            for formulation in [cramer_formulation(instance, t, seed=seed)]
        ]
    )
    bound = (1 + 1 / (t - 2)) ** 2
    error = ratios.std() / math.sqrt(len(ratios))
    assert ratios.min() > 0.98  # never below OPT; V is rounded
    assert 1.05 < ratios.mean() < bound + 3 * error
    formulation = cramer_formulation(instance, t, seed=0)
    assert float(formulation.planted_ratio) == pytest.approx(bound)


def deficient() -> tuple[Instance, RationalMatrix]:
    """Return rank two data whose V has a zero minor, and a row with one weight."""
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 3], [2, 4, 1], [3, 6, 5], [7, 0, 0]]),
        squared_weights=RationalMatrix.from_rows(
            [[1, 1, 1], [1, 4, 1], [1, 1, 0], [1, 0, 0]]
        ),
        rank=2,
    )
    return instance, RationalMatrix.from_rows([[1, 2, 0], [0, 0, 1]])


def test_rank_guesses_are_unnecessary() -> None:
    instance, right = deficient()
    formulation = cramer_formulation(instance, 6, seed=1)
    raw = formulation.planted(right)
    guess = formulation.guess_of(raw)
    full = formulation.left.all_rows + formulation.right.all_rows
    # Two columns of V depend: two guess matrices have rank one, and h_g = 0.
    assert guess != full
    with pytest.raises(NotApplicableError, match="guess which rows"):
        formulation.value(raw)
    # The paper's guess of index sets repairs it exactly ...
    assert formulation.value(raw, guess) == 0
    # ... and so does, in the limit, one point of full rank near every V.
    values = []
    for step in (Fraction(1, 10**6), Fraction(1, 10**9), Fraction(1, 10**12)):
        moved = formulation.planted(right, perturbation=step, seed=2)
        assert formulation.guess_of(moved) == full
        values.append(formulation.value(moved))
    assert 0 < values[2] < values[1] < values[0] < Fraction(1, 100)


def test_systems_of_the_rank_guesses() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2], [3, 5]]),
        squared_weights=RationalMatrix.from_rows([[1, 4], [1, 4]]),
        rank=1,
    )
    formulation = cramer_formulation(instance, 3, seed=0, rank_guesses=True)
    guesses = list(formulation.guesses())
    # 2^k choices for each of the r_r + r_c = 2 guess matrices.
    assert len(guesses) == formulation.sizes.n_systems == 4
    assert guesses[0] == ((0,), (0,))
    systems = formulation.systems(Fraction(1))
    assert len(systems) == 4
    point = generic_point(formulation, 2)
    for index, (guess, system) in enumerate(zip(guesses, systems, strict=True)):
        value = formulation.value(point, guess)
        assert system.holds_at(point) == (value <= 1)
        assert instance.cost(*formulation.factors(index, point)) == value
    assert formulation.value(point, guesses[-1]) == instance.energy()
    with pytest.raises(InvalidInstanceError, match="no system 5"):
        formulation.factors(4, point)


def test_accuracy_with_weights_that_are_no_squares() -> None:
    rows = [[1, 1, 4], [1, 1, 4], [9, 9, 1]], [[1, 1, 2], [1, 1, 2], [9, 9, 1]]
    exact, worse = (
        cramer_formulation(
            Instance(
                data=tiny().data,
                squared_weights=RationalMatrix.from_rows(weights),
                rank=1,
            ),
            4,
            seed=0,
        ).planted_ratio
        for weights in rows
    )
    assert exact == Fraction(9, 4)
    assert exact < worse < exact * Fraction(100001, 100000)


def test_refusals() -> None:
    instance = tiny()
    with pytest.raises(NotApplicableError, match="no finite mean"):
        cramer_formulation(instance, 2, seed=0)
    empty = Instance(
        data=instance.data, squared_weights=RationalMatrix.zeros(3, 3), rank=1
    )
    with pytest.raises(NotApplicableError, match="X = 0"):
        cramer_formulation(empty, 3, seed=0)
    formulation = cramer_formulation(instance, 3, seed=0)
    with pytest.raises(InvalidInstanceError, match="12 variables"):
        formulation.value([1])
    large = cramer_formulation(instance, 43, seed=0)
    assert len(large.variables) == 172
    with pytest.raises(NotApplicableError, match="are refused"):
        large.systems(Fraction(1))
    assert large.value(large.planted(RationalMatrix.from_rows([[1, 2, 3]]))) > 0
