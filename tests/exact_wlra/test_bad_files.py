"""Files that cannot be read, and the sentence that says so."""

import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exact_wlra.errors import InvalidProblemError, ProblemFileError
from exact_wlra.files import array_files, text_matrices
from exact_wlra.reading import read, read_matrix


def write(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_text(content, encoding="utf-8", newline="")
    elif isinstance(content, np.ndarray):
        np.save(path, content)
    elif path.suffix == ".npz":
        np.savez(path, **content)
    else:
        path.write_text(json.dumps(content), encoding="utf-8")
    return path


BAD_FILES: dict[str, tuple[Any, str]] = {
    "ragged.csv": ("1,2\n3\n", ", row 2: the row has 1 columns where row 1 has 2"),
    "word.csv": ("1,2\n3,four\n", ", row 2, column 2: 'four' is not a number"),
    "word first.csv": ("a,2\n3,4\n", ", row 1, column 1: 'a' is not a number"),
    "words.csv": ("a,b\nc,d\n", ", row 1, column 1: 'a' is not a number"),
    "only words.csv": ("a,b\n", ", row 1, column 1: 'a' is not a number"),
    "header.csv": ("x,y\n1,2\n3,4\n", ": row 1 looks like a header: remove it."),
    "header with blank.csv": (",y\n1,2\n", ": row 1 looks like a header: remove it."),
    "header.txt": ("x y\n1 2\n", ": row 1 looks like a header: remove it."),
    "row names.csv": (",y\na,2\nb,3\n", ", row 1, column 2: 'y' is not a number"),
    "semicolons.csv": ("1;2\n3;4\n", ", row 1, column 1: '1;2' is not a number"),
    "decimal comma.txt": ("1 2\n1;5 2\n", ", row 2, column 1: '1;5' is not"),
    "zero denominator.csv": (
        "1,2\n3,4/0\n",
        ", row 2, column 2: '4/0' has denominator",
    ),
    "empty.csv": ("", ": the file holds no numbers"),
    "empty.txt": ("", ": the file holds no numbers"),
    "spaces.csv": (" \n1,2\n", ", row 1: the line is blank"),
    "line end.csv": ('"1\n2",3\n', ", row 1, column 1: '1 2' is not a number"),
    "blank.csv": ("\n\n", ": the file holds no numbers"),
    "gap.csv": ("1,2\n\n3,4\n", ", row 2: the line is blank"),
    "binary.csv": (b"\xff\xfe\x00\x01", ": the file is not text in UTF-8"),
    "open quote.csv": ('1,"' + "2" * 200_000, ": the file is not a table of numbers"),
    "infinite.csv": ("1,inf\n3,4\n", ", row 1, column 2: the entry is infinite"),
    "matrix.xlsx": ("1", ": the extension .xlsx is not known; use one of .csv, .tsv"),
    "matrix": ("1", ": the extension (none) is not known"),
    "objects.npy": (
        np.array([[Fraction(1, 2)]], dtype=object),
        ": the file holds Python objects, which are never unpickled",
    ),
    "pickle.npy": (pickle.dumps([[1]]), ": the file holds Python objects"),
    "text.npy": (b"1,2", ": the file"),
    "header.npy": (
        b"\x93NUMPY\x01\x00\x10\x00{'descr': (      ",
        ": the file is damaged or of another kind",
    ),
    "characters.npy": (
        np.array(["12"]).view(np.uint32).__imul__(10**8).view("<U2").reshape(1, 1),
        ": the file is damaged or of another kind",
    ),
    "empty.npy": (b"", ": the file is damaged or of another kind"),
    "no rows.npy": (np.zeros((0, 3)), ": the matrix is empty (0 x 3)"),
    "flat.npy": (np.zeros(3), ": an array with 1 axes is not a matrix"),
    "complex.npy": (np.array([[1j]]), ": an array of complex128 holds no exact"),
    "infinite.npy": (np.array([[1, np.inf]]), ", row 1, column 2: the entry is inf"),
    "archive.npz": (b"PK\x03\x04", ": the file is damaged or of another kind"),
    "objects.npz": ({"data": np.array([[None]])}, ": the file holds Python objects"),
    "no data.npz": ({"weights": np.ones((1, 1))}, ": there is no 'data'"),
    "unknown.npz": (
        {"data": np.ones((1, 1)), "wieghts": np.ones((1, 1))},
        ": 'wieghts' means nothing here; use the names data, weights",
    ),
    "negative.npz": (
        {"data": np.ones((1, 2)), "weights": np.array([[1, -2]])},
        ", weights, row 1, column 2: -2 is negative",
    ),
    "broken.json": ("[[1, 2],\n[3, }", ", line 2, column 5: the text is not JSON"),
    "empty.json": ("", ", line 1, column 1: the text is not JSON"),
    "number.json": ("3", ": an object of type int is not a matrix"),
    "flat.json": ("[1, 2]", ": a list of 2 numbers is not a matrix"),
    "ragged.json": ("[[1, 2], [3]]", ", row 2: the row has 1 columns"),
    "word.json": ('[[1, 2], [3, "x"]]', ", row 2, column 2: 'x' is not a number"),
    "nested.json": ("[[1, [2]]]", ", row 1, column 2: [2] is not a number"),
    "deep.json": ("[" * 100_000, ": the lists are nested too deeply"),
    "digits.json": ("[[" + "1" * 5000 + "]]", ": a number has too many digits"),
    "exponent.json": ("[[1e99999]]", ": '1e99999' is not a number"),
    "unknown.json": ({"data": [[1]], "colour": 3}, ": 'colour' means nothing here"),
    "twice.json": ('{"data": [[1]], "data": [[2]]}', ": 'data' is given twice"),
    "no data.json": ({"weights": [[1]]}, ": there is no 'data'; add it"),
    "scalar weight.json": (
        {"data": [[1, 2]], "weights": 3},
        ", weights: an object of type int is not a matrix",
    ),
    "one row.json": (
        {"data": [[1, 2], [3, 4]], "weights": [[1, 2]]},
        ", weights: one row is not enough",
    ),
    "both weights.json": (
        {"data": [[1]], "weights": [[1]], "squared_weights": [[1]]},
        ": weights and squared_weights are both given",
    ),
    "mixed.json": (
        {"data": [[1]], "row_labels": [0]},
        ": the file mixes data and row_labels",
    ),
    "no labels.json": ({"data_core": [[1]]}, ": there is no 'row_labels'"),
    "bad label.json": (
        {"row_labels": [0, 1], "column_labels": [0], "data_core": [[1]]},
        ", row_labels, position 2: 1 is no type of the core",
    ),
    "bad core.json": (
        {
            "row_labels": [0],
            "column_labels": [0],
            "data_core": [[1]],
            "weight_core": [[-1]],
        },
        ", weight_core, row 1, column 1: -1 is negative",
    ),
    "banner.mtx": ("1 1 1\n", ", line 1: the banner of a Matrix Market file"),
    "complex.mtx": (
        "%%MatrixMarket matrix array complex general\n1 1\n1 0\n",
        ", line 1: 'complex' cannot be read in this place",
    ),
    "no sizes.mtx": (
        "%%MatrixMarket matrix array real general\n",
        ": the file ends before the sizes",
    ),
    "few.mtx": (
        "%%MatrixMarket matrix array real general\n2 1\n1\n",
        ": there are 1 entries where 2 are announced",
    ),
    "fields.mtx": (
        "%%MatrixMarket matrix coordinate real general\n1 1 1\n1 1\n",
        ", line 3: the line has 2 fields; write 3",
    ),
    "outside.mtx": (
        "%%MatrixMarket matrix coordinate real general\n%\n1 1 1\n1 2 5\n",
        ", line 4: '2' is out of range; write an integer from 1 to 1",
    ),
    "twice.mtx": (
        "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 2\n2 1\n",
        ", row 1, column 2: the entry is listed twice",
    ),
    "word.mtx": (
        "%%MatrixMarket matrix array real general\n1 1\nx\n",
        ", line 3: 'x' is not a number",
    ),
    "oblong.mtx": (
        "%%MatrixMarket matrix array real symmetric\n1 2\n1\n2\n",
        ", line 2: a 1 x 2 matrix is not symmetric",
    ),
    "huge.mtx": (
        "%%MatrixMarket matrix coordinate real general\n1000000 1000000 0\n",
        ", line 2: a 1000000 x 1000000 matrix has more than",
    ),
    "binary.mtx": (b"\xff\xfe", ": the file is not text"),
    "binary.json": (b"\xff\xfe", ": the file is not text in UTF-8"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, message = BAD_FILES[name]
    path = write(tmp_path, name, content)
    with pytest.raises(ProblemFileError) as refusal:
        read(path, rank=1)
    assert str(refusal.value).startswith(f"{path}{message}")
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


def test_absent_file_and_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemFileError, match=r"a\.csv: there is no such file"):
        read(tmp_path / "a.csv", rank=1)
    with pytest.raises(ProblemFileError, match=": this is a directory; give a file"):
        read(tmp_path, rank=1)


def test_file_that_may_not_be_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path, "a.csv", "1")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ProblemFileError, match=r"cannot be read \(Permission denied\)"):
        read(path, rank=1)


BAD_WEIGHTS = {
    "NaN": ("1,2\n3,\n", "row 2, column 2: the entry is missing"),
    "infinity": ("1,2\n3,inf\n", "row 2, column 2: the entry is infinite"),
    "negative": ("1,2\n-3,4\n", "row 2, column 1: -3 is negative"),
    "shape": ("1,2,3\n1,2,3\n", "the shape is 2 x 3 where that of"),
    "one row": ("1,2\n", "one row is not enough"),
    "one number": ("1\n", "a single number is not enough"),
    "header": ("a,b\n1,2\n3,4\n", "row 1 looks like a header"),
}


@pytest.mark.parametrize("role", ["weights", "squared_weights"])
@pytest.mark.parametrize(("content", "message"), BAD_WEIGHTS.values(), ids=BAD_WEIGHTS)
def test_bad_weights_file_is_refused_by_its_name(
    content: str, message: str, role: str, tmp_path: Path
) -> None:
    data = write(tmp_path, "data.csv", "1,2\n3,4\n")
    weights = write(tmp_path, "w.csv", content)
    with pytest.raises(ProblemFileError) as refusal:
        read(data, rank=1, **{role: weights})
    assert message in str(refusal.value)
    assert str(refusal.value).startswith(str(weights))


def test_missing_entry_with_weight_is_refused_by_row_and_column(tmp_path: Path) -> None:
    data = write(tmp_path, "data.csv", "1,2\n,4\n")
    weights = write(tmp_path, "w.csv", "1,1\n1/3,1\n")
    with pytest.raises(
        ProblemFileError,
        match=r"data\.csv, row 2, column 1: the entry is missing and its weight is 1/3",
    ):
        read(data, weights=weights, rank=1)


@pytest.mark.parametrize("rank", [-1, 1.5, True, None])
def test_bad_rank_is_a_wrong_call(rank: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidProblemError, match="the rank is"):
        read(write(tmp_path, "a.csv", "1"), rank=rank)


def test_weights_come_from_one_place_only(tmp_path: Path) -> None:
    data = write(tmp_path, "a.csv", "1,2")
    both = write(tmp_path, "p.json", {"data": [[1, 2]], "weights": [[1, 2]]})
    with pytest.raises(InvalidProblemError, match="both given"):
        read(data, weights=data, squared_weights=data, rank=1)
    with pytest.raises(ProblemFileError, match=r"p\.json: the problem brings its own"):
        read(both, weights=data, rank=1)
    with pytest.raises(ProblemFileError, match="trap-3x3: the problem brings its own"):
        read("dataset:trap-3x3", weights=data, rank=1)
    with pytest.raises(ProblemFileError, match="the file holds data and weights; give"):
        read_matrix(both)


def test_stated_rank_that_is_none_is_refused_by_file(tmp_path: Path) -> None:
    path = write(tmp_path, "p.json", {"data": [[1]], "rank": -1})
    with pytest.raises(ProblemFileError, match=r"p\.json, rank is -1; give an integer"):
        read(path)


def test_text_file_with_too_many_entries_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_matrices, "LARGEST_SIZE", 5)
    with pytest.raises(ProblemFileError, match="row 3: the matrix has more than 5"):
        read_matrix(write(tmp_path, "a.csv", "1,2\n3,4\n5,6\n"))


def test_parquet_without_its_reader_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_files.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ProblemFileError, match="needs the package pyarrow; install it"):
        read_matrix(write(tmp_path, "a.parquet", b"PAR1"))


def test_unknown_instance_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ProblemFileError, match="'titanik': did you mean 'titanic'"):
        read("dataset:titanik", rank=1)
