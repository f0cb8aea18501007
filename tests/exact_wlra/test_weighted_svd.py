"""Weights of rank one: published optima, any gap, and what is not of rank one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.weighted_svd import prove_weighted_svd
from exact_wlra.certificates import Energy, Spectral, Transpose, Zero
from exact_wlra.checker.rules import lower_bound
from reductions.errors import NotApplicableError
from reductions.instances import Instance, ones_like
from semialgebraic.rational_matrices import RationalMatrix

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
PUBLISHED = {
    case["id"]: case
    for case in json.loads((VECTORS / "published.json").read_text(encoding="utf-8"))
}


def random_instance(n: int, d: int, rank: int, seed: int) -> Instance:
    """Return Gaussian data with integer weights of rank one."""
    rng = np.random.default_rng(seed)
    weights = np.outer(rng.integers(1, 9, n), rng.integers(1, 9, d))
    return Instance(
        data=RationalMatrix.rounded(rng.normal(size=(n, d)), 12),
        squared_weights=RationalMatrix(weights),
        rank=rank,
    )


def float_tail(instance: Instance) -> float:
    """Return the optimum in floating point."""
    roots = np.sqrt(instance.squared_weights.to_float())
    singular = np.linalg.svd(roots * instance.data.to_float(), compute_uv=False)
    return float((singular[instance.rank :] ** 2).sum())


def enclosure(instance: Instance, gap: Fraction) -> tuple[Fraction, Fraction]:
    proof, left, right = prove_weighted_svd(instance, gap)
    n, d = instance.shape
    assert left.shape == (n, instance.rank)
    assert right.shape == (instance.rank, d)
    return lower_bound(instance, proof), instance.cost(left, right)


@pytest.mark.parametrize("name", ["rec-unit-2x2-svd", "rec-rank1W-3x3"])
def test_published_optimum_lies_in_a_narrow_enclosure(name: str) -> None:
    case = PUBLISHED[name]
    instance = Instance(
        data=RationalMatrix.from_rows(case["A"]),
        squared_weights=RationalMatrix.from_rows(case["W2"]),
        rank=case["k"],
    )
    gap = Fraction(1, 10**22)
    lower, upper = enclosure(instance, gap)
    digits = Fraction(case["recomputed_here"]["optimum"])
    last = Fraction(1, 10**26)  # the published digits are rounded
    assert lower - last <= digits <= upper + last
    assert 0 < upper - lower <= gap * upper


@pytest.mark.parametrize(
    ("n", "d", "rank"), [(100, 7, 5), (7, 100, 3), (30, 30, 1), (64, 70, 4)]
)
@pytest.mark.parametrize("digits", [3, 9, 40])
def test_any_gap_is_reached(n: int, d: int, rank: int, digits: int) -> None:
    instance = random_instance(n, d, rank, seed=digits)
    gap = Fraction(1, 10**digits)
    lower, upper = enclosure(instance, gap)
    assert 0 < upper - lower <= gap * upper
    assert float(lower) <= float_tail(instance) * (1 + 1e-12)
    assert float(upper) >= float_tail(instance) * (1 - 1e-12)


def test_large_instance_reaches_a_small_gap() -> None:
    instance = random_instance(300, 200, 3, seed=0)
    gap = Fraction(1, 10**9)
    lower, upper = enclosure(instance, gap)
    assert 0 < upper - lower <= gap * upper


def test_unit_weights_of_a_hundred_by_seven_matrix_give_the_svd() -> None:
    rng = np.random.default_rng(1)
    data = RationalMatrix(rng.integers(-99, 99, size=(100, 7)), 10)
    instance = Instance(data=data, squared_weights=ones_like(data), rank=5)
    lower, upper = enclosure(instance, Fraction(1, 10**8))
    assert float(lower) == pytest.approx(float_tail(instance), rel=1e-7)
    assert float(upper) == pytest.approx(float_tail(instance), rel=1e-7)


def test_coinciding_singular_values_are_no_obstacle() -> None:
    identity = RationalMatrix(np.eye(6, dtype=np.int64))
    instance = Instance(data=identity, squared_weights=ones_like(identity), rank=2)
    gap = Fraction(1, 10**30)
    lower, upper = enclosure(instance, gap)
    assert lower <= 4 <= upper
    assert upper - lower <= gap * upper


def test_data_of_low_rank_up_to_the_last_digits_are_resolved() -> None:
    rng = np.random.default_rng(2)
    exact = rng.integers(-99, 99, size=(40, 2)) @ rng.integers(-99, 99, size=(2, 30))
    noise = rng.integers(-1, 2, size=(40, 30))
    data = RationalMatrix(exact * 10**9 + noise, 10**9)
    instance = Instance(data=data, squared_weights=ones_like(data), rank=2)
    lower, upper = enclosure(instance, Fraction(1, 10**6))
    assert 0 < upper - lower <= upper / 10**6


@pytest.mark.parametrize("shape", [(5, 4), (4, 5)])
def test_data_of_rank_k_are_factored_exactly(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(3)
    n, d = shape
    product = rng.integers(-5, 5, (n, 2)) @ rng.integers(-5, 5, (2, d))
    data = RationalMatrix(product, 7)
    instance = Instance(data=data, squared_weights=ones_like(data), rank=3)
    proof, left, right = prove_weighted_svd(instance, Fraction(1, 100))
    assert instance.cost(left, right) == 0
    assert lower_bound(instance, proof) == 0
    inner = proof.proof if isinstance(proof, Transpose) else proof
    assert isinstance(inner, Zero)


def test_rank_zero_has_the_energy_as_optimum() -> None:
    instance = random_instance(4, 3, 0, seed=4)
    proof, left, right = prove_weighted_svd(instance, Fraction(1, 10))
    assert isinstance(proof, Energy)
    assert lower_bound(instance, proof) == instance.cost(left, right)


def test_proof_passes_in_rational_arithmetic() -> None:
    instance = random_instance(12, 11, 2, seed=5)
    proof, _, _ = prove_weighted_svd(instance, Fraction(1, 10**6))
    assert isinstance(proof, Spectral)
    assert lower_bound(instance, proof, arithmetic="rational") == lower_bound(
        instance, proof
    )


@pytest.mark.parametrize("weights", [[[1, 1], [1, 2]], [[1, 0], [1, 0]]])
def test_other_weights_are_refused(weights: list[list[int]]) -> None:
    omega = RationalMatrix.from_rows(weights)
    instance = Instance(data=ones_like(omega), squared_weights=omega, rank=1)
    with pytest.raises(NotApplicableError, match="rank one"):
        prove_weighted_svd(instance, Fraction(1, 10))


@given(
    n=st.integers(2, 6),
    d=st.integers(2, 6),
    rank=st.integers(1, 3),
    seed=st.integers(0, 10**6),
)
def test_small_integer_data_are_enclosed(n: int, d: int, rank: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = np.outer(rng.integers(1, 4, n), rng.integers(1, 4, d))
    instance = Instance(
        data=RationalMatrix(rng.integers(-2, 3, size=(n, d))),
        squared_weights=RationalMatrix(weights, 3),
        rank=rank,
    )
    gap = Fraction(1, 10**5)
    lower, upper = enclosure(instance, gap)
    assert upper - lower <= gap * upper
    assert float(lower) - 1e-9 <= float_tail(instance) <= float(upper) + 1e-9
