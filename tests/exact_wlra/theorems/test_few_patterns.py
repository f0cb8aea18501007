"""What the statements of the few-pattern paper are checked with, against other means."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.problem import Problem
from exact_wlra.theorems import check
from exact_wlra.theorems.few_patterns.definition_3_1 import distinct_rows
from exact_wlra.theorems.few_patterns.exponents import log2_enclosed, minimum_exponent
from exact_wlra.theorems.few_patterns.lemma_3_7 import IntegerProblem, has_bits
from exact_wlra.theorems.few_patterns.lemma_3_8 import Regressions, excesses
from exact_wlra.theorems.few_patterns.lemma_4_1 import WarmUp
from exact_wlra.theorems.few_patterns.planted_costs import sketched_fit
from exact_wlra.theorems.few_patterns.polynomial_minima import form_on_circle
from exact_wlra.theorems.few_patterns.sign_conditions import system_of, terms_of
from exact_wlra.theorems.few_patterns.theorem_1_2 import (
    PatternedTask,
    failure_of_median_exactly,
)
from exact_wlra.theorems.few_patterns.theorem_3_4 import n_cells
from exact_wlra.theorems.few_patterns.theorem_3_5 import bits_of_minimum, confirmation
from exact_wlra.theorems.few_patterns.theorem_5_1 import OptimumBound, height
from exact_wlra.theorems.few_patterns.theorem_6_1 import SketchedValue
from exact_wlra.theorems.few_patterns.theorem_7_1 import RecoveryTask
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.registry import statement
from semialgebraic.catalogue import CATALOGUE
from semialgebraic.rational_matrices import RationalMatrix

positive = st.fractions(min_value=Fraction(1, 10**9), max_value=10**9)


@settings(max_examples=25)  # each takes a power of 65 536
@given(positive)
def test_logarithms_are_enclosed(x: Fraction) -> None:
    exact = math.log2(x.numerator) - math.log2(x.denominator)
    for is_coarse, width in ((False, 2**-11), (True, 2)):
        found = log2_enclosed(x, is_coarse=is_coarse)
        assert float(found.low) - 1e-9 <= exact <= float(found.high) + 1e-9
        assert found.width <= width


@given(st.integers(2, 6), st.integers(1, 4), st.integers(1, 10**9), st.integers(0, 40))
def test_the_exponent_is_the_formula(n, half, tall, m) -> None:
    d = 2 * half
    found = minimum_exponent(n_variables=n, degree=d, height=tall, n_conditions=m)
    larger = max(tall, 2 * n + 2 * m)
    direct = n * (2 * d) ** n * (4 - n / 2 + math.log2(larger) + n * math.log2(d))
    assert float(found.low) * (1 - 1e-9) <= direct <= float(found.high) * (1 + 1e-9)


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_systems_survive_as_integers(entry) -> None:
    system = entry.system
    polynomials, relations = terms_of(system)
    again = system_of(len(system.variables), polynomials, relations)
    assert terms_of(again) == (polynomials, relations)
    assert again.sizes == system.sizes


def test_cells_of_a_line() -> None:
    # (x^2 - 2)(x - 1): three roots, though the second polynomial has none.
    square, line, none = ((1, 2), (-2, 0)), ((1, 1), (-1, 0)), ((1, 2), (1, 0))
    assert n_cells(system_of(1, (square, line, none), (0, 0, 0))) == 7
    assert n_cells(system_of(1, (none,), (0,))) == 1
    # A common root is counted once.
    assert n_cells(system_of(1, (line, line), (0, 5))) == 3


@given(st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=1))
def test_distinct_rows_are_a_set(rows: list[list[int]]) -> None:
    assert distinct_rows(RationalMatrix.from_rows(rows)) == len(set(map(tuple, rows)))


def test_bits_of_a_problem() -> None:
    problem = Problem([[7, -7]], weights=[[1, 7]], rank=1)
    assert has_bits(problem, 3)
    assert not has_bits(problem, 2)
    assert not has_bits(Problem([[1, 2]], weights=[["1/2", 1]], rank=1), 9)


def test_excesses_are_those_of_solving_each_problem() -> None:
    rng = np.random.default_rng(3)
    design = RationalMatrix(rng.integers(-9, 10, (6, 2)))
    response = RationalMatrix(rng.integers(-9, 10, (6, 1)))
    value = Regressions(
        designs=(design,), responses=(response,), t=5, epsilon=Fraction(1, 2)
    )
    found, best = excesses(value, np.random.default_rng(7))
    sketches = np.random.default_rng(7).standard_normal((len(found), 5, 6))
    a, b = design.to_float(), response.to_float()
    for sketch, excess in zip(sketches[:20], found[:20, 0], strict=True):
        y = np.linalg.lstsq(sketch @ a, sketch @ b, rcond=None)[0]
        assert ((a @ y - b) ** 2).sum() == pytest.approx(best[0] + excess)


@pytest.mark.parametrize(
    ("key", "claim"),
    [
        ("lemma-3.8", "mean excess"),
        ("theorem-6.1", "one sketch"),
        ("theorem-3.5", "formula"),
        ("theorem-5.1", "compact"),
        ("theorem-1.2", "least cost"),
    ],
)
def test_no_sharp_claim_stands_with_another_constant(key: str, claim: str) -> None:
    stated = statement(f"few-patterns/{key}")
    found = [
        f
        for case in stated.cases(2)
        for f in stated.check(case)
        if f.claim.startswith(claim) and f.relation != ">=" and not f.unmet
    ]
    assert found
    for f in found:
        if f.relation == "==":
            assert f.with_bound(Fraction(11, 10)).verdict == "fails"
        assert f.with_bound(Fraction(9, 10)).verdict == "fails"


def test_excess_is_never_negative_and_vanishes_without_a_sketch() -> None:
    design = RationalMatrix.from_rows([[1], [2], [3]])
    response = RationalMatrix.from_rows([[1], [0], [0]])
    value = Regressions(
        designs=(design,), responses=(response,), t=4, epsilon=Fraction(1, 2)
    )
    found, best = excesses(value, np.random.default_rng(0))
    assert found.shape[1] == 1
    assert (found >= 0).all()
    # 1 - 1/14 by the normal equations.
    assert best[0] == pytest.approx(13 / 14)


def test_fits_without_loss_are_weighted_least_squares() -> None:
    rng = np.random.default_rng(1)
    data, roots = rng.standard_normal((3, 5)), rng.uniform(1, 2, (3, 5))
    right = rng.standard_normal((2, 5))
    found = sketched_fit(data, roots, right[None], np.eye(5)[None])[0]
    for row, values, root in zip(found, data, roots, strict=True):
        direct = np.linalg.lstsq((right * root).T, values * root, rcond=None)[0]
        assert np.allclose(row, direct)


@given(st.integers(-60, 60), st.integers(-60, 60), st.integers(-60, 60))
def test_minima_on_the_circle_are_eigenvalues(a: int, b: int, c: int) -> None:
    value = form_on_circle(a, b, c)
    least = min(np.linalg.eigvalsh([[a, b], [b, c]]))
    shift = {tuple(e): k for k, *e in value.objective}[0, 0]
    assert float(value.low) == pytest.approx(shift + least, abs=1e-6)
    assert value.low > 0 or shift + least < 1e-6


def test_a_lower_bound_above_the_minimum_is_not_confirmed() -> None:
    value = form_on_circle(3, 2, -5)
    assert confirmation(value) == exact(1)
    wrong = replace(value, low=value.low + Fraction(1, 100))
    assert confirmation(wrong) == exact(0)
    found = bits_of_minimum(value)
    assert found.low <= -math.log2(value.low) <= found.high


def test_failures_of_the_median_by_enumeration() -> None:
    p = Fraction(1, 5)
    direct = sum(
        math.prod(p if bad else 1 - p for bad in pattern)
        for pattern in np.ndindex(2, 2, 2, 2, 2)
        if sum(pattern) >= 3
    )
    assert failure_of_median_exactly(5, p) == direct


def test_heights_bound_the_coefficients() -> None:
    """k = 1, one column: energy - y (sum omega a u)^2, y sum omega u^2 = 1."""
    problem = Problem([[2], [3]], squared_weights=[[5], [7]], rank=1)
    coefficients = [5 * 4 + 7 * 9, 10**2, 21**2, 2 * 10 * 21, 5, 7, 1]
    assert height(problem) >= max(coefficients)


PATTERNED = Problem.patterned(
    row_labels=[0, 1, 0, 1, 1],
    column_labels=[0, 1, 1, 0],
    data_core=[[1, 2], [3, -1]],
    weight_core=[[1, 2], [2, 1]],
    rank=1,
)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("lemma-3.7", IntegerProblem(problem=PATTERNED, bits=2)),
        ("lemma-4.1", WarmUp(problem=PATTERNED, bits=2, epsilon=Fraction(1, 10))),
        ("theorem-5.1", OptimumBound(problem=PATTERNED, t=3)),
        ("theorem-6.1", SketchedValue(problem=PATTERNED, t=12)),
        (
            "theorem-7.1",
            RecoveryTask(
                problem=PATTERNED, threshold=Fraction(200), tolerance=Fraction(1)
            ),
        ),
        (
            "theorem-1.2",
            PatternedTask(problem=PATTERNED, epsilon=Fraction(1, 10), sketch_columns=3),
        ),
    ],
)
def test_patterned_problems_are_checked_as_well(key: str, value: object) -> None:
    found = check(f"few-patterns/{key}", value)
    assert found
    assert not [f for f in found if f.verdict == "fails"]
