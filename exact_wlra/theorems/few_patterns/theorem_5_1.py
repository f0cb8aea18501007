"""Theorem 5.1: a nonzero optimum is not too small.

Contents
--------
OptimumBound        an integer problem, and a sketch size for the paper's count
STATEMENT           OPT >= 2^-b for positive integer weights, with b

Notes on the implementation
---------------------------
The repaired bound minimizes over orthonormal U (n x k), V projected out, one variable y
for the product of the d denominators det(U^T Omega_j U), each at least (min omega)^k:
a compact set. Its height is bounded by products of sums of absolute coefficients.

References
----------
[LiLiangShiSong2025]_, Theorem 5.1; [JeronimoPerrucciTsigaridas2013]_.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.rank_one_completion import complete_rank_one
from exact_wlra.theorems.few_patterns.exponents import log2_enclosed, minimum_exponent
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import Quantity, exact
from exact_wlra.theorems.sampling import generator, integer_matrix, patterned_weights
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from reductions.cramer import cramer_formulation
from reductions.formulation import pattern_counts
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix
from semialgebraic.search_bounds import projected_optimum_bound, sketched_optimum_bound

KEY = "few-patterns/theorem-5.1"

_WEIGHTS = Hypothesis(name="W > 0", text="all weights are positive")
_POSITIVE = Hypothesis(name="OPT > 0", text="the optimum is not zero")
_INTEGERS = Hypothesis(name="integers", text="A and omega are integer matrices")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OptimumBound:
    """A problem, and t for the count as printed.

    Parameters
    ----------
    problem : Problem
        Integer data and weights, of rank k >= 1; small.
    t : int
        Columns of the sketches.
    """

    problem: Problem
    t: int


def check(case: Case[OptimumBound]) -> tuple[Finding, ...]:
    """Compare OPT with the repaired bound, and both bounds with their formulas.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    problem = case.value.problem
    unmet = _unmet(problem)
    n, d = problem.instance.shape
    k = problem.rank
    tall = height(problem)
    bits = projected_optimum_bound(
        n_rows=n, n_patterns=d, rank=k, height=tall, weights_are_positive=True
    )
    formula = minimum_exponent(
        n_variables=n * k + 1,
        degree=2 * k * d + 2,
        height=tall,
        n_conditions=k * (k + 1) // 2 + 1,
    )
    return (
        case.finding(KEY, "compact: formula <= bits", formula, "<=", exact(bits)),
        case.finding(
            KEY,
            "log2(1/OPT) <= bits",
            _log_of_inverse(optimum(problem)),
            "<=",
            exact(bits),
            unmet=unmet,
            note="for orthonormal U, V projected out",
        ),
        _as_counted(case),
    )


def height(problem: Problem) -> int:
    """Return a bound on the coefficients of objective and conditions, repaired form.

    With N_j = tr(adj(U^T Omega_j U) U^T Omega_j a_j a_j^T Omega_j U) the objective is
    energy - y sum_j N_j prod_(i != j) D_i, D_j = det(U^T Omega_j U).

    Examples
    --------
    >>> height(Problem([[1, 2], [3, 1]], rank=1))
    159
    """
    n, d = problem.instance.shape
    k = problem.rank
    omega = problem.instance.squared_weights
    largest = math.ceil(max(x for row in omega.fractions() for x in row))
    entries = problem.instance.weighted_data().fractions()
    size = math.ceil(max((abs(x) for row in entries for x in row), default=Fraction(0)))
    below = math.factorial(k) * (n * largest) ** k
    adjugate = math.factorial(k - 1) * (n * largest) ** (k - 1) if k > 1 else 1
    above = k * k * adjugate * (n * size) ** 2
    energy = math.ceil(problem.instance.energy())
    found: int = max(energy + d * above * below ** (d - 1), below**d, 1)
    return found


def _as_counted(case: Case[OptimumBound]) -> Finding:
    """Return the number of bits as the paper counts, against its formula."""
    problem, t = case.value.problem, case.value.t
    counts = pattern_counts(problem.instance)
    r = max(counts.n_row_classes, counts.n_column_classes, 1)
    k, tall = problem.rank, 2**40
    bits = sketched_optimum_bound(
        n_patterns=r, rank=k, sketch_size=t, height=tall, component_is_compact=True
    )
    formula = minimum_exponent(
        n_variables=2 * r * k * t + 1, degree=8 * k * r + 2, height=tall, n_conditions=1
    )
    return case.finding(
        KEY,
        "as counted, 2 r k t + 1 variables of degree 8 k r + 2: formula <= bits",
        formula,
        "<=",
        exact(bits),
        note="its proof has a gap; the number alone is compared, with H = 2^40",
    )


def _log_of_inverse(value: Quantity) -> Quantity:
    """Return log2(1/x), infinite for x = 0."""
    low, high = Fraction(value.low), Fraction(value.high)
    least = log2_enclosed(1 / high, is_coarse=True).low if high > 0 else math.inf
    most = log2_enclosed(1 / low, is_coarse=True).high if low > 0 else math.inf
    return Quantity(low=least, high=most, evidence="enclosure")


def _unmet(problem: Problem) -> tuple[str, ...]:
    """Return the names of the hypotheses that do not hold."""
    omega = problem.instance.squared_weights
    is_integer = problem.data.reduced().denominator == 1 == omega.reduced().denominator
    return tuple(
        hypothesis.name
        for hypothesis, is_met in (
            (_WEIGHTS, bool((omega.numerators > 0).all())),
            (_POSITIVE, optimum(problem).low > 0),
            (_INTEGERS, is_integer),
        )
        if not is_met
    )


def cases(seeds: int) -> Iterator[Case[OptimumBound]]:
    """Yield tiny problems, small optima, the example of the design, violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (2, 3), -9, 9)
        root = patterned_weights(noise, (2, 3), 2, 2)
        yield _case(f"random-{seed}", "random", data, root, seed=seed)
    swap = [[0, 1], [1, 0]]
    # OPT = 2 d/(1 + d) for omega = ((1, 1), (1, d^2)); here times 10^4, d = 1/100.
    yield _case("nearly-unweighted", "adversarial", swap, [[100, 100], [100, 1]])
    # The closest two rows of length h can be: OPT is about 1/h^2.
    rows = [[1000, 1001], [999, 1000]]
    yield _case("nearly-rank-one", "adversarial", rows, [[1, 1], [1, 1]])
    # r = 2, k = 1, t = 22: more than 10^142 bits.
    table = [[1, 2], [2, 1]]
    yield _case("two-patterns", "structured", [[1, 2], [3, 1]], table, t=22)
    yield _case("rank-one", "violation", [[1, 2], [2, 4]], [[1, 2], [3, 1]])
    yield _case(
        "zero-weight", "violation", [[1, 2, 3], [3, 1, 1]], [[1, 1, 1], [1, 1, 0]]
    )
    half = [["1/2", 1], [1, "1/3"]]
    yield _case("fractions", "violation", half, [[1, 1], [1, 1]])


def unbounded() -> tuple[Finding, ...]:
    """Return that {y q(x) = 1} has points with y as large as one likes.

    q is homogeneous of degree 8 k r, so that with (x, y) the point
    (x/s, s^(8 k r) y) lies on the same component, for every s >= 1.
    """
    problem = Problem([[1, 2], [3, 5]], weights=[[1, 2], [1, 1]], rank=1)
    case = Case(
        name="2 x 2, k = 1, t = 3",
        kind="adversarial",
        value=OptimumBound(problem=problem, t=3),
    )
    formulation = cramer_formulation(problem.instance, 3, seed=0)
    _, q = formulation.numerator_denominator()
    x = [Fraction(1 + i % 5) for i in range(len(formulation.variables))]
    s = 1 << 100
    first, last = (1 / value_at(q, [c / scale for c in x]) for scale in (1, s))
    return (
        case.finding(
            KEY,
            "compact: log2 |y| <= 1000 on the component",
            log2_enclosed(last, is_coarse=True),
            "<=",
            exact(1000),
            note=f"from y = {float(first):.3g} along a ray",
        ),
    )


def not_attained() -> tuple[Finding, ...]:
    """Return costs of a sketched problem that are positive and tend to OPT = 0."""
    problem = Problem([[0, 1], [1, 0]], weights=[[1, 1], [1, 0]], rank=1)
    case = Case(
        name="((0, 1), (1, *))",
        kind="adversarial",
        value=OptimumBound(problem=problem, t=3),
    )
    formulation = cramer_formulation(problem.instance, 3, seed=0)
    x = formulation.point_of(RationalMatrix.from_rows([[1, 1 << 200]]))
    attained = complete_rank_one(problem.instance)
    return (
        case.finding(
            KEY,
            "F(x) <= 2^-300 at a point where all denominators are positive",
            exact(formulation.value(x)),
            "<=",
            exact(Fraction(1, 1 << 300)),
        ),
        case.finding(
            KEY,
            "as printed: the minimum exists (factors of cost OPT = 0, counted)",
            exact(0 if attained is None else 1),
            ">=",
            exact(1),
        ),
    )


def _case(
    name: str,
    kind: Kind,
    data: object,
    root: object,
    *,
    t: int = 3,
    seed: int | None = None,
) -> Case[OptimumBound]:
    """Return a case of rank one."""
    problem = Problem(np.asarray(data, dtype=object), weights=root, rank=1)
    return Case(
        name=name, kind=kind, value=OptimumBound(problem=problem, t=t), seed=seed
    )


STATEMENT = Statement(
    key=KEY,
    title="Theorem 5.1: a nonzero optimum is not too small",
    source="[LiLiangShiSong2025]_, Theorem 5.1 (proof repaired)",
    text=(
        "Let A and omega > 0 be integer matrices, n x d, and OPT > 0. Then OPT >= "
        "2^-b, b the bound of few-patterns/theorem-3.5 for n k + 1 variables, k (k + "
        "1)/2 + 1 conditions, degree 2 k d + 2, and H a bound on the coefficients of "
        "U^T U = I, y prod_j det(U^T Omega_j U) = 1 and the cost with V eliminated. "
        "With r_c distinct columns of omega, d may be replaced by r_c. The bound is "
        "deterministic, without eps. As the paper counts, with a sketch of t columns, "
        "there are 2 r k t + 1 variables of degree 8 k r + 2: at r = 2, k = 1, t = 22 "
        "more than 10^142 bits. Either number proves that a search ends; neither is a "
        "stopping rule."
    ),
    hypotheses=(_WEIGHTS, _POSITIVE, _INTEGERS),
    cases=cases,
    check=check,
    value_type=OptimumBound,
    errata=(
        Erratum(
            printed="Theorem 3.5 is applied to y p(x) on {y q(x) = 1}.",
            wrong_because="That set is not bounded, and no component is compact.",
            repaired="Positive weights: orthonormal U, V projected out. In general: "
            "the values of the cost are a semialgebraic set of the line, described by "
            "polynomials of bounded degree and height.",
            counterexample=unbounded,
        ),
        Erratum(
            printed="The minimum of y p(x) over {y q(x) = 1}.",
            wrong_because="With zero weights it need not be attained, and values are "
            "positive and arbitrarily small.",
            repaired="An infimum; the theorem on minima does not apply.",
            counterexample=not_attained,
        ),
        Erratum(
            printed="With high probability, OPT is at least the bound.",
            wrong_because="OPT is not random, nor is the bound: one good sketch "
            "exists, and eps may be fixed to 1/2.",
            repaired="Surely, and without eps in the exponent.",
        ),
        Erratum(
            printed="The sketches are Gaussian.",
            wrong_because="Theorem 3.5 needs integer coefficients.",
            repaired="Integer sketches; or no sketch, as above.",
        ),
    ),
    used_by=(
        "semialgebraic.search_bounds:sketched_optimum_bound",
        "semialgebraic.search_bounds:projected_optimum_bound",
    ),
    tests=("tests/semialgebraic/test_search_bounds.py",),
)
