"""Many servers that each end with their part of a solution on common columns.

In a round the coordinator draws ceil(rk/epsilon) columns out of those of all servers,
with probability proportional to what is left of them, and sends them to every server.
Server i keeps the coefficients of its own columns; nothing of length d travels.

*Statement.* With q = rk, b = ceil(q/epsilon) columns a round and B = W o A, the mean
cost after t rounds is at most
(1 + epsilon + ... + epsilon^{t-1}) ||B_{-q}||_F^2 + epsilon^t ||B||_F^2,
and the bits are O(m (b t s + t) log(nd)): those of the paper for constant t.

*Proof of a round.* Let V be spanned by the columns known before, E = B - P_V B,
p_j = ||E_j||^2 / ||E||_F^2, and v_1, ..., v_q the leading right singular vectors of B.
For b drawn columns let w_l = P_V B v_l + (1/b) sum (v_l)_j / p_j E_j, which lies in the
span of V and the drawn columns. Its mean is B v_l, and its variance at most
(1/b) sum_j (v_l)_j^2 ||E_j||^2 / p_j = ||E||_F^2 / b. So sum_l w_l v_l^T, of rank q, is
off by ||B_{-q}||_F^2 + (q/b) ||E||_F^2 in the mean at most, and q/b <= epsilon;
projecting B is no worse. Rounds add up to a geometric series.

Contents
--------
AdaptivePlay        columns, bits in both directions, exact cost
play_adaptive       each server in a process of its own

Notes on the implementation
---------------------------
Probabilities are floats; the cost is exact. A column is sent once, however often it is
drawn.

References
----------
[DeshpandeRademacherVempalaWang2006]_, Theorem 1.2, for adaptive sampling;
[BoutsidisWoodruffZhong2016]_ for the model; [WoodruffYasuda2024]_, Section 1.1.2.
"""

import math
from contextlib import ExitStack
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing.connection import Connection
from typing import final

import numpy as np

from exact_wlra.communication.bits import BitReader, BitWriter
from exact_wlra.communication.channels import Channel, player_process
from exact_wlra.communication.column_holders import ColumnHolder
from exact_wlra.communication.messages import (
    SparseColumns,
    read_columns,
    write_columns,
)
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.receiver import ReceivedSolution
from exact_wlra.communication.sender import private_data
from exact_wlra.communication.servers import column_shares
from exact_wlra.communication.tails import proved_tail
from exact_wlra.errors import InvalidProblemError
from semialgebraic.integer_arrays import IntegerArray, multiply, total
from semialgebraic.rational_matrices import RationalMatrix

# Losses travel as mantissa and exponent; they only steer the draws.
_MANTISSA = 24


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AdaptivePlay:
    """One game of adaptive rounds, scored with A at hand.

    Parameters
    ----------
    public : PublicInput
    rounds : int
        t.
    sent_bits, received_bits : tuple of int
        Bits that each server sent and received.
    solution : ReceivedSolution
        All servers' parts side by side, on the common columns.
    cost, tail, norm : Fraction
        ||A - solution||_{W,F}^2 and ||W o A||_F^2, exact; the tail is at most
        ||(W o A)_{-rk}||_F^2, and so at most OPT_k.
    bound : float
        (m s rk/epsilon) log2(n d).
    """

    public: PublicInput
    rounds: int
    sent_bits: tuple[int, ...]
    received_bits: tuple[int, ...]
    solution: ReceivedSolution
    cost: Fraction
    tail: Fraction
    norm: Fraction
    bound: float

    @property
    def n_bits(self) -> int:
        """Bits in both directions."""
        return sum(self.sent_bits) + sum(self.received_bits)

    @property
    def constant(self) -> float:
        """Bits over the bound."""
        return self.n_bits / self.bound if self.bound else 0.0

    @property
    def mean_bound(self) -> Fraction:
        """What the mean cost is at most, up to the slack of the proved tail."""
        e, t = self.public.epsilon, self.rounds
        return sum((e**i for i in range(t)), start=Fraction(0)) * self.tail + (
            e**t * self.norm
        )


def play_adaptive(
    data: object,
    weights: object,
    *,
    servers: int,
    rank: int,
    epsilon: Fraction | int = Fraction(1, 2),
    rounds: int = 3,
    seed: int = 0,
    seconds: float = 60.0,
) -> AdaptivePlay:
    """Play rounds of adaptive sampling, each server a process with its columns only.

    Parameters
    ----------
    data, weights : integer matrices, shape (n, d)
        A and W >= 0.
    servers, rounds : int
        m and t.
    rank : int
        k >= 1.
    epsilon : Fraction
        0 < epsilon <= 1.
    seed : int
        Of the draws.
    seconds : float
        How long each answer may take.

    Raises
    ------
    LostWorkerError
        If a server ended, or was silent for `seconds`: the game is called off.
    """
    if rounds < 1:
        raise InvalidProblemError(f"{rounds} rounds draw no column; give 1 or more.")
    public = PublicInput.of(weights, rank=rank, epsilon=epsilon, seed=seed)
    A = private_data(public, data)
    shares = column_shares(A.shape[1], servers)
    with ExitStack() as stack:
        channels = [
            stack.enter_context(player_process(_server, f"server {i}", seconds=seconds))
            for i in range(1, servers + 1)
        ]
        for i, (channel, share) in enumerate(zip(channels, shares, strict=True)):
            channel.give(
                (public, share, A[:, share], [seed, 2 + i], rounds, servers - 1)
            )
        coordinator = _Coordinator(public, shares, channels)
        for _ in range(rounds):
            coordinator.play_round()
        parts = [channel.take() for channel in channels]
    return _scored(public, A, rounds, coordinator, parts)


def _scored(
    public: PublicInput,
    A: IntegerArray,
    rounds: int,
    coordinator: "_Coordinator",
    parts: list[tuple[SparseColumns, RationalMatrix]],
) -> AdaptivePlay:
    """Put the servers' coefficients side by side and evaluate them exactly."""
    denominator = math.lcm(*(right.denominator for _, right in parts))
    numerators = np.concatenate(
        [
            multiply(right.numerators, denominator // right.denominator)
            for _, right in parts
        ],
        axis=1,
    )
    basis = parts[0][0]
    solution = ReceivedSolution(
        weights=RationalMatrix(public.weights),
        weight_rank=public.weight_rank,
        columns=basis.indices,
        selected=RationalMatrix(basis.entries),
        mixing=None,
        right=RationalMatrix(numerators, denominator),
    )
    B = multiply(public.weights, A)
    n, d = A.shape
    s = int((A != 0).sum(axis=0).max(initial=0))
    numbers = len(parts) * s * public.reduced_rank / float(public.epsilon)
    return AdaptivePlay(
        public=public,
        rounds=rounds,
        sent_bits=tuple(coordinator.sent_bits),
        received_bits=tuple(coordinator.received_bits),
        solution=solution,
        cost=solution.cost(A),
        tail=proved_tail(B, public.reduced_rank),
        norm=Fraction(total(multiply(B, B))),
        bound=float(numbers * math.log2(max(n * d, 2))),
    )


class _Coordinator:
    """Draws; it knows W, the pipes and what came through them."""

    def __init__(
        self, public: PublicInput, shares: list[slice], channels: list[Channel]
    ) -> None:
        self._public, self._shares, self._channels = public, shares, channels
        self._draws = np.random.Generator(np.random.PCG64([public.seed, 1]))
        self.sent_bits = [0] * len(channels)
        self.received_bits = [0] * len(channels)

    def play_round(self) -> None:
        """Collect losses, share out the draws, pass the columns on."""
        losses = np.array([self._loss(i) for i in range(len(self._channels))])
        size = math.ceil(self._public.reduced_rank / self._public.epsilon)
        overall = losses.sum()
        shared = (
            self._draws.multinomial(size, losses / overall)
            if overall > 0
            else np.zeros(len(losses), dtype=np.int64)
        )
        for i, count in enumerate(shared):
            writer = BitWriter()
            writer.natural(int(count), part="counts")
            self._send(i, writer)
        found = [self._columns(i) for i in range(len(self._channels))]
        for i in range(len(self._channels)):
            others = [columns for j, columns in enumerate(found) if j != i]
            writer = BitWriter()
            for columns in others:
                write_columns(writer, columns, self._public.support)
            self._send(i, writer)

    def _loss(self, server: int) -> float:
        """Return what a server says is left of its columns."""
        payload = self._channels[server].receive()
        reader = BitReader(payload)
        mantissa, exponent = reader.fixed(_MANTISSA + 1), reader.integer()
        self.sent_bits[server] += _MANTISSA + 1 + _integer_bits(exponent)
        reader.finish()
        return math.ldexp(mantissa, exponent)

    def _columns(self, server: int) -> SparseColumns:
        """Return the columns that a server drew, with indices in the whole."""
        share = self._shares[server]
        support = self._public.support[:, share]
        reader = BitReader(self._channels[server].receive())
        columns = read_columns(reader, support)
        reader.finish()
        writer = BitWriter()
        write_columns(writer, columns, support)
        self.sent_bits[server] += sum(writer.parts.values())
        return SparseColumns(
            indices=tuple(share.start + j for j in columns.indices),
            entries=columns.entries,
        )

    def _send(self, server: int, writer: BitWriter) -> None:
        self.received_bits[server] += sum(writer.parts.values())
        self._channels[server].send(writer.payload())


def _integer_bits(value: int) -> int:
    """Return the length of a self-delimiting integer."""
    writer = BitWriter()
    writer.integer(value, part="length")
    return writer.parts["length"]


def _server(connection: Connection) -> None:
    """Play a server: its columns, its coefficients."""
    public, share, own, seed, rounds, others = connection.recv()
    holder = ColumnHolder(public, share, own, seed)
    for _ in range(rounds):
        _play_round(connection, public, share, holder, others)
    connection.send(holder.coefficients())


def _play_round(
    connection: Connection,
    public: PublicInput,
    share: slice,
    holder: ColumnHolder,
    others: int,
) -> None:
    """Say what is left, draw, learn what the others drew."""
    mantissa, exponent = math.frexp(holder.loss())
    writer = BitWriter()
    writer.fixed(round(mantissa * 2**_MANTISSA), _MANTISSA + 1, part="losses")
    writer.integer(exponent - _MANTISSA, part="losses")
    connection.send_bytes(writer.payload())
    reader = BitReader(connection.recv_bytes())
    drawn = holder.draw(reader.natural())
    writer = BitWriter()
    write_columns(writer, drawn, public.support[:, share])
    connection.send_bytes(writer.payload())
    reader = BitReader(connection.recv_bytes())
    offset = share.start
    news = [
        SparseColumns(
            indices=tuple(offset + j for j in drawn.indices), entries=drawn.entries
        )
    ]
    news += [read_columns(reader, public.support) for _ in range(others)]
    reader.finish()
    holder.learn(news)
