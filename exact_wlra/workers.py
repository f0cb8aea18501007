"""Other processes that compute pure functions.

What is computed, and in which order results are taken, does not depend on how many
processes there are: a search gives the same certificate with one or with many.

Contents
--------
Workers         maps a function over a list, here or elsewhere
workers         a block in which they run

Notes on the implementation
---------------------------
Processes are spawned, at the first list that has work for two, with one thread of
linear algebra each. Ctrl-C is left to the process that started them; they end with it,
however it ends.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar, final

from exact_wlra.errors import InvalidProblemError, LostWorkerError

Item = TypeVar("Item")
Result = TypeVar("Result")

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@final
class Workers:
    """Maps pure functions over lists.

    Parameters
    ----------
    jobs : int or Executor
        How many processes, 1 for this one alone; or whom to submit to.

    Examples
    --------
    >>> Workers(1).map(abs, [-1, 2])
    [1, 2]
    """

    def __init__(self, jobs: int | Executor = 1) -> None:
        is_number = isinstance(jobs, int) and not isinstance(jobs, bool) and jobs >= 1
        if not is_number and not isinstance(jobs, Executor):
            raise InvalidProblemError(
                f"jobs is {jobs!r}; give a number of processes, or an executor."
            )
        self._jobs = 1 if isinstance(jobs, Executor) else jobs
        self._executor = jobs if isinstance(jobs, Executor) else None
        self._own: ProcessPoolExecutor | None = None

    def map(
        self, function: Callable[[Item], Result], items: list[Item]
    ) -> list[Result]:
        """Return the results in the order of the items.

        Raises
        ------
        LostWorkerError
            If a process ended before its result was there.
        """
        if len(items) < 2 or (self._executor is None and self._jobs == 1):
            return [function(item) for item in items]
        if self._executor is None:
            self._executor = self._own = _pool(self._jobs)
        try:
            futures = [self._executor.submit(function, item) for item in items]
            return [future.result() for future in futures]
        except BrokenProcessPool:
            raise LostWorkerError(
                "a worker process ended early: in a script, call solve inside "
                "'if __name__ == \"__main__\":'; else there may have been too little "
                "memory, and jobs=1 needs less."
            ) from None

    def close(self) -> None:
        """End the processes that were started here."""
        if self._own is not None:
            self._own.shutdown(wait=True, cancel_futures=True)
            self._own = self._executor = None


@contextmanager
def workers(jobs: int | Executor) -> Iterator[Workers]:
    """Yield workers that are gone when the block is left."""
    group = Workers(jobs)
    try:
        yield group
    finally:
        group.close()


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Start processes that have one thread each and do not listen to Ctrl-C."""
    import multiprocessing

    pool = ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
    )
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    has_masks = hasattr(signal, "pthread_sigmask")
    mask = (
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if has_masks else None
    )
    try:
        for _ in range(jobs):  # what they inherit is settled when they are started
            pool.submit(int)
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    return pool


def _begin() -> None:
    """Prepare a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it has ended."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
