"""T2, T3: the simplicial bound in pattern space, at rank one.

Contents
--------
PatternSimplex      a problem, vertices t^j, multipliers lambda^j, vectors v
STATEMENT           F(v) <= theta^T Q theta where t(v) = sum theta_j t^j
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.problem import Problem
from exact_wlra.theorems.direct_optima import bracket_by
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.measuring import eigenvalues
from exact_wlra.theorems.ours.elimination import captured
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.pattern_space import PatternSpace, pattern_space
from reductions.weight_factorization import factor_weights
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/simplicial-bound"

_DOMINATING = Hypothesis(
    name="dominating multipliers",
    text="sum_l lambda^j_l diag(H_l) - sum_g M_g / s_g(t^j) >= 0 at every vertex",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSimplex:
    """A problem of positive weights; rows of `vertices` are t^j, of `points` v.

    The vertices are linearly independent; rows of `multipliers` are the lambda^j.
    """

    problem: Problem
    vertices: RationalMatrix
    multipliers: RationalMatrix
    points: RationalMatrix


def check(case: Case[PatternSimplex]) -> tuple[Finding, ...]:
    """Compare F with the form at points of the simplex; the search with OPT."""
    value, instance = case.value, case.value.problem.instance
    space = pattern_space(instance, factor_weights(instance.squared_weights))
    dominates = all(
        _dominates(space, vertex, values)
        for vertex, values in zip(
            value.vertices.fractions(), value.multipliers.fractions(), strict=True
        )
    )
    say = partial(case.finding, KEY)
    unmet = () if dominates else (_DOMINATING.name,)
    findings = []
    for number in range(value.points.shape[0]):
        v = value.points.take([number])
        bound = _bound_at(value, space, v)
        if bound is not None:
            e, shares = space.factorization.generators, space.factorization.shares
            findings.append(
                say(
                    f"F(v) <= theta^T Q theta at v_{number + 1}",
                    exact(captured(space, e, shares, v)),
                    "<=",
                    exact(bound),
                    unmet=unmet,
                )
            )
    if dominates:
        found = bracket_by(instance, "simplicial")
        lower, best = exact(Fraction(found.low)), bracket_by(instance, "moments")
        findings.append(say("bound of the bisection <= OPT", lower, "<=", best))
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[PatternSimplex]]:
    """Yield the whole simplex and a smaller one, one pattern, halved multipliers."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        columns = [0, 1, 2, 0, 1][: 4 + seed % 2]
        weights = integer_matrix(noise, (3, 2 + seed % 2), 1, 6)
        weights = weights[:, [j % weights.shape[1] for j in columns]]
        problem = Problem(
            integer_matrix(noise, weights.shape, -5, 5), squared_weights=weights, rank=1
        )
        s = len(factor_weights(problem.squared_weights).generators)
        corners = np.eye(s, dtype=np.int64)
        for name, vertices in (("whole", corners), ("inner", corners + 1)):
            yield Case(
                name=f"{name}-{s}-patterns-{seed}",
                kind="random",
                value=_simplex(
                    problem, RationalMatrix(vertices, int(vertices[0].sum()))
                ),
                seed=seed,
            )
    one = Problem(
        [[2, 1, 0], [1, 3, 1]], squared_weights=[[1, 1, 1], [2, 2, 2]], rank=1
    )
    point = _simplex(one, RationalMatrix.from_rows([[1]]))
    yield Case(name="one-pattern", kind="structured", value=point)
    two = Problem(
        [[2, 1, 0], [1, 3, 1]], squared_weights=[[1, 1, 2], [2, 2, 1]], rank=1
    )
    good = _simplex(two, RationalMatrix.from_rows([[1, 0], [0, 1]]))
    yield Case(
        name="halved-multipliers",
        kind="violation",
        value=PatternSimplex(
            problem=two,
            vertices=good.vertices,
            multipliers=good.multipliers.scaled(Fraction(1, 2)),
            points=good.points,
        ),
    )


def _simplex(problem: Problem, vertices: RationalMatrix) -> PatternSimplex:
    """Return multipliers (c, ..., c) that are as low as possible, and many points."""
    space = pattern_space(problem.instance, factor_weights(problem.squared_weights))
    shares = space.factorization.shares
    columns = [sum(c, Fraction(0)) for c in zip(*shares.fractions(), strict=True)]
    multipliers, points = [], []
    for vertex in vertices.fractions():
        matrix = _matrix_at(space, vertex)
        scaled = RationalMatrix.from_fractions(
            [[x / c for x in row] for row, c in zip(matrix, columns, strict=True)]
        )
        top = max(Fraction(x.high) for x in eigenvalues(scaled))
        level = Fraction(-((-top * 2**20) // 1), 2**20)
        multipliers.append([level] * len(vertex))
        values, vectors = np.linalg.eig(scaled.to_float())
        leading = np.real(vectors[:, int(np.argmax(np.real(values)))])
        points.append(np.rint(1000 * leading))
    noise = generator(KEY, 1)
    points += list(integer_matrix(noise, (4, len(columns)), -5, 5))
    return PatternSimplex(
        problem=problem,
        vertices=vertices,
        multipliers=RationalMatrix.from_fractions(multipliers),
        points=RationalMatrix(np.array(points).astype(np.int64)),
    )


def _matrix_at(space: PatternSpace, t: list[Fraction]) -> list[list[Fraction]]:
    """Return M(t) = sum_g M_g / s_g(t)."""
    d = space.weight_rows.shape[1]
    total = [[Fraction(0)] * d for _ in range(d)]
    for gram, weights in zip(space.grams, space.group_weights.tolist(), strict=True):
        below = sum((w * x for w, x in zip(weights, t, strict=True)), Fraction(0))
        for i, row in enumerate(gram.tolist()):
            for j, x in enumerate(row):
                total[i][j] += Fraction(x) / (below * space.scale)
    return total


def _dominates(
    space: PatternSpace, vertex: list[Fraction], values: list[Fraction]
) -> bool:
    """Decide whether sum_l lambda_l diag(H_l) - M(t) is positive semidefinite."""
    matrix = _matrix_at(space, vertex)
    rows = [[-x for x in row] for row in matrix]
    shares = space.factorization.shares.fractions()
    for level, row in zip(values, shares, strict=True):
        for j, share in enumerate(row):
            rows[j][j] += level * share
    difference = RationalMatrix.from_fractions(rows)
    return is_positive_semidefinite(difference.numerators, arithmetic="rational")


def _bound_at(
    value: PatternSimplex, space: PatternSpace, v: RationalMatrix
) -> Fraction | None:
    """Return theta^T Q theta, or None if t(v) is 0 or outside the simplex."""
    shares = space.factorization.shares
    t = (v.hadamard(v) @ shares.transpose).fractions()[0]
    total = sum(t, Fraction(0))
    if total == 0:
        return None
    theta = _solution(value.vertices, [x / total for x in t])
    if min(theta) < 0:
        return None
    products: Any = (value.multipliers @ value.vertices.transpose).fractions()
    return sum(
        (
            x * y * products[i][j]
            for i, x in enumerate(theta)
            for j, y in enumerate(theta)
        ),
        Fraction(0),
    )


def _solution(vertices: RationalMatrix, t: list[Fraction]) -> list[Fraction]:
    """Return theta with theta @ vertices = t."""
    from flint import fmpq, fmpq_mat

    entries = [
        fmpq(x.numerator, x.denominator)
        for row in vertices.transpose.fractions()
        for x in row
    ]
    s = len(t)
    right = fmpq_mat(s, 1, [fmpq(x.numerator, x.denominator) for x in t])
    solved = fmpq_mat(s, s, entries).solve(right)
    return [Fraction(int(x.p), int(x.q)) for x in solved.entries()]


STATEMENT = Statement(
    key=KEY,
    title="T2, T3: the simplicial bound in pattern space",
    source="docs/proofs.md, T2, T3",
    text=(
        "At vertices t^0 .. t^m with s_g(t^j) > 0 let lambda^j satisfy sum_l "
        "lambda^j_l diag(H_l) - sum_g M_g / s_g(t^j) >= 0. Then F(v) <= theta^T Q "
        "theta for every v with t(v) = sum theta_j t^j, Q_ij = (<lambda^i, t^j> + "
        "<lambda^j, t^i>)/2. If simplices cover {t >= 0, sum t = 1}, OPT >= sum omega "
        "A^2 - the largest bound. With one pattern there is equality."
    ),
    hypotheses=(_DOMINATING,),
    cases=cases,
    check=check,
    value_type=PatternSimplex,
    used_by=(
        "exact_wlra.checker.simplicial:simplicial_bound",
        "exact_wlra.bounds.simplicial:SimplicialSearch",
    ),
    tests=("tests/exact_wlra/test_simplicial.py", "tests/exact_wlra/test_checker.py"),
)
