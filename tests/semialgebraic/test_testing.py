"""The conformance kit: an honest oracle passes, and each broken law is named."""
# An oracle has the arguments of its protocol, whether it looks at them or not.
# ruff: noqa: ARG002

import time
from typing import Any

import pytest

from semialgebraic.algebraic_points import AlgebraicPoint
from semialgebraic.catalogue import CATALOGUE, named
from semialgebraic.decisions import (
    Budget,
    Computed,
    Decision,
    Satisfiable,
    Undecided,
    Unsatisfiable,
)
from semialgebraic.errors import OracleUnavailableError
from semialgebraic.oracles.protocol import Capabilities
from semialgebraic.oracles.registry import get_oracle
from semialgebraic.polynomials import polynomial_ring
from semialgebraic.systems import Condition, Relation, System
from semialgebraic.testing import BrokenLawError, check_metadata, check_oracle

FEW = [named("touching"), named("touching-strictly"), named("two-half-lines")]
SHORT = Budget(seconds=2.0)
ANYTHING = Capabilities(
    scope="tests", most_variables=1, proves_satisfiable=True, proves_unsatisfiable=True
)
NO = Unsatisfiable(evidence=Computed(method="guessed"), by="oracle")
OPEN = Undecided(reason="no idea", advice="none", by="oracle")


class Honest:
    """The oracle `cad` under another name, to be spoiled in one respect at a time."""

    name: Any = "oracle"
    references: Any = ()
    capabilities: Any = ANYTHING

    def __init__(self) -> None:
        self.n_asked = 0

    def missing(self) -> Any:
        return ""

    def accepts(self, system: System) -> Any:
        return "" if len(system.variables) == 1 else "more than one variable"

    def decide(self, system: System, *, budget: Budget) -> Any:
        self.n_asked += 1
        return self.answer(system, budget)

    def answer(self, system: System, budget: Budget) -> Any:
        if len(system.variables) > 1:
            return OPEN
        return get_oracle("cad").decide(system, budget=budget)


def _examine(oracle: Any) -> None:
    check_oracle(oracle, systems=FEW, budget=SHORT, grace=0.5)


def _broken(oracle: Any) -> BrokenLawError:
    with pytest.raises(BrokenLawError) as caught:
        _examine(oracle)
    return caught.value


# --- what passes


def test_an_honest_oracle_passes_on_every_system() -> None:
    report = check_oracle(Honest(), budget=SHORT)
    on_the_line = {e.name for e in CATALOGUE if len(e.system.variables) == 1}
    assert set(report.decided) == on_the_line
    assert set(report.refused) == {e.name for e in CATALOGUE} - on_the_line
    assert report.undecided == ()


def test_an_oracle_that_never_decides_passes() -> None:
    oracle = Honest()
    oracle.answer = lambda *_: OPEN
    report = check_oracle(oracle, systems=FEW, budget=SHORT)
    assert report.undecided == tuple(entry.name for entry in FEW)


def test_an_oracle_that_is_not_installed_cannot_be_examined() -> None:
    oracle = Honest()
    oracle.missing = lambda: "a licence"
    check_metadata(oracle)
    with pytest.raises(OracleUnavailableError, match="a licence"):
        _examine(oracle)


# --- what does not


def _capabilities(**changes: Any) -> Capabilities:
    return Capabilities(
        **{
            "scope": "tests",
            "most_variables": 1,
            "proves_satisfiable": True,
            "proves_unsatisfiable": True,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("member", "value", "words"),
    [
        ("name", "", "name"),
        ("name", 3, "name"),
        ("references", ["Key2000"], "references"),
        ("references", (3,), "references"),
        ("capabilities", "all", "Capabilities"),
        ("capabilities", _capabilities(scope=""), "scope"),
        ("capabilities", _capabilities(most_variables=0), "variable"),
        ("capabilities", _capabilities(relations=frozenset()), "relations"),
        ("missing", lambda: None, "missing"),
    ],
)
def test_a_false_description_is_broken_metadata(member, value, words) -> None:
    oracle = Honest()
    setattr(oracle, member, value)
    error = _broken(oracle)
    assert error.law == "metadata"
    assert words in error.problem


def test_something_else_is_no_oracle() -> None:
    with pytest.raises(BrokenLawError, match="lacks a member"):
        check_metadata("cad")


class WrongWitness(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        return Satisfiable(witness=AlgebraicPoint.from_rationals([7]), by="oracle")


class WrongNo(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        return NO


class Raising(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        raise RuntimeError("out of luck")


class Talking(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        return "yes"


class Anonymous(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        return Undecided(reason="no idea", advice="none", by="")


class Silent(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        return Undecided(reason="", advice="", by="oracle")


class Dull(Honest):
    """Raises where it is asked out of its scope."""

    def answer(self, system: System, budget: Budget) -> Any:
        if self.accepts(system):
            raise ValueError("one variable only")
        return super().answer(system, budget)


@pytest.mark.parametrize(
    ("spoiled", "words"),
    [
        (WrongWitness, "violates condition"),
        (WrongNo, "known to be satisfiable"),
        (Raising, "RuntimeError: out of luck"),
        (Talking, "no decision"),
        (Anonymous, "no author"),
        (Silent, "without reason"),
    ],
)
def test_a_false_answer_is_named_with_its_system(spoiled, words) -> None:
    error = _broken(spoiled())
    assert error.law == "answer"
    assert words in error.problem
    assert isinstance(error, AssertionError)
    assert error.system is not None
    assert str(error.system) in str(error)


def test_raising_outside_of_the_scope_is_broken_too() -> None:
    with pytest.raises(BrokenLawError, match="one variable only"):
        check_oracle(Dull(), systems=[named("circle")], budget=SHORT)


def test_a_reason_for_refusal_is_a_text() -> None:
    oracle = Honest()
    oracle.accepts = lambda _: None
    error = _broken(oracle)
    assert error.law == "scope"
    assert "no text" in error.problem


class Changing(Honest):
    """Writes into the system that it is asked about."""

    def answer(self, system: System, budget: Budget) -> Any:
        x = system.conditions[0].polynomial.context().gens()[0]
        changed = (Condition(x, Relation.LESS),)
        object.__setattr__(system, "conditions", changed)
        return OPEN


def test_a_changed_input_is_noticed_and_the_catalogue_is_left_alone() -> None:
    entry = named("touching")
    before = System.from_json(entry.system.to_json())
    error = _broken(Changing())
    assert error.law == "input"
    assert entry.system == before


class Slow(Honest):
    def answer(self, system: System, budget: Budget) -> Any:
        time.sleep(budget.seconds + 0.6)
        return OPEN


def test_a_budget_that_is_not_kept_is_noticed() -> None:
    error = _broken(Slow())
    assert error.law == "budget"
    assert "0.2 s" in error.problem


class Boasting(Honest):
    capabilities = _capabilities(relations=frozenset({Relation.EQUAL}))


class Modest(Honest):
    capabilities = _capabilities(proves_satisfiable=False)


class Unproving(Honest):
    capabilities = _capabilities(proves_unsatisfiable=False)


class Forgetful(Honest):
    """Knows less with more time."""

    def answer(self, system: System, budget: Budget) -> Any:
        if budget.seconds > SHORT.seconds:
            return OPEN
        return super().answer(system, budget)


class Moody(Honest):
    """Another true answer each time."""

    def answer(self, system: System, budget: Budget) -> Any:
        answer = super().answer(system, budget)
        if isinstance(answer, Unsatisfiable):
            evidence = Computed(method=f"call {self.n_asked}")
            return Unsatisfiable(evidence=evidence, by="oracle")
        return answer


class Literal(Honest):
    """Wrong as soon as the variable has another name."""

    def answer(self, system: System, budget: Budget) -> Any:
        answer = super().answer(system, budget)
        return answer if system.variables == ("x",) else _flipped_no(answer)


def _flipped_no(answer: Decision) -> Decision:
    return NO if isinstance(answer, Satisfiable) else answer


@pytest.mark.parametrize(
    ("spoiled", "law"),
    [
        (Boasting, "scope"),
        (Modest, "worth"),
        (Unproving, "worth"),
        (Forgetful, "repetition"),
        (Moody, "repetition"),
        (Literal, "disguise"),
    ],
)
def test_each_other_law_is_held(spoiled, law: str) -> None:
    assert _broken(spoiled()).law == law


def test_who_is_not_deterministic_may_answer_differently() -> None:
    oracle = Moody()
    oracle.capabilities = _capabilities(is_deterministic=False)
    _examine(oracle)


def test_the_error_shows_oracle_law_system_and_answers() -> None:
    (x,) = polynomial_ring(["x"]).gens()
    error = BrokenLawError("me", "input", "changed", System.of((x, "<")), (NO, OPEN))
    for words in ("me", "law of input", "x < 0", "changed", "guessed", "no idea"):
        assert words in str(error)
