"""Rule `spectral`: planted optima proved, bounds below every cost, lies rejected."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exact_wlra.bounds.spectral import prove_spectral
from exact_wlra.certificates import Blocks, Energy, Proof, Spectral, Transpose, Zero
from exact_wlra.checker.rules import lower_bound
from exact_wlra.checker.spectral import exact_rank
from exact_wlra.errors import RejectedCertificateError
from reductions.instances import Instance
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

GAP = 1e-6


def planted(
    n: int, d: int, rank: int, *, noise: float, values: list[int], seed: int
) -> Instance:
    """Return low rank data plus noise, with weights W drawn from `values`."""
    rng = np.random.default_rng(seed)
    data = rng.normal(size=(n, rank)) @ rng.normal(size=(rank, d))
    data += noise * rng.normal(size=(n, d))
    weights = rng.choice(values, size=(n, d)) ** 2
    return Instance(
        data=RationalMatrix.rounded(data, 10),
        squared_weights=RationalMatrix(weights),
        rank=rank,
    )


def stationary(
    instance: Instance, *, starts: int = 1, sweeps: int = 500, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return the best factors that alternating least squares finds."""
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    rng = np.random.default_rng(seed)
    best = np.inf, np.zeros(0), np.zeros(0)
    for start in range(starts):
        right = np.linalg.svd(data, full_matrices=False)[2][: instance.rank]
        if start or len(right) < instance.rank:
            right = rng.normal(size=(instance.rank, data.shape[1]))
        cost = np.inf
        for _ in range(sweeps):
            left = solve_rows(data, weights, right)
            right = solve_rows(data.T, weights.T, left.T).T
            before, cost = cost, float((weights * (data - left @ right) ** 2).sum())
            if before - cost <= 1e-13 * cost:
                break
        if cost < best[0]:
            best = cost, left, right
    return best[1], best[2]


def exact_cost(instance: Instance, left: np.ndarray, right: np.ndarray) -> Fraction:
    return instance.cost(
        RationalMatrix.from_floats(left), RationalMatrix.from_floats(right)
    )


def proof_and_cost(instance: Instance) -> tuple[Spectral, Fraction]:
    """Return a proof for an instance with n >= d and positive weights."""
    left, right = stationary(instance)
    proof = prove_spectral(instance, left, right, target_gap=GAP)
    assert isinstance(proof, Spectral)
    return proof, exact_cost(instance, left, right)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("n", "d", "rank", "noise"),
    [(10, 10, 1, 0.1), (50, 50, 2, 0.1), (50, 50, 2, 0.3), (20, 60, 2, 0.1)],
)
def test_planted_optimum_is_proved(
    n: int, d: int, rank: int, noise: float, seed: int
) -> None:
    instance = planted(n, d, rank, noise=noise, values=[1, 2, 3], seed=seed)
    left, right = stationary(instance)
    proof = prove_spectral(instance, left, right, target_gap=GAP, max_evaluations=0)
    upper = exact_cost(instance, left, right)
    assert (1 - Fraction(GAP)) * upper <= lower_bound(instance, proof) <= upper


@pytest.mark.slow
@pytest.mark.parametrize("floats", [False, True])
def test_large_instance_is_proved(
    floats: bool,
    record_property: Callable[[str, object], None],
) -> None:
    n, d, rank = 1000, 500, 3
    rng = np.random.default_rng(0)
    data = rng.normal(size=(n, rank)) @ rng.normal(size=(rank, d))
    data += 0.1 * np.sqrt(rank) * rng.normal(size=(n, d))
    if floats:
        roots = RationalMatrix.from_floats(rng.uniform(0.5, 2.0, size=(n, d)))
        exact = RationalMatrix.from_floats(data)
    else:
        distinct = 500_000 + rng.permutation(n * d)
        roots = RationalMatrix(distinct.reshape(n, d), 10**6)
        exact = RationalMatrix.rounded(data, 10)
    instance = Instance(data=exact, squared_weights=roots.hadamard(roots), rank=rank)
    left, right = stationary(instance, sweeps=60)
    started = time.perf_counter()
    proof = prove_spectral(instance, left, right, target_gap=GAP)
    found = time.perf_counter()
    lower = lower_bound(instance, proof)
    checked = time.perf_counter()
    label = "floats" if floats else "decimals"
    record_property(f"spectral search 1000 x 500, {label} [s]", found - started)
    record_property(f"spectral check 1000 x 500, {label} [s]", checked - found)
    upper = exact_cost(instance, left, right)
    assert (1 - Fraction(GAP)) * upper <= lower <= upper


def test_noise_in_the_last_digits_is_no_obstacle() -> None:
    rng = np.random.default_rng(1)
    data = rng.normal(size=(40, 2)) @ rng.normal(size=(2, 30))
    data += 1e-7 * rng.normal(size=(40, 30))
    instance = Instance(
        data=RationalMatrix.rounded(data, 40),
        squared_weights=RationalMatrix(rng.integers(1, 5, size=(40, 30))),
        rank=2,
    )
    left, right = stationary(instance)
    proof = prove_spectral(instance, left, right, target_gap=GAP)
    upper = exact_cost(instance, left, right)
    assert upper * (1 - Fraction(GAP)) <= lower_bound(instance, proof) <= upper


@pytest.mark.parametrize("seed", range(2))
def test_ascent_improves_where_the_test_fails(seed: int) -> None:
    instance = planted(20, 20, 1, noise=0.6, values=[1, 2, 3], seed=seed)
    left, right = stationary(instance, starts=4)
    upper = exact_cost(instance, left, right)
    bounds = [
        lower_bound(
            instance,
            prove_spectral(
                instance, left, right, target_gap=GAP, max_evaluations=evaluations
            ),
        )
        for evaluations in (0, 400)
    ]
    assert 0 <= bounds[0] <= bounds[1] <= upper
    assert bounds[1] > upper * 85 / 100


def test_interrupted_search_returns_a_proof() -> None:
    instance = planted(12, 10, 1, noise=0.3, values=[1, 2], seed=0)
    left, right = stationary(instance)
    proof = prove_spectral(
        instance, left, right, target_gap=GAP, interrupted=lambda: True
    )
    assert 0 <= lower_bound(instance, proof) <= exact_cost(instance, left, right)


@given(
    n=st.integers(2, 7),
    d=st.integers(2, 7),
    rank=st.integers(1, 3),
    seed=st.integers(0, 10**6),
)
@example(n=2, d=2, rank=1, seed=68)  # an exact fit in floats: division by its cost
def test_bound_never_exceeds_a_cost(n: int, d: int, rank: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    instance = Instance(
        data=RationalMatrix(rng.integers(-5, 6, size=(n, d))),
        squared_weights=RationalMatrix(rng.integers(0, 5, size=(n, d)), 3),
        rank=rank,
    )
    left, right = stationary(instance, starts=3, sweeps=60, seed=seed)
    proof = prove_spectral(instance, left, right, target_gap=1e-3, max_evaluations=60)
    assert 0 <= lower_bound(instance, proof) <= exact_cost(instance, left, right)


@pytest.mark.parametrize("seed", range(3))
def test_poor_starts_still_give_valid_bounds(seed: int) -> None:
    instance = planted(9, 7, 2, noise=1.0, values=[1, 2, 5], seed=seed)
    rng = np.random.default_rng(seed)
    proof = prove_spectral(
        instance, rng.normal(size=(9, 2)), rng.normal(size=(2, 7)), target_gap=GAP
    )
    upper = exact_cost(instance, *stationary(instance, starts=5))
    assert 0 < lower_bound(instance, proof) <= upper


def test_a_missing_block_leaves_two_rectangles() -> None:
    instance = planted(30, 20, 2, noise=0.1, values=[1, 2], seed=0)
    weights = np.array(instance.squared_weights.numerators)
    weights[:8, :5] = 0
    instance = replace(instance, squared_weights=RationalMatrix(weights))
    left, right = stationary(instance, starts=3)
    proof = prove_spectral(instance, left, right, target_gap=GAP)
    assert isinstance(proof, Blocks)
    assert len(proof.parts) == 2
    upper = exact_cost(instance, left, right)
    assert upper / 2 < lower_bound(instance, proof) <= upper


def test_too_many_zeros_leave_nothing() -> None:
    omega = RationalMatrix(np.eye(3, dtype=np.int64))
    instance = Instance(data=omega, squared_weights=omega, rank=1)
    ones = np.ones((3, 1))
    assert prove_spectral(instance, ones, ones.T, target_gap=GAP) == Zero()


@pytest.mark.parametrize(("rank", "rule"), [(0, Energy()), (3, Zero()), (4, Zero())])
def test_trivial_ranks(rank: int, rule: Proof) -> None:
    instance = planted(5, 3, 1, noise=1.0, values=[1, 2], seed=0)
    instance = replace(instance, rank=rank)
    left, right = np.ones((5, rank)), np.ones((rank, 3))
    assert prove_spectral(instance, left, right, target_gap=GAP) == rule


def test_transposed_instance_has_the_same_bound() -> None:
    instance = planted(20, 12, 2, noise=0.2, values=[1, 2, 3], seed=3)
    left, right = stationary(instance)
    proof = prove_spectral(instance, left, right, target_gap=GAP)
    turned = prove_spectral(instance.transpose, right.T, left.T, target_gap=GAP)
    assert turned == Transpose(proof=proof)
    assert lower_bound(instance.transpose, turned) == lower_bound(instance, proof)


def test_both_arithmetics_accept_the_proof() -> None:
    instance = planted(20, 15, 2, noise=0.2, values=[1, 2, 3], seed=4)
    proof, _ = proof_and_cost(instance)
    bounds = {
        lower_bound(instance, proof, arithmetic=arithmetic)
        for arithmetic in ("automatic", "rational", "rounded")
    }
    assert len(bounds) == 1


# ------------------------------------------------------------------ tampered proofs


@pytest.fixture(scope="module")
def honest() -> tuple[Instance, Spectral, Fraction]:
    instance = planted(20, 15, 2, noise=0.3, values=[1, 2, 3], seed=5)
    proof, upper = proof_and_cost(instance)
    return instance, proof, upper


def at(matrix: RationalMatrix, index: int, factor: Fraction) -> RationalMatrix:
    """Return a row with one entry multiplied."""
    rows = matrix.fractions()
    rows[0][index] *= factor
    return RationalMatrix.from_fractions(rows)


LIES: dict[str, tuple[Callable[[Spectral], Spectral], str]] = {
    "theta too small": (
        lambda p: replace(p, theta=p.theta * Fraction(1, 3)),
        "not proved",
    ),
    "theta negative": (lambda p: replace(p, theta=-p.theta), "theta is negative"),
    "factor scaled down": (
        lambda p: replace(p, factor=p.factor.scaled(Fraction(999, 1000))),
        "not proved",
    ),
    "factor without a column": (
        lambda p: replace(p, factor=p.factor.take(columns=[0])),
        "not proved",
    ),
    "p too large": (
        lambda p: replace(p, rows=p.rows.scaled(Fraction(10))),
        "exceeds the squared weight",
    ),
    "one q too large": (
        lambda p: replace(p, columns=at(p.columns, 3, Fraction(20))),
        "exceeds the squared weight",
    ),
    "p negative": (
        lambda p: replace(p, rows=at(p.rows, 0, Fraction(-1))),
        "negative",
    ),
    "center of another shape": (
        lambda p: replace(p, center_left=p.center_left.take(slice(3))),
        "center of shapes",
    ),
    "rows of another shape": (
        lambda p: replace(p, rows=p.rows.take(columns=slice(3))),
        "have shapes",
    ),
    "grid out of range": (lambda p: replace(p, grid=10**9), "grid exceeds"),
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("arithmetic", ["automatic", "rational", "rounded"])
def test_lies_are_rejected(
    honest: tuple[Instance, Spectral, Fraction], lie: str, arithmetic: str
) -> None:
    instance, proof, _ = honest
    tamper, message = LIES[lie]
    with pytest.raises(RejectedCertificateError, match=message):
        lower_bound(instance, tamper(proof), arithmetic=arithmetic)


def test_proof_of_another_instance_is_rejected(
    honest: tuple[Instance, Spectral, Fraction],
) -> None:
    instance, proof, _ = honest
    other = replace(instance, data=instance.data.scaled(Fraction(2)))
    with pytest.raises(RejectedCertificateError, match="not proved"):
        lower_bound(other, proof)


def test_smaller_claims_stay_valid(
    honest: tuple[Instance, Spectral, Fraction],
) -> None:
    instance, proof, _ = honest
    bound = lower_bound(instance, proof)
    weaker = [
        replace(proof, theta=proof.theta * Fraction(11, 10)),
        replace(proof, factor=proof.factor.scaled(Fraction(11, 10))),
    ]
    assert all(lower_bound(instance, other) < bound for other in weaker)


@given(shift=st.integers(-4, 4), grid=st.integers(-3, 12), column=st.integers(0, 14))
def test_any_center_and_grid_prove_a_true_bound(
    honest: tuple[Instance, Spectral, Fraction], shift: int, grid: int, column: int
) -> None:
    instance, proof, upper = honest
    rows = proof.center_right.fractions()
    rows[0][column] += Fraction(shift, 7)
    identity = RationalMatrix(np.eye(15, dtype=np.int64))
    # theta = 0 and H = sqrt(bound) I dominate whatever B has become.
    other = replace(
        proof,
        center_right=RationalMatrix.from_fractions(rows),
        grid=grid,
        theta=Fraction(0),
        factor=identity.scaled(10**6),
    )
    assert lower_bound(instance, other) <= upper


def test_a_center_equal_to_the_data_is_harmless(
    honest: tuple[Instance, Spectral, Fraction],
) -> None:
    instance, proof, upper = honest
    identity = RationalMatrix(np.eye(15, dtype=np.int64))
    other = replace(
        proof,
        center_left=instance.data,
        center_right=identity,
        theta=proof.theta * 2,
    )
    assert lower_bound(instance, other) < upper


def test_left_out_rows_and_columns_are_not_read(
    honest: tuple[Instance, Spectral, Fraction],
) -> None:
    instance, proof, upper = honest
    without = replace(
        proof,
        rows=at(proof.rows, 0, Fraction(0)),
        columns=at(proof.columns, 1, Fraction(0)),
    )
    bound = lower_bound(instance, without)
    assert bound <= upper
    rows = without.factor.fractions()
    rows[1] = [Fraction(10**9) for _ in rows[1]]
    changed = replace(without, factor=RationalMatrix.from_fractions(rows))
    assert lower_bound(instance, changed) == bound


def test_rank_of_a_wide_matrix_is_exact() -> None:
    rng = np.random.default_rng(0)
    product = rng.integers(-9, 9, (20, 4)) @ rng.integers(-9, 9, (4, 60))
    assert exact_rank(product) == exact_rank(product.T) == 4
