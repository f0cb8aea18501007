"""T4: the cost around a row space, to second order with a remainder.

Contents
--------
Displacement        a problem, V_0, Delta and d
STATEMENT           an exact expansion, and a quadratic lower bound of it
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.least_squares import solve_rows
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/growth"

_SMALL = Hypothesis(
    name="small displacement",
    text="||D_i^-1/2 Delta diag(omega_i)^1/2||_2 <= d < 1 for all rows i, D_i = V_0 "
    "diag(omega_i) V_0^T regular; here: for the Frobenius norm",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Displacement:
    """A problem, V_0 and Delta (k x d), and d, which should bound the displacement."""

    problem: Problem
    V: RationalMatrix
    delta: RationalMatrix
    d: Fraction


def check(case: Case[Displacement]) -> tuple[Finding, ...]:
    """Compare min over U of cost(U (V_0 + Delta)) with expansion and bound, exactly."""
    value, instance = case.value, case.value.problem.instance
    data, omega = instance.data, instance.squared_weights
    U = solve_rows(data, omega, value.V)
    moved = value.V + value.delta
    base = instance.cost(U, value.V)
    cost = instance.cost(solve_rows(data, omega, moved), moved)
    expansion = bound = base
    largest, d = Fraction(0), value.d
    for i in range(instance.shape[0]):
        row = _RowTerms.of(value, data.take([i]), omega.take([i]), U.take([i]))
        expansion += row.slope + row.b - row.lost
        steepened = (1 + d) / (1 - d) ** 2 if d != 1 else Fraction(0)
        bound += row.slope + (1 - d * steepened) * row.b - steepened * row.a
        largest = max(largest, row.norm)
    unmet = () if largest <= d**2 and d < 1 else (_SMALL.name,)
    say = partial(case.finding, KEY)
    return (
        say("the expansion is the cost", exact(expansion), "==", exact(cost)),
        say("quadratic bound <= cost", exact(bound), "<=", exact(cost), unmet=unmet),
    )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class _RowTerms:
    """Terms of one row: first order, b^2, a^2, F^T D(V)^-1 F, squared norm of Delta."""

    slope: Fraction
    b: Fraction
    a: Fraction
    lost: Fraction
    norm: Fraction

    @classmethod
    def of(
        cls,
        value: Displacement,
        data: RationalMatrix,
        omega: RationalMatrix,
        u: RationalMatrix,
    ) -> "_RowTerms":
        """Return the terms of the row with these data, weights and best u."""
        V, delta = value.V, value.delta
        residual = data - u @ V
        weighted = delta.hadamard(omega)
        square = weighted @ delta.transpose
        linear = weighted @ residual.transpose
        linear = linear - V.hadamard(omega) @ delta.transpose @ u.transpose
        fully = linear - square @ u.transpose
        before = _inverse(V.hadamard(omega) @ V.transpose)
        moved = V + delta
        after = _inverse(moved.hadamard(omega) @ moved.transpose)
        product = before @ square
        return cls(
            slope=-2 * (u @ weighted @ residual.transpose)[0, 0],
            b=(u @ square @ u.transpose)[0, 0],
            a=(linear.transpose @ before @ linear)[0, 0],
            lost=(fully.transpose @ after @ fully)[0, 0],
            norm=sum((product[i, i] for i in range(product.shape[0])), Fraction(0)),
        )


def cases(seeds: int) -> Iterator[Case[Displacement]]:
    """Yield smaller and smaller displacements, and a d that is too small."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for k in (1, 2):
            problem = Problem(
                integer_matrix(noise, (3, 4), -5, 5),
                squared_weights=integer_matrix(noise, (3, 4), 1, 4),
                rank=k,
            )
            V = RationalMatrix(integer_matrix(noise, (k, 4), -4, 4))
            step = RationalMatrix(integer_matrix(noise, (k, 4), -2, 2))
            for parts, d in ((100, Fraction(1, 4)), (10000, Fraction(1, 100))):
                yield Case(
                    name=f"rank-{k}-step-{parts}-{seed}",
                    kind="random",
                    value=Displacement(
                        problem=problem, V=V, delta=step.scaled(Fraction(1, parts)), d=d
                    ),
                    seed=seed,
                )
    problem = Problem([[3, 1], [1, 2]], squared_weights=[[1, 2], [3, 1]], rank=1)
    V = RationalMatrix.from_rows([[1, 1]])
    for name, kind, delta, d in (
        ("no-displacement", "structured", [[0, 0]], Fraction(0)),
        ("d-too-small", "violation", [["-1/5", "1/3"]], Fraction(0)),
    ):
        yield Case(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            value=Displacement(
                problem=problem, V=V, delta=RationalMatrix.from_rows(delta), d=d
            ),
        )


def _inverse(matrix: RationalMatrix) -> RationalMatrix:
    """Return the exact inverse of a small matrix."""
    from flint import fmpq, fmpq_mat

    k = matrix.shape[0]
    entries = [fmpq(x.numerator, x.denominator) for r in matrix.fractions() for x in r]
    inverse = fmpq_mat(k, k, entries).inv()
    rows = [[Fraction(int(x.p), int(x.q)) for x in row] for row in inverse.tolist()]
    return RationalMatrix.from_fractions(rows)


STATEMENT = Statement(
    key=KEY,
    title="T4: the cost around a row space",
    source="docs/proofs.md, Growth",
    text=(
        "Let V = V_0 + Delta, u_i the best rows at V_0, r_i their residuals, D_i = V_0 "
        "diag(omega_i) V_0^T, b_i^2 = ||u_i Delta||^2, L_i = Delta diag(omega_i) r_i^T "
        "- V_0 diag(omega_i) Delta^T u_i^T, a_i^2 = L_i^T D_i^-1 L_i. Then min over U "
        "of cost(U V) is cost_0 - 2 sum u_i Delta diag(omega_i) r_i^T + sum (b_i^2 - "
        "F_i^T D_i(V)^-1 F_i), F_i = L_i - Delta diag(omega_i) Delta^T u_i^T, and at "
        "least the same with b_i^2 - (1 + d)(a_i^2 + d b_i^2)/(1 - d)^2 in the sum."
    ),
    hypotheses=(_SMALL,),
    cases=cases,
    check=check,
    value_type=Displacement,
    used_by=(
        "exact_wlra.checker.basins:basins_bound",
        "exact_wlra.checker.isolated:isolated_bound",
    ),
    tests=("tests/exact_wlra/test_isolated.py", "tests/exact_wlra/test_basins.py"),
)
