"""Every method of the laboratory: its answer says what it is, whatever the matrix.

New methods are tested here as soon as they stand in the table. The sets below name the
few that cannot do, or do not promise, what the others do.
"""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.driver import solve
from exact_wlra.errors import InvalidProblemError, UnsuitableWeightsError
from exact_wlra.heuristics.answers import Answer
from exact_wlra.heuristics.registry import METHODS, run
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem

Floats = NDArray[np.float64]

# Refuse zero weights, which have no inverse, unless a whole row or column has none.
NEEDS_POSITIVE_WEIGHTS = {"em-svd_w", "svd_w"}
# Refuse weights that are not 0 or one number.
NEEDS_BINARY_WEIGHTS = {"zero-filled-svd"}
# Cost may rise from one iteration to the next.
ITERATIVE = ("em", "als", "varpro", "lbfgs", "adam", "greedy")
NOT_MONOTONE = {"adam", "adam-normalized"}
# Steps have a length in the units of A and W.
DEPENDS_ON_UNITS = {"adam"}
# Rows and columns play the same part; a seed would be spent on them in another order.
SYMMETRIC = {
    "em",
    "em-svd_w",
    "em-zero",
    "greedy",
    "greedy-corrective",
    "reweighted",
    "svd",
    "svd_w",
    "zero-filled-svd",
}

seeds = st.integers(min_value=0, max_value=2**32 - 1)
sides = st.integers(min_value=1, max_value=6)
every_method = pytest.mark.parametrize("name", METHODS)
quick = settings(max_examples=25)


@st.composite
def matrices(draw: st.DrawFn) -> WeightedMatrix:
    """Integers or reals; weights with many, few or no zeros; all of them zero too."""
    generator = np.random.default_rng(draw(seeds))
    shape = draw(sides), draw(sides)
    if draw(st.booleans()):
        data = generator.integers(-3, 4, shape).astype(float)
    else:
        data = generator.standard_normal(shape)
    weights = generator.integers(1, 6, shape).astype(float)
    observed = draw(st.sampled_from((0.0, 0.5, 0.9, 1.0)))
    weights[generator.random(shape) >= observed] = 0.0
    return WeightedMatrix.from_arrays(data, weights)


def generic(name: str, seed: int, shape: tuple[int, int]) -> WeightedMatrix:
    """Data and weights that the method does not refuse."""
    generator = np.random.default_rng(seed)
    data = generator.standard_normal(shape)
    weights = generator.uniform(0.2, 1.0, shape)
    if name in NEEDS_BINARY_WEIGHTS:
        weights = (weights > 0.4).astype(float)
    return WeightedMatrix.from_arrays(data, weights)


def answer_or_refusal(
    name: str, matrix: WeightedMatrix, *, rank: int, seed: int
) -> Answer | None:
    """The answer, or None if the weights were refused by a method that may do so."""
    root = matrix.root_weights
    is_suitable = (name not in NEEDS_POSITIVE_WEIGHTS or root.all()) and (
        name not in NEEDS_BINARY_WEIGHTS or len(np.unique(root[root > 0])) <= 1
    )
    try:
        return run(name, matrix, rank=rank, seed=seed)
    except UnsuitableWeightsError:
        assert not is_suitable
        return None


@every_method
@quick
@given(matrix=matrices(), rank=st.integers(0, 7), seed=seeds)
def test_answer_agrees_with_the_matrix_it_stands_for(
    *, name: str, matrix: WeightedMatrix, rank: int, seed: int
) -> None:
    answer = answer_or_refusal(name, matrix, rank=rank, seed=seed)
    if answer is None:
        return  # refused, and rightly
    entries = answer.form.entries()
    assert entries.shape == answer.form.shape == matrix.shape
    assert np.isfinite(entries).all()
    assert answer.method == name
    assert answer.cost == matrix.cost(entries)
    sizes = np.linalg.svd(entries, compute_uv=False)
    assert (sizes > 1e-9 * sizes[0]).sum() <= answer.rank
    assert answer.n_numbers > 0 or answer.rank == 0
    vectors = np.random.default_rng(seed).standard_normal((matrix.shape[1], 2))
    size = np.abs(entries).max() + 1.0
    np.testing.assert_allclose(
        answer.form.apply(vectors), entries @ vectors, atol=1e-8 * size
    )
    np.testing.assert_allclose(
        answer.form.apply(vectors[:, 0]), entries @ vectors[:, 0], atol=1e-8 * size
    )


@every_method
@quick
@given(matrix=matrices(), rank=st.integers(0, 7), seed=seeds)
def test_history_ends_at_the_cost_and_never_rises(
    *, name: str, matrix: WeightedMatrix, rank: int, seed: int
) -> None:
    answer = answer_or_refusal(name, matrix, rank=rank, seed=seed)
    if answer is None:
        return  # refused, and rightly
    # Only iterations say why they stopped; their history is empty where no step helped.
    assert bool(answer.stopped) == name.startswith(ITERATIVE)
    if not answer.history:
        return
    rounding = 1e-9 * matrix.cost(np.zeros(matrix.shape))
    assert answer.stopped
    assert abs(answer.history[-1] - answer.cost) <= rounding
    if name not in NOT_MONOTONE:
        assert all(b <= a + rounding for a, b in pairwise(answer.history))


@every_method
@quick
@given(matrix=matrices(), rank=st.integers(0, 3), seed=seeds)
def test_same_seed_gives_the_same_matrix(
    *, name: str, matrix: WeightedMatrix, rank: int, seed: int
) -> None:
    first = answer_or_refusal(name, matrix, rank=rank, seed=seed)
    again = answer_or_refusal(name, matrix, rank=rank, seed=seed)
    if first is None or again is None:
        assert first is again
        return
    assert np.array_equal(first.form.entries(), again.form.entries())
    assert first.seed == (seed if METHODS[name].is_randomized else None)


@pytest.mark.parametrize("name", sorted(METHODS.keys() - DEPENDS_ON_UNITS))
@quick
@given(
    seed=seeds,
    rank=st.integers(1, 2),
    data_exponent=st.sampled_from((-20, 0, 20)),
    weight_exponent=st.sampled_from((-20, 0, 20)),
)
def test_units_do_not_matter(
    *, name: str, seed: int, rank: int, data_exponent: int, weight_exponent: int
) -> None:
    matrix = generic(name, seed, (5, 4))
    # By powers of two, 2^20 or about a million: rounding then is the same too.
    data_unit, weight_unit = 2.0**data_exponent, 2.0**weight_exponent
    scaled = WeightedMatrix.from_arrays(
        data_unit * matrix.data, weight_unit * matrix.root_weights
    )
    answer = run(name, matrix, rank=rank, seed=seed)
    other = run(name, scaled, rank=rank, seed=seed)
    assert (
        other.cost
        == pytest.approx(
            (data_unit * weight_unit) ** 2 * answer.cost, rel=1e-6, abs=0.0
        )
        or max(answer.cost, other.cost / (data_unit * weight_unit) ** 2) < 1e-20
    )
    assert len(other.history) == len(answer.history)


@pytest.mark.parametrize("name", sorted(SYMMETRIC & set(METHODS)))
@quick
@given(seed=seeds, rank=st.integers(1, 3))
def test_transposing_the_matrix_transposes_the_answer(
    *, name: str, seed: int, rank: int
) -> None:
    matrix = generic(name, seed, (6, 4))
    turned = WeightedMatrix.from_arrays(matrix.data.T, matrix.root_weights.T)
    entries = run(name, matrix, rank=rank).form.entries()
    others = run(name, turned, rank=rank).form.entries()
    np.testing.assert_allclose(others.T, entries, atol=1e-6 * np.abs(entries).max())


@cache
def proved(seed: int, *, is_binary: bool) -> tuple[WeightedMatrix, float, float]:
    """A 3 x 3 matrix with the proved bracket of its optimum at rank 1."""
    generator = np.random.default_rng(seed)
    data = generator.integers(-4, 5, (3, 3)).tolist()
    weights = generator.integers(1, 6, (3, 3))
    if is_binary:
        weights = np.minimum(weights // 2, 1) + np.eye(3, dtype=int) * (weights < 2)
    solution = solve(Problem(data, weights=weights.tolist(), rank=1))
    assert solution.is_proved
    matrix = WeightedMatrix.from_arrays(data, weights)
    return matrix, float(solution.lower), float(solution.upper)


@every_method
@pytest.mark.parametrize("seed", range(8))
def test_guarantee_holds_against_the_proved_optimum(*, name: str, seed: int) -> None:
    matrix, lower, upper = proved(seed, is_binary=name in NEEDS_BINARY_WEIGHTS)
    answer = run(name, matrix, rank=1, seed=seed)
    rounding = 1e-9 * matrix.cost(np.zeros((3, 3)))
    guarantee = answer.guarantee
    if guarantee.factor is not None and guarantee.confidence == "always":
        promised = guarantee.factor * upper + guarantee.additive
        assert answer.cost <= promised + rounding
    if answer.is_feasible(1):
        assert answer.cost >= lower - rounding


def test_a_method_that_is_not_there_is_refused_by_name() -> None:
    matrix = WeightedMatrix.from_arrays([[1.0]], [[1.0]])
    with pytest.raises(InvalidProblemError, match="no method 'adamant'"):
        run("adamant", matrix, rank=1)
