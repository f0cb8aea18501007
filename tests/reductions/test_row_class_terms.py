"""Gram matrices of weight classes, and the cost that they determine."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reductions.instances import Instance
from reductions.least_squares import solve_rows
from reductions.row_class_terms import (
    class_term,
    class_term_of_kernel,
    row_class_forms,
)
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_matrices import RationalMatrix


def instance_of(seed: int, n: int, d: int, k: int) -> Instance:
    """Return rational data and three rays of weights, some zero, some rows twice."""
    rng = np.random.default_rng(seed)
    rays = rng.integers(0, 4, (3, d))
    factors = rng.integers(0, 5, n)
    return Instance(
        data=RationalMatrix(rng.integers(-9, 10, (n, d)), 2),
        squared_weights=RationalMatrix(
            rays[rng.integers(0, 3, n)] * factors[:, None], 3
        ),
        rank=k,
    )


@given(st.integers(0, 999), st.integers(1, 8), st.integers(2, 4), st.integers(1, 4))
def test_terms_sum_to_the_cost_of_the_best_rows(seed, n, d, k) -> None:
    instance = instance_of(seed, n, d, k)
    right = np.random.default_rng(seed + 1).integers(-9, 10, (k, d))
    terms = [class_term(form, right.tolist()) for form in row_class_forms(instance)]
    if all(below for _, below in terms):
        factor = RationalMatrix(right)
        left = solve_rows(instance.data, instance.squared_weights, factor)
        scaled = sum((Fraction(p, q) for p, q in terms), Fraction(0))
        assert scaled / (3 * 4) == instance.cost(left, factor)
    for above, below in terms:
        assert above >= 0
        assert below >= 0
        assert below or not above


@given(st.integers(0, 999), st.integers(1, 8), st.integers(2, 4))
def test_classes_are_primitive_and_hold_the_energy(seed, n, d) -> None:
    instance = instance_of(seed, n, d, 1)
    forms = row_class_forms(instance)
    assert all(np.gcd.reduce(w) == 1 for w, _, _ in forms)
    assert len({tuple(w) for w, _, _ in forms}) == len(forms)
    assert sum(energy for _, _, energy in forms) == instance.energy() * 3 * 4
    for _, gram, _ in forms:
        assert gram == [list(column) for column in zip(*gram, strict=True)]


def test_both_forms_of_corank_one_are_the_same_polynomials() -> None:
    ring = polynomial_ring(["x", "y"])
    x, y = ring.gens()
    one, zero = ring.constant(1), ring.constant(0)
    (form,) = row_class_forms(
        Instance(
            data=RationalMatrix.from_rows([[1, 2, 5], [3, -1, 2]]),
            squared_weights=RationalMatrix.from_rows([[2, 3, 5], [2, 3, 5]]),
            rank=2,
        )
    )
    term = class_term(form, [[one, zero, x], [zero, one, y]])
    assert term == class_term_of_kernel(form, [x, y, -one])
    assert term[1] == 15 * x * x + 10 * y * y + 6


def test_numbers_beyond_64_bits() -> None:
    large = 10**15
    instance = Instance(
        data=RationalMatrix.from_rows([[large, 1], [1, large]]),
        squared_weights=RationalMatrix.from_rows([[large, 1], [2 * large, 2]]),
        rank=1,
    )
    ((weights, gram, energy),) = row_class_forms(instance)
    assert weights == [large, 1]
    assert gram == [[large**2 + 2, 3 * large], [3 * large, 1 + 2 * large**2]]
    assert energy == large**3 + 2 * large + 1 + 2 * large**2
