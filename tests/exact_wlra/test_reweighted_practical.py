"""Algorithm 2: what is proved at rank one, and its failures reproduced and refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError, UnsuitableWeightsError
from exact_wlra.heuristics.decompositions import leading_triples, perron_triple
from exact_wlra.heuristics.forms import HadamardProduct, LowRank
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.reweighted_practical import baselines, svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)


def heavy_tailed(seed: int) -> WeightedMatrix:
    """Return 8 x 8 data with weights of rank two whose factors are heavy-tailed."""
    generator = np.random.default_rng(seed)
    weights = generator.gamma(0.3, size=(8, 2)) @ generator.gamma(0.3, size=(2, 8))
    return WeightedMatrix.from_arrays(generator.normal(size=(8, 8)), weights)


@given(seed=seeds, rank=st.integers(1, 3), flat=st.booleans())
def test_weights_of_rank_one_give_algorithm_1(
    *, seed: int, rank: int, flat: bool
) -> None:
    generator = np.random.default_rng(seed)
    n, d = (6, 9) if flat else (9, 6)
    weights = np.outer(
        np.exp(generator.normal(size=n)), np.exp(generator.normal(size=d))
    )
    matrix = WeightedMatrix.from_arrays(generator.normal(size=(n, d)), weights)
    second, first = svd_w(matrix, rank=rank), reweighted(matrix, rank=rank)
    np.testing.assert_allclose(
        second.form.entries(), first.form.entries(), rtol=1e-8, atol=1e-9
    )
    assert second.cost == pytest.approx(first.cost, rel=1e-9)
    assert second.guarantee.factor == pytest.approx(1.0)
    assert isinstance(second.form, LowRank)
    assert (second.rank, second.n_numbers) == (rank, (n + d) * rank)


@given(seed=seeds, rank=st.integers(1, 3))
def test_distortion_bounds_the_cost(*, seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.3, 2.0, size=(8, 6))
    truth = generator.normal(size=(8, rank)) @ generator.normal(size=(rank, 6))
    noisy = truth + 0.05 * generator.normal(size=(8, 6))
    matrix = WeightedMatrix.from_arrays(noisy, weights)
    answer = svd_w(matrix, rank=rank)
    assert answer.guarantee.factor is not None
    assert answer.cost <= answer.guarantee.factor * matrix.cost(truth)
    assert np.linalg.matrix_rank(answer.form.entries()) <= rank


@given(seed=seeds)
def test_answer_of_rank_one_is_optimal_for_the_weights_it_uses(seed: int) -> None:
    generator = np.random.default_rng(seed)
    weights = generator.uniform(0.3, 2.0, size=(6, 5))
    data = generator.normal(size=(6, 5))
    left, values, right = np.linalg.svd(1 / weights)
    used = 1 / (values[0] * np.outer(left[:, 0], right[0]))
    proxy = WeightedMatrix.from_arrays(data, used)
    answer = svd_w(WeightedMatrix.from_arrays(data, weights), rank=2)
    tail = np.linalg.svd(used * data, compute_uv=False)[2:]
    assert proxy.cost(answer.form.entries()) == pytest.approx((tail**2).sum(), rel=1e-8)


def test_sign_changes_are_refused_with_one_sentence() -> None:
    refused = 0
    for seed in range(300):
        matrix = heavy_tailed(seed)
        inverse = np.linalg.svd(1 / matrix.root_weights)
        left, values, right = (inverse.U, inverse.S, inverse.Vh)
        negative = int((((left[:, :2] * values[:2]) @ right[:2]) <= 0).sum())
        if not negative:
            svd_w(matrix, rank=1, rank_inverse=2)
            continue
        refused += 1
        with pytest.raises(
            UnsuitableWeightsError, match=f"wrong sign.*in {negative} of 64 entries"
        ):
            svd_w(matrix, rank=1, rank_inverse=2)
    assert refused > 100


def test_reported_sign_changes_can_cost_more_than_nothing() -> None:
    ratios = []
    for seed in range(300):
        matrix = heavy_tailed(seed)
        answer = svd_w(matrix, rank=2, rank_inverse=2, on_sign_change="report")
        assert answer.guarantee.factor is None
        base = baselines(matrix, rank=1)
        assert base.reweighted <= base.zero
        if "negative" in answer.guarantee.statement:
            ratios.append(answer.cost / base.zero)
            stated = float(answer.guarantee.statement.split("it costs ")[1].split()[0])
            assert stated == pytest.approx(ratios[-1], rel=6e-3)
    assert max(ratios) > 2


def test_weights_beyond_the_range_of_floats_are_refused_or_raised() -> None:
    weights = np.outer([1e-170, 1e160], [1e-170, 1e140])
    matrix = WeightedMatrix.from_arrays(np.ones((2, 2)), weights, weight_rank=1)
    with pytest.raises(UnsuitableWeightsError, match="give a `floor`, or use"):
        svd_w(matrix, rank=1)
    assert svd_w(matrix, rank=1, floor=1e-100).rank == 1


def test_rank_of_the_inverse_multiplies_the_rank() -> None:
    weights = np.random.default_rng(0).uniform(0.8, 1.2, size=(9, 8))
    matrix = WeightedMatrix.from_arrays(
        np.random.default_rng(1).normal(size=(9, 8)), weights
    )
    answer = svd_w(matrix, rank=2, rank_inverse=3)
    assert isinstance(answer.form, HadamardProduct)
    assert (answer.rank, answer.n_numbers) == (6, 17 * 5)
    assert not answer.is_feasible(2)
    assert np.linalg.matrix_rank(answer.form.entries()) == 6
    bound = float(answer.guarantee.statement.split("cost <= ")[1].split()[0])
    assert answer.cost <= bound * (1 + 1e-5)


def test_zero_weights_are_refused_or_raised() -> None:
    weights = np.array([[1.0, 2.0, 1.0], [2.0, 0.0, 1.0], [1.0, 1.0, 1.0]])
    data = np.arange(9.0).reshape(3, 3) ** 2
    matrix = WeightedMatrix.from_arrays(data, weights)
    with pytest.raises(UnsuitableWeightsError, match=r"1 of them are zero.*`floor`"):
        svd_w(matrix, rank=1)
    answer = svd_w(matrix, rank=1, floor=0.01)
    assert answer.guarantee.factor is None
    assert np.isfinite(answer.cost)
    with pytest.raises(InvalidProblemError, match="rank_inverse is 0"):
        svd_w(matrix, rank=1, rank_inverse=0)


def test_rows_and_columns_without_weight_are_left_out() -> None:
    generator = np.random.default_rng(3)
    weights, data = (
        generator.uniform(0.5, 2, size=(6, 5)),
        generator.normal(size=(6, 5)),
    )
    inner = svd_w(WeightedMatrix.from_arrays(data, weights), rank=2)
    wide, padded = np.zeros((8, 6)), np.ones((8, 6))
    wide[1:7, :5], padded[1:7, :5] = weights, data
    outer = svd_w(WeightedMatrix.from_arrays(padded, wide), rank=2)
    np.testing.assert_allclose(outer.form.entries()[1:7, :5], inner.form.entries())
    assert not outer.form.entries()[[0, 7]].any()
    assert outer.guarantee.factor == pytest.approx(inner.guarantee.factor)
    nothing = svd_w(WeightedMatrix.from_arrays(data, 0 * data), rank=1)
    assert (nothing.cost, nothing.guarantee.factor) == (0.0, 1.0)


@given(seed=seeds, spread=st.sampled_from([1.0, 10.0, 100.0]), flat=st.booleans())
def test_dominant_triple_is_positive_and_best(
    *, seed: int, spread: float, flat: bool
) -> None:
    """Entries over two hundred orders of magnitude keep their signs."""
    generator = np.random.default_rng(seed)
    matrix = 10.0 ** generator.uniform(-spread, spread, size=(4, 9) if flat else (9, 4))
    left, right = perron_triple(matrix)
    assert (left > 0).all()
    assert (right > 0).all()
    best_left, best_right = leading_triples(matrix, rank=1)
    scale = np.abs(matrix).max()
    ours = np.sum(((matrix - left @ right) / scale) ** 2)
    best = np.sum(((matrix - best_left @ best_right) / scale) ** 2)
    assert ours <= best + 1e-14
