"""Lemma 4.1: the warm-up, every entry of U and V a variable.

Contents
--------
WarmUp              an integer problem and an accuracy
STATEMENT           bits, bisections, and what a search with an oracle returns

Notes on the implementation
---------------------------
The oracle is asked about charts, which say the same as the entries of U and V with
fewer variables; what the lemma counts is the formulation by entries.

References
----------
[LiLiangShiSong2025]_, Lemma 4.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.budget import Budget
from exact_wlra.problem import Problem
from exact_wlra.recovery import Recovery, recover
from exact_wlra.theorems.few_patterns.exponents import log2_enclosed, minimum_exponent
from exact_wlra.theorems.few_patterns.lemma_3_7 import has_bits
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import Quantity, enclosed, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from exact_wlra.threshold_deciders import OracleDecider
from exact_wlra.threshold_search import ThresholdSearch, search
from reductions.chart_formulation import ChartFormulation
from reductions.plain import PlainFormulation
from semialgebraic.bounds import minimum_bound
from semialgebraic.polynomials import value_at
from semialgebraic.search_bounds import n_linear_bisections, n_log_bisections

KEY = "few-patterns/lemma-4.1"

_POSITIVE = Hypothesis(name="OPT > 0", text="the optimum is not zero")
_INTEGERS = Hypothesis(
    name="b bits", text="A and W are matrices of integers of absolute value below 2^b"
)
_SECONDS = 60.0


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """What the lemma speaks about.

    Parameters
    ----------
    problem : Problem
        Small, of rank at least one; it is solved by asking an oracle.
    bits : int
        b, which the paper calls n^gamma.
    epsilon : Fraction
        In (0, 1].
    """

    problem: Problem
    bits: int
    epsilon: Fraction


def check(case: Case[WarmUp]) -> tuple[Finding, ...]:
    """Count bits and bisections; run the search and the recovery with an oracle.

    Examples
    --------
    >>> "fails" in {finding.verdict for finding in check(next(cases(1)))}
    False
    """
    value = case.value
    best = optimum(value.problem)
    found = list(_counts(case))
    instance = value.problem.instance
    formulation = ChartFormulation(instance=instance)
    budget = Budget(time_limit=_SECONDS)
    decider = OracleDecider(
        instance=instance, formulation=formulation, oracle="cad", budget=budget
    )
    share = value.epsilon / 2
    searched = search(instance, decider, epsilon=share, budget=budget)
    unmet = _unmet_optimum(value, best)
    is_open = not unmet and searched.upper > (1 + share) * searched.told_lower
    least = Fraction(best.low) if is_open else searched.upper
    found += [
        case.finding(KEY, "OPT <= Lambda", best, "<=", exact(searched.upper)),
        case.finding(
            KEY,
            "Part 1: Lambda <= (1 + eps/2) OPT",
            enclosed(least, searched.upper),
            "<=",
            best.times(1 + share),
            unmet=unmet,
            note=searched.reason,
        ),
    ]
    if not unmet:
        found += [_questions(case, searched), _second_part(case, searched, best)]
    return tuple(found)


def lower_bits(problem: Problem) -> tuple[Quantity, int]:
    """Return the exponent of the bound for all entries as variables, and our bits.

    f(U, V) = p/scale, p with integer coefficients, degree 4; so OPT >= 2^-b/scale.

    Examples
    --------
    >>> formula, bits = lower_bits(Problem([[1, 2], [3, 5]], rank=1))
    >>> float(formula.high) <= bits, bits
    (True, 250437)
    """
    polynomial, scale = PlainFormulation(instance=problem.instance).scaled_cost()
    height = max(abs(int(c)) for c in polynomial.coeffs())
    n, d = problem.instance.shape
    variables = problem.rank * (n + d)
    formula = minimum_exponent(
        n_variables=variables, degree=4, height=height, n_conditions=0
    )
    bits = minimum_bound(
        n_variables=variables,
        degree=4,
        height=height,
        n_conditions=0,
        component_is_compact=True,
    )
    extra = (scale - 1).bit_length()
    return enclosed(*(Fraction(x) + extra for x in (formula.low, formula.high))), (
        bits + extra
    )


def _counts(case: Case[WarmUp]) -> Iterator[Finding]:
    """Yield what is counted without any oracle."""
    value = case.value
    n, d = value.problem.shape
    formula, bits = lower_bits(value.problem)
    yield case.finding(
        KEY,
        "bits: v 2^v 4^v (4 - v/2 + log2 H' + 2 v) <= b",
        formula,
        "<=",
        exact(bits),
    )
    upper = n * d << (4 * value.bits)
    unmet = () if has_bits(value.problem, value.bits) else (_INTEGERS.name,)
    yield case.finding(
        KEY,
        "||W o A||^2 <= n d 2^(4 b)",
        exact(value.problem.instance.energy()),
        "<=",
        exact(upper),
        unmet=unmet,
    )
    linear = n_linear_bisections(upper, lower_bits=bits, epsilon=value.epsilon)
    logarithmic = n_log_bisections(upper, lower_bits=bits, epsilon=value.epsilon)
    ends = log2_enclosed(Fraction(upper) / value.epsilon)
    yield case.finding(
        KEY,
        "halvings of [L, B] >= log2(B/(eps L))",
        exact(linear),
        ">=",
        enclosed(*(Fraction(x) + bits for x in (ends.low, ends.high))),
    )
    octaves = log2_enclosed(Fraction(upper), is_coarse=True)
    steps = log2_enclosed(bits + int(octaves.high), is_coarse=True)
    accuracy = log2_enclosed(1 / value.epsilon, is_coarse=True)
    yield case.finding(
        KEY,
        "halvings in log scale <= log2 log2(B/L) + log2(1/eps) + 2",
        exact(logarithmic),
        "<=",
        exact(Fraction(steps.high) + Fraction(accuracy.high) + 2),
    )


def _questions(case: Case[WarmUp], searched: ThresholdSearch) -> Finding:
    """Return how many questions the search asked, and what the theory allows."""
    value = case.value
    _, bits = lower_bits(value.problem)
    energy = value.problem.instance.energy()
    allowed = searched.steps_bound(energy, value.epsilon / 2, bits)
    return case.finding(
        KEY,
        "questions asked <= bound in log scale",
        exact(searched.n_steps),
        "<=",
        exact(allowed),
    )


def _second_part(
    case: Case[WarmUp], searched: ThresholdSearch, best: Quantity
) -> Finding:
    """Return the cost of the factors that are recovered coordinate by coordinate."""
    value = case.value
    instance = value.problem.instance
    room = value.epsilon / 4 * searched.told_lower
    recovered = recover(
        instance,
        ChartFormulation(instance=instance),
        searched.upper + room,
        room,
        oracle="cad",
        budget=Budget(time_limit=_SECONDS),
    )
    if isinstance(recovered, Recovery):
        cost = exact(instance.cost(recovered.left, recovered.right))
    else:
        cost = enclosed(Fraction(best.low), instance.energy())
    return case.finding(
        KEY,
        "Part 2: cost(U, V) <= (1 + eps) OPT",
        cost,
        "<=",
        best.times(1 + value.epsilon),
        note="" if isinstance(recovered, Recovery) else recovered.reason,
    )


def _unmet_optimum(value: WarmUp, best: Quantity) -> tuple[str, ...]:
    """Return the hypothesis on OPT if it does not hold."""
    return () if best.low > 0 and value.epsilon > 0 else (_POSITIVE.name,)


def cases(seeds: int) -> Iterator[Case[WarmUp]]:
    """Yield tiny problems, with tight and loose accuracy, and violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (2, 2 + seed % 2), -7, 7)
        root = integer_matrix(noise, data.shape, 1, 7)
        epsilon = Fraction(1, 10 ** (1 + seed))
        yield _case(f"random-{seed}", "random", data, root, (3, epsilon), seed=seed)
    largest = 7 * np.array([[1, -1], [1, 1]])
    root = 7 * np.ones((2, 2), dtype=np.int64)
    yield _case("largest", "adversarial", largest, root, (3, Fraction(1, 100)))
    yield _case("too-few-bits", "violation", largest, root, (2, Fraction(1, 100)))
    # OPT = 0 is not attained; the search never refutes a threshold.
    corner = np.array([[1, 1], [1, 0]])
    yield _case(
        "optimum-zero", "violation", 1 - np.eye(2, dtype=int), corner, (1, Fraction(1))
    )


def not_compact() -> tuple[Finding, ...]:
    """Return a positive value of f below the bound of Theorem 3.5, on R^4.

    The entry (2, 2) has no weight. U = (s; 1), V = (1, 1/s) cost s^2, which tends to
    0; no U, V cost 0.
    """
    problem = Problem([[0, 1], [1, 0]], weights=[[1, 1], [1, 0]], rank=1)
    case = Case(
        name="((0, 1), (1, *))",
        kind="adversarial",
        value=WarmUp(problem=problem, bits=1, epsilon=Fraction(1)),
    )
    _, bits = lower_bits(problem)
    s = Fraction(1, 1 << (bits // 2 + 1))
    polynomial, scale = PlainFormulation(instance=problem.instance).scaled_cost()
    cost = value_at(polynomial, [s, 1, 1, 1 / s]) / scale
    return (
        case.finding(
            KEY,
            "as printed: a positive value of f has log2(1/f) <= bits",
            log2_enclosed(1 / cost, is_coarse=True),
            "<=",
            exact(bits),
        ),
    )


def _case(
    name: str,
    kind: Kind,
    data: object,
    root: object,
    bits_and_epsilon: tuple[int, Fraction],
    *,
    seed: int | None = None,
) -> Case[WarmUp]:
    """Return a case of rank one."""
    bits, epsilon = bits_and_epsilon
    problem = Problem(data, weights=root, rank=1)
    value = WarmUp(problem=problem, bits=bits, epsilon=epsilon)
    return Case(name=name, kind=kind, value=value, seed=seed)


STATEMENT = Statement(
    key=KEY,
    title="Lemma 4.1: the warm-up",
    source="[LiLiangShiSong2025]_, Lemma 4.1",
    text=(
        "Let A and W be matrices of integers below 2^b, OPT > 0, v = k (n + d). With "
        "the entries of U and V as variables, cost(U, V) has degree 4, and bisection "
        "of [L, B], B = n d 2^(4b), log2(1/L) = v 2^v 4^v (4 - v/2 + log2 H' + 2 v), "
        "takes log2(B/(eps L)) questions 'is OPT <= c?', in log scale only log2 "
        "log2(B/L) + log2(1/eps) + O(1). Part 1: the search returns Lambda with OPT "
        "<= Lambda <= (1 + eps) OPT. Part 2: coordinates recovered one after another "
        "(few-patterns/theorem-7.1) give U, V of cost <= (1 + eps) OPT. That OPT >= L "
        "is proved for positive weights by other means (few-patterns/theorem-5.1); "
        "here L only enters a count."
    ),
    hypotheses=(_POSITIVE, _INTEGERS),
    cases=cases,
    check=check,
    value_type=WarmUp,
    errata=(
        Erratum(
            printed="Theorem 3.5 is applied to the cost on all of R^(2nk).",
            wrong_because="R^(2nk) has no compact component: U, V may be replaced by "
            "U G, G^-1 V; with a zero weight the infimum need not even be attained, "
            "and positive values of the cost have no lower bound.",
            repaired="For positive weights use orthonormal U, see "
            "few-patterns/theorem-5.1.",
            counterexample=not_compact,
        ),
        Erratum(
            printed="The number of bisections is log2(B/(eps L)).",
            wrong_because="It is exponential in nk, as is the number of bits of L: "
            "true, but not needed.",
            repaired="Bisect the exponent first: log2 log2(B/L) + log2(1/eps).",
        ),
    ),
    used_by=(
        "reductions.plain:PlainFormulation",
        "exact_wlra.threshold_search:search",
        "exact_wlra.recovery:recover",
        "semialgebraic.search_bounds:n_log_bisections",
    ),
    tests=(
        "tests/exact_wlra/test_threshold_search.py",
        "tests/semialgebraic/test_search_bounds.py",
        "tests/exact_wlra/test_recovery.py",
    ),
)
