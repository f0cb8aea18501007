"""Folders of images: classes by name, one size, clear refusals."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exact_wlra.datasets.errors import ImageDataError
from exact_wlra.datasets.image_folders import read_image_folder, tiles


def put(path: Path, entries: np.ndarray) -> None:
    """Write one image, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(entries.astype(np.uint8)).save(path)


def test_folders_are_classes_in_alphabetical_order(tmp_path: Path) -> None:
    colours = np.arange(4 * 3 * 3).reshape(4, 3, 3)
    put(tmp_path / "02_stroma" / "b.tif", colours + 1)
    put(tmp_path / "02_stroma" / "a.png", colours)
    put(tmp_path / "01_tumor" / "z.tif", colours + 2)
    (tmp_path / "02_stroma" / "notes.txt").write_text("not an image")
    images, labels, names = read_image_folder(tmp_path)
    assert names == ("01_tumor", "02_stroma")
    assert labels.tolist() == [0, 1, 1]
    np.testing.assert_array_equal(images, [colours + 2, colours, colours + 1])


def test_grey_images_have_one_channel(tmp_path: Path) -> None:
    put(tmp_path / "one" / "a.png", np.eye(5))
    assert read_image_folder(tmp_path)[0].shape == (1, 5, 5, 1)


def test_images_of_different_sizes_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "one" / "a.png", np.eye(5))
    put(tmp_path / "one" / "b.png", np.eye(4))
    with pytest.raises(ImageDataError, match=r"one/b\.png is 4 x 4 x 1 and the first"):
        read_image_folder(tmp_path)


def test_a_file_that_is_no_image_is_named(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "broken.png").write_bytes(b"nothing")
    with pytest.raises(ImageDataError, match=r"broken\.png cannot be read"):
        read_image_folder(tmp_path)


def test_a_folder_without_images_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImageDataError, match="holds no folder with images"):
        read_image_folder(tmp_path)


def test_tiles_put_beside_each_other_are_the_image() -> None:
    image = np.arange(6 * 9 * 2).reshape(6, 9, 2)
    parts = tiles(image, 3)
    assert parts.shape == (6, 3, 3, 2)
    rows = [np.concatenate(parts[3 * r : 3 * r + 3], axis=1) for r in range(2)]
    np.testing.assert_array_equal(np.concatenate(rows), image)
