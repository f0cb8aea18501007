"""The compressed instance leads back: by the document alone, exactly."""

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from exact_wlra.compression import compress
from exact_wlra.problem import Problem
from exact_wlra.reading import read
from reductions.instances import Instance
from semialgebraic.rational_matrices import RationalMatrix


def document_of(problem: Problem) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(compress(problem).to_json())
    assert document["schema"] == "exact-wlra/compression/1"
    assert document["shape"] == list(problem.shape)
    return document


def leaf_instance(node: dict[str, Any]) -> Instance:
    return Instance(
        data=RationalMatrix.from_rows(node["data"]),
        squared_weights=RationalMatrix.from_rows(node["squared_weights"]),
        rank=node["rank"],
    )


def repeated(rows: list[list[Fraction]], labels: list[int]) -> list[list[Fraction]]:
    width = len(rows[0])
    return [rows[label] if label >= 0 else [Fraction(0)] * width for label in labels]


def test_labels_of_types_lead_back_to_factors_of_the_same_cost() -> None:
    problem = Problem(
        [[1, 2, 1], [1, 2, 1], [0, 3, 0], [9, 9, 9]],
        weights=[[1, 2, 1], [2, 4, 2], [1, 1, 1], [0, 0, 0]],
        rank=1,
    )
    node = document_of(problem)["tree"]
    steps = []
    while "reductions" in node:
        (step,) = node["reductions"]
        steps.append(step)
        node = step["to"]
    assert [step["name"] for step in steps] == ["types", "types"]
    small = leaf_instance(node)
    left = [[Fraction(1, 2)], [Fraction(3)]]
    right = [[Fraction(2), Fraction(-1)]]
    cost = small.cost(
        RationalMatrix.from_fractions(left), RationalMatrix.from_fractions(right)
    )
    for step in reversed(steps):
        if step["axis"] == 0:
            left = repeated(left, step["labels"])
        else:
            right = [[row[label] for label in step["labels"]] for row in right]
    lifted = problem.cost(
        RationalMatrix.from_fractions(left), RationalMatrix.from_fractions(right)
    )
    assert lifted == cost


def test_exponents_of_a_scaling_lead_back_to_factors_of_the_same_cost() -> None:
    weights = [[1, 1000, 3], [1000, 1, 7], [1, 2, 1000]]
    problem = Problem([[1, 2, 3], [4, 5, 7], [0, 1, 1]], weights=weights, rank=1)
    (step,) = document_of(problem)["tree"]["reductions"]
    assert step["name"] == "scaling"
    small = leaf_instance(step["to"])
    left, right = [1, -2, 3], [2, 1, -1]
    cost = small.cost(
        RationalMatrix.from_rows([[x] for x in left]), RationalMatrix.from_rows([right])
    )
    back = [
        [
            Fraction(x) / Fraction(2) ** power
            for x, power in zip(xs, powers, strict=True)
        ]
        for xs, powers in (
            (left, step["row_exponents"]),
            (right, step["column_exponents"]),
        )
    ]
    lifted = problem.cost(
        RationalMatrix.from_fractions([[x] for x in back[0]]),
        RationalMatrix.from_fractions([back[1]]),
    )
    assert lifted == cost


def test_independent_blocks_name_their_rows_and_columns() -> None:
    data = [[3, None, 1], [None, 5, None], [1, None, 2]]
    steps = document_of(Problem(data, rank=1))["tree"]["reductions"]
    assert {step["name"] for step in steps} == {"component"}
    places = sorted((step["rows"], step["columns"]) for step in steps)
    assert places == [([0, 2], [0, 2]), ([1], [1])]


def test_core_names_what_was_peeled_and_that_attainment_may_be_lost() -> None:
    document = document_of(read("dataset:missing-2x2", rank=1))
    assert document["keeps"] == {"infimum": True, "attainment": False}
    (step,) = document["tree"]["reductions"]
    assert step["name"] == "core"
    peeled = {(part["axis"], i) for part in step["rounds"] for i in part["indices"]}
    assert peeled == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_patterned_problem_keeps_its_labels() -> None:
    problem = Problem.patterned(
        row_labels=[0, 1, 0],
        column_labels=[0, 1],
        data_core=[[1, 2], [3, 4]],
        rank=1,
    )
    document = document_of(problem)
    assert document["row_labels"] == [0, 1, 0]
    assert document["column_labels"] == [0, 1]


@pytest.mark.parametrize("digits", [20, 5000])
def test_entries_of_any_length_are_exact(digits: int) -> None:
    from flint import fmpz

    big = int(fmpz(10) ** digits)
    data = np.array([[big, 1], [2, 3]], dtype=object)
    tree = document_of(Problem(data, weights=[[1, 2], [1, 1]], rank=1))["tree"]
    while "reductions" in tree:
        tree = tree["reductions"][0]["to"]
    assert max(len(text) for row in tree["data"] for text in row) >= digits


def test_text_tells_sizes() -> None:
    text = str(compress(read("dataset:lsat6", rank=1)))
    assert "1000 x 5 -> 30 x 5   equal rows or columns merged" in text
    assert text.endswith("compressed 1000 x 5 to 5 x 5")
