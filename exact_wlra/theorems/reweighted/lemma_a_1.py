"""Lemma A.1 of the reweighted paper: entrywise inverses of structured weights.

Contents
--------
BlocksPlusSparse    W = sum of u v^T on rectangles + E, and factors to apply it to
STATEMENT           W^{o-1} has the same structure

References
----------
[WoodruffYasuda2024]_, Lemma A.1 (of the authors' poster; the appendix is not in the
text that this project has).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.heuristics.ranks import rational_rank
from exact_wlra.heuristics.structured_weights import (
    RankOneBlock,
    StructuredWeights,
    apply_hadamard,
)
from exact_wlra.theorems.findings import Finding
from exact_wlra.theorems.quantities import exact
from exact_wlra.theorems.reweighted.rational_solutions import (
    divided,
    squared_distance,
)
from exact_wlra.theorems.sampling import Generator, generator, integer_matrix
from exact_wlra.theorems.statements import Case, Erratum, Hypothesis, Statement
from semialgebraic.rational_matrices import RationalMatrix

KEY = "reweighted/lemma-a.1"

_DISJOINT = Hypothesis(
    name="disjoint rectangles",
    text="no entry lies in the supports of two blocks u_i v_i^T",
)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class BlocksPlusSparse:
    """W = U V + E, each column of U and row of V a block on its support; X = L R.

    Parameters
    ----------
    U, V : RationalMatrix, shapes (n, b) and (b, d)
        Block i is column i of U times row i of V; zeros of these are outside of it.
    E : RationalMatrix, shape (n, d)
    L, R : RationalMatrix, shapes (n, k) and (k, d)
        Of the matrix that W^{o-1} is multiplied into.
    """

    U: RationalMatrix
    V: RationalMatrix
    E: RationalMatrix
    L: RationalMatrix
    R: RationalMatrix


def check(case: Case[BlocksPlusSparse]) -> tuple[Finding, ...]:
    """Compare the formula, its cost in numbers and its application, all exactly.

    Examples
    --------
    >>> {finding.verdict for finding in check(next(cases(1)))}
    {'holds'}
    """
    value = case.value
    W = value.U @ value.V + value.E
    ones = RationalMatrix(np.ones(W.shape, dtype=np.int64))
    inverse = divided(ones, W)
    structure = _structure(value)
    unmet = () if _is_disjoint(value) else (_DISJOINT.name,)
    inverted = structure.inverse()
    parts = sum((_dense(block, W.shape) for block in inverted.blocks), start=_zeros(W))
    for i, j, x in zip(inverted.rows, inverted.columns, inverted.values, strict=True):
        parts[i, j] += x
    applied = apply_hadamard(
        inverted, _array(value.L), _array(value.R), _array(ones.transpose)
    )
    dense = inverse.hadamard(value.L @ value.R) @ ones.transpose
    sizes = sum(len(block.rows) + len(block.columns) for block in structure.blocks)
    rank_E = rational_rank(value.E)
    claims: list[tuple[str, Fraction | int, str, Fraction | int]] = [
        (
            "||W^{o-1} - E' - sum (1/u_i) (1/v_i)^T||^2 = 0",
            squared_distance(inverse, RationalMatrix.from_fractions(parts.tolist())),
            "==",
            0,
        ),
        (
            "||(W^{o-1} o L R) Z, by blocks - the same, written out||^2 = 0",
            squared_distance(dense, RationalMatrix.from_fractions(applied.tolist())),
            "==",
            0,
        ),
        (
            "numbers stored: nnz(E) + sum (|R_i| + |C_i|)",
            inverted.n_numbers,
            "==",
            int((value.E.numerators != 0).sum()) + sizes,
        ),
        (
            "rank W <= number of blocks + rank E",
            rational_rank(W),
            "<=",
            len(structure.blocks) + rank_E,
        ),
    ]
    return tuple(
        case.finding(
            KEY,
            claim,
            exact(measured),
            relation,  # type: ignore[arg-type]
            exact(bound),
            unmet=unmet,
        )
        for claim, measured, relation, bound in claims
    )


def _structure(value: BlocksPlusSparse) -> StructuredWeights:
    """Return W as the laboratory stores it, in fractions, unchecked."""
    lefts, rights = value.U.transpose.fractions(), value.V.fractions()
    blocks = []
    for left, right in zip(lefts, rights, strict=True):
        rows = [i for i, x in enumerate(left) if x]
        columns = [j for j, x in enumerate(right) if x]
        blocks.append(
            RankOneBlock(
                rows=np.array(rows, dtype=np.int64),
                columns=np.array(columns, dtype=np.int64),
                left=_objects([left[i] for i in rows]),
                right=_objects([right[j] for j in columns]),
            )
        )
    places = [(int(i), int(j)) for i, j in np.argwhere(value.E.numerators != 0)]
    return StructuredWeights(
        shape=value.E.shape,
        blocks=tuple(blocks),
        rows=np.array([i for i, _ in places], dtype=np.int64),
        columns=np.array([j for _, j in places], dtype=np.int64),
        values=_objects([value.E[place] for place in places]),
    )


def _is_disjoint(value: BlocksPlusSparse) -> bool:
    """Tell whether no entry lies in two rectangles."""
    covered = (value.U.numerators != 0).astype(int) @ (value.V.numerators != 0)
    return bool((covered <= 1).all())


def _dense(block: RankOneBlock, shape: tuple[int, int]) -> Any:
    """Return the block as an array of fractions."""
    found = np.full(shape, Fraction(0), dtype=object)
    found[np.ix_(block.rows, block.columns)] = np.multiply.outer(
        block.left, block.right
    )
    return found


def _zeros(matrix: RationalMatrix) -> Any:
    return np.full(matrix.shape, Fraction(0), dtype=object)


def _array(matrix: RationalMatrix) -> Any:
    """Return the matrix as an array of fractions."""
    return np.array(matrix.fractions(), dtype=object).reshape(matrix.shape)


def _objects(values: list[Fraction]) -> Any:
    """Return the fractions as an array, also if there are none."""
    return np.array([*values, None], dtype=object)[:-1]


def cases(seeds: int) -> Iterator[Case[BlocksPlusSparse]]:
    """Yield blocks plus sparse entries, with cancellation; low rank plus diagonal."""
    for seed in range(seeds):
        noise = generator(KEY, seed)
        U = np.zeros((7, 3), dtype=np.int64)
        V = np.zeros((3, 6), dtype=np.int64)
        U[:4, 0], U[4:, 1], U[4:, 2] = 1, 1, 1
        V[0, :], V[1, :3], V[2, 3:5] = 1, 1, 1
        U *= integer_matrix(noise, U.shape, 1, 5)
        V *= integer_matrix(noise, V.shape, 1, 5)
        E = np.zeros((7, 6), dtype=np.int64)
        for place in noise.choice(42, size=5, replace=False):
            E.flat[place] = int(noise.integers(1, 9))
        E[0, 0] = -U[0, 0] * V[0, 0]  # W is zero there, by cancellation
        yield _case(f"blocks-{seed}", "random", noise, (U, V, E), seed)
    noise = generator(KEY, seeds)
    ones = np.ones((5, 1), dtype=np.int64)
    minus = -np.eye(5, dtype=np.int64)
    yield _case("all-ones-less-identity", "structured", noise, (ones, ones.T, minus))
    nothing = np.zeros((5, 5), dtype=np.int64)
    both = np.array([[1, 0], [1, 1], [1, 1], [1, 1], [0, 1]])
    yield _case("overlapping-blocks", "violation", noise, (both, both.T, nothing))


def _case(
    name: str,
    kind: Any,
    noise: Generator,
    parts: tuple[Any, Any, Any],
    seed: int | None = None,
) -> Case[BlocksPlusSparse]:
    """Return W by its parts, and random factors of rank two."""
    n, d = parts[2].shape
    factors = integer_matrix(noise, (n, 2), -5, 5), integer_matrix(noise, (2, d), -5, 5)
    U, V, E, L, R = (RationalMatrix(np.asarray(part)) for part in (*parts, *factors))
    value = BlocksPlusSparse(U=U, V=V, E=E, L=L, R=R)
    return Case(name=name, kind=kind, value=value, seed=seed)


def diagonal_has_full_rank() -> tuple[Finding, ...]:
    """Return 11^T - I, one block and a diagonal: its rank is n, not one."""
    W = RationalMatrix(1 - np.eye(6, dtype=np.int64))
    return (
        Case(name="11^T - I, 6 x 6", kind="adversarial", value=None).finding(
            KEY,
            "if low rank plus diagonal were of low rank: rank W <= 2",
            exact(rational_rank(W)),
            "<=",
            exact(2),
        ),
    )


def inverse_of_rank_two() -> tuple[Finding, ...]:
    """Return W_ij = i + j of rank two: its inverse has full rank (Cauchy, Hilbert)."""
    sums = RationalMatrix.from_rows([[i + j + 1 for j in range(5)] for i in range(5)])
    ones = RationalMatrix.from_rows([[1] * 5] * 5)
    return (
        Case(name="W_ij = i + j, 5 x 5", kind="adversarial", value=None).finding(
            KEY,
            "if W of rank 2, the sum of 2 overlapping blocks, had such an inverse: "
            "rank W^{o-1} <= 2",
            exact(rational_rank(divided(ones, sums))),
            "<=",
            exact(rational_rank(sums)),
        ),
    )


STATEMENT = Statement(
    key=KEY,
    title="Lemma A.1: entrywise inverses of structured weights",
    source="[WoodruffYasuda2024]_, Lemma A.1, from the authors' poster",
    text=(
        "Let W = E + sum u_i v_i^T with blocks supported on disjoint rectangles R_i x "
        "C_i, without zeros there. Then W^{o-1} = E' + sum (1/u_i) (1/v_i)^T, where "
        "E' has the support of E, E'_ab = 1/W_ab - sum_i (1/u_i)_a (1/v_i)_b, and 1/0 "
        "is read as 0. It is stored in nnz(E) + sum (|R_i| + |C_i|) numbers, and "
        "(W^{o-1} o L R) Z is computed block by block. Only rank W <= number of "
        "blocks + rank E: the lemma is about application, not about rank."
    ),
    hypotheses=(_DISJOINT,),
    cases=cases,
    check=check,
    value_type=BlocksPlusSparse,
    errata=(
        Erratum(
            printed=(
                "Low-Rank Plus Diagonal, Plus Block Diagonal, Plus Banded, Plus "
                "Sparse and monotone patterns are listed after Theorem 1.2 as captured."
            ),
            wrong_because=(
                "Their rank may be full, where Theorem 1.2 with r = rank W says "
                "nothing: 11^T - I has rank n."
            ),
            repaired="The lemma makes applying W^{o-1} fast, and gives no factor.",
            counterexample=diagonal_has_full_rank,
        ),
        Erratum(
            printed="Low-Rank Plus Diagonal is captured.",
            wrong_because=(
                "The blocks must not overlap, so that 'low rank' has to be rank one "
                "on each rectangle; the inverse of a matrix of rank two may have full "
                "rank."
            ),
            repaired="Blocks of rank one with disjoint supports, plus sparse.",
            counterexample=inverse_of_rank_two,
        ),
    ),
    used_by=(
        "exact_wlra.heuristics.structured_weights:StructuredWeights",
        "exact_wlra.heuristics.reweighted:reweighted",
    ),
    tests=(
        "tests/exact_wlra/test_structured_weights.py",
        "tests/exact_wlra/theorems/test_reweighted.py",
    ),
)
