"""Pipes to processes that each hold one player of a game.

Contents
--------
Channel             one end of a pipe, with a limit on time
player_process      a process that runs one player, gone when the block is left
decoded_elsewhere   Bob in a process of his own

Notes on the implementation
---------------------------
Processes are spawned: they inherit no memory, and what a player knows is what came
through its pipe. Messages of the game travel as bytes and are counted by who encoded
them; the input that a player is given before the game is pickled and not counted.
"""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, final

from exact_wlra.communication.public_inputs import PublicInput
from exact_wlra.communication.receiver import ReceivedSolution, received
from exact_wlra.errors import LostWorkerError, WLRAError


@final
class Channel:
    """One end of a pipe to a named player.

    Parameters
    ----------
    connection : Connection
    name : str
        Who is at the other end, for errors.
    seconds : float
        How long an answer may take.
    """

    def __init__(self, connection: Connection, name: str, seconds: float) -> None:
        self._connection, self._name, self._seconds = connection, name, seconds

    def give(self, value: object) -> None:
        """Hand over an input, or an account of a game that is over."""
        self._guarded(lambda: self._connection.send(value))

    def send(self, payload: bytes) -> None:
        """Send a message of the game."""
        self._guarded(lambda: self._connection.send_bytes(payload))

    def take(self) -> Any:
        """Return what the player hands over; an error of his is raised here."""
        self._wait()
        value = self._guarded(self._connection.recv)
        if isinstance(value, WLRAError):
            raise value
        return value

    def receive(self) -> bytes:
        """Return the next message of the game."""
        self._wait()
        return bytes(self._guarded(self._connection.recv_bytes))

    def _wait(self) -> None:
        """Wait for an answer, for so long and no longer."""
        if not self._guarded(lambda: self._connection.poll(self._seconds)):
            raise LostWorkerError(
                f"{self._name} gave no answer within {self._seconds:g} seconds; "
                "give more time, or a smaller instance."
            )

    def _guarded(self, action: Callable[[], Any]) -> Any:
        """Do it; a pipe that broke becomes one sentence."""
        try:
            return action()
        except (EOFError, OSError):
            raise LostWorkerError(
                f"{self._name} ended early: in a script, play inside "
                "'if __name__ == \"__main__\":'; else see what its process wrote."
            ) from None


@contextmanager
def player_process(
    player: Callable[[Connection], None], name: str, *, seconds: float
) -> Iterator[Channel]:
    """Yield the channel to a process that runs `player`; it is gone afterwards.

    Parameters
    ----------
    player : function of a module
        Called with the other end of the pipe.
    name : str
        For errors: *Bob*, *server 2*.
    seconds : float
        How long each answer may take.
    """
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_run, args=(player, there), name=name, daemon=True)
    process.start()
    there.close()
    is_over = False
    try:
        yield Channel(here, name, seconds)
        is_over = True
    finally:
        here.close()
        if is_over:
            process.join(1.0)
        process.kill()
        process.join()
        process.close()


def decoded_elsewhere(
    public: PublicInput, payload: bytes, *, seconds: float = 60.0
) -> ReceivedSolution:
    """Return Bob's solution, found by a process that is given W, k and the bytes.

    Raises
    ------
    MalformedMessageError
        If Bob cannot read the message.
    LostWorkerError
        If his process ended, or took more than `seconds`.
    """
    with player_process(_bob, "Bob", seconds=seconds) as channel:
        channel.give(public)
        channel.send(payload)
        solution: ReceivedSolution = channel.take()
    return solution


def _run(player: Callable[[Connection], None], connection: Connection) -> None:
    """Run a player; Ctrl-C is left to who started it, and so is a game called off."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, BrokenPipeError):
        player(connection)


def _bob(connection: Connection) -> None:
    """Play Bob."""
    try:
        answer: object = received(connection.recv(), connection.recv_bytes())
    except WLRAError as error:
        answer = error
    connection.send(answer)
