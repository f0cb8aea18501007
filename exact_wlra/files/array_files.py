"""Arrays in NumPy files, and tables in Parquet files.

Contents
--------
npy_array           the array in a .npy file
npz_arrays          the named arrays in a .npz file
parquet_rows        the rows of a .parquet file, where its reader is installed

Notes on the implementation
---------------------------
Object arrays are pickled Python, which can run any code when it is read; they are
refused, never unpickled.
"""

import importlib
import importlib.util
import sys
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.errors import ProblemFileError

# What NumPy raises on files that are truncated, damaged, or of another kind.
_DAMAGED = (
    ArithmeticError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)


def npy_array(path: Path, *, name: str) -> NDArray[Any]:
    """Return the array in a .npy file.

    Raises
    ------
    ProblemFileError
        If the file cannot be read or holds Python objects.
    """
    try:
        # NumPy leaves open a damaged file that it opened itself.
        with path.open("rb") as file:
            array = _checked(np.load(file, allow_pickle=False))
    except _DAMAGED as error:
        raise _unreadable(error, name, "numpy.save") from None
    if not isinstance(array, np.ndarray):
        raise ProblemFileError(
            f"{name}: the file is an archive of arrays; give it the extension .npz."
        )
    return array


def npz_arrays(
    path: Path, *, name: str, known: tuple[str, ...]
) -> dict[str, NDArray[Any]]:
    """Return the arrays in a .npz file by name.

    Parameters
    ----------
    path : Path
    name : str
        How messages call the file.
    known : tuple of str
        The names that arrays may have. A single array may have any name.

    Raises
    ------
    ProblemFileError
        If the file cannot be read, holds Python objects, or an unknown name.
    """
    try:
        with path.open("rb") as file:
            archive = np.load(file, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                return {"data": _checked(archive)}
            if len(archive.files) != 1:
                refuse_unknown_names(archive.files, known, name=name)
            return {key: _checked(archive[key]) for key in archive.files}
    except ProblemFileError:
        raise
    except _DAMAGED as error:
        raise _unreadable(error, name, "numpy.savez") from None


def parquet_rows(path: Path, *, name: str) -> list[list[Any]]:
    """Return the rows of a .parquet file; null is None.

    Raises
    ------
    ProblemFileError
        If the file cannot be read, or its reader is not installed.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise ProblemFileError(
            f"{name}: reading .parquet needs the package pyarrow; install it with "
            "'pip install pyarrow', or save the table as .csv."
        )
    parquet = importlib.import_module("pyarrow.parquet")
    try:
        columns = [column.to_pylist() for column in parquet.read_table(path).columns]
    except (ValueError, OSError, NotImplementedError) as error:
        raise _unreadable(error, name, "pyarrow.parquet.write_table") from None
    return [list(row) for row in zip(*columns, strict=True)]


def refuse_unknown_names(
    names: list[str], known: tuple[str, ...], *, name: str
) -> None:
    """Refuse a document with a name that means nothing here."""
    unknown = [key for key in names if key not in known]
    if unknown:
        raise ProblemFileError(
            f"{name}: {unknown[0][:40]!r} means nothing here; use the names "
            f"{', '.join(known)}."
        )


def _checked(array: Any) -> Any:
    """Return the array; text with characters that do not exist is a ValueError."""
    if isinstance(array, np.ndarray) and array.dtype.kind == "U":
        codes = np.frombuffer(array.tobytes(), dtype=array.dtype.byteorder + "u4")
        if codes.max(initial=0) > sys.maxunicode:
            raise ValueError("damaged text")
    return array


def _unreadable(error: Exception, name: str, writer: str) -> ProblemFileError:
    """Return the error for a file that NumPy or PyArrow cannot read."""
    if "allow_pickle" in str(error) or "object" in str(error).lower():
        return ProblemFileError(
            f"{name}: the file holds Python objects, which are never unpickled; save "
            "an array of integers, floats or text."
        )
    return ProblemFileError(
        f"{name}: the file is damaged or of another kind; write it again with {writer}."
    )
