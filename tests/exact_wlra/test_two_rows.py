"""Two rows, rank one: published optima, exactness, proofs and what is rejected."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from flint import fmpz_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from exact_wlra.bounds import critical_values
from exact_wlra.bounds.critical_values import LARGEST_N_CLASSES, enclose_value
from exact_wlra.bounds.two_rows import TwoRowsOptimum, prove_two_rows, solve_two_rows
from exact_wlra.certificates import TwoRows
from exact_wlra.checker.two_rows import check_algebraic, two_rows_bound
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.two_rows import project_cost
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.real_algebraic import RealAlgebraicNumber
from semialgebraic.sturm import n_real_roots
from semialgebraic.univariate import primitive_part

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
WITH_DIGITS = (
    "sj-2x2-alpha-1",
    "biclique-P4",
    "rec-small-2x3",
    "rec-unit-2x2-svd",
    "rec-missing-one-2x3",
)
D2 = (1, 2, 3), (3, 1, -2)
D2_WEIGHTS = (1, 4, 9), (4, 1, 1)


def make(data, squared_weights, rank: int = 1) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(squared_weights),
        rank=rank,
    )


def published(name: str) -> Instance:
    return make(PUBLISHED[name]["A"], PUBLISHED[name]["W2"])


def value_of(instance: Instance) -> RealAlgebraicNumber:
    value = solve_two_rows(instance).value
    assert value is not None
    return value


def check_value(instance: Instance, optimum: TwoRowsOptimum, **changes) -> None:
    """Check the algebraic value, with some of the claims changed."""
    assert optimum.value is not None
    claims = {
        "minimal_polynomial": optimum.value.minimal_polynomial,
        "isolating_interval": optimum.value.isolating_interval,
        "lower": optimum.enclosure[0],
        "upper": optimum.enclosure[1],
    }
    check_algebraic(instance, **(claims | changes))


integers = st.integers(-9, 9)
positive = st.integers(1, 9)
non_negative = st.integers(0, 9)
sizes = st.integers(2, 5)


@st.composite
def instances(draw, weights=non_negative) -> Instance:
    d = draw(sizes)
    rows = st.lists(integers, min_size=d, max_size=d)
    row_weights = st.lists(weights, min_size=d, max_size=d)
    return make([draw(rows), draw(rows)], [draw(row_weights), draw(row_weights)])


# --- published optima


@pytest.mark.parametrize("name", WITH_DIGITS)
def test_optimum_is_the_published_one_to_all_digits(name: str) -> None:
    text = PUBLISHED[name]["recomputed_here"]["optimum"]
    assert value_of(published(name)).decimal(len(text.partition(".")[2])) == text


@pytest.mark.parametrize("name", WITH_DIGITS)
def test_numbers_of_critical_points_and_minima_are_the_published_ones(
    name: str,
) -> None:
    expected = PUBLISHED[name]["recomputed_here"]
    optimum = solve_two_rows(published(name))
    assert optimum.n_real_critical_points == expected["real_critical_points"]
    assert len(optimum.local_minima) == expected["local_minima"]
    assert (
        optimum.n_complex_critical_points_upper_bound
        == expected["complex_critical_points"]
    )


@pytest.mark.parametrize("name", WITH_DIGITS)
def test_values_at_local_minima_are_published_critical_values(name: str) -> None:
    expected = PUBLISHED[name]["recomputed_here"]
    minima = [
        Fraction(value)
        for value, index in zip(
            expected["real_critical_values"], expected["morse_indices"], strict=True
        )
        if index == 0
    ]
    found = sorted(low for _, (low, _) in solve_two_rows(published(name)).local_minima)
    assert all(
        abs(ours - theirs) < Fraction(1, 10**12)
        for ours, theirs in zip(found, minima, strict=True)
    )


@pytest.mark.parametrize("name", WITH_DIGITS)
def test_factors_are_close_to_the_published_minimizer(name: str) -> None:
    instance = published(name)
    optimum = solve_two_rows(instance)
    _, left, right = prove_two_rows(instance, optimum, Fraction(1, 10**16))
    ours = (left @ right).to_float()
    theirs = [np.array(PUBLISHED[name]["recomputed_here"]["optimal_X"])]
    if name == "biclique-P4":  # one of two minimizers, each the other one mirrored
        theirs.append(theirs[0][::-1, ::-1].T)
    assert len(optimum.minimizers) == len(theirs)
    assert min(np.abs(ours - x).max() for x in theirs) < 1e-6


def test_value_of_biclique_p4_is_rational_though_its_minimizers_are_not() -> None:
    optimum = solve_two_rows(published("biclique-P4"))
    assert optimum.value == Fraction(8, 9)
    assert optimum.enclosure == (Fraction(8, 9), Fraction(8, 9))
    assert [y.minimal_polynomial for y in optimum.minimizers] == [(1, -9, 10)] * 2


@pytest.mark.parametrize(
    ("d", "text"),
    [
        (1, "0.3819660112501051"),
        (2, "0.5321562701597758"),
        (4, "0.6990640127501705"),
    ],
)
def test_value_of_biclique_p4_for_small_weights(d: int, text: str) -> None:
    value = value_of(make([[1, 1], [0, 1]], [[1, 1], [d, 1]]))
    assert abs(Fraction(value.decimal(20)) - Fraction(text)) < Fraction(2, 10**16)


@pytest.mark.parametrize("d", [6, 10, 100, 10**6])
def test_value_of_biclique_p4_for_large_weights(d: int) -> None:
    value = value_of(make([[1, 1], [0, 1]], [[1, 1], [d, 1]]))
    assert value == Fraction(d - 2, d - 1)


@pytest.mark.parametrize("d", [1, 2, 4, 10, 1000])
def test_value_of_biclique_p5(d: int) -> None:
    instance = make([[1, 1, 0], [0, 1, 1]], [[1, 1, d], [d, 1, 1]])
    optimum = solve_two_rows(instance)
    assert optimum.value == Fraction(2 * d, d + 1)
    assert optimum.minimizers == (1,)


@pytest.mark.parametrize(
    ("alpha", "n_minima"),
    [("0.0702036542", 1), ("0.0702036543", 2)],
    ids=["below", "above"],
)
def test_second_local_minimum_appears_at_the_threshold(
    alpha: str, n_minima: int
) -> None:
    threshold = RealAlgebraicNumber.from_root([-1, -1, 210, 100, 25], (0, 1))
    assert (threshold < Fraction(alpha)) == (n_minima == 2)
    a = 1 + Fraction(alpha)
    instance = make(PUBLISHED["sj-2x2-threshold"]["A"], [[a, 1], [1, a]])
    optimum = solve_two_rows(instance)
    assert len(optimum.local_minima) == n_minima
    assert optimum.n_real_critical_points == 2 * n_minima


def test_infimum_of_the_missing_entry_is_not_attained() -> None:
    optimum = solve_two_rows(published("nonattained-2x2"))
    assert optimum.value == 0
    assert not optimum.attained
    assert "(1 : 0)" in optimum.reason
    assert optimum.minimizers == (0,)


# --- instances with known answers


@pytest.mark.parametrize("root", ["1/2", "2/3", "1/1000"])
def test_value_of_d1_is_rational_for_a_square(root: str) -> None:
    r = Fraction(root)
    optimum = solve_two_rows(make([[0, 1], [1, 0]], [[1, 1], [1, r * r]]))
    assert optimum.value == 2 * r / (1 + r)
    assert optimum.attained


def test_value_of_d1_is_one_above_unit_weight() -> None:
    # There 2 r / (1 + r) is the value of a local maximum.
    optimum = solve_two_rows(make([[0, 1], [1, 0]], [[1, 1], [1, 9]]))
    assert optimum.value == 1
    assert optimum.minimizers == (0, None)


def test_value_of_d1_is_quadratic_otherwise() -> None:
    # 2 sqrt(1/2) / (1 + sqrt(1/2)) = 2 sqrt(2) - 2.
    value = value_of(make([[0, 1], [1, 0]], [[1, 1], [1, "1/2"]]))
    assert value.minimal_polynomial == (-4, 4, 1)


def test_infimum_of_d1_without_weight_is_not_attained() -> None:
    optimum = solve_two_rows(make([[0, 1], [1, 0]], [[1, 1], [1, 0]]))
    assert (optimum.value, optimum.attained) == (0, False)
    assert optimum.minimizers == (None,)
    assert "(0 : 1)" in optimum.reason


def test_critical_polynomial_of_d2_is_the_known_one() -> None:
    form, degree = project_cost(make(D2, D2_WEIGHTS)).critical_form()
    known = [-688, 11908, 3524, 108368, 62074, 275173, 149914, 3168, 95544, -165492]
    assert primitive_part(form) == primitive_part(fmpz_poly([-10368, *known[::-1]]))
    assert degree == 10
    assert n_real_roots(form) == 4


def test_optimum_and_second_minimum_of_d2_are_the_known_ones() -> None:
    instance = make(D2, D2_WEIGHTS)
    optimum = solve_two_rows(instance)
    assert optimum.value is not None
    assert optimum.value.decimal(20) == "20.83779929918781124855"
    assert optimum.value.degree == 10
    # The root of that polynomial, computed by mpmath to 40 digits.
    assert optimum.minimizers[0].decimal(20) == "-1.05929493547410776547"
    assert optimum.n_real_critical_points == 4
    _, second = optimum.local_minima
    assert second[0].decimal(14) == "0.66519995244901"
    low, high = enclose_value(project_cost(instance), second[0], Fraction(1, 10**20))
    assert low <= Fraction("23.18697424143253844") + Fraction(1, 10**17)
    assert high >= Fraction("23.18697424143253844") - Fraction(1, 10**17)
    assert project_cost(instance).at(None) == 98


@given(instances(weights=st.just(1)))
def test_unit_weights_give_the_least_squared_singular_value(instance: Instance) -> None:
    gram = (instance.data @ instance.data.transpose).fractions()
    trace = gram[0][0] + gram[1][1]
    determinant = gram[0][0] * gram[1][1] - gram[0][1] ** 2
    value = value_of(instance)
    assert value.sign_of([int(determinant), -int(trace), 1]) == 0
    assert 2 * value.refine(30).isolating_interval[0] <= trace


@given(st.lists(integers, min_size=2, max_size=5), integers, integers, st.data())
def test_data_of_rank_one_cost_nothing_and_are_recovered(row, a, b, data) -> None:
    weights = st.lists(positive, min_size=len(row), max_size=len(row))
    instance = make(
        [[a * x for x in row], [b * x for x in row]],
        [data.draw(weights), data.draw(weights)],
    )
    optimum = solve_two_rows(instance)
    proof, left, right = prove_two_rows(instance, optimum, Fraction(1, 10))
    assert optimum.value == proof.lower == 0
    assert left @ right == instance.data


@pytest.mark.parametrize(
    ("data", "weights", "value"),
    [
        ([[1, 0], [0, 1]], [[1, 1], [1, 1]], 1),
        ([[1, 0], [0, 1]], [[0, 0], [0, 0]], 0),
        ([[1, 2], [3, 4]], [[1, 0], [0, 1]], 0),
        ([[1, 2], [3, 4]], [[0, 0], [5, 1]], 0),
        ([[], []], [[], []], 0),
    ],
    ids=["isotropic", "no weights", "single weights", "one row", "no columns"],
)
def test_constant_cost_is_attained_and_proved_exactly(data, weights, value) -> None:
    instance = make(data, weights)
    optimum = solve_two_rows(instance)
    proof, left, right = prove_two_rows(instance, optimum, Fraction(0))
    assert optimum.value == value == proof.lower == instance.cost(left, right)
    assert optimum.attained
    assert optimum.n_real_critical_points is None
    assert two_rows_bound(instance, proof) == value
    check_value(instance, optimum)


def test_two_free_columns_leave_infinitely_many_critical_points() -> None:
    optimum = solve_two_rows(
        make([[1, 2, 3, 4], [0, 3, 1, 1]], [[0, 1, 0, 2], [1] * 4])
    )
    assert optimum.n_real_critical_points is None


def test_a_free_column_without_data_counts_only_at_a_critical_ray() -> None:
    # At u = (1 : 0) the entry of X in the last column is free and its datum is zero.
    generic = solve_two_rows(make([[1, 2, 9], [3, 1, 0]], [[1, 4, 0], [4, 1, 1]]))
    without = solve_two_rows(make([[1, 2], [3, 1]], [[1, 4], [4, 1]]))
    assert generic.n_real_critical_points == without.n_real_critical_points
    special = solve_two_rows(make([[1, 2, 9], [4, -2, 0]], [[1, 2, 0], [1, 1, 1]]))
    assert special.n_real_critical_points is None


def test_the_zero_matrix_at_a_critical_ray_is_not_counted() -> None:
    # Both columns of omega o A are multiples of (1, 2): v = 0 for u = (2, -1).
    optimum = solve_two_rows(make([[1, 1], [1, 2]], [[1, 1], [2, 1]]))
    form, _ = project_cost(make([[1, 1], [1, 2]], [[1, 1], [2, 1]])).critical_form()
    assert n_real_roots(form) == 2
    assert optimum.n_real_critical_points == 1


# --- theorems


@given(instances(), st.fractions(min_value=-50, max_value=50))
def test_no_ray_costs_less_than_the_optimum(
    instance: Instance, slope: Fraction
) -> None:
    cost = project_cost(instance)
    value = value_of(instance)
    for y in (slope, None, Fraction(0)):
        assert value <= cost.limit(y) <= cost.at(y)


@given(instances())
def test_the_value_is_that_of_every_minimizer(instance: Instance) -> None:
    optimum = solve_two_rows(instance)
    cost = project_cost(instance)
    for slope in optimum.minimizers:
        low, high = enclose_value(cost, slope, Fraction(1, 10**30))
        assert low <= optimum.value <= high
        assert high - low <= Fraction(1, 10**30)


@given(instances(weights=positive))
def test_positive_weights_are_attained_and_counted_by_sturm(instance: Instance) -> None:
    optimum = solve_two_rows(instance)
    assert optimum.attained
    form, degree = project_cost(instance).critical_form()
    # X = 0 at a ray that is orthogonal to all columns of omega o A, so of rank one.
    (a, b), (c, d) = instance.weighted_data().take(columns=[0, 1]).fractions()
    assume(bool(form) and a * d != b * c)
    at_infinity = form.degree() < degree
    assert optimum.n_real_critical_points == n_real_roots(form) + at_infinity


@given(instances(), st.sampled_from([0, Fraction(1, 10**40), Fraction(1, 100)]))
def test_proof_and_factors_are_as_close_as_asked(
    instance: Instance, gap: Fraction | int
) -> None:
    optimum = solve_two_rows(instance)
    proof, left, right = prove_two_rows(instance, optimum, Fraction(gap))
    lower, upper = two_rows_bound(instance, proof), instance.cost(left, right)
    asked = gap or Fraction(1, 1 << 100)
    assert proof.lower <= optimum.value <= upper
    if optimum.value == 0 and not optimum.attained:
        assert 0 < upper <= asked * instance.energy()
    else:
        assert upper - lower <= asked * upper
    if optimum.value.rational is not None:
        assert lower == optimum.value


@given(instances(), st.permutations(range(5)), st.integers(1, 9))
def test_value_is_invariant_under_symmetries(
    instance: Instance, order: list[int], factor: int
) -> None:
    d = instance.shape[1]
    columns = [j for j in order if j < d]
    value = value_of(instance)
    assert value_of(instance.restrict(slice(None), columns)) == value
    assert value_of(instance.restrict([1, 0])) == value
    doubled = instance.restrict(slice(None), columns * 2)
    scaled = Instance(
        data=doubled.data.scaled(-factor),
        squared_weights=doubled.squared_weights.scaled(Fraction(1, 2 * factor**2)),
        rank=1,
    )
    assert value_of(scaled) == value


@given(instances())
def test_algebraic_value_passes_its_check(instance: Instance) -> None:
    check_value(instance, solve_two_rows(instance))


# --- many classes, large and small numbers


@pytest.fixture(name="many_classes")
def _many_classes() -> Instance:
    n = LARGEST_N_CLASSES + 8
    return make(
        [[(7 * j) % 19 - 9 for j in range(n)], [(5 * j) % 23 - 11 for j in range(n)]],
        [[1 + (3 * j) % 11 for j in range(n)], [13 + j for j in range(n)]],
    )


def test_many_classes_give_an_enclosure_and_a_proof(many_classes: Instance) -> None:
    optimum = solve_two_rows(many_classes)
    assert len(project_cost(many_classes).moving) > LARGEST_N_CLASSES
    assert optimum.value is None
    low, high = optimum.enclosure
    assert 0 < high - low < low / 10**15
    proof, left, right = prove_two_rows(many_classes, optimum, Fraction(1, 10**9))
    upper = many_classes.cost(left, right)
    assert two_rows_bound(many_classes, proof) < low < high <= upper
    assert upper - proof.lower <= upper / 10**9


def test_tied_minimizers_are_all_found_whatever_the_number_of_classes() -> None:
    # Columns (a, b) and (a, -b) of equal weights: the cost is even in the slope.
    n = LARGEST_N_CLASSES + 2
    top, bottom = [3 + j % 4 for j in range(n)], [1 + (3 * j) % 7 for j in range(n)]
    weights = [1 + j for j in range(n)], [n + 9 - j for j in range(n)]
    instance = make(
        [top * 2, [*bottom, *(-b for b in bottom)]], [w * 2 for w in weights]
    )
    optimum = solve_two_rows(instance)
    cost = project_cost(instance)
    assert len(cost.moving) > LARGEST_N_CLASSES
    slopes = [y for y, _ in optimum.local_minima]
    values = [enclose_value(cost, y, Fraction(1, 10**40))[0] for y in slopes]
    least = min(values)
    tied = [y for y, v in zip(slopes, values, strict=True) if v - least < 10**-39]
    assert list(optimum.minimizers) == tied


@pytest.mark.parametrize(
    ("data", "weights"),
    [
        ([[3, -3, 0, -1], [0, -1, 3, -3]], [[1, 1, 7, 1], [7, 1, 1, 1]]),
        ([[1, 1, 0], [0, 1, 1]], [[1, 1, 10], [10, 1, 1]]),
    ],
    ids=["irrational minimizers", "rational minimizer"],
)
def test_rational_and_unknown_values_are_compared_exactly(
    data, weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance = make(data, weights)
    expected = solve_two_rows(instance).minimizers
    monkeypatch.setattr(critical_values, "LARGEST_N_CLASSES", 0)
    monkeypatch.setattr(critical_values, "_RELATIVE_BITS", (0,))
    assert solve_two_rows(instance).minimizers == expected


@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e150])
def test_floating_point_data_of_any_magnitude_are_exact(scale: float) -> None:
    generator = np.random.default_rng(5)
    instance = Instance(
        data=RationalMatrix.from_floats(scale * generator.standard_normal((2, 5))),
        squared_weights=RationalMatrix.from_floats(generator.random((2, 5))),
        rank=1,
    )
    optimum = solve_two_rows(instance)
    proof, left, right = prove_two_rows(instance, optimum, Fraction(1, 10**6))
    upper = instance.cost(left, right)
    assert 0 < upper - two_rows_bound(instance, proof) <= upper / 10**6
    check_value(instance, optimum)


def test_a_small_optimum_beside_large_data_is_resolved() -> None:
    data = [[10**9, -(10**9) + 1, 5], [2 * 10**9, -2 * 10**9, 11]]
    instance = make(data, [[1, 2, 3], [3, 1, 4]])
    optimum = solve_two_rows(instance)
    low, high = optimum.enclosure
    assert 0 < low < high < 10
    assert high - low < low / 10**15
    proof, left, right = prove_two_rows(instance, optimum, Fraction(1, 10**6))
    upper = instance.cost(left, right)
    assert 0 < upper - two_rows_bound(instance, proof) <= upper / 10**6


# --- what is refused and rejected


@pytest.mark.parametrize(
    "instance",
    [make([[1, 2]], [[1, 1]]), make([[1, 2], [3, 4]], [[1, 1], [1, 1]], rank=2)],
    ids=["one row", "rank 2"],
)
def test_other_instances_are_refused_and_their_proofs_rejected(instance) -> None:
    with pytest.raises(NotApplicableError):
        solve_two_rows(instance)
    with pytest.raises(RejectedCertificateError, match="2 x d instances of rank 1"):
        two_rows_bound(instance, TwoRows(lower=Fraction(0)))


def test_a_negative_gap_is_refused() -> None:
    instance = make(D2, D2_WEIGHTS)
    with pytest.raises(InvalidInputError, match="gap is negative"):
        prove_two_rows(instance, solve_two_rows(instance), Fraction(-1))


@pytest.mark.parametrize("name", [*WITH_DIGITS, "biclique-P5", "nonattained-2x2"])
def test_a_bound_just_above_the_optimum_is_rejected(name: str) -> None:
    instance = published(name)
    above = solve_two_rows(instance).enclosure[1] + Fraction(1, 10**30)
    with pytest.raises(RejectedCertificateError, match="costs less"):
        two_rows_bound(instance, TwoRows(lower=above))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lower": Fraction(44)}, "costs less"),
        ({"upper": Fraction(43)}, "costs more than the upper bound"),
        ({"upper": Fraction(200)}, "single out one critical value"),
        ({"isolating_interval": (Fraction(118), Fraction(119))}, "between the bounds"),
        ({"isolating_interval": (Fraction(0), Fraction(10))}, "exactly one root"),
        ({"isolating_interval": (Fraction(44), Fraction(43))}, "exactly one root"),
        ({"minimal_polynomial": (-43, 1)}, "exactly one root"),
        (
            {
                "minimal_polynomial": (-43, 1),
                "isolating_interval": (Fraction(43), Fraction(43)),
            },
            "does not divide",
        ),
        ({"minimal_polynomial": (0, 0, 1)}, "reducible"),
        ({"minimal_polynomial": (-86, 2)}, "not primitive"),
        ({"minimal_polynomial": (7,)}, "not primitive, or constant"),
    ],
)
def test_a_false_algebraic_value_is_rejected(changes, message: str) -> None:
    instance = published("rec-small-2x3")
    optimum = solve_two_rows(instance)
    with pytest.raises(RejectedCertificateError, match=message):
        check_value(instance, optimum, **changes)


def test_an_algebraic_value_of_another_instance_is_rejected() -> None:
    optimum = solve_two_rows(published("rec-small-2x3"))
    with pytest.raises(RejectedCertificateError):
        check_value(published("rec-missing-one-2x3"), optimum)
