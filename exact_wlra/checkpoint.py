"""A file from which a long search goes on after its process has ended.

A search is known by a name and leaves a state: arrays of numbers. A best-first search
with matrices at its nodes needs no more. The file replaces its predecessor in one step,
so that there is a whole one at any time. What it says is not believed: a search that
goes on from it ends in a certificate, and that is checked as any other.

Contents
--------
Checkpoint      the states of searches by name, in one file
digest          what tells instances apart

Notes on the implementation
---------------------------
The format is NumPy's .npz without pickled objects: the array `header`, a JSON text that
holds format, version, digest of the instance and the names of searches, and the arrays
`<number of the search>/<name of the array>`.
"""

import json
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import CheckpointError
from reductions.instances import Instance

Arrays = dict[str, NDArray[Any]]

_FORMAT, _VERSION = "exact-wlra checkpoint", 1
# Seconds between two writings, and how many times what the last one took, at least.
_INTERVAL, _RARITY = 30.0, 20.0
_DAMAGES = (
    ValueError,  # JSON and text that cannot be decoded are among these
    KeyError,
    TypeError,
    AttributeError,
    EOFError,
    MemoryError,
    NotImplementedError,
    RuntimeError,
    SyntaxError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@final
class Checkpoint:
    """The states of searches, by name; without a path it keeps nothing.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "search.npz"
    ...     first = Checkpoint(path, instance="1f")
    ...     first.keep("bisection", lambda: {"ends": np.array([0.5, 1.0])})
    ...     first.write()
    ...     Checkpoint.resume(path, instance="1f").find("bisection")
    {'ends': array([0.5, 1. ])}
    """

    def __init__(self, path: Path | None = None, *, instance: str = "") -> None:
        self.path = path
        self._instance = instance
        self._found: dict[str, Arrays] = {}
        self._sources: dict[str, Callable[[], Arrays]] = {}
        self._due = time.monotonic() + _INTERVAL

    @classmethod
    def resume(cls, path: Path, *, instance: str) -> Self:
        """Return the checkpoint in a file, or a new one where there is no file.

        Raises
        ------
        CheckpointError
            If the file is damaged, or of another instance, or of another version.
        """
        checkpoint = cls(path, instance=instance)
        if not path.exists():
            checkpoint.write()  # a path that cannot be written is an error at once
            return checkpoint
        try:
            # NumPy leaves a file open that it cannot read; this one is ours.
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            header = json.loads(str(arrays.pop("header")))
            kind, version = header["format"], header["version"]
            of, names = header["instance"], list(header["searches"])
            found: dict[str, Arrays] = {name: {} for name in names}
            for key, array in arrays.items():
                number, _, name = key.partition("/")
                found[names[int(number)]][name] = array
        except (*_DAMAGES, IndexError) as error:
            raise checkpoint.damaged() from error
        if kind != _FORMAT:
            raise checkpoint.damaged()
        if version != _VERSION:
            raise CheckpointError(
                f"{path} is a checkpoint of version {version}, and this program reads "
                f"version {_VERSION}; delete it or name another file."
            )
        if of != instance:
            raise CheckpointError(
                f"{path} is the checkpoint of another instance: data, weights or rank "
                "differ; delete it or name another file."
            )
        checkpoint._found = found
        return checkpoint

    def damaged(self) -> CheckpointError:
        """Return the error that says so."""
        return CheckpointError(
            f"{self.path} is damaged or no checkpoint; delete it or name another file."
        )

    def name(self, method: str, instance: Instance) -> str:
        """Return the name of a search, "" if nothing is kept."""
        return f"{method} {digest(instance)}" if self.path is not None else ""

    def find(self, name: str) -> Arrays | None:
        """Return the last state of a search, None if there is none."""
        if name in self._sources:
            return self._sources[name]()
        return self._found.get(name)

    def keep(self, name: str, state: Callable[[], Arrays]) -> None:
        """Keep what `state` returns from now on; write the file if it is time.

        To be called between the steps of a search.
        """
        if self.path is None:
            return
        self._sources[name] = state
        if time.monotonic() >= self._due:
            self.write()

    def write(self) -> None:
        """Write the file now."""
        if self.path is None:
            return
        began = time.monotonic()
        states = self._found | {name: of() for name, of in self._sources.items()}
        header = {
            "format": _FORMAT,
            "version": _VERSION,
            "instance": self._instance,
            "searches": list(states),
        }
        arrays = {"header": np.array(json.dumps(header))}
        for number, state in enumerate(states.values()):
            arrays |= {f"{number}/{name}": array for name, array in state.items()}
        beside = self.path.with_name(self.path.name + ".new")
        with beside.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        now = time.monotonic()
        self._due = now + max(_INTERVAL, _RARITY * (now - began))


def digest(instance: Instance) -> str:
    """Return a hash of data, squared weights and rank, hexadecimal."""
    import hashlib

    result = hashlib.sha256(f"{instance.shape} {instance.rank}".encode())
    for matrix in (instance.data.reduced(), instance.squared_weights.reduced()):
        result.update(f" {matrix.denominator}".encode())
        for row in matrix.numerators.tolist():
            result.update(repr(row).encode())
    return result.hexdigest()
