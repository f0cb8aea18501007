"""Theorem 3.5: how small the minimum of an integer polynomial can be, if not zero.

Contents
--------
bits_of_minimum     log2 of 1 over the minimum, enclosed
confirmation        an oracle is asked about the enclosure
STATEMENT           the bound of Jeronimo, Perrucci and Tsigaridas

References
----------
[LiLiangShiSong2025]_, Theorem 3.5; [JeronimoPerrucciTsigaridas2013]_, Theorem 1.
"""

import math
from collections.abc import Iterator
from fractions import Fraction

from exact_wlra.theorems.few_patterns.exponents import log2_enclosed, minimum_exponent
from exact_wlra.theorems.few_patterns.polynomial_minima import (
    PolynomialMinimum,
    chain,
    disc,
    escaping,
    example,
    form_on_circle,
    one_point,
    power,
    quartic,
    third,
)
from exact_wlra.theorems.few_patterns.sign_conditions import polynomial_of, system_of
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import Quantity, enclosed, exact
from exact_wlra.theorems.sampling import generator
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from semialgebraic.bounds import minimum_bound
from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget, Undecided, Unsatisfiable
from semialgebraic.polynomials import value_at
from semialgebraic.systems import System

KEY = "few-patterns/theorem-3.5"

_COMPACT = Hypothesis(
    name="compact", text="the component C of T on which g is minimized is compact"
)
_EVEN = Hypothesis(name="even d", text="d is even")
_DEGREE = Hypothesis(
    name="degrees <= d", text="no f_i, and g neither, exceeds degree d"
)
_PLANE = Hypothesis(name="n >= 2", text="there are at least two variables")

_MOST_CAD_VARIABLES = 3


def check(case: Case[PolynomialMinimum]) -> tuple[Finding, ...]:
    """Enclose the minimum, with an oracle; compare its logarithm with the bound.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    value = case.value
    unmet = _unmet(value)
    formula = minimum_exponent(
        n_variables=value.n_variables,
        degree=value.degree,
        height=value.height,
        n_conditions=len(value.relations),
    )
    found = []
    if value.low > 0:
        found.append(
            case.finding(
                KEY,
                "an oracle refutes g < low on T (1 yes, 0 no)",
                confirmation(value),
                "==",
                exact(1),
            )
        )
    bits = formula
    if not unmet:
        bits = exact(
            minimum_bound(
                n_variables=value.n_variables,
                degree=value.degree,
                height=value.height,
                n_conditions=len(value.relations),
                component_is_compact=True,
            )
        )
        found.append(
            case.finding(KEY, "formula <= bits of minimum_bound", formula, "<=", bits)
        )
    found.append(
        case.finding(
            KEY,
            "log2(1/min g) <= n 2^n d^n (4 - n/2 + log2 H' + n log2 d)",
            bits_of_minimum(value),
            "<=",
            bits,
            unmet=unmet,
            note="the minimum need not exist" if not value.is_compact else "",
        )
    )
    return tuple(found)


def bits_of_minimum(value: PolynomialMinimum) -> Quantity:
    """Return log2(1/min g), from g at the witness and from the lower bound."""
    objective = polynomial_of(value.n_variables, value.objective)
    above = value_at(objective, value.witness)
    at_least = log2_enclosed(1 / above, is_coarse=True).low
    if value.low == 0:
        return Quantity(low=at_least, high=math.inf, evidence="enclosure")
    at_most = log2_enclosed(1 / value.low, is_coarse=True).high
    return Quantity(low=at_least, high=at_most, evidence="enclosure")


def confirmation(value: PolynomialMinimum) -> Quantity:
    """Return 1 if the witness is in T and an oracle finds no point of T with g < low.

    0 if one of that is false; an open question lies between.
    """
    domain = system_of(value.n_variables, value.polynomials, value.relations)
    objective = polynomial_of(value.n_variables, value.objective)
    low = value.low
    below = System.of((low.denominator * objective - low.numerator, "<"))
    both = System(
        variables=domain.variables, conditions=domain.conditions + below.conditions
    )
    oracle = "cad" if value.n_variables <= _MOST_CAD_VARIABLES else "subdivision"
    answer = decide(both, oracle=oracle, budget=Budget(seconds=30))
    if isinstance(answer, Undecided):
        return enclosed(0, 1)
    holds = domain.holds_at(value.witness) and isinstance(answer, Unsatisfiable)
    return exact(int(holds))


def cases(seeds: int) -> Iterator[Case[PolynomialMinimum]]:
    """Yield minima on discs, chains of squares, and violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        a, b = (int(x) for x in noise.integers(1, 60, 2))
        yield Case(name=f"disc-{seed}", kind="random", value=disc(a, b), seed=seed)
        a, b, c = (int(x) for x in noise.integers(-60, 61, 3))
        form = form_on_circle(a, b, c)
        yield Case(name=f"circle-{seed}", kind="random", value=form, seed=seed)
    yield _case("quartic", "structured", quartic())
    # x1 = 2^-h, x2 = x1^2, x3 = x2^2: as small as such systems get.
    yield _case("squares-of-squares", "adversarial", chain(3))
    yield _case("example", "structured", example())
    yield _case("not-compact", "violation", escaping(600))
    yield _case("odd-degree", "violation", one_point(21))
    yield _case("large-degree-of-g", "violation", power(400))
    yield _case("one-variable", "violation", third())


def bitsize_for_magnitude() -> tuple[Finding, ...]:
    """Return the formula with H = bits of the coefficients; x = 2^-300, g = x^2."""
    h = 300
    value = PolynomialMinimum(
        n_variables=2,
        polynomials=(((1 << h, 1, 0), (-1, 0, 0)), ((1, 0, 1),)),
        relations=(2, 2),
        objective=((1, 2, 0),),
        degree=2,
        witness=(Fraction(1, 1 << h), Fraction(0)),
        low=Fraction(1, 1 << 2 * h),
    )
    case = _case("H = 301 bits", "adversarial", value)
    return (
        case.finding(
            KEY,
            "H as a bitsize: log2(1/min g) <= n 2^n d^n (4 - n/2 + ...)",
            bits_of_minimum(value),
            "<=",
            minimum_exponent(
                n_variables=2,
                degree=2,
                height=value.height.bit_length(),
                n_conditions=2,
            ),
        ),
    )


def _unmet(value: PolynomialMinimum) -> tuple[str, ...]:
    """Return the names of the hypotheses that do not hold."""
    return tuple(
        hypothesis.name
        for hypothesis, is_met in (
            (_COMPACT, value.is_compact),
            (_EVEN, value.degree % 2 == 0),
            (_DEGREE, value.largest_degree <= value.degree),
            (_PLANE, value.n_variables >= 2),
        )
        if not is_met
    )


def _case(name: str, kind: Kind, value: PolynomialMinimum) -> Case[PolynomialMinimum]:
    """Return a case without a seed."""
    return Case(name=name, kind=kind, value=value)


STATEMENT = Statement(
    key=KEY,
    title="Theorem 3.5: a nonzero minimum is not too small",
    source="[LiLiangShiSong2025]_, Theorem 3.5 (form confirmed second-hand)",
    text=(
        "Let T be the set in R^n, n >= 2, where f_1 = ... = f_l = 0 and f_(l+1), ..., "
        "f_m >= 0, C a compact connected component of T, and g a polynomial. Let all "
        "coefficients be integers of absolute value at most H, all degrees, that of g "
        "included, at most the even number d, H' = max(H, 2 n + 2 m). If the minimum "
        "of g on C is not zero, its absolute value is at least (2^(4 - n/2) H' "
        "d^n)^(-n 2^n d^n). At n = d = 4, H = 100, m = 0 that is 2^-272693. No "
        "regularity is needed. The original was not at hand; the formula was read in "
        "three texts that quote it."
    ),
    hypotheses=(_COMPACT, _EVEN, _DEGREE, _PLANE),
    cases=cases,
    check=check,
    value_type=PolynomialMinimum,
    errata=(
        Erratum(
            printed="Coefficients of absolute value at most H bitsize.",
            wrong_because="H is a magnitude. With the number of bits in its place the "
            "bound is false.",
            repaired="Coefficients of absolute value at most H.",
            counterexample=bitsize_for_magnitude,
        ),
    ),
    used_by=(
        "semialgebraic.bounds:minimum_bound",
        "semialgebraic.search_bounds:projected_optimum_bound",
    ),
    tests=("tests/semialgebraic/test_bounds.py",),
)
