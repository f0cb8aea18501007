"""The search of pattern space: bounds that only improve, and the proof of its tree."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq_mat, fmpz_mat
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.simplex_quadratics import maximum_on_simplex
from exact_wlra.bounds.simplicial import SimplicialSearch, search_sides
from exact_wlra.budget import Budget
from exact_wlra.certificates import Leaf
from exact_wlra.checker import lower_bound
from reductions.instances import Instance
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
# Two patterns of columns, three local minima (published.json, rec-two-col-patterns-3x4).
PATTERNS = ([1, -2, 4, 1], [3, 5, -1, 2], [2, 0, 1, -3])
PATTERN_WEIGHTS = ([4, 4, 9, 9], [1, 1, 25, 25], [16, 16, 1, 1])
OPTIMUM = Fraction("168.655699910580533123807033083588")


def make(data, omega) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(omega),
        rank=1,
    )


def two_patterns() -> Instance:
    return make(PATTERNS, PATTERN_WEIGHTS)


def started(instance: Instance, budget: Budget | None = None) -> SimplicialSearch:
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    return SimplicialSearch(instance, space, budget or Budget(time_limit=20))


def random_instance(seed: int, n_patterns: int, *, zeros: bool) -> Instance:
    """4 x 6 with few patterns of columns; every row and column has weight."""
    generator = np.random.default_rng(seed)
    patterns = generator.integers(0 if zeros else 1, 6, size=(4, n_patterns))
    patterns[np.arange(4), np.arange(4) % n_patterns] += 1
    patterns[0] += 1
    labels = np.arange(6) % n_patterns
    return Instance(
        data=RationalMatrix(generator.integers(-9, 10, size=(4, 6))),
        squared_weights=RationalMatrix(patterns[:, labels]),
        rank=1,
    )


def test_the_published_optimum_is_enclosed_and_the_enclosure_narrow() -> None:
    instance = two_patterns()
    search = started(instance)
    assert search.run(1e-5)
    lower = lower_bound(instance, search.proof(1e-6))
    assert lower <= OPTIMUM <= Fraction(search.upper) + Fraction(1, 10**6)
    assert OPTIMUM - lower <= OPTIMUM * Fraction(2, 10**5)


@given(seed=seeds, n_patterns=st.integers(1, 3), zeros=st.booleans())
def test_the_proof_proves_what_the_search_found(seed, n_patterns, zeros) -> None:
    instance = random_instance(seed, n_patterns, zeros=zeros)
    search = started(instance, Budget(time_limit=2))
    search.run(0.05)
    proof = search.proof(0.01)
    lower = lower_bound(instance, proof)
    estimate = search.floats.energy - search.bound
    allowance = 0.01 * search.upper + 1e-9 * search.floats.energy
    assert estimate - allowance <= float(lower) <= search.upper * (1 + 1e-9)


@given(seed=seeds, n_patterns=st.integers(2, 3), zeros=st.booleans())
def test_the_bound_never_gets_worse(seed, n_patterns, zeros) -> None:
    search = started(
        random_instance(seed, n_patterns, zeros=zeros), Budget(time_limit=2)
    )
    previous = search.bound
    for gap in (1.0, 0.3, 0.1, 0.03):
        search.run(gap)
        # The estimates of batches of matrices differ in their last bits.
        assert search.bound <= previous * (1 + 1e-12)
        assert search.bound >= search.best_capture
        previous = search.bound


def test_a_search_goes_on_where_it_stopped() -> None:
    in_turns, at_once = started(two_patterns()), started(two_patterns())
    for gap in (0.5, 1e-1, 1e-2, 1e-3):
        in_turns.run(gap)
    at_once.run(1e-3)
    assert in_turns.n_nodes <= 2 * at_once.n_nodes
    assert in_turns.bound == pytest.approx(at_once.bound, rel=2e-3)


def test_an_interrupted_search_still_has_a_proof() -> None:
    budget = Budget(time_limit=60)
    instance = two_patterns()
    search = started(instance, budget)
    budget.interrupt()
    assert not search.run(1e-9)
    proof = search.proof(1e-6)
    assert len(proof.tree) == 1
    # One simplex bounds so little that it may prove less than OPT >= 0.
    assert lower_bound(instance, proof) <= OPTIMUM


def test_a_time_ends_a_turn() -> None:
    search = started(two_patterns())
    assert not search.run(0.0, seconds=0.0)
    assert search.run(1e-3, seconds=20.0)


def test_a_better_point_is_taken_and_a_worse_one_is_not() -> None:
    instance = two_patterns()
    search = started(instance)
    search.run(1e-3)
    best = search.upper
    search.offer(np.array([1.0, 0.0, 0.0, 0.0]))
    assert search.upper == best
    fresh = started(instance)
    fresh.offer(search.best_point)
    assert fresh.upper <= best * (1 + 1e-12)


def test_the_best_point_attains_the_upper_bound() -> None:
    instance = two_patterns()
    search = started(instance)
    search.run(1e-3)
    v = search.best_point
    omega, data = instance.squared_weights.to_float(), instance.data.to_float()
    u = (omega * data) @ v / (omega @ (v * v))
    cost = (omega * (data - np.outer(u, v)) ** 2).sum()
    assert cost == pytest.approx(search.upper, rel=1e-12)


def test_one_pattern_needs_no_bisection() -> None:
    instance = make([[2, 1], [1, 3], [0, 1]], [[1, 1], [2, 2], [3, 3]])
    search = started(instance)
    assert search.run(1e-9)
    proof = search.proof(1e-9)
    assert [type(item) for item in proof.tree] == [Leaf]


@pytest.mark.parametrize("zeros", [False, True])
def test_both_sides_give_bounds_of_the_same_optimum(zeros: bool) -> None:
    instance = random_instance(5, 2, zeros=zeros)
    budget = Budget(time_limit=20)
    searches = [started(side, budget) for side in (instance, instance.transpose)]
    best = search_sides(searches, gap=1e-3, budget=budget)
    assert best in searches
    uppers = [search.upper for search in searches]
    lowers = [
        float(lower_bound(search.instance, search.proof(1e-3))) for search in searches
    ]
    assert max(lowers) <= min(uppers) * (1 + 1e-12)
    assert best.upper - (best.floats.energy - best.bound) <= 1e-3 * best.upper


def test_groups_without_weight_at_a_vertex_are_excluded_with_a_bound() -> None:
    instance = make(
        [[1, -2, 4], [3, 5, -1], [2, 1, 1]], [[4, 4, 9], [1, 1, 0], [1, 1, 2]]
    )
    search = started(instance)
    search.run(1e-2)
    proof = search.proof(1e-2)
    assert proof.exclusions
    for exclusion in proof.exclusions:
        rows = np.flatnonzero(np.isin(search.space.labels, exclusion.groups))
        part = instance.restrict(rows)
        captured = part.energy() - lower_bound(part, exclusion.proof)
        assert 0 <= captured <= exclusion.bound


# -- quadratic forms on the simplex -------------------------------------------------


def exact_maximum(rows: list[list[int]]) -> Fraction:
    """The maximum, on a face whose stationary point is unique."""
    from itertools import chain, combinations

    m, found = len(rows), []
    for face in chain.from_iterable(combinations(range(m), r) for r in range(1, m + 1)):
        size = len(face)
        bordered = [[rows[i][j] for j in face] + [1] for i in face] + [[1] * size + [0]]
        matrix = fmpq_mat(fmpz_mat(bordered))
        if matrix.det() != 0:
            solution = matrix.inv() * fmpq_mat(size + 1, 1, [0] * size + [1])
            if all(solution[i, 0] > 0 for i in range(size)):
                value = -solution[size, 0]
                found.append(Fraction(int(value.p), int(value.q)))
    return max(found)


@given(seed=seeds, size=st.integers(1, 5), count=st.integers(1, 4))
def test_maxima_on_the_simplex_are_found(seed: int, size: int, count: int) -> None:
    generator = np.random.default_rng(seed)
    half = generator.integers(-5, 6, size=(count, size, size))
    forms = half + half.transpose(0, 2, 1)
    maxima, points = maximum_on_simplex(forms.astype(float))
    for form, value, point in zip(forms, maxima, points, strict=True):
        assert value == pytest.approx(float(exact_maximum(form.tolist())), abs=1e-9)
        assert point.min() >= 0
        assert point.sum() == pytest.approx(1)
        assert point @ form @ point == pytest.approx(value, abs=1e-9)


@given(seed=seeds, power=st.sampled_from([-200, -30, 30, 100]))
def test_maxima_on_the_simplex_scale_with_the_form(seed: int, power: int) -> None:
    generator = np.random.default_rng(seed)
    half = generator.standard_normal((3, 4, 4))
    forms = half + half.transpose(0, 2, 1)
    scale = 2.0**power
    maxima, _ = maximum_on_simplex(forms)
    scaled, _ = maximum_on_simplex(scale * forms)
    assert scaled / scale == pytest.approx(maxima, rel=1e-9)
