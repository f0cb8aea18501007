"""Lemma 2.1 of the reweighted paper: the rank of an entrywise product.

Contents
--------
HadamardFactors     factors of W and of X
STATEMENT           rank(W o X) <= rank(W) rank(X)

References
----------
[WoodruffYasuda2024]_, Lemma 2.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/lemma-2.1"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HadamardFactors:
    """W = P Q and X = L R.

    Parameters
    ----------
    P, Q : RationalMatrix, shapes (n, r) and (r, d)
    L, R : RationalMatrix, shapes (n, k) and (k, d)
    """

    P: RationalMatrix
    Q: RationalMatrix
    L: RationalMatrix
    R: RationalMatrix


def check(case: Case[HadamardFactors]) -> tuple[Finding, ...]:
    """Compare the rank with the product, and the witness with W o X, exactly.

    Examples
    --------
    >>> first = next(cases(1))
    >>> [finding.verdict for finding in check(first)]
    ['holds', 'holds']
    """
    value = case.value
    product = (value.P @ value.Q).hadamard(value.L @ value.R)
    r, k = rational_rank(value.P @ value.Q), rational_rank(value.L @ value.R)
    witness = (
        _rowwise(value.P, value.L)
        @ _rowwise(value.Q.transpose, value.R.transpose).transpose
    )
    difference = (witness - product).hadamard(witness - product).total()
    return (
        Finding(
            statement=KEY,
            claim="rank(W o X) <= rank(W) rank(X)",
            case=case.name,
            measured=exact(rational_rank(product)),
            relation="<=",
            bound=exact(r * k),
            seed=case.seed,
        ),
        Finding(
            statement=KEY,
            claim="|| W o X - sum (p_a o l_b)(q_a o r_b)^T ||^2 = 0",
            case=case.name,
            measured=exact(difference),
            relation="==",
            bound=exact(0),
            seed=case.seed,
        ),
    )


def cases(seeds: int) -> Iterator[Case[HadamardFactors]]:
    """Yield generic factors, where equality holds, and structured ones."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        r, k = (int(x) for x in noise.integers(1, 4, 2))
        parts = (
            integer_matrix(noise, shape, -9, 9)
            for shape in ((10, r), (r, 11), (10, k), (k, 11))
        )
        yield Case(
            name=f"random-{r}-{k}-{seed}",
            kind="random",
            value=_factors(*parts),
            seed=seed,
        )
    ones = np.ones((4, 1), dtype=np.int64)
    yield Case(
        name="ones", kind="structured", value=_factors(ones, ones.T, ones, ones.T)
    )
    # Blocks: W and X vanish outside the same block, so that the product has less rank.
    left = np.array([[1, 0], [1, 0], [0, 1], [0, 1]])
    yield Case(
        name="blocks",
        kind="adversarial",
        value=_factors(left, left.T, left, left.T),
    )


def _factors(*parts: object) -> HadamardFactors:
    """Return factors from four integer arrays."""
    P, Q, L, R = (RationalMatrix(np.asarray(part)) for part in parts)
    return HadamardFactors(P=P, Q=Q, L=L, R=R)


def _rowwise(left: RationalMatrix, right: RationalMatrix) -> RationalMatrix:
    """Return the matrix whose columns are all entrywise products of two columns."""
    columns = [
        [row_l[a] * row_r[b] for a in range(len(row_l)) for b in range(len(row_r))]
        for row_l, row_r in zip(left.fractions(), right.fractions(), strict=True)
    ]
    return RationalMatrix.from_fractions(columns)


STATEMENT = Statement(
    key=KEY,
    title="Lemma 2.1: rank of an entrywise product",
    source="[WoodruffYasuda2024]_, Lemma 2.1",
    text=(
        "If rank W <= r and rank X <= k, then rank(W o X) <= r k. With "
        "W = sum p_a q_a^T and X = sum l_b r_b^T, "
        "W o X = sum_ab (p_a o l_b)(q_a o r_b)^T. Signs do not matter: it holds for "
        "every real W, also for a signed root of the squared weights, whose rank may "
        "be lower than that of W >= 0."
    ),
    hypotheses=(),
    cases=cases,
    check=check,
    value_type=HadamardFactors,
    errata=(
        Erratum(
            printed="The proof begins 'Since rank(W) <= k'.",
            wrong_because="The rank of W is called r in the lemma; k is that of X.",
            repaired="Since rank(W) <= r.",
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.reweighted:reweighted",
        "exact_wlra.checker.spectral",
    ),
    tests=("tests/exact_wlra/theorems/test_statements.py",),
)
