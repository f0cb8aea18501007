"""m servers: costs add up, bits are counted, what is lost is one sentence."""

import multiprocessing
import os
from collections.abc import Callable
from fractions import Fraction
from multiprocessing.connection import Connection

import numpy as np
import pytest

from exact_wlra.communication import servers as servers_module
from exact_wlra.communication.games import play
from exact_wlra.communication.servers import column_shares, play_servers
from exact_wlra.communication.tails import proved_tail
from exact_wlra.errors import InvalidProblemError, LostWorkerError


@pytest.mark.parametrize("servers", [1, 3])
def test_servers_are_within_factor_and_bound(instance: Callable, servers: int) -> None:
    A, W = instance(3, n=24, d=15, s=16, r=2, k=1)
    game = play_servers(A, W, servers=servers, rank=1)
    X = game.entries()
    residual = [
        Fraction(int(w)) * (int(a) - x)
        for a, w, x in zip(
            A.ravel(), W.ravel(), (x for row in X for x in row), strict=True
        )
    ]
    assert game.cost == sum(x * x for x in residual)
    assert game.cost <= Fraction(3, 2) * game.tail
    # The blocks' tails are proved one by one; together they are below the whole's.
    assert game.tail <= proved_tail(W * A, 2) * Fraction(1001, 1000)
    assert game.constant <= 2.0
    assert len(game.bits) == servers
    assert game.weighted_rank <= 2 * servers


def test_one_server_is_alice(instance: Callable) -> None:
    A, W = instance(3, n=16, d=10, s=9, r=1, k=1)
    game = play_servers(A, W, servers=1, rank=1)
    alone = play(A, W, rank=1, elsewhere=False)
    assert game.solutions == (alone.solution,)
    assert game.n_bits == alone.n_bits


def test_shares_cover_all_columns() -> None:
    for d in range(1, 8):
        for m in range(1, d + 1):
            columns = [j for share in column_shares(d, m) for j in range(d)[share]]
            assert columns == list(range(d))
    with pytest.raises(InvalidProblemError, match="4 servers cannot share 3 columns"):
        column_shares(3, 4)


def test_a_silent_server_is_called_off() -> None:
    A = np.eye(4, dtype=int)
    with pytest.raises(LostWorkerError, match=r"^server 1 gave no answer within 1e-06"):
        play_servers(A, np.ones_like(A), servers=2, rank=1, seconds=1e-6)


def _dies(connection: Connection) -> None:
    connection.recv()
    os._exit(9)


def test_a_dead_server_ends_the_game(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers_module, "_server", _dies)
    with pytest.raises(LostWorkerError, match=r"^server 1 ended early"):
        play_servers(np.eye(4, dtype=int), np.ones((4, 4), int), servers=2, rank=1)
    assert not multiprocessing.active_children()
