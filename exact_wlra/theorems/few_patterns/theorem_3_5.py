"""Theorem 3.5: how small the minimum of an integer polynomial can be, if not zero.

Contents
--------
PolynomialMinimum   conditions, objective, and what is known of its minimum
STATEMENT           the bound of Jeronimo, Perrucci and Tsigaridas

References
----------
[LiLiangShiSong2025]_, Theorem 3.5; [JeronimoPerrucciTsigaridas2013]_, Theorem 1.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.theorems.few_patterns.exponents import log2_enclosed, minimum_exponent
from exact_wlra.theorems.few_patterns.sign_conditions import (
    Terms,
    polynomial_of,
    system_of,
)
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import Quantity, exact
from exact_wlra.theorems.sampling import generator
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from semialgebraic.bounds import minimum_bound
from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget, Unsatisfiable
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


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PolynomialMinimum:
    """T = {f_i = 0 or >= 0} in R^n, a polynomial g > 0 on T, and how small it gets.

    Parameters
    ----------
    n_variables : int
        n.
    polynomials : tuple of tuples (coefficient, exponents ...)
        The f_i.
    relations : tuple of int
        2 for = 0, 4 for >= 0.
    objective : tuple of tuples
        g.
    degree : int
        d, as it is put into the formula.
    witness : tuple of Fraction
        A point of T: the minimum is at most g there.
    low : Fraction
        At most the minimum; 0 if nothing is known. An oracle is asked.
    is_compact : int
        1 if T is compact and connected, by the word of who gives it; else 0.
    """

    n_variables: int
    polynomials: tuple[Terms, ...]
    relations: tuple[int, ...]
    objective: Terms
    degree: int
    witness: tuple[Fraction, ...]
    low: Fraction
    is_compact: int = 1

    @property
    def height(self) -> int:
        """H: the largest coefficient of all f_i and of g."""
        return max(abs(c) for p in (*self.polynomials, self.objective) for c, *_ in p)

    @property
    def largest_degree(self) -> int:
        """The largest degree of all f_i and of g."""
        return max(sum(e) for p in (*self.polynomials, self.objective) for _, *e in p)


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
                exact(int(is_refuted(value))),
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


def is_refuted(value: PolynomialMinimum) -> bool:
    """Tell whether the witness is in T, and no point of T has g < low, by an oracle."""
    domain = system_of(value.n_variables, value.polynomials, value.relations)
    objective = polynomial_of(value.n_variables, value.objective)
    low = value.low
    below = System.of((low.denominator * objective - low.numerator, "<"))
    both = System(
        variables=domain.variables, conditions=domain.conditions + below.conditions
    )
    oracle = "cad" if value.n_variables <= _MOST_CAD_VARIABLES else "subdivision"
    answer = decide(both, oracle=oracle, budget=Budget(seconds=30))
    return domain.holds_at(value.witness) and isinstance(answer, Unsatisfiable)


def cases(seeds: int) -> Iterator[Case[PolynomialMinimum]]:
    """Yield minima on discs, chains of squares, and violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        a, b = (int(x) for x in noise.integers(1, 60, 2))
        yield Case(name=f"disc-{seed}", kind="random", value=_disc(a, b), seed=seed)
    yield _case("quartic", "structured", _quartic())
    # x1 = 2^-h, x2 = x1^2, x3 = x2^2: as small as such systems get.
    yield _case("squares-of-squares", "adversarial", _chain(3))
    yield _case("example", "structured", _example())
    yield _case("not-compact", "violation", _escaping(600))
    yield _case("odd-degree", "violation", _one_point(21))
    yield _case("large-degree-of-g", "violation", _power(400))
    yield _case("one-variable", "violation", _third())


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


def _disc(a: int, b: int) -> PolynomialMinimum:
    """Return a x + b y + c on the unit disc; c is the least integer above the norm."""
    square = a * a + b * b
    c = math.isqrt(square) + 1
    scale = 10**9
    # root - 1/scale < sqrt(square) < root
    root = Fraction(math.isqrt(square * scale**2) + 1, scale)
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((-1, 2, 0), (-1, 0, 2), (1, 0, 0)),),
        relations=(4,),
        objective=((a, 1, 0), (b, 0, 1), (c, 0, 0)),
        degree=2,
        witness=(-a / root, -b / root),
        low=c - root,
    )


def _quartic() -> PolynomialMinimum:
    """Return 70711 - 100000 x y, which is 0.32 at least, on x^4 + y^4 <= 1."""
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((-1, 4, 0), (-1, 0, 4), (1, 0, 0)),),
        relations=(4,),
        objective=((70711, 0, 0), (-100000, 1, 1)),
        degree=4,
        witness=(Fraction(84089, 10**5), Fraction(84089, 10**5)),
        low=Fraction(32, 100),
    )


def _chain(h: int) -> PolynomialMinimum:
    """Return x3 where 2^h x1 = 1, x2 = x1^2, x3 = x2^2."""
    x = Fraction(1, 1 << h)
    return PolynomialMinimum(
        n_variables=3,
        polynomials=(
            ((1 << h, 1, 0, 0), (-1, 0, 0, 0)),
            ((1, 2, 0, 0), (-1, 0, 1, 0)),
            ((1, 0, 2, 0), (-1, 0, 0, 1)),
        ),
        relations=(2, 2, 2),
        objective=((1, 0, 0, 1),),
        degree=2,
        witness=(x, x**2, x**4),
        low=x**4,
    )


def _example() -> PolynomialMinimum:
    """Return 100 x1^4 + 1 on a cube: n = d = 4, H = 100, the literature's example."""
    powers = [tuple(int(i == j) for j in range(4)) for i in range(4)]
    faces = tuple(
        ((sign, *power), (1, 0, 0, 0, 0)) for power in powers for sign in (1, -1)
    )
    return PolynomialMinimum(
        n_variables=4,
        polynomials=faces,
        relations=(4,) * 8,
        objective=((100, 4, 0, 0, 0), (1, 0, 0, 0, 0)),
        degree=4,
        witness=(Fraction(0),) * 4,
        low=Fraction(1),
    )


def _escaping(bits: int) -> PolynomialMinimum:
    """Return x^2 + (x y - 1)^2 on the plane: positive, and as small as one likes."""
    x = Fraction(1, 1 << bits)
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(),
        relations=(),
        objective=((1, 2, 0), (1, 2, 2), (-2, 1, 1), (1, 0, 0)),
        degree=4,
        witness=(x, 1 / x),
        low=Fraction(0),
        is_compact=0,
    )


def _one_point(n: int) -> PolynomialMinimum:
    """Return x1 on the point (1, ..., 1), by linear conditions, with d = 1."""

    def powers(i: int) -> tuple[int, ...]:
        return tuple(int(i == j) for j in range(n))

    return PolynomialMinimum(
        n_variables=n,
        polynomials=tuple(((1, *powers(i)), (-1, *powers(-1))) for i in range(n)),
        relations=(2,) * n,
        objective=((1, *powers(0)),),
        degree=1,
        witness=(Fraction(1),) * n,
        low=Fraction(0),
    )


def _power(exponent: int) -> PolynomialMinimum:
    """Return x^exponent on the point (1/2, 0), though d = 2."""
    return PolynomialMinimum(
        n_variables=2,
        polynomials=(((2, 1, 0), (-1, 0, 0)), ((1, 0, 1),)),
        relations=(2, 2),
        objective=((1, exponent, 0),),
        degree=2,
        witness=(Fraction(1, 2), Fraction(0)),
        low=Fraction(0),
    )


def _third() -> PolynomialMinimum:
    """Return x on the point 1/3 of the line."""
    return PolynomialMinimum(
        n_variables=1,
        polynomials=(((3, 1), (-1, 0)),),
        relations=(2,),
        objective=((1, 1),),
        degree=2,
        witness=(Fraction(1, 3),),
        low=Fraction(1, 3),
    )


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
