"""Structured inverses against dense ones, exactly; application without forming."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics.reweighted import reweighted
from exact_wlra.heuristics.structured_weights import (
    RankOneBlock,
    StructuredWeights,
    apply_hadamard,
    hadamard_operator,
)
from exact_wlra.heuristics.weight_structures import (
    block_diagonal,
    group_constant,
    rank_one_plus_sparse,
    staircase,
)
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix

seeds = st.integers(min_value=0, max_value=2**32 - 1)
Numbers = NDArray[Any]


def fractions(generator: np.random.Generator, *shape: int, zeros: bool) -> Numbers:
    """Return fractions p/q with small p and q, positive unless zeros are allowed."""
    tops = generator.integers(-3 if zeros else 1, 6, size=shape)
    bottoms = generator.integers(1, 5, size=shape)
    pairs = zip(tops.ravel().tolist(), bottoms.ravel().tolist(), strict=True)
    return np.array([Fraction(a, b) for a, b in pairs], dtype=object).reshape(shape)


def dense_inverse(matrix: Numbers) -> Numbers:
    """Return the entrywise inverse, 0 for 0, one fraction at a time."""
    inverses = [1 / Fraction(x) if x else Fraction(0) for x in matrix.ravel()]
    return np.array(inverses, dtype=object).reshape(matrix.shape)


def drawn(seed: int) -> StructuredWeights:
    """Return 7 x 9: rectangles cut by rows, then columns; sparse terms that cancel."""
    generator = np.random.default_rng(seed)
    rows, columns = generator.permutation(7), generator.permutation(9)
    blocks = [
        RankOneBlock(
            rows=rows[part],
            columns=columns[cut],
            left=fractions(generator, len(rows[part]), zeros=False),
            right=fractions(generator, len(columns[cut]), zeros=False),
        )
        for part, cut in (
            (slice(0, 3), slice(0, 4)),
            (slice(0, 3), slice(4, 8)),
            (slice(3, 6), slice(2, 9)),
        )
    ]
    dense = StructuredWeights.of((7, 9), blocks).entries()
    places = generator.choice(63, size=20, replace=False)
    sparse = []
    for number, place in enumerate(places.tolist()):
        row, column = divmod(place, 9)
        value = fractions(generator, 1, zeros=True)[0]
        cancelled = number % 3 == 0 and dense[row, column]
        sparse.append((row, column, -dense[row, column] if cancelled else value))
    return StructuredWeights.of((7, 9), blocks, sparse)


@given(seed=seeds)
def test_inverse_is_the_dense_inverse_exactly(seed: int) -> None:
    weights = drawn(seed)
    inverse = weights.inverse()
    whole = weights.entries()
    assert (inverse.entries() == dense_inverse(whole)).all()
    assert (inverse.inverse().entries() == whole).all()
    assert inverse.n_numbers == weights.n_numbers == 20 + 7 + 7 + 10
    assert (weights.transpose().entries() == whole.T).all()


def test_drawn_weights_cancel_somewhere() -> None:
    weights = drawn(0)
    covered = StructuredWeights.of(weights.shape, weights.blocks).entries() != 0
    assert (covered & (weights.entries() == 0)).sum() >= 2
    assert (~covered & (weights.entries() != 0)).any()


@given(seed=seeds, k=st.integers(0, 3))
def test_application_without_forming_is_exact(*, seed: int, k: int) -> None:
    generator = np.random.default_rng(seed)
    inverse = drawn(seed).inverse()
    left = fractions(generator, 7, k, zeros=True)
    right = fractions(generator, k, 9, zeros=True)
    vectors = fractions(generator, 9, 2, zeros=True)
    expected = (inverse.entries() * (left @ right)) @ vectors
    assert (apply_hadamard(inverse, left, right, vectors) == expected).all()


@given(seed=seeds)
def test_operator_and_adjoint_agree_with_the_dense_matrix(seed: int) -> None:
    generator = np.random.default_rng(seed)
    n, d = 6, 8
    weights = rank_one_plus_sparse(
        generator.uniform(0.5, 2, n),
        generator.uniform(0.5, 2, d),
        {0: generator.uniform(0, 1, n), -2: generator.uniform(0, 1, n - 2)},
    )
    left, right = generator.normal(size=(n, 2)), generator.normal(size=(2, d))
    operator = hadamard_operator(weights.inverse(), left, right)
    dense = (left @ right) / weights.entries()
    np.testing.assert_allclose(operator @ np.eye(d), dense)
    np.testing.assert_allclose(operator.H @ np.eye(n), dense.T)
    vector, other = generator.normal(size=d), generator.normal(size=n)
    assert other @ (operator @ vector) == pytest.approx((operator.T @ other) @ vector)


@given(seed=seeds)
def test_families_are_what_they_are_called(seed: int) -> None:
    generator = np.random.default_rng(seed)
    u = fractions(generator, 5, zeros=False)
    v = fractions(generator, 6, zeros=False)
    outer = np.multiply.outer(u, v)
    lengths = generator.integers(0, 7, size=5).tolist()
    stairs = staircase(u, v, lengths)
    expected = np.where(np.arange(6) < np.array(lengths)[:, None], outer, 0)
    assert (stairs.entries() == expected).all()
    assert len(stairs.blocks) == len({length for length in lengths if length})

    rows, columns = generator.integers(0, 3, size=5), generator.integers(0, 2, size=6)
    values = fractions(generator, 3, 2, zeros=True)
    constant = group_constant(rows, columns, values)
    assert (constant.entries() == values[np.ix_(rows, columns)]).all()
    assert len(constant.blocks) <= 3

    diagonal = block_diagonal([(u, v), (v[:2], u[:3])])
    expected = np.zeros((7, 9), dtype=object)
    expected[:5, :6], expected[5:, 6:] = outer, np.multiply.outer(v[:2], u[:3])
    assert (diagonal.entries() == expected).all()

    band = {t: fractions(generator, 5 - max(t - 1, -t), zeros=True) for t in (2, -1)}
    banded = rank_one_plus_sparse(u, v, band)
    expected = outer.copy()
    for t, added in band.items():
        for number, value in enumerate(added):
            a = number + max(-t, 0)
            expected[a, a + t] += value
    assert (banded.entries() == expected).all()
    for weights in (stairs, constant, diagonal, banded):
        assert (weights.inverse().entries() == dense_inverse(weights.entries())).all()


def test_structure_says_nothing_of_ranks() -> None:
    """All-ones less the identity: one block and n numbers, of rank n."""
    n = 6
    weights = rank_one_plus_sparse(np.ones(n), np.ones(n), {0: [-1.0] * n})
    assert np.linalg.matrix_rank(weights.entries()) == n
    assert weights.inverse().n_numbers == 3 * n


def test_reweighted_solutions_are_applied_unformed() -> None:
    generator = np.random.default_rng(0)
    weights = staircase(
        generator.uniform(1, 2, 8), generator.uniform(1, 2, 7), [1, 3, 3, 5, 5, 6, 7, 7]
    )
    matrix = WeightedMatrix.from_arrays(
        generator.normal(size=(8, 7)), weights.entries()
    )
    plain = reweighted(matrix, rank=1, weight_rank=2)
    structured = reweighted(matrix, rank=1, weight_rank=2, structure=weights)
    vectors = generator.normal(size=(7, 3))
    np.testing.assert_allclose(
        structured.form.apply(vectors), plain.form.apply(vectors), atol=1e-12
    )
    np.testing.assert_allclose(
        structured.form.apply(vectors[:, 0]),
        plain.form.apply(vectors[:, 0]),
        atol=1e-12,
    )
    assert structured.cost == plain.cost
    factors = (8 + 7) * 2
    assert structured.n_numbers == factors + weights.n_numbers
    with pytest.raises(InvalidProblemError, match="other entries"):
        reweighted(matrix, rank=1, structure=weights.inverse())
    with pytest.raises(InvalidProblemError, match="other entries"):
        reweighted(matrix, rank=1, structure=weights.transpose())


def block(rows: list[int], columns: list[int], left: list[float]) -> RankOneBlock:
    return RankOneBlock(
        rows=np.array(rows),
        columns=np.array(columns),
        left=np.array(left),
        right=np.ones(len(columns)),
    )


@pytest.mark.parametrize(
    ("blocks", "sparse", "message"),
    [
        ([block([0, 1], [0], [1, 1]), block([1], [0, 1], [1])], [], "block 2 meets"),
        ([block([0, 1], [0], [1, 0])], [], "block 1 has a zero"),
        ([block([0, 0], [0], [1, 1])], [], "repeated or out of range"),
        ([block([0, 5], [0], [1, 1])], [], "repeated or out of range"),
        ([block([0, 1], [0], [1])], [], "2 indices and 1 numbers"),
        ([], [(0, 0, 1.0), (0, 0, 2.0)], "given twice"),
        ([], [(0, 3, 1.0)], "outside 3 x 3"),
    ],
)
def test_what_is_not_of_this_form_is_refused(
    blocks: list[RankOneBlock], sparse: list[tuple[int, int, float]], message: str
) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        StructuredWeights.of((3, 3), blocks, sparse)


def test_lengths_of_the_families_are_checked() -> None:
    ones = np.ones(3)
    with pytest.raises(InvalidProblemError, match="3 lengths between 0 and 3"):
        staircase(ones, ones, [1, 2, 4])
    with pytest.raises(InvalidProblemError, match="diagonal 1 of 3 x 3 has 2 entries"):
        rank_one_plus_sparse(ones, ones, {1: [1.0]})
