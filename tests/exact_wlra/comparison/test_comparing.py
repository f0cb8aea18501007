"""What a comparison says of every method, and that it may say so."""

import json
import math
import threading
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exact_wlra.budget import Report
from exact_wlra.comparison.comparing import compare
from exact_wlra.comparison.scoring import Scale
from exact_wlra.driver import solve
from exact_wlra.errors import (
    InvalidProblemError,
    RejectedCertificateError,
    ViolatedBoundError,
)
from exact_wlra.problem import Problem
from exact_wlra.reading import read

BASINS = read("dataset:four-basins-4x4", rank=1)
SMALL = Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)


def matrices(entries: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[int]]]:
    row = st.lists(entries, min_size=3, max_size=3)
    return st.lists(row, min_size=3, max_size=3)


@settings(max_examples=8)
@given(data=matrices(st.integers(-4, 4)), weights=matrices(st.integers(0, 3)))
def test_scores_follow_from_cost_rank_and_bracket(
    data: list[list[int]], weights: list[list[int]]
) -> None:
    problem = Problem(data, weights=weights, rank=1)
    found = compare(
        problem, ["als", "zero", "wide"], ranks=[1, 2], seeds=2, time_limit=20
    )
    for result in found.results:
        lower, upper = result.solution.lower, result.solution.upper
        slack = 1e-9 * float(result.energy)
        for run in result.runs:
            assert run.is_feasible == (run.rank_bound <= result.rank)
            if run.is_feasible:
                assert run.cost >= float(lower) - slack
            if run.is_success:
                assert run.is_feasible
                assert run.cost <= float(upper) * 1.0001 + slack
            if run.minimum is not None:
                assert run.is_feasible
            assert (run.ratio_to_lower is None) == (lower == 0)
            assert (run.ratio_to_upper is None) == (upper == 0)


def test_matrix_of_higher_rank_is_never_a_success() -> None:
    result = compare(SMALL, ["wide", "als"]).result(1)
    (wide,) = [run for run in result.runs if run.method == "wide"]
    assert wide.cost == 0
    assert (wide.is_feasible, wide.is_success, wide.minimum) == (False, False, None)
    assert (wide.rank_bound, wide.n_numbers) == (2, 15)
    *first, last = result.summary()
    assert (last.method, last.is_feasible) == ("wide", False)
    assert all(each.is_feasible for each in first)


def test_success_rate_counts_seeds_and_basins() -> None:
    result = compare(BASINS, ["als"], seeds=12).result(1)
    (summary,) = result.summary()
    assert summary.n_runs == 12
    assert 0 < summary.n_successes < 12
    # The optimum is the first minimum; every run of least squares ends in one of four.
    assert summary.minima[0] == summary.n_successes
    assert set(summary.minima) <= {0, 1, 2, 3}
    assert summary.best_cost == pytest.approx(230.7300896)
    assert summary.best_cost <= summary.median_cost


def test_methods_without_random_numbers_run_once() -> None:
    found = compare(SMALL, ["zero", "als"], seeds=[3, 8])
    assert [(run.method, run.seed) for run in found.runs] == [
        ("als", 3),
        ("als", 8),
        ("zero", None),
    ]


def test_what_does_not_run_is_listed_with_its_reason() -> None:
    result = compare(SMALL, ["refuses", "fails", "zero"]).result(1)
    refused, failed = result.refusals
    assert (refused.method, refused.is_failure) == ("refuses", False)
    assert refused.why == "not for <b>this</b> | matrix."
    assert (failed.method, failed.is_failure) == ("fails", True)
    assert "SVD did not converge" in failed.why
    assert [run.method for run in result.runs] == ["zero"]


def test_method_that_does_not_end_is_ended_once_and_not_run_again() -> None:
    result = compare(SMALL, ["endless", "zero"], seeds=4, time_limit=3).result(1)
    (missing,) = result.left_out
    assert (missing.method, missing.n_runs) == ("endless", 4)
    assert "took longer" in missing.why
    assert [run.method for run in result.runs] == ["zero"]


def test_interruption_keeps_what_is_there() -> None:
    found = compare(SMALL, ["als", "zero", "stopped_by_hand"], ranks=[1, 2], seeds=2)
    assert found.is_interrupted
    assert not found.is_proved
    (result,) = found.results
    assert [(run.method, run.seed) for run in result.runs] == [
        ("als", 0),
        ("zero", None),
    ]
    missing = {each.method: each.n_runs for each in result.left_out}
    assert missing == {"als": 1, "stopped_by_hand": 1}


@pytest.mark.parametrize(
    ("stage", "ranks"),
    [
        ("rank 1: proving the optimum", []),
        ("rank 2: local minima", [1]),
        ("rank 2: zero", [1]),
    ],
)
def test_interruption_between_two_steps_keeps_the_ranks_before(
    stage: str, ranks: list[int]
) -> None:
    def interrupt(report: Report) -> None:
        if report.stage == stage:
            raise KeyboardInterrupt

    found = compare(SMALL, ["zero"], ranks=[1, 2], report=interrupt)
    assert found.is_interrupted
    assert [result.rank for result in found.results] == ranks
    assert json.loads(found.to_json())["is_interrupted"]
    assert "Interrupted" in found.to_html()


def test_broken_guarantee_is_flagged_and_a_mean_is_not() -> None:
    found = compare(SMALL, ["boastful", "hopeful", "zero"])
    verdicts = {run.method: run.verdict for run in found.runs}
    assert verdicts == {"boastful": "violated", "hopeful": "random", "zero": "none"}
    assert [run.method for run in found.violations] == ["boastful"]
    assert "GUARANTEE VIOLATED by boastful" in str(found)


def test_rank_k_matrix_below_the_lower_bound_raises() -> None:
    solution = solve(SMALL)
    wrong = replace(solution, lower=2 * solution.lower, upper=2 * solution.upper)
    with pytest.raises(ViolatedBoundError, match="less than the proved lower bound"):
        compare(SMALL, ["als"], solution=wrong)


def test_solutions_that_are_there_are_used_and_checked() -> None:
    solution = solve(SMALL)
    found = compare(SMALL, ["zero"], solution=solution)
    assert found.result(1).solution is solution
    other = solve(Problem([[1, -2, 4], [3, 5, -1]], rank=1))
    with pytest.raises(RejectedCertificateError):
        compare(SMALL, ["zero"], solution=other)


def test_solution_to_a_wider_gap_is_not_called_proved() -> None:
    problem = read("dataset:trap-3x3-b", rank=1)
    wide = replace(
        solve(problem, gap=Fraction(1, 2), method="spectral"), termination="completed"
    )
    found = compare(problem, ["zero"], solution=wide)
    assert (wide.gap > 1e-6) == (not found.is_proved)
    assert "not proved to the gap" in str(found)


def test_optimum_zero_has_no_ratio_and_a_success_all_the_same() -> None:
    problem = Problem([[1, 2], [2, 4]], rank=1)
    found = compare(problem, ["als", "zero"], seeds=1)
    als, zero = found.runs
    assert (als.ratio_to_lower, als.ratio_to_upper) == (None, None)
    assert als.is_success
    assert not zero.is_success
    assert zero.excess == 25
    assert "+25 abs" in str(found)


def test_method_that_diverges_is_no_success_and_breaks_nothing() -> None:
    found = compare(SMALL, ["diverged", "als"], seeds=1)
    run = next(run for run in found.runs if run.method == "diverged")
    assert math.isnan(run.cost)
    assert (run.is_success, run.minimum) == (False, None)
    assert found.summary(1)[-1].method == "diverged"
    assert "diverged" in str(found)


def test_patterned_problem_is_compared_by_types() -> None:
    problem = Problem.patterned(
        row_labels=[0, 1] * 50,
        column_labels=[0, 1, 0, 2],
        data_core=[[1, 2, 5], [3, 4, -1]],
        rank=1,
    )
    found = compare(problem, ["als"], seeds=3)
    assert found.setting.shape == (2, 3)
    assert found.summary(1)[0].n_successes >= 1


def test_wide_bracket_is_shown_as_one() -> None:
    found = compare(read("dataset:wheat", rank=3), ["als"], seeds=1, time_limit=4)
    assert not found.is_proved
    assert "a bracket, not proved to the gap" in str(found)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"methods": ["als", "nobody"]}, "there is no method 'nobody'"),
        ({"seeds": 0}, "seeds"),
        ({"seeds": [-1]}, "seeds"),
        ({"ranks": [-1]}, "rank"),
        ({"time_limit": 0}, "time_limit"),
        ({"tolerance": -1.0}, "tolerance"),
        ({"gap": 2.0}, "gap"),
    ],
)
def test_wrong_arguments_are_named(arguments: dict, sentence: str) -> None:
    with pytest.raises(InvalidProblemError, match=sentence):
        compare(SMALL, **{"methods": ["zero"], **arguments})


def test_rank_that_was_not_compared_is_named() -> None:
    with pytest.raises(InvalidProblemError, match="rank 2 was not compared"):
        compare(SMALL, ["zero"]).result(2)


def test_comparison_runs_outside_the_main_thread() -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(compare(SMALL, ["zero"])))
    thread.start()
    thread.join()
    assert [run.method for run in found[0].runs] == ["zero"]


def test_progress_names_rank_method_and_seed() -> None:
    told = []
    compare(SMALL, ["als"], seeds=2, report=told.append)
    stages = [report.stage for report in told]
    assert "rank 1: proving the optimum" in stages
    assert "rank 1: local minima" in stages
    assert stages[-2:] == ["rank 1: als, seed 0", "rank 1: als, seed 1"]
    seconds = [report.seconds for report in told]
    assert seconds == sorted(seconds)


@given(
    lower=st.floats(0, 1e6),
    width=st.floats(0, 1e6),
    cost=st.floats(0, 1e7),
)
def test_reaching_is_monotone_and_upper_is_reached(
    lower: float, width: float, cost: float
) -> None:
    upper = lower + width
    scale = Scale(lower=lower, upper=upper, energy=1e7, tolerance=1e-4)
    assert scale.is_reached(upper)
    assert scale.is_reached(cost) or cost > upper
    assert not scale.is_reached(1.001 * upper + 1e-3)
