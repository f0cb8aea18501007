"""theta and H: proved, close to the singular values, in float64 and beyond."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.bounds.singular_tails import (
    dominate_gram,
    estimate_tail,
    leading_eigenvectors,
)
from exact_wlra.checker.spectral import captured_matrix, tail_value, weighted_gram
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix


def problem(n: int, d: int, seed: int) -> tuple[RationalMatrix, RationalMatrix]:
    """Return N = Q B^T P B Q and q of a random integer matrix B."""
    rng = np.random.default_rng(seed)
    rows, columns = (
        RationalMatrix(rng.integers(1, 9, size=(1, size)), 3) for size in (n, d)
    )
    data = RationalMatrix(rng.integers(-9, 10, size=(n, d)), 5)
    return weighted_gram(data, rows, columns), columns


def float_tail(gram: RationalMatrix, columns: RationalMatrix, rank: int) -> float:
    roots = np.sqrt(columns.to_float()[0])
    scaled = gram.to_float() / np.multiply.outer(roots, roots)
    return float(np.linalg.eigvalsh(scaled)[: len(roots) - rank].sum())


@given(
    n=st.integers(2, 12),
    d=st.integers(2, 12),
    rank=st.integers(0, 4),
    seed=st.integers(0, 10**6),
)
def test_tail_is_proved_up_to_the_loss(n: int, d: int, rank: int, seed: int) -> None:
    gram, columns = problem(n, d, seed)
    loss = Fraction(1, 10**6)
    found = dominate_gram(gram, columns, rank, loss=loss)
    tail = float_tail(gram, columns, rank) if rank < d else 0.0
    assert (found is None) == (rank >= min(n, d))
    if found is not None:
        matrix = captured_matrix(gram, columns, *found)
        assert is_positive_semidefinite(matrix.numerators, arithmetic="rational")
        value = float(tail_value(gram, columns, rank, *found))
        assert tail - float(loss) * 1.01 <= value <= tail + 1e-9 * (1 + tail)


@pytest.mark.parametrize("digits", [5, 15, 30, 60])
def test_eigenvectors_solve_the_generalized_problem(digits: int) -> None:
    gram, columns = problem(14, 10, seed=1)
    bits = int(3.33 * digits)
    found = leading_eigenvectors(gram, columns, 3, bits=bits)
    scaled = found.vectors.hadamard(columns.transpose)
    values = RationalMatrix.from_fractions([list(found.values[:3])])
    residual = (gram @ found.vectors - scaled.hadamard(values)).to_float()
    overlap = (found.vectors.transpose @ scaled).to_float()
    largest = float(found.values[0]) * float(columns.to_float().max())
    # float64 with one step of refinement is good for about 15 digits.
    assert np.abs(residual).max() <= 10 * largest * 10.0 ** -min(digits, 13)
    assert overlap == pytest.approx(np.eye(3), abs=1e-5)


def test_multiprecision_eigenvectors_have_the_digits_asked() -> None:
    gram, columns = problem(14, 10, seed=2)
    found = leading_eigenvectors(gram, columns, 2, bits=300)
    scaled = found.vectors.hadamard(columns.transpose)
    values = RationalMatrix.from_fractions([list(found.values[:2])])
    residual = gram @ found.vectors - scaled.hadamard(values)
    worst = max(abs(x) for row in residual.fractions() for x in row)
    assert worst <= found.values[0] * Fraction(1, 2**280)


def test_tails_below_the_resolution_are_not_told_from_zero() -> None:
    gram, columns = problem(5, 9, seed=3)
    assert estimate_tail(gram, columns, 5, bits=44) is None
    assert estimate_tail(gram, columns, 9, bits=44) is None
    assert estimate_tail(gram, columns, 4, bits=44) is not None


@pytest.mark.parametrize("order", [9, 40])
def test_badly_scaled_columns_are_dominated(order: int) -> None:
    rng = np.random.default_rng(4)
    rows = RationalMatrix(np.ones((1, 50), dtype=np.int64))
    columns = RationalMatrix(2 ** rng.integers(0, 24, size=(1, order)), 1)
    data = RationalMatrix(rng.integers(-99, 100, size=(50, order)))
    gram = weighted_gram(data, rows, columns)
    tail = estimate_tail(gram, columns, 3, bits=44)
    assert tail is not None
    found = dominate_gram(gram, columns, 3, loss=tail / 10**6)
    assert found is not None
    value = tail_value(gram, columns, 3, *found)
    assert value >= tail * (1 - Fraction(2, 10**6))
