"""Multipliers: they dominate, and come close to the least that do."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exact_wlra.bounds.multipliers import Multipliers, find_multipliers

Floats = np.ndarray
MARGIN, ACCURACY = 1e-13, 1e-9

seeds = st.integers(0, 2**32 - 1)


def random_matrices(seed: int, count: int, order: int, rank: int) -> Floats:
    factor = np.random.default_rng(seed).standard_normal((count, order, rank))
    return factor @ factor.transpose(0, 2, 1)


def split_diagonals(seed: int, size: int, order: int, *, disjoint: bool) -> Floats:
    """Diagonals D_l >= 0 with sum I; every generator has a column to itself."""
    generator = np.random.default_rng(seed)
    if disjoint:
        labels = np.arange(order) % size
        return (labels == np.arange(size)[:, None]).astype(float)
    shares = generator.random((size, order)) + 0.01
    shares[:, :size] = np.eye(size)
    return shares / shares.sum(axis=0)


def found(matrices: Floats, diagonals: Floats, aims: Floats) -> Multipliers:
    starts = np.ones((len(matrices), matrices.shape[1]))
    starts += 0.01 * np.cos(np.arange(starts.size)).reshape(starts.shape)
    return find_multipliers(
        matrices, diagonals, aims, starts, margin=MARGIN, accuracy=ACCURACY
    )


def random_aims(seed: int, count: int, size: int) -> Floats:
    return np.random.default_rng(seed + 1).dirichlet(np.ones(size), size=count)


def dominance(matrices: Floats, diagonals: Floats, values: Floats) -> Floats:
    """Least eigenvalues of Lambda - M."""
    slack = -matrices
    indices = np.arange(matrices.shape[1])
    slack[:, indices, indices] += values @ diagonals
    return np.linalg.eigvalsh(slack)[:, 0]


@given(
    seed=seeds,
    size=st.integers(1, 4),
    order=st.integers(4, 9),
    rank=st.integers(1, 9),
    disjoint=st.booleans(),
)
# A barrier step left the feasible set, and its point was taken for its low objective.
@example(seed=86, size=3, order=4, rank=1, disjoint=False)
@example(seed=155, size=2, order=5, rank=3, disjoint=False)
def test_multipliers_dominate_their_matrices(seed, size, order, rank, disjoint) -> None:
    matrices = random_matrices(seed, 6, order, rank)
    diagonals = split_diagonals(seed, size, order, disjoint=disjoint)
    answer = found(matrices, diagonals, random_aims(seed, 6, size))
    least = dominance(matrices, diagonals, answer.values)
    scale = np.trace(matrices, axis1=1, axis2=2)
    assert (least >= -1e-12 * scale).all()
    assert np.isfinite(answer.points).all()


@given(seed=seeds, size=st.integers(1, 4), order=st.integers(4, 9))
def test_the_optimum_is_known_for_matrices_of_rank_one(seed, size, order) -> None:
    # lambda dominates b b^T if and only if sum_l b^T D_l b / lambda_l <= 1; by Cauchy
    # and Schwarz the least <lambda, w> is (sum_l sqrt(w_l b^T D_l b))^2.
    matrices = random_matrices(seed, 5, order, 1)
    diagonals = split_diagonals(seed, size, order, disjoint=True)
    aims = random_aims(seed, 5, size)
    answer = found(matrices, diagonals, aims)
    weights = np.einsum("kii,li->kl", matrices, diagonals)
    optimum = np.sqrt(aims * weights).sum(axis=1) ** 2
    reached = (answer.values * aims).sum(axis=1)
    assert reached == pytest.approx(optimum, rel=1e-6, abs=1e-9)


@given(seed=seeds, order=st.integers(2, 9))
def test_one_diagonal_leaves_the_largest_eigenvalue(seed: int, order: int) -> None:
    matrices = random_matrices(seed, 5, order, order)
    answer = found(matrices, np.ones((1, order)), np.ones((5, 1)))
    tops = np.linalg.eigvalsh(matrices)[:, -1]
    assert answer.values[:, 0] == pytest.approx(tops, rel=1e-8)


@given(seed=seeds, size=st.integers(2, 3), order=st.integers(4, 8))
def test_no_feasible_point_exceeds_the_objective(seed, size, order) -> None:
    # Weak duality: x^T M x <= <lambda, w> for every x with x^T D_l x = w_l.
    matrices = random_matrices(seed, 4, order, order)
    diagonals = split_diagonals(seed, size, order, disjoint=True)
    aims = random_aims(seed, 4, size)
    answer = found(matrices, diagonals, aims)
    generator = np.random.default_rng(seed)
    for matrix, aim, values in zip(matrices, aims, answer.values, strict=True):
        for _ in range(20):
            x = generator.standard_normal(order)
            x *= np.sqrt((aim / (diagonals @ (x * x))) @ diagonals)
            assert x @ matrix @ x <= values @ aim * (1 + 1e-9)


@given(seed=seeds, power=st.sampled_from([-40, -10, 10, 40]))
def test_multipliers_scale_with_the_matrices(seed: int, power: int) -> None:
    matrices = random_matrices(seed, 3, 6, 3)
    diagonals = split_diagonals(seed, 2, 6, disjoint=True)
    aims = random_aims(seed, 3, 2)
    scale = 2.0**power
    plain = (found(matrices, diagonals, aims).values * aims).sum(axis=1)
    scaled = find_multipliers(
        scale * matrices,
        diagonals,
        aims,
        np.ones((3, 6)) + 0.01 * np.cos(np.arange(18)).reshape(3, 6),
        margin=MARGIN,
        accuracy=scale * ACCURACY,
    )
    least = dominance(scale * matrices, diagonals, scaled.values)
    assert (least >= -1e-12 * scale * np.trace(matrices, axis1=1, axis2=2)).all()
    assert (scaled.values * aims).sum(axis=1) / scale == pytest.approx(plain, rel=1e-5)


def test_a_zero_matrix_needs_nothing() -> None:
    matrices = np.zeros((2, 4, 4))
    matrices[1] = np.eye(4)
    diagonals = split_diagonals(0, 2, 4, disjoint=True)
    answer = found(matrices, diagonals, np.full((2, 2), 0.5))
    assert (answer.values[0] == 0).all()
    assert answer.values[1] == pytest.approx([1, 1], rel=1e-6)


@pytest.mark.parametrize("zero", [0, 1])
def test_an_aim_at_a_face_is_approached(zero: int) -> None:
    # w_l = 0: the value of its multiplier is free to grow.
    matrices = random_matrices(3, 1, 6, 2)
    diagonals = split_diagonals(3, 2, 6, disjoint=True)
    aim = np.array([[1.0, 1.0]])
    aim[0, zero] = 0.0
    answer = found(matrices, diagonals, aim)
    block = diagonals[1 - zero] > 0
    top = np.linalg.eigvalsh(matrices[0][np.ix_(block, block)])[-1]
    assert dominance(matrices, diagonals, answer.values)[0] >= -1e-10
    assert answer.values[0, 1 - zero] >= top * (1 - 1e-9)
