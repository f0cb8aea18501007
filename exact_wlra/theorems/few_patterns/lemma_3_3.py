"""Lemma 3.3: Cramer's rule for the inverse of a matrix.

Contents
--------
SquareMatrix        R, k x k
STATEMENT           (R^-1)_ab = (-1)^(a+b) det(R without row b and column a)/det R

References
----------
[LiLiangShiSong2025]_, Lemma 3.3.
"""

import operator
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from reductions.adjugates import determinant_and_adjugate
from semialgebraic.rational_matrices import RationalMatrix

KEY = "few-patterns/lemma-3.3"

_INVERTIBLE = Hypothesis(name="invertible", text="R is invertible")

Table = list[list[Fraction]]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SquareMatrix:
    """R.

    Parameters
    ----------
    matrix : RationalMatrix, shape (k, k)
        k at least 1.
    """

    matrix: RationalMatrix


def check(case: Case[SquareMatrix]) -> tuple[Finding, ...]:
    """Compare our adjugate, FLINT's determinants of minors, and FLINT's inverse.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    matrix = case.value.matrix
    rows = matrix.fractions()
    k = len(rows)
    determinant, adjugate = determinant_and_adjugate(rows, operator.truediv)
    rank = rational_rank(matrix)
    unmet = () if rank == k else (_INVERTIBLE.name,)
    found = [
        case.finding(
            KEY,
            "det R by Faddeev and LeVerrier = det R by FLINT",
            exact(determinant),
            "==",
            exact(_determinant(rows)),
        ),
        case.finding(
            KEY,
            "||adj R - transposed cofactors||^2 = 0",
            exact(_distance(adjugate, _cofactors(rows, transposed=True))),
            "==",
            exact(0),
        ),
        case.finding(KEY, "rank R = k", exact(rank), "==", exact(k), unmet=unmet),
    ]
    if not unmet:
        cramer = [[x / determinant for x in row] for row in adjugate]
        found.append(
            case.finding(
                KEY,
                "||R^-1 - adj R/det R||^2 = 0",
                exact(_distance(_inverse(rows), cramer)),
                "==",
                exact(0),
            )
        )
    return tuple(found)


def cases(seeds: int) -> Iterator[Case[SquareMatrix]]:
    """Yield random matrices, symmetric ones, badly scaled ones, and a singular one."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for k in (1, 2, 3, 5):
            matrix = integer_matrix(noise, (k, k), -9, 9)
            while rational_rank(RationalMatrix(matrix)) < k:
                matrix = integer_matrix(noise, (k, k), -9, 9)
            yield Case(
                name=f"random-{k}-{seed}",
                kind="random",
                value=SquareMatrix(matrix=RationalMatrix(matrix, 1 + seed)),
                seed=seed,
            )
    named: dict[str, list[list[Any]]] = {
        "symmetric": [[2, 1, 0], [1, 3, 1], [0, 1, 5]],
        "triangular": [[1, 7, 9], [0, 1, 8], [0, 0, 1]],
        "permutation": [[0, 0, 1], [1, 0, 0], [0, 1, 0]],
        "Hilbert": [[Fraction(1, a + b + 1) for b in range(6)] for a in range(6)],
    }
    for name, rows in named.items():
        yield Case(
            name=name,
            kind="structured" if name == "symmetric" else "adversarial",
            value=SquareMatrix(matrix=RationalMatrix.from_rows(rows)),
        )
    yield Case(
        name="singular",
        kind="violation",
        value=SquareMatrix(matrix=RationalMatrix.from_rows([[1, 2], [2, 4]])),
    )


def transposed_convention() -> tuple[Finding, ...]:
    """Return the rule with row a and column b deleted, for R that is not symmetric."""
    found = []
    for name, rows in (
        ("R = ((1, 2), (3, 5))", [[1, 2], [3, 5]]),
        ("a permutation of order three", [[0, 0, 1], [1, 0, 0], [0, 1, 0]]),
    ):
        matrix = RationalMatrix.from_rows(rows)
        table = matrix.fractions()
        determinant = _determinant(table)
        wrong = [
            [x / determinant for x in row]
            for row in _cofactors(table, transposed=False)
        ]
        case = Case(name=name, kind="adversarial", value=SquareMatrix(matrix=matrix))
        found.append(
            case.finding(
                KEY,
                "row a and column b deleted: ||R^-1 - C/det R||^2 = 0",
                exact(_distance(_inverse(table), wrong)),
                "==",
                exact(0),
            )
        )
    return tuple(found)


def _cofactors(rows: Table, *, transposed: bool) -> Table:
    """Return (-1)^(a+b) times the minor without row b and column a, or a and b."""
    k = len(rows)

    def minor(deleted_row: int, deleted_column: int) -> Fraction:
        left = [
            [x for j, x in enumerate(row) if j != deleted_column]
            for i, row in enumerate(rows)
            if i != deleted_row
        ]
        return _determinant(left)

    return [
        [
            (-1) ** (a + b) * (minor(b, a) if transposed else minor(a, b))
            for b in range(k)
        ]
        for a in range(k)
    ]


def _determinant(rows: Table) -> Fraction:
    """Return the determinant, by FLINT; of no rows it is 1."""
    if not rows:
        return Fraction(1)
    value = _flint(rows).det()
    return Fraction(int(value.p), int(value.q))


def _inverse(rows: Table) -> Table:
    """Return the inverse, by FLINT."""
    return [
        [Fraction(int(x.p), int(x.q)) for x in row]
        for row in _flint(rows).inv().tolist()
    ]


def _flint(rows: Table) -> Any:
    """Return the matrix as FLINT's."""
    import flint

    return flint.fmpq_mat(
        [[flint.fmpq(x.numerator, x.denominator) for x in row] for row in rows]
    )


def _distance(left: Table, right: Table) -> Fraction:
    """Return ||left - right||_F^2."""
    return sum(
        (
            Fraction(x - y) ** 2
            for row, other in zip(left, right, strict=True)
            for x, y in zip(row, other, strict=True)
        ),
        Fraction(0),
    )


STATEMENT = Statement(
    key=KEY,
    title="Lemma 3.3: Cramer's rule",
    source="[LiLiangShiSong2025]_, Lemma 3.3",
    text=(
        "If R is k x k and invertible, then (R^-1)_ab = (-1)^(a+b) M_ba/det R, where "
        "M_ba is the determinant of R without row b (the second index) and column a. "
        "Of k = 1 the only minor is 1."
    ),
    hypotheses=(_INVERTIBLE,),
    cases=cases,
    check=check,
    value_type=SquareMatrix,
    errata=(
        Erratum(
            printed="The lemma deletes 'the -th row and -th column' (the indices are "
            "lost in the text that we have); row a and column b are what one reads "
            "into it for the entry (a, b).",
            wrong_because="That is the inverse of the transposed matrix. For symmetric "
            "R, such as the P P^T of the paper, nobody notices.",
            repaired="Row b and column a are deleted.",
            counterexample=transposed_convention,
        ),
    ),
    used_by=(
        "reductions.adjugates:determinant_and_adjugate",
        "reductions.sketched_rows:SketchedRows",
    ),
    tests=("tests/reductions/test_adjugates.py",),
)
