"""Files of every format are read exactly."""

import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra import datasets
from exact_wlra.errors import ProblemFileError
from exact_wlra.files import matrix_market, text_matrices
from exact_wlra.problem import Problem
from exact_wlra.reading import read, read_matrix
from semialgebraic.rational_matrices import RationalMatrix

EXPECTED = RationalMatrix.from_rows([["0.1", "-7/3", 0], [3, "1/1000", 5]])
MISSING = [[False, False, True], [False, False, False]]

WRITTEN = {
    "comma.csv": "0.1,-7/3,\n3,1e-3,5\n",
    "spaces.csv": " 0.1 , -7/3 , NaN \r\n3,1e-3,5",
    "byte order mark.csv": "\ufeff0.1,-7/3,nan\n3,1e-3,5\n\n\n",
    "quoted.csv": '"0.1","-7/3",""\n"3","1e-3","5"\n',
    "UPPER.CSV": "0.1,-7/3,NA\n3,1E-3,5\n",
    "tabs.tsv": "0.1\t-7/3\t\n3\t1e-3\t5\n",
    "blanks.txt": "  0.1 -7/3   NA\n3\t1e-3 5\n",
    "commas.txt": "0.1,-7/3,\n3,1e-3,5\n",
    "list.json": '[[0.1, "-7/3", null], [3, 1e-3, 5]]',
    "nan.json": '[[0.1, "-7/3", NaN], [3, 0.001, "5.0"]]',
    "named.json": '{"data": [[0.1, "-7/3", null], [3, 1e-3, 5]]}',
    "array.mtx": "%%MatrixMarket matrix array real general\n% a comment\n2 3\n"
    "0.1\n3\n-7/3\n1e-3\nnan\n5\n",
    "coordinate.mtx": "%%MatrixMarket MATRIX coordinate real general\n\n2 3 6\n"
    "1 1 0.1\n1 2 -7/3\n1 3 NaN\n2 1 3\n2 2 1e-3\n2 3 5\n",
}


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


@pytest.mark.parametrize("name", WRITTEN)
def test_text_is_read_exactly(name: str, tmp_path: Path) -> None:
    matrix = read_matrix(write(tmp_path, name, WRITTEN[name]))
    assert matrix.values == EXPECTED
    assert matrix.missing.tolist() == MISSING
    assert matrix.infinite is None


DATA, WEIGHTS = [[1, 2, 3], [0, -1, 5]], [[1, 2, 1], [3, 1, 1]]
PROBLEMS: dict[str, Callable[[Path], Problem]] = {
    "csv and csv": lambda folder: read(
        write(folder, "a.csv", "1,2,3\n0,-1,5\n"),
        weights=write(folder, "w.csv", "1,2,1\n3,1,1\n"),
        rank=1,
    ),
    "npy and squared tsv": lambda folder: read(
        write(folder, "a.npy", np.array(DATA, dtype=np.float32)),
        squared_weights=write(folder, "w.tsv", "1\t4\t1\n9\t1\t1\n"),
        rank=1,
    ),
    "npz of both": lambda folder: read(
        write(folder, "p.npz", {"data": np.array(DATA), "weights": np.array(WEIGHTS)}),
        rank=1,
    ),
    "npz with a rank": lambda folder: read(
        write(
            folder,
            "p.npz",
            {
                "data": np.array(DATA),
                "squared_weights": np.array(WEIGHTS) ** 2,
                "rank": np.array(1),
            },
        )
    ),
    "json with a rank": lambda folder: read(
        write(folder, "p.json", {"data": DATA, "weights": WEIGHTS, "rank": 1})
    ),
    "rank of the call before that of the file": lambda folder: read(
        write(folder, "p.json", {"data": DATA, "weights": WEIGHTS, "rank": 2}), rank=1
    ),
    "single array of any name": lambda folder: read(
        write(folder, "a.npz", {"arr_0": np.array(DATA)}),
        weights=write(folder, "w.npz", {"weights": np.array(WEIGHTS)}),
        rank=1,
    ),
    "mtx and txt": lambda folder: read(
        write(
            folder,
            "a.mtx",
            "%%MatrixMarket matrix coordinate integer general\n2 3 5\n"
            "1 1 1\n1 2 2\n2 3 5\n1 3 3\n2 2 -1\n",
        ),
        weights=write(folder, "w.txt", "1 2 1\n3 1 1\n"),
        rank=1,
    ),
}


@pytest.mark.parametrize("spelling", PROBLEMS.values(), ids=PROBLEMS)
def test_every_way_to_store_a_problem_reads_the_same(
    spelling: Callable[[Path], Problem], tmp_path: Path
) -> None:
    assert spelling(tmp_path) == Problem(DATA, weights=WEIGHTS, rank=1)


PATTERNED = {
    "row_labels": [0, 1, 1, 0],
    "column_labels": [2, 0],
    "data_core": [[1, 2, 3], [4, 5, 6]],
    "weight_core": [[1, 2, 1], [0, 1, 3]],
}


@pytest.mark.parametrize("suffix", [".json", ".npz"])
def test_patterned_problem_is_read(suffix: str, tmp_path: Path) -> None:
    parts = {key: np.array(part) for key, part in PATTERNED.items()}
    content = PATTERNED if suffix == ".json" else parts
    problem = read(write(tmp_path, f"p{suffix}", content), rank=1)
    assert problem == Problem.patterned(**PATTERNED, rank=1)
    assert problem.shape == (4, 2)


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_floats_of_an_array_file_are_the_binary_rationals_that_they_are(
    tmp_path_factory: pytest.TempPathFactory, row: list[float]
) -> None:
    path = tmp_path_factory.mktemp("floats") / "a.npy"
    np.save(path, np.array([row]))
    assert read_matrix(path).values.fractions() == [[Fraction(x) for x in row]]


@given(
    st.lists(
        st.lists(st.fractions(max_denominator=10**6), min_size=3, max_size=3),
        min_size=1,
        max_size=4,
    )
)
def test_rationals_of_a_text_file_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Fraction]]
) -> None:
    text = "\n".join(",".join(map(str, row)) for row in rows)
    path = write(tmp_path_factory.mktemp("texts"), "a.csv", text)
    assert read_matrix(path).values.fractions() == rows


def test_pieces_of_a_long_file_are_joined_and_located(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_matrices, "_PIECE", 4)
    rows = ["1,2", "3,4", "0.5,1/3", "7,8", "NA,0.25", "9,10"]
    matrix = read_matrix(write(tmp_path, "a.csv", "\n".join(rows)))
    expected = [row.replace("NA", "0").split(",") for row in rows]
    assert matrix.values == RationalMatrix.from_rows(expected)
    assert np.argwhere(matrix.missing).tolist() == [[4, 0]]
    rows[5] = "9,x"
    with pytest.raises(ProblemFileError, match="row 6, column 2: 'x' is not a number"):
        read_matrix(write(tmp_path, "b.csv", "\n".join(rows)))


@pytest.mark.parametrize("layout", ["coordinate", "array"])
@pytest.mark.parametrize("symmetry", ["general", "symmetric", "skew-symmetric"])
def test_matrix_market_agrees_with_scipy(
    layout: str, symmetry: str, tmp_path: Path
) -> None:
    from scipy import io, sparse

    full = np.array([[0, 2, -3], [2, 0, 7], [-3, 7, 0]])
    if symmetry == "skew-symmetric":
        full = np.tril(full) - np.tril(full).T
    path = tmp_path / "a.mtx"
    written = sparse.coo_matrix(full) if layout == "coordinate" else full
    io.mmwrite(path, written, symmetry=symmetry)
    assert layout in path.read_text(encoding="utf-8").splitlines()[0]
    assert read_matrix(path).values == RationalMatrix(full)


def test_pattern_file_has_ones_and_zeros(tmp_path: Path) -> None:
    text = "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 2\n1 1\n2 1\n"
    matrix = read_matrix(write(tmp_path, "a.mtx", text))
    assert matrix.values == RationalMatrix.from_rows([[1, 1], [1, 0]])
    assert matrix.missing is None


def test_parquet_is_read_where_its_reader_is_installed(tmp_path: Path) -> None:
    reason = "optional reader of .parquet files"
    pyarrow = pytest.importorskip("pyarrow", reason=reason)
    parquet = pytest.importorskip("pyarrow.parquet", reason=reason)
    path = tmp_path / "a.parquet"
    columns = {"x": [1, 2**60 + 1], "y": [0.5, None], "z": ["1/3", "0.1"]}
    parquet.write_table(pyarrow.table(columns), path)
    matrix = read_matrix(path)
    assert matrix.values == RationalMatrix.from_rows(
        [[1, "1/2", "1/3"], [2**60 + 1, 0, "1/10"]]
    )
    assert matrix.missing.tolist() == [[False] * 3, [False, True, False]]
    with pytest.raises(ProblemFileError, match="the file is damaged"):
        read_matrix(write(tmp_path, "b.parquet", b"PAR1"))


@pytest.mark.parametrize("name", datasets.names())
def test_every_shipped_instance_is_read(name: str) -> None:
    description = datasets.describe(name)
    problem = read(f"dataset:{name}", rank=description.default_rank)
    assert problem.shape == description.shape
    assert read_matrix(f"dataset:{name}").shape == description.shape
    assert (problem.root_weights is not None) == (description.weights_file is not None)


def test_long_integer_file_is_read_in_seconds(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    integers = np.random.default_rng(0).integers(-1000, 1000, (10**5, 5))
    path = tmp_path / "a.csv"
    np.savetxt(path, integers, fmt="%d", delimiter=",")
    start = time.perf_counter()
    matrix = read_matrix(path)
    record_property("reading 500 000 integers [s]", time.perf_counter() - start)
    assert matrix.values == RationalMatrix(integers)


def test_bound_on_written_out_matrices_is_one_bound() -> None:
    assert matrix_market.LARGEST_SIZE == text_matrices.LARGEST_SIZE
