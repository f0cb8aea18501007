"""Bob: from the weights and a message to a solution; A is nowhere in his reach.

Contents
--------
ReceivedSolution    W^{o-1} o ((W o A)|_S X), exact
received            decode a message

Notes on the implementation
---------------------------
This module imports nothing that handles A. All arithmetic is rational: Bob's matrix is
the one whose cost Alice computed before she sent anything.

References
----------
[WoodruffYasuda2024]_, Corollary 1.3 and Theorem 3.1.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, final

import numpy as np

from exact_wlra.communication.messages import (
    Content,
    RoundedFactors,
    RowValues,
    SketchValues,
    decoded,
)
from exact_wlra.communication.public_inputs import PublicInput, public_signs
from exact_wlra.errors import MalformedMessageError
from semialgebraic.integer_arrays import IntegerArray, integers, matmul, multiply
from semialgebraic.rational_matrices import RationalMatrix


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedSolution:
    """The matrix W^{o-1} o (C Y Z) with C = (W o A)|_S, 1/0 read as 0.

    Parameters
    ----------
    weights : RationalMatrix, shape (n, d)
        W.
    weight_rank : int
        r.
    columns : tuple of int
        S, from 0.
    selected : RationalMatrix, shape (n, |S|)
        A|_S, zero where W is zero.
    mixing : RationalMatrix or None, shape (|S|, m)
        Y; None is the identity.
    right : RationalMatrix, shape (m, d)
        Z.
    """

    weights: RationalMatrix
    weight_rank: int
    columns: tuple[int, ...]
    selected: RationalMatrix
    mixing: RationalMatrix | None
    right: RationalMatrix

    def weighted(self) -> RationalMatrix:
        """Return C Y Z, the approximation of W o A."""
        basis = self.weights.take(columns=list(self.columns)).hadamard(self.selected)
        left = basis if self.mixing is None else basis @ self.mixing
        return left @ self.right

    def entries(self) -> list[list[Fraction]]:
        """Return the solution, entry by entry; zero where W is zero."""
        return [
            [x / w if w else Fraction(0) for x, w in zip(xs, ws, strict=True)]
            for xs, ws in zip(
                self.weighted().fractions(), self.weights.fractions(), strict=True
            )
        ]

    @property
    def weighted_rank(self) -> int:
        """What the rank of C Y Z is at most."""
        return min(self.right.shape[0], *self.weights.shape)

    @property
    def rank(self) -> int:
        """What the rank of the solution is at most: W^{o-1} may have full rank."""
        return min(self.weights.shape) if self.right.shape[0] else 0

    @property
    def n_numbers(self) -> int:
        """Numbers stored: S, nonzeros with their rows, Y, Z, two factors of W."""
        n, d = self.weights.shape
        nonzeros = int(np.count_nonzero(self.selected.numerators))
        mixing = 0 if self.mixing is None else self.mixing.numerators.size
        stored = len(self.columns) + 2 * nonzeros + mixing + self.right.numerators.size
        return stored + (n + d) * self.weight_rank

    def cost(self, data: IntegerArray) -> Fraction:
        """Return ||W o (A - solution)||_F^2 for an A that the caller knows, exactly."""
        weighted = RationalMatrix(multiply(self.weights.numerators, data))
        residual = weighted - self.weighted()
        on_support = RationalMatrix(
            multiply(residual.numerators, integers(self.weights.numerators != 0)),
            residual.denominator,
        )
        return on_support.hadamard(on_support).total()


def received(public: PublicInput, payload: bytes) -> ReceivedSolution:
    """Return what the message says, as a solution.

    *Coefficients.* Rows: C_R X = (W o A)_R, of as many rows as columns. Sketch:
    X = (G C)^+ G (W o A) with the public signs G. Rounded factors: X = Y Z as sent.

    Raises
    ------
    MalformedMessageError
        If no sender writes this message for these weights.
    """
    return solution_of(public, decoded(payload, public.support))


def solution_of(public: PublicInput, content: Content) -> ReceivedSolution:
    """Return the solution that a decoded message determines."""
    columns = content.columns
    W = public.weights
    C = multiply(W[:, list(columns.indices)], columns.entries)
    mixing = None
    match content.coefficients:
        case RowValues(indices=indices, entries=entries):
            R = list(indices)
            right = _solved(C[R], multiply(W[R], entries))
        case SketchValues(attempt=attempt, entries=entries):
            G = public_signs(public.seed, attempt, len(entries), len(W))
            right = least_squares(matmul(G, C), entries)
        case RoundedFactors() as factors:
            mixing = RationalMatrix(factors.mixing).scaled(
                1 / Fraction(2) ** factors.mixing_exponent
            )
            right = RationalMatrix(factors.right).scaled(
                1 / Fraction(2) ** factors.right_exponent
            )
    return ReceivedSolution(
        weights=RationalMatrix(W),
        weight_rank=public.weight_rank,
        columns=columns.indices,
        selected=RationalMatrix(columns.entries),
        mixing=mixing,
        right=right,
    )


def least_squares(left: IntegerArray, right: IntegerArray) -> RationalMatrix:
    """Return M^+ B for integer M (t x c) of full column rank and B (t x d), exactly.

    Examples
    --------
    >>> least_squares(integers([[1], [1]]), integers([[1], [2]]))
    RationalMatrix([[3/2]])
    """
    return _solved(matmul(left.T, left), matmul(left.T, right))


def _solved(left: IntegerArray, right: IntegerArray) -> RationalMatrix:
    """Return M^-1 B for a square integer matrix M, exactly."""
    import flint

    c, d = right.shape
    if c == 0:
        return RationalMatrix.zeros(0, d)
    try:
        found = _flint(flint, left).solve(_flint(flint, right))
    except ZeroDivisionError:
        raise MalformedMessageError(
            "the coefficients of the message are not determined by it: its equations "
            "are singular; send it again with other rows or coins."
        ) from None
    numerators, denominator = flint.fmpq_mat(found).numer_denom()
    array = np.array([int(x) for x in numerators.entries()], dtype=object)
    return RationalMatrix(integers(array.reshape(c, d)), int(denominator))


def _flint(flint: Any, matrix: IntegerArray) -> Any:
    """Return the matrix as FLINT's."""
    n, d = matrix.shape
    return flint.fmpz_mat(n, d, [int(x) for x in matrix.ravel()])
