"""Alice: from A to a message whose cost she has proved before she sends it.

The proof of Theorem 3.1 sends the optimal X, whose entries are no integers of
O(log(nd)) bits. Here coefficients are integers: entries of A, of a public sketch of
W o A, or factors in fixed point. Alice computes in rational arithmetic what Bob will
have, and sends only what costs at most (1 + epsilon) ||(W o A)_{-rk}||_F^2.

Contents
--------
Sent                the message, what it costs Bob, and the proved tail
sent                make it
row_content         rank W o A <= rk: columns and rows of A, cost 0
sketch_content      columns and G (W o A)
rounded_content     columns and X = Y Z of rank rk in fixed point

Notes on the implementation
---------------------------
*Share.* Columns are chosen until their loss is within 1 + epsilon/3; coefficients may
use what is left. Floats choose and prove nothing.

References
----------
[WoodruffYasuda2024]_, Theorem 3.1; [ClarksonWoodruff2009]_ for sketches by signs.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.communication.column_selection import (
    greedy_columns,
    independent_columns,
    projection_loss,
    volume_columns,
)
from exact_wlra.communication.messages import (
    Content,
    Message,
    RoundedFactors,
    RowValues,
    SketchValues,
    SparseColumns,
    encoded,
)
from exact_wlra.communication.public_inputs import (
    PublicInput,
    integer_matrix,
    public_signs,
)
from exact_wlra.communication.receiver import least_squares, solution_of
from exact_wlra.communication.tails import proved_tail
from exact_wlra.errors import InvalidProblemError, WLRAError
from exact_wlra.heuristics.ranks import rational_rank
from semialgebraic.integer_arrays import (
    IntegerArray,
    integers,
    magnitude,
    matmul,
    multiply,
)
from semialgebraic.rational_matrices import RationalMatrix

Floats = NDArray[np.float64]
Kind = Literal["rows", "sketch", "rounded"]

# Public matrices tried for one number of rows, before there are twice as many.
_ATTEMPTS = 8
# Binary digits added to the coarsest coefficients before they are given up.
_DIGITS = 60
# Products of two entries, squared and added up, stay within the range of floats.
_LARGEST_BITS = 200


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sent:
    """A message and what Alice knows about it.

    Parameters
    ----------
    message : Message
    kind : {"rows", "sketch", "rounded"}
        How the coefficients were sent.
    n_columns : int
        |S|.
    cost : Fraction
        The squared norm that Bob's solution leaves, exact.
    tail : Fraction
        At most ||(W o A)_{-rk}||_F^2, proved; hence at most OPT_k.
    """

    message: Message
    kind: Kind
    n_columns: int
    cost: Fraction
    tail: Fraction


def sent(public: PublicInput, data: object, *, kind: Kind | None = None) -> Sent:
    """Return a message after which Bob's cost is at most (1 + epsilon) OPT_k, proved.

    Parameters
    ----------
    data : integer matrix, shape (n, d)
        A; it is not read where W is zero.
    kind : {"rows", "sketch", "rounded"}, optional
        None takes rows if rank W o A <= rk, else the shorter of the other two.

    Raises
    ------
    InvalidProblemError
        If A is no integer matrix of the shape of W, or `kind` is not possible for it.

    Examples
    --------
    >>> public = PublicInput.of([[1, 1], [1, 1]], rank=1)
    >>> found = sent(public, [[1, 2], [2, 4]])
    >>> found.kind, found.cost, found.message.n_bits
    ('rows', Fraction(0, 1), 25)
    """
    A = private_data(public, data)
    B = multiply(public.weights, A)
    tail = proved_tail(B, public.reduced_rank)
    allowed: tuple[Kind, ...] = ("sketch", "rounded") if tail else ("rows", "sketch")
    if kind is not None and kind not in allowed:
        raise InvalidProblemError(
            f"coefficients of the kind '{kind}' cannot be sent: the rank of W o A is "
            f"{'above' if tail else 'at most'} rk = {public.reduced_rank}; "
            f"take '{allowed[0]}' or '{allowed[1]}'."
        )
    kinds = (kind,) if kind else (allowed if tail else ("rows",))
    tried = [found for each in kinds if (found := _sent(public, A, tail, each))]
    if not tried:
        raise WLRAError(
            "no message was found: the tail of W o A is too small for factors found "
            "in floats; send coefficients of the kind 'sketch'."
        )
    return min(tried, key=lambda found: found.message.n_bits)


def private_data(public: PublicInput, data: object) -> IntegerArray:
    """Return A, checked, and zero where W is zero."""
    A = integer_matrix(data, "the entry")
    if A.shape != public.weights.shape:
        n, d = public.weights.shape
        raise InvalidProblemError(
            f"the data have the shape {A.shape[0]} x {A.shape[1]} and the weights "
            f"{n} x {d}; give two matrices of one shape."
        )
    if max(magnitude(A), magnitude(public.weights)) >> _LARGEST_BITS:
        raise InvalidProblemError(
            f"an entry has more than {_LARGEST_BITS} bits; the game is about entries "
            "that are polynomial in n d: scale the matrices down."
        )
    return multiply(A, integers(public.support))


def _sent(
    public: PublicInput, A: IntegerArray, tail: Fraction, kind: Kind
) -> Sent | None:
    """Return the message of one kind, if its content is found."""
    match kind:
        case "rows":
            content: Content | None = row_content(public, A)
        case "sketch":
            content = sketch_content(public, A, tail)
        case "rounded":
            content = rounded_content(public, A, tail)
    if content is None:
        return None
    return Sent(
        message=encoded(content, public.support),
        kind=kind,
        n_columns=len(content.columns.indices),
        cost=solution_of(public, content).cost(A),
        tail=tail,
    )


def row_content(public: PublicInput, A: IntegerArray) -> Content:
    """Return columns and rows of A that determine W o A = C (C_R)^-1 (W o A)_R.

    *Proof.* The columns C are a basis of the column space, so W o A = C X, and the rows
    R make C_R invertible. All that is sent are entries of A.
    """
    B = multiply(public.weights, A)
    S = independent_columns(B)
    R = independent_columns(B[:, S].T) if S else []
    rows = RowValues(indices=tuple(R), entries=A[R])
    return Content(columns=_columns(A, S), coefficients=rows)


def sketch_content(public: PublicInput, A: IntegerArray, tail: Fraction) -> Content:
    """Return columns and G (W o A) with public signs G, verified for this G.

    G has t = c + 1 + ceil(3c / (2 epsilon)) rows for c columns, the number for which
    Gaussian G have the mean loss 1 + c/(t - c - 1) <= 1 + 2 epsilon/3. Alice takes the
    first G that is good, and more rows where none is; with t = n, G is the identity.
    Columns that span W o A are sent where those found in floats are not enough.
    """
    B = multiply(public.weights, A)
    share = public.epsilon / 3
    if tail:
        S = _good_columns(B, public.reduced_rank, share)
        found = _good_sketch(public, A, tail, S)
        if found is not None:
            return found
    found = _good_sketch(public, A, tail, independent_columns(B))
    if found is None:
        raise WLRAError("columns that span W o A left something of it; report this.")
    return found


def _good_sketch(
    public: PublicInput, A: IntegerArray, tail: Fraction, S: list[int]
) -> Content | None:
    """Return the first good sketch for these columns, if there is one."""
    B = multiply(public.weights, A)
    n, c = len(B), len(S)
    t = min(n, c + 1 + math.ceil(3 * c / (2 * public.epsilon)))
    while True:
        for attempt in range(_ATTEMPTS if t < n else 1):
            G = public_signs(public.seed, attempt, t, n)
            if not _is_injective(G, B[:, S]):
                continue
            sketch = SketchValues(attempt=attempt, entries=matmul(G, B))
            content = Content(columns=_columns(A, S), coefficients=sketch)
            if _is_good(public, content, A, tail):
                return content
        if t == n:
            return None
        t = min(n, 2 * t)


def rounded_content(
    public: PublicInput, A: IntegerArray, tail: Fraction
) -> Content | None:
    """Return columns and coefficients Y Z of rank rk, in as few digits as will do.

    C Y is nearly orthonormal. Y gets digits until the span of C Y is good; Z is then
    the exact solution of least squares, rounded: by Pythagoras that costs
    ||C Y (Z - Z')||_F^2 more, about q d 4^-b / 12 for b digits.
    """
    B = multiply(public.weights, A)
    q, share = public.reduced_rank, public.epsilon / 3
    goal = float(tail * (1 + share))
    S = greedy_columns(_floats(B), goal=goal, rank=q)
    mixing = _mixing(_floats(B), S, q, goal=float(tail * (1 + 2 * share)))
    if mixing is None:
        return None
    Y, a = mixing
    exact = least_squares(matmul(B[:, S], Y), B).scaled(Fraction(2) ** a)
    coarse = math.floor(_half_log2(Fraction(q * B.shape[1]) / (12 * share * tail))) - 2
    for b in range(coarse, coarse + _DIGITS):
        factors = RoundedFactors(
            mixing=Y,
            mixing_exponent=a,
            right=_rounded(exact, b),
            right_exponent=b,
        )
        content = Content(columns=_columns(A, S), coefficients=factors)
        if _is_good(public, content, A, tail):
            return content
    return None


def _mixing(
    B: Floats, S: list[int], q: int, *, goal: float
) -> tuple[IntegerArray, int] | None:
    """Return Y and its exponent a, so that the span of C 2^-a Y leaves at most goal."""
    orthonormal, triangle = np.linalg.qr(B[:, S])
    leading = np.linalg.svd(orthonormal.T @ B)[0][:, :q]
    Y = np.linalg.solve(triangle, leading)
    first = math.floor(math.log2(np.linalg.norm(B[:, S], 2)))
    for a in range(first, first + _DIGITS):
        scaled = np.rint(np.ldexp(Y, a))
        basis, diagonal = np.linalg.qr(B[:, S] @ scaled)
        if np.abs(np.diag(diagonal)).min() == 0 or np.abs(scaled).max() > 2.0**52:
            continue
        outside = B - basis @ (basis.T @ B)
        if float(np.vdot(outside, outside)) <= goal:
            return scaled.astype(np.int64), a
    return None


def _good_columns(B: IntegerArray, q: int, share: Fraction) -> list[int]:
    """Return columns whose span leaves at most (1 + share) ||B_{-q}||_F^2, in floats.

    Greedily; by volume where that takes more than q/share + q - 1, which suffice.
    """
    matrix = _floats(B)
    values = np.linalg.svd(matrix, compute_uv=False)[q:]
    goal = (1 + float(share)) * float(np.vdot(values, values))
    S = greedy_columns(matrix, goal=goal, rank=None)
    most = math.ceil(q / share) + q - 1
    if len(S) <= most:
        return S
    volume = volume_columns(matrix, size=most)
    is_enough = projection_loss(matrix, volume, None) <= goal * (1 + 1e-9)
    return volume if is_enough else S


def _is_good(
    public: PublicInput, content: Content, A: IntegerArray, tail: Fraction
) -> bool:
    """Tell, exactly, whether Bob's cost is at most (1 + epsilon) tail."""
    return bool(solution_of(public, content).cost(A) <= (1 + public.epsilon) * tail)


def _is_injective(G: IntegerArray, C: IntegerArray) -> bool:
    """Tell whether G C has full column rank, exactly."""
    return rational_rank(RationalMatrix(matmul(G, C))) == int(C.shape[1])


def _columns(A: IntegerArray, S: list[int]) -> SparseColumns:
    """Return the columns of A in S."""
    return SparseColumns(indices=tuple(S), entries=A[:, S])


def _rounded(matrix: RationalMatrix, bits: int) -> IntegerArray:
    """Return the nearest integers to 2^bits times the entries."""
    scaled = matrix.scaled(2 * Fraction(2) ** bits)
    halves = scaled.numerators.astype(object) // scaled.denominator
    return integers((halves + 1) // 2)


def _half_log2(value: Fraction) -> float:
    """Return log2(value) / 2."""
    return (math.log2(value.numerator) - math.log2(value.denominator)) / 2


def _floats(matrix: IntegerArray) -> Floats:
    """Return the matrix in floats."""
    return matrix.astype(np.float64)
