"""Gram matrices: bases that suffice, exact rounding, exact factorization."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
from flint import fmpz_mpoly
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.gram_matrices import (
    exact_gram,
    monomial_basis,
    pairs_by_product,
    squares,
)
from semialgebraic.integer_arrays import integers
from semialgebraic.polynomials import from_terms, polynomial_ring

NAMES = ("x", "y")
RING = polynomial_ring(NAMES)
x, y = RING.gens()
exponents = st.tuples(st.integers(0, 3), st.integers(0, 2))
polynomials = st.dictionaries(
    exponents, st.integers(-4, 4), min_size=1, max_size=4
).map(lambda terms: from_terms(NAMES, terms))
BASIS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def _form(gram: list[list[int]], basis: list[tuple[int, int]]) -> fmpz_mpoly:
    """Return z^T G z."""
    total = 0 * x
    for (i, a), (j, b) in product(enumerate(basis), repeat=2):
        total += gram[i][j] * x ** (a[0] + b[0]) * y ** (a[1] + b[1])
    return total


symmetric = st.lists(st.integers(-9, 9), min_size=10, max_size=10).map(
    lambda entries: [
        [entries[max(i, j) * (max(i, j) + 1) // 2 + min(i, j)] for j in range(4)]
        for i in range(4)
    ]
)
square_matrices = st.lists(
    st.lists(st.integers(-4, 4), min_size=4, max_size=4), min_size=1, max_size=5
)


# --- bases


@given(st.lists(polynomials, min_size=1, max_size=4))
def test_basis_contains_the_monomials_of_every_decomposition(
    roots: list[fmpz_mpoly],
) -> None:
    p = sum((q * q for q in roots), RING.constant(1))
    basis = monomial_basis(p, 100)
    assert basis is not None
    occurring = {tuple(map(int, m)) for q in roots for m in q.monoms()}
    assert occurring <= set(basis)
    assert basis[0] == (0, 0)
    assert len(set(basis)) == len(basis)


def test_dense_polynomials_have_the_whole_basis() -> None:
    p = (1 + x**2 + y**2) ** 3
    basis = monomial_basis(p, 100)
    assert basis is not None
    assert set(basis) == {(i, j) for i in range(4) for j in range(4 - i)}


def test_too_large_bases_are_refused() -> None:
    ring = polynomial_ring([f"x{i}" for i in range(40)])
    p = sum((g**6 for g in ring.gens()), ring.constant(1))
    assert monomial_basis(p, 100) is None


# --- rounding


@given(
    symmetric,
    st.lists(st.floats(-20, 20), min_size=16, max_size=16),
    st.integers(0, 60),
    st.integers(0, 30),
)
def test_rounded_matrix_gives_the_polynomial_exactly(
    gram: list[list[int]], noise: list[float], bits: int, scale: int
) -> None:
    p = _form(gram, BASIS)
    near = np.array(gram) / 2.0**scale + np.array(noise).reshape(4, 4)
    exact = exact_gram(p, pairs_by_product(BASIS), near, scale=scale, bits=bits)
    assert _form(exact, BASIS) == 2 ** (bits + 1) * p
    assert exact == [list(column) for column in zip(*exact, strict=True)]


@given(symmetric, st.integers(8, 40))
def test_matrix_that_fits_already_is_not_changed(
    gram: list[list[int]], bits: int
) -> None:
    p = _form(gram, BASIS)
    exact = exact_gram(p, pairs_by_product(BASIS), np.array(gram, float), bits=bits)
    assert exact == [[entry << (bits + 1) for entry in row] for row in gram]


# --- squares


def _check(gram: list[list[int]], bits: int) -> None:
    """The squares add up to the matrix, entry by entry."""
    found = squares(gram, bits)
    assert found is not None
    weights, rows, slack = found
    assert slack > 0
    assert all(weight > 0 for weight in weights)
    for i, j in product(range(len(gram)), repeat=2):
        total = sum(
            (d * r[i] * r[j] for d, r in zip(weights, rows, strict=True)), Fraction(0)
        )
        total += slack if i == j == 0 else 0
        assert total == Fraction(gram[i][j], 2**bits)


@given(square_matrices, st.integers(1, 9), st.integers(0, 20))
def test_semidefinite_matrices_with_a_constant_are_factored(
    factor: list[list[int]], constant: int, bits: int
) -> None:
    L = np.array(factor)
    gram = (L.T @ L).tolist()
    gram[0][0] += constant
    _check(gram, bits)


@given(symmetric)
def test_slack_is_the_largest_and_exists_only_for_semidefinite_ones(
    gram: list[list[int]],
) -> None:
    found = squares(gram, 0)
    if found is None:
        # Not semidefinite, or no constant can be split off.
        reduced = [[10**9 * entry for entry in row] for row in gram]
        reduced[0][0] -= 1
        assert not is_positive_semidefinite(integers(reduced))
        return
    _check(gram, 0)
    slack = found[2]
    scale = slack.denominator
    reduced = [[scale * entry for entry in row] for row in gram]
    reduced[0][0] -= slack.numerator
    assert is_positive_semidefinite(integers(reduced))
    reduced = [[10**9 * entry for entry in row] for row in reduced]
    reduced[0][0] -= 1
    assert not is_positive_semidefinite(integers(reduced))


def test_singular_matrix_without_constant_has_no_slack() -> None:
    assert squares([[1, 1], [1, 1]], 0) is None
    assert squares([[0, 0], [0, 1]], 0) is None
    assert squares([[1, 0], [0, -1]], 0) is None
    assert squares([[1, 1], [1, 0]], 0) is None
    assert squares([[5]], 1) == ([], [], Fraction(5, 2))
