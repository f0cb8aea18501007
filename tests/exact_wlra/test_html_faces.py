"""Faces for notebooks say what the text says, escaped, with nothing from outside."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exact_wlra as ew
from exact_wlra.html_faces import html_face, html_facts, html_matrix, html_rows
from semialgebraic.rational_matrices import RationalMatrix

SMALL = ew.Problem([[1, -2, 4], [3, 5, -1]], weights=[[2, 1, 3], [1, 4, 2]], rank=1)
PROBLEMS = {
    "weights": SMALL,
    "missing": ew.Problem([["1/3", None], [None, 2]], rank=1),
    "empty": ew.Problem([[1, 2]], weights=[[0, 0]], rank=0),
    "data": ew.read("dataset:airquality", rank=1),
    "patterned": ew.Problem.patterned(
        row_labels=[0, 1, 0], column_labels=[0, 1], data_core=[[1, 2], [3, 4]], rank=1
    ),
}
_VOID = {"br", "hr", "img"}


class Balanced(HTMLParser):
    """Collects texts, and fails where tags do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"style"}
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def texts_of(page: str) -> list[str]:
    parser = Balanced()
    parser.feed(page)
    parser.close()
    assert not parser.open
    return parser.texts


def assert_is_plain(page: str) -> None:
    assert not re.search(r"https?:|src=|<script|<style|url\(", page)
    # Only lines and the mark at the side have a color of their own.
    colors = set(re.findall(r"(?<![-\w])color: ([^;\"]+)", page))
    assert colors <= {"inherit"}


@pytest.mark.parametrize("name", PROBLEMS)
def test_problem_and_plan_have_a_face(name: str) -> None:
    problem = PROBLEMS[name]
    for value in (problem, ew.plan(problem)):
        page = value._repr_html_()
        assert_is_plain(page)
        assert texts_of(page)


def test_face_of_a_problem_shows_data_and_weights_as_they_were_given() -> None:
    texts = texts_of(SMALL._repr_html_())
    assert {"data A", "weights W", "-2", "5", "4"} <= set(texts)
    missing = texts_of(PROBLEMS["missing"]._repr_html_())
    assert {"1/3", "·", "squared weights ω"} <= set(missing)


def test_face_of_a_plan_says_what_its_text_says() -> None:
    plan = ew.plan(ew.read("dataset:airquality", rank=1))
    said = " ".join(texts_of(plan._repr_html_()))
    words = str(plan)
    for item in plan.parts[0][0].methods:
        assert item.method in said
        assert item.method in words
    assert "153 x 6" in said
    assert "all of them keep" in said


def test_face_of_a_solution_says_what_its_text_says() -> None:
    solution = ew.solve(SMALL)
    page = solution._repr_html_()
    assert_is_plain(page)
    said = re.sub(r"\s+", " ", " ".join(texts_of(page)))
    for line in str(solution).splitlines():
        assert re.sub(r"\s+", " ", line.strip()) in said
    assert "two-rows" in said


def test_face_of_an_open_solution_says_what_to_try() -> None:
    solution = ew.solve(ew.read("dataset:airquality", rank=2), time_limit=0.01)
    assert not solution.is_proved
    assert solution.advice in "".join(texts_of(solution._repr_html_()))


@settings(max_examples=30, deadline=None)
@given(text=st.text())
def test_every_text_is_escaped(text: str) -> None:
    page = html_face(
        text,
        [html_rows((text,), [(text,)], text), html_facts([(text, text)])],
    )
    assert "<" not in re.sub(
        r"</?(div|table|caption|thead|tbody|tr|th|td)\b[^<>]*>", "", page
    )
    texts_of(page)


def test_larger_matrices_are_cut() -> None:
    matrix = RationalMatrix.from_rows([list(range(100)) for _ in range(100)])
    texts = texts_of(html_matrix(matrix, "A"))
    assert "…" in texts
    assert "⋮" in texts
    assert "8" not in texts


def test_entries_beyond_floating_point_are_marked_by_their_size() -> None:
    problem = ew.Problem([[10**400, 1], [1, 3]], rank=1)
    assert "~2^1328" in texts_of(problem._repr_html_())
