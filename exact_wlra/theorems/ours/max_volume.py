"""Charts: every row space has coordinates in [-1, 1].

Contents
--------
ChosenPivots        V, and the columns to be the identity
STATEMENT           |V_J^-1 V| <= 1 for the columns J of greatest minor
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any, final

from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/max-volume"

_GREATEST = Hypothesis(
    name="greatest minor", text="the minor of V in the pivot columns is the greatest"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenPivots:
    """V (k x d) of rank k, and k columns, from 0, in which it is regular."""

    V: RationalMatrix
    pivots: tuple[int, ...]


def check(case: Case[ChosenPivots]) -> tuple[Finding, ...]:
    """Compare the greatest entry of V_J^-1 V with 1, exactly."""
    V, pivots = case.value.V, case.value.pivots
    k, d = V.shape
    minors = {J: abs(_minor(V, J)) for J in combinations(range(d), k)}
    is_greatest = minors[tuple(sorted(pivots))] == max(minors.values())
    inverse = _square(V, pivots).inv()
    entries: list[Any] = []
    for j in range(d):
        entries += (inverse * _square(V, (j,))).entries()
    greatest = max(abs(Fraction(int(x.p), int(x.q))) for x in entries)
    return (
        case.finding(
            KEY,
            "greatest |entry| of V_J^-1 V <= 1",
            exact(greatest),
            "<=",
            exact(1),
            unmet=() if is_greatest else (_GREATEST.name,),
        ),
    )


def cases(seeds: int) -> Iterator[Case[ChosenPivots]]:
    """Yield the pivots of greatest minor, ties, and others."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        k = 1 + seed % 3
        V = RationalMatrix(integer_matrix(noise, (k, 5), -9, 9))
        pivots = max(combinations(range(5), k), key=lambda J: abs(_minor(V, J)))
        yield Case(
            name=f"random-rank-{k}-{seed}",
            kind="random",
            value=ChosenPivots(V=V, pivots=pivots),
            seed=seed,
        )
    tied = RationalMatrix.from_rows([[1, 0, 1], [0, 1, -1]])
    for name, kind, V, pivots in (
        ("tied", "structured", tied, (0, 2)),
        ("lesser-minor", "violation", RationalMatrix.from_rows([[1, 3]]), (0,)),
    ):
        yield Case(
            name=name,
            kind=kind,  # type: ignore[arg-type]
            value=ChosenPivots(V=V, pivots=pivots),
        )


def _square(V: RationalMatrix, columns: tuple[int, ...]) -> Any:
    """Return these columns of V as a FLINT matrix."""
    from flint import fmpq, fmpq_mat

    rows = V.take(columns=list(columns)).fractions()
    entries = [fmpq(x.numerator, x.denominator) for row in rows for x in row]
    return fmpq_mat(V.shape[0], len(columns), entries)


def _minor(V: RationalMatrix, columns: tuple[int, ...]) -> Fraction:
    """Return the minor in these columns."""
    determinant = _square(V, columns).det()
    return Fraction(int(determinant.p), int(determinant.q))


STATEMENT = Statement(
    key=KEY,
    title="Charts of greatest minors cover all row spaces",
    source="docs/proofs.md, Max-volume charts",
    text=(
        "Let V (k x d) have rank k, and J be k columns whose minor is greatest in "
        "absolute value. Then the basis V_J^-1 V of the same row space is the identity "
        "in J and has no entry above 1 in absolute value. So the boxes [-1, "
        "1]^(k(d-k)) of the C(d, k) charts cover all row spaces."
    ),
    hypotheses=(_GREATEST,),
    cases=cases,
    check=check,
    value_type=ChosenPivots,
    used_by=("reductions.charts:chart_costs", "exact_wlra.checker.charts:charts_bound"),
    tests=("tests/reductions/test_charts.py", "tests/exact_wlra/test_charts.py"),
)
