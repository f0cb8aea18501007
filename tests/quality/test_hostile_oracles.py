"""Planted oracles: installed like any other, and found out at the front door.

A distribution with one faithful oracle and several hostile ones is installed into a
temporary folder; the registry finds them through real entry points.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from semialgebraic.catalogue import named
from semialgebraic.cross_checking import cross_check
from semialgebraic.deciding import decide
from semialgebraic.decisions import Budget, Satisfiable, Unsatisfiable
from semialgebraic.errors import (
    OracleContractError,
    OracleDisagreementError,
)
from semialgebraic.oracles import registry
from semialgebraic.oracles.portfolio import Portfolio
from semialgebraic.oracles.registry import get_oracle, names
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import System
from semialgebraic.testing import BrokenLawError, check_oracle

PLUG_IN = """
import time
from fractions import Fraction

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.decisions import (
    BoxTree, Computed, Satisfiable, SumOfSquares, Undecided, Unsatisfiable)
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.systems import Condition, Relation


class Planted:
    references = ()

    @property
    def name(self):
        return type(self).__name__.lower()

    @property
    def capabilities(self):
        return Capabilities(scope="planted", most_variables=1,
            proves_satisfiable=True, proves_unsatisfiable=True)

    def missing(self):
        return ""

    def accepts(self, system):
        return "" if len(system.variables) == 1 else "more than one variable"


class Faithful(Planted):
    def decide(self, system, *, budget):
        if self.accepts(system):
            return Undecided(reason="too wide", advice="another", by=self.name)
        return get_oracle("cad").decide(system, budget=budget)


class WrongWitness(Planted):
    def decide(self, system, *, budget):
        point = AlgebraicPoint.from_rationals([12345])
        return Satisfiable(witness=point, by=self.name)


class FlatWitness(Planted):
    def decide(self, system, *, budget):
        return Satisfiable(witness=AlgebraicPoint.from_rationals([]), by=self.name)


class WrongNo(Planted):
    def decide(self, system, *, budget):
        return Unsatisfiable(evidence=Computed(method="none"), by=self.name)


class WrongTree(Planted):
    def decide(self, system, *, budget):
        tree = BoxTree(low=(Fraction(-1),), high=(Fraction(1),), nodes=(-1,))
        return Unsatisfiable(evidence=tree, by=self.name)


class WrongSquares(Planted):
    def decide(self, system, *, budget):
        p = system.conditions[0].polynomial
        identity = SumOfSquares(condition=0, multiplier=p**0, monomials=((0,),),
            weights=(Fraction(1),), rows=((Fraction(1),),), slack=Fraction(1))
        return Unsatisfiable(evidence=identity, by=self.name)


class TornTree(Planted):
    def decide(self, system, *, budget):
        tree = BoxTree(low=(Fraction(-1),), high=(Fraction(1),), nodes=(0, -1))
        return Unsatisfiable(evidence=tree, by=self.name)


class Changing(Planted):
    def decide(self, system, *, budget):
        x = system.conditions[0].polynomial.context().gens()[0]
        object.__setattr__(system, "conditions", (Condition(x, Relation.LESS),))
        return Satisfiable(witness=AlgebraicPoint.from_rationals([-1]), by=self.name)


class Late(Planted):
    def decide(self, system, *, budget):
        time.sleep(budget.seconds + 0.5)
        return Undecided(reason="late", advice="wait", by=self.name)


class Raising(Planted):
    def decide(self, system, *, budget):
        raise ZeroDivisionError("one over zero")


class Talking(Planted):
    def decide(self, system, *, budget):
        return "satisfiable"
"""
HOSTILE = (
    "WrongWitness",
    "FlatWitness",
    "WrongNo",
    "WrongTree",
    "WrongSquares",
    "TornTree",
    "Changing",
    "Late",
    "Raising",
    "Talking",
)
BUDGET = Budget(seconds=2.0)
(X,) = polynomial_ring(["x"]).gens()


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install the distribution for one test."""
    (tmp_path / "planted_oracles.py").write_text(PLUG_IN, encoding="utf-8")
    info = tmp_path / "planted_oracles-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: planted-oracles\nVersion: 1.0\n", encoding="utf-8"
    )
    lines = [f"{c.lower()} = planted_oracles:{c}" for c in ("Faithful", *HOSTILE)]
    (info / "entry_points.txt").write_text(
        "\n".join([f"[{registry.ENTRY_POINTS}]", *lines, ""]), encoding="utf-8"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    registry._load.cache_clear()
    yield
    registry._load.cache_clear()
    sys.modules.pop("planted_oracles", None)


def system() -> System:
    """A bounded system with solutions, made anew: an oracle may write into it."""
    return System.of((X**2 - 2, "<="), (X, ">"), (X - 1, "<="), (X + 1, ">="))


def test_the_planted_oracles_are_registered_like_any_other() -> None:
    assert {"faithful", *(c.lower() for c in HOSTILE)} <= set(names())


def test_the_faithful_one_is_trusted_and_conforms() -> None:
    assert isinstance(decide(system(), oracle="faithful", budget=BUDGET), Satisfiable)
    touching = [named("touching"), named("touching-strictly"), named("circle")]
    report = check_oracle(get_oracle("faithful"), systems=touching, budget=BUDGET)
    assert report.decided == ("touching", "touching-strictly")
    assert report.refused == ("circle",)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("wrongwitness", "the witness violates condition"),
        ("flatwitness", "0 coordinates"),
        ("wrongtree", "condition|leaf|box"),
        ("wrongsquares", "identity|sum|condition"),
        ("torntree", "tree"),
        ("changing", "changed its input"),
        ("raising", "ZeroDivisionError: one over zero"),
    ],
)
def test_the_front_door_exposes_what_can_be_checked(name: str, words: str) -> None:
    with pytest.raises(OracleContractError, match=words) as caught:
        decide(system(), oracle=name, budget=BUDGET)
    assert caught.value.oracle == name
    reproducer: Any = json.loads(json.dumps(caught.value.system.to_json()))
    assert System.from_json(reproducer) == system()


def test_the_front_door_lets_no_nonsense_through() -> None:
    with pytest.raises((OracleContractError, AssertionError)):
        decide(system(), oracle="talking", budget=BUDGET)


def test_a_wrong_no_without_certificate_is_found_by_a_second_oracle() -> None:
    assert isinstance(decide(system(), oracle="wrongno"), Unsatisfiable)
    with pytest.raises(OracleDisagreementError) as caught:
        cross_check(system(), ["cad", "wrongno"], BUDGET)
    assert set(caught.value.answers) == {"cad", "wrongno"}
    assert caught.value.system == system()


@pytest.mark.parametrize("name", [c.lower() for c in HOSTILE])
def test_the_conformance_kit_exposes_every_one(name: str) -> None:
    entries = [named("square-root"), named("svd-above")]
    with pytest.raises(BrokenLawError, match=name):
        check_oracle(get_oracle(name), systems=entries, budget=BUDGET, grace=0.3)


@pytest.mark.parametrize("name", ["wrongwitness", "wrongtree", "raising"])
def test_a_portfolio_does_not_hide_a_hostile_member(name: str) -> None:
    with pytest.raises(OracleContractError, match=name):
        Portfolio([name, "cad"]).decide(system(), budget=BUDGET)
