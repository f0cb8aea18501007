"""Lengths of the search for an optimum: counted against bisections that are run."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semialgebraic.bounds import minimum_bound
from semialgebraic.errors import HypothesisError, InexactInputError
from semialgebraic.search_bounds import (
    n_linear_bisections,
    n_log_bisections,
    projected_optimum_bound,
    sketched_optimum_bound,
)

lower_bits = st.integers(0, 40)
optima = st.fractions(Fraction(1, 2**20), 1000, max_denominator=2**20)
epsilons = st.fractions(Fraction(1, 10**6), 1, max_denominator=10**6)
factors = st.integers(1, 2**30)


def _linear_search(
    is_at_most: Callable[[Fraction], bool],
    low: Fraction,
    high: Fraction,
    goal: Fraction,
) -> tuple[int, Fraction, Fraction]:
    """Halve until the interval is no longer than the goal."""
    n_steps = 0
    while high - low > goal:
        middle = (low + high) / 2
        low, high = (low, middle) if is_at_most(middle) else (middle, high)
        n_steps += 1
    return n_steps, low, high


@given(optima, factors, epsilons)
def test_the_linear_search_ends_in_the_stated_steps(optimum, factor, epsilon) -> None:
    bits, upper = 20, optimum * factor
    lower = Fraction(1, 2**bits)
    n_steps, low, high = _linear_search(
        lambda c: optimum <= c, lower, upper, epsilon * lower
    )
    assert n_steps <= n_linear_bisections(upper, lower_bits=bits, epsilon=epsilon)
    assert low <= optimum <= high <= (1 + epsilon) * optimum


@given(optima, factors, epsilons)
def test_the_search_for_the_exponent_ends_in_the_stated_steps(
    optimum, factor, epsilon
) -> None:
    bits, upper = 20, optimum * factor
    low, high, n_steps = -bits, -bits, 0
    while 2**high < upper:
        high += 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (
            (low, middle) if optimum <= Fraction(2) ** middle else (middle, high)
        )
        n_steps += 1
    below = Fraction(2) ** low
    more, left, right = _linear_search(
        lambda c: optimum <= c, below, max(2 * below, below), epsilon * below
    )
    stated = n_log_bisections(upper, lower_bits=bits, epsilon=epsilon)
    assert n_steps + more <= stated
    assert left <= optimum <= right <= (1 + epsilon) * optimum


@given(st.integers(1, 10**6), st.integers(0, 300), st.integers(0, 60))
def test_powers_of_two_are_counted_exactly(exponent, bits, accuracy) -> None:
    asked = {"lower_bits": bits, "epsilon": Fraction(1, 2**accuracy)}
    upper = 2 ** (exponent % 500)
    assert n_linear_bisections(upper, **asked) == exponent % 500 + bits + accuracy
    octaves = max(exponent % 500 + bits, 1)
    assert 2 ** (n_log_bisections(upper, **asked) - accuracy) >= octaves


def test_the_logarithmic_search_of_an_astronomical_bracket_is_short() -> None:
    bits = sketched_optimum_bound(
        n_patterns=2, rank=1, sketch_size=22, height=2**40, component_is_compact=True
    )
    asked = {"lower_bits": bits, "epsilon": Fraction(1, 100)}
    assert n_linear_bisections(10**6, **asked) > 10**142
    assert n_log_bisections(10**6, **asked) < 500


@pytest.mark.parametrize("search", [n_linear_bisections, n_log_bisections])
@pytest.mark.parametrize(
    ("upper", "bits", "epsilon"),
    [(0, 1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, 0), (1, 1, 2)],
)
def test_a_search_without_bracket_is_refused(search, upper, bits, epsilon) -> None:
    with pytest.raises(HypothesisError):
        search(upper, lower_bits=bits, epsilon=epsilon)


@pytest.mark.parametrize("search", [n_linear_bisections, n_log_bisections])
def test_a_float_is_refused(search) -> None:
    with pytest.raises(InexactInputError):
        search(1, lower_bits=1, epsilon=0.5)


# --- lower bounds on a nonzero optimum


def test_the_sketched_bound_counts_variables_and_degree_of_theorem_5_1() -> None:
    r, k, t, height = 2, 1, 3, 1000
    assert sketched_optimum_bound(
        n_patterns=r, rank=k, sketch_size=t, height=height, component_is_compact=True
    ) == minimum_bound(
        n_variables=2 * r * k * t + 1,
        degree=8 * k * r + 2,
        height=height,
        n_conditions=1,
        component_is_compact=True,
    )


def test_the_sketched_bound_of_two_patterns_has_ten_to_the_143_bits() -> None:
    bits = sketched_optimum_bound(
        n_patterns=2, rank=1, sketch_size=22, height=1, component_is_compact=True
    )
    assert 10**142 < bits < 10**144


def test_the_gap_in_the_proof_has_to_be_acknowledged() -> None:
    with pytest.raises(HypothesisError, match="compact"):
        sketched_optimum_bound(n_patterns=2, rank=1, sketch_size=3, height=1)


def test_the_projected_bound_is_far_larger_than_the_sketched() -> None:
    projected = projected_optimum_bound(
        n_rows=4, n_patterns=2, rank=1, height=2**40, weights_are_positive=True
    )
    assert 6 * 10**7 < projected < 7 * 10**7


def test_a_true_optimum_exceeds_the_projected_bound() -> None:
    # [1 2; 3 1] with unit weights: (15 - 5 sqrt 5)/2 > 1.9, coefficients below 100.
    bits = projected_optimum_bound(
        n_rows=2, n_patterns=1, rank=1, height=100, weights_are_positive=True
    )
    assert Fraction(19, 10) > Fraction(1, 2**bits)


def test_zero_weights_are_refused() -> None:
    with pytest.raises(HypothesisError, match="zero weight"):
        projected_optimum_bound(
            n_rows=4, n_patterns=2, rank=1, height=1, weights_are_positive=False
        )
