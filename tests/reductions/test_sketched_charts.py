"""One sketch and exact elimination: values, charts, sizes, exactness, means."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

from reductions.charts import chart_costs
from reductions.errors import InvalidInstanceError, NotApplicableError
from reductions.formulation import pattern_counts
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.row_class_terms import class_term, row_class_forms, symmetric_term
from reductions.sketched_chart_sizes import sketched_chart_sizes
from reductions.sketched_charts import SketchedCharts, sketched_charts
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix

entries = st.fractions(min_value=-5, max_value=5, max_denominator=3)
squares = st.sampled_from([1, 4, 9]).map(Fraction)
coordinates = st.fractions(min_value=-1, max_value=1, max_denominator=6)


@st.composite
def instances(draw, weight=squares) -> Instance:
    """Return instances with at most two classes of rows and three of columns."""
    table = draw(st.lists(weight, min_size=6, max_size=6))
    n, d = draw(st.integers(2, 6)), draw(st.integers(2, 4))
    rows = st.lists(entries, min_size=d, max_size=d)
    return Instance(
        data=RationalMatrix.from_rows(draw(st.lists(rows, min_size=n, max_size=n))),
        squared_weights=RationalMatrix.from_rows(
            [[table[3 * (i % 2) + j % 3] for j in range(d)] for i in range(n)]
        ),
        rank=draw(st.integers(1, 2)),
    )


def formulation_or_none(instance: Instance, t: int, seed: int) -> SketchedCharts | None:
    try:
        return sketched_charts(instance, t, seed=seed)
    except NotApplicableError:
        return None


def patterned(n: int, d: int, k: int, seed: int, weights=(1, 4)) -> Instance:
    """Return generic data with two row classes, and a column class a column."""
    rng = np.random.default_rng(seed)
    table = rng.choice(weights, (2, d))
    table[:, 0], table[:, 1] = weights, weights[::-1]
    return Instance(
        data=RationalMatrix(rng.integers(-9, 10, (n, d))),
        squared_weights=RationalMatrix(table[np.arange(n) % 2]),
        rank=k,
    )


@given(instances(), st.integers(0, 99), st.data())
def test_value_polynomials_and_factors_agree(instance, seed, data) -> None:
    formulation = formulation_or_none(instance, instance.rank + 2, seed)
    assume(formulation is not None)
    assume(formulation.sizes.n_variables <= 6)
    costs = formulation.costs()
    index = data.draw(st.integers(0, len(costs) - 1))
    m = len(costs[index].variables)
    point = data.draw(st.lists(coordinates, min_size=m, max_size=m))
    u, v = formulation.factors(index, point)
    value = formulation.value(index, point)
    assert value == instance.cost(u, v) == costs[index].value(point)
    # V is the best for U; the best U for V can only be better.
    better = solve_rows(instance.data, instance.squared_weights, v)
    assert instance.cost(better, v) <= value
    system = costs[index].system(value)
    assert system.holds_at(point)
    assert not costs[index].system(value, strict=True).holds_at(point)


@settings(max_examples=25)
@given(instances(), st.integers(0, 99), st.data())
def test_charts_agree(instance, seed, data) -> None:
    formulation = formulation_or_none(instance, instance.rank + 2, seed)
    assume(formulation is not None and formulation.n_kept <= 4)
    d, k = instance.shape[1], instance.rank
    right = data.draw(
        st.lists(
            st.lists(st.integers(-5, 5), min_size=d, max_size=d),
            min_size=k,
            max_size=k,
        )
    )
    try:
        index, point = formulation.planted(RationalMatrix.from_rows(right))
    except NotApplicableError:
        reject()
    assert max(map(abs, point)) <= 1
    value = formulation.value(index, point)
    y = formulation._coordinates(index, point).fractions()
    for number, cost in enumerate(formulation.costs()):
        block = RationalMatrix.from_rows([y[j] for j in cost.pivots])
        moved = _quotient(RationalMatrix.from_rows(y), block)
        if moved is None:
            continue
        x = [
            moved[j][a]
            for a in range(k)
            for j in range(formulation.n_kept)
            if j not in cost.pivots
        ]
        assert cost.value(x) == value == formulation.value(number, x)
        assert cost.system(value).box() == ((-1, 1),) * len(x)


def _quotient(y: RationalMatrix, block: RationalMatrix):
    """Return Y B^-1 for a B of order at most 2, or None."""
    b = block.fractions()
    if len(b) == 1:
        return [[row[0] / b[0][0]] for row in y.fractions()] if b[0][0] else None
    det = b[0][0] * b[1][1] - b[0][1] * b[1][0]
    if det == 0:
        return None
    inverse = [[b[1][1] / det, -b[0][1] / det], [-b[1][0] / det, b[0][0] / det]]
    return (y @ RationalMatrix.from_fractions(inverse)).fractions()


@given(instances(), st.integers(0, 99), st.data())
def test_symmetric_forms_are_the_class_terms_of_the_product(
    instance, seed, data
) -> None:
    formulation = formulation_or_none(instance, instance.rank + 2, seed)
    assume(formulation is not None)
    size, k = formulation.n_kept, instance.rank
    y = data.draw(
        st.lists(
            st.lists(st.integers(-4, 4), min_size=size, max_size=size),
            min_size=k,
            max_size=k,
        )
    )
    product = (RationalMatrix.from_rows(y) @ formulation.basis.transpose).numerators
    right = [[int(x) for x in row] for row in product]
    for form, (weights, m, captured, energy) in zip(
        row_class_forms(formulation.types.transpose), formulation._forms(), strict=True
    ):
        assert weights == form[0]
        assert symmetric_term(m, captured, energy, y) == class_term(form, right)


@pytest.mark.parametrize(
    ("n", "d", "k", "t"), [(6, 3, 1, 3), (8, 4, 1, 3), (6, 3, 2, 4), (10, 6, 1, 4)]
)
def test_sizes_are_those_of_the_built_systems(n, d, k, t) -> None:
    instance = patterned(n, d, k, seed=3)
    formulation = sketched_charts(instance, t, seed=1)
    sizes = formulation.sizes
    kept = formulation.n_kept
    assert kept == 2 * min(t, n // 2, d)
    assert sizes.n_variables == k * (kept - k)
    assert sizes.n_systems == math.comb(kept, k)
    assert sizes.n_denominators == pattern_counts(instance).n_column_classes
    assert sizes.degree == 2 * sizes.n_denominators * min(k, kept - k)
    assert sizes == sketched_chart_sizes(pattern_counts(instance), t)
    costs = formulation.costs()
    assert len(costs) == sizes.n_systems
    system = costs[0].system(Fraction(7)) if sizes.n_terms < 10**4 else None
    assert all(c.n_groups == sizes.n_denominators for c in costs)
    assert all(
        q.total_degree() == 2 * min(k, kept - k) for c in costs for q in c.denominators
    )
    if system is not None:
        built = system.sizes
        assert built.n_variables == sizes.n_variables
        assert built.n_conditions == sizes.n_conditions
        assert built.degree == sizes.degree
        assert built.bitsize <= sizes.bitsize
        largest = max(len(c.polynomial.coeffs()) for c in system.conditions)
        assert largest <= sizes.n_terms


def test_sizes_do_not_grow_with_the_rows() -> None:
    small = patterned(8, 4, 1, seed=5)
    large = small.restrict(np.arange(4000) % 8)
    before = sketched_charts(small, 3, seed=0)
    after = sketched_charts(large, 3, seed=0)
    same = ("n_systems", "n_variables", "degree", "n_denominators", "n_terms")
    assert all(getattr(before.sizes, x) == getattr(after.sizes, x) for x in same)
    point = [Fraction(1, 2)] * before.sizes.n_variables
    assert after.value(0, point) == 500 * before.value(0, point)
    u, v = after.factors(0, point)
    assert u.shape == (4000, 1)
    assert large.cost(u, v) == after.value(0, point)


@given(instances(), st.integers(0, 99), st.data())
def test_enough_columns_reach_every_best_left_factor(instance, seed, data) -> None:
    # t >= rank A: for every V the cost of the best U is not below that of some Y.
    d, k = instance.shape[1], instance.rank
    formulation = formulation_or_none(instance, max(d, k + 2), seed)
    assume(formulation is not None)
    assert formulation.accuracy.is_exact
    right = data.draw(
        st.lists(
            st.lists(st.integers(-5, 5), min_size=d, max_size=d),
            min_size=k,
            max_size=k,
        )
    )
    v = RationalMatrix.from_rows(right)
    u = solve_rows(instance.data, instance.squared_weights, v)
    rows = u.take(formulation.left.first_of_types)
    assert _in_column_space(formulation.basis, rows)


def _in_column_space(basis: RationalMatrix, columns: RationalMatrix) -> bool:
    from flint import fmpq, fmpq_mat

    joined = [
        [fmpq(x.numerator, x.denominator) for x in (*a, *b)]
        for a, b in zip(basis.fractions(), columns.fractions(), strict=True)
    ]
    return fmpq_mat(joined).rref()[1] == basis.shape[1]


def test_mean_over_sketches_is_within_the_bound() -> None:
    """E cost(planted(V)) <= (1 + k/(t-k-1)) cost(V): here 1.25 for k = 1, t = 6.

    The mean over 300 sketches has a standard error of about 0.01.
    """
    k, t = 1, 6
    instance = patterned(40, 12, k, seed=7)
    rng = np.random.default_rng(0)
    v = RationalMatrix(rng.integers(-5, 6, (1, 12)) * 2 + 1)
    for _ in range(3):  # alternate: near a local optimum residuals are orthogonal
        u = solve_rows(instance.data, instance.squared_weights, v)
        turned = instance.transpose
        v = solve_rows(turned.data, turned.squared_weights, u.transpose).transpose
        v = RationalMatrix(np.rint(v.to_float() * 64).astype(np.int64), 64)
    u = solve_rows(instance.data, instance.squared_weights, v)
    base = instance.cost(u, v)
    ratios, sketched_only = [], []
    for seed in range(300):
        formulation = sketched_charts(instance, t, seed=seed)
        fitted = formulation.left.fit(
            [p.fractions() for p in formulation.left.guess_matrices(v)]
        )
        sketched_only.append(formulation.types.cost(fitted, v) / base)
        if seed < 40:
            index, point = formulation.planted(v)
            value = formulation.value(index, point)
            assert value <= formulation.types.cost(fitted, v)
            ratios.append(value / base)
    mean = float(sum(sketched_only) / len(sketched_only))
    assert formulation.planted_ratio == Fraction(5, 4)
    assert 1.2 < mean < 1.3
    assert float(sum(ratios) / len(ratios)) < 1.25
    assert not formulation.accuracy.is_exact


def test_never_below_the_optimum() -> None:
    # At rank one with one row class OPT is an eigenvalue problem: compare exactly with
    # the charts of V, which hold the row space of every pair of factors.
    instance = patterned(8, 5, 1, seed=2)
    formulation = sketched_charts(instance, 3, seed=4)
    assert not formulation.accuracy.is_exact
    exact = chart_costs(instance)
    rng = np.random.default_rng(1)
    for index in range(formulation.sizes.n_systems):
        point = [Fraction(int(x), 8) for x in rng.integers(-8, 9, 5)]
        _, v = formulation.factors(index, point)
        row = v.fractions()[0]
        pivot = max(range(5), key=lambda j: abs(row[j]))
        x = [row[j] / row[pivot] for j in range(5) if j != pivot]
        assert exact[pivot].value(x) <= formulation.value(index, point)


def test_zero_weights_and_a_class_of_low_rank() -> None:
    # Column 3 has weight in the rows 1 and 2 only, whose sketched data have rank one.
    instance = Instance(
        data=RationalMatrix.from_rows(
            [[1, 2, 1], [2, 4, 3], [1, 1, 0], [3, -1, 0], [2, 2, 0]]
        ),
        squared_weights=RationalMatrix.from_rows(
            [[1, 1, 0], [4, 4, 0], [1, 4, 1], [1, 4, 1], [1, 4, 1]]
        ),
        rank=2,
    )
    formulation = sketched_charts(instance, 4, seed=0)
    rng = np.random.default_rng(3)
    for index, cost in enumerate(formulation.costs()):
        m = len(cost.variables)
        point = [Fraction(int(x), 101) for x in rng.integers(-99, 100, m)]
        assert all(value_at(q, point) > 0 for q in cost.denominators)
        assert cost.value(point) == formulation.value(index, point)


def test_a_class_that_almost_every_y_fits_is_left_out() -> None:
    # The last column has weight in row 1 alone: one row of C, below the rank 2.
    instance = Instance(
        data=RationalMatrix.from_rows(
            [[1, 2, 3, 4], [2, 1, 1, 2], [3, 1, 1, 0], [1, 5, 2, 0]]
        ),
        squared_weights=RationalMatrix.from_rows(
            [[1, 1, 1, 1], [1, 1, 1, 0], [1, 4, 1, 0], [1, 4, 1, 0]]
        ),
        rank=2,
    )
    formulation = sketched_charts(instance, 4, seed=0)
    for index, cost in enumerate(formulation.costs()):
        assert cost.n_groups == 2
        point = [Fraction(3, 7 + i) for i in range(len(cost.variables))]
        assert cost.value(point) == formulation.value(index, point)


def test_refusals() -> None:
    A = RationalMatrix.from_rows([[1, 2, 0], [3, 4, 1], [0, 1, 1]])
    with pytest.raises(NotApplicableError, match="finite mean"):
        sketched_charts(Instance(data=A, squared_weights=A, rank=1), 2, seed=0)
    with pytest.raises(NotApplicableError, match="X = 0"):
        sketched_charts(Instance(data=A, squared_weights=A, rank=0), 2, seed=0)
    full = Instance(data=A, squared_weights=A, rank=3)
    with pytest.raises(NotApplicableError, match="rank 3"):
        sketched_charts(full, 5, seed=0)
    formulation = sketched_charts(
        Instance(data=A, squared_weights=A, rank=1), 3, seed=0
    )
    with pytest.raises(InvalidInstanceError, match="charts"):
        formulation.factors(9, [1, 1])
    with pytest.raises(InvalidInstanceError, match="coordinates"):
        formulation.factors(0, [1])


def test_pivots_are_in_lexicographic_order() -> None:
    formulation = sketched_charts(patterned(4, 3, 2, seed=1), 4, seed=0)
    pivots = [cost.pivots for cost in formulation.costs()]
    assert pivots == list(itertools.combinations(range(formulation.n_kept), 2))
