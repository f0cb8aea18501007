"""A task in a child process: what it returns, and the processor time it took.

Native code cannot be interrupted from within, and an oracle may start a program of its
own. So a task runs in a fork of this process, which is killed if it outstays its limit;
its time is that of the fork and of all that the fork started and waited for.

Contents
--------
Outcome     what a task returned, and its seconds
apart       run a task in a child process
"""

import multiprocessing
import resource
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, final


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a task returned; None if it was killed.

    `seconds` are processor time, its child processes included.
    """

    value: Any
    seconds: float
    elapsed: float
    was_killed: bool


def apart(task: Callable[[], Any], *, kill_after: float) -> Outcome:
    """Run a task in a fork of this process and return its outcome.

    Parameters
    ----------
    task : callable
        Without arguments; what it returns is pickled.
    kill_after : float
        Seconds on the clock.

    Raises
    ------
    RuntimeError
        If the task raises, with its traceback.
    """
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    started, used = time.perf_counter(), _seconds(resource.RUSAGE_CHILDREN)
    process = context.Process(target=_run, args=(task, sender))
    process.start()
    sender.close()
    answered = receiver.poll(kill_after)
    try:
        sent = receiver.recv() if answered else None
    except EOFError:
        raise RuntimeError("the child process ended without an answer") from None
    finally:
        process.kill()
        process.join()
    elapsed = time.perf_counter() - started
    if sent is None:
        return Outcome(
            value=None,
            seconds=_seconds(resource.RUSAGE_CHILDREN) - used,
            elapsed=elapsed,
            was_killed=True,
        )
    value, seconds, error = sent
    if error:
        raise RuntimeError(f"the task raised in its child process:\n{error}")
    return Outcome(value=value, seconds=seconds, elapsed=elapsed, was_killed=False)


def _run(task: Callable[[], Any], sender: Connection) -> None:
    """Send what the task returns, its seconds, and its error."""
    before = _own_seconds()
    try:
        value, error = task(), ""
    except Exception:  # noqa: BLE001  the parent raises it again
        value, error = None, traceback.format_exc()
    sender.send((value, _own_seconds() - before, error))
    sender.close()


def _own_seconds() -> float:
    """Return the processor time of this process and of the children it waited for."""
    return _seconds(resource.RUSAGE_SELF) + _seconds(resource.RUSAGE_CHILDREN)


def _seconds(whose: int) -> float:
    """Return user and system time."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime
