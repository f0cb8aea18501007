"""What every method without iterations has in common: form, seed, numbers, symmetry."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.errors import InvalidProblemError, UnsuitableWeightsError
from exact_wlra.heuristics.registry import METHODS, run
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)

CLOSED_FORM = (
    "svd",
    "reweighted",
    *(["reweighted-randomized"] if find_spec("sklearn") else []),
    "reweighted-truncated",
    "svd_w",
    "zero-filled-svd",
    "group-svd",
    "group-svd-columns",
    "sample",
    "sample-reweighted",
    "sample-groups",
    "column-subset",
)
# Methods that follow permutations of rows and columns: all that draw nothing.
SYMMETRIC = tuple(name for name in CLOSED_FORM if not METHODS[name].is_randomized)


def drawn(name: str, seed: int) -> WeightedMatrix:
    """Return 7 x 5 or 5 x 7 data with weights that the method accepts."""
    generator = np.random.default_rng(seed)
    shape = (7, 5) if seed % 2 else (5, 7)
    data = generator.normal(size=shape)
    if name == "zero-filled-svd":
        return WeightedMatrix.from_arrays(data, generator.integers(0, 2, size=shape))
    scales = generator.uniform(0.5, 2, size=(shape[0], 1))
    patterns = generator.uniform(0.5, 2, size=(2, shape[1]))
    weights = scales * patterns[generator.integers(0, 2, size=shape[0])]
    return WeightedMatrix.from_arrays(data, weights)


@pytest.mark.parametrize("name", CLOSED_FORM)
@given(seed=seeds, rank=st.integers(0, 8))
def test_answer_is_consistent(*, name: str, seed: int, rank: int) -> None:
    matrix = drawn(name, seed)
    answer = run(name, matrix, rank=rank, seed=seed)
    whole = answer.form.entries()
    assert answer.method == name
    assert whole.shape == answer.form.shape == matrix.shape
    assert answer.cost == pytest.approx(matrix.cost(whole), abs=1e-12)
    assert (answer.seed is None) != METHODS[name].is_randomized
    assert np.linalg.matrix_rank(whole, tol=1e-9) <= answer.rank
    vectors = np.random.default_rng(seed).normal(size=(matrix.shape[1], 2))
    np.testing.assert_allclose(answer.form.apply(vectors), whole @ vectors, atol=1e-9)
    again = run(name, matrix, rank=rank, seed=seed)
    assert (again.cost, again.rank, again.n_numbers) == (
        answer.cost,
        answer.rank,
        answer.n_numbers,
    )
    zero = float(np.sum(matrix.weighted_data**2))
    if rank == 0:
        assert answer.cost == pytest.approx(zero)
        assert answer.rank == 0
    if name in {"svd", "reweighted-truncated", "svd_w", "sample"}:
        assert answer.is_feasible(rank)
        if rank >= 5 and name != "sample":
            assert answer.cost <= 1e-20 * zero


@pytest.mark.parametrize("name", SYMMETRIC)
@given(seed=seeds, rank=st.integers(1, 2))
def test_cost_follows_permutation_and_scaling(
    *, name: str, seed: int, rank: int
) -> None:
    matrix = drawn(name, seed)
    n, d = matrix.shape
    generator = np.random.default_rng(seed)
    moved = np.ix_(generator.permutation(n), generator.permutation(d))
    cost = run(name, matrix, rank=rank).cost
    permuted = replace(
        matrix, data=matrix.data[moved], root_weights=matrix.root_weights[moved]
    )
    scaled = replace(matrix, data=8 * matrix.data, root_weights=matrix.root_weights / 2)
    noise = 1e-12 * float(np.sum(matrix.weighted_data**2))
    assert run(name, permuted, rank=rank).cost == pytest.approx(
        cost, rel=1e-7, abs=noise
    )
    assert run(name, scaled, rank=rank).cost == pytest.approx(
        16 * cost, rel=1e-7, abs=16 * noise
    )


@pytest.mark.parametrize("name", CLOSED_FORM)
def test_no_weight_costs_nothing(name: str) -> None:
    matrix = WeightedMatrix.from_arrays(np.ones((3, 4)), np.zeros((3, 4)))
    assert run(name, matrix, rank=1).cost == 0.0


def test_unsuitable_weights_and_names_are_refused() -> None:
    matrix = WeightedMatrix.from_arrays(np.ones((2, 2)), [[0.0, 1.0], [1.0, 2.0]])
    with pytest.raises(UnsuitableWeightsError, match="row 1, column 2 differs"):
        run("zero-filled-svd", matrix, rank=1)
    with pytest.raises(UnsuitableWeightsError, match="inverts the weights"):
        run("svd_w", matrix, rank=1)
    with pytest.raises(
        InvalidProblemError, match="no method 'svdw'; choose among svd,"
    ):
        run("svdw", matrix, rank=1)
