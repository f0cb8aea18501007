"""Reading a problem from files.

A matrix is a .csv, .tsv, .txt, .npy, .npz, .mtx, .json or .parquet file. A .json or
.npz file may hold the whole problem: data and weights, or labels and cores (the
patterned form, for matrices too large to write out). ``dataset:NAME`` stands for an
instance that ships with the package.

Contents
--------
read                a Problem from files
read_matrix         one matrix from one file
document_problem    a Problem from a JSON document that is read already
EXTENSIONS          what can be read
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from exact_wlra.entries.partial_matrices import PartialMatrix, partial_matrix
from exact_wlra.entries.type_labels import type_labels
from exact_wlra.errors import InvalidProblemError, ProblemFileError
from exact_wlra.files.array_files import (
    npy_array,
    npz_arrays,
    parquet_rows,
    refuse_unknown_names,
)
from exact_wlra.files.json_documents import json_document
from exact_wlra.files.matrix_market import matrix_market
from exact_wlra.files.text_matrices import text_matrix
from exact_wlra.problem import Problem, checked_rank

EXTENSIONS = (".csv", ".tsv", ".txt", ".npy", ".npz", ".mtx", ".json", ".parquet")

_DENSE = ("data", "weights", "squared_weights")
_LABELS = ("row_labels", "column_labels")
_PATTERNED = (*_LABELS, "data_core", "weight_core", "squared_weight_core")
_KNOWN = (*_DENSE, *_PATTERNED, "rank")
_DATASET = "dataset:"


def read(
    data_path: str | Path,
    *,
    weights: str | Path | None = None,
    squared_weights: str | Path | None = None,
    rank: int | None = None,
) -> Problem:
    """Return the problem in one file, or in a data file and a weights file.

    Parameters
    ----------
    data_path : str or Path
        A, with blanks or NaN where entries are missing; or a .json or .npz file with
        ``data`` and ``weights`` or ``squared_weights``, or with ``row_labels``,
        ``column_labels``, ``data_core`` and ``weight_core`` or
        ``squared_weight_core``, and perhaps ``rank``; or ``dataset:NAME``.
    weights, squared_weights : str, Path or None
        File of W, or of its entrywise square; at most one of them, and none if the
        data file brings its own. With none at all, missing entries have weight 0 and
        all others 1.
    rank : int or None
        k >= 0; None takes the rank that the file states.

    Raises
    ------
    ProblemFileError
        If a file cannot be read; the message names file, row and column.
    InvalidProblemError
        If `rank` is no integer >= 0, or is given nowhere, or both weights are given.

    Examples
    --------
    >>> read("dataset:trap-3x3", rank=1)
    Problem(3 x 3, rank=1)
    """
    if weights is not None and squared_weights is not None:
        raise InvalidProblemError(
            "weights and squared weights are both given; give one of them."
        )
    name = str(data_path)
    parts = _parts(data_path)
    stated_rank = parts.pop("rank", None)
    if rank is not None:
        k = checked_rank(rank)
    elif stated_rank is None:
        raise InvalidProblemError("the rank is not given; give an integer >= 0.")
    else:
        with _blaming_the_file():
            k = checked_rank(stated_rank, name=f"{name}, rank")
    for role, path in {"weights": weights, "squared_weights": squared_weights}.items():
        if path is not None:
            if len(parts) > 1:
                raise ProblemFileError(
                    f"{name}: the problem brings its own weights or labels; leave "
                    f"out {path}, or give the data in a file of their own."
                )
            parts[role] = read_matrix(path)
    with _blaming_the_file():
        return _problem(parts, k, name)


def read_matrix(path: str | Path) -> PartialMatrix:
    """Return the one matrix that a file holds; `Problem` takes it as it is.

    Parameters
    ----------
    path : str or Path
        With one of `EXTENSIONS`; or ``dataset:NAME``, the data of that instance.

    Raises
    ------
    ProblemFileError
        If the file cannot be read or holds more than one matrix; the message names
        file, row and column.

    Examples
    --------
    >>> read_matrix("dataset:trap-3x3").shape
    (3, 3)
    """
    name = str(path)
    parts = {"data": _parts(path)["data"]} if _is_dataset(path) else _parts(path)
    if len(parts) != 1:
        raise ProblemFileError(
            f"{name}: the file holds {' and '.join(parts)}; give a file with one "
            "matrix."
        )
    (matrix,) = parts.values()
    with _blaming_the_file():
        return partial_matrix(matrix, name=name)


def document_problem(document: object, *, name: str) -> Problem:
    """Return the problem that a JSON document states, with its rank.

    Parameters
    ----------
    document : dict
        With the names that `read` knows in a .json file, ``rank`` among them.
    name : str
        How messages call the document.

    Raises
    ------
    ProblemFileError
        If it states none; the message says what is wrong.

    Examples
    --------
    >>> document_problem({"data": [[1, "1/2"]], "rank": 1}, name="mine")
    Problem(1 x 2, rank=1)
    """
    if not isinstance(document, dict):
        raise ProblemFileError(
            f"{name}: a problem is an object with 'data', 'weights' and 'rank'; write "
            "one."
        )
    refuse_unknown_names(list(document), _KNOWN, name=name)
    parts = dict(document)
    if parts.get("rank") is None:
        raise ProblemFileError(f"{name}: there is no 'rank'; add it.")
    with _blaming_the_file():
        k = checked_rank(parts.pop("rank"), name=f"{name}, rank")
        return _problem(parts, k, name)


def _parts(path: str | Path) -> dict[str, object]:
    """Return what a file holds, by name; a single matrix is called ``data``."""
    name = str(path)
    if _is_dataset(path):
        return _dataset(name)
    file = Path(path)
    suffix = file.suffix.lower()
    if file.is_dir():
        raise ProblemFileError(f"{name}: this is a directory; give a file.")
    if not file.exists():
        raise ProblemFileError(f"{name}: there is no such file; check the name.")
    if suffix not in EXTENSIONS:
        raise ProblemFileError(
            f"{name}: the extension {suffix or '(none)'} is not known; use one of "
            f"{', '.join(EXTENSIONS)}."
        )
    try:
        with _blaming_the_file():
            return _parts_of_file(file, suffix, name)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ProblemFileError(
            f"{name}: the file cannot be read ({reason}); check its permissions."
        ) from None


def _parts_of_file(file: Path, suffix: str, name: str) -> dict[str, object]:
    """Return what a file with a known extension holds, by name."""
    match suffix:
        case ".npy":
            return {"data": npy_array(file, name=name)}
        case ".npz":
            arrays = npz_arrays(file, name=name, known=_KNOWN)
            if len(arrays) == 1 and not arrays.keys() & set(_KNOWN):
                return {"data": next(iter(arrays.values()))}
            return {
                key: array.item() if array.ndim == 0 else array
                for key, array in arrays.items()
            }
        case ".json":
            document = json_document(file, name=name)
            if not isinstance(document, dict):
                return {"data": document}
            refuse_unknown_names(list(document), _KNOWN, name=name)
            return document
        case ".mtx":
            return {"data": matrix_market(file, name=name)}
        case ".parquet":
            return {"data": parquet_rows(file, name=name)}
        case _:
            return {"data": text_matrix(file, name=name)}


def _problem(parts: Mapping[str, object], rank: int, name: str) -> Problem:
    """Return the problem that the named parts of a file state."""
    dense = [key for key in _DENSE if key in parts]
    patterned = [key for key in _PATTERNED if key in parts]
    if dense and patterned:
        raise ProblemFileError(
            f"{name}: the file mixes {dense[0]} and {patterned[0]}; give data and "
            "weights, or labels and cores."
        )
    needed = (*_LABELS, "data_core") if patterned else ("data",)
    for key in needed:
        if key not in parts:
            raise ProblemFileError(f"{name}: there is no '{key}'; add it to the file.")
    weights, squared = _PATTERNED[3:] if patterned else _DENSE[1:]
    if weights in parts and squared in parts:
        raise ProblemFileError(
            f"{name}: {weights} and {squared} are both given; give one of them."
        )
    matrices = {
        key: partial_matrix(parts[key], name=_name(name, key, len(parts)))
        for key in (*dense, *patterned)
        if key not in _LABELS
    }
    if not patterned:
        return Problem(
            matrices["data"],
            weights=matrices.get(weights),
            squared_weights=matrices.get(squared),
            rank=rank,
        )
    n_types = dict(zip(_LABELS, matrices["data_core"].shape, strict=True))
    labels = {
        key: type_labels(parts[key], n_types[key], name=f"{name}, {key}")
        for key in _LABELS
    }
    return Problem.patterned(
        row_labels=labels["row_labels"],
        column_labels=labels["column_labels"],
        data_core=matrices["data_core"],
        weight_core=matrices.get(weights),
        squared_weight_core=matrices.get(squared),
        rank=rank,
    )


def _name(file_name: str, key: str, n_parts: int) -> str:
    """Return how messages call one matrix of a file."""
    return file_name if n_parts == 1 else f"{file_name}, {key}"


def _is_dataset(path: str | Path) -> bool:
    """Tell whether the path stands for an instance that ships with the package."""
    return isinstance(path, str) and path.startswith(_DATASET)


def _dataset(name: str) -> dict[str, object]:
    """Return data and weights of an instance that ships with the package."""
    from exact_wlra import datasets

    try:
        paths = datasets.path(name.removeprefix(_DATASET))
    except datasets.UnknownDatasetError as error:
        raise ProblemFileError(str(error)) from None
    return {
        role: read_matrix(path)
        for role, path in zip(_DENSE, paths, strict=True)
        if path is not None
    }


@contextmanager
def _blaming_the_file() -> Iterator[None]:
    """Report what is wrong with a matrix as wrong with the file that holds it."""
    try:
        yield
    except InvalidProblemError as error:
        raise ProblemFileError(str(error)) from None
