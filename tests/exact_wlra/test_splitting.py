"""Rules `split` and `hadamard-rank`: what dominates what, bounds below costs, lies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_wlra.bounds.splitting import prove_hadamard_rank, prove_split
from exact_wlra.certificates import Energy, HadamardRank, Proof, Split, Transpose, Zero
from exact_wlra.checker.rules import lower_bound
from exact_wlra.errors import RejectedCertificateError
from reductions.errors import NotApplicableError
from reductions.instances import Instance, ones_like
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix


def cheapest(instance: Instance, *, starts: int = 3) -> Fraction:
    """Return the least exact cost that alternating least squares finds."""
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    rng = np.random.default_rng(0)
    costs = []
    for _ in range(starts):
        right = rng.normal(size=(instance.rank, data.shape[1]))
        for _ in range(60):
            left = solve_rows(data, weights, right)
            right = solve_rows(data.T, weights.T, left.T).T
        factors = RationalMatrix.from_floats(left), RationalMatrix.from_floats(right)
        costs.append(instance.cost(*factors))
    return min(costs)


def instance_of(data: np.ndarray, squared_weights: np.ndarray, rank: int) -> Instance:
    return Instance(
        data=RationalMatrix.rounded(data, 12),
        squared_weights=RationalMatrix(squared_weights),
        rank=rank,
    )


def with_row_classes(
    n: int, d: int, rank: int, *, classes: int, seed: int
) -> tuple[Instance, np.ndarray]:
    """Return an instance with few distinct rows of W, and W."""
    rng = np.random.default_rng(seed)
    patterns = rng.integers(1, 6, size=(classes, d))
    roots = patterns[rng.integers(0, classes, size=n)]
    return instance_of(rng.normal(size=(n, d)), roots**2, rank), roots


def class_tails(instance: Instance, roots: np.ndarray) -> float:
    """Return the sum of tails over the classes of equal rows of W, in floats."""
    total = 0.0
    for row in np.unique(roots, axis=0):
        members = (roots == row).all(axis=1)
        scaled = row * instance.data.to_float()[members]
        values = np.linalg.svd(scaled, compute_uv=False)
        total += float((values[instance.rank :] ** 2).sum())
    return total


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_bound_is_at_least_that_of_the_classes(
    seed: int,
    turned: bool,
) -> None:
    instance, roots = with_row_classes(15, 6, 2, classes=2, seed=seed)
    oriented = instance.transpose if turned else instance
    bound = lower_bound(oriented, prove_split(oriented))
    assert float(bound) >= class_tails(instance, roots) * (1 - 1e-5)
    assert bound <= cheapest(oriented)


@given(seed=st.integers(0, 10**6), classes=st.integers(1, 3), rank=st.integers(1, 2))
def test_split_dominates_woodruff_yasuda(seed: int, classes: int, rank: int) -> None:
    instance, roots = with_row_classes(9, 6, rank, classes=classes, seed=seed)
    n_distinct = len(np.unique(roots, axis=0))
    # With as many distinct rows as the rank of W, class-wise fits have rank rk.
    assume(np.linalg.matrix_rank(roots) == n_distinct)
    ours = lower_bound(instance, prove_split(instance, interrupted=lambda: True))
    theirs = lower_bound(instance, prove_hadamard_rank(instance))
    assert theirs * (1 - Fraction(1, 10**5)) <= ours <= cheapest(instance)


def test_ascent_improves_on_the_single_splits() -> None:
    rng = np.random.default_rng(0)
    data = np.outer(rng.normal(size=10), rng.normal(size=8))
    data += 0.3 * rng.normal(size=(10, 8))
    instance = instance_of(data, rng.choice([1, 4, 9], size=(10, 8)), 1)
    plain = lower_bound(instance, prove_split(instance, interrupted=lambda: True))
    improved = lower_bound(instance, prove_split(instance))
    upper = cheapest(instance)
    assert 0 <= plain < improved <= upper
    assert improved > upper / 2


@pytest.mark.parametrize("missing", [0.1, 0.3])
def test_missing_entries_leave_a_positive_bound(missing: float) -> None:
    rng = np.random.default_rng(1)
    weights = (rng.random((16, 12)) > missing).astype(np.int64)
    instance = instance_of(rng.normal(size=(16, 12)), weights, 1)
    bound = lower_bound(instance, prove_split(instance))
    assert 0 < bound <= cheapest(instance)


@settings(max_examples=15)  # each is an ascent of a quarter of a second
@given(
    n=st.integers(2, 6),
    d=st.integers(2, 6),
    rank=st.integers(1, 2),
    seed=st.integers(0, 10**6),
)
def test_bounds_never_exceed_a_cost(n: int, d: int, rank: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    roots = RationalMatrix(rng.integers(0, 4, size=(n, d)), 3)
    instance = Instance(
        data=RationalMatrix(rng.integers(-5, 6, size=(n, d))),
        squared_weights=roots.hadamard(roots),
        rank=rank,
    )
    upper = cheapest(instance)
    assert 0 <= lower_bound(instance, prove_split(instance)) <= upper
    assert 0 <= lower_bound(instance, prove_hadamard_rank(instance)) <= upper
    assert prove_hadamard_rank(instance) == prove_hadamard_rank(instance, roots)


def test_unit_weights_give_the_singular_value_tail() -> None:
    rng = np.random.default_rng(2)
    data = RationalMatrix.rounded(rng.normal(size=(8, 12)), 10)
    instance = Instance(data=data, squared_weights=ones_like(data), rank=3)
    tail = (np.linalg.svd(data.to_float(), compute_uv=False)[3:] ** 2).sum()
    for proof in (prove_split(instance), prove_hadamard_rank(instance)):
        bound = float(lower_bound(instance, proof))
        assert tail * (1 - 1e-5) <= bound <= tail * (1 + 1e-12)


@pytest.mark.parametrize(("rank", "rule"), [(0, Energy()), (3, Zero())])
def test_trivial_ranks(rank: int, rule: Proof) -> None:
    instance, _ = with_row_classes(5, 3, rank, classes=2, seed=0)
    assert prove_split(instance) == rule


def test_zero_data_have_nothing_to_prove() -> None:
    zeros = RationalMatrix.zeros(4, 3)
    instance = Instance(data=zeros, squared_weights=ones_like(zeros), rank=1)
    assert prove_split(instance) == prove_hadamard_rank(instance) == Zero()


# ------------------------------------------------------------------- rational roots


def test_multiplicities_do_not_hide_rational_roots() -> None:
    rng = np.random.default_rng(3)
    roots = np.outer(rng.integers(1, 4, size=8), rng.integers(1, 4, size=6))
    multiplicities = np.outer(rng.integers(1, 8, 8), rng.integers(1, 8, 6))
    instance = instance_of(rng.normal(size=(8, 6)), multiplicities * roots**2, 1)
    proof = prove_hadamard_rank(instance)
    inner = proof.proof if isinstance(proof, Transpose) else proof
    assert isinstance(inner, HadamardRank)
    assert lower_bound(instance, proof) <= cheapest(instance)


def test_weights_without_rational_roots_prove_nothing() -> None:
    omega = RationalMatrix.from_rows([[1, 2, 1], [1, 1, 1], [3, 1, 1]])
    instance = Instance(data=omega, squared_weights=omega, rank=1)
    assert prove_hadamard_rank(instance) == Zero()


def test_signs_of_the_roots_may_lower_their_rank() -> None:
    rng = np.random.default_rng(4)
    signed = np.subtract.outer(2 * np.arange(6), 2 * np.arange(5) + 3)
    roots = RationalMatrix(signed)
    instance = Instance(
        data=RationalMatrix.rounded(rng.normal(size=(6, 5)), 10),
        squared_weights=roots.hadamard(roots),
        rank=1,
    )
    assert prove_hadamard_rank(instance) == Zero()  # |R| has full rank
    bound = lower_bound(instance, prove_hadamard_rank(instance, roots))
    assert 0 < bound <= cheapest(instance)


def test_wrong_roots_are_refused() -> None:
    instance, roots = with_row_classes(5, 4, 1, classes=2, seed=1)
    with pytest.raises(NotApplicableError, match="squares"):
        prove_hadamard_rank(instance, RationalMatrix(roots + 1))


# ------------------------------------------------------------------ tampered proofs


@pytest.fixture(scope="module")
def honest_split() -> tuple[Instance, Split]:
    instance, _ = with_row_classes(12, 4, 1, classes=2, seed=2)
    proof = prove_split(instance, interrupted=lambda: True)
    assert isinstance(proof, Split)
    assert len(proof.pieces) == 2
    return instance, proof


def with_first_piece(proof: Split, **changes: object) -> Split:
    first, *others = proof.pieces
    return Split(pieces=(replace(first, **changes), *others))


SPLIT_LIES: dict[str, tuple[Callable[[Split], Split], str]] = {
    "a piece twice": (
        lambda p: Split(pieces=(*p.pieces, p.pieces[0])),
        "piece 3 of split: with the pieces before it, it exceeds",
    ),
    "a piece too large": (
        lambda p: with_first_piece(p, rows=p.pieces[0].rows.scaled(2)),
        "piece 1 of split: with the pieces before it, it exceeds",
    ),
    "theta too small": (
        lambda p: with_first_piece(p, theta=p.pieces[0].theta / 4),
        "piece 1 of split: theta and the factor are not proved",
    ),
    "factor too small": (
        lambda p: with_first_piece(
            p, factor=p.pieces[0].factor.scaled(Fraction(99, 100))
        ),
        "piece 1 of split: theta and the factor are not proved",
    ),
    "negative weights": (
        lambda p: with_first_piece(
            p,
            rows=p.pieces[0].rows.scaled(-1),
            columns=p.pieces[0].columns.scaled(-1),
        ),
        "an entry of p or q is negative",
    ),
    "another shape": (
        lambda p: with_first_piece(p, columns=p.pieces[0].rows),
        "have shapes",
    ),
}


@pytest.mark.parametrize("lie", SPLIT_LIES)
def test_lies_about_pieces_are_rejected(
    honest_split: tuple[Instance, Split], lie: str
) -> None:
    instance, proof = honest_split
    tamper, message = SPLIT_LIES[lie]
    assert lower_bound(instance, proof) > 0
    with pytest.raises(RejectedCertificateError, match=message):
        lower_bound(instance, tamper(proof))


def test_a_piece_less_is_a_smaller_bound(
    honest_split: tuple[Instance, Split],
) -> None:
    instance, proof = honest_split
    fewer = Split(pieces=proof.pieces[1:])
    assert 0 < lower_bound(instance, fewer) < lower_bound(instance, proof)


@pytest.fixture(scope="module")
def honest_roots() -> tuple[Instance, HadamardRank]:
    instance, _ = with_row_classes(12, 7, 1, classes=2, seed=3)
    proof = prove_hadamard_rank(instance)
    assert isinstance(proof, HadamardRank)
    return instance, proof


ROOT_LIES: dict[str, tuple[Callable[[HadamardRank], HadamardRank], str]] = {
    "other roots": (
        lambda p: replace(p, root_weights=ones_like(p.root_weights)),
        "the squares of the root weights are not the weights",
    ),
    "other minorant": (
        lambda p: replace(p, rows=p.rows.scaled(Fraction(1, 2))),
        "the squares of the root weights are not the weights",
    ),
    "roots of another shape": (
        lambda p: replace(p, root_weights=p.root_weights.transpose),
        "root weights of shape",
    ),
    "theta too small": (lambda p: replace(p, theta=p.theta / 4), "not proved"),
    "theta negative": (lambda p: replace(p, theta=Fraction(-1)), "negative"),
}


@pytest.mark.parametrize("lie", ROOT_LIES)
def test_lies_about_roots_are_rejected(
    honest_roots: tuple[Instance, HadamardRank], lie: str
) -> None:
    instance, proof = honest_roots
    tamper, message = ROOT_LIES[lie]
    assert lower_bound(instance, proof) > 0
    with pytest.raises(RejectedCertificateError, match=message):
        lower_bound(instance, tamper(proof))
