"""Recovery coordinate by coordinate: exact costs, and what the printed method does."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.budget import Budget
from exact_wlra.errors import InvalidProblemError
from exact_wlra.recovery import Recovery, printed_point, rational_point, recover
from exact_wlra.threshold_deciders import Unknown
from reductions.chart_formulation import ChartFormulation
from reductions.instances import Instance, ones_like
from reductions.plain import PlainFormulation
from reductions.sketched_charts import sketched_charts
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.systems import System


def budget() -> Budget:
    return Budget(time_limit=60)


def reference() -> Instance:
    """Mathematics D2: OPT = 20.8377992991878112..., irrational minimizers."""
    return Instance(
        data=RationalMatrix.from_rows([[1, 2, 3], [3, 1, -2]]),
        squared_weights=RationalMatrix.from_rows([[1, 4, 9], [4, 1, 1]]),
        rank=1,
    )


OPTIMUM = Fraction(208377992991879, 10**13)  # rounded up


@pytest.mark.parametrize("oracle", ["cad", "critical_points", "subdivision"])
@pytest.mark.parametrize("transposed", [False, True])
def test_cost_is_within_the_tolerance(oracle: str, transposed: bool) -> None:
    instance = reference()
    formulation = ChartFormulation(instance=instance, transposed=transposed)
    for tolerance in (Fraction(1, 10), Fraction(1, 10**6)):
        # Subdivision wants a set with inner points to start from.
        threshold = OPTIMUM + tolerance / 2
        found = recover(
            instance,
            formulation,
            threshold,
            tolerance,
            oracle=oracle,
            budget=budget(),
        )
        assert isinstance(found, Recovery)
        assert found.cost == instance.cost(found.left, found.right)
        assert OPTIMUM - Fraction(1, 10**12) <= found.cost <= threshold + tolerance
        system = formulation.systems(found.ceiling)[found.index]
        assert system.holds_at(found.point)
        # A decision for the system, then for each coordinate 1 + 2 a bisection.
        assert found.n_decisions == len(found.steps) <= 150
        assert {step.answer for step in found.steps} <= {"yes", "no", "open"}


@pytest.mark.parametrize("oracle", ["cad", "subdivision"])
def test_a_lossy_sketch(oracle: str) -> None:
    rng = np.random.default_rng(3)
    instance = Instance(
        data=RationalMatrix(rng.integers(-5, 6, (5, 4))),
        squared_weights=RationalMatrix.from_rows([[1, 4, 1, 4]] * 5),
        rank=1,
    )
    formulation = sketched_charts(instance, 3, seed=0)
    assert not formulation.accuracy.is_exact
    index, point = formulation.planted(RationalMatrix.from_rows([[1, 2, -1, 1]]))
    threshold = formulation.value(index, point) * Fraction(101, 100)
    found = recover(
        instance, formulation, threshold, Fraction(1), oracle=oracle, budget=budget()
    )
    assert isinstance(found, Recovery)
    assert found.cost == formulation.value(found.index, found.point)
    assert found.cost <= threshold + 1


def test_variables_without_bounds() -> None:
    A = RationalMatrix.from_rows([[5]])
    instance = Instance(data=A, squared_weights=ones_like(A), rank=1)
    found = recover(
        instance,
        PlainFormulation(instance=instance),
        Fraction(1, 100),
        Fraction(1, 100),
        oracle="cad",
        budget=budget(),
    )
    assert isinstance(found, Recovery)
    assert found.cost <= Fraction(1, 50)
    assert any("<=" in step.question for step in found.steps)


def test_open_questions_are_said() -> None:
    instance = reference()
    formulation = ChartFormulation(instance=instance)
    low = recover(instance, formulation, Fraction(20), Fraction(1, 10), budget=budget())
    assert isinstance(low, Unknown)
    assert "below the infimum" in low.reason
    late = recover(
        instance,
        formulation,
        Fraction(21),
        Fraction(1, 10),
        budget=Budget(time_limit=0),
    )
    assert isinstance(late, Unknown)
    assert "time" in late.reason
    unbounded = recover(
        instance,
        PlainFormulation(instance=instance),
        Fraction(21),
        Fraction(1, 10),
        oracle="subdivision",
        budget=budget(),
    )
    assert isinstance(unbounded, Unknown)
    with pytest.raises(InvalidProblemError, match="tolerance"):
        recover(instance, formulation, Fraction(21), Fraction(0), budget=budget())


def two_components(level: Fraction | int) -> System:
    """Return what surrounds (1/32, 0) and (3/32, 0), growing with the level."""
    x, y = polynomial_ring(["x", "y"]).gens()
    c = Fraction(level)
    excess = ((32 * x - 1) * (32 * x - 3)) ** 2 + y**2
    return System.of(
        (x - 1, "<="),
        (-x, "<="),
        (y - 1, "<="),
        (-y - 1, "<="),
        (c.denominator * excess - c.numerator, "<="),
    )


def test_the_printed_method_leaves_a_set_that_is_not_convex() -> None:
    """Both components are in [0, 1/8], which is declared to be 1/16: outside."""
    system = two_components(Fraction(1, 4))
    point, is_solution = printed_point(
        system, width=Fraction(1, 8), oracle="cad", budget=budget()
    )
    assert point == (Fraction(1, 16),)
    assert not is_solution
    # Shorter intervals do not help: bisection tends to the end of a component, and the
    # midpoint may lie beside it, at the last coordinate as well.
    found = [
        printed_point(system, width=Fraction(1, 1 << e), oracle="cad", budget=budget())
        for e in range(3, 13)
    ]
    assert [is_solution for _, is_solution in found].count(True) == 1
    for point, is_solution in found:
        if len(point) == 2:
            assert system.holds_at(point) == is_solution


@settings(max_examples=10)
@given(st.fractions(min_value=Fraction(1, 50), max_value=Fraction(1, 2)))
def test_the_repaired_method_stays_inside(level: Fraction) -> None:
    levels = [two_components(level * (4 + i) / 4) for i in range(3)]
    point = rational_point(levels, oracle="cad", budget=budget())
    assert point is not None
    assert levels[-1].holds_at(point)


def test_isolated_points_are_found_as_the_levels_grow() -> None:
    # S_0 is the two points x = 1/3 and 2/3, which no bisection meets.
    (x,) = polynomial_ring(["x"]).gens()
    levels = [
        System.of(
            (x - 1, "<="),
            (-x, "<="),
            (100 * ((3 * x - 1) * (3 * x - 2)) ** 2 - c, "<="),
        )
        for c in (0, 1)
    ]
    point = rational_point(levels, oracle="cad", budget=budget())
    assert point is not None
    assert levels[1].holds_at(point)
