"""The binary-matrix format: what is written is read; what is damaged is refused."""

import struct
from pathlib import Path

import numpy as np
import pytest

from exact_wlra.datasets.errors import ImageDataError
from exact_wlra.datasets.norb import read_norb

TYPES = {
    0x1E3D4C51: "<f4",
    0x1E3D4C53: "<f8",
    0x1E3D4C54: "<i4",
    0x1E3D4C55: "<u1",
    0x1E3D4C56: "<i2",
}


def written(entries: np.ndarray, magic: int) -> bytes:
    """Return a file of the format; at least three dimensions stand in it."""
    stored = [*entries.shape, *[1] * (3 - entries.ndim)]
    header = struct.pack(f"<Ii{len(stored)}i", magic, entries.ndim, *stored)
    return header + entries.astype(TYPES[magic]).tobytes()


@pytest.mark.parametrize("magic", TYPES)
@pytest.mark.parametrize("shape", [(5,), (2, 3), (2, 3, 4), (3, 2, 4, 5)])
def test_what_was_written_is_read(
    tmp_path: Path, magic: int, shape: tuple[int, ...]
) -> None:
    entries = np.arange(np.prod(shape)).reshape(shape) % 100
    path = tmp_path / "tiny-dat.mat"
    path.write_bytes(written(entries, magic))
    found = read_norb(path)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, entries)


GOOD = written(np.arange(6).reshape(2, 3), 0x1E3D4C55)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not in the binary-matrix format"),
        (b"\x1f\x8b\0\0\0\0\0\0\0\0", "not in the binary-matrix format"),
        (GOOD[:12], "ends inside its header"),
        (GOOD[:-1], "has 25 bytes and its header announces 26"),
        (GOOD + b"\0", "has 27 bytes and its header announces 26"),
    ],
)
def test_damaged_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "tiny-dat.mat"
    path.write_bytes(content)
    with pytest.raises(ImageDataError, match=message):
        read_norb(path)
