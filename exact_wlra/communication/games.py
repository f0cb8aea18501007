"""The two-player game of Definition 1.4, played and scored.

Contents
--------
Play                the message, Bob's solution, and what they are worth
play                Alice encodes, Bob decodes in a process of his own
bits_bound          (s rk / epsilon + rk d) log2(n d)

References
----------
[WoodruffYasuda2024]_, Definition 1.4 and Theorem 3.1.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import final

from exact_wlra.communication.bits import BitWriter
from exact_wlra.communication.channels import decoded_elsewhere
from exact_wlra.communication.messages import SparseColumns, write_columns
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.receiver import ReceivedSolution, received
from exact_wlra.communication.sender import Kind, Sent, private_data, sent
from semialgebraic.integer_arrays import IntegerArray


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Play:
    """One game, scored with A at hand.

    Parameters
    ----------
    public : PublicInput
    sent : Sent
        Alice's message, and what she proved of it.
    solution : ReceivedSolution
        What Bob has.
    cost : Fraction
        ||A - solution||_{W,F}^2, exact.
    column_sparsity : int
        s, the nonzeros of a column of A where W is positive, at most.
    bound : float
        (s rk / epsilon + rk d) log2(n d), the bound of Theorem 3.1 without constant.
    direct_bits : int
        What sending all of A by its nonzeros takes.
    """

    public: PublicInput
    sent: Sent
    solution: ReceivedSolution
    cost: Fraction
    column_sparsity: int
    bound: float
    direct_bits: int

    @property
    def n_bits(self) -> int:
        """Bits that Alice sent."""
        return self.sent.message.n_bits

    @property
    def constant(self) -> float:
        """Bits sent over the bound: the constant of this game."""
        return self.n_bits / self.bound if self.bound else 0.0

    @property
    def squared_kappa(self) -> Fraction:
        """Proved: cost <= squared_kappa OPT_k, with the tail below OPT_k."""
        return self.squared_kappa_against(self.sent.tail)

    @property
    def kappa(self) -> float:
        """The root of `squared_kappa`: Definition 1.4 is about norms."""
        return math.sqrt(self.squared_kappa)

    def squared_kappa_against(self, optimum: Fraction) -> Fraction:
        """Return cost / optimum, for the optimum or a proved lower bound of it.

        1 where both are zero.

        Raises
        ------
        ZeroDivisionError
            If only `optimum` is zero: no factor is finite.
        """
        return Fraction(1) if self.cost == optimum == 0 else self.cost / optimum


def play(
    data: object,
    weights: object,
    *,
    rank: int,
    epsilon: Fraction | int = Fraction(1, 2),
    seed: int = 0,
    kind: Kind | None = None,
    elsewhere: bool = True,
    seconds: float = 60.0,
) -> Play:
    """Play the game: Alice has A, Bob has W and the message.

    *Guarantee.* cost <= (1 + epsilon) OPT_k on the squared norm, proved by Alice in
    rational arithmetic before she sends; on the norm, sqrt(1 + epsilon) <= 1 + epsilon.

    Parameters
    ----------
    data, weights : integer matrices, shape (n, d)
        A and W >= 0; A is not read where W is zero.
    rank : int
        k >= 1.
    epsilon : Fraction
        0 < epsilon <= 1.
    seed : int
        Of the public coins.
    kind : {"rows", "sketch", "rounded"}, optional
        How coefficients are sent; see `sender.sent`.
    elsewhere : bool
        Whether Bob is a process of his own.
    seconds : float
        How long Bob may take.

    Examples
    --------
    >>> game = play([[1, 2], [2, 4]], [[1, 1], [1, 1]], rank=1, elsewhere=False)
    >>> game.n_bits, game.cost, game.solution.entries()[1][1]
    (25, Fraction(0, 1), Fraction(4, 1))
    """
    public = PublicInput.of(weights, rank=rank, epsilon=epsilon, seed=seed)
    A = private_data(public, data)
    found = sent(public, A, kind=kind)
    payload = found.message.payload
    solution = (
        decoded_elsewhere(public, payload, seconds=seconds)
        if elsewhere
        else received(public, payload)
    )
    s = int((A != 0).sum(axis=0).max(initial=0))
    return Play(
        public=public,
        sent=found,
        solution=solution,
        cost=solution.cost(A),
        column_sparsity=s,
        bound=bits_bound(public, s),
        direct_bits=_direct_bits(public, A),
    )


def bits_bound(public: PublicInput, column_sparsity: int) -> float:
    """Return (s rk / epsilon + rk d) log2(n d).

    Examples
    --------
    >>> bits_bound(PublicInput.of([[1, 1], [1, 1]], rank=1, epsilon=1), 2)
    8.0
    """
    n, d = public.weights.shape
    q = public.reduced_rank
    numbers = column_sparsity * q / float(public.epsilon) + q * d
    return float(numbers * math.log2(max(n * d, 2)))


def _direct_bits(public: PublicInput, A: IntegerArray) -> int:
    """Return the bits of a message that holds all columns and no coefficients."""
    everything = SparseColumns(indices=tuple(range(A.shape[1])), entries=A)
    writer = BitWriter()
    write_columns(writer, everything, public.support)
    return sum(writer.parts.values())
