"""Theorem 6.1: the value, by guessing what two sketches would say.

Contents
--------
SketchedValue       a problem and a sketch size
STATEMENT           OPT <= F everywhere, counts, degrees, the mean at the planted point

Notes on the implementation
---------------------------
The mean is taken of `planted_costs`, a second implementation in floats; for the sketch
of the exact one both give the same.

References
----------
[LiLiangShiSong2025]_, Theorem 6.1; [RazenshteynSongWoodruff2016]_.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.theorems.few_patterns.planted_costs import planted_costs
from exact_wlra.theorems.findings import Finding, Relation
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import confident, estimated, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Kind, Statement
from reductions.cramer import CramerFormulation, cramer_formulation
from reductions.errors import NotApplicableError
from reductions.formulation import pattern_counts
from reductions.instances import Instance
from reductions.sketching import expected_ratio, two_sided_sketch_size
from semialgebraic.polynomials import value_at
from semialgebraic.rational_matrices import RationalMatrix

KEY = "few-patterns/theorem-6.1"

_FINITE = Hypothesis(name="t >= k + 2", text="the sketches have at least k + 2 columns")
_REGULAR = Hypothesis(name="regular point", text="the denominators do not vanish at x")

_DRAWS = 20_000
# With fewer columns beyond k the fourth moment is infinite, and the spread of a sample
# tells nothing about its mean.
_FOR_MEANS = 8
_MOST_TERMS = 1_000_000


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SketchedValue:
    """What the theorem speaks about.

    Parameters
    ----------
    problem : Problem
        With W given, of rank k >= 1.
    t : int
        Columns of both sketches.
    n_zero : int
        How many of the first coordinates of x are zero; t or more make a row of a
        guess matrix zero.
    """

    problem: Problem
    t: int
    n_zero: int = 0


def check(case: Case[SketchedValue]) -> tuple[Finding, ...]:
    """Count and evaluate exactly; compare the mean of draws with its bound.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    value = case.value
    k = value.problem.rank
    if value.t < k + 2:
        return tuple(_means(case, (_FINITE.name,)))
    formulation = cramer_formulation(
        value.problem.instance, value.t, seed=case.seed or 0
    )
    if value.n_zero >= value.t:
        return (_singular(case, formulation),)
    means = _means(case, ()) if value.t >= k + _FOR_MEANS else ()
    return (*_counts(case, formulation), *_values(case, formulation), *means)


def _counts(
    case: Case[SketchedValue], formulation: CramerFormulation
) -> Iterator[Finding]:
    """Yield variables, degrees and summands against the counts of the patterns."""
    value = case.value
    counts = pattern_counts(value.problem.instance)
    r = counts.n_row_classes + counts.n_column_classes
    k = value.problem.rank
    yield case.finding(
        KEY,
        "number of variables = (r_r + r_c) k t",
        exact(len(formulation.variables)),
        "==",
        exact(r * k * value.t),
    )
    summands = formulation.types.shape[0] * formulation.types.shape[1]
    yield case.finding(
        KEY,
        "summands = (row types)(column types)",
        exact(summands),
        "==",
        exact(counts.n_row_types * counts.n_column_types),
    )
    if formulation.sizes.n_terms > _MOST_TERMS:
        return
    p, q = formulation.numerator_denominator()
    degree = exact(4 * k * r)
    for name, polynomial, relation in (("p", p, "<="), ("q", q, "==")):
        yield case.finding(
            KEY,
            f"degree of {name} {relation} 4 k (r_r + r_c)",
            exact(int(polynomial.total_degree())),
            relation,  # type: ignore[arg-type]
            degree,
        )
    x = _point(case, formulation, case.seed or 0)
    yield case.finding(
        KEY,
        "p/(scale q) at a rational point = cost of the factors on all entries",
        exact(value_at(p, x) / (value_at(q, x) * formulation.scale)),
        "==",
        exact(_entry_by_entry(value.problem.instance, *formulation.factors(0, x))),
    )


def _values(
    case: Case[SketchedValue], formulation: CramerFormulation
) -> Iterator[Finding]:
    """Yield that values are costs, on types as on entries, and never below OPT."""
    problem = case.value.problem
    best = optimum(problem)
    points = [_point(case, formulation, seed) for seed in range(5)]
    points.append(list(formulation.planted(_near_optimal(problem))))
    values = [formulation.value(x) for x in points]
    yield case.finding(KEY, "OPT <= F(x)", best, "<=", exact(min(values)))
    left, right = formulation.factors(0, points[-1])
    yield case.finding(
        KEY,
        "F by (r p)^2 pairs of types = sum over all entries",
        exact(values[-1]),
        "==",
        exact(_entry_by_entry(problem.instance, left, right)),
    )
    if formulation.left.roots_are_exact and formulation.right.roots_are_exact:
        yield _second_implementation(case, formulation, values[-1])


def _second_implementation(
    case: Case[SketchedValue], formulation: CramerFormulation, value: Fraction
) -> Finding:
    """Return F at the planted point by `planted_costs`, against the exact value."""
    problem = case.value.problem
    sketches = formulation.left.sketch, formulation.right.sketch
    _, both, _ = planted_costs(
        problem.instance,
        _near_optimal(problem).to_float(),
        (sketches[0].to_float()[None], sketches[1].to_float()[None]),
    )
    return case.finding(
        KEY,
        "F at the planted point, in floats = exactly",
        estimated(float(both[0]), error=1e-7 * float(both[0])),
        "==",
        exact(value),
    )


def _singular(case: Case[SketchedValue], formulation: CramerFormulation) -> Finding:
    """Return that where a denominator vanishes there are no factors, and no solution.

    p - c scale q is zero there; the condition q > 0 keeps such points out.
    """
    x = _point(case, formulation, 0)
    try:
        is_defined = formulation.value(x) >= 0
    except NotApplicableError:
        is_defined = False
    return case.finding(
        KEY,
        "F(x) is defined, or x solves the system (1 yes, 0 no)",
        exact(int(is_defined or formulation.systems(Fraction(1))[0].holds_at(x))),
        "==",
        exact(1),
        unmet=(_REGULAR.name,),
    )


def _means(case: Case[SketchedValue], unmet: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the mean of F at the planted point against (1 + k/(t - k - 1))^2 OPT."""
    value = case.value
    problem, t = value.problem, value.t
    noise = generator(KEY + case.name, case.seed or 0)
    n, d = problem.instance.shape
    first, both, least = planted_costs(
        problem.instance,
        _near_optimal(problem).to_float(),
        (noise.standard_normal((_DRAWS, d, t)), noise.standard_normal((_DRAWS, n, t))),
    )
    ratio = expected_ratio(problem.rank, max(t, problem.rank + 2))
    # A row of fewer than k weights is a problem of lower rank, of a smaller mean.
    has_zero = not problem.instance.support().all()
    relation: Relation = "<=" if has_zero else "=="
    yield case.finding(
        KEY,
        f"one sketch: mean cost(U, V*)/least cost(., V*) {relation} 1 + k/(t - k - 1)",
        confident(first / least),
        relation,
        exact(ratio),
        unmet=unmet,
    )
    yield case.finding(
        KEY,
        "two sketches: mean F(x*)/least cost(., V*) <= (1 + k/(t - k - 1))^2",
        confident(both / least),
        "<=",
        exact(ratio**2),
        unmet=unmet,
    )


def cases(seeds: int) -> Iterator[Case[SketchedValue]]:
    """Yield problems with one and two patterns, many rows, rank two, and violations."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        data = integer_matrix(noise, (3, 3), -5, 5)
        root = np.array([[1, 1, 2], [1, 1, 2], [3, 3, 1]])
        yield _case(
            f"two-patterns-{seed}", "random", data, root, (1, 3 + 9 * seed), seed=seed
        )
    noise = generator(KEY, 100)
    ones = np.ones((3, 3), dtype=np.int64)
    data = integer_matrix(noise, (3, 3), -9, 9)
    yield _case("one-pattern", "structured", data, ones, (1, 12))
    many = np.tile(data, (4, 1))
    weights = np.tile([[1, 2, 2], [3, 1, 1], [1, 2, 2]], (4, 1))
    yield _case("repeated-rows", "structured", many, weights, (1, 12))
    wide = integer_matrix(noise, (4, 4), -9, 9)
    yield _case("rank-two", "adversarial", wide, np.ones((4, 4), int), (2, 16))
    holes = np.array([[1, 1, 0], [1, 2, 1], [0, 1, 1]])
    yield _case("zero-weights", "adversarial", data, holes, (1, 12))
    yield _case("too-few-columns", "violation", data, ones, (1, 2))
    problem = Problem(data, weights=ones, rank=1)
    yield Case(
        name="zero-guess",
        kind="violation",
        value=SketchedValue(problem=problem, t=3, n_zero=3),
    )


def more_variables() -> tuple[Finding, ...]:
    """Return the variables of the guess and of direct elimination, p = 10 types."""
    r, p, k = 2, 10, 1
    t = two_sided_sketch_size(k, Fraction(1, 2), Fraction(1, 10))
    noise = generator(KEY, 200)
    problem = Problem(
        integer_matrix(noise, (r * p, r * p), -9, 9),
        weights=np.kron([[1, 2], [2, 1]], np.ones((p, p), dtype=np.int64)),
        rank=k,
    )
    case = Case(
        name="r = 2, p = 10, k = 1, eps = 1/2, delta = 1/10",
        kind="adversarial",
        value=SketchedValue(problem=problem, t=t),
    )
    formulation = cramer_formulation(problem.instance, t, seed=0)
    return (
        case.finding(
            KEY,
            "the sketch reduces the variables: 2 r k t <= k r p",
            exact(len(formulation.variables)),
            "<=",
            exact(k * min(problem.shape)),
            note="it does if p > 2 t = 86",
        ),
    )


def _case(
    name: str,
    kind: Kind,
    data: Any,
    root: Any,
    rank_and_t: tuple[int, int],
    *,
    seed: int | None = None,
) -> Case[SketchedValue]:
    """Return a case."""
    rank, t = rank_and_t
    problem = Problem(data, weights=root, rank=rank)
    return Case(
        name=name, kind=kind, value=SketchedValue(problem=problem, t=t), seed=seed
    )


def _near_optimal(problem: Problem) -> RationalMatrix:
    """Return V of a nearly optimal pair."""
    return solve(problem, gap=Fraction(1, 10**3), time_limit=10).V


def _point(
    case: Case[SketchedValue], formulation: CramerFormulation, seed: int
) -> list[Fraction]:
    """Return a rational point whose first coordinates are zero if that is asked for."""
    noise = generator(KEY + "point", seed)
    entries = noise.integers(1, 21, len(formulation.variables))
    entries[: case.value.n_zero] = 0
    return [Fraction(int(c), 7) for c in entries]


def _entry_by_entry(
    instance: Instance, left: RationalMatrix, right: RationalMatrix
) -> Fraction:
    """Return sum omega_ij (A_ij - (UV)_ij)^2 over all entries, one by one."""
    product = (left @ right).fractions()
    data, omega = instance.data.fractions(), instance.squared_weights.fractions()
    n, d = instance.shape
    return sum(
        (
            omega[i][j] * (data[i][j] - product[i][j]) ** 2
            for i in range(n)
            for j in range(d)
        ),
        Fraction(0),
    )


STATEMENT = Statement(
    key=KEY,
    title="Theorem 6.1: the value",
    source="[LiLiangShiSong2025]_, Theorem 6.1",
    text=(
        "Guess P_g = V* D_g S (k x t) for each class g of proportional weight rows "
        "and Q_h = T D_h U for each class h of columns: (r_r + r_c) k t variables x "
        "(2 r k t in the paper). U(x) and V(x) are the sketched fits, rational "
        "functions with r_r + r_c distinct denominators, wherever these are not zero; "
        "and F(x) = cost(U(x), V(x)) = p/(scale q), p and q of degree at most "
        "4 k (r_r + r_c) (8 k r), a sum over the pairs of a row type and a column "
        "type, at most (r p)^2. OPT <= F(x) for every x, so every Lambda = F(x) is "
        "one-sided. For t >= k + 2 and independent Gaussian S, T, at the true x* for "
        "V*, in the mean "
        "F(x*) <= (1 + k/(t - k - 1))^2 min_U cost(U, V*)."
    ),
    hypotheses=(_FINITE, _REGULAR),
    cases=cases,
    check=check,
    value_type=SketchedValue,
    is_statistical=True,
    errata=(
        Erratum(
            printed="Sketching reduces the number of variables.",
            wrong_because="Merging types alone leaves an (r p) x (r p) instance, for "
            "which k(r p - k) variables suffice, without eps. The guess has fewer only "
            "if p > 2 t, about 2 k + 4 k/(eps delta).",
            repaired="Merge types; then choose the smaller formulation.",
            counterexample=more_variables,
        ),
        Erratum(
            printed="The rank of each guess matrix is guessed: 2^O(rk) systems.",
            wrong_because="Near every V* there is one whose minors are nonzero, at no "
            "loss: then the ranks are known.",
            repaired="One system.",
        ),
    ),
    used_by=(
        "reductions.cramer:cramer_formulation",
        "reductions.cramer:CramerFormulation",
        "reductions.sketched_charts:sketched_charts",
    ),
    tests=(
        "tests/reductions/test_cramer.py",
        "tests/reductions/test_sketched_charts.py",
    ),
)
