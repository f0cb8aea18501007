"""Determinants and adjugates by Cramer's rule, against definitions."""

from __future__ import annotations

import itertools
import math
import operator
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from reductions.adjugates import determinant_and_adjugate
from semialgebraic.polynomials import polynomial_ring

sizes = st.integers(min_value=1, max_value=4)
matrices = sizes.flatmap(
    lambda k: st.lists(
        st.lists(st.integers(-9, 9), min_size=k, max_size=k), min_size=k, max_size=k
    )
)


def leibniz(matrix) -> int:
    """Return the determinant as the signed sum over permutations."""
    k = len(matrix)
    total = 0
    for p in itertools.permutations(range(k)):
        inversions = sum(p[a] > p[b] for a in range(k) for b in range(a + 1, k))
        total += (-1) ** inversions * math.prod(matrix[a][p[a]] for a in range(k))
    return total


@given(matrices)
def test_entries_are_signed_minors_with_the_second_index_as_deleted_row(matrix) -> None:
    determinant, adjugate = determinant_and_adjugate(matrix)
    assert determinant == leibniz(matrix)
    k = len(matrix)
    for a, b in itertools.product(range(k), repeat=2):
        minor = [[matrix[i][j] for j in range(k) if j != a] for i in range(k) if i != b]
        assert adjugate[a][b] == (-1) ** (a + b) * leibniz(minor)


@given(matrices)
def test_rationals_and_integers_agree(matrix) -> None:
    halves = [[Fraction(x, 2) for x in row] for row in matrix]
    determinant, _ = determinant_and_adjugate(halves, operator.truediv)
    assert determinant == Fraction(leibniz(matrix), 2 ** len(matrix))


def test_generic_non_symmetric_matrix_of_polynomials() -> None:
    names = [f"m{a}{b}" for a in range(3) for b in range(3)]
    gens = polynomial_ring(names).gens()
    matrix = [list(gens[3 * a : 3 * a + 3]) for a in range(3)]
    determinant, adjugate = determinant_and_adjugate(matrix)
    for a, b in itertools.product(range(3), repeat=2):
        entry = sum(matrix[a][c] * adjugate[c][b] for c in range(3))
        assert entry == (determinant if a == b else 0 * determinant)
    # The inverse of [[a, b], [c, d]] has -b above the diagonal, not -c.
    _, two = determinant_and_adjugate([row[:2] for row in matrix[:2]])
    assert two[0][1] == -matrix[0][1]
    assert two[1][0] == -matrix[1][0]
