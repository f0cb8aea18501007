"""Sketched least squares: sizes, exact solutions and the mean of their errors."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import NotApplicableError
from reductions.sketching import (
    SKETCH_BITS,
    expected_ratio,
    gaussian_sketch,
    sketch_size,
    sketched_least_squares,
    two_sided_sketch_size,
)
from semialgebraic.rational_matrices import RationalMatrix

accuracies = st.fractions(min_value=Fraction(1, 50), max_value=2, max_denominator=50)
failures = st.fractions(
    min_value=Fraction(1, 50), max_value=Fraction(9, 10), max_denominator=50
)


@given(st.integers(0, 6), accuracies, failures)
def test_sizes_are_the_least_that_markov_allows(k, epsilon, delta) -> None:
    t = sketch_size(k, epsilon, delta)
    goal = epsilon * delta
    assert expected_ratio(k, t) - 1 <= goal
    assert t == k + 2 or expected_ratio(k, t - 1) - 1 > goal
    t = two_sided_sketch_size(k, epsilon, delta)
    assert expected_ratio(k, t) ** 2 - 1 <= goal
    assert t == k + 2 or expected_ratio(k, t - 1) ** 2 - 1 > goal


def test_sizes_of_the_paper_s_example() -> None:
    # Mathematics B9: epsilon = 1/2, delta = 1/10, k = 1.
    assert two_sided_sketch_size(1, Fraction(1, 2), Fraction(1, 10)) == 43
    assert expected_ratio(2, 8) == Fraction(7, 5)


@pytest.mark.parametrize(("rank", "t"), [(1, 2), (3, 4), (2, 0)])
def test_no_finite_mean(rank: int, t: int) -> None:
    with pytest.raises(NotApplicableError, match="no finite mean"):
        expected_ratio(rank, t)


@pytest.mark.parametrize(("epsilon", "delta"), [(0, 1), (-1, Fraction(1, 2)), (1, 1)])
def test_accuracies_that_make_no_sense(epsilon, delta) -> None:
    for function in (sketch_size, two_sided_sketch_size):
        with pytest.raises(NotApplicableError, match="must be positive"):
            function(1, epsilon, delta)


def test_sketches_are_integers_from_the_seed() -> None:
    sketch = gaussian_sketch(50, 40, seed=3)
    assert sketch.denominator == 1
    assert sketch == gaussian_sketch(50, 40, seed=3)
    assert sketch != gaussian_sketch(50, 40, seed=4)
    entries = sketch.to_float() / 2**SKETCH_BITS
    assert abs(entries.mean()) < 0.1
    assert abs(entries.std() - 1) < 0.05


@given(st.integers(0, 1000), st.integers(1, 3), st.integers(1, 3))
def test_solutions_satisfy_the_normal_equations(seed, k, m) -> None:
    rng = np.random.default_rng(seed)
    design = RationalMatrix(rng.integers(-5, 6, (6, k)), 3)
    responses = RationalMatrix(rng.integers(-5, 6, (6, m)), 2)
    sketch = gaussian_sketch(5, 6, seed=seed)
    solution = sketched_least_squares(design, responses, sketch)
    sketched = sketch @ design
    residual = sketched @ solution - sketch @ responses
    assert sketched.transpose @ residual == RationalMatrix.zeros(k, m)


def test_mean_error_of_many_sketches() -> None:
    """Mathematics B8: n = 12, k = 2, t = 8; the mean ratio is 1.4, for every response.

    20 000 sketches; the error of the mean, estimated from the sample, is about 0.006.
    """
    rng = np.random.default_rng(0)
    design, responses = rng.standard_normal((12, 2)), rng.standard_normal((12, 3))
    draws = 20_000
    sketches = gaussian_sketch(draws * 8, 12, seed=1).to_float().reshape(draws, 8, 12)
    left, right = sketches @ design, sketches @ responses
    normal = np.einsum("sta,stb->sab", left, left)
    solutions = np.linalg.solve(normal, np.einsum("sta,stm->sam", left, right))
    errors = ((design @ solutions - responses) ** 2).sum(axis=1)
    best = np.linalg.lstsq(design, responses, rcond=None)[1]
    ratios = errors / best
    assert (ratios >= 1 - 1e-9).all()
    spread = ratios.std(axis=0) / np.sqrt(draws)
    assert (abs(ratios.mean(axis=0) - float(expected_ratio(2, 8))) < 4 * spread).all()
    assert (np.median(ratios, axis=0) < 1.3).all()  # the mean is dominated by tails
