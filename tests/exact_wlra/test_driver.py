"""`solve` and `check`: proved brackets, whatever the problem and whenever it ends."""

import json
import signal
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.applicability import METHODS
from exact_wlra.budget import Report
from exact_wlra.certificate_json import certificate_from_json, certificate_to_json
from exact_wlra.driver import check, solve
from exact_wlra.errors import InvalidProblemError, RejectedCertificateError
from exact_wlra.problem import Problem
from exact_wlra.solution import Solution
from semialgebraic.rational_matrices import RationalMatrix

seeds = st.integers(0, 2**32 - 1)

D2 = [[1, 2, 3], [3, 1, -2]]
D2_WEIGHTS = [[1, 4, 9], [4, 1, 1]]
# Not closed by the first bound, so that a search has begun when it is interrupted.
OSS = [[-59, 11, 59], [11, 59, -59], [59, -59, 11]]
OSS_WEIGHTS = [[9, 6, 1], [6, 1, 9], [1, 9, 6]]


@st.composite
def problems(draw: st.DrawFn, ranks=(1, 2)) -> Problem:
    """Small problems, zeros among the weights, equal rows now and then."""
    generator = np.random.default_rng(draw(seeds))
    n, d = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    lowest, highest = draw(st.sampled_from([(0, 2), (0, 9), (1, 9), (1, 100)]))
    data = generator.integers(-9, 10, size=(n, d))
    omega = generator.integers(lowest, highest + 1, size=(n, d))
    if draw(st.booleans()):
        rows = generator.integers(0, n, size=n)
        data, omega = data[rows], omega[rows]
    return Problem(data, squared_weights=omega, rank=draw(st.sampled_from(ranks)))


def bracketed(problem: Problem, **options) -> Solution:
    """A solution that is what it says: certificate, costs, JSON, both arithmetics."""
    solution = solve(problem, **({"gap": 0.1, "time_limit": 3.0} | options))
    certificate = certificate_from_json(certificate_to_json(solution.certificate))
    assert certificate == solution.certificate
    assert check(problem, certificate) >= solution.lower
    assert check(problem, certificate, arithmetic="rational") >= solution.lower
    assert problem.cost(solution.U, solution.V) == solution.upper
    assert 0 <= solution.lower <= solution.upper
    n, d = problem.data.shape
    assert solution.U.shape == (n, problem.rank)
    assert solution.V.shape == (problem.rank, d)
    return solution


def alternated(problem: Problem, seed: int, starts: int = 10) -> Fraction:
    """Least exact cost of rounded results of naive alternating least squares."""
    data, omega = problem.data.to_float(), problem.squared_weights.to_float()
    k = problem.rank
    generator = np.random.default_rng(seed)

    def refit(values, weights, factor):
        return np.array(
            [
                np.linalg.lstsq(
                    np.sqrt(w)[:, None] * factor, np.sqrt(w) * a, rcond=1e-12
                )[0]
                for a, w in zip(values, weights, strict=True)
            ]
        )

    costs = []
    for _ in range(starts):
        right = generator.standard_normal((data.shape[1], k))
        for _ in range(15):
            left = refit(data, omega, right)
            right = refit(data.T, omega.T, left)
        left = refit(data, omega, right)
        costs.append(
            problem.cost(
                RationalMatrix.from_floats(left), RationalMatrix.from_floats(right.T)
            )
        )
    return min(costs)


# -- sound, for any problem -------------------------------------------------------


@given(problem=problems(), seed=seeds)
def test_no_factors_are_cheaper_than_the_lower_bound(problem, seed) -> None:
    solution = bracketed(problem)
    assert solution.lower <= alternated(problem, seed)


@pytest.mark.parametrize("method", METHODS[1:])
@given(problem=problems(), seed=seeds)
def test_each_method_alone_is_sound(method: str, problem, seed) -> None:
    solution = bracketed(problem, method=method, time_limit=1.0)
    assert solution.lower <= alternated(problem, seed, starts=3)


@given(problem=problems(ranks=(0, 1, 2, 3, 7)))
def test_termination_and_gap_agree(problem) -> None:
    solution = bracketed(problem, gap=0.2)
    if solution.termination == "completed":
        closed = solution.upper - solution.lower <= Fraction(0.2) * solution.upper
        assert closed or solution.claim in ("minimum", "infimum")
        assert solution.advice == ""
    else:
        assert solution.advice
    assert solution.is_proved == (solution.termination == "completed")


@pytest.mark.parametrize("method", ["auto", "simplicial", "split"])
def test_the_same_seed_gives_the_same_answer(method: str) -> None:
    generator = np.random.default_rng(1)
    data = np.outer([3, 1, 4, 1], [2, 7, 1, 8]) + generator.integers(-2, 3, size=(4, 4))
    weights = generator.integers(1, 5, size=(4, 4))
    problem = Problem(data, squared_weights=weights, rank=1)
    first, second = (solve(problem, gap=0.3, seed=7, method=method) for _ in range(2))
    assert first.certificate == second.certificate
    assert first.statistics["seed"] == 7


# -- problems whose answer is known -----------------------------------------------


@given(problem=problems(ranks=(5, 6, 9)))
def test_a_rank_that_fits_the_data_costs_nothing(problem) -> None:
    solution = bracketed(problem)
    assert solution.lower == solution.upper == 0
    assert (solution.claim, solution.attained) == ("minimum", True)


@given(problem=problems(ranks=(0,)))
def test_rank_zero_costs_the_energy(problem) -> None:
    solution = bracketed(problem)
    assert solution.lower == solution.upper == problem.instance.energy()
    assert (solution.claim, solution.attained) == ("minimum", True)


@given(seed=seeds, rank=st.integers(1, 3))
def test_data_of_the_asked_rank_cost_nothing(seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    data = generator.integers(-5, 6, (6, rank)) @ generator.integers(-5, 6, (rank, 5))
    omega = generator.integers(1, 9, size=(6, 5))
    solution = bracketed(Problem(data, squared_weights=omega, rank=rank))
    assert solution.upper == 0
    assert (solution.claim, solution.attained) == ("minimum", True)


@pytest.mark.parametrize("k", [1, 2])
@given(seed=seeds)
def test_unit_weights_leave_the_tail_of_the_singular_values(k: int, seed: int) -> None:
    data = np.random.default_rng(seed).integers(-9, 10, size=(6, 4))
    solution = bracketed(Problem(data, rank=k), gap=1e-6)
    tail = float((np.linalg.svd(data, compute_uv=False)[k:] ** 2).sum())
    slack = 1e-9 * (1 + float(np.sum(data**2)))
    assert float(solution.lower) - slack <= tail <= float(solution.upper) + slack
    assert solution.is_proved


@given(seed=seeds)
def test_separable_weights_leave_the_tail_of_scaled_data(seed: int) -> None:
    generator = np.random.default_rng(seed)
    data = generator.integers(-9, 10, size=(5, 4))
    p, q = generator.integers(1, 6, size=5), generator.integers(1, 6, size=4)
    weights = np.outer(p, q)
    solution = bracketed(Problem(data, weights=weights, rank=1), gap=1e-6)
    tail = float((np.linalg.svd(weights * data, compute_uv=False)[1:] ** 2).sum())
    slack = 1e-9 * (1 + float(np.sum((weights * data) ** 2)))
    assert float(solution.lower) - slack <= tail <= float(solution.upper) + slack
    assert solution.is_proved


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (1, 1)])
def test_one_row_or_column_is_fitted(shape: tuple[int, int]) -> None:
    generator = np.random.default_rng(0)
    omega = generator.integers(0, 4, size=shape)
    data = generator.integers(-9, 10, size=shape)
    solution = bracketed(Problem(data, squared_weights=omega, rank=1))
    assert (solution.claim, solution.attained, solution.upper) == ("minimum", True, 0)


@pytest.mark.parametrize("k", [0, 1, 4])
def test_weights_that_are_all_zero_cost_nothing(k: int) -> None:
    problem = Problem([[1, 2], [3, 4]], squared_weights=[[0, 0], [0, 0]], rank=k)
    solution = bracketed(problem)
    assert (solution.claim, solution.upper) == ("minimum", 0)


def test_rows_and_columns_without_weight_do_not_matter() -> None:
    omega = np.zeros((4, 5), dtype=int)
    data = np.full((4, 5), 7)
    rows, columns = np.ix_([1, 3], [0, 2, 4])
    omega[rows, columns], data[rows, columns] = D2_WEIGHTS, D2
    solution = bracketed(Problem(data, squared_weights=omega, rank=1))
    plain = bracketed(Problem(D2, squared_weights=D2_WEIGHTS, rank=1))
    assert solution.algebraic == plain.algebraic
    assert plain.algebraic is not None


def test_missing_entries_have_no_weight() -> None:
    missing = Problem([[1, None, 3], [3, 1, None]], rank=1)
    stated = Problem(
        [[1, 99, 3], [3, 1, -99]], squared_weights=[[1, 0, 1], [1, 1, 0]], rank=1
    )
    assert solve(missing).certificate == solve(stated).certificate


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_a_problem_without_entries_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(InvalidProblemError):
        Problem(np.zeros(shape), rank=1)


def test_the_second_reference_problem_is_solved_to_all_digits() -> None:
    solution = bracketed(Problem(D2, squared_weights=D2_WEIGHTS, rank=1))
    assert solution.algebraic.decimal.startswith("20.83779929918781124855")
    assert solution.algebraic.n_real_critical_points == 4
    assert (solution.claim, solution.attained) == ("minimum", True)


@pytest.mark.parametrize("root", ["1", "1/2", "1/3", "1/100", "1/1000000"])
def test_the_first_reference_problem_has_its_closed_form(root: str) -> None:
    s = Fraction(root)  # the square root of delta
    problem = Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, s * s]], rank=1)
    solution = bracketed(problem, gap=1e-9)
    optimum = 2 * s / (1 + s)
    assert solution.lower <= optimum <= solution.upper
    polynomial = (-optimum.numerator, optimum.denominator)
    assert solution.algebraic.minimal_polynomial == polynomial
    assert (solution.claim, solution.attained) == ("minimum", True)


def test_an_infimum_that_is_not_attained_is_said_to_be_none() -> None:
    problem = Problem([[0, 1], [1, 0]], squared_weights=[[1, 1], [1, 0]], rank=1)
    solution = bracketed(problem)
    assert (solution.claim, solution.attained) == ("infimum", False)
    assert solution.lower == 0 < solution.upper < Fraction(1, 10**6)


def test_factors_come_close_to_an_infimum_that_is_not_attained() -> None:
    # Zeros of the data met along a path: each of them needs factors of other sizes.
    problem = Problem(
        [[9, 0, -8, 0, 0], [0, 0, 0, 7, 4]],
        squared_weights=[[6, 0, 2, 0, 4], [0, 0, 0, 6, 4]],
        rank=1,
    )
    solution = bracketed(problem)
    assert (solution.claim, solution.attained, solution.lower) == ("infimum", False, 0)
    assert solution.upper < problem.instance.energy() / 1000


@pytest.mark.parametrize("first", [0, 1])
def test_a_part_that_costs_nothing_may_stand_before_or_behind(first: int) -> None:
    # The first part was taken for the one that carries the algebraic optimum.
    data, omega = np.zeros((3, 4), dtype=int), np.zeros((3, 4), dtype=int)
    one = (0, 0) if first == 0 else (2, 3)
    rest = np.ix_([1, 2], [1, 2, 3]) if first == 0 else np.ix_([0, 1], [0, 1, 2])
    data[one], omega[one] = 5, 1
    data[rest], omega[rest] = D2, D2_WEIGHTS
    solution = bracketed(Problem(data, squared_weights=omega, rank=1))
    assert solution.algebraic.decimal.startswith("20.83779929918781124855")


def test_costs_of_parts_add_up() -> None:
    data, omega = np.zeros((4, 6), dtype=int), np.zeros((4, 6), dtype=int)
    for part in (np.ix_([0, 1], [0, 1, 2]), np.ix_([2, 3], [3, 4, 5])):
        data[part], omega[part] = D2, D2_WEIGHTS
    solution = bracketed(Problem(data, squared_weights=omega, rank=1), gap=1e-6)
    optimum = 2 * Fraction("20.83779929918781124855")
    assert solution.lower <= optimum + Fraction(1, 10**15)
    assert optimum <= solution.upper + Fraction(1, 10**15)
    assert solution.gap < 1e-6


# -- sizes of numbers and of problems ---------------------------------------------


def in_units(power: int, which: str) -> Problem:
    unit = Fraction(10) ** power
    scale = {"data": (unit, Fraction(1)), "weights": (Fraction(1), unit)}[which]
    generator = np.random.default_rng(4)
    data, weights = generator.integers(-9, 10, (3, 3)), generator.integers(1, 9, (3, 3))
    return Problem(
        [[x * scale[0] for x in row] for row in data.tolist()],
        squared_weights=[[x * scale[1] for x in row] for row in weights.tolist()],
        rank=1,
    )


@pytest.mark.parametrize("power", [-50, -30, 30, 50])
@pytest.mark.parametrize("which", ["data", "weights"])
def test_units_of_any_usual_size_are_solved(power: int, which: str) -> None:
    solution = bracketed(in_units(power, which), gap=0.1)
    assert solution.is_proved
    assert solution.lower > 0


@pytest.mark.parametrize("power", [-200, 200, 400])
@pytest.mark.parametrize("which", ["data", "weights"])
def test_units_outside_floating_point_are_refused(power: int, which: str) -> None:
    with pytest.raises(InvalidProblemError, match=f"{which} by a number"):
        solve(in_units(power, which))


def test_a_patterned_problem_of_a_million_rows_and_columns() -> None:
    generator = np.random.default_rng(0)
    n = 1_000_000
    weights = generator.integers(1, 6, size=(4, 3))
    problem = Problem.patterned(
        row_labels=generator.integers(0, 20, size=n),
        column_labels=generator.integers(0, 20, size=n),
        data_core=generator.integers(-9, 10, size=(20, 20)),
        weight_core=weights[np.arange(20) % 4][:, np.arange(20) % 3],
        rank=1,
    )
    solution = bracketed(problem, gap=1e-2, time_limit=30.0)
    assert solution.is_proved
    assert solution.row_labels is not None
    # The same by hand: costs of types times their numbers.
    counts = [
        np.bincount(labels, minlength=20)
        for labels in (problem.row_labels, problem.column_labels)
    ]
    residual = problem.data - solution.U @ solution.V
    squares = residual.hadamard(residual).hadamard(problem.squared_weights)
    times = RationalMatrix(np.outer(*counts))
    assert squares.hadamard(times).total() == solution.upper


@given(seed=seeds)
def test_a_patterned_problem_is_the_written_out_problem(seed: int) -> None:
    generator = np.random.default_rng(seed)
    labels = generator.integers(0, 3, size=6), generator.integers(0, 2, size=5)
    cores = (
        generator.integers(-9, 10, size=(3, 2)),
        generator.integers(0, 5, size=(3, 2)),
    )
    patterned = Problem.patterned(
        row_labels=labels[0],
        column_labels=labels[1],
        data_core=cores[0],
        squared_weight_core=cores[1],
        rank=1,
    )
    written = Problem(
        cores[0][np.ix_(*labels)], squared_weights=cores[1][np.ix_(*labels)], rank=1
    )
    few, many = bracketed(patterned, gap=1e-3), bracketed(written, gap=1e-3)
    assert few.lower <= many.upper
    assert many.lower <= few.upper
    lifted = written.cost(few.U.take(labels[0]), few.V.take(columns=labels[1]))
    assert lifted == few.upper


# -- ending early -----------------------------------------------------------------


def interrupting(after: int, times: int = 1) -> Callable[[Report], None]:
    """A receiver of reports that presses Ctrl-C at one of them."""
    seen = [0]

    def receive(_report: Report) -> None:
        seen[0] += 1
        if after <= seen[0] < after + times:
            signal.raise_signal(signal.SIGINT)

    return receive


@pytest.mark.parametrize("after", [1, 2, 3, 5, 8])
def test_an_interrupted_run_returns_a_proved_bracket(after: int) -> None:
    problem = Problem(OSS, squared_weights=OSS_WEIGHTS, rank=1)
    solution = bracketed(
        problem, gap=1e-9, method="simplicial", report=interrupting(after)
    )
    assert solution.termination == "interrupted"
    assert "interrupted" in solution.advice
    assert solution.lower <= Fraction("43556.7155") <= solution.upper + 1


def test_the_second_interruption_aborts() -> None:
    problem = Problem(OSS, squared_weights=OSS_WEIGHTS, rank=1)
    with pytest.raises(KeyboardInterrupt):
        solve(problem, gap=1e-9, report=interrupting(2, times=2))


def test_the_handler_of_interruptions_is_restored() -> None:
    before = signal.getsignal(signal.SIGINT)
    solve(Problem(D2, rank=1), report=interrupting(1))
    assert signal.getsignal(signal.SIGINT) is before


@given(problem=problems(ranks=(1, 2)), seed=seeds)
def test_a_run_without_time_returns_a_proved_bracket(problem, seed) -> None:
    solution = bracketed(problem, gap=0.0, time_limit=1e-9)
    assert solution.lower <= alternated(problem, seed, starts=2)


def test_a_spent_budget_is_told() -> None:
    problem = Problem(OSS, squared_weights=OSS_WEIGHTS, rank=1)
    solution = bracketed(problem, gap=1e-9, method="simplicial", time_limit=0.3)
    assert solution.termination == "budget"
    assert "time limit" in solution.advice


def test_progress_is_reported() -> None:
    reports: list[Report] = []
    problem = Problem(OSS, squared_weights=OSS_WEIGHTS, rank=1)
    solve(problem, gap=0.1, report=reports.append)
    assert [reports[0].stage, reports[-1].stage] == ["reduce", "check"]
    seconds = [report.seconds for report in reports]
    assert seconds == sorted(seconds)
    assert all(report.nodes >= 0 for report in reports)


# -- what is refused --------------------------------------------------------------


@pytest.mark.parametrize("gap", [-0.1, 1, 1.5, float("nan"), float("inf")])
def test_a_gap_outside_its_range_is_refused(gap: float) -> None:
    with pytest.raises(InvalidProblemError, match="gap"):
        solve(Problem(D2, rank=1), gap=gap)


@pytest.mark.parametrize("time_limit", [0, -1, float("nan")])
def test_a_time_limit_that_is_not_positive_is_refused(time_limit: float) -> None:
    with pytest.raises(InvalidProblemError, match="time_limit"):
        solve(Problem(D2, rank=1), time_limit=time_limit)


def test_an_unknown_method_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(InvalidProblemError) as caught:
        solve(Problem(D2, rank=1), method="guess")
    assert all(name in str(caught.value) for name in METHODS[1:])


def test_a_certificate_is_about_its_own_problem_only() -> None:
    problem = Problem(D2, squared_weights=D2_WEIGHTS, rank=1)
    certificate = solve(problem).certificate
    others = [
        problem.with_rank(0),
        problem.transpose,
        Problem(D2, rank=1),
        Problem([[1, 2, 3], [3, 1, -3]], squared_weights=D2_WEIGHTS, rank=1),
    ]
    for other in others:
        with pytest.raises(RejectedCertificateError):
            check(other, certificate)


def test_the_solution_is_written_as_json() -> None:
    solution = solve(Problem(D2, squared_weights=D2_WEIGHTS, rank=1))
    document = json.loads(solution.to_json())
    assert Fraction(document["lower"]) == solution.lower
    assert Fraction(document["upper"]) == solution.upper
    assert document["claim"] == "minimum"
    written = (
        RationalMatrix.from_rows(document["U"]),
        RationalMatrix.from_rows(document["V"]),
    )
    assert written == (solution.U, solution.V)
