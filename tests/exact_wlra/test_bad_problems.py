"""What is no problem, and the sentence that says so."""

from typing import Any

import numpy as np
import pytest

from exact_wlra.entries.partial_matrices import partial_matrix
from exact_wlra.errors import InvalidProblemError
from exact_wlra.problem import Problem

A = [[1, 2], [3, 4]]
NAN, INFINITY = float("nan"), float("inf")

BAD_PROBLEMS = {
    "missing entry with weight": (
        {"A": [[1, None], [3, 4]], "weights": [[1, 2], [1, 1]]},
        "the data, row 1, column 2: the entry is missing and its weight is 2",
    ),
    "NaN with weight": (
        {"A": np.array([[1, 2], [NAN, 4]]), "squared_weights": A},
        "the data, row 2, column 1: the entry is missing and its weight is 3",
    ),
    "infinity with weight": (
        {"A": [[1, 2], [3, -INFINITY]], "weights": A},
        "the data, row 2, column 2: the entry is infinite and its weight is 4",
    ),
    "infinity without weights": (
        {"A": [[1, "inf"], [3, 4]]},
        "the data, row 1, column 2: the entry is infinite",
    ),
    "negative weight": (
        {"A": A, "weights": [[1, 1], ["-1/2", 1]]},
        "the weights, row 2, column 1: -1/2 is negative",
    ),
    "very negative weight": (
        {"A": A, "weights": [[1, 1], [1, -(10**5000)]]},
        "the weights, row 2, column 2: an integer of 16610 bits is negative",
    ),
    "negative squared weight": (
        {"A": A, "squared_weights": np.array([[1, 1], [1, -4]])},
        "the squared weights, row 2, column 2: -4 is negative",
    ),
    "NaN among the weights": (
        {"A": A, "weights": np.array([[1, 1], [1, NAN]])},
        "the weights, row 2, column 2: the entry is missing",
    ),
    "infinite weight": (
        {"A": A, "weights": [[1, INFINITY], [1, 1]]},
        "the weights, row 1, column 2: the entry is infinite",
    ),
    "shapes that differ": (
        {"A": A, "weights": [[1, 1, 1], [1, 1, 1]]},
        "the weights: the shape is 2 x 3 where that of the data is 2 x 2",
    ),
    "scalar weight": ({"A": A, "weights": 2}, "a single number is not enough"),
    "scalar array of weights": (
        {"A": A, "weights": np.float64(2)},
        "is not enough; write one weight for each entry of the data, a 2 x 2 matrix",
    ),
    "one row of weights": (
        {"A": A, "weights": [[1, 2]]},
        "the weights: one row is not enough",
    ),
    "one column of weights": (
        {"A": A, "squared_weights": [[1], [2]]},
        "the squared weights: one column is not enough",
    ),
    "flat list of weights": (
        {"A": A, "weights": [1, 2]},
        "the weights: a list of numbers is not enough",
    ),
    "flat array of weights": (
        {"A": A, "weights": np.array([1, 2])},
        "the weights: a list of numbers is not enough",
    ),
    "both weights": ({"A": A, "weights": A, "squared_weights": A}, "both given"),
    "ragged rows": (
        {"A": [[1, 2], [3]]},
        "the data, row 2: the row has 1 columns where row 1 has 2",
    ),
    "number among rows": ({"A": [[1, 2], 3]}, "the data, row 2: 3 is not a row"),
    "flat data": ({"A": [1, 2]}, "the data: a list of 2 numbers is not a matrix"),
    "no rows": ({"A": []}, "the data: the matrix is empty"),
    "no columns": ({"A": np.zeros((3, 0))}, "the matrix is empty (3 x 0)"),
    "three axes": ({"A": np.zeros((1, 1, 1))}, "an array with 3 axes"),
    "nested entry": ({"A": [[1, [2]]]}, "the data, row 1, column 2: [2] is not"),
    "word": (
        {"A": [[1, 2], [3, "four"]]},
        "the data, row 2, column 2: 'four' is not a number",
    ),
    "word among texts": (
        {"A": [["1", "2"], ["3e", "4"]]},
        "the data, row 2, column 1: '3e' is not a number",
    ),
    "misplaced sign": ({"A": [["1", ".-5"]]}, "row 1, column 2: '.-5' is not a number"),
    "underscore": ({"A": [["1_0"]]}, "row 1, column 1: '1_0' is not a number"),
    "denominator zero": ({"A": [["1/0"]]}, "row 1, column 1: '1/0' has denominator"),
    "complex array": ({"A": np.array([[1j]])}, "the data: an array of complex128"),
    "complex entry": ({"A": [[1, 2j]]}, "the data, row 1, column 2: 2j is not"),
    "file name": ({"A": "data.csv"}, "use exact_wlra.read for files"),
    "dictionary": ({"A": {}}, "an object of type dict is not a matrix"),
    "negative rank": ({"A": A, "rank": -1}, "the rank is -1"),
    "fractional rank": ({"A": A, "rank": 1.0}, "the rank is 1.0"),
    "truth value for a rank": ({"A": A, "rank": True}, "the rank is True"),
    "text for a rank": ({"A": A, "rank": "1"}, "the rank is '1'"),
    "no rank": ({"A": A, "rank": None}, "the rank is None"),
}


@pytest.mark.parametrize(
    ("arguments", "message"), BAD_PROBLEMS.values(), ids=BAD_PROBLEMS
)
def test_bad_problem_is_refused_in_one_sentence(
    arguments: dict[str, Any], message: str
) -> None:
    data = arguments["A"]
    others = {key: value for key, value in arguments.items() if key != "A"}
    with pytest.raises(InvalidProblemError) as refusal:
        Problem(data, **({"rank": 1} | others))
    assert message in str(refusal.value)
    assert str(refusal.value).endswith(".")
    assert "\n" not in str(refusal.value)


BAD_PATTERNS = {
    "label too large": (
        {"row_labels": [0, 2]},
        "the row labels, position 2: 2 is no type of the core; write a label from 0",
    ),
    "negative label": (
        {"column_labels": [0, 1, -1]},
        "the column labels, position 3: -1 is no type",
    ),
    "huge label": ({"row_labels": [0, 10**30]}, "position 2: 1000"),
    "fractional label": ({"row_labels": [0, 0.5]}, "position 2: 0.5 is not an integer"),
    "float labels": (
        {"row_labels": np.array([0.0, 1.0])},
        "the row labels, position 1: 0.0 is not an integer",
    ),
    "no labels": ({"row_labels": []}, "the row labels: the list is empty"),
    "one number": ({"row_labels": 3}, "the row labels: a list of integers"),
    "nested labels": ({"column_labels": [[0], [1, 1]]}, "a list of integers"),
    "negative core weight": (
        {"weight_core": [[1, 1], [1, -1]]},
        "the weight core, row 2, column 2: -1 is negative",
    ),
    "missing core entry": (
        {"data_core": [[1, None], [3, 4]], "squared_weight_core": A},
        "the data core, row 1, column 2: the entry is missing",
    ),
    "both cores": (
        {"weight_core": A, "squared_weight_core": A},
        "the weight core and the squared weight core are both given",
    ),
    "shapes that differ": (
        {"weight_core": [[1, 2, 3]] * 2},
        "the weight core: the shape is 2 x 3 where that of the data core is 2 x 2",
    ),
}


@pytest.mark.parametrize(
    ("arguments", "message"), BAD_PATTERNS.values(), ids=BAD_PATTERNS
)
def test_bad_patterned_problem_is_refused_in_one_sentence(
    arguments: dict[str, Any], message: str
) -> None:
    good = {"row_labels": [0, 1], "column_labels": [0, 1], "data_core": A, "rank": 1}
    with pytest.raises(InvalidProblemError) as refusal:
        Problem.patterned(**(good | arguments))
    assert message in str(refusal.value)


@pytest.mark.parametrize(
    ("U", "V", "message"),
    [
        (
            [[1]],
            [[1, 1]],
            "and V 1 x 2; give factors whose product is 2 x 2",
        ),
        ([[1], [1]], [[1, 1]] * 2, "U is 2 x 1 and V 2 x 2"),
        ([[1], [None]], [[1, 1]], "U, row 2, column 1: the entry is missing"),
        ([[1], [1]], [[1, INFINITY]], "V, row 1, column 2: the entry is infinite"),
    ],
    ids=["rows", "inner", "missing", "infinite"],
)
def test_factors_that_do_not_fit_are_refused(U: Any, V: Any, message: str) -> None:
    with pytest.raises(InvalidProblemError) as refusal:
        Problem(A, rank=1).cost(U, V)
    assert message in str(refusal.value)


def test_partial_matrix_passes_through_and_keeps_its_name() -> None:
    weights = partial_matrix([[1, -1]], name="w.csv")
    with pytest.raises(InvalidProblemError, match=r"^w.csv, row 1, column 2: -1 is"):
        Problem([[1, 2]], weights=weights, rank=1)
