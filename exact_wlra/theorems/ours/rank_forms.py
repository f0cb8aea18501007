"""Quadratic forms that are not negative on matrices of rank at most k.

Contents
--------
FormCase            S_1, S_2, S_3, a shape, a rank, and factors of an X
STATEMENT           x^T Q x >= 0 where rank X <= k; minors vanish at rank one
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Hypothesis, Statement
from reductions.rank_forms import (
    minor_form,
    partial_trace,
    partial_transpose,
    rank_form,
    with_unit,
)
from semialgebraic.definiteness import is_positive_semidefinite
from semialgebraic.rational_matrices import RationalMatrix

KEY = "ours/rank-forms"

_RANK = Hypothesis(name="rank", text="rank X <= k")
_DEFINITE = Hypothesis(
    name="semidefinite", text="S_1, S_2 and S_3 are positive semidefinite"
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FormCase:
    """S_1, S_2, S_3 of order nd with (S_1 + S_2 - S_3)^+ = N x I, k, and X = U V."""

    antisymmetric: RationalMatrix
    symmetric: RationalMatrix
    complement: RationalMatrix
    rank: int
    U: RationalMatrix
    V: RationalMatrix


def check(case: Case[FormCase]) -> tuple[Finding, ...]:
    """Compare both parts of the form at X; and minors with determinants, exactly."""
    value, X = case.value, case.value.U @ case.value.V
    n, d = X.shape
    three = value.antisymmetric, value.symmetric, value.complement
    form = rank_form(*three, shape=(n, d), rank=value.rank)
    trace = partial_trace(
        value.antisymmetric + value.symmetric - value.complement, (n, d)
    )
    unit = trace.scaled(Fraction(value.rank, d))
    diagonal = with_unit(partial_trace(value.complement, (n, d)) + unit, d)
    unmet = []
    if rational_rank(X) > value.rank:
        unmet.append(_RANK.name)
    if not all(
        is_positive_semidefinite(s.numerators, arithmetic="rational") for s in three
    ):
        unmet.append(_DEFINITE.name)
    say = partial(case.finding, KEY, unmet=tuple(unmet))
    findings = [
        say(
            "x^T (S_1^G - S_2^G + (2/k) S_2) x <= x^T ((Tr S_3 + k N) x I) x",
            exact(_at(diagonal - form, X)),
            "<=",
            exact(_at(diagonal, X)),
        )
    ]
    if value.rank == 1:
        shape = n * (n - 1) // 2, d * (d - 1) // 2
        m = RationalMatrix(integer_matrix(generator(KEY, 0), shape, 1, 4))
        minors = _minors(X)
        findings += [
            case.finding(
                KEY,
                "minor form = 2 sum m det",
                exact(_at(minor_form(m, (n, d)), X)),
                "==",
                exact(2 * m.hadamard(minors).total()),
            ),
            say("minor form = 0", exact(_at(minor_form(m, (n, d)), X)), "==", exact(0)),
        ]
    return tuple(findings)


def cases(seeds: int) -> Iterator[Case[FormCase]]:
    """Yield random forms, k |X|^2 >= (trace X)^2 (equality), rank k + 1."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        for k in (1, 2):
            U = integer_matrix(noise, (3, k), -4, 4)
            V = integer_matrix(noise, (k, 3), -4, 4)
            yield Case(
                name=f"random-rank-{k}-{seed}",
                kind="random",
                value=_case(_three(noise, (3, 3)), k, U, V),
                seed=seed,
            )
    eye = np.eye(3, dtype=np.int64)
    for k in (1, 2):
        yield Case(
            name=f"trace-{k}-projection",
            kind="structured",
            value=_case(_trace_form(k), k, eye[:, :k], eye[:k]),
        )
        yield Case(
            name=f"trace-{k}-projection-of-rank-{k + 1}",
            kind="violation",
            value=_case(_trace_form(k), k, eye[:, : k + 1], eye[: k + 1]),
        )
    minus = -np.eye(9, dtype=np.int64)
    yield Case(
        name="negative-complement",
        kind="violation",
        value=_case((0 * minus, 0 * minus, minus), 2, eye[:, :1], eye[:1]),
    )


def _case(three: tuple[Any, Any, Any], k: int, U: Any, V: Any) -> FormCase:
    """Return the value for integer arrays, the three matrices halved."""
    one, two, last = three
    return FormCase(
        antisymmetric=RationalMatrix(one, 2),
        symmetric=RationalMatrix(two, 2),
        complement=RationalMatrix(last, 2),
        rank=k,
        U=RationalMatrix(U),
        V=RationalMatrix(V),
    )


def _trace_form(k: int) -> tuple[Any, Any, Any]:
    """Return 2 S_i of the form k |X|^2 - (trace X)^2 for 3 x 3."""
    t = np.eye(3, dtype=np.int64).ravel()
    square = k * np.outer(t, t)
    return square, square, 2 * square


def _three(noise: Generator, shape: tuple[int, int]) -> tuple[Any, Any, Any]:
    """Return 2 S_i, the third (S_1 + S_2)^+ + K + c I with K^G = -K, dominant."""
    order = shape[0] * shape[1]
    roots = [integer_matrix(noise, (order, 2), -2, 2) for _ in range(2)]
    one, two = (root @ root.T for root in roots)
    half = integer_matrix(noise, (order, order), -1, 1)
    away = half + half.T
    together = one + two
    third = together + partial_transpose(together, shape)
    third = third + 2 * (away - partial_transpose(away, shape))
    top = int(np.abs(third).sum(axis=1).max())
    return 2 * one, 2 * two, third + top * np.eye(order, dtype=np.int64)


def _at(form: RationalMatrix, X: RationalMatrix) -> Fraction:
    """Return x^T Q x for x = vec X."""
    x = RationalMatrix(X.numerators.reshape(1, -1), X.denominator)
    return (x @ form @ x.transpose)[0, 0]


def _minors(X: RationalMatrix) -> RationalMatrix:
    """Return all 2 x 2 minors, pairs of rows by pairs of columns."""
    n, d = X.shape
    rows = [
        [
            X[i, j] * X[a, b] - X[i, b] * X[a, j]
            for j in range(d)
            for b in range(j + 1, d)
        ]
        for i in range(n)
        for a in range(i + 1, n)
    ]
    return RationalMatrix.from_fractions(rows)


STATEMENT = Statement(
    key=KEY,
    title="Forms that are not negative at rank k",
    source="docs/proofs.md, Minors and Forms at any rank",
    text=(
        "Let S_1, S_2, S_3 >= 0 with (S_1 + S_2 - S_3)^+ = N x I. Then the form of Q = "
        "-S_1^G + S_2^G - (2/k) S_2 + (Tr S_3 + k N) x I is not negative where rank X "
        "<= k. At k = 1 combinations of 2 x 2 minors vanish. Example: k |X|^2 >= "
        "(trace X)^2, with equality for projections of rank k."
    ),
    hypotheses=(_RANK, _DEFINITE),
    cases=cases,
    check=check,
    value_type=FormCase,
    used_by=(
        "reductions.rank_forms:rank_form",
        "reductions.rank_forms:minor_form",
        "exact_wlra.checker.moments:moments_bound",
    ),
    tests=("tests/reductions/test_rank_forms.py",),
)
