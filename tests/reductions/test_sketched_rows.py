"""Sketched fits of rows by Cramer's rule against least squares."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import NotApplicableError
from reductions.instances import Instance
from reductions.sketched_rows import ROOT_ACCURACY, sketched_rows
from reductions.sketching import gaussian_sketch, sketched_least_squares
from semialgebraic.rational_matrices import RationalMatrix

squares = st.sampled_from([1, 4, 9, 16])


@st.composite
def instances(draw, weight=squares) -> Instance:
    n, d = draw(st.integers(1, 5)), draw(st.integers(2, 4))
    rays = draw(
        st.lists(st.lists(weight, min_size=d, max_size=d), min_size=1, max_size=2)
    )
    omega = [draw(st.sampled_from(rays)) for _ in range(n)]
    data = draw(
        st.lists(
            st.lists(st.integers(-4, 4), min_size=d, max_size=d),
            min_size=n,
            max_size=n,
        )
    )
    return Instance(
        data=RationalMatrix.from_rows(data),
        squared_weights=RationalMatrix.from_rows(omega),
        rank=draw(st.integers(1, 2)),
    )


@given(instances(), st.integers(0, 99))
def test_rows_are_the_sketched_least_squares_fits(instance: Instance, seed) -> None:
    n, d = instance.shape
    k, t = instance.rank, instance.rank + 3
    sketch = gaussian_sketch(t, d, seed=seed).transpose
    side = sketched_rows(instance, sketch)
    right = RationalMatrix(np.random.default_rng(seed).integers(1, 50, (k, d)))
    matrices = [p.fractions() for p in side.guess_matrices(right)]
    if side.independent_rows(matrices) != side.all_rows:
        with pytest.raises(NotApplicableError, match="dependent"):
            side.fit(matrices)
        return
    rows = side.lift(side.fit(matrices))
    assert rows.shape == (n, k)
    assert side.roots_are_exact
    for i in range(n):
        root = RationalMatrix.from_rows(
            [[int(x**0.5) for x in instance.squared_weights.numerators[i]]]
        )
        design = right.hadamard(root.take([0] * k)).transpose
        response = instance.data.take([i]).hadamard(root).transpose
        fitted = sketched_least_squares(design, response, sketch.transpose)
        assert rows.take([i]).transpose == fitted


@given(instances(st.integers(1, 50)), st.integers(0, 9))
def test_rounded_roots(instance: Instance, seed) -> None:
    sketch = gaussian_sketch(3, instance.shape[1], seed=seed).transpose
    side = sketched_rows(instance, sketch)
    weights = instance.squared_weights
    for i, kind in enumerate(side.labels):
        root = side.roots.numerators[side.classes[kind]]
        row = weights.numerators[i]
        ratios = [Fraction(int(x) ** 2, int(w)) for x, w in zip(root, row, strict=True)]
        common = min(ratios)
        assert max(ratios) / common <= (1 + ROOT_ACCURACY) / (1 - ROOT_ACCURACY)
        assert not side.roots_are_exact or max(ratios) == common


def test_guessed_rows_leave_the_other_coordinates_zero() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2, 5]]),
        squared_weights=RationalMatrix.from_rows([[1, 1, 1]]),
        rank=2,
    )
    side = sketched_rows(instance, gaussian_sketch(4, 3, seed=0).transpose)
    dependent = RationalMatrix.from_rows([[1, 2, 0], [2, 4, 0]])
    matrices = [p.fractions() for p in side.guess_matrices(dependent)]
    assert side.independent_rows(matrices) == ((0,),)
    with pytest.raises(NotApplicableError, match="guess matrix 1"):
        side.fit(matrices)
    first, second = side.fit(matrices, [(0,)]), side.fit(matrices, [(1,)])
    assert first[0, 1] == 0 == second[0, 0]
    assert first @ dependent == second @ dependent  # the same fitted row
    assert side.fit(matrices, [()]) == RationalMatrix.zeros(1, 2)


def test_rows_without_weight_are_zero() -> None:
    instance = Instance(
        data=RationalMatrix.from_rows([[1, 2], [3, 4], [1, 9]]),
        squared_weights=RationalMatrix.from_rows([[1, 4], [0, 0], [1, 0]]),
        rank=1,
    )
    side = sketched_rows(instance, gaussian_sketch(3, 2, seed=0).transpose)
    assert side.labels.tolist() == [0, -1, 1]
    matrices = side.guess_matrices(RationalMatrix.from_rows([[1, 2]]))
    rows = side.lift(side.fit([p.fractions() for p in matrices]))
    assert rows == RationalMatrix.from_rows([[1], [0], [1]])
