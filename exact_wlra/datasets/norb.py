"""The binary-matrix format of the NORB images: a little-endian header, then entries.

Contents
--------
read_norb       the array in one file

Notes on the implementation
---------------------------
The header is a 32-bit magic number that names the type of the entries, the number of
dimensions, and the dimensions; of those at least three stand in the file, and what
exceeds the number of dimensions is to be ignored.

References
----------
[LeCunHuangBottou2004]_
"""

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.errors import ImageDataError

_TYPES: dict[int, np.dtype[Any]] = {
    0x1E3D4C51: np.dtype("<f4"),
    0x1E3D4C53: np.dtype("<f8"),
    0x1E3D4C54: np.dtype("<i4"),
    0x1E3D4C55: np.dtype("<u1"),
    0x1E3D4C56: np.dtype("<i2"),
}
_LEAST_DIMENSIONS_STORED = 3


def read_norb(path: Path) -> NDArray[Any]:
    """Return the array that a binary-matrix file holds.

    Raises
    ------
    ImageDataError
        If the header is not one of this format, or entries are missing or left over.

    Examples
    --------
    >>> import tempfile
    >>> header = struct.pack("<Ii3i", 0x1E3D4C55, 1, 2, 1, 1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "tiny-cat.mat")
    ...     _ = file.write_bytes(header + bytes([4, 3]))
    ...     read_norb(file).tolist()
    [4, 3]
    """
    content = path.read_bytes()
    magic, n_dimensions = struct.unpack_from("<Ii", content.ljust(8, b"\0"))
    if magic not in _TYPES or n_dimensions < 0:
        raise ImageDataError(
            f"{path.name} is not in the binary-matrix format of NORB; give another "
            "file, unpacked."
        )
    n_stored = max(n_dimensions, _LEAST_DIMENSIONS_STORED)
    start = 8 + 4 * n_stored
    if len(content) < start:
        raise ImageDataError(f"{path.name} ends inside its header; copy it again.")
    shape = struct.unpack_from(f"<{n_stored}I", content, 8)[:n_dimensions]
    kind = _TYPES[magic]
    wanted = start + math.prod(shape) * kind.itemsize
    if len(content) != wanted:
        raise ImageDataError(
            f"{path.name} has {len(content)} bytes and its header announces {wanted}; "
            "copy it again."
        )
    entries = np.frombuffer(content, dtype=kind, offset=start).reshape(shape)
    native: NDArray[Any] = entries.astype(kind.newbyteorder("="))
    return native
