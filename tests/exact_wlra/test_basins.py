"""Tied minimizers: all of them, to any number of digits; lies are refused."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exact_wlra.bounds.basins import enclose_basins
from exact_wlra.bounds.critical_digits import Digits
from exact_wlra.budget import Budget
from exact_wlra.certificates import Basin, Basins, Transpose
from exact_wlra.checker import lower_bound
from exact_wlra.checker.basins import basin_values
from exact_wlra.driver import check, solve
from exact_wlra.errors import RejectedCertificateError
from exact_wlra.heuristics.alternating import best_of_starts
from exact_wlra.problem import Problem
from reductions.chart_formulation import ChartFormulation
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)
# Of Ottaviani, Spaenlehauer and Sturmfels: three minimizers, by the cyclic symmetry.
CYCLIC = [[-59, 11, 59], [11, 59, -59], [59, -59, 11]]
CYCLIC_WEIGHTS = [[9, 6, 1], [6, 1, 9], [1, 9, 6]]


def drawn(seed: int, shape=(4, 3), rank=1) -> Instance:
    generator = np.random.default_rng(seed)
    return Instance(
        data=RationalMatrix(generator.integers(-5, 6, shape)),
        squared_weights=RationalMatrix(generator.integers(1, 5, shape)),
        rank=rank,
    )


def enclosed(instance: Instance, gap: Fraction, *, transposed=False) -> Digits | str:
    budget = Budget(time_limit=30)
    found = best_of_starts(instance, seed=0, budget=budget)
    formulation = ChartFormulation(instance=instance, transposed=transposed)
    return enclose_basins(
        instance, formulation, found.left, found.right, gap=gap, budget=budget
    )


@settings(max_examples=20)
@given(seed=seeds, shape=st.sampled_from([(3, 3), (4, 3)]), rank=st.integers(1, 2))
def test_the_optimum_is_that_of_the_complete_list(seed, shape, rank) -> None:
    instance = drawn(seed, shape, rank)
    gap = Fraction(1, 10**25)
    found = enclosed(instance, gap)
    assume(not isinstance(found, str))
    assert 0 < found.found.cost - found.lower <= gap * found.found.cost
    assert lower_bound(instance, found.proof) == found.lower
    # Another list of critical points, by resultants, where it is quick.
    problem = Problem(
        instance.data.fractions(),
        squared_weights=instance.squared_weights.fractions(),
        rank=rank,
    )
    other = solve(problem, gap=Fraction(1, 10**9), method="charts")
    assert other.lower <= found.found.cost
    assert found.lower <= other.upper


@pytest.mark.parametrize("transposed", [False, True])
def test_all_tied_minimizers_are_found(transposed) -> None:
    problem = Problem(CYCLIC, squared_weights=CYCLIC_WEIGHTS, rank=1)
    exact = solve(problem, digits=60, method="plane").algebraic
    assert exact.n_minimizers == 3
    found = enclosed(problem.instance, Fraction(1, 10**60), transposed=transposed)
    assert isinstance(found, Digits)
    assert found.count == 3
    low, high = exact.isolating_interval
    assert found.lower <= high
    assert low <= found.found.cost
    assert found.entry_error < Fraction(1, 10**60)


def test_solve_counts_ties_and_says_so() -> None:
    problem = Problem(CYCLIC, squared_weights=CYCLIC_WEIGHTS, rank=1)
    solution = solve(problem, digits=40, method="charts")
    assert solution.is_proved
    assert solution.minimizer.count == 3
    assert solution.attained is True
    assert check(problem, solution.certificate) == solution.lower
    assert [a["method"] for a in solution.statistics["leaves"][0]["attempts"]] == [
        "charts",
        "basins",
    ]


def test_near_ties_are_told_apart_by_enough_digits() -> None:
    # The symmetry is broken in the ninth digit: one minimizer, two close behind.
    nearly = [row[:] for row in CYCLIC]
    nearly[0][0] = Fraction(-59 * 10**9 + 1, 10**9)
    problem = Problem(nearly, squared_weights=CYCLIC_WEIGHTS, rank=1)
    solution = solve(problem, digits=30, method="charts")
    assert solution.is_proved
    assert solution.minimizer.count == 1


def test_a_circle_of_minimizers_is_refused() -> None:
    one = RationalMatrix.from_rows([[1, 1, 1]] * 3)
    unit = RationalMatrix.from_rows([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    instance = Instance(data=unit, squared_weights=one, rank=1)
    told = enclosed(instance, Fraction(1, 10**20))
    assert isinstance(told, str)
    assert "degenerate" in told


@pytest.fixture(scope="module")
def honest() -> tuple[Instance, Basins]:
    instance = Problem(CYCLIC, squared_weights=CYCLIC_WEIGHTS, rank=1).instance
    found = enclosed(instance, Fraction(1, 10**30))
    assert not isinstance(found, str)
    assert not isinstance(found.proof, Transpose)
    return instance, found.proof


def refusal(instance: Instance, proof: Basins) -> str:
    with pytest.raises(RejectedCertificateError, match="basins") as caught:
        lower_bound(instance, proof)
    return str(caught.value)


def with_basin(proof: Basins, **changes) -> Basins:
    """The proof with its first basin changed."""
    first, *others = proof.basins
    return replace(proof, basins=(replace(first, **changes), *others))


def test_true_values_nest(honest) -> None:
    instance, proof = honest
    wide, narrow = (basin_values(instance, proof, bits=bits) for bits in (60, 300))
    assert len(wide) == len(narrow) == len(proof.basins)
    for first, second in zip(wide, narrow, strict=True):
        assert first.lower <= second.lower <= second.upper <= first.upper


def test_a_bound_above_the_optimum_is_refused(honest) -> None:
    instance, proof = honest
    raised = proof.lower * (1 + Fraction(1, 10**25))
    told = refusal(instance, replace(proof, lower=raised, threshold=2 * raised))
    assert "chart" in told or "lower bound" in told
    told = refusal(instance, replace(proof, lower=raised))
    assert "is not proved to cost at least the lower bound" in told


def test_a_minimizer_kept_secret_is_found_missing(honest) -> None:
    instance, proof = honest
    columns = proof.basins[0].columns
    one = proof.basins[0].center
    kept = tuple(b for b in proof.basins if b.columns != columns or b.center == one)
    assert len(kept) < len(proof.basins) or len({b.columns for b in kept}) > 1
    assert "chart" in refusal(instance, replace(proof, basins=proof.basins[:1]))
    assert "no basin" in refusal(instance, replace(proof, basins=()))


def test_a_basin_too_large_may_hold_more(honest) -> None:
    instance, proof = honest
    told = refusal(instance, with_basin(proof, radius=Fraction(3)))
    assert "may hold another minimum" in told
    for radius in (Fraction(0), Fraction(-1, 4)):
        assert "not positive" in refusal(instance, with_basin(proof, radius=radius))


def test_a_basin_too_small_leaves_points_outside(honest) -> None:
    instance, proof = honest
    told = refusal(instance, with_basin(proof, radius=Fraction(1, 10**6)))
    assert "chart" in told


def test_a_basin_elsewhere_is_refused(honest) -> None:
    instance, proof = honest
    first = proof.basins[0]
    for columns in ((), (0, 1), (7,)):
        told = refusal(instance, with_basin(proof, columns=columns))
        assert "does not name 1 columns" in told
    other = tuple((c + 1) % 3 for c in first.columns)
    told = refusal(instance, with_basin(proof, columns=other))
    assert "is not the identity there" in told
    wide = RationalMatrix.from_rows([[1, 0]])
    told = refusal(instance, with_basin(proof, center=wide))
    assert "is not the identity there" in told


def test_a_threshold_below_the_bound_is_refused(honest) -> None:
    instance, proof = honest
    told = refusal(instance, replace(proof, threshold=proof.lower / 2))
    assert "chart" in told or "below the lower bound" in told


def test_a_basin_around_a_saddle_is_refused() -> None:
    # The second singular vector is critical, and no minimum.
    one = RationalMatrix.from_rows([[1, 1], [1, 1]])
    data = RationalMatrix.from_rows([[2, 0], [0, 1]])
    instance = Instance(data=data, squared_weights=one, rank=1)
    saddle = Basin(
        columns=(1,),
        center=RationalMatrix.from_rows([[0, 1]]),
        radius=Fraction(1, 100),
    )
    proof = Basins(
        lower=Fraction(1, 2), threshold=Fraction(1), basins=(saddle,), trees=((), ())
    )
    assert "may hold another minimum" in refusal(instance, proof)
