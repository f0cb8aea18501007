"""The comparison itself: prove, look for local minima, run every method.

Contents
--------
compare         every method at every rank, from every seed

Notes on the implementation
---------------------------
Ranks are done one after the other, so that an interruption leaves whole ranks. The time
that remains is divided equally among the ranks that remain; of its share a rank gives
at most half to the proof. A proof may take longer, as it finishes what it cannot
interrupt; methods get a third of the share in any case.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import final

from exact_wlra.budget import Budget, Report
from exact_wlra.comparison.found_minima import found_minima
from exact_wlra.comparison.minima import LocalMinima, with_starts
from exact_wlra.comparison.proved_minima import proved_minima
from exact_wlra.comparison.rank_results import RankResult, Setting
from exact_wlra.comparison.results import Comparison
from exact_wlra.comparison.scoring import Scale
from exact_wlra.comparison.sessions import Attempts, attempt_all
from exact_wlra.comparison.time_limits import TimeIsOverError, run_within
from exact_wlra.driver import check, solve
from exact_wlra.entries.partial_matrices import by
from exact_wlra.errors import InvalidProblemError
from exact_wlra.heuristics import registry
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem, checked_rank
from exact_wlra.solution import Solution

# Parts of the time of a rank: for the proof, for local minima, for methods at least.
_FOR_PROOF, _FOR_MINIMA, _FOR_METHODS = 0.5, 0.15, 0.33
# A rank gets so many seconds in any case.
_LEAST_SECONDS = 0.5

Tell = Callable[[Report], None]


def compare(
    problem: Problem,
    methods: Iterable[str] | str | None = None,
    ranks: Iterable[int] | None = None,
    seeds: int | Iterable[int] = 5,
    *,
    gap: Fraction | float = Fraction(1, 10**6),
    time_limit: float = 60.0,
    tolerance: float = 1e-4,
    solution: Solution | Sequence[Solution] | None = None,
    title: str = "",
    report: Tell | None = None,
) -> Comparison:
    """Return what every method makes of a problem, beside the proved optimum.

    Parameters
    ----------
    problem : Problem
        Data, weights and a rank.
    methods : names, "all" or None
        Of the table in `exact_wlra.heuristics.registry`; None and "all" are all of
        them. A method that does not take the problem is listed with its reason.
    ranks : integers or None
        None is the rank of the problem.
    seeds : int or integers
        For methods that are randomized: so many seeds from 0, or these. Other methods
        run once.
    gap : Fraction or float
        Relative gap that the proofs are asked for.
    time_limit : float
        Seconds for all of it, exceeded if a proof finishes what it cannot interrupt.
        Proofs that are not finished leave their bracket, runs that are not finished or
        not begun are listed. Methods are interrupted in the main thread only.
    tolerance : float
        A run of rank at most k that costs at most (1 + tolerance) upper is a success.
    solution : Solution or several, or None
        Solutions of this problem that are there already; they are checked, and the
        ranks that they belong to are not solved again.
    title : str
        Name of the data; its shape if empty.
    report : callable or None
        Receives progress. Ctrl-C in the main thread ends the comparison with what is
        there.

    Raises
    ------
    InvalidProblemError
        If an argument is out of range, or names a method that does not exist.
    RejectedCertificateError
        If a solution that was given does not prove its bracket for this problem.
    ViolatedBoundError
        If a matrix of rank at most k costs less than a proved lower bound.

    Examples
    --------
    >>> from exact_wlra import read
    >>> found = compare(read("dataset:trap-3x3", rank=1), methods=["reweighted"])
    >>> [line] = found.result(1).summary()
    >>> line.is_feasible, line.best.rank_bound, line.best.n_numbers
    (False, 3, 36)
    """
    if not time_limit > 0 or not tolerance >= 0:
        raise InvalidProblemError(
            "time_limit must be a positive number of seconds, tolerance at least 0."
        )
    asked = (problem.rank,) if ranks is None else tuple(dict.fromkeys(ranks))
    setting = Setting(
        title=title or by(problem.shape),
        shape=problem.data.shape,
        methods=_known_methods(methods),
        seeds=_seeds(seeds),
        gap=Fraction(gap),
        tolerance=float(tolerance),
        time_limit=float(time_limit),
    )
    given = () if solution is None else solution
    given = (given,) if isinstance(given, Solution) else tuple(given)
    # Before any work: a rank that is none, a solution that is no proof.
    problems = [problem.with_rank(checked_rank(k)) for k in asked]
    for each in given:
        check(problem.with_rank(each.certificate.rank), each.certificate)
    bench = _Bench(
        setting=setting,
        matrix=WeightedMatrix.from_problem(problem),
        solutions={each.certificate.rank: each for each in given},
        budget=Budget(time_limit=time_limit),
        report=report,
    )
    results: list[RankResult] = []
    is_interrupted = False
    for number, of_rank in enumerate(problems):
        left = max(time_limit - bench.budget.seconds(), _LEAST_SECONDS)
        try:
            result, is_interrupted = bench.at(of_rank, left / (len(problems) - number))
        except KeyboardInterrupt:  # between two of its steps
            is_interrupted = True
        else:
            results.append(result)
        if is_interrupted:
            break
    return Comparison(
        setting=setting,
        results=tuple(results),
        is_interrupted=is_interrupted,
        seconds=bench.budget.seconds(),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """What all ranks share."""

    setting: Setting
    matrix: WeightedMatrix
    solutions: dict[int, Solution]
    budget: Budget
    report: Tell | None

    def tell(self, stage: str) -> None:
        """Report what is done now."""
        if self.report is not None:
            now = self.budget.seconds()
            unknown = float("inf")
            self.report(
                Report(stage=stage, lower=0.0, upper=unknown, nodes=0, seconds=now)
            )

    def at(self, problem: Problem, share: float) -> tuple[RankResult, bool]:
        """Return what happens at one rank in its share of the time, and Ctrl-C."""
        deadline = time.monotonic() + share
        solution = self.solutions.get(problem.rank)
        if solution is None:
            solution = self._solved(problem, _FOR_PROOF * share)
        gap = (solution.upper - solution.lower) <= self.setting.gap * solution.upper
        is_interrupted = solution.termination == "interrupted"
        minima, attempts = None, Attempts.none(self.setting)
        if not is_interrupted:
            minima, is_interrupted = self._minima(
                problem, solution, _FOR_MINIMA * share
            )
        energy = problem.instance.energy()
        if not is_interrupted:
            deadline = max(deadline, time.monotonic() + _FOR_METHODS * share)
            attempts = attempt_all(
                self.setting,
                self.matrix,
                rank=problem.rank,
                scale=Scale.of(solution, energy, self.setting.tolerance),
                minima=minima,
                deadline=deadline,
                tell=self.tell,
            )
        result = RankResult(
            rank=problem.rank,
            solution=solution,
            energy=energy,
            is_proved=gap or solution.claim in ("minimum", "infimum"),
            minima=minima,
            runs=attempts.runs,
            refusals=attempts.refusals,
            left_out=attempts.left_out,
        )
        return result, is_interrupted or attempts.is_interrupted

    def _solved(self, problem: Problem, seconds: float) -> Solution:
        """Prove a bracket, passing its progress on."""
        before = self.budget.seconds()
        self.tell(f"rank {problem.rank}: proving the optimum")

        def pass_on(told: Report) -> None:
            if self.report is not None:
                self.report(replace(told, seconds=before + told.seconds))

        return solve(problem, gap=self.setting.gap, time_limit=seconds, report=pass_on)

    def _minima(
        self, problem: Problem, solution: Solution, seconds: float
    ) -> tuple[LocalMinima | None, bool]:
        """Return the local minima that are proved, or found; and Ctrl-C."""
        self.tell(f"rank {problem.rank}: local minima")

        def known() -> LocalMinima | None:
            proved = proved_minima(problem.instance, solution, time_limit=seconds)
            budget = Budget(time_limit=seconds)
            found = found_minima(self.matrix, problem.rank, seed=0, budget=budget)
            return found if proved is None else with_starts(proved, found, self.matrix)

        try:
            # An elimination that is expected to fit may take longer.
            return run_within(2 * seconds, known), False
        except TimeIsOverError:
            return None, False
        except KeyboardInterrupt:
            return None, True


def _known_methods(methods: Iterable[str] | str | None) -> tuple[str, ...]:
    """Return the methods that are asked, in the order of the table."""
    if methods is None or methods == "all":
        return tuple(registry.METHODS)
    names = [methods] if isinstance(methods, str) else list(methods)
    for name in names:
        if name not in registry.METHODS:
            known = ", ".join(registry.METHODS)
            raise InvalidProblemError(
                f"there is no method '{name}'; choose all, or among {known}."
            )
    return tuple(name for name in registry.METHODS if name in names)


def _seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    """Return the seeds, at least one."""
    found = tuple(range(seeds) if isinstance(seeds, int) else dict.fromkeys(seeds))
    if not found or min(found) < 0:
        raise InvalidProblemError(
            "seeds must be a positive number of seeds, or seeds that are at least 0."
        )
    return found
