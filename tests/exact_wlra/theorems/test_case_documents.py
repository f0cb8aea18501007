"""Cases written as JSON are the same cases when they are read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exact_wlra import Problem
from exact_wlra.errors import InvalidProblemError, ProblemFileError
from exact_wlra.theorems.case_documents import (
    read_value,
    value_document,
    value_from,
    write_cases,
)
from exact_wlra.theorems.registry import HOMES, statement
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix

rationals = st.fractions(max_denominator=10**6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    sizes: tuple[int, ...]
    label: Literal["left", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer:
    inner: Inner
    pair: tuple[Fraction, bool]
    matrix: RationalMatrix
    instance: Instance
    start: RationalMatrix | None = None

    def __post_init__(self) -> None:
        if not self.inner.sizes:
            raise ValueError("there are no sizes; give at least one.")


def through_text(value: Any, wanted: Any) -> Any:
    return value_from(wanted, json.loads(json.dumps(value_document(value))), "mine")


def outer(**changes: Any) -> dict[str, Any]:
    document = {
        "inner": {"sizes": [1, 2], "label": "left"},
        "pair": ["1/2", True],
        "matrix": [[1, "-7/3"], [0, 2]],
        "instance": {"data": [[1]], "squared_weights": [["1/4"]], "rank": 1},
        "start": None,
    }
    return document | changes


@pytest.mark.parametrize("key", HOMES)
def test_every_case_is_the_same_after_writing_and_reading(
    key: str, tmp_path: Path
) -> None:
    stated = statement(key)
    cases = list(stated.cases(2))
    paths = write_cases(stated, tmp_path, seeds=2)
    assert len(set(paths)) == len(cases)
    for case, path in zip(cases, paths, strict=True):
        value = read_value(stated, path)
        assert value == case.value
        # Equal problems may differ in whether W or its square was given.
        assert value_document(value) == value_document(case.value)


@pytest.mark.parametrize("key", HOMES)
def test_check_finds_the_same_on_a_case_that_was_read(key: str, tmp_path: Path) -> None:
    stated = statement(key)
    case = next(stated.cases(1))
    value = read_value(stated, write_cases(stated, tmp_path, seeds=1)[0])
    again = type(case)(name=case.name, kind=case.kind, value=value, seed=case.seed)
    assert stated.check(again) == stated.check(case)


@given(st.lists(st.lists(rationals, min_size=2, max_size=2), min_size=1, max_size=4))
def test_matrices_survive(rows: list[list[Fraction]]) -> None:
    matrix = RationalMatrix.from_fractions(rows)
    assert through_text(matrix, RationalMatrix) == matrix


@given(st.integers(0, 9))
def test_matrices_without_rows_keep_their_width(width: int) -> None:
    assert through_text(RationalMatrix.zeros(0, width), RationalMatrix).shape == (
        0,
        width,
    )


@given(st.tuples(st.integers(), rationals))
def test_numbers_survive(pair: tuple[int, Fraction]) -> None:
    assert through_text(pair, tuple[int, Fraction]) == pair


def test_integers_of_thousands_of_digits_survive() -> None:
    assert through_text(-(10**3000), int) == -(10**3000)


def test_nested_values_survive() -> None:
    value = value_from(Outer, outer(start=[[3]]), "mine")
    assert value.pair == (Fraction(1, 2), True)
    assert value.instance.squared_weights[0, 0] == Fraction(1, 4)
    assert through_text(value, Outer) == value


def test_patterned_problems_survive_with_their_weights_as_given() -> None:
    problem = Problem.patterned(
        row_labels=[0, 1, 0],
        column_labels=[1, 0],
        data_core=[[1, 2], [3, 4]],
        weight_core=[[1, 2], ["1/3", 1]],
        rank=1,
    )
    again = through_text(problem, Problem)
    assert again == problem
    assert again.root_weights == problem.root_weights


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "mine: [] stands there; give an object with the fields inner, pair"),
        (outer(extra=1), "mine: there is no field 'extra'; the fields are inner"),
        (outer(pair=[1]), "mine, pair: [1] stands there; give a list of 2."),
        (outer(pair=["x", True]), 'mine, pair, item 1: "x" stands there; give a num'),
        (outer(pair=[1, 0]), "mine, pair, item 2: 0 stands there; give true or false."),
        (outer(matrix=[[1], [1, 2]]), "mine, matrix, row 2: [1, 2] stands there; giv"),
        (outer(matrix=[[1, None]]), "mine, matrix, row 1, column 2: null stands there"),
        (outer(matrix=[]), "mine, matrix: [] stands there; give a matrix, a list of r"),
        (outer(start=3), "mine, start: 3 stands there; give a matrix, a list of rows."),
        (
            outer(inner={"sizes": [True], "label": "left"}),
            "mine, inner, sizes, item 1: true stands there; give an integer.",
        ),
        (
            outer(inner={"sizes": [1], "label": "up"}),
            'mine, inner, label: "up" stands there; give one of left, right.',
        ),
        (outer(inner={"sizes": [1]}), "mine, inner: there is no 'label'; the fields"),
        (
            outer(inner={"sizes": [], "label": "left"}),
            "mine: there are no sizes; give at least one.",
        ),
        (
            outer(instance={"data": [[1]], "squared_weights": [[-1]], "rank": 1}),
            "mine, instance: a squared weight is negative.",
        ),
    ],
)
def test_what_does_not_fit_is_named_in_one_sentence(
    document: Any, sentence: str
) -> None:
    with pytest.raises(ProblemFileError) as raised:
        value_from(Outer, document, "mine")
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (3, "mine: a problem is an object with 'data', 'weights' and 'rank'"),
        ({"data": [[1]]}, "mine: there is no 'rank'; add it."),
        ({"data": [[1]], "rank": 1, "W": [[1]]}, "mine: 'W' means nothing here"),
        ({"data": [[1, 2], [3]], "rank": 1}, "mine"),
    ],
)
def test_what_states_no_problem_is_named_in_one_sentence(
    document: Any, sentence: str
) -> None:
    with pytest.raises((ProblemFileError, InvalidProblemError)) as raised:
        value_from(Problem, document, "mine")
    assert str(raised.value).startswith(sentence)


@pytest.mark.parametrize("key", ["reweighted/lemma-2.1", "reweighted/theorem-1.2"])
def test_files_that_are_not_there_or_not_json_are_named(
    key: str, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    for path, words in (
        (tmp_path / "none.json", "there is no such file"),
        (tmp_path, "this is a directory"),
        (broken, "the text is not JSON"),
    ):
        with pytest.raises(ProblemFileError) as raised:
            read_value(statement(key), path)
        assert str(path) in str(raised.value)
        assert words in str(raised.value)
