"""C0: continuity at zero weights, and an infimum that is not attained (D1).

Contents
--------
Corner              A = [[0, 1], [1, 0]], omega = [[1, 1], [1, delta]], k = 1
STATEMENT           OPT = 2 delta^1/2 / (1 + delta^1/2), attained for delta > 0 only
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import final

from exact_wlra.bounds.two_rows import solve_two_rows
from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import enclosed, exact, truth
from exact_wlra.theorems.statements import Case, Hypothesis, Statement

KEY = "ours/continuity"

_POSITIVE = Hypothesis(
    name="positive weight", text="delta > 0 (for attainment and for the rate)"
)
_BITS = 100


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """The weight delta >= 0 of the entry in row 2, column 2."""

    delta: Fraction

    @property
    def problem(self) -> Problem:
        """The problem D1."""
        return Problem(
            [[0, 1], [1, 0]], squared_weights=[[1, 1], [1, self.delta]], rank=1
        )


def check(case: Case[Corner]) -> tuple[Finding, ...]:
    """Compare OPT, as an algebraic number, with the formula, and attainment.

    Examples
    --------
    >>> case = Case(name="x", kind="structured", value=Corner(delta=Fraction(1, 4)))
    >>> [(str(f.measured), f.verdict) for f in check(case)][:2]
    [('2/3', 'holds'), ('1', 'holds')]
    """
    value, delta = case.value, case.value.delta
    say = partial(case.finding, KEY)
    found = solve_two_rows(value.problem.instance)
    optimum = enclosed(*found.enclosure)
    p, q = delta.numerator, delta.denominator
    below = Fraction(isqrt((p << 2 * _BITS) * q), q << _BITS)
    above = below if below**2 == delta else below + Fraction(1, 1 << _BITS)
    formula = enclosed(2 * below / (1 + below), 2 * above / (1 + above))
    unmet = () if delta > 0 else (_POSITIVE.name,)
    solution = solve(value.problem)
    findings = [
        say("OPT = 2 delta^1/2 / (1 + delta^1/2)", optimum, "==", formula),
        say("OPT is attained", truth(found.attained), "==", exact(1), unmet=unmet),
        say(
            "solve says the same about attainment",
            truth(bool(solution.attained)),
            "==",
            truth(delta > 0),
        ),
    ]
    if delta <= Fraction(1, 100):
        # No rate linear in delta: OPT/delta >= delta^-1/2 for delta <= 1.
        findings.append(
            say(
                "OPT - OPT(0) > 10 delta",
                optimum,
                ">=",
                exact(10 * delta if delta else Fraction(1, 10**9)),
                unmet=unmet,
            )
        )
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Corner]]:
    """Yield delta that tend to 0, squares (exact) and others, and delta = 0."""
    for seed in range(max(seeds, 1)):
        for name, delta in (
            ("square", Fraction(1, 4 ** (2 * seed + 1))),
            ("other", Fraction(2, 10 ** (2 * seed + 1))),
        ):
            yield Case(
                name=f"{name}-{seed}", kind="structured", value=Corner(delta=delta)
            )
    yield Case(name="ones", kind="structured", value=Corner(delta=Fraction(1)))
    yield Case(name="missing", kind="violation", value=Corner(delta=Fraction(0)))


STATEMENT = Statement(
    key=KEY,
    title="C0, D1: continuity at zero weights without a rate; an infimum not attained",
    source="docs/proofs.md, C0",
    text=(
        "OPT is continuous in omega >= 0, zero weights included: concave on a "
        "polyhedron, hence lower semicontinuous, and an infimum of continuous "
        "functions. For A = [[0, 1], [1, 0]], omega = [[1, 1], [1, delta]], k = 1, OPT "
        "= 2 delta^1/2 / (1 + delta^1/2): there is no linear rate. For delta > 0 it is "
        "attained, as for all positive weights; at delta = 0 OPT = 0 is not."
    ),
    hypotheses=(_POSITIVE,),
    cases=cases,
    check=check,
    value_type=Corner,
    used_by=(
        "exact_wlra.conclusions:claim_of",
        "exact_wlra.bounds.two_rows:solve_two_rows",
    ),
    tests=("tests/exact_wlra/test_driver.py", "tests/exact_wlra/test_two_rows.py"),
)
