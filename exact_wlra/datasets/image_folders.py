"""Image files in folders, one folder a class.

Contents
--------
read_image_folder   all images below a folder, with the number of their class
tiles               one large image cut into small ones
"""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exact_wlra.datasets.errors import ImageDataError

_EXTENSIONS = frozenset({".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff"})


def read_image_folder(
    folder: Path,
) -> tuple[NDArray[Any], NDArray[np.int64], tuple[str, ...]]:
    """Return images, labels and the names of the classes.

    Each folder inside `folder` is a class; classes and files come in alphabetical
    order, labels count from 0.

    Parameters
    ----------
    folder : Path
        Its images must be of one size and all grey or all coloured.

    Returns
    -------
    images : uint8 array, shape (n, height, width, channels)
    labels : int array, shape (n,)
    names : tuple of str

    Raises
    ------
    ImageDataError
        If there is no image, or one differs in shape; the message names the file.
    """
    images: list[NDArray[Any]] = []
    labels = []
    names = sorted(inner.name for inner in folder.iterdir() if inner.is_dir())
    for label, name in enumerate(names):
        for path in sorted((folder / name).iterdir()):
            if path.suffix.lower() not in _EXTENSIONS:
                continue
            image = read_image(path)
            if images and image.shape != images[0].shape:
                raise ImageDataError(
                    f"{name}/{path.name} is {_size(image)} and the first image "
                    f"{_size(images[0])}; bring all images to one size."
                )
            images.append(image)
            labels.append(label)
    if not images:
        raise ImageDataError(
            f"{folder.name} holds no folder with images; put the images of each class "
            "into a folder of their own."
        )
    return np.stack(images), np.array(labels), tuple(names)


def read_image(path: Path) -> NDArray[Any]:
    """Return one image as a uint8 array (height, width, 1 or 3).

    Raises
    ------
    ImageDataError
        If the file is no image that can be read.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as image:
            grey = image.mode in {"1", "L"}
            entries = np.asarray(image.convert("L" if grey else "RGB"))
    except (UnidentifiedImageError, OSError):
        raise ImageDataError(
            f"{path.name} cannot be read as an image; remove it or copy it again."
        ) from None
    return entries[..., None] if grey else entries


def tiles(image: NDArray[Any], size: int) -> NDArray[Any]:
    """Return the squares of `size` x `size` that lie beside each other in an image.

    What is left over at the right and below is left away.

    Parameters
    ----------
    image : array, shape (height, width, channels)

    Examples
    --------
    >>> tiles(np.arange(12).reshape(2, 6, 1), 2)[:, 0, 0, 0].tolist()
    [0, 2, 4]
    """
    height, width, channels = image.shape
    rows, columns = height // size, width // size
    cut = image[: rows * size, : columns * size]
    parts = cut.reshape(rows, size, columns, size, channels).swapaxes(1, 2)
    return parts.reshape(rows * columns, size, size, channels)


def _size(image: NDArray[Any]) -> str:
    """Return the shape of an image in words."""
    return " x ".join(map(str, image.shape))
