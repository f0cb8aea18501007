"""Players in processes: what is lost is one sentence, and no process stays behind."""

import multiprocessing
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from exact_wlra.communication.channels import decoded_elsewhere, player_process
from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.sender import sent
from exact_wlra.errors import LostWorkerError, MalformedMessageError


def _dies(connection: Connection) -> None:
    connection.recv()
    os._exit(9)


def _sleeps(connection: Connection) -> None:
    connection.recv()
    time.sleep(600)


def _echoes(connection: Connection) -> None:
    connection.send_bytes(connection.recv_bytes())


def test_bytes_arrive_as_they_were_sent() -> None:
    with player_process(_echoes, "an echo", seconds=60) as channel:
        channel.send(b"\0\xff")
        assert channel.receive() == b"\0\xff"
    assert not multiprocessing.active_children()


def _answer(player: Callable[[Connection], None], name: str, seconds: float) -> object:
    with player_process(player, name, seconds=seconds) as channel:
        channel.give(None)
        return channel.take()


def test_a_dead_player_is_named() -> None:
    with pytest.raises(LostWorkerError, match=r"^server 3 ended early"):
        _answer(_dies, "server 3", 60)
    assert not multiprocessing.active_children()


def test_a_silent_player_is_called_off() -> None:
    with pytest.raises(
        LostWorkerError, match=r"^Bob gave no answer within 0.2 seconds"
    ):
        _answer(_sleeps, "Bob", 0.2)
    assert not multiprocessing.active_children()


def test_bob_elsewhere_refuses_damage() -> None:
    public = PublicInput.of([[1, 1], [1, 1]], rank=1)
    payload = sent(public, [[1, 2], [2, 4]]).message.payload
    with pytest.raises(MalformedMessageError, match="more are needed"):
        decoded_elsewhere(public, payload[:-2])
