"""Landscapes: costs are those of least squares, critical points are all there."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.driver import solve
from exact_wlra.plotting import landscape
from exact_wlra.plotting.marked_directions import jumps, marked_directions
from exact_wlra.plotting.row_space_costs import direction_of, row_space_cost
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from reductions.errors import NotApplicableError
from reductions.least_squares import solve_rows

SMALL = Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)
TRAP = read("dataset:trap-3x3", rank=1)
JUMP = Problem([[1, 0], [0, 1]], squared_weights=[[1, 0], [1, 1]], rank=1)

entries = st.integers(-5, 5)
weights = st.integers(0, 4)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    d = draw(st.sampled_from([2, 3]))
    n = draw(st.integers(1, 5))
    k = draw(st.integers(1, d - 1))
    rows = [[draw(entries) for _ in range(d)] for _ in range(n)]
    omega = [[draw(weights) for _ in range(d)] for _ in range(n)]
    return Problem(rows, squared_weights=omega, rank=k)


@settings(max_examples=150, deadline=None)
@given(problem=problems(), data=st.data())
def test_cost_of_a_row_space_is_that_of_least_squares(
    problem: Problem, data: st.DataObject
) -> None:
    instance = problem.instance
    k, d = instance.rank, instance.shape[1]
    values = st.integers(-3, 3)
    basis = np.array([[data.draw(values) for _ in range(d)] for _ in range(k)], float)
    cost = row_space_cost(instance)
    try:
        direction = direction_of(basis, k, d, is_normal=cost.is_normal)
    except NotApplicableError:
        assert np.linalg.matrix_rank(basis) < k
        return
    A, omega = instance.data.to_float(), instance.squared_weights.to_float()
    root = np.sqrt(omega)
    residual = 0.0
    for i in range(len(A)):
        fit, *_ = np.linalg.lstsq((basis * root[i]).T, root[i] * A[i], rcond=1e-12)
        residual += float(np.sum(omega[i] * (A[i] - fit @ basis) ** 2))
    assert cost.at(direction) == pytest.approx(residual, rel=1e-7, abs=1e-7)


def test_critical_points_of_a_curve_are_all_there() -> None:
    instance = SMALL.instance.transpose
    cost = row_space_cost(instance)
    found = marked_directions(instance, cost, time_limit=1)
    kinds = sorted(each.kind for each in found)
    assert kinds == ["global minimum", "local minimum", "maximum", "maximum"]
    assert all(each.is_proved for each in found)
    # An oracle that knows nothing of polynomials: turning points on a fine grid.
    theta = np.linspace(0, math.pi, 100_001)
    values = cost.at(np.stack([-np.sin(theta), np.cos(theta)], axis=-1))
    n_turns = np.sum(np.diff(np.sign(np.diff(values))) != 0)
    assert n_turns == len(found)
    solution = solve(SMALL)
    assert found[0].cost == pytest.approx(float(solution.upper), rel=1e-6)
    assert found[1].cost == pytest.approx(118.505, rel=1e-5)
    for each in found:
        assert cost.at(each.direction) == pytest.approx(each.cost, rel=1e-9)


def test_critical_points_of_a_plane_have_the_characteristic_of_the_plane() -> None:
    """Minima - saddles + maxima = 1 (Morse), on a projective plane."""
    for rank in (1, 2):
        instance = TRAP.with_rank(rank).instance
        cost = row_space_cost(instance)
        found = marked_directions(instance, cost, time_limit=10)
        kinds = [each.kind for each in found]
        n_minima = sum(kind.endswith("minimum") for kind in kinds)
        assert n_minima - kinds.count("saddle") + kinds.count("maximum") == 1
        assert all(each.is_proved for each in found)
        assert found[0].kind == "global minimum"
        for each in found:
            assert cost.at(each.direction) == pytest.approx(each.cost, rel=1e-9)


def test_published_counts_are_drawn() -> None:
    """19 real critical points, 7 local minima, three tied minimizers; see the README."""
    instance = read("dataset:oss-3x3", rank=1).instance
    found = marked_directions(instance, row_space_cost(instance), time_limit=10)
    kinds = [each.kind for each in found]
    assert len(kinds) == 19
    assert kinds.count("global minimum") == 3
    assert kinds.count("local minimum") == 4
    assert kinds.count("saddle") == 9


def test_estimates_agree_with_what_is_proved() -> None:
    instance = TRAP.instance
    cost = row_space_cost(instance)
    proved = marked_directions(instance, cost, time_limit=10)
    estimated = marked_directions(instance, cost, time_limit=0.001)
    assert not any(each.is_proved for each in estimated)
    minima = [each.cost for each in proved if each.kind.endswith("minimum")]
    assert [each.cost for each in estimated] == pytest.approx(minima, rel=1e-6)


def test_a_jump_is_found_where_a_column_has_weight_in_one_row() -> None:
    (jump,) = jumps(JUMP.instance)
    assert (jump.angle, jump.limit, jump.cost) == (math.pi / 2, 0.0, 1.0)
    at = row_space_cost(JUMP.instance).at(np.array([[1.0, 0.0], [1.0, 1e-9]]))
    assert at.tolist() == pytest.approx([1.0, 0.0])
    labels = landscape(JUMP).axes[0].get_legend_handles_labels()[1]
    assert "global minimum of the limits, 0, not reached (proved)" in labels


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (SMALL, "2 local minima"),
        (TRAP, "2 local minima"),
        (TRAP.with_rank(2), "1 local minimum"),
        (TRAP.transpose, "2 local minima"),
        (Problem([[3, 1, None], [1, 4, 2], [None, 2, 5]], rank=1), "minimum found"),
        (Problem([[1, 0], [0, 1]], rank=1), "it is constant"),
        (Problem([[1, 2], [2, 4]], rank=1), "1 local minimum"),
        (Problem([[0, 0, 0]], rank=1), "it is constant"),
        (Problem([[1, 2], [3, 4]], weights=[[0, 0], [0, 0]], rank=1), "it is constant"),
        (read("dataset:two-patterns-3x4", rank=2), "column space"),
    ],
)
@pytest.mark.parametrize("log", [True, False])
def test_landscapes_are_drawn(problem: Problem, words: str, log: bool) -> None:
    figure = landscape(problem, log=log)
    assert words in figure.get_suptitle()
    assert len(figure._repr_png_()) < 100_000


def test_points_are_drawn_as_a_set_and_as_paths() -> None:
    bases = [[[1.0, 1.0, 1.0]], np.array([1, 0, 0]), solve(TRAP).V]
    for points, n_lines in ((bases, 0), ({"a": bases, "b": bases[:1]}, 2)):
        with_points, without = landscape(TRAP, points=points), landscape(TRAP)
        new = len(with_points.axes[0].lines) - len(without.axes[0].lines)
        assert new == n_lines
    curve = landscape(SMALL, points={"a path": [[1, 0], [1, 1], [[1], [5]]]})
    assert "a path" in curve.axes[0].get_legend_handles_labels()[1]


@pytest.mark.parametrize(
    "points", [[[1, 2]], [[0, 0, 0]], [[[1, 0, 0], [0, 1, 0]]], [[1, np.nan, 0]]]
)
def test_points_that_do_not_fit_are_refused(points: list[object]) -> None:
    with pytest.raises(NotApplicableError, match="point"):
        landscape(TRAP, points=points)


@pytest.mark.parametrize(
    "problem", [TRAP.with_rank(0), TRAP.with_rank(3), Problem(np.eye(4), rank=1)]
)
def test_other_problems_have_no_landscape(problem: Problem) -> None:
    with pytest.raises(NotApplicableError, match="needs 2 rows or columns and rank 1"):
        landscape(problem)


def test_exact_least_squares_agrees_with_the_marked_minimum() -> None:
    instance = TRAP.instance
    best = marked_directions(instance, row_space_cost(instance), time_limit=10)[0]
    V = [[Fraction(float(x)).limit_denominator(10**9) for x in best.direction]]
    from semialgebraic.rational_matrices import RationalMatrix

    right = RationalMatrix.from_fractions(V)
    left = solve_rows(instance.data, instance.squared_weights, right)
    assert float(instance.cost(left, right)) == pytest.approx(best.cost, rel=1e-12)
