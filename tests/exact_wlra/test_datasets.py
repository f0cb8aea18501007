"""The shipped instances: files, provenance, patterns, and the calls that find them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path

import pytest

from exact_wlra import datasets
from exact_wlra.datasets import build

FOLDER = Path(datasets.__file__).parent / "files"
PROVENANCE = json.loads((FOLDER / "PROVENANCE.json").read_text(encoding="utf-8"))
RECORDS = {record["name"]: record for record in PROVENANCE["datasets"]}
FILES = [
    pytest.param(entry["file"], entry["sha256"], id=entry["file"])
    for record in PROVENANCE["datasets"]
    for entry in record["files"].values()
]
SIZE_LIMIT = 250_000

Entry = Fraction | None


def read_matrix(file: Path) -> list[list[Entry]]:
    """Entries of a file as exact numbers, None where blank."""
    return [
        [None if field == "" else Fraction(field) for field in line.split(",")]
        for line in file.read_text(encoding="ascii").splitlines()
    ]


def data(name: str) -> list[list[Entry]]:
    """Data matrix of an instance."""
    return read_matrix(datasets.path(name)[0])


def mask(matrix: list[list[Entry]]) -> list[tuple[bool, ...]]:
    """Rows of the matrix that says which entries are present."""
    return [tuple(entry is not None for entry in row) for row in matrix]


def n_distinct(rows: list[tuple[bool, ...]] | list[list[Entry]]) -> int:
    """Count distinct rows."""
    return len({tuple(row) for row in rows})


def n_distinct_columns(rows: list[tuple[bool, ...]] | list[list[Entry]]) -> int:
    """Count distinct columns."""
    return len(set(zip(*rows, strict=True)))


# --- files and provenance


@pytest.mark.parametrize(("file_name", "sha256"), FILES)
def test_file_has_the_recorded_sum(file_name: str, sha256: str) -> None:
    assert hashlib.sha256((FOLDER / file_name).read_bytes()).hexdigest() == sha256


def test_folder_holds_the_recorded_files_and_no_others() -> None:
    recorded = {
        entry["file"]
        for record in RECORDS.values()
        for entry in record["files"].values()
    }
    assert {file.name for file in FOLDER.iterdir()} == recorded | {"PROVENANCE.json"}


def test_files_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < SIZE_LIMIT


@pytest.mark.parametrize("name", RECORDS)
def test_record_is_complete(name: str) -> None:
    record = RECORDS[name]
    for key in ("title", "source", "package", "licence", "licence_reason", "coding"):
        assert record[key].strip(), key
    assert record["weight_convention"].strip()
    assert record["retrieved"] == "2026-11-22"


@pytest.mark.parametrize("record", PROVENANCE["left_out"], ids=lambda r: r["name"])
def test_what_is_left_out_has_a_reason_and_is_not_shipped(
    record: dict[str, str],
) -> None:
    assert record["reason"].strip()
    assert record["name"] not in datasets.names()


# --- the calls


def test_names_are_the_records_in_order() -> None:
    assert datasets.names() == tuple(RECORDS)


@pytest.mark.parametrize("name", RECORDS)
def test_description_fits_the_files(name: str) -> None:
    dataset = datasets.describe(name)
    n_rows, n_columns = dataset.shape
    assert dataset.name == name
    assert dataset.title
    assert dataset.source
    assert dataset.licence
    assert dataset.note
    assert 1 <= dataset.default_rank <= min(n_rows, n_columns)
    assert dataset.weights_file is None or dataset.squared_weights_file is None
    for labels, length in (
        (dataset.row_names, n_rows),
        (dataset.column_names, n_columns),
    ):
        assert labels is None or len(labels) == len(set(labels)) == length
    for file in datasets.path(name):
        if file is not None:
            matrix = read_matrix(file)
            assert len(matrix) == n_rows
            assert {len(row) for row in matrix} == {n_columns}


@pytest.mark.parametrize("name", RECORDS)
def test_path_points_to_the_described_files(name: str) -> None:
    dataset = datasets.describe(name)
    expected = (dataset.data_file, dataset.weights_file, dataset.squared_weights_file)
    files = datasets.path(name)
    assert tuple(None if file is None else file.name for file in files) == expected
    assert all(file is None or file.is_file() for file in files)


@pytest.mark.parametrize("name", RECORDS)
def test_weights_are_present_and_not_negative(name: str) -> None:
    for file in datasets.path(name)[1:]:
        if file is not None:
            for row in read_matrix(file):
                assert all(entry is not None and entry >= 0 for entry in row)


@pytest.mark.parametrize("name", RECORDS)
def test_only_instances_without_weights_have_missing_entries(name: str) -> None:
    file, weights, squared_weights = datasets.path(name)
    if weights is not None or squared_weights is not None:
        assert all(entry is not None for row in read_matrix(file) for entry in row)


def test_description_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        datasets.describe("lsat6").title = "changed"  # type: ignore[misc]


@pytest.mark.parametrize("call", [datasets.describe, datasets.path])
def test_unknown_name_lists_close_matches(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(datasets.UnknownDatasetError) as caught:
        call("titanik")
    assert str(caught.value) == (
        "there is no dataset 'titanik': did you mean 'titanic'?"
    )
    assert caught.value.name == "titanik"
    assert isinstance(caught.value, LookupError)


def test_unknown_name_without_close_match_lists_all() -> None:
    with pytest.raises(datasets.UnknownDatasetError) as caught:
        datasets.path("@@@@")
    assert str(caught.value) == (
        "there is no dataset '@@@@': the names are " + ", ".join(RECORDS) + "."
    )


# --- what the instances are known for


@pytest.mark.parametrize(
    ("name", "shape", "n_rows", "n_columns"),
    [
        ("lsat6", (1000, 5), 30, 5),
        ("titanic", (2201, 4), 24, 4),
        ("davis", (18, 14), 17, 13),
    ],
)
def test_distinct_rows_and_columns(
    name: str, shape: tuple[int, int], n_rows: int, n_columns: int
) -> None:
    matrix = data(name)
    assert datasets.describe(name).shape == shape
    assert n_distinct(matrix) == n_rows
    assert n_distinct_columns(matrix) == n_columns


@pytest.mark.parametrize(
    ("name", "shape", "n_rows", "n_columns", "n_missing"),
    [
        ("airquality", (153, 6), 4, 3, 44),
        ("votes-repub", (50, 31), 14, 12, 217),
        ("missing-2x2", (2, 2), 2, 2, 1),
    ],
)
def test_patterns_of_missing_entries(
    name: str, shape: tuple[int, int], n_rows: int, n_columns: int, n_missing: int
) -> None:
    present = mask(data(name))
    assert datasets.describe(name).shape == shape
    assert n_distinct(present) == n_rows
    assert n_distinct_columns(present) == n_columns
    assert sum(not entry for row in present for entry in row) == n_missing


@pytest.mark.parametrize(("name", "total"), [("hair-eye", 592), ("caithness", 5387)])
def test_squared_weights_are_reciprocal_counts(name: str, total: int) -> None:
    file, weights, squared_weights = datasets.path(name)
    assert weights is None
    assert squared_weights is not None
    counts, omega = read_matrix(file), read_matrix(squared_weights)
    assert sum(sum(row) for row in counts) == total  # type: ignore[arg-type, misc]
    for count_row, omega_row in zip(counts, omega, strict=True):
        for count, weight in zip(count_row, omega_row, strict=True):
            assert count is not None
            assert weight == 1 / count


def test_titanic_codes() -> None:
    people = data("titanic")
    assert [sorted({row[j] for row in people}) for j in range(4)] == [  # type: ignore[type-var]
        [1, 2, 3, 4],
        [0, 1],
        [0, 1],
        [0, 1],
    ]
    assert sum(row[3] == 1 for row in people) == 711
    assert sum(row[0] == 4 for row in people) == 885
    assert sum(row[2] == 0 for row in people) == 109


def test_lsat6_frequencies() -> None:
    examinees = data("lsat6")
    assert sum(all(row) for row in examinees) == 298
    assert sum(not any(row) for row in examinees) == 3
    right_answers = [sum(row[j] == 1 for row in examinees) for j in range(5)]
    assert right_answers == [924, 709, 553, 763, 870]


def test_wheat_is_a_correlation_matrix_without_its_diagonal() -> None:
    file, weights_file, _ = datasets.path("wheat")
    assert weights_file is not None
    correlations, weights = read_matrix(file), read_matrix(weights_file)
    for i, row in enumerate(correlations):
        for j, entry in enumerate(row):
            assert entry == correlations[j][i]
            assert entry is not None
            assert abs(entry) <= 1
            assert (entry == 1) == (i == j)
            assert weights[i][j] == (0 if i == j else 1)


# --- how they were made


@pytest.mark.parametrize("name", build.handmade())
def test_handmade_instance_is_remade(name: str) -> None:
    for role, matrix in build.handmade()[name].items():
        file = FOLDER / RECORDS[name]["files"][role]["file"]
        assert file.read_text(encoding="ascii") == build.csv_text(matrix)


def test_davis_is_remade_from_networkx() -> None:
    graph = import_module("networkx").davis_southern_women_graph()
    davis = datasets.describe("davis")
    assert davis.row_names == tuple(graph.graph["top"])
    assert davis.column_names == tuple(graph.graph["bottom"])
    matrix = build.published()["davis"]()["data"]
    assert (FOLDER / davis.data_file).read_text(encoding="ascii") == build.csv_text(
        matrix
    )


def test_every_instance_has_one_way_to_be_made() -> None:
    assert set(build.handmade()).isdisjoint(build.published())
    assert set(build.handmade()) | set(build.published()) == set(RECORDS)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0.0, "0"), (8.0, "8"), (7.4, "7.4"), (-0.146, "-0.146"), (float("nan"), "")],
)
def test_number_text_is_the_typed_decimal(number: float, text: str) -> None:
    assert build.number_text(number) == text
