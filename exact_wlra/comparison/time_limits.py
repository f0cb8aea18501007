"""A function ended when its time is over.

Methods of the laboratory know no time limit. In the main thread a limit interrupts them
as Ctrl-C would, between two steps of the interpreter; elsewhere they run to their end.

Contents
--------
TimeIsOverError     raised inside the function
run_within          call a function, and end it after so many seconds
"""

import signal
import threading
from collections.abc import Callable
from typing import Any, TypeVar

Result = TypeVar("Result")


class TimeIsOverError(Exception):
    """The function did not return in time."""


def run_within(seconds: float, function: Callable[[], Result]) -> Result:
    """Return what a function returns, if it does so within the limit.

    Ctrl-C raises KeyboardInterrupt, as ever.

    Raises
    ------
    TimeIsOverError
        If it does not.

    Examples
    --------
    >>> run_within(10, lambda: 3)
    3
    """
    if threading.current_thread() is not threading.main_thread():
        return function()
    is_running = True
    is_over = threading.Event()

    def interrupt(_number: int, _frame: Any) -> None:
        if is_over.is_set():
            if is_running:
                raise TimeIsOverError
            return
        raise KeyboardInterrupt

    def end() -> None:
        is_over.set()
        signal.raise_signal(signal.SIGINT)

    timer = threading.Timer(max(seconds, 0.0), end)
    timer.daemon = True
    previous = signal.signal(signal.SIGINT, interrupt)
    try:
        timer.start()
        return function()
    finally:
        is_running = False
        timer.cancel()
        timer.join()
        signal.signal(signal.SIGINT, previous)
