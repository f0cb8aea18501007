"""The instance of the lower bound: whoever approximates it has been sent s r k bits.

*Statement (Theorem 1.5).* For the block diagonal mask W of r blocks and inputs with s
nonzeros in a column, a finite factor kappa takes B = Omega(s r k) bits.

*Proof.* Cut s r k uniform bits into r matrices of size s x k and let Alice's C have the
j-th in the top left corner of block j. The matrix that repeats the j-th along all of
block row j has rank at most k and equals C where W is one, so OPT_k = 0. Any finite
kappa makes Bob's matrix equal to C there: he reads the bits. By Fano's inequality a
message that decodes srk uniform bits with error at most 1/3 has
B >= srk - h(1/3) - srk/3, h(1/3) = 0.918... bits.

Contents
--------
HardInstance        W and C of given bits
hard_instance       make it
read_bits           the bits, off any solution of finite factor
fano_bound          bits that every protocol needs
direct_message      the optimal protocol: the bits themselves
read_direct         read them

Notes on the implementation
---------------------------
Two repairs to the construction in print. *Alice's matrix* there is the repeated one,
`completed`, whose columns have up to s r nonzeros and not s; here it is C = W o that.
*Zero columns*: with n/r columns in a block the upper bound has rkn numbers and does
not meet the lower one; by default only the k columns that carry bits are kept, so
that d = rk.

References
----------
[WoodruffYasuda2024]_, Definition 3.2 and Theorem 1.5.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import final

import numpy as np

from exact_wlra.communication.bits import BitReader, BitWriter
from exact_wlra.communication.messages import Message
from exact_wlra.errors import InvalidProblemError
from semialgebraic.integer_arrays import IntegerArray, integers


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HardInstance:
    """W, C and the matrix of rank k that costs nothing.

    Parameters
    ----------
    blocks, sparsity, rank : int
        r, s and k.
    weights : integer array, shape (n, d)
        The mask: r blocks of n/r rows and d/r columns.
    data : integer array, shape (n, d)
        C = W o completed; s nonzeros in a column at most.
    completed : integer array, shape (n, d)
        What the paper gives to Alice: rank at most k, up to s r nonzeros in a column.
    """

    blocks: int
    sparsity: int
    rank: int
    weights: IntegerArray
    data: IntegerArray
    completed: IntegerArray

    @property
    def n_bits(self) -> int:
        """The number srk of bits that the instance hides."""
        return self.blocks * self.sparsity * self.rank


def hard_instance(
    bits: Sequence[int], *, blocks: int, sparsity: int, rank: int, n: int | None = None
) -> HardInstance:
    """Return the instance that hides these bits.

    Parameters
    ----------
    bits : sequence of 0 and 1, length r s k
        Block by block, row by row.
    blocks, sparsity, rank : int
        r, s and k.
    n : int, optional
        The size of the square mask in print, a multiple of r with s, k <= n/r. Without
        it the zero columns are dropped: n = rs rows and d = rk columns.

    Raises
    ------
    InvalidProblemError
        If the sizes do not fit each other.

    Examples
    --------
    >>> hard_instance([1, 0, 1, 1], blocks=2, sparsity=2, rank=1).data.tolist()
    [[1, 0], [0, 0], [0, 1], [0, 1]]
    """
    r, s, k = blocks, sparsity, rank
    if min(r, s, k) < 1 or len(bits) != r * s * k or not set(bits) <= {0, 1}:
        raise InvalidProblemError(
            f"{len(bits)} bits do not fill {r} blocks of {s} rows and {k} columns; "
            f"give {r * s * k} zeros and ones."
        )
    if n is not None and (n % r or n // r < max(s, k)):
        raise InvalidProblemError(
            f"a mask of size {n} has no {r} blocks of {max(s, k)} rows and columns; "
            f"give a multiple of {r} that is at least {r * max(s, k)}."
        )
    height, width = (s, k) if n is None else (n // r, n // r)
    padded = np.zeros((r, height, width), dtype=np.int64)
    padded[:, :s, :k] = np.array(bits, dtype=np.int64).reshape(r, s, k)
    completed = np.tile(padded.reshape(r * height, width), (1, r))
    weights = np.kron(np.eye(r, dtype=np.int64), np.ones((height, width), np.int64))
    return HardInstance(
        blocks=r,
        sparsity=s,
        rank=k,
        weights=integers(weights),
        data=integers(weights * completed),
        completed=integers(completed),
    )


def read_bits(
    solution: Sequence[Sequence[Fraction]], *, blocks: int, sparsity: int, rank: int
) -> list[int]:
    """Return the bits that stand in a solution of any finite factor.

    Parameters
    ----------
    solution : rows of numbers, shape (n, d)
        Bob's matrix; with r, s and k it is all that he needs.

    Raises
    ------
    InvalidProblemError
        If an entry is neither 0 nor 1: the factor of this solution is infinite.

    Examples
    --------
    >>> read_bits([[1, 0], [0, 0], [0, 1], [0, 1]], blocks=2, sparsity=2, rank=1)
    [1, 0, 1, 1]
    """
    height, width = len(solution) // blocks, len(solution[0]) // blocks
    found = []
    for j in range(blocks):
        for i in range(j * height, j * height + sparsity):
            for c in range(j * width, j * width + rank):
                if solution[i][c] not in {0, 1}:
                    raise InvalidProblemError(
                        f"the solution has {solution[i][c]} in row {i + 1}, column "
                        f"{c + 1}, no bit: its factor is infinite."
                    )
                found.append(int(solution[i][c]))
    return found


def fano_bound(n_bits: int) -> float:
    """Return (2/3) srk - h(1/3): bits of every message decoded with error <= 1/3.

    Examples
    --------
    >>> round(fano_bound(30), 3)
    19.082
    """
    entropy = math.log2(3) - 2 / 3
    return 2 * n_bits / 3 - entropy


def direct_message(bits: Sequence[int]) -> Message:
    """Return the srk bits as they are: no protocol without error needs fewer.

    Examples
    --------
    >>> direct_message([1, 0, 1, 1]).n_bits
    4
    """
    writer = BitWriter()
    for bit in bits:
        writer.fixed(bit, 1, part="values")
    return Message(payload=writer.payload(), parts=tuple(writer.parts.items()))


def read_direct(payload: bytes, n_bits: int) -> list[int]:
    """Return the bits of `direct_message`.

    Raises
    ------
    MalformedMessageError
        If there are not so many.

    Examples
    --------
    >>> read_direct(direct_message([1, 0, 1, 1]).payload, 4)
    [1, 0, 1, 1]
    """
    reader = BitReader(payload)
    found = [reader.fixed(1) for _ in range(n_bits)]
    reader.finish()
    return found
