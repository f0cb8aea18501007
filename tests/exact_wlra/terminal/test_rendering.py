"""Results are shown in sentences, and rounded decimals are marked."""

import dataclasses
import io
from typing import Any

import pytest
from rich.console import Console

from exact_wlra import datasets
from exact_wlra.driver import solve
from exact_wlra.problem import Problem
from exact_wlra.terminal.rendering import (
    answers_table,
    bracket_line,
    claim_sentence,
    datasets_table,
    result_panel,
)

SOLUTION = solve(
    Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)
)


def shown(renderable: Any) -> str:
    text = io.StringIO()
    Console(file=text, width=100).print(renderable)
    return text.getvalue()


def test_panel_shows_bracket_factors_and_algebraic_optimum() -> None:
    text = shown(result_panel(SOLUTION, title="small"))
    for words in (
        "small",
        "~43.8410168640   exact cost of the factors",
        "43.841016858936189034480641128255, algebraic of degree 10",
        "proved to the gap that was asked",
        "accepted by the checker; tried two-rows",
        "nothing to reduce",
        "U^T",
    ):
        assert words in text


def test_panel_of_a_large_problem_shows_sizes_instead_of_factors() -> None:
    problem = Problem([[i % 3, i % 2 + 1] for i in range(40)], rank=1)
    text = shown(result_panel(solve(problem), title="long"))
    assert "U 40 x 1, V 1 x 2, exact" in text
    assert "40 x 2 -> 6 x 2 (equal rows or columns merged)" in text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "The minimum is known exactly; the factors are rational and come close."),
        ({"upper": SOLUTION.lower}, "and these factors attain it."),
        ({"claim": "infimum", "attained": False}, "no factors attain it."),
        ({"claim": "infimum", "attained": None}, "whether factors attain it is open."),
        ({"claim": "enclosure", "attained": True}, "The minimum lies in this bracket"),
        ({"claim": "enclosure", "attained": None}, "The infimum lies in this bracket"),
    ],
)
def test_claims_in_words(changes: dict[str, Any], words: str) -> None:
    assert words in claim_sentence(dataclasses.replace(SOLUTION, **changes))


@pytest.mark.parametrize(
    ("termination", "words"),
    [
        ("budget", "the time limit ended the search"),
        ("interrupted", "the search was interrupted"),
        ("undecided", "no method that applies gets further"),
    ],
)
def test_reason_of_an_open_gap_and_advice_are_shown(
    termination: Any, words: str
) -> None:
    stopped = dataclasses.replace(
        SOLUTION, termination=termination, advice="try a larger gap"
    )
    text = shown(result_panel(stopped, title="open"))
    assert f"not closed: {words}" in text
    assert "try a larger gap" in text
    assert bracket_line(stopped).startswith(f"minimum {termination} lower=~43.84")


def test_answers_are_compared_with_the_last_one() -> None:
    text = shown(answers_table([("first", 15.0), ("second", 10.0), ("best", 10.0)]))
    assert "50.0%" in text
    assert text.count(" - ") == 2


def test_every_dataset_has_its_row() -> None:
    known = [datasets.describe(name) for name in datasets.names()]
    text = shown(datasets_table(known))
    assert all(dataset.name in text for dataset in known)
