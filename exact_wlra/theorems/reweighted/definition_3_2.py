"""Definition 3.2 of the reweighted paper: the block diagonal mask.

Contents
--------
BlockMask           r blocks on the diagonal of an n x n mask
STATEMENT           rank W = r, and OPT_k is a sum over the blocks

References
----------
[WoodruffYasuda2024]_, Definition 3.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.communication.hard_instances import hard_instance
from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.problem import Problem
from exact_wlra.theorems.findings import Finding, Relation
from exact_wlra.theorems.measuring import optimum, singular_tail
from exact_wlra.theorems.quantities import Quantity, enclosed, exact
from exact_wlra.theorems.sampling import generator, integer_matrix
from exact_wlra.theorems.statements import Case, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/definition-3.2"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlockMask:
    """The blocks of A on the support of the mask.

    Parameters
    ----------
    blocks : tuple of RationalMatrix, each m x m
        r blocks; the mask has size n = rm.
    rank : int
        k.
    """

    blocks: tuple[RationalMatrix, ...]
    rank: int


def check(case: Case[BlockMask]) -> tuple[Finding, ...]:
    """Compare rank and support of the mask, and OPT_k with the blocks, one by one.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))} <= {"holds", "agrees"}
    True
    """
    value = case.value
    r, m, k = len(value.blocks), value.blocks[0].shape[0], value.rank
    zeros = (0,) * r
    W = RationalMatrix(
        hard_instance(zeros, blocks=r, sparsity=1, rank=1, n=r * m).weights
    )
    A = np.zeros((r * m, r * m), dtype=object)
    for j, block in enumerate(value.blocks):
        A[j * m : (j + 1) * m, j * m : (j + 1) * m] = block.fractions()
    data = RationalMatrix.from_fractions([[Fraction(x) for x in row] for row in A])
    tails = [singular_tail(block, k) for block in value.blocks]
    tail = enclosed(
        sum((Fraction(x.low) for x in tails), Fraction(0)),
        sum((Fraction(x.high) for x in tails), Fraction(0)),
    )
    best, whole = optimum(Problem(data, weights=W, rank=k)), singular_tail(data, r * k)
    claims: tuple[tuple[str, Quantity, Relation, Quantity], ...] = (
        ("rank W = r", exact(rational_rank(W)), "==", exact(r)),
        ("nonzeros of W = n^2 / r", exact(W.total()), "==", exact(r * m * m)),
        ("||(W o A)_{-rk}||^2 <= sum of ||A^(j)_{-k}||^2", whole, "<=", tail),
        ("OPT_k = sum of ||A^(j)_{-k}||^2", best, "==", tail),
    )
    return tuple(case.finding(KEY, *claim) for claim in claims)


def cases(seeds: int) -> Iterator[Case[BlockMask]]:
    """Yield random blocks, and blocks of one scale each."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        blocks = tuple(
            RationalMatrix(integer_matrix(noise, (2, 2), -5, 5)) for _ in range(2)
        )
        yield Case(
            name=f"two-blocks-{seed}",
            kind="random",
            value=BlockMask(blocks=blocks, rank=1),
            seed=seed,
        )
    scaled = (RationalMatrix.from_rows([[9, 0], [0, 7]]), RationalMatrix.zeros(2, 2))
    yield Case(
        name="one-block-is-zero",
        kind="adversarial",
        value=BlockMask(blocks=scaled, rank=1),
    )


STATEMENT = Statement(
    key=KEY,
    title="Definition 3.2: the block diagonal mask",
    source="[WoodruffYasuda2024]_, Definition 3.2",
    text=(
        "W in {0, 1}^{n x n} with r diagonal blocks of ones of size n/r, r a divisor "
        "of n. Then rank W = r. With A^(j) the blocks of A on the support and "
        "A^(j)_k = U_j V_j^T, the matrix [U_1; ...; U_r] [V_1; ...; V_r]^T has rank at "
        "most k and these blocks: OPT_k = sum_j ||A^(j)_{-k}||^2, which "
        "||(W o A)_{-rk}||^2 cannot exceed and may fall short of."
    ),
    hypotheses=(),
    cases=cases,
    check=check,
    value_type=BlockMask,
    used_by=("exact_wlra.communication.hard_instances:hard_instance",),
    tests=("tests/exact_wlra/communication/test_hard_instances.py",),
)
