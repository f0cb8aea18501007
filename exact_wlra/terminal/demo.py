"""The main job, shown on two instances: one made to mislead, one of real data.

The first is a 4 x 4 matrix of integers on which the usual methods stop at different
answers, none of them optimal. The second is the New York air quality of 1973, with
missing entries. Both end with a proved bracket, a certificate in a file, and the
verdict of the checker on that file.

Contents
--------
run             the whole demonstration
usual_answers   what the usual methods make of one instance
"""

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from exact_wlra.budget import Budget
from exact_wlra.certificate_json import certificate_from_json
from exact_wlra.driver import check, solve
from exact_wlra.files.solution_files import OutputFiles
from exact_wlra.heuristics.adam import adam
from exact_wlra.heuristics.alternating import alternate
from exact_wlra.heuristics.expectation_maximization import expectation_maximization
from exact_wlra.heuristics.svd import separable_svd, truncated_svd
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.planning import plan
from exact_wlra.plotting import plot_answers, plot_solution
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from exact_wlra.solution import Solution, decimal_text
from exact_wlra.terminal.progress import Progress
from exact_wlra.terminal.rendering import answers_table, matrix_text, result_panel
from reductions.instances import Instance

if TYPE_CHECKING:
    from rich.console import Console

FOLDER = Path("exact-wlra-demo")

_HERO = "four-basins-4x4"
_REAL = "airquality"
_GAP = Fraction(1, 10**6)
_TIME_LIMIT = 30.0
_SEED = 0


def run(console: "Console", folder: Path = FOLDER) -> bool:
    """Show both instances; tell whether both were proved.

    Parameters
    ----------
    console : rich.console.Console
        Where everything is shown.
    folder : Path
        Receives pictures, solutions and certificates; made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    console.rule("1. Four by four integers that mislead", align="left")
    hero = _show_hero(console, folder)
    console.rule("2. Real data: 153 days of air in New York, 1973", align="left")
    real = _show_real(console, folder)
    console.print(f"\nEverything written is in [bold]{folder}/[/bold].")
    return hero.is_proved and real.is_proved


def usual_answers(instance: Instance, *, seed: int) -> list[tuple[str, float]]:
    """Return (method, cost) for methods that people use, dearest answer first.

    Every method runs until it stands still, and once: what one call of it returns.

    Parameters
    ----------
    instance : Instance
        Small, of rank k at most min(n, d).
    seed : int
        Of the start of Adam.

    Examples
    --------
    >>> problem = read("dataset:trap-3x3", rank=1)
    >>> answers = usual_answers(problem.instance, seed=0)
    >>> answers[0][0], round(answers[0][1], 4)
    ('SVD of A, weights ignored', 56.5497)
    """
    rank = instance.rank
    weights = instance.squared_weights.to_float()
    data = np.where(weights > 0, instance.data.to_float(), 0.0)
    budget = Budget(time_limit=60.0)
    plain = truncated_svd(data, weights, rank=rank)
    weighted = truncated_svd(np.sqrt(weights) * data, weights, rank=rank)
    ones = np.ones((rank, data.shape[1]))
    separable = separable_svd(data, weights, rank=rank)
    filled_in = expectation_maximization(data, weights, plain)
    matrix = WeightedMatrix.from_arrays(data, np.sqrt(weights))
    descended = adam(matrix, rank=rank, seed=seed, schedule="long")
    answers = [
        ("SVD of A, weights ignored", plain.cost),
        ("SVD with separable weights", separable.cost),
        ("EM from the SVD of A", filled_in.cost),
        (f"Adam, seed {seed}", descended.cost),
    ]
    starts = (("ones", ones), ("the SVD of A", plain.right))
    for name, right in (*starts, ("the SVD of W o A", weighted.right)):
        stationary = alternate(
            data, weights, right, sweeps=3000, tolerance=1e-14, budget=budget
        )
        answers.append((f"ALS from {name}", stationary.cost))
    return sorted(answers, key=lambda answer: -round(answer[1], 6))


def _show_hero(console: "Console", folder: Path) -> Solution:
    """Show the misleading instance."""
    problem = read(f"dataset:{_HERO}", rank=1)
    console.print("\nApproximate A by a matrix of rank 1 with these weights W:\n")
    console.print(_side_by_side(problem))
    answers = usual_answers(problem.instance, seed=_SEED)
    n_different = len({round(cost, 4) for _, cost in answers})
    console.print(
        f"\n{len(answers)} usual methods give {n_different} different answers "
        "(cost, the weighted squared error):\n"
    )
    for name, cost in answers:
        console.print(f"  {name:<28}{cost:12.4f}", highlight=False)
    console.print("\nWhich one is the optimum? A search with a proof decides:\n")
    solution = _solve_and_check(console, folder, problem, _HERO)
    state = "proved optimum" if solution.is_proved else "best known, not proved"
    table = [*answers, (f"solve: {state}", float(solution.upper))]
    console.print(answers_table(table))
    n_wrong = sum(cost > solution.upper for _, cost in answers)
    console.print(
        f"{n_wrong} of the {len(answers)} answers are not optimal; that some of them "
        "agree proves nothing.\nThe certificate does: no matrix of rank 1 costs less "
        f"than {decimal_text(solution.lower)}.\n",
        soft_wrap=True,
    )
    plot_answers(
        problem.instance,
        answers,
        solution,
        folder / f"{_HERO}.png",
        title=f"{_HERO}, rank 1: {len(answers)} usual methods, {n_different} different "
        f"answers, {n_wrong} methods not optimal",
    )
    return solution


def _show_real(console: "Console", folder: Path) -> Solution:
    """Show the instance of real data."""
    problem = read(f"dataset:{_REAL}", rank=1)
    n, d = problem.shape
    n_missing = int((problem.squared_weights.numerators == 0).sum())
    console.print(
        f"\n{n} days, {d} measurements, {n_missing} of {n * d} missing. The plan:\n"
    )
    console.print(f"{plan(problem)}\n", highlight=False, markup=False, soft_wrap=True)
    progress = Progress(console, gap=float(_GAP))
    solution = _solve_and_check(console, folder, problem, _REAL, progress)
    picture = folder / f"{_REAL}.png"
    plot_solution(problem, solution, progress.history, picture, title=_REAL)
    return solution


def _solve_and_check(
    console: "Console",
    folder: Path,
    problem: Problem,
    name: str,
    progress: Progress | None = None,
) -> Solution:
    """Solve, show, write, and let the checker judge the written certificate."""
    with progress or Progress(console, gap=float(_GAP)) as shown:
        solution = solve(
            problem, gap=_GAP, time_limit=_TIME_LIMIT, seed=_SEED, report=shown.take
        )
    console.print(result_panel(solution, title=f"{name}, rank {problem.rank}"))
    path = folder / f"{name}.certificate.json"
    files = OutputFiles(json=folder / f"{name}.json", certificate=path)
    files.write(problem, solution, shown.history, title=name)
    again = read(f"dataset:{name}", rank=problem.rank)
    proved = check(again, certificate_from_json(path.read_bytes()))
    console.print(
        f"The checker read {path}\nand accepted it: the optimum is at least "
        f"{decimal_text(proved)}.\n",
        highlight=False,
        markup=False,
        soft_wrap=True,
    )
    return solution


def _side_by_side(problem: Problem) -> str:
    """Return A and W beside each other."""
    root = problem.root_weights
    data = matrix_text(problem.data).splitlines()
    if root is None:
        return "\n".join(data)
    weights = matrix_text(root).splitlines()
    lines = []
    for row, (left, right) in enumerate(zip(data, weights, strict=True)):
        names = ("   A = ", "      W = ") if row == 0 else (" " * 7, " " * 10)
        lines.append(names[0] + left + names[1] + right)
    return "\n".join(lines)
