"""Errors of the shipped instances and of the image sets.

Contents
--------
UnknownDatasetError   a name that no shipped instance has
MissingImagesError    an image set that is not on this machine
ImageDataError        a file of images that cannot be read
"""

from __future__ import annotations

from difflib import get_close_matches


class UnknownDatasetError(LookupError):
    """No shipped instance has this name: pick one that `names()` lists.

    Parameters
    ----------
    name : str
        The name that was asked for.
    known : tuple of str
        The names that exist.

    Examples
    --------
    >>> UnknownDatasetError("titanik", ("lsat6", "titanic")).close_matches
    ('titanic',)
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        self.close_matches = tuple(get_close_matches(name, known, n=3, cutoff=0.5))
        if self.close_matches:
            remedy = "did you mean " + " or ".join(map(repr, self.close_matches)) + "?"
        else:
            remedy = "the names are " + ", ".join(known) + "."
        super().__init__(f"there is no dataset {name!r}: {remedy}")


class MissingImagesError(LookupError):
    """An image set is not on this machine; the message says what to install."""


class ImageDataError(ValueError):
    """A file of images does not follow its format; the message says which and where."""
