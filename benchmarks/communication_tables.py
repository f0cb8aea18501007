"""Bits of the communication game, as the tables of docs/communication.md.

Contents
--------
two_players     the upper bound, two ways to send coefficients
hard            the lower bound
servers         one message each, and adaptive rounds

Run as ``python benchmarks/communication_tables.py``; some seconds.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from exact_wlra.communication.adaptive_columns import play_adaptive
from exact_wlra.communication.games import play
from exact_wlra.communication.hard_instances import (
    fano_bound,
    hard_instance,
    read_bits,
)
from exact_wlra.communication.servers import play_servers


def instance(n: int, d: int, s: int, r: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return A, a signal of rank k and noise on s rows of each column, and W."""
    rng = np.random.default_rng(1)
    W = rng.integers(0, 4, (n, r)) @ rng.integers(0, 4, (r, d))
    A = 9 * rng.integers(-5, 6, (n, k)) @ rng.integers(-5, 6, (k, d))
    A = A + rng.integers(-3, 4, (n, d))
    for j in range(d):
        A[rng.permutation(n)[s:], j] = 0
    return A, W


def two_players() -> Iterator[str]:
    """Yield the rows of the first table."""
    yield (
        "| n | d | s | r | k | ε | sent as | columns | indices | positions | values "
        "| coefficients | bits | bound | constant | κ² | all of A |"
    )
    yield "|" + " --- |" * 17
    half, fifth = Fraction(1, 2), Fraction(1, 5)
    for n, d, s, r, k, epsilon in [
        (60, 40, 60, 1, 1, half),
        (60, 40, 60, 2, 1, half),
        (60, 40, 60, 2, 2, half),
        (60, 40, 60, 2, 2, fifth),
        (200, 40, 200, 2, 2, half),
        (200, 100, 100, 2, 2, half),
        (40, 160, 40, 2, 1, half),
    ]:
        A, W = instance(n, d, s, r, k)
        for kind in ("sketch", "rounded"):
            game = play(A, W, rank=k, epsilon=epsilon, kind=kind)
            parts = dict(game.sent.message.parts)
            counts = [
                str(parts[name])
                for name in ("indices", "positions", "values", "coefficients")
            ]
            cells = [n, d, game.column_sparsity, game.public.weight_rank, k, epsilon]
            yield (
                f"| {' | '.join(map(str, cells))} | {kind} | {game.sent.n_columns} | "
                f"{' | '.join(counts)} | {game.n_bits} | {game.bound:.0f} | "
                f"{game.constant:.2f} | {float(game.squared_kappa):.3f} | "
                f"{game.direct_bits} |"
            )


def hard() -> Iterator[str]:
    """Yield the rows of the second table."""
    yield "| s | r | k | n × d | srk | Fano | direct | protocol | bound | all bits read |"
    yield "|" + " --- |" * 10
    for s, r, k, n in [
        (8, 2, 1, None),
        (8, 2, 2, None),
        (32, 2, 2, None),
        (32, 8, 2, None),
        (128, 4, 4, None),
        (32, 8, 2, 320),
    ]:
        bits = np.random.default_rng(0).integers(0, 2, s * r * k).tolist()
        made = hard_instance(bits, blocks=r, sparsity=s, rank=k, n=n)
        game = play(made.data, made.weights, rank=k, epsilon=1)
        found = read_bits(game.solution.entries(), blocks=r, sparsity=s, rank=k)
        shape = " × ".join(map(str, made.data.shape))
        yield (
            f"| {s} | {r} | {k} | {shape} | {made.n_bits} | "
            f"{fano_bound(made.n_bits):.1f} | {made.n_bits} | {game.n_bits} | "
            f"{game.bound:.0f} | {'yes' if found == bits else 'NO'} |"
        )


def servers() -> Iterator[str]:
    """Yield the rows of the third table."""
    yield (
        "| m | protocol | bits by server: sent (received) | bits | bound | constant "
        "| cost / tail | rank of W∘X | numbers |"
    )
    yield "|" + " --- |" * 9
    A, W = instance(100, 48, 60, 2, 1)
    for m in (1, 2, 4):
        once = play_servers(A, W, servers=m, rank=1)
        tail = play(A, W, rank=1, elsewhere=False).sent.tail
        yield (
            f"| {m} | one message | {', '.join(map(str, once.bits))} | {once.n_bits} | "
            f"{once.bound:.0f} | {once.constant:.2f} | {float(once.cost / tail):.3f} | "
            f"{once.weighted_rank} | {once.n_numbers} |"
        )
        rounds = play_adaptive(A, W, servers=m, rank=1, rounds=2)
        pairs = zip(rounds.sent_bits, rounds.received_bits, strict=True)
        yield (
            f"| {m} | two rounds | {', '.join(f'{a} ({b})' for a, b in pairs)} | "
            f"{rounds.n_bits} | {rounds.bound:.0f} | {rounds.constant:.2f} | "
            f"{float(rounds.cost / tail):.3f} | {rounds.solution.weighted_rank} | "
            f"{rounds.solution.n_numbers} |"
        )


if __name__ == "__main__":
    for table in (two_players, hard, servers):
        print("\n".join(table()), end="\n\n")
