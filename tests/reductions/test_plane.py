"""Critical points on the plane of row spaces: published counts, values, duality."""

from __future__ import annotations

import itertools
import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reductions.charts import chart_cost
from reductions.critical_counts import (
    few_pattern_count,
    generic_count,
    unit_weight_count,
)
from reductions.duality import dual_instance
from reductions.errors import NotApplicableError
from reductions.instances import Instance, ones_like
from reductions.least_squares import solve_rows
from reductions.plane import (
    CriticalComponent,
    plane_critical_points,
    why_not_plane,
)
from semialgebraic.critical_points import critical_points, hessian_signature
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.real_algebraic import RealAlgebraicNumber

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
# Those with three rows or columns and positive rational weights.
ON_THE_PLANE = (
    "oss-3x3-k1",
    "oss-3x3-k2",
    "rec-rank1W-3x3",
    "rec-two-col-patterns-3x4",
)
TWO_PATTERNS = (1, 2, 5), (13, 1, 4)
THREE_PATTERNS = (*TWO_PATTERNS, (2, 7, 3))


def make(data, squared_weights, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


def published(name: str) -> Instance:
    case = PUBLISHED[name]
    instance = make(case["A"], case["W2"], case["k"])
    return instance if instance.shape[1] == 3 else instance.transpose


def generated(seed: int, n: int, rank: int = 1, weights=None) -> Instance:
    """Data without relations, and weights too, or the given weight rows in turn."""
    rng = np.random.default_rng(seed)
    data = rng.integers(-99, 100, (n, 3)).tolist()
    if weights is None:
        return make(data, rng.integers(10, 100, (n, 3)).tolist(), rank)
    return make(data, [weights[i % len(weights)] for i in range(n)], rank)


def of_full_rank(instance: Instance) -> list[CriticalComponent]:
    """Critical points, without those that cost as much as X = 0."""
    return [c for c in plane_critical_points(instance) if not c.is_zero]


def n_complex(instance: Instance) -> int:
    return sum(c.degree for c in of_full_rank(instance))


def critical_values(instance: Instance) -> list[RealAlgebraicNumber]:
    """The real critical values, in ascending order."""
    return sorted(
        c.cost_at(point).coordinate(0)
        for c in of_full_rank(instance)
        for point in c.real_points()
    )


@st.composite
def small_instances(draw, n_patterns: int = 2) -> Instance:
    """Two weight patterns: 19 critical points at most, found in milliseconds."""
    n = draw(st.integers(3, 5))
    row = st.lists(st.integers(-9, 9), min_size=3, max_size=3)
    patterns = draw(
        st.lists(
            st.lists(st.integers(1, 9), min_size=3, max_size=3),
            min_size=n_patterns,
            max_size=n_patterns,
        )
    )
    data = [draw(row) for _ in range(n)]
    weights = [patterns[i % n_patterns] for i in range(n)]
    return make(data, weights, draw(st.integers(1, 2)))


def has_a_finite_list(instance: Instance) -> bool:
    try:
        return bool(of_full_rank(instance))
    except NotApplicableError:
        return False


# --- published instances


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_numbers_of_critical_points_are_the_published_ones(name: str) -> None:
    expected = PUBLISHED[name]["recomputed_here"]
    components = of_full_rank(published(name))
    points = [(c, point) for c in components for point in c.real_points()]
    assert sum(c.degree for c in components) == expected["complex_critical_points"]
    assert len(points) == expected["real_critical_points"]
    minima = [c.is_local_minimum(point) for c, point in points]
    assert None not in minima
    assert sum(minima) == expected["local_minima"]


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_real_critical_values_are_the_published_ones_to_all_digits(name: str) -> None:
    recomputed = PUBLISHED[name]["recomputed_here"]
    values = critical_values(published(name))
    optimum = recomputed["optimum"]
    for found, text in [
        (values[0], optimum),
        *zip(values, recomputed["real_critical_values"], strict=True),
    ]:
        digits = len(text.partition(".")[2])
        error = Fraction(found.decimal(digits + 3)) - Fraction(text)
        # Some of the texts were rounded from 17 digits.
        assert abs(error) <= Fraction(1, 10**digits) + Fraction(text) / 10**16 * (
            text != optimum
        )


def signatures(instance: Instance) -> list[tuple[int, int]]:
    """Numbers of negative and positive eigenvalues, in ascending order of the cost."""
    return [
        hessian_signature(point, c.chart.numerators, c.chart.denominators)
        for _, c, point in sorted(
            (
                (float(c.cost_at(point).enclosures(Fraction(1, 10**9))[0][0]), c, point)
                for c in of_full_rank(instance)
                for point in c.real_points()
            ),
            key=lambda found: found[0],
        )
    ]


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_morse_indices_are_the_published_ones(name: str) -> None:
    found = signatures(published(name))
    indices = PUBLISHED[name]["recomputed_here"]["morse_indices"]
    # The greatest value is a maximum on the plane; one stored index denies it.
    assert found[-1] == (2, 0)
    assert found[:-1] == [(index, 2 - index) for index in indices[:-1]]


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("seed", range(6))
def test_morse_indices_add_up_to_the_euler_characteristic(seed: int, rank: int) -> None:
    """Minima - saddles + maxima = 1 on the projective plane."""
    found = signatures(generated(seed, 4 + seed, rank, TWO_PATTERNS))
    assert {low + high for low, high in found} == {2}
    assert sum((-1) ** low for low, _ in found) == 1


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_published_instances_have_the_euler_characteristic(name: str) -> None:
    assert sum((-1) ** low for low, _ in signatures(published(name))) == 1


def test_the_optimum_of_the_published_instance_is_the_algebraic_number() -> None:
    """Degree 10, coefficients of 204 bits, and three tied minimizers."""
    values = critical_values(published("oss-3x3-k1"))
    expected = PUBLISHED["oss-3x3-k1"]["recomputed_here"]
    polynomial = tuple(
        int(c) for c in expected["optimum_minimal_polynomial_low_to_high"]
    )
    assert values[0].minimal_polynomial == polynomial
    assert len(polynomial) == 11
    assert values[0] == values[1] == values[2] < values[3]
    # All four real roots of the polynomial are critical values, and two are rational.
    assert (
        len({v.decimal(9) for v in values if v.minimal_polynomial == polynomial}) == 4
    )
    assert {v.rational for v in values} - {None} == {
        Fraction(34286326667, 779100),
        Fraction(302805, 4),
    }


def test_the_optimum_of_rank_two_is_rational() -> None:
    assert critical_values(published("oss-3x3-k2"))[0].rational == Fraction(6534, 23)


# --- numbers of complex critical points


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("n", [3, 4])
def test_generic_weights_have_the_generic_number(n: int, rank: int) -> None:
    assert n_complex(generated(5, n, rank)) == generic_count(n, 3, rank)


@pytest.mark.parametrize("n", [3, 4, 7, 30])
def test_two_patterns_have_the_conjectured_number(n: int) -> None:
    # The formula wants three rows of each pattern; fewer may have fewer points.
    count = n_complex(generated(2, n, 1, TWO_PATTERNS))
    assert few_pattern_count(3, 2) == 19
    assert 0 < count <= 19
    assert n == 3 or count == 19


def test_three_patterns_have_the_conjectured_number() -> None:
    assert n_complex(generated(2, 9, 1, THREE_PATTERNS)) == 51
    assert few_pattern_count(3, 3) == 51


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize(
    "weights",
    [
        ((1, 1, 1),),
        ((1, 2, 5), (2, 4, 10), (Fraction(1, 3), Fraction(2, 3), Fraction(5, 3))),
    ],
)
def test_weights_of_rank_one_leave_the_singular_triples(weights, rank: int) -> None:
    instance = generated(3, 5, rank, weights)
    assert n_complex(instance) == unit_weight_count(5, 3, rank) == 3


@given(small_instances())
def test_special_weights_never_have_more_than_the_generic_number(instance) -> None:
    assume(has_a_finite_list(instance))
    n = instance.shape[0]
    assert n_complex(instance) <= generic_count(n, 3, instance.rank)
    # 19 is attained: two patterns.
    assert n_complex(instance) <= few_pattern_count(3, 2)


@pytest.mark.parametrize(("d", "count"), [(2, 6), (3, 10), (4, 14), (5, 18), (6, 22)])
def test_two_columns_through_a_chart_of_one_variable(d: int, count: int) -> None:
    """Two columns: the row spaces are a line, all but one of them in one chart."""
    rng = np.random.default_rng(d)
    instance = make(
        rng.integers(-99, 100, (d, 2)).tolist(), rng.integers(10, 100, (d, 2)).tolist()
    )
    cost = chart_cost(instance, (0,))
    components = critical_points(cost.numerators, cost.denominators)
    assert sum(c.degree for c in components) == count == generic_count(2, d, 1)


# --- every point is critical, and what it costs


@settings(max_examples=25)
@given(small_instances())
def test_costs_at_rational_points_are_those_of_least_squares(instance) -> None:
    assume(has_a_finite_list(instance))
    rational = [
        (c, point)
        for c in plane_critical_points(instance)
        for point in c.real_points()
        if point.rational is not None
    ]
    for c, point in rational:
        right = c.chart.right_factor(point.rational)
        left = solve_rows(instance.data, instance.squared_weights, right)
        assert c.cost_at(point).rational == (instance.cost(left, right),)


@settings(max_examples=25)
@given(small_instances(), st.lists(st.integers(-9, 9), min_size=3, max_size=3))
def test_no_row_space_costs_less_than_the_least_critical_value(instance, v) -> None:
    assume(any(v) and has_a_finite_list(instance))
    least = min(
        c.cost_at(point).enclosures(Fraction(1, 10**6))[0][0]
        for c in of_full_rank(instance)
        for point in c.real_points()
    )
    rows = [v] if instance.rank == 1 else [v, [v[1] + 1, v[2], -v[0]]]
    right = RationalMatrix.from_rows(rows)
    left = solve_rows(instance.data, instance.squared_weights, right)
    assert instance.cost(left, right) >= least


def test_points_outside_the_first_chart_are_found() -> None:
    # The singular vectors of a diagonal matrix: one in each chart.
    data = [[5, 0, 0], [0, 3, 0], [0, 0, 2]]
    for rank, costs in [(1, [13, 29, 34]), (2, [4, 9, 25])]:
        instance = Instance(
            data=RationalMatrix.from_rows(data),
            squared_weights=ones_like(RationalMatrix.from_rows(data)),
            rank=rank,
        )
        components = of_full_rank(instance)
        assert len({c.chart.pivots for c in components}) == 3
        assert [v.rational for v in critical_values(instance)] == costs


def test_points_on_the_line_at_infinity_are_found_in_any_order() -> None:
    # The leading column fits by itself, so that its row space is critical.
    data = [[1, 2, 0], [2, 1, 0], [0, 0, 7], [3, 3, 0]]
    weights = [[1, 2, 3], [1, 2, 3], [4, 1, 2], [4, 1, 2]]
    expected = None
    for order in itertools.permutations(range(3)):
        instance = make(
            [[row[j] for j in order] for row in data],
            [[row[j] for j in order] for row in weights],
        )
        values = [v.decimal(30) for v in critical_values(instance)]
        expected = expected or values
        assert values == expected


# --- theorems about changed instances


def test_dual_critical_values_add_up_exactly() -> None:
    """Critical points of rank k and 3 - k are dual; their costs sum to the energy."""
    instance = published("oss-3x3-k1")
    total = instance.energy()
    assert total == 106608
    values = critical_values(instance)
    duals = critical_values(dual_instance(instance))[::-1]
    assert len(values) == len(duals) == 19
    for value, dual in zip(values, duals, strict=True):
        reflected = RealAlgebraicNumber.from_root(
            reflection(dual.minimal_polynomial, total),
            tuple(total - x for x in reversed(dual.isolating_interval)),
        )
        assert value == reflected


def reflection(polynomial, total) -> list[int]:
    """Return the coefficients of p(total - x)."""
    from flint import fmpz_poly

    p, x = fmpz_poly([0]), fmpz_poly([int(total), -1])
    for c in reversed(polynomial):
        p = p * x + c
    return [int(c) for c in p.coeffs()]


@settings(max_examples=25)
@given(small_instances(), st.permutations(range(3)), st.randoms(use_true_random=False))
def test_permutations_keep_the_critical_values(instance, columns, random) -> None:
    assume(has_a_finite_list(instance))
    rows = list(range(instance.shape[0]))
    random.shuffle(rows)
    A, W = instance.data.fractions(), instance.squared_weights.fractions()
    moved = make(
        [[A[i][j] for j in columns] for i in rows],
        [[W[i][j] for j in columns] for i in rows],
        instance.rank,
    )
    assert critical_values(moved) == critical_values(instance)


@settings(max_examples=25)
@given(small_instances(), st.integers(1, 7), st.integers(1, 7))
def test_scaling_data_and_weights_scales_the_values(instance, a: int, w: int) -> None:
    assume(has_a_finite_list(instance))
    A, W = instance.data.fractions(), instance.squared_weights.fractions()
    scaled = make(
        [[Fraction(a, 3) * x for x in row] for row in A],
        [[Fraction(w, 2) * x for x in row] for row in W],
        instance.rank,
    )
    factor = Fraction(a, 3) ** 2 * Fraction(w, 2)
    width = Fraction(1, 10**15)
    pairs = zip(critical_values(instance), critical_values(scaled), strict=True)
    for value, image in pairs:
        low, high = value.refined(width).isolating_interval
        other_low, other_high = image.refined(width).isolating_interval
        assert factor * low <= other_high
        assert other_low <= factor * high


def test_rows_of_one_pattern_count_as_their_gram_matrix() -> None:
    """Rows may be rotated among rows of the same weights."""
    data = [[1, 2, -3], [4, 0, 5], [2, 2, 1], [7, -1, 1]]
    weights = [[1, 2, 5], [1, 2, 5], [3, 1, 1], [3, 1, 1]]
    rotated = [
        [Fraction(3 * x - 4 * y, 5) for x, y in zip(data[0], data[1], strict=True)],
        [Fraction(4 * x + 3 * y, 5) for x, y in zip(data[0], data[1], strict=True)],
        *data[2:],
    ]
    assert critical_values(make(data, weights)) == critical_values(
        make(rotated, weights)
    )


# --- what is refused


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        (make([[1, 2]], [[1, 1]]), "three columns"),
        (make([[1, 2, 3, 4]], [[1, 1, 1, 1]]), "three columns"),
        (make([[1, 2, 3]], [[1, 1, 1]], 3), "rank one or two"),
        (make([[1, 2, 3]], [[1, 1, 1]], 0), "rank one or two"),
        (make([[1, 2, 3], [1, 1, 1]], [[1, 1, 1], [1, 0, 1]]), "weight is zero"),
    ],
)
def test_other_instances_are_refused(instance: Instance, reason: str) -> None:
    assert reason in why_not_plane(instance)
    with pytest.raises(NotApplicableError, match=reason):
        plane_critical_points(instance)


def test_zero_data_are_refused() -> None:
    with pytest.raises(NotApplicableError, match="trivial"):
        plane_critical_points(make([[0, 0, 0], [0, 0, 0]], [[1, 2, 3], [3, 1, 1]]))


@pytest.mark.parametrize(
    ("data", "rank"),
    [
        ([[2, 0, 0], [0, 2, 0], [0, 0, 2]], 1),  # every row space costs the same
        ([[2, 0, 0], [0, 2, 0], [0, 0, 1]], 1),  # a circle of minimizers
        ([[1, 2, 3], [2, 4, 6], [0, 0, 0]], 2),  # rank one: all planes that hold it
    ],
)
def test_infinitely_many_critical_points_are_refused(data, rank: int) -> None:
    instance = make(data, [[1, 1, 1]] * 3, rank)
    with pytest.raises(NotApplicableError, match="no finite list"):
        plane_critical_points(instance)
