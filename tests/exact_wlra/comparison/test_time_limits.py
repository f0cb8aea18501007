"""A function is ended when its time is over, and nothing else is."""

import contextlib
import signal
import threading
import time

import pytest

from exact_wlra.comparison.time_limits import TimeIsOverError, run_within


def forever() -> None:
    while True:
        sum(range(1000))


def test_function_is_ended() -> None:
    before = signal.getsignal(signal.SIGINT)
    started = time.monotonic()
    with pytest.raises(TimeIsOverError):
        run_within(0.1, forever)
    assert time.monotonic() - started >= 0.1
    assert signal.getsignal(signal.SIGINT) is before


def test_value_and_errors_pass_through() -> None:
    assert run_within(60, lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        run_within(60, lambda: 1 // 0)


def test_ctrl_c_is_an_interruption_and_no_time_limit() -> None:
    with pytest.raises(KeyboardInterrupt):
        run_within(60, lambda: signal.raise_signal(signal.SIGINT))


def test_function_that_returns_at_its_limit_leaves_nothing_behind() -> None:
    for _ in range(200):
        with contextlib.suppress(TimeIsOverError):
            run_within(0.001, lambda: time.sleep(0.001))
    sum(range(10_000))


def test_other_threads_run_to_the_end() -> None:
    found = []
    thread = threading.Thread(target=lambda: found.append(run_within(0, lambda: 7)))
    thread.start()
    thread.join()
    assert found == [7]
