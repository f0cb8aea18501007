"""T1: the spectral bound, and its test of optimality.

Contents
--------
Centered            a problem, p, q, and factors of the center X
STATEMENT           OPT >= tail(B) - price; equality where X passes the test
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

from exact_wlra.bounds.spectral import prove_spectral
from exact_wlra.checker import lower_bound
from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import problem_of
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import eigenvalues, optimum
from exact_wlra.theorems.ours.duality import planted_point
from exact_wlra.theorems.ours.minorants import lowered_data
from exact_wlra.theorems.quantities import enclosed, exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from exact_wlra.theorems.weighted_tails import weighted_tail
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/spectral-bound"

_BELOW = Hypothesis(name="below", text="0 < p_i q_j <= omega_ij for all i, j")
_TEST = Hypothesis(
    name="test passed",
    text="(for equality) X of rank k is stationary and sigma_k(P^1/2 X Q^1/2) >= "
    "||P^-1/2 (omega o (A - X)) Q^-1/2||_2",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Centered:
    """A problem, p (1 x n) and q (1 x d), positive, and the center X = U V."""

    problem: Problem
    p: RationalMatrix
    q: RationalMatrix
    U: RationalMatrix
    V: RationalMatrix


def check(case: Case[Centered]) -> tuple[Finding, ...]:
    """Compare the bound with OPT, with the cost of X, and with that of our search."""
    value, problem = case.value, case.value.problem
    pi = value.p.transpose @ value.q
    rest = problem.squared_weights - pi
    is_below = bool((rest.numerators >= 0).all())
    residual = problem.data - value.U @ value.V
    data, price = lowered_data(problem, pi, _divided(residual, pi))
    tail = weighted_tail(data, value.p, value.q, problem.rank)
    bound = enclosed(Fraction(tail.low) - price, Fraction(tail.high) - price)
    best, cost = optimum(problem), exact(problem.cost(value.U, value.V))
    say = partial(case.finding, KEY)
    unmet = () if is_below else (_BELOW.name,)
    findings = [say("tail(B) - price <= OPT", bound, "<=", best, unmet=unmet)]
    if is_below:
        passed = () if _passes(value, residual) else (_TEST.name,)
        findings += [
            say("the bound is the cost of X", bound, "==", cost, unmet=passed),
            say("X is a minimizer", cost, "==", best, unmet=passed),
        ]
        proof = prove_spectral(
            problem.instance,
            value.U.to_float(),
            value.V.to_float(),
            target_gap=1e-6,
            max_evaluations=0,
        )
        proved = exact(lower_bound(problem.instance, proof))
        findings.append(say("bound of prove_spectral <= OPT", proved, "<=", best))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[Centered]]:
    """Yield strong planted signals (equality), any X, weak signals, p q^T too large."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        yield Case(
            name=f"strong-{seed}",
            kind="random",
            value=_planted(noise, signal=20, rank=1 + seed % 2),
            seed=seed,
        )
        strong = _planted(noise, signal=3, rank=1)
        U = RationalMatrix(integer_matrix(noise, (4, 1), -2, 2))
        V = RationalMatrix(integer_matrix(noise, (1, 4), 1, 2))
        yield Case(
            name=f"any-center-{seed}",
            kind="random",
            value=Centered(problem=strong.problem, p=strong.p, q=strong.q, U=U, V=V),
            seed=seed,
        )
    # The second singular vector is stationary, too, and no minimizer.
    second = Problem([[3, 0], [0, 1]], squared_weights=[[1, 2], [2, 1]], rank=1)
    ones, e = RationalMatrix.from_rows([[1, 1]]), RationalMatrix.from_rows([[0, 1]])
    yield Case(
        name="weak-signal",
        kind="violation",
        value=Centered(problem=second, p=ones, q=ones, U=e.transpose, V=e),
    )
    yield Case(
        name="not-below",
        kind="violation",
        value=Centered(
            problem=second,
            p=ones.scaled(2),
            q=ones,
            U=RationalMatrix.zeros(2, 1),
            V=RationalMatrix.zeros(1, 2),
        ),
    )


def _planted(noise: Generator, *, signal: int, rank: int) -> Centered:
    """Return a planted critical point as the center, with p q^T = min omega."""
    point = planted_point(noise, (4, 4), rank, signal=signal)
    problem = problem_of(point.instance)
    ones = RationalMatrix.from_rows([[1] * 4])
    least = Fraction(int(point.squared_weights.numerators.min()))
    return Centered(problem=problem, p=ones.scaled(least), q=ones, U=point.U, V=point.V)


def _divided(matrix: RationalMatrix, by: RationalMatrix) -> RationalMatrix:
    """Return the entrywise quotient."""
    rows = zip(matrix.fractions(), by.fractions(), strict=True)
    return RationalMatrix.from_fractions(
        [[x / y for x, y in zip(a, b, strict=True)] for a, b in rows]
    )


def _passes(value: Centered, residual: RationalMatrix) -> bool:
    """Tell whether X is stationary and its signal is proved to exceed the noise."""
    X, weighted = value.U @ value.V, value.problem.squared_weights.hadamard(residual)
    slopes = (X.transpose @ weighted, X @ weighted.transpose)
    if any(slope.numerators.any() for slope in slopes):
        return False
    one_over = [
        _divided(RationalMatrix(v.numerators * 0 + 1), v) for v in (value.p, value.q)
    ]
    signal = sorted(
        float(x.low)
        for x in eigenvalues(X.hadamard(value.q) @ X.transpose.hadamard(value.p))
    )
    noise = eigenvalues(
        weighted.hadamard(one_over[1]) @ weighted.transpose.hadamard(one_over[0])
    )
    return signal[-value.problem.rank] >= max(float(x.high) for x in noise)


STATEMENT = Statement(
    key=KEY,
    title="T1: the spectral bound and its test of optimality",
    source="docs/proofs.md, T1",
    text=(
        "Let 0 < pi = p q^T <= omega and Y any matrix, B = A + (omega - pi) o Y. Then "
        "OPT >= tail_k(P^1/2 B Q^1/2) - sum omega (omega - pi) pi Y^2. If X of rank k "
        "is stationary, Y = (A - X)/pi, and sigma_k(P^1/2 X Q^1/2) >= ||P^-1/2 (omega "
        "o (A - X)) Q^-1/2||_2, then the bound is cost(X), and X is a minimizer."
    ),
    hypotheses=(_BELOW, _TEST),
    cases=cases,
    check=check,
    value_type=Centered,
    used_by=(
        "exact_wlra.checker.spectral:spectral_bound",
        "exact_wlra.bounds.spectral:prove_spectral",
        "exact_wlra.bounds.linearizations:tightness",
    ),
    tests=("tests/exact_wlra/test_spectral.py",),
)
