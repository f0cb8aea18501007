"""Planted faults: a certificate with one number changed is refused, or still true."""

import copy
import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exact_wlra.certificate_json import certificate_from_json
from exact_wlra.driver import check
from exact_wlra.errors import MalformedCertificateError, RejectedCertificateError
from exact_wlra.problem import Problem

CORPUS = Path(__file__).resolve().parent.parent / "certificates"
INDEX = json.loads((CORPUS / "problems.json").read_text(encoding="utf-8"))
DOCUMENTS = {
    name: json.loads((CORPUS / "accepted" / f"{name}.json").read_bytes())
    for name in INDEX["accepted"]
}
PROBLEMS = {
    name: Problem(p["data"], squared_weights=p["omega"], rank=p["rank"])
    for name, p in INDEX["problems"].items()
}
# The least cost that any certificate of the corpus exhibits.
BEST_KNOWN: dict[str, Fraction] = {}
for _name, _entry in INDEX["accepted"].items():
    _upper = Fraction(DOCUMENTS[_name]["upper"])
    _about = _entry["problem"]
    BEST_KNOWN[_about] = min(_upper, BEST_KNOWN.get(_about, _upper))

Place = tuple[str | int, ...]


def numbers_in(value: Any, place: Place = ()) -> Iterator[Place]:
    """Places of all numbers, written as JSON numbers or as texts."""
    if isinstance(value, dict):
        for key in value:
            if key not in ("schema", "rule"):
                yield from numbers_in(value[key], (*place, key))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from numbers_in(item, (*place, i))
    else:
        yield place


PLACES = {name: list(numbers_in(document)) for name, document in DOCUMENTS.items()}

changes = st.sampled_from(
    ["one more", "one less", "opposite", "double", "half", "zero", "nudged", "huge"]
)


def changed(old: str | int, change: str) -> str | int:
    """The number with a change; indices stay integers."""
    x = Fraction(old)
    new = {
        "one more": x + 1,
        "one less": x - 1,
        "opposite": -x,
        "double": 2 * x,
        "half": x / 2,
        "zero": Fraction(0),
        "nudged": x - Fraction(1, 10**12),
        "huge": x + Fraction(10) ** 40,
    }[change]
    return int(new) if isinstance(old, int) else str(new)


def mutated(name: str, edits: list[tuple[Place, str]]) -> str:
    document = copy.deepcopy(DOCUMENTS[name])
    for place, change in edits:
        parent = document
        for step in place[:-1]:
            parent = parent[step]
        parent[place[-1]] = changed(parent[place[-1]], change)
    return json.dumps(document)


def assert_refused_or_true(name: str, text: str) -> bool:
    """Judge a document; return whether it was accepted."""
    about = INDEX["accepted"][name]["problem"]
    try:
        certificate = certificate_from_json(text)
        proved = check(PROBLEMS[about], certificate)
    except (MalformedCertificateError, RejectedCertificateError) as error:
        assert 10 < len(str(error)) < 600
        return False
    assert certificate.lower <= proved <= BEST_KNOWN[about]
    cost = PROBLEMS[about].cost(certificate.left, certificate.right)
    assert certificate.upper == cost >= proved
    return True


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@given(data=st.data())
def test_one_changed_number_makes_no_false_claim(name: str, data) -> None:
    place = data.draw(st.sampled_from(PLACES[name]))
    assert_refused_or_true(name, mutated(name, [(place, data.draw(changes))]))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@given(data=st.data())
def test_several_changed_numbers_make_no_false_claim(name: str, data) -> None:
    edit = st.tuples(st.sampled_from(PLACES[name]), changes)
    edits = data.draw(st.lists(edit, min_size=2, max_size=4))
    assert_refused_or_true(name, mutated(name, edits))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
@given(data=st.data())
def test_exchanged_members_make_no_false_claim(name: str, data) -> None:
    """Two lists or numbers of the certificate change places."""
    document = copy.deepcopy(DOCUMENTS[name])
    first, second = (data.draw(st.sampled_from(PLACES[name])) for _ in range(2))
    one, other = document, document
    for step in first[:-1]:
        one = one[step]
    for step in second[:-1]:
        other = other[step]
    one[first[-1]], other[second[-1]] = other[second[-1]], one[first[-1]]
    assert_refused_or_true(name, json.dumps(document))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_no_number_can_be_changed_into_a_false_claim(name: str) -> None:
    for place in PLACES[name]:
        for change in ("one more", "one less", "opposite", "half", "zero", "nudged"):
            assert_refused_or_true(name, mutated(name, [(place, change)]))


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_an_unchanged_certificate_is_accepted(name: str) -> None:
    assert assert_refused_or_true(name, mutated(name, []))


@given(data=st.data())
@example(data=None)
def test_characters_out_of_place_make_no_false_claim(data) -> None:
    name = "simplicial-with-exclusions"
    text = mutated(name, [])
    if data is not None:
        start = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 3))
        filling = data.draw(st.text('0123456789/-,:[]{}"', max_size=3))
        text = text[:start] + filling + text[start + length :]
    assert_refused_or_true(name, text)
