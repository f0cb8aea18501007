"""Child processes: limits hold, nothing is left behind, whatever the child does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from semialgebraic.errors import InvalidInputError
from semialgebraic.processes import Ending, ProcessResult, run

SECONDS = 20.0
MEGABYTES = 500


def _python(
    code: str, *, text: str = "", seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> ProcessResult:
    return run(
        [sys.executable, "-c", code], text=text, seconds=seconds, megabytes=megabytes
    )


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "zombie" not in Path(f"/proc/{pid}/status").read_text(encoding="ascii")


def _wait_for(condition, seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


# --- well-behaved children


@pytest.mark.parametrize("text", ["", "x", "ä ≤ ∞\n", "line\n" * 100_000])
def test_text_goes_in_and_comes_out(text: str) -> None:
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    result = _python(code, text=text)
    assert (result.output, result.ending, result.exit_status) == (
        text,
        Ending.FINISHED,
        0,
    )


def test_errors_are_kept_apart() -> None:
    result = _python("import sys; print(1); print(2, file=sys.stderr)")
    assert (result.output, result.errors) == ("1\n", "2\n")


def test_arguments_are_passed_unchanged() -> None:
    arguments = ["", "a b", "$HOME", "'\"", "*", "-x", ";ls"]
    command = [sys.executable, "-c", "import sys; print(sys.argv[1:])", *arguments]
    result = run(command, seconds=SECONDS, megabytes=MEGABYTES)
    assert result.output == f"{arguments}\n"


# --- hostile children


def test_sleeping_child_is_killed_at_the_limit() -> None:
    start = time.monotonic()
    result = _python("import time; time.sleep(600)", seconds=0.3)
    assert result.ending is Ending.TIME
    assert 0.3 <= time.monotonic() - start < 10


def test_child_that_ignores_signals_is_killed_at_the_limit() -> None:
    code = (
        "import signal, time\n"
        "for s in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU):\n"
        "    signal.signal(s, signal.SIG_IGN)\n"
        "while True: pass"
    )
    assert _python(code, seconds=0.5).ending is Ending.TIME


def test_child_that_eats_memory_is_stopped() -> None:
    result = _python("x = []\nwhile True: x.append(bytearray(10**7))")
    assert result.ending is Ending.MEMORY
    assert result.problem == "out of memory"


def test_crash_names_the_status_and_the_last_complaint() -> None:
    result = _python("import sys; sys.exit('broken beyond repair')")
    assert result.ending is Ending.CRASHED
    assert result.problem == "crashed with exit status 1 (broken beyond repair)"


@pytest.mark.parametrize("name", ["SIGABRT", "SIGSEGV", "SIGKILL", "SIGTERM"])
def test_death_by_a_signal_is_a_crash(name: str) -> None:
    number = getattr(signal, name)
    result = _python(f"import os; print(1, flush=True); os.kill(os.getpid(), {number})")
    assert (result.ending, result.exit_status) == (Ending.CRASHED, -number)
    assert result.output == "1\n"


def test_garbage_is_replaced_and_not_an_error() -> None:
    result = _python("import sys; sys.stdout.buffer.write(bytes(range(256)))")
    assert result.ending is Ending.FINISHED
    assert "\ufffd" in result.output


def test_flood_of_output_is_stopped() -> None:
    code = "import sys\nwhile True: sys.stdout.write('a' * 10**6)"
    result = _python(code)
    assert result.ending is Ending.OUTPUT
    assert len(result.output) <= 1 << 26


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
@pytest.mark.parametrize(
    "ending", ["print(child.pid)", "print(child.pid, flush=True); time.sleep(600)"]
)
def test_what_the_child_started_dies_with_it(ending: str) -> None:
    code = (
        "import subprocess, time\nchild = subprocess.Popen(['sleep', '600'])\n" + ending
    )
    result = _python(code, seconds=1)
    assert _wait_for(lambda: not _is_running(int(result.output)))


# --- nothing is left


def test_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    _python("print(1)", text="text")
    _python("import time; time.sleep(600)", seconds=0.2)
    _python("import os; os.abort()")
    assert not list(tmp_path.iterdir())


def _parent(tmp_path: Path, work: str, seconds: float) -> tuple[subprocess.Popen, int]:
    """Start a process that runs a child; return it and the child's process id."""
    mark = tmp_path / "pid"
    child = (
        "import os, pathlib, time\n"
        f"pathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\n{work}"
    )
    parent = (
        "import sys\n"
        "from semialgebraic.processes import run\n"
        f"run([sys.executable, '-c', {child!r}], seconds={seconds}, megabytes=500)"
    )
    files = tmp_path / "files"
    files.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", parent],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "TMPDIR": str(files)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert _wait_for(lambda: mark.exists() and mark.read_text() != "", 30)
    return process, int(mark.read_text())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_interrupt_of_the_parent_kills_the_child(tmp_path: Path) -> None:
    process, child = _parent(tmp_path, "time.sleep(600)", seconds=600)
    assert _is_running(child)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert b"KeyboardInterrupt" in errors
    assert _wait_for(lambda: not _is_running(child))
    assert not list((tmp_path / "files").iterdir())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks into /proc")
def test_child_of_a_killed_parent_runs_out_of_processor_time(tmp_path: Path) -> None:
    process, child = _parent(tmp_path, "while True: pass", seconds=0.5)
    process.kill()
    process.communicate(timeout=30)
    assert _wait_for(lambda: not _is_running(child), 60)
    assert not list((tmp_path / "files").iterdir())


# --- calls outside the domain


@pytest.mark.parametrize(("seconds", "megabytes"), [(0, 1), (-1, 1), (1, 0), (1, -5)])
def test_limits_must_be_positive(seconds: float, megabytes: int) -> None:
    with pytest.raises(InvalidInputError, match="positive"):
        run(["true"], seconds=seconds, megabytes=megabytes)


def test_unknown_program_is_an_error() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        run(["no-such-program"], seconds=1, megabytes=100)
