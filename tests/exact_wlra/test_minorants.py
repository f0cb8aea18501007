"""Weights lowered to rank two: the inequality, the candidates, what closes with them."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.applicability import applicable
from exact_wlra.bounds.lowered_weights import lowered_instances
from exact_wlra.bounds.rank_two_minorants import rank_two_minorants
from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.certificates import Minorant, Spectral, Zero
from exact_wlra.checker import lower_bound
from exact_wlra.checker.minorants import lowered_instance
from exact_wlra.checker.spectral import exact_rank
from exact_wlra.driver import solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.problem import Problem
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)


def planted(seed: int, n: int, rank: int, noise: float) -> Problem:
    """Low rank data plus noise under three column and four row patterns."""
    generator = np.random.default_rng(seed)
    signal = generator.standard_normal((n, rank)) @ generator.standard_normal((rank, n))
    data = np.rint(10 * (signal + noise * generator.standard_normal((n, n))))
    patterns = np.array([[1, 2, 3], [2, 2, 1], [3, 1, 2], [2, 3, 3]])
    weights = patterns[generator.integers(0, 4, n)][:, generator.integers(0, 3, n)]
    return Problem(data.astype(int).tolist(), weights=weights.tolist(), rank=rank)


def random_minorant(seed: int) -> tuple[Instance, Minorant]:
    """An instance with some zero weights and any lowered weights and center."""
    generator = np.random.default_rng(seed)
    n, d = generator.integers(1, 5, 2)
    left, right = generator.integers(0, 4, (n, 2)), generator.integers(0, 4, (2, d))
    lowered = left @ right
    instance = Instance(
        data=RationalMatrix(generator.integers(-9, 10, (n, d)), 3),
        squared_weights=RationalMatrix(
            lowered + generator.integers(0, 3, (n, d)) * generator.integers(0, 4), 2
        ),
        rank=int(generator.integers(1, 3)),
    )
    proof = Minorant(
        weight_left=RationalMatrix(left, 2),
        weight_right=RationalMatrix(right),
        center_left=RationalMatrix(generator.integers(-4, 5, (n, 1)), 2),
        center_right=RationalMatrix(generator.integers(-4, 5, (1, d))),
        grid=int(generator.integers(-3, 12)),
        proof=Zero(),
    )
    return instance, proof


@given(seed=seeds)
def test_no_factors_cost_less_than_inside_less_the_price(seed) -> None:
    instance, proof = random_minorant(seed)
    inside, price = lowered_instance(instance, proof)
    generator = np.random.default_rng(seed)
    n, d = instance.shape
    for _ in range(3):
        left = RationalMatrix(generator.integers(-4, 5, (n, instance.rank)), 2)
        right = RationalMatrix(generator.integers(-4, 5, (instance.rank, d)))
        assert instance.cost(left, right) >= inside.cost(left, right) - price


@given(seed=seeds)
def test_the_inequality_is_an_equality_at_the_center(seed) -> None:
    # But for the grid, and where the weight is dropped altogether.
    instance, proof = random_minorant(seed)
    inside, price = lowered_instance(instance, replace(proof, grid=40))
    left, right = proof.center_left, proof.center_right
    kept = inside.support()
    dropped = instance.squared_weights.numerators * ~kept
    lost = Instance(
        data=instance.data,
        squared_weights=RationalMatrix(dropped, instance.squared_weights.denominator),
        rank=instance.rank,
    ).cost(left, right)
    found = inside.cost(left, right) - price + lost
    assert 0 <= instance.cost(left, right) - found <= Fraction(1, 10**12)


@given(seed=seeds)
def test_a_proof_inside_is_judged_about_the_lowered_weights(seed) -> None:
    instance, proof = random_minorant(seed)
    _, price = lowered_instance(instance, proof)
    assert lower_bound(instance, proof) == -price
    nested = replace(proof, proof=replace(proof, proof=Zero()))
    assert lower_bound(instance, nested) <= 0


def test_spectral_inside_agrees_with_spectral() -> None:
    """T1 is a minorant of rank one around a singular value decomposition."""
    instance = planted(2, 6, 2, 0.1).instance
    found = solve(planted(2, 6, 2, 0.1), method="spectral", gap=1e-3)
    proof = found.certificate.proof
    while not isinstance(proof, Spectral):
        instance = instance.transpose
        proof = proof.proof
    bare = replace(
        proof,
        center_left=RationalMatrix.zeros(6, 0),
        center_right=RationalMatrix.zeros(0, 6),
    )
    around = Minorant(
        weight_left=proof.rows.transpose,
        weight_right=proof.columns,
        center_left=proof.center_left,
        center_right=proof.center_right,
        grid=proof.grid,
        proof=bare,
    )
    assert lower_bound(instance, around) == lower_bound(instance, proof)


@given(
    seed=seeds,
    shape=st.tuples(st.integers(2, 9), st.integers(2, 9)),
    largest=st.sampled_from([3, 9, 10**7, 10**30]),
)
def test_candidates_have_rank_two_and_stay_below(seed, shape, largest) -> None:
    generator = np.random.default_rng(seed)
    entries = [[int(generator.integers(1, 10**6)) * largest // 10**6 + 1 for _ in
                range(shape[1])] for _ in range(shape[0])]  # fmt: skip
    omega = RationalMatrix.from_rows(entries).scaled(Fraction(1, 7))
    losses = generator.random(shape)
    found = rank_two_minorants(omega, losses, count=5)
    assert min(1, exact_rank(omega.numerators) - 1) <= len(found) <= 5
    prices = [candidate.price for candidate in found]
    assert prices == sorted(prices)
    for candidate in found:
        assert candidate.left.shape == (shape[0], 2)
        lowered = candidate.left @ candidate.right
        assert (lowered.numerators > 0).all()
        assert ((omega - lowered).numerators >= 0).all()


@given(seed=seeds)
def test_two_patterns_of_columns_or_rows_are_kept_exactly(seed) -> None:
    generator = np.random.default_rng(seed)
    patterns = np.array([[1, 3], [2, 1], [4, 4], [1, 1]])
    omega = patterns[generator.permutation(8) % 4][:, generator.permutation(6) % 2]
    for weights in (omega, omega.T):
        exact = RationalMatrix(np.ascontiguousarray(weights))
        best = rank_two_minorants(exact, np.ones(weights.shape), count=1)[0]
        assert best.left @ best.right == exact
        assert abs(best.price) < 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_no_bound_inside_gives_more_than_the_value(seed) -> None:
    problem = planted(seed, 8, 2, 0.8)
    instance, budget = problem.instance, Budget(time_limit=20)
    start = best_of_starts(instance, seed=0, budget=budget)
    values = []
    for lowered in lowered_instances(
        instance,
        start.left,
        start.right,
        gap=1e-4,
        count=3,
        seed=0,
        budget=budget,
    ):
        left = RationalMatrix.from_floats(lowered.left)
        right = RationalMatrix.from_floats(lowered.right)
        _, price = lowered_instance(instance, lowered.proof)
        reached = float(lowered.instance.cost(left, right) - price)
        assert reached == pytest.approx(lowered.value, rel=1e-6)
        assert lowered.value <= start.cost * (1 + 1e-6)
        values.append(lowered.value)
    proved = solve(problem, method="minorant", gap=1e-4)
    assert 0 < float(proved.lower) <= proved.upper
    assert float(proved.lower) <= max(values) * (1 + 1e-6)


@pytest.mark.parametrize(("seed", "n", "rank"), [(2, 12, 2), (2, 30, 3)])
def test_noisy_data_with_three_patterns_close_unasked(seed, n, rank) -> None:
    problem = planted(seed, n, rank, 0.8)
    found = solve(problem, gap=1e-6)
    assert found.upper - found.lower <= found.upper / 10**6
    assert '"rule":"minorant"' in certificate_to_json(found.certificate)


def test_where_it_applies() -> None:
    ones = RationalMatrix.from_rows([[1] * 4] * 4)
    three = RationalMatrix.from_rows([[1, 2, 3, 1]] * 2 + [[2, 1, 1, 1], [3, 1, 4, 1]])
    two = RationalMatrix.from_rows([[1, 2, 1, 1]] * 2 + [[2, 1, 2, 2]] * 2)
    hole = RationalMatrix.from_rows([[0, 2, 3, 1], [2, 0, 1, 3], [3, 1, 0, 2]] * 2)
    for omega, reason in (
        (ones, "rank above two"),
        (two, "rank above two"),
        (three, ""),
        (hole, "positive weights"),
    ):
        data = RationalMatrix(np.arange(omega.numerators.size).reshape(omega.shape))
        instance = Instance(data=data, squared_weights=omega, rank=2)
        found = applicable(instance)["minorant"]
        assert reason in found
        assert bool(found) == bool(reason)


def test_weights_above_the_given_ones_are_refused() -> None:
    instance, proof = random_minorant(3)
    raised = replace(proof, weight_left=RationalMatrix(np.full((4, 2), 99)))
    raised = replace(
        raised, weight_left=raised.weight_left.take(range(instance.shape[0]))
    )
    with pytest.raises(RejectedCertificateError, match="exceeds the squared weight"):
        lower_bound(instance, raised)
