"""What a person reads in a terminal: results, tables, small matrices.

Nothing is decided here. Exact numbers are shown exactly where they are short, and as
decimals marked ``~`` where they are not. Everything returned is text or a renderable of
rich; `exact_wlra.cli` prints it.

Contents
--------
bracket_line        one line for scripts and quiet runs
comparison_lines    one line a rank for scripts and quiet runs
claim_sentence      what is proved, in words
result_panel        the result of a solve
datasets_table      the instances that ship
answers_table       the answers of several heuristics
matrix_text         a small matrix, in columns
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from exact_wlra.comparison.results import Comparison
from exact_wlra.datasets import Dataset
from exact_wlra.entries.partial_matrices import by
from exact_wlra.plans import REDUCTION_WORDS
from exact_wlra.solution import Solution, decimal_text
from semialgebraic.rational_matrices import RationalMatrix

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.table import Table

# Factors with more rows or columns than this are not written out.
_LARGEST_SHOWN = 6
_TERMINATIONS = {
    "completed": "proved to the gap that was asked",
    "budget": "not closed: the time limit ended the search",
    "interrupted": "not closed: the search was interrupted",
    "undecided": "not closed: no method that applies gets further",
}


def bracket_line(solution: Solution) -> str:
    """Return the outcome on one line.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> bracket_line(solve(Problem([[1, 2], [2, 4]], rank=1)))
    'minimum completed lower=0 upper=0 gap=0.0e+00'
    """
    return (
        f"{solution.claim} {solution.termination} "
        f"lower={decimal_text(solution.lower)} upper={decimal_text(solution.upper)} "
        f"gap={solution.gap:.1e}"
    )


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return what came of a comparison, one line a rank."""
    lines = []
    for result in comparison.results:
        rivals = [each for each in result.summary() if each.is_feasible]
        reached = ", ".join(
            f"{each.method} {each.n_successes}/{each.n_runs}" for each in rivals
        )
        bracket = bracket_line(result.solution)
        lines.append(f"rank={result.rank} {bracket} reached: {reached or '-'}")
    return lines


def claim_sentence(solution: Solution) -> str:
    """Return what is proved about the optimum, in one sentence.

    Examples
    --------
    >>> from exact_wlra import Problem, solve
    >>> claim_sentence(solve(Problem([[1, 2], [2, 4]], rank=1)))
    'The minimum is known exactly, and these factors attain it.'
    """
    if solution.claim == "minimum":
        if solution.upper == solution.lower:
            return "The minimum is known exactly, and these factors attain it."
        return "The minimum is known exactly; the factors are rational and come close."
    if solution.claim == "infimum":
        if solution.attained is False:
            return "The infimum is known exactly; no factors attain it."
        return "The infimum is known exactly; whether factors attain it is open."
    if solution.attained:
        return "The minimum lies in this bracket; the factors cost its upper end."
    return (
        "The infimum lies in this bracket; the factors cost its upper end. "
        "Whether any factors attain it is open."
    )


def result_panel(solution: Solution, *, title: str) -> "Panel":
    """Return the result of a solve in a frame.

    Parameters
    ----------
    title : str
        What was solved, in a few words.
    """
    from rich.box import ROUNDED
    from rich.console import Group
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    style = "green" if solution.is_proved else "yellow"
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in _result_rows(solution):
        grid.add_row(name, Text(value))
    return Panel(
        Group(Text(claim_sentence(solution), style=f"bold {style}"), Text(), grid),
        title=title,
        title_align="left",
        border_style=style,
        box=ROUNDED,
        expand=False,
        width=88,
    )


def datasets_table(datasets: Sequence[Dataset]) -> "Table":
    """Return the shipped instances with their sources."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, padding=(0, 2, 1, 0))
    for heading in ("name", "shape", "rank"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what it is, and where it comes from")
    for dataset in datasets:
        words = Text(dataset.title)
        words.append("\n" + dataset.source, style="dim")
        table.add_row(dataset.name, by(dataset.shape), str(dataset.default_rank), words)
    return table


def oracles_table() -> "Table":
    """Return the registered oracles: scope, what they prove, what is missing."""
    from rich.table import Table
    from rich.text import Text

    from semialgebraic.errors import OracleUnavailableError
    from semialgebraic.oracles.registry import get_oracle, names

    table = Table(box=None, padding=(0, 2, 1, 0))
    for heading in ("name", "variables", "proves", "available"):
        table.add_column(heading, no_wrap=True)
    table.add_column("scope, and where it comes from")
    for name in names():
        try:
            oracle = get_oracle(name)
        except OracleUnavailableError as error:
            table.add_row(name, "", "", "no", Text(str(error)))
            continue
        able, lacking = oracle.capabilities, oracle.missing()
        proves = [
            word
            for word, can in (
                ("yes", able.proves_satisfiable),
                ("no", able.proves_unsatisfiable),
            )
            if can
        ]
        words = Text(able.scope)
        if lacking:
            words.append("\n" + lacking)
        if oracle.references:
            words.append("\n" + ", ".join(oracle.references), style="dim")
        table.add_row(
            name,
            f"<= {able.most_variables}",
            " and ".join(proves),
            "no" if lacking else "yes",
            words,
        )
    return table


def answers_table(answers: Sequence[tuple[str, float]]) -> "Table":
    """Return a table of costs, with their excess over the last one.

    Parameters
    ----------
    answers : sequence of (name, cost)
        The last one is set apart and compared with.
    """
    from rich.table import Table

    table = Table()
    table.add_column("method")
    table.add_column("cost", justify="right")
    table.add_column("above the last", justify="right")
    least = answers[-1][1]
    for number, (name, cost) in enumerate(answers):
        if number == len(answers) - 1:
            table.add_section()
        excess = (cost - least) / least
        table.add_row(name, f"{cost:.6f}", f"{excess:.1%}" if excess > 1e-9 else "-")
    return table


def matrix_text(matrix: RationalMatrix) -> str:
    """Return a small matrix as aligned text.

    Examples
    --------
    >>> print(matrix_text(RationalMatrix.from_rows([[1, "-1/2"], [10, 0]])))
     1  -1/2
    10     0
    """
    rows = [[decimal_text(x, 7) for x in row] for row in matrix.fractions()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True))
        for row in rows
    )


def _result_rows(solution: Solution) -> list[tuple[str, str]]:
    """Return the lines of the result panel as (name, text)."""
    rows = [
        ("lower", decimal_text(solution.lower) + "   proved"),
        ("upper", decimal_text(solution.upper) + "   exact cost of the factors"),
    ]
    if solution.claim == "infimum" and solution.algebraic is None:
        rows.append(("infimum", decimal_text(solution.lower) + "   exact"))
    else:
        rows.append(("gap", f"{solution.gap:.1e}   (upper - lower) / upper"))
    if solution.algebraic is not None:
        optimum = solution.algebraic
        degree = len(optimum.minimal_polynomial) - 1
        rows.append(("optimum", f"{optimum.decimal}, algebraic of degree {degree}"))
        n_points = optimum.n_real_critical_points
        rows.append(("critical points", f"{n_points} real ones"))
    if solution.has_many_digits:
        rows.append(("digits", f"{solution.decimal}   last one off by at most 1"))
    if solution.minimizer is not None:
        error, count = solution.minimizer.entry_error, solution.minimizer.count
        words = "the only one" if count == 1 else f"{count} of one cost to these digits"
        words += f"; entries of U, V within {float(error):.1e}"
        rows.append(("minimizer" if count == 1 else "minimizers", words))
    statistics = solution.statistics
    rows.append(("state", _TERMINATIONS[solution.termination]))
    rows.append(("proof", _proof_words(solution)))
    rows += _threshold_rows(solution)
    rows.append(("reduced", _reduction_words(solution)))
    rows.append(("time", f"{statistics['seconds']:.2f} s, seed {statistics['seed']}"))
    rows += _factor_rows(solution)
    if solution.advice:
        rows.append(("next", solution.advice))
    return rows


def _threshold_rows(solution: Solution) -> list[tuple[str, str]]:
    """Return for each threshold search who was asked and how often."""
    rows = []
    for leaf in solution.statistics["leaves"]:
        found = leaf.get("threshold_search")
        if found is None:
            continue
        words = f"{found['n_steps']} to {found['decider']}"
        if found["n_steps_bound"] is not None:
            words += f"; the theory allows {found['n_steps_bound']}"
        rows.append(("questions", words))
    rows += [
        ("not certified", item.by) for item in solution.evidence if not item.checked
    ]
    return rows


def _proof_words(solution: Solution) -> str:
    """Return which methods were tried for the lower bound, and how much search."""
    leaves = solution.statistics["leaves"]
    methods = [attempt["method"] for leaf in leaves for attempt in leaf["attempts"]]
    nodes = sum(
        attempt["nodes"]
        for leaf in leaves
        for attempt in leaf["attempts"]
        if attempt["method"] != "threshold"
    )
    words = "accepted by the checker; " + (
        f"tried {', '.join(dict.fromkeys(methods))}" if methods else "no method needed"
    )
    return words + (f"; {nodes} simplices" if nodes else "")


def _reduction_words(solution: Solution) -> str:
    """Return the chain of shapes that the reductions made."""
    steps = solution.statistics["reductions"]
    n_leaves = len(solution.statistics["leaves"])
    if not steps:
        return "nothing to reduce"
    if n_leaves != 1:
        return f"{len(steps)} steps, {n_leaves} independent parts"
    words = by(steps[0]["from"])
    for step in steps:
        words += f" -> {by(step['to'])} ({REDUCTION_WORDS[step['name']]})"
    return words


def _factor_rows(solution: Solution) -> list[tuple[str, str]]:
    """Return the factors where they are small, else their sizes."""
    left, right = solution.U, solution.V
    if max(*left.shape, *right.shape) > _LARGEST_SHOWN or not solution.certificate.rank:
        return [("factors", f"U {by(left.shape)}, V {by(right.shape)}, exact")]
    return [
        ("U^T", matrix_text(left.transpose)),
        ("V", matrix_text(right)),
    ]
