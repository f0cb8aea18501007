"""Tails of singular values, proved by one semidefinite matrix.

Contents
--------
Dominated           B, p, q, k, and theta, H
STATEMENT           tail_k >= sum p q B^2 - (k theta + sum ||H_j||^2 / q_j)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.bounds.singular_tails import dominate_gram
from exact_wlra.checker.spectral import captured_matrix, tail_value, weighted_gram
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from exact_wlra.theorems.weighted_tails import weighted_tail
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/singular-tails"

_DOMINATES = Hypothesis(
    name="domination",
    text="theta >= 0 and theta Q + H H^T - Q B^T P B Q is positive semidefinite",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dominated:
    """B (n x d), p (1 x n) and q (1 x d) positive, k, theta and H (d x m)."""

    B: RationalMatrix
    p: RationalMatrix
    q: RationalMatrix
    rank: int
    theta: Fraction
    H: RationalMatrix


def check(case: Case[Dominated]) -> tuple[Finding, ...]:
    """Compare the bound with the tail by the characteristic polynomial."""
    value = case.value
    gram = weighted_gram(value.B, value.p, value.q)
    matrix = captured_matrix(gram, value.q, value.theta, value.H)
    dominates = value.theta >= 0 and is_positive_semidefinite(
        matrix.numerators, arithmetic="rational"
    )
    return (
        case.finding(
            KEY,
            "sum p q B^2 - (k theta + sum ||H_j||^2 / q_j) <= tail",
            exact(tail_value(gram, value.q, value.rank, value.theta, value.H)),
            "<=",
            weighted_tail(value.B, value.p, value.q, value.rank),
            unmet=() if dominates else (_DOMINATES.name,),
        ),
    )


def cases(seeds: int) -> Iterator[Case[Dominated]]:
    """Yield what `dominate_gram` finds, and theta that is too small."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        k = 1 + seed % 2
        B = RationalMatrix(integer_matrix(noise, (5, 4), -5, 5))
        p = RationalMatrix(integer_matrix(noise, (1, 5), 1, 4))
        q = RationalMatrix(integer_matrix(noise, (1, 4), 1, 4))
        found = dominate_gram(weighted_gram(B, p, q), q, k, loss=Fraction(1, 1000))
        theta, H = found or (Fraction(0), RationalMatrix.zeros(4, 0))
        yield Case(
            name=f"random-rank-{k}-{seed}",
            kind="random",
            value=Dominated(B=B, p=p, q=q, rank=k, theta=theta, H=H),
            seed=seed,
        )
    ones = RationalMatrix.from_rows([[1, 1]])
    diagonal = RationalMatrix.from_rows([[2, 0], [0, 1]])
    for name, kind, level in (("diagonal", "structured", 4), ("small", "violation", 2)):
        yield Case(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            value=Dominated(
                B=diagonal,
                p=ones,
                q=ones,
                rank=1,
                theta=Fraction(level),
                H=RationalMatrix.zeros(2, 0),
            ),
        )


STATEMENT = Statement(
    key=KEY,
    title="Tails of singular values by one semidefinite matrix",
    source="docs/proofs.md, Tails",
    text=(
        "Let p, q > 0, N = Q B^T P B Q, theta >= 0 and theta Q + H H^T - N >= 0. Then "
        "the tail sum over i > k of sigma_i(P^1/2 B Q^1/2)^2 is at least sum p_i q_j "
        "B_ij^2 - (k theta + sum_j ||H_j||^2 / q_j)."
    ),
    hypotheses=(_DOMINATES,),
    cases=cases,
    check=check,
    value_type=Dominated,
    used_by=(
        "exact_wlra.checker.spectral:captured_matrix",
        "exact_wlra.bounds.singular_tails:dominate_gram",
    ),
    tests=("tests/exact_wlra/test_singular_tails.py",),
)
