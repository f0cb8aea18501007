"""Forms that are not negative at rank k: their identity holds exactly, at any X."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reductions.errors import NotApplicableError
from reductions.rank_forms import (
    embedded,
    minor_form,
    packed,
    partial_trace,
    partial_transpose,
    rank_form,
    unpacked,
)
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix

Three = tuple[RationalMatrix, RationalMatrix, RationalMatrix]

seeds = st.integers(0, 2**32 - 1)
shapes = st.tuples(st.integers(1, 4), st.integers(1, 4))


def exact(matrix: RationalMatrix) -> Any:
    """The entries as an array of fractions."""
    return np.array(matrix.fractions(), dtype=object).reshape(matrix.shape)


def rational(array: Any) -> RationalMatrix:
    """The matrix of an array of fractions."""
    return RationalMatrix.from_fractions(
        [[Fraction(x) for x in row] for row in np.atleast_2d(array)]
    )


def values(generator: np.random.Generator, *shape: int) -> Any:
    """Small fractions."""
    tops = generator.integers(-6, 7, shape).astype(object)
    return tops * Fraction(1, int(generator.integers(1, 6)))


def orthogonal(generator: np.random.Generator, d: int) -> Any:
    """A rational orthogonal matrix: a signed permutation and two reflections."""
    matrix = np.eye(d, dtype=object)[generator.permutation(d)] * Fraction(1)
    for _ in range(2):
        w = values(generator, d)
        if w.any():
            matrix = matrix - 2 * np.outer(w, w @ matrix) / (w @ w)
    return matrix


def swapped(array: Any, shape: tuple[int, int]) -> Any:
    """S_(ij)(i'j') -> S_(i'j)(ij'), entry by entry."""
    n, d = shape
    found = np.empty_like(array)
    for i, j, other, second in np.ndindex(n, d, n, d):
        found[i * d + j, other * d + second] = array[other * d + j, i * d + second]
    return found


def symmetric(generator: np.random.Generator, order: int) -> Any:
    half = values(generator, order, order)
    return half + half.T


def fitting(
    one: Any, two: Any, shape: tuple[int, int], generator: np.random.Generator
) -> Three:
    """S_1, S_2 and the S_3 = (S_1 + S_2)^+ + K + c I, K^G = -K, that is dominant."""
    n, d = shape
    kept = one + two
    third = (kept + swapped(kept, shape)) * Fraction(1, 2)
    away = symmetric(generator, n * d)
    third = third + away - swapped(away, shape)
    top = max((sum(abs(x) for x in row) for row in third), default=Fraction(0))
    third = third + top * np.eye(n * d, dtype=object)
    return rational(one), rational(two), rational(third)


def random_form(seed: int, shape: tuple[int, int], *, definite: bool) -> Three:
    generator = np.random.default_rng(seed)
    order = shape[0] * shape[1]
    if not definite:
        one, two = (symmetric(generator, order) for _ in range(2))
        return fitting(one, two, shape, generator)
    roots = [values(generator, order, 2) for _ in range(2)]
    one, two = (root @ root.T for root in roots)
    return fitting(one, two, shape, generator)


def trace_form(k: int, order: int) -> RationalMatrix:
    """The form k |X|^2 - (trace X)^2 from S_1 = S_2 = k t t^T / 2, S_3 = k t t^T."""
    t = np.eye(order, dtype=np.int64).ravel()
    square = RationalMatrix(np.outer(t, t))
    half = square.scaled(Fraction(k, 2))
    return rank_form(half, half, square.scaled(k), shape=(order, order), rank=k)


@given(seed=seeds, shape=shapes, k=st.integers(1, 3))
def test_the_form_is_the_sum_of_squares_that_it_is_said_to_be(seed, shape, k) -> None:
    n, d = shape
    k = min(k, d)
    three = random_form(seed, shape, definite=False)
    first, second, third = map(exact, three)
    generator = np.random.default_rng(seed + 1)
    basis = orthogonal(generator, d)
    assert (basis @ basis.T == np.eye(d, dtype=object)).all()
    u, v, rest = values(generator, n, k), basis[:k], basis[k:]
    x = (u @ v).ravel()
    total = Fraction(0)
    for i in range(k):
        for j in range(k):
            one = np.outer(u[:, i], v[j]).ravel()
            other = np.outer(u[:, j], v[i]).ravel()
            plus = one + other - (x * Fraction(2, k) if i == j else 0)
            total += (one - other) @ first @ (one - other) / 2
            total += plus @ second @ plus / 2
        for w in rest:
            z = np.outer(u[:, i], w).ravel()
            total += z @ third @ z
    assert x @ exact(rank_form(*three, shape=shape, rank=k)) @ x == total


@given(seed=seeds, shape=shapes, k=st.integers(1, 3), lacking=st.integers(0, 3))
def test_the_form_is_not_negative_up_to_its_rank(seed, shape, k, lacking) -> None:
    n, d = shape
    k = min(k, d)
    three = random_form(seed, shape, definite=True)
    for part in three:
        assert is_positive_semidefinite(part.numerators, arithmetic="rational")
    form = exact(rank_form(*three, shape=shape, rank=k))
    generator = np.random.default_rng(seed + 1)
    smaller = max(0, k - lacking)
    for _ in range(3):
        x = (values(generator, n, smaller) @ values(generator, smaller, d)).ravel()
        assert x @ form @ x >= 0


@given(seed=seeds, k=st.integers(1, 3), order=st.integers(2, 4))
def test_the_trace_form_is_as_computed_by_hand(seed, k, order) -> None:
    k = min(k, order)
    form = exact(trace_form(k, order))
    generator = np.random.default_rng(seed)
    any_x = values(generator, order, order)
    square = sum(x * x for x in any_x.ravel())
    assert any_x.ravel() @ form @ any_x.ravel() == k * square - np.trace(any_x) ** 2
    low = (values(generator, order, k) @ values(generator, k, order)).ravel()
    assert low @ form @ low >= 0


@pytest.mark.parametrize("k", [1, 2, 3])
def test_one_rank_higher_a_form_may_be_negative(k) -> None:
    form = exact(trace_form(k, k + 1))
    x = np.eye(k + 1, dtype=np.int64).ravel()
    assert x @ form @ x == -(k + 1)
    smaller = np.diag([1] * k + [0]).ravel()
    assert smaller @ form @ smaller == 0


def test_a_minor_is_such_a_form() -> None:
    anti, trace = np.array([0, 1, -1, 0]), np.array([1, 0, 0, 1])
    first = RationalMatrix(np.outer(anti, anti) + np.outer(trace, trace))
    zero = RationalMatrix.zeros(4, 4)
    form = rank_form(first, zero, zero, shape=(2, 2), rank=1)
    assert form == minor_form(RationalMatrix.from_rows([[1]]), (2, 2))


@given(seed=seeds, shape=st.tuples(st.integers(2, 4), st.integers(2, 4)))
def test_minors_vanish_at_rank_one_and_count_determinants(seed, shape) -> None:
    n, d = shape
    generator = np.random.default_rng(seed)
    multipliers = values(generator, n * (n - 1) // 2, d * (d - 1) // 2)
    form = exact(minor_form(rational(multipliers), shape))
    rank_one = np.outer(values(generator, n), values(generator, d)).ravel()
    assert form @ rank_one @ rank_one == 0
    x = values(generator, n, d)
    total = Fraction(0)
    for row, (i, other) in enumerate(zip(*np.triu_indices(n, 1), strict=True)):
        for column, (j, second) in enumerate(zip(*np.triu_indices(d, 1), strict=True)):
            minor = x[i, j] * x[other, second] - x[i, second] * x[other, j]
            total += 2 * multipliers[row, column] * minor
    assert x.ravel() @ form @ x.ravel() == total


def test_a_minor_is_not_zero_at_rank_two() -> None:
    form = minor_form(RationalMatrix.from_rows([[1]]), (2, 2)).numerators
    x = np.eye(2, dtype=np.int64).ravel()
    assert x @ form @ x == 2


@pytest.mark.parametrize("value", [2**62, -(2**63), 2**63 - 1, 10**40])
def test_large_multipliers_do_not_overflow(value) -> None:
    one = np.array([[value]], dtype=np.int64 if abs(value) <= 2**63 else object)
    form = minor_form(RationalMatrix(one), (2, 2))
    assert int(form.numerators[0, 3]) == value
    assert int(form.numerators[1, 2]) == -value


@given(seed=seeds, shape=shapes)
def test_partial_transposition_is_what_its_indices_say(seed, shape) -> None:
    order = shape[0] * shape[1]
    array = np.random.default_rng(seed).integers(-9, 10, (order, order))
    found = partial_transpose(array, shape)
    assert (found == swapped(array, shape)).all()
    assert (partial_transpose(found, shape) == array).all()
    x = np.random.default_rng(seed).integers(-9, 10, shape)
    u, v = x[:, 0], x[0]
    product = np.outer(u, v).ravel()
    assert product @ found @ product == product @ array @ product


@given(seed=seeds, shape=shapes)
def test_the_partial_trace_is_adjoint_to_the_product_with_the_unit(seed, shape) -> None:
    n, d = shape
    generator = np.random.default_rng(seed)
    matrix = rational(symmetric(generator, n * d))
    small = symmetric(generator, n)
    large = np.kron(small, np.eye(d, dtype=object))
    inside = (exact(partial_trace(matrix, shape)) * small).sum()
    assert inside == (exact(matrix) * large).sum()


@given(seed=seeds, order=st.integers(1, 6))
def test_a_triangle_is_unpacked_to_what_was_packed(seed, order) -> None:
    matrix = rational(symmetric(np.random.default_rng(seed), order))
    triangle = packed(matrix)
    assert triangle.shape == (1, order * (order + 1) // 2)
    assert unpacked(triangle, order) == matrix
    assert packed(unpacked(triangle, order)) == triangle


@given(seed=seeds, order=st.integers(1, 5), larger=st.integers(0, 4))
def test_an_embedded_form_reads_its_own_unknowns_only(seed, order, larger) -> None:
    generator = np.random.default_rng(seed)
    form = rational(symmetric(generator, order))
    places = generator.permutation(order + larger)[:order]
    x = values(generator, order + larger)
    large = exact(embedded(form, places, order + larger))
    assert x @ large @ x == x[places] @ exact(form) @ x[places]
    assert (large == large.T).all()


@pytest.mark.parametrize("length", [0, 2, 4, 6])
def test_triangles_of_another_length_are_refused(length) -> None:
    with pytest.raises(NotApplicableError, match="triangle of order 2"):
        unpacked(RationalMatrix.zeros(1, length), 2)


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (0, 0), (1, 4)])
def test_multipliers_of_another_shape_are_refused(shape) -> None:
    with pytest.raises(NotApplicableError, match="one multiplier for each"):
        minor_form(RationalMatrix.zeros(*shape), (3, 2) if shape == (1, 1) else (2, 3))


@pytest.mark.parametrize("k", [-1, 0, 4])
def test_ranks_beyond_the_columns_are_refused(k) -> None:
    zero = RationalMatrix.zeros(6, 6)
    with pytest.raises(NotApplicableError, match="a rank from 1 to 3"):
        rank_form(zero, zero, zero, shape=(2, 3), rank=k)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_matrices_of_another_order_are_refused(which) -> None:
    parts = [RationalMatrix.zeros(6, 6) for _ in range(3)]
    parts[which] = RationalMatrix.zeros(5, 5)
    with pytest.raises(NotApplicableError, match="need the order 6"):
        rank_form(*parts, shape=(2, 3), rank=1)


@given(seed=seeds, which=st.integers(0, 2), place=st.integers(0, 35))
def test_an_equation_that_is_off_by_little_is_refused(seed, which, place) -> None:
    parts = list(random_form(seed, (2, 3), definite=True))
    i, j = divmod(place, 6)
    change = np.zeros((6, 6), dtype=np.int64)
    change[i, j] = change[j, i] = 1
    parts[which] = parts[which] + RationalMatrix(change, 1 << 80)
    with pytest.raises(NotApplicableError, match="do not fit together"):
        rank_form(*parts, shape=(2, 3), rank=1)
