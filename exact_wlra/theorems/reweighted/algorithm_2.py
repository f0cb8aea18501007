"""Algorithm 2 of the reweighted paper: what holds of it, and that nothing else does.

Contents
--------
PracticalInput      a problem and the rank of the approximate inverse of W
STATEMENT           f(X) between c2^-2 and c1^-2 times the cost for the weights used

References
----------
[WoodruffYasuda2024]_, Algorithm 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.reweighted_practical import svd_w
from exact_wlra.heuristics.weighted_matrix import WeightedMatrix
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    divided,
    in_floats,
    squared_distance,
    squared_norm,
    weighted_cost,
    weights_of,
)
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import generator, weighted_problem
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/algorithm-2"

_RANK_ONE = Hypothesis(name="weights of rank one", text="W > 0 has rank one")

# Found by drawing heavy-tailed factors: rank W = 2, and V of rank 2 has signs of both
# kinds.
_HEAVY = Problem(
    [[3, -2, 2], [0, -1, 3], [-3, 1, 0]],
    weights=[[9, 9, 81], [901, 91, 9], [32, 5, 18]],
    rank=1,
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PracticalInput:
    """What Algorithm 2 is given.

    Parameters
    ----------
    problem : Problem
        With W > 0.
    inverse_rank : int
        m, the rank of V near W^{o-1}; the second decomposition has rank mk.
    """

    problem: Problem
    inverse_rank: int


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """The algorithm with rounded decompositions, exact after that.

    V of rank m near W^{o-1}, B of rank mk near V^{o-1} o A, and X = V o B.
    """

    inverse: RationalMatrix
    reweighted: RationalMatrix
    decomposition: RationalMatrix

    @property
    def solution(self) -> RationalMatrix:
        """X = V o B."""
        return self.inverse.hadamard(self.decomposition)

    @property
    def distance(self) -> Fraction:
        """||W' o A - B||_F^2."""
        return squared_distance(self.reweighted, self.decomposition)


def _run(value: PracticalInput) -> _Run:
    """Run the algorithm; W^{o-1} itself is V if its rank is at most m."""
    root = weights_of(value.problem)
    ones = RationalMatrix.from_rows([[1] * root.shape[1]] * root.shape[0])
    inverse = divided(ones, root)
    if rational_rank(inverse) > value.inverse_rank:
        inverse = rounded_best_approximation(inverse, value.inverse_rank)
    reweighted = divided(value.problem.data, inverse)
    return _Run(
        inverse=inverse,
        reweighted=reweighted,
        decomposition=rounded_best_approximation(
            reweighted, value.inverse_rank * value.problem.rank
        ),
    )


def check(case: Case[PracticalInput]) -> tuple[Finding, ...]:
    """Check the bounds by the distortion of the weights, exactly.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    problem, m = case.value.problem, case.value.inverse_rank
    root, run = weights_of(problem), _run(case.value)
    cost, distance = weighted_cost(problem, run.solution), run.distance
    # W / W' = W V; its squares lie between c2^-2 and c1^-2.
    ratios = [x**2 for row in root.hadamard(run.inverse).fractions() for x in row]
    residual = problem.data - run.solution
    used = squared_norm(divided(residual, run.inverse))
    found = [
        case.finding(
            KEY,
            "||W' o (A - X)||^2 = ||W' o A - B||^2",
            exact(used),
            "==",
            exact(distance),
        ),
        case.finding(
            KEY,
            "f(X) <= c1^-2 ||W' o A - B||^2",
            exact(cost),
            "<=",
            exact(max(ratios) * distance),
        ),
        case.finding(
            KEY,
            "f(X) >= c2^-2 ||W' o A - B||^2",
            exact(cost),
            ">=",
            exact(min(ratios) * distance),
        ),
        case.finding(
            KEY,
            "rank X <= m mk",
            exact(rational_rank(run.solution)),
            "<=",
            exact(m * m * problem.rank),
        ),
    ]
    return (*found, *_beside_optimum(case, run, cost, max(ratios) / min(ratios)))


def _beside_optimum(
    case: Case[PracticalInput], run: _Run, cost: Fraction, spread: Fraction
) -> list[Finding]:
    """Return what is proved for m = 1, and for weights of rank one."""
    problem, m = case.value.problem, case.value.inverse_rank
    tail = singular_tail(run.reweighted, m * problem.rank)
    if not tail.low > 0:
        return []
    kappa = run.distance / Fraction(tail.low)
    best = optimum(problem)
    is_one = rational_rank(weights_of(problem)) == 1
    found = [
        case.finding(
            KEY,
            "f(X) <= kappa OPT_k",
            exact(cost),
            "<=",
            best.times(kappa),
            unmet=() if is_one else (_RANK_ONE.name,),
            note="" if is_one else f"X = 0 costs {_zero(problem)}",
        )
    ]
    if m == 1:
        found += [
            case.finding(
                KEY,
                "m = 1: f(X) <= (c2/c1)^2 kappa OPT_k",
                exact(cost),
                "<=",
                best.times(kappa * spread),
            ),
            in_floats(
                KEY,
                case,
                "f(X)",
                computed=svd_w(
                    WeightedMatrix.from_problem(problem), rank=problem.rank
                ).cost,
                exactly=cost,
            ),
        ]
    if is_one:
        product = weights_of(problem).hadamard(problem.data)
        first = divided(
            rounded_best_approximation(product, problem.rank), weights_of(problem)
        )
        found.append(
            case.finding(
                KEY,
                "W of rank one: Algorithm 2 costs what Algorithm 1 does",
                exact(cost),
                "==",
                exact(weighted_cost(problem, first)),
            )
        )
    return found


def _zero(problem: Problem) -> Fraction:
    """Return ||W o A||_F^2, the cost of X = 0."""
    return weighted_cost(problem, RationalMatrix.zeros(*problem.shape))


def cases(seeds: int) -> Iterator[Case[PracticalInput]]:
    """Yield weights of rank one and two, and heavy-tailed ones."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for weights in ("rank one", "two row patterns", "positive"):
            problem = weighted_problem(noise, (3, 4), 1, weights=weights)
            yield Case(
                name=f"{weights}-{seed}",
                kind="random" if weights == "rank one" else "violation",
                value=PracticalInput(problem=problem, inverse_rank=1),
                seed=seed,
            )
    yield Case(
        name="heavy-tailed",
        kind="violation",
        value=PracticalInput(problem=_HEAVY, inverse_rank=2),
    )


def worse_than_nothing() -> tuple[Finding, ...]:
    """Return heavy-tailed weights of rank two for which X = 0 is four times better."""
    value = PracticalInput(problem=_HEAVY, inverse_rank=2)
    case = Case(name="3 x 3, rank W = 2, k = 1", kind="adversarial", value=value)
    run = _run(value)
    n_negative = int((run.inverse.numerators < 0).sum())
    return (
        case.finding(
            KEY,
            "as an approximation: f(X) <= f(0) = ||W o A||^2",
            exact(weighted_cost(_HEAVY, run.solution)),
            "<=",
            exact(_zero(_HEAVY)),
            note=f"{n_negative} of 9 weights used are negative",
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Algorithm 2: bounds by the distortion of the weights, no guarantee",
    source="[WoodruffYasuda2024]_, Algorithm 2; bounds of this project",
    text=(
        "Let V of rank m, without zeros, stand for W^{o-1}, W' = V^{o-1}, B of rank "
        "mk for W' o A, X = V o B, and c1 W <= |W'| <= c2 W. Then ||W' o (A - X)||^2 "
        "= ||W' o A - B||^2 and c2^-2 ||W' o A - B||^2 <= f(X) <= c1^-2 ||W' o A - "
        "B||^2; rank X <= m mk. Let ||W' o A - B||^2 = kappa ||(W' o A)_{-mk}||^2. If "
        "m = 1, f(X) <= (c2/c1)^2 kappa OPT_k. If W > 0 has rank one, V = W^{o-1}: "
        "Algorithm 2 is Algorithm 1, and f(X) <= kappa OPT_k. Beyond that no factor "
        "holds for all W: V may have entries of either sign, and X may cost more than "
        "X = 0."
    ),
    hypotheses=(_RANK_ONE,),
    cases=cases,
    check=check,
    value_type=PracticalInput,
    errata=(
        Erratum(
            printed="Algorithm 2 is offered as a practical alternative for general W.",
            wrong_because=(
                "Theorem 1.2 needs weights of low rank; here their entrywise inverse "
                "has low rank, and may change sign. Rank rk for V is ambiguous too: "
                "the published curves fit rank one."
            ),
            repaired="The bounds by c1 and c2; compare with X = 0 and Algorithm 1.",
            counterexample=worse_than_nothing,
        ),
    ),
    used_by=("exact_wlra.heuristics.reweighted_practical:svd_w",),
    tests=(
        "tests/exact_wlra/test_reweighted_practical.py",
        "tests/exact_wlra/theorems/test_reweighted.py",
    ),
)
