"""Certificates as files: what is true is accepted, each lie is named, each typo found."""

import importlib.util
import json
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from exact_wlra.certificate_json import certificate_from_json, certificate_to_json
from exact_wlra.certificates import Certificate, Proof
from exact_wlra.driver import check
from exact_wlra.errors import MalformedCertificateError, RejectedCertificateError
from exact_wlra.problem import Problem

CORPUS = Path(__file__).resolve().parent.parent / "certificates"
INDEX = json.loads((CORPUS / "problems.json").read_text(encoding="utf-8"))
RULES = {rule.rule for rule in Proof.__args__}

accepted = pytest.mark.parametrize("name", sorted(INDEX["accepted"]))
rejected = pytest.mark.parametrize("name", sorted(INDEX["rejected"]))
malformed = pytest.mark.parametrize("name", sorted(INDEX["malformed"]))


def problem(folder: str, name: str) -> Problem:
    stated = INDEX["problems"][INDEX[folder][name]["problem"]]
    return Problem(stated["data"], squared_weights=stated["omega"], rank=stated["rank"])


def text(folder: str, name: str) -> bytes:
    return (CORPUS / folder / f"{name}.json").read_bytes()


def certificate(folder: str, name: str) -> Certificate:
    return certificate_from_json(text(folder, name))


def rules_in(document: Any) -> set[str]:
    """Names of the rules anywhere in a JSON document."""
    if isinstance(document, list):
        return set().union(*map(rules_in, document))
    if isinstance(document, dict):
        own = {document["rule"]} if "rule" in document else set()
        return own.union(*map(rules_in, document.values()))
    return set()


def make_corpus() -> ModuleType:
    """The script that made the files."""
    spec = importlib.util.spec_from_file_location("_corpus", CORPUS / "make_corpus.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("folder", ["accepted", "rejected", "malformed"])
def test_every_file_is_listed_and_there(folder: str) -> None:
    assert sorted(path.stem for path in (CORPUS / folder).iterdir()) == sorted(
        INDEX[folder]
    )


@accepted
@pytest.mark.parametrize("arithmetic", ["automatic", "rational"])
def test_a_true_certificate_is_accepted(name: str, arithmetic) -> None:
    given = certificate("accepted", name)
    proved = check(problem("accepted", name), given, arithmetic=arithmetic)
    assert given.lower <= proved <= given.upper


@accepted
def test_an_accepted_certificate_proves_something(name: str) -> None:
    # But for the one that says only that costs are not negative.
    given = certificate("accepted", name)
    assert given.lower >= (0 if name == "zero" else given.upper / 10)


@accepted
def test_writing_what_was_read_gives_the_same_file(name: str) -> None:
    written = certificate_to_json(certificate("accepted", name)) + "\n"
    assert written.encode() == text("accepted", name)


def test_every_rule_is_accepted_somewhere() -> None:
    found = (rules_in(json.loads(text("accepted", name))) for name in INDEX["accepted"])
    assert set().union(*found) == RULES


def test_every_rule_is_abused_somewhere() -> None:
    found = (
        rules_in(json.loads(text("accepted", entry["of"])))
        for entry in INDEX["rejected"].values()
    )
    assert set().union(*found) == RULES


@rejected
@pytest.mark.parametrize("arithmetic", ["automatic", "rational"])
def test_a_lie_is_read_and_rejected(name: str, arithmetic) -> None:
    given = certificate("rejected", name)
    with pytest.raises(RejectedCertificateError) as caught:
        check(problem("rejected", name), given, arithmetic=arithmetic)
    assert INDEX["rejected"][name]["because"] in str(caught.value)


@rejected
def test_a_lie_starts_from_a_certificate_that_is_accepted(name: str) -> None:
    entry = INDEX["rejected"][name]
    assert INDEX["accepted"][entry["of"]]["problem"] == entry["problem"]
    assert text("rejected", name) != text("accepted", entry["of"])


@malformed
def test_what_cannot_be_read_is_malformed(name: str) -> None:
    with pytest.raises(MalformedCertificateError) as caught:
        certificate_from_json(text("malformed", name))
    message = str(caught.value)
    assert INDEX["malformed"][name]["because"] in message
    assert message.endswith(".")
    assert len(message) < 300


@pytest.mark.parametrize("name", sorted(INDEX["problems"]))
def test_problems_are_those_of_the_script(name: str) -> None:
    assert INDEX["problems"][name] == make_corpus().PROBLEMS[name]


def test_lies_and_typos_follow_from_the_accepted_files() -> None:
    script = make_corpus()
    documents = {name: json.loads(text("accepted", name)) for name in INDEX["accepted"]}
    for name, (base, edit, because) in script.LIES.items():
        assert script._text(edit(documents[base])) == text("rejected", name)
        assert INDEX["rejected"][name]["because"] == because
    for name, (written, because) in script.malformed(documents).items():
        assert written == text("malformed", name)
        assert INDEX["malformed"][name]["because"] == because


def test_true_certificates_of_one_problem_do_not_contradict_each_other() -> None:
    brackets: dict[str, list[tuple[Fraction, Fraction]]] = {}
    for name, entry in INDEX["accepted"].items():
        given = certificate("accepted", name)
        brackets.setdefault(entry["problem"], []).append((given.lower, given.upper))
    for found in brackets.values():
        assert max(lower for lower, _ in found) <= min(upper for _, upper in found)
