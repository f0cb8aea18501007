"""C5: rotations within a class of rows of equal weights.

Contents
--------
RotatedRows         a problem, two rows, and a rational rotation
STATEMENT           f(QA; QX) = f(A; X), so OPT(QA) = OPT(A)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import optimum
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/orthogonal-symmetry"

_EQUAL = Hypothesis(name="equal weights", text="the rotated rows have equal weights")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RotatedRows:
    """A problem, rows i != j, and t, the tangent of half the angle."""

    problem: Problem
    i: int
    j: int
    t: Fraction

    @property
    def rotation(self) -> RationalMatrix:
        """Q, orthogonal and rational: (1 - t^2, 2t)/(1 + t^2) are cosine and sine."""
        n, unit = self.problem.shape[0], 1 + self.t**2
        cosine, sine = (1 - self.t**2) / unit, 2 * self.t / unit
        rows = [[Fraction(int(a == b)) for b in range(n)] for a in range(n)]
        rows[self.i][self.i] = rows[self.j][self.j] = cosine
        rows[self.i][self.j], rows[self.j][self.i] = -sine, sine
        return RationalMatrix.from_fractions(rows)


def check(case: Case[RotatedRows]) -> tuple[Finding, ...]:
    """Compare the costs of X and QX, exactly, and the optima for A and QA."""
    value, problem = case.value, case.value.problem
    weights = problem.squared_weights
    is_equal = weights.take([value.i]) == weights.take([value.j])
    say = partial(case.finding, KEY, unmet=() if is_equal else (_EQUAL.name,))
    Q, k = value.rotation, problem.rank
    rotated = Problem(Q @ problem.data, squared_weights=weights, rank=k)
    noise, (n, d) = generator(KEY, 0), problem.shape
    U, V = (
        RationalMatrix(integer_matrix(noise, shape, -3, 3))
        for shape in ((n, k), (k, d))
    )
    return (
        say(
            "f(QA; QX) = f(A; X)",
            exact(rotated.cost(Q @ U, V)),
            "==",
            exact(problem.cost(U, V)),
        ),
        say("OPT(QA) = OPT(A)", optimum(rotated), "==", optimum(problem)),
    )


def cases(seeds: int) -> Iterator[Case[RotatedRows]]:
    """Yield two classes of rows of which one is rotated, zeros, unequal weights."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        weights = integer_matrix(noise, (2, 3), seed % 2, 6)[[0, 1, 1]]
        problem = Problem(
            integer_matrix(noise, (3, 3), -5, 5), squared_weights=weights, rank=1
        )
        yield Case(
            name=f"random-{seed}",
            kind="random",
            value=RotatedRows(problem=problem, i=1, j=2, t=Fraction(1 + seed, 3)),
            seed=seed,
        )
    equal = Problem(np.diag([3, 1]), rank=1)
    yield Case(
        name="reflected-diagonal",
        kind="structured",
        value=RotatedRows(problem=equal, i=0, j=1, t=Fraction(1)),
    )
    unequal = Problem([[3, 1], [1, 2]], squared_weights=[[1, 4], [5, 1]], rank=1)
    yield Case(
        name="unequal-weights",
        kind="violation",
        value=RotatedRows(problem=unequal, i=0, j=1, t=Fraction(1, 2)),
    )


STATEMENT = Statement(
    key=KEY,
    title="C5: rotations within classes of equal weights",
    source="docs/proofs.md, C3",
    text=(
        "If Q is orthogonal and mixes only rows of equal weights, then f(QA; QX) = "
        "f(A; X) for all X, so OPT(QA) = OPT(A); likewise for columns. It follows from "
        "C3, since QA and A have the same Gram matrix in each class."
    ),
    hypotheses=(_EQUAL,),
    cases=cases,
    check=check,
    value_type=RotatedRows,
    used_by=("reductions.proportional_rows:merge_proportional",),
    tests=("tests/reductions/test_proportional_rows.py",),
)
