"""Many servers with columns of A, one coordinator: one message from each is enough.

*Statement.* Let server i hold the columns A^(i) and play the two-player game with the
coordinator, with W^(i) of rank r_i <= r and accuracy epsilon. Side by side, the
solutions cost at most (1 + epsilon) OPT_k(W, A).

*Proof.* Server i proves cost_i <= (1 + epsilon) ||(W^(i) o A^(i))_{-r_i k}||_F^2 before
it sends, and that tail is at most OPT_k(W^(i), A^(i)) (Lemma 2.1). Columns of an X of
rank k form X^(i) of rank at most k, so that these optima add up to at most OPT_k(W, A);
costs add up too.

*Bits.* With O(r_i k / epsilon) columns each, (m s rk/epsilon + rk d) log(nd), up to the
constant; the second term is for the coordinator, who has to know the coefficients. If
each server is to keep its own part only, no coefficients travel: `adaptive_columns`.

Contents
--------
ServerPlay          messages, solutions and what they are worth
play_servers        each server in a process of its own
column_shares       consecutive columns for each of m servers
server_bound        (m s rk/epsilon + rk d) log2(n d)

Notes on the implementation
---------------------------
The solution of the coordinator has rank up to m rk before it is divided by W, and as
many numbers as all the messages: cost, rank and numbers stand together.

References
----------
[WoodruffYasuda2024]_, Section 1.1.2; [BoutsidisWoodruffZhong2016]_ for servers whose
number does not enter the rank.
"""

import math
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import final

import numpy as np

from exact_wlra.communication.channels import Channel, player_process
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.receiver import ReceivedSolution, received
from exact_wlra.communication.sender import Sent, private_data, sent
from exact_wlra.errors import InvalidProblemError, WLRAError


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ServerPlay:
    """One game with m servers, scored with A at hand.

    Parameters
    ----------
    shares : tuple of slice
        Columns of each server.
    accounts : tuple of Sent
        What each server sent and proved.
    solutions : tuple of ReceivedSolution
        What the coordinator has, server by server.
    cost, tail : Fraction
        ||A - solution||_{W,F}^2, and the sum of the proved tails; tail <= OPT_k.
    bound : float
        (m s rk/epsilon + rk d) log2(n d).
    """

    shares: tuple[slice, ...]
    accounts: tuple[Sent, ...]
    solutions: tuple[ReceivedSolution, ...]
    cost: Fraction
    tail: Fraction
    bound: float

    @property
    def bits(self) -> tuple[int, ...]:
        """Bits that each server sent."""
        return tuple(account.message.n_bits for account in self.accounts)

    @property
    def n_bits(self) -> int:
        """Bits that all of them sent."""
        return sum(self.bits)

    @property
    def constant(self) -> float:
        """Bits sent over the bound."""
        return self.n_bits / self.bound if self.bound else 0.0

    @property
    def weighted_rank(self) -> int:
        """What the rank of the approximation of W o A is at most."""
        return sum(solution.weighted_rank for solution in self.solutions)

    @property
    def n_numbers(self) -> int:
        """Numbers that the coordinator stores."""
        return sum(solution.n_numbers for solution in self.solutions)

    def entries(self) -> list[list[Fraction]]:
        """Return the solution of the coordinator, entry by entry."""
        parts = [solution.entries() for solution in self.solutions]
        return [[x for row in rows for x in row] for rows in zip(*parts, strict=True)]


def play_servers(
    data: object,
    weights: object,
    *,
    servers: int,
    rank: int,
    epsilon: Fraction | int = Fraction(1, 2),
    seed: int = 0,
    seconds: float = 60.0,
) -> ServerPlay:
    """Play the game with m servers, each a process that is given its columns only.

    Parameters
    ----------
    data, weights : integer matrices, shape (n, d)
        A and W >= 0.
    servers : int
        m; server i holds consecutive columns.
    rank : int
        k >= 1.
    epsilon : Fraction
        0 < epsilon <= 1.
    seconds : float
        How long each server may take.

    Raises
    ------
    LostWorkerError
        If a server ended, or was silent for `seconds`: the game is called off.
    """
    public = PublicInput.of(weights, rank=rank, epsilon=epsilon, seed=seed)
    A = private_data(public, data)
    shares = column_shares(A.shape[1], servers)
    theirs = [
        PublicInput.of(public.weights[:, share], rank=rank, epsilon=epsilon, seed=seed)
        for share in shares
    ]
    with ExitStack() as stack:
        channels = [
            stack.enter_context(player_process(_server, f"server {i}", seconds=seconds))
            for i in range(1, servers + 1)
        ]
        for channel, known, share in zip(channels, theirs, shares, strict=True):
            channel.give((known, A[:, share]))
        accounts = [channel.take() for channel in channels]
        solutions = tuple(
            _heard(channel, known)
            for channel, known in zip(channels, theirs, strict=True)
        )
    cost = sum(
        (
            solution.cost(A[:, share])
            for solution, share in zip(solutions, shares, strict=True)
        ),
        start=Fraction(0),
    )
    return ServerPlay(
        shares=tuple(shares),
        accounts=tuple(accounts),
        solutions=solutions,
        cost=cost,
        tail=sum((account.tail for account in accounts), start=Fraction(0)),
        bound=server_bound(
            public, int((A != 0).sum(axis=0).max(initial=0)), servers=servers
        ),
    )


def column_shares(d: int, servers: int) -> list[slice]:
    """Return consecutive columns for each server, of nearly equal number.

    Examples
    --------
    >>> column_shares(5, 2)
    [slice(0, 3, None), slice(3, 5, None)]
    """
    if not 1 <= servers <= d:
        raise InvalidProblemError(
            f"{servers} servers cannot share {d} columns; take 1 to {d} of them."
        )
    ends = np.cumsum([len(part) for part in np.array_split(np.arange(d), servers)])
    return [slice(int(a), int(b)) for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def server_bound(public: PublicInput, column_sparsity: int, *, servers: int) -> float:
    """Return (m s rk/epsilon + rk d) log2(n d).

    Examples
    --------
    >>> public = PublicInput.of([[1, 1], [1, 1]], rank=1, epsilon=1)
    >>> server_bound(public, 2, servers=2)
    12.0
    """
    n, d = public.weights.shape
    q = public.reduced_rank
    numbers = servers * column_sparsity * q / float(public.epsilon) + q * d
    return float(numbers * math.log2(max(n * d, 2)))


def _heard(channel: Channel, known: PublicInput) -> ReceivedSolution:
    """Return what the coordinator makes of the next message; it sees nothing else."""
    return received(known, channel.receive())


def _server(connection: Connection) -> None:
    """Play a server: the account is for the score, the message for the coordinator."""
    known, columns = connection.recv()
    try:
        account = sent(known, columns)
    except WLRAError as error:
        connection.send(error)
        return
    connection.send(account)
    connection.send_bytes(account.message.payload)
