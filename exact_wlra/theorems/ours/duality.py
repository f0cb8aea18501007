"""Duality: critical points of complementary ranks correspond.

Contents
--------
PlantedPoint        weights, X = U V, and a matrix Y
STATEMENT           costs of X and of its dual add up to sum omega A^2
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.duality import dual_instance, dual_point
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/duality"

_CRITICAL = Hypothesis(
    name="critical",
    text="X has rank k and X^T Y = 0, X Y^T = 0 for Y = omega o (A - X)",
)
_POSITIVE = Hypothesis(name="positive weights", text="omega > 0")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PlantedPoint:
    """Weights, factors of X, and Y: the data are A = X + Y / omega.

    Where a weight is zero the data are X, so that Y does not matter there.
    """

    squared_weights: RationalMatrix
    U: RationalMatrix
    V: RationalMatrix
    Y: RationalMatrix

    @property
    def X(self) -> RationalMatrix:  # noqa: N802  (the symbol of the literature)
        """The point."""
        return self.U @ self.V

    @property
    def instance(self) -> Instance:
        """The instance with these data, of the rank of X."""
        rows = zip(
            self.X.fractions(),
            self.Y.fractions(),
            self.squared_weights.fractions(),
            strict=True,
        )
        data = [
            [x + y / w if w else x for x, y, w in zip(*row, strict=True)]
            for row in rows
        ]
        return Instance(
            data=RationalMatrix.from_fractions(data),
            squared_weights=self.squared_weights,
            rank=self.U.shape[1],
        )


def check(case: Case[PlantedPoint]) -> tuple[Finding, ...]:
    """Compare both costs with the energy, and the rank of the dual point, exactly."""
    value, instance, X = case.value, case.value.instance, case.value.X
    Y = dual_point(instance, X)
    slopes = _square(X.transpose @ Y) + _square(X @ Y.transpose)
    unmet = () if slopes == 0 else (_CRITICAL.name,)
    if not instance.support().all():
        return _with_zero_weights(case, Y)
    say = partial(case.finding, KEY, unmet=unmet)
    dual = dual_instance(instance)
    identity = RationalMatrix(np.eye(Y.shape[1], dtype=np.int64))
    both = instance.cost(value.U, value.V) + dual.cost(Y, identity)
    back = dual_point(dual, Y)
    return (
        say(
            "cost(X) + dual cost(Y) = sum omega A^2",
            exact(both),
            "==",
            exact(instance.energy()),
        ),
        say("rank Y <= min(n, d) - k", exact(rational_rank(Y)), "<=", exact(dual.rank)),
        say(
            "Y is critical in the dual, whose dual point is X",
            exact(
                _square(back - X)
                + _square(Y.transpose @ back)
                + _square(Y @ back.transpose)
            ),
            "==",
            exact(0),
        ),
    )


def cases(seeds: int) -> Iterator[Case[PlantedPoint]]:
    """Yield planted critical points, one of full rank, X that is not critical."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        shape, k = ((3, 4), 1) if seed % 2 else ((4, 4), 2)
        yield Case(
            name=f"planted-{shape[0]}x{shape[1]}-rank-{k}-{seed}",
            kind="random",
            value=planted_point(noise, shape, k),
            seed=seed,
        )
    weights = RationalMatrix.from_rows([[1, 2], [3, 5]])
    U, V = RationalMatrix.from_rows([[1], [2]]), RationalMatrix.from_rows([[3, -1]])
    zero = RationalMatrix.zeros(2, 2)
    yield Case(
        name="data-of-rank-one",
        kind="structured",
        value=PlantedPoint(squared_weights=weights, U=U, V=V, Y=zero),
    )
    off = RationalMatrix.from_rows([[1, 0], [0, 1]])
    yield Case(
        name="not-critical",
        kind="violation",
        value=PlantedPoint(squared_weights=weights, U=U, V=V, Y=off),
    )
    yield Case(
        name="missing-entry",
        kind="violation",
        value=PlantedPoint(
            squared_weights=RationalMatrix.from_rows([[0, 2], [3, 5]]), U=U, V=V, Y=zero
        ),
    )


def planted_point(
    noise: Generator, shape: tuple[int, int], k: int, *, signal: int = 1
) -> PlantedPoint:
    """Return X = U V critical for its data, with integer U, V and Y.

    The columns of Y are combinations of vectors orthogonal to U, its rows of vectors
    orthogonal to V: U = [I; B] has the left kernel [-B I].
    """
    n, d = shape
    B = integer_matrix(noise, (n - k, k), -2, 2)
    C = integer_matrix(noise, (k, d - k), -2, 2)
    middle = integer_matrix(noise, (n - k, d - k), -1, 1)
    left = np.vstack([-B.T, np.eye(n - k, dtype=np.int64)])
    right = np.hstack([-C.T, np.eye(d - k, dtype=np.int64)])
    mixing = np.eye(k, dtype=np.int64) * int(signal * noise.integers(2, 5))
    return PlantedPoint(
        squared_weights=RationalMatrix(integer_matrix(noise, shape, 1, 6)),
        U=RationalMatrix(np.vstack([np.eye(k, dtype=np.int64), B]) @ mixing),
        V=RationalMatrix(np.hstack([np.eye(k, dtype=np.int64), C])),
        Y=RationalMatrix(left @ middle @ right),
    )


def _with_zero_weights(
    case: Case[PlantedPoint], Y: RationalMatrix
) -> tuple[Finding, ...]:
    """Return the finding where 1/omega does not exist; 1/0 is read as 0."""
    value, data = case.value, case.value.instance.data
    rows = zip(
        value.X.fractions(),
        (value.squared_weights.hadamard(data) - Y).fractions(),
        value.squared_weights.fractions(),
        strict=True,
    )
    misfit = sum(
        ((b / w if w else 0) - x) ** 2
        for row in rows
        for x, b, w in zip(*row, strict=True)
    )
    return (
        case.finding(
            KEY,
            "X is the dual point of Y",
            exact(misfit),
            "==",
            exact(0),
            unmet=(_POSITIVE.name,),
            note="1/0 is read as 0; X is lost where omega is 0",
        ),
    )


def _square(matrix: RationalMatrix) -> Fraction:
    """Return the squared Frobenius norm."""
    return matrix.hadamard(matrix).total()


STATEMENT = Statement(
    key=KEY,
    title="Duality: critical points of complementary ranks",
    source="docs/proofs.md, Duality; [OttavianiSpaenlehauerSturmfels2014]_",
    text=(
        "Let omega > 0 and m = min(n, d). X is critical of rank k for (omega, A) if "
        "and only if Y = omega o (A - X) is critical for (1/omega, omega o A) at rank "
        "m - k, and cost(X) + dual cost(Y) = sum omega A^2. So the least critical "
        "value of one belongs to the greatest of the other."
    ),
    hypotheses=(_CRITICAL, _POSITIVE),
    cases=cases,
    check=check,
    value_type=PlantedPoint,
    used_by=("reductions.duality:dual_instance", "reductions.duality:dual_point"),
    tests=("tests/reductions/test_duality.py", "tests/reductions/test_plane.py"),
)
