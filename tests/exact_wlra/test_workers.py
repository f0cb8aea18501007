"""Work in other processes: the same results, and nobody left behind."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from exact_wlra.certificate_json import certificate_to_json
from exact_wlra.driver import solve
from exact_wlra.errors import InvalidProblemError, LostWorkerError
from exact_wlra.problem import Problem
from exact_wlra.workers import Workers, workers

ROOT = Path(__file__).resolve().parents[2]


def patterned(seed: int = 3, n_patterns: int = 4) -> Problem:
    """20 x 30, pure noise, as many patterns of rows as of columns."""
    generator = np.random.default_rng(seed)
    root = generator.integers(1, 4, size=(n_patterns, n_patterns))
    labels = [np.arange(n) % n_patterns for n in (20, 30)]
    data = generator.integers(-5, 6, size=(20, 30))
    return Problem(data, weights=root[np.ix_(*labels)], rank=1)


def own_number(_item: object) -> int:
    """The process, after a while: so that two have to share the list."""
    time.sleep(0.3)
    return os.getpid()


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    try:
        return (
            Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
        )
    except OSError:
        return False


def ends(process: int, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while is_running(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_results_keep_their_order() -> None:
    with workers(2) as group:
        assert group.map(abs, list(range(-20, 0))) == list(range(20, 0, -1))


def test_processes_are_others_and_end_with_the_block() -> None:
    with workers(2) as group:
        numbers = set(group.map(own_number, [0, 1, 2, 3]))
        assert os.getpid() not in numbers
        assert len(numbers) == 2
    assert all(ends(number) for number in numbers)


def test_one_item_is_not_sent_away() -> None:
    with workers(2) as group:
        assert group.map(own_number, [0]) == [os.getpid()]


def test_linear_algebra_has_one_thread_there_and_the_environment_is_kept() -> None:
    before = dict(os.environ)
    with workers(2) as group:
        there = group.map(os.getenv, ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
    assert there == ["1", "1"]
    assert dict(os.environ) == before


@pytest.mark.parametrize("jobs", [0, -1, True, 1.5, "2", None])
def test_other_numbers_of_jobs_are_refused(jobs) -> None:
    with pytest.raises(InvalidProblemError, match="jobs is"):
        solve(patterned(), jobs=jobs)


def test_a_lost_process_is_an_error() -> None:
    with workers(2) as group, pytest.raises(LostWorkerError, match="jobs=1"):
        group.map(os._exit, [1, 1])


def test_an_executor_of_others_is_used_and_left_open() -> None:
    with ThreadPoolExecutor(2) as executor:
        with workers(executor) as group:
            assert group.map(abs, [-1, -2]) == [1, 2]
        assert executor.submit(abs, -3).result() == 3


@pytest.mark.parametrize("gap", [1e-2, 1e-5])
def test_the_certificate_does_not_depend_on_the_number_of_jobs(gap: float) -> None:
    problem = patterned()
    with ThreadPoolExecutor(3) as executor:
        texts = {
            certificate_to_json(
                solve(
                    problem, gap=gap, method="simplicial", time_limit=120, jobs=jobs
                ).certificate
            )
            for jobs in (1, 2, executor)
        }
    assert len(texts) == 1


def test_batches_of_a_search_are_shared() -> None:
    # Else the test above would show nothing.
    shared = []

    class Counting(ThreadPoolExecutor):
        def submit(self, function, /, *args, **kwargs):
            shared.append(function)
            return super().submit(function, *args, **kwargs)

    with Counting(2) as executor:
        solve(patterned(), gap=1e-5, method="simplicial", jobs=executor)
    assert len(shared) > 4


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_outlives_the_one_that_started_it(tmp_path, number) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import time\n"
        "from tests.exact_wlra.test_workers import own_number\n"
        "from exact_wlra.workers import workers\n"
        'if __name__ == "__main__":\n'
        "    with workers(2) as group:\n"
        "        print(*group.map(own_number, [0, 1]), flush=True)\n"
        "        group.map(time.sleep, [0.5] * 200)\n"
    )
    with subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        children = [int(word) for word in parent.stdout.readline().split()]
        assert len(set(children)) == 2
        parent.send_signal(number)
        assert parent.wait(timeout=30) != 0
    assert all(ends(child) for child in children)


def test_nothing_is_started_for_one_job() -> None:
    group = Workers(1)
    assert group.map(own_number, [0, 1]) == [os.getpid()] * 2
