"""The catalogue of shipped instances.

Each instance is one data file, with or without one file of weights, in the folder
`files` beside this module; `PROVENANCE.json` in that folder says where each came
from, under which licence, how it was coded, and the SHA-256 sum of every file. The
catalogue is that JSON file, read once when first asked for; matrices are not read
here, `path` only says where they are.

Contents
--------
Dataset    what is known about one instance
names      the names of all instances, in the order of the catalogue
describe   the description of one instance
path       where the files of one instance are

Notes on the implementation
---------------------------
A weights file holds W, which multiplies the residual and is squared in the cost; a
squared-weights file holds the entrywise square of W. An instance has at most one of
them. With neither, missing entries (blank fields) have weight 0, all others 1.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, final

from exact_wlra.datasets.errors import UnknownDatasetError

PROVENANCE_FILE = "PROVENANCE.json"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What is known about one shipped instance.

    Attributes
    ----------
    name : str
        Short name, as in `dataset:NAME` on the command line.
    title : str
        One line in words.
    source : str
        The publication the numbers come from, and the package they were taken from.
    licence : str
        The licence statement of that package as read there, and why the numbers
        may be shipped.
    shape : (int, int)
        Numbers of rows and columns, n and d.
    default_rank : int
        The rank that examples ask for.
    data_file : str
        File name of the data matrix A.
    weights_file, squared_weights_file : str or None
        File name of W, or of its entrywise square; at most one of them is given.
    row_names, column_names : tuple of str, or None
        Labels, where rows or columns have names.
    note : str
        How the matrix was coded, and what the instance is good for.
    """

    name: str
    title: str
    source: str
    licence: str
    shape: tuple[int, int]
    default_rank: int
    data_file: str
    weights_file: str | None
    squared_weights_file: str | None
    row_names: tuple[str, ...] | None
    column_names: tuple[str, ...] | None
    note: str


def names() -> tuple[str, ...]:
    """Return the names of all shipped instances, in the order of the catalogue.

    Returns
    -------
    tuple of str
        Without repetition; the first is the 4 x 4 instance of the demonstration.

    Examples
    --------
    >>> names()[0]
    'four-basins-4x4'
    >>> "lsat6" in names()
    True
    """
    return tuple(_catalogue())


def describe(name: str) -> Dataset:
    """Return the description of one instance.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    Dataset
        Its description; no matrix is read.

    Raises
    ------
    UnknownDatasetError
        No instance has this name.

    Examples
    --------
    >>> lsat6 = describe("lsat6")
    >>> lsat6.shape, lsat6.weights_file, lsat6.squared_weights_file
    ((1000, 5), None, None)
    >>> describe("hair-eye").squared_weights_file
    'hair-eye.squared-weights.csv'
    """
    catalogue = _catalogue()
    if name not in catalogue:
        raise UnknownDatasetError(name, tuple(catalogue))
    return catalogue[name]


def path(name: str) -> tuple[Path, Path | None, Path | None]:
    """Return the paths of the data, weights and squared-weights files.

    Parameters
    ----------
    name : str
        One of `names()`.

    Returns
    -------
    (Path, Path or None, Path or None)
        Data, weights W, squared weights; None where the instance has no such file.
        The files are header-free text, comma separated, one row a line; an entry is
        an integer, a decimal or `p/q`, always exact; a blank field is missing.

    Raises
    ------
    UnknownDatasetError
        No instance has this name.

    Examples
    --------
    >>> data, weights, squared_weights = path("trap-3x3")
    >>> data.name, weights.name, squared_weights
    ('trap-3x3.csv', 'trap-3x3.weights.csv', None)
    >>> print(weights.read_text(), end="")
    10,1,1
    2,2,2
    1,1,10
    """
    dataset = describe(name)
    folder = _folder()
    return (
        folder / dataset.data_file,
        None if dataset.weights_file is None else folder / dataset.weights_file,
        None
        if dataset.squared_weights_file is None
        else folder / dataset.squared_weights_file,
    )


def _folder() -> Path:
    """Folder of the files; the package is installed unzipped."""
    return Path(str(files("exact_wlra.datasets") / "files"))


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Dataset]:
    """Read the catalogue, once, as a dictionary by name."""
    text = (_folder() / PROVENANCE_FILE).read_text(encoding="utf-8")
    return {record["name"]: _dataset(record) for record in json.loads(text)["datasets"]}


def _dataset(record: dict[str, Any]) -> Dataset:
    """One record of PROVENANCE.json as a value."""
    file_names = {role: entry["file"] for role, entry in record["files"].items()}
    n_rows, n_columns = record["shape"]
    return Dataset(
        name=record["name"],
        title=record["title"],
        source=f"{record['source']} Taken from: {record['package']}.",
        licence=f"{record['licence']} {record['licence_reason']}",
        shape=(n_rows, n_columns),
        default_rank=record["default_rank"],
        data_file=file_names["data"],
        weights_file=file_names.get("weights"),
        squared_weights_file=file_names.get("squared_weights"),
        row_names=_labels(record["row_names"]),
        column_names=_labels(record["column_names"]),
        note=f"{record['coding']} {record['note']}",
    )


def _labels(labels: list[str] | None) -> tuple[str, ...] | None:
    """Labels as a tuple."""
    return None if labels is None else tuple(labels)
