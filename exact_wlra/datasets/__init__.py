"""Small instances that ship with the package, each with its source and licence.

Real matrices with few distinct rows, columns or weight patterns, and hand-made ones
on which local methods stop at different answers. Nothing is downloaded, and nothing
is read before it is asked for.

Contents
--------
names                 the names of all instances
describe              title, source, licence, shape, file names, labels of one
path                  where its files are
Dataset               the type of a description
UnknownDatasetError   a name that no instance has
"""

from __future__ import annotations

from exact_wlra.datasets.catalogue import Dataset, describe, names, path
from exact_wlra.datasets.errors import UnknownDatasetError

__all__ = ["Dataset", "UnknownDatasetError", "describe", "names", "path"]
