"""Child processes with hard limits on time, memory and output.

A solver in native code cannot be interrupted from within and may take all memory. So it
runs outside: text in, text out, and at the limit its whole process group is killed.

Contents
--------
Ending          how a child process ended
ProcessResult   what it wrote and how it ended
run             run a program to its end or to its limits

Notes on the implementation
---------------------------
The shell sets the limits (`ulimit`) and then becomes the program, so that nothing runs
between fork and exec in a process that may have threads. The streams are unnamed files
whose size the shell bounds: a child that floods its output is stopped, and no reader
has to keep pace with it. The child leads its own session; Ctrl-C reaches only the
parent, which kills the group before it passes the interrupt on. If the parent itself is
killed, a limit on processor time ends the orphan. Where there is no POSIX shell, only
the wall-clock limit holds.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from tempfile import TemporaryFile
from typing import IO, final

from semialgebraic.errors import InvalidInputError

_LARGEST_OUTPUT = 1 << 26
# An orphan gets this many times its wall-clock limit, for programs with some threads.
_PROCESSOR_FACTOR = 4
# A limit that cannot be set, because a lower one holds already, is no error.
_LIMITS = """
{ ulimit -c 0; ulimit -v "$1"; ulimit -t "$2"; ulimit -f "$3"; } 2>/dev/null
shift 3
exec "$@"
"""
# What allocators say when the limit is reached; they have no common exit status.
_OUT_OF_MEMORY = (
    "memoryerror",
    "bad_alloc",
    "out of memory",
    "cannot allocate memory",
    "unable to allocate",
    "failed to map segment",
)


@final
class Ending(StrEnum):
    """How a child process ended."""

    FINISHED = "finished"
    TIME = "out of time"
    MEMORY = "out of memory"
    OUTPUT = "too much output"
    CRASHED = "crashed"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessResult:
    """What a child process wrote and how it ended.

    Parameters
    ----------
    output, errors : str
        Its standard output and standard error; characters that are not UTF-8 are
        replaced.
    ending : Ending
        FINISHED for exit status 0 only.
    exit_status : int
        Negative: the number of the signal that ended it.
    """

    output: str
    errors: str
    ending: Ending
    exit_status: int

    @property
    def problem(self) -> str:
        """The ending in words, with the last line of the errors if it crashed."""
        if self.ending is not Ending.CRASHED:
            return str(self.ending)
        lines = self.errors.strip().splitlines()
        return f"crashed with exit status {self.exit_status}" + (
            f" ({lines[-1].strip()})" if lines else ""
        )


def run(
    command: Sequence[str], *, text: str = "", seconds: float, megabytes: int
) -> ProcessResult:
    """Run a program as a child process, to its end or to its limits.

    Parameters
    ----------
    command : sequence of str
        Program and arguments.
    text : str
        Its standard input.
    seconds : float
        Wall-clock limit; the whole process group is killed then.
    megabytes : int
        Limit of its address space.

    Raises
    ------
    InvalidInputError
        If a limit is not positive.
    FileNotFoundError
        If there is no such program.

    Notes
    -----
    **Cost.** One or two milliseconds besides the program itself; its end is noticed
    within 50 ms.

    Examples
    --------
    >>> import sys
    >>> program = [sys.executable, "-c", "print(input()[::-1])"]
    >>> result = run(program, text="stressed", seconds=60, megabytes=2000)
    >>> result.output.strip(), result.ending.value
    ('desserts', 'finished')
    """
    if not (seconds > 0 and megabytes > 0):
        raise InvalidInputError("the limits of a process must be positive.")
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(f"there is no program '{command[0]}'; install it.")
    with TemporaryFile() as given, TemporaryFile() as output, TemporaryFile() as errors:
        given.write(text.encode())
        given.seek(0)
        process = subprocess.Popen(  # noqa: S603  the caller chooses the program
            _limited(command, seconds, megabytes),
            stdin=given,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            process.wait(seconds)
            in_time = True
        except subprocess.TimeoutExpired:
            in_time = False
        finally:  # after an interrupt too, and for what a finished child left running
            _kill_group(process)
        status = process.returncode
        written, complaints = _content(output), _content(errors)
    return ProcessResult(
        output=written,
        errors=complaints,
        ending=_ending(status, written, complaints, in_time=in_time),
        exit_status=status,
    )


def _limited(command: Sequence[str], seconds: float, megabytes: int) -> list[str]:
    """Return the command under the limits that the shell can set."""
    if os.name != "posix":
        return list(command)
    limits = megabytes << 10, ceil(_PROCESSOR_FACTOR * seconds), _LARGEST_OUTPUT >> 9
    return ["/bin/sh", "-c", _LIMITS, "sh", *map(str, limits), *command]


def _kill_group(process: "subprocess.Popen[bytes]") -> None:
    """Kill the child and all that it started, and wait for its end."""
    if os.name == "posix":
        # An error says that nothing of the group is left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")


def _ending(status: int, written: str, complaints: str, *, in_time: bool) -> Ending:
    """Classify the end of a process."""
    if not in_time or status == -getattr(signal, "SIGXCPU", 256):
        return Ending.TIME
    if status == 0:
        return Ending.FINISHED
    if len(written) >= _LARGEST_OUTPUT or len(complaints) >= _LARGEST_OUTPUT:
        return Ending.OUTPUT
    if any(words in complaints.lower() for words in _OUT_OF_MEMORY):
        return Ending.MEMORY
    return Ending.CRASHED
