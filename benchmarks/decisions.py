"""Is OPT <= c? Formulations, oracles and sizes: who answers, in what time.

The true answer is known from a proved bracket of OPT, so that every answer is judged; a
wrong one raises with its reproducer. An oracle that fails at a question on one size is
not asked it on sizes that are larger in every direction.

Contents
--------
LIMIT           seconds on the clock for one question, all systems together
FAMILIES        how weights are drawn
FORMULATIONS    those that are asked
SIZES           (n, d, k)
Case            an instance with its proved bracket
cases           all of them
size_text       a size in words
ask_all         every oracle about every case, in one formulation
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from typing import Any, final

import numpy as np

from benchmarks.children import apart
from exact_wlra import Problem, solve
from exact_wlra.budget import Budget
from exact_wlra.threshold_deciders import (
    Above,
    AtMost,
    OracleDecider,
    Unknown,
)
from exact_wlra.threshold_method import FORMULATIONS as KNOWN_FORMULATIONS
from exact_wlra.threshold_method import Question, formulation_of
from reductions.errors import NotApplicableError
from reductions.formulation import Formulation
from reductions.instances import Instance
from semialgebraic.deciding import choose
from semialgebraic.oracles.registry import BUILT_IN, get_oracle

LIMIT = 10.0
# A child that does not stop by itself is killed so many seconds later.
_GRACE = 3.0
FAMILIES = ("generic", "two row patterns", "one zero")
FORMULATIONS = tuple(
    name
    for name in ("charts", "plain", "sketched", "sketched-charts")
    if name in KNOWN_FORMULATIONS
)
# Rows with weights of their own lose nothing in a sketch: those systems are charts of U.
_ASKED_FAMILIES = {"sketched-charts": ("two row patterns",)}
SIZES = (
    (2, 2, 1),
    (2, 3, 1),
    (3, 3, 1),
    (4, 4, 1),
    (5, 5, 1),
    (3, 3, 2),
    (4, 4, 2),
    (5, 4, 2),
)
QUESTIONS = {"1.01": Fraction(101, 100), "0.99": Fraction(99, 100)}
ORACLES = tuple(BUILT_IN)
Size = tuple[int, int, int]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """An instance and a proved bracket of OPT with lower >= 0.99 upper."""

    family: str
    size: Size
    instance: Instance
    lower: Fraction
    upper: Fraction


@cache
def cases() -> tuple[Case, ...]:
    """Return the instances whose optimum is not 0, with their brackets.

    Two row patterns on two rows are the generic weights, and are left out.
    """
    found = []
    for size in SIZES:
        for family in FAMILIES:
            if family == "two row patterns" and size[0] == 2:
                continue
            problem = draw(family, size)
            solution = solve(problem, gap=1e-3, time_limit=30)
            if solution.lower == 0:
                continue
            if solution.lower < Fraction(995, 1000) * solution.upper:
                raise RuntimeError(f"no narrow bracket: {family} {size}")
            found.append(
                Case(
                    family=family,
                    size=size,
                    instance=instance_of(problem),
                    lower=solution.lower,
                    upper=solution.upper,
                )
            )
    return tuple(found)


def draw(family: str, size: Size, *, seed: int = 1, patterns: int = 2) -> Problem:
    """Return data in -9 .. 9 with weights in 1 .. 9 of a family."""
    n, d, k = size
    random = np.random.default_rng(seed)
    data = random.integers(-9, 10, (n, d))
    root = random.integers(1, 10, (n, d))
    if "patterns" in family:
        root = root[np.arange(n) % patterns]
    elif family == "one zero":
        root[0, 0] = 0
    return Problem(data, weights=root, rank=k)


def instance_of(problem: Problem) -> Instance:
    """Return the problem as reductions see it."""
    return Instance(
        data=problem.data,
        squared_weights=problem.squared_weights,
        rank=problem.rank,
    )


def ask_all(name: str) -> dict[str, Any]:
    """Return what every oracle says about every case in the formulation `name`."""
    _import_what_oracles_use()
    failed: dict[tuple[str, str, str], list[Size]] = {}
    answers = []
    for case in _cases_of(name):
        try:
            formulation = formulation_of(case.instance, Question(formulation=name))
        except NotApplicableError:
            continue
        for oracle, question in _pairs():
            # Patterns matter to the size of charts alone.
            family = case.family if name.endswith("charts") else ""
            before = failed.setdefault((oracle, question, family), [])
            if any(_is_larger(case.size, size) for size in before):
                continue
            answer = _ask(case, formulation, oracle, question)
            if answer["outcome"] != "right":
                before.append(case.size)
            answers.append(answer)
    return {"limit": LIMIT, "sizes": _sizes(name), "answers": answers}


def _cases_of(name: str) -> list[Case]:
    """Return the cases about which a formulation is asked."""
    families = _ASKED_FAMILIES.get(name, FAMILIES)
    return [case for case in cases() if case.family in families]


def _pairs() -> Iterator[tuple[str, str]]:
    """Yield oracles and questions."""
    for oracle in ORACLES:
        if not get_oracle(oracle).missing():
            for question in QUESTIONS:
                yield oracle, question


def size_text(size: Size) -> str:
    """Return n x d, with the rank if it is not one."""
    n, d, k = size
    return f"{n} x {d}" + (f", k = {k}" if k > 1 else "")


def _is_larger(size: Size, other: Size) -> bool:
    """Tell whether no number is smaller."""
    return all(a >= b for a, b in zip(size, other, strict=True))


def _sizes(name: str) -> list[dict[str, Any]]:
    """Return the sizes of the systems of every case."""
    found = []
    for case in _cases_of(name):
        try:
            sizes = formulation_of(case.instance, Question(formulation=name)).sizes
        except NotApplicableError:
            continue
        found.append(
            {
                "family": case.family,
                "size": size_text(case.size),
                "systems": sizes.n_systems,
                "variables": sizes.n_variables,
                "degree": sizes.degree,
                "terms": min(10**12, sizes.n_terms),
                "choice": _choice(case, name),
            }
        )
    return found


def _choice(case: Case, name: str) -> str:
    """Return the oracle that would be asked if none were named."""
    formulation = formulation_of(case.instance, Question(formulation=name))
    try:
        systems = formulation.systems(case.upper)
    except NotApplicableError:
        return ""
    return choose(systems[0])[0]


def _ask(
    case: Case, formulation: Formulation, oracle: str, question: str
) -> dict[str, Any]:
    """Return one judged answer as a record."""
    # Few digits, as in a search.
    threshold = Fraction(round(QUESTIONS[question] * case.upper * 1024), 1024)
    task = partial(_decide, case.instance, formulation, oracle, threshold)
    outcome = apart(task, kill_after=LIMIT + _GRACE)
    record = {
        "family": case.family,
        "size": size_text(case.size),
        "oracle": oracle,
        "question": question,
        "seconds": outcome.seconds,
    }
    if outcome.was_killed:
        reason = "it did not stop at its limit and was killed"
        return record | {"outcome": "undecided", "kind": reason}
    answer, kind = outcome.value
    is_exact = formulation.accuracy.is_exact
    is_false = (answer == "at most" and threshold < case.lower) or (
        answer == "above" and threshold >= case.upper and is_exact
    )
    if is_false:
        raise AssertionError(
            f"{oracle} says that OPT is {answer} {threshold}, but it is in "
            f"[{case.lower}, {case.upper}]; formulation {formulation.name} of "
            f"{case.instance!r}"
        )
    if answer in ("at most", "above"):
        # A sketch may have a larger optimum of its own: then "above" is right for it.
        larger = answer == "above" and threshold >= case.upper
        return record | {"outcome": "right", "kind": kind + " (sketch)" * larger}
    return record | {"outcome": answer, "kind": kind}


def _decide(
    instance: Instance, formulation: Formulation, oracle: str, threshold: Fraction
) -> tuple[str, str]:
    """Return the answer of an oracle, and what it rests on or why there is none."""
    decider = OracleDecider(
        instance=instance,
        formulation=formulation,
        oracle=oracle,
        budget=Budget(time_limit=LIMIT),
        seconds=LIMIT,
    )
    match decider.decide(threshold, slack=Fraction(0)):
        case AtMost(left=left, right=right, cost=cost):
            if instance.cost(left, right) != cost:
                raise AssertionError("the cost of the factors is another")
            return ("at most", "point") if cost <= threshold else ("undecided", "point")
        case Above(evidence=evidence):
            return "above", evidence
        case Unknown(reason=reason):
            refused = "does not take" in reason or "refused" in reason
            return "out of scope" if refused else "undecided", reason


def _import_what_oracles_use() -> None:
    """Import in the parent, so that no question pays for it."""
    for oracle in ORACLES:
        get_oracle(oracle)
    try:
        import clarabel  # noqa: F401
        import scipy.sparse  # noqa: F401
    except ImportError:
        pass
