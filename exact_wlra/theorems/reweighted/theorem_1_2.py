"""Theorem 1.2 of the reweighted paper: Algorithm 1 costs at most kappa OPT.

Contents
--------
STATEMENT           ||(W o A)_{-rk}||^2 <= OPT_k, and what Algorithm 1 costs

References
----------
[WoodruffYasuda2024]_, Theorem 1.2.
"""

from collections.abc import Iterator
from fractions import Fraction

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import Quantity, exact
from exact_wlra.theorems.rounded_decompositions import rounded_best_approximation
from exact_wlra.theorems.sampling import Weights, generator, weighted_problem
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/theorem-1.2"

_RATIONAL_ROOTS = Hypothesis(
    name="W given",
    text="the weights are given as W, so that W o A is rational",
)


def check(case: Case[Problem]) -> tuple[Finding, ...]:
    """Check the lower bound, and cost = ||W o A - B||^2 for the rounded best B.

    The decomposition is computed in floats and rounded to rationals B of rank rk; then
    kappa = ||W o A - B||^2 / ||(W o A)_{-rk}||^2 is enclosed, the cost is exact.
    """
    problem = case.value
    root = problem.root_weights
    if root is None or problem.is_patterned:
        return (_unmet(case),)
    r, k = rational_rank(root), problem.rank
    product = root.hadamard(problem.data)
    tail, best = singular_tail(product, r * k), optimum(problem)
    decomposition = rounded_best_approximation(product, r * k)
    distance = _squared_distance(product, decomposition)
    cost = _cost_after_division(problem, root, decomposition)
    has_zero = bool((root.numerators == 0).any())

    def finding(claim: str, low: Quantity, relation: str, high: Quantity) -> Finding:
        return Finding(
            statement=KEY,
            claim=claim,
            case=case.name,
            measured=low,
            relation=relation,  # type: ignore[arg-type]
            bound=high,
            seed=case.seed,
        )

    equality = "<=" if has_zero else "=="
    found = [
        finding("||(W o A)_{-rk}||^2 <= OPT_k", tail, "<=", best),
        finding(
            f"cost(W^-1 o B) {equality} ||W o A - B||^2",
            exact(cost),
            equality,
            exact(distance),
        ),
    ]
    if tail.low > 0:
        kappa = distance / Fraction(tail.low)
        found.append(
            finding(
                "cost(W^-1 o B) <= kappa OPT_k", exact(cost), "<=", best.times(kappa)
            )
        )
    return tuple(found)


def cases(seeds: int) -> Iterator[Case[Problem]]:
    """Yield small problems; with weights of rank one the lower bound is attained."""
    kinds: tuple[Weights, ...] = (
        "positive",
        "some zero",
        "two row patterns",
        "rank one",
    )
    shapes = ((2, 3), (3, 3), (3, 4))
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for weights in kinds:
            shape = shapes[seed % len(shapes)]
            yield Case(
                name=f"{weights}-{shape[0]}x{shape[1]}-{seed}",
                kind="structured" if weights == "rank one" else "random",
                value=weighted_problem(noise, shape, 1, weights=weights),
                seed=seed,
            )
    yield Case(
        name="squared-weights-only",
        kind="violation",
        value=Problem([[1, 2], [3, 5]], squared_weights=[[2, 3], [5, 7]], rank=1),
    )


def printed_first() -> tuple[Finding, ...]:
    """Return the theorem as first printed, ||W o A'|| for ||W o A - A'||, on 2 x 2.

    The minimum over A' of ||W o A'||^2 is 0, so that the hypothesis would ask for
    B = W o A, and the equality that follows it, 0 = ||(W o A)_{-rk}||^2, fails.
    """
    product = RationalMatrix.from_rows([[1, 0], [0, 2]])
    return (
        Finding(
            statement=KEY,
            claim="as printed: min ||W o A'||^2 = ||(W o A)_{-rk}||^2",
            case="diag(1, 2), W = ones",
            measured=exact(0),
            relation="==",
            bound=singular_tail(product, 1),
        ),
    )


def _unmet(case: Case[Problem]) -> Finding:
    """Return the finding for a problem whose W is not rational."""
    return Finding(
        statement=KEY,
        claim="||(W o A)_{-rk}||^2 <= OPT_k",
        case=case.name,
        measured=exact(0),
        relation="<=",
        bound=exact(0),
        unmet=(_RATIONAL_ROOTS.name,),
        note="give W, dense; from omega alone W is irrational in general",
        seed=case.seed,
    )


def _squared_distance(left: RationalMatrix, right: RationalMatrix) -> Fraction:
    """Return ||left - right||_F^2."""
    difference = left - right
    return difference.hadamard(difference).total()


def _cost_after_division(
    problem: Problem, root: RationalMatrix, decomposition: RationalMatrix
) -> Fraction:
    """Return f(W^{o-1} o B) with 1/0 read as 0, exactly."""
    total = Fraction(0)
    rows = zip(
        root.fractions(),
        decomposition.fractions(),
        problem.data.fractions(),
        strict=True,
    )
    for weights, values, entries in rows:
        for w, b, a in zip(weights, values, entries, strict=True):
            if w:
                total += w**2 * (a - b / w) ** 2
    return total


STATEMENT = Statement(
    key=KEY,
    title="Theorem 1.2: Algorithm 1 costs at most kappa OPT",
    source="[WoodruffYasuda2024]_, Theorem 1.2",
    text=(
        "Let W >= 0 have rank r. If ||W o A - B||_F^2 <= kappa ||(W o A)_{-rk}||_F^2, "
        "then f(W^{o-1} o B) <= kappa OPT_k, where 1/0 is read as 0. In particular "
        "||(W o A)_{-rk}||_F^2 <= OPT_k. With W > 0, "
        "f(W^{o-1} o B) = ||W o A - B||_F^2; with zeros it is at most that."
    ),
    hypotheses=(_RATIONAL_ROOTS,),
    cases=cases,
    check=check,
    value_type=Problem,
    errata=(
        Erratum(
            printed="The first printing writes min ||W o A'||^2 over A' of rank rk.",
            wrong_because="That minimum is 0, at A' = 0.",
            repaired="min ||W o A - A'||^2, which is ||(W o A)_{-rk}||^2.",
            counterexample=printed_first,
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.reweighted:reweighted",
        "exact_wlra.bounds.splitting:prove_hadamard_rank",
    ),
    tests=("tests/exact_wlra/theorems/test_statements.py",),
)
