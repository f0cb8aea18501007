"""The IDX format of MNIST: a big-endian header, then the entries.

Contents
--------
read_idx        the array in one file, packed with gzip or not

Notes on the implementation
---------------------------
The header is two zero bytes, one byte for the type of the entries, one for the number
of dimensions, and each dimension as a 32-bit integer. The last index changes fastest.
"""

import gzip
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.errors import ImageDataError

_TYPES: dict[int, np.dtype[Any]] = {
    0x08: np.dtype(">u1"),
    0x09: np.dtype(">i1"),
    0x0B: np.dtype(">i2"),
    0x0C: np.dtype(">i4"),
    0x0D: np.dtype(">f4"),
    0x0E: np.dtype(">f8"),
}
_GZIP = b"\x1f\x8b"


def read_idx(path: Path) -> NDArray[Any]:
    """Return the array that an IDX file holds.

    Parameters
    ----------
    path : Path
        The file; whether it is packed is seen from its first bytes, not its name.

    Raises
    ------
    ImageDataError
        If the header is no IDX header, or entries are missing or left over.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "labels")
    ...     _ = file.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]))
    ...     read_idx(file).tolist()
    [7, 2, 1]
    """
    content = path.read_bytes()
    if content[:2] == _GZIP:
        content = gzip.decompress(content)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in _TYPES:
        raise ImageDataError(
            f"{path.name} is not in the IDX format; give another file."
        )
    kind, n_dimensions = _TYPES[content[2]], content[3]
    start = 4 + 4 * n_dimensions
    if len(content) < start:
        raise ImageDataError(f"{path.name} ends inside its header; copy it again.")
    shape = struct.unpack(f">{n_dimensions}I", content[4:start])
    wanted = start + math.prod(shape) * kind.itemsize
    if len(content) != wanted:
        raise ImageDataError(
            f"{path.name} has {len(content)} bytes and its header announces {wanted}; "
            "copy it again."
        )
    entries = np.frombuffer(content, dtype=kind, offset=start).reshape(shape)
    native: NDArray[Any] = entries.astype(kind.newbyteorder("="))
    return native
