"""Weights of rank two: the captured energy is a sum over the rows of V.

Contents
--------
SeparatedRows       a problem, V with diagonal Gram matrices, and factors F_c
STATEMENT           separation, and the inequality of the common multipliers
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.ours.elimination import captured
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.least_squares import solve_rows
from reductions.pattern_space import pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/separation"

_DIAGONAL = Hypothesis(
    name="diagonal", text="V diag(H_0) V^T and V diag(H_1) V^T are diagonal, sum I"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SeparatedRows:
    """A problem with weights of rank two, V (k x d), and F (d x m) for class 0.

    Rows of F are zero where H_0 is.
    """

    problem: Problem
    V: RationalMatrix
    F: RationalMatrix


def check(case: Case[SeparatedRows]) -> tuple[Finding, ...]:
    """Compare sum omega A^2 - sum of F(v^l) with least squares, and the multipliers."""
    value, instance = case.value, case.value.problem.instance
    factorization = factor_weights(instance.squared_weights)
    space = pattern_space(instance, factorization)
    e, shares = factorization.generators, factorization.shares
    grams = [(value.V.hadamard(shares.take([c])) @ value.V.transpose) for c in range(2)]
    k = value.V.shape[0]
    identity = RationalMatrix(np.eye(k, dtype=np.int64))
    off = [g.hadamard(g).total() - _trace(g.hadamard(g)) for g in grams]
    is_diagonal = not any(off) and grams[0] + grams[1] == identity
    say = partial(case.finding, KEY, unmet=() if is_diagonal else (_DIAGONAL.name,))
    rows = [value.V.take([row]) for row in range(k)]
    energy = sum((captured(space, e, shares, row) for row in rows), Fraction(0))
    U = solve_rows(instance.data, instance.squared_weights, value.V)
    cost = Fraction(space.energy, space.scale) - energy
    inside = Fraction(0)
    for row, t in zip(rows, (grams[0][i, i] for i in range(k)), strict=True):
        projected = row @ value.F
        inside += projected.hadamard(projected).total() / t if t else 0
    return (
        say(
            "sum omega A^2 - sum F(v^l) = min over U of cost(U V)",
            exact(cost),
            "==",
            exact(instance.cost(U, value.V)),
        ),
        say(
            "sum v^l S_0 v^lT / t_l <= sum ||F_j||^2 / H_0j",
            exact(inside),
            "<=",
            exact(_price(value.F, shares)),
        ),
    )


def cases(seeds: int) -> Iterator[Case[SeparatedRows]]:
    """Yield random angles with two and three columns a class, and any V."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        d = 2 + seed % 2
        first, second = (_orthonormal_pair(noise, d) for _ in range(2))
        rows = []
        for number, t in enumerate(noise.integers(1, 5, 2)):
            cosine, sine = _circle(Fraction(int(t), 5))
            rows.append(
                [cosine * x for x in first[number]] + [sine * x for x in second[number]]
            )
        yield Case(
            name=f"random-{2 * d}-columns-{seed}",
            kind="random",
            value=_rows(noise, d, rows),
            seed=seed,
        )
    yield Case(
        name="rows-not-orthogonal",
        kind="violation",
        value=_rows(generator(KEY, 99), 2, [[1, 2, 1, 0], [2, 1, 1, 3]]),
    )


def _rows(noise: Generator, d: int, rows: Any) -> SeparatedRows:
    """Return random data with two classes of d equal weight columns each."""
    weights = integer_matrix(noise, (5, 2), 1, 6)[:, [0] * d + [1] * d]
    F = np.vstack([integer_matrix(noise, (d, 2), -3, 3), np.zeros((d, 2), int)])
    return SeparatedRows(
        problem=Problem(
            integer_matrix(noise, (5, 2 * d), -5, 5), squared_weights=weights, rank=2
        ),
        V=RationalMatrix.from_rows(rows),
        F=RationalMatrix(F),
    )


def _circle(t: Fraction) -> tuple[Fraction, Fraction]:
    """Return a rational point of the unit circle."""
    return (1 - t**2) / (1 + t**2), 2 * t / (1 + t**2)


def _orthonormal_pair(noise: Generator, d: int) -> list[list[Fraction]]:
    """Return two rational orthonormal vectors, reflected unit vectors."""
    w = [Fraction(int(x)) for x in noise.integers(1, 4, d)]
    square = sum((x * x for x in w), Fraction(0))
    return [
        [Fraction(int(i == j)) - 2 * w[i] * w[j] / square for j in range(d)]
        for i in range(2)
    ]


def _trace(matrix: RationalMatrix) -> Fraction:
    """Return the trace."""
    return sum((matrix[i, i] for i in range(matrix.shape[0])), Fraction(0))


def _price(F: RationalMatrix, shares: RationalMatrix) -> Fraction:
    """Return sum over j of ||F_j||^2 / H_0j."""
    norms = (F.hadamard(F)).fractions()
    return sum(
        (
            sum(row, Fraction(0)) / h
            for row, h in zip(norms, shares.fractions()[0], strict=True)
            if h
        ),
        Fraction(0),
    )


STATEMENT = Statement(
    key=KEY,
    title="Weights of rank two: separation, and common multipliers",
    source="docs/proofs.md, Separation and Common multipliers",
    text=(
        "Let omega = omega[:, e] H with two generators and V diag(H_0) V^T = diag(t), "
        "V diag(H_1) V^T = I - diag(t). Then min over U of cost(U V) = sum omega A^2 - "
        "sum over the rows of F(v^l). Every row space has such a V. For S_0 = F F^T, "
        "rows of F zero where H_0 is, sum v^l S_0 v^lT / t_l <= sum ||F_j||^2 / H_0j, "
        "with equality if class 0 has k columns."
    ),
    hypotheses=(_DIAGONAL,),
    cases=cases,
    check=check,
    value_type=SeparatedRows,
    used_by=(
        "exact_wlra.checker.sweep:sweep_bound",
        "exact_wlra.bounds.critical_factors:critical_factors",
    ),
    tests=(
        "tests/exact_wlra/test_critical_factors.py",
        "tests/exact_wlra/test_sweep.py",
    ),
)
