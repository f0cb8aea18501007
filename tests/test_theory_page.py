"""docs/theory.md is what benchmarks.theory makes of the stored run, of every statement."""

import ast
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import theory
from exact_wlra.theorems.registry import HOMES, statement
from exact_wlra.theorems.verifying import verify

ROOT = Path(__file__).resolve().parent.parent
every_statement = pytest.mark.parametrize("key", HOMES)


def test_every_statement_is_in_the_stored_run() -> None:
    assert list(theory.stored()) == list(HOMES), "run `make theory`"


def test_the_page_is_made_from_the_stored_run() -> None:
    assert theory.page() == theory.PAGE.read_text(encoding="utf-8"), "run `make theory`"


def test_the_stored_run_holds_no_failure() -> None:
    assert {found["outcome"] for found in theory.stored().values()} <= {
        "stands",
        "undecided",
    }


def test_a_stored_record_is_what_a_run_gives_today() -> None:
    key = "reweighted/lemma-2.1"
    found = theory.record(verify(statement(key), seeds=theory.SEEDS))
    assert found == theory.stored()[key], "run `make theory`"


@every_statement
def test_what_uses_a_statement_exists(key: str) -> None:
    for place in statement(key).used_by:
        module, _, name = place.partition(":")
        found: object = import_module(module)
        for part in filter(None, name.split(".")):
            found = getattr(found, part)


@every_statement
def test_tests_that_a_statement_names_exist(key: str) -> None:
    for place in statement(key).tests:
        path, _, name = place.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        names = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        assert not name or name in names, f"{key} names {place}"


@every_statement
def test_proof_that_a_statement_names_stands_in_the_page_of_proofs(key: str) -> None:
    source = statement(key).source
    assert "theory.md" not in source, "proofs stand in docs/proofs.md"
    missing = [name for name, anchor in theory.proofs(source).items() if anchor is None]
    assert not missing, f"docs/proofs.md has no {missing}"
