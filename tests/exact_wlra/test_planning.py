"""The plan names what is there, and changes nothing."""

import pytest

from exact_wlra import datasets
from exact_wlra.applicability import METHODS
from exact_wlra.planning import plan, seconds_in_words
from exact_wlra.plans import REDUCTION_WORDS, LeafPlan
from exact_wlra.problem import Problem
from exact_wlra.reading import read


def reasons(leaf: LeafPlan) -> dict[str, str]:
    return {item.method: item.reason for item in leaf.methods}


def only_part(problem: Problem) -> LeafPlan:
    ((leaf, count),) = plan(problem).parts
    assert count == 1
    return leaf


def test_airquality_is_eighteen_rows_with_three_column_patterns() -> None:
    leaf = only_part(read("dataset:airquality", rank=1))
    assert leaf.shape == (18, 6)
    assert (leaf.n_row_patterns, leaf.n_column_patterns) == (4, 3)
    assert (leaf.dimension, leaf.order) == (2, 6)
    assert reasons(leaf)["simplicial"] == ""
    assert reasons(leaf)["weighted-svd"] != ""


def test_the_shorter_side_decides_the_dimension() -> None:
    weights = [[1, 1, 1, 1], [1, 2, 3, 4]]
    leaf = only_part(Problem([[1, 2, 3, 5], [0, 1, 1, 0]], weights=weights, rank=1))
    assert leaf.n_column_patterns == 4
    assert leaf.dimension == 1


def test_too_many_patterns_leave_the_search_out() -> None:
    leaf = only_part(read("dataset:votes-repub", rank=1))
    assert "weight patterns" in reasons(leaf)["simplicial"]


def test_rank_two_leaves_the_search_out() -> None:
    leaf = only_part(read("dataset:wheat", rank=2))
    assert reasons(leaf)["simplicial"] == "built for rank one"
    assert leaf.dimension is None


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (Problem([[1, 2], [2, 4]], rank=1), "the optimum is 0"),
        (Problem([[1, 2], [2, 5]], rank=2), "the optimum is 0"),
        (Problem([[1, 2], [2, 4]], rank=0), "the cost of X = 0"),
    ],
)
def test_what_needs_no_method_says_so(problem: Problem, words: str) -> None:
    text = str(plan(problem))
    assert f"yes exact-fit     {words}" in text
    assert "simplicial" not in text


def test_problem_without_weights_is_left_with_nothing() -> None:
    text = str(plan(Problem([[1, 2], [3, 4]], weights=[[0, 0], [0, 0]], rank=1)))
    assert "the optimum is 0" in text


def test_parts_that_are_alike_are_counted() -> None:
    block, nothing = [[3, 1], [1, 2]], [[None, None], [None, None]]
    data = [
        left + right
        for left, right in zip(block + nothing, nothing + block, strict=True)
    ]
    planned = plan(Problem(data, rank=1))
    assert [count for _, count in planned.parts] == [2]
    assert "(2 parts alike)" in str(planned)
    assert "independent block   (2 times)" in str(planned)


def test_patterned_problem_shows_both_its_sizes() -> None:
    problem = Problem.patterned(
        row_labels=[0, 1] * 500,
        column_labels=[0, 1, 0],
        data_core=[[1, 2], [3, 4]],
        rank=1,
    )
    text = str(plan(problem))
    assert "problem 1000 x 3, rank 1" in text
    assert "given by 2 x 2 types" in text


@pytest.mark.parametrize("name", datasets.names())
def test_plan_of_every_shipped_instance(name: str) -> None:
    problem = read(f"dataset:{name}", rank=datasets.describe(name).default_rank)
    before = problem.data, problem.squared_weights
    planned = plan(problem)
    assert (problem.data, problem.squared_weights) == before
    for leaf, _ in planned.parts:
        assert tuple(item.method for item in leaf.methods) == METHODS
        assert all(item.reason or item.cost for item in leaf.methods)
    assert {step for step, _, _ in planned.reductions} <= set(REDUCTION_WORDS)
    assert max(map(len, str(planned).splitlines())) <= 88


def test_public_function_is_not_shadowed_by_a_module() -> None:
    import exact_wlra.terminal.rendering

    assert callable(exact_wlra.plan)


def test_times_are_ordered() -> None:
    words = [seconds_in_words(10.0**power) for power in range(-3, 9)]
    assert list(dict.fromkeys(words)) == [
        "below a second", "seconds", "minutes", "hours", "days", "out of reach",
    ]  # fmt: skip
