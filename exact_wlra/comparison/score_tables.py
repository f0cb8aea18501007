"""The tables of a comparison: methods at one rank, local minima, what did not run.

Contents
--------
bracket_sentence    what is proved at one rank
score_table         methods beside the optimum, at one rank
minima_table        the local minima, and which runs ended there
missing_table       refusals, and runs that were left out; None if there are none
ratio_text          how far a cost is from OPT, as far as the bracket tells
cost_text           a cost in seven digits
"""

import math

from exact_wlra.comparison.rank_results import MethodSummary, RankResult, Setting
from exact_wlra.comparison.runs import Run
from exact_wlra.comparison.text_tables import TextGroup, TextTable
from exact_wlra.entries.partial_matrices import by
from exact_wlra.solution import decimal_text

# More local minima than this make a table too wide.
_MOST_MINIMA = 8
_HEADINGS = (
    "method",
    "best cost",
    "median",
    "/ OPT",
    "reached",
    "rank",
    "numbers",
    "seconds",
    "guarantee",
)


def bracket_sentence(result: RankResult, digits: int = 9) -> str:
    """Return what is proved at one rank.

    A bracket that is wider than was asked says so.
    """
    solution = result.solution
    if solution.lower == solution.upper:
        return f"OPT = {decimal_text(solution.upper, digits)}, exact"
    lower, upper = (decimal_text(x, digits) for x in (solution.lower, solution.upper))
    sentence = f"{lower} <= OPT <= {upper}"
    if solution.claim in ("minimum", "infimum"):
        return f"{sentence}, the {solution.claim} is known exactly"
    if result.is_proved:
        return f"{sentence}, proved to a gap of {solution.gap:.0e}"
    return (
        f"{sentence}: a bracket, not proved to the gap (its gap is {solution.gap:.2g})"
    )


def score_table(setting: Setting, result: RankResult) -> TextTable:
    """Return the methods beside the optimum, those that compete first."""
    n, d = setting.shape
    k = result.rank
    first = "proved OPT" if result.is_proved else "solve"
    solved = (
        first,
        cost_text(float(result.solution.upper)),
        "",
        "1" if result.is_proved else _interval(result, float(result.solution.upper)),
        "",
        str(k),
        str((n + d) * k),
        seconds_text(result.solution.statistics["seconds"]),
        "proof",
    )
    summaries = result.summary()
    rivals = tuple(_row(result, each) for each in summaries if each.is_feasible)
    others = tuple(_row(result, each) for each in summaries if not each.is_feasible)
    groups = [TextGroup(heading=f"rank <= {k}", rows=(solved, *rivals))]
    if others:
        groups.append(TextGroup(heading=f"not rank {k}", rows=others))
    return TextTable(
        caption=f"{setting.title}, {by(setting.shape)}, rank {k}: "
        f"{bracket_sentence(result)}",
        headings=_HEADINGS,
        groups=tuple(groups),
        n_words=1,
        notes=_notes(setting, result, has_others=bool(others)),
    )


def minima_table(setting: Setting, result: RankResult) -> TextTable | None:
    """Return the local minima and which runs ended there; None if none are known."""
    minima = result.minima
    if minima is None:
        return None
    shown = minima.points[:_MOST_MINIMA]
    costs = [cost_text(point.cost) for point in shown]
    above = [_above(point.cost, result, setting.tolerance) for point in shown]
    known = [("cost", *costs, ""), ("above upper", *above, "")]
    if minima.n_starts:
        starts = [point.n_starts for point in shown]
        ends = [f"{n / minima.n_starts:.1%}" for n in starts]
        lost = f"{1 - sum(starts) / minima.n_starts:.1%}"
        known.append((f"{minima.n_starts} random starts", *ends, lost))
    names = [f"#{number + 1}" for number in range(len(shown))]
    rows = [_endings(each, len(shown)) for each in result.summary() if each.is_feasible]
    groups = [TextGroup(heading="", rows=tuple(known))]
    if rows:
        groups.append(TextGroup(heading="runs that ended there", rows=tuple(rows)))
    n_more = len(minima.points) - len(shown)
    notes = (f"{n_more} more minima are not shown.",) if n_more else ()
    return TextTable(
        caption=f"local minima at rank {result.rank}: {minima.label} "
        f"({minima.evidence})",
        headings=("", *names, "elsewhere"),
        groups=tuple(groups),
        notes=notes,
    )


def missing_table(result: RankResult) -> TextTable | None:
    """Return what did not run at one rank, and why; None if everything did."""
    rows = [
        (each.method, f"{'failed' if each.is_failure else 'refused'}: {each.why}")
        for each in result.refusals
    ]
    for each in result.left_out:
        runs = "1 run" if each.n_runs == 1 else f"{each.n_runs} runs"
        rows.append((each.method, f"left out, {runs}: {each.why}"))
    if not rows:
        return None
    return TextTable(
        caption=f"did not run at rank {result.rank}",
        headings=("method", "why"),
        groups=(TextGroup(heading="", rows=tuple(rows)),),
        n_words=1,
    )


def ratio_text(result: RankResult, run: Run) -> str:
    """Return how far a cost is from OPT, as far as the bracket tells.

    A ratio where the bracket fixes it, an interval where it does not; the excess over
    `upper` where OPT may be 0.
    """
    if not math.isfinite(run.cost):
        return "diverged"
    return _interval(result, run.cost)


def cost_text(cost: float) -> str:
    """Return a cost in seven digits, or in three where it is tiny or huge.

    Examples
    --------
    >>> cost_text(230.7300896), cost_text(1.2345e-9), cost_text(float("inf"))
    ('230.7301', '1.23e-09', 'diverged')
    """
    if cost and not 1e-4 <= abs(cost) < 1e7 and math.isfinite(cost):
        return f"{cost:.2e}"
    return f"{cost:.7g}" if math.isfinite(cost) else "diverged"


def seconds_text(seconds: float) -> str:
    """Return a time in two digits or to the hundredth.

    Examples
    --------
    >>> seconds_text(0.000123), seconds_text(0.0000123), seconds_text(12.345)
    ('0.0001', '<0.0001', '12.35')
    """
    if seconds < 1e-4:
        return "<0.0001"
    return f"{seconds:.4f}" if seconds < 0.1 else f"{seconds:.2f}"


def _interval(result: RankResult, cost: float) -> str:
    """Return cost / OPT as the bracket encloses it."""
    lower, upper = float(result.solution.lower), float(result.solution.upper)
    if upper == 0 or (lower == 0 and result.is_proved):
        return f"{cost - upper:+.3g} abs"
    least = _quotient(cost / upper)
    if lower <= 0:
        return f">={least}"
    most = _quotient(cost / lower)
    if least == most or result.is_proved:
        return least
    return f"{cost / upper:.3g}..{cost / lower:.3g}"


def _quotient(value: float) -> str:
    """Return a ratio to four decimals, or in three digits where it is tiny or huge."""
    return f"{value:.4f}" if 1e-3 <= value < 1e3 else f"{value:.2e}"


def _row(result: RankResult, summary: MethodSummary) -> tuple[str, ...]:
    """Return the line of one method."""
    reached = f"{summary.n_successes}/{summary.n_runs}" if summary.is_feasible else "-"
    best = summary.best
    return (
        summary.method,
        cost_text(summary.best_cost),
        cost_text(summary.median_cost) if summary.n_runs > 1 else "",
        ratio_text(result, best),
        reached,
        str(best.rank_bound),
        str(best.n_numbers),
        seconds_text(summary.median_seconds),
        summary.guarantee_words,
    )


def _above(cost: float, result: RankResult, tolerance: float) -> str:
    """Return how far a local minimum lies above `upper`."""
    upper = float(result.solution.upper)
    if cost <= upper * (1 + tolerance):
        return "upper" if not result.is_proved else "OPT"
    if result.solution.lower <= 0:
        return f"{cost - upper:+.3g} abs"
    return f"{cost / upper - 1:+.2%}"


def _endings(summary: MethodSummary, n_shown: int) -> tuple[str, ...]:
    """Return how many runs of a method ended in each minimum, and elsewhere."""
    counts = [summary.minima.get(number, 0) for number in range(n_shown)]
    elsewhere = summary.n_runs - sum(counts)
    return summary.method, *(str(n or "") for n in (*counts, elsewhere))


def _notes(
    setting: Setting, result: RankResult, *, has_others: bool
) -> tuple[str, ...]:
    """Return what must be known to read the table; broken guarantees first, loudly."""
    notes = [
        f"GUARANTEE VIOLATED by {run.method}: cost ~{run.cost:.12g}; "
        f"{run.guarantee.statement}. The method or its guarantee is wrong: report this."
        for run in result.violations
    ]
    rivals = [each.best_cost for each in result.summary() if each.is_feasible]
    upper = float(result.solution.upper)
    if not result.is_proved and min(rivals, default=upper) < upper:
        notes.append(
            "A method found a matrix that costs less than the one of solve, by an "
            "estimate; ratios are still to the proved bracket."
        )
    most = f"{1 + setting.tolerance:.10g}"
    notes.append(
        f"/ OPT: of the best run. reached: runs that cost at most {most} x upper, of "
        "all runs. Costs and ratios of methods are estimates."
    )
    if has_others:
        notes.append(
            f"not rank {result.rank}: these may cost less than OPT, for they store "
            "what their numbers say; none of them is a solution."
        )
    return tuple(notes)
