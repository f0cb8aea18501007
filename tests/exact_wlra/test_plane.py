"""The plane of row spaces: solved exactly, proved, and what the checker refuses."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_wlra.bounds import plane
from exact_wlra.bounds.plane import PlaneOptimum, prove_plane, solve_plane
from exact_wlra.certificates import Plane, Transpose
from exact_wlra.checker.plane import check_plane_optimum, plane_bound
from exact_wlra.driver import check, solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.problem import Problem
from reductions.errors import NotApplicableError
from reductions.instances import Instance, ones_like
from semialgebraic.errors import InvalidInputError
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.real_algebraic import RealAlgebraicNumber

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}
ON_THE_PLANE = (
    "oss-3x3-k1",
    "oss-3x3-k2",
    "rec-rank1W-3x3",
    "rec-two-col-patterns-3x4",
)


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


def published_problem(name: str) -> Problem:
    case = PUBLISHED[name]
    return Problem(case["A"], squared_weights=case["W2"], rank=case["k"])


def check_value(instance: Instance, optimum: PlaneOptimum, **changes) -> None:
    """Check the algebraic value, with some of the claims changed."""
    assert optimum.value is not None
    claims = {
        "minimal_polynomial": optimum.value.minimal_polynomial,
        "isolating_interval": optimum.value.isolating_interval,
        "lower": optimum.enclosure[0],
        "upper": optimum.enclosure[1],
    }
    check_plane_optimum(instance, **(claims | changes))


@st.composite
def instances(draw) -> Instance:
    """Two weight patterns and full column rank: an optimum above 0."""
    n = draw(st.integers(3, 6))
    row = st.lists(st.integers(-9, 9), min_size=3, max_size=3)
    weight_row = st.lists(st.integers(1, 9), min_size=3, max_size=3)
    patterns = draw(weight_row), draw(weight_row)
    data = [draw(row) for _ in range(n)]
    assume(np.linalg.matrix_rank(np.array(data)) == 3)
    return make(data, [patterns[i % 2] for i in range(n)], draw(st.integers(1, 2)))


def solved(instance: Instance) -> PlaneOptimum:
    """The optimum; instances with infinitely many critical points are passed over."""
    try:
        return solve_plane(instance)
    except NotApplicableError:
        assume(False)
        raise


# --- published optima


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_optimum_and_counts_are_the_published_ones(name: str) -> None:
    expected = PUBLISHED[name]["recomputed_here"]
    optimum = solve_plane(published(name))
    text = expected["optimum"]
    digits = len(text.partition(".")[2])
    assert abs(
        Fraction(optimum.value.decimal(digits + 3)) - Fraction(text)
    ) <= Fraction(1, 10**digits)
    low, high = optimum.enclosure
    assert low <= Fraction(text) + Fraction(1, 10**digits)
    assert Fraction(text) - Fraction(1, 10**digits) <= high
    assert high - low <= published(name).energy() / 2**60
    assert optimum.n_complex_critical_points == expected["complex_critical_points"]
    assert optimum.n_real_critical_points == expected["real_critical_points"]
    assert optimum.n_local_minima == expected["local_minima"]
    assert optimum.attained


def test_the_published_instance_has_three_minimizers() -> None:
    optimum = solve_plane(published("oss-3x3-k1"))
    assert len(optimum.minimizers) == 3
    assert {c.cost_at(p).coordinate(0) for c, p in optimum.minimizers} == {
        optimum.value
    }


@pytest.mark.parametrize("method", ["auto", "plane"])
def test_the_published_instance_is_solved_to_its_minimum(method: str) -> None:
    problem = published_problem("oss-3x3-k1")
    solution = solve(problem, method=method, gap=0)
    assert solution.claim == "minimum"
    assert solution.attained
    assert solution.algebraic.n_minimizers == 3
    assert solution.algebraic.n_real_critical_points == 19
    polynomial = PUBLISHED["oss-3x3-k1"]["recomputed_here"][
        "optimum_minimal_polynomial_low_to_high"
    ]
    assert solution.algebraic.minimal_polynomial == tuple(map(int, polynomial))
    assert check(problem, solution.certificate) == solution.lower
    assert 0 < solution.upper - solution.lower <= solution.upper / 2**99
    assert any(e.bound == "optimum" and e.checked for e in solution.evidence)


def test_a_rational_optimum_is_met_exactly() -> None:
    problem = published_problem("oss-3x3-k2")
    solution = solve(problem, method="plane", gap=0)
    assert solution.claim == "minimum"
    assert solution.lower == solution.upper == Fraction(6534, 23)
    assert check(problem, solution.certificate) == Fraction(6534, 23)


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_both_orientations_have_the_same_optimum(name: str) -> None:
    problem = published_problem(name)
    solutions = [solve(p, method="plane") for p in (problem, problem.transpose)]
    values = [s.algebraic.minimal_polynomial for s in solutions]
    assert values[0] == values[1]
    rules = {type(s.certificate.proof) for s in solutions}
    assert rules <= {Plane, Transpose}


@pytest.mark.parametrize("rank", [1, 2])
def test_a_million_columns_of_two_patterns(rank: int) -> None:
    """Few patterns: the elimination does not see how many columns there are."""
    generator = np.random.default_rng(7)
    n_types = 40
    patterns = (1, 2, 5), (13, 1, 4)
    core = generator.integers(-99, 100, (3, n_types)).tolist()
    weights = [[patterns[j % 2][i] for j in range(n_types)] for i in range(3)]
    problem = Problem.patterned(
        row_labels=[0, 1, 2],
        column_labels=np.arange(10**6) % n_types,
        data_core=core,
        squared_weight_core=weights,
        rank=rank,
    )
    assert problem.shape == (3, 10**6)
    solution = solve(problem)
    assert solution.claim == "minimum"
    assert len(solution.algebraic.minimal_polynomial) - 1 == 19
    assert check(problem, solution.certificate) == solution.lower
    # Every type occurs 25 000 times: the optimum of the core, as many times.
    once = solve(Problem(core, squared_weights=weights, rank=rank))
    ratio = Fraction(solution.algebraic.decimal) / Fraction(once.algebraic.decimal)
    assert abs(ratio - 25_000) < Fraction(1, 10**20)


# --- theorems


@settings(max_examples=25)
@given(instances())
def test_value_enclosure_and_proof_agree(instance: Instance) -> None:
    optimum = solved(instance)
    low, high = optimum.enclosure
    assert low <= high <= low + instance.energy() / 2**60
    assert not optimum.value < low
    assert not high < optimum.value
    check_value(instance, optimum)
    gap = Fraction(1, 10**6)
    proof, left, right = prove_plane(instance, optimum, gap)
    upper = instance.cost(left, right)
    assert plane_bound(instance, proof) == proof.lower <= high
    assert not upper < optimum.value
    assert upper - proof.lower <= gap * upper


@settings(max_examples=25)
@given(instances(), st.integers(1, 60))
def test_a_bound_above_the_optimum_is_refused_and_one_below_accepted(
    instance: Instance, bits: int
) -> None:
    optimum = solved(instance)
    low, high = optimum.enclosure
    part = instance.energy() / 2**bits
    with pytest.raises(RejectedCertificateError, match="below"):
        plane_bound(instance, Plane(lower=high + part))
    assert plane_bound(instance, Plane(lower=low - part)) == low - part


@settings(max_examples=15)
@given(instances())
def test_the_optimum_falls_with_the_rank(instance: Instance) -> None:
    one, two = (
        solved(
            make(instance.data.fractions(), instance.squared_weights.fractions(), rank)
        )
        for rank in (1, 2)
    )
    assert Fraction(0) < two.enclosure[1]
    assert two.enclosure[0] <= one.enclosure[1]
    assert one.value is not None
    assert two.value < one.value


def test_a_value_of_large_degree_is_enclosed_and_proved(monkeypatch) -> None:
    instance = published("oss-3x3-k1")
    exact = solve_plane(instance)
    monkeypatch.setattr(plane, "LARGEST_VALUE_DEGREE", 1)
    optimum = solve_plane(instance)
    assert optimum.value is None
    assert len(optimum.minimizers) == 3
    low, high = optimum.enclosure
    assert not exact.value < low
    assert not high < exact.value
    proof, left, right = prove_plane(instance, optimum, Fraction(1, 10**12))
    upper = instance.cost(left, right)
    assert plane_bound(instance, proof) >= upper * (1 - Fraction(1, 10**12))


def test_gap_zero_of_an_irrational_optimum_is_narrow() -> None:
    instance = published("rec-two-col-patterns-3x4")
    proof, left, right = prove_plane(instance, solve_plane(instance), Fraction(0))
    upper = instance.cost(left, right)
    assert 0 < upper - proof.lower <= upper / 2**100
    assert plane_bound(instance, proof) == proof.lower


def test_all_ties_are_minimizers() -> None:
    data = RationalMatrix.from_rows([[3, 1, 1], [1, 3, 1], [1, 1, 3], [2, 2, 2]])
    cyclic = make(data.fractions(), [[1, 2, 4], [4, 1, 2], [2, 4, 1], [3, 3, 3]], 1)
    optimum = solve_plane(cyclic)
    assert len(optimum.minimizers) in (1, 3)
    diagonal = Instance(
        data=RationalMatrix.from_rows([[2, 0, 0], [0, 1, 0], [0, 0, 3]]),
        squared_weights=ones_like(RationalMatrix.zeros(3, 3)),
        rank=2,
    )
    assert solve_plane(diagonal).value.rational == 1
    assert len(solve_plane(diagonal).minimizers) == 1


# --- what is refused


@pytest.mark.parametrize(
    ("instance", "message"),
    [
        (make([[1, 2], [3, 4]], [[1, 1], [1, 2]]), "three columns"),
        (make([[1, 2, 3], [4, 5, 7]], [[1, 1, 1], [1, 0, 2]]), "weight is zero"),
        (make([[0, 0, 0]], [[1, 1, 2]]), "trivial"),
        (make([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1, 1, 1]] * 3), "no finite list"),
    ],
)
def test_other_instances_are_refused_and_their_proofs_rejected(
    instance, message
) -> None:
    with pytest.raises(NotApplicableError, match=message):
        solve_plane(instance)
    with pytest.raises(RejectedCertificateError, match=message):
        plane_bound(instance, Plane(lower=Fraction(0)))


def test_infinitely_many_critical_points_are_left_to_other_methods() -> None:
    problem = Problem([[1, 0, 0], [0, 1, 0], [0, 0, 1]], rank=1)
    solution = solve(problem, method="plane")
    assert solution.lower == 0
    assert solution.algebraic is None
    assert solve(problem).upper == pytest.approx(2)


def test_a_negative_gap_is_refused() -> None:
    instance = published("oss-3x3-k2")
    with pytest.raises(InvalidInputError, match="gap is negative"):
        prove_plane(instance, solve_plane(instance), Fraction(-1))


@pytest.mark.parametrize("name", ON_THE_PLANE)
def test_a_bound_just_above_the_optimum_is_rejected(name: str) -> None:
    instance = published(name)
    value = solve_plane(instance).value
    above = value.refined(Fraction(1, 10**40)).isolating_interval[1]
    with pytest.raises(RejectedCertificateError, match="below"):
        plane_bound(instance, Plane(lower=above + Fraction(1, 10**39)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lower": Fraction(43557)}, "below the lower bound"),
        ({"upper": Fraction(43556)}, "between the bounds"),
        ({"upper": Fraction(43632)}, "between the bounds"),  # another local minimum
        ({"isolating_interval": (Fraction(43631), Fraction(43632))}, "between"),
        ({"isolating_interval": (Fraction(0), Fraction(10))}, "exactly one root"),
        ({"isolating_interval": (Fraction(43000), Fraction(44000))}, "exactly one"),
        (
            {
                "minimal_polynomial": (-302805, 4),
                "isolating_interval": (Fraction(302805, 4), Fraction(302805, 4)),
            },
            "between the bounds",
        ),
        ({"minimal_polynomial": (0, 0, 1)}, "reducible"),
        ({"minimal_polynomial": (7,)}, "not primitive, or constant"),
    ],
)
def test_a_false_algebraic_value_is_rejected(changes, message: str) -> None:
    instance = published("oss-3x3-k1")
    optimum = solve_plane(instance)
    check_value(instance, optimum)
    with pytest.raises(RejectedCertificateError, match=message):
        check_value(instance, optimum, **changes)


def test_a_value_of_another_instance_is_rejected() -> None:
    optimum = solve_plane(published("oss-3x3-k1"))
    with pytest.raises(RejectedCertificateError):
        check_value(published("oss-3x3-k2"), optimum)
    other = RealAlgebraicNumber.from_rational(Fraction(6534, 23))
    with pytest.raises(RejectedCertificateError):
        check_value(
            published("oss-3x3-k1"),
            optimum,
            minimal_polynomial=other.minimal_polynomial,
            isolating_interval=other.isolating_interval,
        )
