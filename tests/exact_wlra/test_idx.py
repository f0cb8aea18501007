"""The IDX format: what is written is read; what is damaged is refused."""

import gzip
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra.datasets.errors import ImageDataError
from exact_wlra.datasets.idx import read_idx

TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
TWO_BY_TWO = struct.pack(">4B2I", 0, 0, 8, 2, 2, 2) + bytes([1, 2, 3, 4])


@given(
    code=st.sampled_from(sorted(TYPES)),
    shape=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    is_packed=st.booleans(),
    seed=st.integers(0, 99),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    code: int,
    shape: list[int],
    is_packed: bool,
    seed: int,
) -> None:
    entries = np.random.default_rng(seed).integers(0, 100, math.prod(shape))
    written = entries.astype(TYPES[code]).reshape(shape)
    content = struct.pack(f">4B{len(shape)}I", 0, 0, code, len(shape), *shape)
    content += written.tobytes()
    path = tmp_path_factory.mktemp("idx") / "images"
    path.write_bytes(gzip.compress(content) if is_packed else content)
    found = read_idx(path)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, written)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not in the IDX format"),
        (b"PK\3\4", "not in the IDX format"),
        (b"\0\0\7\1\0\0\0\1\1", "not in the IDX format"),
        (TWO_BY_TWO[:9], "ends inside its header"),
        (TWO_BY_TWO[:-1], "has 15 bytes and its header announces 16"),
        (TWO_BY_TWO + b"\0", "has 17 bytes and its header announces 16"),
    ],
)
def test_damaged_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "train-images"
    path.write_bytes(content)
    with pytest.raises(ImageDataError, match=message):
        read_idx(path)
